"""All own sites in a sheet, and back: download, upload, look at what changes, confirm."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import Connection
from wtforms import HiddenField

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.typed_fields import reason
from app.services import current
from app.services.bulk_edit import BulkPlan, apply_plan, locked_plan, plan_edit
from app.services.bulk_file import BulkFile, from_draft, read_bulk_file, to_draft
from app.services.bulk_sheet import MEDIA_TYPE, to_workbook
from app.services.site_form import SECRET
from data.changes.drafts import keep_draft, remove_draft
from data.faults import Fault, Refused
from data.load.region import read_gemeente_names
from data.queries.drafts import own_draft
from data.queries.worklist import lives
from data.queries.workspace import workspace_sites

page = Blueprint("workspace_bulk", __name__)
#: Under this key the facts of a file wait until they are confirmed.
DRAFT = "werkblad"
THROW_AWAY = "weggooien"
MOST_FAULTS_SHOWN = 200


class SheetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file with sites."""

    bestand = FileField(
        "Bestand",
        [FileRequired("Kies een bestand.")],
        description="Excel (XLSX), CSV of GeoPackage. Hoogstens 5 MB en 1.000 rijen.",
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Why all this is changed; ``plan`` tells which preview was looked at."""

    reden = reason(
        "Waarom wijzigt u dit?",
        asked="Vul in waarom u dit wijzigt.",
        secret=SECRET,
        description="Dit komt in de geschiedenis van elke locatie die verandert.",
    )
    plan = HiddenField()


@page.get("/werkbank/locaties.xlsx")
def sheet() -> Response:
    """Every site within reach, one row per state."""
    with reading_as(guard.hands()) as opened:
        book = to_workbook(
            workspace_sites(opened, current.today()), lives(opened), read_gemeente_names(opened)
        )
    answer = make_response(book)
    answer.mimetype = MEDIA_TYPE
    name = f"locaties-{current.today().isoformat()}.xlsx"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@page.get("/werkbank/inlezen")
def show() -> str:
    """How it works, the sheet to take, and the form to bring one back."""
    return _upload_page(SheetForm(formdata=None), ())


@page.post("/werkbank/inlezen")
def upload() -> Response:
    """Read a file; its facts wait for the preview, or its faults are listed."""
    form = SheetForm()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        sent = form.bestand.data
        hands = guard.hands()
        try:
            with reading_as(hands) as opened:
                file = read_bulk_file(opened, sent.filename or "", sent.stream.read())
        except Refused as refused:
            faults = refused.faults
        else:
            with changing_as(hands) as opened:
                keep_draft(opened, cast(int, hands.account_id), DRAFT, to_draft(file))
            return cast(Response, redirect(url_for(".preview"), 303))
    return make_response(_upload_page(form, faults), HTTPStatus.UNPROCESSABLE_ENTITY)


@page.get("/werkbank/inlezen/nakijken")
def preview() -> Response:
    """What the file would change now; without a file, the way to bring one."""
    with changing_as(guard.hands()) as opened:
        file = _waiting(opened)
        plan = None if file is None else plan_edit(opened, file, current.today())
    if plan is None:
        return cast(Response, redirect(url_for(".show"), 303))
    return make_response(_preview_page(plan, ConfirmForm(formdata=None)))


@page.post("/werkbank/inlezen/nakijken")
def confirm() -> Response:
    """Do all that was shown, or throw it away. What changed meanwhile is shown first."""
    form = ConfirmForm()
    if request.form.get("doen") == THROW_AWAY:
        with changing_as(guard.hands()) as opened:
            remove_draft(opened, cast(int, guard.person().account_id), DRAFT)
        flash("Het bestand is weggegooid. Er is niets veranderd.")
        return cast(Response, redirect(url_for(".show"), 303))
    is_valid = form.validate_on_submit()
    hands = guard.hands(form.reden.data if is_valid else None)
    with changing_as(hands) as opened:
        file = _waiting(opened)
        if file is None:
            return cast(Response, redirect(url_for(".show"), 303))
        plan = locked_plan(opened, file, current.today())
        is_same = form.plan.data == plan.checksum
        is_done = is_valid and is_same and plan.may_be_applied
        if is_done:
            apply_plan(opened, plan, current.today())
            remove_draft(opened, cast(int, hands.account_id), DRAFT)
    if not is_done:
        shown = _preview_page(plan, form, has_changed=not is_same)
        return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_done_words(plan))
    return cast(Response, redirect(url_for(".show"), 303))


def _waiting(opened: Connection) -> BulkFile | None:
    draft = own_draft(opened, DRAFT)
    return None if draft is None else from_draft(draft.content)


def _done_words(plan: BulkPlan) -> str:
    new, changed = len(plan.of_kind("new")), len(plan.of_kind("changed"))
    parts = [f"{new} nieuw"] if new else []
    parts += [f"{changed} gewijzigd"] if changed else []
    return f"De locaties zijn opgeslagen: {' en '.join(parts)}."


def _upload_page(form: SheetForm, faults: tuple[Fault, ...]) -> str:
    with reading_as(guard.hands()) as opened:
        sites = workspace_sites(opened, current.today())
        with_life = lives(opened)
        waiting = own_draft(opened, DRAFT)
    return render_template(
        "werkbank/inlezen.html",
        form=form,
        faults=faults[:MOST_FAULTS_SHOWN],
        fault_count=len(faults),
        site_count=len(sites),
        without_life=[site for site in sites if site.id not in with_life],
        waiting=waiting,
    )


def _preview_page(plan: BulkPlan, form: ConfirmForm, *, has_changed: bool = False) -> str:
    form.plan.data = plan.checksum
    return render_template(
        "werkbank/nakijken.html",
        plan=plan,
        form=form,
        has_changed=has_changed,
        throw_away=THROW_AWAY,
    )
