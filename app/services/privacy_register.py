"""The register of personal data: what the code says, beside what the database says of readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.auth.permissions import EVERYONE, PERMISSIONS, STAFF
from app.auth.roles import ROLES as PEOPLE
from app.services.privacy_risks import RISKS, CheckedMeasure, Risk, check_measures
from data.database_roles import ACCOUNTS, CARETAKER, RESIDENT, ROLES, VISITOR
from data.personal_data import PersonalColumn, personal_columns
from data.processings import PROCESSINGS, Processing
from data.queries.readers import Reader, Structure, read_structure

#: What the rows of a reader are called; of "alles" nothing is said.
_REACH = {
    "openbaar": "wat openbaar is",
    "gemeente": "eigen gemeente",
    "link": "met de eigen link",
    "account": "alleen zichzelf",
}
_NOT_ONE_OF_MANY = (frozenset(EVERYONE.split()), frozenset(STAFF.split()))
_PROGRAM = "het programma zelf"


@dataclass(frozen=True)
class RegisterLine:
    """One column with its readers, in words."""

    column: PersonalColumn
    readers: tuple[str, ...]


@dataclass(frozen=True)
class RegisterPart:
    """One processing with its columns."""

    processing: Processing
    lines: tuple[RegisterLine, ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """Who reads something of it."""
        return tuple(dict.fromkeys(who for line in self.lines for who in line.readers))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which kinds of data there are."""
        return tuple(dict.fromkeys(line.column.kind.label for line in self.lines))

    @property
    def terms(self) -> tuple[str, ...]:
        """After which terms data are cleared, or until when they are kept."""
        return tuple(dict.fromkeys(term for line in self.lines for term in line.column.terms))


@dataclass(frozen=True)
class CheckedRisk:
    """A risk with its measures as they hold now."""

    risk: Risk
    measures: tuple[CheckedMeasure, ...]


@dataclass(frozen=True)
class PrivacyRegister:
    """All parts, and the risks."""

    parts: tuple[RegisterPart, ...]
    risks: tuple[CheckedRisk, ...]

    @property
    def of_residents(self) -> tuple[RegisterPart, ...]:
        """The parts about residents who take part."""
        return tuple(part for part in self.parts if part.processing.is_of_residents)

    @property
    def column_count(self) -> int:
        """How many columns hold something about somebody."""
        return sum(len(part.lines) for part in self.parts)

    @property
    def failing(self) -> tuple[str, ...]:
        """Measures that do not hold at this moment."""
        return tuple(one.text for risk in self.risks for one in risk.measures if not one.holds)


#: The columns of the file, each with how a line fills it.
FILE_COLUMNS = (
    "verwerking",
    "doel",
    "van_wie",
    "grondslag",
    "waarom_die_grondslag",
    "herkomst",
    "tabel",
    "kolom",
    "soort_gegeven",
    "wie_kan_het_lezen",
    "bewaartermijn",
)


def privacy_register(connection: Connection) -> PrivacyRegister:
    """The register at this moment; any role of the database may ask for it."""
    structure = read_structure(connection)
    columns = personal_columns()
    parts = (
        RegisterPart(
            entry, tuple(_line(one, structure) for one in columns if one.processing == entry)
        )
        for entry in PROCESSINGS
    )
    risks = (CheckedRisk(risk, check_measures(risk, structure)) for risk in RISKS)
    return PrivacyRegister(tuple(parts), tuple(risks))


def register_rows(register: PrivacyRegister) -> list[dict[str, str]]:
    """The register as rows for a file: one for each column, by ``FILE_COLUMNS``."""
    return [_row(part, line) for part in register.parts for line in part.lines]


def register_record(register: PrivacyRegister) -> dict[str, Any]:
    """The register for another program, with the risks and measures."""
    return {
        "verwerkingen": register_rows(register),
        "risicos": [
            {
                "risico": one.risk.label,
                "maatregelen": [
                    {"maatregel": measure.text, "klopt_nu": measure.holds}
                    for measure in one.measures
                ],
                "wat_overblijft": one.risk.left,
            }
            for one in register.risks
        ],
    }


def _row(part: RegisterPart, line: RegisterLine) -> dict[str, str]:
    entry = part.processing
    values = (
        entry.label,
        entry.purpose,
        entry.whose,
        f"AVG artikel 6, lid 1, onder {entry.ground.letter}: {entry.ground.label.lower()}",
        entry.why,
        entry.origin,
        line.column.table,
        line.column.column,
        line.column.kind.label,
        "; ".join(line.readers),
        "; ".join(line.column.terms),
    )
    return dict(zip(FILE_COLUMNS, values, strict=True))


def _line(column: PersonalColumn, structure: Structure) -> RegisterLine:
    found = structure.readers.get(column.place, ())
    told = (_told(reader) for role in ROLES for reader in found if reader.role == role)
    readers = tuple(dict.fromkeys(text for text in told if text))
    if any(reader.role == VISITOR for reader in found):
        public = _told(Reader(VISITOR, ("openbaar",)))
        readers = (public, *(text for text in readers if _REACH["openbaar"] not in text))
    return RegisterLine(column, readers or ("Niemand",))


def _told(reader: Reader) -> str:
    reaches = [reach for reach in reader.reach if reach != "openbaar" or reader.view]
    if reader.role == VISITOR:
        return f"Iedereen ({_REACH['openbaar']})"
    words = " en ".join(_REACH[reach] for reach in reaches if reach in _REACH)
    who = people_of(reader.role)
    return f"{who} ({words})" if words and "alles" not in reaches else who


def people_of(role: str) -> str:
    """Who works as this role of the database: from the table of permissions."""
    if role == RESIDENT:
        return "Wie het zelf instuurde"
    held = [entry.holders for entry in PERMISSIONS if entry.database_role == role]
    holders = {key for some in held if some not in _NOT_ONE_OF_MANY for key in some}
    labels = [entry.label for entry in PEOPLE if entry.key in holders]
    if role in (ACCOUNTS, CARETAKER):
        labels.append(_PROGRAM)
    return ", ".join(labels)
