"""An e-mail address stays in its own table, and an internet address is kept in none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, inspect, text

from data.dialogue_tables import Track
from data.tables import Attempt
from tests.app.planted import unpacked
from tests.app.resident_steps import Clock, checked, receipt_address, send
from tests.app.signed_in import signed_in
from tests.app.test_hostile_requests import rules, usual
from tests.dialogue import PlantedTrack, plant_track

EMAIL = "een.buurvrouw@straat.example"
SENDER = "203.0.113.77"
#: Who looks for it, beside a visitor.
STAFF = ("planner", "raadslid", "moderator")
#: Where conversations are: what begins so.
DIALOGUE = ("/in-gesprek", "/reactie", "/inbed", "/gesprekken", "/moderatie", "/belang")


@pytest.fixture
def sent_code(
    app: Flask, owner: Engine, track: PlantedTrack, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A reaction with an e-mail address, public and answered, of a phase that is closed."""
    clock, client = Clock(monkeypatch), app.test_client()
    client.environ_base["REMOTE_ADDR"] = SENDER
    page = checked(client, email=EMAIL)
    clock.go_on(seconds=30)
    code = receipt_address(send(client, page)).split("/")[2]
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE contribution SET moderation = 'openbaar', moderated_at = now(), "
                "status = 'meegenomen', answer = 'Dank u wel.', answered_at = now()"
            )
        )
        connection.execute(
            text(
                "UPDATE track_phase SET closed_at = now(), outcome = 'Klaar.' "
                "WHERE closed_at IS NULL"
            )
        )
    return code


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    with owner.begin() as connection:
        planted = plant_track(connection)
    yield planted
    with owner.begin() as connection:
        connection.execute(delete(Track))
        connection.execute(delete(Attempt))


def everything_at(app: Flask, client: FlaskClient, **given: str) -> Iterator[tuple[str, str]]:
    """What this person can open of a conversation: pages and files, by their address."""
    of_talks = [rule for rule in rules(app) if rule.rule.startswith(DIALOGUE)]
    pages = [usual(rule, **given) for rule in of_talks if "GET" in (rule.methods or ())]
    maps = [page.replace(".csv", ".geojson") for page in pages if page.endswith(".csv")]
    for address in (*pages, *maps):
        answer = client.get(address)
        if answer.status_code == 200:
            for part in unpacked(answer):
                yield address, part if isinstance(part, str) else part.decode("latin-1")


def test_nobody_finds_an_address_on_a_page_or_in_a_file(
    app: Flask, owner: Engine, track: PlantedTrack, sent_code: str
) -> None:
    ids = {"track_id": str(track.id), "phase_id": str(track.phases["Plek kiezen"])}
    people = {role: signed_in(app, owner, role, "GM9002") for role in STAFF}
    found, opened = [], set()
    for who, client in {"bezoeker": app.test_client(), **people}.items():
        for code in (track.code, sent_code):
            for address, told in everything_at(app, client, code=code, **ids):
                opened.add(address)
                found += [f"{who} {address}" for one in (EMAIL, SENDER) if one in told]
    assert found == []
    for way_out in (
        f"/reactie/{sent_code}",
        f"/in-gesprek/{track.code}/reacties.csv",
        f"/in-gesprek/{track.code}/reacties.geojson",
        f"/in-gesprek/{track.code}/nota.docx",
        f"/gesprekken/{track.id}/reacties",
    ):
        assert way_out in opened


def test_the_database_holds_the_one_apart_and_the_other_not_at_all(
    owner: Engine, sent_code: str
) -> None:
    with owner.connect() as connection:
        rows = {
            table: str(connection.execute(text(f'SELECT * FROM "{table}"')).all())
            for table in inspect(connection).get_table_names()
        }
    assert sent_code in rows["contribution"]
    assert [table for table, told in rows.items() if EMAIL in told] == ["contribution_contact"]
    assert [table for table, told in rows.items() if SENDER in told] == []
    assert rows["attempt"] != "[]"
