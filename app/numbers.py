"""Numbers and dates as Dutch readers write them: 1.234,5 and 1 januari 2026."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "nl_NL"
ZONE = ZoneInfo("Europe/Amsterdam")
#: Shown where a number is unknown; pages put the reason beside it.
UNKNOWN = "geen cijfer"
#: Writing one takes long, and a page writes the same ones again and again.
_MOST_KEPT = 4096


def is_unknown(value: object) -> bool:
    """Whether the value is None, NaN or <NA>."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def to_dutch(value: float | None, decimals: int = 0, all_decimals: bool = False) -> str:
    """The number with at most ``decimals`` decimals; UNKNOWN when there is none.

    ``all_decimals`` keeps zeros at the end, for numbers under each other. Halves are rounded
    away from zero, as readers expect.
    """
    if value is None or is_unknown(value):
        return UNKNOWN
    return _written(float(value), decimals, all_decimals)


@lru_cache(maxsize=_MOST_KEPT)
def _written(value: float, decimals: int, all_decimals: bool) -> str:
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)
    digit = "0" if all_decimals else "#"
    return format_decimal(rounded + 0, format="#,##0." + digit * decimals, locale=LOCALE)


def to_dutch_significant(value: float | None, figures: int = 3) -> str:
    """The number with at most ``figures`` significant figures after the point.

    Whole parts are never rounded away: 1234.5 stays 1.235 (not 1.230).
    """
    if value is None or is_unknown(value):
        return UNKNOWN
    if value == 0:
        return "0"
    decimals = max(0, figures - 1 - math.floor(math.log10(abs(value))))
    return to_dutch(value, min(decimals, 6))


def to_dutch_quotient(value: float | None, decimals: int = 2) -> str:
    """A quotient to compare with 1: with more decimals when it would else be rounded to 1."""
    if value is None or is_unknown(value) or value == 1:
        return to_dutch(value, decimals, all_decimals=True)
    while decimals < 6 and round(value, decimals) == 1:
        decimals += 1
    return to_dutch(value, decimals, all_decimals=True)


def to_dutch_share(share: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as a percentage."""
    text = to_dutch(None if share is None else share * 100, decimals)
    return text if text == UNKNOWN else f"{text}%"


def to_dutch_date(day: dt.date | None) -> str:
    """``1 januari 2026``, or "onbekend"."""
    return "onbekend" if day is None or pd.isna(day) else _written_day(day)


@lru_cache(maxsize=_MOST_KEPT)
def _written_day(day: dt.date) -> str:
    return format_date(day, "d MMMM y", LOCALE)


def to_dutch_day(text: str | None) -> str:
    """The same of a day that is written as ``2026-01-01``."""
    return to_dutch_date(None if text is None else dt.date.fromisoformat(text))


def to_dutch_moment(at: dt.datetime) -> str:
    """``1 januari 2026, 14:05``, as the clock in the Netherlands says."""
    here = at.astimezone(ZONE)
    return f"{_written_day(here.date())}, {here:%H:%M}"


def to_dutch_local_day(at: dt.datetime) -> str:
    """The day of a moment, as the calendar in the Netherlands says: ``1 januari 2026``."""
    return to_dutch_date(at.astimezone(ZONE).date())


def to_clock(at: dt.datetime) -> str:
    """``14:05``, as the clock in the Netherlands says."""
    return f"{at.astimezone(ZONE):%H:%M}"


#: What templates call these, on the pages and in exported files.
FILTERS: dict[str, Callable[..., str]] = {
    "getal": to_dutch,
    "significant": to_dutch_significant,
    "quotient": to_dutch_quotient,
    "aandeel": to_dutch_share,
    "datum": to_dutch_date,
    "dag": to_dutch_day,
    "moment": to_dutch_moment,
    "lokale_dag": to_dutch_local_day,
    "klok": to_clock,
}
