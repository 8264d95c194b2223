"""Fair shares, real and whole, against hand work, published seats and another implementation."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from apportionment import methods as apportionment
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.spreading.difference import difference
from analysis.spreading.fair_share import fair_share
from analysis.spreading.whole_fair_share import Apportionment, whole_fair_share
from tests.analysis.spreading_cases import RESIDENTS_2024, two_columns

METHODS: tuple[Apportionment, ...] = ("webster", "largest_remainder")
THEIRS = {"webster": "saintelague", "largest_remainder": "largest_remainder"}
both_methods = pytest.mark.parametrize("method", METHODS)

#: German Bundestag of 2025: second votes of the parties that share in the seats, and the 630
#: seats the Bundeswahlleiterin announced (Sainte-Laguë/Schepers).
BUNDESTAG_2025 = {
    "CDU": (11_196_374, 164),
    "AfD": (10_328_780, 152),
    "SPD": (8_149_124, 120),
    "Grüne": (5_762_380, 85),
    "Linke": (4_356_532, 64),
    "CSU": (2_964_028, 44),
    "SSW": (76_138, 1),
}
#: New Zealand, 17 October 2020: party votes of the parties in parliament, and the 120 seats that
#: the Electoral Commission declared on 6 November (Sainte-Laguë).
NEW_ZEALAND_2020 = {
    "Labour": (1_443_545, 65),
    "National": (738_275, 33),
    "Green": (226_757, 10),
    "ACT": (219_031, 10),
    "Māori Party": (33_630, 2),
}
#: Lithuania, 11 October 2020: votes of the lists that passed the threshold, and the 70 seats of
#: the nationwide constituency (largest remainder).
SEIMAS_2020 = {
    "TS-LKD": (292_124, 23),
    "LVŽS": (204_780, 16),
    "DP": (110_773, 9),
    "LSDP": (108_649, 8),
    "LP": (107_093, 8),
    "LRLS": (79_755, 6),
}
#: The first United States census (1790) and the 120 seats of Hamilton's bill, vetoed in 1792.
HAMILTON_1792 = {
    "Connecticut": (236_841, 8),
    "Delaware": (55_540, 2),
    "Georgia": (70_835, 2),
    "Kentucky": (68_705, 2),
    "Maryland": (278_514, 9),
    "Massachusetts": (475_327, 16),
    "New Hampshire": (141_822, 5),
    "New Jersey": (179_570, 6),
    "New York": (331_589, 11),
    "North Carolina": (353_523, 12),
    "Pennsylvania": (432_879, 14),
    "Rhode Island": (68_446, 2),
    "South Carolina": (206_236, 7),
    "Vermont": (85_533, 3),
    "Virginia": (630_560, 21),
}


def _residents() -> pd.Series:
    return pd.Series(RESIDENTS_2024, name="weight")


def test_the_fair_share_of_the_region_equals_hand_work_in_fractions() -> None:
    shares = fair_share(312, _residents())
    whole = sum(RESIDENTS_2024.values())
    assert whole == 551_130
    for name, residents in RESIDENTS_2024.items():
        assert shares[name] == pytest.approx(float(Fraction(312 * residents, whole)), rel=1e-14)
    assert shares.sum() == pytest.approx(312)
    assert shares.name == "fair_share_count"


def test_an_area_with_unknown_residents_has_no_share_and_takes_none() -> None:
    shares = fair_share(10, pd.Series([30, pd.NA, 70], dtype="Int64"))
    assert shares.tolist()[::2] == [3.0, 7.0]
    assert np.isnan(shares[1])


def test_without_any_resident_there_is_no_share() -> None:
    assert fair_share(10, pd.Series([0.0, 0.0])).isna().all()
    assert whole_fair_share(10, pd.Series([0.0, 0.0])).isna().all()


def test_an_empty_area_has_a_share_of_nothing() -> None:
    assert fair_share(10, pd.Series([0, 50])).tolist() == [0.0, 10.0]
    assert whole_fair_share(10, pd.Series([0, 50])).tolist() == [0, 10]


@both_methods
def test_no_places_give_every_area_a_share_of_none(method: Apportionment) -> None:
    assert whole_fair_share(0, _residents(), method).tolist() == [0] * 8


def test_webster_gives_the_seats_of_the_german_bundestag_of_2025() -> None:
    votes = pd.Series({party: votes for party, (votes, _) in BUNDESTAG_2025.items()})
    seats = {party: seats for party, (_, seats) in BUNDESTAG_2025.items()}
    assert whole_fair_share(630, votes).to_dict() == seats
    assert apportionment.compute("saintelague", votes.tolist(), 630) == list(seats.values())


def test_largest_remainder_gives_the_seats_of_hamiltons_bill_of_1792() -> None:
    people = pd.Series({state: people for state, (people, _) in HAMILTON_1792.items()})
    seats = {state: seats for state, (_, seats) in HAMILTON_1792.items()}
    assert people.sum() == 3_615_920
    assert whole_fair_share(120, people, "largest_remainder").to_dict() == seats
    theirs = apportionment.compute("hamilton", people.tolist(), 120)
    assert theirs == list(seats.values())


def test_webster_gives_the_seats_of_the_parliament_of_new_zealand_of_2020() -> None:
    votes = pd.Series({party: votes for party, (votes, _) in NEW_ZEALAND_2020.items()})
    seats = {party: seats for party, (_, seats) in NEW_ZEALAND_2020.items()}
    assert whole_fair_share(120, votes).to_dict() == seats


def test_largest_remainder_gives_the_list_seats_of_the_seimas_of_2020() -> None:
    votes = pd.Series({party: votes for party, (votes, _) in SEIMAS_2020.items()})
    seats = {party: seats for party, (_, seats) in SEIMAS_2020.items()}
    assert whole_fair_share(70, votes, "largest_remainder").to_dict() == seats


@both_methods
@given(
    weights=st.lists(st.integers(1, 500_000), min_size=1, max_size=25, unique=True),
    total=st.integers(1, 400),
)
def test_whole_shares_equal_the_apportionment_package(
    method: Apportionment, weights: list[int], total: int
) -> None:
    try:
        theirs = apportionment.compute(
            THEIRS[method], weights, total, fractions=True, tiesallowed=False
        )
    except apportionment.TiesException:
        assume(False)
    ours = whole_fair_share(total, pd.Series(weights), method)
    assert ours.tolist() == list(theirs)


@both_methods
@given(columns=two_columns(), total=st.integers(0, 500))
def test_whole_shares_add_up_to_exactly_the_total(
    method: Apportionment, columns: tuple[pd.Series, pd.Series], total: int
) -> None:
    assert whole_fair_share(total, columns[1], method).sum() == total


@both_methods
@given(columns=two_columns(), total=st.integers(0, 200), seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_no_whole_share(
    method: Apportionment, columns: tuple[pd.Series, pd.Series], total: int, seed: int
) -> None:
    weights = columns[1]
    shuffled = weights.sample(frac=1, random_state=seed)
    again = whole_fair_share(total, shuffled, method)
    assert again.reindex(weights.index).equals(whole_fair_share(total, weights, method))


@both_methods
@given(columns=two_columns(), total=st.integers(0, 200), factor=st.integers(2, 1000))
def test_counting_residents_in_other_units_changes_no_whole_share(
    method: Apportionment, columns: tuple[pd.Series, pd.Series], total: int, factor: int
) -> None:
    weights = columns[1]
    scaled = whole_fair_share(total, weights * factor, method)
    assert scaled.equals(whole_fair_share(total, weights, method))


@given(columns=two_columns(), total=st.integers(0, 300))
def test_one_place_more_never_takes_a_place_from_an_area(
    columns: tuple[pd.Series, pd.Series], total: int
) -> None:
    before, after = (whole_fair_share(count, columns[1]) for count in (total, total + 1))
    assert (after >= before).all()


@given(columns=two_columns(), total=st.integers(0, 300))
def test_largest_remainder_stays_within_one_place_of_the_fair_share(
    columns: tuple[pd.Series, pd.Series], total: int
) -> None:
    gap = whole_fair_share(total, columns[1], "largest_remainder").astype(float)
    assert (gap - fair_share(total, columns[1])).abs().max() < 1


@both_methods
def test_a_tie_goes_to_the_area_code_that_comes_first(method: Apportionment) -> None:
    weights = pd.Series({"WK03": 10, "WK01": 10, "WK02": 10})
    assert whole_fair_share(4, weights, method).to_dict() == {"WK03": 1, "WK01": 2, "WK02": 1}
    assert whole_fair_share(5, weights, method).to_dict() == {"WK03": 1, "WK01": 2, "WK02": 2}


@both_methods
def test_a_tie_between_unequal_areas_goes_to_the_larger_one(method: Apportionment) -> None:
    weights = pd.Series({"A": 10, "B": 30})
    assert whole_fair_share(2, weights, method).to_dict() == {"A": 0, "B": 2}


@both_methods
def test_whole_shares_leave_an_unknown_area_out(method: Apportionment) -> None:
    shares = whole_fair_share(7, pd.Series({"A": 10.0, "B": np.nan, "C": 25.0}), method)
    assert shares.tolist() == [2, pd.NA, 5]


def test_a_country_of_buurten_is_divided_in_a_moment() -> None:
    generator = np.random.default_rng(1)
    weights = pd.Series(generator.integers(0, 5000, 14_500).astype(float))
    assert whole_fair_share(30_000, weights).sum() == 30_000


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0, -2.0], "negative"), ([1.0, np.inf], "infinite")],
)
def test_weights_that_cannot_be_are_refused(weights: list[float], message: str) -> None:
    for measure in (fair_share, whole_fair_share):
        with pytest.raises(InputError, match=message):
            measure(10, pd.Series(weights))


def test_an_area_that_occurs_twice_is_refused() -> None:
    with pytest.raises(InputError, match="1 areas occur twice"):
        fair_share(10, pd.Series([1, 2], index=["GM0392", "GM0392"]))


def test_a_negative_number_of_places_is_refused() -> None:
    for measure in (fair_share, whole_fair_share):
        with pytest.raises(InputError, match="total number of places is negative"):
            measure(-1, _residents())


@given(columns=two_columns())
def test_differences_add_up_to_nothing(columns: tuple[pd.Series, pd.Series]) -> None:
    counts, weights = columns
    gaps = difference(counts, fair_share(int(counts.sum()), weights))
    assert gaps.sum() == pytest.approx(0, abs=1e-9)
    assert gaps.index.equals(counts.index)
