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


def test_where_the_writer_lives_is_read_by_no_staff(world: Engine, track: PlantedTrack) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one", from_wijk_code="WK900201", token_sha256=OWN)
        for role in (WORKSPACE, MODERATOR):
            work_as(connection, Hands(role, frozenset({WHOLE_REGION})))
            for column in ("from_wijk_code", "token_sha256"):
                with pytest.raises(DBAPIError, match="permission"), connection.begin_nested():
                    connection.execute(text(f"SELECT {column} FROM contribution"))


@pytest.mark.parametrize(
    "changed",
    [
        {"entry": "website"},
        {"moderation": "openbaar"},
        {"public_body": "Iets anders"},
    ],
    ids=str,
)
def test_a_planner_enters_nothing_past_a_moderator_nor_as_a_resident(
    world: Engine, track: PlantedTrack, changed: dict[str, object]
) -> None:
    entered = written(track, token_sha256=None, entry="papier")
    with world.begin() as connection:
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9002"})))
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.execute(insert(Contribution).values({**entered, **changed}))
        connection.execute(insert(Contribution).values(entered))


def test_a_planner_puts_no_own_address_to_the_words_of_a_resident(
    world: Engine, track: PlantedTrack
) -> None:
    """It would bring the secret link of the resident with the answer."""
    planted = "INSERT INTO contribution_contact VALUES (:code, 'planner@x.example', now())"
    shown = "INSERT INTO contribution_photo VALUES (:code, 'image/jpeg', 'x', NULL, :is_public)"
    with world.begin() as connection:
        plant_contribution(connection, track, "resident")
        plant_contribution(connection, track, "paper", entry="papier")
        work_as(connection, Hands(WORKSPACE, frozenset({"GM9002"})))
        for statement, values in (
            (planted, {"code": "resident"}),
            (shown, {"code": "resident", "is_public": False}),
            (shown, {"code": "paper", "is_public": True}),
        ):
            with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
                connection.execute(text(statement), values)
        connection.execute(text(planted), {"code": "paper"})
        connection.execute(text(shown), {"code": "paper", "is_public": False})


def test_a_moderator_notes_no_step_of_another(
    world: Engine, track: PlantedTrack, moderators: list[int]
) -> None:
    noted = (
        "INSERT INTO moderation_step (contribution_code, action, account_id) "
        "VALUES ('one', 'x', :id)"
    )
    with world.begin() as connection:
        plant_contribution(connection, track, "one")
        work_as(connection, Hands(MODERATOR, frozenset({WHOLE_REGION}), moderators[0]))
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.execute(text(noted), {"id": moderators[1]})
        connection.execute(text(noted), {"id": moderators[0]})


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
            connection,
            track,
            "one",
            "Mijn geheim",
            email="x@y.example",
            appeal_text="Ook geheim",
            refusal_note="U schreef: geheim",
            appeal_note="Het blijft geheim",
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


@pytest.fixture
def moderators(world: Engine) -> list[int]:
    with world.begin() as connection:
        return [
            add_account(connection, f"m{number}@voorbeeld.example", f"Moderator {number}")
            for number in range(3)
        ]


def moderate(connection: Connection, account: int, change: str) -> int:
    """What a moderator sends about the one contribution there is; how many rows it changed."""
    work_as(connection, Hands(MODERATOR, frozenset({WHOLE_REGION}), account))
    return connection.execute(text(f"UPDATE contribution SET {change}")).rowcount


REFUSE = "moderation = 'geweigerd', second_by = {0}"
PROPOSE = "moderation = 'weigeren', refusal_key = 'respect', moderated_by = {0}"


@pytest.mark.parametrize(
    ("who", "change"),
    [
        (0, REFUSE),
        (0, "moderation = 'geweigerd', second_by = {1}"),
        (1, "moderation = 'geweigerd', second_by = {2}"),
        (1, "moderation = 'geweigerd'"),
        (1, "moderation = 'geweigerd', moderated_by = {1}, second_by = {1}"),
        (1, "moderated_by = {2}"),
        (1, "appeal_by = {2}"),
    ],
    ids=str,
)
def test_nobody_refuses_alone_or_in_the_name_of_another(
    world: Engine, track: PlantedTrack, moderators: list[int], who: int, change: str
) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one")
        moderate(connection, moderators[0], PROPOSE.format(*moderators))
        with pytest.raises(DBAPIError), connection.begin_nested():
            moderate(connection, moderators[who], change.format(*moderators))


def test_what_was_refused_comes_back_by_an_appeal_and_a_third_person_only(
    world: Engine, track: PlantedTrack, moderators: list[int]
) -> None:
    back = "moderation = 'openbaar', refusal_key = NULL"
    granted = f"{back}, appeal_outcome = 'toegewezen', appeal_by = {{0}}"
    with world.begin() as connection:
        plant_contribution(connection, track, "one")
        moderate(connection, moderators[0], PROPOSE.format(*moderators))
        assert moderate(connection, moderators[1], REFUSE.format(moderators[1])) == 1
        for account, change in (
            (moderators[2], back),
            (moderators[2], granted.format(moderators[2])),
        ):
            with pytest.raises(DBAPIError, match="by an appeal"), connection.begin_nested():
                moderate(connection, account, change)
        connection.execute(text("RESET ROLE"))
        connection.execute(text("UPDATE contribution SET appeal_text = 'Kijk nog eens'"))
        for account in moderators[:2]:
            with pytest.raises(DBAPIError, match="appeal_person"), connection.begin_nested():
                moderate(connection, account, granted.format(account))
        assert moderate(connection, moderators[2], granted.format(moderators[2])) == 1


def test_a_moderator_reaches_no_other_gemeente_and_writes_no_words(
    world: Engine, track: PlantedTrack, moderators: list[int]
) -> None:
    with world.begin() as connection:
        plant_contribution(connection, track, "one")
        work_as(connection, Hands(MODERATOR, frozenset({"GM9001"}), moderators[0]))
        assert connection.scalar(text("SELECT count(*) FROM contribution")) == 0
        place = text("UPDATE contribution SET moderation = 'openbaar'")
        assert connection.execute(place).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.execute(
                text("INSERT INTO moderation_step (contribution_code, action) VALUES ('one', 'x')")
            )
        work_as(connection, Hands(MODERATOR, frozenset({"GM9002"}), moderators[0]))
        for change in ("body = 'x'", "answer = 'x'", "status = 'bekeken'", "appeal_text = 'x'"):
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                connection.execute(text(f"UPDATE contribution SET {change}"))
        assert connection.execute(place).rowcount == 1


def test_no_time_is_told_of_fewer_than_ten(world: Engine, track: PlantedTrack) -> None:
    query = text("SELECT contribution_count, median_s, slow_s FROM public_moderation_time")
    moments = "made_at = now() - interval '3 hours', moderated_at = now() - interval '1 hour'"
    with world.begin() as connection:
        for number in range(10):
            plant_contribution(connection, track, f"c{number}", moderation="openbaar")
        connection.execute(text(f"UPDATE contribution SET {moments} WHERE code <> 'c9'"))
        assert tuple(connection.execute(query).one()) == (9, None, None)
        connection.execute(text(f"UPDATE contribution SET {moments}"))
        assert tuple(connection.execute(query).one()) == (10, 7200.0, 7200.0)
        connection.execute(
            text(
                "UPDATE contribution SET moderated_at = now() - interval '91 days',"
                " made_at = now() - interval '92 days' WHERE code = 'c0'"
            )
        )
        assert connection.execute(query).one().contribution_count == 9
