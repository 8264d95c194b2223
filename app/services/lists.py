"""What every list shares: columns, sorting, searching and where its numbers come from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from data.queries.releases import Release

Kind = Literal["text", "whole", "number", "date"]


@dataclass(frozen=True)
class Column:
    """One column of a list, the same on the page and in a download.

    ``key`` names it in addresses, frames and files. ``sort_key`` is the column to sort by
    when that is another one (stages sort by their order, not their name).
    """

    key: str
    label: str
    kind: Kind
    decimals: int = 0
    unit: str = ""
    explanation: str = ""
    sort_key: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers, shown on the right."""
        return self.kind in ("whole", "number")


@dataclass(frozen=True)
class SourceLine:
    """Where a part of a list comes from; ``role`` says which part, in one word."""

    role: str
    label: str
    release: Release


def once(lines: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Each part of each delivery once, by the first label it was told with."""
    found: dict[tuple[str, int], SourceLine] = {}
    for line in lines:
        found.setdefault((line.role, line.release.id), line)
    return tuple(found.values())


def plain(text: str) -> str:
    """The text without accents, capitals and punctuation: for searching and sorting."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in kept.replace("'", ""))
    return " ".join(words.split())


def matching(rows: pd.DataFrame, words: str, columns: Sequence[str]) -> pd.Series:
    """Which rows hold every word of ``words`` somewhere in these columns."""
    wanted = plain(words).split()
    texts = pd.Series("", index=rows.index, dtype="object")
    for column in columns:
        texts = texts + " " + rows[column].fillna("").astype("object")
    texts = texts.map(plain).astype("str")
    found = pd.Series(True, index=rows.index)
    for word in wanted:
        found &= texts.str.contains(word, regex=False)
    return found


def arranged(rows: pd.DataFrame, column: Column, descending: bool) -> pd.DataFrame:
    """The rows sorted by this column, then by name; unknown values always come last."""
    key = column.sort_key or column.key
    by_name = rows.sort_values("naam", key=_sortable, kind="stable")
    return by_name.sort_values(
        key, ascending=not descending, key=_sortable, kind="stable", na_position="last"
    )


def _sortable(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    texts = values.map(lambda value: plain(value) if isinstance(value, str) else value)
    return texts.where(values.notna(), None)


def count_text(shown: int, total: int, one: str, many: str) -> str:
    """``48 van de 60 locaties``, or ``60 locaties`` when nothing is left out."""
    noun = one if total == 1 else many
    if shown == total:
        return f"{shown} {noun}"
    return f"{shown} van de {total} {noun}"
