"""The forms of a website, found in its pages, and what a hostile browser fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.app.test_hostile_requests import NASTY

CSRF = "csrf_token"
#: What no form may change by a field of its own making; the values are looked for afterwards.
STOWAWAYS = {
    "id": "987654321",
    "site_id": "987654321",
    "site_code": "GEKAAPT-987654321",
    "gemeente_code": "GM9003",
    "version": "987654321",
    "role": "beheerder",
    "is_active": "",
    "is_complete": "true",
    "account_id": "987654321",
    "release_id": "987654321",
    "password_hash": "GEKAAPT-987654321",
    "totp_secret": "GEKAAPT-987654321",
}
MARK = "987654321"
FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "grens-van-de-proef"
#: Addresses of one endpoint that are looked at.
MOST_LOOKS = 3


@dataclass(frozen=True)
class Field:
    """One field: its kind (an input type, ``select`` or ``textarea``) and what may stand in it."""

    name: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """One form of one page."""

    page: str
    method: str
    action: str
    is_multipart: bool
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, each once."""
        return tuple(dict.fromkeys(found.name for found in self.fields))

    @property
    def shape(self) -> tuple[object, ...]:
        """Forms of one shape are handled by the same code."""
        numberless = re.sub(r"\d+", "0", self.action.partition("?")[0])
        return self.method, numberless, self.names

    @property
    def as_it_stands(self) -> list[Part]:
        """What a browser sends when nothing is filled in."""
        return [
            Part(found.name, found.value)
            for found in self.fields
            if found.kind not in ("file", "submit", "unchecked")
        ]


@dataclass(frozen=True)
class Part:
    """One field as it is sent; a file when it has a ``filename``."""

    name: str
    value: str | bytes
    filename: str | None = None


@dataclass
class _Reader(HTMLParser):
    """Collects the forms of a page and the links on it."""

    page: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.inside: dict[str, str] | None = None
        self.fields: list[Field] = []
        self.select: list[str] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.page, given["href"]))
        elif tag == "form":
            self.inside, self.fields = given, []
        elif self.inside is not None:
            self._see_field(tag, given)

    def _see_field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option":
            self.select.append(given.get("value", ""))
            if "selected" in given:
                self.select.insert(0, given.get("value", ""))
        elif tag == "select":
            self.fields.append(Field(name, "select"))
            self.select = []
        elif tag == "textarea":
            self.textarea = ""
            self.fields.append(Field(name, "textarea"))
        elif tag in ("input", "button") and name:
            kind = given.get("type", "text" if tag == "input" else "submit")
            if kind in ("checkbox", "radio") and "checked" not in given:
                kind = "unchecked"
            self.fields.append(Field(name, kind, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea is not None:
            self._close(value=self.textarea)
            self.textarea = None
        elif tag == "select" and self.fields:
            self._close(value=(self.select or [""])[0], options=tuple(dict.fromkeys(self.select)))
        elif tag == "form" and self.inside is not None:
            given = self.inside
            self.forms.append(
                Form(
                    self.page,
                    given.get("method", "get").lower(),
                    urljoin(self.page, given.get("action") or self.page),
                    given.get("enctype") == "multipart/form-data",
                    tuple(found for found in self.fields if found.name),
                )
            )
            self.inside = None

    def _close(self, value: str, options: tuple[str, ...] = ()) -> None:
        last = self.fields[-1]
        self.fields[-1] = Field(last.name, last.kind, value, options)


def read_forms(page: str, html: str) -> list[Form]:
    """The forms in the text of a page."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms


def find_forms(
    app: Flask, client: FlaskClient, starts: Iterable[str], looks_at: Mapping[str, int]
) -> list[Form]:
    """Every form that this browser meets from these addresses on, one of each shape.

    ``looks_at`` says for some endpoints at how many addresses to look, instead of MOST_LOOKS.
    """
    found: dict[tuple[object, ...], Form] = {}
    waiting, seen, looks = list(starts), set[str](), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if address in seen or endpoint is None:
            continue
        if looks.get(endpoint, 0) >= looks_at.get(endpoint, MOST_LOOKS):
            continue
        seen.add(address)
        looks[endpoint] = looks.get(endpoint, 0) + 1
        answer = client.get(address)
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        if answer.status_code in (301, 302, 303):
            waiting.append(answer.headers["Location"])
        reader = _Reader(address)
        reader.feed(html)
        waiting += [link.partition("#")[0] for link in reader.links if link.startswith("/")]
        for form in reader.forms:
            found.setdefault(form.shape, form)
    return list(found.values())


def endpoint_of(app: Flask, address: str, method: str = "get") -> str | None:
    """The endpoint behind an address, or None."""
    try:
        adapter = app.url_map.bind("localhost")
        return str(adapter.match(urlsplit(address).path, method.upper())[0])
    except HTTPException:
        return None


_ODD = ("\ud800", "a\udfffb", "\x00" * 40, "x" * 60_000, "é" * 9_000, "\r\n" * 500)
#: What breaks most pages that can be broken.
WORST = ("\x00'\"><img src=x onerror=alert(1)>", "9" * 30)
_TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(_ODD),
    st.text(max_size=60),
)
_FILES = st.one_of(
    st.just(b""),
    st.sampled_from(
        [
            b"GIF89a" + b"\0" * 40,
            b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
            b"\xff\xd8\xff\xe0" + b"\xff" * 60,
            b"%PDF-1.7\n%\xff\xff\n1 0 obj <</Type /Catalog /OpenAction 2 0 R>> endobj\ntrailer",
            b"PK\x03\x04" + b"\0" * 60,
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script>",
            b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
            b"site_code;name\n=cmd|' /C calc'!A0;<script>alert(1)</script>\n",
            b"MZ" + b"\0" * 100,
        ]
    ),
    st.binary(max_size=200),
)
_FILENAMES = st.sampled_from(
    [
        "foto.jpg",
        "werkblad.xlsx",
        "werkblad.csv",
        "rapport.pdf",
        "../../etc/passwd",
        "..\\..\\x.exe",
        "<script>alert(1)</script>.png",
        "a\x00.jpg",
        "x" * 400 + ".pdf",
        "",
        ".",
        "con.pdf",
    ]
)


def _values(found: Field) -> st.SearchStrategy[Part]:
    if found.kind == "file":
        return st.builds(Part, st.just(found.name), _FILES, _FILENAMES)
    usual = st.sampled_from([found.value, *found.options])
    return st.builds(Part, st.just(found.name), st.one_of(usual, usual, _TEXTS))


@st.composite
def fillings(draw: st.DrawFn, form: Form) -> list[Part]:
    """What a hostile browser sends: each field as it stands, strange, twice, or not at all."""
    parts: list[Part] = []
    for found in form.fields:
        if found.name == CSRF:
            parts.append(Part(CSRF, found.value))
            continue
        times = draw(st.sampled_from([1, 1, 1, 1, 1, 0, 2]))
        parts += [draw(_values(found)) for _ in range(times)]
    if draw(st.integers(0, 4)) == 0:
        parts += [Part(name, value) for name, value in STOWAWAYS.items() if name not in form.names]
    return parts


def sweeps(form: Form) -> Iterator[list[Part]]:
    """Each hostile text in all fields at once, and the worst of them in each field alone.

    Of a form that only asks, ``test_hostile_requests`` tries every parameter.
    """
    if form.method == "get":
        return
    usual = form.as_it_stands
    for value in (*NASTY, *_ODD):
        yield [_replaced(part, value) for part in usual]
    for name in form.names:
        for value in WORST if name != CSRF else ():
            yield [_replaced(part, value) if part.name == name else part for part in usual]


def _replaced(part: Part, value: str) -> Part:
    return part if part.name == CSRF else Part(part.name, value)


def send(client: FlaskClient, form: Form, parts: list[Part]) -> TestResponse:
    """The form as a browser would send it, byte by byte: the test client knows no bad text."""
    pairs = [(part.name, _to_bytes(part.value)) for part in parts]
    if form.method == "get":
        return client.get(f"{form.action.partition('?')[0]}?{urlencode(pairs)}")
    if form.is_multipart:
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return client.post(form.action, data=multipart(parts), content_type=kind)
    return client.post(form.action, data=urlencode(pairs).encode(), content_type=FORM)


def multipart(parts: list[Part]) -> bytes:
    """The body of a form with files."""
    body = b""
    for part in parts:
        head = f'form-data; name="{part.name}"'.encode()
        if part.filename is not None:
            head += b'; filename="' + _to_bytes(part.filename).replace(b'"', b"%22") + b'"'
            head += b"\r\nContent-Type: application/octet-stream"
        body += f"--{_BOUNDARY}\r\nContent-Disposition: ".encode() + head
        body += b"\r\n\r\n" + _to_bytes(part.value) + b"\r\n"
    return body + f"--{_BOUNDARY}--\r\n".encode()


def _to_bytes(value: str | bytes) -> bytes:
    return value.encode(errors="surrogatepass") if isinstance(value, str) else value
