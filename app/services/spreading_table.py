"""The spreading as a table for readers: names of gemeenten added, and as a download."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from analysis.spreading import Spreading
from analysis.spreading.funnel import funnel_limits
from analysis.spreading.hoover import MEASURE as HOOVER
from analysis.spreading.verdict import VERDICTS
from app.services.downloads import Download
from app.services.lists import Column, SourceLine, plain
from app.services.measure_rows import evenness_facts
from app.services.spreading import SpreadingAnswer
from data.queries.areas import areas

COLUMNS = (
    Column("code", "Code", "text"),
    Column("naam", "Naam", "text"),
    Column("gemeente", "Gemeente", "text"),
    Column("basis", "Aantal om naar te verdelen", "whole"),
    Column("basis_percent", "Deel van dat aantal (%)", "number", 2),
    Column("plekken", "Plekken", "whole"),
    Column("plekken_percent", "Deel van de plekken (%)", "number", 2),
    Column("evenredig_aandeel", "Evenredig aandeel", "number", 2, "plekken"),
    Column("heel_aandeel", "Evenredig aandeel in hele plekken", "whole", unit="plekken"),
    Column("verschil", "Verschil", "number", 2, "plekken"),
    Column("verhouding", "Verhouding", "number", 3),
    Column("marge_laag", "Marge, laagste", "number", 3),
    Column("marge_hoog", "Marge, hoogste", "number", 3),
    Column("trechter_laag", "Trechter, ondergrens", "number", 3),
    Column("trechter_hoog", "Trechter, bovengrens", "number", 3),
    Column("oordeel", "Oordeel", "text"),
    Column("reden", "Reden als het niet te berekenen is", "text"),
)


def columns_of(answer: SpreadingAnswer) -> tuple[Column, ...]:
    """``COLUMNS`` with the name of the base that the places are divided by."""
    base = answer.question.base
    labels = {"basis": base.label, "basis_percent": f"Deel van {base.amount} (%)"}
    return tuple(replace(column, label=labels.get(column.key, column.label)) for column in COLUMNS)


def spreading_rows(connection: Connection, answer: SpreadingAnswer) -> pd.DataFrame:
    """The table of the answer under the names of ``COLUMNS``, by gemeente and name."""
    table = answer.spreading.table
    level = answer.question.level.key
    places = areas(connection, answer.release.id, level, region_only=True)
    limits = _funnel_limits(answer.spreading)
    rows = pd.DataFrame(
        {
            "code": table.index,
            "naam": table["name"],
            "gemeente": places["gemeente_name"],
            "basis": table["weight"],
            "basis_percent": table["weight_share"] * 100,
            "plekken": table["capacity_count"],
            "plekken_percent": table["capacity_share"] * 100,
            "evenredig_aandeel": table["fair_share_count"],
            "heel_aandeel": table["whole_fair_share_count"],
            "verschil": table["difference_count"],
            "verhouding": table["location_quotient"],
            "marge_laag": table["location_quotient_low"],
            "marge_hoog": table["location_quotient_high"],
            "trechter_laag": limits["low"],
            "trechter_hoog": limits["high"],
            "oordeel": table["verdict"].map(lambda key: VERDICTS[key].label),
            "oordeel_sleutel": table["verdict"],
            "reden": table["reason"],
        },
        index=table.index,
    )
    return rows.sort_values(["gemeente", "naam"], key=lambda names: names.map(plain))


def _funnel_limits(spreading: Spreading) -> pd.DataFrame:
    """What chance explains for every area with a quotient; unknown where no verdict is given."""
    known = spreading.table["location_quotient"].notna() & (not spreading.has_too_few_places)
    shares = spreading.table["weight_share"].where(known)
    return funnel_limits(spreading.totals.capacity_count, shares, spreading.confidence)


def sources_of(answer: SpreadingAnswer) -> tuple[SourceLine, ...]:
    """Where the areas, the task if it is used, and the sites of the answer come from."""
    task = answer.task_release
    return (
        SourceLine("cijfers", "Gebieden en cijfers", answer.release),
        *(() if task is None else (SourceLine("opgave", "Opgave", task),)),
        *(
            SourceLine("locaties", "Locaties en plekken", release)
            for release in answer.site_releases
        ),
    )


def spreading_download(
    answer: SpreadingAnswer, rows: pd.DataFrame, sources: tuple[SourceLine, ...]
) -> Download:
    """The table with what it rests on: question, totals, Hoover index and limits."""
    question, spreading = answer.question, answer.spreading
    return Download(
        name=f"spreiding-{question.level.plural}",
        title=answer.headline,
        columns=columns_of(answer),
        rows=rows,
        sources=sources,
        facts=(
            ("Soort", question.types_label),
            ("Gebieden", question.level.plural),
            ("Peildatum", question.on.isoformat()),
            ("Verdeeld naar", f"{question.base.label}. {question.base.explanation}"),
            ("Telt mee", f"{question.plan_scope.label}. {question.plan_scope.explanation}"),
            ("Plekken samen", str(spreading.totals.capacity_count)),
            *evenness_facts(spreading),
            *((reason.key, reason.label) for reason in spreading.reasons),
            *(("Let op", limit) for limit in HOOVER.limits),
            ("Uitleg", "/methode op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
    )
