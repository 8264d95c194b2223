"""Gemeenten, wijken or buurten as a list: their figures, and the places in them on a date."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS, StatusGroup
from analysis.facility_types import TYPE_GROUPS
from app.services.home_counts import HOME_COLUMNS, homes_by_area
from app.services.lists import Column, Kind, SourceLine, arranged, matching
from data.figures import FIGURES, figure, missing_reason
from data.queries.areas import areas, figures
from data.queries.counts import site_releases
from data.queries.releases import area_release
from data.queries.sites import capacity_by_area
from geo.frames import Level

#: Types of which a location may be shown; homes of single clients are not among them.
SHOWN_TYPES = tuple(entry.key for entry in TYPE_GROUPS["alle_locaties"].types)
CORE_FIGURES = ("inwoners", "huishoudens", "woningvoorraad")
NAME = Column("naam", "Naam", "text")
GEMEENTE = Column("gemeente", "Gemeente", "text")
WIJK = Column("wijk", "Wijk", "text")
#: The places of an area, by how far along their sites are.
PLACE_COLUMNS = (
    Column("plekken_in_gebruik", "Plekken in gebruik", "whole"),
    Column("plekken_besloten", "Plekken besloten", "whole"),
    Column("plekken_in_voorbereiding", "Plekken in voorbereiding", "whole"),
    Column("locaties", "Locaties", "whole"),
)
UNKNOWN = Column(
    "locaties_zonder_aantal",
    "Locaties zonder bekend aantal plekken",
    "whole",
    explanation="Hun plekken tellen niet mee in de kolommen met plekken.",
)
NO_HOMES = Column("woningen_niet_openbaar", "Woningen: niet openbaar", "text")
NO_FIGURE = Column("geen_cijfer", "Reden van lege cijfers", "text")
_GROUP_OF_COLUMN: dict[str, StatusGroup] = {
    "plekken_in_gebruik": STATUS_GROUPS["in_use"],
    "plekken_besloten": STATUS_GROUPS["decided"],
    "plekken_in_voorbereiding": STATUS_GROUPS["plan"],
}


@dataclass(frozen=True)
class AreaQuestion:
    """What is asked of the list of areas; the defaults are those of the bare address."""

    on: dt.date
    level: Level = "gemeente"
    gemeente_code: str | None = None
    words: str = ""
    figure_key: str | None = None
    sort: str = "naam"
    descending: bool = False


@dataclass(frozen=True)
class AreaList:
    """The answer: rows by area code, in the order asked.

    ``reasons`` holds, by (area code, figure), why there is no figure.
    """

    question: AreaQuestion
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    total_count: int
    reasons: dict[tuple[str, str], str]
    gemeenten: dict[str, str]
    sources: tuple[SourceLine, ...]


def figure_column(key: str) -> Column:
    """The column of one figure."""
    entry = figure(key)
    kind: Kind = "whole" if entry.decimals == 0 else "number"
    return Column(key, entry.label, kind, entry.decimals, entry.unit, explanation=entry.explanation)


def columns_of(level: Level, figure_key: str | None = None) -> tuple[Column, ...]:
    """The columns of the list on this level; every one can be sorted by."""
    above = {"gemeente": (), "wijk": (GEMEENTE,), "buurt": (WIJK, GEMEENTE)}[level]
    keys = [*CORE_FIGURES, *([figure_key] if figure_key not in (None, *CORE_FIGURES) else [])]
    return (NAME, *above, *(figure_column(str(key)) for key in keys), *PLACE_COLUMNS)


def all_columns_of(level: Level) -> tuple[Column, ...]:
    """The columns of a download: every figure, and the codes."""
    above = {"gemeente": (), "wijk": (GEMEENTE,), "buurt": (WIJK, GEMEENTE)}[level]
    codes = tuple(Column(f"{column.key}_code", f"{column.label}code", "text") for column in above)
    code = Column("code", "Code", "text")
    every = tuple(figure_column(entry.key) for entry in FIGURES)
    homes = (*HOME_COLUMNS, NO_HOMES)
    return (code, NAME, *codes, *above, *every, *PLACE_COLUMNS, UNKNOWN, *homes, NO_FIGURE)


def area_list(connection: Connection, question: AreaQuestion) -> AreaList:
    """The areas that the question asks for."""
    release = area_release(connection)
    everything = areas(connection, release.id, region_only=True)
    rows = _facts(everything, question.level)
    values = figures(connection, release.id, question.level, region_only=True)
    rows = rows.join(values.pivot(index="area_code", columns="figure", values="value"))
    rows = rows.reindex(columns=[*rows.columns, *_absent(rows)])
    rows = rows.join(_places(connection, release.id, question)).join(_reason_texts(values))
    homes, home_reasons, home_delivery = homes_by_area(connection, release)
    rows = rows.join(homes).assign(**{NO_HOMES.key: rows.index.map(home_reasons.get)})
    columns = columns_of(question.level, question.figure_key)
    chosen = _chosen(rows, question)
    by_key = {column.key: column for column in columns}
    gemeenten = everything[everything["level"] == "gemeente"].sort_values("name")["name"]
    return AreaList(
        question,
        columns,
        arranged(chosen, by_key[question.sort], question.descending),
        total_count=len(rows),
        reasons=_reasons(values),
        gemeenten={str(code): str(name) for code, name in gemeenten.items()},
        sources=(
            SourceLine("cijfers", "Gebieden en cijfers", release),
            *(
                SourceLine("locaties", "Locaties en plekken", entry)
                for entry in site_releases(connection, release.id)
            ),
            *((SourceLine("woningen", "Gewone woningen", home_delivery),) if home_delivery else ()),
        ),
    )


def missing_notes(answer: AreaList) -> list[tuple[str, str, int]]:
    """Column, reason and number of areas, for every figure that is not there."""
    counts = Counter(
        (column.label, missing_reason(answer.reasons.get((code, column.key), "not_in_file")).label)
        for column in answer.columns
        if column.explanation
        for code in answer.rows.index[answer.rows[column.key].isna()]
    )
    return [(label, reason, count) for (label, reason), count in counts.items()]


def _facts(everything: pd.DataFrame, level: Level) -> pd.DataFrame:
    rows = everything[everything["level"] == level]
    return pd.DataFrame(
        {
            "code": rows.index,
            "naam": rows["name"],
            "gemeente": rows["gemeente_name"],
            "gemeente_code": rows["gemeente_code"],
            "wijk": rows["wijk_code"].map(everything["name"]),
            "wijk_code": rows["wijk_code"],
        },
        index=rows.index,
    )


def _absent(rows: pd.DataFrame) -> list[str]:
    return [entry.key for entry in FIGURES if entry.key not in rows.columns]


def _places(connection: Connection, release_id: int, question: AreaQuestion) -> pd.DataFrame:
    """Places per stage; unknown where sites are there but no capacity of them is known."""
    places: dict[str, pd.Series] = {}
    counts = []
    for key, group in _GROUP_OF_COLUMN.items():
        statuses = [entry.key for entry in SITE_STATUSES if entry.group == group]
        counted = capacity_by_area(
            connection, release_id, question.level, question.on, SHOWN_TYPES, statuses
        )
        unknown = counted["unknown_capacity_site_count"]
        known = (counted["site_count"] == 0) | (unknown < counted["site_count"])
        places[key] = counted["capacity_count"].astype("Int64").where(known)
        places[f"{key}_onbekend"] = unknown
        counts.append(counted)
    together = sum(counts[1:], counts[0])
    places["locaties"] = together["site_count"]
    places[UNKNOWN.key] = together["unknown_capacity_site_count"]
    return pd.DataFrame(places)


def _chosen(rows: pd.DataFrame, question: AreaQuestion) -> pd.DataFrame:
    kept = matching(rows, question.words, ["naam", "code", "gemeente"])
    if question.gemeente_code is not None:
        kept &= rows["gemeente_code"] == question.gemeente_code
    return rows[kept]


def _reasons(values: pd.DataFrame) -> dict[tuple[str, str], str]:
    missing = values[values["value"].isna()]
    keys = zip(missing["area_code"], missing["figure"], strict=True)
    return dict(zip(keys, missing["reason"], strict=True))


def _reason_texts(values: pd.DataFrame) -> pd.Series:
    """Per area, in one line, which figures are missing and why."""
    missing = values[values["value"].isna()]
    texts = [
        f"{figure(key).label}: {missing_reason(reason).label}"
        for key, reason in zip(missing["figure"], missing["reason"], strict=True)
    ]
    each = pd.Series(texts, index=missing["area_code"], dtype="object", name=NO_FIGURE.key)
    return each.groupby(level=0).agg("; ".join)
