"""Copies of the database hold no address of a resident, and can be put back."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.services.demo import load_region
from data import schema
from data.backup import BackupError, forget_old_contacts, make_backup, restore
from data.server_programs import ServerPrograms, find_server_programs
from tests.database_server import DatabaseServer
from tests.dialogue import plant_contribution, plant_track
from tests.world import tiny_world

NOW = dt.datetime.now(dt.UTC)
ADDRESSES = ("contact@straat.example", "volger@straat.example", "post@straat.example")


@pytest.fixture
def world(fresh_database_url: str) -> Iterator[Engine]:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        track = plant_track(connection)
        plant_contribution(connection, track, "one", "Een reactie", email=ADDRESSES[0])
        connection.execute(
            text(
                "INSERT INTO subscription (code, token_sha256, email, label, area_code, frequency) "
                "VALUES ('s', 't', :email, 'l', 'GM9002', 'dag')"
            ),
            {"email": ADDRESSES[1]},
        )
        connection.execute(
            text(
                "INSERT INTO outgoing_mail (key, recipient, subject, body, delete_at) "
                "VALUES ('k', :email, 's', 'b', now())"
            ),
            {"email": ADDRESSES[2]},
        )
    yield engine
    engine.dispose()


@pytest.fixture
def programs() -> ServerPrograms:
    return find_server_programs(os.environ)


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def as_text(programs: ServerPrograms, file: Path) -> str:
    """Everything in a copy, as SQL."""
    command = [programs.path_of("pg_restore"), "--file=-", str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_copy_holds_everything_but_addresses_and_can_be_put_back(
    world: Engine, programs: ServerPrograms, cluster: DatabaseServer, tmp_path: Path
) -> None:
    made = make_backup(programs, url_of(world), tmp_path / "copies", tmp_path, NOW)
    assert made.contacts is None
    assert made.file.stat().st_mode & 0o777 == 0o600
    sql = as_text(programs, made.file)
    assert "Een reactie" in sql
    assert "CREATE TABLE public.subscription" in sql
    assert not any(address in sql for address in ADDRESSES)
    name = cluster.create_database()
    try:
        restore(programs, cluster.url_of(name), made.file)
        again = schema.connect(cluster.url_of(name))
        schema.check(again)
        with again.begin() as connection:
            assert connection.scalar(text("SELECT body FROM contribution")) == "Een reactie"
            counts = [
                connection.scalar(text(f"SELECT count(*) FROM {table}"))
                for table in ("site", "site_state", "change", "contribution_contact")
            ]
        with world.begin() as connection:
            expected = [
                connection.scalar(text(f"SELECT count(*) FROM {table}"))
                for table in ("site", "site_state", "change")
            ]
        again.dispose()
        assert counts == [*expected, 0]
    finally:
        cluster.drop_database(name)


def test_addresses_are_in_a_file_of_their_own_that_goes_after_its_term(
    world: Engine, programs: ServerPrograms, tmp_path: Path
) -> None:
    made = make_backup(
        programs, url_of(world), tmp_path / "copies", tmp_path, NOW, with_contacts=True
    )
    assert made.contacts is not None
    assert made.contacts.stat().st_mode & 0o777 == 0o600
    sql = as_text(programs, made.contacts)
    assert all(address in sql for address in ADDRESSES[:2])
    assert ADDRESSES[2] not in sql
    assert "Een reactie" not in sql
    made_at = dt.datetime.fromtimestamp(made.contacts.stat().st_mtime, dt.UTC)
    month, second = dt.timedelta(days=30), dt.timedelta(seconds=1)
    assert forget_old_contacts(tmp_path, made_at + month - second) == 0
    assert made.contacts.exists()
    assert forget_old_contacts(tmp_path, made_at + month) == 1
    assert (made.contacts.exists(), made.file.exists()) == (False, True)
    assert forget_old_contacts(tmp_path, made_at + month) == 0


def test_a_copy_that_fails_leaves_nothing_and_tells_why(
    world: Engine, programs: ServerPrograms, tmp_path: Path
) -> None:
    gone = world.url.set(database="vlekkenplan_gone").render_as_string(hide_password=False)
    with pytest.raises(BackupError, match="niet te maken"):
        make_backup(programs, gone, tmp_path / "copies", tmp_path, NOW)
    assert list((tmp_path / "copies").iterdir()) == []
