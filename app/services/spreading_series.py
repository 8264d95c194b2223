"""Spreading through the years: how it stood on every 1 January, and what changed it since.

All states of all sites come in one query; how things stood on a date is then counted from them,
in the same way as ``answer`` does for one date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.spreading.change import SpreadingChange, measure_change
from analysis.spreading.change_headline import change_headline
from analysis.spreading.moment import SpreadingMoment, measure_moment
from analysis.spreading.outcome import Outcome
from analysis.spreading.verdict import VERDICTS
from app.numbers import to_dutch_date, to_dutch_significant
from app.services.site_lives import SiteLives
from app.services.spreading import QuestionError, SpreadingQuestion, check_level, read_question
from app.services.spreading_events import AreaEvents, area_events
from app.services.spreading_weights import TASK, Weights, read_weights
from app.words import listed_names
from data.errors import NotFound
from data.queries.counts import site_releases
from data.queries.histories import site_states
from data.queries.releases import Release, area_releases_by_year

#: At most so many years are shown, the newest; the page says so when there were more.
MOST_YEARS_COUNT = 15
EARLIEST_YEAR = 1990
NOT_COMPUTED = VERDICTS["niet_te_berekenen"]


@dataclass(frozen=True)
class SeriesQuestion:
    """Which places, over which areas, by which base; today, and the day it is compared with."""

    now: SpreadingQuestion
    since: dt.date


@dataclass(frozen=True, eq=False)
class YearMoment:
    """The spreading on one date, over the areas and by the figures of one release.

    ``areas`` is what was measured; ``hoover`` is the index, or the reason why it can't be
    computed or can't be compared with today's. ``site_count`` holds the protected ones too.
    """

    on: dt.date
    release: Release
    areas: pd.DataFrame
    measured: SpreadingMoment
    hoover: Outcome
    task_release: Release | None
    site_count: int
    protected_site_count: int

    @cached_property
    def table(self) -> pd.DataFrame:
        """Places, quotient and verdict per area; only places where areas are not those of today."""
        if self.is_comparable:
            return self.measured.table
        return self.measured.table.assign(location_quotient=np.nan, verdict=NOT_COMPUTED.key)

    @property
    def place_count(self) -> int | None:
        """The places of the areas where they are known, whatever is known of the base."""
        known = self.areas["capacity_count"].dropna()
        return int(known.sum()) if len(known) else None

    @property
    def base_year(self) -> int:
        """The year that the base is of; a task is that of the year of the date itself."""
        return self.release.year if self.task_release is None else self.on.year

    @property
    def unknown_area_count(self) -> int:
        """In how many areas the places are not known; ``place_count`` is then a least number."""
        return int(self.areas["capacity_count"].isna().sum())

    @property
    def is_comparable(self) -> bool:
        """Whether the areas are those of today."""
        return self.hoover.reason is None or self.hoover.reason.key != "other_areas"


@dataclass(frozen=True, eq=False)
class SpreadingSeries:
    """The moments from old to new, and the account of what changed between two of them.

    ``first_year`` is the first year with a counted site, None when there never was one.
    """

    question: SeriesQuestion
    moments: tuple[YearMoment, ...]
    then: YearMoment
    now: YearMoment
    change: SpreadingChange
    events: tuple[AreaEvents, ...]
    site_releases: tuple[Release, ...]
    first_year: int | None

    @property
    def left_out_year_count(self) -> int:
        """How many years before the first moment are not shown."""
        return 0 if self.first_year is None else self.moments[0].on.year - self.first_year

    @cached_property
    def area_releases(self) -> tuple[Release, ...]:
        """The releases that areas and base come from, oldest first."""
        used = {moment.release.id: moment.release for moment in (*self.moments, self.then)}
        return tuple(sorted(used.values(), key=lambda entry: entry.year))

    @property
    def is_example(self) -> bool:
        """Whether the areas or any of the sites come from a release marked as example."""
        task = () if self.now.task_release is None else (self.now.task_release,)
        releases = (*self.area_releases, *self.site_releases, *task)
        return any(entry.is_example for entry in releases)

    @property
    def headline(self) -> str:
        """The one sentence on what changed, in plain Dutch."""
        question = self.question
        return change_headline(
            self.change, to_dutch_date(question.since), question.now.wording, to_dutch_significant
        )

    @property
    def base_note(self) -> str:
        """Which year's residents the dates use; a base that stands still is never hidden."""
        base, noun = self.question.now.base, self.question.now.base.noun
        if base.key == TASK:
            return "Elke dag rekent met de opgave die in dat jaar gold of geldt."
        if self.now.areas["weight"].isna().all():
            return f"De {noun} zijn niet bekend. Daarom tellen wij alleen de plekken."
        years = [str(entry.year) for entry in self.area_releases]
        if len(years) == 1:
            return (
                f"Alle jaren rekenen met de {noun} van {years[0]}: andere jaren zijn er niet. "
                "Wat verandert, komt dus door de plekken."
            )
        return (
            f"De {noun} zijn van {listed_names(years)}. Elke dag rekent met het "
            "laatste jaar dat er dan is; vóór het eerste jaar met dat eerste jaar."
        )


def read_series_question(
    types: Iterable[str],
    level: str,
    base: str,
    plan_scope: str,
    today: dt.date,
    from_year: str | int | None = None,
) -> SeriesQuestion:
    """The question that these words ask; QuestionError, in Dutch, names the word that is wrong.

    ``from_year`` compares today with 1 January of that year; without it, with this day a year ago.
    """
    asked = read_question(types, level, today, base, plan_scope)
    check_level(asked)
    return SeriesQuestion(asked, _since(today, from_year))


def since_years(today: dt.date) -> range:
    """The years whose 1 January can be compared with today."""
    return range(EARLIEST_YEAR, today.year + (today > dt.date(today.year, 1, 1)))


def spreading_series(connection: Connection, question: SeriesQuestion) -> SpreadingSeries:
    """Measure the spreading on 1 January of every year and today, and account for the change."""
    asked = question.now
    releases = area_releases_by_year(connection)
    states = site_states(
        connection,
        [entry.id for entry in releases.values()],
        asked.level.key,
        [entry.key for entry in asked.types],
    )
    states["counts"] = states["status"].isin(asked.plan_scope.statuses)
    first_year = _first_year(states, asked.on)
    dates = _dates(first_year, asked.on)
    moments = _moments(connection, asked, releases, states, {*dates, question.since})
    then, now = moments[question.since], moments[asked.on]
    return SpreadingSeries(
        question=question,
        moments=tuple(moments[on] for on in dates),
        then=then,
        now=now,
        change=measure_change(then.areas, now.areas, are_same_areas=then.is_comparable),
        events=area_events(
            states[states["area_release_id"] == now.release.id], question.since, asked.on
        ),
        site_releases=tuple(site_releases(connection, now.release.id)),
        first_year=first_year,
    )


def _since(today: dt.date, from_year: str | int | None) -> dt.date:
    if from_year is None or from_year == "":
        is_leap_day = (today.month, today.day) == (2, 29)
        return today.replace(year=today.year - 1, day=28 if is_leap_day else today.day)
    years = since_years(today)
    text = str(from_year)
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in years):
        raise QuestionError(
            "van", f"Kies een jaar van {years[0]} tot en met {years[-1]}, geschreven als 2025."
        )
    return dt.date(int(text), 1, 1)


def _first_year(states: pd.DataFrame, today: dt.date) -> int | None:
    counted = states[states["counts"]]
    begun = [
        from_date if valid_from is None else max(from_date, valid_from)
        for from_date, valid_from in zip(counted["from_date"], counted["valid_from"], strict=True)
    ]
    first = min(begun, default=dt.date.max)
    return first.year if first <= today else None


def _dates(first_year: int | None, today: dt.date) -> list[dt.date]:
    """1 January of the years to show, oldest first, and today."""
    first = today.year + 1 if first_year is None else first_year
    newest = range(max(first, today.year - MOST_YEARS_COUNT + 1), today.year + 1)
    return sorted({*(dt.date(year, 1, 1) for year in newest), today})


def _release_on(releases: dict[int, Release], on: dt.date) -> Release:
    """The newest release of which the year is not after the date, else the oldest."""
    before = [year for year in releases if year <= on.year]
    return releases[max(before) if before else min(releases)]


def _moments(
    connection: Connection,
    question: SpreadingQuestion,
    releases: dict[int, Release],
    states: pd.DataFrame,
    dates: Iterable[dt.date],
) -> dict[dt.date, YearMoment]:
    used = {on: _release_on(releases, on) for on in dates}
    weights = _weights(connection, question, used)
    areas = {release.id: weights[on].table for on, release in used.items()}
    if areas[used[question.on].id].empty:
        raise NotFound(f"Er zijn geen {question.level.plural} van de regio in de database.")
    codes_now = set(areas[used[question.on].id].index)
    lives = {
        release_id: SiteLives.of(states[states["area_release_id"] == release_id], areas_of.index)
        for release_id, areas_of in areas.items()
    }
    return {
        on: _moment(on, release, weights[on], lives[release.id], codes_now)
        for on, release in used.items()
    }


def _weights(
    connection: Connection, question: SpreadingQuestion, used: dict[dt.date, Release]
) -> dict[dt.date, Weights]:
    """The base of every date: one reading for a release, but the task is that of each year."""
    is_task = question.base.key == TASK
    read: dict[tuple[int, int], Weights] = {}
    found = {}
    for on, release in used.items():
        key = (release.id, on.year if is_task else 0)
        if key not in read:
            read[key] = read_weights(
                connection, release.id, question.level.key, question.base, question.types, on
            )
        found[on] = read[key]
    return found


def _moment(
    on: dt.date,
    release: Release,
    weights: Weights,
    lives: SiteLives,
    codes_now: set[str],
) -> YearMoment:
    counts, areas = lives.counts_on(on), weights.table
    frame = pd.DataFrame(
        {
            "name": areas["name"],
            "gemeente_name": areas["gemeente_name"],
            "weight": areas["weight"],
            "capacity_count": np.where(counts.unknown > 0, np.nan, counts.places),
        },
        index=areas.index,
    )
    measured = measure_moment(frame)
    same_areas = set(areas.index) == codes_now
    return YearMoment(
        on=on,
        release=release,
        areas=frame,
        measured=measured,
        hoover=measured.hoover if same_areas else Outcome.without("other_areas"),
        task_release=weights.task_release,
        site_count=int(counts.sites.sum()),
        protected_site_count=int(counts.protected.sum()),
    )
