"""The charts of the series: places, the spreading in one number, and the map of each year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from app.charts.chart import Chart
from app.charts.lines import line_chart
from app.charts.shapes import AreaDrawing
from app.charts.small_maps import SmallMap, small_maps
from app.numbers import to_dutch, to_dutch_date
from app.services.spreading_series import NOT_COMPUTED, SpreadingSeries, YearMoment

PLACES, EVENNESS, MAPS = "plekken", "verdeling", "kaarten"
#: At most so many maps, in rows of three.
MOST_MAPS_COUNT = 9
#: How wide a map is drawn; about as wide as it is shown, so that no detail is sent in vain.
MAP_WIDTH = 160.0


def places_chart(series: SpreadingSeries) -> Chart | None:
    """How many places there were; None with fewer than two dates."""
    values = [(moment.on, moment.place_count) for moment in series.moments]
    noun = series.question.now.wording.places
    return line_chart(
        PLACES,
        f"Aantal {noun} door de jaren",
        _says(values, "waren er {} " + noun),
        values,
    )


def evenness_chart(series: SpreadingSeries) -> Chart | None:
    """How many of 100 places would have to move; None with fewer than two known numbers."""
    values = [
        (moment.on, None if moment.hoover.value is None else 100 * moment.hoover.value)
        for moment in series.moments
    ]
    return line_chart(
        EVENNESS,
        "Hoeveel van de 100 plekken zouden moeten verhuizen voor een gelijke verdeling naar "
        f"{series.question.now.base.noun}",
        _says(values, "zouden {} van de 100 plekken moeten verhuizen voor een gelijke verdeling"),
        values,
    )


def maps_chart(series: SpreadingSeries, drawing: AreaDrawing) -> Chart | None:
    """The verdict of every area on at most nine dates; None when no date can be computed."""
    moments = shown_moments(series.moments)
    if all(moment.hoover.value is None for moment in moments):
        return None
    level = series.question.now.level
    codes = series.now.table.index
    return small_maps(
        MAPS,
        f"Welke {level.plural} hadden meer of minder dan hun aandeel?",
        _maps_say(series, moments[0], moments[-1]),
        [
            SmallMap(
                moment_label(moment.on, series.question.now.on),
                _subtitle(moment),
                dict(zip(moment.table.index, moment.table["verdict"], strict=True))
                if moment.is_comparable
                else dict.fromkeys(codes, "niet_te_berekenen"),
            )
            for moment in moments
        ],
        {shape.code: shape.path for shape in drawing.shapes},
        (drawing.width, drawing.height),
    )


def shown_moments(moments: Sequence[YearMoment]) -> list[YearMoment]:
    """At most nine moments, evenly chosen, with the first and the last."""
    count = min(MOST_MAPS_COUNT, len(moments))
    chosen = np.linspace(0, len(moments) - 1, count).round().astype(int)
    return [moments[number] for number in chosen]


def moment_label(on: dt.date, today: dt.date) -> str:
    """The year of a 1 January, or "nu"."""
    return "nu" if on == today else str(on.year)


def _subtitle(moment: YearMoment) -> str:
    if moment.hoover.value is None:
        return "niet te berekenen"
    return f"{to_dutch(100 * moment.hoover.value)} van de 100"


def _says(values: Sequence[tuple[dt.date, float | None]], told: str) -> str:
    known = [(on, value) for on, value in values if value is not None]
    if len(known) < 2:
        return ""
    (first_on, first), (last_on, last) = known[0], known[-1]
    return (
        f"Op {to_dutch_date(first_on)} {told.format(to_dutch(first))}. "
        f"Op {to_dutch_date(last_on)} zijn dat er {to_dutch(last)}."
    )


def _maps_say(series: SpreadingSeries, first: YearMoment, last: YearMoment) -> str:
    level = series.question.now.level
    unknown = any((moment.table["verdict"] == NOT_COMPUTED.key).any() for moment in (first, last))
    return (
        f"{_clear(first, level.label, level.plural)} {_clear(last, level.label, level.plural)} "
        f"Bij de andere {level.plural} is er geen duidelijk verschil"
        f"{', of is het niet te berekenen' if unknown else ''}."
    )


def _clear(moment: YearMoment, area: str, areas: str) -> str:
    on, verdicts = to_dutch_date(moment.on), moment.table["verdict"]
    if moment.hoover.value is None:
        return f"Op {on} was het niet te berekenen."
    above = int((verdicts == "boven_aandeel").sum())
    under = int((verdicts == "onder_aandeel").sum())
    had, noun = ("had", area) if above == 1 else ("hadden", areas)
    return (
        f"Op {on} {had} {to_dutch(above)} {noun} meer dan het aandeel en {to_dutch(under)} minder."
    )
