"""Where a text gives a street with a house number, or a postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.dialogue.personal_data import Spot

_ENDS = (
    r"(?:straat|straatje|str\.|laan|weg|plein|kade|singel|gracht|dijk|hof|pad|dreef|steeg|plantsoen"
    r"|park|markt|baan|burg|wal|dam|erf|lei|veld|kamp|brink|werf|haven|vaart|oever|poort|ring|waard)"
)
_SURE_ENDS = r"(?:straat|laan|plein|kade|singel|gracht|dreef|steeg|plantsoen|weg|hof)"
_NUMBER = (
    r"(?:,? (?:nr\.?|no\.?|nummer|huisnummer))?[ ]"
    r"((?!(?:19|20)[0-9]{2}\b)[1-9][0-9]{0,3}(?:[ ]?(?:[a-hA-H]|bis|hs|rood|zwart|I{1,3}))?"
    r"(?:[-/][0-9]{1,4})?)(?![\w/]|[.,:][0-9]|['’])"
)
#: A number with such a word behind it counts something, and is no house number.
_COUNTED = re.compile(
    r"[ ]?(?:\w{1,20}e[ ])?(?:woning|huis|huizen|plek|plaats|plaatsen|auto|bo[mo]|boom|appartement"
    r"|eenhe|unit|bewoner|mens|personen|persoon|kamer|meter|m\b|m2|m²|km|kilo|uur|minuten|minuut|jaar"
    r"|maand|dag|week|weken|keer|x\b|procent|%|euro|parkeer|fiets|winkel|gezin|kind|studio|bed\b"
    r"|bedden|stoel|reactie|verdieping|etage|januari|februari|maart|april|mei\b|juni|juli|augustus"
    r"|september|oktober|november|december|stuk|extra|nieuwe|sociale|tot\b|à\b|of\b[ ][0-9])",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(
    rf"\b((?:(?!(?:Op|Aan|In|Bij|Van|Tegenover|Achter)[ ])[A-ZÀ-Þ][\w’'.\-]{{0,30}}[ ]){{0,4}}"
    rf"(?:[A-ZÀ-Þ][\w’'\-]{{0,30}}{_ENDS}"
    r"|Straat|Laan|Weg|Plein|Kade|Singel|Gracht|Dijk|Hof|Pad|Dreef|Park|Markt))" + _NUMBER
)
_LOWER = re.compile(rf"\b([a-zà-þ]{{3,25}}{_SURE_ENDS})" + _NUMBER)
#: Words that end as a street does, and are none.
_NO_STREET = {
    "snelweg", "rijksweg", "provincialeweg", "autosnelweg", "hoofdweg", "zijweg", "fietsweg",
    "buitenweg", "spoorweg", "uitweg", "onderweg", "halverwege", "terugweg", "omweg",
    "heenweg", "winkelstraat", "woonstraat", "zijstraat", "schoolplein", "speelplein",
    "binnenplein", "dorpsplein", "stadsplein", "parkeerplein", "binnenhof", "gerechtshof",
    "doorgangsweg", "toegangsweg", "parallelweg", "ontsluitingsweg",
}  # fmt: skip
_LIVES = re.compile(
    r"\b(?:woon|woont|wonen|woonde|woonden|adres is|adres:)[ ]"
    r"(?:(?:ik|wij|we|hij|zij|ze|nu|al|zelf)[ ]){0,2}(?:(?:op|aan|in|bij)[ ])?(?:(?:de|het)[ ])?"
    r"(?:nummer|nr\.?|huisnummer|[A-ZÀ-Þ][\w’'\-]{1,30}(?:[ ][\w’'\-]{1,30}){0,3}?)" + _NUMBER
)
_NUMBERED_HOME = re.compile(
    r"\b(?:huisnummer|op nummer|van nummer|buren op|buren van|bewoners van nummer)[ ]"
    r"(?:nr\.?[ ]|nummer[ ])?"
    r"[1-9][0-9]{0,3}[a-h]?\b(?=[ ](?:woon|woont|wonen|is een|zijn|heeft|hebben|maakt|maken)\b)"
    r"|\bhuisnummer[ ][1-9][0-9]{0,3}[a-h]?\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![\w\-])[1-9][0-9]{3}[ ]?(?!SA|SD|SS|EU|EK|WK|NL|MW|KW|MB|GB|PK|KM)[A-Z]{2}(?!\w)"
)
_POSTCODE_AND_NUMBER = re.compile(
    r"(?<![\w\-])[1-9][0-9]{3}(?:[a-z]{2}"
    r"|[ ](?!(?:is|in|op|en|of|de|om|er|we|ik|te|ze|na|al|zo|ja|me|nu|tm|km|kg|m2)[ ,])[a-z]{2})"
    r"[ ,]{1,2}(?:(?:nr\.?|nummer|huisnummer)[ ])?[1-9][0-9]{0,3}[a-h]?(?!\w)",
    re.IGNORECASE,
)


def street_addresses(text: str) -> Iterator[Spot]:
    """Streets with a house number, postcodes, and homes named by their number."""
    for label, pattern in (("Adres", _POSTCODE_AND_NUMBER), ("Postcode", _POSTCODE)):
        for match in pattern.finditer(text):
            yield label, match.start(), match.end()
    for pattern in (_CAPITALISED, _LOWER, _LIVES):
        for match in pattern.finditer(text):
            if _is_address(match, text):
                yield "Adres", match.start(), match.end()
    for match in _NUMBERED_HOME.finditer(text):
        yield "Huisnummer", match.start(), match.end()


def _is_address(match: re.Match[str], text: str) -> bool:
    street = match.group(1).casefold().rsplit(" ", 1)[-1]
    return street not in _NO_STREET and not _COUNTED.match(text, match.end())
