"""The stages of a site: the next one, correcting one, and two people at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.conftest import TODAY
from tests.app.page_reader import read_page
from tests.app.signed_in import _Fields, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, put_back_states, site_id, states_of


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    put_back_states(site[1])


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for Noorderzand, where TINY-5 is looked at closely since 2024."""
    return signed_in(site[0], engine, "planner", "GM9003")


@pytest.fixture
def address(engine: Engine) -> str:
    return f"/werkbank/locaties/{site_id(engine, 'TINY-5')}/fase"


def last_reason(engine: Engine) -> str:
    query = "SELECT reason FROM change WHERE table_name = 'site_state' ORDER BY id DESC LIMIT 1"
    with engine.connect() as connection:
        return str(connection.scalar(text(query)))


def test_the_page_shows_the_life_and_proposes_the_usual_next_stage(
    planner: FlaskClient, address: str
) -> None:
    page = read_page(planner, address)
    assert "Nu: ‘Nader onderzoek’ vanaf 1 januari 2024." in page.text
    assert "aantal plekken niet bekend" in page.text
    assert form_fields(planner, address)["fase"] == "planvorming"
    assert form_fields(planner, address)["vanaf"] == TODAY.isoformat()
    assert form_fields(planner, address)["plekken"] == ""


def test_a_step_is_kept_with_its_date_places_and_reason(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    values = {"fase": "afgevallen", "reden": "Geen riool.", "vanaf": "2025-12-31"}
    assert submit(planner, address, **values).status_code == 303
    assert states_of(engine, "TINY-5")[1:] == [
        (dt.date(2025, 12, 31), "afgevallen", None, "Geen riool.")
    ]
    assert last_reason(engine) == "Geen riool."


def test_the_reason_of_the_history_is_not_the_public_one(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    values = {"fase": "afgevallen", "reden": "Geen riool.", "waarom": "Besluit van het college"}
    assert submit(planner, address, **values).status_code == 303
    assert states_of(engine, "TINY-5")[-1][-1] == "Geen riool."
    assert last_reason(engine) == "Besluit van het college"


def test_open_questions_are_told_but_do_not_stop_anyone(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    assert "Nog niet alle vragen" in read_page(planner, address).text
    warned = submit(planner, address, fase="planvorming", waarom="Raad wil het")
    assert warned.status_code == 422
    page = warned.get_data(as_text=True)
    assert "Open: Eigendom, Bestemming, Milieueisen" in page
    assert "Toch opslaan" in page
    assert len(states_of(engine, "TINY-5")) == 1
    reader = _Fields(address)
    reader.feed(page)
    assert planner.post(address, data=reader.fields).status_code == 303
    assert states_of(engine, "TINY-5")[-1][:2] == (TODAY, "planvorming")


def test_an_unusual_order_is_told_as_well(planner: FlaskClient, address: str) -> None:
    reply = submit(planner, address, fase="idee", waarom="Opnieuw beginnen")
    assert reply.status_code == 422
    text = reply.get_data(as_text=True)
    assert "Na ‘nader onderzoek’ komt meestal ‘planvorming’ of ‘afgevallen’." in text


def test_a_caution_that_was_not_read_is_shown_first(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    """Whoever changes the stage after reading about another one is warned again."""
    reply = submit(planner, address, fase="in_gebruik", waarom="x", gezien="vragen")
    assert reply.status_code == 422
    assert "Na ‘nader onderzoek’" in reply.get_data(as_text=True)
    assert len(states_of(engine, "TINY-5")) == 1


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"fase": "afgevallen", "waarom": "Te duur"}, "hoort altijd een reden"),
        ({"fase": "afgevallen", "reden": "x", "vanaf": ""}, "Vul in vanaf welke datum."),
        ({"fase": "afgevallen", "reden": "x", "vanaf": "2023-12-31"}, "begon op 1 januari 2024"),
        ({"fase": "afgevallen", "reden": "x", "vanaf": "2024-01-01"}, "begint al ‘Nader"),
        ({"fase": "afgevallen", "reden": "x", "vanaf": "2060-01-01"}, "jaar vooruit"),
        ({"fase": "afgevallen", "reden": "x", "plekken": "acht"}, "Schrijf een heel getal"),
        ({"fase": "afgevallen", "reden": "x", "plekken": "-1"}, "Schrijf een heel getal"),
        ({"fase": "afgevallen", "reden": "x", "plekken": "99999"}, "Dit is te veel"),
        ({"fase": "vrouwenopvang", "waarom": "x"}, "Kies een fase uit de lijst."),
        ({"fase": "nader_onderzoek", "waarom": "x"}, "Dit staat er al zo."),
        ({"fase": "planvorming"}, "Schrijf kort waarom."),
        ({"fase": "afgevallen", "reden": "Het wordt vrouwenopvang"}, "Die adressen zijn geheim"),
        ({"fase": "afgevallen", "reden": "Blijf van onze wijk af"}, "vrouwenopvang"),
    ],
)
def test_a_fault_is_told_and_nothing_is_kept(
    planner: FlaskClient, engine: Engine, address: str, values: dict[str, str], fault: str
) -> None:
    reply = submit(planner, address, **values)
    assert reply.status_code == 422
    assert fault in reply.get_data(as_text=True)
    assert len(states_of(engine, "TINY-5")) == 1


def test_a_stage_in_the_future_stands_there_as_expected(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    values = {"fase": "planvorming", "vanaf": "2026-09-01", "waarom": "Planning"}
    assert submit(planner, address, **values, gezien="vragen").status_code == 303
    page = read_page(planner, address)
    assert "verwacht vanaf 1 september 2026" in page.text
    assert "Nu: ‘Nader onderzoek’" in page.text
    between = {"fase": "afgevallen", "reden": "Toch niet", "vanaf": "2026-03-01"}
    assert submit(planner, address, **between).status_code == 303
    assert [status for _, status, *_ in states_of(engine, "TINY-5")] == [
        "nader_onderzoek",
        "afgevallen",
        "planvorming",
    ]


def test_who_can_read_the_reason_is_told_at_the_field(
    site: tuple[Flask, Engine], engine: Engine, planner: FlaskClient, address: str
) -> None:
    assert "Iedereen kan dit lezen" in read_page(planner, address).text
    internal = f"/werkbank/locaties/{site_id(engine, 'TINY-7')}/fase"
    assert "Deze locatie is niet openbaar." in read_page(planner, internal).text


def test_two_who_change_the_stage_at_once_notice_each_other(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    mine = form_fields(planner, address) | {"fase": "afgevallen", "reden": "Mijn reden"}
    submit(planner, address, fase="afgevallen", reden="Van de ander", vanaf="2025-06-01")
    reply = planner.post(address, data=mine)
    assert reply.status_code == 409
    page = reply.get_data(as_text=True)
    assert "Iemand anders heeft de fase intussen gewijzigd" in page
    assert "Planner GM9003 deed dat" in page
    assert "Mijn reden" in page
    assert "Van de ander" in page
    assert [row[-1] for row in states_of(engine, "TINY-5")] == [None, "Van de ander"]


def test_a_wrong_stage_is_corrected_with_a_reason(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    one = f"{address}/2024-01-01"
    assert "Schrijf kort waarom" in submit(planner, one, plekken="6").get_data(as_text=True)
    values = {"vanaf": "2024-02-01", "plekken": "6", "waarom": "De datum was verkeerd"}
    assert submit(planner, one, **values).status_code == 303
    assert states_of(engine, "TINY-5") == [(dt.date(2024, 2, 1), "nader_onderzoek", 6, None)]
    assert last_reason(engine) == "De datum was verkeerd"
    assert planner.get(one).status_code == 404


def test_a_correction_does_not_take_the_date_of_another_stage(
    site: tuple[Flask, Engine], engine: Engine
) -> None:
    client = signed_in(site[0], engine, "regiocoordinator")
    one = f"/werkbank/locaties/{site_id(engine, 'TINY-3')}/fase/2022-01-01"
    reply = submit(client, one, vanaf="2021-01-01", waarom="Anders")
    assert reply.status_code == 422
    assert "Op deze datum begint al ‘Besluit genomen’" in reply.get_data(as_text=True)


def test_a_wrong_stage_is_removed_with_a_reason(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    one = f"{address}/2024-01-01"
    action = f"{one}/verwijderen"
    assert submit(planner, one, action).status_code == 422
    assert submit(planner, one, action, waarom="Nooit gebeurd").status_code == 303
    assert states_of(engine, "TINY-5") == []
    assert last_reason(engine) == "Nooit gebeurd"
    assert "Deze locatie heeft nu geen fase." in read_page(planner, address).text


def test_correcting_what_someone_else_removed_loses_nothing(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    one = f"{address}/2024-01-01"
    mine = form_fields(planner, one) | {"plekken": "7", "waarom": "Zeven plekken"}
    submit(planner, one, f"{one}/verwijderen", waarom="Nooit gebeurd")
    reply = planner.post(one, data=mine)
    assert reply.status_code == 409
    assert "Zeven plekken" in reply.get_data(as_text=True)
    assert states_of(engine, "TINY-5") == []


def test_removing_what_someone_else_changed_is_noticed(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    one = f"{address}/2024-01-01"
    mine = form_fields(planner, one, f"{one}/verwijderen") | {"waarom": "Weg ermee"}
    submit(planner, one, plekken="6", waarom="Nu bekend")
    assert planner.post(f"{one}/verwijderen", data=mine).status_code == 409
    assert states_of(engine, "TINY-5")[0][2] == 6


def test_a_planner_elsewhere_finds_nothing_there(
    site: tuple[Flask, Engine], engine: Engine, address: str
) -> None:
    elsewhere = signed_in(site[0], engine, "planner", "GM9002")
    own = f"/werkbank/locaties/{site_id(engine, 'TINY-4')}/fase"
    fields = form_fields(elsewhere, own) | {"fase": "afgevallen", "reden": "x"}
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.get(f"{address}/2024-01-01").status_code == 404
    assert elsewhere.post(address, data=fields).status_code == 404
    assert elsewhere.post(f"{address}/2024-01-01", data=fields).status_code == 404
    assert elsewhere.post(f"{address}/2024-01-01/verwijderen", data=fields).status_code == 404
    assert len(states_of(engine, "TINY-5")) == 1


@pytest.mark.parametrize("word", ["2024-1-1", "20240101", "gisteren", "2024-W01-1", "1999-01-01"])
def test_a_date_without_a_stage_is_not_there(planner: FlaskClient, address: str, word: str) -> None:
    assert planner.get(f"{address}/{word}").status_code == 404
