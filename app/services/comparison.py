"""Candidates side by side: measured, weighed, and whether their order holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from analysis.comparing import difference
from analysis.comparing.difference import difference_sentence
from analysis.comparing.dominance import dominance_sentences
from analysis.comparing.model import Comparison, compare
from analysis.comparing.order import (
    Robustness,
    SettingsOrder,
    measure_robustness,
    order_over_settings,
    order_sentence,
    settings_sentence,
)
from analysis.comparing.turning_point import turning_sentence
from app.numbers import to_dutch, to_dutch_significant
from app.services.candidate_facts import (
    MeasuredCandidates,
    Setting,
    measure_settings,
)
from app.services.candidate_places import CandidatePlace, candidate_places
from app.services.comparison_question import CompareQuestion
from app.services.spreading import LEVELS, QuestionError

#: The other settings over which the order is looked at.
RADII_M = (400.0, 800.0, 1200.0)


@dataclass(frozen=True, eq=False)
class ComparedCandidates:
    """The answer: what was measured, what it weighs, and how sure the order is.

    ``robustness`` is None when no candidate has a total; ``settings`` has the order by other
    radii and levels, the chosen setting first.
    """

    question: CompareQuestion
    measured: MeasuredCandidates
    comparison: Comparison
    robustness: Robustness | None
    settings: SettingsOrder

    @property
    def places(self) -> tuple[CandidatePlace, ...]:
        """The candidates, in the order in which they were asked."""
        return self.measured.places

    @property
    def place_of(self) -> Mapping[int | str, CandidatePlace]:
        """The candidates by their key."""
        return {place.key: place for place in self.places}

    @property
    def is_side_by_side(self) -> bool:
        """Whether there are few enough to put side by side."""
        return difference.LEAST_CANDIDATES <= len(self.places) <= difference.MOST_CANDIDATES

    @property
    def in_order(self) -> tuple[CandidatePlace, ...]:
        """The candidates with a total in the order of it, then those without."""
        ranked = list(self.comparison.ranked)
        rest = [place.key for place in self.places if place.key not in ranked]
        return tuple(self.place_of[key] for key in [*ranked, *rest])

    @property
    def lead(self) -> str:
        """What differs, in a sentence; of more than four only who stand in front."""
        if self.is_side_by_side:
            told = difference_sentence(self.comparison, self.robustness, one_decimal)
            return told[:1].upper() + told[1:]
        return _lead_of_many(self)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Whether the order holds over weightings, in sentences."""
        if self.robustness is None:
            return ()
        return tuple(
            order_sentence(self.comparison, verdict, to_dutch)
            for verdict in self.robustness.verdicts
        )

    @property
    def over_settings(self) -> str:
        """Whether the order holds over radius and level, in a sentence."""
        return settings_sentence(self.settings, self.comparison.facts.names, to_dutch)

    @property
    def dominated(self) -> tuple[str, ...]:
        """Who does not do better than another on anything, in sentences."""
        return dominance_sentences(self.comparison)

    @property
    def turning(self) -> str:
        """The smallest change of weights that turns the order, in a sentence."""
        return turning_sentence(self.comparison, to_dutch_significant)


def compare_candidates(
    connection: Connection, home: Path, question: CompareQuestion
) -> ComparedCandidates:
    """Measure and weigh the candidates that are asked; on a connection of staff.

    NotFound when one is out of reach, QuestionError when one is of another type.
    """
    places = candidate_places(connection, question.site_ids, question.terms.on)
    for place in places:
        if place.type != question.type:
            raise QuestionError(
                "locatie",
                f"{place.name} is van de soort {place.type.label}. U vergelijkt "
                f"{question.type.label}.",
            )
    return weigh_candidates(connection, home, question, places)


def weigh_candidates(
    connection: Connection,
    home: Path,
    question: CompareQuestion,
    places: tuple[CandidatePlace, ...],
) -> ComparedCandidates:
    """The same for places that were read already, free points too."""
    own = Setting(question.terms.radius_m, question.terms.level)
    others = [Setting(radius_m, level.key) for level in LEVELS for radius_m in RADII_M]
    found = measure_settings(connection, home, question.terms, places, others)
    weights = question.weights
    by_setting = {
        setting_words(setting): compare(facts, weights) for setting, facts in found.facts.items()
    }
    comparison = by_setting[setting_words(own)]
    return ComparedCandidates(
        question,
        found.measured,
        comparison,
        measure_robustness(comparison),
        order_over_settings(by_setting),
    )


def setting_words(setting: Setting) -> str:
    """A setting in a few words: ``400 meter, per gemeente``."""
    return f"{to_dutch(setting.radius_m)} meter, per {LEVELS[setting.level].label}"


def one_decimal(value: float) -> str:
    """Points of a total, as they stand in the table."""
    return to_dutch(value, 1)


def _lead_of_many(found: ComparedCandidates) -> str:
    comparison, count = found.comparison, to_dutch(len(found.places))
    ranked = comparison.ranked
    lacking = len(found.places) - len(ranked)
    rest = f" Van {to_dutch(lacking)} is nog geen totaal te berekenen." if lacking else ""
    if len(ranked) == 0:
        return f"Van geen van de {count} kandidaten is het totaal te berekenen."
    first = comparison.name_of(ranked[0])
    if len(ranked) == 1:
        return f"Alleen van {first} is het totaal te berekenen.{rest}"
    second = comparison.name_of(ranked[1])
    is_clear = found.robustness is not None and found.robustness.is_clear
    if not is_clear:
        return f"Tussen {first} en {second} is geen duidelijk verschil.{rest}"
    points = one_decimal(float(_total(comparison, ranked[0]) - _total(comparison, ranked[1])))
    return f"{first} staat boven {second}, met {points} punten meer.{rest}"


def _total(comparison: Comparison, candidate: object) -> float:
    totals: pd.Series = comparison.totals["total"]
    return float(totals.loc[candidate])  # type: ignore[call-overload]
