"""The charts of a spreading, for the page and as files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sqlalchemy import Connection

from analysis.spreading import fair_share, funnel, gini, interval
from app.charts.chart import Chart, source_texts
from app.charts.funnel import funnel_chart
from app.charts.intervals import interval_chart
from app.charts.lorenz import lorenz_chart
from app.charts.verdict_map import verdict_map
from app.numbers import to_dutch_date
from app.services.lists import SourceLine
from app.services.spreading import SpreadingAnswer

Draw = Callable[[Connection, SpreadingAnswer, pd.DataFrame], Chart | None]

#: Every chart of the page by its name in addresses, with the page that explains it.
_CHARTS: dict[str, tuple[Draw, str]] = {
    "trechter": (
        lambda _, found, rows: funnel_chart(found.spreading, found.wording),
        funnel.MEASURE.slug,
    ),
    "lorenz": (
        lambda _, found, rows: lorenz_chart(found.spreading, found.wording),
        gini.MEASURE.slug,
    ),
    "verhouding": (
        lambda _, found, rows: interval_chart(found.spreading, rows["naam"], found.wording),
        interval.MEASURE.slug,
    ),
    "kaart": (
        lambda opened, found, rows: verdict_map(
            opened,
            found.release.id,
            found.question.level.key,
            found.spreading.table["verdict"],
            found.wording,
        ),
        fair_share.MEASURE.slug,
    ),
}
CHART_KEYS = tuple(_CHARTS)


def spreading_chart(
    connection: Connection, key: str, found: SpreadingAnswer, rows: pd.DataFrame
) -> Chart | None:
    """The chart with this key; None where the answer gives none."""
    return _CHARTS[key][0](connection, found, rows)


def about_chart(
    key: str, found: SpreadingAnswer, sources: tuple[SourceLine, ...]
) -> tuple[str, ...]:
    """What stands under the chart in a file: the question, the sources and the explanation."""
    question = found.question
    return (
        f"{question.types_label} per {question.level.label}, op {to_dutch_date(question.on)}, "
        f"verdeeld naar {found.wording.base}. {question.plan_scope.explanation}",
        *source_texts(sources),
        f"Uitleg: /methode/{_CHARTS[key][1]} op deze site van Vlekkenplan.",
    )
