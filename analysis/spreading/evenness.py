"""Evenness: Hoover, Gini and Theil with what chance gives, or the reason why one is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.spreading.counts import checked_counts
from analysis.spreading.gini import gini_index, lorenz_curve
from analysis.spreading.hoover import hoover_index
from analysis.spreading.outcome import (
    DRAW_COUNT,
    FEWEST_SITES_COUNT,
    REASONS,
    SEED,
    Outcome,
    Reason,
    to_band,
)
from analysis.spreading.random_draws import draw_evenness
from analysis.spreading.reasons import known_in_both, overall_reasons
from analysis.spreading.theil import theil_index

#: The signature of ``draw_evenness``: who keeps draws hands in another of the same kind.
Draw = Callable[[pd.Series, pd.Series, pd.Series | None, int, int], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Evenness:
    """How even the places are divided over the areas together.

    ``hoover``, ``gini``, ``theil`` and its two parts are each a number with its band, or a
    reason. ``lorenz`` is the curve of ``lorenz_curve``, without rows where Gini has a reason.
    ``site_count`` is how many sites with places lie in the counted areas, None when the sites
    were not handed in. Where no bands are made, ``band_reason`` says why. ``draw_count`` and
    ``seed`` are those of the bands.
    """

    hoover: Outcome
    gini: Outcome
    theil: Outcome
    theil_between: Outcome
    theil_within: Outcome
    lorenz: pd.DataFrame
    site_count: int | None
    band_reason: Reason | None
    draw_count: int
    seed: int


def measure_evenness(
    areas: pd.DataFrame,
    site_capacity_count: pd.Series | None = None,
    *,
    draw_count: int = DRAW_COUNT,
    seed: int = SEED,
    draw: Draw = draw_evenness,
) -> Evenness:
    """Measure the evenness of ``areas`` (as for ``measure_spreading``; ``group`` is optional).

    ``site_capacity_count`` has the places of every site, indexed by the code of its area (a code
    comes back for every site in it). Only sites in counted areas (weight and places known) take
    part in the draws; see ``random_draws`` for what a draw is. Without bands stay the numbers of
    fewer than ``FEWEST_SITES_COUNT`` sites, and those of sites that do not add up to the places
    of the counted areas.

    Reasons, the first that holds: those of the areas as a whole; ``places_without_base`` (an area
    with weight 0 holds places), ``too_few_bases``, ``one_holder`` (one area holds every place)
    and ``mostly_empty`` (more than half of the counted areas with weight hold nothing) for Gini
    and Theil, of which Hoover keeps its number; ``no_groups`` for the parts of Theil. Areas that
    lie in no larger ones have no ``group``: for gemeenten all of Theil is "between", and saying
    it twice would add nothing.
    """
    counts, bases = known_in_both(areas)
    groups = areas["group"] if "group" in areas.columns else None
    overall = overall_reasons(areas, counts, bases)
    sites = _counted_sites(site_capacity_count, counts)
    band_reason = _band_reason(sites, counts)
    values, reasons = _values(counts, bases, groups), _reasons(overall, counts, bases, groups)
    drawn = None
    if band_reason is None and not overall:
        drawn = draw(sites, bases[bases.notna()], groups, draw_count, seed)
    outcome = {
        name: _outcome(value, reasons[name], None if drawn is None else drawn[name], seed)
        for name, value in values.items()
    }
    return Evenness(
        hoover=outcome["hoover"],
        gini=outcome["gini"],
        theil=outcome["theil"],
        theil_between=outcome["theil_between"],
        theil_within=outcome["theil_within"],
        lorenz=lorenz_curve(counts, bases).iloc[: 0 if reasons["gini"] else None],
        site_count=None if site_capacity_count is None else len(sites),
        band_reason=band_reason,
        draw_count=draw_count,
        seed=seed,
    )


def _values(counts: pd.Series, bases: pd.Series, groups: pd.Series | None) -> dict[str, float]:
    theil = theil_index(counts, bases, groups)
    return {
        "hoover": hoover_index(counts, bases),
        "gini": gini_index(counts, bases),
        "theil": theil.total,
        "theil_between": theil.between,
        "theil_within": theil.within,
    }


def _reasons(
    overall: tuple[Reason, ...], counts: pd.Series, bases: pd.Series, groups: pd.Series | None
) -> dict[str, Reason | None]:
    general = overall[0] if overall else None
    of_areas = general or _area_reason(counts, bases)
    of_parts = of_areas or (REASONS["no_groups"] if groups is None else None)
    return {
        "hoover": general,
        "gini": of_areas,
        "theil": of_areas,
        "theil_between": of_parts,
        "theil_within": of_parts,
    }


def _area_reason(counts: pd.Series, bases: pd.Series) -> Reason | None:
    holds, takes_part = counts > 0, bases > 0
    tests = {
        "places_without_base": (holds & ~takes_part).any(),
        "too_few_bases": takes_part.sum() < 2,
        "one_holder": holds.sum() == 1,
        "mostly_empty": 2 * (takes_part & ~holds).sum() > takes_part.sum(),
    }
    return next((REASONS[key] for key, is_so in tests.items() if is_so), None)


def _counted_sites(site_capacity_count: pd.Series | None, counts: pd.Series) -> pd.Series:
    """The sites in the counted areas by area code, without those that are known to hold nothing."""
    if site_capacity_count is None:
        return pd.Series(dtype="float64")
    is_counted = site_capacity_count.index.isin(counts.index[counts.notna()])
    sizes = checked_counts(site_capacity_count.reset_index(drop=True))
    counted: pd.Series = pd.Series(sizes, site_capacity_count.index)[is_counted & (sizes != 0)]
    return counted


def _band_reason(sites: pd.Series, counts: pd.Series) -> Reason | None:
    by_area = sites.groupby(level=0).sum().reindex(counts.index, fill_value=0)
    if sites.isna().any() or not (by_area == counts)[counts.notna()].all():
        return REASONS["sites_unknown"]
    return REASONS["too_few_sites"] if len(sites) < FEWEST_SITES_COUNT else None


def _outcome(value: float, reason: Reason | None, drawn: pd.Series | None, seed: int) -> Outcome:
    if reason is not None:
        return Outcome(None, reason)
    return Outcome(value, band=None if drawn is None else to_band(drawn.to_numpy(), seed))
