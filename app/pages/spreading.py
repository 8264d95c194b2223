"""Who carries what? The places of every gemeente or wijk beside an even share."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS
from analysis.measures import MEASURES
from analysis.spreading.verdict import VERDICTS
from app.charts.chart import svg_answer
from app.charts.verdict_map import LEGEND
from app.database import connection
from app.pages import parameters
from app.pages.lists import file_answer
from app.pages.map import tiles
from app.pages.map_data import borders_url
from app.services import current
from app.services.clustering import clustering_of
from app.services.downloads import FORMATS
from app.services.lists import SourceLine
from app.services.measure_rows import (
    chance_note,
    clustering_rows,
    draws_note,
    evenness_rows,
    local_rows,
    radius_rows,
)
from app.services.spreading import (
    BASES,
    LEVELS,
    OPENING,
    QuestionError,
    SpreadingAnswer,
    SpreadingQuestion,
    answer,
    read_question,
)
from app.services.spreading_charts import CHART_KEYS, about_chart, spreading_chart
from app.services.spreading_table import sources_of, spreading_download, spreading_rows
from data.errors import NotFound
from geo.frames import LEVELS as AREA_LEVELS

page = Blueprint("spreading", __name__)
#: The ratio at the right-hand end of the small drawings, at least; they grow with the data.
LEAST_SCALE = 2.0
#: Beyond this ratio the drawing is cut off; the numbers stand beside it.
MOST_SCALE = 5.0


@dataclass(frozen=True)
class Drawing:
    """How to draw the rows: the number at the right-hand end of each scale."""

    ratio_end: float
    places_end: float

    def ratio_percent(self, value: float) -> float:
        """Where a ratio lies on the scale, from 0 to 100."""
        return min(100.0, 100 * value / self.ratio_end)

    def places_percent(self, value: float) -> float:
        """Where a number of places lies on the scale, from 0 to 100."""
        return min(100.0, 100 * value / self.places_end)


#: The class of a verdict on the map.
MAP_CLASSES = {
    "onder_aandeel": "onder",
    "geen_duidelijk_verschil": "gelijk",
    "boven_aandeel": "boven",
    "niet_te_berekenen": "0",
}


@page.get("/spreiding")
def show() -> str | tuple[str, int]:
    """The spreading as a sentence, a table, a map and charts; or why not, with the form."""
    question = _question()
    words = _words()
    form = _form(question, words)
    with connection() as opened:
        try:
            found = answer(opened, question)
        except QuestionError as error:
            return render_template("spreiding.html", problem=str(error), **form), 400
        rows = spreading_rows(opened, found)
        sources = sources_of(found)
        charts = {key: spreading_chart(opened, key, found, rows) for key in ("trechter", "lorenz")}
        clustering = clustering_of(opened, current.home(), question)
    return render_template(
        "spreiding.html",
        answer=found,
        spreading=found.spreading,
        rows=rows.to_dict("records"),
        drawing=_drawing(found),
        charts=charts,
        lorenz_steps=_lorenz_steps(found),
        legend=_legend(found),
        map_classes=MAP_CLASSES,
        evenness=evenness_rows(found.spreading),
        draws_note=draws_note(found.spreading),
        chance_note=chance_note(found.spreading, found.wording),
        clustering=clustering,
        clustering_rows=clustering_rows(clustering.clustering),
        radius_rows=radius_rows(clustering.clustering),
        local_rows=local_rows(clustering.clustering),
        borders={level: borders_url(found.release, level) for level in AREA_LEVELS},
        tiles=tiles(),
        verdicts=VERDICTS,
        hoover=MEASURES["hooverindex"],
        sources=(*sources, *clustering.sources),
        area_release=found.release,
        chart_url=lambda key: url_for("spreading.chart_file", key=key, **words),
        files=[
            (url_for("spreading.file", extension=key, **words), FORMATS[key].label)
            for key in ("csv", "xlsx")
        ],
        **form,
    )


def _lorenz_steps(found: SpreadingAnswer) -> list[dict[Hashable, Any]]:
    """The points of the Lorenz curve by the name of the area that they run to."""
    curve = found.spreading.evenness.lorenz.iloc[1:]
    names = curve["area_code"].map(found.spreading.table["name"])
    return curve.assign(name=names).to_dict("records")


def _legend(found: SpreadingAnswer) -> list[tuple[str, str, int]]:
    """The verdicts on the map from less to more: class, label and number of areas."""
    counts = found.spreading.table["verdict"].value_counts()
    return [
        (MAP_CLASSES[key], VERDICTS[key].label, int(counts[key])) for key in LEGEND if key in counts
    ]


def _form(question: SpreadingQuestion, words: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, and all that can be chosen."""
    return {
        "question": question,
        "words": {**OPENING, **words},
        "types": [entry for entry in FACILITY_TYPES if entry.recorded.on_map],
        "groups": [
            group for group in TYPE_GROUPS if all(entry.recorded.on_map for entry in group.types)
        ],
        "levels": LEVELS,
        "bases": BASES,
        "plan_scopes": PLAN_SCOPES,
    }


@page.get("/spreiding.<any(csv, xlsx):extension>")
def file(extension: str) -> Response:
    """The same table as a file."""
    question = _question()
    with connection() as opened:
        found = answer(opened, question)
        download = _download(opened, found)
    return file_answer(download, extension)


@page.get(f"/spreiding/<any({', '.join(CHART_KEYS)}):key>.svg")
def chart_file(key: str) -> Response:
    """One chart of the page as a file; NotFound when this question gives none."""
    with connection() as opened:
        found = answer(opened, _question())
        chart = spreading_chart(opened, key, found, spreading_rows(opened, found))
        about = about_chart(key, found, sources_of(found))
    if chart is None:
        raise NotFound("Bij deze keuze is er geen grafiek: er is te weinig om te tekenen.")
    return svg_answer(chart, about)


def _download(opened: Connection, found: SpreadingAnswer) -> Any:
    rows = spreading_rows(opened, found)
    sources: tuple[SourceLine, ...] = sources_of(found)
    return spreading_download(found, rows, sources)


def _question() -> SpreadingQuestion:
    args = request.args
    types = parameters.listed(args, "soort") or [OPENING["soort"]]
    words = {name: args.get(name, "").strip() or value for name, value in OPENING.items()}
    return read_question(
        types, words["niveau"], parameters.day(args), words["basis"], words["plannen"]
    )


def _words() -> dict[str, Any]:
    """The words of this address that say something else than what goes without saying."""
    args = request.args
    words: dict[str, Any] = {}
    for name, default in OPENING.items():
        values = parameters.listed(args, name)
        if values and values != [default]:
            words[name] = values if len(values) > 1 else values[0]
    on = parameters.day(args)
    if on != current.today():
        words["datum"] = on.isoformat()
    return words


def _drawing(found: SpreadingAnswer) -> Drawing:
    table = found.spreading.table
    highest = table["location_quotient_high"].max()
    most_places = table[["capacity_count", "fair_share_count"]].astype("float64").max().max()
    return Drawing(
        ratio_end=min(MOST_SCALE, max(LEAST_SCALE, 0.0 if highest != highest else highest)),
        places_end=float(most_places) if most_places > 0 else 1.0,
    )
