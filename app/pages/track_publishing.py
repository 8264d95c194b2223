"""Making a conversation public after a look at what it lacks, ending it, or dropping a concept."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, flash, render_template, request, url_for
from wtforms import Form

from app.auth import guard
from app.database import changing_as
from app.pages.sender import go_to, refused
from app.pages.track_frame import read_own_track, to_track
from app.pages.typed_fields import SeenField, line
from app.services import current
from app.services.track_check import NotReady, check_ready, lacks
from app.services.workspace_track import TrackView
from data.changes.sites import Conflict, OutsideScope
from data.changes.tracks import finish_track, publish_track, remove_track

page = Blueprint("track_publishing", __name__, url_prefix="/gesprekken/<int:track_id>")


class PublishForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The version that was seen, and why."""

    gezien = SeenField()
    reden = line("Waarom nu?", description="Dit komt in de geschiedenis.")


class FinishForm(PublishForm):
    """Why a conversation is done."""

    reden = line(
        "Waarom is het gesprek klaar?",
        asked="Schrijf kort waarom. Dit komt in de geschiedenis.",
        description="Dit komt in de geschiedenis. Inwoners zien het niet.",
    )


class RemoveForm(PublishForm):
    """Why a concept goes away."""

    reden = line(
        "Waarom gaat dit gesprek weg?",
        asked="Schrijf kort waarom. Dit komt in de geschiedenis.",
        description="Dit komt in de geschiedenis.",
    )


@page.get("/publiceren")
def ask(track_id: int) -> str:
    """What is missing for a resident, and the question whether it may be public."""
    view = read_own_track(track_id)
    return _publish_page(view, _form(PublishForm, view))


@page.post("/publiceren")
def publish(track_id: int) -> Response:
    """Let everyone see it, unless there is nobody to ask or no phase."""
    view, form = read_own_track(track_id), PublishForm(request.form)
    if not form.validate():
        return refused(_publish_page(view, form))
    try:
        check_ready(view)
        with changing_as(guard.hands(form.reden.data or "Openbaar gemaakt")) as opened:
            publish_track(opened, track_id, form.gezien.version, current.now())
    except NotReady as error:
        form.form_errors.append(str(error))
        return refused(_publish_page(view, form))
    except Conflict as error:
        return _again(_publish_page, view, form, error)
    flash("Het gesprek is openbaar. Iedereen kan het nu lezen.")
    return to_track(track_id)


@page.get("/afronden")
def ask_finish(track_id: int) -> str:
    """What still waits, and the question whether it is done."""
    view = read_own_track(track_id)
    return _finish_page(view, _form(FinishForm, view))


@page.post("/afronden")
def finish(track_id: int) -> Response:
    """Say that the conversation is done; it stays to be read."""
    view, form = read_own_track(track_id), FinishForm(request.form)
    if not form.validate():
        return refused(_finish_page(view, form))
    if view.record.state != "open":
        form.form_errors.append("Alleen een gesprek dat loopt, kan klaar zijn.")
        return refused(_finish_page(view, form))
    try:
        with changing_as(guard.hands(form.reden.data)) as opened:
            finish_track(opened, track_id, form.gezien.version)
    except Conflict as error:
        return _again(_finish_page, view, form, error)
    flash("Het gesprek is afgerond. Het blijft te lezen.")
    return to_track(track_id)


@page.get("/weghalen")
def ask_remove(track_id: int) -> str:
    """The question whether a concept may go."""
    view = read_own_track(track_id)
    return _remove_page(view, _form(RemoveForm, view))


@page.post("/weghalen")
def remove(track_id: int) -> Response:
    """Take a concept away; what was public, or holds what somebody wrote, stays."""
    view, form = read_own_track(track_id), RemoveForm(request.form)
    if not form.validate():
        return refused(_remove_page(view, form))
    try:
        with changing_as(guard.hands(form.reden.data)) as opened:
            remove_track(opened, track_id, form.gezien.version)
    except OutsideScope as error:
        form.form_errors.append(str(error))
        return refused(_remove_page(view, form))
    except Conflict as error:
        return _again(_remove_page, view, form, error)
    flash("Het concept is weggehaald.")
    return go_to(url_for("track_work.overview"))


def _form(kind: type[PublishForm], view: TrackView) -> PublishForm:
    return kind(data={"gezien": str(view.record.version)})


def _again(
    page_of: Callable[[TrackView, PublishForm], str],
    view: TrackView,
    form: PublishForm,
    error: Conflict,
) -> Response:
    form.gezien.data = str(view.record.version)
    form.form_errors.append(f"{error} Kijk eerst hoe het nu staat, en kies dan nog eens.")
    return refused(page_of(view, form), HTTPStatus.CONFLICT)


def _publish_page(view: TrackView, form: PublishForm) -> str:
    return render_template("gesprekken/publiceren.html", view=view, form=form, lacks=lacks(view))


def _finish_page(view: TrackView, form: PublishForm) -> str:
    return render_template("gesprekken/gesprek_afronden.html", view=view, form=form)


def _remove_page(view: TrackView, form: PublishForm) -> str:
    return render_template("gesprekken/gesprek_weghalen.html", view=view, form=form)
