"""A number with its band, or the reason why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.spreading.outcome import DRAW_COUNT, REASONS, Band, Outcome, to_band


def test_a_band_of_999_draws_runs_from_the_25th_to_the_975th() -> None:
    drawn = np.random.default_rng(1).permutation(np.arange(1, DRAW_COUNT + 1)).astype("float64")
    assert to_band(drawn, 7) == Band(25.0, 500.0, 975.0, 999, 7)


def test_one_in_twenty_new_values_falls_outside_the_band() -> None:
    rng = np.random.default_rng(2)
    outside = 0
    for _ in range(2_000):
        values = rng.normal(size=DRAW_COUNT + 1)
        outside += to_band(values[1:], 2).position(values[0]) != "geen_duidelijk_verschil"
    # 100 expected; beyond these bounds in fewer than 1 in 10,000 runs.
    low, high = stats.binom(2_000, 0.05).ppf([5e-5, 1 - 5e-5])
    assert low <= outside <= high


def test_of_few_draws_the_band_is_their_whole_range() -> None:
    assert to_band(np.array([3.0, 1.0, 2.0]), 1) == Band(1.0, 2.0, 3.0, 3, 1)


@pytest.mark.parametrize(
    ("value", "position"),
    [
        (0.5, "lager"),
        (1.0, "geen_duidelijk_verschil"),
        (2.0, "geen_duidelijk_verschil"),
        (3, "hoger"),
    ],
)
def test_a_value_on_the_edge_of_a_band_is_not_clearly_different(
    value: float, position: str
) -> None:
    assert Outcome(value, band=Band(1.0, 1.5, 2.0, 999, 1)).position == position


@pytest.mark.parametrize("band", [Band(0.3, 0.5, 0.9, 999, 1), Band(0.0, 0.0, 0.0, 999, 1)])
def test_what_rounding_alone_adds_is_not_clearly_different(band: Band) -> None:
    for end in (band.low, band.high):
        for nudge in (-1e-15, 1e-15):
            assert band.position(end + nudge) == "geen_duidelijk_verschil"
    assert band.position(band.high + 1e-6) == "hoger"
    assert band.position(band.low - 1e-6) == "lager"


def test_there_is_a_number_or_a_reason_and_never_both() -> None:
    assert Outcome.without("no_places").reason is REASONS["no_places"]
    assert Outcome.without("no_places").position is None
    with pytest.raises(InputError, match="number or a reason"):
        Outcome(None)
    with pytest.raises(InputError, match="number or a reason"):
        Outcome(1.0, REASONS["no_places"])


@pytest.mark.parametrize("drawn", [[], [1.0, np.nan], [[1.0, 2.0]]])
def test_a_band_needs_known_values(drawn: list[float]) -> None:
    with pytest.raises(InputError, match="drawn values"):
        to_band(np.array(drawn), 1)
