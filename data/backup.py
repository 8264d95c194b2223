"""Copies of the whole database by pg_dump, without the addresses of residents; and back again.

What residents left to be told something (an e-mail address) is not in a copy, nor what waits to
be sent, nor who is signed in. A second file may hold those addresses; it is written down in the
home folder, so that clearing finds and removes it after its term.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from data import retention, schema
from data.cluster import DATABASE, Cluster
from data.errors import DataError
from data.server_programs import ServerPrograms

#: Tables with addresses of residents: never in the copy itself.
WITH_CONTACTS = ("contribution_contact", "subscription")
#: Tables of which nothing is worth keeping: what waits, what is counted, who is signed in.
LEFT_OUT = ("outgoing_mail", "attempt", "sign_in_session", "sign_in_link")
_BESIDE = "vlekkenplan_restored"
_REGISTER = "backups-with-contacts.json"


class BackupError(DataError):
    """A copy could not be made or put back; the message says why."""


@dataclass(frozen=True)
class Backup:
    """The files that were made; ``contacts`` is the one with addresses, when it was asked."""

    file: Path
    contacts: Path | None


def make_backup(
    programs: ServerPrograms,
    url: str,
    folder: Path,
    home: Path,
    now: dt.datetime,
    *,
    with_contacts: bool = False,
) -> Backup:
    """Copy the database to a file in ``folder``, which only its owner reads. Raises BackupError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = f"vlekkenplan-{now:%Y%m%dT%H%M%SZ}"
    left_out = [f"--exclude-table-data=public.{name}" for name in (*WITH_CONTACTS, *LEFT_OUT)]
    whole = _dump(programs, url, folder / f"{stem}.dump", left_out)
    if not with_contacts:
        return Backup(whole, None)
    file = folder / f"{stem}-adressen.dump"
    _note_contacts(home, [*_noted(home), str(file.absolute())])
    tables = [f"--table=public.{name}" for name in WITH_CONTACTS]
    return Backup(whole, _dump(programs, url, file, ["--data-only", *tables]))


def restore(programs: ServerPrograms, url: str, file: Path) -> None:
    """Put a copy back in an empty database on a server that knows our roles.

    Raises BackupError.
    """
    options = ["--exit-on-error", "--no-owner", "--dbname", _database(url), str(file.absolute())]
    _run(programs.path_of("pg_restore"), options, url, f"{file} is niet terug te zetten")


def restore_own(cluster: Cluster, file: Path) -> None:
    """Put a copy back in our own database; what is there now goes only when that worked.

    Raises BackupError. The server must be running.
    """
    cluster.drop_database(_BESIDE)
    cluster.create_database(_BESIDE)
    try:
        _make_roles(cluster.url(_BESIDE))
        cluster.drop_database(_BESIDE)
        cluster.create_database(_BESIDE)
        restore(cluster.programs, cluster.url(_BESIDE), file)
    except BackupError:
        cluster.drop_database(_BESIDE)
        raise
    cluster.take_place_of(_BESIDE, DATABASE)


def _make_roles(url: str) -> None:
    """The roles of the database are of the server: a new schema makes them."""
    engine = schema.connect(url)
    try:
        schema.upgrade(engine)
    finally:
        engine.dispose()


def forget_old_contacts(home: Path, now: dt.datetime) -> int:
    """Remove the files with addresses that are past their term; returns how many."""
    term = retention.BACKUP_WITH_CONTACTS.term
    assert term is not None
    noted = _noted(home)
    kept = [name for name in noted if _made_at(Path(name), now) > now - term]
    gone = [Path(name) for name in noted if name not in kept]
    count = sum(file.exists() for file in gone)
    for file in gone:
        file.unlink(missing_ok=True)
    if gone:
        _note_contacts(home, kept)
    return count


def _made_at(file: Path, now: dt.datetime) -> dt.datetime:
    """When a file was made; one that is not there now (a disk taken out) is looked at again."""
    if not file.exists():
        return now
    return dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)


def _noted(home: Path) -> list[str]:
    file = home / _REGISTER
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []


def _note_contacts(home: Path, names: list[str]) -> None:
    file = home / _REGISTER
    own = file.with_suffix(".new")
    own.write_text(json.dumps(names, indent=1), encoding="utf-8")
    own.rename(file)


def _dump(programs: ServerPrograms, url: str, file: Path, options: list[str]) -> Path:
    """Write a copy in one step: one that was broken off leaves nothing."""
    unfinished = file.with_suffix(".unfinished")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        _run(
            programs.path_of("pg_dump"),
            ["--format=custom", "--no-owner", *options, "--file", str(unfinished), _database(url)],
            url,
            f"{file} is niet te maken",
        )
    except BackupError:
        unfinished.unlink()
        raise
    return unfinished.rename(file)


def _run(program: str, options: list[str], url: str, fault: str) -> None:
    result = subprocess.run(
        [program, *options],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env=_environment(make_url(url)),
    )
    if result.returncode != 0:
        raise BackupError(f"{fault}: {result.stderr.strip()[-500:]}")


def _database(url: str) -> str:
    return make_url(url).database or ""


def _environment(url: URL) -> dict[str, str]:
    """Where the database is, told so that no list of processes shows the password."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    host, port = url.query.get("host", url.host), url.query.get("port", url.port)
    given = {"PGHOST": host, "PGPORT": port, "PGUSER": url.username, "PGPASSWORD": url.password}
    ssl = {"PGSSLMODE": url.query.get("sslmode"), "PGSSLROOTCERT": url.query.get("sslrootcert")}
    return {**kept, **{name: str(value) for name, value in {**given, **ssl}.items() if value}}
