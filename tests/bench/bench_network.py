"""How fast distances along the streets are, beside networkx, scipy and pandana.

    python -m tests.bench.bench_network [NODES ...]

Made-up street networks: a grid of 80 m, shaken, a quarter of the streets left out. For all nodes
the nearest of 12 categories of 300 places within 3 km; a table of 500 by 2,000; 200 reaches of
1,200 m. All in one process, on one network, by two threads where a library can; the answers are
compared. What would take minutes is done in part and multiplied: that is marked with ~.
Not a test: nothing here depends on the clock.
"""

from __future__ import annotations

import importlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network.arrays import UNREACHED, StreetNetwork, Streets, lay_network, to_mm
from geo.network.hierarchy import Hierarchy, build_hierarchy
from geo.network.nearest import count_places, measure_k_nearest, measure_nearest
from geo.network.reach import measure_reach
from geo.network.routes import measure_matrix
from geo.network.snap import Stops
from geo.network.swept import sweep_matrix, sweep_nearest

SIZES = (50_000, 200_000)
CATEGORIES, PLACES, LIMIT_M = 12, 300, 3_000.0
ORIGINS, DESTINATIONS, REACHES, REACH_M = 500, 2_000, 200, 1_200.0
ROUNDS = 5
#: Larger than this, networkx and pandana are too slow and too large to wait for.
OTHERS_UP_TO = 200_000


def make_network(node_count: int, rng: np.random.Generator) -> StreetNetwork:
    """A shaken grid with a quarter of its streets left out, on foot."""
    side = round(node_count**0.5)
    node = np.arange(side * side).reshape(side, side)
    x_m, y_m = (80.0 * axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    x_m, y_m = (axis + rng.uniform(-25, 25, side * side) for axis in (x_m, y_m))
    start = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    stop = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    kept = rng.random(len(start)) < 0.75
    start, stop = start[kept], stop[kept]
    length_m = np.hypot(x_m[start] - x_m[stop], y_m[start] - y_m[stop])
    both = np.ones(len(start), dtype=bool)
    streets = Streets(np.arange(len(start)), start, stop, to_mm(length_m), both, both)
    shuffled = rng.permutation(side * side)
    moved = Streets(streets.ids, shuffled[start], shuffled[stop], streets.length_mm, both, both)
    back = np.argsort(shuffled)
    return lay_network("walk", np.arange(side * side), x_m[back] + 1e5, y_m[back] + 4e5, moved)


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """Median seconds of some rounds, and the last answer."""
    seconds, answer = [], None
    for _ in range(rounds):
        started = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), answer


def report(name: str, seconds: float, ours: float, in_part: bool = False) -> None:
    """One line: the time, and how many times ours it is."""
    mark = "~" if in_part else " "
    print(f"  {name:<28}{mark}{seconds:10.4f} s  {seconds / ours:10.1f} x")


def peak_mb() -> float:
    """The most memory that this process ever had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench(node_count: int) -> None:
    """All questions on one network."""
    rng = np.random.default_rng(node_count)
    laying, network = timed(lambda: make_network(node_count, rng), 1)
    building, hierarchy = timed(lambda: build_hierarchy(network), 1)
    n = network.node_count
    print(f"\n{n:,} nodes, {network.arc_count:,} arcs; making and laying {laying:.2f} s;", end=" ")
    joins = len(hierarchy.up.above) / n
    print(f"hierarchy {building:.2f} s, {joins:.1f} joins a node; {os.cpu_count()} cores")
    categories = [Stops.at_nodes(rng.integers(0, n, PLACES)) for _ in range(CATEGORIES)]
    origins, destinations = (Stops.at_nodes(rng.integers(0, n, k)) for k in (ORIGINS, DESTINATIONS))
    points = Stops.at_nodes(rng.integers(0, n, REACHES))
    ours_only(network, hierarchy, categories, origins, destinations, points)
    print(f"  peak memory without the others: {peak_mb():.0f} MB")
    beside_scipy(network, hierarchy, categories, origins, destinations, points)
    if n <= OTHERS_UP_TO * 1.1:
        beside_networkx(network, hierarchy, categories, origins, points)
        beside_pandana(network, hierarchy, categories)


def ours_only(
    network: StreetNetwork,
    hierarchy: Hierarchy,
    categories: list[Stops],
    origins: Stops,
    destinations: Stops,
    points: Stops,
) -> None:
    """Each of our ways to each question, after one round that compiles."""
    for name, work in (
        ("nearest, searched", lambda: measure_nearest(network, categories, LIMIT_M)),
        ("nearest, swept", lambda: sweep_nearest(hierarchy, categories, LIMIT_M)),
        (
            "third nearest, 1 category",
            lambda: measure_k_nearest(network, categories[0], 3, LIMIT_M),
        ),
        (
            "numbers within 400/800/1,200",
            lambda: count_places(network, categories, (400, 800, 1200)),
        ),
        ("matrix, swept", lambda: sweep_matrix(hierarchy, origins, destinations)),
        ("reaches", lambda: measure_reach(network, points, REACH_M)),
    ):
        work()
        print(f"  {name:<28} {timed(work)[0]:10.4f} s")


def beside_scipy(
    network: StreetNetwork,
    hierarchy: Hierarchy,
    categories: list[Stops],
    origins: Stops,
    destinations: Stops,
    points: Stops,
) -> None:
    """Scipy: one search a category, an origin or a point."""
    arcs, n = network.forward, network.node_count
    matrix = csr_array((arcs.length_mm.astype(float), arcs.target, arcs.first), shape=(n, n))

    def nearest() -> npt.NDArray[np.float64]:
        limit_mm = LIMIT_M * 1000
        return np.array(
            [dijkstra(matrix, indices=c.node, min_only=True, limit=limit_mm) for c in categories]
        )

    print(" scipy")
    seconds, wanted = timed(nearest, 3)
    searched, found = timed(lambda: measure_nearest(network, categories, LIMIT_M))
    swept, also_found = timed(lambda: sweep_nearest(hierarchy, categories, LIMIT_M))
    whole = np.where(np.isfinite(wanted), wanted, UNREACHED)
    assert np.array_equal(whole, found)
    assert np.array_equal(whole, also_found)
    report("nearest / searched", seconds, searched)
    report("nearest / swept", seconds, swept)
    few = 10
    seconds, wanted = timed(lambda: dijkstra(matrix, indices=origins.node[:few]), 3)
    swept, found = timed(lambda: sweep_matrix(hierarchy, origins, destinations))
    whole = np.where(np.isfinite(wanted), wanted, UNREACHED)[:, destinations.node]
    assert np.array_equal(whole, found[:few])
    report("matrix / swept", seconds * ORIGINS / few, swept, in_part=True)
    some = origins.part(slice(0, 20))
    searched, found = timed(lambda: measure_matrix(network, some, destinations), 3)
    assert np.array_equal(whole, found[:few])
    report("matrix / searched", seconds * 20 / few, searched, in_part=True)
    limit_mm = REACH_M * 1000
    seconds, wanted = timed(lambda: dijkstra(matrix, indices=points.node[:few], limit=limit_mm), 3)
    reaches, reach = timed(lambda: measure_reach(network, points, REACH_M))
    assert np.array_equal(reach.node[reach.of(0)], np.flatnonzero(np.isfinite(wanted[0])))
    report("reaches / searched", seconds * REACHES / few, reaches, in_part=True)


def beside_networkx(
    network: StreetNetwork,
    hierarchy: Hierarchy,
    categories: list[Stops],
    origins: Stops,
    points: Stops,
) -> None:
    """Networkx: the same searches in Python."""
    arcs = network.forward
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(network.node_count))
    ends = (arcs.source.tolist(), arcs.target.tolist(), arcs.length_mm.tolist())
    graph.add_weighted_edges_from(zip(*ends, strict=True))
    print(" networkx")
    starts, limit_mm = set(categories[0].node.tolist()), LIMIT_M * 1000
    seconds, wanted = timed(
        lambda: nx.multi_source_dijkstra_path_length(graph, starts, cutoff=limit_mm), 1
    )
    swept, found = timed(lambda: sweep_nearest(hierarchy, categories, LIMIT_M))
    assert all(found[0][node] == distance for node, distance in wanted.items())
    report("nearest / swept", seconds * CATEGORIES, swept, in_part=True)
    start, reach_mm = int(points.node[0]), REACH_M * 1000
    seconds, wanted = timed(
        lambda: nx.single_source_dijkstra_path_length(graph, start, cutoff=reach_mm), 3
    )
    reaches, reach = timed(lambda: measure_reach(network, points, REACH_M))
    assert set(reach.node[reach.of(0)].tolist()) == set(wanted)
    report("reaches / searched", seconds * REACHES, reaches, in_part=True)


def beside_pandana(network: StreetNetwork, hierarchy: Hierarchy, categories: list[Stops]) -> None:
    """Pandana, when it is installed; its distances are rounded otherwise, so within a metre."""
    try:
        pandana: Any = importlib.import_module("pandana")
    except ImportError:
        print(" pandana is not installed")
        return
    arcs = network.forward
    once = np.flatnonzero(arcs.source < arcs.target)
    print(" pandana")
    preparing, other = timed(
        lambda: pandana.Network(
            pd.Series(network.x_m),
            pd.Series(network.y_m),
            pd.Series(arcs.source[once]),
            pd.Series(arcs.target[once]),
            pd.DataFrame({"length_m": arcs.length_mm[once] / 1000}),
        ),
        1,
    )
    print(f"  preparing {preparing:.1f} s")
    places = categories[0].node
    x_m, y_m = pd.Series(network.x_m[places]), pd.Series(network.y_m[places])
    other.set_pois("place", LIMIT_M, 1, x_m, y_m)
    seconds, wanted = timed(
        lambda: other.nearest_pois(LIMIT_M, "place", num_pois=1)[1].to_numpy(), 1
    )
    swept, found = timed(lambda: sweep_nearest(hierarchy, categories, LIMIT_M))
    reached = found[0] < UNREACHED
    assert np.allclose(found[0][reached] / 1000, wanted[reached], atol=1.0)
    report("nearest / swept", seconds * CATEGORIES, swept, in_part=True)


def main() -> None:
    """Every size asked for, or the usual ones; first a small one, to compile."""
    build_hierarchy(make_network(400, np.random.default_rng(0)))
    for node_count in [int(size) for size in sys.argv[1:]] or SIZES:
        bench(node_count)
    print(f"\npeak memory with the others: {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
