"""A criterion: one thing by which candidates are compared, with its scale and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from analysis.errors import InputError
from analysis.registry import Registry

#: Whether a high or a low raw value is the better one.
Direction = Literal["hoog", "laag"]


@dataclass(frozen=True)
class CriterionGroup:
    """Criteria that answer one question about a candidate."""

    key: str
    label: str
    explanation: str


CRITERION_GROUPS = Registry(
    "criterion group",
    (
        CriterionGroup(
            "bereikbaarheid",
            "Bereikbaarheid",
            "Of bewoners het dagelijks leven vanaf deze plek kunnen bereiken.",
        ),
        CriterionGroup(
            "spreiding",
            "Spreiding",
            "Wat deze plek doet met de verdeling over de gemeenten, en met het aantal plekken "
            "dicht bij huis.",
        ),
        CriterionGroup(
            "omgeving",
            "Omgeving",
            "Of de plek de afstand heeft die deze soort vraagt.",
        ),
        CriterionGroup(
            "praktisch",
            "Praktisch",
            "Of het kan: van wie de grond is, wat er mag, of het er gezond is, en wat er al ligt.",
        ),
        CriterionGroup("geld", "Geld", "Wat de plek eenmalig kost."),
    ),
)


@dataclass(frozen=True)
class Criterion:
    """One criterion: its raw value in ``unit`` is worth 1 at ``good`` and 0 at ``bad``.

    Between both the value is a straight line, beyond them it is flat. The scale is fixed: it does
    not depend on which candidates are compared, so adding one never turns the order of two others.
    ``digits`` is how precisely a raw value is shown. ``only_when_asked`` says that it is for types
    that ask distance in their access profile, and for no others. ``level_names`` names the raw
    values of a criterion in steps (0, 1, 2 ...), instead of a number with a unit.
    """

    key: str
    label: str
    group: CriterionGroup
    question: str
    unit: str
    good: float
    bad: float
    explanation: str
    scale: str
    source: str
    limits: tuple[str, ...]
    digits: int = 0
    only_when_asked: bool = False
    level_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """InputError unless both ends of the scale are numbers and differ."""
        if not (isfinite(self.good) and isfinite(self.bad)) or self.good == self.bad:
            raise InputError(f"criterion {self.key}", ["good and bad are no two numbers"])

    @property
    def direction(self) -> Direction:
        """Whether high or low is better."""
        return "hoog" if self.good > self.bad else "laag"
