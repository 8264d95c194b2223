"""What a measure answers: a number with what chance would give, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.errors import InputError
from analysis.registry import Registry

#: So many random draws are behind every band, with this start unless another is asked.
DRAW_COUNT = 999
SEED = 2022
#: So many of the draws lie inside a band.
BAND_SHARE = 0.95
#: From so many sites on, chance can be told from a pattern (METHODS: never on a handful of points).
FEWEST_SITES_COUNT = 10
#: From so many areas on, neighbours can be compared.
FEWEST_AREAS_COUNT = 20
#: Computing the same number in another order differs by far less: relative, and around 0.
ROUNDING, ROUNDING_AT_0 = 1e-9, 1e-12

Position = Literal["hoger", "lager", "geen_duidelijk_verschil"]
#: What a position says, after "De index is 0,4:".
POSITIONS: dict[Position, str] = {
    "hoger": "hoger dan bij toeval",
    "lager": "lager dan bij toeval",
    "geen_duidelijk_verschil": "geen duidelijk verschil met toeval",
}


@dataclass(frozen=True)
class Reason:
    """Why something is not computed; the label is a Dutch sentence for every reader."""

    key: str
    label: str


REASONS = Registry(
    "reason",
    (
        Reason("weight_unknown", "Het aantal waarnaar wij verdelen is hier niet bekend."),
        Reason("weight_zero", "Hier is niets om naar te verdelen: het aantal is 0."),
        Reason("capacity_unknown", "Het aantal plekken is hier niet bekend."),
        Reason("no_places", "In de gebieden met cijfers zijn geen plekken om te verdelen."),
        Reason("no_capacity", "Van geen enkel gebied is bekend hoeveel plekken er zijn."),
        Reason("no_weight", "Van geen enkel gebied is bekend waarnaar wij verdelen."),
        Reason("zero_weight", "In de gebieden met cijfers is het aantal waarnaar wij verdelen 0."),
        Reason(
            "too_few_areas",
            "Er zijn minder dan twee gebieden met cijfers. Er valt niets te vergelijken.",
        ),
        Reason(
            "one_holder",
            "Alle plekken liggen in één gebied. De maat zegt dan niets meer dan dat.",
        ),
        Reason(
            "mostly_empty",
            "In meer dan de helft van de gebieden zijn geen plekken. De maat is dan altijd hoog, "
            "hoe de plekken ook verdeeld zijn.",
        ),
        Reason("no_groups", "Deze gebieden liggen niet samen in grotere gebieden."),
        Reason(
            "too_few_bases",
            "In minder dan twee gebieden is er iets om naar te verdelen. Er valt niets te "
            "vergelijken.",
        ),
        Reason(
            "places_without_base",
            "Er zijn plekken in een gebied waar niets is om naar te verdelen: het aantal is daar "
            "0. Daar kan de maat niet mee rekenen.",
        ),
        Reason(
            "sites_unknown",
            "Niet van alle plekken is bekend bij welke locatie zij horen. Een vergelijking met "
            "toeval is dan niet te maken.",
        ),
        Reason(
            "too_few_sites",
            f"Er zijn minder dan {FEWEST_SITES_COUNT} locaties: te weinig locaties voor een toets.",
        ),
        Reason("no_streets", "Er zijn nog geen straten geladen."),
        Reason("no_residents", "Waar de inwoners wonen, is niet bekend."),
        Reason(
            "no_neighbours", "Er zijn te weinig gebieden die aan elkaar grenzen om te vergelijken."
        ),
        Reason(
            "no_places_on_one_date",
            "Op een van de twee dagen waren er geen plekken. Er valt dan niets te vergelijken.",
        ),
        Reason(
            "other_areas",
            "De gebieden waren toen anders ingedeeld dan nu. Daarom vergelijken wij ze niet.",
        ),
        Reason(
            "too_few_areas_to_compare",
            f"Er zijn minder dan {FEWEST_AREAS_COUNT} gebieden met cijfers: te weinig om buren te "
            "vergelijken.",
        ),
        Reason("all_alike", "In alle gebieden is de verhouding gelijk: er is geen patroon."),
        Reason("is_island", "Dit gebied grenst niet aan een gebied met cijfers."),
        Reason(
            "too_few_points",
            "Er zijn minder punten waar mensen wonen dan locaties: een loting kan niet.",
        ),
        Reason("no_way", "Tussen de punten waar mensen wonen, is geen weg over straat bekend."),
    ),
)


@dataclass(frozen=True)
class Band:
    """Between which values 95 of 100 random draws lie, and which draws those were.

    ``low`` and ``high`` are drawn values themselves (the 25th and the 975th of 999), ``middle``
    is the median. The same ``seed`` gives the same draws.
    """

    low: float
    middle: float
    high: float
    draw_count: int
    seed: int

    def position(self, value: float) -> Position:
        """Where a value lies: above the band, below it, or not clearly different from chance.

        A value that differs from an end by no more than rounding does, lies on that end.
        """
        if any(
            isclose(value, end, rel_tol=ROUNDING, abs_tol=ROUNDING_AT_0)
            for end in (self.low, self.high)
        ):
            return "geen_duidelijk_verschil"
        if value > self.high:
            return "hoger"
        return "lager" if value < self.low else "geen_duidelijk_verschil"


@dataclass(frozen=True)
class Outcome:
    """A number, or the reason why there is none: exactly one of ``value`` and ``reason``.

    ``band`` is what the same question gives for random draws; None where none were made.
    """

    value: float | None
    reason: Reason | None = None
    band: Band | None = None

    def __post_init__(self) -> None:
        """InputError when there is both a number and a reason, or neither."""
        if (self.value is None) == (self.reason is None):
            raise InputError("outcome", ["a number or a reason is needed, and not both"])

    @classmethod
    def without(cls, reason_key: str) -> Outcome:
        """No number, for the reason with this key."""
        return cls(None, REASONS[reason_key])

    @property
    def position(self) -> Position | None:
        """Where the number lies against its band; None without number or band."""
        if self.value is None or self.band is None:
            return None
        return self.band.position(self.value)


def to_band(drawn: npt.NDArray[np.float64], seed: int) -> Band:
    """The band of the drawn values: the ranks that leave 2.5% out on either side.

    Of 999 values the 25th and the 975th smallest, so that the share outside is exactly 5% of
    1,000 (the drawn values and the one that is compared).

    Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), section 4.2.5.
    """
    if drawn.ndim != 1 or not len(drawn) or not np.isfinite(drawn).all():
        raise InputError("band", ["there are no drawn values, or one is not known"])
    ordered = np.sort(drawn)
    outside = int((1 - BAND_SHARE) / 2 * (len(ordered) + 1) + 1e-9)
    low, high = max(1, outside), min(len(ordered), len(ordered) + 1 - outside)
    return Band(
        float(ordered[low - 1]),
        float(np.median(ordered)),
        float(ordered[high - 1]),
        len(ordered),
        seed,
    )
