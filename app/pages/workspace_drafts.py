"""Keeping what someone types in a long form, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for

from app.auth import guard
from app.database import changing_as
from app.errors import BadRequest
from app.numbers import ZONE
from app.pages.workspace_form import DONE, prefilled
from app.services import current, drafts
from data.changes.drafts import remove_draft

page = Blueprint("workspace_drafts", __name__)


@page.post("/werkbank/concept/<form_key>")
def keep(form_key: str) -> Response:
    """Keep the fields that are sent, and tell when that was."""
    typed = _fields()
    with changing_as(guard.hands()) as opened:
        kept = drafts.keep(opened, _account_id(), form_key, typed, current.today())
    clock = f"{kept.saved_at.astimezone(ZONE):%H.%M}"
    return jsonify({"saved_at": clock, "refused": list(kept.refused)})


@page.post("/werkbank/concept/<form_key>/weg")
def discard(form_key: str) -> Response:
    """Forget a draft, and open its form anew."""
    site_id = drafts.site_of(form_key)
    with changing_as(guard.hands()) as opened:
        remove_draft(opened, _account_id(), form_key)
    flash(form_key, DONE)
    if drafts.kind_of(form_key) == drafts.QUESTIONS_OF_SITE:
        return cast(Response, redirect(url_for("workspace_answers.show", site_id=site_id), 303))
    if site_id is None:
        start: dict[str, Any] = {**prefilled(request.args)}
        return cast(Response, redirect(url_for("workspace_form.add", **start), 303))
    return cast(Response, redirect(url_for("workspace_form.edit", site_id=site_id), 303))


def _fields() -> Mapping[str, object]:
    try:
        content = request.get_json(silent=True)
    except RecursionError:  # lists in lists in lists
        content = None
    fields = content.get("fields") if isinstance(content, dict) else None
    if not isinstance(fields, dict):
        raise BadRequest("fields", "Stuur de velden van het formulier als JSON.")
    return fields


def _account_id() -> int:
    account_id = guard.person().account_id
    assert account_id is not None
    return account_id
