"""The syllables of Dutch words: hyphenation, put right where syllables part and lines don't."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pyphen  # type: ignore[import-untyped]

#: Vowels that sound as one, the longest first; each is the heart of one syllable.
_NUCLEUS = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|[aeiouäëïöü]|y(?![aeiou])"
)
_PARTS = re.compile(r"[^\W\d_]+")
#: An address of a page or of post is read as one sign.
_ADDRESS = re.compile(r"@|://|^www\.|^/|\.(?:nl|example)\b")
#: Words of other languages that keep their own sound.
_FOREIGN = {
    "download": 2,
    "downloaden": 3,
    "downloads": 2,
    "online": 2,
    "site": 1,
    "sites": 1,
    "skaeve": 2,
    "software": 2,
    "team": 1,
    "teams": 1,
    "time": 1,
    "website": 2,
    "websites": 2,
}
#: Longer names in capitals are read as a word.
_LONGEST_SPELT = 4


def count_syllables(word: str) -> int:
    """How many syllables a word has, at least one.

    Pyphen's Dutch hyphenation says where syllables part, and so keeps "mu-se-um" from being read
    as "meu". It never breaks off one letter ("avond", "idee") and joins some vowels ("ra-dio"):
    so each piece counts as many syllables as it has vowel sounds. A number or an address is one;
    an abbreviation in capitals is said letter by letter.
    """
    if _ADDRESS.search(word):
        return 1
    return max(1, sum(_of_part(part) for part in _PARTS.findall(word)))


def _of_part(part: str) -> int:
    if part.isupper() and 1 < len(part) <= _LONGEST_SPELT:
        return len(part)
    lowered = _without_accents(part.lower())
    if lowered in _FOREIGN:
        return _FOREIGN[lowered]
    pieces = _dictionary().inserted(lowered, "-").split("-")
    return sum(len(_NUCLEUS.findall(piece.replace("qu", "kw"))) for piece in pieces)


def _without_accents(word: str) -> str:
    """A word without accents ("café", "cafe"); a diaeresis stays, for it begins a syllable."""
    parts = unicodedata.normalize("NFD", word)
    kept = "".join(sign for sign in parts if sign == "\u0308" or not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", kept)


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="nl_NL", left=1, right=1)
