"""Every measure that is computed, in the order in which the method pages show them."""

from __future__ import annotations

from typing import Any

from analysis import small_counts
from analysis.access import availability, modes, score, two_step
from analysis.comparing import dominance, model, order, robustness, turning_point, values
from analysis.dialogue import first_places, importance, support
from analysis.method import Measure
from analysis.registry import Registry
from analysis.search_areas import assessment as search_areas
from analysis.siting import choose
from analysis.spreading import (
    change,
    difference,
    exposure,
    exposure_change,
    fair_share,
    funnel,
    gini,
    hoover,
    interval,
    local_moran,
    location_quotient,
    moran,
    nearest_neighbour,
    random_draws,
    ripley,
    theil,
    verdict,
    whole_fair_share,
)

MEASURES: Registry[Measure[Any]] = Registry(
    "measure",
    (
        hoover.MEASURE,
        gini.MEASURE,
        theil.MEASURE,
        random_draws.MEASURE,
        fair_share.MEASURE,
        whole_fair_share.MEASURE,
        difference.MEASURE,
        location_quotient.MEASURE,
        interval.MEASURE,
        funnel.MEASURE,
        verdict.MEASURE,
        nearest_neighbour.MEASURE,
        ripley.MEASURE,
        moran.MEASURE,
        local_moran.MEASURE,
        exposure.PLACES,
        exposure.BY_AREA,
        exposure_change.MEASURE,
        change.MEASURE,
        modes.MEASURE,
        score.MEASURE,
        availability.SHARE,
        availability.TYPICAL,
        two_step.MEASURE,
        search_areas.MEASURE,
        values.MEASURE,
        model.MEASURE,
        robustness.MEASURE,
        order.MEASURE,
        dominance.MEASURE,
        turning_point.MEASURE,
        choose.MEASURE,
        importance.MEASURE,
        first_places.MEASURE,
        support.SHARE,
        support.CHANGE,
        small_counts.MEASURE,
    ),
)
