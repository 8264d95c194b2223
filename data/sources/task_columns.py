"""The columns of a file with the task: how many places of a type a gemeente needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from data.sources.cells import Cell, CellError, to_count, to_plain, to_text, to_word, to_year
from data.sources.file_columns import FileColumn
from data.sources.secrets import SecretWords
from geo.frames import FIRST_TASK_YEAR, LAST_TASK_YEAR

TASK_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "gemeente",
        ("gemeente", "gemeentenaam", "gemeentecode"),
        to_text,
        "naam of code van de gemeente",
    ),
    FileColumn(
        "type",
        ("soort", "type", "soort voorziening", "type voorziening", "voorziening"),
        to_text,
        "soort voorziening",
    ),
    FileColumn(
        "from_year",
        ("jaar", "vanaf jaar", "vanaf", "from year"),
        to_year(FIRST_TASK_YEAR, LAST_TASK_YEAR),
        "vanaf welk jaar dit aantal geldt, tot het volgende jaar in het bestand",
    ),
    FileColumn(
        "place_count",
        ("plekken", "aantal plekken", "opgave", "aantal", "plaatsen", "place count"),
        to_count,
        "hoeveel plekken er nodig zijn; 0 is echt nul",
    ),
    FileColumn(
        "note",
        ("toelichting", "opmerking", "opmerkingen", "uitleg"),
        to_text,
        "voor uzelf; wij bewaren dit niet",
    ),
    FileColumn(
        "based_on",
        ("bron", "besluit"),
        to_text,
        "voor uzelf; wij bewaren dit niet",
    ),
)


@dataclass(frozen=True)
class TaskVocabulary:
    """The words a file may use: ``gemeenten`` maps codes to names, ``types`` plain words to keys.

    ``without_task`` are the types of which no places are counted, word to label.
    """

    gemeenten: Mapping[str, str]
    types: Mapping[str, str]
    without_task: Mapping[str, str]
    secret: SecretWords

    def parse_gemeente(self, cell: Cell) -> str | None:
        """The code of a gemeente of the region. Raises CellError for any other."""
        text = to_text(cell)
        if text and re.fullmatch(r"gm\s*\d{4}", text, re.IGNORECASE):
            return self._known_code(text.upper().replace(" ", ""))
        names = {to_plain(name): name for name in self.gemeenten.values()}
        name = to_word(names, "deze gemeente")(cell)
        codes = {name: code for code, name in self.gemeenten.items()}
        return None if name is None else codes[name]

    def parse_type(self, cell: Cell) -> str | None:
        """The key of a type whose places are counted. Raises CellError for any other."""
        text = to_text(cell)
        label = self.without_task.get(to_plain(text)) if text else None
        if label is not None:
            raise CellError(
                f"{label}: van deze soort tellen wij geen plekken, dus er is niets om de opgave "
                "mee te vergelijken. Haal deze rij weg."
            )
        key: str | None = to_word(self.types, "deze soort voorziening")(cell)
        return key

    @property
    def columns(self) -> tuple[FileColumn, ...]:
        """``TASK_COLUMNS`` with the parsers that need these words."""
        parsers = {"gemeente": self.parse_gemeente, "type": self.parse_type}
        return tuple(
            replace(column, parse=parsers.get(column.key, column.parse)) for column in TASK_COLUMNS
        )

    def _known_code(self, code: str) -> str:
        if code not in self.gemeenten:
            known = ", ".join(f"{key} ({name})" for key, name in self.gemeenten.items())
            raise CellError(f"Deze code is niet van een gemeente in de regio. Kies uit: {known}.")
        return code
