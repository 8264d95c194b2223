"""Secret links for who has no account: made from a code and the secret key, known by a checksum.

The same code gives the same link, so that a link can be put in a later message without being
kept anywhere. Another secret key ends all of them.
"""

from __future__ import annotations

import secrets

from app.services.derived_keys import to_pseudonym
from app.services.sessions import to_checksum

CONTRIBUTION = "link of contribution"
SUBSCRIPTION = "link of subscription"
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_CODE_LENGTH = 12


def new_code() -> str:
    """A random code that people can read to each other: 12 signs, some 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def own_token(secret_key: str, purpose: str, code: str) -> str:
    """The secret part of the link that opens what has this code."""
    return to_pseudonym(secret_key, purpose, code)


def own_token_sha256(secret_key: str, purpose: str, code: str) -> str:
    """What the database knows of that link."""
    return to_checksum(own_token(secret_key, purpose, code))
