"""The columns of a file with homes of single people: a number by area, never an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from data.sources.cells import Cell, CellError, to_count, to_plain, to_text, to_word, to_year
from data.sources.file_columns import FileColumn
from data.sources.secrets import SecretWords
from geo.frames import FIRST_TASK_YEAR, LAST_TASK_YEAR

HOME_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "area",
        ("gebied", "gebiedscode", "gebiedsnaam", "code", "gemeente", "wijk", "buurt"),
        to_text,
        "code of naam van de gemeente, wijk of buurt",
    ),
    FileColumn("type", ("soort", "type", "soort woning", "regeling"), to_text, "soort woning"),
    FileColumn(
        "year",
        ("jaar", "peiljaar", "year"),
        to_year(FIRST_TASK_YEAR, LAST_TASK_YEAR),
        "het jaar waarover het aantal gaat; in elke rij hetzelfde",
    ),
    FileColumn(
        "home_count",
        ("aantal", "aantal woningen", "woningen", "home count"),
        to_count,
        "hoeveel woningen er zijn; 0 is echt nul",
    ),
    FileColumn(
        "note", ("toelichting", "opmerking", "opmerkingen"), to_text, "wij bewaren dit niet"
    ),
)
#: Words in the name of a column that tell where or with whom: such a file is refused.
TELLING_WORDS = frozenset(
    {
        "adres",
        "adressen",
        "address",
        "straat",
        "straatnaam",
        "huisnummer",
        "huisnr",
        "postcode",
        "woonplaats",
        "x",
        "y",
        "lon",
        "lat",
        "longitude",
        "latitude",
        "lengtegraad",
        "breedtegraad",
        "coordinaat",
        "coordinaten",
        "coordinates",
        "locatie",
        "geom",
        "geometrie",
        "geometry",
        "wkt",
        "bag",
        "verblijfsobject",
        "nummeraanduiding",
        "bewoner",
        "bewoners",
        "client",
        "clienten",
        "huurder",
        "huurders",
        "naam",
        "achternaam",
        "voornaam",
        "bsn",
        "geboortedatum",
        "geboortejaar",
    }
)
_NAMED_CODES = 4


@dataclass(frozen=True)
class HomeArea:
    """An area that homes may be counted in."""

    level: str
    name: str


@dataclass(frozen=True)
class HomeVocabulary:
    """The words a file may use: ``areas`` by code, ``types`` plain words to keys.

    ``with_place`` are the types that are sites on the map, word to label. ``sum_faults`` tells of
    which areas the count is not that of their parts, with what those are together.
    """

    areas: Mapping[str, HomeArea]
    types: Mapping[str, str]
    with_place: Mapping[str, str]
    secret: SecretWords
    sum_faults: Callable[[Mapping[str, int]], Mapping[str, int]]

    def parse_area(self, cell: Cell) -> str | None:
        """The code of an area of the region. Raises CellError for any other."""
        text = to_text(cell)
        if text is None:
            return None
        code = text.upper().replace(" ", "")
        if code in self.areas:
            return code
        found = self._codes_of(to_plain(text))
        if len(found) > 1:
            several = ", ".join(found[:_NAMED_CODES])
            raise CellError(f"Meer gebieden heten zo: {several}. Gebruik de code.")
        if found:
            return found[0]
        names = {to_plain(area.name): area.name for area in self.areas.values()}
        to_word(names, "dit gebied")(text)
        raise CellError("Dit gebied ligt niet in de regio. Gebruik de code van het CBS.")

    def _codes_of(self, plain: str) -> list[str]:
        return [
            code
            for code, area in self.areas.items()
            if plain in (to_plain(area.name), f"{area.level} {to_plain(area.name)}")
        ]

    def parse_type(self, cell: Cell) -> str | None:
        """The key of a type that is counted by area. Raises CellError for any other."""
        text = to_text(cell)
        label = self.with_place.get(to_plain(text)) if text else None
        if label is not None:
            raise CellError(
                f"{label} is geen gewone woning. Zo'n plek hoort in het bestand met locaties."
            )
        key: str | None = to_word(self.types, "deze soort woning")(cell)
        return key

    @property
    def columns(self) -> tuple[FileColumn, ...]:
        """``HOME_COLUMNS`` with the parsers that need these words."""
        parsers = {"area": self.parse_area, "type": self.parse_type}
        return tuple(
            replace(column, parse=parsers.get(column.key, column.parse)) for column in HOME_COLUMNS
        )
