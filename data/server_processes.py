"""Under which user a PostgreSQL server runs, in which folders, and which processes it is.

Standard library only.
"""

from __future__ import annotations

import os
import pwd
import re
import signal
import subprocess
import time
from pathlib import Path

from data.server_programs import ClusterError

PROCESSES = Path("/proc")
PATIENCE_S = (5.0, 3.0, 5.0)  # after asking, after insisting, after killing


def server_user(folder: Path) -> pwd.struct_passwd | None:
    """Who runs the server when we are root (PostgreSQL refuses root); None: we do ourselves.

    Raises ClusterError when there is nobody to run it.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError(
        "PostgreSQL wil niet draaien als root, en er is geen gebruiker 'postgres' of 'nobody'. "
        "Start als gewone gebruiker."
    )


def can_reach(user: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the user may enter the nearest parent that exists (we make the rest)."""
    while not folder.exists():
        folder = folder.parent
    result = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        check=False,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
    )
    return result.returncode == 0


def make_private_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make a folder that only the user of the server may enter; parents are open to all.

    Raises ClusterError when it cannot be made or is someone else's.
    """
    try:
        _make_parents(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat().st_uid
        if user is not None and owner == 0 and not folder.is_symlink():
            os.chown(folder, user.pw_uid, user.pw_gid)
    except OSError as error:
        raise ClusterError(
            f"De map {folder} kan niet worden gemaakt: {error.strerror}. Kies een andere plaats "
            "met VLEKKENPLAN_HOME."
        ) from error
    check_owner(folder, user)


def check_owner(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Return when the folder is of the user of the server. Raises ClusterError otherwise."""
    expected = user.pw_uid if user else os.geteuid()
    if folder.lstat().st_uid != expected:
        raise ClusterError(
            f"De map {folder} is van een andere gebruiker. Start als die gebruiker, verwijder de "
            "map, of kies een andere plaats met VLEKKENPLAN_HOME."
        )


def pid_in(file: Path) -> int | None:
    """The process number on the first line of a lock file, or None."""
    try:
        return abs(int(file.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None


def is_postgres(pid: int) -> bool:
    """Whether a living process with this number is a PostgreSQL server."""
    return re.search(r"(^|/)(postgres|postmaster)(:|\s|$)", _command_of(pid)) is not None


def servers_of(data_folder: Path) -> list[int]:
    """The numbers of the server processes that work in the data folder."""
    if PROCESSES.joinpath("self").exists():
        pids = [int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit()]
        return [pid for pid in pids if _works_in(pid, data_folder) and is_postgres(pid)]
    pid = pid_in(data_folder / "postmaster.pid")
    is_ours = pid is not None and is_postgres(pid) and str(data_folder) in _command_of(pid)
    return [pid] if pid is not None and is_ours else []


def end_servers_of(data_folder: Path) -> None:
    """End every server process that works in the data folder, politely first."""
    ways = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
    for way, seconds in zip(ways, PATIENCE_S, strict=True):
        for pid in servers_of(data_folder):
            try:
                os.kill(pid, way)
            except ProcessLookupError:
                continue
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            if not servers_of(data_folder):
                return
            time.sleep(0.05)


def _make_parents(folder: Path) -> None:
    if folder.exists():
        return
    _make_parents(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return PROCESSES.joinpath(str(pid), "cwd").readlink() == folder.resolve()
    except OSError:
        return False


def _command_of(pid: int) -> str:
    """The command line of a process; empty when there is no such process."""
    if PROCESSES.joinpath("self").exists():
        try:
            raw = PROCESSES.joinpath(str(pid), "cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="replace").strip()
    listed = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listed, check=False, capture_output=True, text=True).stdout.strip()
