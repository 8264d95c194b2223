"""The page that compares: who may see it, what it says, and weightings that people keep."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.auth.roles import ROLES
from tests.app.signed_in import csrf_token, fields_on, signed_in
from tests.app.staff_site import MakeSite, fill, site_id
from tests.app.test_hostile_requests import NASTY, fault_of

Site = tuple[Flask, Engine]
NO_LOOK = "eigendom=0&bestemming=0&milieu=0&infrastructuur=0&kosten=0"


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> Site:
    """The world of twelve squares, with three sites of Skaeve Huse and a school."""

    def make(engine: Engine) -> None:
        fill(engine)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)")
            )
            connection.execute(
                text("UPDATE amenity SET category = 'basisschool' WHERE amenity_code = 'A-5'")
            )
            connection.execute(
                text("UPDATE site SET type = 'skaeve_huse' WHERE site_code IN ('TINY-2', 'TINY-4')")
            )

    return make_site(make)


@pytest.fixture(autouse=True)
def _no_weightings(site: Site) -> Iterator[None]:
    yield
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM weighting"))


def browser(site: Site, role: str = "planner", gemeente: str = "GM9002") -> FlaskClient:
    return signed_in(*site, role, gemeente if ROLES[role].is_local else "")


def address(site: Site, *codes: str, more: str = NO_LOOK) -> str:
    numbers = ",".join(str(site_id(site[1], code)) for code in codes)
    return f"/vergelijk?soort=skaeve_huse&locatie={numbers}&{more}"


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("role", ROLES.keys)
def test_only_who_plans_may_compare(site: Site, role: str) -> None:
    may = role in ("planner", "regiocoordinator")
    client = site[0].test_client() if role == "bezoeker" else browser(site, role)
    for path in (
        "/vergelijk",
        address(site, "TINY-4", "TINY-2"),
        address(site, "TINY-4", "TINY-2").replace("?", "/vergelijking.csv?"),
        address(site, "TINY-4", "TINY-2").replace("?", "/uw-weging.svg?"),
    ):
        status = client.get(path, headers={"Accept": "text/html"}).status_code
        assert status == (200 if may else 303 if role == "bezoeker" else 403), path


def test_the_sentence_comes_before_the_table_and_the_weights_after(site: Site) -> None:
    page = text_of(browser(site), address(site, "TINY-4", "TINY-2"))
    heads = [
        'id="verschil"',
        'id="naast-elkaar"',
        'id="weging"',
        'id="zekerheid"',
        'id="ernaast"',
        'id="omgeving"',
    ]
    places = [page.index(head) for head in heads]
    assert places == sorted(places)
    assert "Proeflocatie 4 (voorbeeld) staat boven Proeflocatie 2 (voorbeeld)" in page
    assert "beste plek" not in page.lower()


def test_every_cell_says_value_unit_source_year_part_and_method(site: Site) -> None:
    page = text_of(browser(site), address(site, "TINY-4", "TINY-2"))
    row = page[page.index('data-criterium="verdeling"') :]
    row = row[: row.index("</tr>")]
    assert "<strong>80</strong> van -100 tot 100" in row
    assert "Waarde 0,90" in row
    assert "Hoover-index over gemeenten: 0,300" in row
    assert "/methode/hooverindex" in row
    assert "2026" in row or "2024" in row
    assert re.search(r'data-part="\d+ verdeling">\d', row)


def test_what_is_missing_is_said_and_no_total_is_made_up(site: Site) -> None:
    page = text_of(browser(site), address(site, "TINY-4", "TINY-5", more=""))
    assert page.count("niet te berekenen:") >= 2
    assert "Nog geen volgorde" in page
    assert "Deze vraag is nog niet uitgezocht." in page
    assert "Er zijn geen twee kandidaten met een totaal." in page


def test_acceptance_is_beside_the_score(site: Site) -> None:
    page = text_of(browser(site), address(site, "TINY-4", "TINY-2"))
    aside = page[page.index('id="ernaast"') : page.index('id="omgeving"')]
    assert "Acceptatie in de buurt" in aside
    assert "Acceptatie in de buurt" not in page[: page.index('id="ernaast"')]
    assert 'name="acceptatie"' not in page


def test_of_others_only_what_is_public_is_seen(site: Site) -> None:
    """TINY-2 is of Zuiderveen. TINY-7 is internal in Noorderzand: for others it is not there."""
    with site[1].begin() as connection:
        connection.execute(
            text(
                "INSERT INTO site_answer (site_id, question, finding, evidence, source, found_on)"
                " VALUES (:id, 'milieu', 'past', 'Zwijgtekst', 'Zwijgbron', '2025-01-01')"
            ),
            {"id": site_id(site[1], "TINY-2")},
        )
    page = text_of(browser(site), address(site, "TINY-4", "TINY-2"))
    assert "Zwijg" not in page
    assert "Deze locatie is van een andere gemeente." in page
    assert "Zwijgtekst" in text_of(
        browser(site, "regiocoordinator"), address(site, "TINY-4", "TINY-2")
    )
    assert browser(site).get(address(site, "TINY-4", "TINY-7")).status_code == 404
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM site_answer"))


def test_with_too_few_there_is_a_list_to_choose_from(site: Site) -> None:
    client = browser(site, "regiocoordinator")
    page = text_of(client, "/vergelijk?soort=skaeve_huse")
    assert page.count('name="locatie"') == 3
    one = text_of(client, address(site, "TINY-4", more=""))
    assert "U koos één kandidaat." in one
    assert one.count("checked") == 1
    assert client.get("/vergelijk/vergelijking.csv?soort=skaeve_huse").status_code == 400


def test_the_type_follows_from_the_candidates(site: Site) -> None:
    numbers = ",".join(str(site_id(site[1], code)) for code in ("TINY-4", "TINY-2"))
    page = text_of(browser(site), f"/vergelijk?locatie={numbers}")
    assert "Skaeve Huse, 2 kandidaten" in page


@pytest.mark.parametrize(
    "query",
    [
        "soort=villa",
        "soort=vrouwenopvang",
        "locatie=x",
        "locatie=-1",
        "locatie=99999999999999999999",
        "soort=skaeve_huse&straal=10",
        "soort=skaeve_huse&straal=veel",
        "soort=skaeve_huse&niveau=buurt",
        "soort=skaeve_huse&weging=nee",
        "soort=skaeve_huse&weging=99999",
        "soort=skaeve_huse&kosten=101",
        "soort=skaeve_huse&kosten=-1",
        "soort=skaeve_huse&datum=gisteren",
        "locatie=" + ",".join(str(number) for number in range(1, 62)),
    ],
)
def test_what_can_not_be_asked_is_said(site: Site, query: str) -> None:
    answer = browser(site).get(f"/vergelijk?{query}")
    assert answer.status_code == 400
    assert "Dit adres klopt niet" in answer.get_data(as_text=True)


def test_another_type_among_the_candidates_is_refused_by_name(site: Site) -> None:
    answer = browser(site).get(address(site, "TINY-4", "TINY-3"))
    assert answer.status_code == 400
    assert "Beschut wonen" in answer.get_data(as_text=True)


def test_the_numbers_of_the_script_are_those_of_the_model(site: Site) -> None:
    page = browser(site).get(address(site, "TINY-4", "TINY-2")).get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="model">(.*?)</script>', page)
    assert found
    model = json.loads(found[1])
    assert model["points"]["kosten"] == 0
    by_key = {entry["key"]: entry["values"] for entry in model["candidates"]}
    values = by_key[str(site_id(site[1], "TINY-4"))]
    assert values["verdeling"] == pytest.approx(0.9)
    assert values["kosten"] is None
    assert set(values) == set(model["criteria"])


def test_the_files_say_the_same(site: Site) -> None:
    client = browser(site)
    asked = address(site, "TINY-4", "TINY-2")
    told = json.loads(client.get(asked.replace("?", "/vergelijking.json?")).get_data())
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get(asked.replace("?", "/vergelijking.csv?")).get_data().decode("utf-8-sig")
            ),
            delimiter=";",
        )
    )
    assert [entry["name"] for entry in told["candidates"]] == list(
        dict.fromkeys(row["kandidaat"] for row in rows)
    )
    assert float(rows[0]["totaal"].replace(",", ".")) == pytest.approx(
        told["candidates"][0]["total"], abs=1e-4
    )
    assert told["question"]["radius_m"] == 400
    assert client.get(asked.replace("?", "/vergelijking.xlsx?")).get_data()[:2] == b"PK"
    for name in ("alle-wegingen", "uw-weging", "instellingen"):
        drawn = client.get(asked.replace("?", f"/{name}.svg?"))
        assert drawn.mimetype == "image/svg+xml"
    assert "Proeflocatie 4" in drawn.get_data(as_text=True)
    nothing = address(site, "TINY-4", "TINY-5", more="").replace("?", "/uw-weging.svg?")
    assert client.get(nothing).status_code == 404


def keep(client: FlaskClient, path: str, **values: str) -> tuple[int, str]:
    """Send the form that keeps a weighting, filled in as on the page."""
    fields = fields_on(client.get(path).get_data(as_text=True), "/vergelijk/wegingen")
    answer = client.post("/vergelijk/wegingen", data={**fields, **values})
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def test_a_weighting_is_kept_asked_by_its_number_and_thrown_away(site: Site) -> None:
    client = browser(site)
    path = address(site, "TINY-4", "TINY-2", more="kosten=0&verdeling=77")
    status, where = keep(client, path, naam="Voor de raad")
    assert status == 303
    assert where.endswith("#weging")
    assert "weging=" in where
    page = text_of(client, where)
    assert "De weging ‘Voor de raad’ is bewaard." in page
    assert "de weging ‘Voor de raad’" in page
    assert 'name="verdeling" value="77"' in page
    with site[1].connect() as connection:
        kept = connection.execute(text("SELECT * FROM weighting")).one()
    assert (kept.gemeente_code, kept.type, kept.points["verdeling"]) == (
        "GM9002",
        "skaeve_huse",
        77,
    )
    action = f"/vergelijk/wegingen/{kept.id}/weg"
    fields = fields_on(page, action)
    gone = client.post(action, data=fields)
    assert gone.status_code == 303
    after = text_of(client, gone.headers["Location"])
    assert "is weggegooid" in after
    assert 'name="verdeling" value="77"' in after
    assert client.post(action, data=fields).status_code == 404


def test_a_weighting_of_the_region_is_read_by_all_and_removed_by_none_of_them(site: Site) -> None:
    path = address(site, "TINY-4", "TINY-2", more="kosten=0&verdeling=66")
    region = browser(site, "regiocoordinator")
    assert keep(region, path, naam="Regionaal")[0] == 303
    with site[1].connect() as connection:
        number = connection.scalar(text("SELECT id FROM weighting"))
        assert connection.scalar(text("SELECT gemeente_code FROM weighting")) == "regio"
    planner = browser(site)
    page = text_of(planner, address(site, "TINY-4", "TINY-2", more=f"weging={number}"))
    assert "Regionaal (De regio)" in page
    assert f"/vergelijk/wegingen/{number}/weg" not in page
    token = csrf_token(planner, address(site, "TINY-4", "TINY-2"))
    state = {"soort": "skaeve_huse", "csrf_token": token}
    refused = planner.post(f"/vergelijk/wegingen/{number}/weg", data=state)
    assert refused.status_code == 404
    other = browser(site, "planner", "GM9001")
    assert keep(other, path, naam="Van Zuiderveen")[0] == 303
    assert "Van Zuiderveen" not in text_of(planner, path)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"naam": ""}, "Geef de weging een naam."),
        ({"naam": "x" * 301}, "Dit is te lang"),
        ({"naam": "Bij de vrouwenopvang"}, "vrouwenopvang"),
        ({"naam": "Goed", "voor": "GM9001"}, "Kies voor wie u de weging bewaart."),
        ({"naam": "Goed", "voor": "regio"}, "Kies voor wie u de weging bewaart."),
    ],
)
def test_a_name_with_faults_comes_back_with_what_was_typed(
    site: Site, values: dict[str, str], says: str
) -> None:
    path = address(site, "TINY-4", "TINY-2", more="kosten=0&verdeling=55")
    status, page = keep(browser(site), path, **values)
    assert status == 422
    assert says in unescape(page)
    assert f'value="{values["naam"]}"' in page
    assert 'name="verdeling" value="55"' in page
    with site[1].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM weighting")) == 0


def test_without_the_proof_of_our_own_form_nothing_is_kept(site: Site) -> None:
    client = browser(site)
    for path in ("/vergelijk/wegingen", "/vergelijk/wegingen/1/weg"):
        answer = client.post(path, data={"naam": "x", "soort": "skaeve_huse", "locatie": "1,2"})
        assert answer.status_code == 400
    with site[1].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM weighting")) == 0


def test_a_neighbouring_gemeente_within_a_kilometre_is_flagged(site: Site) -> None:
    """TINY-4 stands 500 m from the borders above and below."""
    page = text_of(browser(site), address(site, "TINY-4", "TINY-2"))
    assert "500 meter van Zuiderveen en 500 meter van Noorderzand" in page


def test_markup_in_a_name_stays_text(site: Site) -> None:
    with site[1].begin() as connection:
        connection.execute(
            text("UPDATE site SET name = '</script><b>Kwaad</b>' WHERE site_code = 'TINY-4'")
        )
    page = browser(site).get(address(site, "TINY-4", "TINY-2")).get_data(as_text=True)
    assert "<b>Kwaad</b>" not in page
    assert "&lt;b&gt;Kwaad" in page
    with site[1].begin() as connection:
        connection.execute(
            text("UPDATE site SET name = 'Proeflocatie 4 (voorbeeld)' WHERE site_code = 'TINY-4'")
        )


@pytest.mark.parametrize("name", ["soort", "locatie", "straal", "niveau", "weging", "kosten"])
def test_nothing_in_the_address_breaks_the_comparison(site: Site, name: str) -> None:
    client = browser(site)
    asked = address(site, "TINY-4", "TINY-2", more="")
    for value in random.Random(2026).sample(NASTY, 8):
        for path in (
            f"/vergelijk?{urlencode({name: value})}",
            f"{asked}{urlencode({name: value})}",
        ):
            assert fault_of(client, path) is None
