"""The command line: quick, complete, and never a traceback for a fault of the user."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import ProgrammingError

from app.cli import COMMANDS, Failure, main
from app.cli.website import address_of, listen
from tests.database_server import CHECKOUT, temporary_folder

HEAVY = {"pandas", "geopandas", "sqlalchemy", "flask", "gunicorn", "alembic"}


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@pytest.fixture
def environ(home: Path) -> dict[str, str | None]:
    return {"VLEKKENPLAN_HOME": str(home), "DATABASE_URL": None}


def test_help_lists_every_command_and_imports_none_of_them() -> None:
    code = (
        "import sys\nfrom app.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))"
    )
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"
    assert all(line.summary in shown for line in COMMANDS)


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: line.name)
def test_every_command_is_there_and_explains_itself(line: object) -> None:
    name = line.name  # type: ignore[attr-defined]
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help


def test_a_wrong_setting_is_one_line_and_exit_code_1(environ: dict[str, str | None]) -> None:
    answer = CliRunner().invoke(main, ["db", "check"], env={**environ, "DATABASE_URL": "mysql://x"})
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Fout: DATABASE_URL")
    assert len(answer.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_said_so(environ: dict[str, str | None]) -> None:
    url = "postgresql://me:geheim@127.0.0.1:1/plan"
    answer = CliRunner().invoke(main, ["db", "check"], env={**environ, "DATABASE_URL": url})
    assert answer.exit_code == 1
    assert "antwoordt niet" in answer.stderr
    assert "geheim" not in answer.stderr


def test_a_misspelled_option_is_a_fault_of_use() -> None:
    assert CliRunner().invoke(main, ["demo", "--poort", "1"]).exit_code == 2


def test_someone_elses_database_is_not_started_stopped_or_emptied(
    environ: dict[str, str | None],
) -> None:
    theirs = {**environ, "DATABASE_URL": "postgresql://server/plan"}
    for command in (["start"], ["stop"], ["status"], ["reset", "--yes"]):
        answer = CliRunner().invoke(main, ["db", *command], env=theirs)
        assert answer.exit_code == 1
        assert "andere database" in answer.stderr


def test_the_own_database_goes_from_nothing_to_nothing(environ: dict[str, str | None]) -> None:
    def run(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(main, ["db", *words], env=environ)
        return answer.exit_code, answer.output

    assert run("status")[0] == 1
    assert run("check")[0] == 1  # no tables yet
    assert run("start")[0] == 0
    assert run("status")[0] == 0
    assert run("upgrade") == (0, "De database is bijgewerkt.\n")
    assert run("check") == (0, "De database is in orde.\n")
    assert run("stop") == (0, "De database is gestopt.\n")
    assert run("stop") == (0, "De database draaide niet.\n")
    assert run("reset", "--yes")[0] == 0
    assert run("check")[0] == 1


def test_an_empty_own_database_is_brought_up_to_date_by_any_command(
    environ: dict[str, str | None], home: Path
) -> None:
    from app.cli.database import open_database
    from app.config import settings_from_environment

    given = {name: value for name, value in environ.items() if value is not None}
    with open_database(settings_from_environment(given)) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM public_site").scalar() == 0
        with pytest.raises(ProgrammingError, match="permission denied for table site"):
            connection.exec_driver_sql("SELECT 1 FROM site")
    assert not (home / "pg" / "data" / "postmaster.pid").exists()


def test_a_taken_port_is_answered_with_the_words_to_type() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=r"make demo PORT=\d+") as caught:
            listen("127.0.0.1", port)
        free = int(str(caught.value).split("PORT=")[1].split()[0])
        listen("127.0.0.1", free).close()


def test_an_address_of_another_computer_is_refused() -> None:
    with pytest.raises(Failure, match="niet van deze computer"):
        listen("192.0.2.1", 8000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use any port")
def test_a_port_of_the_administrator_is_refused() -> None:
    with pytest.raises(Failure, match="boven 1023"):
        listen("127.0.0.1", 80)


def test_the_address_is_one_a_browser_understands() -> None:
    for host, shown in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost")):
        with listen(host, 0) as listener:
            assert address_of(listener) == f"http://{shown}:{listener.getsockname()[1]}/"
