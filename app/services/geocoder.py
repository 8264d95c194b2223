"""Addresses looked up at a geocoder like the Locatieserver of PDOK; off unless it is set.

Asked by the server, never by a visitor's browser, and only when what someone typed is no place
that we know ourselves. What is typed is neither kept nor logged.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import requests

from geo.crs import diagnose, to_rd

#: A visitor waits for this answer.
CONNECT_S, READ_S, WHOLE_S = 2.0, 3.0, 4.0
MOST_HITS = 5
#: An answer of five hits is some 5 kB; more than this is no answer to our question.
MOST_BYTES = 200_000
LONGEST_LABEL = 120
_POINT = re.compile(r"POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.ASCII)

SILENT = "De dienst die adressen zoekt, geeft nu geen antwoord."
STRANGE = "De dienst die adressen zoekt, geeft een antwoord dat wij niet begrijpen."


class GeocoderError(Exception):
    """The geocoder did not answer as it should; the message is for the visitor, in Dutch."""


@dataclass(frozen=True)
class Address:
    """An address, street or town that the geocoder knows; in RD and whole metres."""

    label: str
    x_m: int
    y_m: int


@dataclass(frozen=True)
class Geocoder:
    """A service with the ``free`` question of Locatieserver v3.1 under ``base_url``."""

    base_url: str

    def find(self, text: str) -> list[Address]:
        """What the text may mean, likeliest first. Raises GeocoderError."""
        answer = self._ask({"q": text, "rows": str(MOST_HITS)})
        try:
            documents = json.loads(answer)["response"]["docs"]
        except (ValueError, TypeError, LookupError, RecursionError):
            raise GeocoderError(STRANGE) from None
        if not isinstance(documents, list):
            raise GeocoderError(STRANGE)
        found = [address for entry in documents if (address := _address(entry))]
        if documents and not found:
            raise GeocoderError(STRANGE)
        return found[:MOST_HITS]

    def _ask(self, question: dict[str, str]) -> bytes:
        deadline = time.monotonic() + WHOLE_S
        try:
            with requests.get(
                f"{self.base_url}/free",
                params=question,
                headers={"Accept": "application/json", "User-Agent": "vlekkenplan"},
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise GeocoderError(SILENT)
                return _body(answer, deadline)
        except (requests.RequestException, OSError):
            raise GeocoderError(SILENT) from None


def _body(answer: requests.Response, deadline: float) -> bytes:
    """The whole answer, unless it is too long or too slow: a service may also drip."""
    body = b""
    for part in answer.iter_content(16_384):
        body += part
        if len(body) > MOST_BYTES:
            raise GeocoderError(STRANGE)
        if time.monotonic() > deadline:
            raise GeocoderError(SILENT)
    return body


def _address(entry: Any) -> Address | None:
    """The address in a document of the answer; None when it names no place in the Netherlands."""
    if not isinstance(entry, dict):
        return None
    label, place = entry.get("weergavenaam"), _place(entry)
    if not isinstance(label, str) or place is None:
        return None
    readable = " ".join("".join(c for c in label if c.isprintable()).split())[:LONGEST_LABEL]
    return Address(readable, *place) if readable else None


def _place(entry: dict[str, Any]) -> tuple[int, int] | None:
    """The middle of what was found: in RD when the service gives that, else from degrees."""
    in_rd = _POINT.fullmatch(str(entry.get("centroide_rd", "")))
    if in_rd and diagnose(x := float(in_rd[1]), y := float(in_rd[2])) == "ok":
        return round(x), round(y)
    degrees = _POINT.fullmatch(str(entry.get("centroide_ll", "")))
    if degrees and diagnose(lon := float(degrees[1]), lat := float(degrees[2])) == "wgs84":
        x, y = to_rd(lon, lat)
        return round(x), round(y)
    return None
