"""Coordinates as people type them: RD or degrees, points or commas, in either order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geo.crs import CoordinateKind, diagnose, to_rd

#: Words and signs around coordinates that say nothing more than the numbers do.
_AROUND = re.compile(
    r"\b(?:wgs ?84|rd|lat(?:itude)?|lon(?:gitude)?|lng|nb|ol|en)\b|\b[xy]\b(?=\s*[=:])"
    r"|[()\[\]°=:]|(?<=[0-9])\s*[neo]\b|(?<=[°])\s*[neo]\b"
)
_BETWEEN = re.compile(r"[;/|,\s]+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,9}[.,][0-9]{1,15}")
_IN_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]{1,9})?")

OUTSIDE = (
    "Deze coördinaten liggen niet in Nederland. Typ RD-meters (zoals 103900, 488500) of graden "
    "(zoals 52,38 4,63)."
)
WEB_MAP = (
    "Dit lijken coördinaten van een webkaart (EPSG:3857). Typ RD-meters (zoals 103900, 488500) "
    "of graden (zoals 52,38 4,63)."
)
UNCLEAR = (
    "Deze getallen zijn op meer dan één manier te lezen. Zet een puntkomma tussen de twee "
    "getallen, en schrijf ze zonder punten voor duizendtallen."
)


class TypedPointError(Exception):
    """Numbers that are no place in the Netherlands; the message says what to type, in Dutch."""


def typed_point(text: str) -> tuple[int, int] | None:
    """The point that someone typed, in RD and whole metres; None when it is no pair of numbers.

    Every way to read the text as two numbers is tried; that it must be a place in the
    Netherlands leaves one. Raises TypedPointError when none is left, or more than one.
    """
    bare = " ".join(_AROUND.sub(" ", text.casefold()).split())
    readings = dict.fromkeys(_readings(bare))
    places = dict.fromkeys(place for pair in readings if (place := _place(*pair)))
    if len(places) == 1:
        return next(iter(places))
    if places:
        raise TypedPointError(UNCLEAR)
    if readings:
        kinds = {diagnose(*pair) for pair in readings}
        raise TypedPointError(WEB_MAP if "web_mercator" in kinds else OUTSIDE)
    return None


def _readings(text: str) -> Iterator[tuple[float, float]]:
    """Every way to cut the text in two numbers that are written in the same way."""
    for cut in _BETWEEN.finditer(text):
        first, second = text[: cut.start()], text[cut.end() :]
        for number in (_decimal, _in_thousands):
            pair = number(first), number(second)
            if pair[0] is not None and pair[1] is not None:
                yield pair[0], pair[1]


def _decimal(text: str) -> float | None:
    """103900, or 103,9 with a point or a comma."""
    written = _WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text)
    return float(text.replace(",", ".")) if written else None


def _in_thousands(text: str) -> float | None:
    """103.900 with a point, a comma or a space in it is a hundred and three thousand."""
    found = _IN_THOUSANDS.fullmatch(text)
    if found is None:
        return _decimal(text) if _WHOLE.fullmatch(text) else None
    return float(text.replace(found.group(1), "").replace(",", "."))


def _place(first: float, second: float) -> tuple[int, int] | None:
    kind: CoordinateKind = diagnose(first, second)
    if kind in ("swapped", "wgs84_swapped"):
        first, second = second, first
    if kind in ("wgs84", "wgs84_swapped"):
        first, second = to_rd(first, second)
    return None if kind in ("web_mercator", "outside") else (round(first), round(second))
