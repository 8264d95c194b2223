"""Writing what a moderator decides, and noting each step. Who decided in between is left alone.

Each returns False when the contribution is not as it was seen, and then changes nothing. The
database itself refuses who decides in another's name, and a refusal by one person alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from data.changes.refusals import in_words
from data.dialogue_tables import Contribution, ContributionPhoto, ModerationStep
from data.queries.moderation import NOT_HERE


@dataclass(frozen=True)
class Seen:
    """A contribution as somebody saw it, and who decides about it, when."""

    code: str
    version: int
    account_id: int
    now: dt.datetime


def place(connection: Connection, seen: Seen, public_body: str | None = None) -> bool:
    """Let a contribution through; ``public_body`` stands in for its text."""
    values = {"moderation": "openbaar", **_first(seen)}
    if public_body is not None:
        values["public_body"] = public_body
    return _change(connection, seen, [Contribution.moderation == "wacht"], values)


def propose_refusal(connection: Connection, seen: Seen, rule_key: str, note: str | None) -> bool:
    """Propose to refuse what waits or is public; from now on nobody else reads it."""
    values = {
        "moderation": "weigeren",
        "refusal_key": rule_key,
        "refusal_note": note,
        "second_by": None,
        "second_at": None,
        **_first(seen),
    }
    allowed = [
        Contribution.moderation.in_(("wacht", "openbaar")),
        Contribution.appeal_outcome.is_(None),
    ]
    return _change(connection, seen, allowed, values)


def confirm_refusal(connection: Connection, seen: Seen) -> bool:
    """Refuse what another proposed to refuse."""
    values = {"moderation": "geweigerd", **_second(seen)}
    return _change(connection, seen, _by_another(seen), values)


def place_after_all(connection: Connection, seen: Seen, public_body: str | None = None) -> bool:
    """Let through what another proposed to refuse."""
    values = {**_unrefused(), **_second(seen)}
    if public_body is not None:
        values["public_body"] = public_body
    return _change(connection, seen, _by_another(seen), values)


def decide_appeal(
    connection: Connection, seen: Seen, note: str | None, *, is_granted: bool
) -> bool:
    """Decide an appeal as somebody who did neither earlier step; granted, it becomes public."""
    values: dict[str, Any] = {
        "appeal_by": seen.account_id,
        "appeal_at": seen.now,
        "appeal_outcome": "toegewezen" if is_granted else "afgewezen",
        "appeal_note": note,
    }
    allowed = [
        Contribution.moderation == "geweigerd",
        Contribution.appeal_text.is_not(None),
        Contribution.appeal_outcome.is_(None),
        Contribution.moderated_by.is_distinct_from(seen.account_id),
        Contribution.second_by.is_distinct_from(seen.account_id),
    ]
    return _change(connection, seen, allowed, {**(_unrefused() if is_granted else {}), **values})


def shorten(connection: Connection, seen: Seen, public_body: str) -> bool:
    """Take something out of the text of what is public already."""
    allowed = [Contribution.moderation == "openbaar"]
    return _change(connection, seen, allowed, {"public_body": public_body})


def show_photo(connection: Connection, code: str, *, is_public: bool) -> bool:
    """Let everyone see the photo once its contribution is public, or nobody; False without one."""
    photo = ContributionPhoto
    statement = update(photo).where(photo.contribution_code == code).values(is_public=is_public)
    return bool(connection.execute(statement).rowcount)


def remove_photo(connection: Connection, code: str) -> bool:
    """Remove the photo for good; False when there was none."""
    where = ContributionPhoto.contribution_code == code
    return bool(connection.execute(delete(ContributionPhoto).where(where)).rowcount)


def add_step(
    connection: Connection,
    seen: Seen,
    action: str,
    rule_key: str | None = None,
    note: str | None = None,
) -> None:
    """Note what was done, by whom and by which house rule."""
    connection.execute(
        insert(ModerationStep).values(
            contribution_code=seen.code,
            action=action,
            rule_key=rule_key,
            note=note,
            account_id=seen.account_id,
            at=seen.now,
        )
    )


def _change(
    connection: Connection,
    seen: Seen,
    allowed: Sequence[ColumnElement[bool]],
    values: dict[str, Any],
) -> bool:
    here = [Contribution.code == seen.code, Contribution.version == seen.version]
    statement = update(Contribution).where(*here, *allowed).values(values)
    with in_words(NOT_HERE):
        return bool(connection.execute(statement).rowcount)


def _first(seen: Seen) -> dict[str, Any]:
    return {"moderated_by": seen.account_id, "moderated_at": seen.now}


def _second(seen: Seen) -> dict[str, Any]:
    return {"second_by": seen.account_id, "second_at": seen.now}


def _unrefused() -> dict[str, Any]:
    return {"moderation": "openbaar", "refusal_key": None, "refusal_note": None}


def _by_another(seen: Seen) -> list[ColumnElement[bool]]:
    return [
        Contribution.moderation == "weigeren",
        Contribution.moderated_by.is_distinct_from(seen.account_id),
    ]
