"""Turning point: the smallest change of weights that puts another candidate first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from analysis import method
from analysis.comparing.model import SAME_TOTAL, Candidate, Comparison, listed
from analysis.errors import InputError

Floats = npt.NDArray[np.float64]
#: A lead of less than this, on values from 0 to 1, is no lead: the solver is not more exact.
LEAST_LEAD = 1e-7


@dataclass(frozen=True, eq=False)
class TurningPoint:
    """From which weights a candidate is first: the nearest ones to those of the users.

    There it shares the first place; any further the same way it stands there alone.
    ``points_moved`` is how many of the 100 points go from one criterion to another. ``weights``
    are the new ones, as shares by criterion.
    """

    candidate: Candidate
    points_moved: float
    weights: pd.Series


def turning_point(comparison: Comparison) -> TurningPoint | None:
    """The nearest weights at which another candidate comes first; None when there are none.

    P = 100 × 1/2 × Σ |u'_k - u_k|, zo klein mogelijk, met S'_s >= S'_r voor elke andere r

    Exact, by a linear program for each other candidate. Points only move between criteria that
    have weight: what the users left out stays out. A candidate that comes first under no
    weighting (a dominated one never does) has no turning point.

    Source: Mareschal (1988), EJOR 33; Wolters & Mareschal (1995), EJOR 81, for the least change.
    """
    found = turning_points(comparison)
    return found[0] if found else None


def turning_points(comparison: Comparison) -> tuple[TurningPoint, ...]:
    """Of every candidate that is not first its nearest turning point, the smallest change first."""
    ranks = comparison.totals["rank"]
    others = [candidate for candidate in comparison.ranked if ranks[candidate] > 1]
    found = [point for other in others if (point := point_of(comparison, other)) is not None]
    return tuple(sorted(found, key=lambda point: point.points_moved))


def point_of(comparison: Comparison, candidate: Candidate) -> TurningPoint | None:
    """The nearest weights at which this candidate comes first; InputError without a total."""
    values = comparison.ranked_values
    if candidate not in values.index:
        raise InputError("turning_point", [f"candidate {candidate!r} has no total"])
    own = values.loc[candidate].to_numpy(dtype="float64")
    leads = own - values.drop(index=candidate).to_numpy(dtype="float64")
    if not _can_lead(leads):
        return None
    weights = comparison.ranked_weights.to_numpy(dtype="float64")
    turned = _nearest(leads, weights)
    moved = 50.0 * float(np.abs(turned - weights).sum())
    new = comparison.weights.copy()
    new[list(values.columns)] = turned
    return TurningPoint(candidate, moved if moved > SAME_TOTAL else 0.0, new)


def _can_lead(leads: Floats) -> bool:
    """Whether some weighting puts the candidate strictly above all others."""
    criterion_count = leads.shape[1]
    found = linprog(
        np.append(np.zeros(criterion_count), -1.0),
        A_ub=np.column_stack([-leads, np.ones(len(leads))]),
        b_ub=np.zeros(len(leads)),
        A_eq=[np.append(np.ones(criterion_count), 0.0)],
        b_eq=[1.0],
        bounds=[(0, None)] * criterion_count + [(None, 1)],
        method="highs",
    )
    return bool(found.status == 0 and -found.fun > LEAST_LEAD)


def _nearest(leads: Floats, weights: Floats) -> Floats:
    """The nearest weights at which no lead is below 0, in points that have to be moved.

    The unknowns are what goes off each weight and what comes on it, both at least 0.
    """
    count = len(weights)
    found = linprog(
        np.ones(2 * count),
        A_ub=np.column_stack([leads, -leads]),
        b_ub=leads @ weights,
        A_eq=[np.append(-np.ones(count), np.ones(count))],
        b_eq=[0.0],
        bounds=[(0, weight) for weight in weights] + [(0, None)] * count,
        method="highs",
    )
    if found.status != 0:  # pragma: no cover - _can_lead found weights that do
        raise InputError("turning_point", [str(found.message)])
    turned = np.maximum(0.0, weights - found.x[:count] + found.x[count:])
    return np.asarray(turned / turned.sum(), dtype="float64")


def turning_sentence(comparison: Comparison, number: method.NumberFormat) -> str:
    """The smallest change of weights that puts another first, in a sentence in Dutch."""
    if len(comparison.ranked) < 2:
        return "Er zijn geen twee kandidaten met een totaal."
    point = turning_point(comparison)
    if point is None:
        return "Met geen enkele weging van deze criteria komt een andere kandidaat alleen vooraan."
    return (
        f"{comparison.name_of(point.candidate)} komt vooraan als u ongeveer "
        f"{number(point.points_moved)} van de 100 punten verschuift: "
        f"{moves_of(comparison, point, number)}."
    )


def moves_of(comparison: Comparison, point: TurningPoint, number: method.NumberFormat) -> str:
    """Which criteria get more and which get less, with old and new points, in Dutch."""
    change = 100.0 * (point.weights - comparison.weights)
    labels = {entry.key: entry.label.lower() for entry in comparison.facts.criteria}

    def told(some: pd.Series) -> list[str]:
        return [
            f"{labels[str(key)]} van {number(100 * float(comparison.weights[key]))} naar "
            f"{number(100 * float(point.weights[key]))}"
            for key in some.index
        ]

    up = change[change > SAME_TOTAL].sort_values(ascending=False, kind="stable")
    down = change[change < -SAME_TOTAL].sort_values(kind="stable")
    return listed([*told(up), *told(down)] or ["minder dan te tonen is"])


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if len(comparison.ranked) < 2:
        return None
    first = comparison.name_of(comparison.ranked[0])
    return f"Nu staat {first} vooraan. {turning_sentence(comparison, number)}"


MEASURE = method.Measure(
    key="kleinste_wijziging",
    label="Kleinste wijziging van de weging",
    group=method.COMPARING,
    explanation=(
        "Hoeveel van de 100 punten u minstens moet verschuiven om een andere kandidaat vooraan te "
        "krijgen. Is dat weinig, dan hangt de volgorde aan een kleine keuze."
    ),
    formula_words=(
        "zoek de weging die het minst van die van u verschilt en waarbij een andere kandidaat een "
        "totaal heeft dat minstens zo hoog is als dat van alle andere"
    ),
    formula=(
        "P = 100 × 1/2 × Σ |u'_k - u_k|, zo klein mogelijk, met S'_s >= S'_r voor elke andere r"
    ),
    symbols=(
        ("P", "hoeveel van de 100 punten verschuiven"),
        ("k", "een criterium dat meetelt"),
        ("u_k", "het gewicht van criterium k nu"),
        ("u'_k", "het nieuwe gewicht van criterium k"),
        ("S'_s", "het nieuwe totaal van kandidaat s"),
        ("S'_r", "het nieuwe totaal van een andere kandidaat r"),
    ),
    unit="punten (0 tot 100)",
    example=_example,
    limits=(
        "Bij precies deze weging staan er twee gelijk. Iets verder staat de andere vooraan.",
        "Punten verschuiven alleen tussen criteria die nu meetellen.",
        "Er kunnen meer wegingen zijn die even dichtbij liggen. Wij noemen er één.",
        "Dit zegt niet of de nieuwe weging redelijk is.",
        "Een kandidaat zonder totaal doet niet mee.",
    ),
    sources=(
        "B. Mareschal (1988), Weight stability intervals in multicriteria decision aid, European "
        "Journal of Operational Research 33, p. 54-64.",
        "W.T.M. Wolters en B. Mareschal (1995), Novel types of sensitivity analysis for additive "
        "MCDM methods, European Journal of Operational Research 81, p. 281-290.",
    ),
    function=turning_point,
)
