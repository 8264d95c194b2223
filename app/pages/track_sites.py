"""The sites of a conversation: what it is about, what was also looked at, and why."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, render_template, request
from wtforms.fields import SelectChoice

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.sender import refused
from app.pages.track_fields import NewSiteForm, PartForm, SiteForm, differences
from app.pages.track_frame import read_own_track, to_track
from app.services import current
from app.services.workspace_track import TrackSite, TrackView, site_options
from data.changes.refusals import SecretText
from data.changes.sites import Conflict, OutsideScope
from data.changes.track_parts import SiteThere, add_site, change_site, remove_site
from data.errors import NotFound
from data.queries.workspace_tracks import NO_PART

page = Blueprint("track_sites", __name__, url_prefix="/gesprekken/<int:track_id>/locaties")


@page.get("/nieuw")
def new(track_id: int) -> str:
    """The sites that may join, own ones and public ones."""
    view = read_own_track(track_id)
    return _page(view, _offered(view, NewSiteForm()))


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Let a site stand in the conversation, or show what is wrong."""
    view = read_own_track(track_id)
    form = _offered(view, NewSiteForm(request.form))
    if not form.validate():
        return refused(_page(view, form))
    try:
        with changing_as(guard.hands()) as opened:
            add_site(opened, track_id, form.fields_of(int(form.locatie.data)))
    except (SecretText, SiteThere, OutsideScope) as error:
        form.form_errors.append(str(error))
        return refused(_page(view, form))
    return _done(track_id, "De locatie staat in het gesprek.")


@page.get("/<int:site_id>")
def edit(track_id: int, site_id: int) -> str:
    """The form with what stands there."""
    view = read_own_track(track_id)
    found = _found(view, site_id)
    return _page(view, SiteForm.stored(found.record), found)


@page.post("/<int:site_id>")
def save(track_id: int, site_id: int) -> Response:
    """Store what the site is, or show what is wrong or what another stored in between."""
    view = read_own_track(track_id)
    found, form = _found(view, site_id), SiteForm(request.form)
    if not form.validate():
        return refused(_page(view, form, found))
    try:
        with changing_as(guard.hands()) as opened:
            change_site(opened, track_id, form.fields_of(site_id), form.gezien.version)
    except (SecretText, OutsideScope) as error:
        form.form_errors.append(str(error))
        return refused(_page(view, form, found))
    except Conflict:
        stands = differences(form, SiteForm.stored(found.record))
        form.gezien.data = str(found.record.version)
        return refused(_page(view, form, found, stands), HTTPStatus.CONFLICT)
    return _done(track_id, "De locatie is opgeslagen.")


@page.post("/<int:site_id>/weghalen")
def remove(track_id: int, site_id: int) -> Response:
    """Take a site out of the conversation; the site itself stays as it is."""
    view, sent = read_own_track(track_id), PartForm(request.form)
    found = _found(view, site_id)
    try:
        with changing_as(guard.hands()) as opened:
            remove_site(opened, track_id, site_id, sent.gezien.version)
    except Conflict as error:
        form = SiteForm.stored(found.record)
        form.form_errors.append(f"{error} Er is niets weggehaald. Kijk eerst wat er nu staat.")
        return refused(_page(view, form, found), HTTPStatus.CONFLICT)
    return _done(track_id, "De locatie staat niet meer in het gesprek.")


def _found(view: TrackView, site_id: int) -> TrackSite:
    for one in view.sites:
        if one.record.site_id == site_id:
            return one
    raise NotFound(NO_PART)


def _offered(view: TrackView, form: NewSiteForm) -> NewSiteForm:
    there = {one.record.site_id for one in view.sites}
    with reading_as(guard.hands()) as opened:
        options = site_options(opened, view.record, current.today())
    form.locatie.choices = [SelectChoice("", "Kies een locatie")]
    form.locatie.choices += [
        SelectChoice(
            str(site.id),
            f"{site.name}, {site.gemeente_name}{'' if site.is_public else ' (niet openbaar)'}",
        )
        for site in options
        if site.id not in there
    ]
    return form


def _page(
    view: TrackView,
    form: SiteForm,
    found: TrackSite | None = None,
    stands: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "gesprekken/locatie.html", view=view, form=form, found=found, stands=stands
    )


def _done(track_id: int, told: str) -> Response:
    flash(told)
    return to_track(track_id, "locaties")
