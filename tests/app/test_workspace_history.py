"""The history of sites: told in words, out of reach of others, and every version can come back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.services.imports import SiteImport, import_sites
from data.changes.releases import workspace_release
from data.changes.sites import SiteFields, add_site, change_site
from data.database_roles import WHOLE_REGION, WORKSPACE, Hands, work_as
from tests.app.conftest import TODAY
from tests.app.page_reader import read_page
from tests.app.signed_in import form_fields, make_account, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id

POINT = shapely.Point(100_250.123, 480_250.456)
OUTLINE = shapely.Polygon([(100_200, 480_200), (100_300, 480_200), (100_300.001, 480_300.999)])


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    return signed_in(site[0], engine, "planner", "GM9001")


def fields(**more: Any) -> SiteFields:
    usual: dict[str, Any] = {
        "name": "Hoek",
        "type": "beschut_wonen",
        "provider": None,
        "address": None,
        "description": None,
        "publication": "intern",
        "valid_from": None,
        "valid_to": None,
        "point": POINT,
        "outline": None,
    }
    return SiteFields(**{**usual, **more})


def change(engine: Engine, made: int | None, given: SiteFields, reason: str = "x") -> int:
    """Add a site or change one, as the planner of Zuiderveen."""
    account_id = make_account(engine, "planner", "GM9001")
    with engine.begin() as connection:
        work_as(connection, Hands(WORKSPACE, frozenset({WHOLE_REGION}), account_id, reason))
        if made is None:
            return add_site(connection, workspace_release(connection, TODAY), given)
        version = connection.execute(
            text("SELECT version FROM site WHERE id = :id"), {"id": made}
        ).scalar_one()
        change_site(connection, made, given, version)
        return made


@pytest.fixture
def made(engine: Engine) -> int:
    """A site that was added, renamed, moved by 50 m and drawn."""
    made = change(engine, None, fields(), "Nieuw")
    change(engine, made, fields(name="Hoek Dorpsstraat"), "Naam")
    moved = shapely.Point(POINT.x + 30, POINT.y + 40)
    change(engine, made, fields(name="Hoek Dorpsstraat", point=moved), "Plek")
    drawn = fields(name="Hoek Dorpsstraat", point=moved, outline=OUTLINE, type="respijt")
    change(engine, made, drawn, "Omtrek")
    return made


def versions(client: FlaskClient, made: int) -> list[str]:
    """The addresses of the versions that can come back, the latest first."""
    page = client.get(f"/werkbank/locaties/{made}/geschiedenis").get_data(as_text=True)
    return re.findall(r'href="(/werkbank/locaties/\d+/geschiedenis/\d+/(?:voor|na))"', page)


def stored(engine: Engine, made: int) -> dict[str, Any]:
    query = text(
        "SELECT name, type, publication, ST_AsEWKT(geom) AS point, ST_AsEWKT(outline) AS outline "
        "FROM site WHERE id = :id"
    )
    with engine.connect() as connection:
        return dict(connection.execute(query, {"id": made}).mappings().one())


def test_every_change_is_told_in_words_with_who_and_why(planner: FlaskClient, made: int) -> None:
    page = read_page(planner, f"/werkbank/locaties/{made}/geschiedenis")
    assert "Deze locatie is 4 keer opgeslagen." in page.text
    for words in (
        "Planner GM9001",
        "Locatie toegevoegd",
        "verplaatst over 50 m",
        "getekend, 5.050 m²",
        "Hoek Dorpsstraat",
        "Beschut wonen",
        "Respijt",
        "Intern",
        "Zuiderveen",
    ):
        assert words in page.text, words
    for key in ("beschut_wonen", "GM9001 ", "geom", "2026-"):
        assert key not in page.text.replace("Planner GM9001", ""), key


def test_what_was_saved_at_once_stands_together(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    answers = {
        f"{key}-{name}": value
        for key in ("eigendom", "milieu")
        for name, value in {
            "bevinding": "aandacht",
            "onderbouwing": "Er ligt een leiding.",
            "bron": "KLIC",
            "datum": "2025-11-03",
        }.items()
    }
    submit(planner, f"/werkbank/locaties/{made}/vragen", **answers, reden="Uitgezocht")
    page = read_page(planner, f"/werkbank/locaties/{made}/geschiedenis")
    assert "Deze locatie is 5 keer opgeslagen." in page.text
    assert "Vraag ‘Eigendom’ beantwoord" in page.text
    assert "Vraag ‘Milieueisen’ beantwoord" in page.text
    assert "Aandachtspunt" in page.text
    assert "3 november 2025" in page.text
    assert page.text.count("Uitgezocht") == 1


def test_an_import_is_told_as_such(
    site: tuple[Flask, Engine], engine: Engine, tmp_path: Path
) -> None:
    register = tmp_path / "register-2026.csv"
    register.write_text(
        "code;naam;soort;x;y;publicatie;status;from_date;plekken\n"
        "IMP-1;Ingelezen huis;respijt;100600;481600;intern;idee;2025-01-01;4\n",
        encoding="utf-8",
    )
    import_sites(engine, register, SiteImport())
    planner = signed_in(site[0], engine, "planner", "GM9002")
    page = read_page(planner, f"/werkbank/locaties/{site_id(engine, 'IMP-1')}/geschiedenis")
    assert "Bij het inlezen" in page.text
    assert "uit register-2026.csv" in page.text
    assert "Fase ‘Idee’ toegevoegd" in page.text
    imports = read_page(signed_in(site[0], engine, "databeheerder"), "/geschiedenis/inlezen")
    assert "uit register-2026.csv" in imports.text
    assert "Ingelezen huis" not in imports.text


def test_a_place_comes_back_to_the_millimetre(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    before = stored(engine, made)
    added = versions(planner, made)[-1]
    page = read_page(planner, added)
    assert "verplaatst over 50 m" in page.text
    assert submit(planner, added, reden="Toch niet").status_code == 303
    now = stored(engine, made)
    assert (now["name"], now["type"], now["outline"]) == ("Hoek", "beschut_wonen", None)
    assert now["point"] == f"SRID=28992;POINT({POINT.x} {POINT.y})"
    drawn = versions(planner, made)[0]
    assert submit(planner, drawn, reden="Toch wel").status_code == 303
    assert stored(engine, made) == before


def test_coming_back_is_a_change_of_its_own(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    address = f"/werkbank/locaties/{made}/geschiedenis"
    assert submit(planner, versions(planner, made)[-1], reden="Vergissing").status_code == 303
    page = read_page(planner, address)
    assert "Deze locatie is 5 keer opgeslagen." in page.text
    assert re.search(r"Teruggezet naar de versie van [^.]+, \d\d:\d\d\. Vergissing", page.text)


def test_a_reason_is_asked_and_secret_words_are_refused(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    version, before = versions(planner, made)[-1], stored(engine, made)
    assert submit(planner, version).status_code == 422
    assert submit(planner, version, reden="Voor de vrouwenopvang").status_code == 422
    assert stored(engine, made) == before


def test_the_version_of_now_is_not_offered(planner: FlaskClient, made: int) -> None:
    address = f"/werkbank/locaties/{made}/geschiedenis"
    assert len(versions(planner, made)) == 3
    latest = max(int(word) for word in re.findall(r"\d+(?=/na)", " ".join(versions(planner, made))))
    now = f"{address}/{latest + 1}/na"
    assert "Zo staat het er nu al." in read_page(planner, now).text


def test_a_change_in_between_is_noticed(planner: FlaskClient, engine: Engine, made: int) -> None:
    version = versions(planner, made)[-1]
    mine = form_fields(planner, version) | {"reden": "Terug"}
    change(engine, made, fields(name="Van de ander"), "Intussen")
    reply = planner.post(version, data=mine)
    assert reply.status_code == 409
    assert "Van de ander" in reply.get_data(as_text=True)
    assert stored(engine, made)["name"] == "Van de ander"
    assert submit(planner, version, reden="Terug").status_code == 303


def test_a_version_in_another_gemeente_can_not_come_back(
    site: tuple[Flask, Engine], planner: FlaskClient, engine: Engine
) -> None:
    made = change(engine, None, fields(point=shapely.Point(100_500, 481_500)), "In Middendorp")
    change(engine, made, fields(name="Verhuisd"), "Naar Zuiderveen")
    (moved,) = versions(planner, made)
    assert moved.endswith("/voor")
    reply = submit(planner, moved, reden="Terug")
    assert reply.status_code == 422
    assert "uw gemeente" in reply.get_data(as_text=True)
    assert stored(engine, made)["name"] == "Verhuisd"
    page = read_page(planner, f"/werkbank/locaties/{made}/geschiedenis")
    assert "in een andere gemeente" in page.text
    assert versions(signed_in(site[0], engine, "planner", "GM9002"), made) == []


def test_a_version_with_what_is_no_longer_allowed_can_not_come_back(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE site DROP CONSTRAINT ck_site_no_vrouwenopvang_by_name")
        )
        connection.execute(
            text("UPDATE site SET description = 'vrouwenopvang' WHERE id = :id"), {"id": made}
        )
        connection.execute(
            text("UPDATE site SET description = NULL, type = 'oud' WHERE id = :id"), {"id": made}
        )
        connection.execute(text("UPDATE site SET type = 'respijt' WHERE id = :id"), {"id": made})
    secret, old = versions(planner, made)[:2]
    for version, words in ((secret, "vrouwenopvang"), (old, "Dat kennen wij niet meer")):
        reply = submit(planner, version, reden="Terug")
        assert reply.status_code == 422
        assert words in reply.get_data(as_text=True)


def test_a_removed_stage_and_a_changed_answer_come_back(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    stage = f"/werkbank/locaties/{made}/fase"
    submit(planner, stage, fase="idee", vanaf="2025-03-01", plekken="6", waarom="Begin")
    submit(planner, f"{stage}/2025-03-01", vanaf="2025-04-01", plekken="7", waarom="Anders")
    submit(planner, f"{stage}/2025-04-01", f"{stage}/2025-04-01/verwijderen", waarom="Weg")
    removed, corrected, added = versions(planner, made)[:3]
    assert "Dit is nu weg, en komt weer terug:" in read_page(planner, removed).text
    assert submit(planner, removed, reden="Toch wel").status_code == 303
    assert submit(planner, added, reden="De eerste datum was goed").status_code == 303
    query = text("SELECT from_date, status, capacity_count FROM site_state WHERE site_id = :id")
    with engine.connect() as connection:
        rows = connection.execute(query, {"id": made}).all()
    assert [tuple(row) for row in rows] == [(dt.date(2025, 3, 1), "idee", 6)]
    assert corrected.endswith("/na")


def test_history_of_another_gemeente_is_out_of_reach(
    site: tuple[Flask, Engine], engine: Engine, planner: FlaskClient, made: int
) -> None:
    address = f"/werkbank/locaties/{made}/geschiedenis"
    version = versions(planner, made)[-1]
    elsewhere = signed_in(site[0], engine, "planner", "GM9002")
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.get(version).status_code == 404
    own = f"/werkbank/locaties/{site_id(engine, 'TINY-3')}/vragen"
    token = form_fields(elsewhere, own)["csrf_token"]
    reply = elsewhere.post(version, data={"csrf_token": token, "reden": "x", "stand": "x"})
    assert reply.status_code == 404
    for where in ("/werkbank/geschiedenis", "/werkbank/geschiedenis.csv"):
        told = elsewhere.get(where).get_data(as_text=True)
        assert "Hoek Dorpsstraat" not in told
        assert "Proeflocatie 3" in told


def test_a_change_of_one_site_is_not_told_under_another(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    change_id = versions(planner, made)[-1].split("/")[-2]
    other = site_id(engine, "TINY-1")
    assert planner.get(f"/werkbank/locaties/{other}/geschiedenis/{change_id}/na").status_code == 404


def test_the_latest_changes_can_be_asked_by_who_what_and_when(
    site: tuple[Flask, Engine], planner: FlaskClient, engine: Engine, made: int
) -> None:
    account_id = make_account(engine, "planner", "GM9001")
    mine = read_page(planner, f"/werkbank/geschiedenis?wie={account_id}&wat=locatie")
    assert "Hoek Dorpsstraat" in mine.text
    assert "Proeflocatie 1" not in mine.text
    nobody = read_page(planner, "/werkbank/geschiedenis?wie=999999")
    assert "Er is niets gewijzigd dat bij deze keuze past." in nobody.text
    loaded = read_page(planner, "/werkbank/geschiedenis?wie=programma&wat=fase")
    assert "Fase ‘In gebruik’ toegevoegd" in loaded.text
    assert "Locatie toegevoegd" not in loaded.text
    past = read_page(planner, "/werkbank/geschiedenis?tot=2020-01-01")
    assert "Er is niets gewijzigd dat bij deze keuze past." in past.text
    assert planner.get("/werkbank/geschiedenis?van=gisteren").status_code == 400


def test_the_history_is_paged(planner: FlaskClient, engine: Engine) -> None:
    made = change(engine, None, fields(), "0")
    for number in range(1, 23):
        change(engine, made, fields(name=f"Naam {number}"), str(number))
    address = f"/werkbank/locaties/{made}/geschiedenis"
    first, second = (read_page(planner, f"{address}?pagina={page}") for page in (1, 2))
    assert "Pagina 1 van 2" in first.text
    assert "Naam 22" in first.text
    assert "Locatie toegevoegd" not in first.text
    assert "Locatie toegevoegd" in second.text
    assert planner.get(f"{address}?pagina=0").status_code == 400


def test_the_file_is_harmless_for_spreadsheets(
    planner: FlaskClient, engine: Engine, made: int
) -> None:
    change(engine, made, fields(name="=HYPERLINK(1)"), "=cmd|' /C calc'!A0")
    reply = planner.get("/werkbank/geschiedenis.csv?wat=locatie")
    assert reply.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["waarom"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["wie"] == "Planner GM9001"
    assert "=HYPERLINK(1)" in rows[0]["velden"]
    cells = [cell for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_who_keeps_the_data_reads_which_imports_there_were(
    site: tuple[Flask, Engine], engine: Engine
) -> None:
    client = signed_in(site[0], engine, "databeheerder")
    page = read_page(client, "/geschiedenis/inlezen")
    assert page.status == 200
    with engine.connect() as connection:
        query = text("SELECT title, version, row_count, sha256 FROM source_release")
        for row in connection.execute(query):
            assert row.title in page.text
            assert row.sha256 in page.text
    assert "Door het programma" in page.text
    assert "Hoek" not in page.text


@pytest.fixture
def noted(engine: Engine, made: int) -> Iterator[list[dict[str, Any]]]:
    query = text("SELECT after FROM change WHERE site_id = :id ORDER BY id")
    with engine.connect() as connection:
        yield [row for row in connection.scalars(query, {"id": made}) if row]


def test_the_history_holds_geometry_in_rd(noted: list[dict[str, Any]]) -> None:
    place = noted[0]["geom"]
    assert place["crs"]["properties"]["name"] == "EPSG:28992"
    assert place["coordinates"] == [POINT.x, POINT.y]
    assert json.dumps(noted[-1]["outline"]["coordinates"][0][2]) == "[100300.001, 480300.999]"
