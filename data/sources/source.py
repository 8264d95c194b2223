"""What a source tells about itself; pages, release records and tests read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where data come from: whose they are, on what terms, what they hold and do not hold.

    All text is Dutch and meant for every reader. ``attribution`` may hold ``{year}``.
    ``columns`` are the columns we read, with what they mean. ``is_example`` marks data that
    we made up ourselves.
    """

    key: str
    title: str
    publisher: str
    licence: str
    licence_address: str
    attribution: str
    address: str
    delivers: str
    formats: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    is_example: bool = False

    def attribution_of(self, year: int) -> str:
        """The credit line to print beside data of this year."""
        return self.attribution.format(year=year)
