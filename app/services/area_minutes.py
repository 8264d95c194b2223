"""How far the residents of each area are from the nearest place of a kind, in minutes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.availability import typical_minutes
from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.residents import WARNINGS
from analysis.access.sentence import NOUNS
from analysis.amenity_categories import AMENITY_CATEGORIES, AmenityCategory
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services.lists import SourceLine
from app.services.residents import (
    DailyLife,
    Floats,
    Residents,
    daily_life,
    residents_on_streets,
)
from app.services.spreading import QuestionError, find_word
from app.services.street_store import NO_STREETS
from app.words import unknown_word
from data.errors import NotFound
from data.figures import FIGURES, FigureDefinition, missing_reason
from data.queries.areas import figure_values
from data.queries.counts import site_releases
from data.queries.population import RESIDENTS, PopulationBasis
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, sites_on
from geo.frames import LEVELS, Level
from geo.network.snap import SNAP_LIMIT_M

Target = AmenityCategory | FacilityType
Basis = Literal["straten", "cbs"]
IN_USE = "in_gebruik"
NO_RESIDENTS = "Hier wonen geen mensen."
NOT_KNOWN_WHERE = "Waar de mensen hier wonen, is niet bekend."
#: What stands for the residents, in a sentence.
BASES: dict[PopulationBasis, str] = {
    "punten": "Wij meten vanaf punten die elk voor een aantal inwoners staan.",
    "buurtpunten": (
        "Waar de inwoners binnen een buurt wonen, weten wij niet. Daarom staat één punt midden in "
        "de buurt voor alle inwoners van die buurt."
    ),
}
_NO_POINTS = pd.DataFrame(
    {"minutes": [], "resident_count": []} | {f"{level}_code": [] for level in LEVELS},
    dtype="float64",
)
TOO_FAR = f"meer dan {SNAP_LIMIT_M:.0f} meter van een straat"


def type_noun(entry: FacilityType) -> str:
    """One place of a type, inside a sentence: ``een respijtplek``."""
    if entry.label.endswith("plek"):
        return f"een {entry.label.lower()}"
    return f"een locatie van de soort {entry.label}"


def warning_sentences(told: pd.Series) -> list[str]:
    """The sentences behind the warnings in a table of areas, each once."""
    every = " ".join(told.dropna())
    return [note.label for note in WARNINGS if note.label in every]


@dataclass(frozen=True)
class MinutesQuestion:
    """To the nearest of what, over which areas, how, and (for sites) on which date."""

    target: Target
    level: Level
    mode: TravelMode
    on: dt.date

    @property
    def noun(self) -> str:
        """What is measured to, inside a sentence: ``de huisarts``."""
        if isinstance(self.target, AmenityCategory):
            return NOUNS[self.target.key]
        return type_noun(self.target)


@dataclass(frozen=True, eq=False)
class AreaMinutes:
    """The answer: one row an area of the region, by its code.

    ``table`` has name, gemeente_name, resident_count (of the points), measured_count and
    unknown_count of them, unreached_count (measured, but no way leads to a place), median_min
    and p90_min (travel minutes that half and nine in ten of the measured residents stay within),
    reason (where there is no median), warning, and ``cbs_km`` where there is no median but CBS
    gives the mean distance by road. ``region`` is the same for all residents together.
    ``basis`` is ``straten`` when anything was measured, ``cbs`` when only CBS has an answer.
    """

    question: MinutesQuestion
    table: pd.DataFrame
    region: pd.Series
    basis: Basis | None
    population_basis: PopulationBasis | None
    place_count: int
    far_place_count: int
    protected_site_count: int
    release: Release
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in self.sources)

    @property
    def headline(self) -> str:
        """The answer in one sentence; true also after rounding."""
        question, minutes = self.question, self.region["median_min"]
        if pd.isna(minutes):
            told = f"Hoe lang het reizen is naar {question.noun}, is niet te meten."
            return f"{told} {self.region['reason']}"
        return (
            f"De helft van de inwoners van de regio woont binnen {_within(minutes)} "
            f"{question.mode.verb} van {question.noun}."
        )

    @property
    def nine_in_ten(self) -> str | None:
        """The sentence after it, on nine in ten residents; None when that is not known."""
        minutes = self.region["p90_min"]
        return None if pd.isna(minutes) else f"Voor 9 van de 10 is het binnen {_within(minutes)}."


def _within(minutes: float) -> str:
    """Whole minutes, rounded up: then it stays true that they are there within it."""
    whole = max(1, ceil(minutes))
    return "1 minuut" if whole == 1 else f"{to_dutch(whole)} minuten"


def read_minutes_question(target: str, level: str, mode: str, on: dt.date) -> MinutesQuestion:
    """The question that these words ask; QuestionError, in Dutch, names the word that is wrong."""
    if level not in LEVELS:
        raise QuestionError("niveau", f"{level!r} kennen wij niet. Kies uit: {', '.join(LEVELS)}.")
    way = find_word(TRAVEL_MODES, "wijze", mode)
    return MinutesQuestion(_target(target), level, way, on)


def _target(word: str) -> Target:
    try:
        return AMENITY_CATEGORIES.find(word)
    except UnknownEntryError as error:
        choices = error
    try:
        found = FACILITY_TYPES.find(word)
    except UnknownEntryError:
        raise QuestionError("categorie", unknown_word(choices)) from None
    if not found.recorded.on_map:
        raise QuestionError("categorie", f"{found.label}: {found.recorded.explanation}")
    return found


def minutes_of_areas(
    connection: Connection,
    home: Path,
    target: str,
    level: str,
    mode: str,
    on: dt.date,
    speed_km_per_h: float | None = None,
) -> AreaMinutes:
    """Travel minutes of the residents of every area to the nearest place of a kind.

    ``target`` is an amenity category or a facility type: then to the public sites in use ``on``
    that date. The speed is that of the mode unless it is given. QuestionError, in Dutch, when a
    word is not known; NotFound without areas.
    """
    question = read_minutes_question(target, level, mode, on)
    if speed_km_per_h is not None:
        question = replace(question, mode=question.mode.at_speed(speed_km_per_h))
    release = area_release(connection)
    found = _measure(connection, home, release.id, question)
    areas = figure_values(connection, release.id, question.level, RESIDENTS, region_only=True)
    table = _table(found, areas, question)
    fallback = fallback_figure(question.target)
    table["cbs_km"] = np.nan
    if fallback is not None:
        by_road = figure_values(connection, release.id, question.level, fallback.key)["value"]
        table["cbs_km"] = by_road.reindex(table.index).where(table["median_min"].isna())
    return AreaMinutes(
        question,
        table,
        region=_region(found, question),
        basis=_basis(table),
        population_basis=found.population_basis,
        place_count=found.place_count,
        far_place_count=found.far_place_count,
        protected_site_count=found.protected_site_count,
        release=release,
        sources=(SourceLine("gebieden", "Gebieden en inwoners", release), *found.sources),
    )


def _basis(table: pd.DataFrame) -> Basis | None:
    if table["median_min"].notna().any():
        return "straten"
    return "cbs" if table["cbs_km"].notna().any() else None


def fallback_figure(target: Target) -> FigureDefinition | None:
    """The figure of CBS that says how far the same amenity is by road, if there is one."""
    if not isinstance(target, AmenityCategory):
        return None
    columns = {entry.columns[0]: entry for entry in FIGURES}
    return columns.get(target.cbs_column or "")


@dataclass(frozen=True, eq=False)
class _Measured:
    """Travel minutes of every point of the region; no points when there is no street.

    ``points`` has minutes, resident_count and the codes of the areas. ``reason`` says why nobody
    has minutes, if nobody has.
    """

    points: pd.DataFrame
    reason: str | None = None
    population_basis: PopulationBasis | None = None
    place_count: int = 0
    far_place_count: int = 0
    protected_site_count: int = 0
    sources: tuple[SourceLine, ...] = ()


def _measure(
    connection: Connection, home: Path, area_release_id: int, question: MinutesQuestion
) -> _Measured:
    try:
        residents = residents_on_streets(connection, home, area_release_id, question.mode)
    except NotFound:
        return _Measured(_NO_POINTS, reason=NO_STREETS)
    if isinstance(question.target, AmenityCategory):
        return _to_amenities(daily_life(connection, home, area_release_id, question.mode), question)
    return _to_sites(connection, area_release_id, residents, question)


def _to_amenities(found: DailyLife, question: MinutesQuestion) -> _Measured:
    key = question.target.key
    residents = found.residents
    release = found.release_of.get(key)
    return _Measured(
        _in_region(residents, found.distance_m[key].to_numpy(), question.mode),
        reason=None if release else f"In de gegevens staan geen {question.target.plural}.",
        population_basis=residents.population.basis,
        place_count=found.place_counts[key],
        far_place_count=found.far_counts[key],
        sources=(
            *sources_of(residents),
            *((SourceLine("voorzieningen", "Voorzieningen", release),) if release else ()),
        ),
    )


def _to_sites(
    connection: Connection, area_release_id: int, residents: Residents, question: MinutesQuestion
) -> _Measured:
    types = [question.target.key]
    sites = sites_on(connection, area_release_id, question.on, types, [IN_USE])
    stops = residents.snap(sites["x_m"], sites["y_m"])
    counted = capacity_by_area(
        connection, area_release_id, "gemeente", question.on, types, [IN_USE]
    )
    reason = f"Er zijn op die datum geen openbare {question.target.plural} in gebruik."
    return _Measured(
        _in_region(residents, residents.measure_nearest([stops])[0], question.mode),
        reason=reason if sites.empty else None,
        population_basis=residents.population.basis,
        place_count=len(sites),
        far_place_count=int(stops.is_far.sum()),
        protected_site_count=int(counted["protected_site_count"].sum()),
        sources=(
            *sources_of(residents),
            *(
                SourceLine("locaties", "Locaties en plekken", release)
                for release in site_releases(connection, area_release_id)
            ),
        ),
    )


def sources_of(residents: Residents) -> tuple[SourceLine, ...]:
    """Where the points with residents and the streets come from."""
    return (
        SourceLine("inwoners", "Waar mensen wonen", residents.population.release),
        SourceLine("straten", "Straten en paden", residents.streets.release),
    )


def _in_region(residents: Residents, distance_m: Floats, mode: TravelMode) -> pd.DataFrame:
    points = pd.DataFrame(residents.points.drop(columns="geometry"))
    points["minutes"] = mode.minutes(distance_m)
    return points[points["in_region"]]


def _table(found: _Measured, areas: pd.DataFrame, question: MinutesQuestion) -> pd.DataFrame:
    points = found.points
    table = typical_minutes(
        points["minutes"],
        points["resident_count"],
        points[f"{question.level}_code"],
        area_codes=list(areas.index),
    )
    table.index = areas.index
    table.insert(0, "name", areas["name"])
    table.insert(1, "gemeente_name", areas["gemeente_name"])
    no_way = points[np.isinf(points["minutes"])]
    unreached = no_way.groupby(f"{question.level}_code")["resident_count"].sum()
    table["unreached_count"] = unreached.reindex(table.index).fillna(0.0)
    if found.reason is not None:
        table["reason"] = found.reason
    why = why_nobody(areas)
    nobody = table["resident_count"] == 0
    if found.population_basis is None:
        nobody = why == NO_RESIDENTS
    table["reason"] = table["reason"].mask(nobody, why)
    table["warning"] = table["warning"].mask(table["median_min"].isna())
    return table


def why_nobody(areas: pd.DataFrame) -> pd.Series:
    """Why an area has no point with residents, from what its figures say."""
    known = areas["value"].map(lambda count: NO_RESIDENTS if count == 0 else NOT_KNOWN_WHERE)
    unknown = areas["reason"].map(
        lambda key: f"Aantal inwoners: {missing_reason(key).label}.", na_action="ignore"
    )
    return unknown.where(areas["value"].isna(), known).rename("reason")


def _region(found: _Measured, question: MinutesQuestion) -> pd.Series:
    """All residents of the region as one area."""
    points = found.points
    everybody = pd.Series("regio", index=points.index)
    table = typical_minutes(
        points["minutes"], points["resident_count"], everybody, area_codes=["regio"]
    )
    row = table.iloc[0].copy()
    row["unreached_count"] = points.loc[np.isinf(points["minutes"]), "resident_count"].sum()
    if found.reason is not None:
        row["reason"] = found.reason
    return row
