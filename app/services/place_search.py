"""The place that someone means: coordinates, a name that we know, or an address."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
from sqlalchemy import Connection

from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.geocoder import Geocoder, GeocoderError
from app.services.lists import matching, plain
from app.services.search import search
from app.services.typed_points import typed_point
from data.queries.amenities import amenities_in_use
from geo.crs import to_rd

MOST_PLACES = 8
AMENITY, ADDRESS, COORDINATES = "voorziening", "adres", "coördinaten"
#: What the field says when no address is looked up.
WITHOUT_ADDRESSES = (
    "Adressen zoeken staat uit op deze website. Typ de naam van een buurt, of klik op de kaart."
)


@dataclass(frozen=True)
class FoundPlace:
    """A place that may be meant: what kind it is, its name, where it lies (RD, whole metres)."""

    kind: str
    label: str
    context: str
    x_m: int
    y_m: int


@dataclass(frozen=True)
class PlaceSearch:
    """What was found; ``certain`` is the one place that is surely meant.

    ``trouble`` tells that addresses could not be looked up, when they should have been.
    """

    text: str
    places: tuple[FoundPlace, ...]
    certain: FoundPlace | None = None
    trouble: str | None = None


def find_places(connection: Connection, text: str, geocoder: Geocoder | None = None) -> PlaceSearch:
    """The places that the text may mean, likeliest first.

    A geocoder is asked only when the text is no place that we know ourselves. Raises
    TypedPointError for coordinates that can't be used.
    """
    point = typed_point(text)
    if point is not None:
        place = FoundPlace(COORDINATES, text, "", *point)
        return PlaceSearch(text, (place,), certain=place)
    known = known_places(connection, text)
    certain = _certain(text, known)
    if certain is not None or geocoder is None:
        return PlaceSearch(text, tuple(known), certain)
    try:
        addresses = [
            FoundPlace(ADDRESS, entry.label, "", entry.x_m, entry.y_m)
            for entry in geocoder.find(text)
        ]
    except GeocoderError as error:
        return PlaceSearch(text, tuple(known), trouble=str(error))
    places = tuple([*addresses, *known][:MOST_PLACES])
    return PlaceSearch(text, places, certain=_certain(text, list(places)))


def known_places(connection: Connection, text: str) -> list[FoundPlace]:
    """Areas, public sites and amenities by name, best first; those with the very name lead."""
    if not plain(text):
        return []
    found = [
        FoundPlace(hit.kind, hit.label, hit.context, *_whole(*to_rd(hit.lon, hit.lat)))
        for hit in search(connection, text, MOST_PLACES)
    ]
    amenities = _amenities(amenities_in_use(connection), text)
    wanted = plain(text)
    both = sorted([*found, *amenities], key=lambda place: plain(place.label) != wanted)
    return both[:MOST_PLACES]


def _amenities(amenities: gpd.GeoDataFrame, text: str) -> list[FoundPlace]:
    """Amenities whose name or category holds every word, those that begin with them first."""
    named = amenities[amenities["name"].notna()]
    labels = named["category"].map(lambda key: AMENITY_CATEGORIES[key].label)
    rows = named.assign(label=labels)
    rows = rows[matching(rows, text, ["name", "label"])]
    wanted = plain(text)
    starts = rows["name"].map(lambda name: not plain(name).startswith(wanted))
    rows = rows.assign(later=starts).sort_values(["later", "name"]).head(MOST_PLACES)
    return [
        FoundPlace(AMENITY, name, label, *_whole(point.x, point.y))
        for name, label, point in zip(rows["name"], rows["label"], rows.geometry, strict=True)
    ]


def _certain(text: str, places: list[FoundPlace]) -> FoundPlace | None:
    """The only place with exactly this name, or the only place at all when it has these words."""
    wanted = plain(text)
    same = [place for place in places if plain(place.label) == wanted]
    if len(same) == 1:
        return same[0]
    if len(places) == 1 and wanted in plain(places[0].label):
        return places[0]
    return None


def _whole(x_m: float, y_m: float) -> tuple[int, int]:
    return round(x_m), round(y_m)
