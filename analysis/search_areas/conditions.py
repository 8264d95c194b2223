"""What a square must meet to be in a search area: the conditions, with our starting values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

from analysis.access.profiles import ACCESS_PROFILES
from analysis.errors import InputError
from analysis.facility_types import FacilityType
from analysis.registry import Registry
from analysis.spreading.verdict import VERDICTS

STARTING_VALUES = (
    "De voorwaarden zijn onze startwaarden: de beleidsstukken noemen die niet. De gebruikers "
    "stellen ze samen vast, en u kunt ze hier veranderen."
)


@dataclass(frozen=True)
class Condition:
    """One condition that is a number: its unit, its range, and where it starts.

    ``is_optional`` says that it may be left out. ``only_when_asked`` says that it is for types
    that ask distance. ``is_most`` says that the number is the most that is allowed.
    """

    key: str
    label: str
    unit: str
    explanation: str
    least: int
    most: int
    start: int | None
    is_most: bool = False
    is_optional: bool = False
    only_when_asked: bool = False


CONDITIONS = Registry(
    "condition",
    (
        Condition(
            "bereikbaarheid",
            "Dagelijks leven dichtbij, minstens",
            "van 100 punten",
            "De score voor wat dichtbij moet zijn, volgens het profiel van de soort.",
            0,
            100,
            60,
        ),
        Condition(
            "afstand",
            "Afstand, minstens",
            "van 100 punten",
            "De score voor wat ver weg moet zijn, zoals woningen en basisscholen.",
            0,
            100,
            60,
            only_when_asked=True,
        ),
        Condition(
            "plekken",
            "Plekken binnen 400 meter lopen, hoogstens",
            "plekken",
            "Hoeveel plekken van alle soorten samen er nu al dicht bij zijn. Leeg: geen grens.",
            0,
            1000,
            20,
            is_most=True,
            is_optional=True,
        ),
        Condition(
            "grond",
            "Uitgesloten grond in een vakje, hoogstens",
            "%",
            "Een vakje van 1 hectare valt af als er meer grond in ligt waar niets kan. Wat er wel "
            "in ligt, is uit het gebied gesneden.",
            0,
            50,
            25,
            is_most=True,
        ),
        Condition(
            "kleinste",
            "Kleinste gebied",
            "hectare",
            "Vakjes die samen kleiner zijn, staan niet op de kaart.",
            1,
            100,
            2,
        ),
    ),
)


@dataclass(frozen=True)
class GemeenteChoice:
    """Which gemeenten may have search areas, by what they have of this type now."""

    key: str
    label: str
    explanation: str
    verdicts: frozenset[str]


GEMEENTE_CHOICES = Registry(
    "choice of gemeenten",
    (
        GemeenteChoice(
            "alle",
            "Alle gemeenten",
            "Hoeveel plekken een gemeente al heeft, maakt niet uit.",
            frozenset(VERDICTS.keys),
        ),
        GemeenteChoice(
            "niet_boven",
            "Niet boven hun aandeel",
            "Gemeenten met duidelijk meer plekken dan hun aandeel doen niet mee.",
            frozenset(VERDICTS.keys) - {"boven_aandeel"},
        ),
        GemeenteChoice(
            "onder",
            "Alleen onder hun aandeel",
            "Alleen gemeenten met duidelijk minder plekken dan hun aandeel doen mee.",
            frozenset({"onder_aandeel"}),
        ),
    ),
)


@dataclass(frozen=True)
class Conditions:
    """The conditions as they are asked; the fields are the keys of ``CONDITIONS``.

    ``afstand`` counts only for types that ask distance. ``plekken`` None is no limit.
    """

    bereikbaarheid: float = 60
    afstand: float = 60
    plekken: int | None = 20
    grond: float = 25
    kleinste: int = 2
    aandeel: str = "alle"

    def __post_init__(self) -> None:
        """InputError when a number is out of its range, or the choice of gemeenten is none."""
        breaches = [
            f"{entry.key} is {value}, not from {entry.least} to {entry.most}"
            for entry in CONDITIONS
            if not _fits(entry, value := getattr(self, entry.key))
        ]
        if self.aandeel not in GEMEENTE_CHOICES:
            breaches.append(f"{self.aandeel!r} is no choice of gemeenten")
        if breaches:
            raise InputError("conditions", breaches)

    @property
    def gemeenten(self) -> GemeenteChoice:
        """Which gemeenten may have search areas."""
        return GEMEENTE_CHOICES[self.aandeel]

    def to_words(self) -> dict[str, Any]:
        """Each condition by its name."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}


def _fits(condition: Condition, value: float | None) -> bool:
    if value is None:
        return condition.is_optional
    return isfinite(value) and condition.least <= value <= condition.most


def conditions_of(kind: FacilityType) -> tuple[Condition, ...]:
    """The conditions that count for a type."""
    asks_distance = ACCESS_PROFILES[kind.key].asks_distance
    return tuple(entry for entry in CONDITIONS if asks_distance or not entry.only_when_asked)
