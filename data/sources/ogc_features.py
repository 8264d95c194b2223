"""Fetching a collection of an OGC API Features service, page by page, kept on disk.

The service has no offset: each page names the next. A page is kept as it arrives, so that an
interrupted fetch goes on where it was. Errors are in Dutch and say what to do.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from data.errors import DataError
from data.progress import Progress, silent
from geo.crs import RD_URI

_RETRIED = (429, 500, 502, 503, 504)
_HOUR_S = 3_600.0


class FetchError(DataError):
    """A service does not give what was asked; the message says what the user can do."""


class InconsistentPages(FetchError):
    """Pages that do not belong together; keeping them would repeat the fault."""


@dataclass(frozen=True)
class FetchSettings:
    """How patient we are: time-outs in seconds, tries, the growing pause, and age of pages."""

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0
    tries: int = 5
    pause_s: float = 1.0
    page_size: int = 1_000
    keep_pages_h: float = 24.0
    user_agent: str = "vlekkenplan (import van wijken en buurten)"


@dataclass(frozen=True)
class Page:
    """One page: its features, the system of its coordinates, and where the next one is."""

    features: list[dict[str, Any]]
    crs_uri: str
    next_address: str | None
    matched_count: int | None


class FeatureService:
    """A service at one address; pages are kept in ``folder`` until ``forget``."""

    def __init__(
        self,
        address: str,
        folder: Path,
        settings: FetchSettings | None = None,
        progress: Progress = silent,
    ) -> None:
        self.address = address.rstrip("/")
        self.settings = settings or FetchSettings()
        self.folder = folder
        self.progress = progress
        self._session = _new_session(self.settings)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def forget(self) -> None:
        """Delete the pages that were kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def pages(self, collection: str, parameters: Mapping[str, str]) -> list[Page]:
        """All pages of what is asked of a collection, from disk as far as they are there.

        Raises FetchError when the service fails, goes round in a circle or gives fewer
        features than it promised.
        """
        asked = {"f": "json", "limit": str(self.settings.page_size), "crs": RD_URI, **parameters}
        first = requests.Request(
            "GET", f"{self.address}/collections/{collection}/items", params=asked
        )
        try:
            pages = list(self._follow(collection, str(first.prepare().url)))
            _check_complete(collection, pages)
        except InconsistentPages:
            self._forget_collection(collection)
            raise
        return pages

    def _follow(self, collection: str, address: str | None) -> Iterator[Page]:
        seen: set[str] = set()
        while address is not None:
            if address in seen:
                raise InconsistentPages(
                    f"De dienst verwijst bij {collection} steeds naar dezelfde pagina. Probeer "
                    "het later opnieuw, of haal het bestand op en gebruik: vlekkenplan import cbs"
                )
            seen.add(address)
            page = self._page(collection, address, number=len(seen))
            yield page
            address = page.next_address

    def _page(self, collection: str, address: str, number: int) -> Page:
        file = (
            self.folder / f"{collection}-{hashlib.sha256(address.encode()).hexdigest()[:16]}.json"
        )
        stored = self._stored(file)
        if stored is not None:
            return _to_page(stored["body"], stored["crs_uri"], address)
        fetched = self._fetch(collection, address)
        page = _to_page(fetched["body"], fetched["crs_uri"], address)
        _write_whole(file, fetched)
        self.progress(f"{collection}: pagina {number} opgehaald")
        return page

    def _forget_collection(self, collection: str) -> None:
        for file in self.folder.glob(f"{collection}-*.json"):
            file.unlink()

    def _stored(self, file: Path) -> dict[str, Any] | None:
        oldest = time.time() - self.settings.keep_pages_h * _HOUR_S
        if not file.exists() or file.stat().st_mtime < oldest:
            return None
        try:
            kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            return None
        return kept

    def _fetch(self, collection: str, address: str) -> dict[str, Any]:
        timeouts = (self.settings.connect_timeout_s, self.settings.read_timeout_s)
        try:
            answer = self._session.get(address, timeout=timeouts)
            content = answer.content
        except requests.RequestException as error:
            raise FetchError(self._reworded(error)) from error
        _check_answer(answer, collection)
        try:
            body = json.loads(content)
        except ValueError as error:
            raise FetchError(
                f"De dienst gaf bij {collection} een antwoord dat wij niet kunnen lezen."
            ) from error
        crs_uri = answer.headers.get("Content-Crs", "").strip().strip("<>")
        return {"body": body, "crs_uri": crs_uri, "address": address}

    def _reworded(self, error: requests.RequestException) -> str:
        kept = len(list(self.folder.glob("*.json"))) if self.folder.exists() else 0
        host = urlsplit(self.address).netloc
        causes = (
            (requests.exceptions.RetryError, f"{host} is overbelast of stuk"),
            (requests.exceptions.ConnectTimeout, f"{host} antwoordt niet op tijd"),
            (requests.exceptions.ReadTimeout, f"{host} antwoordt niet op tijd"),
            (requests.exceptions.ChunkedEncodingError, f"de verbinding met {host} viel weg"),
            (requests.exceptions.SSLError, f"de beveiligde verbinding met {host} lukt niet"),
        )
        cause = next((words for kind, words in causes if isinstance(error, kind)), None)
        cause = cause or _connection_cause(error, host)
        return (
            f"Ophalen is niet gelukt: {cause}. Typ hetzelfde straks nog eens; {kept} pagina's "
            "zijn bewaard en hoeven niet opnieuw."
        )


def _connection_cause(error: requests.RequestException, host: str) -> str:
    if "timed out" in str(error).lower():
        return f"{host} antwoordt niet op tijd"
    return f"er is geen verbinding met {host}"


def _new_session(settings: FetchSettings) -> requests.Session:
    retry = Retry(
        total=settings.tries - 1,
        status_forcelist=_RETRIED,
        allowed_methods=("GET",),
        backoff_factor=settings.pause_s,
        backoff_max=60,
        respect_retry_after_header=True,
    )
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=retry))
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.headers.update(
        {"User-Agent": settings.user_agent, "Accept": "application/geo+json, application/json"}
    )
    return session


def _check_answer(answer: requests.Response, collection: str) -> None:
    if answer.status_code == requests.codes.not_found:
        raise FetchError(
            f"De dienst kent {collection} niet op {answer.url.split('?')[0]}. Kijk of het jaar en "
            "het adres kloppen."
        )
    if not answer.ok:
        raise FetchError(f"De dienst weigert de vraag om {collection} (code {answer.status_code}).")
    kind = answer.headers.get("Content-Type", "").split(";")[0].strip()
    if "json" not in kind:
        raise FetchError(
            f"De dienst gaf bij {collection} geen GeoJSON maar {kind or 'iets zonder soort'}. "
            "Misschien is er een storing, of klopt het adres niet."
        )


def _to_page(body: Any, crs_uri: str, address: str) -> Page:
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list):
        raise FetchError("De dienst gaf JSON zonder gebieden. Kijk of het adres klopt.")
    links = [link for link in body.get("links", []) if link.get("rel") == "next"]
    next_address = urljoin(address, links[0]["href"]) if links else None
    if next_address is not None and urlsplit(next_address)[:2] != urlsplit(address)[:2]:
        raise FetchError(
            f"De dienst verwijst naar een ander adres ({urlsplit(next_address).netloc}). Dat "
            "volgen wij niet."
        )
    matched = body.get("numberMatched")
    return Page(features, crs_uri, next_address, matched if isinstance(matched, int) else None)


def _check_complete(collection: str, pages: list[Page]) -> None:
    promised = pages[-1].matched_count
    received = sum(len(page.features) for page in pages)
    if promised is not None and received < promised:
        raise InconsistentPages(
            f"De dienst beloofde {promised} {collection}, maar gaf er {received}. Probeer het "
            "later opnieuw."
        )


def _write_whole(file: Path, content: Mapping[str, Any]) -> None:
    """Write so that a file is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(file)
