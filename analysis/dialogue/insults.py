"""Where a text scolds or threatens: a small list of words of our own, and how they are disguised.

The list says that a word hurts, not whom or what it is about: no origin, faith or illness is kept.
An illness by its own name is no scolding; only what is made of it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.dialogue.personal_data import Spot

#: Words with their endings; ``-`` at the end stands for whatever is joined to it.
_WORDS = (
    "klootzak", "klootzakken", "hufter", "hufters", "idioot", "idioten", "debiel", "debielen",
    "randdebiel", "mongool", "mongolen", "kut", "kut-", "lul", "lullen", "flikker op", "rot op",
    "hoer", "hoeren", "hoerenzoon", "slet", "sletten", "teef", "trut", "trutten", "eikels zijn",
    "jij eikel", "stelletje eikels", "achterlijk", "achterlijke", "achterlijken", "imbeciel",
    "imbecielen", "mafkees", "mafkezen", "malloot", "malloten", "gestoorden", "gekken",
    "psychopaat", "psychopaten", "psycho", "psychos", "junk", "junks", "junkie", "junkies", "tuig",
    "schorem",
    "uitschot", "gespuis", "gajes", "tokkie", "tokkies", "aso", "asos", "viezerik", "viezeriken",
    "viespeuk", "viespeuken", "smeerlap", "smeerlappen", "klerelijer", "klerelijers", "kankerlijer",
    "kankerlijers", "kankerwijf", "kankerhond", "kankerzooi", "kankervolk", "kankerjong",
    "teringlijer", "teringlijers", "teringwijf", "teringzooi", "tyfuslijer", "tyfuslijers",
    "tyfuszooi", "tyfuswijf", "pleurislijer", "pokkenwijf", "rotwijf", "takkewijf", "rotzak",
    "rotzakken", "schoft", "schoften", "hondenlul", "godverdomme", "gvd", "nikker", "nikkers",
    "neger", "negers", "kelere", "oprotten", "opzouten", "sodemieter op", "pedo", "pedos", "nsber",
    "fascist", "fascisten", "nazi", "nazis", "oplichter", "oplichters", "leugenaar", "leugenaars",
    "loser", "losers", "sukkel", "sukkels",
)  # fmt: skip
_LIKE = {"a": "a4@", "e": "e3€", "i": "i1!", "o": "o0", "s": "s5$", "l": "l1", "t": "t7", "u": "uv"}
_WHOM = r"(?:je|jou|jullie|u|hem|haar|hen|hun|ze|die \w{2,20})"
_WE = r"(?:(?:ik|we|wij)[ ])?"
_KILL = (
    r"(?:dood|doodschieten|doodslaan|doodmaken|doodsteken|afmaken|ophangen|vergassen|afschieten"
    r"|platbranden|afbranden)"
)
_THREATS = re.compile(
    rf"\b(?:maak|maken|sla|slaan|schiet|schieten|steek|steken|trap|trappen)[ ]{_WE}{_WHOM}[ ]"
    r"(?:\w{1,20}[ ]){0,2}(?:kapot|dood|af|neer|overhoop)\b"
    rf"|\b(?:vermoord|vermoorden|wurg)[ ]{_WE}{_WHOM}\b"
    r"|\b(?:ik|we|wij)[ ](?:vermoord|vermoorden|wurg)\b"
    r"|\b(?:je|jullie|u|ze|die)[ ](?:gaat|gaan|ga)[ ]eraan\b"
    rf"|\b(?:weet|weten)[ ]{_WE}{_WHOM}[ ](?:\w{{1,12}}[ ]){{0,2}}te vinden\b"
    rf"|\b(?:weet|weten)[ ]{_WE}waar[ ](?:je|jij|jullie|u|hij|zij|ze)[ ](?:woont|woon|wonen)\b"
    r"|\b(?:steek|steken|zet|zetten|gaat|gaan|vliegt)\b[^.!?\n]{0,40}\bin[ ]"
    r"(?:de fik|brand|de hens)\b"
    rf"|\b(?:moest|moet|moeten)[ ](?:ze|jullie|je|die|u)[ ](?:\w{{1,20}}[ ]){{0,3}}{_KILL}\b"
    rf"|\b(?:ze|jullie|je|die|u)[ ](?:moest|moet|moeten)[ ](?:\w{{1,20}}[ ]){{0,3}}{_KILL}\b"
    r"|\bpas[ ]maar[ ](?:goed[ ])?op\b|\bkogel door (?:je|jullie|zijn|haar|uw) kop\b"
    r"|\bkrijg[ ](?:\w{1,12}[ ]){0,2}(?:kanker|tering|tyfus|pest|pleuris|klere|kolere)\b",
    re.IGNORECASE,
)


def insults(text: str) -> Iterator[Spot]:
    """Threats and words that scold, also written with other signs or with points between them."""
    for match in _THREATS.finditer(text):
        yield "Bedreiging", match.start(), match.end()
    for pattern in (_DISGUISED, _SPACED):
        for match in pattern.finditer(text):
            yield "Scheldwoord", match.start(), match.end()


def _sign(letter: str, *, may_be_left_out: bool) -> str:
    signs = _LIKE.get(letter, letter) + ("*" if may_be_left_out else "")
    return f"[{re.escape(signs)}]{{1,8}}"


def _letters(word: str, between: str) -> str:
    """The word as it may be written: letters drawn out, changed for a sign, or with points."""
    signs = [
        r"[ ]{1,2}" if letter == " " else _sign(letter, may_be_left_out=0 < place < len(word) - 1)
        for place, letter in enumerate(word)
    ]
    return between.join(signs)


def _disguised() -> re.Pattern[str]:
    words = [
        _letters(word.removesuffix("-"), r"[.\-_*]{0,2}") + (r"\w{2,20}" if word[-1] == "-" else "")
        for word in _WORDS
    ]
    return _any_of(words)


def _spaced() -> re.Pattern[str]:
    return _any_of([_letters(word, "[ ]") for word in _WORDS if word.isalpha()])


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Any of the patterns as a word by itself; those that begin alike are tried together."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        end = word.index("}") + 1
        by_first.setdefault(word[:end], []).append(word[end:])
    groups = [f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items()]
    return re.compile(rf"(?<![\w@])(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE)


_DISGUISED = _disguised()
_SPACED = _spaced()
