"""All own sites as a workbook to work in: one row per state, and lists to choose from.

Read back unchanged it changes nothing. Text stays text: no cell is ever run as a formula.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.services.downloads import write_text
from data.publication import PUBLICATION_LEVELS
from data.queries.worklist import LifeStep
from data.queries.workspace import WorkspaceSite
from data.sources.site_columns import SITE_COLUMNS

SHEET, EXPLANATION, CHOICES = "Locaties", "Uitleg", "Keuzes"
MARK, GEMEENTE = "versie", "gemeente"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Centimetres of a place that are kept in the sheet.
PLACE_DECIMALS = 2
_COLUMNS = tuple(column for column in SITE_COLUMNS if column.key not in ("lon", "lat", "crs"))
HEADER = (*(column.label for column in _COLUMNS), MARK, GEMEENTE)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": tuple(entry.label for entry in FACILITY_TYPES if entry.recorded.key == "site"),
    "status": tuple(status.label for status in SITE_STATUSES),
    "publication": tuple(level.label for level in PUBLICATION_LEVELS),
}
_LEVELS = {level.key: level.label for level in PUBLICATION_LEVELS}
_ROOM_BELOW = 500
_READ_ONLY = PatternFill("solid", fgColor="E6E9EA")
_WIDTHS = {"name": 32, "type": 26, "provider": 26, "address": 28, "description": 40, "reason": 28}
_USUAL_WIDTH = 15
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "Wat is dit?",
        "Alle locaties waar u aan werkt. U wijzigt ze hier, en leest het bestand daarna weer in "
        "bij de werkbank, onder Werkblad. Eerst ziet u wat er verandert. Pas als u dat goed vindt, "
        "slaan wij het op.",
    ),
    (
        "Eén rij per fase",
        "Een locatie heeft een rij voor elke fase of elk aantal plekken, met de datum in ‘status "
        "sinds’. Wat van de hele locatie is (naam, type, adres, plek), staat in elke rij gelijk.",
    ),
    (
        "Iets wijzigen",
        "Wijzig het vakje. Is het iets van de hele locatie, doe het dan in elke rij met die code.",
    ),
    (
        "Een nieuwe fase",
        "Kopieer een rij van de locatie en vul de nieuwe status, datum en plekken in. Bij "
        "‘afgevallen’ hoort een reden.",
    ),
    (
        "Een fase weghalen",
        "Haal de rij weg. Bij een locatie met een versie telt alleen wat er nog staat.",
    ),
    (
        "Een nieuwe locatie",
        "Maak een nieuwe rij met een eigen code. Laat de versie leeg. Zonder publicatie is de "
        "locatie intern.",
    ),
    (
        "Een locatie weglaten",
        "Dat mag. Een locatie die niet in het bestand staat, blijft zoals zij is.",
    ),
    (
        "Grijze kolommen",
        "Die wijzigt u niet. De versie vertelt ons of iemand anders de locatie intussen wijzigde. "
        "De gemeente volgt uit de plek.",
    ),
    ("x en y", "De plek in RD, in meters. De x is hier rond 100000, de y rond 490000."),
    (
        "Nooit",
        "Zet hier niets over vrouwenopvang in: die adressen zijn geheim. Het hele bestand wordt "
        "dan geweigerd. Zet er ook geen namen van personen in.",
    ),
)


def version_mark(site: WorkspaceSite, steps: Iterable[LifeStep]) -> str:
    """What changes whenever the site or its life does."""
    life = repr([(s.from_date, s.status, s.capacity_count, s.reason) for s in steps])
    return f"{site.version}-{hashlib.sha256(life.encode()).hexdigest()[:8]}"


def to_workbook(
    sites: Sequence[WorkspaceSite],
    lives: Mapping[int, Sequence[LifeStep]],
    gemeenten: Mapping[str, str],
) -> bytes:
    """The workbook; a site without any state is left out, for a row needs a status."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _write_header(sheet)
    row = 2
    for site in sites:
        steps = lives.get(site.id, ())
        for step in steps:
            _write_row(sheet, row, site, step, version_mark(site, steps), gemeenten)
            row += 1
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADER))}{max(row - 1, 1)}"
    _write_explanation(book.create_sheet(EXPLANATION))
    _offer_choices(sheet, book.create_sheet(CHOICES), row + _ROOM_BELOW)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_header(sheet: Worksheet) -> None:
    for number, label in enumerate(HEADER, start=1):
        cell = write_text(sheet, 1, number, label)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
        key = _COLUMNS[number - 1].key if number <= len(_COLUMNS) else ""
        width = _WIDTHS.get(key, _USUAL_WIDTH)
        sheet.column_dimensions[get_column_letter(number)].width = width
        if label in (MARK, GEMEENTE):
            cell.fill = _READ_ONLY


def _write_row(
    sheet: Worksheet,
    row: int,
    site: WorkspaceSite,
    step: LifeStep,
    mark: str,
    gemeenten: Mapping[str, str],
) -> None:
    values: dict[str, object] = {column.key: getattr(site, column.key, None) for column in _COLUMNS}
    values |= {"type": FACILITY_TYPES[site.type].label, "publication": _LEVELS[site.publication]}
    values |= {"status": SITE_STATUSES[step.status].label, "from_date": step.from_date}
    values |= {"capacity_count": step.capacity_count, "reason": step.reason}
    values |= {"x": round(site.point.x, PLACE_DECIMALS), "y": round(site.point.y, PLACE_DECIMALS)}
    for number, column in enumerate(_COLUMNS, start=1):
        _write_value(sheet, row, number, values[column.key])
    for number, text in enumerate(
        (mark, gemeenten.get(site.gemeente_code or "", "")), start=len(_COLUMNS) + 1
    ):
        write_text(sheet, row, number, text).fill = _READ_ONLY


def _write_value(sheet: Worksheet, row: int, number: int, value: object) -> None:
    if isinstance(value, dt.date):
        at = dt.datetime(value.year, value.month, value.day)
        sheet.cell(row, number, at).number_format = "dd-mm-yyyy"
    elif isinstance(value, int | float):
        sheet.cell(row, number, value)
    elif value is not None:
        write_text(sheet, row, number, str(value))


def _write_explanation(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    columns = [(f"Kolom {column.label}", column.explanation) for column in _COLUMNS]
    for row, (name, words) in enumerate([*_WORDS, *columns], start=1):
        write_text(sheet, row, 1, name).font = Font(bold=True)
        write_text(sheet, row, 2, words).alignment = Alignment(wrap_text=True, vertical="top")


def _offer_choices(sheet: Worksheet, choices: Worksheet, last_row: int) -> None:
    keys = [column.key for column in _COLUMNS]
    for number, (key, words) in enumerate(_CHOICES.items(), start=1):
        letter = get_column_letter(number)
        choices.column_dimensions[letter].width = 32
        write_text(choices, 1, number, _COLUMNS[keys.index(key)].label).font = Font(bold=True)
        for row, word in enumerate(words, start=2):
            write_text(choices, row, number, word)
        offered = DataValidation(
            type="list",
            formula1=f"={CHOICES}!${letter}$2:${letter}${len(words) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Kies uit de lijst",
            error=f"Kies een van de woorden op het blad {CHOICES}.",
        )
        column = get_column_letter(keys.index(key) + 1)
        offered.add(f"{column}2:{column}{last_row}")
        sheet.add_data_validation(offered)
