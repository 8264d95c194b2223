"""Passwords: long rather than odd, kept as an argon2id checksum (OWASP ASVS 2.1 and 2.4)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
#: A part of a name is looked for from so many letters on.
_SHORTEST_PART = 4
#: Words that many people take, also with digits and signs around them.
_OBVIOUS_WORDS = (
    "wachtwoord password passwort motdepasse welkom welcome geheim secret admin administrator "
    "beheerder gemeente inloggen login letmein laatmijerin qwerty qwertyuiop azerty asdfghjkl "
    "zxcvbnm qazwsxedc iloveyou ikhouvanjou ikhouvanje feyenoord voetbal football nederland "
    "amsterdam rotterdam haarlem zomer winter lente herfst voorjaar najaar zonneschijn sunshine "
    "princess prinses dragon monkey superman batman trustno changeme veranderen standaard default "
    "testtest computer internet abcdefghijkl correcthorsebatterystaple"
)
_OBVIOUS = frozenset(_OBVIOUS_WORDS.split())
_ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_FEWEST_SIGNS = 5

_hasher = PasswordHasher()


def to_hash(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether this is the password; without one it takes as long to say no."""
    dummy = _dummy()
    try:
        return _hasher.verify(kept or dummy, _normal(password)[: LONGEST + 1]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether we would now make another checksum of the same password."""
    return _hasher.check_needs_rehash(kept)


def fault_of(password: str, name: str, email: str) -> str | None:
    """Why this can't be a password of this person, in a sentence; None when it can."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        return f"Neem minstens {SHORTEST} tekens. Een zin van een paar woorden is goed."
    if len(normal) > LONGEST:
        return f"Neem hoogstens {LONGEST} tekens."
    plain = normal.casefold()
    if any(part in plain for part in _own_parts(name, email)):
        return "Neem iets zonder uw naam, uw e-mailadres of de naam van dit programma."
    if _is_obvious(plain):
        return "Dit wachtwoord is te makkelijk te raden. Neem bijvoorbeeld vier losse woorden."
    return None


def _normal(password: str) -> str:
    """One way to write the same signs, whatever keyboard they were typed on."""
    return unicodedata.normalize("NFKC", password)


@cache
def _dummy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _own_parts(name: str, email: str) -> set[str]:
    words = re.findall(r"\w+", f"{name} {email.partition('@')[0]}".casefold())
    return {word for word in words if len(word) >= _SHORTEST_PART} | {"vlekkenplan"}


def _is_obvious(plain: str) -> bool:
    letters = re.sub(r"[\W\d_]+", "", plain)
    return (
        len(set(plain)) < _FEWEST_SIGNS
        or _is_repeated(plain)
        or _is_run(plain)
        or letters in _OBVIOUS
        or (_is_repeated(letters) and letters[: len(letters) // 2] in _OBVIOUS)
    )


def _is_repeated(text: str) -> bool:
    """Whether the text is one piece, some times over: it is then found within itself."""
    return bool(text) and text in (text + text)[1:-1]


def _is_run(plain: str) -> bool:
    """Whether the text goes along the alphabet, the digits or the rows of the keyboard."""
    return any(plain in row * 3 or plain in row[::-1] * 3 for row in (*_ROWS, "1234567890"))
