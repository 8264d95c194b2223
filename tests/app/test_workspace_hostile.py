"""Whatever someone sends by the forms of the closer look, the stages and the history: an answer."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.app.signed_in import form_fields, signed_in
from tests.app.staff_site import MakeSite, fill, site_id
from tests.app.test_hostile_requests import NASTY

FORMS = {
    "vragen": None,
    "fase": None,
    "fase/2015-01-01": None,
    "fase/2015-01-01/verwijderen": "fase/2015-01-01",
}
#: As many as one question has.
FIELDS = 7


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def planner(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "planner", "GM9001")


@pytest.mark.parametrize("form", FORMS)
def test_no_field_breaks_a_form(
    site: tuple[Flask, Engine], planner: FlaskClient, form: str
) -> None:
    base = f"/werkbank/locaties/{site_id(site[1], 'TINY-1')}"
    action, address = f"{base}/{form}", f"{base}/{FORMS[form] or form}"
    fields = form_fields(planner, address, action)
    token = {"csrf_token": fields["csrf_token"]}
    # The five questions have the same fields: those of the first stand for all.
    names = [*list(fields)[:FIELDS], "onbekend"]
    for value in NASTY:
        everywhere = {**dict.fromkeys(fields, value), **token}
        for name in names:
            sent = {**fields, name: value, **token}
            assert planner.post(action, data=sent).status_code < 500, (name, value)
        for given in (everywhere, token):
            assert planner.post(action, data=given).status_code < 500, value


@pytest.mark.parametrize("word", ["wie", "wat", "van", "tot", "pagina"])
def test_no_word_breaks_the_history(planner: FlaskClient, word: str) -> None:
    for value in NASTY:
        for page in ("/werkbank/geschiedenis", "/werkbank/geschiedenis.csv"):
            assert planner.get(page, query_string={word: value}).status_code < 500, value
