"""The columns of a file with sites. Several rows with one code are the history of one site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from data.publication import GEBIED, INTERN, OPENBAAR
from data.sources.cells import Cell, CellError, to_count, to_date, to_plain, to_text, to_word
from data.sources.file_columns import FileColumn
from data.sources.placing import PLACE_COLUMNS
from data.sources.secrets import SecretWords

_PUBLICATION_WORDS = {
    **{
        to_plain(word): level.key
        for level in (OPENBAAR, GEBIED, INTERN)
        for word in (level.key, level.label)
    },
    "alleen gemeente wijk": GEBIED.key,
    "publiek": OPENBAAR.key,
    "ja": OPENBAAR.key,
    "nee": INTERN.key,
    "niet openbaar": INTERN.key,
}

SITE_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "site_code",
        ("code", "locatiecode", "site code", "id", "nummer", "kenmerk"),
        to_text,
        "vaste code van de locatie",
    ),
    FileColumn("name", ("naam", "locatienaam", "locatie", "name"), to_text, "naam van de locatie"),
    FileColumn(
        "type",
        ("type", "soort", "soort voorziening", "type voorziening", "voorziening"),
        to_text,
        "soort voorziening",
    ),
    FileColumn(
        "provider",
        ("aanbieder", "zorgaanbieder", "organisatie", "instelling", "provider"),
        to_text,
        "wie de zorg of opvang geeft",
    ),
    FileColumn("address", ("adres", "straat", "address"), to_text, "straat en nummer"),
    FileColumn(
        "description",
        ("toelichting", "omschrijving", "opmerking", "opmerkingen", "description"),
        to_text,
        "uitleg",
    ),
    FileColumn(
        "publication",
        ("publicatie", "publicatieniveau", "openbaarheid", "publication"),
        to_word(_PUBLICATION_WORDS, "dit publicatieniveau"),
        "openbaar, gebied of intern",
    ),
    FileColumn(
        "valid_from",
        ("geldig van", "geldig vanaf", "begindatum", "valid from"),
        to_date,
        "vanaf wanneer de locatie meetelt",
    ),
    FileColumn(
        "valid_to",
        ("geldig tot", "geldig tot en met", "einddatum", "valid to"),
        to_date,
        "tot wanneer de locatie meetelt",
    ),
    FileColumn("status", ("status", "fase", "stand"), to_text, "stap in het leven van de locatie"),
    FileColumn(
        "from_date",
        (
            "status sinds",
            "sinds",
            "datum",
            "statusdatum",
            "status vanaf",
            "datum status",
            "from date",
        ),
        to_date,
        "sinds wanneer deze status geldt",
    ),
    FileColumn(
        "capacity_count",
        (
            "plekken",
            "aantal plekken",
            "capaciteit",
            "plaatsen",
            "aantal plaatsen",
            "capacity count",
        ),
        to_count,
        "aantal plekken sinds die datum",
    ),
    FileColumn(
        "reason", ("reden", "reden afgevallen", "reason"), to_text, "waarom, bij afgevallen"
    ),
    *PLACE_COLUMNS,
)

#: What is so of a site in all its rows; the rest is so from a date on.
FIXED_KEYS = (
    "name",
    "type",
    "provider",
    "address",
    "description",
    "publication",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True)
class SiteVocabulary:
    """The words a file may use; ``types`` and ``statuses`` map plain words to keys.

    ``only_counted`` are the types that are known by number per area only, word to label;
    ``statuses_with_reason`` the keys of statuses that ask for a reason.
    """

    types: Mapping[str, str]
    only_counted: Mapping[str, str]
    secret: SecretWords
    statuses: Mapping[str, str]
    statuses_with_reason: frozenset[str]

    def parse_type(self, cell: Cell) -> str | None:
        """The key of a type that may be a site. Raises CellError for any other."""
        text = to_text(cell)
        label = self.only_counted.get(to_plain(text)) if text else None
        if label is not None:
            raise CellError(
                f"{label}: dit zijn gewone huizen van mensen. Daarvan bewaren wij geen plek, "
                "alleen aantallen per gebied. Haal deze rij weg."
            )
        key: str | None = to_word(self.types, "deze soort voorziening")(cell)
        return key

    @property
    def columns(self) -> tuple[FileColumn, ...]:
        """``SITE_COLUMNS`` with the parsers that need these words."""
        parsers = {
            "type": self.parse_type,
            "status": to_word(self.statuses, "deze status"),
        }
        return tuple(
            replace(column, parse=parsers.get(column.key, column.parse)) for column in SITE_COLUMNS
        )
