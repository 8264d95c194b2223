"""Removing personal data that are past their term (``data.retention``)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from data import retention
from data.retention import Retention

#: A refusal stands from its last step on; who made an appeal is heard before anything goes.
_REFUSED_AT = "greatest(c.moderated_at, c.second_at, c.appealed_at, c.appeal_at)"
#: What is done for each term, in this order. ``:before`` is now without the term.
_STATEMENTS: tuple[tuple[Retention, str], ...] = (
    (retention.CONTACT, "DELETE FROM contribution_contact WHERE delete_at <= :now"),
    (retention.CONTACT_TOLD, "DELETE FROM contribution_contact WHERE told_at <= :before"),
    (
        retention.SUBSCRIPTION_UNCONFIRMED,
        "DELETE FROM subscription WHERE confirmed_at IS NULL AND asked_at <= :before",
    ),
    (
        retention.ATTEMPT,
        "DELETE FROM attempt WHERE window_start <= :before "
        "AND (blocked_until IS NULL OR blocked_until < :now)",
    ),
    (
        retention.ORIGINAL_TEXT,
        "UPDATE contribution SET body = coalesce(public_body, body), findings = NULL "
        "WHERE moderation = 'openbaar' AND moderated_at <= :before "
        "AND (findings IS NOT NULL OR (public_body IS NOT NULL AND body <> public_body))",
    ),
    (
        retention.ORIGINAL_TEXT,
        "UPDATE contribution SET appeal_text = NULL, appeal_note = NULL "
        "WHERE moderation = 'openbaar' AND appeal_at <= :before "
        "AND num_nonnulls(appeal_text, appeal_note) > 0",
    ),
    (
        retention.ORIGINAL_TEXT,
        "UPDATE moderation_step m SET note = NULL FROM contribution c "
        "WHERE c.code = m.contribution_code AND c.moderation = 'openbaar' "
        "AND m.note IS NOT NULL AND m.at <= :before",
    ),
    (
        retention.UNSHOWN_PHOTO,
        "DELETE FROM contribution_photo f USING contribution c "
        "WHERE c.code = f.contribution_code AND c.moderation = 'openbaar' AND NOT f.is_public "
        "AND greatest(c.moderated_at, c.second_at, c.appeal_at) <= :before",
    ),
    (
        retention.REFUSED_TEXT,
        "UPDATE moderation_step m SET note = NULL FROM contribution c "
        "WHERE c.code = m.contribution_code AND c.moderation = 'geweigerd' "
        f"AND m.note IS NOT NULL AND {_REFUSED_AT} <= :before",
    ),
    (
        retention.REFUSED_TEXT,
        "UPDATE contribution c SET body = :cleared, public_body = NULL, answers = '{}', "
        "findings = NULL, geom = NULL, place_test = NULL, from_wijk_code = NULL, "
        "refusal_note = NULL, appeal_text = NULL, appeal_note = NULL, token_sha256 = NULL "
        f"WHERE moderation = 'geweigerd' AND body <> :cleared AND {_REFUSED_AT} <= :before",
    ),
    (
        retention.REFUSED_PHOTO,
        "DELETE FROM contribution_photo f USING contribution c "
        "WHERE c.code = f.contribution_code AND c.moderation = 'geweigerd' "
        f"AND {_REFUSED_AT} <= :before",
    ),
    (retention.MAIL_UNSENT, "DELETE FROM outgoing_mail WHERE delete_at <= :now"),
    # Who asked for the same twice is told once: by what was confirmed last.
    (
        retention.SUBSCRIPTION,
        "DELETE FROM subscription s USING subscription later "
        "WHERE s.code <> later.code AND lower(s.email) = lower(later.email) "
        "AND s.confirmed_at < later.confirmed_at "
        "AND (s.track_id, s.area_code, s.radius_m, ST_AsBinary(s.geom)) IS NOT DISTINCT FROM "
        "(later.track_id, later.area_code, later.radius_m, ST_AsBinary(later.geom))",
    ),
)


def clear_expired(connection: Connection, now: dt.datetime) -> dict[str, int]:
    """Clear what is past its term. Returns how many rows by the key of the term."""
    counts: dict[str, int] = {}
    for kept, statement in _STATEMENTS:
        values = {
            "now": now,
            "before": now - (kept.term or dt.timedelta(0)),
            "cleared": retention.CLEARED_TEXT,
        }
        query = text(statement)
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        counts[kept.key] = counts.get(kept.key, 0) + connection.execute(query, used).rowcount
    return {key: count for key, count in counts.items() if count}
