"""The roles that people have in this program, each for one gemeente or for the region."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class Role:
    """What someone is here; ``is_local`` when the role is held for a gemeente.

    ``asks_second_step``: a password alone is not enough to work in this role.
    """

    key: str
    label: str
    explanation: str
    is_local: bool = False
    asks_second_step: bool = False


VISITOR_KEY = "bezoeker"
ROLES = Registry(
    "role",
    (
        Role(VISITOR_KEY, "Bezoeker", "Iedereen. U hoeft niet in te loggen."),
        Role(
            "planner",
            "Planner",
            "Werkt voor een gemeente aan de locaties van die gemeente.",
            is_local=True,
        ),
        Role(
            "regiocoordinator",
            "Regiocoördinator",
            "Werkt aan de locaties van alle gemeenten in de regio.",
            asks_second_step=True,
        ),
        Role(
            "raadslid",
            "Raadslid",
            "Leest ook de aantallen die nog niet openbaar zijn. Ziet geen adressen.",
        ),
        Role("moderator", "Moderator", "Leest wat inwoners schrijven voordat het openbaar wordt."),
        Role(
            "databeheerder",
            "Databeheerder",
            "Leest cijfers en locaties in.",
            asks_second_step=True,
        ),
        Role(
            "beheerder",
            "Beheerder",
            "Maakt accounts en geeft rollen.",
            asks_second_step=True,
        ),
    ),
)
