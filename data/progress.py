"""Telling a waiting user what is being done."""

from __future__ import annotations

from collections.abc import Callable

#: Is told in one line of Dutch what is being done now.
Progress = Callable[[str], None]


def silent(_message: str) -> None:
    """A ``Progress`` that tells nobody."""
