"""What changed for the public: the events behind feeds and post, read as they are now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from geo.crs import RD_EPSG

_COLUMNS = (
    "e.id, e.at, e.kind, e.track_code, e.track_title, e.site_id, e.site_name, e.site_type, "
    "e.subject, e.body, e.starts_at, e.place, e.status, e.capacity_count, e.from_date"
)
#: The track itself, those under it, and the sites that it is about or looked at.
_OF_TRACK = """
  e.track_id IN (SELECT id FROM public_track WHERE id = :track_id OR parent_id = :track_id)
  OR e.site_id IN (SELECT site_id FROM public_track_site WHERE track_id = :track_id)"""
#: A track is near when its wijk is, or one of its sites; without a wijk it is of all its gemeente.
_NEAR = """
  e.site_id IN (SELECT id FROM public_site WHERE ST_DWithin(geom, :point, :radius_m))
  OR e.track_id IN (
    SELECT t.id FROM public_track t
    LEFT JOIN area a ON a.release_id = :release_id
         AND a.area_code = coalesce(t.wijk_code, t.gemeente_code)
    WHERE t.gemeente_code = 'regio' OR ST_DWithin(a.geom, :point, :radius_m)
       OR EXISTS (SELECT 1 FROM public_track_site ts JOIN public_site s ON s.id = ts.site_id
                  WHERE ts.track_id = t.id AND ST_DWithin(s.geom, :point, :radius_m)))"""
#: In an area: what lies in it, and tracks about it, about a part of it, or about all around it.
_IN_AREA = """
  e.site_id IN (SELECT site_id FROM public_site_area
                WHERE area_release_id = :release_id AND area_code = :area_code
                  AND has_public_place)
  OR e.track_id IN (
    SELECT t.id FROM public_track t
    LEFT JOIN area a ON a.release_id = :release_id AND a.area_code = :area_code
    WHERE t.gemeente_code = 'regio' OR t.wijk_code = :area_code OR t.gemeente_code = :area_code
       OR (t.wijk_code IS NULL AND t.gemeente_code = a.gemeente_code)
       OR EXISTS (SELECT 1 FROM public_track_site ts
                  JOIN public_site_area sa ON sa.site_id = ts.site_id AND sa.has_public_place
                  WHERE ts.track_id = t.id AND sa.area_release_id = :release_id
                    AND sa.area_code = :area_code))"""
_ALL_TRACKS = "e.track_id IS NOT NULL"


@dataclass(frozen=True)
class EventRecord:
    """Something that changed, with what a sentence about it needs."""

    id: int
    at: dt.datetime
    kind: str
    track_code: str | None
    track_title: str | None
    site_id: int | None
    site_name: str | None
    site_type: str | None
    subject: str | None
    body: str | None
    starts_at: dt.datetime | None
    place: str | None
    status: str | None
    capacity_count: int | None
    from_date: dt.date | None


@dataclass(frozen=True)
class Reach:
    """What somebody wants to know of: a track, an area, or a point (RD) with a radius.

    Nothing of these: all tracks.
    """

    track_id: int | None = None
    area_code: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    radius_m: int | None = None


def events_in(
    connection: Connection,
    reach: Reach,
    *,
    release_id: int | None,
    most: int,
    noticed_after: dt.datetime | None = None,
) -> tuple[EventRecord, ...]:
    """The newest events within reach, newest first.

    ``release_id`` is of the areas in use. ``noticed_after``: only what the post noticed later.
    """
    where, values = _where(reach)
    noticed = "AND e.noticed_at > :noticed_after" if noticed_after is not None else ""
    query = text(
        f"SELECT {_COLUMNS} FROM public_event_now e WHERE ({where}) {noticed} "
        "ORDER BY e.at DESC, e.id DESC LIMIT :most"
    )
    given = {"release_id": release_id, "most": most, "noticed_after": noticed_after, **values}
    used = {name: value for name, value in given.items() if f":{name}" in str(query)}
    return tuple(EventRecord(*row) for row in connection.execute(query, used))


def _where(reach: Reach) -> tuple[str, dict[str, Any]]:
    if reach.track_id is not None:
        return _OF_TRACK, {"track_id": reach.track_id}
    if reach.area_code is not None:
        return _IN_AREA, {"area_code": reach.area_code}
    if reach.radius_m is not None:
        point = f"ST_SetSRID(ST_MakePoint(:x_m, :y_m), {RD_EPSG})"
        values = {"x_m": reach.x_m, "y_m": reach.y_m, "radius_m": reach.radius_m}
        return _NEAR.replace(":point", point), values
    return _ALL_TRACKS, {}
