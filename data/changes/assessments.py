"""Writing assessments and dossiers. Both are only added to; a dossier is published or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, null, update

from data.changes.choices import NOT_YOUR_CHOICE
from data.changes.refusals import in_words
from data.changes.sites import OutsideScope
from data.planning_tables import Assessment, Dossier
from data.queries.assessments import find_dossier


def add_assessment(
    connection: Connection,
    choice_id: int,
    rules_version: int,
    content: Mapping[str, Any],
    sha256: str,
    account_id: int | None,
) -> int:
    """Keep an assessment and return its id. Raises OutsideScope when the choice is of others."""
    statement = insert(Assessment).values(
        choice_id=choice_id,
        rules_version=rules_version,
        content=dict(content),
        sha256=sha256,
        account_id=account_id,
    )
    with in_words(NOT_YOUR_CHOICE):
        return int(connection.execute(statement.returning(Assessment.id)).scalar_one())


def add_dossier(
    connection: Connection,
    choice_id: int,
    assessment_id: int,
    code: str,
    title: str,
    content: Mapping[str, Any],
    sha256: str,
    account_id: int | None,
) -> None:
    """Keep a dossier, not yet public. Raises OutsideScope when the choice is of others."""
    statement = insert(Dossier).values(
        choice_id=choice_id,
        assessment_id=assessment_id,
        code=code,
        title=title,
        content=dict(content),
        sha256=sha256,
        account_id=account_id,
    )
    with in_words(NOT_YOUR_CHOICE):
        connection.execute(statement)


def publish_dossier(connection: Connection, choice_id: int, code: str) -> None:
    """Make a dossier public from now on; one that is public already stays as it is."""
    _set(connection, choice_id, code, is_public=True)


def withdraw_dossier(connection: Connection, choice_id: int, code: str) -> None:
    """Make a dossier no longer public; it stays, and can be published again."""
    _set(connection, choice_id, code, is_public=False)


def _set(connection: Connection, choice_id: int, code: str, *, is_public: bool) -> None:
    record = find_dossier(connection, choice_id, code)
    if (record.published_at is not None) == is_public:
        return
    statement = (
        update(Dossier)
        .where(Dossier.id == record.id)
        .values(published_at=func.now() if is_public else null())
    )
    with in_words(NOT_YOUR_CHOICE):
        if not connection.execute(statement).rowcount:
            raise OutsideScope(NOT_YOUR_CHOICE)
