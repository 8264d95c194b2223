"""What residents find important, without whose it is: rows come in the order of what they hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, cast, exists, or_, select, text

from data import dialogue_views as views
from data.dialogue_tables import Track
from data.planning_tables import ChoiceCandidate


@dataclass(frozen=True)
class ImportanceRow:
    """One weighting: points by subject, and the wijk of who sent it, where that was told."""

    phase_id: int | None
    type: str
    points: dict[str, Any]
    wijk_code: str | None = None


@dataclass(frozen=True)
class NamedTrack:
    """A public conversation by its address and its title."""

    code: str
    title: str


def all_importance(connection: Connection, track_id: int) -> tuple[ImportanceRow, ...]:
    """Every weighting of a conversation; for staff and council only."""
    row = views.all_importance.c
    query = select(row.phase_id, row.type, row.points, row.wijk_code)
    told = connection.execute(
        query.where(row.track_id == track_id).order_by(
            cast(row.points, String), row.wijk_code, row.phase_id
        )
    )
    return tuple(ImportanceRow(*entry) for entry in told)


def public_importance(
    connection: Connection, track_id: int | None = None
) -> dict[int, tuple[ImportanceRow, ...]]:
    """The weightings of phases that are closed and got enough of them, by conversation."""
    row = views.public_importance.c
    query = select(row.track_id, row.phase_id, row.type, row.points)
    if track_id is not None:
        query = query.where(row.track_id == track_id)
    found: dict[int, list[ImportanceRow]] = {}
    for of_track, *entry in connection.execute(query.order_by(cast(row.points, String))):
        found.setdefault(of_track, []).append(ImportanceRow(*entry))
    return {of_track: tuple(rows) for of_track, rows in found.items()}


def tracks_with_sites(connection: Connection, site_ids: Collection[int]) -> tuple[NamedTrack, ...]:
    """The public conversations about any of these sites, or about a choice among them, by title.

    On a connection of staff: which choice a conversation is about, is not public.
    """
    track, line = views.public_track.c, views.public_track_site.c
    about = exists().where(line.track_id == track.id, line.site_id.in_(site_ids))
    chosen = exists().where(
        Track.id == track.id,
        ChoiceCandidate.choice_id == Track.choice_id,
        ChoiceCandidate.site_id.in_(site_ids),
    )
    query = select(track.code, track.title).where(or_(about, chosen))
    rows = connection.execute(query.order_by(track.title, track.id))
    return tuple(NamedTrack(*row) for row in rows)


#: The views in which anything lies that a visitor may count or measure.
_PUBLIC = ("public_site", "public_site_area", "public_site_state", "public_home_count")
_MARK = text(
    "SELECT md5(string_agg(mark, '' ORDER BY mark)) FROM ("
    + " UNION ALL ".join(
        "SELECT md5(string_agg(of_row, '' ORDER BY of_row COLLATE \"C\")) AS mark "
        f"FROM (SELECT md5(row::text) AS of_row FROM {view} AS row) AS rows"
        for view in _PUBLIC
    )
    + " UNION ALL SELECT md5(string_agg(id || imported_at::text, '' ORDER BY id)) "
    "FROM public_release) AS marks"
)


def public_mark(connection: Connection) -> str:
    """A mark of all public sites and deliveries: another one when any of them changes."""
    found: str | None = connection.scalar(_MARK)
    return found or ""
