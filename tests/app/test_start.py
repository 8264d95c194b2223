"""``make demo`` as a newcomer types it: from a fresh copy to a page, and back to nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.database_server import CHECKOUT, files_of_checkout, temporary_folder

FRESH_START_S = 240
START_S = 90
STOP_S = 60
#: What would lead the copies to something outside of their own folder.
NOT_OURS = ("DATABASE_URL", "VLEKKENPLAN_HOME", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Demo:
    """A running ``make demo``: the process group of make, and where its page is."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    def page(self) -> str:
        """The front page; empty while there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def wait_for_page(self, seconds: float) -> str:
        """The front page, or a failure with what make said."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at and self.process.poll() is None:
            if page := self.page():
                return page
            time.sleep(0.2)
        pytest.fail(f"no page within {seconds} s; make said:\n{self.said()}")

    def said(self) -> str:
        return (self.folder / "make.log").read_text()

    def wait_until_said(self, words: str) -> None:
        """The page may be there a moment before its address is told."""
        give_up_at = time.monotonic() + STOP_S
        while words not in self.said() and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert words in self.said()

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=STOP_S)

    def wait_until_nothing_is_left(self) -> None:
        give_up_at = time.monotonic() + STOP_S
        while processes_of(self.folder) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert processes_of(self.folder) == []


@pytest.fixture
def place() -> Iterator[Path]:
    with temporary_folder(on_disk=True) as folder:
        yield folder


def fresh_copy(place: Path, name: str) -> Path:
    for file in files_of_checkout():
        (place / name / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / file, place / name / file)
    return place / name


@contextlib.contextmanager
def make_demo(folder: Path) -> Iterator[Demo]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    with (folder / "make.log").open("w") as log:
        process = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            cwd=folder,
            env={**environ, "VLEKKENPLAN_TILES": "off"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    note = folder.parent / f"{process.pid}.group"
    note.touch()
    try:
        yield Demo(process, folder, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=STOP_S)
        note.unlink()


def processes_of(folder: Path) -> list[str]:
    """The command lines of all processes that name the folder."""
    if not Path("/proc/self").exists():
        listed = subprocess.run(["ps", "-axo", "args="], capture_output=True, text=True, check=True)
        return [line for line in listed.stdout.splitlines() if str(folder) in line]
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in command:
                found.append(command)
    return found


@pytest.mark.slow
def test_make_demo_starts_stops_and_survives_being_killed(place: Path) -> None:
    first = fresh_copy(place, "een map met spaties")
    second = fresh_copy(place, "ernaast")

    with make_demo(first) as demo, make_demo(second) as beside:
        assert "voorbeeldgegevens" in demo.wait_for_page(FRESH_START_S).lower()
        demo.wait_until_said(f"http://127.0.0.1:{demo.port}/")
        assert "voorbeeldgegevens" in beside.wait_for_page(FRESH_START_S).lower()
        beside.press_ctrl_c()
        beside.wait_until_nothing_is_left()
        assert demo.page()

        demo.process.kill()  # make, the leader of the group, with -9
        demo.wait_until_nothing_is_left()

    with make_demo(first) as demo:
        assert demo.wait_for_page(START_S)
        assert "installeren" not in demo.said()
        os.killpg(demo.process.pid, signal.SIGKILL)  # everything but the database server

    with make_demo(first) as demo:
        assert demo.wait_for_page(START_S)
        demo.press_ctrl_c()
        demo.wait_until_nothing_is_left()
