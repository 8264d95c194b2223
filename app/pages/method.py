"""How the figures are made: every measure and every figure with its own page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from analysis.measures import MEASURES
from analysis.method import Measure
from app.database import connection
from app.services.method_examples import example_of, figure_method, spreading_today
from data.errors import NotFound
from data.figures import FIGURES, FigureDefinition

page = Blueprint("method", __name__, url_prefix="/methode")
_FIGURE_BY_KEY = {entry.key: entry for entry in FIGURES}


@page.get("")
def overview() -> str:
    """What we compute ourselves and what we take over, each with a line."""
    return render_template("methode.html", measures=MEASURES, figures=FIGURES)


@page.get("/<word>")
def show(word: str) -> str | Response:
    """One measure or figure."""
    plain = word.replace("-", "_")
    if plain in MEASURES:
        return _measure_page(MEASURES[plain], word)
    if plain in _FIGURE_BY_KEY:
        return _figure_page(_FIGURE_BY_KEY[plain])
    raise NotFound("Deze maat kennen wij niet. Bekijk alle maten bij Methode.")


def _measure_page(measure: Measure, word: str) -> str | Response:
    if word != measure.slug:
        return redirect(f"/methode/{measure.slug}", 301)
    with connection() as opened:
        found = spreading_today(opened)
    return render_template(
        "methode_maat.html",
        measure=measure,
        example=example_of(measure.key, found),
        answer=found,
        area_release=found.release,
    )


def _figure_page(definition: FigureDefinition) -> str:
    with connection() as opened:
        method = figure_method(opened, definition)
    return render_template(
        "methode_cijfer.html", figure=definition, method=method, area_release=method.release
    )
