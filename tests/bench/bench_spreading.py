"""How long the measures of spreading take, beside PySAL in the same run, with equal answers.

    python -m tests.bench.bench_spreading

First all measures for made-up areas as large as the region and as the whole country, cold (the
first time in this process) and warm. Then each beside the library of others that does the same:
inequality, segregation, esda, libpysal, pointpats and access. Answers are compared. What would
take minutes is done in part and multiplied: that is marked with ~. Last the page itself, on the
example region, from the database to HTML. Not a test: nothing here depends on the clock.
"""

from __future__ import annotations

import contextlib
import io
import os
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.access.two_step import ZONE_WEIGHTS, places_within_reach
from analysis.spreading import measure_spreading
from analysis.spreading.funnel import funnel_limits
from analysis.spreading.hoover import hoover_index
from analysis.spreading.local_moran import local_moran, local_p_values
from analysis.spreading.moran import (
    draw_moran_i,
    measure_moran,
    moran_i,
    row_weights,
    standardise_rates,
)
from analysis.spreading.random_draws import draw_evenness, draw_holdings
from analysis.spreading.ripley import RADII_M, draw_l, measure_ripley, ripley_k
from analysis.spreading.theil import theil_between_of, theil_index, theil_of, to_grouping
from app import create_app
from app.config import Settings
from app.services.demo import load_demo_region
from data import schema
from geo.neighbours import find_neighbours
from tests.bench.made_areas import MadeAreas, made_areas
from tests.database_server import database_server, temporary_folder

DRAWS = 999
ROUNDS = 5
#: Name, areas, larger areas, sites: the region on its two levels, its buurten, and the country.
SIZES = (
    ("8 gemeenten", 8, 0, 60),
    ("83 wijken", 83, 8, 60),
    ("400 buurten", 400, 8, 60),
    ("342 gemeenten", 342, 0, 1_500),
    ("14.500 buurten", 14_500, 342, 1_500),
)


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """The fastest of some rounds, and the answer."""
    fastest, answer = np.inf, None
    for _ in range(rounds):
        started = time.perf_counter()
        answer = work()
        fastest = min(fastest, time.perf_counter() - started)
    return fastest, answer


def quietly(work: Callable[[], Any]) -> Any:
    """The answer of a library that draws bars and warns."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        return work()


def report(name: str, ours_s: float, theirs_s: float, peer: str, part: float = 1.0) -> None:
    """One line: both times, and how many times longer theirs takes."""
    about = "~" if part < 1 else " "
    whole_s = theirs_s / part
    print(f"{name:44}{ours_s:10.4f} s {about}{whole_s:10.3f} s {whole_s / ours_s:8.1f} x  {peer}")


def all_measures(made: MadeAreas, with_groups: bool) -> None:
    """Everything that the page shows of a set of areas, clustering and funnel included."""
    frame = made.frame if with_groups else made.frame.drop(columns="group")
    found = measure_spreading(
        frame, site_capacity_count=made.sites.set_index("area_code")["capacity_count"]
    )
    funnel_limits(found.totals.capacity_count, found.table["weight_share"])
    neighbours = find_neighbours(made.shapes)
    measure_moran(frame["capacity_count"], frame["weight"], neighbours)
    middles = np.column_stack([made.shapes.centroid.x, made.shapes.centroid.y])
    rows = made.frame.index.get_indexer(pd.Index(made.sites["area_code"]))
    measure_ripley(
        middles[rows], middles, frame["weight"].to_numpy(), float(made.shapes.area.sum())
    )


def bench_sizes() -> None:
    """All measures, for areas as many as the region and the country have."""
    print(f"{'all measures with their bands':44}{'cold':>12}{'warm':>12}")
    for name, area_count, group_count, site_count in SIZES:
        made = made_areas(area_count, max(1, group_count), site_count, np.random.default_rng(1))
        work = partial(all_measures, made, group_count > 0)
        cold_s, _ = seconds(work, rounds=1)
        warm_s, _ = seconds(work, rounds=2)
        print(f"{name:44}{cold_s:10.3f} s{warm_s:10.3f} s")


def bench_theil(made: MadeAreas, name: str, their_draws: int) -> None:
    """The bands of Theil between and within."""
    from inequality.theil import TheilD, TheilDSim

    sizes = made.sites.set_index("area_code")["capacity_count"]
    weights, groups = made.frame["weight"], made.frame["group"]
    grouping = to_grouping(groups, weights.to_numpy(dtype=float))

    def ours() -> Any:
        holdings = draw_holdings(sizes, weights, DRAWS, seed=1)
        return theil_of(holdings), theil_between_of(holdings, grouping)

    ours_s, _ = seconds(ours)
    rate = made.frame["capacity_count"].to_numpy() + 1.0
    theirs_s, _ = seconds(
        lambda: quietly(lambda: TheilDSim(rate, groups.to_numpy(), permutations=their_draws)), 1
    )
    alike = pd.Series(1.0, made.frame.index)
    own = theil_index(pd.Series(rate, made.frame.index), alike, groups)
    peer = TheilD(rate, groups.to_numpy())
    np.testing.assert_allclose([own.between, own.within], np.ravel([peer.bg, peer.wg]))
    report(
        f"Theil, {DRAWS} draws, {name}",
        ours_s,
        theirs_s,
        "inequality.TheilDSim",
        their_draws / DRAWS,
    )


def bench_dissimilarity(made: MadeAreas, name: str, their_draws: int) -> None:
    """The Hoover index is the dissimilarity of places and residents; 500 draws of both."""
    from segregation.inference import SingleValueTest
    from segregation.singlegroup import Dissim

    sizes = made.sites.set_index("area_code")["capacity_count"]
    ours_s, _ = seconds(lambda: draw_evenness(sizes, made.frame["weight"], None, 500))
    table = made.frame.assign(total=made.frame["capacity_count"] + made.frame["weight"])
    frame = gpd.GeoDataFrame(table, geometry=made.shapes.geometry)
    index = quietly(lambda: Dissim(frame, "capacity_count", "total"))
    own = hoover_index(made.frame["capacity_count"], made.frame["weight"])
    assert np.isclose(own, index.statistic)
    theirs_s, _ = seconds(
        lambda: quietly(
            lambda: SingleValueTest(index, their_draws, null_approach="evenness", n_jobs=1)
        ),
        1,
    )
    report(f"dissimilarity, 500 draws, {name}", ours_s, theirs_s, "segregation", their_draws / 500)


def bench_moran(made: MadeAreas, name: str) -> None:
    """Neighbours, Moran's I and the local I, on the same areas."""
    from esda.moran import Moran_Local_Rate, Moran_Rate
    from libpysal.graph import Graph
    from libpysal.weights import Queen

    ours_s, pairs = seconds(lambda: find_neighbours(made.shapes), 3)
    theirs_s, graph = seconds(lambda: Graph.build_contiguity(made.shapes, rook=False), 3)
    assert 2 * len(pairs) == graph.n_edges
    report(f"neighbours, {name}", ours_s, theirs_s, "libpysal.Graph")
    queen = quietly(lambda: Queen.from_dataframe(made.shapes, use_index=True))
    queen.transform = "r"
    places = made.frame["capacity_count"].to_numpy(dtype=float)
    residents = made.frame["weight"].to_numpy(dtype=float)
    rows = np.column_stack(
        [made.frame.index.get_indexer(pairs[side]) for side in ("area", "neighbour")]
    )
    weights = row_weights(rows, len(places))
    values = standardise_rates(made.frame["capacity_count"], made.frame["weight"]).to_numpy()
    ours_s, _ = seconds(lambda: draw_moran_i(values, weights, draw_count=DRAWS), 3)
    quietly(lambda: Moran_Rate(places, residents, queen, permutations=9))
    theirs_s, peer = seconds(lambda: quietly(lambda: Moran_Rate(places, residents, queen)), 3)
    assert np.isclose(moran_i(values, weights), peer.I)
    report(f"Moran's I, {DRAWS} draws, {name}", ours_s, theirs_s, "esda.Moran_Rate")

    def local_peer() -> Any:
        return quietly(lambda: Moran_Local_Rate(places, residents, queen, seed=1))

    local_peer()  # compiles
    ours_s, _ = seconds(lambda: local_p_values(values, weights, draw_count=DRAWS), 3)
    theirs_s, peer = seconds(local_peer, 3)
    assert np.allclose(local_moran(values, weights), peer.Is)
    report(f"local Moran, {DRAWS} draws, {name}", ours_s, theirs_s, "esda.Moran_Local_Rate")


def bench_ripley(count: int, their_draws: int) -> None:
    """Ripley's K of as many points, with draws of as many others."""
    import pointpats

    rng, radii = np.random.default_rng(3), np.array(RADII_M)
    places = rng.random((count, 2)) * 20_000
    homes, people = rng.random((12_000, 2)) * 20_000, rng.integers(1, 90, 12_000).astype(float)
    ours_s, _ = seconds(lambda: draw_l(homes, people, count, radii, 4e8, draw_count=DRAWS), 3)
    theirs_s, peer = seconds(
        lambda: quietly(
            lambda: pointpats.k_test(places, support=radii, n_simulations=their_draws, n_jobs=1)
        ),
        1,
    )
    box = np.prod(places.max(axis=0) - places.min(axis=0))
    own = ripley_k(places, radii, float(box)) * (count - 1) / count
    assert np.allclose(own, peer.statistic)
    report(
        f"Ripley, {DRAWS} draws of {count} points",
        ours_s,
        theirs_s,
        "pointpats.k_test",
        their_draws / DRAWS,
    )


def bench_two_step() -> None:
    """E2SFCA on some 290,000 pairs of a point and a place."""
    from access.fca import two_stage_fca

    rng = np.random.default_rng(4)
    points, places, pair_count = 12_000, 400, 291_530
    pair = rng.choice(points * places, pair_count, replace=False)
    travel = pd.DataFrame(
        {"point": pair // places, "site": pair % places, "minutes": rng.random(pair_count) * 15}
    )
    residents = pd.Series(rng.integers(1, 90, points).astype(float))
    beds = pd.Series(rng.integers(1, 25, places).astype(float))
    ours_s, found = seconds(lambda: places_within_reach(beds, residents, travel))
    bands = np.array([5.0, 10.0, 15.0])
    demand, supply = residents.to_frame("demand"), beds.to_frame("supply")
    cost = travel.rename(columns={"point": "origin", "site": "dest", "minutes": "cost"})
    theirs_s, peer = seconds(
        lambda: quietly(
            lambda: two_stage_fca(
                demand,
                supply,
                cost,
                max_cost=15,
                demand_index=True,
                supply_index=True,
                weight_fn=lambda minutes: np.append(ZONE_WEIGHTS, 0.0)[
                    np.searchsorted(bands, minutes, side="left")
                ],
            )
        ),
        3,
    )
    assert np.allclose(found.per_10000, 10_000 * peer.reindex(residents.index).fillna(0))
    report("E2SFCA, 291,530 pairs", ours_s, theirs_s, "access.two_stage_fca")


def bench_page() -> None:
    """The pages on the example region: the first time, and again."""
    print(f"\n{'pages on the example region':44}{'first':>12}{'again':>12}")
    with database_server() as server, temporary_folder() as home:
        name = server.create_database()
        engine = schema.connect(server.url_of(name))
        schema.upgrade(engine)
        load_demo_region(engine)
        client = create_app(Settings(home, secret_key="bench", tile_url=None), engine).test_client()
        client.get("/bereikbaarheid/minuten")  # opens the streets and compiles the searches
        for address in (
            "/spreiding",
            "/spreiding?niveau=wijk",
            "/spreiding?soort=beschut_wonen",
            "/spreiding/verloop",
            "/spreiding/nabij",
        ):
            cold_s, answer = seconds(partial(client.get, address), rounds=1)
            assert answer.status_code == 200
            warm_s, _ = seconds(partial(client.get, address))
            print(f"{address:44}{cold_s:10.3f} s{warm_s:10.3f} s")
        engine.dispose()


def main() -> None:
    """Measure everything, one after the other."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    bench_sizes()
    print(f"\n{'':44}{'ours':>12}{'theirs':>13}")
    rng = np.random.default_rng(5)
    region, country = made_areas(400, 8, 60, rng), made_areas(14_500, 342, 1_500, rng)
    bench_theil(region, "400 areas", DRAWS)
    bench_theil(country, "14,500 areas", 10)
    bench_dissimilarity(region, "400 areas", 500)
    bench_dissimilarity(country, "14,500 areas", 50)
    bench_moran(region, "400 areas")
    bench_moran(country, "14,500 areas")
    bench_ripley(60, DRAWS)
    bench_ripley(1_500, 10)
    bench_two_step()
    bench_page()


if __name__ == "__main__":
    main()
