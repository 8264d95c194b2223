"""Secret sites, planted with a word in everything that can hold one, and how to find them again."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import sqlite3
import struct
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import Connection, insert, select, text, update
from werkzeug.test import TestResponse

from data.dialogue_tables import Track, TrackSite
from data.queries.releases import area_release
from data.tables import Draft, Site, SiteAnswer, SiteDocument, SiteState
from geo.crs import to_wgs84
from tests.app.conftest import PROTECTED_X_M, PROTECTED_Y_M

#: In Haarlem, in the same wijk; no other site of the example region stands there.
PLACES_M = {"gebied": (PROTECTED_X_M, PROTECTED_Y_M), "intern": (104_211.75, 488_846.25)}
GEMEENTE = "GM0392"
#: One word for each thing that may hold text; the level stands behind it.
PARTS = (
    "Naamkwark",
    "Adreskwark",
    "Codekwark",
    "Zorgkwark",
    "Tekstkwark",
    "Redenkwark",
    "Bewijskwark",
    "Bronkwark",
    "Titelkwark",
    "Inhoudkwark",
    "Vroegerkwark",
    "Waaromkwark",
    "Kladkwark",
    "Gesprekkwark",
)
SPREAD = 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)?")
_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"')
_WORD = re.compile(r"[A-Z][a-z]+kwark(?:gebied|intern)")


def plant(connection: Connection, publication: str, site_type: str, account_id: int | None) -> int:
    """A site with all that can belong to it; its id."""
    x_m, y_m = PLACES_M[publication]

    def word(part: str) -> str:
        assert f"{part}kwark" in PARTS
        return f"{part}kwark{publication}"

    connection.execute(
        text("SELECT set_config('vlekkenplan.reason', :r, true)"), {"r": word("Waarom")}
    )
    site_id = int(
        connection.execute(
            insert(Site)
            .values(
                site_code=word("Code"),
                release_id=area_release(connection).id,
                name=word("Vroeger"),
                type=site_type,
                provider=word("Zorg"),
                address=word("Adres"),
                description=word("Tekst"),
                publication=publication,
                geom=f"SRID=28992;POINT({x_m} {y_m})",
            )
            .returning(Site.id)
        ).scalar_one()
    )
    # The first name is now in the history alone.
    connection.execute(update(Site).where(Site.id == site_id).values(name=word("Naam")))
    states = ((dt.date(2021, 3, 1), "besluit", 4), (dt.date(2023, 5, 1), "in_gebruik", 7))
    for from_date, status, count in states:
        connection.execute(
            insert(SiteState).values(
                site_id=site_id,
                from_date=from_date,
                status=status,
                capacity_count=count,
                reason=word("Reden"),
            )
        )
    connection.execute(
        insert(SiteAnswer).values(
            site_id=site_id,
            question="eigendom",
            finding="onbekend",
            evidence=word("Bewijs"),
            source=word("Bron"),
        )
    )
    content = word("Inhoud").encode()
    connection.execute(
        insert(SiteDocument).values(
            site_id=site_id,
            title=word("Titel"),
            media_type="image/jpeg",
            byte_count=len(content),
            sha256="0" * 64,
            content=content,
        )
    )
    if account_id is not None:
        connection.execute(
            insert(Draft).values(
                account_id=account_id,
                form_key=f"locatie-{publication}",
                content={"name": word("Klad")},
            )
        )
    return site_id


def talk_about(connection: Connection, track_code: str, site_id: int, publication: str) -> None:
    """Let a conversation be about a planted site, with a note; in public it is not there."""
    connection.execute(
        insert(TrackSite).values(
            track_id=select(Track.id).where(Track.code == track_code).scalar_subquery(),
            site_id=site_id,
            part="bekeken",
            note=f"Gesprekkwark{publication}",
        )
    )


def uproot(connection: Connection, site_id: int) -> None:
    """Take the site away again; its history stays."""
    connection.execute(text("DELETE FROM site WHERE id = :id"), {"id": site_id})


def move(connection: Connection, site_id: int, x_m: float, y_m: float) -> None:
    """Put the site somewhere else."""
    connection.execute(
        update(Site).where(Site.id == site_id).values(geom=f"SRID=28992;POINT({x_m} {y_m})")
    )


def leaks(found: str | bytes) -> list[str]:
    """The secrets that stand in a text or file: words, and places to 10 m or whole metres."""
    if isinstance(found, bytes):
        binary = [f"point {name}" for name, point in _POINTS.items() if _holds(found, point)]
        return [*binary, *leaks(found.decode("latin-1"))]
    told = sorted(set(_WORD.findall(found)))
    return told + [f"place {name}" for name, near in _WRITTEN.items() if near.search(found)]


def _holds(found: bytes, points: list[tuple[float, float]]) -> bool:
    return any(
        struct.pack(f"{order}d", x) in found and struct.pack(f"{order}d", y) in found
        for x, y in points
        for order in "<>"
    )


def _near(one: str, other: str) -> str:
    return f"{one}[^|]{{0,{SPREAD}}}{other}|{other}[^|]{{0,{SPREAD}}}{one}"


def _written(x_m: float, y_m: float) -> re.Pattern[str]:
    lon, lat = to_wgs84(x_m, y_m)
    degrees = _near(*(re.escape(f"{int(value * 1e4) / 1e4:.4f}") for value in (lon, lat)))
    rounded = _near(*(re.escape(f"{value:.4f}") for value in (lon, lat)))
    metres = _near(*(f"(?:{int(value)}|{value:.0f})" for value in (x_m, y_m)))
    return re.compile(f"{degrees}|{rounded}|{metres}", re.DOTALL)


_POINTS = {name: [point, to_wgs84(*point)] for name, point in PLACES_M.items()}
_WRITTEN = {name: _written(*point) for name, point in PLACES_M.items()}


class SecretsInLog(logging.Handler):
    """Notes every log line that holds a secret."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[str] = []
        self.line_count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.line_count += 1
        line = logging.Formatter().format(record)
        self.found += [f"{record.name}: {secret}" for secret in leaks(line)]


class _Links(HTMLParser):
    """Every address on a page: links, pictures, forms to ask with, and what scripts fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() != "get":
            return
        for name, value in given.items():
            if name in ("href", "src", "action") or (name.startswith("data-") and value[:1] == "/"):
                self.found.append(unescape(value))


def links_of(page: str, address: str) -> list[str]:
    """The addresses on this site that a page leads to, without fragments."""
    reader = _Links()
    reader.feed(page)
    found = (urlsplit(urljoin(f"http://localhost{address}", link)) for link in reader.found)
    return [
        parts._replace(scheme="", netloc="", fragment="").geturl()
        for parts in found
        if parts.netloc == "localhost" and not parts.path.startswith("/static")
    ]


def unpacked(answer: TestResponse) -> list[str | bytes]:
    """The body and the headers of an answer; workbooks and other archives by their files."""
    body = answer.get_data()
    headers = str(answer.headers)
    answer.close()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [headers, *(archive.read(name).decode("latin-1") for name in archive.namelist())]
    if re.search("^text/|json|svg|javascript", answer.mimetype or ""):
        return [headers, body.decode("utf-8", "replace"), *_escaped(body)]
    return [headers, body]


def comparable(answer: TestResponse) -> str:
    """The content of an answer without moments of making, to lay beside another one."""
    if answer.mimetype == "application/geopackage+sqlite3":
        with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
            file.write(answer.get_data())
            file.flush()
            with closing(sqlite3.connect(file.name)) as opened:
                parts: list[str | bytes] = [*opened.iterdump()]
        answer.close()
    else:
        parts = unpacked(answer)[1:]
    told = "\n".join(part.decode("latin-1") if isinstance(part, bytes) else part for part in parts)
    return _MOMENT.sub("", _TOKEN.sub("", told))


def _escaped(body: bytes) -> list[str]:
    """JSON with its letters written out."""
    try:
        return [json.dumps(json.loads(body), ensure_ascii=False)]
    except ValueError:
        return []


@dataclass
class Crawl:
    """A walk over everything that a reader can reach, noting what it met."""

    client: FlaskClient
    most_of_a_kind: int
    asked: dict[str, int] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def walk(self, seeds: list[str]) -> None:
        """Ask the seeds and all they lead to, at most so many addresses of a kind."""
        waiting, kinds = list(dict.fromkeys(seeds)), dict[str, int]()
        while waiting:
            address = waiting.pop(0)
            if address in self.asked:
                continue
            for link in self.ask(address):
                kind = re.sub(r"[A-Z]{2}\d+|\d+|=[^&]*", "#", link.partition("?")[0])
                kinds[kind] = kinds.get(kind, 0) + (link not in self.asked)
                if kinds[kind] <= self.most_of_a_kind:
                    waiting.append(link)

    def ask(self, address: str, method: str = "GET", **request: object) -> list[str]:
        """One request; the links of its page."""
        answer = self.client.open(address, method=method, **request)  # type: ignore[arg-type]
        self.asked[address] = answer.status_code
        mimetype = answer.mimetype
        contents = unpacked(answer)
        for part in contents:
            self.leaks += [f"{secret} in {method} {address}" for secret in leaks(part)]
        if answer.status_code >= 500:
            self.faults.append(f"{answer.status_code} {method} {address}")
        is_page = mimetype == "text/html" and answer.status_code == 200
        location = [answer.headers["Location"]] if "Location" in answer.headers else []
        return links_of(str(contents[1]), address) if is_page else location
