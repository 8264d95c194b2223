"""How long access takes at the server, on the example region.

``python -m tests.bench.bench_access``: first as after a start, with the streets on disk and
nothing read, then as for every next visitor.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES, TravelMode
from app.services.area_minutes import minutes_of_areas
from app.services.area_nearby import area_nearby
from app.services.availability import reach_of_facilities
from app.services.demo import load_demo_region
from app.services.isochrones import isochrones
from app.services.street_store import travel_streets
from app.services.travel import PointAccess, point_access, route_line, sites_access
from data import schema
from data.queries.areas import area
from data.queries.releases import area_release
from tests.database_server import database_server, temporary_folder

ROUNDS = 200
ON = dt.date(2026, 1, 1)
#: A square of 6 km around Haarlem: nearly every point in it has a street.
MIDDLE_M, SPREAD_M = (103_900.0, 488_500.0), 3_000.0


def timed(work: Callable[[], object]) -> float:
    """Milliseconds for one time."""
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


def report(name: str, times_ms: list[float]) -> None:
    """The median and the slowest in twenty."""
    slow = sorted(times_ms)[int(0.95 * (len(times_ms) - 1))]
    print(f"{name:40} {statistics.median(times_ms):9.1f} ms {slow:9.1f} ms {len(times_ms):5}")


def bench(connection: Connection, home: Path, mode: TravelMode) -> None:
    """Every question of a visitor, for one way of travelling."""
    rng = np.random.default_rng(7)
    spots = (np.array(MIDDLE_M) + rng.uniform(-SPREAD_M, SPREAD_M, (ROUNDS, 2))).tolist()

    def click(x_m: float, y_m: float) -> PointAccess:
        return point_access(connection, home, x_m, y_m, mode)

    def way(x_m: float, y_m: float) -> object:
        return route_line(connection, home, x_m, y_m, "huisarts-0021", mode)

    def zones(x_m: float, y_m: float) -> object:
        return isochrones(connection, home, x_m, y_m, mode)

    def sites() -> object:
        return sites_access(connection, home, None, ON, mode)

    report(f"{mode.option}: the first point", [timed(partial(click, *spots[0]))])
    report(f"{mode.option}: a point", [timed(partial(click, *spot)) for spot in spots])
    report(f"{mode.option}: all public sites", [timed(sites) for _ in range(20)])
    near = [spot for spot in spots if not click(*spot).is_far][:40]
    report(f"{mode.option}: a route", [timed(partial(way, *spot)) for spot in near])
    report(f"{mode.option}: zones of 5, 10, 15 min", [timed(partial(zones, *s)) for s in near])


def bench_areas(connection: Connection, home: Path) -> None:
    """Every buurt at once, what each place reaches, and what a page of an area tells.

    Behind each question stands what it may take.
    """
    release = area_release(connection)
    haarlem = area(connection, release.id, "GM0392")
    questions: dict[str, Callable[[], object]] = {
        "minutes of all buurten (500 ms)": partial(
            minutes_of_areas, connection, home, "huisarts", "buurt", "lopend", ON
        ),
        "reach of all facilities (500 ms)": partial(reach_of_facilities, connection, home, on=ON),
        "a page of an area (100 ms)": partial(area_nearby, connection, home, release, haarlem),
    }
    for name, question in questions.items():
        question()
        report(name, [timed(question) for _ in range(20)])


def main() -> None:
    """Make the example region, and measure."""
    print(f"{'':40} {'median':>12} {'95%':>12} times")
    with database_server() as server, temporary_folder() as home:
        name = server.create_database()
        engine = schema.connect(server.url_of(name))
        schema.upgrade(engine)
        load_demo_region(engine)
        with engine.connect() as connection:
            report("making the streets", [timed(lambda: travel_streets(connection, home, "walk"))])
            for mode in TRAVEL_MODES:
                bench(connection, home, mode)
            bench_areas(connection, home)
        engine.dispose()


if __name__ == "__main__":
    main()
