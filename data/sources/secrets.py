"""Refusing what may never be stored: addresses of shelters whose place is secret.

Any cell counts, in whatever spelling, as do the names of the columns, the sheet and the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from data.faults import Fault
from data.sources.cells import to_plain
from data.sources.table_files import TableFile

MESSAGE = (
    "Hier gaat het om vrouwenopvang. Die adressen zijn geheim. Het hele bestand is geweigerd en "
    "er is niets opgeslagen. Haal dit weg uit het bestand, en bewaar het op een veilige plek."
)
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"})
_ALIKE = 0.86
_JOINED_WORDS = 4


@dataclass(frozen=True)
class SecretWords:
    """What betrays a secret place: ``phrases`` anywhere, ``types`` as the type of a site."""

    phrases: tuple[str, ...]
    types: tuple[str, ...]

    def are_in(self, text: str) -> bool:
        """Whether one of the phrases stands in the text, also with a typing error."""
        words = to_plain(text.translate(_LOOKALIKES)).split()
        squeezed = "".join(words)
        return any(
            phrase in squeezed or _is_nearly_in(phrase, words)
            for phrase in map(_squeeze, self.phrases)
        )

    def are_type(self, text: str) -> bool:
        """Whether the text is one of the types."""
        return _squeeze(text) in map(_squeeze, self.types)


def secret_faults(
    table: TableFile, secret: SecretWords, type_column: str | None = None
) -> tuple[list[Fault], set[int]]:
    """A fault for each row that speaks of a secret place, and the numbers of those rows.

    The faults repeat nothing of what the row holds. A fault without a row says that the name
    of the file, the sheet or a column betrays it: then nothing of the file may be repeated.
    """
    faults = []
    if _any_secret([table.path.stem, table.part, *table.columns], secret):
        faults.append(Fault(MESSAGE))
    rows = {
        row.number
        for row in table.rows
        if _any_secret((str(cell) for cell in row.cells.values() if cell is not None), secret)
        or (type_column is not None and secret.are_type(str(row.cells.get(type_column))))
    }
    faults += [Fault(MESSAGE, row=number) for number in sorted(rows)]
    return faults, rows


def _any_secret(texts: Iterable[str], secret: SecretWords) -> bool:
    return any(secret.are_in(text) for text in texts)


def _squeeze(text: str) -> str:
    return to_plain(text).replace(" ", "")


def _is_nearly_in(phrase: str, words: list[str]) -> bool:
    """Whether one word, or a few written apart, differ from the phrase by a letter or two."""
    for count in range(1, _JOINED_WORDS + 1):
        for start in range(len(words) - count + 1):
            joined = "".join(words[start : start + count])
            if abs(len(joined) - len(phrase)) <= 2 and _is_alike(phrase, joined):
                return True
    return False


def _is_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
