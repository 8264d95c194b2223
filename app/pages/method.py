"""How the figures are made: every measure and every figure with its own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from analysis.access import score
from analysis.access.profiles import ACCESS_PROFILES, STARTING_VALUES
from analysis.measures import MEASURES
from analysis.method import MEASURE_GROUPS, Measure
from app.database import connection
from app.services import current
from app.services.method_examples import figure_method, worked_example
from data.errors import NotFound
from data.figures import FIGURES, FigureDefinition
from data.queries.releases import area_release

page = Blueprint("method", __name__, url_prefix="/methode")
_FIGURE_BY_KEY = {entry.key: entry for entry in FIGURES}


@page.get("")
def overview() -> str:
    """What we compute ourselves and what we take over, each with a line."""
    groups = {
        group: [measure for measure in MEASURES if measure.group is group]
        for group in MEASURE_GROUPS
    }
    return render_template("methode.html", groups=groups, figures=FIGURES)


@page.get("/<word>")
def show(word: str) -> str | Response:
    """One measure or figure."""
    plain = word.replace("-", "_")
    if plain in MEASURES:
        return _measure_page(MEASURES[plain], word)
    if plain in _FIGURE_BY_KEY:
        return _figure_page(_FIGURE_BY_KEY[plain])
    raise NotFound("Deze maat kennen wij niet. Bekijk alle maten bij Methode.")


def _measure_page(measure: Measure[Any], word: str) -> str | Response:
    if word != measure.slug:
        return redirect(f"/methode/{measure.slug}", 301)
    with connection() as opened:
        release = area_release(opened)
        example = worked_example(opened, current.home(), measure, current.today())
    return render_template(
        "methode_maat.html",
        measure=measure,
        example=example,
        profiles=ACCESS_PROFILES if measure is score.MEASURE else (),
        starting_values=STARTING_VALUES,
        area_release=release,
    )


def _figure_page(definition: FigureDefinition) -> str:
    with connection() as opened:
        method = figure_method(opened, definition)
    return render_template(
        "methode_cijfer.html", figure=definition, method=method, area_release=method.release
    )
