"""The pages of a dossier: made by staff, published or not, and read by everyone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from app.services.canonical_json import canonical_bytes
from app.services.dossier import dossier_content
from data.queries.assessments import find_assessment, find_dossier
from tests.app.choosing import gather, make, site_at
from tests.app.page_reader import read_page
from tests.app.signed_in import csrf_token, signed_in, submit
from tests.app.staff_site import MakeSite, fill
from tests.app.test_assessments import PLACES, SECRET_NAME, SECRET_STREET, answer, hide, put

#: Every word by which an internal candidate would be known.
TRACES = (SECRET_NAME, SECRET_STREET, "987", "9999 ZZ", "101537", "482529", "Zandpad 2")


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM choice"))
        connection.execute(text("DELETE FROM site WHERE site_code !~ '^TINY'"))


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    return signed_in(site[0], engine, "planner", "GM9003")


@pytest.fixture
def neighbour(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    return signed_in(site[0], engine, "planner", "GM9001")


@pytest.fixture
def visitor(site: tuple[Flask, Engine]) -> FlaskClient:
    return site[0].test_client()


def plans(connection: Connection) -> dict[str, int]:
    """Three public plans, of which all is known."""
    found = {}
    for code, (x_m, y_m) in PLACES.items():
        found[code] = site_at(connection, code, "skaeve_huse", x_m, y_m, "nader_onderzoek")
        put(connection, found[code], publication="openbaar", address=f"Zandpad {len(found)}")
        answer(connection, found[code])
    return found


@pytest.fixture
def sites(engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return plans(connection)


def choice_of(engine: Engine, sites: dict[str, int], scope: str = "GM9003") -> str:
    """The address of a new choice with these candidates."""
    with engine.begin() as connection:
        choice_id = make(connection, scope)
        gather(connection, choice_id, *sites.values())
    return f"/keuzes/{choice_id}"


@pytest.fixture
def choice(engine: Engine, sites: dict[str, int]) -> str:
    return choice_of(engine, sites)


def make_dossier(client: FlaskClient, choice: str) -> str:
    """The address at which staff read a new dossier."""
    reply = submit(client, f"{choice}/dossier")
    assert reply.status_code == 303, reply.get_data(as_text=True)
    return str(reply.headers["Location"])


def publish(client: FlaskClient, address: str, why: str = "Voor de raad") -> int:
    return submit(client, address, f"{address}/openbaar", waarom=why).status_code


def public_address(address: str) -> str:
    return f"/dossier/{address.rpartition('/')[2]}"


def test_staff_make_a_dossier_and_read_it_before_it_is_public(
    planner: FlaskClient, visitor: FlaskClient, choice: str
) -> None:
    assert "Er is nog geen dossier van deze keuze." in read_page(planner, f"{choice}/dossier").lead
    assert f"{choice}/dossier" in read_page(planner, choice).links
    address = make_dossier(planner, choice)
    page = read_page(planner, address)
    assert "Dit dossier is nog niet openbaar" in page.headings
    assert "Nagerekend uit de bewaarde cijfers: alles komt weer zo uit" in page.text
    assert "Dossier: Waar komen de huisjes?" in page.headings
    for public in (public_address(address), f"{public_address(address)}.json"):
        assert visitor.get(public).status_code == 404
    assert "1 dossier gemaakt, 0 openbaar." in read_page(planner, f"{choice}/dossier").text


def test_a_published_dossier_is_read_by_everyone_until_it_is_withdrawn(
    planner: FlaskClient, visitor: FlaskClient, choice: str, engine: Engine
) -> None:
    address = make_dossier(planner, choice)
    public = public_address(address)
    assert publish(planner, address) == 303
    page = read_page(visitor, public)
    assert page.headings[0] == "Dossier: Waar komen de huisjes?"
    assert "3 plekken bekeken" in page.lead
    assert "Dit dossier is openbaar sinds" in read_page(planner, address).text
    assert submit(planner, address, f"{address}/intrekken", waarom="Fout").status_code == 303
    assert visitor.get(public).status_code == 404
    with engine.connect() as connection:
        told = connection.execute(
            text("SELECT reason FROM change WHERE table_name = 'dossier' ORDER BY id")
        ).scalars()
        assert list(told)[-3:] == ["Dossier gemaakt", "Voor de raad", "Fout"]


def test_publishing_and_withdrawing_ask_why(
    planner: FlaskClient, visitor: FlaskClient, choice: str
) -> None:
    address = make_dossier(planner, choice)
    assert publish(planner, address, " ") == 422
    assert visitor.get(public_address(address)).status_code == 404
    assert publish(planner, address) == 303
    reply = submit(planner, address, f"{address}/intrekken", waarom="")
    assert reply.status_code == 422
    assert "Schrijf kort waarom." in reply.get_data(as_text=True)
    assert visitor.get(public_address(address)).status_code == 200


def test_the_file_is_what_the_checksum_is_of(
    planner: FlaskClient, visitor: FlaskClient, choice: str
) -> None:
    address = make_dossier(planner, choice)
    publish(planner, address)
    public = public_address(address)
    content = visitor.get(f"{public}.json").get_data()
    checksum = hashlib.sha256(content).hexdigest()
    assert checksum in read_page(visitor, public).text
    stored = json.loads(content)
    assessment = canonical_bytes(stored["assessment"])
    assert hashlib.sha256(assessment).hexdigest() == stored["assessment_sha256"]


def test_the_page_made_again_is_the_same_to_the_byte(
    planner: FlaskClient, visitor: FlaskClient, choice: str, engine: Engine
) -> None:
    address = make_dossier(planner, choice)
    publish(planner, address)
    public = public_address(address)
    first, file = visitor.get(public).get_data(), visitor.get(f"{public}.json").get_data()
    with engine.begin() as connection:
        connection.execute(text("UPDATE site SET name = 'Anders' WHERE site_code = 'P-1'"))
        code, choice_id = public.rpartition("/")[2], int(choice.rpartition("/")[2])
        record = find_dossier(connection, choice_id, code)
        again = dossier_content(code, find_assessment(connection, record.assessment_id))
    assert visitor.get(public).get_data() == first
    assert canonical_bytes(again) == file


def test_the_document_tells_need_alternatives_criteria_and_sources(
    planner: FlaskClient, choice: str, sites: dict[str, int]
) -> None:
    candidate = f"{choice}/kandidaten/{sites['P-2']}"
    reply = submit(planner, candidate, f"{candidate}/laten-vallen", reden="Er is geen riool")
    assert reply.status_code == 303
    page = read_page(planner, make_dossier(planner, choice))
    for heading in (
        "1. Wat is er nodig?",
        "2. Welke plekken zijn bekeken?",
        "3. Waar is op gelet?",
        "4. De vergelijking",
        "5. Nader onderzoek, en wat de buurt ervan vindt",
        "6. Houdt de volgorde stand?",
        "7. Wat weten wij niet?",
        "8. Bronnen",
        "9. Zo controleert u dit dossier",
        "Afgevallen (1)",
    ):
        assert heading in page.headings
    assert "Er is geen riool" in page.text
    assert "Planner van Noorderzand" in page.text
    assert "@test.example" not in page.text
    assert "beste plek" not in page.text.lower()


def test_an_internal_candidate_reaches_no_visitor_and_keeps_the_dossier_closed(
    planner: FlaskClient,
    visitor: FlaskClient,
    choice: str,
    sites: dict[str, int],
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        hide(connection, sites["P-2"], "intern")
    address = make_dossier(planner, choice)
    page = read_page(planner, address)
    assert SECRET_NAME in page.text
    assert "Dit dossier kan nu niet openbaar worden" in page.text
    reply = planner.post(
        f"{address}/openbaar",
        data={"csrf_token": csrf_token(planner, f"{choice}/dossier"), "waarom": "Toch maar"},
    )
    assert reply.status_code == 422
    assert "Nog niet openbaar: Plek 2" in reply.get_data(as_text=True)
    for public in (public_address(address), f"{public_address(address)}.json"):
        answer_ = visitor.get(public)
        assert answer_.status_code == 404
        assert not any(trace in answer_.get_data(as_text=True) for trace in TRACES)


def test_of_a_candidate_by_wijk_a_visitor_reads_only_the_wijk(
    planner: FlaskClient,
    visitor: FlaskClient,
    choice: str,
    sites: dict[str, int],
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        hide(connection, sites["P-2"], "gebied")
    address = make_dossier(planner, choice)
    assert publish(planner, address) == 303
    for public in (public_address(address), f"{public_address(address)}.json"):
        told = visitor.get(public).get_data(as_text=True)
        assert "Plek 2 in " in told
        assert not any(trace.lower() in told.lower() for trace in TRACES)


def test_others_have_no_dossier_of_this_gemeente(
    planner: FlaskClient, neighbour: FlaskClient, choice: str
) -> None:
    address = make_dossier(planner, choice)
    token = csrf_token(neighbour, "/keuzes/nieuw")
    assert neighbour.get(address).status_code == 404
    assert neighbour.get(f"{choice}/dossier").status_code == 404
    for target in (f"{choice}/dossier", f"{address}/openbaar", f"{address}/intrekken"):
        reply = neighbour.post(target, data={"csrf_token": token, "waarom": "x"})
        assert reply.status_code == 404, target


def test_a_dossier_of_the_region_is_read_by_planners_and_published_by_the_coordinator(
    site: tuple[Flask, Engine],
    engine: Engine,
    planner: FlaskClient,
    sites: dict[str, int],
) -> None:
    coordinator = signed_in(site[0], engine, "regiocoordinator")
    choice = choice_of(engine, sites, "regio")
    with engine.begin() as connection:
        hide(connection, sites["P-2"], "intern")
        connection.execute(
            text(
                "UPDATE site SET geom = ST_SetSRID(ST_MakePoint(101537, 480529), 28992) "
                "WHERE site_code = 'P-2'"
            )
        )
    address = make_dossier(coordinator, choice)
    shown = planner.get(address).get_data(as_text=True)
    assert "Waar komen de huisjes?" in shown
    assert not any(trace in shown for trace in TRACES)
    reply = planner.post(
        f"{address}/openbaar",
        data={"csrf_token": csrf_token(planner, "/keuzes/nieuw"), "waarom": "x"},
    )
    assert reply.status_code == 403


def test_without_candidates_there_is_no_dossier(planner: FlaskClient, engine: Engine) -> None:
    empty = choice_of(engine, {})
    reply = submit(planner, f"{empty}/dossier")
    assert reply.status_code == 422
    assert "Er zijn nog geen plekken om te vergelijken." in reply.get_data(as_text=True)


def test_an_unknown_code_is_told(visitor: FlaskClient, planner: FlaskClient, choice: str) -> None:
    for address in ("/dossier/2026-bestaatniet", "/dossier/x.json", "/dossier/%00"):
        assert visitor.get(address).status_code == 404, address
    assert planner.get(f"{choice}/dossier/2026-bestaatniet").status_code == 404
    assert planner.get("/keuzes/99999999999/dossier").status_code == 404
    assert planner.get("/keuzes/1/dossier/%00").status_code == 404
