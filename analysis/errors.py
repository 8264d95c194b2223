"""Errors of the analysis package. They know no HTTP and no page; ``app.errors`` translates."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


class AnalysisError(Exception):
    """Base of everything that goes wrong in ``analysis``."""


class UnknownEntryError(AnalysisError, LookupError):
    """A word is not an entry of a closed vocabulary; ``close`` holds what was perhaps meant."""

    def __init__(self, noun: str, word: str, choices: Sequence[str]) -> None:
        self.noun = noun
        self.word = word
        self.choices = tuple(choices)
        self.close = tuple(difflib.get_close_matches(word.lower(), self.choices, n=3))
        meant = f" (perhaps {' or '.join(self.close)}?)" if self.close else ""
        super().__init__(f"{word!r} is not a known {noun}{meant}; known: {', '.join(choices)}")


class InputError(AnalysisError, ValueError):
    """A frame or number handed to a measure is not what the measure asks; all breaches named."""

    def __init__(self, measure: str, breaches: Sequence[str]) -> None:
        self.measure = measure
        self.breaches = tuple(breaches)
        super().__init__(f"{measure}: " + "; ".join(breaches))
