"""A form that could not be handled gives back what was typed, and no password or code."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.app.signed_in import form_fields, signed_in

WORDS = 'De tuin <b>achter</b> het huis & "de schuur"\nen nog een regel'
GIVEN_BACK = (
    "De tuin &lt;b&gt;achter&lt;/b&gt; het huis &amp; &#34;de schuur&#34;\nen nog een regel"
)
TRACK = {
    "title": "Een hofje erbij",
    "summary": WORDS,
    "gemeente": "GM0392",
    "begins_on": "2026-12-01",
    "source": "https://voorbeeld.example/plan",
    "email": "wonen@voorbeeld.example",
    "amount": "12.5",
    "kind": "beschut_wonen",
}
NEW_TRACK = "/gesprekken/nieuw"


def test_a_session_that_ended_gives_the_words_back(world_site: tuple[Flask, Engine]) -> None:
    app, engine = world_site
    client = signed_in(app, engine, "planner", "GM9001")
    fields = form_fields(client, NEW_TRACK)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sign_in_session"))
    answer = client.post(NEW_TRACK, data={**fields, **TRACK})
    assert answer.status_code == 401
    assert f'<blockquote class="vp-typed">{GIVEN_BACK}</blockquote>' in answer.text
    assert '<blockquote class="vp-typed">Een hofje erbij</blockquote>' in answer.text
    assert fields["csrf_token"] not in answer.text
    assert f">{TRACK['source']}</blockquote>" in answer.text
    assert f">{TRACK['email']}</blockquote>" in answer.text
    assert answer.text.count("vp-typed") == 4
    assert "Log daarna in" in answer.text


def test_a_form_without_its_proof_gives_the_words_back(world_site: tuple[Flask, Engine]) -> None:
    client = signed_in(*world_site, "planner", "GM9001")
    answer = client.post(NEW_TRACK, data=TRACK)
    assert answer.status_code == 400
    assert GIVEN_BACK in answer.text
    assert "Log daarna in" not in answer.text


def test_a_database_that_is_away_gives_the_words_back(
    world_site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(*world_site, "planner", "GM9001")

    def fail(*_: object, **__: object) -> str:
        raise OSError

    monkeypatch.setattr("app.errors.render_template", fail)
    answer = client.post(NEW_TRACK, data=TRACK)
    assert f"<pre>{GIVEN_BACK}</pre>" in answer.text


def test_words_that_another_website_sends_are_not_said(world_site: tuple[Flask, Engine]) -> None:
    client = signed_in(*world_site, "planner", "GM9001")
    answer = client.post(NEW_TRACK, data=TRACK, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "De tuin" not in answer.text


@pytest.mark.parametrize("address", ["/inloggen", "/account/wachtwoord", "/account/tweede-stap"])
def test_what_is_typed_to_sign_in_never_comes_back(
    world_site: tuple[Flask, Engine], address: str
) -> None:
    typed = dict.fromkeys(("password", "current", "again", "code"), "Een Lang Wachtwoord")
    for client in (world_site[0].test_client(), signed_in(*world_site, "planner", "GM9001")):
        answer = client.post(address, data=typed)
        assert answer.status_code in {400, 401}
        assert "Een Lang Wachtwoord" not in answer.text


def test_a_program_gets_its_problem_without_the_words(world_site: tuple[Flask, Engine]) -> None:
    answer = (
        world_site[0]
        .test_client()
        .post(NEW_TRACK, data=TRACK, headers={"Accept": "application/json"})
    )
    assert answer.mimetype == "application/problem+json"
    assert "tuin" not in answer.text
