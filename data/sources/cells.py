"""From one cell of a file to a value, or to a sentence about what is wrong with it.

A cell is what the file reader gives: text, a number, a date or nothing. Every parser returns
the value, None for an empty cell, or raises ``CellError`` with a Dutch sentence.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

Cell = Any
Parser = Callable[[Cell], Any]

EARLIEST = dt.date(1900, 1, 1)
#: Plans may lie ahead, but not further than this.
LATEST_YEARS_AHEAD = 25
LARGEST_COUNT = 10_000
_DATE_FORMATS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_EXCEL_DAYS = range(1, 110_000)
_FORMULA_ERRORS = {
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#N/A",
    "#N/B",
    "#VERW!",
    "#WAARDE!",
    "#NAAM?",
    "#DEEL/0!",
    "#GETAL!",
    "#LEEG!",
}
_ALIKE = 0.75
_DASHES = {"-", "–", "—"}


class CellError(ValueError):
    """What stands in a cell can't be used; the message says why and what to do."""


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in the cell."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return str(cell).strip() in {"", "NaT", "<NA>"}


def to_plain(text: str) -> str:
    """A word as we compare it: small letters, no accents, single spaces, no punctuation."""
    letters = unicodedata.normalize("NFKD", text.replace("æ", "ae").replace("Æ", "ae"))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters.casefold()).split())


def shown(cell: Cell) -> str:
    """The cell as the user knows it, short enough for a message."""
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%d-%m-%Y}"
    text = f"{cell:g}" if isinstance(cell, float) and abs(cell) < 1e6 else str(cell)
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def to_text(cell: Cell) -> str | None:
    """The text of the cell without spaces around it."""
    if is_empty(cell):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = " ".join(str(cell).split())
    check_readable(text)
    return text


def check_readable(text: str) -> None:
    """Raises CellError for the error of a formula and for letters that were garbled."""
    if text.upper() in _FORMULA_ERRORS:
        raise CellError("Hier staat de fout van een formule. Herstel de formule in het bestand.")
    if "\ufffd" in text or re.search(r"Ã[\u0080-\u00bf]|â€", text):
        raise CellError(
            "De letters met accenten zijn stuk. Bewaar het bestand opnieuw als CSV UTF-8."
        )


def to_number(cell: Cell) -> float | None:
    """A number; a decimal comma and points between thousands are fine."""
    if is_empty(cell):
        return None
    if isinstance(cell, bool | dt.date):
        raise CellError("Dit is geen getal.")
    if isinstance(cell, int | float):
        return _finite(float(cell))
    text = str(cell).strip().replace("\u00a0", "").replace(" ", "")
    check_readable(text)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", text) and (
        "," in text or text.count(".") > 1
    ):
        text = text.replace(".", "")
    text = text.replace(",", ".", 1)
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise CellError("Dit is geen getal.")
    return _finite(float(text))


def to_count(cell: Cell) -> int | None:
    """A whole number of places, 0 or more."""
    if isinstance(cell, str) and re.fullmatch(r"\s*\d{1,3}\.\d{3}\s*", cell):
        raise CellError("Is dit een duizendtal of een decimaal? Schrijf het aantal zonder punt.")
    number = to_number(cell)
    if number is None:
        return None
    if number < 0:
        raise CellError("Dit aantal is kleiner dan 0. Vul 0 of meer in.")
    if not number.is_integer():
        raise CellError("Dit is geen heel getal. Vul een heel aantal plekken in.")
    if number > LARGEST_COUNT:
        raise CellError("Dit aantal is te groot om waar te zijn.")
    return int(number)


def to_year(first: int, last: int) -> Parser:
    """A parser for a year from ``first`` to ``last``, both included."""

    def parse(cell: Cell) -> int | None:
        try:
            number = to_number(cell)
        except CellError:
            number = math.inf
        if number is None:
            return None
        if not number.is_integer():
            raise CellError("Dit is geen jaartal. Schrijf het jaar in vier cijfers: 2026.")
        if not first <= number <= last:
            raise CellError(f"Dit jaar ligt niet tussen {first} en {last}. Kijk of het klopt.")
        return int(number)

    return parse


def to_date(cell: Cell) -> dt.date | None:
    """A date: a real one, text as dd-mm-jjjj or jjjj-mm-dd, or the day number of Excel."""
    if is_empty(cell):
        return None
    found = _date_of(cell)
    if found < EARLIEST:
        raise CellError("Deze datum is te lang geleden om waar te zijn.")
    if found.year > dt.date.today().year + LATEST_YEARS_AHEAD:
        raise CellError("Deze datum ligt te ver in de toekomst om waar te zijn.")
    return found


def _date_of(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = str(cell).strip()
    check_readable(text)
    if re.fullmatch(r"\d{1,6}(\.0+)?", text) and int(float(text)) in _EXCEL_DAYS:
        return _EXCEL_DAY_ZERO + dt.timedelta(days=int(float(text)))
    day = re.sub(r"[T ]00:00(:00)?(\.0+)?$", "", text)
    for form in _DATE_FORMATS:
        try:
            return dt.datetime.strptime(day, form).date()
        except ValueError:
            continue
    raise CellError("Dit is geen datum die wij kennen. Schrijf dag-maand-jaar: 31-12-2025.")


def to_word(words: Mapping[str, str], noun: str) -> Parser:
    """A parser for a word of a closed list; ``words`` maps plain words to keys.

    ``noun`` has its article, as in "deze status".
    """

    def parse(cell: Cell) -> str | None:
        text = to_text(cell)
        if text is None or text in _DASHES:
            return None
        key = words.get(to_plain(text))
        if key is None:
            raise CellError(_unknown_word(text, words, noun))
        return key

    return parse


def _unknown_word(text: str, words: Mapping[str, str], noun: str) -> str:
    close = get_close_matches(to_plain(text), list(words), n=3, cutoff=_ALIKE)
    meant = _to_words(words[word] for word in close)
    if meant:
        return f"Wij kennen {noun} niet. Bedoelt u: {' of '.join(meant)}?"
    return f"Wij kennen {noun} niet. Kies uit: {', '.join(_to_words(words.values()))}."


def _to_words(keys: Iterable[str]) -> list[str]:
    """Each key once, as a user may write it."""
    return [key.replace("_", " ") for key in dict.fromkeys(keys)]


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise CellError("Dit is geen getal.")
    return number
