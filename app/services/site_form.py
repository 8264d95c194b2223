"""The form of a site: what is asked, as texts, and those texts read into what is stored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import shapely

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES
from analysis.registry import Registry
from app.numbers import to_dutch_date
from app.services.imports import secret_words
from app.services.outline_text import OutlineError, outline_of, text_of_outline
from app.services.typed_points import TypedPointError, typed_point
from data.changes.sites import SiteFields
from data.publication import PUBLICATION_LEVELS
from data.queries.workspace import WorkspaceSite

Texts = Mapping[str, str]
_T = TypeVar("_T")
FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_LINE, LONGEST_TEXT, SHORTEST_REASON = 150, 2000, 3
MOST_PLACES = 5000
#: What the type of a new site may be: a kind of place that stands on the map.
SITE_TYPES = tuple(entry for entry in FACILITY_TYPES if entry.recorded.key == "site")
#: With what a site from the workspace begins.
FIRST_STATUSES: tuple[SiteStatus, ...] = (SITE_STATUSES["idee"], SITE_STATUSES["verkend"])
SECRET = (
    "Dit lijkt over vrouwenopvang te gaan. Die adressen zijn geheim en bewaren wij nooit. Haal "
    "dit weg; de rest van het formulier blijft staan."
)
_TYPED_PLACE = (
    "Dit is geen plek. Typ RD-meters (zoals 103900, 488500) of graden (zoals 52,38 4,63), klik "
    "op de kaart of zoek een adres."
)


@dataclass(frozen=True)
class SiteField:
    """One question of the form; ``column`` is where its answer is kept."""

    key: str
    label: str
    column: str


SITE_FIELDS = Registry(
    "site field",
    (
        SiteField("naam", "Naam", "name"),
        SiteField("soort", "Soort plek", "type"),
        SiteField("aanbieder", "Aanbieder", "provider"),
        SiteField("toelichting", "Toelichting", "description"),
        SiteField("adres", "Adres", "address"),
        SiteField("plek", "Plek", "geom"),
        SiteField("omtrek", "Omtrek", "outline"),
        SiteField("publicatie", "Wie mag dit zien?", "publication"),
        SiteField("geldig_van", "In het overzicht vanaf", "valid_from"),
        SiteField("geldig_tot", "In het overzicht tot en met", "valid_to"),
    ),
)


class FieldFaults(Exception):
    """What is wrong with a form, in Dutch, by the key of its field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(self.faults.values()))


class _Fault(Exception):
    """What is wrong with one text."""


@dataclass(frozen=True)
class FirstState:
    """With what a new site begins."""

    status: str
    from_date: dt.date
    capacity_count: int | None


def site_texts(site: WorkspaceSite) -> dict[str, str]:
    """A stored site as the form shows it."""
    return {
        "naam": site.name,
        "soort": site.type,
        "aanbieder": site.provider or "",
        "toelichting": site.description or "",
        "adres": site.address or "",
        "plek": point_text(site.point),
        "omtrek": text_of_outline(site.outline),
        "publicatie": site.publication,
        "geldig_van": _date_text(site.valid_from),
        "geldig_tot": _date_text(site.valid_to),
    }


def point_text(point: shapely.Point) -> str:
    """A place in RD, whole metres."""
    return f"{round(point.x)}, {round(point.y)}"


def shown_text(key: str, text: str) -> str:
    """The text of a field as people read it."""
    if not text:
        return "niets ingevuld"
    if key == "soort" and text in FACILITY_TYPES:
        return FACILITY_TYPES[text].label
    if key == "publicatie":
        return next((level.label for level in PUBLICATION_LEVELS if level.key == text), text)
    if key in ("geldig_van", "geldig_tot"):
        try:
            return to_dutch_date(dt.date.fromisoformat(text))
        except ValueError:
            return text
    return text


def same_text(one: str, other: str) -> bool:
    """Whether two texts of a field say the same; browsers send other line ends than we store."""
    return _lines(one) == _lines(other)


def read_site(texts: Texts, stored: WorkspaceSite | None = None) -> SiteFields:
    """What the texts say of a site. Raises FieldFaults with every fault at once.

    A place or outline whose text is still that of ``stored`` keeps its decimals, and a type
    stays allowed that new sites may no longer have.
    """
    before = site_texts(stored) if stored else {}
    reading = _Reading(texts)
    kind = reading.read("soort", lambda text: _type(text, before.get("soort")))
    point = reading.read("plek", _point)
    outline = reading.read("omtrek", outline_of)
    if stored and same_text(before["plek"], texts.get("plek", "")):
        point = stored.point
    if stored and same_text(before["omtrek"], texts.get("omtrek", "")):
        outline = stored.outline
    if point is not None and outline is not None and not outline.covers(point):
        reading.faults.setdefault("omtrek", "De plek ligt buiten deze omtrek.")
    fields = SiteFields(
        name=reading.read("naam", lambda text: _line(text, "Geef de plek een naam.")) or "",
        type=kind or "",
        provider=reading.read("aanbieder", _line) or None,
        address=reading.read("adres", _line) or None,
        description=reading.read("toelichting", _paragraphs) or None,
        publication=reading.read("publicatie", _publication) or "",
        valid_from=reading.read("geldig_van", _date),
        valid_to=reading.read("geldig_tot", _date),
        point=point or shapely.Point(),
        outline=outline,
    )
    if fields.valid_from and fields.valid_to and fields.valid_to < fields.valid_from:
        reading.faults["geldig_tot"] = "Deze dag ligt voor de eerste dag."
    reading.finish()
    return fields


def read_reason(texts: Texts) -> str:
    """Why something changes, in a few words. Raises FieldFaults."""
    reading = _Reading(texts)
    reason = reading.read("reden", lambda text: _line(text, "Schrijf kort waarom."))
    if reason is not None and len(reason) < SHORTEST_REASON:
        reading.faults["reden"] = "Schrijf in een paar woorden waarom."
    reading.finish()
    return reason or ""


def read_first_state(texts: Texts, today: dt.date) -> FirstState:
    """With what a new site begins. Raises FieldFaults."""
    reading = _Reading(texts)
    status = reading.read("fase", _first_status)
    from_date = reading.read("fase_datum", lambda text: _past(text, today))
    capacity_count = reading.read("aantal", _capacity)
    reading.finish()
    return FirstState(status or "", from_date or today, capacity_count)


class _Reading:
    """Texts that are read one by one; faults are kept by field."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.faults: dict[str, str] = {}

    def read(self, key: str, to_value: Callable[[str], _T]) -> _T | None:
        text = _lines(self.texts.get(key, "")).strip()
        try:
            if secret_words().are_in(text):
                raise _Fault(SECRET)
            return to_value(text)
        except (_Fault, TypedPointError, OutlineError) as fault:
            self.faults[key] = str(fault)
            return None

    def finish(self) -> None:
        if self.faults:
            raise FieldFaults(self.faults)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(text: str, asked: str | None = None) -> str:
    words = " ".join(text.split())
    if not words and asked:
        raise _Fault(asked)
    if len(words) > LONGEST_LINE:
        raise _Fault(f"Dit is te lang: hoogstens {LONGEST_LINE} tekens.")
    if not words.isprintable():
        raise _Fault("Hier staan tekens in die niet te lezen zijn.")
    return words


def _paragraphs(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise _Fault(f"Dit is te lang: {len(text)} tekens, en er passen er {LONGEST_TEXT}.")
    if not text.replace("\n", "").replace("\t", " ").isprintable():
        raise _Fault("Hier staan tekens in die niet te lezen zijn.")
    return text


def _type(text: str, before: str | None) -> str:
    if text == before or text in {entry.key for entry in SITE_TYPES}:
        return text
    raise _Fault("Kies een soort plek uit de lijst.")


def _publication(text: str) -> str:
    if text not in {level.key for level in PUBLICATION_LEVELS}:
        raise _Fault("Kies wie deze locatie mag zien.")
    return text


def _point(text: str) -> shapely.Point:
    if not text:
        raise _Fault("Kies een plek: zoek een adres, klik op de kaart of typ coördinaten.")
    found = typed_point(text)
    if found is None:
        raise _Fault(_TYPED_PLACE)
    return shapely.Point(*found)


def _date(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise _Fault("Dit is geen datum. Schrijf jaar-maand-dag, zoals 2026-01-31.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _Fault(f"Kies een jaar van {FIRST_YEAR} tot en met {LAST_YEAR}.")
    return day


def _past(text: str, today: dt.date) -> dt.date:
    day = _date(text)
    if day is None:
        raise _Fault("Vul in sinds wanneer dit zo is.")
    if day > today:
        raise _Fault("Deze dag moet nog komen. Vul vandaag in, of een dag die geweest is.")
    return day


def _first_status(text: str) -> str:
    if text not in {status.key for status in FIRST_STATUSES}:
        raise _Fault("Kies hoe ver het is.")
    return text


def _capacity(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_PLACES:
        raise _Fault(
            f"Schrijf een heel getal van 1 tot en met {MOST_PLACES}, of laat het open als u het "
            "nog niet weet."
        )
    return int(text)


def _date_text(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
