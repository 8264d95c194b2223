"""Keys for one purpose each, made from the one secret key of the program."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class UnreadableSecret(Exception):
    """What was encrypted can't be read: it is too old, changed, or of another secret key."""


def derive_key(secret_key: str, purpose: str) -> bytes:
    """256 bits that tell nothing of the secret key, nor of the keys for other purposes."""
    label = f"vlekkenplan {purpose}".encode()
    return hmac.new(secret_key.encode(), label, hashlib.sha256).digest()


def to_pseudonym(secret_key: str, purpose: str, value: str) -> str:
    """The same text for the same value, from which the value can't be found without the key."""
    key = derive_key(secret_key, purpose)
    return hmac.new(key, value.encode(errors="replace"), hashlib.sha256).hexdigest()


def encrypt(secret_key: str, purpose: str, text: str) -> str:
    """The text as nobody reads or changes it without the key."""
    return _cipher(secret_key, purpose).encrypt(text.encode()).decode()


def decrypt(secret_key: str, purpose: str, token: str, lasts_s: int | None = None) -> str:
    """What was encrypted, when that is not longer than ``lasts_s`` ago; or UnreadableSecret."""
    try:
        return _cipher(secret_key, purpose).decrypt(token.encode(), ttl=lasts_s).decode()
    except (InvalidToken, UnicodeError) as error:
        raise UnreadableSecret from error


def _cipher(secret_key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive_key(secret_key, purpose)))
