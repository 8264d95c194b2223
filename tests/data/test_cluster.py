"""The private cluster: started once, shared, taken over after a kill, and gone when asked."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from data import server_programs
from data.cluster import Cluster, ClusterError, _reworded, cluster_in, delete_cluster
from data.server_programs import find_server_programs, install_command
from tests.database_server import CHECKOUT, HASTY, temporary_folder

USE = """
import os, sys
from pathlib import Path
from data.cluster import cluster_in
settings = {"fsync": "off", "dynamic_shared_memory_type": "mmap"}
with cluster_in(Path(sys.argv[1]), os.environ, settings).use():
    print("ready", flush=True)
    sys.stdin.read()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as made:
        yield made / "pg"


@pytest.fixture(scope="module")
def made_before() -> Iterator[Path]:
    with temporary_folder() as place:
        with cluster_in(place / "pg", os.environ, HASTY).use():
            pass
        yield place / "pg"


@pytest.fixture
def own_cluster(folder: Path, made_before: Path) -> Cluster:
    """A cluster made before (copying is faster than making), not running."""
    subprocess.run(["cp", "-a", str(made_before), str(folder)], check=True)
    return cluster_in(folder, os.environ, HASTY)


def other_user(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the cluster until its input ends."""
    user = subprocess.Popen(
        [sys.executable, "-c", USE, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert user.stdout is not None
    return user


def wait_until_ready(user: subprocess.Popen[str]) -> None:
    assert user.stdout is not None
    assert user.stdout.readline() == "ready\n"


def postmaster_of(cluster: Cluster) -> int:
    return int((cluster.data_folder / "postmaster.pid").read_text().splitlines()[0])


def test_the_cluster_answers_by_socket_and_is_gone_after_use(own_cluster: Cluster) -> None:
    with own_cluster.use():
        own_cluster.create_database()
        assert own_cluster.database_exists()
        engine = create_engine(own_cluster.url())
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW listen_addresses")) == ""
            assert connection.scalar(text("SHOW jit")) == "off"
        engine.dispose()
    assert not own_cluster.is_running()
    assert not own_cluster.socket_folder.exists()


def test_the_data_are_there_at_the_next_start(own_cluster: Cluster) -> None:
    with own_cluster.use():
        own_cluster.create_database("kept")
    with own_cluster.use():
        assert own_cluster.database_exists("kept")
        own_cluster.drop_database("kept")
        assert not own_cluster.database_exists("kept")


def test_a_command_uses_the_running_server_and_leaves_it_on(own_cluster: Cluster) -> None:
    with own_cluster.use():
        server = postmaster_of(own_cluster)
        with other_user(own_cluster.home) as command:
            wait_until_ready(command)
            assert postmaster_of(own_cluster) == server
        assert own_cluster.is_running()


def test_the_last_one_out_stops_the_server_even_if_another_started_it(
    own_cluster: Cluster,
) -> None:
    with other_user(own_cluster.home) as first:
        wait_until_ready(first)
        with own_cluster.use():
            first.communicate("")
            assert own_cluster.is_running()
    assert not own_cluster.is_running()


def test_two_that_start_at_once_share_one_new_cluster(folder: Path) -> None:
    with other_user(folder) as one, other_user(folder) as two:
        wait_until_ready(one)
        wait_until_ready(two)
    assert one.returncode == two.returncode == 0
    assert not cluster_in(folder, os.environ).is_running()


def test_a_server_left_by_a_killed_process_is_taken_over(own_cluster: Cluster) -> None:
    with other_user(own_cluster.home) as killed:
        wait_until_ready(killed)
        killed.kill()
    assert own_cluster.is_running()
    server = postmaster_of(own_cluster)
    with own_cluster.use():
        assert postmaster_of(own_cluster) == server
    assert not own_cluster.is_running()


def test_a_killed_server_is_started_again(own_cluster: Cluster) -> None:
    with other_user(own_cluster.home) as killed:
        wait_until_ready(killed)
        os.kill(postmaster_of(own_cluster), signal.SIGKILL)
        killed.kill()
    with own_cluster.use():
        assert own_cluster.is_running()


def test_a_server_that_hangs_is_replaced(
    own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.cluster.LINGER_SECONDS", 1)
    monkeypatch.setattr("data.server_processes.PATIENCE_S", (0.5, 0.5, 5.0))
    with other_user(own_cluster.home) as killed:
        wait_until_ready(killed)
        hanging = postmaster_of(own_cluster)
        os.kill(hanging, signal.SIGSTOP)
        killed.kill()
    with own_cluster.use():
        assert postmaster_of(own_cluster) != hanging


def test_a_lock_file_of_before_a_reboot_is_no_hindrance(own_cluster: Cluster) -> None:
    with own_cluster.use():
        lines = (own_cluster.data_folder / "postmaster.pid").read_text().splitlines()
    lock_file = own_cluster.data_folder / "postmaster.pid"
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with own_cluster.use():
        assert own_cluster.is_running()


def test_a_broken_off_initdb_is_done_again(folder: Path) -> None:
    unfinished = folder / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("15\n")
    with cluster_in(folder, os.environ, HASTY).use() as cluster:
        assert cluster.is_running()


def test_a_server_that_is_kept_running_is_stopped_only_when_asked(own_cluster: Cluster) -> None:
    own_cluster.keep_running()
    with own_cluster.use():
        pass
    assert own_cluster.is_running()
    assert own_cluster.stop()
    assert not own_cluster.is_running()
    assert not own_cluster.stop()


def test_a_server_in_use_is_not_stopped_and_its_data_are_not_deleted(own_cluster: Cluster) -> None:
    with other_user(own_cluster.home) as user:
        wait_until_ready(user)
        with pytest.raises(ClusterError, match="in gebruik"):
            own_cluster.stop()
        with pytest.raises(ClusterError, match="in gebruik"):
            delete_cluster(own_cluster.home)
        assert own_cluster.is_running()


def test_a_forked_child_that_leaves_does_not_stop_the_server(own_cluster: Cluster) -> None:
    parent = os.getpid()
    try:
        with own_cluster.use():
            child = os.fork()
            if child == 0:
                raise SystemExit
            os.waitpid(child, 0)
            assert own_cluster.is_running()
    finally:
        if os.getpid() != parent:
            os._exit(0)


def test_a_path_with_a_space_or_a_long_path_gets_a_short_socket() -> None:
    with temporary_folder() as place:
        for name in ("a map", "long" * 30):
            cluster = cluster_in(place / name / "pg", os.environ, HASTY)
            with cluster.use():
                assert len(str(cluster.socket_folder)) < 60
                assert " " not in cluster.url()
                engine = create_engine(cluster.url("postgres"))
                with engine.connect() as connection:
                    assert connection.scalar(text("SELECT 1")) == 1
                engine.dispose()


def test_data_of_another_major_version_are_refused_and_can_be_deleted(
    own_cluster: Cluster,
) -> None:
    with own_cluster.use():
        pass
    (own_cluster.data_folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterError, match=r"PostgreSQL 9.*vlekkenplan db reset"):
        cluster_in(own_cluster.home, os.environ)
    delete_cluster(own_cluster.home)
    with cluster_in(own_cluster.home, os.environ, HASTY).use() as anew:
        assert anew.is_running()


def test_deleting_stops_a_server_left_behind(own_cluster: Cluster) -> None:
    with other_user(own_cluster.home) as killed:
        wait_until_ready(killed)
        killed.kill()
    delete_cluster(own_cluster.home)
    assert not own_cluster.home.exists()
    assert not own_cluster.is_running()


@as_root
def test_a_folder_the_server_cannot_reach_is_replaced_by_one_in_var_lib() -> None:
    with temporary_folder() as place:
        place.chmod(0o700)
        folder = place / "pg"
        cluster = cluster_in(folder, os.environ, HASTY)
        assert cluster.home.parent == Path("/var/lib/vlekkenplan")
        try:
            with cluster.use():
                assert cluster.is_running()
        finally:
            delete_cluster(folder)
        assert not cluster.home.exists()


@as_root
def test_an_ordinary_user_runs_the_server_as_itself() -> None:
    python = _python_for_everyone()
    nobody = pwd.getpwnam("nobody")
    with temporary_folder() as place:
        for name in ("app", "data", "geo"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CHECKOUT / name, place / name, ignore=ignored)
        (place / "home").mkdir()
        os.chown(place / "home", nobody.pw_uid, nobody.pw_gid)
        answer = subprocess.run(
            [python, "-c", USE, str(place / "home" / "pg")],
            cwd=place,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            input="",
            capture_output=True,
            text=True,
            check=False,
        )
        assert (answer.stdout, answer.stderr) == ("ready\n", "")


@as_root
def test_a_folder_of_someone_else_is_refused_in_plain_words() -> None:
    python = _python_for_everyone()
    nobody = pwd.getpwnam("nobody")
    with temporary_folder() as place:
        shutil.copytree(CHECKOUT / "data", place / "data")
        (place / "pg").mkdir()
        answer = subprocess.run(
            [python, "-c", USE, str(place / "pg")],
            cwd=place,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            input="",
            capture_output=True,
            text=True,
            check=False,
        )
        assert "is van een andere gebruiker" in answer.stderr


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("apt-get", "sudo apt-get install --no-install-recommends postgresql postgresql-postgis"),
        ("brew", "brew install postgis"),
        ("dnf", "sudo dnf install postgresql-server postgis"),
    ],
)
def test_without_postgis_the_exact_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, command: str
) -> None:
    monkeypatch.setattr(server_programs, "FOLDER_PATTERNS", ())
    (tmp_path / program).touch(mode=0o755)
    environ = {"PATH": str(tmp_path)}
    assert install_command(environ) == command
    with pytest.raises(ClusterError) as caught:
        find_server_programs(environ)
    assert str(caught.value).endswith(f"Typ: {command}")


def test_postgresql_without_postgis_asks_for_just_that_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _programs_without_postgis(tmp_path, major=14)
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setattr(server_programs, "FOLDER_PATTERNS", (str(server),))
    with pytest.raises(ClusterError, match=r"install .* postgresql-14-postgis-3$"):
        find_server_programs({"PATH": str(tmp_path)})


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="VLEKKENPLAN_PG_BIN"):
        find_server_programs({"VLEKKENPLAN_PG_BIN": str(tmp_path)})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("FATAL: could not write: No space left on device", "schijf is vol"),
        ("FATAL: data directory: Permission denied", "VLEKKENPLAN_HOME"),
        ("initdb: error: could not change permissions of directory", "Unix-rechten"),
        ("FATAL: database files are incompatible with server", "db reset"),
        ("FATAL: pre-existing shared memory block is still in use", "nog niet weg"),
        ("FATAL: something nobody thought of", "something nobody thought of"),
    ],
)
def test_complaints_of_the_server_are_reworded(raw: str, words: str) -> None:
    assert words in _reworded("starten", raw, Path("/srv/pg"))


def test_the_tests_leave_no_server_behind_when_they_are_killed() -> None:
    test_run = subprocess.Popen(
        [sys.executable, "-c", "from tests.database_server import *\n" + HOLD],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    with test_run:
        assert test_run.stdout is not None
        socket_folder = Path(test_run.stdout.readline().strip())
        assert socket_folder.exists()
        test_run.kill()
    give_up_at = time.monotonic() + 15
    while socket_folder.parent.parent.exists() and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert not socket_folder.parent.parent.exists()


HOLD = """
import time
with temporary_folder() as folder, cluster_in(folder / "pg", os.environ, HASTY).use() as own:
    print(own.socket_folder, flush=True)
    time.sleep(60)
"""


def _python_for_everyone() -> str:
    for python in ("/usr/bin/python3", sys.executable):
        answer = subprocess.run(
            ["/bin/sh", "-c", f"{python} -c 'import sys; sys.exit(sys.version_info < (3, 11))'"],
            user="nobody",
            cwd="/",
            capture_output=True,
            check=False,
        )
        if answer.returncode == 0:
            return python
    pytest.skip("no Python of at least 3.11 that another user may run")


def _programs_without_postgis(place: Path, *, major: int) -> Path:
    folder = place / "server" / "bin"
    folder.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "psql"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {major}.3"\n')
        program.chmod(0o755)
    return folder


def test_the_log_of_the_server_tells_no_row_that_was_refused(own_cluster: Cluster) -> None:
    with own_cluster.use():
        own_cluster.create_database()
        engine = create_engine(own_cluster.url())
        with engine.begin() as connection:
            connection.execute(
                text("CREATE TABLE told (body text PRIMARY KEY CHECK (body <> 'x'))")
            )
            connection.execute(text("INSERT INTO told VALUES ('zoekmerk')"))
            for body in ("x", "zoekmerk"):
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.execute(text("INSERT INTO told VALUES (:body)"), {"body": body})
        engine.dispose()
    log = own_cluster.log_file.read_text()
    assert "violates check constraint" in log
    assert "violates unique constraint" in log
    assert "Failing row" not in log
    assert "(zoekmerk)" not in log
