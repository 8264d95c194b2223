"""Hints for who writes for residents: which sentences are long, and which words are hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.dialogue.readability import (
    B1,
    LONG_SENTENCE,
    Readability,
    Sentence,
    measure_readability,
    over_limits,
)
from app.numbers import to_dutch


@dataclass(frozen=True)
class Hint:
    """A sentence that can be plainer, and why: Dutch reasons."""

    field: str
    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ReadabilityHints:
    """What can be plainer in the texts of a form; ``hints`` in the order of the form."""

    measured: Readability
    hints: tuple[Hint, ...]

    @property
    def is_within(self) -> bool:
        """Whether the texts as a whole are within the limits for residents."""
        return not over_limits(self.measured)

    @property
    def sentence(self) -> str:
        """What was found, in the one sentence that stands first."""
        score = to_dutch(self.measured.score)
        if not self.hints and self.is_within:
            return f"Dit is goed te lezen (score {score}; {to_dutch(B1.least_score)} is genoeg)."
        count = len(self.hints)
        if not count:
            return f"De tekst als geheel is nog lastig (score {score})."
        told = "1 zin kan" if count == 1 else f"{to_dutch(count)} zinnen kunnen"
        return f"{told} makkelijker (score {score}; {to_dutch(B1.least_score)} is genoeg)."

    @property
    def faults(self) -> tuple[str, ...]:
        """What of the whole is over the limits."""
        return over_limits(self.measured)


def readability_hints(texts: Mapping[str, str | None]) -> ReadabilityHints | None:
    """Hints for texts by the label of their field; None when there is no sentence in them."""
    measured = measure_readability(text for text in texts.values() if text)
    if measured is None:
        return None
    hints = (
        Hint(label, one.text, reasons)
        for label, text in texts.items()
        if (of_field := measure_readability([text or ""]))
        for one in of_field.sentences
        if (reasons := _reasons(one))
    )
    return ReadabilityHints(measured, tuple(hints))


def _reasons(one: Sentence) -> tuple[str, ...]:
    told = []
    if one.word_count >= LONG_SENTENCE:
        told.append(f"Lang: {one.word_count} woorden. Maak er twee zinnen van.")
    if one.long_words:
        told.append(f"Lange woorden: {', '.join(dict.fromkeys(one.long_words))}.")
    if one.is_passive:
        told.append("Wie doet dit? Schrijf liever ‘wij vragen’ dan ‘er wordt gevraagd’.")
    return tuple(told)
