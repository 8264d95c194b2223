"""What residents, moderators and planners reach of the dialogue, whatever SQL is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError

from app.services.demo import load_region
from data import schema
from data.changes.accounts import add_account
from data.database_roles import (
    CARETAKER,
    MODERATOR,
    RESIDENT,
    VISITOR,
    WHOLE_REGION,
    WORKSPACE,
    Hands,
    work_as,
)
from data.dialogue_tables import Contribution, ContributionContact, Importance
from tests.dialogue import PlantedTrack, plant_contribution, plant_track
from tests.world import tiny_world

OWN, OTHER = "a" * 64, "b" * 64


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


def written(track: PlantedTrack, **changed: object) -> dict[str, object]:
    return {
        "code": "abc",
        "track_id": track.id,
        "phase_id": track.phases["Plek kiezen"],
        "kind": "vraag",
        "body": "Wie komen er wonen?",
        "entry": "website",
        "token_sha256": OWN,
        **changed,
    }


def resident(connection: Connection, token: str = OWN) -> None:
    work_as(connection, Hands(RESIDENT, token_sha256=token))


def test_a_resident_writes_and_sees_the_own_contribution_only(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "other", token_sha256=OTHER, email="x@y.example")
        resident(connection)
        connection.execute(insert(Contribution).values(written(track)))
        connection.execute(
            insert(ContributionContact).values(
                contribution_code="abc", email="a@b.example", delete_at=text("now()")
            )
        )
        assert connection.scalars(text("SELECT code FROM contribution")).all() == ["abc"]
        assert connection.scalars(text("SELECT email FROM contribution_contact")).all() == [
            "a@b.example"
        ]


@pytest.mark.parametrize(
    "changed",
    [
        {"moderation": "openbaar"},
        {"status": "meegenomen"},
        {"entry": "bijeenkomst"},
        {"answer": "Ja"},
        {"public_body": "Iets"},
        {"token_sha256": OTHER},
        {"token_sha256": None},
        {"phase": "Kennismaken"},
        {"phase_id": None},
    ],
    ids=str,
)
def test_a_resident_writes_nothing_but_a_new_contribution_in_an_open_phase(
    world: Engine, track: PlantedTrack, changed: dict[str, object]
) -> None:
    values = dict(changed)
    if phase := values.pop("phase", None):
        values["phase_id"] = track.phases[str(phase)]
    with world.begin() as connection:
        resident(connection)
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.execute(insert(Contribution).values(written(track, **values)))


def test_a_resident_changes_nothing_of_what_was_written(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "mine", token_sha256=OWN)
        plant_contribution(connection, track, "other", token_sha256=OTHER)
        resident(connection)
        for column in ("body", "moderation", "answer", "token_sha256"):
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                connection.execute(text(f"UPDATE contribution SET {column} = 'openbaar'"))
        changed = connection.execute(text("UPDATE contribution SET appeal_text = 'Kijk nog eens'"))
        assert changed.rowcount == 1


def test_importance_is_written_and_never_read_back(world: Engine, track: PlantedTrack) -> None:
    values = {
        "track_id": track.id,
        "phase_id": track.phases["Plek kiezen"],
        "type": "beschut_wonen",
        "points": {"dagelijks": 50},
    }
    with world.begin() as connection:
        resident(connection)
        connection.execute(insert(Importance).inline().values(values))
        with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
            connection.execute(text("SELECT * FROM importance"))


def test_a_contribution_is_public_once_let_through_and_without_what_was_taken_out(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        account = add_account(connection, "m@voorbeeld.example", "Moderator")
        plant_contribution(connection, track, "one", "Bel 06-00000000", email="x@y.example")
        plant_contribution(connection, track, "two")
        work_as(connection, Hands(MODERATOR, frozenset({WHOLE_REGION}), account))
        connection.execute(
            text(
                "UPDATE contribution SET moderation = 'openbaar', public_body = 'Bel (weggelaten)' "
                "WHERE code = 'one'"
            )
        )
        with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
            connection.execute(text("SELECT email FROM contribution_contact"))
    with world.begin() as connection:
        work_as(connection, Hands(VISITOR))
        rows = connection.execute(text("SELECT code, body FROM public_contribution")).all()
        assert [tuple(row) for row in rows] == [("one", "Bel (weggelaten)")]


def test_one_person_refuses_nothing_alone(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one")
        with pytest.raises(DBAPIError, match="second_person"), connection.begin_nested():
            connection.execute(
                text(
                    "UPDATE contribution SET moderation = 'geweigerd', refusal_key = 'respect', "
                    "moderated_by = 1, second_by = 1"
                )
            )


def test_a_planner_answers_in_the_own_gemeente_and_sees_no_address(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one", email="x@y.example")
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9001"})))
        assert connection.scalar(text("SELECT count(*) FROM contribution")) == 0
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9002"})))
        answered = connection.execute(text("UPDATE contribution SET status = 'bekeken'"))
        assert answered.rowcount == 1
        for query in (
            "SELECT email FROM contribution_contact",
            "UPDATE contribution SET moderation = 'openbaar'",
            "UPDATE contribution SET body = 'x'",
        ):
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                connection.execute(text(query))


def test_a_concept_is_for_nobody_else(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one", moderation="openbaar")
        connection.execute(text("UPDATE track SET state = 'concept'"))
        work_as(connection, Hands(VISITOR))
        for view in ("public_track", "public_track_phase", "public_contribution"):
            assert connection.scalar(text(f"SELECT count(*) FROM {view}")) == 0


def test_the_history_keeps_nothing_that_a_resident_wrote(
    world: Engine, track: PlantedTrack
) -> None:
    with world.begin() as connection:
        plant_contribution(
            connection, track, "one", "Mijn geheim", email="x@y.example", appeal_text="Ook geheim"
        )
        told = connection.scalars(
            text("SELECT coalesce(after, before)::text FROM change WHERE table_name LIKE 'contri%'")
        ).all()
        assert told
        assert "geheim" not in "".join(told)
        assert "x@y" not in "".join(told)


def test_the_caretaker_clears_what_is_past_its_term(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one", email="x@y.example")
        work_as(connection, Hands(CARETAKER))
        assert connection.execute(text("DELETE FROM contribution_contact")).rowcount == 1
        with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
            connection.execute(text("UPDATE contribution SET moderation = 'openbaar'"))
