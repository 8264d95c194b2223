"""How long search areas of the whole region take, beside two peers in the same run.

``python -m tests.bench.bench_search_areas``: the example region, two cores. Peers for the way from
every square to the nearest of each kind: scipy's ``dijkstra`` with ``min_only``, once for each
kind, over the same streets; and asking each square alone, as the page of one point does (on some
squares, and told for all). All must agree with ours. Then the whole answer: the first time with
nothing read, and again with other conditions.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.demo import load_demo_region
from app.services.search_areas import SearchAnswer, read_search_question, search_areas
from app.services.search_facts import cell_travel, region_ground
from app.services.street_store import travel_streets
from app.services.travel import point_access
from app.services.travel_places import TravelPlaces, travel_places
from data import schema
from data.queries.releases import area_release
from geo.network.arrays import MM_PER_M
from geo.network.snap import Stops
from tests.database_server import database_server, temporary_folder

ON = dt.date(2026, 1, 1)
ALONE = 200
LIMIT_S = 10.0
T = TypeVar("T")


def timed(name: str, work: Callable[[], T], note: str = "") -> tuple[T, float]:
    """What the work gives, and the seconds that processors were busy with it; both printed.

    The clock says more on a machine that does other work as well.
    """
    started, busy = time.perf_counter(), time.process_time()
    found = work()
    seconds, worked = time.perf_counter() - started, time.process_time() - busy
    print(f"{name:62} {seconds:8.3f} s  {worked:8.3f} s  {note}", flush=True)
    return found, worked


def by_scipy(places: TravelPlaces, stops: Stops) -> dict[str, npt.NDArray[np.float64]]:
    """Metres from each square to the nearest of each kind, one search for each kind."""
    network = places.streets.network
    arcs = network.backward
    count = network.node_count
    graph = csr_array((arcs.length_mm.astype(float), arcs.target, arcs.first), (count, count))
    found = {}
    for key in AMENITY_CATEGORIES.keys:
        own = places.stops.part(places.rows[key])
        own = own.part(~own.is_far)
        found[key] = nearest_of(graph, own)[stops.node] + stops.offset_mm
    return {key: mm / MM_PER_M for key, mm in found.items()}


def nearest_of(graph: csr_array, places: Stops) -> npt.NDArray[np.float64]:
    """Millimetres from each node: from one more node, joined to each place by its own way."""
    count = graph.shape[0]
    order = np.argsort(places.offset_mm, kind="stable")[::-1]
    offsets = np.full(count, np.inf)
    offsets[places.node[order]] = places.offset_mm[order]
    known = np.flatnonzero(np.isfinite(offsets))
    # A way of length 0 is no way to scipy: a thousandth of a millimetre is added, and rounded off.
    data = np.concatenate([graph.data, offsets[known] + 0.001])
    indices = np.concatenate([graph.indices, known])
    indptr = np.concatenate([graph.indptr, [len(data)]])
    whole = csr_array((data, indices, indptr), (count + 1, count + 1))
    found = dijkstra(whole, indices=count, min_only=True)[:count]
    rounded: npt.NDArray[np.float64] = np.round(found)
    return rounded


def check_agreement(
    answer: SearchAnswer, metres: dict[str, npt.NDArray[np.float64]], near: npt.NDArray[np.intp]
) -> None:
    """Every kind, every square that can be measured: the same to the millimetre."""
    mode = answer.question.profile.mode
    for key, expected in metres.items():
        ours = answer.travel.minutes[key].to_numpy()[near]
        theirs = np.where(np.isfinite(expected), mode.minutes(expected), np.nan)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def bench(connection: Connection, home: Path) -> None:
    """The parts, the peers and the whole."""
    print(f"{'':62} {'clock':>10}  {'processor':>10}")
    release = area_release(connection)
    mode = TRAVEL_MODES["walk"]
    timed("streets: made once after an import", lambda: travel_streets(connection, home, "walk"))
    places, _ = timed("amenities and homes on the streets", lambda: places_of(connection, home))
    region, ground_s = timed("ground of every square", lambda: region_ground(connection, release))
    cells = region.cells
    _, compiled_s = timed(
        "way from every square to each kind, searches compiled first",
        lambda: cell_travel(connection, home, release, mode),
        f"{len(cells)} squares, {len(AMENITY_CATEGORIES)} kinds and homes",
    )
    stops = places.streets.snapper.snap(cells["x_m"], cells["y_m"])
    near = np.flatnonzero(~stops.is_far)
    metres, scipy_s = timed(
        "  peer: scipy dijkstra(min_only), once for each kind",
        lambda: by_scipy(places, stops.part(near)),
    )
    some = cells.iloc[near[:: max(1, len(near) // ALONE)]]
    _, alone_s = timed(
        f"  peer: {len(some)} squares asked one by one",
        lambda: [
            point_access(connection, home, x_m, y_m, mode)
            for x_m, y_m in zip(some["x_m"], some["y_m"], strict=True)
        ],
    )
    print(f"{'    for all squares that would be':62} {alone_s / len(some) * len(near):8.0f} s")
    answer, first_s = timed(
        "search areas of skaeve_huse, the first time", lambda: asked(connection, home)
    )
    check_agreement(answer, metres, near)
    _, other_s = timed(
        "  with other conditions", lambda: asked(connection, home, bereikbaarheid="70")
    )
    timed("  the same again", lambda: asked(connection, home))
    whole_s = ground_s + compiled_s + first_s
    print("\nscipy agrees with every square.")
    print(
        f"The whole region: {whole_s:.2f} s of processor; scipy for the ways alone {scipy_s:.2f} s."
    )
    assert whole_s < LIMIT_S, whole_s
    assert other_s < 2.0, other_s


def places_of(connection: Connection, home: Path) -> TravelPlaces:
    """The amenities on the streets, on foot."""
    return travel_places(connection, home, TRAVEL_MODES["walk"])


def asked(connection: Connection, home: Path, **words: str) -> SearchAnswer:
    """The whole answer."""
    return search_areas(connection, home, read_search_question("skaeve_huse", ON, words))


def main() -> None:
    """Make the example region, and measure."""
    with database_server() as server, temporary_folder() as home:
        engine = schema.connect(server.url_of(server.create_database()))
        schema.upgrade(engine)
        load_demo_region(engine)
        with engine.connect() as connection:
            bench(connection, home)
        engine.dispose()


if __name__ == "__main__":
    main()
