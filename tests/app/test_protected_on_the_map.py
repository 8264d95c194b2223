"""Protected sites on the map are a number at a fixed point of their wijk, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from app.services.map_export import export_map
from app.services.map_layers import MapQuestion, protected_count, protected_counts
from data.queries.releases import area_release
from tests.app.conftest import PROTECTED_X_M, PROTECTED_Y_M, TODAY
from tests.app.page_reader import read_page

#: Two places in one wijk of the world of twelve squares, in other buurten.
PLACES_M = ((100_400, 480_600), (101_730, 480_210))


def protected_sites(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/kaart/locaties.json").get_json()["afgeschermd"]
    return found


def put(connection: Connection, x_m: float, y_m: float) -> None:
    """The protected site of the world, at this place and in use."""
    connection.execute(
        text(f"UPDATE site SET geom = 'SRID=28992;POINT({x_m} {y_m})' WHERE site_code = 'TINY-6'")
    )
    connection.execute(
        text(
            "DELETE FROM site_state WHERE status <> 'in_gebruik' "
            "AND site_id = (SELECT id FROM site WHERE site_code = 'TINY-6')"
        )
    )


def test_a_planted_site_is_counted_at_the_label_point_of_its_wijk(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    query = text(
        "SELECT area_code, ST_Y(ST_PointOnSurface(geom_wgs84)), ST_X(ST_PointOnSurface(geom_wgs84))"
        " FROM area WHERE level = 'wijk' AND ST_Covers(geom, ST_SetSRID(ST_Point(:x, :y), 28992))"
    )
    with guarded_site[1].connect() as connection:
        code, lat, lon = connection.execute(query, {"x": PROTECTED_X_M, "y": PROTECTED_Y_M}).one()
    (entry,) = [entry for entry in protected_sites(guarded) if entry["gebied"] == code]
    assert entry["plek"] == pytest.approx([lat, lon], abs=1e-5)
    assert entry["aantal"] == 1
    assert set(entry) == {"gebied", "tekst", "aantal", "plek"}


def test_the_point_does_not_move_when_the_site_moves_within_its_wijk(database: Engine) -> None:
    question = MapQuestion(TODAY)
    told, drawn = [], []
    for place in PLACES_M:
        with database.begin() as connection:
            put(connection, *place)
            release = area_release(connection)
            told.append(protected_counts(connection, release, question))
            drawn.append(export_map(connection, question, TODAY))
    assert told[0] == told[1]
    assert drawn[0] == drawn[1]
    (entry,) = told[0]
    assert entry.text == "1 afgeschermde locatie in wijk 900101, Zuiderveen"


def test_the_list_says_the_same_as_the_map(guarded: FlaskClient) -> None:
    entries = protected_sites(guarded)
    page = read_page(guarded, "/")
    assert all(entry["tekst"] in page.text for entry in entries)
    assert f"Nog {sum(entry['aantal'] for entry in entries)} locaties zijn afgeschermd" in page.text


def test_the_counts_of_wijken_are_the_count_of_the_region(
    guarded_site: tuple[Flask, Engine],
) -> None:
    with guarded_site[1].connect() as connection:
        release = area_release(connection)
        for types in ((), ("respijt",), ("beschut_wonen",)):
            question = MapQuestion(TODAY, types=types)
            counts = protected_counts(connection, release, question)
            together = sum(entry.site_count for entry in counts)
            assert together == protected_count(connection, release, question)


def test_no_marker_lies_where_a_site_is(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    with guarded_site[1].connect() as connection:
        places = connection.execute(
            text(
                "SELECT ST_X(geom_wgs84), ST_Y(geom_wgs84) FROM site "
                "WHERE publication <> 'openbaar'"
            )
        ).all()
    for entry in protected_sites(guarded):
        lat, lon = entry["plek"]
        nearest = min(shapely.Point(lon, lat).distance(shapely.Point(*place)) for place in places)
        assert nearest > 1e-4
