"""Moments as files of other systems write them: with or without a time, in figures or in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from data.sources.cells import Cell, CellError, is_empty

_ZONE = ZoneInfo("Europe/Amsterdam")
_MONTHS = (
    ("januari", "january"),
    ("februari", "february"),
    ("maart", "march"),
    ("april", "april"),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augustus", "august"),
    ("september", "september"),
    ("oktober", "october"),
    ("november", "november"),
    ("december", "december"),
)


def to_moment(cell: Cell) -> dt.datetime | None:
    """A moment: ISO 8601, a Dutch date with or without a time, or as OpenStad writes it out."""
    if is_empty(cell):
        return None
    if isinstance(cell, dt.datetime):
        return _here(cell)
    if isinstance(cell, dt.date):
        return _here(dt.datetime(cell.year, cell.month, cell.day))
    text = " ".join(str(cell).split())
    for read in (_iso, _numeric, _written):
        if (found := read(text)) is not None:
            return _checked(found)
    raise CellError("Dit is geen datum die wij kennen. Schrijf 2026-01-31 14:30.")


def _iso(text: str) -> dt.datetime | None:
    try:
        return _here(dt.datetime.fromisoformat(text))
    except ValueError:
        return None


def _numeric(text: str) -> dt.datetime | None:
    for form in ("%d-%m-%Y %H:%M", "%d-%m-%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y"):
        try:
            return _here(dt.datetime.strptime(text, form))
        except ValueError:
            continue
    return None


def _written(text: str) -> dt.datetime | None:
    """Like 27 november 2026 14:30, or November 27, 2026 2:30 PM."""
    found = re.fullmatch(
        r"(?:(?P<day>\d{1,2}) (?P<month>\w+) (?P<year>\d{4})|(?P<month2>\w+) (?P<day2>\d{1,2}), "
        r"(?P<year2>\d{4}))"
        r"(?:,? (?:om )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: (?P<half>[AP]M))?)?",
        text,
    )
    if found is None:
        return None
    month = _month(found["month"] or found["month2"])
    if month is None:
        return None
    hour = int(found["hour"] or 0) % (12 if found["half"] else 24)
    hour += 12 if found["half"] == "PM" else 0
    day, year = int(found["day"] or found["day2"]), int(found["year"] or found["year2"])
    try:
        return _here(dt.datetime(year, month, day, hour, int(found["minute"] or 0)))
    except ValueError:
        return None


def _month(word: str) -> int | None:
    names: Iterable[tuple[int, tuple[str, str]]] = enumerate(_MONTHS, start=1)
    return next((number for number, pair in names if word.casefold() in pair), None)


def _here(at: dt.datetime) -> dt.datetime:
    """Without a zone it is the clock of the Netherlands."""
    return at if at.tzinfo else at.replace(tzinfo=_ZONE)


def _checked(at: dt.datetime) -> dt.datetime:
    if at > dt.datetime.now(dt.UTC) + dt.timedelta(days=1):
        raise CellError("Deze datum ligt in de toekomst.")
    if at.year < 2000:
        raise CellError("Deze datum is te lang geleden om waar te zijn.")
    return at
