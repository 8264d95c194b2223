"""A world small enough to check by hand: three gemeenten in a row of squares of 1 km.

Every buurt is a square of 1,000 by 1,000 m (100 ha); a wijk is two of them, a gemeente four.
South-west corner: x = 100,000 m, y = 480,000 m (RD New).

    y
    483 km +----------+----------+----------+----------+
           | 90030101 | 90030102 | 90030201 | 90030202 |   GM9003 Noorderzand
    482 km +----------+----------+----------+----------+
           | 90020101 | 90020102 | 90020201 | 90020202 |   GM9002 Middendorp
    481 km +----------+----------+----------+----------+
           | 90010101 | 90010102 | 90010201 | 90010202 |   GM9001 Zuiderveen
    480 km +----------+----------+----------+----------+
          100        101        102        103        104 km  x

| buurt      | residents | households | points of residents | address density |
|------------|-----------|------------|---------------------|-----------------|
| BU90010101 |      1000 |        500 | 4 of 250            | 2000            |
| BU90010102 |       500 |        250 | 2 of 250            | 1000            |
| BU90010201 |       300 |        150 | 2 of 150            |  800            |
| BU90010202 |       200 |        100 | 2 of 100            |  600            |
| BU90020101 |       600 |        300 | 2 of 300            | 1200            |
| BU90020102 |       400 |        200 | 2 of 200            |  900            |
| BU90020201 |    secret |     secret | none                | secret          |
| BU90020202 |       500 |        250 | 2 of 250            |  700            |
| BU90030101 |       200 |        100 | 1 of 200            |  300            |
| BU90030102 |       100 |         50 | 1 of 100            |  200            |
| BU90030201 |       100 |         50 | 1 of 100            |  200            |
| BU90030202 |       100 |         50 | 1 of 100            |  100            |
| GM9001     |      2000 |       1000 | 10                  | -               |
| GM9002     |      1500 |        750 | 6                   | -               |
| GM9003     |       500 |        250 | 4                   | -               |
| together   |      4000 |       2000 | 20                  | -               |

One point of residents lies in the middle of its square, two at 250 and 750 m on the middle
line, four at 250 and 750 m both ways.

| site   | type                    | place (km)   | buurt      | publication | life               |
|--------|-------------------------|--------------|------------|-------------|--------------------|
| TINY-1 | beschermd_wonen         | 100.5, 480.5 | BU90010101 | openbaar    | 2015 in use 40,    |
|        |                         |              |            |             | 2024 in use 24     |
| TINY-2 | beschut_wonen           | 102.5, 480.5 | BU90010201 | openbaar    | 2020 in use 8      |
| TINY-3 | beschut_wonen           | 100.5, 481.5 | BU90020101 | openbaar    | 2021 besluit 8,    |
|        |                         |              |            |             | 2022 in use 8      |
| TINY-4 | beschut_wonen           | 101.5, 481.5 | BU90020102 | openbaar    | 2025 planvorming 6 |
| TINY-5 | skaeve_huse             | 103.5, 482.5 | BU90030202 | openbaar    | 2024 nader         |
|        |                         |              |            |             | onderzoek, unknown |
| TINY-6 | maatschappelijke_opvang | 101.5, 480.5 | BU90010102 | gebied      | 2018 in use 20,    |
|        |                         |              |            |             | July 2025 closed   |
| TINY-7 | respijt                 | 100.5, 482.5 | BU90030101 | intern      | 2023 in use 2      |

All other dates are 1 January. In use on 1 January 2026 without the internal site: GM9001
24 + 8 = 32, GM9002 8, GM9003 0, together 40. Fair shares by residents: 20, 15 and 5.
Hoover: 0.5 * (|0.8 - 0.5| + |0.2 - 0.375| + |0 - 0.125|) = 0.30.

| gemeente | type            | from | places needed |
|----------|-----------------|------|---------------|
| GM9001   | beschermd_wonen | 2023 |            12 |
| GM9001   | beschermd_wonen | 2027 |            10 |
| GM9001   | beschut_wonen   | 2023 |            18 |
| GM9002   | beschermd_wonen | 2023 |             9 |
| GM9002   | beschut_wonen   | 2020 |             6 |
| GM9002   | beschut_wonen   | 2023 |            15 |
| GM9003   | beschermd_wonen | 2023 |             0 |
| GM9003   | beschut_wonen   | 2023 |             6 |
| GM9001   | respijt         | 2023 |             2 |
| GM9003   | respijt         | 2023 |             1 |

The task of beschermd and beschut wonen on 1 January 2026: 30, 24 and 6 places, together 60.
Nobody says how many places of respijt Middendorp needs.

| omklapwoningen | BU90010101 | BU90010102 | WK900101 | BU90010201 | BU90010202 | WK900102 |
|----------------|------------|------------|----------|------------|------------|----------|
| GM9001: 40     |          3 |         12 |       15 |         11 |         14 |       25 |

Middendorp has 20 omklapwoningen and Noorderzand none; nobody counted them by wijk. The 3 stay
hidden, and with them the 12: 15 less 12 would tell.

Streets: a node every 500 m (9 by 7 = 63), 110 streets of 500 m. The southernmost row may be
cycled eastwards only, the easternmost column not at all; one can walk everywhere.

| amenity   | category   | place (km)   |
|-----------|------------|--------------|
| A-1       | huisarts   | 100.5, 480.5 |
| A-2       | huisarts   | 103.5, 481.5 |
| A-3       | supermarkt | 101.5, 480.5 |
| A-4       | ov_halte   | 102.5, 481.5 |
| A-5       | apotheek   | 103.5, 482.5 |

| ground | kind           | from (km)    | to (km)      | ha |
|--------|----------------|--------------|--------------|----|
| G-1    | water          | 100.0, 482.9 | 104.0, 483.0 | 40 |
| G-2    | natuur         | 101.0, 482.0 | 101.5, 482.5 | 25 |
| G-3    | geluidscontour | 102.0, 481.0 | 103.0, 481.5 | 50 |
"""

from __future__ import annotations

import datetime as dt
from itertools import product

import geopandas as gpd
import pandas as pd
import shapely

from data.demo import DemoRegion
from geo import frames
from geo.crs import RD

X_MIN_M, Y_MIN_M, SIDE_M, STREET_M = 100_000, 480_000, 1_000, 500
COLUMNS, ROWS = 4, 3
GEMEENTEN = {"GM9001": "Zuiderveen", "GM9002": "Middendorp", "GM9003": "Noorderzand"}
SECRET = "secret_or_absent"

#: Residents, households, address density per buurt; None is secret.
BUURTEN: dict[str, tuple[int | None, int | None, int | None]] = {
    "BU90010101": (1000, 500, 2000),
    "BU90010102": (500, 250, 1000),
    "BU90010201": (300, 150, 800),
    "BU90010202": (200, 100, 600),
    "BU90020101": (600, 300, 1200),
    "BU90020102": (400, 200, 900),
    "BU90020201": (None, None, None),
    "BU90020202": (500, 250, 700),
    "BU90030101": (200, 100, 300),
    "BU90030102": (100, 50, 200),
    "BU90030201": (100, 50, 200),
    "BU90030202": (100, 50, 100),
}
_POINTS_PER_BUURT = (4, 2, 2, 2, 2, 2, 0, 2, 1, 1, 1, 1)
_OFFSETS_M = {
    0: (),
    1: ((500, 500),),
    2: ((250, 500), (750, 500)),
    4: ((250, 250), (750, 250), (250, 750), (750, 750)),
}

#: Code, type, place, publication.
SITES = (
    ("TINY-1", "beschermd_wonen", 100_500, 480_500, "openbaar"),
    ("TINY-2", "beschut_wonen", 102_500, 480_500, "openbaar"),
    ("TINY-3", "beschut_wonen", 100_500, 481_500, "openbaar"),
    ("TINY-4", "beschut_wonen", 101_500, 481_500, "openbaar"),
    ("TINY-5", "skaeve_huse", 103_500, 482_500, "openbaar"),
    ("TINY-6", "maatschappelijke_opvang", 101_500, 480_500, "gebied"),
    ("TINY-7", "respijt", 100_500, 482_500, "intern"),
)
STATES = (
    ("TINY-1", dt.date(2015, 1, 1), "in_gebruik", 40, None),
    ("TINY-1", dt.date(2024, 1, 1), "in_gebruik", 24, None),
    ("TINY-2", dt.date(2020, 1, 1), "in_gebruik", 8, None),
    ("TINY-3", dt.date(2021, 1, 1), "besluit", 8, None),
    ("TINY-3", dt.date(2022, 1, 1), "in_gebruik", 8, None),
    ("TINY-4", dt.date(2025, 1, 1), "planvorming", 6, None),
    ("TINY-5", dt.date(2024, 1, 1), "nader_onderzoek", None, None),
    ("TINY-6", dt.date(2018, 1, 1), "in_gebruik", 20, None),
    ("TINY-6", dt.date(2025, 7, 1), "afgebouwd", 0, "De opvang is verdeeld over de regio."),
    ("TINY-7", dt.date(2023, 1, 1), "in_gebruik", 2, None),
)
#: Gemeente, type, from year, places needed.
TASKS = (
    ("GM9001", "beschermd_wonen", 2023, 12),
    ("GM9001", "beschermd_wonen", 2027, 10),
    ("GM9001", "beschut_wonen", 2023, 18),
    ("GM9002", "beschermd_wonen", 2023, 9),
    ("GM9002", "beschut_wonen", 2020, 6),
    ("GM9002", "beschut_wonen", 2023, 15),
    ("GM9003", "beschermd_wonen", 2023, 0),
    ("GM9003", "beschut_wonen", 2023, 6),
    ("GM9001", "respijt", 2023, 2),
    ("GM9003", "respijt", 2023, 1),
)
HOMES = tuple(
    (code, "omklapwoning", count)
    for code, count in {
        "BU90010101": 3,
        "BU90010102": 12,
        "BU90010201": 11,
        "BU90010202": 14,
        "WK900101": 15,
        "WK900102": 25,
        "GM9001": 40,
        "GM9002": 20,
        "GM9003": 0,
    }.items()
)
AMENITIES = (
    ("A-1", "huisarts", 100_500, 480_500),
    ("A-2", "huisarts", 103_500, 481_500),
    ("A-3", "supermarkt", 101_500, 480_500),
    ("A-4", "ov_halte", 102_500, 481_500),
    ("A-5", "apotheek", 103_500, 482_500),
)
GROUND = (
    ("G-1", "water", (100_000, 482_900, 104_000, 483_000)),
    ("G-2", "natuur", (101_000, 482_000, 101_500, 482_500)),
    ("G-3", "geluidscontour", (102_000, 481_000, 103_000, 481_500)),
)


def tiny_world() -> DemoRegion:
    """All frames of the world drawn above."""
    return DemoRegion(
        areas=_areas(),
        figures=_figures(),
        sites=_sites(),
        site_states=_site_states(),
        amenities=_amenities(),
        population_points=_population_points(),
        tasks=_tasks(),
        homes=_homes(),
        street_nodes=_street_nodes(),
        street_edges=_street_edges(),
        land_use=_ground(),
        version="tiny-1",
    )


def _square(number: int) -> shapely.Polygon:
    row, column = divmod(number, COLUMNS)
    x_m, y_m = X_MIN_M + column * SIDE_M, Y_MIN_M + row * SIDE_M
    return shapely.box(x_m, y_m, x_m + SIDE_M, y_m + SIDE_M)


def _wijk_code(buurt_code: str) -> str:
    return f"WK{buurt_code[2:8]}"


def _gemeente_code(area_code: str) -> str:
    return f"GM{area_code[2:6]}"


def _members() -> dict[str, list[str]]:
    """Every area with the buurten it is made of: gemeenten, wijken, buurten."""
    members: dict[str, list[str]] = {}
    for to_code in (_gemeente_code, _wijk_code, str):
        for buurt_code in BUURTEN:
            members.setdefault(to_code(buurt_code), []).append(buurt_code)
    return members


def _areas() -> gpd.GeoDataFrame:
    levels = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}
    squares = {code: _square(number) for number, code in enumerate(BUURTEN)}
    members = _members()
    codes = list(members)
    areas = gpd.GeoDataFrame(
        {
            "level": [levels[code[:2]] for code in codes],
            "name": [GEMEENTEN.get(code, f"{levels[code[:2]]} {code[2:]}") for code in codes],
            "gemeente_code": [_gemeente_code(code) for code in codes],
            "gemeente_name": [GEMEENTEN[_gemeente_code(code)] for code in codes],
            "wijk_code": [None if code[:2] == "GM" else _wijk_code(code) for code in codes],
            "in_region": True,
            "is_water": False,
            "land_area_ha": [100.0 * len(members[code]) for code in codes],
        },
        geometry=[
            _multi(shapely.coverage_union_all([squares[buurt] for buurt in members[code]]))
            for code in codes
        ],
        crs=RD,
        index=pd.Index(codes, name="area_code"),
    )
    return frames.check(areas, frames.AREAS)


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(shape).tolist())


def _figures() -> pd.DataFrame:
    rows: list[tuple[str, str, float | None]] = []
    for code, buurten in _members().items():
        for place, figure in enumerate(("inwoners", "huishoudens")):
            counts = [BUURTEN[buurt][place] for buurt in buurten]
            known = [count for count in counts if count is not None]
            rows.append((code, figure, sum(known) if known else None))
        if code in BUURTEN:
            rows.append((code, "omgevingsadressendichtheid", BUURTEN[code][2]))
        rows.append((code, "oppervlakte_land_ha", 100.0 * len(buurten)))
    figures = pd.DataFrame(rows, columns=["area_code", "figure", "value"])
    figures["value"] = figures["value"].astype(float)
    figures["reason"] = [SECRET if unknown else None for unknown in figures["value"].isna()]
    return frames.check(figures, frames.FIGURES)


def _sites() -> gpd.GeoDataFrame:
    sites = gpd.GeoDataFrame(
        {
            "name": [f"Proeflocatie {code[-1]} (voorbeeld)" for code, *_ in SITES],
            "type": [site_type for _, site_type, *_ in SITES],
            "provider": "Zorgaanbieder A (voorbeeld)",
            "address": None,
            "description": None,
            "publication": [publication for *_, publication in SITES],
            "valid_from": None,
            "valid_to": None,
        },
        geometry=[shapely.Point(x_m, y_m) for _, _, x_m, y_m, _ in SITES],
        crs=RD,
        index=pd.Index([code for code, *_ in SITES], name="site_code"),
    )
    return frames.check(sites, frames.SITES)


def _site_states() -> pd.DataFrame:
    states = pd.DataFrame(list(STATES), columns=list(frames.SITE_STATES.columns))
    states["capacity_count"] = states["capacity_count"].astype("Int64")
    return frames.check(states, frames.SITE_STATES)


def _amenities() -> gpd.GeoDataFrame:
    amenities = gpd.GeoDataFrame(
        {
            "category": [category for _, category, *_ in AMENITIES],
            "name": [f"Proefvoorziening {code[-1]} (voorbeeld)" for code, *_ in AMENITIES],
        },
        geometry=[shapely.Point(x_m, y_m) for *_, x_m, y_m in AMENITIES],
        crs=RD,
        index=pd.Index([code for code, *_ in AMENITIES], name="amenity_code"),
    )
    return frames.check(amenities, frames.AMENITIES)


def _ground() -> gpd.GeoDataFrame:
    ground = gpd.GeoDataFrame(
        {"kind": [kind for _, kind, _ in GROUND], "name": None},
        geometry=[shapely.box(*corners) for *_, corners in GROUND],
        crs=RD,
        index=pd.Index([code for code, *_ in GROUND], name="land_code"),
    )
    return frames.check(ground, frames.LAND_USE)


def _population_points() -> gpd.GeoDataFrame:
    rows = []
    for number, (code, count) in enumerate(zip(BUURTEN, _POINTS_PER_BUURT, strict=True)):
        x_m, y_m = _square(number).bounds[:2]
        for turn, (right_m, up_m) in enumerate(_OFFSETS_M[count], start=1):
            residents = (BUURTEN[code][0] or 0) // count
            rows.append((f"{code}-{turn}", residents, shapely.Point(x_m + right_m, y_m + up_m)))
    points = gpd.GeoDataFrame(
        {"resident_count": [residents for _, residents, _ in rows]},
        geometry=[point for *_, point in rows],
        crs=RD,
        index=pd.Index([code for code, *_ in rows], name="point_code"),
    )
    return frames.check(points, frames.POPULATION_POINTS)


def _homes() -> pd.DataFrame:
    homes = pd.DataFrame(list(HOMES), columns=list(frames.HOMES.columns))
    return frames.check(homes, frames.HOMES)


def _tasks() -> pd.DataFrame:
    tasks = pd.DataFrame(list(TASKS), columns=list(frames.TASKS.columns))
    return frames.check(tasks, frames.TASKS)


def _corners() -> list[tuple[int, int]]:
    """Street corners, row by row from the south-west; the place in the list is the node id."""
    steps = SIDE_M // STREET_M
    grid = product(range(ROWS * steps + 1), range(COLUMNS * steps + 1))
    return [(X_MIN_M + column * STREET_M, Y_MIN_M + row * STREET_M) for row, column in grid]


def _street_nodes() -> gpd.GeoDataFrame:
    corners = _corners()
    nodes = gpd.GeoDataFrame(
        geometry=shapely.points(corners),
        crs=RD,
        index=pd.RangeIndex(len(corners), name="node_id"),
    )
    return frames.check(nodes, frames.STREET_NODES)


def _street_edges() -> gpd.GeoDataFrame:
    corners = _corners()
    node_ids = {corner: node_id for node_id, corner in enumerate(corners)}
    pairs = [
        ((x_m, y_m), neighbour)
        for x_m, y_m in corners
        for neighbour in ((x_m + STREET_M, y_m), (x_m, y_m + STREET_M))
        if neighbour in node_ids
    ]
    x_max_m = X_MIN_M + COLUMNS * SIDE_M
    cyclable = [not (start[0] == stop[0] == x_max_m) for start, stop in pairs]
    southernmost = [start[1] == stop[1] == Y_MIN_M for start, stop in pairs]
    edges = gpd.GeoDataFrame(
        {
            "from_node_id": [node_ids[start] for start, _ in pairs],
            "to_node_id": [node_ids[stop] for _, stop in pairs],
            "length_m": float(STREET_M),
            "walk": True,
            "cycle_forward": cyclable,
            "cycle_backward": [c and not s for c, s in zip(cyclable, southernmost, strict=True)],
        },
        geometry=shapely.linestrings(pairs),
        crs=RD,
        index=pd.RangeIndex(len(pairs), name="edge_id"),
    )
    return frames.check(edges, frames.STREET_EDGES)
