"""Numbers with internal sites: right, for whom they are meant, and without name or place."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.auth import guard
from app.auth.permissions import PERMISSIONS
from app.auth.routes import ROUTES
from tests.app.conftest import TODAY
from tests.app.page_reader import read_page
from tests.app.signed_in import signed_in
from tests.app.test_protected_sites import SECRETS

ADDRESS = "/raad/cijfers"


@pytest.fixture
def council(guarded_site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*guarded_site, "raadslid")


def rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{ADDRESS}.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def in_haarlem(client: FlaskClient, kind: str) -> dict[str, str]:
    return next(row for row in rows(client) if (row["gebied"], row["soort"]) == ("Haarlem", kind))


def test_internal_sites_are_counted_beside_what_is_public(council: FlaskClient) -> None:
    domus = in_haarlem(council, "Domus Plus")
    assert (domus["locaties_intern"], domus["plekken_intern"]) == ("1", "5")
    beschut = in_haarlem(council, "Beschut wonen")
    assert int(beschut["locaties_afgeschermd"]) >= 1


def test_the_sentence_stands_first_and_tells_what_internal_sites_add(council: FlaskClient) -> None:
    page = read_page(council, f"{ADDRESS}?soort=domus_plus")
    assert "Intern komen daar 1 locatie met 5 plekken bij" in page.lead
    assert (
        "Interne locaties zijn er niet bij"
        in read_page(council, f"{ADDRESS}?datum=1995-01-01").lead
    )


def test_public_and_protected_together_are_what_everyone_sees(
    council: FlaskClient, guarded: FlaskClient
) -> None:
    listed = read_page(guarded, "/lijst/gebieden").tables[0][1:]
    counted = {row[0]: 0 for row in listed}
    for stage in ("in_gebruik", "komend"):
        for row in rows(council, f"?fase={stage}"):
            public = int(row["locaties_openbaar"]) + int(row["locaties_afgeschermd"])
            counted[row["gebied"]] += public
    assert counted == {row[0]: int(row[-1]) for row in listed}


def test_wijken_add_up_to_their_gemeente(council: FlaskClient) -> None:
    def sites(level: str) -> int:
        return sum(int(row["locaties_intern"]) for row in rows(council, f"?niveau={level}"))

    assert sites("wijk") == sites("gemeente") >= 2


def test_there_is_no_name_no_place_and_no_number_of_a_site(council: FlaskClient) -> None:
    for address in (ADDRESS, f"{ADDRESS}?niveau=wijk", f"{ADDRESS}.csv?niveau=wijk"):
        found = council.get(address).get_data(as_text=True)
        assert [secret for secret in SECRETS if secret in found] == []


def test_every_row_of_the_file_says_that_it_is_confidential(council: FlaskClient) -> None:
    assert {row["status"] for row in rows(council)} == {"vertrouwelijk"}
    answer = council.get(f"{ADDRESS}.csv")
    assert "vertrouwelijk-aantallen" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert TODAY.isoformat() in answer.headers["Content-Disposition"]


def test_no_buurt_can_be_asked(council: FlaskClient) -> None:
    assert council.get(f"{ADDRESS}?niveau=buurt").status_code == 400


def test_the_page_stands_in_the_menu_of_those_who_may_see_it() -> None:
    assert "internal_counts.show" in dict(guard.STAFF_MENU)
    holders = PERMISSIONS[ROUTES["internal_counts.show"]].holders
    assert holders == {"raadslid", "planner", "regiocoordinator"}
