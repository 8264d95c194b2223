"""Bringing back an earlier version of a site, an answer or a stage: a new change, told as such."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.numbers import to_dutch_moment
from app.services.change_words import Line, compared, heading, to_shape
from app.services.imports import secret_words
from app.services.site_history import RESTORABLE, words_of
from data.changes.answers import AnswerFields, save_answer
from data.changes.refusals import SecretText, hold_site, in_words
from data.changes.sites import Conflict, SiteFields, change_site
from data.changes.states import add_state, change_state
from data.errors import DataError, NotFound
from data.publication import PUBLICATION_LEVELS
from data.queries.answers import site_answers
from data.queries.history import ChangeRecord, later_changes, site_change
from data.queries.workspace import StateRecord, rows_as_noted, workspace_site

Row = dict[str, Any]
_SECRET = (
    "In deze versie gaat het om vrouwenopvang. Die adressen zijn geheim en bewaren wij niet. "
    "Deze versie kan niet terug."
)


class CanNotRestore(DataError):
    """A version that can't come back; the message says why, in Dutch."""


@dataclass(frozen=True)
class Version:
    """An earlier version of a row beside the row of now; ``mark`` changes with the latter."""

    change: ChangeRecord
    side: str
    row: Row
    now: Row | None
    mark: str

    @property
    def moment(self) -> dt.datetime:
        """When the change was made after (or before) which it stood like this."""
        return self.change.at

    @property
    def told(self) -> str:
        """Which version it is, in a sentence."""
        before = "voor de wijziging" if self.side == "voor" else ""
        return " ".join(filter(None, ("de versie", before, f"van {to_dutch_moment(self.moment)}")))

    @property
    def heading(self) -> str:
        """What was changed then."""
        return heading(self.change)


def find_version(connection: Connection, site_id: int, change_id: int, side: str) -> Version:
    """The version that stood before (``voor``) or after (``na``) a change; or NotFound."""
    change = site_change(connection, site_id, change_id)
    row = change.before if side == "voor" else change.after
    if row is None or change.table_name not in RESTORABLE:
        raise NotFound("Deze versie is er niet.")
    now = _now(connection, change, row)
    return Version(change, side, row, now, _mark(now))


def differences(connection: Connection, version: Version) -> tuple[Line, ...]:
    """What would change when this version came back."""
    table_name = version.change.table_name
    return compared(table_name, version.now, version.row, words_of(connection))


def reason_of(version: Version, reason: str) -> str:
    """What the history says of it."""
    return f"Teruggezet naar {version.told}. {reason}"


def restore(
    connection: Connection, site_id: int, change_id: int, side: str, seen_mark: str
) -> None:
    """Bring the version back.

    Raises Conflict when the row of now was changed since it was seen, CanNotRestore when this
    version is not allowed any more, OutsideScope when its place is of another gemeente.
    """
    hold_site(connection, site_id)
    version = find_version(connection, site_id, change_id, side)
    if version.mark != seen_mark:
        raise Conflict("Iemand anders heeft dit intussen gewijzigd. Er is niets teruggezet.")
    _check(version)
    try:
        with in_words():
            _WRITERS[version.change.table_name](connection, site_id, version)
    except SecretText as error:
        raise CanNotRestore(_SECRET) from error


def _check(version: Version) -> None:
    if version.row == version.now:
        raise CanNotRestore("Zo staat het er nu al. Er is niets gewijzigd.")
    if any(secret_words().are_in(text) for text in _texts(version.row)):
        raise CanNotRestore(_SECRET)
    for name, known in _KNOWN.items():
        value = version.row.get(name)
        if value is not None and value not in known:
            raise CanNotRestore(
                f"In deze versie staat ‘{value}’. Dat kennen wij niet meer, of het mag niet meer "
                "als locatie worden bewaard."
            )


def _texts(row: Row) -> Iterator[str]:
    return (value for value in row.values() if isinstance(value, str))


def _now(connection: Connection, change: ChangeRecord, row: Row) -> Row | None:
    """The row of now that took the place of a version; None when there is none."""
    site_id = change.site_id
    assert site_id is not None
    rows = rows_as_noted(connection, change.table_name, site_id)
    key = _KEYS[change.table_name]
    wanted = row[key]
    if change.table_name == "site_state":
        wanted = _date_since(connection, change, row)
    return next((now for now in rows if now[key] == wanted), None)


def _date_since(connection: Connection, change: ChangeRecord, row: Row) -> str:
    """The date that a stage has now: it may have got another one since."""
    date = str(row["from_date"])
    begun = [change] if row is change.before else []
    for later in [*begun, *later_changes(connection, change)]:
        if later.before and later.after and later.before["from_date"] == date:
            date = str(later.after["from_date"])
    return date


def _restore_site(connection: Connection, site_id: int, version: Version) -> None:
    row = version.row
    now = workspace_site(connection, site_id, dt.date.today())
    fields = SiteFields(
        name=row["name"],
        type=row["type"],
        provider=row["provider"],
        address=row["address"],
        description=row["description"],
        publication=row["publication"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        point=to_shape(row["geom"]),
        outline=to_shape(row.get("outline")),
    )
    change_site(connection, site_id, fields, now.version)


def _restore_state(connection: Connection, site_id: int, version: Version) -> None:
    row = version.row
    from_date = dt.date.fromisoformat(row["from_date"])
    state = StateRecord(from_date, row["status"], row["capacity_count"], row["reason"])
    dates = {each["from_date"] for each in rows_as_noted(connection, "site_state", site_id)}
    now = None if version.now is None else version.now["from_date"]
    if row["from_date"] in dates - {now}:
        raise CanNotRestore(
            "Op de datum van deze versie begint nu een andere fase. Geef die eerst een andere "
            "datum, of verwijder haar."
        )
    if now is None:
        add_state(connection, site_id, state)
    else:
        change_state(connection, site_id, dt.date.fromisoformat(now), state)


def _restore_answer(connection: Connection, site_id: int, version: Version) -> None:
    row = version.row
    stored = site_answers(connection, site_id).get(row["question"])
    fields = AnswerFields(row["finding"], row["evidence"], row["source"], _day(row["found_on"]))
    seen = stored.version if stored else 0
    save_answer(connection, site_id, row["question"], fields, seen)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _mark(row: Row | None) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]


_KEYS = {"site": "id", "site_state": "from_date", "site_answer": "question"}
_WRITERS = {
    "site": _restore_site,
    "site_state": _restore_state,
    "site_answer": _restore_answer,
}
#: What a column may hold today.
_KNOWN = {
    "type": {entry.key for entry in FACILITY_TYPES if entry.recorded.on_map},
    "publication": {level.key for level in PUBLICATION_LEVELS},
    "status": set(SITE_STATUSES.keys),
    "question": set(QUESTIONS.keys),
    "finding": set(FINDINGS.keys),
}
