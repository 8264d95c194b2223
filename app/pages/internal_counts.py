"""The page of numbers with internal sites, for councillors and those who work on sites."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from analysis.facility_types import FACILITY_TYPES
from app.auth import guard
from app.database import reading_as
from app.pages import parameters
from app.services import current
from app.services.area_list import SHOWN_TYPES
from app.services.downloads import FORMATS
from app.services.internal_counts import (
    STAGES,
    InternalCounts,
    InternalQuestion,
    internal_download,
    read_internal_counts,
)
from geo.frames import Level

page = Blueprint("internal_counts", __name__)
#: Counts with internal sites go down to the wijk, never to the buurt.
INTERNAL_LEVELS: tuple[Level, ...] = ("gemeente", "wijk")


@page.get("/raad/cijfers")
def show() -> str:
    """The sentence, then the table by area and type."""
    answer = _answer()
    return render_template(
        "raad_cijfers.html",
        answer=answer,
        question=answer.question,
        stages=[(key, label.capitalize()) for key, (label, _) in STAGES.items()],
        types=[(key, FACILITY_TYPES[key].label) for key in SHOWN_TYPES],
        file_url=url_for("internal_counts.file", **_words(answer.question)),
        area_release=answer.release,
    )


@page.get("/raad/cijfers.csv")
def file() -> Response:
    """The same rows as a CSV file, marked confidential."""
    answer = _answer()
    download, form = internal_download(answer), FORMATS["csv"]
    sent = Response(form.write(download), mimetype=form.media_type)
    name = f"{download.name}-{answer.question.level}-{answer.question.on.isoformat()}.csv"
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def _answer() -> InternalCounts:
    question = InternalQuestion(
        on=parameters.day(request.args),
        level=parameters.one_of(request.args, "niveau", INTERNAL_LEVELS, "gemeente"),
        types=parameters.types(request.args),
        stage=parameters.one_of(request.args, "fase", tuple(STAGES), "in_gebruik"),
    )
    with reading_as(guard.hands()) as opened:
        return read_internal_counts(opened, question)


def _words(question: InternalQuestion) -> dict[str, Any]:
    words: dict[str, Any] = {"niveau": question.level, "fase": question.stage}
    if question.types:
        words["soort"] = list(question.types)
    if question.on != current.today():
        words["datum"] = question.on.isoformat()
    return words
