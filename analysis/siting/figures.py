"""The figures of a plan, computed from the choice by the measures of spreading.

Nothing here asks the solver. Where the solver counted the same, both must be equal.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.siting.lexicographic import StagesFound
from analysis.siting.plan import (
    CandidateOutcome,
    Conflict,
    ExposureOutcome,
    GemeenteOutcome,
    SitingPlan,
)
from analysis.siting.problem import SitingProblem
from analysis.siting.whole_numbers import ACCESS_STEPS, Mask, WholeNumbers
from analysis.spreading.difference import difference
from analysis.spreading.exposure import places_near
from analysis.spreading.fair_share import fair_share
from analysis.spreading.hoover import hoover_index

_NO_SHARE = "Niet te berekenen: het gewicht of het aantal plekken is niet bekend."
#: Figures of the solver and of the measures may differ by no more than floats do.
_SAME = 1e-6


class FiguresDiffer(AnalysisError):
    """A figure of the solver is not what the measures of spreading say: a fault of ours."""


def make_plan(numbers: WholeNumbers, found: StagesFound) -> SitingPlan:
    """The plan of a choice; FiguresDiffer when the solver counted otherwise."""
    assert found.chosen is not None
    problem, chosen = numbers.problem, found.chosen
    picked = problem.candidates[chosen]
    gemeenten = _gemeenten(problem, picked)
    conflicts = _conflicts(numbers, chosen)
    exposure = _exposure(problem, chosen)
    access = picked["access"].to_numpy(dtype="float64")
    places = picked["place_count"].to_numpy(dtype="float64")
    scored = np.rint(access * ACCESS_STEPS) / ACCESS_STEPS * places
    total = None if np.isnan(scored).any() else float(scored.sum())
    untold = int(picked["cost_eur"].isna().sum())
    plan = SitingPlan(
        chosen=tuple(picked.index),
        stages=found.outcomes,
        is_whole=all(outcome.is_proven for outcome in found.outcomes),
        place_count=int(places.sum()),
        site_count=len(picked),
        place_count_by_type={
            target.type: int(places[(picked["type"] == target.type).to_numpy()].sum())
            for target in problem.targets
        },
        gemeenten=gemeenten,
        largest_difference_before=_largest([row.difference_before for row in gemeenten]),
        largest_difference_after=_largest([row.difference_after for row in gemeenten]),
        hoover_before=_hoover([row.existing_place_count for row in gemeenten], gemeenten),
        hoover_after=_hoover([row.place_count for row in gemeenten], gemeenten),
        conflicts=conflicts,
        exposure=exposure,
        access_total=total,
        access_mean=None if total is None or not places.sum() else total / float(places.sum()),
        cost_eur=None if untold else float(picked["cost_eur"].sum()),
        cost_unknown_count=untold,
        candidates=_candidates(problem, chosen),
    )
    _check(plan)
    return plan


def _check(plan: SitingPlan) -> None:
    """FiguresDiffer unless every stage says what was recomputed."""
    recomputed = {
        "verdeling": plan.largest_difference_after,
        "tussenafstand": len(plan.conflicts),
        "nabijheid": None if plan.exposure is None else plan.exposure.highest_of_changed,
        "bereikbaarheid": plan.access_total,
    }
    for outcome in plan.stages:
        figure = recomputed[outcome.stage]
        if figure is None or abs(figure - outcome.value) > _SAME * max(1.0, abs(outcome.value)):
            raise FiguresDiffer(f"{outcome.stage}: {outcome.value} is not {figure}")


def _gemeenten(problem: SitingProblem, picked: pd.DataFrame) -> tuple[GemeenteOutcome, ...]:
    index, comparable = problem.gemeenten.index, problem.comparable
    weights = problem.gemeenten["weight"].where(comparable)
    existing = problem.existing.sum(axis=1, skipna=False).rename("capacity_count")
    if not len(problem.existing.columns):
        existing = pd.Series(0.0, index=index)
    added = picked.groupby("gemeente_code")["place_count"].sum().reindex(index, fill_value=0)
    sites = picked.groupby("gemeente_code").size().reindex(index, fill_value=0)
    after = existing + added
    shares = [fair_share(int(held.where(comparable).sum()), weights) for held in (existing, after)]
    gaps = [
        difference(held.where(comparable), share)
        for held, share in zip((existing, after), shares, strict=True)
    ]
    return tuple(
        GemeenteOutcome(
            str(code),
            problem.gemeente_name(str(code)),
            weight=_number(problem.gemeenten.loc[code, "weight"]),
            existing_place_count=_whole(existing[code]),
            chosen_place_count=int(added[code]),
            chosen_site_count=int(sites[code]),
            place_count=_whole(after[code]),
            fair_share_before=_number(shares[0][code]),
            fair_share_after=_number(shares[1][code]),
            difference_before=_number(gaps[0][code]),
            difference_after=_number(gaps[1][code]),
            reason=None if comparable[code] else _NO_SHARE,
        )
        for code in index
    )


def _largest(differences: list[float | None]) -> float | None:
    known = [abs(gap) for gap in differences if gap is not None]
    return max(known) if known else None


def _hoover(counts: list[int | None], gemeenten: tuple[GemeenteOutcome, ...]) -> float | None:
    rows = [row.reason is None for row in gemeenten]
    held = pd.Series(counts, dtype="float64").where(pd.Series(rows, dtype="bool"))
    weights = pd.Series([row.weight for row in gemeenten], dtype="float64")
    return _number(hoover_index(held, weights))


def _conflicts(numbers: WholeNumbers, chosen: Mask) -> tuple[Conflict, ...]:
    problem, found = numbers.problem, numbers.conflicts
    keys, sites = problem.candidates.index, problem.existing_sites
    both = chosen[found.pairs[:, 0]] & chosen[found.pairs[:, 1]]
    with_existing = chosen[found.with_existing[:, 0]]
    among = [
        Conflict(
            keys[first],
            keys[second],
            problem.name_of(keys[first]),
            problem.name_of(keys[second]),
            round(float(apart_m), 1),
            is_with_existing=False,
        )
        for (first, second), apart_m in zip(
            found.pairs[both].tolist(), found.distance_m[both], strict=True
        )
    ]
    return (
        *among,
        *(
            Conflict(
                keys[first],
                str(sites.index[second]),
                problem.name_of(keys[first]),
                str(sites["name"].iloc[second]),
                round(float(apart_m), 1),
                is_with_existing=True,
            )
            for (first, second), apart_m in zip(
                found.with_existing[with_existing].tolist(),
                found.existing_distance_m[with_existing],
                strict=True,
            )
        ),
    )


def _exposure(problem: SitingProblem, chosen: Mask) -> ExposureOutcome | None:
    near = problem.near
    if near is None:
        return None
    points = near.existing_place_count.index
    within = near.near.toarray()[:, chosen].T > 0
    distance_m = pd.DataFrame(
        np.where(within, near.radius_m, np.inf),
        index=problem.candidates.index[chosen],
        columns=points,
    )
    added = places_near(
        distance_m, problem.candidates.loc[chosen, "place_count"], [near.radius_m]
    ).place_count[float(near.radius_m)]
    after = added + near.existing_place_count
    changed = after[added > 0]
    row = int(after.where(added > 0, -1).to_numpy().argmax()) if len(changed) else None
    return ExposureOutcome(
        radius_m=float(near.radius_m),
        highest_before=int(near.existing_place_count.max() if len(points) else 0),
        highest_after=int(after.max() if len(points) else 0),
        highest_of_changed=0 if changed.empty else int(changed.max()),
        changed_point_count=len(changed),
        point=None if row is None else str(points[row]),
        is_at_least=False if row is None else bool(near.is_at_least.to_numpy()[row]),
    )


def _candidates(problem: SitingProblem, chosen: Mask) -> tuple[CandidateOutcome, ...]:
    reasons = problem.unavailable.fillna(problem.too_dear_to_tell)
    return tuple(
        CandidateOutcome(
            key=str(key),
            name=str(row["name"]),
            type=str(row["type"]),
            gemeente_code=str(row["gemeente_code"]),
            place_count=_whole(row["place_count"]),
            access=_number(row["access"]),
            cost_eur=_number(row["cost_eur"]),
            is_chosen=bool(is_chosen),
            is_forced=key in problem.forced_in,
            reason=None if pd.isna(reasons[key]) else str(reasons[key]),
        )
        for key, row, is_chosen in zip(
            [str(key) for key in problem.candidates.index],
            problem.candidates.to_dict("records"),
            chosen,
            strict=True,
        )
    )


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else int(value)
