"""Where a text repeats itself, and which texts of several are the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from analysis.dialogue.personal_data import Spot

#: So long is a sentence, and a text, before its coming back says anything.
_SHORTEST_SENTENCE = 12
_SHORTEST_TEXT = 25
_MOST_TIMES = 2
_SENTENCE = re.compile(r"[^.!?\n]+")
_LONG_RUN = re.compile(r"([^\W\d_]|[!?*#])\1{7,}")
_SAME_WORD = re.compile(r"\b(\w{2,30})\b(?:[\s,.!]{1,3}\1\b){3,}", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]+|_")


def repetitions(text: str) -> Iterator[Spot]:
    """A sentence that comes three times or more (the later ones), a word or sign many times."""
    times: Counter[str] = Counter()
    total = Counter(plain_text(match.group()) for match in _SENTENCE.finditer(text))
    for match in _SENTENCE.finditer(text):
        plain = plain_text(match.group())
        times[plain] += 1
        if len(plain) >= _SHORTEST_SENTENCE and total[plain] > _MOST_TIMES and times[plain] > 1:
            yield "Dezelfde zin", match.start(), match.end()
    for pattern in (_LONG_RUN, _SAME_WORD):
        for match in pattern.finditer(text):
            yield "Herhaling", match.start(), match.end()


def same_texts(texts: Mapping[str, str]) -> dict[str, int]:
    """How many of the texts are the same as this one, itself among them; only where more than one.

    Capitals, spaces and signs make no difference. Short texts ("Mee eens!") are left out.
    """
    plain = {key: plain_text(text) for key, text in texts.items()}
    counts = Counter(plain.values())
    return {
        key: counts[words]
        for key, words in plain.items()
        if len(words) >= _SHORTEST_TEXT and counts[words] > 1
    }


def plain_text(text: str) -> str:
    """The words of a text without capitals and signs."""
    return " ".join(_SIGNS.sub(" ", text.casefold()).split())
