"""Publication levels: what of a site may leave the database, and through which door.

The doors are views (see ``data.views``). Pages, exports and the API read sites only through
them, so a forgotten filter in Python cannot show more than the view holds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicationLevel:
    """How much of a site is public."""

    key: str
    label: str
    explanation: str


OPENBAAR = PublicationLevel(
    "openbaar", "Openbaar", "De plek, de naam en de gegevens zijn voor iedereen te zien."
)
GEBIED = PublicationLevel(
    "gebied",
    "Alleen per gemeente en wijk",
    "Alleen het aantal plekken in de gemeente en de wijk telt mee. Het adres blijft geheim.",
)
INTERN = PublicationLevel(
    "intern", "Intern", "Deze locatie staat niet op de site en telt nergens mee."
)
PUBLICATION_LEVELS: tuple[PublicationLevel, ...] = (OPENBAAR, GEBIED, INTERN)
