"""What a site would cost: Dutch amounts, source and date, and two people at the same time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.pages.typed_fields import MOST_EUR, EurosField
from tests.app.page_reader import read_page
from tests.app.signed_in import fields_on, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id


class _Form(Form):  # type: ignore[misc]  # WTForms has no types
    bedrag = EurosField("Bedrag")


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("0", 0),
        ("1250000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("€ 1.250.000", 1_250_000),
        ("€1.250.000,-", 1_250_000),
        ("euro 1.250.000", 1_250_000),
        ("euro 950", 950),
        ("1.250.000,00", 1_250_000),
        ("  12.500 ", 12_500),
        ("1.000.000.000", MOST_EUR),
        ("", None),
        ("   ", None),
    ],
)
def test_amounts_as_the_dutch_write_them(typed: str, euros: int | None) -> None:
    form = _Form(MultiDict({"bedrag": typed}))
    assert form.validate()
    assert form.bedrag.data == euros


@pytest.mark.parametrize(
    "typed",
    ["-1", "12,50", "1.25", "1.2500", "1,250,000", "veel", "1e9", "1.000.000.001", "9" * 40, "٣"],
)
def test_what_is_no_whole_amount_is_refused_and_stays(typed: str) -> None:
    form = _Form(MultiDict({"bedrag": typed}))
    assert not form.validate()
    assert f'value="{typed}"' in form.bedrag()


def test_what_is_stored_is_shown_as_the_dutch_write_it() -> None:
    assert 'value="1.250.000"' in _Form(data={"bedrag": 1_250_000}).bedrag()
    assert 'value="0"' in _Form(data={"bedrag": 0}).bedrag()


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM site_cost"))


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for Middendorp, where TINY-4 is planned with 6 places."""
    return signed_in(site[0], engine, "planner", "GM9002")


@pytest.fixture
def sheet(engine: Engine) -> str:
    return f"/werkbank/locaties/{site_id(engine, 'TINY-4')}"


@pytest.fixture
def address(sheet: str) -> str:
    return f"{sheet}/kosten"


GIVEN = {
    "bedrag": "€ 1.250.000",
    "bron": "Raming van de afdeling vastgoed",
    "datum": "2025-11-30",
    "waarom": "Eerste raming",
}


def stored(engine: Engine) -> list[tuple[object, ...]]:
    query = text("SELECT cost_eur, source, found_on::text FROM site_cost")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_an_estimate_is_kept_and_told_by_place(
    planner: FlaskClient, engine: Engine, sheet: str, address: str
) -> None:
    assert "Er is nog geen schatting van de kosten." in read_page(planner, sheet).text
    assert submit(planner, address, **GIVEN).status_code == 303
    assert stored(engine) == [(1_250_000, GIVEN["bron"], "2025-11-30")]
    page = read_page(planner, sheet)
    assert "Eenmalig € 1.250.000. Dat is € 208.333 per plek." in page.text
    assert "Schatting van 30 november 2025, bron: Raming van de afdeling vastgoed." in page.text
    assert form_fields(planner, address)["bedrag"] == "1.250.000"


def test_the_history_tells_of_it_in_words(planner: FlaskClient, sheet: str, address: str) -> None:
    submit(planner, address, **GIVEN)
    submit(planner, address, bedrag="1.400.000", waarom="Prijzen stegen")
    page = read_page(planner, f"{sheet}/geschiedenis").text
    for told in ("Kosten toegevoegd", "Kosten gewijzigd", "€ 1.250.000", "€ 1.400.000"):
        assert told in page
    assert "Prijzen stegen" in page
    assert "Terugzetten" not in page.partition("Kosten gewijzigd")[2].partition("Kosten toe")[0]
    listed = read_page(planner, "/werkbank/geschiedenis?wat=kosten").text
    assert "Kosten gewijzigd" in listed


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"bedrag": ""}, "Vul een bedrag in."),
        ({"bedrag": "   "}, "Vul een bedrag in."),
        ({"bedrag": "12,50"}, "Schrijf hele euro&#39;s"),
        ({"bedrag": "-4"}, "Schrijf hele euro&#39;s"),
        ({"bedrag": "2.000.000.000"}, "hoogstens 1 miljard"),
        ({"bron": ""}, "Noem de bron"),
        ({"bron": "De vrouwenopvang"}, "geheim"),
        ({"waarom": "Als bij de vrouwenopvang"}, "geheim"),
        ({"datum": ""}, "Vul een datum in."),
        ({"datum": " "}, "Vul een datum in."),
        ({"datum": "2026-01-02"}, "ligt in de toekomst"),
        ({"datum": "1950-01-01"}, "te lang geleden"),
        ({"datum": "gisteren"}, "Dit is geen datum."),
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(
    planner: FlaskClient, engine: Engine, address: str, values: dict[str, str], fault: str
) -> None:
    typed = {**GIVEN, **values}
    reply = submit(planner, address, **typed)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert fault in page
    kept = fields_on(page, address)
    assert {name: kept[name].strip() for name in typed} == {
        name: value.strip() for name, value in typed.items()
    }
    assert stored(engine) == []


def test_two_who_write_at_once_notice_each_other(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    mine = form_fields(planner, address) | GIVEN
    submit(planner, address, **{**GIVEN, "bedrag": "900.000", "waarom": "Van de ander"})
    reply = planner.post(address, data=mine)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "Nu staat er: € 900.000" in page
    assert "Planner GM9002 deed dat" in page
    assert stored(engine)[0][0] == 900_000
    assert planner.post(address, data=fields_on(page, address)).status_code == 303
    assert stored(engine)[0][0] == 1_250_000


def test_an_estimate_can_be_taken_away_with_a_reason(
    planner: FlaskClient, engine: Engine, sheet: str, address: str
) -> None:
    submit(planner, address, **GIVEN)
    away = f"{address}/verwijderen"
    stale = form_fields(planner, address, away) | {"reden": "Klopt niet"}
    assert submit(planner, address, away, reden="").status_code == 422
    submit(planner, address, bedrag="900.000")
    assert planner.post(away, data=stale).status_code == 409
    assert len(stored(engine)) == 1
    assert submit(planner, address, away, reden="Klopt niet").status_code == 303
    assert stored(engine) == []
    assert "Kosten verwijderd" in read_page(planner, f"{sheet}/geschiedenis").text


def test_a_version_that_nobody_saw_is_a_conflict(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    for seen in ("", "x", "7", "9" * 30):
        assert submit(planner, address, **GIVEN, gezien=seen).status_code == 409
    assert stored(engine) == []


def test_a_planner_of_another_gemeente_sees_nothing_of_it(
    site: tuple[Flask, Engine], engine: Engine, planner: FlaskClient, address: str
) -> None:
    submit(planner, address, **GIVEN)
    other = signed_in(site[0], engine, "planner", "GM9001")
    assert other.get(address).status_code == 404
    sent = form_fields(planner, address)
    token = form_fields(other, "/werkbank/locaties/nieuw")["csrf_token"]
    assert other.post(address, data={**sent, "csrf_token": token}).status_code == 404
    assert signed_in(site[0], engine, "raadslid").get(address).status_code == 403
    assert site[0].test_client().get(address).status_code == 401
