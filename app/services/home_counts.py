"""How many homes of single people an area has, in words where the number is not public."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.small_counts import HiddenFacts
from app.numbers import to_dutch
from app.services.lists import Column, SourceLine, plain
from data.queries.areas import areas
from data.queries.homes import home_counts, home_release
from data.queries.releases import Release
from geo.frames import REGION_CODE

#: Types of which only a number by area is kept.
COUNTED_TYPES = tuple(entry for entry in FACILITY_TYPES if entry.recorded.key == "area_count")
HIDDEN = "minder dan 10 of afgeschermd"
UNKNOWN = "niet bekend"
HOME_COLUMNS = tuple(
    Column(entry.plural, entry.plural.capitalize(), "whole", explanation=entry.summary)
    for entry in COUNTED_TYPES
)


@dataclass(frozen=True)
class HomeNumber:
    """Homes of one type in one area; ``count`` is None when it is hidden or not known."""

    type: FacilityType
    area_code: str
    area_name: str
    count: int | None
    is_hidden: bool

    @property
    def text(self) -> str:
        """The number, or why there is none."""
        if self.count is not None:
            return to_dutch(self.count)
        return HIDDEN if self.is_hidden else UNKNOWN


@dataclass(frozen=True)
class HomeNumbers:
    """The numbers of an area or of a type, and whose they are."""

    numbers: tuple[HomeNumber, ...]
    source: SourceLine

    @property
    def year(self) -> int:
        """The year that the numbers are about."""
        return self.source.release.year

    @property
    def has_hidden(self) -> bool:
        """Whether one of the numbers is hidden."""
        return any(number.is_hidden for number in self.numbers)


def homes_of_area(
    connection: Connection, release: Release, area_code: str, area_name: str
) -> HomeNumbers | None:
    """The homes of every type in one area; None when there are no numbers of any area."""
    delivery = home_release(connection, release.id)
    if delivery is None:
        return None
    known = _by_key(home_counts(connection, delivery.id, [area_code]))
    numbers = (_number(entry, area_code, area_name, known) for entry in COUNTED_TYPES)
    return HomeNumbers(tuple(numbers), _source(delivery))


def homes_of_type(
    connection: Connection, release: Release, entry: FacilityType
) -> HomeNumbers | None:
    """The homes of one type in every gemeente and in the region; None without any numbers."""
    delivery = home_release(connection, release.id) if entry in COUNTED_TYPES else None
    if delivery is None:
        return None
    known = _by_key(home_counts(connection, delivery.id))
    names = areas(connection, release.id, "gemeente", region_only=True)["name"]
    listed = sorted(((str(code), str(name)) for code, name in names.items()), key=_by_name)
    numbers = (
        _number(entry, code, name, known) for code, name in [*listed, (REGION_CODE, "Hele regio")]
    )
    return HomeNumbers(tuple(numbers), _source(delivery))


def _by_name(pair: tuple[str, str]) -> str:
    return plain(pair[1])


def _by_key(counts: pd.DataFrame) -> dict[tuple[str, str], tuple[int | None, bool]]:
    known = counts["home_count"].astype("object").where(counts["home_count"].notna(), None)
    keys = zip(counts["area_code"], counts["type"], strict=True)
    return dict(zip(keys, zip(known, counts["is_hidden"], strict=True), strict=True))


def _number(
    entry: FacilityType,
    area_code: str,
    area_name: str,
    known: dict[tuple[str, str], tuple[int | None, bool]],
) -> HomeNumber:
    count, is_hidden = known.get((area_code, entry.key), (None, False))
    return HomeNumber(entry, area_code, area_name, count, is_hidden)


def _source(delivery: Release) -> SourceLine:
    return SourceLine("woningen", "Gewone woningen", delivery)


def homes_by_area(
    connection: Connection, release: Release
) -> tuple[pd.DataFrame, dict[str, str], Release | None]:
    """A column for each of ``HOME_COLUMNS`` by area, why cells are empty, and whose they are."""
    delivery = home_release(connection, release.id)
    counts = home_counts(connection, -1 if delivery is None else delivery.id)
    wide = counts.pivot(index="area_code", columns="type", values="home_count")
    columns = {
        column.key: wide.get(entry.key, pd.Series(dtype="Int64")).astype("Int64")
        for entry, column in zip(COUNTED_TYPES, HOME_COLUMNS, strict=True)
    }
    hidden = counts[counts["is_hidden"]]
    labels = {
        entry.key: column.label for entry, column in zip(COUNTED_TYPES, HOME_COLUMNS, strict=True)
    }
    reasons: dict[str, list[str]] = {}
    for code, kind in zip(hidden["area_code"], hidden["type"], strict=True):
        reasons.setdefault(str(code), []).append(f"{labels[str(kind)]}: {HIDDEN}")
    return (
        pd.DataFrame(columns, index=wide.index),
        {code: "; ".join(told) for code, told in reasons.items()},
        delivery,
    )


def homes_example(
    connection: Connection, release: Release
) -> tuple[HiddenFacts, HomeNumbers] | None:
    """How many counts of the first type are published; None without any numbers."""
    entry = COUNTED_TYPES[0]
    numbers = homes_of_type(connection, release, entry)
    if numbers is None:
        return None
    counts = home_counts(connection, numbers.source.release.id)
    of_type = counts[(counts["type"] == entry.key) & (counts["area_code"] != REGION_CODE)]
    hidden = int(of_type["is_hidden"].sum())
    return HiddenFacts(entry.plural, len(of_type) - hidden, hidden), numbers
