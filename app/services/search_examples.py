"""The case of today that the method page of search areas works its example out with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from analysis.search_areas.assessment import CellCase
from app.services.lists import SourceLine
from app.services.search_areas import SearchAnswer, read_search_question, search_areas
from data.queries.streets import NoStreets

#: The type of the example: it asks for things near, and for distance.
EXAMPLE_TYPE = "skaeve_huse"
NO_AREA = "Er is nu geen zoekgebied om mee te rekenen."


@dataclass(frozen=True, eq=False)
class SearchExample:
    """One square in the first search area of today; without one, the reason."""

    case: CellCase | None
    reason: str
    sources: tuple[SourceLine, ...]


def search_example(connection: Connection, home: Path, on: dt.date) -> SearchExample:
    """The square in the midst of the first area; NotFound without areas."""
    try:
        answer = search_areas(connection, home, read_search_question(EXAMPLE_TYPE, on))
    except NoStreets as missing:
        return SearchExample(None, str(missing), ())
    if answer.found.areas.empty:
        return SearchExample(None, NO_AREA, answer.sources)
    return SearchExample(_case(answer), "", answer.sources)


def _case(answer: SearchAnswer) -> CellCase:
    found = answer.found
    first = found.areas.iloc[0]
    cells = found.cells
    here = (cells["x_m"] == first["x_m"]) & (cells["y_m"] == first["y_m"])
    code = str(cells.index[here][0])
    return CellCase(
        code,
        answer.name_of(first["gemeente_code"]),
        answer.question.type.label,
        float(found.facts.ground.cells["excluded_share"].to_dict()[code]),
        cells[here].iloc[0],
        found.conditions,
        answer.question.profile.asks_distance,
    )
