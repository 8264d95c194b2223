"""How a measure explains itself: the method page, the exports and the tests read the same entry.

The Dutch texts of an entry and the English docstring of its function say the same thing; the
formula in symbols stands in both, letter for letter, and a test holds them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from analysis.registry import Registry

#: The figures of today that the examples of one group of measures are worked out with.
FactsT = TypeVar("FactsT")
#: Writes a number for a Dutch reader; the app owns the notation (1.234,5), so it is passed in.
NumberFormat = Callable[[float], str]


@dataclass(frozen=True)
class Wording:
    """The nouns of a sentence: what is counted, by what it is divided, over which areas.

    Of the base: ``base`` after "naar" and "de", ``base_unit`` after a number, ``base_amount``
    for that number by name.
    """

    place: str = "plek"
    places: str = "plekken"
    base: str = "inwoners"
    base_unit: str = "inwoners"
    base_amount: str = "het aantal inwoners"
    area: str = "gemeente"
    areas: str = "gemeenten"


@dataclass(frozen=True)
class MeasureGroup:
    """Measures that answer one question, from the same figures."""

    key: str
    label: str
    explanation: str


MEASURE_GROUPS = Registry(
    "measure group",
    (
        MeasureGroup(
            "spreiding",
            "Spreiding",
            "Deze maten vergelijken het aantal plekken met een gelijke verdeling.",
        ),
        MeasureGroup(
            "clustering",
            "Dicht bij elkaar of niet",
            "Deze maten vergelijken waar locaties liggen met wat toeval zou geven.",
        ),
        MeasureGroup(
            "nabijheid",
            "Dicht bij een plek wonen",
            "Deze maten zeggen hoeveel plekken inwoners dicht bij huis hebben, lopend gemeten.",
        ),
        MeasureGroup(
            "verandering",
            "Verandering door de jaren",
            "Deze maten zeggen waardoor de verdeling anders is dan een jaar eerder.",
        ),
        MeasureGroup(
            "bereikbaarheid",
            "Bereikbaarheid",
            "Deze maten zeggen hoe ver iets is, lopend of met de fiets, over straten en paden.",
        ),
        MeasureGroup(
            "zoekgebieden",
            "Zoeken waar het kan",
            "Deze maat zegt waar in de regio een soort plek zou kunnen komen.",
        ),
        MeasureGroup(
            "afweging",
            "Kandidaten vergelijken",
            "Deze maten vergelijken mogelijke plekken, en zeggen hoe zeker de volgorde is.",
        ),
        MeasureGroup(
            "gesprek",
            "Gesprek met de wijk",
            "Deze maten zeggen wat inwoners meegeven in een gesprek over een plek.",
        ),
        MeasureGroup(
            "draagvlak",
            "Draagvlak in de wijk",
            "Deze maten zeggen wat mensen in een wijk antwoordden, en hoe zeker dat is.",
        ),
        MeasureGroup(
            "bescherming",
            "Bescherming van bewoners",
            "Deze regel zegt welke aantallen wij niet tonen, en waarom.",
        ),
    ),
)
SPREADING = MEASURE_GROUPS["spreiding"]
CLUSTERING = MEASURE_GROUPS["clustering"]
EXPOSURE = MEASURE_GROUPS["nabijheid"]
CHANGE = MEASURE_GROUPS["verandering"]
ACCESS = MEASURE_GROUPS["bereikbaarheid"]
SEARCHING = MEASURE_GROUPS["zoekgebieden"]
COMPARING = MEASURE_GROUPS["afweging"]
DIALOGUE = MEASURE_GROUPS["gesprek"]
SUPPORT = MEASURE_GROUPS["draagvlak"]
PROTECTION = MEASURE_GROUPS["bescherming"]


@dataclass(frozen=True)
class Measure(Generic[FactsT]):
    """One number that is computed: what it means, how, with an example, and what it cannot say.

    ``example`` turns today's figures (those of its group: a ``Spreading``, or ``AccessFacts``)
    into a worked sentence, or None when they give none.
    ``formula`` is the formula in symbols, ``formula_words`` the same in words, ``symbols`` what
    each letter stands for. ``function`` is the code that computes it.
    """

    key: str
    label: str
    group: MeasureGroup
    explanation: str
    formula_words: str
    formula: str
    symbols: tuple[tuple[str, str], ...]
    unit: str
    example: Callable[[FactsT, Wording, NumberFormat], str | None]
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    function: Callable[..., Any]

    @property
    def slug(self) -> str:
        """The last part of the address of its method page."""
        return self.key.replace("_", "-")

    @property
    def code_reference(self) -> str:
        """Where the code is, as ``module.function``."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    @property
    def code_path(self) -> str:
        """The file that holds the code, from the root of the repository."""
        return self.function.__module__.replace(".", "/") + ".py"


AREA = ("a", "een gebied: een gemeente of een wijk")
CAPACITY = ("c_a", "het aantal plekken in gebied a")
CAPACITY_TOTAL = ("C", "het aantal plekken in alle gebieden samen")
WEIGHT = ("w_a", "het aantal inwoners (of huishoudens, of woningen) of de opgave van gebied a")
WEIGHT_TOTAL = ("W", "hetzelfde aantal in alle gebieden samen")

WHAT_FAIR_IS = (
    "Wat eerlijk is, is een keuze. Deze maat vergelijkt alleen met het gekozen aantal, "
    "bijvoorbeeld inwoners. Hoeveel plekken er nodig zijn, telt alleen mee als u de opgave kiest."
)
UNKNOWN_IS_LEFT_OUT = (
    "Is een cijfer van een gebied niet bekend, dan telt dat gebied niet mee. Wij vullen niets in."
)
