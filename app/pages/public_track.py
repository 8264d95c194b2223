"""One conversation as everyone reads it, with its map, its documents and what people brought in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, CONTRIBUTION_STATUSES
from analysis.registry import Entry
from app.database import connection
from app.pages.map import tiles
from app.pages.map_data import borders_url, conditional
from app.pages.stored_files import file_name, send_stored
from app.pages.track_question import TrackQuestion, around_place, box_word, track_question
from app.services import current
from app.services.agreements import public_view
from app.services.dialogue_reach import reach_of
from app.services.importance_summary import public_summary
from app.services.shown_contributions import SIGNS, ContributionPage, contribution_page
from app.services.track_map import track_map
from app.services.track_surroundings import surroundings
from app.services.track_view import TrackView, track_view
from data.queries.importance import public_mark
from data.queries.tracks import public_track, track_document
from geo.frames import LEVELS

page = Blueprint("public_track", __name__, url_prefix="/in-gesprek/<code>")


@page.get("")
def show(code: str) -> str:
    """Where the conversation is, what it is about, and what people brought in."""
    question = track_question(request.args)
    with connection() as opened:
        view = track_view(opened, code)
        home, today, mark = current.home(), current.today(), public_mark(opened)
        track = view.line.record
        figures = surroundings(opened, home, view.release, view.line, today, mark)
        agreed = public_view(opened, today, track_id=track.id)
        belang = public_summary(opened, home, view.line, today, mark)
        found = contribution_page(opened, track.id, question.asked, question.number)
        reach = reach_of(opened, track, view.meetings, view.release)
    return render_template(
        "in_gesprek/gesprek.html",
        view=view,
        line=view.line,
        track=track,
        type=view.line.type,
        figures=figures,
        afspraken=agreed,
        belang=belang,
        found=found,
        reach=reach,
        question=question,
        kinds=CONTRIBUTION_KINDS,
        signs=SIGNS,
        page_url=lambda number: question.url(code, number),
        filters=list(_filters(view, found, question)),
        map_url=url_for("public_track.features", code=code, **_without_page(question)),
        borders={level: borders_url(view.release, level) for level in LEVELS},
        tiles=tiles(),
        area_release=view.release,
    )


@page.get("/kaart.geojson")
def features(code: str) -> Response:
    """What the map draws, with the same choice as the list."""
    question = track_question(request.args)
    with connection() as opened:
        found = track_map(opened, code, question.asked)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    answer = Response(text, mimetype="application/geo+json")
    answer.headers["Cache-Control"] = "no-cache"
    return conditional(answer)


@page.get("/documenten/<int:document_id>")
def document(code: str, document_id: int) -> Response:
    """A document of the conversation."""
    with connection() as opened:
        track = public_track(opened, code)
        line, content = track_document(opened, track.id, document_id)
    name = file_name(line.title, line.media_type, f"document-{line.id}")
    return send_stored(content, line.media_type, name)


def _without_page(question: TrackQuestion) -> dict[str, Any]:
    return {name: word for name, word in question.words.items() if name != "pagina"}


def _filters(
    view: TrackView, found: ContributionPage, question: TrackQuestion
) -> Iterator[tuple[str, str, list[tuple[str, str]], str]]:
    """Name, label, choices and what was chosen, for each thing to choose by."""
    asked = question.asked
    yield "soort", "Soort", _choices("Alle soorten", CONTRIBUTION_KINDS), asked.kind or ""
    yield "status", "Status", _choices("Elke status", CONTRIBUTION_STATUSES), asked.status or ""
    phases = [(str(phase.id), phase.name) for phase in view.progress.phases]
    if len(phases) > 1:
        yield "fase", "Fase", [("", "Alle fasen"), *phases], str(asked.phase_id or "")
    themes = [(str(theme.id), theme.name) for theme in found.themes]
    if themes:
        yield "thema", "Onderwerp", [("", "Alle onderwerpen"), *themes], str(asked.theme_id or "")
    places = [(around_place(place), f"Rond {place.record.name}") for place in view.subjects]
    chosen = "" if asked.box is None else box_word(asked.box)
    if chosen and chosen not in dict(places):
        places.append((chosen, "Wat op de kaart in beeld was"))
    if places:
        yield "waar", "Waar", [("", "Overal"), *places], chosen


def _choices(every: str, entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [("", every), *((entry.key, entry.label) for entry in entries)]
