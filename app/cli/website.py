"""The web server process: an address that is ours, gunicorn on it, and an orderly end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi

from app.cli import Failure
from app.fault_log import ServerLog, write_with_time

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

WORKERS = 2
THREADS = 4
#: A browser that sends nothing for so long is not waited for.
PATIENCE_S = 20
LOOK_AHEAD = 50  # how many ports further we look for a free one


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow happens.

    Raises Failure when the address is taken, not allowed or not of this machine.
    """
    try:
        return _listening_socket(host, port)
    except OSError as error:
        raise Failure(_reworded(error, host, port)) from error


def address_of(listener: socket.socket) -> str:
    """What to type in the browser."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run_website(listener: socket.socket, settings: Settings, on_answering: str) -> None:
    """Serve the website until SIGINT or SIGTERM; prints ``on_answering`` when it answers.

    Returns normally in the process that called it, and in no other.
    """
    parent = os.getpid()
    write_with_time()
    _tell_no_program()
    site = settings.public_url or address_of(listener)
    try:
        Website(listener.detach(), settings, on_answering, site).run()
    except SystemExit as end:
        if os.getpid() != parent or end.code:
            raise


class Website(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings, in this very process: its workers end when we do."""

    def __init__(self, listener: int, settings: Settings, on_answering: str, site: str) -> None:
        self.listener = listener
        self.settings = settings
        self.on_answering = on_answering
        self.site = site
        super().__init__()

    def load_config(self) -> None:
        """Our settings; no configuration file is read."""
        settings: dict[str, Any] = {
            "bind": f"fd://{self.listener}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": 5,
            "timeout": 120,
            "loglevel": "warning",
            "logger_class": ServerLog,
            # Whom to believe is a setting of ours, and nothing of gunicorn.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "post_worker_init": self._answering,
            "worker_exit": _end_at_once,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The Flask app; called in each worker."""
        from app import create_app

        return create_app(self.settings)

    def _answering(self, worker: Any) -> None:
        """Say that we answer, get ready for questions that take long, and see to the post."""
        from app.database import engine
        from app.services.post_box import start_post
        from app.services.warm_up import start_warm_up

        if worker.age == 1:
            print(self.on_answering, flush=True)
        with worker.wsgi.app_context():
            start_warm_up(engine(), self.settings.home)
            start_post(engine(), self.settings, self.site)


def _tell_no_program() -> None:
    """Leave out the header that names the program that answers."""
    made = wsgi.Response.default_headers

    def default_headers(answer: Any) -> list[str]:
        return [line for line in made(answer) if not line.startswith("Server:")]

    wsgi.Response.default_headers = default_headers


def _end_at_once(_server: Any, worker: Any) -> None:
    """Leave a worker that is done without tidying its memory, which takes seconds."""
    end = sys.exception()
    if os.getpid() == worker.pid and isinstance(end, SystemExit) and not end.code:
        os._exit(0)


@contextmanager
def ending_with_parent() -> Iterator[None]:
    """Send ourselves SIGTERM when the process that started us is gone, also after kill -9."""
    parent = os.getppid()

    def look(_signal: int, _frame: FrameType | None) -> None:
        if os.getppid() != parent:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def end_on_signal() -> None:
    """Make SIGTERM and a closed terminal end the program in an orderly way, as Ctrl-C does."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _listening_socket(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections that are accepted take this over from the listener.
        patience = struct.pack("@ll", PATIENCE_S, 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _reworded(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _first_free(host, port + 1)
        return (
            f"Poort {port} is al in gebruik. Typ: make demo PORT={free} "
            f"(of: vlekkenplan demo --port {free})"
        )
    if error.errno == errno.EACCES:
        return f"Poort {port} mag alleen door de beheerder worden gebruikt. Kies er een boven 1023."
    return f"Het adres {host} is niet van deze computer: {error.strerror or error}"


def _first_free(host: str, start: int) -> int:
    for port in range(start, min(start + LOOK_AHEAD, 65536)):
        try:
            _listening_socket(host, port).close()
        except OSError:
            continue
        return port
    return start
