"""Protected and internal sites leave by no door: not by name, address, words or place."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.facility_types import FACILITY_TYPES
from app.services.search import search
from geo.crs import to_wgs84
from tests.app.conftest import (
    PROTECTED_ADDRESS,
    PROTECTED_CODE,
    PROTECTED_DESCRIPTION,
    PROTECTED_NAME,
    PROTECTED_PROVIDER,
    PROTECTED_REASON,
    PROTECTED_X_M,
    PROTECTED_Y_M,
)
from tests.app.page_reader import read_page

LON, LAT = to_wgs84(PROTECTED_X_M, PROTECTED_Y_M)
#: What may be found nowhere; places to about 10 m.
SECRETS = (
    PROTECTED_NAME,
    PROTECTED_ADDRESS,
    PROTECTED_CODE,
    PROTECTED_PROVIDER,
    PROTECTED_REASON,
    PROTECTED_DESCRIPTION,
    f"{PROTECTED_X_M:.0f}",
    f"{PROTECTED_Y_M:.0f}",
    f"{LON:.4f}",
    f"{LAT:.4f}",
)


def addresses(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        place = {"x": PROTECTED_X_M, "y": PROTECTED_Y_M}
        point = "ST_SetSRID(ST_Point(:x, :y), 28992)"
        codes = connection.scalars(
            text(f"SELECT area_code FROM area WHERE ST_Covers(geom, {point})"), place
        ).all()
        sites = connection.scalars(text("SELECT id FROM site")).all()
        hidden = connection.scalars(
            text("SELECT id FROM site WHERE name LIKE :name"), {"name": f"{PROTECTED_NAME}%"}
        ).all()
    lists = [
        "/lijst/locaties",
        "/lijst/locaties?soort=beschut_wonen&status=in_gebruik&gemeente=GM0392",
        f"/lijst/locaties?q={PROTECTED_NAME}",
        "/lijst/gebieden?niveau=buurt",
    ]
    files = [
        path.replace("?", f".{extension}?", 1) if "?" in path else f"{path}.{extension}"
        for path in lists
        for extension in ("csv", "xlsx", "gpkg")
    ]
    return [
        "/",
        "/?niveau=buurt",
        *(f"/?gebied={code}" for code in codes),
        *(f"/?locatie={site_id}" for site_id in sites),
        "/lijst",
        *lists,
        *files,
        *(f"/gebied/{code}" for code in codes),
        *(f"/locatie/{site_id}" for site_id in sites),
        *(f"/soorten/{key}" for key in FACILITY_TYPES.keys),
        "/soorten",
        "/spreiding",
        "/spreiding?niveau=wijk&soort=beschut_wonen",
        "/spreiding.csv?niveau=wijk",
        "/spreiding.xlsx?niveau=wijk",
        "/spreiding/kaart.svg?niveau=wijk",
        "/spreiding/trechter.svg?soort=beschut_wonen&niveau=wijk",
        "/spreiding/verhouding.svg",
        "/spreiding/verloop?van=2019",
        "/spreiding/verloop?van=2020&niveau=wijk&soort=beschut_wonen&plannen=gepland",
        "/spreiding/verloop?van=2019&soort=respijt",
        *(
            f"/spreiding/verloop/{part}.{extension}?van=2019&niveau=wijk"
            for part in ("jaren", "gebieden", "verandering")
            for extension in ("csv", "xlsx")
        ),
        "/spreiding/verloop/kaarten.svg?niveau=wijk",
        "/methode/verandering-hoover",
        "/spreiding/nabij",
        "/spreiding/nabij?soort=beschut_wonen&afstand=1200&plannen=gepland",
        "/spreiding/nabij.csv?soort=beschut_wonen",
        "/spreiding/nabij.xlsx?soort=respijt&niveau=wijk",
        *(f"/spreiding/nabij?kandidaat={site_id}&plekken=5" for site_id in hidden),
        "/bereikbaarheid/minuten",
        "/bereikbaarheid/minuten.csv?categorie=huisarts&niveau=buurt",
        "/bereikbaarheid/respijt",
        "/bereikbaarheid/respijt?soort=beschut_wonen&niveau=wijk",
        "/bereikbaarheid/respijt.csv?soort=beschut_wonen",
        "/bereikbaarheid/respijt.xlsx?soort=respijt&niveau=wijk",
        "/methode/hooverindex",
        "/methode/reistijd",
        "/methode/toegangsscore",
        "/methode/bereik-binnen-15-minuten",
        "/methode/plekken-binnen-bereik",
        "/methode/plekken-dichtbij",
        "/methode/plekken-dichtbij-per-gebied",
        "/methode/verandering-dichtbij",
        "/bronnen",
        f"/zoeken?q={PROTECTED_ADDRESS.split()[0]}",
        "/zoeken?q=beschut",
    ]


def contents(client: FlaskClient, address: str) -> str:
    """The answer as text; workbooks and GeoPackages unpacked."""
    answer = client.get(address)
    if ".xlsx" in address:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return " ".join(book.read(name).decode("utf-8") for name in book.namelist())
    if ".gpkg" in address:
        return bytes(answer.data).decode("latin-1")
    return str(answer.get_data(as_text=True))


def test_no_answer_holds_anything_of_a_protected_site(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    leaks = []
    for address in addresses(guarded_site[1]):
        found = contents(guarded, address)
        asked = re.search(r"q=(\w+)", address)
        leaks += [
            f"{secret} in {address}"
            for secret in SECRETS
            if secret in found and not (asked and asked[1] in secret)
        ]
    assert leaks == []


def test_no_point_in_a_geopackage_is_near_a_protected_site(
    guarded: FlaskClient, tmp_path: Path
) -> None:
    file = tmp_path / "sites.gpkg"
    file.write_bytes(guarded.get("/lijst/locaties.gpkg").data)
    layer = pyogrio.read_dataframe(file, layer="locaties")
    distance_m = (
        (layer.geometry.x - PROTECTED_X_M) ** 2 + (layer.geometry.y - PROTECTED_Y_M) ** 2
    ) ** 0.5
    assert distance_m.min() > 1


def test_the_page_of_a_protected_site_can_not_be_told_from_one_that_is_not_there(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    with guarded_site[1].connect() as connection:
        hidden = connection.scalars(
            text("SELECT id FROM site WHERE name LIKE :name"), {"name": f"{PROTECTED_NAME}%"}
        ).all()
    assert len(hidden) == 3
    nothing = guarded.get("/locatie/987654")
    assert nothing.status_code == 404
    for site_id in hidden:
        answer = guarded.get(f"/locatie/{site_id}")
        assert answer.status_code == 404
        assert answer.data == nothing.data


def test_a_protected_site_counts_in_its_gemeente_and_wijk(
    guarded: FlaskClient, client: FlaskClient
) -> None:
    def in_use(visitor: FlaskClient) -> int:
        page = read_page(visitor, "/lijst/gebieden")
        return next(int(row[4]) for row in page.tables[0] if row[0] == "Haarlem")

    assert in_use(guarded) == in_use(client) + 5


@pytest.mark.parametrize("words", [PROTECTED_NAME, PROTECTED_ADDRESS, PROTECTED_PROVIDER])
def test_searching_never_tells_that_a_protected_site_is_there(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine], words: str
) -> None:
    with guarded_site[1].connect() as connection:
        hits = search(connection, words)
    assert not any(PROTECTED_NAME in hit.label for hit in hits)
    listed = read_page(guarded, f"/lijst/locaties?q={words}")
    assert listed.lead.startswith("0 van de ")
    # The number of protected sites is the same whatever one searches for.
    everything = read_page(guarded, "/lijst/locaties")
    assert listed.lead.partition(". ")[2] == everything.lead.partition(". ")[2]


def test_protected_sites_are_told_as_counts(guarded: FlaskClient, client: FlaskClient) -> None:
    def protected_in_haarlem(visitor: FlaskClient) -> int:
        page = read_page(visitor, "/lijst/locaties?gemeente=GM0392")
        found = re.search(r"(\d+) afgeschermde", page.lead)
        return int(found[1]) if found else 0

    assert protected_in_haarlem(guarded) == protected_in_haarlem(client) + 1


def test_the_reason_of_a_protected_site_stays_inside(world: FlaskClient) -> None:
    for address in ("/gebied/GM9001", "/lijst/locaties", "/lijst/locaties.csv"):
        assert "verdeeld over de regio" not in world.get(address).get_data(as_text=True)


def test_a_date_in_the_past_hides_as_well(guarded: FlaskClient) -> None:
    for year in (2019, 2021, 2030):
        day = dt.date(year, 6, 1)
        text_of_list = contents(guarded, f"/lijst/locaties.csv?datum={day}")
        assert PROTECTED_NAME not in text_of_list
