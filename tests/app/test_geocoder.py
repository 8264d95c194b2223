"""The geocoder against a server of our own: what it asks, and every way in which it can fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.services import geocoder
from app.services.geocoder import SILENT, STRANGE, Address, Geocoder, GeocoderError

Handle = Callable[[BaseHTTPRequestHandler], None]
ServeWith = Callable[[Handle], Geocoder]
GROTE_MARKT = {
    "type": "adres",
    "weergavenaam": "Grote Markt 2, 2011RD Haarlem",
    "id": "adr-1",
    "score": 9.1,
    "centroide_ll": "POINT(4.635709 52.383148)",
    "centroide_rd": "POINT(103835.6 488630.4)",
}


@pytest.fixture
def serve_with() -> Iterator[ServeWith]:
    """A geocoder whose service does as it is told."""
    servers: list[ThreadingHTTPServer] = []

    def serving(handle: Handle) -> Geocoder:
        class Service(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                handle(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return Geocoder(f"http://127.0.0.1:{server.server_port}/search/v3_1")

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


def answer_with(body: bytes, status: int = 200, **headers: str) -> Handle:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return handle


def docs(*entries: Any) -> bytes:
    found = {"response": {"numFound": len(entries), "start": 0, "docs": list(entries)}}
    return json.dumps(found).encode()


def test_an_address_is_asked_and_read_in_metres(serve_with: ServeWith) -> None:
    asked: list[str] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        answer_with(docs(GROTE_MARKT))(request)

    found = serve_with(handle).find("grote markt 2 & haarlem")
    assert found == [Address("Grote Markt 2, 2011RD Haarlem", 103_836, 488_630)]
    assert urlsplit(asked[0]).path == "/search/v3_1/free"
    # The service refuses questions with names that it does not know.
    assert parse_qs(urlsplit(asked[0]).query) == {
        "q": ["grote markt 2 & haarlem"],
        "rows": ["5"],
    }


def test_degrees_do_when_there_are_no_metres(serve_with: ServeWith) -> None:
    entry = {key: value for key, value in GROTE_MARKT.items() if key != "centroide_rd"}
    (found,) = serve_with(answer_with(docs(entry))).find("grote markt 2")
    assert abs(found.x_m - 103_836) <= 1
    assert abs(found.y_m - 488_630) <= 1


def test_nothing_found_is_an_empty_list(serve_with: ServeWith) -> None:
    assert serve_with(answer_with(docs())).find("bestaat niet") == []


def test_no_more_hits_are_read_than_were_asked(serve_with: ServeWith) -> None:
    assert len(serve_with(answer_with(docs(*[GROTE_MARKT] * 40))).find("markt")) == 5


def test_a_label_is_made_fit_to_print(serve_with: ServeWith) -> None:
    entry = {**GROTE_MARKT, "weergavenaam": "  Markt\u202e\x00 2,\n Haarlem" + "x" * 500}
    (found,) = serve_with(answer_with(docs(entry))).find("markt")
    assert found.label.startswith("Markt 2, Haarlemxx")
    assert len(found.label) == 120


@pytest.mark.parametrize(
    "entry",
    [
        {"weergavenaam": "Parijs", "centroide_rd": "POINT(-3 5)", "centroide_ll": "POINT(2 48)"},
        {"weergavenaam": "Leeg", "centroide_rd": "POINT EMPTY"},
        {"weergavenaam": None, "centroide_rd": GROTE_MARKT["centroide_rd"]},
        {"centroide_rd": GROTE_MARKT["centroide_rd"]},
        {"weergavenaam": "\u200b", "centroide_rd": GROTE_MARKT["centroide_rd"]},
        "tekst",
        None,
    ],
)
def test_a_hit_without_a_place_or_name_is_left_out(serve_with: ServeWith, entry: Any) -> None:
    found = serve_with(answer_with(docs(entry, GROTE_MARKT))).find("x")
    assert [address.label for address in found] == [GROTE_MARKT["weergavenaam"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>storing</html>",
        b"[]",
        b"null",
        b"3",
        b'{"response": null}',
        b'{"response": {"docs": {"a": 1}}}',
        b'{"response": {"docs": [1, 2]}}',
        b"[" * 100_000,
        b'{"x": "' + b"x" * 300_000 + b'"}',
        b"\xff\xfe\x00",
    ],
)
def test_an_answer_that_makes_no_sense_is_said(serve_with: ServeWith, body: bytes) -> None:
    with pytest.raises(GeocoderError) as raised:
        serve_with(answer_with(body)).find("x")
    assert str(raised.value) == STRANGE


@pytest.mark.parametrize("status", [204, 301, 302, 400, 403, 404, 429, 500, 503])
def test_a_refusal_is_said_and_no_redirect_is_followed(serve_with: ServeWith, status: int) -> None:
    handle = answer_with(b"", status, Location="http://127.0.0.1:1/")
    with pytest.raises(GeocoderError) as raised:
        serve_with(handle).find("x")
    assert str(raised.value) == SILENT


def test_a_service_that_is_away_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = Geocoder(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(GeocoderError) as raised:
            away.find("x")
    assert str(raised.value) == SILENT


def test_a_service_that_keeps_silent_does_not_keep_the_visitor_waiting(
    serve_with: ServeWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoder, "READ_S", 0.2)
    started = time.monotonic()
    with pytest.raises(GeocoderError) as raised:
        serve_with(lambda _: time.sleep(1)).find("x")
    assert str(raised.value) == SILENT
    assert time.monotonic() - started < 0.9


def test_a_service_that_drips_does_not_keep_the_visitor_waiting(
    serve_with: ServeWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoder, "WHOLE_S", 0.3)

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(40):
            request.wfile.write(b" " * 20_000)
            time.sleep(0.1)

    started = time.monotonic()
    with pytest.raises(GeocoderError):
        serve_with(drip).find("x")
    assert time.monotonic() - started < 1.5


def test_an_answer_cut_off_half_way_is_said(serve_with: ServeWith) -> None:
    def cut(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(docs(GROTE_MARKT)[:40])

    with pytest.raises(GeocoderError) as raised:
        serve_with(cut).find("x")
    assert str(raised.value) in (SILENT, STRANGE)
