"""The method with today's numbers: a worked example of every measure and figure."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.measures import MEASURES
from app.numbers import to_dutch, to_dutch_significant
from app.services import current
from app.services.spreading import SpreadingAnswer, answer, read_question
from data.figures import FigureDefinition, missing_reason
from data.queries.areas import areas, figures
from data.queries.releases import Release, area_release
from geo.frames import LEVELS, Level

#: The question whose answer the examples use: the one that /spreiding opens with.
TYPES, LEVEL, BASE, PLANS = "alle_locaties", "gemeente", "inwoners", "bestaand"


@dataclass(frozen=True)
class LevelFacts:
    """How much of a figure is known on one level of areas."""

    level: Level
    known_count: int
    missing: tuple[tuple[str, int], ...]
    example: str | None


@dataclass(frozen=True)
class FigureMethod:
    """Where a figure comes from and for how many areas it is known."""

    definition: FigureDefinition
    release: Release
    levels: tuple[LevelFacts, ...]


def spreading_today(connection: Connection) -> SpreadingAnswer:
    """The spreading that the examples are taken from."""
    return answer(connection, read_question([TYPES], LEVEL, current.today(), BASE, PLANS))


def example_of(key: str, found: SpreadingAnswer) -> str | None:
    """A sentence that works the measure out with the numbers of today."""
    measure = MEASURES[key]
    return measure.example(found.spreading, found.wording, to_dutch_significant)


def figure_method(connection: Connection, definition: FigureDefinition) -> FigureMethod:
    """How complete the figure is on each level, with one area as example."""
    release = area_release(connection)
    rows = figures(connection, release.id, region_only=True)
    of_figure = rows[rows["figure"] == definition.key].set_index("area_code")
    places = areas(connection, release.id, region_only=True)
    joined = places.join(of_figure)
    return FigureMethod(
        definition,
        release,
        tuple(
            _level_facts(joined[joined["level"] == level], level, definition) for level in LEVELS
        ),
    )


def _level_facts(rows: pd.DataFrame, level: Level, definition: FigureDefinition) -> LevelFacts:
    known = rows[rows["value"].notna()]
    reasons = rows.loc[rows["value"].isna(), "reason"].fillna("not_in_file").value_counts()
    example = None
    if len(known):
        row = known.sort_values("name").iloc[0]
        value = to_dutch(float(row["value"]), definition.decimals)
        example = f"{row['name']}: {definition.with_unit(value)}"
    return LevelFacts(
        level,
        len(known),
        tuple((missing_reason(str(key)).label, int(count)) for key, count in reasons.items()),
        example,
    )
