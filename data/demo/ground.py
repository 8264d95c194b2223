"""Uses of the ground in the demo region: hand-set points and lines, made wide.

A drawing by eye, rounded to 100 m, so that the coast, the canals, the lakes, the airport and the
railways can be recognised; none of it is a survey or a legal boundary. The Ringvaart and the
Noordzeekanaal run along the buurten on their shores, as the streets have it. Nobody lives in the
water, on the beach or on the tracks: around a place there is land.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.demo.region import RegionFacts
from data.demo.streets import NORTH_SHORE, RING_SHORE, shores
from geo import frames
from geo.crs import RD

SCHEMATIC = "(schematisch)"
ROUNDED_M = 100
#: Coordinates are whole metres.
_GRID_M = 1.0
#: So far around a home, a shop or a site there is land.
_LAND_M = 35.0
#: What people do live in: it asks attention, or forbids new homes only.
_LIVED_IN = frozenset(
    {"geluidscontour", "geluid_afwegen", "natuur", "waterkering", "drinkwater", "bedrijventerrein"}
)

Points = tuple[tuple[int, int], ...]

SEA_M = (92_000, 482_500, 102_100, 505_000)
COAST_M: tuple[Points, ...] = (
    ((94_000, 482_500), (96_000, 487_000), (97_500, 491_000), (99_000, 495_000), (98_500, 497_000)),
    ((99_500, 498_500), (100_500, 500_500), (101_500, 505_000)),
)
BEACH_WIDE_M = 150.0
#: The first row of dunes lies behind the beach.
DUNES_WIDE_M = 400.0

RINGVAART_HALF_M = 20.0
CANAL_HALF_M = 60.0
#: East of Velsen the canal is the edge of the region.
CANAL_EAST_M: Points = (
    (106_500, 497_000),
    (108_000, 495_500),
    (109_500, 494_500),
    (111_000, 494_000),
)
SPAARNE_HALF_M = 30.0
SPAARNE_M: Points = (
    (103_900, 483_600),
    (104_300, 484_800),
    (103_900, 486_000),
    (104_300, 486_900),
    (104_100, 487_700),
    (104_500, 488_300),
    (104_500, 489_100),
    (105_000, 490_000),
    (105_800, 490_900),
    (106_300, 491_100),
)
LAKES_M: tuple[tuple[str, Points], ...] = (
    (
        "Mooie Nel",
        (
            (106_300, 490_800),
            (106_700, 490_700),
            (106_800, 491_100),
            (106_700, 491_600),
            (106_300, 491_500),
            (106_200, 491_100),
        ),
    ),
    (
        "Molenplas",
        ((105_800, 484_300), (106_200, 484_500), (106_100, 484_900), (105_700, 484_700)),
    ),
    (
        "Toolenburgerplas",
        ((103_800, 478_600), (104_100, 478_500), (104_200, 478_800), (103_900, 478_900)),
    ),
    (
        "Westeinderplassen",
        (
            (109_500, 473_300),
            (111_000, 472_500),
            (113_000, 474_000),
            (113_300, 475_800),
            (112_200, 476_100),
            (110_500, 475_000),
        ),
    ),
)

RUNWAY_HALF_M = 75.0
RUNWAYS_M: tuple[tuple[str, Points], ...] = (
    ("Polderbaan", ((109_000, 486_000), (108_800, 482_300))),
    ("Zwanenburgbaan", ((110_900, 482_800), (110_700, 479_500))),
    ("Aalsmeerbaan", ((113_600, 481_700), (113_400, 478_300))),
    ("Kaagbaan", ((110_400, 478_000), (113_400, 479_800))),
    ("Buitenveldertbaan", ((111_300, 481_200), (114_800, 481_300))),
    ("Oostbaan", ((113_800, 479_300), (115_200, 480_800))),
)
AIRPORT_M: Points = (
    (110_400, 483_000),
    (111_300, 483_000),
    (111_400, 481_700),
    (114_900, 481_800),
    (115_400, 480_900),
    (114_000, 479_000),
    (113_700, 478_000),
    (113_100, 478_000),
    (112_900, 479_100),
    (110_600, 477_700),
    (110_200, 478_200),
    (110_400, 479_400),
)
#: How far beyond the ends of a runway, and how far beside it, a zone of noise reaches.
NO_HOMES_M = (1_000.0, 350.0)
WEIGHED_M = (4_000.0, 1_200.0)

RAILWAY_HALF_M = 25.0
RAILWAYS_M: tuple[tuple[str, Points], ...] = (
    (
        "Spoor Haarlem - Amsterdam",
        (
            (104_000, 489_100),
            (105_000, 488_800),
            (106_300, 488_500),
            (108_500, 488_500),
            (111_300, 488_900),
            (112_500, 489_000),
        ),
    ),
    (
        "Spoor Haarlem - Leiden",
        (
            (104_000, 489_100),
            (103_200, 488_700),
            (102_500, 487_600),
            (101_800, 486_000),
            (100_800, 483_500),
            (99_800, 481_600),
        ),
    ),
    (
        "Spoor Haarlem - Zandvoort",
        (
            (104_000, 489_100),
            (103_300, 489_100),
            (102_600, 489_300),
            (101_800, 489_500),
            (99_500, 488_500),
            (97_800, 488_000),
            (96_800, 487_900),
        ),
    ),
    (
        "Spoor Haarlem - Heemskerk",
        (
            (104_000, 489_100),
            (103_300, 489_500),
            (103_100, 490_500),
            (103_200, 491_300),
            (103_500, 492_700),
            (104_100, 494_400),
            (104_000, 495_800),
            (104_400, 497_200),
            (105_300, 499_200),
            (107_400, 501_000),
            (107_600, 502_500),
        ),
    ),
    (
        "Spoor Hoofddorp - Leiden",
        (
            (110_300, 479_500),
            (108_200, 478_600),
            (104_700, 475_400),
            (101_500, 471_500),
        ),
    ),
)

CEMETERIES_M: tuple[Points, ...] = (
    ((102_700, 490_400), (103_000, 490_400), (103_000, 490_600), (102_700, 490_600)),
    ((105_200, 482_300), (105_500, 482_300), (105_500, 482_500), (105_200, 482_500)),
    ((104_300, 501_100), (104_500, 501_100), (104_500, 501_300), (104_300, 501_300)),
)

#: What asks attention: its kind, its name and its corners.
ATTENTION_M: tuple[tuple[str, str, Points], ...] = (
    (
        "natuur",
        "Duinen bij Bloemendaal",
        (
            (97_700, 491_000),
            (99_100, 494_900),
            (100_500, 494_500),
            (101_800, 491_500),
            (101_500, 489_800),
            (99_500, 489_000),
            (98_200, 489_200),
        ),
    ),
    (
        "natuur",
        "Duinen bij Zandvoort",
        (
            (94_300, 482_600),
            (96_100, 486_900),
            (98_500, 486_500),
            (99_500, 483_500),
            (98_900, 480_800),
        ),
    ),
    (
        "drinkwater",
        "Duinen bij Zandvoort",
        ((95_500, 483_500), (97_000, 486_500), (98_500, 486_300), (98_700, 483_000)),
    ),
    (
        "bedrijventerrein",
        "Waarderpolder",
        (
            (105_000, 489_200),
            (105_800, 489_000),
            (106_700, 489_300),
            (106_700, 490_600),
            (105_800, 490_700),
            (105_000, 489_900),
        ),
    ),
    (
        "bedrijventerrein",
        "Staalfabriek",
        ((101_800, 499_200), (104_000, 499_300), (103_800, 501_800), (101_300, 502_200)),
    ),
)


def draw_ground(
    facts: RegionFacts,
    cells: npt.NDArray[np.object_],
    outline: shapely.Polygon,
    places: npt.NDArray[np.object_],
) -> gpd.GeoDataFrame:
    """The LAND_USE frame; ``cells`` are those of the buurten, ``places`` where people are."""
    drawn = [
        *_water(facts, cells, outline),
        *_coast(outline),
        *_airport(),
        *_named("spoor", RAILWAYS_M, RAILWAY_HALF_M),
        *(("begraafplaats", "Begraafplaats", shapely.Polygon(area)) for area in CEMETERIES_M),
        *((kind, name, shapely.Polygon(area)) for kind, name, area in ATTENTION_M),
    ]
    table = pd.DataFrame(drawn, columns=["kind", "name", "shape"])
    land = shapely.union_all(shapely.buffer(places, _LAND_M, quad_segs=2))
    shapes = [
        _whole_metres(shape if kind in _LIVED_IN else shapely.difference(shape, land))
        for kind, shape in zip(table["kind"], table["shape"], strict=True)
    ]
    number = table.groupby("kind").cumcount() + 1
    codes = table["kind"] + "-" + number.astype(str).str.zfill(2)
    ground = gpd.GeoDataFrame(
        {"kind": table["kind"], "name": table["name"] + f" {SCHEMATIC}"}, geometry=shapes, crs=RD
    )
    return frames.check(ground.set_index(pd.Index(codes, name="land_code")), frames.LAND_USE)


_Drawn = Iterator[tuple[str, str, shapely.Geometry]]


def _water(facts: RegionFacts, cells: npt.NDArray[np.object_], outline: shapely.Polygon) -> _Drawn:
    shore = shores(facts)
    ring, north, south = (
        shapely.coverage_union_all(cells[mask])
        for mask in (shore == RING_SHORE, shore == NORTH_SHORE, shore != NORTH_SHORE)
    )
    yield "water", "Noordzee", shapely.difference(shapely.box(*SEA_M), outline)
    between = shapely.intersection(north.boundary, south.boundary)
    canal = shapely.union_all([between, shapely.LineString(CANAL_EAST_M)])
    yield "water", "Noordzeekanaal", _wide(canal, CANAL_HALF_M)
    yield "water", "Ringvaart", _wide(ring.boundary, RINGVAART_HALF_M)
    yield "water", "Spaarne", _wide(shapely.LineString(SPAARNE_M), SPAARNE_HALF_M)
    for name, corners in LAKES_M:
        yield "water", name, shapely.Polygon(corners)


def _coast(outline: shapely.Polygon) -> _Drawn:
    """The beach along the sea, and behind it the dunes that keep the sea out."""
    for line in map(shapely.LineString, COAST_M):
        beach = shapely.buffer(line, BEACH_WIDE_M, quad_segs=2)
        dunes = shapely.difference(shapely.buffer(line, DUNES_WIDE_M, quad_segs=2), beach)
        yield "strand", "Strand", shapely.intersection(beach, outline)
        yield "waterkering", "Eerste duinen", shapely.intersection(dunes, outline)


def _airport() -> _Drawn:
    yield from _named("startbaan", RUNWAYS_M, RUNWAY_HALF_M)
    yield "luchthaven", "Luchthaven", shapely.Polygon(AIRPORT_M)
    no_homes, weighed = (
        shapely.union_all([_zone(points, *reach_m) for _, points in RUNWAYS_M])
        for reach_m in (NO_HOMES_M, WEIGHED_M)
    )
    yield "geluidscontour", "Geluid van vliegtuigen", no_homes
    yield "geluid_afwegen", "Geluid van vliegtuigen", shapely.difference(weighed, no_homes)


def _named(kind: str, lines: tuple[tuple[str, Points], ...], half_m: float) -> _Drawn:
    for name, points in lines:
        yield kind, name, _wide(shapely.LineString(points), half_m)


def _zone(runway: Points, beyond_m: float, beside_m: float) -> shapely.Geometry:
    """The ground around a runway, drawn out beyond both ends."""
    start, stop = np.array(runway, dtype=float)
    ahead = (stop - start) / np.hypot(*(stop - start)) * beyond_m
    line = shapely.LineString([start - ahead, stop + ahead])
    return shapely.buffer(line, beside_m, quad_segs=4)


def _wide(line: shapely.Geometry, half_m: float) -> shapely.Geometry:
    return shapely.buffer(line, half_m, quad_segs=2, cap_style="flat", join_style="mitre")


def _whole_metres(shape: shapely.Geometry) -> shapely.MultiPolygon:
    rounded = shapely.set_precision(shape, _GRID_M)
    return shapely.MultiPolygon(shapely.get_parts(rounded).tolist())
