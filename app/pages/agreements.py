"""The agreements of a conversation: all of them, making, changing, and saying that one is done."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from analysis.dialogue.agreements import AGREEMENT_KINDS, done_fault
from app.auth import guard
from app.database import reading_as
from app.pages.agreement_fields import AgreementForm, DoneForm, SeenForm
from app.pages.agreement_frame import (
    read_agreements,
    read_own_agreements,
    to_list,
    write,
)
from app.pages.sender import refused
from app.pages.typed_fields import readable_texts
from app.services import current
from app.services.readability_hints import readability_hints
from app.services.track_agreements import TrackAgreements, day_faults
from data.changes import agreements as changes
from data.changes.agreements import AgreementFields
from data.queries.agreements import AgreementRecord, find_agreement

page = Blueprint("agreements", __name__, url_prefix="/gesprekken/<int:track_id>/afspraken")
_LIST = "agreements.show"


@page.get("")
def show(track_id: int) -> str:
    """The agreements by kind, with what must be looked at first."""
    return render_template("gesprekken/afspraken.html", found=read_agreements(track_id))


@page.get("/nieuw")
def new(track_id: int) -> str:
    """An empty form."""
    form = AgreementForm(data={"openbaar": True, "soort": request.args.get("soort", "")})
    return _page(read_own_agreements(track_id), form)


@page.post("/nieuw")
def add(track_id: int) -> Response:
    """Make an agreement, or show what is wrong."""
    found, form = read_own_agreements(track_id), AgreementForm(request.form)
    if not _is_in_order(form, found):
        return refused(_page(found, form))
    answer = write(
        form,
        lambda opened: changes.add_to_track(opened, track_id, form.fields),
        lambda _: _page(found, form),
    )
    return answer or to_list(_LIST, track_id, "De afspraak is opgeslagen.")


@page.get("/<int:agreement_id>")
def edit(track_id: int, agreement_id: int) -> str:
    """The form with what stands there."""
    found, record = _own(track_id, agreement_id)
    return _page(found, AgreementForm.stored(record), record)


@page.post("/<int:agreement_id>")
def save(track_id: int, agreement_id: int) -> Response:
    """Store what was changed, or show what is wrong or what another stored in between."""
    (found, record), form = _own(track_id, agreement_id), AgreementForm(request.form)
    if not _is_in_order(form, found):
        return refused(_page(found, form, record))
    seen = form.gezien.version
    answer = write(
        form,
        lambda opened: changes.change_of_track(opened, track_id, agreement_id, form.fields, seen),
        lambda is_conflict: _again(track_id, agreement_id, form, is_conflict),
    )
    return answer or to_list(_LIST, track_id, "De afspraak is opgeslagen.")


@page.post("/<int:agreement_id>/klaar")
def finish(track_id: int, agreement_id: int) -> Response:
    """Say that an agreement was done: when, and how."""
    (found, record), done = _own(track_id, agreement_id), DoneForm(request.form)
    day = done.klaar.data if done.validate() else None
    fault = None if day is None else done_fault(record.agreed_on, day, current.today())
    if fault:
        done.klaar.errors = [fault]
    if fault or day is None:
        return refused(_page(found, AgreementForm.stored(record), record, done))
    note, seen = str(done.hoe.data), done.gezien.version
    answer = write(
        done,
        lambda opened: changes.finish_agreement(opened, track_id, agreement_id, day, note, seen),
        lambda is_conflict: _again(track_id, agreement_id, None, is_conflict, done),
    )
    return answer or to_list(_LIST, track_id, "De afspraak is klaar gemeld.")


@page.post("/<int:agreement_id>/heropenen")
def reopen(track_id: int, agreement_id: int) -> Response:
    """Let an agreement go on that was said to be done."""
    _own(track_id, agreement_id)
    form = SeenForm(request.form)
    answer = write(
        form,
        lambda opened: changes.reopen_agreement(
            opened, track_id, agreement_id, form.gezien.version
        ),
        lambda is_conflict: _again(track_id, agreement_id, None, is_conflict),
    )
    return answer or to_list(_LIST, track_id, "De afspraak loopt weer.")


@page.post("/<int:agreement_id>/weghalen")
def remove(track_id: int, agreement_id: int) -> Response:
    """Take away an agreement that was entered by mistake."""
    _own(track_id, agreement_id)
    form = SeenForm(request.form)
    answer = write(
        form,
        lambda opened: changes.remove_from_track(
            opened, track_id, agreement_id, AgreementFields, form.gezien.version
        ),
        lambda is_conflict: _again(track_id, agreement_id, None, is_conflict),
    )
    return answer or to_list(_LIST, track_id, "De afspraak is weggehaald.")


def _own(track_id: int, agreement_id: int) -> tuple[TrackAgreements, AgreementRecord]:
    found = read_own_agreements(track_id)
    with reading_as(guard.hands()) as opened:
        return found, find_agreement(opened, track_id, agreement_id)


def _is_in_order(form: AgreementForm, found: TrackAgreements) -> bool:
    form.with_sites(found.site_names)
    return bool(form.validate()) and not form.take(day_faults(form.fields))


def _again(
    track_id: int,
    agreement_id: int,
    form: AgreementForm | None,
    is_conflict: bool,
    done: DoneForm | None = None,
) -> str:
    """What was typed stays, beside what stands there now."""
    found, record = _own(track_id, agreement_id)
    for sent in (form, done):
        if sent is not None:
            sent.gezien.data = str(record.version)
    stored = form or AgreementForm.stored(record)
    return _page(found, stored, record, done, is_conflict=is_conflict)


def _page(
    found: TrackAgreements,
    form: AgreementForm,
    record: AgreementRecord | None = None,
    done: DoneForm | None = None,
    *,
    is_conflict: bool = False,
) -> str:
    form.with_sites(found.site_names)
    version = "" if record is None else str(record.version)
    texts = {form.wat.label.text: form.wat.data, **readable_texts(form)}
    return render_template(
        "gesprekken/afspraak.html",
        found=found,
        form=form,
        record=record,
        done=done or DoneForm(data={"gezien": version}),
        is_conflict=is_conflict,
        kinds=AGREEMENT_KINDS,
        leesbaarheid=readability_hints(texts),
    )
