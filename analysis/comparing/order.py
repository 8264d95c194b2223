"""Order: whether the first stays first over all weightings, over those near, and over settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import method
from analysis.comparing.draws import DRAW_COUNT, SEED, NearWeighting
from analysis.comparing.model import Candidate, Comparison, listed
from analysis.comparing.robustness import RankAcceptability, rank_acceptability
from analysis.errors import InputError

#: Above this share of draws in which first and second change places, there is no clear difference.
MOST_SWAPS = 0.25
NO_CLEAR_DIFFERENCE = "geen duidelijk verschil"
CLEAR_DIFFERENCE = "duidelijk verschil"


@dataclass(frozen=True)
class OrderVerdict:
    """Whether first and second are told apart over a set of weightings.

    ``swap_share`` is the share of the draws in which the first is not above the second, and
    ``standard_error`` that of it. ``label`` says which weightings were drawn from.
    """

    first: Candidate
    second: Candidate
    swap_share: float
    standard_error: float
    label: str

    @property
    def is_clear(self) -> bool:
        """Whether the first stays above the second often enough."""
        return self.swap_share <= MOST_SWAPS

    @property
    def word(self) -> str:
        """The verdict in words."""
        return CLEAR_DIFFERENCE if self.is_clear else NO_CLEAR_DIFFERENCE


@dataclass(frozen=True, eq=False)
class Robustness:
    """How the order of a comparison holds over all weightings and over those near the users' own.

    ``verdicts`` has one for each set of weightings; empty with fewer than two totals.
    """

    everywhere: RankAcceptability
    near: RankAcceptability
    verdicts: tuple[OrderVerdict, ...]

    @property
    def is_clear(self) -> bool:
        """Whether first and second are told apart over every set of weightings."""
        return bool(self.verdicts) and all(verdict.is_clear for verdict in self.verdicts)


def measure_robustness(
    comparison: Comparison, draws: int = DRAW_COUNT, seed: int = SEED
) -> Robustness | None:
    """The order over all weightings and over those near; None when no candidate has a total.

    The criteria are those that have weight: what the users left out stays out.
    """
    values = comparison.ranked_values
    if values.empty:
        return None
    near_by = NearWeighting(comparison.ranked_weights)
    everywhere = rank_acceptability(values, draws, seed)
    near = rank_acceptability(values, draws, seed, near_by)
    if len(values) < 2:
        return Robustness(everywhere, near, ())
    verdicts = tuple(judge_order(comparison, found) for found in (everywhere, near))
    return Robustness(everywhere, near, verdicts)


def judge_order(comparison: Comparison, found: RankAcceptability) -> OrderVerdict:
    """Whether first and second change places in more than one in four of the draws.

    q = (aantal trekkingen waarin de eerste niet boven de tweede staat) / N

    First and second are those of the users' own weights; the verdict is "geen duidelijk verschil"
    when q > 1/4. InputError with fewer than two totals.

    Source: our own limit; the share is that of Leskinen et al. (2006).
    """
    if len(comparison.ranked) < 2:
        raise InputError("judge_order", ["fewer than two candidates have a total"])
    first, second = comparison.ranked[:2]
    share = 1.0 - float(found.above[second][first])
    error = float(np.sqrt(share * (1 - share) / found.draw_count))
    return OrderVerdict(first, second, share, error, found.label)


def order_sentence(
    comparison: Comparison, verdict: OrderVerdict, number: method.NumberFormat
) -> str:
    """The verdict in a sentence in Dutch."""
    first, second = comparison.name_of(verdict.first), comparison.name_of(verdict.second)
    of_hundred = number(float(round(100 * verdict.swap_share)))
    told = (
        f"In {of_hundred} van de 100 trekkingen uit {verdict.label} staat {first} niet boven "
        f"{second}"
    )
    if verdict.swap_share == 0:
        told = f"In alle trekkingen uit {verdict.label} staat {first} boven {second}"
    return f"{told}: {verdict.word}."


@dataclass(frozen=True, eq=False)
class SettingsOrder:
    """Who comes first over several settings (other radius, other level ...).

    ``ranks`` has a row per candidate and a column per setting; <NA> without a total. ``first``
    has who shares the first place, by setting. The first setting is the one that users chose.
    """

    ranks: pd.DataFrame
    first: Mapping[str, tuple[Candidate, ...]]

    @property
    def base(self) -> str:
        """The setting that users chose."""
        return str(self.ranks.columns[0])

    @property
    def known(self) -> tuple[str, ...]:
        """The settings in which any candidate has a total."""
        return tuple(label for label, who in self.first.items() if who)

    @property
    def shares(self) -> pd.DataFrame:
        """In which share of the known settings each candidate has each rank, from 1 on.

        Candidates without a total in any setting are left out. A row adds up to less than 1 when
        a candidate has no total in some setting.
        """
        counts = {
            rank: self.ranks.eq(rank).fillna(False).sum(axis=1)
            for rank in range(1, len(self.ranks) + 1)
        }
        shares: pd.DataFrame = pd.DataFrame(counts).astype("float64") / (len(self.known) or 1)
        return shares[shares.sum(axis=1) > 0]

    @property
    def changed(self) -> tuple[str, ...]:
        """The settings in which others share the first place than in the chosen one."""
        return tuple(
            label for label in self.known if set(self.first[label]) != set(self.first[self.base])
        )

    @property
    def same_count(self) -> int:
        """In how many settings, the chosen one counted, the first stays first."""
        return len(self.known) - len(self.changed)


def order_over_settings(comparisons: Mapping[str, Comparison]) -> SettingsOrder:
    """The order in each of these settings; InputError when candidates differ or none is given."""
    found = list(comparisons.values())
    if not found:
        raise InputError("order_over_settings", ["there are no settings"])
    index = found[0].totals.index
    if any(set(one.totals.index) != set(index) for one in found):
        raise InputError("order_over_settings", ["the settings are not of the same candidates"])
    ranks = pd.DataFrame(
        {label: one.totals["rank"].reindex(index) for label, one in comparisons.items()},
        index=index,
    )
    first = {str(label): tuple(index[ranks[label].eq(1).fillna(False)]) for label in ranks}
    return SettingsOrder(ranks, first)


def settings_sentence(order: SettingsOrder, names: pd.Series, number: method.NumberFormat) -> str:
    """In how many settings the first stays first, and in which it does not, in Dutch."""
    known = len(order.known)
    if not order.first[order.base]:
        return "Niet te zeggen: met de gekozen instelling heeft geen kandidaat een totaal."
    told = (
        f"In {number(order.same_count)} van de {number(known)} instellingen staat "
        f"{_names(order.first[order.base], names)} op de eerste plaats."
    )
    changes = [f"bij {label} {_names(order.first[label], names)}" for label in order.changed]
    lacking = [label for label in order.first if label not in order.known]
    if changes:
        told += f" Anders is het {listed(changes)}."
    if lacking:
        told += f" Niet te berekenen bij {listed(lacking)}."
    return told


def _names(candidates: Sequence[Candidate], names: pd.Series) -> str:
    return listed(str(names[candidate]) for candidate in candidates)


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = measure_robustness(comparison)
    if found is None or not found.verdicts:
        return None
    told = [order_sentence(comparison, verdict, number) for verdict in found.verdicts]
    return " ".join([*told, f"De grens ligt bij {number(100 * MOST_SWAPS)} van de 100."])


MEASURE = method.Measure(
    key="eerste_en_tweede",
    label="Duidelijk verschil tussen de eerste en de tweede",
    group=method.COMPARING,
    explanation=(
        "Of de kandidaat met het hoogste totaal boven de tweede blijft als de weging anders is. "
        "Wisselen zij in meer dan 1 van de 4 trekkingen van plaats, dan zeggen wij: geen "
        "duidelijk verschil."
    ),
    formula_words=(
        "tel in hoeveel trekkingen de eerste niet boven de tweede staat, en deel door het aantal "
        "trekkingen; boven een kwart is er geen duidelijk verschil"
    ),
    formula="q = (aantal trekkingen waarin de eerste niet boven de tweede staat) / N",
    symbols=(
        ("q", "hoe vaak de eerste en de tweede van plaats wisselen, van 0 tot 1"),
        ("N", "het aantal trekkingen"),
    ),
    unit="deel van de trekkingen (0 tot 1)",
    example=_example,
    limits=(
        "De grens van 1 op de 4 is een afspraak, geen wet.",
        "Wij kijken naar alle wegingen, en naar wegingen waarin elk gewicht hoogstens de helft "
        "hoger of lager is dan dat van u. Is het in een van beide niet duidelijk, dan zeggen wij "
        "dat.",
        "Duidelijk verschil zegt niet dat het verschil groot is, en ook niet dat de eerste de "
        "juiste keuze is.",
        "Een kandidaat zonder totaal doet niet mee, en kan toch de eerste zijn als alles bekend "
        "is.",
    ),
    sources=(
        "P. Leskinen, J. Viitanen, A. Kangas en J. Kangas (2006), Forest Science 52, p. 304-312. "
        "De grens van een kwart is van ons.",
    ),
    function=judge_order,
)
