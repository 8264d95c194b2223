"""Moderating: the lists, many decisions at once with one confirmation, and one contribution."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
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
    url_for,
)

from analysis.dialogue.findings import FINDING_KINDS
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages import parameters
from app.pages.moderation_form import Row, TogetherForm, share_choice, to_row, to_together
from app.pages.stored_files import file_name, send_stored
from app.services import current, post_box
from app.services.moderation import (
    LIST_LABELS,
    PAGE_SIZE,
    WITH_FINDINGS,
    WITHOUT_FINDINGS,
    AskedList,
    Item,
    ModerationList,
    items_of,
    moderation_list,
    steps_of,
)
from app.services.moderation_decisions import Outcome, decide
from data.errors import NotFound
from data.queries.moderation import NOT_HERE, WAITING, any_photo

page = Blueprint("moderation", __name__, url_prefix="/moderatie")
_FINDINGS = (WITH_FINDINGS, WITHOUT_FINDINGS, *FINDING_KINDS.keys)
_LARGEST_TRACK_ID = 2**31 - 1
_LONGEST_CODE = 40


@page.get("")
def show() -> str:
    """A list, the oldest first, with a choice for each contribution."""
    asked, number = _asked(request.args), parameters.page_number(request.args)
    found = _list(asked, number)
    rows = [to_row(item) for item in found.items]
    return _list_page(found, rows, to_together(found.items))


@page.post("")
def preview() -> Response:
    """What would be done, to confirm; or what is wrong, with everything that was chosen."""
    asked = _asked(request.form)
    rows, missing = _sent_rows()
    together = to_together([row.item for row in rows], request.form)
    share_choice(rows, together)
    decided = [row for row in rows if row.is_decided or row.form.keuze.data]
    fresh = [row for row in decided if not row.is_stale]
    for row in fresh:
        row.check()
    if not decided:
        together.samen.errors = ["U koos nog niets. Kies bij een reactie wat u doet."]
    if not decided or any(row.has_faults for row in fresh):
        return _refused(asked, rows, together)
    return make_response(
        render_template(
            "moderatie/nakijken.html",
            asked=asked,
            rows=fresh,
            stale=[row.item.record.code for row in decided if row.is_stale] + missing,
            back=_address(asked),
        )
    )


@page.post("/bevestigen")
def confirm() -> Response:
    """Do what was looked at; what somebody else did meanwhile is told and left alone."""
    asked = _asked(request.form)
    rows, missing = _sent_rows()
    fresh = [row for row in rows if not row.is_stale]
    for row in fresh:
        row.check()
    if any(row.has_faults for row in fresh):
        return _refused(asked, rows, to_together([row.item for row in rows]))
    outcome = _decide([row for row in fresh if row.is_decided])
    missing += [row.item.record.code for row in rows if row.is_stale]
    flash(Outcome(outcome.done, (*outcome.conflicts, *missing)).sentence)
    return cast(Response, redirect(_address(asked), HTTPStatus.SEE_OTHER))


@page.get("/<code>")
def one(code: str) -> str:
    """One contribution: its text, what was found, all that was done with it, what you can do."""
    return _one_page(to_row(_item(code)))


@page.post("/<code>")
def decide_one(code: str) -> Response:
    """Decide about one contribution."""
    row = to_row(_item(code), request.form)
    if row.is_stale:
        return _conflict_page(code)
    row.check()
    if not row.is_decided and not row.has_faults:
        row.form.keuze.errors = ["U koos nog niets."]
    if row.has_faults:
        return make_response(_one_page(row), HTTPStatus.UNPROCESSABLE_ENTITY)
    outcome = _decide([row])
    if outcome.conflicts:
        return _conflict_page(code)
    flash(outcome.sentence)
    return cast(Response, redirect(url_for(".one", code=code), HTTPStatus.SEE_OTHER))


@page.get("/<code>/foto")
def photo(code: str) -> Response:
    """The photo of a contribution, to judge whether everyone may see it."""
    with reading_as(guard.hands()) as opened:
        found = any_photo(opened, code)
    name = file_name(f"reactie {code}", found.media_type, code)
    return send_stored(found.content, found.media_type, name)


def _conflict_page(code: str) -> Response:
    fresh = to_row(_item(code))
    return make_response(_one_page(fresh, is_conflict=True), HTTPStatus.CONFLICT)


def _asked(values: Any) -> AskedList:
    name = parameters.one_of(values, "lijst", tuple(LIST_LABELS), WAITING)
    finding = parameters.one_of(values, "vondst", ("", *_FINDINGS), "")
    word = values.get("gesprek", "").strip()
    is_number = word.isascii() and word.isdigit() and len(word) < 11
    track_id = min(int(word), _LARGEST_TRACK_ID) if is_number else None
    return AskedList(name, track_id, finding or None)


def _address(asked: AskedList, **more: Any) -> str:
    return url_for(
        ".show",
        lijst=None if asked.name == WAITING else asked.name,
        gesprek=asked.track_id,
        vondst=asked.finding,
        **more,
    )


def _list(asked: AskedList, number: int) -> ModerationList:
    with reading_as(guard.hands()) as opened:
        return moderation_list(opened, asked, number, guard.person().account_id, current.now())


def _sent_rows() -> tuple[list[Row], list[str]]:
    """The contributions of a form with what was chosen, and the codes that are gone meanwhile."""
    sent = [code for code in request.form.getlist("code") if len(code) <= _LONGEST_CODE]
    codes = list(dict.fromkeys(sent))[:PAGE_SIZE]
    with reading_as(guard.hands()) as opened:
        items = items_of(opened, codes, guard.person().account_id, current.now())
    there = {item.record.code for item in items}
    rows = [to_row(item, request.form) for item in items]
    return rows, [code for code in codes if code not in there and code.isalnum()]


def _decide(rows: Sequence[Row]) -> Outcome:
    account_id = guard.person().account_id
    assert account_id is not None
    with changing_as(guard.hands()) as opened:
        outcome = decide(opened, [row.decision for row in rows], account_id, current.now())
    post_box.wake()
    return outcome


def _item(code: str) -> Item:
    with reading_as(guard.hands()) as opened:
        found = items_of(opened, [code], guard.person().account_id, current.now())
    if not found:
        raise NotFound(NOT_HERE)
    return found[0]


def _refused(asked: AskedList, rows: list[Row], together: TogetherForm) -> Response:
    found = dataclasses.replace(_list(asked, 1), items=tuple(row.item for row in rows))
    body = _list_page(found, rows, together)
    return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY)


def _list_page(found: ModerationList, rows: list[Row], together: TogetherForm) -> str:
    return render_template(
        "moderatie/lijst.html",
        found=found,
        rows=rows,
        together=together,
        lists=[
            (_address(dataclasses.replace(found.asked, name=name)), label, found.counts[name], name)
            for name, label in LIST_LABELS.items()
        ],
        finding_choices=[
            ("", "Alles"),
            (WITH_FINDINGS, "Met iets gevonden"),
            (WITHOUT_FINDINGS, "Zonder iets gevonden"),
            *((kind.key, kind.label) for kind in FINDING_KINDS),
        ],
        page_url=lambda number: _address(found.asked, pagina=number),
    )


def _one_page(row: Row, *, is_conflict: bool = False) -> str:
    with reading_as(guard.hands()) as opened:
        steps = steps_of(opened, row.item.record.code)
    return render_template("moderatie/reactie.html", row=row, steps=steps, is_conflict=is_conflict)
