"""Taking over what people wrote in another system: try a file, or keep it."""

from __future__ import annotations

import tempfile
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, make_response, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import Connection
from wtforms import Field, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.contributions import CONTRIBUTION_KINDS
from app.auth import guard
from app.database import changing_as
from app.pages.answering_frame import may_change, read_view
from app.pages.sender import refused
from app.services import current
from app.services.answering import NONE, AnsweringView
from app.services.contribution_import import (
    USUAL_KIND,
    ContributionImport,
    ImportOutcome,
    read_file,
    take_over,
)
from data.changes.refusals import SecretText
from data.faults import Fault, Refused
from data.sources.openstad import COLUMNS, OpenstadFile

page = Blueprint("contribution_import", __name__, url_prefix="/gesprekken/<int:track_id>/overnemen")
MOST_FAULTS_SHOWN = 200
TRY, KEEP = "proberen", "overnemen"
_SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".json")


class TakeOverForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file from another system, and what its contributions become."""

    bestand = FileField(
        "Bestand",
        [FileRequired("Kies een bestand.")],
        description="CSV, XLSX of JSON, hoogstens 10 MB.",
    )
    soort = SelectField("Wat zijn het?", validate_choice=False)
    fase = SelectField("In welke fase?", validate_choice=False)

    def validate_bestand(self, field: Field) -> None:
        """Only a kind of file that can be read."""
        name = getattr(field.data, "filename", None) or ""
        if PurePosixPath(name).suffix.lower() not in _SUFFIXES:
            raise ValidationError("Kies een CSV-, XLSX- of JSON-bestand.")

    def validate_soort(self, field: Field) -> None:
        """Only a kind of the registry."""
        if field.data not in CONTRIBUTION_KINDS:
            raise ValidationError("Kies een soort uit de lijst.")

    def validate_fase(self, field: Field) -> None:
        """Only a phase of this conversation."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een fase uit de lijst.")


class _OnlyTried(Exception):  # no fault: it takes back what was tried
    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__("only tried")
        self.outcome = outcome


@page.get("")
def show(track_id: int) -> str:
    """Which files can be taken over, and the form for it."""
    view = read_view(track_id)
    may_change(view)
    return _page(view, _with_choices(TakeOverForm(formdata=None), view))


@page.post("")
def take(track_id: int) -> Response:
    """Try a file or keep it; with faults nothing is kept, and each is listed."""
    view = read_view(track_id)
    may_change(view)
    form = _with_choices(TakeOverForm(), view)
    if not form.validate_on_submit():
        return refused(_page(view, form))
    phase = None if form.fase.data == NONE else int(form.fase.data)
    wanted = ContributionImport(str(form.soort.data), phase)
    is_tried = request.form.get("doen") != KEEP
    try:
        file = _read(form.bestand.data, wanted)
        outcome = _take_over(track_id, file, wanted, is_tried=is_tried)
    except Refused as error:
        return refused(_page(view, form, error.faults))
    except SecretText as error:
        return refused(_page(view, form, (Fault(str(error)),)))
    body = _page(read_view(track_id), form, outcome=outcome, is_tried=is_tried)
    return make_response(body, HTTPStatus.OK)


def _read(sent: object, wanted: ContributionImport) -> OpenstadFile:
    """What a file holds; the file itself is gone afterwards. Its name may be anything."""
    name = str(getattr(sent, "filename", "") or "")
    with tempfile.TemporaryDirectory(prefix="vlekkenplan-") as folder:
        path = Path(folder) / f"bestand{PurePosixPath(name).suffix.lower()}"
        path.write_bytes(sent.stream.read())  # type: ignore[attr-defined]
        return read_file(path, wanted)


def _take_over(
    track_id: int, file: OpenstadFile, wanted: ContributionImport, *, is_tried: bool
) -> ImportOutcome:
    """Keep it in one transaction, or (``is_tried``) take all of it back."""

    def step(opened: Connection) -> ImportOutcome:
        account_id = guard.person().account_id
        return take_over(opened, track_id, file, wanted, current.now(), account_id)

    try:
        with changing_as(guard.hands("Overgenomen uit een ander systeem")) as opened:
            outcome = step(opened)
            if is_tried:
                raise _OnlyTried(outcome)
            return outcome
    except _OnlyTried as tried:
        return tried.outcome


def _with_choices(form: TakeOverForm, view: AnsweringView) -> TakeOverForm:
    form.soort.choices = [SelectChoice(kind.key, kind.label) for kind in CONTRIBUTION_KINDS]
    form.fase.choices = [SelectChoice(NONE, "De fase van nu, als die er is")]
    form.fase.choices += [SelectChoice(str(phase.id), phase.name) for phase in view.phases]
    if not form.is_submitted():
        form.soort.data = USUAL_KIND
    return form


def _page(
    view: AnsweringView,
    form: TakeOverForm,
    faults: tuple[Fault, ...] = (),
    *,
    outcome: ImportOutcome | None = None,
    is_tried: bool = False,
) -> str:
    return render_template(
        "gesprekken/overnemen.html",
        view=view,
        form=form,
        faults=faults[:MOST_FAULTS_SHOWN],
        fault_count=len(faults),
        outcome=outcome,
        is_tried=is_tried,
        columns=COLUMNS,
        try_word=TRY,
        keep_word=KEEP,
    )
