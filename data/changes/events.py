"""What the post itself writes of events: that a phase began, and which it has noticed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

_PHASES_STARTED = text(
    """
    INSERT INTO public_event (kind, track_id, row_id, at)
    SELECT 'phase_started', p.track_id, p.id, :now
    FROM track_phase p JOIN track t ON t.id = p.track_id
    WHERE t.state = 'open' AND p.closed_at IS NULL
      AND p.starts_on <= CAST(:today AS date)
      AND (p.ends_on IS NULL OR p.ends_on >= CAST(:today AS date))
      -- With the track itself was told what was going on then.
      AND p.starts_on > CAST(t.published_at AT TIME ZONE 'Europe/Amsterdam' AS date)
      AND NOT EXISTS (SELECT 1 FROM public_event e
                      WHERE e.kind = 'phase_started' AND e.row_id = p.id)
    """
)


def add_started_phases(connection: Connection, today: dt.date, now: dt.datetime) -> int:
    """Note each phase that began by its date, once. Returns how many there were."""
    return connection.execute(_PHASES_STARTED, {"today": today, "now": now}).rowcount


def notice_events(connection: Connection, now: dt.datetime) -> int:
    """Mark what nobody saw before as noticed now. Returns how many there were."""
    noticed = text("UPDATE public_event SET noticed_at = :now WHERE noticed_at IS NULL")
    return connection.execute(noticed, {"now": now}).rowcount
