"""Where a text gives away a person: numbers, addresses of mail, names after a cue, links.

Only what looks like such data is found, never what it says of somebody. Every pattern has a bound,
so that a long text takes no longer than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Spot = tuple[str, int, int]

_GAP = r"[ .\-/()–\u00a0]{0,3}"
_PHONE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00){_GAP}31{_GAP}(?:\(0\)|0)?{_GAP}|\(?0)[1-9](?:{_GAP}[0-9]){{8}}(?![0-9])"
)
_PUBLIC_PHONE = re.compile(r"\(?0[89]00")
_STARTS_WITH_DATE = re.compile(r"[0-3]?[0-9]([-/. ])[01]?[0-9]\1(?:19|20)[0-9]{2}(?![0-9])")
_SHORT_PHONE = re.compile(
    r"\b(?:bel|belt|tel|telefoon|telefoonnummer|mobiel|nummer is|app)\b[.: ]{0,3}"
    r"(?:(?:mij|me|ons|hem|haar|op|is|naar)\b[: ]{1,2}){0,3}([1-9][0-9](?:[ \-]?[0-9]){4,6})"
    r"(?![\-.,]?[0-9])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}")
_SPELT_MAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}(?: ?[(\[] ?(?:at|apenstaartje) ?[)\]] ?| (?:at|apenstaartje) )"
    r"[\w\-]{1,63}(?:\.| ?[(\[](?:punt|dot)[)\]] ?| (?:punt|dot) )(?:nl|com|net|org|eu|be|info)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\bhttps?://[^\s<>\"]{1,200}|\bwww\.[^\s<>\"]{2,200}"
    r"|(?<![\w.\-@])[a-z0-9][a-z0-9\-]{1,62}\.(?:nl|com|org|net|eu)\b(?:/[^\s<>\"]{0,200})?",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.+\-])@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}"
    r"|\b(?:instagram|insta|facebook|tiktok|snapchat|telegram|linkedin)[ ]?: ?@?[\w.]{3,30}",
    re.IGNORECASE,
)
_IBAN_START = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[ ]?[0-9]{2}")
#: How long an account number is, by country (SWIFT's register of IBANs).
_IBAN_LENGTH = {
    "NL": 18, "BE": 16, "DE": 22, "FR": 27, "GB": 22, "ES": 24, "IT": 27, "LU": 20, "PL": 28,
    "PT": 25, "AT": 20, "CH": 21, "DK": 18, "SE": 24, "FI": 18, "NO": 15, "IE": 22, "TR": 26,
    "RO": 24, "BG": 22, "HU": 28, "GR": 27, "CZ": 24, "LT": 20, "UA": 29,
}  # fmt: skip
_BSN = re.compile(r"(?<![0-9.,+\-])[0-9]{4}([ .]?)[0-9]{2}\1[0-9]{3}(?![0-9]|[.,\-][0-9])")
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_C = "[B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]"
_PLATE = re.compile(
    rf"(?<![\w\-])(?:{_C}{{2}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{2}}-[0-9]{{2}}-{_C}{{2}}"
    rf"|[0-9]{{2}}-{_C}{{2}}-[0-9]{{2}}|{_C}{{2}}-[0-9]{{2}}-{_C}{{2}}|{_C}{{2}}-{_C}{{2}}-[0-9]{{2}}"
    rf"|[0-9]{{2}}-{_C}{{2}}-{_C}{{2}}|[0-9]{{2}}-{_C}{{3}}-[0-9]|[0-9]-{_C}{{3}}-[0-9]{{2}}"
    rf"|{_C}{{2}}-[0-9]{{3}}-{_C}|{_C}-[0-9]{{3}}-{_C}{{2}}|{_C}{{3}}-[0-9]{{2}}-{_C}"
    rf"|{_C}-[0-9]{{2}}-{_C}{{3}}|[0-9]-{_C}{{2}}-[0-9]{{3}}|[0-9]{{3}}-{_C}{{2}}-[0-9])(?![\w\-])"
)
_NAMED_PLATE = re.compile(
    r"\bkenteken(?:nummer)?\b[: ]{1,3}(?:(?:is|met|van)\b ){0,2}"
    r"((?=[a-z\- ]{0,8}[0-9])[a-z0-9]{1,3}[\- ]?[a-z0-9]{1,3}[\- ]?[a-z0-9]{1,3})(?![\w\-])",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|jan|feb|mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec)\.?"
)
_BORN = re.compile(
    r"\b(?:geboren|geb\.|geboortedatum|geboortedag)[: ]{1,3}"
    r"(?:(?:is|op|in|te|[A-Z]\w{1,30})[: ]{1,2}){0,4}"
    rf"([0-3]?[0-9](?:[-/. ][01]?[0-9][-/. ]| {_MONTH} )(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}))\b",
    re.IGNORECASE,
)
_PARTICLE = r"(?:(?:van|von|de|der|den|ter|ten|te|'t|’t|el|al|la|du)[ ])"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ](?:[\w’'\-]{1,30}|\.)"
#: A name as it is written: one to four words with a capital, with particles between them.
_NAME = rf"{_PARTICLE}{{0,3}}{_CAPITAL}(?:[ ]{_PARTICLE}{{0,3}}{_CAPITAL}){{0,3}}"
_TITLED = re.compile(
    r"\b(?i:mevrouw|mevr\.?|mw\.?|meneer|mijnheer|dhr\.?|de heer|heer|juffrouw|juf|meester|familie"
    r"|fam\.?|(?:over)?buurman|(?:over)?buurvrouw|(?:over)?buurjongen|buurmeisje|tante)"
    rf"[ ]({_NAME})"
)
_RELATIVE = re.compile(
    r"\b(?i:mijn|onze|ons|zijn|haar|hun)[ ](?i:zoon|zoontje|dochter|dochtertje|man|vrouw|moeder"
    r"|vader|broer|broertje|zus|zusje|vriend|vriendin|opa|oma|neef|nicht|partner|kleinzoon|kleindochter"
    rf"|collega|hulpverlener|begeleider|buurtje|huisgenoot)[ ]({_NAME})"
)
_OWN_NAME = re.compile(
    rf"\b(?i:mijn naam is|ik heet|hij heet|zij heet|ze heet|mijn naam:|naam:)[ ]"
    rf"({_NAME}|[a-zà-ÿ]{{3,20}}(?:[ ][a-zà-ÿ]{{2,20}}){{0,2}})"
)
_I_AM = re.compile(rf"\b(?i:ik ben)[ ]({_CAPITAL}[ ]{_PARTICLE}{{0,3}}{_CAPITAL})")
_SIGNED = re.compile(
    r"\b(?i:groet|groeten|groetjes|hoogachtend|mvg|m\.v\.g\.)(?:[ ]{0,2}[,!.\n\r][\s]{0,4})"
    rf"({_NAME})"
)
#: Words that stand where a name may stand, and are none.
_NO_NAME = {
    "al", "alleen", "als", "anders", "anoniem", "bekend", "belangrijk", "bewoner", "bewoners",
    "burgemeester", "buurtbewoner", "buurtbewoners", "dat", "de", "deze", "die", "directeur",
    "dit", "een", "en", "er", "geen", "geheim", "gemeente", "heer", "het", "hier", "iedereen",
    "ik", "inwoner", "inwoners", "maar", "met", "mevrouw", "mijn", "namens", "niet", "of",
    "omdat", "onbekend", "onze", "ook", "ouders", "prive", "privé", "u", "voor", "voorzitter",
    "welkom", "wethouder", "wij", "zo",
}  # fmt: skip
_STREET_ENDS = (
    "straat", "laan", "weg", "plein", "kade", "singel", "gracht", "dijk", "hof", "pad", "dreef",
    "steeg", "plantsoen", "park", "school", "huis", "tunnel", "brug", "markt",
)  # fmt: skip


def personal_data(text: str) -> Iterator[Spot]:
    """What looks like data of a person, with its Dutch name and its place in the text."""
    yield from _all("E-mailadres", _MAIL, text)
    yield from _all("E-mailadres", _SPELT_MAIL, text)
    yield from _ibans(text)
    yield from _phones(text)
    yield from _bsns(text)
    yield from _all("Kenteken", _PLATE, text)
    yield from _all("Kenteken", _NAMED_PLATE, text)
    yield from _all("Geboortedatum", _BORN, text)
    yield from _names(text)


def links(text: str) -> Iterator[Spot]:
    """Links to other sites and names on social media."""
    yield from _all("Link", _LINK, text)
    yield from _all("Naam op sociale media", _HANDLE, text)


def _all(label: str, pattern: re.Pattern[str], text: str) -> Iterator[Spot]:
    group = 1 if pattern.groups else 0
    for match in pattern.finditer(text):
        yield label, match.start(group), match.end(group)


def _phones(text: str) -> Iterator[Spot]:
    for match in _PHONE.finditer(text):
        is_public = _PUBLIC_PHONE.match(match.group())
        if not is_public and not _STARTS_WITH_DATE.match(match.group()):
            yield "Telefoonnummer", match.start(), match.end()
    yield from _all("Telefoonnummer", _SHORT_PHONE, text)


def _ibans(text: str) -> Iterator[Spot]:
    for match in _IBAN_START.finditer(text):
        length = _IBAN_LENGTH.get(match.group()[:2].upper())
        end = None if length is None else _end_of_signs(text, match.start(), length)
        if end is not None and has_iban_check(text[match.start() : end]):
            yield "Bankrekening", match.start(), end


def _end_of_signs(text: str, start: int, count: int) -> int | None:
    """Where ``count`` letters and digits end, with at most one space or point between two."""
    position, left, gap = start, count, 0
    while left and position < len(text):
        sign = text[position]
        is_counted = sign.isascii() and sign.isalnum()
        if not is_counted and (sign not in " .-" or gap):
            return None
        left, gap = (left - 1, 0) if is_counted else (left, 1)
        position += 1
    is_whole = not left and (position == len(text) or not text[position].isalnum())
    return position if is_whole else None


def has_iban_check(text: str) -> bool:
    """Whether the two check digits are right (ISO 13616: remainder 1 of a division by 97)."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def _bsns(text: str) -> Iterator[Spot]:
    for match in _BSN.finditer(text):
        if passes_eleven_test(match.group()):
            yield "Burgerservicenummer", match.start(), match.end()


def passes_eleven_test(text: str) -> bool:
    """Whether nine digits, weighed 9 to 2 and -1, add up to a multiple of eleven (and not to 0)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    total = sum(weight * digit for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True))
    return total != 0 and total % 11 == 0


def _names(text: str) -> Iterator[Spot]:
    for pattern in (_TITLED, _RELATIVE, _OWN_NAME, _I_AM, _SIGNED):
        for match in pattern.finditer(text):
            if _may_be_name(match.group(1)):
                yield "Naam", match.start(1), match.end(1)


def _may_be_name(words: str) -> bool:
    plain = words.casefold().split()
    is_street = any(word.rstrip("'’").endswith(_STREET_ENDS) for word in plain)
    heads = [word for word in plain if word not in {"de", "van", "der", "den", "ter", "ten"}]
    return (
        not is_street
        and bool(heads)
        and plain[0] not in _NO_NAME - {"de", "het"}
        and (heads[0] not in _NO_NAME)
    )
