"""Conversations as who works on them makes and keeps them up: who may, and what is never lost."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.dialogue.track_templates import TRACK_TEMPLATES
from tests.app.made_uploads import phone_photo
from tests.app.page_reader import read_page
from tests.app.signed_in import fields_on, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id
from tests.dialogue import plant_contribution, plant_track

TEXTS = {"contact_naam": "Afdeling Wonen", "contact_mail": "wonen@middendorp.example"}


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM track"))


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for Middendorp."""
    return signed_in(site[0], engine, "planner", "GM9002")


@pytest.fixture
def other(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for Noorderzand."""
    return signed_in(site[0], engine, "planner", "GM9003")


@pytest.fixture
def coordinator(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for the region."""
    return signed_in(site[0], engine, "regiocoordinator")


def make(client: FlaskClient, **more: str) -> str:
    """The address of a new conversation."""
    values = {"gebied": "WK900201", "soort": "beschut_wonen", "titel": "", "start": "2026-01-05"}
    reply = submit(client, "/gesprekken/nieuw", **{**values, **more})
    assert reply.status_code == 303, reply.get_data(as_text=True)
    return str(reply.headers["Location"])


def stored(engine: Engine, query: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(query), values)]


def part(engine: Engine, table: str, number: int = 0) -> int:
    return int(stored(engine, f"SELECT id FROM {table} ORDER BY id")[number]["id"])


def publish(client: FlaskClient, address: str) -> None:
    assert submit(client, f"{address}/wijzigen", **TEXTS).status_code == 303
    assert submit(client, f"{address}/publiceren").status_code == 303


def test_a_new_one_has_the_texts_phases_and_parties_of_its_template(
    planner: FlaskClient, engine: Engine
) -> None:
    make(planner)
    template = TRACK_TEMPLATES["beschut_wonen"]
    (track,) = stored(engine, "SELECT * FROM track")
    assert (track["state"], track["gemeente_code"], track["wijk_code"]) == (
        "concept",
        "GM9002",
        "WK900201",
    )
    assert track["not_this"] == template.not_this
    assert re.fullmatch("[a-z0-9-]+", track["code"])
    phases = stored(engine, "SELECT * FROM track_phase ORDER BY position")
    assert [phase["name"] for phase in phases] == [step.name for step in template.phases]
    assert phases[0]["starts_on"] == dt.date(2026, 1, 5)
    assert phases[0]["ends_on"] == dt.date(2026, 2, 15)
    assert phases[1]["starts_on"] == dt.date(2026, 2, 16)
    parties = stored(engine, "SELECT name FROM track_party ORDER BY position")
    assert [row["name"] for row in parties] == [party.name for party in template.parties]


def test_it_begins_without_a_type_or_a_date_when_there_is_no_plan(
    planner: FlaskClient, engine: Engine
) -> None:
    make(planner, soort="", gebied="GM9002", start="")
    (track,) = stored(engine, "SELECT * FROM track")
    assert (track["type"], track["wijk_code"]) == (None, None)
    assert track["title"] == "Wonen met hulp in Middendorp"
    days = stored(engine, "SELECT DISTINCT starts_on FROM track_phase")
    assert days == [{"starts_on": None}]


def test_a_planner_makes_none_of_another_gemeente_or_of_the_region(
    planner: FlaskClient, coordinator: FlaskClient, engine: Engine
) -> None:
    for place in ("GM9003", "WK900301", "regio", "GM0000", ""):
        reply = submit(planner, "/gesprekken/nieuw", gebied=place, soort="respijt", titel="Mijn")
        assert reply.status_code == 422
        assert 'value="Mijn"' in reply.get_data(as_text=True)
    assert stored(engine, "SELECT id FROM track") == []
    make(coordinator, gebied="regio", soort="skaeve_huse")
    assert stored(engine, "SELECT gemeente_code FROM track") == [{"gemeente_code": "regio"}]


def test_two_with_the_same_title_get_addresses_of_their_own(
    planner: FlaskClient, engine: Engine
) -> None:
    make(planner, titel="Rust")
    make(planner, titel="Rust")
    codes = [row["code"] for row in stored(engine, "SELECT code FROM track ORDER BY id")]
    assert codes[0] == "rust"
    assert re.fullmatch("rust-[a-z0-9]{4}", codes[1])


def test_another_gemeente_neither_sees_nor_changes_it(
    planner: FlaskClient, other: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    assert "Middendorp" not in read_page(other, "/gesprekken").text
    for path in ("", "/wijzigen", "/publiceren", "/geschiedenis", "/fasen/nieuw"):
        assert other.get(f"{address}{path}").status_code == 404
    fields = form_fields(other, "/gesprekken/nieuw")
    reply = other.post(f"{address}/wijzigen", data={**fields, "titel": "Gekaapt"})
    assert reply.status_code == 404
    assert "Gekaapt" not in stored(engine, "SELECT title FROM track")[0]["title"]


def test_one_of_the_region_is_read_and_not_changed_by_a_gemeente(
    coordinator: FlaskClient, planner: FlaskClient
) -> None:
    address = make(coordinator, gebied="regio", soort="skaeve_huse")
    page = read_page(planner, address)
    assert page.status == 200
    assert "lezen, niet wijzigen" in page.text
    assert not any(link.endswith(("/wijzigen", "/nieuw")) for link in page.links)
    assert planner.get(f"{address}/wijzigen").status_code == 403
    assert planner.get(f"{address}/fasen/nieuw").status_code == 403


def test_it_is_public_only_with_contact_and_a_phase(planner: FlaskClient, engine: Engine) -> None:
    address = make(planner)
    refused = submit(planner, f"{address}/publiceren", reden="Nu graag")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "bij wie inwoners kunnen bellen" in page
    assert 'value="Nu graag"' in page
    with engine.begin() as connection:
        connection.execute(text("UPDATE track SET contact_name = 'A', contact_phone = '1'"))
        connection.execute(text("DELETE FROM track_phase"))
    refused = submit(planner, f"{address}/publiceren")
    assert refused.status_code == 422
    assert "Er is nog geen fase" in refused.get_data(as_text=True)
    assert stored(engine, "SELECT id FROM public_track") == []


def test_what_else_is_missing_is_told_and_keeps_nobody(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner, start="")
    submit(planner, f"{address}/wijzigen", **TEXTS, open="", straat="")
    told = read_page(planner, f"{address}/publiceren").text
    for word in ("wat nog open is", "voor de straat", "waarom het hier is", "niet twee datums"):
        assert word in told
    assert submit(planner, f"{address}/publiceren").status_code == 303
    (track,) = stored(engine, "SELECT * FROM public_track")
    assert track["state"] == "open"
    assert track["published_at"] is not None


def test_it_ends_with_a_reason_and_can_go_on_again(planner: FlaskClient, engine: Engine) -> None:
    address = make(planner)
    assert submit(planner, f"{address}/afronden", reden="Klaar").status_code == 422
    publish(planner, address)
    first = stored(engine, "SELECT published_at FROM track")[0]["published_at"]
    assert submit(planner, f"{address}/afronden").status_code == 422
    assert submit(planner, f"{address}/afronden", reden="Klaar").status_code == 303
    assert stored(engine, "SELECT state FROM track") == [{"state": "afgerond"}]
    assert submit(planner, f"{address}/publiceren").status_code == 303
    (track,) = stored(engine, "SELECT state, published_at FROM track")
    assert track == {"state": "open", "published_at": first}


def test_texts_with_faults_come_back_with_all_that_was_typed(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    typed = {
        "titel": "",
        "samenvatting": "Mijn eigen zin.",
        "contact_mail": "geen adres",
        "contact_telefoon": "bel maar",
        "antwoord_dagen": "0",
        "controle_dagen": "veel",
    }
    reply = submit(planner, f"{address}/wijzigen", **typed)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    back = fields_on(page, f"{address}/wijzigen")
    assert {name: back[name].strip() for name in typed} == typed
    for fault in ("Geef het gesprek een titel", "geen e-mailadres", "geen telefoonnummer"):
        assert fault in page
    assert stored(engine, "SELECT version FROM track") == [{"version": 1}]


@pytest.mark.parametrize("word", ["De vrouwenopvang komt hier", "een blijf-van-mijn-lijfhuis"])
def test_a_secret_place_is_refused_in_every_text(
    planner: FlaskClient, engine: Engine, word: str
) -> None:
    address = make(planner)
    assert submit(planner, f"{address}/wijzigen", straat=word).status_code == 422
    phase = f"{address}/fasen/{part(engine, 'track_phase')}"
    assert submit(planner, phase, doel=word).status_code == 422
    news = {"titel": "Bericht", "bericht": word}
    assert submit(planner, f"{address}/nieuws/nieuw", **news).status_code == 422
    assert submit(planner, f"{address}/plan/nieuw", wie=word, rol="x").status_code == 422
    assert stored(engine, "SELECT id FROM track_news") == []


def test_who_saves_texts_over_a_newer_version_sees_both(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    old = form_fields(planner, f"{address}/wijzigen")
    submit(planner, f"{address}/wijzigen", straat="Van een ander.")
    reply = planner.post(f"{address}/wijzigen", data={**old, "straat": "Van mij."})
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "Van een ander." in page
    assert "Van mij." in page
    assert stored(engine, "SELECT street_text FROM track")[0]["street_text"] == "Van een ander."
    again = planner.post(f"{address}/wijzigen", data=fields_on(page, f"{address}/wijzigen"))
    assert again.status_code == 303
    assert stored(engine, "SELECT street_text FROM track")[0]["street_text"] == "Van mij."


@pytest.mark.parametrize(
    ("word", "table", "field", "column"),
    [
        ("fasen", "track_phase", "naam", "name"),
        ("plan", "track_party", "rol", "role"),
        ("bijeenkomsten", "track_meeting", "plek", "place"),
        ("nieuws", "track_news", "bericht", "body"),
    ],
)
def test_who_saves_a_part_over_a_newer_version_sees_both(
    planner: FlaskClient, engine: Engine, word: str, table: str, field: str, column: str
) -> None:
    address = make(planner)
    meeting = {"naam": "Avond", "dag": "2026-03-28", "begin": "19:30", "plek": "Zaal"}
    submit(planner, f"{address}/bijeenkomsten/nieuw", **meeting)
    submit(planner, f"{address}/nieuws/nieuw", titel="Bericht", bericht="Tekst.")
    here = f"{address}/{word}/{part(engine, table)}"
    old = form_fields(planner, here)
    assert submit(planner, here, **{field: "Van een ander"}).status_code == 303
    reply = planner.post(here, data={**old, field: "Van mij"})
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "Van een ander" in page
    assert fields_on(page, here)[field].strip() == "Van mij"
    taken = planner.post(f"{here}/weghalen", data=old)
    assert taken.status_code == 409
    assert planner.post(here, data=fields_on(page, here)).status_code == 303
    values = [row[column] for row in stored(engine, f"SELECT {column} FROM {table}")]
    assert "Van mij" in values


def test_a_phase_ends_after_it_begins_and_one_at_the_same_time_is_told(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    new = {"naam": "Erbij", "niveau": "adviseren", "begin": "2026-02-10", "einde": "2026-02-01"}
    reply = submit(planner, f"{address}/fasen/nieuw", **new)
    assert reply.status_code == 422
    assert "ligt voor de eerste dag" in reply.get_data(as_text=True)
    no_start = submit(planner, f"{address}/fasen/nieuw", **{**new, "begin": ""})
    assert no_start.status_code == 422
    reply = submit(planner, f"{address}/fasen/nieuw", **{**new, "einde": "2026-02-20"})
    assert reply.status_code == 303
    told = read_page(planner, address).text
    assert "‘Kennismaken’ en ‘Erbij’ lopen tegelijk." in told
    assert "‘Erbij’ begint eerder dan" in told


def test_phases_change_places_and_a_stale_order_changes_nothing(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    first = part(engine, "track_phase")
    move = f"{address}/fasen/{first}/verplaatsen"
    fields = form_fields(planner, address, move)
    assert planner.post(move, data={**fields, "richting": "omlaag"}).status_code == 303
    ordered = stored(engine, "SELECT id, name FROM track_phase ORDER BY position")
    assert ordered[1]["id"] == first
    assert planner.post(move, data={**fields, "richting": "omlaag"}).status_code == 409
    assert stored(engine, "SELECT id, name FROM track_phase ORDER BY position") == ordered


def test_a_phase_in_which_people_reacted_stays(planner: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        track = plant_track(connection)
        plant_contribution(connection, track, "aaaabbbbcccc")
    phase = f"/gesprekken/{track.id}/fasen/{track.phases['Plek kiezen']}"
    reply = submit(planner, phase, f"{phase}/weghalen")
    assert reply.status_code == 422
    assert "1 reactie" in reply.get_data(as_text=True)
    empty = f"/gesprekken/{track.id}/fasen/{track.phases['Kennismaken']}"
    assert submit(planner, empty, f"{empty}/weghalen").status_code == 303
    assert len(stored(engine, "SELECT id FROM track_phase")) == 1


@pytest.mark.parametrize(
    ("day", "begin", "end", "status", "utc"),
    [
        ("2026-01-20", "19:30", "21:00", 303, "2026-01-20T18:30"),
        ("2026-07-20", "19.30", "", 303, "2026-07-20T17:30"),
        ("2026-03-29", "02:30", "", 422, None),
        ("2026-01-20", "25:00", "", 422, None),
        ("2026-01-20", "19:30", "19:00", 422, None),
        ("", "19:30", "", 422, None),
        ("2026-01-20", "", "", 422, None),
    ],
)
def test_a_meeting_is_at_the_time_of_the_clock_in_the_netherlands(
    planner: FlaskClient,
    engine: Engine,
    day: str,
    begin: str,
    end: str,
    status: int,
    utc: str | None,
) -> None:
    address = make(planner)
    typed = {"naam": "Avond", "dag": day, "begin": begin, "einde": end, "plek": "Buurthuis"}
    reply = submit(planner, f"{address}/bijeenkomsten/nieuw", **typed)
    assert reply.status_code == status
    rows = stored(engine, "SELECT starts_at FROM track_meeting")
    if utc is None:
        assert rows == []
        back = fields_on(reply.get_data(as_text=True), f"{address}/bijeenkomsten/nieuw")
        assert {name: back[name] for name in typed} == typed
        return
    assert f"{rows[0]['starts_at'].astimezone(dt.UTC):%Y-%m-%dT%H:%M}" == utc
    here = f"{address}/bijeenkomsten/{part(engine, 'track_meeting')}"
    fields = form_fields(planner, here)
    assert (fields["dag"], fields["begin"]) == (day, begin.replace(".", ":"))


def test_a_meeting_that_people_know_of_is_called_off_not_taken_away(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    meeting = {"naam": "Avond", "dag": "2099-03-28", "begin": "19:30", "plek": "Zaal"}
    submit(planner, f"{address}/bijeenkomsten/nieuw", **meeting)
    publish(planner, address)
    here = f"{address}/bijeenkomsten/{part(engine, 'track_meeting')}"
    refused = submit(planner, here, f"{here}/weghalen")
    assert refused.status_code == 422
    assert submit(planner, here, afgelast="y").status_code == 303
    assert stored(engine, "SELECT is_cancelled FROM public_track_meeting") == [
        {"is_cancelled": True}
    ]
    assert "gaat niet door" in read_page(planner, address).text


def test_after_a_meeting_come_its_report_and_how_many_there_were(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    meeting = {"naam": "Avond", "dag": "2025-03-28", "begin": "19:30", "plek": "Zaal"}
    submit(planner, f"{address}/bijeenkomsten/nieuw", **meeting)
    assert "nog geen verslag" in read_page(planner, address).text
    here = f"{address}/bijeenkomsten/{part(engine, 'track_meeting')}"
    assert submit(planner, here, bezoekers="99999").status_code == 422
    assert submit(planner, here, verslag="Goed gesprek.", bezoekers="31").status_code == 303
    told = read_page(planner, address).text
    assert "Goed gesprek." in told
    assert "Er kwamen 31 mensen" in told


@pytest.mark.parametrize("told", [{"bezoekers": "31"}, {"verslag": "Goed gesprek."}], ids=str)
def test_nothing_is_told_of_a_meeting_before_its_day(
    planner: FlaskClient, engine: Engine, told: dict[str, str]
) -> None:
    here = f"{make(planner)}/bijeenkomsten/nieuw"
    meeting = {"naam": "Avond", "dag": "2099-03-28", "begin": "19:30", "plek": "Zaal"}
    reply = submit(planner, here, **meeting, **told)
    assert reply.status_code == 422
    assert "Deze dag is nog niet geweest. Vul dit in na afloop." in reply.get_data(as_text=True)
    kept = fields_on(reply.get_data(as_text=True), here)
    assert {name: kept[name].strip() for name in (*meeting, *told)} == {**meeting, **told}
    assert stored(engine, "SELECT id FROM track_meeting") == []


def test_a_year_that_nobody_plans_for_is_refused_with_all_that_was_typed(
    planner: FlaskClient, engine: Engine
) -> None:
    typed = {"gebied": "WK900201", "soort": "beschut_wonen", "titel": "Wonen in de wijk"}
    reply = submit(planner, "/gesprekken/nieuw", **typed, start="9999-12-20")
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    assert "Deze datum is te ver weg. Kijk het jaar na." in page
    assert fields_on(page, "/gesprekken/nieuw").items() >= typed.items()
    assert stored(engine, "SELECT id FROM track") == []


@pytest.mark.parametrize(("day", "status"), [("2100-12-31", 303), ("2101-01-01", 422)])
def test_a_phase_ends_in_a_year_that_one_can_plan_for(
    planner: FlaskClient, engine: Engine, day: str, status: int
) -> None:
    address = make(planner)
    here = f"{address}/fasen/{part(engine, 'track_phase')}"
    assert submit(planner, here, einde=day).status_code == status


def test_an_internal_site_of_ones_own_stands_there_and_stays_hidden_to_the_public(
    site: tuple[Flask, Engine], other: FlaskClient, planner: FlaskClient, engine: Engine
) -> None:
    address = make(other, gebied="GM9003", soort="respijt")
    secret = str(site_id(engine, "TINY-7"))
    here = f"{address}/locaties/nieuw"
    assert submit(other, here, locatie=secret, rol="onderwerp").status_code == 303
    assert "inwoners zien deze locatie niet" in read_page(other, address).text
    publish(other, address)
    assert stored(engine, "SELECT * FROM public_track_site") == []
    middendorp = make(planner, gebied="GM9002", soort="respijt")
    refused = submit(planner, f"{middendorp}/locaties/nieuw", locatie=secret, rol="onderwerp")
    assert refused.status_code == 422
    assert len(stored(engine, "SELECT * FROM track_site")) == 1


def test_without_a_site_to_choose_it_says_where_one_is_made(planner: FlaskClient) -> None:
    none = read_page(planner, f"{make(planner, soort='sociaal_hostel')}/locaties/nieuw")
    assert "Er is geen andere locatie om te kiezen." in none.text
    assert "/werkbank/locaties/nieuw" in none.links
    some = read_page(planner, f"{make(planner)}/locaties/nieuw")
    assert "geen andere locatie" not in some.text


def test_what_was_also_looked_at_has_its_reason(planner: FlaskClient, engine: Engine) -> None:
    address = make(planner)
    here = f"{address}/locaties/nieuw"
    chosen = str(site_id(engine, "TINY-3"))
    refused = submit(planner, here, locatie=chosen, rol="bekeken")
    assert refused.status_code == 422
    assert fields_on(refused.get_data(as_text=True), here)["locatie"] == chosen
    kept = submit(planner, here, locatie=chosen, rol="bekeken", toelichting="Te druk.")
    assert kept.status_code == 303
    edit = f"{address}/locaties/{chosen}"
    old = form_fields(planner, edit)
    assert submit(planner, edit, toelichting="Veel te druk.").status_code == 303
    stale = planner.post(edit, data={**old, "toelichting": "Anders."})
    assert stale.status_code == 409
    assert "Veel te druk." in stale.get_data(as_text=True)
    assert submit(planner, edit, f"{edit}/weghalen").status_code == 303
    assert stored(engine, "SELECT * FROM track_site") == []


def test_a_document_is_cleaned_shown_and_taken_away_with_a_reason(
    planner: FlaskClient, other: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    sent = (io.BytesIO(phone_photo()), "foto.jpg")
    new = f"{address}/documenten/nieuw"
    reply = submit(planner, new, titel="Tekening van de tuin", bestand=sent)
    assert reply.status_code == 303, reply.get_data(as_text=True)
    (row,) = stored(engine, "SELECT id, media_type, content FROM track_document")
    here = f"{address}/documenten/{row['id']}"
    assert bytes(row["content"]) != phone_photo()
    shown = planner.get(here)
    assert shown.data == bytes(row["content"])
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert other.get(here).status_code == 404
    assert submit(planner, f"{here}/weghalen").status_code == 422
    assert submit(planner, f"{here}/weghalen", reden="Oud").status_code == 303
    assert stored(engine, "SELECT id FROM track_document") == []
    broken = submit(planner, new, titel="Iets", bestand=(io.BytesIO(b"niets"), "foto.jpg"))
    assert broken.status_code == 422
    assert 'value="Iets"' in broken.get_data(as_text=True)


def test_one_about_a_type_hangs_under_the_one_of_the_wijk_and_takes_over_contact_and_parties(
    planner: FlaskClient, other: FlaskClient, engine: Engine
) -> None:
    address = make(planner, soort="", titel="De wijk")
    submit(planner, f"{address}/wijzigen", **TEXTS)
    submit(planner, f"{address}/plan/nieuw", wie="Speeltuinclub", rol="Denkt mee.")
    number = address.rpartition("/")[2]
    under = f"/gesprekken/nieuw?onder={number}"
    assert other.get(under).status_code == 404
    assert submit(planner, under, "/gesprekken/nieuw", soort="").status_code == 422
    reply = submit(planner, under, "/gesprekken/nieuw", soort="respijt", titel="Respijt hier")
    assert reply.status_code == 303
    (child,) = stored(engine, "SELECT * FROM track WHERE parent_id IS NOT NULL")
    assert (child["wijk_code"], child["contact_name"]) == ("WK900201", "Afdeling Wonen")
    names = stored(engine, "SELECT name FROM track_party WHERE track_id = :id", id=child["id"])
    told = [row["name"] for row in names]
    assert "Speeltuinclub" in told
    assert len(told) == len(set(told))
    assert "Respijt hier" in read_page(planner, address).text


def test_the_list_tells_how_far_each_is_and_what_waits(
    planner: FlaskClient, engine: Engine
) -> None:
    with engine.begin() as connection:
        track = plant_track(connection)
        plant_contribution(connection, track, "aaaabbbbcccc", moderation="openbaar")
        plant_contribution(connection, track, "aaaabbbbdddd")
        done: dict[str, Any] = {"moderation": "openbaar", "status": "meegenomen"}
        plant_contribution(connection, track, "aaaabbbbeeee", **done)
    page = read_page(planner, "/gesprekken")
    assert "Er wacht 1 reactie op antwoord" in page.lead
    assert f"/gesprekken/{track.id}/reacties" in page.links
    assert "Loopt: Plek kiezen" in page.text
    with engine.begin() as connection:
        theme = connection.scalar(
            text(
                "INSERT INTO theme (track_id, name, status) VALUES (:id, 'x', 'niet_meegenomen') "
                "RETURNING id"
            ),
            {"id": track.id},
        )
        connection.execute(text("UPDATE contribution SET theme_id = :id"), {"id": theme})
    assert "Er wacht geen reactie" in read_page(planner, "/gesprekken").lead


def test_a_choice_of_the_gemeente_can_be_tied_to_it(
    planner: FlaskClient, other: FlaskClient, engine: Engine
) -> None:
    values = {"naam": "Keuze hier", "soort": "beschut_wonen", "van": "GM9002", "reden": "Besluit"}
    submit(planner, "/keuzes/nieuw", **values)
    (choice,) = stored(engine, "SELECT id FROM choice")
    address = make(planner)
    tied = submit(planner, f"{address}/wijzigen", keuze=str(choice["id"]))
    assert tied.status_code == 303
    assert f"/keuzes/{choice['id']}" in read_page(planner, address).links
    elsewhere = make(other, gebied="GM9003")
    refused = submit(other, f"{elsewhere}/wijzigen", keuze=str(choice["id"]))
    assert refused.status_code == 422
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM choice"))


def test_the_history_tells_in_words_what_was_done_and_nothing_that_residents_wrote(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    publish(planner, address)
    submit(planner, f"{address}/nieuws/nieuw", titel="Bericht", bericht="Tekst.")
    phase = f"{address}/fasen/{part(engine, 'track_phase')}"
    submit(planner, phase, niveau="meebeslissen", einde="2026-02-20")
    page = read_page(planner, f"{address}/geschiedenis")
    assert page.status == 200
    for told in (
        "Gesprek gemaakt",
        "Gesprek openbaar gemaakt",
        "Bericht ‘Bericht’ toegevoegd",
        "Fase ‘Kennismaken’ gewijzigd",
        "Meebeslissen",
        "20 februari 2026",
    ):
        assert told in page.text
    for raw in ("track_", "contact_email", "starts_on", "is_cancelled"):
        assert raw not in page.text
    assert planner.get("/werkbank/geschiedenis").status_code == 200


@pytest.mark.parametrize("role", ["raadslid", "moderator", "databeheerder"])
def test_who_does_not_work_on_conversations_is_kept_out(
    site: tuple[Flask, Engine], engine: Engine, role: str
) -> None:
    client = signed_in(site[0], engine, role)
    assert client.get("/gesprekken").status_code == 403
    assert client.get("/gesprekken/nieuw").status_code == 403


def test_a_concept_goes_away_with_its_parts_and_stays_in_the_history(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner, titel="Vergissing")
    page = read_page(planner, address)
    assert f"{address}/weghalen" in page.links
    without = submit(planner, f"{address}/weghalen")
    assert without.status_code == 422
    assert stored(engine, "SELECT title FROM track") == [{"title": "Vergissing"}]
    gone = submit(planner, f"{address}/weghalen", reden="Dit gesprek stond er dubbel.")
    assert gone.status_code == 303
    for table in ("track", "track_phase", "track_party"):
        assert stored(engine, f"SELECT * FROM {table}") == []
    noted = stored(
        engine,
        "SELECT table_name, gemeente_code, reason FROM change WHERE action = 'removed' "
        "AND reason = 'Dit gesprek stond er dubbel.'",
    )
    assert {row["table_name"] for row in noted} == {"track", "track_phase", "track_party"}
    assert {row["gemeente_code"] for row in noted} == {"GM9002"}
    assert "Het concept is weggehaald." in read_page(planner, "/gesprekken").text


def test_what_was_public_or_holds_a_reaction_never_goes_away(
    planner: FlaskClient, engine: Engine
) -> None:
    public = make(planner, titel="Openbaar")
    publish(planner, public)
    with engine.begin() as connection:
        written = plant_track(connection, "met-reactie", state="concept", published_at=None)
        plant_contribution(connection, written, "een")
    assert f"{public}/weghalen" not in read_page(planner, public).links
    for address in (public, f"/gesprekken/{written.id}"):
        refused = submit(planner, f"{address}/weghalen", reden="Weg ermee")
        assert refused.status_code == 422
        page = refused.get_data(as_text=True)
        assert "Alleen een concept" in page
        assert 'value="Weg ermee"' in page
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE track SET state = 'concept' WHERE title = 'Openbaar'"),
        )
    assert submit(planner, f"{public}/weghalen", reden="Toch").status_code == 422
    assert len(stored(engine, "SELECT id FROM track")) == 2
    assert len(stored(engine, "SELECT id FROM track_phase")) > 2


def test_another_gemeente_takes_no_concept_away(
    planner: FlaskClient, other: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    sent = {**form_fields(planner, f"{address}/weghalen"), "reden": "Niet van ons"}
    assert other.post(f"{address}/weghalen", data=sent).status_code in (400, 403, 404)
    version = stored(engine, "SELECT version FROM track")[0]["version"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE track SET title = 'Nieuwer'"))
    again = planner.post(f"{address}/weghalen", data={**sent, "gezien": str(version)})
    assert again.status_code == 409
    assert len(stored(engine, "SELECT id FROM track")) == 1


def test_who_writes_for_residents_sees_what_could_be_plainer(
    planner: FlaskClient, engine: Engine
) -> None:
    address = make(planner)
    hard = (
        "De participatieverordening wordt geïmplementeerd conform de omgevingswettelijke "
        "vereisten, waarbij de belangenafweging plaatsvindt alvorens tot besluitvorming kan "
        "worden overgegaan door de gemeenteraad."
    )
    assert submit(planner, f"{address}/wijzigen", samenvatting=hard).status_code == 303
    shown = read_page(planner, f"{address}/wijzigen").text
    assert "Is dit goed te lezen?" in shown
    assert "Samenvatting: ‘De participatieverordening" in shown
    phase = part(engine, "track_phase")
    assert submit(planner, f"{address}/fasen/{phase}", doel=hard).status_code == 303
    assert "Waarvoor is deze fase?: ‘De part" in read_page(planner, f"{address}/fasen/{phase}").text
