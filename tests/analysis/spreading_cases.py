"""Areas that the spreading tests share: the real region of 2024, and made-up ones."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from hypothesis import strategies as st

#: Inhabitants on 1 January 2024 (CBS wijken en buurten 2024): 551,130 in the region.
RESIDENTS_2024 = {
    "Beverwijk": 42880,
    "Bloemendaal": 23780,
    "Haarlem": 167670,
    "Haarlemmermeer": 163115,
    "Heemskerk": 39455,
    "Heemstede": 27580,
    "Velsen": 69175,
    "Zandvoort": 17475,
}
GEMEENTE_CODES = {
    "Beverwijk": "GM0375",
    "Bloemendaal": "GM0377",
    "Haarlem": "GM0392",
    "Haarlemmermeer": "GM0394",
    "Heemskerk": "GM0396",
    "Heemstede": "GM0397",
    "Velsen": "GM0453",
    "Zandvoort": "GM0473",
}
#: The places of the made-up example: 312, more than half of them in Haarlem.
EXAMPLE_PLACES = {
    "Beverwijk": 20,
    "Bloemendaal": 4,
    "Haarlem": 180,
    "Haarlemmermeer": 40,
    "Heemskerk": 16,
    "Heemstede": 12,
    "Velsen": 36,
    "Zandvoort": 4,
}
#: The six gemeenten of Maastricht-Heuvelland, inhabitants rounded to hundreds (for the case only).
HEUVELLAND = {
    "Eijsden-Margraten": 25800,
    "Gulpen-Wittem": 14100,
    "Maastricht": 121600,
    "Meerssen": 18700,
    "Vaals": 10100,
    "Valkenburg aan de Geul": 16400,
}
#: Zicht op Thuis (2021), paragraph 2.2: seven organisations, all in Maastricht.
MAASTRICHT_SHELTERS = (35, 50, 15, 15, 2, 15, 32)


def region(places: Mapping[str, int | None]) -> pd.DataFrame:
    """The eight gemeenten with these places; a gemeente not named is unknown."""
    codes = pd.Index([GEMEENTE_CODES[name] for name in RESIDENTS_2024], name="area_code")
    counts = [places.get(name) for name in RESIDENTS_2024]
    return pd.DataFrame(
        {
            "name": list(RESIDENTS_2024),
            "weight": list(RESIDENTS_2024.values()),
            "capacity_count": pd.array(counts, dtype="Int64"),
        },
        index=codes,
    )


def areas_of(weights: Mapping[str, float | None], places: Mapping[str, int | None]) -> pd.DataFrame:
    """Areas whose code is their name."""
    return pd.DataFrame(
        {
            "name": list(weights),
            "weight": pd.array(list(weights.values()), dtype="Float64"),
            "capacity_count": pd.array([places.get(name) for name in weights], dtype="Int64"),
        },
        index=pd.Index(list(weights), name="area_code"),
    )


def sites_of(places: Mapping[str, int | None], most_places: int = 12) -> pd.Series:
    """Sites of at most so many places that add up to these; the index is the area of each."""
    sizes = [
        (code, min(most_places, count - start))
        for code, count in places.items()
        if count is not None
        for start in range(0, count, most_places)
    ]
    codes = pd.Index([code for code, _ in sizes], name="area_code", dtype="object")
    return pd.Series([size for _, size in sizes], codes, name="capacity_count", dtype="int64")


def region_sites(places: Mapping[str, int | None]) -> pd.Series:
    """The same for places by the name of a gemeente."""
    return sites_of({GEMEENTE_CODES[name]: count for name, count in places.items()})


@st.composite
def two_columns(draw: st.DrawFn, most_areas: int = 12) -> tuple[pd.Series, pd.Series]:
    """Places and residents of 2 to ``most_areas`` areas, at least one place and one resident."""
    size = draw(st.integers(2, most_areas))
    counts = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size).filter(any))
    weights = draw(st.lists(st.integers(1, 200_000), min_size=size, max_size=size))
    index = pd.Index([f"WK{i:03}" for i in range(size)], name="area_code")
    return pd.Series(counts, index, dtype="int64"), pd.Series(weights, index, dtype="int64")
