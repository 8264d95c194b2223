"""Today's figures of access, one case of each measure, for the examples of the method pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.access.facts import AccessFacts, AreaRow
from analysis.access.modes import TRAVEL_MODES
from app.services.area_minutes import NO_STREETS, minutes_of_areas
from app.services.availability import reach_of_facilities
from app.services.lists import SourceLine
from data.errors import NotFound

#: The questions that the examples answer.
CATEGORY, MODE, LEVEL = "huisarts", "walk", "gemeente"


@dataclass(frozen=True, eq=False)
class AccessExample:
    """The facts for one measure, what they are about, and whose data they rest on.

    ``about`` is a Dutch phrase; ``reason`` says why there are no facts, if there are none;
    ``address`` is the page that shows all of it.
    """

    facts: AccessFacts
    about: str = ""
    sources: tuple[SourceLine, ...] = ()
    reason: str | None = None
    address: str | None = None
    link: str = ""


def access_example(
    connection: Connection, home: Path, key: str, on: dt.date
) -> AccessExample | None:
    """The facts for the measure with this key; without streets only the reason why not.

    None for a measure that has no example.
    """
    if key not in _EXAMPLES:
        return None
    try:
        return _EXAMPLES[key](connection, home, on)
    except NotFound:
        return AccessExample(AccessFacts(), reason=NO_STREETS)


def _reach(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    found = reach_of_facilities(connection, home, on=on)
    question = found.question
    row = _largest(found.table, "share")
    if row is None:
        return AccessExample(AccessFacts(), reason=str(found.region["reason"]))
    area = AreaRow(str(row["name"]), question.places, question.mode, row)
    return AccessExample(
        AccessFacts(within=area, shared=area),
        f"Van inwoners naar {question.places} in gebruik, {question.mode.label}",
        found.sources,
    )


def _typical(connection: Connection, home: Path, on: dt.date) -> AccessExample:
    found = minutes_of_areas(connection, home, CATEGORY, LEVEL, MODE, on)
    question = found.question
    row = _largest(found.table, "median_min")
    if row is None:
        return AccessExample(AccessFacts(), reason=str(found.region["reason"]))
    mode = TRAVEL_MODES[MODE]
    return AccessExample(
        AccessFacts(typical=AreaRow(str(row["name"]), question.noun, mode, row)),
        f"Van inwoners naar {question.noun} die het dichtst bij is, {mode.label}",
        found.sources,
    )


def _largest(table: pd.DataFrame, figure: str) -> pd.Series | None:
    """The area with the most residents of those with this figure, None when there is none."""
    known = table[table[figure].notna()].sort_values("resident_count", kind="stable")
    return known.iloc[-1] if len(known) else None


_EXAMPLES: dict[str, Callable[[Connection, Path, dt.date], AccessExample]] = {
    "bereik_binnen_15_minuten": _reach,
    "mediaan_minuten": _typical,
    "plekken_binnen_bereik": _reach,
}
