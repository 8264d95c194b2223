"""Contributions whose writer asked for an answer by e-mail and was not told it yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, text

_QUERY = text(
    """
    SELECT c.code, k.email, t.title, c.token_sha256 IS NOT NULL AS has_link, c.moderation,
           c.refusal_key, c.appeal_outcome, c.status, c.answer, th.status AS theme_status,
           th.answer AS theme_answer, n.news_at
    FROM contribution_contact k
    JOIN contribution c ON c.code = k.contribution_code
    JOIN track t ON t.id = c.track_id
    LEFT JOIN theme th ON th.id = c.theme_id
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN c.moderation = 'geweigerd'
          THEN greatest(c.moderated_at, c.second_at, c.appeal_at, c.made_at)
        WHEN c.moderation = 'openbaar' AND nullif(btrim(c.answer), '') IS NOT NULL
          THEN coalesce(c.answered_at, c.made_at)
        WHEN c.moderation = 'openbaar' AND nullif(btrim(th.answer), '') IS NOT NULL
          THEN coalesce(th.answered_at, c.made_at)
      END AS news_at) n
    WHERE n.news_at IS NOT NULL AND (k.told_at IS NULL OR k.told_at < n.news_at)
      AND k.delete_at > :now
    ORDER BY n.news_at, c.code
    LIMIT :most
    FOR UPDATE OF k SKIP LOCKED
    """
)


@dataclass(frozen=True)
class AnswerToTell:
    """What the writer of a contribution is told: a refusal, or the answer (own or of its theme).

    ``news_at`` is when that was decided; ``has_link`` when the writer has an own link.
    """

    code: str
    email: str
    track_title: str
    has_link: bool
    moderation: str
    refusal_key: str | None
    appeal_outcome: str | None
    own_status: str
    own_answer: str | None
    theme_status: str | None
    theme_answer: str | None
    news_at: dt.datetime


def answers_to_tell(
    connection: Connection, now: dt.datetime, most: int
) -> tuple[AnswerToTell, ...]:
    """The oldest of them; nobody else tells them until this transaction ends."""
    rows = connection.execute(_QUERY, {"now": now, "most": most})
    return tuple(AnswerToTell(*row) for row in rows)
