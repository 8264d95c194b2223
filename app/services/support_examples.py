"""The measurement of support that the method pages work out: the last public one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.support import SupportFacts, support_share
from app.numbers import to_dutch_date
from app.services.agreements import counts_of, make_view
from data.queries.agreements import public_measurements
from data.queries.tracks import public_tracks


@dataclass(frozen=True)
class SupportExample:
    """A measurement to work out, what it is about and where it stands; or why there is none."""

    facts: SupportFacts | None
    about: str = "Een draagvlakmeting"
    address: str | None = None
    reason: str = "Er is nog geen meting met genoeg antwoorden."


def support_example(connection: Connection) -> SupportExample:
    """The last measurement with enough answers, beside the one before it when there is one."""
    measured = public_measurements(connection)
    enough = [one for one in measured if support_share(counts_of(one)) is not None]
    if not enough:
        return SupportExample(None)
    last = max(enough, key=lambda one: (one.measured_on, one.id))
    (line,) = [
        one
        for one in make_view((), measured, {}, {}, last.measured_on).measurements
        if one.record == last
    ]
    earlier = None if line.before is None else counts_of(line.before)
    track = next(one for one in public_tracks(connection) if one.id == last.track_id)
    return SupportExample(
        SupportFacts(line.counts, earlier),
        f"Het gesprek ‘{track.title}’, meting van {to_dutch_date(last.measured_on)} "
        f"({last.source})",
        f"/in-gesprek/{track.code}",
        "Er is nog geen tweede meting met dezelfde vraag en genoeg antwoorden.",
    )
