"""What someone types leads to one place, or to a choice; addresses only when that is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine

from app.services.geocoder import SILENT, Address, Geocoder, GeocoderError
from app.services.place_search import PlaceSearch, find_places
from app.services.typed_points import TypedPointError

Find = Callable[..., PlaceSearch]


class KnownStreets(Geocoder):
    """A geocoder that knows one street and writes down what it is asked."""

    asked: list[str] = []  # noqa: RUF012

    def find(self, text: str) -> list[Address]:
        self.asked.append(text)
        return [Address("Grote Markt 2, 2011RD Haarlem", 103_836, 488_630)]


class Silent(Geocoder):
    """A geocoder that does not answer."""

    def find(self, text: str) -> list[Address]:
        raise GeocoderError(SILENT)


@pytest.fixture
def world_connection(world_site: tuple[Flask, Engine]) -> Iterator[Connection]:
    with world_site[1].connect() as connection:
        yield connection


@pytest.fixture
def find(demo_site: tuple[Flask, Engine]) -> Find:
    def finding(text: str, geocoder: Geocoder | None = None) -> PlaceSearch:
        with demo_site[1].connect() as connection:
            return find_places(connection, text, geocoder)

    return finding


@pytest.fixture
def streets() -> KnownStreets:
    KnownStreets.asked = []
    return KnownStreets("http://127.0.0.1:9")


def test_coordinates_are_a_place_at_once(find: Find, streets: KnownStreets) -> None:
    found = find("103.900, 488.500", streets)
    assert found.certain is not None
    assert (found.certain.x_m, found.certain.y_m) == (103_900, 488_500)
    assert streets.asked == []


def test_coordinates_elsewhere_are_refused(find: Find) -> None:
    with pytest.raises(TypedPointError):
        find("48.85, 2.35")


def test_the_very_name_of_an_area_is_a_place_in_that_area(world_connection: Connection) -> None:
    # The first square of the world.
    found = find_places(world_connection, "buurt 90010101").certain
    assert found is not None
    assert found.kind == "buurt"
    assert 100_000 <= found.x_m <= 101_000
    assert 480_000 <= found.y_m <= 481_000


def test_an_amenity_is_found_by_its_name(world_connection: Connection) -> None:
    found = find_places(world_connection, "proefvoorziening 3 (voorbeeld)").certain
    assert found is not None
    assert (found.kind, found.context) == ("voorziening", "Supermarkt")
    assert (found.x_m, found.y_m) == (101_500, 480_500)


def test_a_public_site_is_found_and_another_is_not(world_connection: Connection) -> None:
    found = find_places(world_connection, "Proeflocatie 1 (voorbeeld)").certain
    assert found is not None
    assert (found.kind, found.x_m, found.y_m) == ("locatie", 100_500, 480_500)
    for number in (6, 7):
        hidden = find_places(world_connection, f"Proeflocatie {number} (voorbeeld)")
        assert hidden.certain is None
        assert all(str(number) not in place.label for place in hidden.places)


def test_a_name_of_many_places_is_a_choice(find: Find) -> None:
    found = find("centrum")
    assert found.certain is None
    assert len(found.places) == 8


@pytest.mark.parametrize("text", ["", "  ", "!!", "qqqqqqqq", "2012345"])
def test_nothing_known_is_nothing_found(find: Find, text: str) -> None:
    assert find(text).places == ()


def test_an_address_is_looked_up_when_we_do_not_know_the_place(
    find: Find, streets: KnownStreets
) -> None:
    found = find("grote markt 2, 2011rd haarlem", streets)
    assert streets.asked == ["grote markt 2, 2011rd haarlem"]
    assert found.certain is not None
    assert (found.certain.kind, found.certain.x_m) == ("adres", 103_836)


def test_a_name_that_we_know_is_never_sent_to_the_geocoder(
    find: Find, streets: KnownStreets
) -> None:
    assert find("Heemstede", streets).certain is not None
    assert streets.asked == []


def test_a_geocoder_that_fails_is_told_and_our_own_places_stay(find: Find) -> None:
    found = find("centrum", Silent("http://127.0.0.1:9"))
    assert found.trouble == SILENT
    assert len(found.places) == 8
