"""The five questions of the closer look: asked, answered, and never written over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from analysis.closer_look import FINDINGS, QUESTIONS
from tests.app.page_reader import read_page
from tests.app.signed_in import _Fields, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM site_answer"))
        connection.execute(text("DELETE FROM draft"))


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    return signed_in(site[0], engine, "planner", "GM9001")


@pytest.fixture
def address(engine: Engine) -> str:
    return f"/werkbank/locaties/{site_id(engine, 'TINY-1')}/vragen"


def stored(engine: Engine) -> dict[str, tuple[Any, ...]]:
    query = "SELECT question, finding, evidence, source, found_on, version FROM site_answer"
    with engine.connect() as connection:
        return {row.question: tuple(row)[1:] for row in connection.execute(text(query))}


def answer(question: str, **values: str) -> dict[str, str]:
    usual = {
        "bevinding": "past",
        "onderbouwing": "De gemeente is eigenaar.",
        "bron": "Kadaster",
        "datum": "2025-12-01",
    }
    return {f"{question}-{name}": value for name, value in {**usual, **values}.items()}


def test_the_page_asks_all_five_questions_with_their_parts(
    planner: FlaskClient, address: str
) -> None:
    page = read_page(planner, address)
    assert page.status == 200
    for question in QUESTIONS:
        assert question.question in page.text
        assert all(point in page.text for point in question.points)
    assert not any(name.endswith("-keuze") for name in form_fields(planner, address))


def test_one_question_is_saved_and_the_others_stay_open(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    reply = submit(planner, address, **answer("eigendom"), bewaar="eigendom")
    assert reply.status_code == 303
    assert "Bewaard: Eigendom" in read_page(planner, reply.location).text
    day = dt.date(2025, 12, 1)
    assert stored(engine) == {"eigendom": ("past", "De gemeente is eigenaar.", "Kadaster", day, 1)}


def test_all_questions_are_saved_at_once_in_one_transaction(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    values = {name: value for key in QUESTIONS.keys for name, value in answer(key).items()}
    assert submit(planner, address, **values, bewaar="alles", reden="Overleg").status_code == 303
    assert set(stored(engine)) == set(QUESTIONS.keys)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT DISTINCT transaction_id, reason FROM change "
                "WHERE table_name = 'site_answer' AND reason = 'Overleg'"
            )
        ).all()
    assert len(rows) == 1


def test_enter_in_a_field_saves_everything(planner: FlaskClient, address: str) -> None:
    page = planner.get(address).get_data(as_text=True)
    first = page.index("<button", page.index(f'action="{address}"'))
    assert 'value="alles"' in page[first : page.index("</button>", first)]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"onderbouwing": ""}, "Schrijf op waaruit dit blijkt."),
        ({"bron": " "}, "Noem de bron"),
        ({"datum": ""}, "Vul de datum van de bron in."),
        ({"datum": "2026-01-02"}, "Deze datum ligt in de toekomst."),
        ({"datum": "31-02-2025"}, "Dit is geen datum."),
        ({"datum": "0001-01-01"}, "Deze datum is te lang geleden."),
        ({"bevinding": "8,5"}, "Kies een bevinding uit de lijst."),
        ({"bron": "Het blijf-van-mijn-lijfhuis"}, "vrouwenopvang"),
        ({"onderbouwing": "x" * 4001}, "Dit is te lang"),
    ],
)
def test_a_fault_is_told_and_nothing_that_was_typed_is_lost(
    planner: FlaskClient, engine: Engine, address: str, values: dict[str, str], fault: str
) -> None:
    other = answer("milieu", onderbouwing="Over de bodem <niet kwijt>")
    typed = {**answer("eigendom", **values), **other}
    reply = submit(planner, address, **typed, bewaar="eigendom")
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    assert fault in page
    assert "Over de bodem &lt;niet kwijt&gt;" in page
    assert stored(engine) == {}


def test_a_text_that_only_the_database_refuses_is_told_kindly(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    typed = answer("acceptatie", onderbouwing="De buurt zegt: wij blijven, blijf van ons plein af")
    reply = submit(planner, address, **typed, bewaar="acceptatie")
    assert reply.status_code == 422
    assert "vrouwenopvang" in reply.get_data(as_text=True)
    assert "blijf van ons plein af" in reply.get_data(as_text=True)
    assert stored(engine) == {}


def test_what_was_typed_on_another_question_stays_when_one_is_saved(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    typed = {**answer("eigendom"), **answer("milieu", onderbouwing="Nog niet af", bron="")}
    reply = submit(planner, address, **typed, bewaar="eigendom")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "Bewaard: Eigendom" in page
    assert "Nog niet bewaard: Milieueisen" in page
    assert "Nog niet af" in page
    assert set(stored(engine)) == {"eigendom"}


def test_not_known_needs_nothing_and_saves_nothing(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    assert submit(planner, address, bewaar="alles").status_code == 303
    assert stored(engine) == {}
    note = {"milieu-onderbouwing": "Onderzoek is besteld."}
    assert submit(planner, address, **note, bewaar="alles").status_code == 303
    assert stored(engine)["milieu"][:2] == ("onbekend", "Onderzoek is besteld.")


def test_saving_the_same_again_makes_no_history(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    for _ in range(2):
        submit(planner, address, **answer("eigendom"), bewaar="alles")
    assert stored(engine)["eigendom"][-1] == 1


def conflict(planner: FlaskClient, address: str) -> tuple[dict[str, str], str]:
    """Two people open the page, the other saves first; what the second one sees."""
    mine = form_fields(planner, address)
    submit(planner, address, **answer("eigendom", bron="De ander"), bewaar="eigendom")
    mine |= answer("eigendom", onderbouwing="Mijn werk") | answer("milieu", onderbouwing="Ook ik")
    reply = planner.post(address, data={**mine, "bewaar": "alles"})
    assert reply.status_code == 409
    return mine, reply.get_data(as_text=True)


def test_two_who_answer_the_same_question_both_keep_their_work(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    _, page = conflict(planner, address)
    assert "De ander" in page
    assert "Mijn werk" in page
    assert "Ook ik" in page
    assert "Planner GM9001 bewaarde op" in page
    assert stored(engine)["eigendom"][2] == "De ander"
    assert "milieu" not in stored(engine)


@pytest.mark.parametrize(("choice", "kept"), [("mijn", "Mijn werk"), ("ander", None)])
def test_the_choice_is_clear_and_is_asked_for(
    planner: FlaskClient, engine: Engine, address: str, choice: str, kept: str | None
) -> None:
    _, page = conflict(planner, address)
    reader = _Fields(address)
    reader.feed(page)
    undecided = planner.post(address, data={**reader.fields, "bewaar": "alles"})
    assert undecided.status_code == 422
    assert "Kies wat u wilt bewaren." in undecided.get_data(as_text=True)
    assert "Mijn werk" in undecided.get_data(as_text=True)
    assert "De ander" in undecided.get_data(as_text=True)
    decided = {**reader.fields, "eigendom-keuze": choice, "bewaar": "alles"}
    assert planner.post(address, data=decided).status_code == 303
    now = stored(engine)
    assert now["milieu"][1] == "Ook ik"
    assert now["eigendom"][1] == (kept or "De gemeente is eigenaar.")


def test_a_change_on_a_question_that_i_left_alone_is_no_conflict(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    mine = form_fields(planner, address)
    submit(planner, address, **answer("eigendom", bron="De ander"), bewaar="eigendom")
    reply = planner.post(address, data={**mine, **answer("milieu"), "bewaar": "alles"})
    assert reply.status_code == 303
    assert stored(engine)["eigendom"][2] == "De ander"
    assert set(stored(engine)) == {"eigendom", "milieu"}


def keep_draft(planner: FlaskClient, address: str, fields: dict[str, str]) -> dict[str, Any]:
    """Keep what is typed, as the page does by itself."""
    site_number = address.split("/")[-2]
    reply = planner.post(
        f"/werkbank/concept/vragen-{site_number}",
        json={"fields": fields},
        headers={"X-CSRFToken": fields["csrf_token"]},
    )
    assert reply.status_code == 200
    found = reply.get_json()
    assert isinstance(found, dict)
    return found


def test_what_was_typed_is_kept_until_it_is_saved_or_thrown_away(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    fields = form_fields(planner, address)
    typed = fields | answer("milieu", onderbouwing="Half af", bron="", datum="")
    keep_draft(planner, address, typed)
    offered = read_page(planner, address)
    assert "Verder met uw concept?" in offered.text
    assert "Half af" in offered.text
    assert "de vragen over Proeflocatie 1" in read_page(planner, "/werkbank").text
    gone_on = form_fields(planner, f"{address}?concept=verder", address)
    assert gone_on["milieu-onderbouwing"].strip() == "Half af"
    done = {**gone_on, **answer("milieu"), "bewaar": "alles"}
    assert planner.post(address, data=done).status_code == 303
    assert set(stored(engine)) == {"milieu"}
    assert form_fields(planner, address)["milieu-bron"] == "Kadaster"


def test_a_draft_over_an_older_answer_is_noticed_as_well(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    typed = form_fields(planner, address) | answer("eigendom", onderbouwing="Mijn concept")
    submit(planner, address, **answer("eigendom", bron="De ander"), bewaar="eigendom")
    keep_draft(planner, address, typed)
    gone_on = form_fields(planner, f"{address}?concept=verder", address)
    reply = planner.post(address, data={**gone_on, "bewaar": "alles"})
    assert reply.status_code == 409
    assert "Mijn concept" in reply.get_data(as_text=True)
    discard = f"/werkbank/concept/{address.split('/')[-2]}"
    discard = discard.replace("concept/", "concept/vragen-") + "/weg"
    reply = planner.post(discard, data={"csrf_token": gone_on["csrf_token"]})
    assert reply.location == address
    assert form_fields(planner, address)["eigendom-bron"] == "De ander"


def test_a_draft_holds_no_shelter_and_no_field_of_its_own(
    planner: FlaskClient, engine: Engine, address: str
) -> None:
    fields = form_fields(planner, address)
    typed = fields | {"milieu-bron": "De vrouwenopvang", "id": "1", "milieu-keuze": "mijn"}
    assert keep_draft(planner, address, typed)["refused"] == ["milieu-bron"]
    with engine.connect() as connection:
        (content,) = connection.scalars(text("SELECT content FROM draft")).all()
    assert not {"milieu-bron", "id", "milieu-keuze", "csrf_token"} & set(content["fields"])
    missing = planner.post(
        "/werkbank/concept/vragen-nieuw",
        json={"fields": {}},
        headers={"X-CSRFToken": fields["csrf_token"]},
    )
    assert missing.status_code == 404


def test_a_planner_elsewhere_finds_nothing_there(
    site: tuple[Flask, Engine], engine: Engine, address: str
) -> None:
    elsewhere = signed_in(site[0], engine, "planner", "GM9002")
    own = f"/werkbank/locaties/{site_id(engine, 'TINY-3')}/vragen"
    assert elsewhere.get(address).status_code == 404
    fields = form_fields(elsewhere, own)
    reply = elsewhere.post(address, data={**fields, **answer("eigendom"), "bewaar": "alles"})
    assert reply.status_code == 404
    assert stored(engine) == {}


def test_no_page_turns_the_answers_into_a_number() -> None:
    names = {name for finding in FINDINGS for name in vars(finding)}
    assert names == {"key", "label", "explanation", "asks_evidence"}
