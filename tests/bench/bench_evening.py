"""An evening for residents: 500 people read and 50 a minute write, for five minutes.

``python -m tests.bench.bench_evening [--minutes 5]`` starts the whole program (gunicorn and
PostGIS, the example region) in a folder of its own, on loopback, and behaves like people: each
reader opens a page, fetches what a browser fetches with it, once, and reads on. Each writer
opens the form, types for a while, checks and sends. From the middle on, one sender sends as fast
as it can for a minute.

It prints how long answers took, beside a page that asks the database nothing in the same run,
and whether all that was sent is there. Ends with 1 when something went wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import requests
from sqlalchemy import text as sql

from data import schema
from data.cluster import cluster_in

CHECKOUT = Path(__file__).resolve().parents[2]
READERS = 500
WRITES_PER_MINUTE = 50
#: How long someone reads before the next page, and how long a writer types, on average.
READING_S, TYPING_S = 15.0, 20.0
#: Everyone comes in during the first part of the evening.
ARRIVING_S = 45.0
FLOOD_S = 60.0
LIMIT_MS = 500.0
PORT = 8177
TRACK = re.compile(r'href="(/in-gesprek/[a-z0-9-]+)"')
REACT = re.compile(r'href="(/in-gesprek/[a-z0-9-]+/reageren)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
#: The floor: a page of words, without the database.
PLAIN_PAGE = "/over"


@dataclass
class Evening:
    """How long each kind of request took (ms), what went wrong, and what was sent."""

    address: str
    length_s: float
    began: float = field(default_factory=time.monotonic)
    times_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    slowed: list[float] = field(default_factory=list)

    @property
    def left_s(self) -> float:
        """How long it goes on."""
        return self.began + self.length_s - time.monotonic()


class Person:
    """Somebody with a browser: an address of their own, cookies, and files that are kept."""

    def __init__(self, evening: Evening, address: str, seed: int) -> None:
        self.evening = evening
        self.chance = random.Random(seed)
        self.kept: set[str] = set()
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.headers["X-Forwarded-For"] = address

    def ask(self, kind: str, path: str, fields: dict[str, str] | None = None) -> requests.Response:
        """Open a page or send a form, timed under ``kind``; what went wrong is noted."""
        method = "GET" if fields is None else "POST"
        started = time.perf_counter()
        try:
            answer = self.browser.request(
                method, self.evening.address + path, data=fields, timeout=30, allow_redirects=False
            )
        except requests.RequestException as error:
            self.evening.faults.append(f"{kind} {method} {path}: {type(error).__name__}")
            return requests.Response()
        self.evening.times_ms[kind].append((time.perf_counter() - started) * 1000)
        if answer.status_code >= 400 and kind != "flood":
            self.evening.faults.append(f"{kind} {method} {path}: {answer.status_code}")
        return answer

    def look(self, kind: str, path: str) -> requests.Response:
        """Open a page, and fetch what a browser fetches with it that it has not got yet."""
        page = self.ask(kind, path)
        for asset in map(unescape, ASSET.findall(page.text)):
            if asset not in self.kept:
                self.kept.add(asset)
                self.ask("static file", asset)
        return page

    def wait(self, mean_s: float) -> bool:
        """Read or type for a while; whether the evening still goes on."""
        time.sleep(max(0.0, min(self.chance.expovariate(1 / mean_s), self.evening.left_s)))
        return self.evening.left_s > 0


class Form(HTMLParser):
    """The hidden fields of the form that sends, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.is_inside = False
        self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.is_inside = True
        name = given.get("name", "")
        if self.is_inside and tag == "input" and name:
            is_choice = given.get("type") in ("radio", "checkbox", "file", "submit")
            if not is_choice or "checked" in given:
                self.fields[name] = given.get("value", "")
        if self.is_inside and tag == "textarea":
            self.textarea = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        if tag == "form":
            self.is_inside = False


def read_on(person: Person, tracks: list[str]) -> None:
    """Somebody who reads: the overview, a conversation, its map and a place, over and over."""
    time.sleep(person.chance.uniform(0, min(ARRIVING_S, person.evening.length_s / 4)))
    while person.evening.left_s > 0:
        track = person.chance.choice(tracks)
        page = person.look("conversation", track)
        person.ask("map of a conversation", f"{track}/kaart.geojson")
        sites = re.findall(r'href="(/locatie/\d+)"', page.text)
        if not person.wait(READING_S):
            return
        if sites and person.chance.random() < 0.3:
            person.look("site", person.chance.choice(sites))
        elif person.chance.random() < 0.5:
            person.look("overview", "/in-gesprek")
        else:
            person.ask("plain page", PLAIN_PAGE)
        if not person.wait(READING_S):
            return


def write_one(person: Person, form_path: str, number: int) -> None:
    """Somebody who reacts: opens the form, types, checks and sends."""
    kind = person.chance.choice(("vraag", "zorg", "idee", "kans"))
    page = person.look("form", f"{form_path}?soort={kind}")
    time.sleep(person.chance.uniform(0.7, 1.3) * TYPING_S)
    text = f"Bericht {number}: is er in de avond iemand die de telefoon opneemt?"
    send(person, "check", "send", form_path, page.text, text)


def send(
    person: Person, check: str, sending: str, form_path: str, page: str, text: str
) -> requests.Response:
    """Fill in the words, look at the check, and send; the receipt is noted."""
    typed = {**Form(page).fields, "tekst": text, "actie": "nakijken"}
    checked = person.ask(check, form_path, typed)
    if checked.status_code != 200:
        return checked
    answer = person.ask(sending, form_path, {**Form(checked.text).fields, "actie": "verstuur"})
    if answer.status_code == 303:
        person.evening.receipts.append(answer.headers["Location"])
    return answer


def write_on(evening: Evening, forms: list[str]) -> None:
    """New writers come in evenly, as long as they can be done in time."""
    number = 0
    writers = []
    while evening.left_s > TYPING_S * 1.3 + 5:
        person = Person(evening, f"10.1.{number // 250}.{number % 250 + 1}", 10_000 + number)
        writers.append(in_thread(write_one, person, forms[number % len(forms)], number))
        number += 1
        time.sleep(60 / WRITES_PER_MINUTE)
    for writer in writers:
        writer.join()


def flood(evening: Evening, form_path: str) -> None:
    """One sender that sends the same form as fast as it is answered, from the middle on."""
    time.sleep(evening.length_s / 2)
    person = Person(evening, "10.9.9.9", 99)
    page = person.ask("flood", f"{form_path}?soort=vraag")
    time.sleep(TYPING_S / 2)
    until = time.monotonic() + min(FLOOD_S, evening.length_s / 4)
    number = 0
    while time.monotonic() < until:
        number += 1
        text = f"Stortvloed {number}"
        answer = send(person, "flood", "flood", form_path, page.text, text)
        if answer.status_code == 429:
            evening.slowed.append(time.monotonic() - evening.began)


def in_thread(work: Callable[..., None], *given: object) -> threading.Thread:
    """The work, beside everything else."""
    thread = threading.Thread(target=work, args=given, daemon=True)
    thread.start()
    return thread


def read_through(lines: Iterable[str]) -> None:
    """Read what the program prints, so that it is not held up."""
    for _ in lines:
        pass


@contextmanager
def website(home: Path) -> Iterator[str]:
    """The whole program with the example region; believes what one proxy in front tells."""
    environ = {
        **os.environ,
        "VLEKKENPLAN_HOME": str(home),
        "VLEKKENPLAN_TILES": "off",
        "VLEKKENPLAN_PROXIES": "1",
    }
    environ.pop("DATABASE_URL", None)
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "demo",
        "--port",
        str(PORT),
    ]
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "staat klaar op" in line:
                break
        else:
            raise SystemExit("The website did not start.")
        in_thread(read_through, process.stdout)
        yield f"http://127.0.0.1:{PORT}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def count_stored(home: Path) -> int:
    """How many contributions of this evening are in the database."""
    cluster = cluster_in(home / "pg", os.environ)
    with cluster.use():
        engine = schema.connect(cluster.url())
        try:
            with engine.connect() as connection:
                found = connection.scalar(
                    sql("SELECT count(*) FROM contribution WHERE body ~ '^(Bericht|Stortvloed) '")
                )
        finally:
            engine.dispose()
    return int(found or 0)


def go_through(evening: Evening) -> None:
    """The whole evening."""
    page = requests.get(evening.address + "/in-gesprek", timeout=60)
    tracks = sorted(set(TRACK.findall(page.text)))
    pages = {track: requests.get(evening.address + track, timeout=60).text for track in tracks}
    forms = sorted({path for page in pages.values() for path in REACT.findall(page)})
    assert forms, "nobody can react to any conversation"
    evening.began = time.monotonic()
    readers = [
        in_thread(read_on, Person(evening, f"10.2.{n // 250}.{n % 250 + 1}", n), tracks)
        for n in range(READERS)
    ]
    others = [in_thread(write_on, evening, forms), in_thread(flood, evening, forms[0])]
    for thread in (*readers, *others):
        thread.join()


def tell(evening: Evening, stored: int) -> bool:
    """Print the figures; whether everything was in order."""
    every = [ms for kind, times in evening.times_ms.items() if kind != "flood" for ms in times]
    print(f"{'request':22}{'count':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'slowest':>9}")
    for kind, times in [*sorted(evening.times_ms.items()), ("all but the flood", every)]:
        p50, p95, p99 = np.percentile(times, [50, 95, 99])
        print(f"{kind:22}{len(times):8d}{p50:9.0f}{p95:9.0f}{p99:9.0f}{max(times):9.0f}")
    floor = np.percentile(evening.times_ms["plain page"], 95)
    print(f"p95 is {np.percentile(every, 95) / floor:.1f} times that of a page without database")
    print(f"sent {len(evening.receipts)}, stored {stored}, slowed {len(evening.slowed)} times")
    print(f"faults: {len(evening.faults)} {evening.faults[:5]}")
    is_all_there = len(set(evening.receipts)) == stored
    return bool(is_all_there and not evening.faults and np.percentile(every, 95) < LIMIT_MS)


def main() -> int:
    """Run the evening and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="vlekkenplan-evening-") as folder:
        home = Path(folder)
        with website(home) as address:
            evening = Evening(address, minutes * 60)
            go_through(evening)
        return 0 if tell(evening, count_stored(home)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
