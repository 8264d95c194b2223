"""How fast distances along the streets are, beside networkx, scipy and pandana.

    python -m tests.bench.bench_network [NODES ...]

Made-up street networks: a grid of 80 m, shaken, a quarter of the streets left out. For all nodes
the nearest of 12 categories of 300 places within 3 km; a table of 500 by 2,000; 200 reaches of
1,200 m. Each size in a process of its own, all libraries on one network, by two threads where a
library can; the answers are compared. What would take minutes is done in part and multiplied:
that is marked with ~. Not a test: nothing here depends on the clock.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network.arrays import UNREACHED, Int32s, StreetNetwork, Streets, lay_network, to_mm
from geo.network.dissection import dissect_straight, find_neighbours
from geo.network.hierarchy import Hierarchy, build_hierarchy
from geo.network.metis import dissect_by_metis, has_metis
from geo.network.nearest import count_places, measure_k_nearest, measure_nearest
from geo.network.reach import Reach, measure_reach
from geo.network.routes import measure_matrix
from geo.network.snap import Stops
from geo.network.swept import sweep_matrix, sweep_nearest

SIZES = (50_000, 200_000, 1_000_000)
CATEGORIES, PLACES, LIMIT_M = 12, 300, 3_000.0
ORIGINS, DESTINATIONS, REACHES, REACH_M = 500, 2_000, 200, 1_200.0
ROUNDS = 7
#: Origins or points that a slow library is asked for, in place of all.
FEW = 5


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


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock and at work, in all threads and processes together.

    On a machine that does other things, the seconds at work say more.
    """

    clock: float
    work: float

    def times(self, factor: float) -> Taken:
        """What so many times as much takes."""
        return Taken(self.clock * factor, self.work * factor)


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[Taken, Any]:
    """Median seconds of some rounds, and the last answer."""
    clock, at_work, answer = [], [], None
    for _ in range(rounds):
        started, before = time.perf_counter(), work_s()
        answer = work()
        clock.append(time.perf_counter() - started)
        at_work.append(work_s() - before)
    return Taken(statistics.median(clock), statistics.median(at_work)), answer


def report(name: str, taken: Taken, ours: Taken | None = None, in_part: bool = False) -> None:
    """One line; with ours in the same minute, and how many times as long the other takes."""
    mark = "~" if in_part else " "
    line = f"  {name:<24} {mark}{taken.clock:9.4f} s  work {taken.work:9.4f} s"
    if ours:
        line += f" | ours {ours.clock:7.4f} s  work {ours.work:7.4f} s"
        line += f" | {taken.clock / ours.clock:7.1f} x  work {taken.work / ours.work:7.1f} x"
    print(line, flush=True)


def peak_mb() -> float:
    """The most memory that this process ever had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work_s() -> float:
    """The seconds that this process and those that it started were at work."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


@dataclass(frozen=True)
class Questions:
    """What every library is asked, and what it is asked about."""

    network: StreetNetwork
    hierarchy: Hierarchy
    categories: list[Stops]
    origins: Stops
    destinations: Stops
    points: Stops

    def nearest(self) -> Int32s:
        """The nearest of each category for all nodes."""
        return sweep_nearest(self.hierarchy, self.categories, LIMIT_M)

    def matrix(self) -> Int32s:
        """The whole table."""
        return sweep_matrix(self.hierarchy, self.origins, self.destinations)

    def reaches(self) -> Reach:
        """The nodes around each point."""
        return measure_reach(self.network, self.points, REACH_M)

    def one_row(self) -> Int32s:
        """The distances from one point to all destinations, without a hierarchy."""
        return measure_matrix(self.network, self.origins.part(slice(0, 1)), self.destinations)


def bench(node_count: int) -> None:
    """All questions on one network."""
    print(f"\n{node_count:,} nodes; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    report("first of all, 400 nodes", timed(first_of_all, 1)[0])
    rng = np.random.default_rng(node_count)
    laying, network = timed(lambda: make_network(node_count, rng), 1)
    report(f"{network.arc_count:,} arcs", laying)
    orders: dict[str, Callable[[], Int32s]] = {}
    neighbours = find_neighbours(network)
    if has_metis():
        orders["METIS"] = lambda: dissect_by_metis(*neighbours)
    orders["straight cuts"] = lambda: dissect_straight(*neighbours, network.x_m, network.y_m)
    main_one, *others = orders
    questions = prepare(network, main_one, orders[main_one])
    ours_only(questions)
    print(f"  peak memory without the others: {peak_mb():.0f} MB")
    for beside in (beside_scipy, beside_networkx, beside_pandana):
        beside(questions)
    for name in others:
        questions = prepare(network, name, orders[name])
        report("nearest / swept", timed(questions.nearest)[0])
        report("matrix / swept", timed(questions.matrix)[0])


def first_of_all() -> None:
    """What somebody waits for once after installing: machine code, for some thirty functions."""
    network = make_network(400, np.random.default_rng(0))
    few = ask(build_hierarchy(network), np.random.default_rng(0))
    for work in (few.nearest, few.matrix, few.one_row, few.reaches):
        work()
    dissect_straight(*find_neighbours(network), network.x_m, network.y_m)


def prepare(network: StreetNetwork, name: str, find: Callable[[], Int32s]) -> Questions:
    """The hierarchy by some order, timed, and the same questions for each."""
    ordering, order = timed(find, 1)
    joining, hierarchy = timed(lambda: build_hierarchy(network, order), 1)
    print(f" hierarchy by {name}: {len(hierarchy.up.above) / network.node_count:.1f} joins a node")
    report("order", ordering)
    report("joins", joining)
    both = Taken(ordering.clock + joining.clock, ordering.work + joining.work)
    report("preparation in all", both)
    return ask(hierarchy, np.random.default_rng(network.node_count))


def ask(hierarchy: Hierarchy, rng: np.random.Generator) -> Questions:
    """Questions about nodes by chance."""

    def some(count: int) -> Stops:
        return Stops.at_nodes(rng.integers(0, hierarchy.network.node_count, count))

    categories = [some(PLACES) for _ in range(CATEGORIES)]
    points = some(ORIGINS), some(DESTINATIONS), some(REACHES)
    return Questions(hierarchy.network, hierarchy, categories, *points)


def ours_only(ours: Questions) -> None:
    """Each of our ways to each question, after one round that compiles."""
    network, categories = ours.network, ours.categories
    print(" ours")
    for name, work in (
        ("nearest / searched", lambda: measure_nearest(network, categories, LIMIT_M)),
        ("nearest / swept", ours.nearest),
        (
            "third nearest, 1 category",
            lambda: measure_k_nearest(network, categories[0], 3, LIMIT_M),
        ),
        ("numbers in 400/800/1,200 m", lambda: count_places(network, categories, (400, 800, 1200))),
        ("matrix / swept", ours.matrix),
        ("1 x 2,000 / searched", ours.one_row),
        ("reaches / searched", ours.reaches),
    ):
        work()
        report(name, timed(work)[0])


def beside_scipy(ours: Questions) -> None:
    """Scipy: one search a category, an origin or a point."""
    arcs, n = ours.network.forward, ours.network.node_count
    matrix = csr_array((arcs.length_mm.astype(float), arcs.target, arcs.first), shape=(n, n))
    print(" scipy")

    def nearest() -> npt.NDArray[np.float64]:
        return np.array(
            [
                dijkstra(matrix, indices=places.node, min_only=True, limit=LIMIT_M * 1000)
                for places in ours.categories
            ]
        )

    seconds, wanted = timed(nearest, 3)
    mine, found = timed(ours.nearest)
    assert np.array_equal(np.where(np.isfinite(wanted), wanted, UNREACHED), found)
    report("nearest / swept", seconds, mine)
    searched, found = timed(lambda: measure_nearest(ours.network, ours.categories, LIMIT_M))
    assert np.array_equal(np.where(np.isfinite(wanted), wanted, UNREACHED), found)
    report("nearest / searched", seconds, searched)
    seconds, wanted = timed(lambda: dijkstra(matrix, indices=ours.origins.node[:FEW]), 3)
    wanted = np.where(np.isfinite(wanted), wanted, UNREACHED)[:, ours.destinations.node]
    mine, found = timed(ours.matrix)
    assert np.array_equal(wanted, found[:FEW])
    report("matrix / swept", seconds.times(ORIGINS / FEW), mine, in_part=True)
    mine, found = timed(ours.one_row)
    assert np.array_equal(wanted[:1], found)
    report("1 x 2,000 / searched", seconds.times(1 / FEW), mine, in_part=True)
    some = ours.points.node[:FEW]
    seconds, wanted = timed(lambda: dijkstra(matrix, indices=some, limit=REACH_M * 1000), 3)
    mine, reach = timed(ours.reaches)
    for point in range(FEW):
        assert np.array_equal(reach.node[reach.of(point)], np.flatnonzero(wanted[point] < np.inf))
    report("reaches / searched", seconds.times(REACHES / FEW), mine, in_part=True)


def beside_networkx(ours: Questions) -> None:
    """Networkx: the same searches in Python."""
    arcs = ours.network.forward
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(ours.network.node_count))
    ends = (arcs.source.tolist(), arcs.target.tolist(), arcs.length_mm.tolist())
    print(" networkx")
    preparing, _ = timed(lambda: graph.add_weighted_edges_from(zip(*ends, strict=True)), 1)
    report("preparing", preparing)
    starts, limit_mm = set(ours.categories[0].node.tolist()), LIMIT_M * 1000
    seconds, wanted = timed(
        lambda: nx.multi_source_dijkstra_path_length(graph, starts, cutoff=limit_mm), 1
    )
    mine, found = timed(ours.nearest)
    assert all(found[0, node] == distance for node, distance in wanted.items())
    report("nearest / swept", seconds.times(CATEGORIES), mine, in_part=True)
    origin = int(ours.origins.node[0])
    seconds, wanted = timed(lambda: nx.single_source_dijkstra_path_length(graph, origin), 1)
    mine, found = timed(ours.matrix)
    ends_mm = [wanted.get(node, UNREACHED) for node in ours.destinations.node.tolist()]
    assert np.array_equal(ends_mm, found[0])
    report("matrix / swept", seconds.times(ORIGINS), mine, in_part=True)
    some, reach_mm = ours.points.node[:FEW].tolist(), REACH_M * 1000
    seconds, around = timed(
        lambda: [nx.single_source_dijkstra_path_length(graph, p, cutoff=reach_mm) for p in some], 3
    )
    mine, reach = timed(ours.reaches)
    for point, wanted in enumerate(around):
        assert set(reach.node[reach.of(point)].tolist()) == set(wanted)
    report("reaches / searched", seconds.times(REACHES / FEW), mine, in_part=True)


def beside_pandana(ours: Questions) -> None:
    """Pandana, when it is installed; its distances are rounded otherwise, so within a metre."""
    print(" pandana")
    try:
        pandana: Any = importlib.import_module("pandana")
    except ImportError:
        print("  is not installed")
        return
    network, arcs = ours.network, ours.network.forward
    once = np.flatnonzero(arcs.source < arcs.target)
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
    report("preparing", preparing)
    places = ours.categories[0].node
    x_m, y_m = pd.Series(network.x_m[places]), pd.Series(network.y_m[places])
    other.set_pois("place", LIMIT_M, 1, x_m, y_m)
    seconds, wanted = timed(
        lambda: other.nearest_pois(LIMIT_M, "place", num_pois=1)[1].to_numpy(), 1
    )
    mine, found = timed(ours.nearest)
    reached = found[0] < UNREACHED
    assert np.allclose(found[0, reached] / 1000, wanted[reached], atol=1.0)
    report("nearest / swept", seconds.times(CATEGORIES), mine, in_part=True)
    mine, found = timed(ours.matrix)
    start, stop = np.nonzero(found[: 10 * FEW] < UNREACHED)
    pairs = ours.origins.node[start], ours.destinations.node[stop]
    seconds, wanted = timed(lambda: np.array(other.shortest_path_lengths(*pairs)), 1)
    assert np.allclose(found[start, stop] / 1000, wanted, atol=1.0)
    report("matrix / swept", seconds.times(found.size / len(start)), mine, in_part=True)
    seconds, around = timed(lambda: other.nodes_in_range(ours.points.node.tolist(), REACH_M), 1)
    mine, reach = timed(ours.reaches)
    assert abs(len(around) - len(reach.node)) < 0.01 * len(around)
    report("reaches / searched", seconds, mine)


def main() -> None:
    """Every size asked for, or the usual ones, each in a process of its own."""
    start_afresh = multiprocessing.get_context("spawn")
    for node_count in [int(size) for size in sys.argv[1:]] or SIZES:
        process = start_afresh.Process(target=bench, args=(node_count,))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


if __name__ == "__main__":
    main()
