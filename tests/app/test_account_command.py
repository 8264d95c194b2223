"""Accounts from the command line: the first beheerder, a way back in, and the demo."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from app.auth.roles import ROLES, VISITOR_KEY
from app.cli import main
from app.cli.server import _demo_links
from app.config import Settings
from app.services import current
from app.services.demo_accounts import DEMO_ACCOUNTS, demo_links
from data import schema
from data.changes.accounts import add_account
from tests.app.sign_in_steps import PASSWORD, type_password
from tests.app.signed_in import submit
from tests.own_app import own_app

LINK = re.compile(r"https?://\S+?(/inloggen/link/[\w-]{43})")


class Typing:
    """Types commands for one database."""

    def __init__(self, url: str, home: Path) -> None:
        self.environ = {"DATABASE_URL": url, "VLEKKENPLAN_HOME": str(home)}

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["account", *words], env=self.environ)


@pytest.fixture
def run(fresh_database_url: str, tmp_path: Path) -> Typing:
    return Typing(fresh_database_url, tmp_path)


def link_in(output: str) -> str:
    found = LINK.search(output)
    assert found, output
    return found[1]


def test_the_first_beheerder_is_made_and_gets_in(
    run: Typing, fresh_database_url: str, tmp_path: Path
) -> None:
    made = run("first", "Chef@Test.example", "--name", "Beheerder (voorbeeld)")
    assert made.exit_code == 0, made.output
    engine = schema.connect(fresh_database_url)
    with own_app(Settings(tmp_path, secret_key="test", tile_url=None), engine) as app:
        client = app.test_client()
        submit(client, link_in(made.output), password=PASSWORD, again=PASSWORD)
        assert type_password(client, "chef@test.example").status_code == 303
        assert client.get("/account").status_code == 200
    with engine.connect() as connection:
        actors = connection.scalars(text("SELECT DISTINCT actor FROM change")).all()
    engine.dispose()
    assert set(actors) == {"opdracht", "eenmalige link"}
    listed = run("list").output
    assert "chef@test.example  Beheerder (voorbeeld): Beheerder (tweede stap uit)" in listed


def test_there_is_one_first_beheerder(run: Typing) -> None:
    assert "nog geen accounts" in run("list").output
    assert run("first", "a@test.example", "--name", "A").exit_code == 0
    again = run("first", "b@test.example", "--name", "B")
    assert again.exit_code == 1
    assert "Er is al een beheerder" in again.stderr
    assert "b@test.example" not in run("list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("first", "geen-adres", "--name", "A"), "geen e-mailadres"),
        (("first", "a@test.example", "--name", " "), "naam"),
        (("link", "niemand@test.example"), "geen account met dit e-mailadres"),
    ],
)
def test_a_fault_is_said_in_one_line(run: Typing, words: tuple[str, ...], said: str) -> None:
    answer = run(*words)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_new_link_ends_the_one_before(
    run: Typing, fresh_database_url: str, tmp_path: Path
) -> None:
    first = link_in(run("first", "a@test.example", "--name", "A").output)
    second = link_in(run("link", "A@test.example").output)
    engine = schema.connect(fresh_database_url)
    with own_app(Settings(tmp_path, secret_key="test", tile_url=None), engine) as app:
        assert app.test_client().get(first).status_code == 404
        assert app.test_client().get(second).status_code == 200
    engine.dispose()


def test_the_demo_has_an_account_for_each_role_and_new_links_at_each_start(
    fresh_database_url: str,
) -> None:
    assert list(dict.fromkeys(entry.role for entry in DEMO_ACCOUNTS)) == [
        key for key in ROLES.keys if key != VISITOR_KEY
    ]
    first = LINK.findall(_demo_links(fresh_database_url, "http://127.0.0.1:8000/"))
    second = LINK.findall(_demo_links(fresh_database_url, "http://127.0.0.1:8000/"))
    assert len(first) == len(second) == len(DEMO_ACCOUNTS)
    assert not set(first) & set(second)
    engine = schema.connect(fresh_database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT count(*), count(password_hash) FROM account")).one()
        expires_at = connection.execute(
            text("SELECT max(expires_at) FROM sign_in_link")
        ).scalar_one()
    engine.dispose()
    assert tuple(rows) == (len(DEMO_ACCOUNTS), 0)
    assert expires_at <= current.now() + dt.timedelta(days=1)


def test_the_demo_makes_no_accounts_among_those_of_real_people(fresh_database_url: str) -> None:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        add_account(connection, "iemand@test.example", "Iemand")
        assert demo_links(connection, current.now()) == []
        assert connection.execute(text("SELECT count(*) FROM account")).scalar() == 1
    engine.dispose()
