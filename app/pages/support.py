"""The measurements of support of a conversation: which there are, which year lacks one, writing."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.auth import guard
from app.database import reading_as
from app.pages.agreement_fields import MeasurementForm, SeenForm
from app.pages.agreement_frame import (
    read_agreements,
    read_own_agreements,
    to_list,
    write,
)
from app.pages.sender import refused
from app.services import current
from app.services.track_agreements import TrackAgreements, measurement_faults
from data.changes import agreements as changes
from data.changes.agreements import MeasurementFields
from data.queries.agreements import MeasurementRecord, find_measurement

page = Blueprint("support", __name__, url_prefix="/gesprekken/<int:track_id>/draagvlak")
_LIST = "support.show"


@page.get("")
def show(track_id: int) -> str:
    """The measurements, and which year has none."""
    return render_template("gesprekken/draagvlak.html", found=read_agreements(track_id))


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form, with the question and the way of the last measurement."""
    found = read_own_agreements(track_id)
    latest = found.view.latest
    last = None if latest is None else latest.record
    data = {} if last is None else {"vraag": last.question, "manier": last.method}
    return _page(found, MeasurementForm(data=data))


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Add a measurement, or show what is wrong."""
    found, form = read_own_agreements(track_id), MeasurementForm(request.form)
    if not _is_in_order(form, found):
        return refused(_page(found, form))
    answer = write(
        form,
        lambda opened: changes.add_to_track(opened, track_id, form.fields),
        lambda _: _page(found, form),
    )
    return answer or to_list(_LIST, track_id, "De meting is opgeslagen.")


@page.get("/<int:measurement_id>")
def edit(track_id: int, measurement_id: int) -> str:
    """The form with what stands there."""
    found, record = _own(track_id, measurement_id)
    return _page(found, MeasurementForm.stored(record), record)


@page.post("/<int:measurement_id>")
def save(track_id: int, measurement_id: int) -> Response:
    """Store what was changed, or show what is wrong or what another stored in between."""
    (found, record), form = _own(track_id, measurement_id), MeasurementForm(request.form)
    if not _is_in_order(form, found):
        return refused(_page(found, form, record))
    seen = form.gezien.version
    answer = write(
        form,
        lambda opened: changes.change_of_track(opened, track_id, measurement_id, form.fields, seen),
        lambda is_conflict: _again(track_id, measurement_id, form, is_conflict),
    )
    return answer or to_list(_LIST, track_id, "De meting is opgeslagen.")


@page.post("/<int:measurement_id>/weghalen")
def remove(track_id: int, measurement_id: int) -> Response:
    """Take away a measurement that was entered by mistake."""
    _own(track_id, measurement_id)
    form = SeenForm(request.form)
    answer = write(
        form,
        lambda opened: changes.remove_from_track(
            opened, track_id, measurement_id, MeasurementFields, form.gezien.version
        ),
        lambda is_conflict: _again(track_id, measurement_id, None, is_conflict),
    )
    return answer or to_list(_LIST, track_id, "De meting is weggehaald.")


def _own(track_id: int, measurement_id: int) -> tuple[TrackAgreements, MeasurementRecord]:
    found = read_own_agreements(track_id)
    with reading_as(guard.hands()) as opened:
        return found, find_measurement(opened, track_id, measurement_id)


def _is_in_order(form: MeasurementForm, found: TrackAgreements) -> bool:
    form.with_sites(found.site_names)
    if not form.validate():
        return False
    return not form.take(measurement_faults(form.fields, current.today()))


def _again(
    track_id: int, measurement_id: int, form: MeasurementForm | None, is_conflict: bool
) -> str:
    """What was typed stays, beside what stands there now."""
    found, record = _own(track_id, measurement_id)
    if form is not None:
        form.gezien.data = str(record.version)
    stored = form or MeasurementForm.stored(record)
    return _page(found, stored, record, is_conflict=is_conflict)


def _page(
    found: TrackAgreements,
    form: MeasurementForm,
    record: MeasurementRecord | None = None,
    *,
    is_conflict: bool = False,
) -> str:
    form.with_sites(found.site_names)
    return render_template(
        "gesprekken/meting.html", found=found, form=form, record=record, is_conflict=is_conflict
    )
