"""What a form of a resident carries that nobody can make up: when it was opened, and its photo.

Nothing of a contribution is stored before it is sent. So the code that it will have, the moment at
which the form was opened and the photo that was cleaned travel in the form itself: sealed, so that
what comes back is what went out. A form that is sent twice has the same code, and is kept once.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
from dataclasses import dataclass

from app.services.derived_keys import UnreadableSecret, decrypt, encrypt, to_pseudonym
from app.services.own_links import new_code

#: A form may be open for a day.
LASTS_S = 24 * 3600
#: Nobody reads and checks a form in less time.
LEAST_S = 3
_FORM, _PHOTO = "form of contribution", "photo in form of contribution"


@dataclass(frozen=True)
class Seal:
    """The code of the contribution to come, and when its form was opened."""

    code: str
    opened_at: dt.datetime

    def is_too_quick(self, now: dt.datetime) -> bool:
        """Whether hardly any time went by."""
        return now - self.opened_at < dt.timedelta(seconds=LEAST_S)


def new_seal(secret_key: str, track_code: str, now: dt.datetime) -> str:
    """A seal for a form that is opened now, for one conversation."""
    return encrypt(secret_key, _FORM, f"{new_code()} {track_code} {int(now.timestamp())}")


def read_seal(secret_key: str, track_code: str, sealed: str) -> Seal | None:
    """What the seal of a form holds; None when it is not ours, of another form, or too old."""
    try:
        code, track, opened = decrypt(secret_key, _FORM, sealed, LASTS_S).split(" ")
    except (UnreadableSecret, ValueError):
        return None
    if track != track_code:
        return None
    return Seal(code, dt.datetime.fromtimestamp(float(opened), dt.UTC))


def seal_photo(secret_key: str, track_code: str, content: bytes) -> str:
    """A clean photo as text for a form of this conversation."""
    text = base64.urlsafe_b64encode(content).decode()
    return f"{text}.{_mark(secret_key, track_code, text)}"


def read_photo(secret_key: str, track_code: str, sealed: str) -> bytes | None:
    """The photo in a form; None when it is not the one that we put there."""
    text, _, mark = sealed.rpartition(".")
    if not text.isascii() or not mark.isascii():
        return None
    if not hmac.compare_digest(mark, _mark(secret_key, track_code, text)):
        return None
    try:
        return base64.urlsafe_b64decode(text)
    except binascii.Error:
        return None


def _mark(secret_key: str, track_code: str, text: str) -> str:
    return to_pseudonym(secret_key, _PHOTO, f"{track_code} {text}")
