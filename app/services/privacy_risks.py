"""Risks for people whose data are kept, and measures that the database itself shows to hold.

Each measure is checked against the structure of the database as it is at this moment: grants,
policies, views, history, and the terms. A page that says a measure holds has looked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from data.database_roles import CARETAKER, COUNCIL, DATA, MODERATOR, RESIDENT, VISITOR, WORKSPACE
from data.personal_data import personal_columns
from data.queries.readers import Structure

#: How the database writes down that a view shows only what a moderator let through.
_ONLY_PUBLIC = re.compile(r"moderation\)?(?:::text)? = 'openbaar'")
#: Tables that hold what residents wrote, or where they can be reached.
OF_RESIDENTS = frozenset(
    one.table for one in personal_columns() if one.processing.is_of_residents
) - {"attempt"}


@dataclass(frozen=True)
class Measure:
    """Something that makes a risk smaller; ``holds`` looks whether it is so."""

    text: str
    holds: Callable[[Structure], bool]


@dataclass(frozen=True)
class Risk:
    """What could go wrong for somebody, and what stands against it. ``left`` is what remains."""

    key: str
    label: str
    measures: tuple[Measure, ...]
    left: str


@dataclass(frozen=True)
class CheckedMeasure:
    """A measure, and whether it holds at this moment."""

    text: str
    holds: bool


def check_measures(risk: Risk, structure: Structure) -> tuple[CheckedMeasure, ...]:
    """The measures of a risk, each looked after in the database."""
    return tuple(CheckedMeasure(one.text, one.holds(structure)) for one in risk.measures)


def _roles(structure: Structure, place: str) -> set[str]:
    return {reader.role for reader in structure.readers.get(place, ())}


def _addresses_apart(structure: Structure) -> bool:
    addresses = ("contribution_contact.email", "subscription.email", "outgoing_mail.recipient")
    allowed = {RESIDENT, CARETAKER}
    return all(_roles(structure, place) <= allowed for place in addresses)


def _own_link_only(structure: Structure) -> bool:
    return all(
        reader.reach == ("link",)
        for place in (
            "contribution_contact.email",
            "subscription.email",
            "contribution.token_sha256",
        )
        for reader in structure.readers.get(place, ())
        if reader.role == RESIDENT
    )


def _moderated_first(structure: Structure) -> bool:
    direct = {
        reader.role
        for reader in structure.readers.get("contribution.body", ())
        if reader.view is None
    }
    seen_by_all = direct & {VISITOR, COUNCIL, DATA}
    views = ("public_contribution", "public_contribution_photo")
    return not seen_by_all and all(
        _ONLY_PUBLIC.search(structure.views.get(view, "")) is not None for view in views
    )


def _rows_guarded(structure: Structure) -> bool:
    without = {"outgoing_mail"}  # only the post reaches it at all
    return OF_RESIDENTS - without <= structure.guarded_tables and (
        _roles(structure, "outgoing_mail.recipient") <= {CARETAKER}
    )


def _own_gemeente(structure: Structure) -> bool:
    return all(
        reader.reach == ("gemeente",)
        for reader in structure.readers.get("contribution.body", ())
        if reader.role in (WORKSPACE, MODERATOR) and reader.view is None
    )


def _terms(structure: Structure) -> bool:
    del structure
    addresses = [
        one
        for one in personal_columns()
        if one.processing.is_of_residents and one.kind.key == "contact"
    ]
    return bool(addresses) and all(one.retentions for one in addresses)


def _history_clean(structure: Structure) -> bool:
    kept = {f"{table}.{column}" for table, columns in structure.noted.items() for column in columns}
    kinds = {"contact", "woorden", "plek", "beeld", "kenmerk", "keuze"}
    written = {
        one.place
        for one in personal_columns()
        if one.processing.key in ("reageren", "antwoord_per_mail", "volgen", "afwegen")
        and one.kind.key in kinds
    } - {"contribution.kind"}
    return not kept & (written | {"contribution.appeal_text"})


def _importance_anonymous(structure: Structure) -> bool:
    del structure
    kinds = {one.kind.key for one in personal_columns() if one.table == "importance"}
    return kinds <= {"keuze", "plek"}


def _second_person(structure: Structure) -> bool:
    return {"moderated_by", "second_by", "appeal_by"} <= structure.noted.get(
        "contribution", frozenset()
    )


def _shelters_refused(structure: Structure) -> bool:
    texts = {"contribution", "contribution_photo", "track", "track_news", "theme", "agreement"}
    return texts <= structure.refusing_tables


RISKS: tuple[Risk, ...] = (
    Risk(
        "wie_schreef_wat",
        "Iemand komt te weten wie een reactie schreef.",
        (
            Measure(
                "Een e-mailadres staat apart. Alleen de schrijver en het programma dat de post "
                "stuurt, kunnen erbij.",
                _addresses_apart,
            ),
            Measure(
                "Een schrijver komt met de eigen link alleen bij eigen gegevens.", _own_link_only
            ),
            Measure(
                "Wat inwoners belangrijk vinden, heeft geen naam, adres of moment.",
                _importance_anonymous,
            ),
        ),
        "Wie in een reactie over zichzelf vertelt, kan worden herkend. De moderator let daarop.",
    ),
    Risk(
        "over_een_ander",
        "Een reactie bevat gegevens van een ander, of iets over gezondheid.",
        (
            Measure(
                "Een reactie of foto is pas openbaar als een moderator dat besluit.",
                _moderated_first,
            ),
            Measure(
                "Wie een reactie weigerde of nakeek, is later na te gaan.",
                _second_person,
            ),
        ),
        "Tot een moderator kijkt, kunnen medewerkers van de gemeente de tekst lezen.",
    ),
    Risk(
        "te_ver",
        "Een medewerker ziet meer dan voor het werk nodig is.",
        (
            Measure(
                "De database geeft per rij alleen wat bij iemands rol past.",
                _rows_guarded,
            ),
            Measure(
                "Planners en moderators lezen alleen reacties van hun eigen gemeente.",
                _own_gemeente,
            ),
        ),
        "Wie de server beheert, kan bij de database. Leg vast wie dat zijn.",
    ),
    Risk(
        "te_lang",
        "Gegevens blijven langer dan nodig.",
        (
            Measure("Van elk e-mailadres van een inwoner ligt vast wanneer het weggaat.", _terms),
            Measure(
                "De geschiedenis wordt nooit gewist. Er komt niets in van wat inwoners schreven.",
                _history_clean,
            ),
        ),
        "Wie een openbare pagina kopieert, houdt die. Dat kan het programma niet wissen.",
    ),
    Risk(
        "geheime_plek",
        "Een geheim adres komt op de site.",
        (Measure("De database weigert teksten over vrouwenopvang.", _shelters_refused),),
        "De database herkent woorden, geen adressen. De moderator kent deze regel ook.",
    ),
)
