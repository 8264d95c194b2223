"""How the spreading went through the years, and what moved it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS
from analysis.measures import MEASURES
from app.charts import series_charts
from app.charts.chart import Chart, source_texts, svg_answer
from app.charts.shapes import draw_areas
from app.database import connection
from app.numbers import is_unknown, to_dutch, to_dutch_date
from app.pages import parameters
from app.pages.lists import file_answer
from app.services import current
from app.services.downloads import FORMATS, Download
from app.services.lists import plain
from app.services.spreading import BASES
from app.services.spreading_series import (
    MOST_YEARS_COUNT,
    SeriesQuestion,
    SpreadingSeries,
    YearMoment,
    read_series_question,
    spreading_series,
)
from app.services.spreading_series_table import (
    areas_download,
    change_download,
    change_rows,
    event_words,
    protected_text,
    sources_of,
    year_rows,
    years_download,
)
from data.errors import NotFound

page = Blueprint("spreading_series", __name__, url_prefix="/spreiding")
DEFAULTS = {
    "soort": "alle_locaties",
    "niveau": "gemeente",
    "basis": "inwoners",
    "plannen": "bestaand",
    "van": "",
}
#: The words beside the number of places in the table of areas by year.
SHORT_VERDICTS = {
    "boven_aandeel": "boven",
    "onder_aandeel": "onder",
    "geen_duidelijk_verschil": "",
    "niet_te_berekenen": "",
}
DOWNLOADS: dict[str, Callable[[SpreadingSeries], Download]] = {
    "jaren": years_download,
    "gebieden": areas_download,
    "verandering": change_download,
}
#: Where the method of each chart is explained.
METHODS = {
    series_charts.PLACES: "/spreiding/verloop",
    series_charts.EVENNESS: "/methode/hooverindex",
    series_charts.MAPS: "/methode/oordeel",
}


@page.get("/verloop")
def show() -> str:
    """The change in a sentence, the years as lines and maps, and what moved the figure."""
    question, words = _question(), _words()
    with connection() as opened:
        found = spreading_series(opened, question)
        drawn = {chart.key: chart for chart in _charts(opened, found)}
    shown = series_charts.shown_moments(found.moments)
    changes = change_rows(found)
    return render_template(
        "verloop.html",
        found=found,
        question=question,
        asked=question.now,
        change=found.change,
        charts=drawn,
        years=year_rows(found).to_dict("records"),
        shown=shown,
        cells=_cells(found, shown),
        changes=changes.to_dict("records"),
        moved=changes[_has_moved(changes)].to_dict("records"),
        events=found.events,
        names=found.change.table["name"].to_dict(),
        event_words=event_words,
        protected_text=protected_text,
        moment_label=series_charts.moment_label,
        most_years=MOST_YEARS_COUNT,
        words={**DEFAULTS, **words},
        types=[entry for entry in FACILITY_TYPES if entry.recorded.on_map],
        groups=[
            group for group in TYPE_GROUPS if all(entry.recorded.on_map for entry in group.types)
        ],
        base_choices=[(base.key, base.label) for base in BASES],
        plan_choices=[(scope.key, scope.label) for scope in PLAN_SCOPES],
        since_choices=_since_choices(found),
        measure=MEASURES["verandering_hoover"],
        sources=sources_of(found),
        area_release=found.now.release,
        svg_url=lambda key: url_for("spreading_series.chart", key=key, **words),
        files={
            part: [
                (
                    url_for("spreading_series.file", part=part, extension=extension, **words),
                    FORMATS[extension].label,
                )
                for extension in ("csv", "xlsx")
            ]
            for part in DOWNLOADS
        },
    )


@page.get("/verloop/<any(jaren, gebieden, verandering):part>.<any(csv, xlsx):extension>")
def file(part: str, extension: str) -> Response:
    """One of the tables as a file."""
    question = _question()
    with connection() as opened:
        found = spreading_series(opened, question)
    return file_answer(DOWNLOADS[part](found), extension)


@page.get("/verloop/<any(plekken, verdeling, kaarten):key>.svg")
def chart(key: str) -> Response:
    """One of the charts as a file of its own."""
    question = _question()
    with connection() as opened:
        found = spreading_series(opened, question)
        drawn = {entry.key: entry for entry in _charts(opened, found)}
    if key not in drawn:
        raise NotFound("Deze grafiek is er niet: er zijn te weinig jaren met cijfers.")
    return svg_answer(drawn[key], _about(found, key))


def _charts(opened: Connection, found: SpreadingSeries) -> list[Chart]:
    drawing = draw_areas(
        opened, found.now.release.id, found.question.now.level.key, series_charts.MAP_WIDTH
    )
    drawn = (
        series_charts.places_chart(found),
        series_charts.evenness_chart(found),
        series_charts.maps_chart(found, drawing),
    )
    return [entry for entry in drawn if entry is not None]


def _about(found: SpreadingSeries, key: str) -> tuple[str, ...]:
    asked = found.question.now
    return (
        f"{asked.types_label} per {asked.level.label}, tot {to_dutch_date(asked.on)}. "
        f"{asked.plan_scope.explanation}",
        found.base_note,
        *source_texts(sources_of(found)),
        f"Uitleg: {METHODS[key]} op de site van Vlekkenplan.",
    )


def _cells(found: SpreadingSeries, shown: list[YearMoment]) -> list[dict[str, Any]]:
    """A row for every area of today, with what the map shows of it on each date."""
    dates = [moment.table[["capacity_count", "verdict"]].to_dict("index") for moment in shown]
    names = found.now.areas[["gemeente_name", "name"]].map(plain)
    ordered = found.now.areas.loc[names.sort_values(["gemeente_name", "name"]).index]
    return [
        {
            "code": code,
            "naam": row["name"],
            "gemeente": row["gemeente_name"],
            "jaren": [_cell(at.get(code)) for at in dates],
        }
        for code, row in ordered.to_dict("index").items()
    ]


def _cell(row: dict[Hashable, Any] | None) -> dict[str, Any]:
    """What stands in one field of the table; an area that was not there has no places."""
    if row is None or is_unknown(row["capacity_count"]):
        return {"plekken": None, "oordeel": ""}
    count = int(row["capacity_count"])
    return {
        "plekken": to_dutch(count) if count >= 1000 else str(count),
        "oordeel": SHORT_VERDICTS[row["verdict"]],
    }


def _has_moved(changes: Any) -> Any:
    """The areas where places changed, something happened, or something is not known."""
    return changes["verschil"].ne(0).fillna(True) | changes["gebeurd"].notna()


def _since_choices(found: SpreadingSeries) -> list[tuple[str, str]]:
    """The years to compare with: those of the series, and one that was asked for by hand."""
    today = found.question.now.on
    years = [moment.on.year for moment in found.moments if moment.on < today]
    asked = found.question.since.year if request.args.get("van", "").strip() else None
    if asked is not None and asked not in years:
        years = sorted([*years, asked])
    return [
        ("", "Een jaar terug"),
        *((str(year), f"1 januari {year}") for year in reversed(years)),
    ]


def _question() -> SeriesQuestion:
    args = request.args
    types = parameters.listed(args, "soort") or [DEFAULTS["soort"]]
    words = {name: args.get(name, "").strip() or value for name, value in DEFAULTS.items()}
    return read_series_question(
        types, words["niveau"], words["basis"], words["plannen"], current.today(), words["van"]
    )


def _words() -> dict[str, Any]:
    """The words of this address that say something else than what goes without saying."""
    words: dict[str, Any] = {}
    for name, default in DEFAULTS.items():
        values = parameters.listed(request.args, name)
        if values and values != [default]:
            words[name] = values if len(values) > 1 else values[0]
    return words
