"""Drafts: what someone typed in a long form and has not saved yet, for that person alone.

Only what a form asks is kept, and nothing that speaks of a place whose address is secret.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.closer_look import QUESTIONS
from app.services.imports import secret_words
from app.services.site_form import SITE_FIELDS
from data.changes.drafts import keep_draft
from data.errors import DataError, NotFound
from data.queries.drafts import DraftRecord, own_draft, own_drafts
from data.queries.workspace import workspace_site
from data.tables import LARGEST_ID

NEW = "nieuw"
SITE = "locatie"
QUESTIONS_OF_SITE = "vragen"
_OF_ANSWER = ("bevinding", "onderbouwing", "bron", "datum", "versie", "stand")
#: What each kind of form asks; a draft holds nothing else.
FIELDS_OF_FORM: Mapping[str, frozenset[str]] = {
    SITE: frozenset({*SITE_FIELDS.keys, "fase", "fase_datum", "aantal", "reden", "gezien"}),
    QUESTIONS_OF_SITE: frozenset(
        {"reden", *(f"{key}-{name}" for key in QUESTIONS.keys for name in _OF_ANSWER)}
    ),
}
LARGEST_DRAFT_BYTES = 60_000
NO_SUCH_FORM = "Dit formulier kennen wij niet."


class DraftTooLarge(DataError):
    """More was typed than a draft can hold."""


@dataclass(frozen=True)
class KeptDraft:
    """When a draft was kept, and which fields were left out because they are secret."""

    saved_at: dt.datetime
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Unfinished:
    """A draft as the list of work names it."""

    form_key: str
    site_id: int | None
    title: str
    saved_at: dt.datetime

    @property
    def kind(self) -> str:
        """Which form it is of."""
        return kind_of(self.form_key)


def kind_of(form_key: str) -> str:
    """Which form a key is of."""
    return form_key.rpartition("-")[0]


def key_of(kind: str, site_id: int | None) -> str:
    """The key of the draft of a form: of one site, or of a new one."""
    return f"{kind}-{NEW if site_id is None else site_id}"


def site_of(form_key: str) -> int | None:
    """The site that a form is about, None when it is a new one. NotFound for any other key."""
    kind, _, number = form_key.rpartition("-")
    if kind not in FIELDS_OF_FORM:
        raise NotFound(NO_SUCH_FORM)
    if number == NEW and kind == SITE:
        return None
    if not (number.isascii() and number.isdecimal()) or not 1 <= int(number[:11]) <= LARGEST_ID:
        raise NotFound(NO_SUCH_FORM)
    return int(number)


def keep(
    connection: Connection,
    account_id: int,
    form_key: str,
    typed: Mapping[str, object],
    today: dt.date,
) -> KeptDraft:
    """Keep what was typed. Raises NotFound for a site out of reach, and DraftTooLarge."""
    site_id = site_of(form_key)
    if site_id is not None:
        workspace_site(connection, site_id, today)
    known = FIELDS_OF_FORM[kind_of(form_key)]
    texts = {
        key: _storable(value)
        for key, value in typed.items()
        if key in known and isinstance(value, str)
    }
    if len(json.dumps(texts)) > LARGEST_DRAFT_BYTES:
        raise DraftTooLarge("Dit is te veel tekst voor een concept. Maak de tekst korter.")
    refused = tuple(key for key, text in texts.items() if _is_secret(key, text))
    kept = {key: text for key, text in texts.items() if key not in refused}
    return KeptDraft(keep_draft(connection, account_id, form_key, {"fields": kept}), refused)


def draft_texts(draft: DraftRecord) -> dict[str, str]:
    """What was typed."""
    fields = draft.content.get("fields", {})
    return {str(key): str(text) for key, text in fields.items()}


def find_draft(connection: Connection, form_key: str) -> DraftRecord | None:
    """The draft of a form by whoever this transaction works for."""
    return own_draft(connection, form_key)


def unfinished(connection: Connection, names: Mapping[int, str]) -> list[Unfinished]:
    """Everything that this person has not saved yet; ``names`` are of the sites within reach."""
    found = []
    for draft in own_drafts(connection):
        try:
            site_id = site_of(draft.form_key)
        except NotFound:
            continue
        title = names.get(site_id) if site_id else draft_texts(draft).get("naam")
        if site_id is None or title is not None:
            found.append(Unfinished(draft.form_key, site_id, title or "", draft.saved_at))
    return found


def _storable(text: str) -> str:
    """The text without what the database can't hold."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _is_secret(key: str, text: str) -> bool:
    return key != "gezien" and secret_words().are_in(text)
