"""The pages of the sheet: take it, bring it back, look at what changes, confirm or not."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from app.services.demo import load_region
from data.tables import Table
from tests.app.signed_in import csrf_token, form_fields, signed_in, submit
from tests.app.test_bulk_edit import Cells, changed_sheet, rows_of
from tests.data.broken_files import BROKEN_SITES, BrokenFile
from tests.data.made_files import database_checksum, site_rows, write_csv
from tests.world import tiny_world

World = tuple[Flask, Engine]
SHEET, IN, LOOK = "/werkbank/locaties.xlsx", "/werkbank/inlezen", "/werkbank/inlezen/nakijken"
WAITING = {"draft", "sign_in_session"}


@pytest.fixture
def world(make_site: Callable[[Callable[[Engine], Any]], World]) -> World:
    """A tiny world of its own, for what stays stored."""

    def fill(engine: Engine) -> None:
        with engine.begin() as owner:
            load_region(owner, tiny_world())

    return make_site(fill)


@pytest.fixture
def planner(world: World) -> FlaskClient:
    return signed_in(*world, "planner", "GM9001")


def send(client: FlaskClient, content: bytes, name: str = "locaties.xlsx") -> TestResponse:
    return submit(client, IN, bestand=(io.BytesIO(content), name))


def bring(client: FlaskClient, change: Callable[[list[Cells]], Any]) -> TestResponse:
    return send(client, changed_sheet(client.get(SHEET).data, change))


def page_text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def checksum(engine: Engine) -> dict[str, str]:
    with engine.connect() as owner:
        found = database_checksum(owner)
    assert set(found) == set(Table.metadata.tables)
    return {name: sum_ for name, sum_ in found.items() if name not in WAITING}


def name_of(engine: Engine, code: str = "TINY-1") -> str:
    with engine.connect() as owner:
        query = text("SELECT name FROM site WHERE site_code = :code")
        return str(owner.execute(query, {"code": code}).scalar_one())


def rename(rows: list[Cells]) -> None:
    for row in rows:
        if row["code"] == "TINY-1":
            row["naam"] = "De Linde"


def test_the_sheet_holds_the_own_sites_alone(world: World, planner: FlaskClient) -> None:
    answer = planner.get(SHEET)
    assert answer.headers["Content-Disposition"] == "attachment; filename=locaties-2026-01-01.xlsx"
    assert answer.headers["Cache-Control"] == "no-store"
    assert {row["code"] for row in rows_of(answer.data)} == {"TINY-1", "TINY-2", "TINY-6"}
    assert b"TINY-3" not in answer.data
    other = signed_in(*world, "planner", "GM9002")
    assert {row["code"] for row in rows_of(other.get(SHEET).data)} == {"TINY-3", "TINY-4"}
    for role, status in (("raadslid", 403), ("databeheerder", 403), ("beheerder", 403)):
        assert signed_in(*world, role).get(SHEET).status_code == status


def test_an_unchanged_sheet_stores_nothing(world: World, planner: FlaskClient) -> None:
    before = checksum(world[1])
    answer = send(planner, planner.get(SHEET).data)
    assert answer.status_code == 303
    page = page_text(planner.get(answer.headers["Location"]))
    assert "Er valt niets op te slaan" in page
    assert "Alles opslaan" not in page
    assert submit(planner, LOOK, reden="x").status_code == 422
    assert checksum(world[1]) == before


def test_a_change_is_shown_first_and_then_stored_with_its_reason(
    world: World, planner: FlaskClient
) -> None:
    engine = world[1]
    before = checksum(engine)
    assert bring(planner, rename).status_code == 303
    assert checksum(engine) == before
    page = page_text(planner.get(LOOK))
    assert "verandert 1 locatie" in page
    assert "Proeflocatie 1 (voorbeeld)</td>" in page
    assert "De Linde</td>" in page
    assert "Niet in het bestand, blijven zoals ze zijn: 0" in page
    done = submit(planner, LOOK, reden="Nieuwe naam na het overleg")
    assert done.status_code == 303
    assert "De locaties zijn opgeslagen: 1 gewijzigd." in page_text(planner.get(IN))
    assert name_of(engine) == "De Linde"
    assert planner.get(LOOK).status_code == 303
    with engine.connect() as owner:
        (row,) = owner.execute(
            text("SELECT reason, after FROM change WHERE action = 'changed' AND table_name='site'")
        )
    assert row.reason == "Nieuwe naam na het overleg"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", "Vul in waarom"),
        ("  ", "Vul in waarom"),
        ("x" * 501, "korter dan 500"),
        ("Voor het blijfhuis", "vrouwenopvang"),
    ],
)
def test_without_a_good_reason_nothing_is_stored(
    world: World, planner: FlaskClient, reason: str, told: str
) -> None:
    bring(planner, rename)
    answer = submit(planner, LOOK, reden=reason)
    assert answer.status_code == 422
    assert told in page_text(answer)
    assert "De Linde" in page_text(answer)
    assert name_of(world[1]) == "Proeflocatie 1 (voorbeeld)"


def test_what_changed_while_one_looked_is_shown_again(world: World, planner: FlaskClient) -> None:
    engine = world[1]
    bring(planner, rename)
    fields = {**form_fields(planner, LOOK), "reden": "Overleg"}
    with engine.begin() as owner:
        owner.execute(text("UPDATE site SET name = 'Ander' WHERE site_code = 'TINY-1'"))
    answer = planner.post(LOOK, data=fields)
    assert answer.status_code == 422
    page = page_text(answer)
    assert "Er is intussen iets veranderd" in page
    assert "Door iemand anders gewijzigd (1)" in page
    assert "Ander</td>" in page
    assert "Alles opslaan" not in page
    assert name_of(engine) == "Ander"
    assert planner.post(LOOK, data={**fields, "plan": "niets"}).status_code == 422


def test_nothing_of_what_the_browser_says_is_believed(world: World, planner: FlaskClient) -> None:
    """The address takes a reason and a checksum; what is written was kept by the server."""
    bring(planner, rename)
    fields = {**form_fields(planner, LOOK), "reden": "Overleg", "naam": "Vals", "sites": "[]"}
    assert planner.post(LOOK, data=fields).status_code == 303
    assert name_of(world[1]) == "De Linde"


def test_a_file_that_waits_is_of_its_bringer_alone(world: World, planner: FlaskClient) -> None:
    bring(planner, rename)
    other = signed_in(*world, "regiocoordinator")
    assert other.get(LOOK).status_code == 303
    assert "wacht nog een bestand" in page_text(planner.get(IN))
    assert "wacht nog een bestand" not in page_text(other.get(IN))


def test_thrown_away_is_gone(world: World, planner: FlaskClient) -> None:
    bring(planner, rename)
    assert submit(planner, LOOK, doen="weggooien").status_code == 303
    assert "Er is niets veranderd" in page_text(planner.get(IN))
    assert planner.get(LOOK).status_code == 303
    assert name_of(world[1]) == "Proeflocatie 1 (voorbeeld)"


def test_a_planner_touches_nothing_of_another_gemeente(world: World, planner: FlaskClient) -> None:
    engine = world[1]
    other = signed_in(*world, "planner", "GM9002")
    mine = changed_sheet(planner.get(SHEET).data, rename)
    before = checksum(engine)
    assert send(other, mine).status_code == 303
    page = page_text(other.get(LOOK))
    assert "Dit kan niet (3)" in page
    assert "Proeflocatie 1 (voorbeeld)" not in page
    assert submit(other, LOOK, reden="Toch").status_code == 422
    assert checksum(engine) == before
    coordinator = signed_in(*world, "regiocoordinator")
    assert send(coordinator, mine).status_code == 303
    assert submit(coordinator, LOOK, reden="Voor de regio").status_code == 303
    assert name_of(engine) == "De Linde"


def test_all_of_a_file_is_stored_or_nothing(
    world: World, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import bulk_edit

    def two(rows: list[Cells]) -> list[Cells]:
        new = {**rows[0], "versie": None}
        return [{**new, "code": "Z-1"}, {**new, "code": "Z-2"}]

    bring(planner, two)
    before = checksum(world[1])
    fields = {**form_fields(planner, LOOK), "reden": "Overleg"}
    real, codes = bulk_edit._write, []

    def breaks(connection: Any, site: Any, release_id: int) -> None:
        codes.append(site.code)
        if codes == ["Z-1", "Z-2", "Z-1", "Z-2"]:
            raise RuntimeError
        real(connection, site, release_id)

    monkeypatch.setattr(bulk_edit, "_write", breaks)
    assert planner.post(LOOK, data=fields).status_code == 500
    assert checksum(world[1]) == before


BROKEN = [case for case in BROKEN_SITES if not case.options and case.name != "in the rim"]


@pytest.mark.parametrize("case", BROKEN[::3], ids=lambda case: case.name)
def test_a_broken_file_is_listed_and_stores_nothing(
    case: BrokenFile, world_site: World, tmp_path: Path
) -> None:
    client = signed_in(*world_site, "planner", "GM9001")
    before = checksum(world_site[1])
    path = case.make(tmp_path)
    answer = send(client, path.read_bytes(), path.name)
    page = page_text(answer)
    assert answer.status_code == 422
    assert "Er is niets opgeslagen" in page
    assert "Wat is er mis" in page
    assert "--sheet" not in page
    assert "Geheimstraat" not in page
    assert checksum(world_site[1]) == before
    assert client.get(LOOK).status_code == 303


def test_without_a_file_or_proof_nothing_happens(world_site: World) -> None:
    client = signed_in(*world_site, "planner", "GM9001")
    assert "Kies een bestand." in page_text(submit(client, IN))
    assert client.post(IN, data={"bestand": (io.BytesIO(b"x"), "a.csv")}).status_code == 400
    assert client.post(LOOK, data={"reden": "x"}).status_code == 400
    assert submit(client, IN, bestand=(io.BytesIO(b""), "a.csv")).status_code == 422


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["a.csv", "a.xlsx", "a.gpkg", "..\\..\\a.csv", "\x00", "x" * 300 + ".csv"]),
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda cells: ("code;naam;soort;status;status sinds;x;y\n" + ";".join(cells)).encode(
                "utf-8", "ignore"
            ),
            st.lists(st.text(max_size=12), min_size=7, max_size=7),
        ),
    ),
)
def test_whatever_is_sent_the_answer_is_in_order(
    world_site: World, name: str, content: bytes
) -> None:
    client = signed_in(*world_site, "planner", "GM9001")
    token = csrf_token(client, IN)
    answer = client.post(IN, data={"csrf_token": token, "bestand": (io.BytesIO(content), name)})
    assert answer.status_code in (303, 422)
    assert "Traceback" not in page_text(answer)
    if answer.status_code == 303:
        assert client.get(LOOK).status_code == 200


def test_markup_in_a_file_is_shown_as_text(world: World, tmp_path: Path) -> None:
    client = signed_in(*world, "planner", "GM9001")
    rows = site_rows({"naam": "<img src=x onerror=alert(1)>"}, {"status": "<script>alert(1)"})
    for chosen in (rows[:1], rows[1:]):
        path = write_csv(tmp_path / "<b>.csv", chosen)
        answer = send(client, path.read_bytes(), path.name)
        page = page_text(answer) + page_text(client.get(LOOK))
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;" in page


def test_dates_of_the_file_wait_as_dates(world: World, planner: FlaskClient) -> None:
    def change(rows: list[Cells]) -> None:
        for row in rows[:2]:
            row["geldig van"] = dt.datetime(2014, 5, 6)

    bring(planner, change)
    assert "6 mei 2014" in page_text(planner.get(LOOK))
    assert submit(planner, LOOK, reden="Uit het dossier").status_code == 303
    with world[1].connect() as owner:
        query = text("SELECT valid_from FROM site WHERE site_code = 'TINY-1'")
        assert owner.execute(query).scalar_one() == dt.date(2014, 5, 6)
