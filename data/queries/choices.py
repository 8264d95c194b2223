"""Choices between candidates: what is gathered, by which rules, and how far each candidate came.

Row level security gives the choices of the own gemeenten and of the region, and no others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, text

from data.errors import NotFound
from data.planning_tables import Choice, ChoiceCandidate, ChoiceRules
from data.queries.history import account_names
from data.tables import LARGEST_ID

NO_CHOICE = "Deze keuze is er niet, of hoort niet bij uw gemeente."
NO_CANDIDATE = "Deze plek staat niet in deze keuze."


@dataclass(frozen=True)
class ChoiceRecord:
    """A choice as it is stored. ``is_own`` tells whether who asks may change it."""

    id: int
    gemeente_code: str
    type: str
    name: str
    explanation: str | None
    target_place_count: int | None
    made_at: dt.datetime
    version: int
    is_own: bool


@dataclass(frozen=True)
class RulesRecord:
    """A version of the rules of a choice; ``content`` is read by ``analysis.choice_rules``."""

    choice_id: int
    version: int
    content: dict[str, Any]
    reason: str
    made_at: dt.datetime
    account_name: str | None


@dataclass(frozen=True)
class CandidateRecord:
    """A site among the candidates of a choice, as it is stored."""

    choice_id: int
    site_id: int
    origin: str
    origin_note: str | None
    stage: str
    added_on: dt.date
    dropped_on: dt.date | None
    dropped_role: str | None
    dropped_reason: str | None
    version: int


@dataclass(frozen=True)
class CandidateCount:
    """How many candidates of a choice are equally far, or fell."""

    choice_id: int
    stage: str
    is_dropped: bool
    count: int


def choices(connection: Connection) -> list[ChoiceRecord]:
    """Every choice within reach, by name."""
    query = _choices().order_by(Choice.name, Choice.id)
    return [ChoiceRecord(*row) for row in connection.execute(query)]


def find_choice(connection: Connection, choice_id: int) -> ChoiceRecord:
    """One choice; NotFound when it is not there or not within reach."""
    query = _choices().where(Choice.id == choice_id)
    row = connection.execute(query).first() if choice_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_CHOICE)
    return ChoiceRecord(*row)


def rules_versions(connection: Connection, choice_id: int) -> list[RulesRecord]:
    """Every version of the rules of a choice, the newest first."""
    query = (
        select(
            ChoiceRules.choice_id,
            ChoiceRules.version,
            ChoiceRules.content,
            ChoiceRules.reason,
            ChoiceRules.made_at,
            account_names.c.name,
        )
        .outerjoin(account_names, account_names.c.id == ChoiceRules.account_id)
        .where(ChoiceRules.choice_id == choice_id)
        .order_by(ChoiceRules.version.desc())
    )
    return [RulesRecord(*row) for row in connection.execute(query)]


def candidates(connection: Connection, choice_id: int) -> list[CandidateRecord]:
    """Every candidate of a choice, those that fell too, in the order in which they came."""
    query = _candidates().where(ChoiceCandidate.choice_id == choice_id)
    rows = connection.execute(query.order_by(ChoiceCandidate.added_on, ChoiceCandidate.site_id))
    return [CandidateRecord(*row) for row in rows]


def find_candidate(connection: Connection, choice_id: int, site_id: int) -> CandidateRecord:
    """One candidate; NotFound when the choice does not have it."""
    is_possible = max(choice_id, site_id) <= LARGEST_ID
    query = _candidates().where(
        and_(ChoiceCandidate.choice_id == choice_id, ChoiceCandidate.site_id == site_id)
    )
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_CANDIDATE)
    return CandidateRecord(*row)


def candidate_counts(connection: Connection) -> list[CandidateCount]:
    """How many candidates each choice within reach has, by stage."""
    is_dropped = ChoiceCandidate.dropped_on.is_not(None)
    query = select(
        ChoiceCandidate.choice_id, ChoiceCandidate.stage, is_dropped, func.count()
    ).group_by(ChoiceCandidate.choice_id, ChoiceCandidate.stage, is_dropped)
    return [CandidateCount(*row) for row in connection.execute(query)]


def compared_versions(connection: Connection, choice_id: int) -> dict[int, int]:
    """By site the version of the rules under which it was last compared.

    An assessment names its candidates in ``content["candidates"]``, each with its ``site_id``.
    """
    query = text(
        "SELECT DISTINCT ON (site_id) (one ->> 'site_id')::integer AS site_id, rules_version "
        "FROM assessment, jsonb_array_elements("
        "CASE jsonb_typeof(content -> 'candidates') WHEN 'array' THEN content -> 'candidates' "
        "ELSE '[]' END) AS one "
        "WHERE choice_id = :choice_id AND one ? 'site_id' "
        "ORDER BY site_id, assessment.id DESC"
    )
    rows = connection.execute(query, {"choice_id": choice_id})
    return {row.site_id: row.rules_version for row in rows}


def choices_of_site(
    connection: Connection, site_id: int
) -> list[tuple[ChoiceRecord, CandidateRecord]]:
    """The choices within reach that have this site among their candidates, by name."""
    query = _candidates().where(ChoiceCandidate.site_id == site_id)
    found = [CandidateRecord(*row) for row in connection.execute(query)]
    named = {record.id: record for record in _some(connection, {c.choice_id for c in found})}
    pairs = [(named[record.choice_id], record) for record in found if record.choice_id in named]
    return sorted(pairs, key=lambda pair: (pair[0].name, pair[0].id))


def _some(connection: Connection, ids: Collection[int]) -> list[ChoiceRecord]:
    rows = connection.execute(_choices().where(Choice.id.in_(ids)))
    return [ChoiceRecord(*row) for row in rows]


def _choices() -> Select[*tuple[Any, ...]]:
    return select(
        Choice.id,
        Choice.gemeente_code,
        Choice.type,
        Choice.name,
        Choice.explanation,
        Choice.target_place_count,
        Choice.made_at,
        Choice.version,
        func.in_scope(Choice.gemeente_code).label("is_own"),
    )


def _candidates() -> Select[*tuple[Any, ...]]:
    columns = [getattr(ChoiceCandidate, name) for name in CandidateRecord.__dataclass_fields__]
    return select(*columns)
