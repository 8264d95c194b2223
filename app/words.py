"""Sentences in Dutch for what the method says in English."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.errors import UnknownEntryError


def unknown_word(error: UnknownEntryError, choices: Iterable[str] | None = None) -> str:
    """That a word is not one we know, what was perhaps meant, and what can be chosen."""
    meant = f" Bedoelt u {' of '.join(error.close)}?" if error.close else ""
    known = ", ".join(choices if choices is not None else error.choices)
    return f"{error.word!r} kennen wij niet.{meant} Kies uit: {known}."


def listed_names(names: Iterable[str]) -> str:
    """The names in a sentence: ``Haarlem``, ``Haarlem en Velsen``, ``A, B en C``."""
    *most, last = names
    return f"{', '.join(most)} en {last}" if most else last
