"""Writing choices and their candidates. Who wrote in between is never written over.

Rules are only added to: a new version stands beside the older ones, which stay as they are.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict, OutsideScope
from data.planning_tables import Choice, ChoiceCandidate, ChoiceRules
from data.queries.choices import find_candidate, find_choice
from data.tables import LARGEST_ID

NOT_YOUR_CHOICE = "Deze keuze hoort niet bij uw gemeente. U kunt haar lezen, niet wijzigen."
_CHANGED = "Iemand anders heeft deze keuze intussen gewijzigd."


@dataclass(frozen=True)
class ChoiceFields:
    """What a person fills in of a choice; ``gemeente_code`` and ``type`` never change."""

    gemeente_code: str
    type: str
    name: str
    explanation: str | None = None
    target_place_count: int | None = None


@dataclass(frozen=True)
class NewCandidate:
    """A site that joins a choice. ``added_by`` is an account, None for a command."""

    site_id: int
    origin: str
    origin_note: str | None
    stage: str
    added_on: dt.date
    added_by: int | None = None


def add_choice(connection: Connection, fields: ChoiceFields, account_id: int | None) -> int:
    """Make a choice and return its id. Raises OutsideScope when it is not theirs to make."""
    values = dataclasses.asdict(fields)
    statement = insert(Choice).values(account_id=account_id, **values).returning(Choice.id)
    with in_words("Voor deze gemeente kunt u geen keuze maken."):
        return int(connection.execute(statement).scalar_one())


def change_choice(
    connection: Connection, choice_id: int, fields: ChoiceFields, seen_version: int
) -> None:
    """Write name, explanation and target over version ``seen_version``; Conflict on another."""
    hold_choice(connection, choice_id)
    statement = (
        update(Choice)
        .where(Choice.id == choice_id, Choice.version == seen_version)
        .values(
            name=fields.name,
            explanation=fields.explanation,
            target_place_count=fields.target_place_count,
        )
    )
    with in_words(NOT_YOUR_CHOICE):
        if not connection.execute(statement).rowcount:
            raise Conflict(_CHANGED)


def hold_choice(connection: Connection, choice_id: int) -> None:
    """Let nobody else change this choice until the transaction ends.

    Raises NotFound out of reach, and OutsideScope when it may be read but not changed.
    """
    held = select(Choice.id).where(Choice.id == choice_id).with_for_update()
    if choice_id <= LARGEST_ID and connection.scalar(held) is not None:
        return
    find_choice(connection, choice_id)
    raise OutsideScope(NOT_YOUR_CHOICE)


def add_rules(
    connection: Connection,
    choice_id: int,
    version: int,
    content: Mapping[str, Any],
    reason: str,
    account_id: int | None,
) -> None:
    """Add a version of the rules. Hold the choice first, so that no version comes twice."""
    values = {"content": dict(content), "reason": reason, "account_id": account_id}
    with in_words(NOT_YOUR_CHOICE):
        connection.execute(
            insert(ChoiceRules).values(choice_id=choice_id, version=version, **values)
        )


def add_candidate(connection: Connection, choice_id: int, candidate: NewCandidate) -> None:
    """Let a site join a choice that does not have it yet."""
    with in_words(NOT_YOUR_CHOICE):
        connection.execute(
            insert(ChoiceCandidate).values(choice_id=choice_id, **dataclasses.asdict(candidate))
        )


def move_candidate(
    connection: Connection, choice_id: int, site_id: int, stage: str, seen_version: int
) -> None:
    """Write another stage over version ``seen_version`` of a candidate."""
    _change(connection, choice_id, site_id, seen_version, {"stage": stage})


def drop_candidate(
    connection: Connection,
    choice_id: int,
    site_id: int,
    seen_version: int,
    *,
    on: dt.date,
    reason: str,
    role: str,
    account_id: int | None,
) -> None:
    """Note that a candidate falls: when, why, by whom and in which role. All of it stays."""
    values = {
        "dropped_on": on,
        "dropped_reason": reason,
        "dropped_role": role,
        "dropped_by": account_id,
    }
    _change(connection, choice_id, site_id, seen_version, values)


def take_back_candidate(
    connection: Connection, choice_id: int, site_id: int, seen_version: int
) -> None:
    """Let a candidate that fell join again, in the stage where it was."""
    names = ("dropped_on", "dropped_reason", "dropped_role", "dropped_by")
    _change(connection, choice_id, site_id, seen_version, dict.fromkeys(names))


def _change(
    connection: Connection,
    choice_id: int,
    site_id: int,
    seen_version: int,
    values: Mapping[str, Any],
) -> None:
    """Raises Conflict when there is a newer version, NotFound without the candidate."""
    statement = (
        update(ChoiceCandidate)
        .where(
            ChoiceCandidate.choice_id == choice_id,
            ChoiceCandidate.site_id == site_id,
            ChoiceCandidate.version == seen_version,
        )
        .values(**values)
    )
    with in_words(NOT_YOUR_CHOICE):
        if connection.execute(statement).rowcount:
            return
    find_candidate(connection, choice_id, site_id)
    raise Conflict("Iemand anders heeft deze kandidaat intussen gewijzigd.")
