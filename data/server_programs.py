"""Where the programs of PostgreSQL with PostGIS are on this machine, and how to get them.

Standard library only: set-up uses this before any dependency is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.errors import DataError

FOLDER_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
CONTROL_FILE = "extension/postgis.control"
FOLDER_SETTING = "VLEKKENPLAN_PG_BIN"


class ClusterError(DataError):
    """The project's own database server is missing or does not work; says what to do."""


@dataclass(frozen=True)
class ServerPrograms:
    """A folder with initdb, pg_ctl and psql of one major version of PostgreSQL."""

    folder: Path
    major: int
    has_postgis: bool

    def path_of(self, program: str) -> str:
        """The full path of one program."""
        return str(self.folder / program)


def find_server_programs(
    environ: Mapping[str, str], *, needed_major: int | None = None
) -> ServerPrograms:
    """The newest server programs that have PostGIS, or exactly ``needed_major`` when given.

    Raises ClusterError with the command to type when they are not on this machine.
    """
    found = _all_server_programs(environ)
    usable = [programs for programs in found if programs.has_postgis]
    if needed_major is not None:
        usable = [programs for programs in usable if programs.major == needed_major]
    if usable:
        return max(usable, key=lambda programs: programs.major)
    raise ClusterError(_missing_message(environ, found, needed_major))


def missing_apt_packages(environ: Mapping[str, str]) -> list[str]:
    """The Debian packages that bring PostGIS; empty when it is here or its folder is a setting."""
    if environ.get(FOLDER_SETTING):
        return []
    found = _all_server_programs(environ)
    if any(programs.has_postgis for programs in found):
        return []
    if found:
        return [f"postgresql-{max(programs.major for programs in found)}-postgis-3"]
    return ["postgresql", "postgresql-postgis"]


def install_command(environ: Mapping[str, str]) -> str:
    """The exact command that installs PostGIS on this kind of machine."""
    path = environ.get("PATH")
    if shutil.which("apt-get", path=path):
        packages = missing_apt_packages(environ) or ["postgresql", "postgresql-postgis"]
        return "sudo apt-get install --no-install-recommends " + " ".join(packages)
    if shutil.which("brew", path=path):
        return "brew install postgis"
    if shutil.which("dnf", path=path):
        return "sudo dnf install postgresql-server postgis"
    return "installeer PostgreSQL met PostGIS (https://postgis.net/documentation/getting_started/)"


def _all_server_programs(environ: Mapping[str, str]) -> list[ServerPrograms]:
    chosen = environ.get(FOLDER_SETTING)
    folders = [Path(chosen)] if chosen else _usual_folders(environ)
    return [programs for folder in folders if (programs := _read_server_programs(folder))]


def _usual_folders(environ: Mapping[str, str]) -> list[Path]:
    folders = [
        folder
        for pattern in FOLDER_PATTERNS
        for folder in sorted(Path("/").glob(pattern.removeprefix("/")))
    ]
    on_path = shutil.which("pg_ctl", path=environ.get("PATH"))
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _read_server_programs(folder: Path) -> ServerPrograms | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl", "psql")):
        return None
    version = _output([str(folder / "pg_ctl"), "--version"])
    match = re.search(r"\(PostgreSQL\) (\d+)", version)
    if match is None:
        return None
    major = int(match.group(1))
    return ServerPrograms(folder, major, _has_postgis(folder, major))


def _has_postgis(folder: Path, major: int) -> bool:
    shared = [
        folder.parent / "share/postgresql",
        folder.parent / "share",
        Path(f"/usr/share/postgresql/{major}"),
        Path("/usr/share/pgsql"),
    ]
    if (folder / "pg_config").exists():
        shared.insert(0, Path(_output([str(folder / "pg_config"), "--sharedir"]).strip()))
    return any((place / CONTROL_FILE).exists() for place in shared)


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _missing_message(
    environ: Mapping[str, str], found: list[ServerPrograms], needed_major: int | None
) -> str:
    if environ.get(FOLDER_SETTING) and not found:
        return (
            f"In {environ[FOLDER_SETTING]} (instelling {FOLDER_SETTING}) staan geen programma's "
            "van PostgreSQL: initdb, pg_ctl en psql horen daar te staan."
        )
    if needed_major is not None:
        return (
            f"De gegevens zijn gemaakt met PostgreSQL {needed_major}, maar die versie staat (met "
            "PostGIS) niet meer op deze computer. Installeer die versie, of begin met een lege "
            "database (de gegevens gaan weg): vlekkenplan db reset"
        )
    what = "PostGIS" if found else "PostgreSQL met PostGIS"
    return f"{what} staat niet op deze computer. Typ: {install_command(environ)}"
