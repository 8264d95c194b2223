"""Reading the parameters of an address: what can't be used is said, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, TypeVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from analysis.errors import UnknownEntryError
from analysis.facility_types import select_types
from app.errors import BadRequest
from app.services import current
from app.services.area_list import SHOWN_TYPES

Arguments = MultiDict[str, str]
Choice = TypeVar("Choice", bound=str)
LONGEST_TEXT = 100
FIRST_DAY = dt.date(1990, 1, 1)
LAST_DAY = dt.date(2100, 12, 31)


def one_of(args: Arguments, name: str, choices: Collection[Choice], default: Choice) -> Choice:
    """The value, when it is one of the choices; ``default`` when it is absent or empty."""
    word = args.get(name, "").strip()
    if not word:
        return default
    for choice in choices:
        if word == choice:
            return choice
    raise BadRequest(name, f"{quoted(word)} kennen wij niet. Kies uit: {', '.join(choices)}.")


def day(args: Arguments, name: str = "datum") -> dt.date:
    """The date, today when it is absent or empty."""
    word = args.get(name, "").strip()
    if not word:
        return current.today()
    try:
        found = dt.date.fromisoformat(word)
    except ValueError:
        raise BadRequest(
            name,
            f"{quoted(word)} is geen datum. Schrijf jaar-maand-dag, bijvoorbeeld 2026-01-31.",
        ) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise BadRequest(
            name, f"Kies een datum van {FIRST_DAY.year} tot en met {LAST_DAY.year}, niet {word}."
        )
    return found


def words(args: Arguments, name: str = "q") -> str:
    """Free text to search for, in one line."""
    text = " ".join(args.get(name, "").split())
    if len(text) > LONGEST_TEXT:
        raise BadRequest(name, f"De zoektekst is te lang: hoogstens {LONGEST_TEXT} tekens.")
    if not text.isprintable():
        raise BadRequest(name, "In de zoektekst staan tekens die ik niet kan lezen.")
    return text


def page_number(args: Arguments, name: str = "pagina") -> int:
    """Which page of a list, from 1; the first when it is absent or empty."""
    word = args.get(name, "").strip() or "1"
    if not (word.isascii() and word.isdigit() and len(word) < 7 and int(word)):
        raise BadRequest(name, f"{quoted(word)} is geen nummer van een bladzijde.")
    return int(word)


def types(args: Arguments, name: str = "soort") -> tuple[str, ...]:
    """Keys of the facility types (or groups of types) asked for; empty means all."""
    asked = listed(args, name)
    try:
        found = [entry.key for entry in select_types(asked)]
    except UnknownEntryError as error:
        raise BadRequest(name, _unknown(error)) from None
    hidden = [entry.label for entry in select_types(asked) if entry.key not in SHOWN_TYPES]
    if hidden and not set(found) & set(SHOWN_TYPES):
        raise BadRequest(
            name, f"{hidden[0]} staat niet als locatie op deze site. Lees waarom bij de soorten."
        )
    return tuple(key for key in found if key in SHOWN_TYPES)


def statuses(args: Arguments, name: str = "status") -> tuple[str, ...]:
    """Keys of the stages (or groups of stages) asked for; empty means all."""
    found: dict[str, None] = {}
    for word in listed(args, name):
        if word in STATUS_GROUPS:
            group = STATUS_GROUPS[word]
            found.update((entry.key, None) for entry in SITE_STATUSES if entry.group == group)
            continue
        try:
            found[SITE_STATUSES.find(word).key] = None
        except UnknownEntryError as error:
            raise BadRequest(name, _unknown(error)) from None
    return tuple(entry.key for entry in SITE_STATUSES if entry.key in found)


def listed(args: Arguments, name: str) -> list[str]:
    """Every word given under this name, repeated or with commas between."""
    return [word.strip() for text in args.getlist(name) for word in text.split(",") if word.strip()]


def short_address(
    endpoint: str, defaults: dict[str, Any], words: dict[str, Any], **values: Any
) -> str:
    """The shortest address of a view: what goes without saying is left out."""
    said = {name: word for name, word in words.items() if word != defaults.get(name)}
    return url_for(endpoint, **{**said, **values})


def _unknown(error: UnknownEntryError) -> str:
    meant = f" Bedoelt u {' of '.join(error.close)}?" if error.close else ""
    return f"{quoted(error.word)} kennen wij niet.{meant} Kies uit: {', '.join(error.choices)}."


def quoted(word: str) -> str:
    """The word between quotes, cut off when it is long."""
    short = word if len(word) <= 40 else f"{word[:40]}…"
    return f"‘{short}’"
