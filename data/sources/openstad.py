"""Contributions as OpenStad gives them: resources in CSV, XLSX or JSON, checked row by row.

OpenStad Headless (https://github.com/openstad/openstad-headless) names its columns in Dutch for
people (Titel, Samenvatting, Beschrijving, Locatie (lat) ...) or as its programs do (title,
location.lat, createdAt ...); both are read. Who wrote it is never read: columns about a user are
dropped before anything else looks at the file. What is left and nobody asked for is not kept.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from data.faults import check_none, refuse
from data.sources.cells import Cell, CellError, check_readable, is_empty, to_plain, to_text
from data.sources.file_columns import FileColumn, ParsedRow
from data.sources.reading import Choices, Reading, parse_table
from data.sources.secrets import SecretWords
from data.sources.table_files import Row, TableFile, read_table_file
from data.sources.written_moments import to_moment
from geo.crs import to_rd

#: Longer than this is no contribution of one person; a body has to fit on a page.
LONGEST_TITLE = 255
MOST_ROWS = 5_000
LARGEST_JSON_BYTES = 50_000_000
#: The Netherlands in degrees; latitude and longitude can't be mistaken for each other here.
_LATITUDES, _LONGITUDES = (50.5, 53.8), (3.0, 7.5)
#: Columns about who wrote it, or what was done to it there: never read.
_PERSONAL = re.compile(
    r"^(user|gebruiker|owner|author|auteur|inzender|submitter|naam|name|e ?mail|email ?adres|"
    r"telefoon|phone|adres|address|postcode|woonplaats|city|ip|nickname|display ?name)\b"
)
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"(?i)<\s*(br\s*/?|/p|/li|/h\d|/div)\s*>")


@dataclass(frozen=True)
class OpenstadContribution:
    """One resource. ``point`` is in RD; ``theme`` and ``status`` are as the other system says."""

    row: int
    external_id: str
    body: str
    point: shapely.Point | None
    made_at: dt.datetime | None
    theme: str | None
    status: str | None


@dataclass(frozen=True)
class OpenstadFile:
    """The resources of a file, and what the user should know about it."""

    contributions: tuple[OpenstadContribution, ...]
    notes: tuple[str, ...]


def to_words(cell: Cell) -> str | None:
    """Text as people read it: without HTML, each paragraph on a line of its own."""
    if is_empty(cell):
        return None
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", str(cell))))
    check_readable(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    shown = ("".join(sign for sign in line if sign.isprintable()) for line in lines)
    return "\n".join(line for line in shown if line) or None


def to_names(cell: Cell) -> str | None:
    """The names of tags or statuses: a word, or JSON objects with a name or label, with commas."""
    text = "" if is_empty(cell) else str(cell).strip()
    if not text.startswith(("{", "[")):
        return to_words(text)
    try:
        found = json.loads(text if text.startswith("[") else f"[{text}]")
    except ValueError as error:
        raise CellError("Dit is geen lijst die wij kunnen lezen.") from error
    names = [one.get("name") or one.get("label") if isinstance(one, dict) else one for one in found]
    return ", ".join(told for name in names if (told := to_words(name))) or None


def to_degrees(low: float, high: float) -> Callable[[Cell], float | None]:
    """A parser for degrees between these: a decimal point or comma."""

    def parse(cell: Cell) -> float | None:
        if is_empty(cell):
            return None
        try:
            number = float(str(cell).strip().replace(",", "."))
        except ValueError:
            raise CellError("Dit is geen getal in graden, zoals 52.3812.") from None
        if not low <= number <= high:
            raise CellError("Deze plek ligt niet in Nederland. Staan lengte en breedte verwisseld?")
        return number

    return parse


def to_place(cell: Cell) -> shapely.Point | None:
    """A point in RD from JSON: lat with lng or lon, or coordinates in either order."""
    if is_empty(cell):
        return None
    try:
        found = cell if isinstance(cell, dict) else json.loads(str(cell))
        lon, lat = _lon_lat(found)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        raise CellError(
            'Dit is geen plek die wij kunnen lezen, zoals {"lat": 52.38, "lng": 4.63}.'
        ) from None
    return _point(lon, lat)


COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "external_id",
        ("id", "inzending id", "resource id", "resourceid", "nummer"),
        to_text,
        "het nummer in het andere systeem",
    ),
    FileColumn("title", ("titel", "title"), to_words, "de titel"),
    FileColumn("summary", ("samenvatting", "summary"), to_words, "de samenvatting"),
    FileColumn(
        "description", ("beschrijving", "description", "tekst", "body"), to_words, "de tekst"
    ),
    FileColumn(
        "lat",
        ("locatie lat", "location lat", "lat", "latitude", "breedtegraad", "position lat"),
        to_degrees(*_LATITUDES),
        "de breedtegraad",
    ),
    FileColumn(
        "lng",
        ("locatie lng", "location lng", "lng", "lon", "longitude", "lengtegraad", "position lng"),
        to_degrees(*_LONGITUDES),
        "de lengtegraad",
    ),
    FileColumn("location", ("location", "locatie", "position"), to_place, "de plek als JSON"),
    FileColumn(
        "made_at",
        (
            "createdat",
            "created at",
            "datum aangemaakt leesbaar",
            "datum aangemaakt",
            "aangemaakt op",
            "createdatehumanized",
            "datum",
        ),
        to_moment,
        "wanneer het binnenkwam",
    ),
    FileColumn(
        "theme", ("tags theme", "theme", "thema", "tags thema", "tags"), to_names, "het thema"
    ),
    FileColumn("status", ("statussen", "statuses", "status"), to_names, "de status daar"),
)


def read_openstad(
    path: Path, choices: Choices, secret: SecretWords, longest_body: int
) -> OpenstadFile:
    """The resources of a file. Raises Refused with every fault of it."""
    table = _json_table(path) if path.suffix.lower() in (".json", ".geojson") else None
    table, dropped = _without_persons(table or read_table_file(path, choices.part))
    if len(table.rows) > MOST_ROWS:
        raise refuse(f"Dit bestand heeft meer dan {MOST_ROWS} reacties. Verdeel het.")
    reading = parse_table(table, COLUMNS, choices, needed=("external_id",), secret=secret)
    if not {"title", "summary", "description"} & set(reading.found):
        raise refuse("Er is geen kolom met tekst. Geef titel, samenvatting of beschrijving.")
    made = [_to_contribution(row, reading, longest_body) for row in reading.rows]
    _check_once(reading)
    check_none(reading.faults)
    notes = [*reading.notes]
    if dropped:
        notes.append(f"Niet gelezen, want over personen: {', '.join(dropped)}.")
    return OpenstadFile(tuple(one for one in made if one is not None), tuple(notes))


def _without_persons(table: TableFile) -> tuple[TableFile, list[str]]:
    """The table without what is about who wrote it, and the names of those columns."""
    dropped = [name for name in table.columns if _PERSONAL.match(to_plain(name))]
    kept = tuple(name for name in table.columns if name not in dropped)
    rows = tuple(
        Row(row.number, {name: row.cells.get(name) for name in kept}, row.xy) for row in table.rows
    )
    return replace(table, columns=kept, rows=rows), dropped


def _to_contribution(
    row: ParsedRow, reading: Reading, longest_body: int
) -> OpenstadContribution | None:
    values = row.values
    if "external_id" in reading.found and values.get("external_id", "unread") is None:
        reading.blame(row, "external_id", "Vul het nummer in. Zo herkennen wij de reactie later.")
    body = _body(values)
    if body is None and not any(reading.has_fault_at(row, key) for key in _TEXTS):
        reading.blame(row, _text_column(reading), "Hier staat geen tekst. Haal deze rij weg.")
    elif body is not None and len(body) > longest_body:
        reading.blame(
            row,
            _text_column(reading),
            f"Deze tekst is te lang: {len(body)} tekens. Hoogstens {longest_body}.",
        )
    point = _point_of(row, reading)
    if body is None or values.get("external_id") is None:
        return None
    return OpenstadContribution(
        row.number,
        str(values["external_id"]),
        body,
        point,
        values.get("made_at"),
        values.get("theme"),
        values.get("status"),
    )


_TEXTS = ("title", "summary", "description")


def _body(values: Mapping[str, Any]) -> str | None:
    """Title, summary and description, each once."""
    parts: list[str] = []
    for key in _TEXTS:
        text = values.get(key)
        if text and text not in parts:
            parts.append(text)
    return "\n\n".join(parts) or None


def _text_column(reading: Reading) -> str:
    return next(key for key in ("description", "summary", "title") if key in reading.found)


def _point_of(row: ParsedRow, reading: Reading) -> shapely.Point | None:
    lat, lng = row.values.get("lat"), row.values.get("lng")
    if lat is not None and lng is not None:
        return _point(lng, lat)
    can_be_read = not (reading.has_fault_at(row, "lat") or reading.has_fault_at(row, "lng"))
    if (lat is None) != (lng is None) and can_be_read:
        missing = "lat" if lat is None else "lng"
        reading.blame(row, missing, "Van deze plek ontbreekt de breedte- of de lengtegraad.")
    place: shapely.Point | None = row.values.get("location")
    return place


def _check_once(reading: Reading) -> None:
    first: dict[str, int] = {}
    for row in reading.rows:
        number = row.values.get("external_id")
        if number is None:
            continue
        if number in first:
            reading.blame(
                row, "external_id", f"Dit nummer staat ook in rij {first[number]}.", str(number)
            )
        first.setdefault(number, row.number)


def _json_table(path: Path) -> TableFile:
    """The records of a JSON file as a table; ``records`` or ``data`` may stand around them."""
    if not path.is_file() or path.stat().st_size > LARGEST_JSON_BYTES:
        raise refuse(f"Het bestand {path.name} is er niet, of is te groot.")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refuse(f"{path.name} is geen JSON die wij kunnen lezen.") from error
    if isinstance(content, dict):
        content = next(
            (content[key] for key in ("records", "data", "resources") if key in content), None
        )
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise refuse(f"In {path.name} staat geen lijst van inzendingen.")
    flat = [_flat(one) for one in content]
    columns = tuple(dict.fromkeys(name for one in flat for name in one))
    rows = tuple(Row(number, one) for number, one in enumerate(flat, start=1))
    if not rows:
        raise refuse(f"In {path.name} staan geen inzendingen.")
    return TableFile(path, "", columns, rows, ("In JSON is rij 1 de eerste inzending.",))


def _flat(record: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The values of a record by dotted names; a place and lists stay whole."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, dict) and key not in ("location", "position"):
            found |= _flat(value, name)
        elif isinstance(value, dict | list):
            found[name] = json.dumps(value, ensure_ascii=False) if value else None
        else:
            found[name] = value
    return found


def _lon_lat(found: Mapping[str, Any]) -> tuple[float, float]:
    if "coordinates" in found:
        one, other = (float(number) for number in found["coordinates"][:2])
        return (one, other) if _is_between(one, _LONGITUDES) else (other, one)
    lon = found["lng"] if "lng" in found else found["lon"]
    return float(lon), float(found["lat"])


def _point(lon: float, lat: float) -> shapely.Point:
    if not (_is_between(lon, _LONGITUDES) and _is_between(lat, _LATITUDES)):
        raise CellError("Deze plek ligt niet in Nederland.")
    return shapely.Point(*(round(metres, 2) for metres in to_rd(lon, lat)))


def _is_between(number: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= number <= limits[1]
