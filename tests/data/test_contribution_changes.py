"""Writing contributions in the reach of who sends them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import shapely
from sqlalchemy import Engine, text

from app.services.demo import load_region
from data import schema
from data.changes.accounts import add_account
from data.changes.contributions import (
    AlreadyThere,
    Contact,
    NewContribution,
    Photo,
    add_appeal,
    add_contribution,
    remove_contact,
)
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope
from data.database_roles import RESIDENT, WORKSPACE, Hands, work_as
from data.errors import NotFound
from tests.dialogue import PlantedTrack, plant_contribution, plant_track
from tests.world import tiny_world

OWN, OTHER = "a" * 64, "b" * 64
NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINE = Hands(RESIDENT, token_sha256=OWN)


@pytest.fixture
def world(fresh_database_url: str) -> Iterator[Engine]:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()


@pytest.fixture
def track(world: Engine) -> PlantedTrack:
    with world.begin() as connection:
        return plant_track(connection)


@pytest.fixture
def new(track: PlantedTrack) -> NewContribution:
    return NewContribution(
        code="abc",
        track_id=track.id,
        phase_id=track.phases["Plek kiezen"],
        kind="plek",
        body="Hier is ruimte.",
        site_id=track.sites["TINY-3"],
        answers={"waarom": ["ruimte"]},
        geom=shapely.Point(101_250, 481_250),
        from_wijk_code="WK900201",
        token_sha256=OWN,
        findings=[{"kind": "adres", "label": "Een adres", "start": 0, "end": 4}],
        place_test={"outcome": "past"},
    )


def send(world: Engine, hands: Hands, new: NewContribution) -> None:
    with world.begin() as connection:
        work_as(connection, hands)
        add_contribution(connection, new)


def test_a_resident_sends_all_of_it_at_once(world: Engine, new: NewContribution) -> None:
    with world.begin() as connection:
        work_as(connection, MINE)
        add_contribution(
            connection, new, Photo("image/jpeg", b"jpg", "Een veld"), Contact("a@b.example", NOW)
        )
    with world.begin() as connection:
        kept = connection.execute(
            text(
                "SELECT code, site_id, kind, answers, body, ST_AsText(geom), from_wijk_code, "
                "entry, entered_by, findings, place_test, moderation, status FROM contribution"
            )
        ).one()
        assert tuple(kept) == (
            *("abc", new.site_id, "plek", {"waarom": ["ruimte"]}, "Hier is ruimte."),
            *("POINT(101250 481250)", "WK900201", "website", None),
            [{"kind": "adres", "label": "Een adres", "start": 0, "end": 4}],
            *({"outcome": "past"}, "wacht", "nieuw"),
        )
        photo = connection.execute(
            text(
                "SELECT contribution_code, content, description, is_public FROM contribution_photo"
            )
        ).one()
        assert tuple(photo) == ("abc", b"jpg", "Een veld", False)
        contact = connection.execute(text("SELECT email, delete_at FROM contribution_contact"))
        assert tuple(contact.one()) == ("a@b.example", NOW)


def test_what_comes_twice_or_too_late_or_tells_a_secret_is_refused_in_words(
    world: Engine, track: PlantedTrack, new: NewContribution
) -> None:
    with world.begin() as connection:
        work_as(connection, MINE)
        add_contribution(connection, new)
    for faulty, error in (
        (new, AlreadyThere),
        (replace(new, code="d", phase_id=track.phases["Kennismaken"]), OutsideScope),
        (replace(new, code="d", token_sha256=OTHER), OutsideScope),
        (replace(new, code="d", track_id=987), OutsideScope),
        (replace(new, code="d", token_sha256=None), OutsideScope),
    ):
        with pytest.raises(error):
            send(world, MINE, faulty)
    secret = replace(
        new, code="d", token_sha256=OTHER, body="Daar zit een blijf van mijn lijf huis"
    )
    with pytest.raises(SecretText):
        send(world, replace(MINE, token_sha256=OTHER), secret)
    with world.begin() as connection:
        assert connection.scalars(text("SELECT code FROM contribution")).all() == ["abc"]


def test_staff_enter_what_came_on_paper_for_their_own_gemeente_only(
    world: Engine, new: NewContribution
) -> None:
    with world.begin() as connection:
        account = add_account(connection, "p@voorbeeld.example", "Planner")
    paper = replace(new, entry="papier", token_sha256=OTHER, entered_by=account, made_at=NOW)
    with pytest.raises(OutsideScope):
        send(world, Hands(WORKSPACE, frozenset({"GM9001"}), account), paper)
    with world.begin() as connection:
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9002"}), account))
        add_contribution(connection, paper, None, Contact("a@b.example", NOW))
    with world.begin() as connection:
        kept = connection.execute(
            text("SELECT entry, entered_by, made_at, moderation FROM contribution")
        ).one()
        assert tuple(kept) == ("papier", account, NOW, "wacht")


def test_a_refusal_is_appealed_once_by_its_own_link(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(
            connection,
            track,
            "mine",
            token_sha256=OWN,
            moderation="geweigerd",
            refusal_key="respect",
        )
        plant_contribution(connection, track, "waits", token_sha256=None)
        plant_contribution(
            connection,
            track,
            "other",
            token_sha256=OTHER,
            moderation="geweigerd",
            refusal_key="respect",
        )
    with world.begin() as connection:
        work_as(connection, MINE)
        add_appeal(connection, "mine", "Kijk nog eens", NOW)
        for code in ("mine", "waits", "other", "none"):
            with pytest.raises(NotFound):
                add_appeal(connection, code, "Nog een keer", NOW)
    with world.begin() as connection:
        kept = connection.execute(text("SELECT code, appeal_text, appealed_at FROM contribution"))
        assert sorted(map(tuple, kept), key=lambda row: row[0]) == [
            ("mine", "Kijk nog eens", NOW),
            ("other", None, None),
            ("waits", None, None),
        ]


def test_an_address_is_taken_back_by_its_own_link(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "mine", token_sha256=OWN, email="a@b.example")
        plant_contribution(connection, track, "other", token_sha256=OTHER, email="c@d.example")
    with world.begin() as connection:
        work_as(connection, MINE)
        assert remove_contact(connection, "mine")
        assert not remove_contact(connection, "mine")
        assert not remove_contact(connection, "other")
    with world.begin() as connection:
        left = connection.scalars(text("SELECT email FROM contribution_contact")).all()
        assert left == ["c@d.example"]
