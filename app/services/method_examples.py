"""The method with today's numbers: a worked example of every measure and figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.method import (
    CHANGE,
    CLUSTERING,
    COMPARING,
    DIALOGUE,
    EXPOSURE,
    PROTECTION,
    SEARCHING,
    SPREADING,
    SUPPORT,
    Measure,
    Wording,
)
from analysis.siting.choose import MEASURE as CHOOSING
from analysis.spreading.evenness import Evenness
from app.numbers import to_dutch, to_dutch_date, to_dutch_significant
from app.services.access_examples import access_example
from app.services.clustering import clustering_of
from app.services.comparing_examples import TOO_LITTLE, comparing_example
from app.services.exposure_examples import exposure_example
from app.services.home_counts import homes_example
from app.services.importance_examples import importance_example
from app.services.lists import SourceLine
from app.services.search_examples import search_example
from app.services.siting_examples import siting_example
from app.services.spreading import OPENING, answer, opening_question
from app.services.spreading_series import read_series_question, spreading_series
from app.services.support_examples import support_example
from data.figures import FigureDefinition, missing_reason
from data.queries.areas import areas, figures
from data.queries.releases import Release, area_release
from geo.frames import LEVELS, Level


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """A measure worked out with the numbers of today; ``text`` None when these give none.

    ``about`` says what it is about, ``reason`` (a Dutch sentence) why there is no example.
    ``address`` is the page that shows the whole, if there is one; ``link`` what that link says.
    """

    text: str | None
    about: str
    sources: tuple[SourceLine, ...]
    reason: str
    address: str | None
    link: str


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


def worked_example(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    """The measure worked out with the figures of its group on this date."""
    if measure.group is SPREADING:
        return _of_spreading(connection, measure, on)
    if measure.group is CHANGE:
        return _of_change(connection, measure, on)
    if measure.group is CLUSTERING:
        return _of_clustering(connection, home, measure, on)
    if measure.group is EXPOSURE:
        return _of_exposure(connection, home, measure, on)
    if measure is CHOOSING:
        return _of_siting(connection, measure, on)
    if measure.group is SEARCHING:
        return _of_search_areas(connection, home, measure, on)
    if measure.group is COMPARING:
        return _of_comparing(connection, home, measure, on)
    if measure.group is DIALOGUE:
        return _of_dialogue(connection, home, measure, on)
    if measure.group is SUPPORT:
        return _of_support(connection, measure)
    if measure.group is PROTECTION:
        return _of_homes(connection, measure)
    return _of_access(connection, home, measure, on)


def _of_spreading(connection: Connection, measure: Measure[Any], on: dt.date) -> WorkedExample:
    found = answer(connection, opening_question(on))
    question = found.question
    return WorkedExample(
        text=measure.example(found.spreading, found.wording, to_dutch_significant),
        about=(
            f"{question.types_label} in gebruik per {question.level.label}, op {to_dutch_date(on)}"
        ),
        sources=(
            SourceLine("gebieden", "Gebieden en inwoners", found.release),
            *(SourceLine("locaties", "Locaties en plekken", of) for of in found.site_releases),
        ),
        reason=_why_no_example(measure, found.spreading.evenness),
        address="/spreiding",
        link="Bekijk de hele verdeling",
    )


def _of_change(connection: Connection, measure: Measure[Any], on: dt.date) -> WorkedExample:
    level, base, plans = (OPENING[name] for name in ("niveau", "basis", "plannen"))
    question = read_series_question([OPENING["soort"]], level, base, plans, on)
    found = spreading_series(connection, question)
    question = found.question
    return WorkedExample(
        text=measure.example(found.change, question.now.wording, to_dutch_significant),
        about=(
            f"{question.now.types_label} in gebruik per {question.now.level.label}, op "
            f"{to_dutch_date(on)} vergeleken met {to_dutch_date(question.since)}"
        ),
        sources=(
            *(SourceLine("gebieden", "Gebieden en inwoners", of) for of in found.area_releases),
            *(SourceLine("locaties", "Locaties en plekken", of) for of in found.site_releases),
        ),
        reason=" ".join(reason.label for reason in found.change.reasons),
        address="/spreiding/verloop",
        link="Bekijk de verdeling door de jaren",
    )


def _why_no_example(measure: Measure[Any], evenness: Evenness) -> str:
    reasons = {
        "gini_index": evenness.gini.reason,
        "theil_index": evenness.theil.reason,
        "band_door_toeval": evenness.hoover.reason or evenness.band_reason,
    }
    reason = reasons.get(measure.key)
    return reason.label if reason else "Er zijn te weinig plekken om te verdelen."


def _of_clustering(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    question = opening_question(on)
    found = clustering_of(connection, home, question)
    reason = found.clustering.reason_of(measure.key)
    return WorkedExample(
        text=measure.example(found.clustering, found.wording, to_dutch_significant),
        about=f"{question.types_label} in gebruik, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=reason.label if reason else "Er is geen cijfer om mee te rekenen.",
        address="/spreiding",
        link="Bekijk de hele verdeling",
    )


def _of_exposure(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    found = exposure_example(connection, home, on)
    return WorkedExample(
        text=measure.example(found.facts, Wording(), to_dutch_significant),
        about=f"{found.about}, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason,
        address="/spreiding/nabij",
        link="Bekijk wat er dicht bij huis is",
    )


def _of_access(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    found = access_example(connection, home, measure.key, on)
    return WorkedExample(
        text=measure.example(found.facts, Wording(), to_dutch_significant),
        about=f"{found.about}, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason or "Er is geen cijfer om mee te rekenen.",
        address=found.address,
        link=found.link,
    )


def _of_comparing(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    found = comparing_example(connection, home, on)
    text = None
    if found.comparison is not None:
        text = measure.example(found.comparison, Wording(), to_dutch_significant)
    return WorkedExample(
        text=text,
        about=f"{found.about}, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason if found.comparison is None else TOO_LITTLE,
        address=None,
        link="",
    )


def _of_dialogue(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    found = importance_example(connection, home, on)
    text = None
    if found.facts is not None:
        text = measure.example(found.facts, Wording(), to_dutch_significant)
    return WorkedExample(
        text=text,
        about=f"{found.about}, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason,
        address=found.address,
        link="Bekijk het gesprek",
    )


def _of_support(connection: Connection, measure: Measure[Any]) -> WorkedExample:
    found = support_example(connection)
    return WorkedExample(
        text=measure.example(found.facts, Wording(), to_dutch_significant),
        about=found.about,
        sources=(),
        reason=found.reason,
        address=found.address,
        link="Bekijk het gesprek",
    )


def _of_siting(connection: Connection, measure: Measure[Any], on: dt.date) -> WorkedExample:
    found = siting_example(connection, on)
    about = "" if found.kind is None else f"Openbare plannen voor {found.kind.label}"
    return WorkedExample(
        text=measure.example(found.answer, Wording(), to_dutch_significant),
        about=f"{about}, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason,
        address=None,
        link="",
    )


def _of_search_areas(
    connection: Connection, home: Path, measure: Measure[Any], on: dt.date
) -> WorkedExample:
    found = search_example(connection, home, on)
    return WorkedExample(
        text=measure.example(found.case, Wording(), to_dutch_significant),
        about=f"Eén vakje, op {to_dutch_date(on)}",
        sources=found.sources,
        reason=found.reason,
        address="/zoekgebieden",
        link="Bekijk de zoekgebieden",
    )


def _of_homes(connection: Connection, measure: Measure[Any]) -> WorkedExample:
    found = homes_example(connection, area_release(connection))
    return WorkedExample(
        text=measure.example(found[0] if found else None, Wording(), to_dutch_significant),
        about=f"Woningen in {found[1].year}" if found else "",
        sources=(found[1].source,) if found else (),
        reason="Er zijn nog geen aantallen woningen ingelezen.",
        address=f"/soorten/{found[1].numbers[0].type.key}" if found else None,
        link="Bekijk de aantallen",
    )


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
