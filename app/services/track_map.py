"""The map of a conversation as GeoJSON (WGS 84): its sites, and where contributions are about."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, CONTRIBUTION_STATUSES
from app.services import current
from app.services.shown_contributions import SIGNS
from app.services.track_view import LOOKED_AT, ShownPlace, shown_places
from data.queries.areas import OUTLINE_DECIMALS
from data.queries.contributions import AskedContributions, ShapeRecord, contribution_shapes
from data.queries.tracks import places_of_tracks, public_track

SITE, CONTRIBUTION = "locatie", "reactie"
#: A site of which no state has begun yet is drawn as a plan.
_NOT_YET = ("plan", "nog niet begonnen")


def track_map(connection: Connection, code: str, asked: AskedContributions) -> dict[str, Any]:
    """Everything public of a conversation that has a place; NotFound without the conversation."""
    track_id = public_track(connection, code).id
    places = places_of_tracks(connection, [track_id], current.today()).get(track_id, ())
    features = [
        *(_site(place) for place in shown_places(places)),
        *(_contribution(shape) for shape in contribution_shapes(connection, track_id, asked)),
    ]
    return {"type": "FeatureCollection", "features": features}


def _site(place: ShownPlace) -> dict[str, Any]:
    group, told = (place.status.group.key, place.status.label) if place.status else _NOT_YET
    point = [round(place.record.lon, OUTLINE_DECIMALS), round(place.record.lat, OUTLINE_DECIMALS)]
    part = "ook bekeken" if place.record.part == LOOKED_AT else "hierover gaat het"
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {
            "wat": SITE,
            "deel": place.record.part,
            "id": place.record.site_id,
            "naam": place.record.name,
            "soort": place.type.label,
            "symbool": place.type.symbol,
            "groep": group,
            "status": f"{told}, {part}",
        },
    }


def _contribution(shape: ShapeRecord) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": json.loads(shape.geojson),
        "properties": {
            "wat": CONTRIBUTION,
            "code": shape.code,
            "naam": CONTRIBUTION_KINDS[shape.kind].label,
            "teken": SIGNS[shape.kind],
            "status": CONTRIBUTION_STATUSES[shape.status].label,
        },
    }
