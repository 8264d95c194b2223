"""The project's own PostGIS server: a private cluster in a folder, reached by a Unix socket.

No TCP port, no password, no system cluster touched. Whoever needs the database calls
``Cluster.use()``: the first one in starts the server, the last one out stops it, and a
server left behind by a killed process is taken over. Standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from data.server_processes import (
    can_reach,
    check_owner,
    end_servers_of,
    is_postgres,
    make_private_folder,
    pid_in,
    server_user,
    servers_of,
)
from data.server_programs import ClusterError, ServerPrograms, find_server_programs

__all__ = ["Cluster", "ClusterError", "cluster_in", "delete_cluster"]

USER = "vlekkenplan"
DATABASE = "vlekkenplan"
PORT = 5432  # part of the socket's file name only; nothing listens on TCP
LONGEST_SOCKET_FOLDER = 80  # the full path of a socket may have about 100 bytes
START_SECONDS = 60
LINGER_SECONDS = 10
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "work_mem": "32MB",
    "jit": "off",
    # Beside a fault the server would write the row that was refused, with all that somebody typed.
    "log_error_verbosity": "terse",
}


def cluster_in(
    folder: Path, environ: Mapping[str, str], settings: Mapping[str, str] | None = None
) -> Cluster:
    """The cluster that keeps its files in ``folder``; nothing is made or started yet.

    ``settings`` are server settings on top of ``SETTINGS``. When the server must run as another
    user (we are root) who cannot reach the folder, the files are kept in /var/lib instead.
    Raises ClusterError when the server programs are missing.
    """
    home = _reachable_folder(folder.absolute())
    programs = find_server_programs(environ, needed_major=_major_of(home / "data"))
    return Cluster(home, programs, {**SETTINGS, **(settings or {})})


def delete_cluster(folder: Path) -> None:
    """Stop the cluster of ``folder`` and delete all its data, whatever version made it.

    Raises ClusterError when another process is using it.
    """
    home = _reachable_folder(folder.absolute())
    if not home.exists():
        return
    with (home / "users.lock").open("w") as users:
        _check_unused(users.fileno())
        end_servers_of(home / "data")
        shutil.rmtree(_socket_folder(home), ignore_errors=True)
        shutil.rmtree(home)


@dataclass(frozen=True)
class Cluster:
    """A private PostgreSQL cluster; all its files are in ``home``."""

    home: Path
    programs: ServerPrograms
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    @property
    def data_folder(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    @property
    def log_file(self) -> Path:
        """What the server said since its last start."""
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where programs reach the server."""
        return _socket_folder(self.home)

    def url(self, database: str = DATABASE) -> str:
        """The address for SQLAlchemy, with the psycopg driver."""
        socket = quote(str(self.socket_folder))
        return f"postgresql+psycopg://{USER}@/{database}?host={socket}&port={PORT}"

    @contextmanager
    def use(self) -> Iterator[Cluster]:
        """Have the server running; the last user to leave stops it (unless ``keep_running``).

        A forked child that leaves this block changes nothing.
        """
        with self._users_lock() as users:
            owner = os.getpid()
            try:
                with self._one_at_a_time():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    self._ensure_running()
                yield self
            finally:
                if os.getpid() == owner:
                    self._leave(users)

    def keep_running(self) -> None:
        """Start the server and leave it on until ``stop`` is called."""
        with self._users_lock(), self._one_at_a_time():
            self._ensure_running()
            self._keep_file.write_text(str(pid_in(self.data_folder / "postmaster.pid")))

    def stop(self) -> bool:
        """Stop the server. Returns False when it was not running.

        Raises ClusterError when another process is using it.
        """
        if not self.data_folder.exists():
            return False
        with self._users_lock() as users, self._one_at_a_time():
            _check_unused(users)
            return self._stop_server()

    def is_running(self) -> bool:
        """Whether the server of this folder answers."""
        if pid_in(self.data_folder / "postmaster.pid") is None:
            return False
        place = (f"--host={self.socket_folder}", f"--port={PORT}")
        return self._run("pg_isready", "--quiet", "--timeout=1", *place).returncode == 0

    def database_exists(self, name: str = DATABASE) -> bool:
        """Whether the database is there; the server must be running."""
        return self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{_plain(name)}'") == "1"

    def create_database(self, name: str = DATABASE, template: str = "template0") -> None:
        """Make a database, a copy of ``template``; the server must be running."""
        self._sql(f'CREATE DATABASE "{_plain(name)}" TEMPLATE "{_plain(template)}"')

    def drop_database(self, name: str = DATABASE) -> None:
        """Drop a database, also when someone is connected to it."""
        self._sql(f'DROP DATABASE IF EXISTS "{_plain(name)}" WITH (FORCE)')

    def take_place_of(self, name: str, other: str) -> None:
        """Drop the database ``other`` and call ``name`` so; the server must be running."""
        self.drop_database(other)
        self._sql(f'ALTER DATABASE "{_plain(name)}" RENAME TO "{_plain(other)}"')

    @property
    def _keep_file(self) -> Path:
        return self.home / "keep-running"

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _users_lock(self) -> Iterator[int]:
        make_private_folder(self.home, server_user(self.home))
        with (self.home / "users.lock").open("w") as lock:
            yield lock.fileno()

    def _leave(self, users: int) -> None:
        with self._one_at_a_time():
            fcntl.flock(users, fcntl.LOCK_UN)
            if _lock_at_once(users) and not self._is_kept():
                self._stop_server()

    def _is_kept(self) -> bool:
        pid = pid_in(self._keep_file)
        return pid is not None and pid == pid_in(self.data_folder / "postmaster.pid")

    def _ensure_running(self) -> None:
        if self.is_running() or self._answers_soon():
            return
        self._clear_what_was_left()
        if not self.data_folder.exists():
            self._make_cluster()
        make_private_folder(self.socket_folder, server_user(self.home))
        self._start_server()

    def _answers_soon(self) -> bool:
        """Whether a server that is there but busy (repairing after a crash) comes back."""
        give_up_at = time.monotonic() + LINGER_SECONDS
        while servers_of(self.data_folder) and time.monotonic() < give_up_at:
            if self.is_running():
                return True
            time.sleep(0.2)
        return False

    def _make_cluster(self) -> None:
        """Make the data folder in one step, so that a broken-off attempt leaves nothing."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        options = ["-A", "trust", "-E", "UTF8", "--locale=C", "-U", USER]
        if self.settings.get("fsync") == "off":
            options.append("--no-sync")
        result = self._run("initdb", "-D", str(unfinished), *options)
        if result.returncode != 0:
            raise ClusterError(_reworded("maken", result.stderr, self.home))
        unfinished.rename(self.data_folder)

    def _start_server(self) -> None:
        self.log_file.unlink(missing_ok=True)
        give_up_at = time.monotonic() + LINGER_SECONDS
        while self._pg_ctl("start", "-w", "-t", str(START_SECONDS), *self._start_options()) != 0:
            log = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
            still_in_use = "shared memory block" in log or "lock file" in log
            if not still_in_use or time.monotonic() > give_up_at:
                raise ClusterError(_reworded("starten", log, self.home))
            time.sleep(0.2)

    def _start_options(self) -> list[str]:
        settings = {**self.settings, "unix_socket_directories": str(self.socket_folder)}
        words = ["-p", str(PORT)]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return ["-l", str(self.log_file), "-o", shlex.join(words)]

    def _stop_server(self) -> bool:
        self._keep_file.unlink(missing_ok=True)
        if pid_in(self.data_folder / "postmaster.pid") is None:
            return False
        for way in ("fast", "immediate"):
            if self._pg_ctl("stop", "-w", "-t", "30", "-m", way) == 0:
                shutil.rmtree(self.socket_folder, ignore_errors=True)
                return True
        return False

    def _clear_what_was_left(self) -> None:
        """End a server of ours that no longer answers; forget one that is long gone."""
        end_servers_of(self.data_folder)
        socket_lock = self.socket_folder / f".s.PGSQL.{PORT}.lock"
        for lock_file in (self.data_folder / "postmaster.pid", socket_lock):
            pid = pid_in(lock_file)
            if pid is None:
                continue
            if is_postgres(pid):
                raise ClusterError(
                    f"Een andere PostgreSQL (proces {pid}) houdt {lock_file} bezet. "
                    f"Stop die eerst: kill {pid}"
                )
            lock_file.unlink(missing_ok=True)

    def _pg_ctl(self, action: str, *options: str) -> int:
        return self._run("pg_ctl", action, "-D", str(self.data_folder), *options).returncode

    def _sql(self, statement: str) -> str:
        result = self._run(
            *("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"),
            *(f"--host={self.socket_folder}", f"--port={PORT}", f"--username={USER}"),
            *("--dbname=postgres", f"--command={statement}"),
        )
        if result.returncode != 0:
            raise ClusterError(f"De database weigert: {result.stderr.strip()}")
        return result.stdout.strip()

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a server program, never as root.

        No output of pg_ctl is read: the server inherits it, so that a pipe would never end.
        """
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        user = server_user(self.home)
        return subprocess.run(
            [self.programs.path_of(program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            errors="replace",
            cwd=self.home,
            env=_server_environment(),
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def _server_environment() -> dict[str, str]:
    """Our environment without the settings that would lead PostgreSQL elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def _reachable_folder(folder: Path) -> Path:
    user = server_user(folder)
    if user is not None and not can_reach(user, folder):
        return Path("/var/lib/vlekkenplan") / _short_name(folder)
    if folder.exists() and os.geteuid() != 0:
        check_owner(folder, user)
    return folder


def _socket_folder(home: Path) -> Path:
    """In the cluster's own folder when that makes a short and plain path, else in /tmp."""
    own = str(home / "socket")
    if len(own.encode()) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[A-Za-z0-9/._-]+", own):
        return Path(own)
    return Path("/tmp") / f"vlekkenplan-{os.geteuid()}-{_short_name(home)}"


def _short_name(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _major_of(data_folder: Path) -> int | None:
    version_file = data_folder / "PG_VERSION"
    return int(version_file.read_text()) if version_file.exists() else None


def _lock_at_once(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _check_unused(users: int) -> None:
    if not _lock_at_once(users):
        raise ClusterError(
            "De database is in gebruik door een ander programma (bijvoorbeeld de demo in een "
            "ander venster). Stop dat eerst met Ctrl-C."
        )


def _plain(name: str) -> str:
    if re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name) is None:
        raise ValueError(f"not a plain database name: {name!r}")
    return name


def _reworded(what: str, raw: str, home: Path) -> str:
    """The server's own complaint in words a user can act on."""
    causes = {
        "No space left": "De schijf is vol.",
        "Permission denied": "De server mag niet bij die map. Kies een andere met VLEKKENPLAN_HOME",
        "could not change permissions": "Deze schijf kent geen Unix-rechten (gedeelde map of "
        "Windows-schijf). Kies een andere map met VLEKKENPLAN_HOME.",
        "incompatible with server": "De gegevens zijn van een andere versie van PostgreSQL. "
        "Begin leeg met: vlekkenplan db reset",
        "shared memory": "Een vorige server is nog niet weg. Wacht even en probeer het opnieuw.",
    }
    cause = next((words for sign, words in causes.items() if sign in raw), "")
    last_lines = "\n".join(raw.strip().splitlines()[-5:])
    return f"De database in {home} is niet te {what}. {cause}\n{last_lines}".strip()
