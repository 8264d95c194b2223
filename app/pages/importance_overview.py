"""All that residents find important in a conversation, for council and planners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from analysis.dialogue.first_places import MEASURE as FIRST
from analysis.dialogue.importance import LEAST_ANSWERS
from analysis.dialogue.importance import MEASURE as IMPORTANCE
from analysis.dialogue.subjects import FIRST_STEP, MOST_STEPS, STEPS, to_steps
from app.auth import guard
from app.charts.chart import source_texts, svg_answer
from app.charts.importance import importance_chart
from app.database import connection, reading_as
from app.pages.lists import file_answer
from app.services import current
from app.services.comparison_question import to_number
from app.services.importance_download import importance_download
from app.services.importance_overview import FEWER, TOO_FEW, Overview, overview
from app.services.importance_sending import ALL_KEYS, read_own, starts
from app.services.importance_summary import NO_VOTE
from app.services.spreading import QuestionError
from app.services.weighed_track import weighed_track
from data.errors import NotFound

page = Blueprint("importance_overview", __name__, url_prefix="/belang/<code>")


@page.get("")
def show(code: str) -> str:
    """The sentence, the weights of all, who comes first, the wijken, and the reader's own."""
    found = _found(code)
    own = None if found.own is None else found.own.shares
    rows = found.summary.heaviest_first
    return render_template(
        "belang/belang.html",
        found=found,
        track=found.track,
        told=found.summary,
        rows=rows,
        own=own,
        steps=dict.fromkeys((entry.key for entry in found.track.subjects), FIRST_STEP)
        if own is None
        else to_steps(own, found.track.subjects),
        step_choices=STEPS,
        most_steps=MOST_STEPS,
        starts=[
            (_url(code, found, entry.steps), entry.label, False)
            for entry in starts(found.track.subjects)
        ],
        phase_choices=[("", "Alle stappen")]
        + [(str(entry.phase_id), entry.name) for entry in found.phases],
        chart=importance_chart(rows, own),
        chart_url=url_for("importance_overview.chart", code=code, **_words(found)),
        file_url=url_for("importance_overview.file", code=code, **_words(found)),
        measures={"importance": IMPORTANCE, "first": FIRST},
        least=LEAST_ANSWERS,
        no_vote=NO_VOTE,
        fewer=FEWER,
        too_few=TOO_FEW,
        area_release=found.reach.release,
    )


@page.get("/belang.csv")
def file(code: str) -> Response:
    """The same figures as a CSV file."""
    return file_answer(importance_download(_found(code)), "csv")


@page.get("/wat-telt.svg")
def chart(code: str) -> Response:
    """How heavy each subject weighs, as a drawing."""
    found = _found(code)
    own = None if found.own is None else found.own.shares
    drawn = importance_chart(found.summary.heaviest_first, own)
    if drawn is None:
        raise NotFound("Er zijn nog te weinig afwegingen. Er is niets te tekenen.")
    return svg_answer(drawn, (NO_VOTE, *source_texts(found.sources)))


def _found(code: str) -> Overview:
    on = current.today()
    with connection() as opened:
        track = weighed_track(opened, code, on)
    own = read_own(track.subjects, request.args)
    word = request.args.get("fase", "").strip()
    phase_id = to_number(word) if word else None
    if word and phase_id is None:
        raise QuestionError("fase", "Deze stap kennen wij niet. Kies er een uit de lijst.")
    with reading_as(guard.hands()) as opened:
        return overview(opened, connection, current.home(), track, own, phase_id)


def _words(found: Overview) -> dict[str, Any]:
    """The parameters of this view: the reader's own points, and the phase."""
    words: dict[str, Any] = {key: request.args[key] for key in ALL_KEYS if request.args.get(key)}
    return words if found.phase is None else words | {"fase": found.phase.phase_id}


def _url(code: str, found: Overview, points: Mapping[str, Any]) -> str:
    phase = {} if found.phase is None else {"fase": found.phase.phase_id}
    words: dict[str, Any] = {**points, **phase}
    return url_for("importance_overview.show", code=code, _anchor="uw-weging", **words)
