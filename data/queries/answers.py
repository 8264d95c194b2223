"""What the closer look found at a site; row level security keeps it to the own gemeenten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.tables import SiteAnswer


@dataclass(frozen=True)
class AnswerRecord:
    """The answer to one question as it is stored; ``version`` grows with each change."""

    question: str
    finding: str
    evidence: str | None
    source: str | None
    found_on: dt.date | None
    version: int


def site_answers(connection: Connection, site_id: int) -> dict[str, AnswerRecord]:
    """The stored answers of a site by question; a question without an answer is not there."""
    columns = [getattr(SiteAnswer, name) for name in AnswerRecord.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(SiteAnswer.site_id == site_id))
    return {row.question: AnswerRecord(*row) for row in rows}


def answers_of_sites(
    connection: Connection, site_ids: Collection[int]
) -> dict[int, dict[str, AnswerRecord]]:
    """The stored answers by site and question; a site without answers is not there."""
    columns = [getattr(SiteAnswer, name) for name in AnswerRecord.__dataclass_fields__]
    found: dict[int, dict[str, AnswerRecord]] = {}
    rows = connection.execute(
        select(SiteAnswer.site_id, *columns).where(SiteAnswer.site_id.in_(site_ids))
    )
    for site_id, *facts in rows:
        answer = AnswerRecord(*facts)
        found.setdefault(site_id, {})[answer.question] = answer
    return found


def findings_by_site(
    connection: Connection, site_ids: Collection[int]
) -> dict[int, dict[str, str]]:
    """The finding on each question that has an answer, by site within reach."""
    query = select(SiteAnswer.site_id, SiteAnswer.question, SiteAnswer.finding)
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(query.where(SiteAnswer.site_id.in_(site_ids))):
        found.setdefault(row.site_id, {})[row.question] = row.finding
    return found
