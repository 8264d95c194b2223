"""Personal data are gone after their term: nowhere in the database, and not a day before."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from shapely import Point
from sqlalchemy import Connection, Engine, insert, text

from app.config import Settings
from app.services.clearing import clear
from app.services.own_links import SUBSCRIPTION, own_token_sha256
from data import retention
from data.changes.accounts import add_account, add_session
from data.changes.credentials import add_link
from data.changes.subscriptions import add_subscription, confirm
from data.dialogue_tables import ContributionPhoto, ModerationStep
from data.planning_tables import Table
from data.queries.events import Reach
from data.retention import CLEARED_TEXT, RETENTIONS, Retention
from tests.dialogue import plant_contribution, plant_track
from tests.post import Post

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
#: What stands in each kind of personal data in these tests, to look for everywhere.
MARK = "zoekmerk"


def found_in(connection: Connection, word: str) -> set[str]:
    """The columns of the whole database in which a text, JSON or file holds this word."""
    columns = connection.execute(
        text(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN "
            "('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"
        )
    ).all()
    assert len(columns) > 150
    found = set()
    for table, column, kind in columns:
        value = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
        query = text(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE {value} ILIKE :word)')
        if connection.scalar(query, {"word": f"%{word}%"}):
            found.add(f"{table}.{column}")
    return found


@pytest.fixture
def post(database: Engine, tmp_path: Path) -> Post:
    """The tiny world with something of each kind that has a term, planted at NOW."""
    with database.begin() as connection:
        track = plant_track(connection)
        plant_contribution(connection, track, "asked", email=f"{MARK}-1@x.example")
        plant_contribution(connection, track, "told", email=f"{MARK}-2@x.example")
        plant_contribution(
            connection,
            track,
            "shown",
            f"Bel {MARK}-3",
            public_body="Bel (weggelaten)",
            findings=[{"kind": f"{MARK}-4"}],
            moderation="openbaar",
            moderated_at=NOW,
        )
        refused: dict[str, Any] = {
            "moderation": "geweigerd",
            "refusal_key": "respect",
            "moderated_by": 1,
            "second_by": 2,
            "moderated_at": NOW,
            "second_at": NOW,
        }
        plant_contribution(
            connection,
            track,
            "refused",
            f"{MARK}-5",
            answers={"waar": f"{MARK}-6"},
            appeal_text=f"{MARK}-7",
            token_sha256=f"{MARK}-8",
            kind="plek",
            place=Point(101_250, 481_250),
            place_test={"waar": f"{MARK}-17"},
            public_body=f"{MARK}-18",
            from_wijk_code=f"{MARK}-19",
            refusal_note=f"{MARK}-20",
            appeal_note=f"{MARK}-21",
            **refused,
        )
        plant_contribution(
            connection,
            track,
            "granted",
            appeal_text=f"{MARK}-22",
            appeal_note=f"{MARK}-23",
            moderation="openbaar",
            appeal_at=NOW,
            appeal_outcome="toegewezen",
        )
        for code in ("refused", "shown"):
            add_photo(connection, code, is_public=False)
            connection.execute(
                insert(ModerationStep).values(
                    contribution_code=code, action="x", note=f"{MARK}-24 {code}", at=NOW
                )
            )
        connection.execute(
            text(
                "UPDATE contribution_contact SET delete_at = :later, told_at = "
                "CASE contribution_code WHEN 'told' THEN CAST(:now AS timestamptz) END"
            ),
            {"later": NOW + 365 * DAY, "now": NOW},
        )
        for code in ("unconfirmed", "confirmed"):
            add_subscription(
                connection,
                code,
                own_token_sha256("test", SUBSCRIPTION, code),
                f"{MARK}-{code}@x.example",
                f"{MARK} {code}",
                Reach(area_code="GM9002"),
                "dag",
                NOW,
            )
        confirm(connection, "confirmed", NOW)
        connection.execute(text("UPDATE subscription SET told_until = :end"), {"end": NOW})
        connection.execute(
            text(
                "INSERT INTO attempt (kind, key, window_start, attempt_count) "
                "VALUES (:k, :m, :n, 1)"
            ),
            {"k": "resident volgen uur", "m": f"{MARK}-11", "n": NOW},
        )
        account = add_account(connection, "m@voorbeeld.example", "Moderator")
        add_link(connection, f"{MARK}-12", account, "sign_in", NOW + DAY)
        add_session(connection, f"{MARK}-13", account, "link", NOW, NOW + DAY / 2, is_complete=True)
    return Post(database, Settings(tmp_path, secret_key="test", tile_url=None))


def add_photo(connection: Connection, code: str, *, is_public: bool) -> None:
    connection.execute(
        insert(ContributionPhoto).values(
            contribution_code=code,
            media_type="image/jpeg",
            content=f"{MARK}-9 {code}".encode(),
            description=f"{MARK}-10 {code}",
            is_public=is_public,
        )
    )


def add_waiting_mail(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outgoing_mail (key, recipient, subject, body, next_try_at, delete_at) "
                "VALUES ('k', :r, :s, :b, :later, :end)"
            ),
            {
                "r": f"{MARK}-14@x.example",
                "s": f"{MARK}-15",
                "b": f"{MARK}-16",
                "later": NOW + 9 * DAY,
                "end": NOW + 3 * DAY,
            },
        )


def marks(database: Engine) -> set[str]:
    with database.begin() as connection:
        return found_in(connection, MARK)


#: Which columns lose the mark, at the very moment that the term is over.
GONE_AFTER: tuple[tuple[Retention, set[str]], ...] = (
    (retention.ATTEMPT, {"attempt.key"}),
    (
        retention.MAIL_UNSENT,
        {"outgoing_mail.recipient", "outgoing_mail.subject", "outgoing_mail.body"},
    ),
    (retention.ORIGINAL_TEXT, {"contribution.findings"}),
    (
        retention.REFUSED_PHOTO,
        {"contribution_photo.content", "contribution_photo.description"},
    ),
    (
        retention.REFUSED_TEXT,
        {
            "contribution.body",
            "contribution.public_body",
            "contribution.answers",
            "contribution.place_test",
            "contribution.from_wijk_code",
            "contribution.refusal_note",
            "contribution.appeal_text",
            "contribution.appeal_note",
            "contribution.token_sha256",
            "moderation_step.note",
        },
    ),
)


@pytest.mark.parametrize(
    ("kept", "columns"), GONE_AFTER, ids=lambda entry: getattr(entry, "key", "")
)
def test_each_thing_is_there_until_its_term_and_gone_after_it(
    database: Engine, post: Post, kept: Retention, columns: set[str]
) -> None:
    add_waiting_mail(database)
    assert kept.term is not None
    clear(database, post.settings.home, NOW + kept.term - SECOND)
    assert marks(database) >= columns
    clear(database, post.settings.home, NOW + kept.term)
    assert marks(database).isdisjoint(columns)


def test_addresses_go_one_by_one_as_their_terms_end(database: Engine, post: Post) -> None:
    def emails() -> set[str]:
        with database.begin() as connection:
            return set(
                connection.scalars(
                    text(
                        "SELECT email FROM contribution_contact UNION "
                        "SELECT email FROM subscription"
                    )
                )
            )

    asked, told = f"{MARK}-1@x.example", f"{MARK}-2@x.example"
    unconfirmed, confirmed = (f"{MARK}-{word}@x.example" for word in ("unconfirmed", "confirmed"))
    for term, left in (
        (7 * DAY - SECOND, {asked, told, unconfirmed, confirmed}),
        (7 * DAY, {asked, told, confirmed}),
        (30 * DAY - SECOND, {asked, told, confirmed}),
        (30 * DAY, {asked, confirmed}),
        (365 * DAY - SECOND, {asked, confirmed}),
        (365 * DAY, {confirmed}),
    ):
        clear(database, post.settings.home, NOW + term)
        assert emails() == left, term


def test_after_all_terms_only_what_is_still_followed_is_left(database: Engine, post: Post) -> None:
    """Nothing of it anywhere in the database, the history too; the log of writing is no table."""
    add_waiting_mail(database)
    before = marks(database)
    assert len(before) > 12
    assert not {place for place in before if place.startswith("change.")}
    with database.begin() as connection:
        connection.execute(text("DELETE FROM subscription WHERE code = 'confirmed'"))
    counts = clear(database, post.settings.home, NOW + 366 * DAY)
    assert marks(database) == set()
    assert set(counts) <= {entry.key for entry in RETENTIONS}
    with database.begin() as connection:
        rows = connection.execute(text("SELECT code, body FROM contribution"))
        bodies: dict[str, str] = {row.code: row.body for row in rows}
        assert (bodies["shown"], bodies["refused"]) == ("Bel (weggelaten)", CLEARED_TEXT)
        assert connection.scalar(text("SELECT count(*) FROM contribution")) == 5
        places = text("SELECT count(*) FROM contribution WHERE geom IS NOT NULL")
        assert connection.scalar(places) == 0


def test_a_photo_that_is_not_shown_goes_and_one_that_is_shown_stays(
    database: Engine, post: Post
) -> None:
    def photos() -> list[str]:
        with database.begin() as connection:
            return list(
                connection.scalars(text("SELECT contribution_code FROM contribution_photo"))
            )

    with database.begin() as connection:
        add_photo(connection, "granted", is_public=True)
    clear(database, post.settings.home, NOW + 90 * DAY - SECOND)
    assert sorted(photos()) == ["granted", "refused", "shown"]
    clear(database, post.settings.home, NOW + 90 * DAY)
    assert photos() == ["granted"]


def test_what_an_appeal_is_about_is_there_until_it_is_decided(database: Engine, post: Post) -> None:
    with database.begin() as connection:
        connection.execute(
            text("UPDATE contribution SET appealed_at = :at WHERE code = 'refused'"),
            {"at": NOW + 80 * DAY},
        )
    clear(database, post.settings.home, NOW + 170 * DAY - SECOND)
    assert "contribution_photo.content" in marks(database)
    clear(database, post.settings.home, NOW + 170 * DAY)
    assert "contribution_photo.content" not in marks(database)
    clear(database, post.settings.home, NOW + 445 * DAY - SECOND)
    assert "contribution.body" in marks(database)
    clear(database, post.settings.home, NOW + 445 * DAY)
    assert "contribution.body" not in marks(database)


def test_clearing_twice_changes_nothing_more(database: Engine, post: Post) -> None:
    clear(database, post.settings.home, NOW + 366 * DAY)
    assert clear(database, post.settings.home, NOW + 366 * DAY) == {}


def test_post_that_could_not_be_sent_in_time_is_told_without_an_address(
    database: Engine, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    add_waiting_mail(database)
    clear(database, post.settings.home, NOW + 3 * DAY)
    assert "1 messages are given up" in caplog.text
    assert MARK not in caplog.text


def test_old_post_in_the_folder_goes(database: Engine, post: Post) -> None:
    post.folder.mkdir()
    moments = {"old.eml": NOW - 30 * DAY, "new.eml": NOW - 30 * DAY + SECOND}
    for name, moment in moments.items():
        (post.folder / name).write_text("x")
        os.utime(post.folder / name, (moment.timestamp(), moment.timestamp()))
    assert clear(database, post.settings.home, NOW) == {"mail_folder": 1}
    assert [file.name for file in post.folder.iterdir()] == ["new.eml"]


def test_the_log_of_whole_rounds_names_no_address(
    database: Engine, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        rounds = [post.round(NOW + day * DAY) for day in range(0, 400, 40)]
    assert rounds[0].sent.sent_count == 1
    assert any(done.cleared for done in rounds)
    assert MARK not in caplog.text
    assert "@" not in caplog.text


def test_the_registry_names_columns_that_are_there() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in Table.metadata.tables.values()
        for column in table.columns
    }
    for entry in RETENTIONS:
        for place in entry.places:
            assert place.endswith("/") or place in columns, (entry.key, place)
        assert entry.term_text
    assert [retention.CONTACT.term_text, retention.ATTEMPT.term_text] == ["1 jaar", "1 dag"]
    assert len({entry.key for entry in RETENTIONS}) == len(RETENTIONS)
