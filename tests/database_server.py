"""A PostGIS server for the tests: our own, gone afterwards, or the one of the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from app.config import to_driver_url
from data.cluster import cluster_in

CHECKOUT = Path(__file__).resolve().parent.parent
#: A server that may lose everything: the tests make it anew each time.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "dynamic_shared_memory_type": "mmap",  # in its own folder, also when it is killed
}
ROOM_BYTES = 2_000_000_000
#: Clears the folder when its input ends, so also when the tests are killed with -9: ends the
#: process groups noted in it, deletes the clusters in it, and then the folder.
WATCH = """
import contextlib, os, shutil, signal, sys, time
from pathlib import Path
from data.cluster import delete_cluster
folder = Path(sys.argv[1])
sys.stdin.read()
for note in folder.glob("*.group"):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(int(note.stem), signal.SIGKILL)
        time.sleep(1)
for version in list(folder.rglob("data/PG_VERSION")):
    delete_cluster(version.parent.parent)
shutil.rmtree(folder, ignore_errors=True)
"""


def files_of_checkout() -> list[str]:
    """What a clone would have, with the changes that are not committed yet.

    Skips the test when git cannot tell.
    """
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        pytest.skip("this is no git checkout: which files a fresh clone has is unknown")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others"]
    listed = subprocess.run(
        [*command, "--exclude-standard"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    files = listed.stdout.rstrip("\0").split("\0")
    return [file for file in files if (CHECKOUT / file).is_file()]


@dataclass(frozen=True)
class DatabaseServer:
    """Makes and drops databases on one server; ``url`` is of its maintenance database."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create_database(self, template: str = "template0") -> str:
        """A new database, a copy of ``template``. Returns its name."""
        name = f"vlekkenplan_test_{os.getpid()}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, also when someone is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url_of(self, name: str) -> str:
        """The address of one of its databases."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def database_server() -> Iterator[DatabaseServer]:
    """The server of VLEKKENPLAN_TEST_DATABASE_URL, or a private one in a temporary folder."""
    given = to_driver_url(os.environ.get("VLEKKENPLAN_TEST_DATABASE_URL"))
    if given:
        yield DatabaseServer(given)
        return
    with temporary_folder() as folder, cluster_in(folder / "pg", os.environ, HASTY).use() as own:
        yield DatabaseServer(own.url("postgres"))


@contextmanager
def temporary_folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A folder every user can reach; afterwards it and the clusters in it are gone.

    On disk programs can be installed in it; otherwise it is in memory when there is room. A
    process group noted in it as ``<number>.group`` is ended, too.
    """
    place = None if on_disk else _quick_place()
    folder = Path(tempfile.mkdtemp(prefix="vlekkenplan-test-", dir=place))
    folder.chmod(0o755)
    watch = subprocess.Popen(
        [sys.executable, "-c", WATCH, str(folder)],
        stdin=subprocess.PIPE,
        cwd=CHECKOUT,
        start_new_session=True,
    )
    with watch:
        yield folder
    if watch.returncode != 0:
        raise RuntimeError(f"could not clear {folder}")


def _quick_place() -> str | None:
    """A disk in memory when there is one with room (a container often has just 64 MB)."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        return str(memory) if shutil.disk_usage(memory).free > ROOM_BYTES else None
    return None
