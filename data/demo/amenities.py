"""Example amenities: as many as people need, on the street corners of their buurten.

Stations and hospitals are real places, by hand and to 100 m; everything else is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.region import RegionFacts
from data.demo.streets import Streets
from geo import frames
from geo.crs import RD

PER = 10_000


@dataclass(frozen=True)
class AmenityKind:
    """How many of a category there are per 10,000 residents, and how near the buurt's centre.

    ``central_share`` is the part of the nodes of a buurt, from the centre outwards, among which
    the place is drawn.
    """

    category: str
    title: str
    per_10_000: float
    central_share: float


#: Orders of magnitude for the whole country of some 17.9 million residents, rounded.
KINDS: tuple[AmenityKind, ...] = (
    # About 5,000 GP practices.
    AmenityKind("huisarts", "Huisartsenpraktijk", 2.8, 0.5),
    # About 2,000 public pharmacies.
    AmenityKind("apotheek", "Apotheek", 1.1, 0.4),
    # About 4,500 large supermarkets.
    AmenityKind("supermarkt", "Supermarkt", 2.5, 0.35),
    # About 25,000 places where a bus, tram or metro stops, both directions taken as one.
    AmenityKind("ov_halte", "Halte", 14.0, 1.0),
    # No national count; one for every 5,000 residents, about one a wijk.
    AmenityKind("ontmoetingsplek", "Buurthuis", 2.0, 0.5),
    # No national count; taken as three for every four community centres.
    AmenityKind("dagbesteding", "Dagbesteding", 1.5, 0.8),
    # About 6,600 places with a primary school.
    AmenityKind("basisschool", "Basisschool", 3.7, 0.7),
    # Sports halls, fields and pools: about one for every 2,000 residents.
    AmenityKind("sport", "Sportplek", 5.0, 1.0),
    # Parks and greens: about one for every 1,700 residents.
    AmenityKind("groen", "Park", 6.0, 1.0),
    # About 1,300 places of public libraries.
    AmenityKind("bibliotheek", "Bibliotheek", 0.7, 0.3),
)

#: Railway stations in the region: RD New in metres, rounded to 100 m.
STATIONS: tuple[tuple[str, int, int], ...] = (
    ("Station Haarlem", 104_000, 489_100),
    ("Station Haarlem Spaarnwoude", 106_300, 488_500),
    ("Station Heemstede-Aerdenhout", 101_800, 486_000),
    ("Station Overveen", 101_800, 489_500),
    ("Station Bloemendaal", 103_200, 491_300),
    ("Station Santpoort Zuid", 103_500, 492_700),
    ("Station Santpoort Noord", 104_100, 494_400),
    ("Station Driehuis", 104_000, 495_800),
    ("Station Beverwijk", 105_300, 499_200),
    ("Station Heemskerk", 107_400, 501_000),
    ("Station Zandvoort aan Zee", 96_800, 487_900),
    ("Station Hoofddorp", 108_200, 478_600),
    ("Station Nieuw-Vennep", 104_700, 475_400),
    ("Station Schiphol Airport", 112_300, 480_300),
    ("Station Halfweg-Zwanenburg", 111_300, 488_900),
)

#: Hospitals and outpatient clinics in 2016 (RIVM), rounded to 100 m. The list also names a
#: clinic in IJmuiden, with the address of the one in Heemskerk; it is left out.
HOSPITALS_YEAR = 2016
HOSPITALS: tuple[tuple[str, int, int], ...] = (
    ("Spaarne Gasthuis Haarlem-Zuid", 105_000, 486_800),
    ("Spaarne Gasthuis Haarlem-Noord", 104_800, 493_000),
    ("Spaarne Gasthuis Hoofddorp", 105_000, 482_000),
    ("Spaarne Gasthuis Heemstede (polikliniek)", 103_600, 485_500),
    ("Spaarne Gasthuis Nieuw-Vennep (polikliniek)", 103_200, 476_400),
    ("Rode Kruis Ziekenhuis Beverwijk", 105_000, 499_300),
    ("Rode Kruis Ziekenhuis Heemskerk (polikliniek)", 106_600, 503_700),
)


def place_amenities(
    facts: RegionFacts, streets: Streets, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """The AMENITIES frame: the made-up ones by kind, then stations and hospitals."""
    outward = streets.outward(facts)
    parts = [_place_kind(kind, facts, streets, outward, rng) for kind in KINDS]
    parts += [_known("treinstation", STATIONS), _known("ziekenhuis", HOSPITALS)]
    table = pd.concat(parts, ignore_index=True)
    number = table.groupby("category").cumcount() + 1
    codes = table["category"] + "-" + number.astype(str).str.zfill(4)
    amenities = gpd.GeoDataFrame(table, geometry="geometry", crs=RD)
    return frames.check(amenities.set_index(pd.Index(codes, name="amenity_code")), frames.AMENITIES)


def _place_kind(
    kind: AmenityKind,
    facts: RegionFacts,
    streets: Streets,
    outward: dict[str, np.typing.NDArray[np.int64]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    nodes: list[int] = []
    for buurt_code, count in _counts(kind.per_10_000, facts, rng).items():
        own = outward[str(buurt_code)]
        central = own[: max(int(count), round(kind.central_share * len(own)))]
        nodes += rng.choice(central, size=int(count), replace=False).tolist()
    names = [f"{kind.title} {number} (voorbeeld)" for number in range(1, len(nodes) + 1)]
    points = streets.nodes.geometry.to_numpy()[nodes]
    return pd.DataFrame({"category": kind.category, "name": names, "geometry": points})


def _counts(per_10_000: float, facts: RegionFacts, rng: np.random.Generator) -> pd.Series:
    """How many in each buurt: every so many residents one, counted through all buurten."""
    reach = facts.resident_counts.fillna(0).cumsum()
    total = round(per_10_000 * reach.iloc[-1] / PER)
    step = reach.iloc[-1] / total
    turns = (np.arange(total) + rng.random()) * step
    rows = np.searchsorted(reach.to_numpy(), turns, side="right")
    counts = np.bincount(rows, minlength=len(reach))
    return pd.Series(counts, index=reach.index)[lambda values: values > 0]


def _known(category: str, places: tuple[tuple[str, int, int], ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": category,
            "name": [name for name, _, _ in places],
            "geometry": [shapely.Point(x_m, y_m) for _, x_m, y_m in places],
        }
    )
