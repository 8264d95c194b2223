"""Which sites who looks may see, and a result in which the others have no name and no place.

A computation of the region is read by every gemeente. It may hold internal sites of another one:
those stay in the counts, and are told by their gemeente only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.workspace import site_names


def visible_sites(connection: Connection, site_ids: Collection[int], on: dt.date) -> set[int]:
    """Those of these sites that are one's own or public, on a connection of staff."""
    own = set(site_names(connection, site_ids))
    rest = [site_id for site_id in site_ids if site_id not in own]
    if not rest:
        return own
    public = sites_on(connection, area_release(connection).id, on, site_ids=rest)
    return own | {int(key) for key in public.index}


def hidden_names(
    connection: Connection, result: Mapping[str, Any], on: dt.date, gemeenten: Mapping[str, str]
) -> dict[str, str]:
    """What is told instead of the name of each candidate that who looks may not see, by key."""
    places = result["places"]
    ids = {key: place["site_id"] for key, place in places.items() if place["site_id"] is not None}
    seen = visible_sites(connection, tuple(ids.values()), on)
    return {
        key: f"een interne locatie in {_gemeente(places[key], gemeenten)}"
        for key, site_id in ids.items()
        if site_id not in seen
    }


def without_hidden(result: Mapping[str, Any], hidden: Mapping[str, str]) -> dict[str, Any]:
    """The result with these candidates by their gemeente only, and without the bare problem."""
    if not hidden:
        return dict(result)
    names = {place["name"]: hidden[key] for key, place in result["places"].items() if key in hidden}
    longest_first = sorted(names.items(), key=lambda pair: -len(pair[0]))
    kept = {name: part for name, part in result.items() if name != "problem"}
    cleaned: dict[str, Any] = _renamed(kept, longest_first)
    cleaned["places"] = {
        key: {**place, "lat": None, "lon": None, "site_id": None} if key in hidden else place
        for key, place in cleaned["places"].items()
    }
    return cleaned


#: Fields with words of ours in them: no name of a site stands there.
_OURS = frozenset({"stage", "stages", "ended", "solver", "type", "key", "gemeente_code", "status"})


def _renamed(part: Any, names: list[tuple[str, str]]) -> Any:
    if isinstance(part, str):
        for name, told in names:
            part = part.replace(name, told)
        return part
    if isinstance(part, list):
        return [_renamed(entry, names) for entry in part]
    if isinstance(part, dict):
        return {
            key: value
            if key in _OURS and not isinstance(value, list | dict)
            else _renamed(value, names)
            for key, value in part.items()
        }
    return part


def _gemeente(place: Mapping[str, Any], gemeenten: Mapping[str, str]) -> str:
    return gemeenten.get(place["gemeente_code"] or "", "de regio")
