"""How hard a Dutch text is to read, and what makes it so: for residents we write at B1.

B1 is how well people read, not a property of a text: no formula proves it. What can be measured
are the signs that guides for plain Dutch agree on. The limits are in ``B1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.dialogue.syllables import count_syllables
from analysis.facility_types import FACILITY_TYPES

#: Words with more letters, or with as many syllables, are long.
MOST_LETTERS, MANY_SYLLABLES = 12, 4
#: A line without a full stop of fewer words is a label and not a sentence.
FEWEST_WORDS = 6


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.lower().split())


_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")
_ABBREVIATIONS = _words(
    "bijv. bv. ca. d.w.z. dhr. dr. e.d. enz. evt. i.p.v. ing. ir. jl. max. m.b.t. mevr. min. mr. "
    "nr. o.a. p. prof. resp. st. t.a.v. t/m. tel. v.a. vgl. z.o.z."
)
_EDGE = "\"'“”‘’«»()[]{}<>.,;:!?…·•–—-/*"
_TO_BE_DONE = re.compile(r"word(?:t|en)?|werd(?:en)?")
_PARTICIPLE = re.compile(r"(?:\w{2,5})?ge[a-zë]{2,}[dtn]|(?:be|ver|ont|her)[a-zë]{2,}(?:d|t)")
#: Long words that residents can't do without: what this site is about and explains where it
#: stands, the words of everyday dealings with a gemeente, and the names of places and months.
FIELD_TERMS = _words(
    """
    begeleiding bijeenkomst bijeenkomsten draagvlakmeting draagvlakmetingen e-mailadres
    e-mailadressen gemeenteraad informatie internetadres kwetsbaarheid locatie locaties
    maatschappelijke moderator organisatie organisaties persoonsgegevens regiocoördinator
    toegankelijkheid voorzieningen vrouwenopvang zorgaanbieder zorgaanbieders
    beverwijk bloemendaal haarlem haarlemmermeer heemskerk heemstede velsen zandvoort
    januari februari september oktober november december
    """,
    *(entry.label for entry in FACILITY_TYPES),
)


@dataclass(frozen=True)
class Sentence:
    """One sentence: its words, the long ones, and whether it hides who acts ("wordt gedaan")."""

    text: str
    words: tuple[str, ...]
    syllable_count: int
    long_words: tuple[str, ...]
    is_passive: bool

    @property
    def word_count(self) -> int:
        """How many words it has."""
        return len(self.words)


@dataclass(frozen=True)
class Limits:
    """From where on a text is harder than we want for everyone."""

    least_score: float
    most_words_per_sentence: float
    longest_sentence: int
    most_long_share: float


#: Where these come from. Score: in Douma's own table 60 to 70 is "normaal" and lower "tamelijk
#: moeilijk"; 60 is what who finished primary school could read in 1960. Sentences: guides for B1
#: give 10 to 15 words on average (we take 12) and at most 15 to 20 in one (NRC, "Helder
#: schrijven", 1997: above 17 is "moeilijk"; Dijk en Waard, "Heldere taal": at most 15). We call
#: 20 too long and let a writer know from 16 on. Long words: our own limit, so that no page leans
#: on them: one in twelve.
B1 = Limits(60, 12, 20, 1 / 12)
#: From this many words on a writer is told that a sentence can be shorter.
LONG_SENTENCE = 16


@dataclass(frozen=True)
class Readability:
    """What was measured of a text."""

    sentences: tuple[Sentence, ...]
    word_count: int
    words_per_sentence: float
    syllables_per_100_words: float
    score: float
    long_share: float

    @property
    def longest(self) -> Sentence:
        """The sentence with the most words."""
        return max(self.sentences, key=lambda one: one.word_count)


def measure_readability(blocks: Iterable[str]) -> Readability | None:
    """Flesch-Douma and its parts, over the sentences of paragraphs and items of lists.

        RE = 206.84 - 0.77 × wl - 0.93 × zl

    with wl the syllables per 100 words and zl the words per sentence. 60 to 70 is normal, 70 to
    80 rather easy; lower is harder. None when there is no sentence.

    Source: W.H. Douma, "De leesbaarheid van landbouwbladen", Landbouwhogeschool Wageningen
    (1960), after R. Flesch (1948).
    """
    found = tuple(sentence for block in blocks for sentence in sentences(block))
    if not found:
        return None
    word_count = sum(one.word_count for one in found)
    per_sentence = word_count / len(found)
    per_100 = 100 * sum(one.syllable_count for one in found) / word_count
    return Readability(
        found,
        word_count,
        per_sentence,
        per_100,
        206.84 - 0.77 * per_100 - 0.93 * per_sentence,
        sum(len(one.long_words) for one in found) / word_count,
    )


def sentences(block: str) -> tuple[Sentence, ...]:
    """The sentences of a paragraph, or of one item; labels are left out."""
    return tuple(
        _sentence(tokens)
        for line in block.splitlines()
        for tokens in _split(line.split())
        if _END.search(tokens[-1]) or len(tokens) >= FEWEST_WORDS
    )


def is_too_long(sentence: Sentence, limits: Limits = B1) -> bool:
    """Whether a sentence has more words than we want to ask of anybody."""
    return sentence.word_count > limits.longest_sentence


def over_limits(found: Readability, limits: Limits = B1) -> tuple[str, ...]:
    """What of a text is harder than the limits, each in a Dutch sentence."""
    told = []
    if found.score < limits.least_score:
        told.append(f"De score is {found.score:.0f}; {limits.least_score:.0f} is het minste.")
    if found.words_per_sentence > limits.most_words_per_sentence:
        told.append(f"Een zin heeft gemiddeld {found.words_per_sentence:.1f} woorden.")
    if is_too_long(found.longest, limits):
        told.append(f"De langste zin heeft {found.longest.word_count} woorden.")
    if found.long_share > limits.most_long_share:
        told.append(f"Van de woorden is {100 * found.long_share:.0f}% lang.")
    return tuple(told)


def _split(tokens: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        if token.strip(_EDGE):
            found[-1].append(token)
        if found[-1] and _ends(token, after):
            found.append([])
    return [one for one in found if one]


def _ends(token: str, after: str) -> bool:
    if not _END.search(token):
        return False
    is_short = token.lower().strip("(‘“") in _ABBREVIATIONS or re.fullmatch(r"[A-Z]\.", token)
    return not is_short and (not after or not after.lstrip("\"'“‘«([")[:1].islower())


def _sentence(tokens: list[str]) -> Sentence:
    words = tuple(token.strip(_EDGE) for token in tokens)
    counts = [count_syllables(word) for word in words]
    long = tuple(
        word
        for place, (word, count) in enumerate(zip(words, counts, strict=True))
        if _is_long(word, count) and not (place and word[0].isupper())
    )
    return Sentence(" ".join(tokens), words, sum(counts), long, _is_passive(words))


def _is_long(word: str, syllable_count: int) -> bool:
    lowered = word.lower()
    if lowered in FIELD_TERMS or any(part in "0123456789@/" for part in lowered):
        return False
    return syllable_count >= MANY_SYLLABLES or len(lowered) > MOST_LETTERS


def _is_passive(words: tuple[str, ...]) -> bool:
    lowered = [word.lower() for word in words]
    return any(_TO_BE_DONE.fullmatch(word) for word in lowered) and any(
        _PARTICIPLE.fullmatch(word) for word in lowered
    )
