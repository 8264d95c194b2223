"""Writing what the closer look found. Who wrote in between is never written over."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from data.changes.refusals import in_words
from data.changes.sites import Conflict
from data.queries.answers import site_answers
from data.tables import SiteAnswer


@dataclass(frozen=True)
class AnswerFields:
    """What a person fills in on one question."""

    finding: str
    evidence: str | None = None
    source: str | None = None
    found_on: dt.date | None = None


def save_answer(
    connection: Connection, site_id: int, question: str, fields: AnswerFields, seen_version: int
) -> None:
    """Write an answer over version ``seen_version``; 0 says that none was there yet.

    Hold the site first (``hold_site``). Raises Conflict when there is another version.
    """
    stored = site_answers(connection, site_id).get(question)
    if (stored.version if stored else 0) != seen_version:
        raise Conflict("Iemand anders heeft deze vraag intussen beantwoord.")
    values = dataclasses.asdict(fields)
    with in_words():
        if stored is None:
            connection.execute(
                insert(SiteAnswer).values(site_id=site_id, question=question, **values)
            )
            return
        connection.execute(
            update(SiteAnswer)
            .where(SiteAnswer.site_id == site_id, SiteAnswer.question == question)
            .values(**values)
        )
