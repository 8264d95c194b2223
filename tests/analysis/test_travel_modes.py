"""The ways of travelling: minutes and metres, and the words that people use for them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.access.modes import MEASURE, PACES, SPEED_SOURCE, TRAVEL_MODES, ModeKey, TravelMode
from analysis.errors import InputError
from geo.network.arrays import PROFILES
from geo.units import minutes

distances = st.floats(0, 1e6, allow_nan=False)


def test_a_mode_is_called_as_the_profile_of_the_network() -> None:
    assert TRAVEL_MODES.keys == PROFILES == get_args(ModeKey)


@pytest.mark.parametrize("word", ["walk", "foot", "lopend", "Te voet", "LOPEN"])
def test_walking_is_found_by_the_words_of_pages_and_commands(word: str) -> None:
    assert TRAVEL_MODES.find(word).key == "walk"


@pytest.mark.parametrize("word", ["cycle", "bike", "met de fiets", "fietsend", "Fiets"])
def test_cycling_is_found_by_the_words_of_pages_and_commands(word: str) -> None:
    assert TRAVEL_MODES.find(word).key == "cycle"


def test_minutes_by_hand() -> None:
    # 4.8 km/h is 80 metres a minute, 15 km/h is 250 metres a minute.
    assert TRAVEL_MODES["walk"].minutes(400.0) == pytest.approx(5)
    assert TRAVEL_MODES["cycle"].minutes(400.0) == pytest.approx(1.6)
    assert TRAVEL_MODES["walk"].reach_m(15) == pytest.approx(1_200)
    assert TRAVEL_MODES["cycle"].reach_m(15) == pytest.approx(3_750)


@pytest.mark.parametrize("mode", TRAVEL_MODES, ids=lambda mode: mode.key)
@given(distance_m=distances)
def test_minutes_are_those_of_the_units_and_lead_back_to_the_metres(
    mode: TravelMode, distance_m: float
) -> None:
    found = mode.minutes(distance_m)
    assert found == pytest.approx(minutes(distance_m, mode.speed_km_per_h))
    assert mode.reach_m(found) == pytest.approx(distance_m)


def test_many_distances_at_once_keep_their_index_and_what_is_unknown() -> None:
    found = TRAVEL_MODES["walk"].minutes(pd.Series([80.0, np.nan], index=["a", "b"]))
    assert found["a"] == pytest.approx(1)
    assert np.isnan(found["b"])
    assert TRAVEL_MODES["walk"].minutes(np.array([160.0])).tolist() == pytest.approx([2])


def test_another_speed_gives_other_minutes_and_leaves_the_mode_alone() -> None:
    slow = TRAVEL_MODES["walk"].at_speed(2.4)
    assert slow.minutes(400.0) == pytest.approx(10)
    assert TRAVEL_MODES["walk"].minutes(400.0) == pytest.approx(5)
    assert slow.key == "walk"


@pytest.mark.parametrize("speed", [0.0, -4.8, float("nan"), float("inf")])
def test_a_speed_at_which_nobody_moves_is_refused(speed: float) -> None:
    with pytest.raises(InputError, match="not a speed above 0"):
        TRAVEL_MODES["walk"].at_speed(speed)


def test_the_texts_name_the_speeds_that_we_use() -> None:
    for mode in TRAVEL_MODES:
        speed = f"{mode.speed_km_per_h:g}".replace(".", ",")
        assert f"{speed} kilometer per uur {mode.label}" in SPEED_SOURCE
        assert f"{speed} {mode.label}" in dict(MEASURE.symbols)["v"]


def test_a_pace_is_a_speed_for_each_way_of_travelling() -> None:
    speeds = {
        pace.key: tuple(mode.at_pace(pace).speed_km_per_h for mode in TRAVEL_MODES)
        for pace in PACES
    }
    assert speeds == {"rustig": (3.2, 10.0), "gewoon": (4.8, 15.0), "vlot": (6.0, 20.0)}
    assert all(mode.at_pace(PACES["gewoon"]) == mode for mode in TRAVEL_MODES)
    # 800 m at 3.2 km/h, and 2 km at 20 km/h.
    assert TRAVEL_MODES["walk"].at_pace(PACES["rustig"]).minutes(800.0) == pytest.approx(15)
    assert TRAVEL_MODES["cycle"].at_pace(PACES["vlot"]).minutes(2_000.0) == pytest.approx(6)


def test_the_paces_are_said_to_be_ours() -> None:
    for key in ("rustig", "vlot"):
        assert "zelf gekozen" in PACES[key].source
        assert PACES[key].source in MEASURE.sources
