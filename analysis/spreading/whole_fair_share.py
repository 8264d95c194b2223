"""Fair shares in whole places that add up to exactly the total."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import checked_weights

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading

Apportionment = Literal["webster", "largest_remainder"]
#: Exact weights of the known areas, in the order of their codes.
_Weights = list[Fraction]
_HALF = Fraction(1, 2)


def whole_fair_share(
    capacity_count_total: int, weights: pd.Series, apportionment: Apportionment = "webster"
) -> pd.Series:
    """Whole places per area in proportion to its weight (``whole_fair_share_count``).

    Σ n_a = C; n_a = ⌊w_a / d + 1/2⌋

    That is Webster's method, also called Sainte-Laguë: the next place goes to the area with the
    largest w_a / (2 n_a + 1). The alternative ``largest_remainder`` (Hamilton, Hare-Niemeyer)
    gives every area the whole part of its fair share and the places left over to the largest
    fractions. Computed in exact fractions. Ties go to the larger weight, then to the area code
    that comes first, so the order of the rows never matters.

    Whole numbers, <NA> where the weight is unknown and everywhere when all weights are 0.
    Webster does not favour large or small areas; largest remainder can take a place from an
    area when the total grows (the Alabama paradox).

    Source: Webster (1832), Sainte-Laguë (1910), Balinski & Young, Fair Representation (1982).
    """
    if capacity_count_total < 0:
        raise InputError("whole_fair_share", ["the total number of places is negative"])
    numbers = checked_weights(weights)
    result = pd.Series(pd.NA, index=weights.index, name="whole_fair_share_count", dtype="Int64")
    known = weights.index[~np.isnan(numbers)].sort_values()
    exact = [Fraction(value) for value in pd.Series(numbers, weights.index)[known].tolist()]
    if sum(exact) > 0:
        result[known] = _METHODS[apportionment](capacity_count_total, exact)
    return result


def _webster(total: int, weights: _Weights) -> list[int]:
    places = [floor(quota + _HALF) for quota in _quotas(total, weights)]
    missing = total - sum(places)
    if missing > 0:
        _hand_out(places, weights, missing)
    elif missing < 0:
        _take_back(places, weights, -missing)
    return places


def _hand_out(places: list[int], weights: _Weights, count: int) -> None:
    """Give ``count`` places one by one to the strongest claim; the first area wins a tie."""

    def claim(area: int) -> tuple[Fraction, Fraction, int]:
        return -weights[area] / (2 * places[area] + 1), -weights[area], area

    queue = [claim(area) for area in range(len(places)) if weights[area] > 0]
    heapq.heapify(queue)
    for _ in range(count):
        area = queue[0][2]
        places[area] += 1
        heapq.heapreplace(queue, claim(area))


def _take_back(places: list[int], weights: _Weights, count: int) -> None:
    """Take ``count`` places one by one from the weakest claim, in exactly the reverse order."""

    def hold(area: int) -> tuple[Fraction, Fraction, int]:
        return weights[area] / (2 * places[area] - 1), weights[area], -area

    queue = [hold(area) for area in range(len(places)) if places[area] > 0]
    heapq.heapify(queue)
    for _ in range(count):
        area = -heapq.heappop(queue)[2]
        places[area] -= 1
        if places[area] > 0:
            heapq.heappush(queue, hold(area))


def _largest_remainder(total: int, weights: _Weights) -> list[int]:
    quotas = _quotas(total, weights)
    places = [floor(quota) for quota in quotas]

    def claim(area: int) -> tuple[Fraction, Fraction, int]:
        return places[area] - quotas[area], -weights[area], area

    claims = sorted(claim(area) for area in range(len(places)))
    for _, _, area in claims[: total - sum(places)]:
        places[area] += 1
    return places


def _quotas(total: int, weights: _Weights) -> list[Fraction]:
    whole = sum(weights)
    return [total * weight / whole for weight in weights]


_METHODS: dict[Apportionment, Callable[[int, _Weights], list[int]]] = {
    "webster": _webster,
    "largest_remainder": _largest_remainder,
}


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None:
        return None
    return (
        f"In {row['name']} is het evenredig aandeel {number(row['fair_share_count'])}. In hele "
        f"getallen wordt dat {number(row['whole_fair_share_count'])}. Alle {wording.areas} "
        f"samen komen precies op {number(spreading.totals.capacity_count)} uit."
    )


MEASURE = method.Measure(
    key="heel_aandeel",
    label="Evenredig aandeel in hele plekken",
    group=method.SPREADING,
    explanation=(
        "Een halve plek bestaat niet. Daarom maken wij van de evenredige aandelen hele getallen "
        "die samen precies op het totaal uitkomen. Zo worden ook zetels na een verkiezing "
        "verdeeld."
    ),
    formula_words=(
        "geef steeds de volgende plek aan het gebied met de meeste inwoners per "
        "(2 × plekken tot nu toe + 1), tot alle plekken verdeeld zijn"
    ),
    formula="Σ n_a = C; n_a = ⌊w_a / d + 1/2⌋",
    symbols=(
        ("n_a", "het aantal hele plekken voor gebied a"),
        method.CAPACITY_TOTAL,
        method.WEIGHT,
        ("d", "één deler voor alle gebieden, zo gekozen dat de som klopt"),
    ),
    unit="hele plekken",
    example=_example,
    limits=(
        "Bij gelijke stand gaat de plek naar het gebied met de meeste inwoners, en daarna naar "
        "de laagste gebiedscode.",
        "Met weinig plekken kan het hele aandeel van een klein gebied 0 zijn. Dat betekent niet "
        "dat er niets nodig is.",
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "Methode van Webster (1832), ook Sainte-Laguë (1910).",
        "Balinski en Young, Fair Representation (1982/2001).",
        "Ander mogelijk rekenvoorschrift: grootste resten (Hamilton, Hare-Niemeyer).",
    ),
    function=whole_fair_share,
)
