"""One way to write a thing as JSON, so that the same content always has the same checksum."""

from __future__ import annotations

import hashlib
import json
from math import isfinite
from typing import Any

#: Whole numbers up to here are told exactly by a floating-point number.
_LARGEST_WHOLE = 2**53


def canonical(value: Any) -> Any:
    """The value with each number in its one form; a ValueError for what JSON can't tell.

    A whole number is written without a point and minus zero as zero, for a database does so too.
    """
    if isinstance(value, dict):
        return {str(key): canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(part) for part in value]
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} is no number in JSON")
        return int(value) if value == int(value) and abs(value) <= _LARGEST_WHOLE else value
    if value is None or isinstance(value, str | bool | int):
        return value
    raise ValueError(f"{type(value).__name__} has no one form in JSON")


def canonical_bytes(content: Any) -> bytes:
    """The content as UTF-8: keys by their name, no spaces."""
    text = json.dumps(canonical(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def sha256_of(content: Any) -> str:
    """The checksum of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()
