"""Closing a phase when everybody has an answer, and a look at the nota before that."""

from __future__ import annotations

import io
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from sqlalchemy import Connection
from wtforms import BooleanField, Form

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.answering_frame import by_now, is_own, may_change
from app.pages.sender import refused
from app.pages.typed_fields import SeenField, line, paragraphs
from app.services import current
from app.services.answering_changes import (
    AnswerFault,
    PhaseClosing,
    close_phase,
    phase_closing,
    reopen_phase,
)
from app.services.nota import Nota, make_nota
from app.services.nota_document import MEDIA_TYPE, to_docx
from app.services.post_box import wake
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.queries.tracks import public_track, track_phases

page = Blueprint(
    "phase_closing", __name__, url_prefix="/gesprekken/<int:track_id>/fasen/<int:phase_id>"
)
#: So many that wait for an answer are told here; the list of reactions has them all.
MOST_LISTED = 50


class ClosingForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What came of a phase."""

    uitkomst = paragraphs(
        "Wat is er veranderd?",
        asked="Schrijf op wat er is veranderd. Is er niets veranderd, schrijf dan waarom.",
        description="Dit staat bovenaan de nota van beantwoording, en bij de fase op de site.",
    )
    weet = BooleanField("Ik weet dat er nog reacties op een moderator wachten")
    gezien = SeenField()


class ReopeningForm(Form):  # type: ignore[misc]
    """Why a phase is opened again."""

    reden = line(
        "Waarom opent u de fase weer?",
        asked="Schrijf kort waarom.",
        description="Dit komt in de geschiedenis, naast uw naam en de tijd.",
    )
    gezien = SeenField()


@page.get("/afronden")
def show(track_id: int, phase_id: int) -> str:
    """What is still needed to close the phase; once it is closed, how to open it again."""
    return _page(_read(track_id, phase_id))


@page.post("/afronden")
def close(track_id: int, phase_id: int) -> Response:
    """Close the phase, or show what is still needed."""
    closing, form = _read(track_id, phase_id), ClosingForm(request.form)
    may_change(closing.view)
    if not form.validate():
        return refused(_page(closing, closing_form=form))

    def step(opened: Connection) -> None:
        close_phase(
            opened,
            track_id,
            phase_id,
            str(form.uitkomst.data),
            form.gezien.version,
            by_now(),
            heeds_unread=bool(form.weet.data),
        )

    told = f"De fase ‘{closing.phase.name}’ is afgerond. De nota is nu openbaar."
    return _do(closing, None, step, told, closing_form=form)


@page.post("/heropenen")
def reopen(track_id: int, phase_id: int) -> Response:
    """Open the phase again, with the reason."""
    closing, form = _read(track_id, phase_id), ReopeningForm(request.form)
    may_change(closing.view)
    if not form.validate():
        return refused(_page(closing, reopening_form=form))

    def step(opened: Connection) -> None:
        reopen_phase(opened, track_id, phase_id, form.gezien.version)

    told = f"De fase ‘{closing.phase.name}’ is weer open. De nota is niet meer openbaar."
    return _do(closing, form.reden.data, step, told, reopening_form=form)


@page.get("/nota")
def preview(track_id: int, phase_id: int) -> str:
    """The nota as it would be now."""
    closing = _read(track_id, phase_id)
    return render_template(
        "gesprekken/nota.html", view=closing.view, phase=closing.phase, nota=_nota(closing)
    )


@page.get("/nota.docx")
def preview_file(track_id: int, phase_id: int) -> Response:
    """The same as a document."""
    closing = _read(track_id, phase_id)
    return send_file(
        io.BytesIO(to_docx(_nota(closing))),
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=f"nota-{closing.view.track.code}-concept.docx",
        max_age=0,
    )


def _do(
    closing: PhaseClosing,
    reason: str | None,
    step: Callable[[Connection], None],
    told: str,
    **forms: Any,
) -> Response:
    track_id, phase_id = closing.view.track.id, closing.phase.id
    (form,) = forms.values()
    try:
        with changing_as(guard.hands(reason)) as opened:
            step(opened)
    except (AnswerFault, SecretText) as error:
        form.form_errors.append(str(error))
        return refused(_page(_read(track_id, phase_id), **forms))
    except Conflict as error:
        closing = _read(track_id, phase_id)
        form.gezien.data = str(closing.phase.version)
        form.form_errors.append(f"{error} Kijk het na en verstuur het nog eens.")
        return make_response(_page(closing, **forms), HTTPStatus.CONFLICT)
    wake()
    flash(told)
    address = url_for(".show", track_id=track_id, phase_id=phase_id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _read(track_id: int, phase_id: int) -> PhaseClosing:
    with reading_as(guard.hands()) as opened:
        return phase_closing(opened, track_id, phase_id)


def _nota(closing: PhaseClosing) -> Nota:
    """Of what everyone may read; a conversation that is a concept has none (NotFound)."""
    with reading_as(guard.hands()) as opened:
        track = public_track(opened, closing.view.track.code)
        phases = {phase.id: phase for phase in track_phases(opened, track.id)}
        return make_nota(opened, track, phases[closing.phase.id])


def _page(closing: PhaseClosing, **forms: Any) -> str:
    version = str(closing.phase.version)
    return render_template(
        "gesprekken/afronden.html",
        closing=closing,
        view=closing.view,
        phase=closing.phase,
        may_answer=is_own(closing.view),
        closing_form=forms.get("closing_form") or ClosingForm(data={"gezien": version}),
        reopening_form=forms.get("reopening_form") or ReopeningForm(data={"gezien": version}),
        day=current.today(),
        most_listed=MOST_LISTED,
    )
