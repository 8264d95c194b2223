"""Finding the place of a site by its address, from the form of a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.geocoder import Geocoder
from app.services.imports import secret_words
from app.services.place_search import ADDRESS, FoundPlace, find_places
from app.services.site_form import SECRET
from app.services.typed_points import TypedPointError

NOTHING_FOUND = (
    "Wij vinden geen plek met deze woorden. Typ een straat met plaats of de naam van een buurt, "
    "of klik op de kaart."
)
LONGEST_QUESTION = 100


@dataclass(frozen=True)
class PlaceHits:
    """What a search found: places to choose from, one that is surely meant, or what is wrong."""

    places: tuple[FoundPlace, ...] = ()
    certain: FoundPlace | None = None
    fault: str | None = None
    trouble: str | None = None


def search_place(connection: Connection, text: str, geocoder: Geocoder | None) -> PlaceHits:
    """The places that the text may mean; what is wrong with it is said, never raised."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    words = words[:LONGEST_QUESTION]
    if not words:
        return PlaceHits(fault="Typ een adres, de naam van een buurt of coördinaten.")
    if secret_words().are_in(words):
        return PlaceHits(fault=SECRET)
    try:
        found = find_places(connection, words, geocoder)
    except TypedPointError as error:
        return PlaceHits(fault=str(error))
    if not found.places:
        return PlaceHits(fault=" ".join(filter(None, (found.trouble, NOTHING_FOUND))))
    return PlaceHits(found.places, found.certain, trouble=found.trouble)


def value_of(place: FoundPlace) -> str:
    """A found place as the value of a choice; an address goes along, for its own field."""
    label = place.label if place.kind == ADDRESS else ""
    return f"{place.x_m}, {place.y_m}|{label}"


def with_place(texts: Mapping[str, str], value: str) -> dict[str, str]:
    """The texts of the form with a chosen place, and its address when none was typed."""
    point, _, label = value.partition("|")
    address = texts.get("adres", "") or label
    return {**texts, "plek": point[:LONGEST_QUESTION], "adres": address}
