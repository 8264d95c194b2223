"""The street networks of the release in use: made once, kept on disk, shared by all processes.

Beside the database, in ``home / "streets"``, each release of streets has a folder with the
networks for walking and cycling and the hierarchies over them. Whichever process needs them
first makes them, while others wait; all map the same files. A folder that is damaged, or made
by another version of the program, is made again. A folder of an earlier release goes when no
process uses it any more. Where nothing can be written, each process makes its own in memory.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from data.queries.releases import Release
from data.queries.streets import street_edges, street_nodes, street_release
from geo import network
from geo.errors import NetworkError
from geo.network.arrays import PROFILES, Profile, StreetNetwork, build_network
from geo.network.hierarchy import Hierarchy, build_hierarchy
from geo.network.snap import Snapper
from geo.network.stored import open_hierarchy, save_hierarchy

log = logging.getLogger("vlekkenplan")

#: Why nothing is measured over the streets while there are none.
NO_STREETS = "Er zijn nog geen straten geladen."

_FOLDER = "streets"
_LOCK_FILE = "lock"
_DIGEST_LENGTH = 32
_OF_A_RELEASE = re.compile(rf"[0-9a-f]{{{_DIGEST_LENGTH}}}(\.making|\.former)?")


@dataclass(frozen=True, eq=False)
class TravelStreets:
    """The streets for one way of travelling, ready to be searched, and whose they are."""

    release: Release
    network: StreetNetwork
    hierarchy: Hierarchy
    snapper: Snapper


@dataclass(frozen=True, eq=False)
class _Kept:
    """What this process has open, the name of what it was made from, and our mark on it."""

    digest: str
    streets: dict[Profile, TravelStreets]
    mark: int | None

    def let_go(self) -> None:
        """Take our mark away; what is still being read stays readable."""
        if self.mark is not None:
            os.close(self.mark)


class _ReleaseChanged(Exception):
    """An import was stored while the streets were being read."""


_kept: dict[Path, _Kept] = {}
_keeping = Lock()
_complained: set[Path] = set()


def travel_streets(connection: Connection, home: Path, profile: Profile) -> TravelStreets:
    """The streets in use for this way of travelling; NoStreets when the database has none.

    The first call after an import makes them, which takes seconds; others wait for that.
    """
    while True:
        release = street_release(connection)
        digest = digest_of(release)
        kept = _kept.get(home)
        if kept is not None and kept.digest == digest:
            return kept.streets[profile]
        with _keeping, suppress(_ReleaseChanged):
            kept = _kept.get(home)
            if kept is None or kept.digest != digest:
                if kept is not None:
                    _kept.pop(home).let_go()
                _kept[home] = _keep(connection, home, release)


def digest_of(release: Release) -> str:
    """Names what the networks are made from: the delivery as it is stored, and our own code."""
    told = (
        release.source_key,
        release.year,
        release.version,
        release.sha256,
        release.imported_at.isoformat(),
        _code_digest(),
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:_DIGEST_LENGTH]


@cache
def _code_digest() -> str:
    """A checksum of the code that decides what is in the arrays."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(network.__file__)).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _keep(connection: Connection, home: Path, release: Release) -> _Kept:
    """Open the networks of a release, made first when they are not there."""
    digest = digest_of(release)
    folder = home / _FOLDER / digest
    mark = made = None
    try:
        with _only_one(home / _FOLDER):
            found = _open(folder)
            if found is None:
                made = _make(connection, release)
                _save(made, folder)
                found = _open(folder) or made
            mark = _mark(folder)
            _clear_unused(folder)
    except OSError as fault:
        _complain(home, fault)
        found = made or _open(folder) or _make(connection, release)
    streets = {
        profile: TravelStreets(release, one.network, one, Snapper(one.network))
        for profile, one in found.items()
    }
    return _Kept(digest, streets, mark)


def _open(folder: Path) -> dict[Profile, Hierarchy] | None:
    """The networks in the folder; None when they are not all there, or not as they were saved."""
    try:
        return {one: open_hierarchy(folder / one, f"{folder.name} {one}") for one in PROFILES}
    except NetworkError as fault:
        if os.path.lexists(folder):
            log.warning("De straten worden opnieuw klaargezet. %s", fault)
        return None


def _make(connection: Connection, release: Release) -> dict[Profile, Hierarchy]:
    nodes, edges = (read(connection, release.id) for read in (street_nodes, street_edges))
    if street_release(connection) != release:
        raise _ReleaseChanged
    made = {profile: build_hierarchy(build_network(nodes, edges, profile)) for profile in PROFILES}
    for found in made.values():
        _freeze(found)
    return made


def _save(made: dict[Profile, Hierarchy], folder: Path) -> None:
    """Put the networks in the folder as a whole; whatever was there goes."""
    making = folder.with_name(f"{folder.name}.making")
    _remove(making)
    try:
        for profile, found in made.items():
            save_hierarchy(found, making / profile, f"{folder.name} {profile}")
        _remove(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _freeze(found: Hierarchy) -> None:
    """Make the arrays as they are when mapped, so that the searches are compiled once."""
    for ladder in (found.up, found.down):
        for field in fields(ladder):
            getattr(ladder, field.name).flags.writeable = False
    for values in (found.rank, found.node, found.parent):
        values.flags.writeable = False


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Let one process at a time make, open or clear; the system ends it with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK_FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _mark(folder: Path) -> int:
    """Say that this process uses the folder, for as long as the file descriptor is open."""
    mark = os.open(folder, os.O_RDONLY)
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def _clear_unused(used: Path) -> None:
    """Remove the folders of other releases that no process uses; what can't be, stays."""
    for path in used.parent.iterdir():
        if path != used and _OF_A_RELEASE.fullmatch(path.name):
            with suppress(OSError):
                if not _is_used(path):
                    _remove(path)


def _is_used(folder: Path) -> bool:
    mark = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(mark)
    return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()


def _complain(home: Path, fault: OSError) -> None:
    """Say once that nothing can be kept in this folder."""
    if home not in _complained:
        _complained.add(home)
        log.warning(
            "De straten kunnen niet worden bewaard in %s: %s. Zij worden nu bij elke start "
            "opnieuw klaargezet.",
            home / _FOLDER,
            fault.strerror or fault,
        )
