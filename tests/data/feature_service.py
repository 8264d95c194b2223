"""A local service that answers as the OGC API Features of PDOK does, and can misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import geopandas as gpd
import shapely

from geo.crs import RD_URI, WGS84

PAGE_SIZE = 5
PREFIX = "/cbs/wijken-en-buurten-2024/ogc/v1"


@dataclass
class Answer:
    """What the service sends back."""

    status: int = 200
    content_type: str = "application/geo+json"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    wait_s: float = 0.0


#: Given the path, the question, the number of this request and the good answer: what to send.
Mischief = Callable[[str, Mapping[str, str], int, Answer], Answer]


def behave(_path: str, _asked: Mapping[str, str], _number: int, answer: Answer) -> Answer:
    """No mischief."""
    return answer


@dataclass
class FeatureServer:
    """The layers it serves, what it was asked, and how it misbehaves."""

    layers: Mapping[str, gpd.GeoDataFrame]
    address: str = ""
    mischief: Mischief = behave
    in_degrees: bool = False
    filters: bool = True
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, path: str, asked: dict[str, str]) -> Answer:
        """The answer to one request."""
        self.requests.append((path, asked))
        collection = path.removeprefix(f"{PREFIX}/collections/").removesuffix("/items")
        if collection not in self.layers:
            good = Answer(404, "application/problem+json", b'{"title": "Not Found"}')
        else:
            good = self._page(path, collection, asked)
        return self.mischief(path, asked, len(self.requests), good)

    def _page(self, path: str, collection: str, asked: dict[str, str]) -> Answer:
        found = self._found(self.layers[collection], asked)
        start = int(asked.get("cursor", "0"))
        part = found.iloc[start : start + PAGE_SIZE]
        if self.in_degrees:
            part = part.to_crs(WGS84)
        body = json.loads(part.to_json(drop_id=True))
        for feature, number in zip(body["features"], part.index, strict=True):
            feature["id"] = int(number) + 1
        body.pop("crs", None)
        links = [{"rel": "self", "href": self.address}]
        if start + PAGE_SIZE < len(found):
            query = urlencode({**asked, "cursor": start + PAGE_SIZE})
            origin = self.address.removesuffix(PREFIX)
            links.append({"rel": "next", "href": f"{origin}{path}?{query}"})
        body |= {
            "links": links,
            "timeStamp": f"{time.time()}",
            "numberReturned": len(part),
            "numberMatched": len(found),
        }
        uri = "http://www.opengis.net/def/crs/OGC/1.3/CRS84" if self.in_degrees else RD_URI
        return Answer(body=json.dumps(body).encode(), headers={"Content-Crs": f"<{uri}>"})

    def _found(self, layer: gpd.GeoDataFrame, asked: Mapping[str, str]) -> gpd.GeoDataFrame:
        if "gemeentecode" in asked and self.filters:
            layer = layer[layer["gemeentecode"] == asked["gemeentecode"]]
        if "bbox" in asked:
            x_min, y_min, x_max, y_max = (float(part) for part in asked["bbox"].split(","))
            layer = layer[layer.intersects(shapely.box(x_min, y_min, x_max, y_max))]
        return layer


@contextmanager
def serving(layers: Mapping[str, gpd.GeoDataFrame]) -> Iterator[FeatureServer]:
    """The service on a free port of this machine, as long as the block lasts."""
    service = FeatureServer(layers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            _send(self, service.answer(parts.path, asked))

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    time.sleep(answer.wait_s)
    try:
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.content_type)
        handler.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body[: answer.cut_at])
    except (BrokenPipeError, ConnectionResetError):
        pass
    if answer.cut_at is not None:
        handler.close_connection = True
