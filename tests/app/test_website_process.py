"""The website as a process of its own, talked to over a bare connection."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

START_S = 120
PATIENCE_S = 2
#: The command with less patience, so that the test need not wait for long.
PROGRAM = f"""
from app.cli import main, website
website.PATIENCE_S = {PATIENCE_S}
main()
"""


@dataclass(frozen=True)
class Website:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ask(self, *lines: str, body: bytes = b"") -> str:
        with self.connect() as connection:
            connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
            return _rest(connection)


def _rest(connection: socket.socket) -> str:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts).decode(errors="replace")


@pytest.fixture(scope="module")
def website(demo_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    home = tmp_path_factory.mktemp("home")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = {
        **os.environ,
        "DATABASE_URL": demo_database_url,
        "VLEKKENPLAN_HOME": str(home),
        "VLEKKENPLAN_SECRET_KEY": "k" * 32,
        "VLEKKENPLAN_TILES": "off",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    running = Website(process, port, home / "log")
    try:
        _wait(running)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(website: Website) -> None:
    give_up_at = time.monotonic() + START_S
    while "staat klaar" not in website.log.read_text():
        assert website.process.poll() is None, website.log.read_text()
        assert time.monotonic() < give_up_at, website.log.read_text()
        time.sleep(0.2)


@pytest.mark.slow
def test_the_server_does_not_say_what_program_it_is(website: Website) -> None:
    answer = website.ask("GET /over HTTP/1.1", "Host: localhost")
    head = answer.partition("\r\n\r\n")[0]
    assert head.startswith("HTTP/1.1 200")
    assert "Content-Security-Policy: default-src 'none'" in head
    assert not re.search(r"^Server:|gunicorn|werkzeug|python", head, re.IGNORECASE | re.MULTILINE)


@pytest.mark.slow
def test_what_a_proxy_would_tell_is_not_believed(website: Website) -> None:
    answer = website.ask(
        "GET /lijst/ HTTP/1.1",
        "Host: localhost",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-For: 6.6.6.6",
    )
    assert "evil" not in answer
    assert " 500 " not in answer.partition("\r\n")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "lines",
    [
        ("GEHEIM\x01 /",),
        ("GET /geheim HTTP/9.9",),
        ("GET /geheim HTTP/1.1", "Geheim kop: x"),
        ("POST /geheim HTTP/1.1", "Host: x", "Content-Length: geheim"),
        ("POST /geheim HTTP/1.1", "Host: x", "Transfer-Encoding: geheim"),
        ("GET /" + "geheim" * 2000 + " HTTP/1.1", "Host: x"),
    ],
)
def test_a_request_that_can_not_be_read_leaves_nothing_in_the_log(
    website: Website, lines: tuple[str, ...]
) -> None:
    answer = website.ask(*lines)
    assert re.match(r"HTTP/1.1 (4\d\d|501)", answer), answer
    assert "Traceback" not in answer
    log = website.log.read_text()
    assert "geheim" not in log.lower()
    assert "127.0.0.1" not in log.partition("Stoppen")[2]


@pytest.mark.slow
def test_who_sends_half_a_form_and_waits_is_not_waited_for(website: Website) -> None:
    with website.connect() as connection:
        started = time.monotonic()
        connection.sendall(
            b"POST /inloggen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\ngeheim="
        )
        answer = _rest(connection)
    assert time.monotonic() - started < PATIENCE_S + 15
    assert answer.startswith("HTTP/1.1 400")
    assert "geheim" not in website.log.read_text()


@pytest.mark.slow
def test_who_sends_half_a_request_and_waits_is_not_waited_for(website: Website) -> None:
    with website.connect() as connection:
        started = time.monotonic()
        connection.sendall(b"GET /over HTTP/1.1\r\nHost: loc")
        _rest(connection)
    assert time.monotonic() - started < PATIENCE_S + 15
    assert website.ask("GET /over HTTP/1.1", "Host: localhost").startswith("HTTP/1.1 200")
