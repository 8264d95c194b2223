"""Every measure that is computed, in the order in which the method pages show them."""

from __future__ import annotations

from analysis.registry import Registry
from analysis.spreading import (
    difference,
    fair_share,
    hoover,
    interval,
    location_quotient,
    verdict,
    whole_fair_share,
)

MEASURES = Registry(
    "measure",
    (
        hoover.MEASURE,
        fair_share.MEASURE,
        whole_fair_share.MEASURE,
        difference.MEASURE,
        location_quotient.MEASURE,
        interval.MEASURE,
        verdict.MEASURE,
    ),
)
