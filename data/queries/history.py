"""The history: who changed what, when and why. Written by the database, read here.

Row level security lets through what the role may see: the workspace the changes at sites of its
gemeenten, those who keep the data the imports, those who keep accounts the accounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy import Integer as IntegerType

from data.errors import NotFound
from data.tables import LARGEST_ID, Change

#: The one thing of accounts that others than their keepers read: how someone is called.
account_names = table("account_name", column("id", IntegerType), column("name", String))
#: What is told in the history of a choice.
CHOICE_TABLES = ("choice", "choice_rules", "choice_candidate", "dossier")
#: What is told in the history of a conversation: not what residents wrote, nor each answer.
TRACK_TABLES = (
    *("track", "track_phase", "track_party", "track_meeting", "track_document", "track_news"),
    *("track_site", "theme", "agreement", "support_measurement"),
)
_OF_SITES: ColumnElement[bool] = Change.site_id.is_not(None)
_LARGEST_CHANGE_ID = 2**63 - 1


@dataclass(frozen=True)
class ChangeRecord:
    """One row that was added, changed or removed, before and after as the database wrote it."""

    id: int
    at: dt.datetime
    transaction_id: int
    account_id: int | None
    account_name: str | None
    actor: str
    reason: str | None
    table_name: str
    action: str
    site_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class HistoryQuestion:
    """Which changes are asked for; what is None or empty leaves nothing out.

    Of a choice the changes are asked for by ``choice_id``, and of a conversation by ``track_id``:
    then no others are in it.
    ``until`` is not in it itself. ``actor`` is asked for changes without an account only.
    """

    site_id: int | None = None
    choice_id: int | None = None
    track_id: int | None = None
    account_id: int | None = None
    actor: str | None = None
    table_names: tuple[str, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def count_saves(connection: Connection, question: HistoryQuestion) -> int:
    """How many times something was saved: changes of one site in one transaction are one."""
    return connection.scalar(select(func.count()).select_from(_saves(question).subquery())) or 0


def saves(
    connection: Connection, question: HistoryQuestion, limit: int, offset: int = 0
) -> list[tuple[ChangeRecord, ...]]:
    """What was saved together, the latest first, each in the order in which it was written."""
    some = _saves(question).limit(limit).offset(offset).subquery()
    same = and_(
        Change.transaction_id == some.c.transaction_id,
        Change.site_id.is_not_distinct_from(some.c.site_id),
    )
    query = _changes().join(some, same).where(*_conditions(question))
    rows = _records(connection, query.order_by(some.c.last.desc(), Change.id))
    return [
        tuple(together)
        for _, together in groupby(rows, key=lambda row: (row.transaction_id, row.site_id))
    ]


def site_change(connection: Connection, site_id: int, change_id: int) -> ChangeRecord:
    """One change at a site; NotFound when it is not there or not within reach."""
    query = _changes().where(Change.site_id == site_id, Change.id == change_id)
    is_possible = site_id <= LARGEST_ID and change_id <= _LARGEST_CHANGE_ID
    found = _records(connection, query) if is_possible else []
    if not found:
        raise NotFound("Deze wijziging is er niet, of hoort niet bij uw gemeente.")
    return found[0]


def later_changes(connection: Connection, change: ChangeRecord) -> list[ChangeRecord]:
    """What happened after a change to rows of the same table and site, the oldest first."""
    query = _changes().where(
        Change.site_id == change.site_id,
        Change.table_name == change.table_name,
        Change.id > change.id,
    )
    return _records(connection, query.order_by(Change.id))


def last_change(
    connection: Connection, site_id: int, table_name: str, **keys: str
) -> ChangeRecord | None:
    """The last change at a site of a row with these values, or of any row of the table."""
    query = _changes().where(
        Change.site_id == site_id,
        Change.table_name == table_name,
        *(
            func.coalesce(Change.after, Change.before)[name].astext == key
            for name, key in keys.items()
        ),
    )
    found = _records(connection, query.order_by(Change.id.desc()).limit(1))
    return found[0] if found else None


def first_change(connection: Connection, site_id: int) -> ChangeRecord | None:
    """The oldest change of a site that can be seen."""
    query = _changes().where(Change.site_id == site_id, Change.table_name == "site")
    found = _records(connection, query.order_by(Change.id).limit(1))
    return found[0] if found else None


def who_changed(connection: Connection) -> list[tuple[int | None, str | None, str]]:
    """Who stands in the history within reach: account, name and way, people first."""
    query = (
        select(Change.account_id, account_names.c.name, Change.actor)
        .outerjoin(account_names, account_names.c.id == Change.account_id)
        .distinct()
    )
    rows = [(row.account_id, row.name, row.actor) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: (row[0] is None, row[1] or "", row[2]))


def import_changes(
    connection: Connection, limit: int, offset: int = 0
) -> list[tuple[ChangeRecord, bool]]:
    """The last change of each delivery in each transaction, the latest first.

    Each with whether the delivery was new then.
    """
    some = _imports().order_by(text("last DESC")).limit(limit).offset(offset).subquery()
    query = _changes().join(some, Change.id == some.c.last).add_columns(some.c.is_new)
    rows = connection.execute(query.order_by(Change.id.desc())).all()
    return [(ChangeRecord(*row[:-1]), bool(row[-1])) for row in rows]


def count_imports(connection: Connection) -> int:
    """How many imports there were."""
    return connection.scalar(select(func.count()).select_from(_imports().subquery())) or 0


def account_changes(connection: Connection, limit: int) -> list[ChangeRecord]:
    """The latest changes of accounts and roles, and the links that were made for them."""
    query = _changes().where(Change.table_name.in_(("account", "account_role", "sign_in_link")))
    return _records(connection, query.order_by(Change.id.desc()).limit(limit))


def changes_where(
    connection: Connection, *conditions: ColumnElement[bool], limit: int = 1_000
) -> list[ChangeRecord]:
    """The changes within reach that these conditions hold for, the latest first."""
    query = _changes().where(*conditions).order_by(Change.id.desc())
    return _records(connection, query.limit(limit))


def _imports() -> Select[*tuple[Any, ...]]:
    release_id = func.coalesce(Change.after, Change.before)["id"]
    return (
        select(
            func.max(Change.id).label("last"),
            func.bool_or(Change.action == "added").label("is_new"),
        )
        .where(Change.table_name == "source_release")
        .group_by(Change.transaction_id, release_id)
    )


def _saves(question: HistoryQuestion) -> Select[*tuple[Any, ...]]:
    last = func.max(Change.id).label("last")
    query: Select[*tuple[Any, ...]] = (
        select(Change.transaction_id, Change.site_id, last)
        .where(*_conditions(question))
        .group_by(Change.transaction_id, Change.site_id)
        .order_by(last.desc())
    )
    return query


def _conditions(question: HistoryQuestion) -> Sequence[ColumnElement[bool]]:
    conditions = [_subject(question)]
    if question.site_id is not None:
        conditions.append(Change.site_id == question.site_id)
    if question.account_id is not None:
        conditions.append(Change.account_id == question.account_id)
    if question.actor is not None:
        conditions += [Change.account_id.is_(None), Change.actor == question.actor]
    if question.table_names:
        conditions.append(Change.table_name.in_(question.table_names))
    if question.since is not None:
        conditions.append(Change.at >= question.since)
    if question.until is not None:
        conditions.append(Change.at < question.until)
    return conditions


def _subject(question: HistoryQuestion) -> ColumnElement[bool]:
    if question.choice_id:
        return _of_choice(question.choice_id)
    return _of_track(question.track_id) if question.track_id else _OF_SITES


def _of_track(track_id: int) -> ColumnElement[bool]:
    """The changes of a conversation itself and of what hangs under it."""
    row = func.coalesce(Change.after, Change.before)
    key = case((Change.table_name == "track", row["id"].astext), else_=row["track_id"].astext)
    return and_(Change.table_name.in_(TRACK_TABLES), key == str(track_id))


def _of_choice(choice_id: int) -> ColumnElement[bool]:
    """The changes of a choice itself and of what hangs under it."""
    row = func.coalesce(Change.after, Change.before)
    key = case((Change.table_name == "choice", row["id"].astext), else_=row["choice_id"].astext)
    return and_(Change.table_name.in_(CHOICE_TABLES), key == str(choice_id))


def _changes() -> Select[*tuple[Any, ...]]:
    return select(
        Change.id,
        Change.at,
        Change.transaction_id,
        Change.account_id,
        account_names.c.name,
        Change.actor,
        Change.reason,
        Change.table_name,
        Change.action,
        Change.site_id,
        Change.before,
        Change.after,
    ).outerjoin(account_names, account_names.c.id == Change.account_id)


def _records(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[ChangeRecord]:
    return [ChangeRecord(*row) for row in connection.execute(query)]
