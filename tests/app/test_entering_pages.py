"""What came at a meeting or on paper, entered by staff; and a proposed place that becomes one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select, text

from app.services.choice_changes import Actor, ChoiceFault, make_choice
from app.services.proposed_places import take_over_place
from data.changes.choices import ChoiceFields
from data.database_roles import WORKSPACE, Hands, work_as
from data.dialogue_tables import Contribution, Track
from data.errors import NotFound
from data.planning_tables import Choice
from data.tables import Site
from tests.app.resident_steps import Clock, hidden, text_of
from tests.app.signed_in import form_fields, make_account, signed_in, submit
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    with owner.begin() as connection:
        planted = plant_track(connection)
    yield planted
    with owner.begin() as connection:
        connection.execute(delete(Choice))
        connection.execute(delete(Site).where(Site.name == "Veld achter de school"))
        connection.execute(delete(Track))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def planner(app: Flask, owner: Engine, track: PlantedTrack, clock: Clock) -> FlaskClient:
    return signed_in(app, owner, "planner", "GM9002")


def address(track: PlantedTrack) -> str:
    return f"/gesprekken/{track.id}/invoeren"


def test_no_meeting_that_is_still_to_come_brought_anything(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        plant_meeting(connection, track, name="Nog niet geweest")
    body = planner.get(address(track)).get_data(as_text=True)
    assert "Nog niet geweest" not in body
    assert form_fields(planner, address(track))["invoer"] == "papier"


def test_a_pile_of_paper_is_entered_one_after_the_other(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        meeting = plant_meeting(connection, track, starts_at=dt.datetime(2025, 12, 1, 19))
    planner_id = make_account(owner, "planner", "GM9002")
    first = submit(
        planner,
        f"{address(track)}?soort=zorg",
        tekst="Te veel auto's in de straat",
        waarover="verkeer",
        invoer="bijeenkomst",
        bijeenkomst=str(meeting),
        ontvangen="2025-12-01",
        wijk="WK900201",
        email="schrijver@post.example",
    )
    assert first.status_code == 303, text_of(first)
    following = first.headers["Location"]
    fields = form_fields(planner, following, address(track))
    kept = {name: fields[name] for name in ("soort", "invoer", "bijeenkomst", "ontvangen")}
    assert kept == {
        "soort": "zorg",
        "invoer": "bijeenkomst",
        "bijeenkomst": str(meeting),
        "ontvangen": "2025-12-01",
    }
    assert fields["tekst"].strip() == ""
    second = submit(planner, following, address(track), tekst="Ik ben bezorgd", invoer="papier")
    assert second.status_code == 303
    with owner.begin() as connection:
        rows = connection.execute(select(Contribution).order_by(Contribution.entry)).all()
        assert [
            (row.entry, row.body, row.meeting_id, row.from_wijk_code, row.moderation)
            for row in rows
        ] == [
            ("bijeenkomst", "Te veel auto's in de straat", meeting, "WK900201", "wacht"),
            ("papier", "Ik ben bezorgd", meeting, None, "wacht"),
        ]
        assert {row.entered_by for row in rows} == {planner_id}
        assert {row.made_at.date() for row in rows} == {dt.date(2025, 12, 1)}
        assert {row.phase_id for row in rows} == {track.phases["Plek kiezen"]}
        emails = connection.scalars(text("SELECT email FROM contribution_contact")).all()
        assert emails == ["schrijver@post.example"]


def test_the_writer_gets_a_link_and_only_from_who_entered_it(
    planner: FlaskClient, app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    done = submit(planner, address(track), tekst="Op papier geschreven", invoer="papier")
    following = done.headers["Location"]
    found = re.search(r'value="http://[^/]+(/mijn-reactie/[^"]+)"', text_of(planner.get(following)))
    assert found
    assert "Op papier geschreven" in text_of(app.test_client().get(found[1]))
    with owner.begin() as connection:
        code = plant_contribution(connection, track, "vanander2345")
    assert "/mijn-reactie/" not in text_of(planner.get(f"{address(track)}?laatste={code}"))
    region = signed_in(app, owner, "regiocoordinator")
    assert "/mijn-reactie/" not in text_of(region.get(following))


@pytest.mark.parametrize(
    "faulty",
    [
        {"tekst": ""},
        {"ontvangen": ""},
        {"ontvangen": "2026-01-02"},
        {"ontvangen": "gisteren"},
        {"invoer": "website"},
        {"bijeenkomst": "98765"},
        {"fase": "98765"},
        {"email": "schrijver"},
        {"tekst": "Bij de vrouwenopvang"},
    ],
    ids=str,
)
def test_every_fault_keeps_what_was_typed(
    planner: FlaskClient, owner: Engine, track: PlantedTrack, faulty: dict[str, str]
) -> None:
    typed = {"tekst": "Mijn overgenomen woorden", "invoer": "papier", "wijk": "WK900201"}
    page = submit(planner, address(track), **{**typed, **faulty})
    assert page.status_code == 422
    for value in {**typed, **faulty}.values():
        if value not in ("98765", "website"):
            assert value in text_of(page)
    with owner.begin() as connection:
        assert connection.scalars(select(Contribution.code)).all() == []


def test_the_same_form_twice_is_kept_once(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fields = {
        **hidden(text_of(planner.get(address(track)))),
        **form_fields(planner, address(track)),
        "tekst": "Twee keer geklikt",
        "invoer": "papier",
    }
    for _ in range(2):
        assert planner.post(address(track), data=fields).status_code == 303
    with owner.begin() as connection:
        assert len(connection.scalars(select(Contribution.code)).all()) == 1


def test_another_gemeente_and_a_visitor_enter_nothing(
    app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    other = signed_in(app, owner, "planner", "GM9001")
    assert other.get(address(track)).status_code == 404
    assert signed_in(app, owner, "moderator", "GM9002").get(address(track)).status_code == 403
    assert app.test_client().get(address(track)).status_code == 401


def test_a_proposed_place_becomes_a_candidate_with_its_origin_and_once(
    owner: Engine, track: PlantedTrack
) -> None:
    account = make_account(owner, "planner", "GM9002")
    actor = Actor("planner", dt.date(2026, 1, 1), account)
    with owner.begin() as connection:
        plant_contribution(
            connection,
            track,
            "plek23456789",
            "Achter mijn huis is ruimte",
            kind="plek",
            place=shapely.box(101_000, 481_000, 101_100, 481_100),
        )
        plant_contribution(connection, track, "vraag2345678")
    with owner.begin() as connection:
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9002"}), account, "Voorstel"))
        fields = ChoiceFields("GM9002", "beschut_wonen", "Plek in Middendorp")
        choice_id = make_choice(connection, fields, "Nodig", account)
        arguments = (choice_id, "plek23456789", "Veld achter de school", actor, "Voorstel")
        site_id = take_over_place(connection, *arguments)
        with pytest.raises(ChoiceFault, match="doet al mee"):
            take_over_place(connection, *arguments)
        with pytest.raises(ChoiceFault, match="geen plek"):
            take_over_place(connection, choice_id, "vraag2345678", "x", actor, "Voorstel")
        with pytest.raises(NotFound):
            take_over_place(connection, choice_id, "niets", "x", actor, "Voorstel")
        kept = connection.execute(
            text(
                "SELECT origin, origin_note, name, publication, ST_X(geom), ST_Y(geom), "
                "description FROM choice_candidate JOIN site ON site.id = site_id "
                "WHERE site_id = :id"
            ),
            {"id": site_id},
        ).one()
    assert tuple(kept) == (
        *("inwoner", "Reactie plek23456789", "Veld achter de school", "intern"),
        *(101_050, 481_050, None),
    )
