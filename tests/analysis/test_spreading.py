"""Who carries what: location quotient, interval, verdict, Hoover index and the headline."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import InputError
from analysis.method import Wording
from analysis.spreading import headline, measure_spreading
from analysis.spreading.fair_share import fair_share
from analysis.spreading.headline import headline_facts
from analysis.spreading.hoover import hoover_index
from analysis.spreading.interval import location_quotient_interval
from analysis.spreading.location_quotient import location_quotient
from analysis.spreading.verdict import verdict
from tests.analysis.spreading_cases import (
    EXAMPLE_PLACES,
    HEUVELLAND,
    MAASTRICHT_SHELTERS,
    RESIDENTS_2024,
    areas_of,
    region,
    two_columns,
)

BESCHUT = Wording("plek beschut wonen", "plekken beschut wonen")


def dutch(value: float) -> str:
    return f"{value:,.3g}" if value != int(value) else f"{int(value):,}".replace(",", ".")


def exact_hoover(counts: list[int], weights: list[int]) -> Fraction:
    places, people = sum(counts), sum(weights)
    pairs = zip(counts, weights, strict=True)
    gaps = [abs(Fraction(c, places) - Fraction(w, people)) for c, w in pairs]
    return sum(gaps, Fraction(0)) / 2


# Hoover


def test_hoover_of_a_hand_case() -> None:
    counts, weights = pd.Series([6, 3, 1]), pd.Series([20, 30, 50])
    assert hoover_index(counts, weights) == pytest.approx(0.4)


def test_hoover_of_the_region_equals_exact_fractions() -> None:
    areas = region(EXAMPLE_PLACES)
    exact = exact_hoover(list(EXAMPLE_PLACES.values()), list(RESIDENTS_2024.values()))
    # Only Haarlem is above its share, so its gap alone is the index.
    assert exact == Fraction(180, 312) - Fraction(167_670, 551_130)
    assert hoover_index(areas["capacity_count"], areas["weight"]) == pytest.approx(float(exact))


@given(columns=two_columns())
def test_hoover_equals_exact_fractions_and_stays_between_0_and_1(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    index = hoover_index(counts, weights)
    assert index == pytest.approx(float(exact_hoover(counts.tolist(), weights.tolist())), abs=1e-12)
    assert 0 <= index < 1


@given(columns=two_columns(), more=st.integers(2, 9), bigger=st.integers(2, 1000))
def test_hoover_stays_when_all_places_or_all_residents_are_multiplied(
    columns: tuple[pd.Series, pd.Series], more: int, bigger: int
) -> None:
    counts, weights = columns
    assert hoover_index(counts * more, weights * bigger) == pytest.approx(
        hoover_index(counts, weights), abs=1e-12
    )


@given(columns=two_columns(), seed=st.integers(0, 99))
def test_hoover_stays_when_the_rows_are_in_another_order(
    columns: tuple[pd.Series, pd.Series], seed: int
) -> None:
    order = columns[0].sample(frac=1, random_state=seed).index
    assert hoover_index(columns[0][order], columns[1][order]) == pytest.approx(
        hoover_index(*columns), abs=1e-12
    )


@given(columns=two_columns(), parts=st.integers(2, 5))
def test_hoover_stays_when_an_area_is_cut_in_equal_parts(
    columns: tuple[pd.Series, pd.Series], parts: int
) -> None:
    counts, weights = columns
    cut = [
        pd.concat([numbers * parts, pd.Series([numbers.iloc[0]] * parts, list("vwxyz")[:parts])])
        for numbers in (counts, weights)
    ]
    whole = [numbers.drop(columns[0].index[0]) for numbers in cut]
    assert hoover_index(*whole) == pytest.approx(hoover_index(counts, weights), abs=1e-12)


@given(columns=two_columns())
def test_hoover_never_rises_when_two_areas_are_merged(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    assume(len(counts) > 2)
    merged = [
        numbers.groupby([0, 0, *range(1, len(numbers) - 1)]).sum() for numbers in (counts, weights)
    ]
    assert hoover_index(*merged) <= hoover_index(counts, weights) + 1e-12


@given(columns=two_columns())
def test_hoover_falls_when_a_place_moves_from_above_its_share_to_below(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    gaps = counts - fair_share(int(counts.sum()), weights)
    giver, taker = str(gaps.idxmax()), str(gaps.idxmin())
    assume(gaps[giver] > 1e-6 and gaps[taker] < -1e-6)
    moved = counts.copy()
    moved[giver] -= 1
    moved[taker] += 1
    before, after = hoover_index(counts, weights), hoover_index(moved, weights)
    if gaps[giver] >= 1 and gaps[taker] <= -1:
        assert after == pytest.approx(before - 1 / counts.sum())
    elif min(gaps[giver], -gaps[taker]) > 0.5:
        assert after < before


def test_hoover_needs_two_areas_places_and_residents() -> None:
    assert np.isnan(hoover_index(pd.Series([5]), pd.Series([100])))
    assert np.isnan(hoover_index(pd.Series([0, 0]), pd.Series([100, 50])))
    assert np.isnan(hoover_index(pd.Series([5, 1]), pd.Series([0, 0])))


# Location quotient and interval


def test_the_location_quotient_of_the_region_equals_exact_fractions() -> None:
    areas = region(EXAMPLE_PLACES)
    quotients = location_quotient(areas["capacity_count"], areas["weight"])
    people = sum(RESIDENTS_2024.values())
    for quotient, (name, residents) in zip(quotients, RESIDENTS_2024.items(), strict=True):
        exact = Fraction(EXAMPLE_PLACES[name], 312) / Fraction(residents, people)
        assert quotient == pytest.approx(float(exact))


@given(columns=two_columns())
def test_quotients_weighted_by_residents_average_1(columns: tuple[pd.Series, pd.Series]) -> None:
    counts, weights = columns
    quotients = location_quotient(counts, weights)
    assert np.average(quotients, weights=weights) == pytest.approx(1)


def test_an_area_without_residents_has_no_quotient() -> None:
    quotients = location_quotient(pd.Series([2, 3]), pd.Series([0, 10]))
    assert np.isnan(quotients[0])
    assert quotients[1] == pytest.approx(3 / 5)


@given(columns=two_columns(most_areas=5), confidence=st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_equals_the_exact_interval_of_scipy(
    columns: tuple[pd.Series, pd.Series], confidence: float
) -> None:
    counts, weights = columns
    interval = location_quotient_interval(counts, weights, confidence)
    for area, count in enumerate(counts.tolist()):
        test = stats.binomtest(count, int(counts.sum()))
        theirs = test.proportion_ci(confidence, method="exact")
        share = weights.iloc[area] / weights.sum()
        low, high = interval.iloc[area]
        assert low == pytest.approx(theirs.low / share)
        assert high == pytest.approx(theirs.high / share)


@given(columns=two_columns())
def test_the_quotient_lies_within_its_interval(columns: tuple[pd.Series, pd.Series]) -> None:
    quotients = location_quotient(*columns)
    interval = location_quotient_interval(*columns)
    assert (interval["location_quotient_low"] <= quotients + 1e-9).all()
    assert (quotients <= interval["location_quotient_high"] + 1e-9).all()


@given(columns=two_columns())
def test_more_confidence_never_makes_the_interval_narrower(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    narrow, wide = (location_quotient_interval(*columns, level) for level in (0.8, 0.99))
    assert (wide["location_quotient_low"] <= narrow["location_quotient_low"]).all()
    assert (narrow["location_quotient_high"] <= wide["location_quotient_high"]).all()


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        location_quotient_interval(pd.Series([1, 2]), pd.Series([1, 2]), confidence)


# Verdict


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.1, 2.0, "boven_aandeel"),
        (0.1, 0.9, "onder_aandeel"),
        (0.9, 1.1, "geen_duidelijk_verschil"),
        (1.0, 1.5, "geen_duidelijk_verschil"),
        (0.5, 1.0, "geen_duidelijk_verschil"),
        (np.nan, np.nan, "niet_te_berekenen"),
    ],
)
def test_an_interval_that_holds_1_is_no_clear_difference(
    low: float, high: float, expected: str
) -> None:
    interval = pd.DataFrame({"location_quotient_low": [low], "location_quotient_high": [high]})
    assert verdict(interval).tolist() == [expected]


def test_above_and_below_are_both_said_of_the_region() -> None:
    table = measure_spreading(region(EXAMPLE_PLACES)).table.set_index("name")
    assert table["verdict"].to_dict() == {
        "Beverwijk": "geen_duidelijk_verschil",
        "Bloemendaal": "onder_aandeel",
        "Haarlem": "boven_aandeel",
        "Haarlemmermeer": "onder_aandeel",
        "Heemskerk": "geen_duidelijk_verschil",
        "Heemstede": "geen_duidelijk_verschil",
        "Velsen": "geen_duidelijk_verschil",
        "Zandvoort": "geen_duidelijk_verschil",
    }


def test_five_places_rarely_show_a_clear_difference() -> None:
    spreading = measure_spreading(region(dict.fromkeys(RESIDENTS_2024, 0) | {"Velsen": 5}))
    verdicts = spreading.table.set_index("name")["verdict"]
    assert verdicts["Zandvoort"] == "geen_duidelijk_verschil"
    assert spreading.has_too_few_places


# All figures at once


def test_the_figures_keep_the_areas_and_their_order() -> None:
    areas = region(EXAMPLE_PLACES).sample(frac=1, random_state=3)
    table = measure_spreading(areas).table
    assert table.index.equals(areas.index)
    assert table["name"].tolist() == areas["name"].tolist()
    assert table["reason"].isna().all()


def test_the_places_to_move_are_the_places_above_the_shares() -> None:
    spreading = measure_spreading(region(EXAMPLE_PLACES))
    above = spreading.table["difference_count"].clip(lower=0).sum()
    assert spreading.hoover_places_count == pytest.approx(above)
    assert spreading.whole_to_move_count == 85
    assert spreading.totals.capacity_count == 312
    assert spreading.totals.weight == 551_130


def test_no_spread_in_whole_places_is_more_even_than_the_least_hoover() -> None:
    spreading = measure_spreading(region(EXAMPLE_PLACES))
    whole = spreading.table["whole_fair_share_count"]
    assert spreading.least_hoover_index is not None
    assert spreading.least_hoover_index <= hoover_index(whole, spreading.table["weight"]) + 1e-12


def test_an_area_with_unknown_residents_is_left_out_and_said() -> None:
    areas = region(EXAMPLE_PLACES)
    areas["weight"] = areas["weight"].astype("Float64")
    areas.loc["GM0377", "weight"] = pd.NA
    areas["weight_reason"] = pd.array([pd.NA] * 8, dtype="object")
    areas.loc["GM0377", "weight_reason"] = "Geheim volgens CBS."
    spreading = measure_spreading(areas)
    row = spreading.table.loc["GM0377"]
    assert row["verdict"] == "niet_te_berekenen"
    assert row["reason"] == "Geheim volgens CBS."
    assert row[["fair_share_count", "location_quotient", "difference_count"]].isna().all()
    assert row["capacity_count"] == 4
    assert spreading.totals.capacity_count == 308
    assert spreading.totals.left_out_area_count == 1
    assert spreading.totals.left_out_capacity_count == 4
    rest = measure_spreading(areas.drop("GM0377"))
    assert spreading.hoover_index == pytest.approx(rest.hoover_index)


def test_an_area_with_unknown_places_is_left_out_and_never_counted_as_none() -> None:
    unknown = {name: count for name, count in EXAMPLE_PLACES.items() if name != "Haarlem"}
    spreading = measure_spreading(region(unknown))
    row = spreading.table.loc["GM0392"]
    assert row["capacity_count"] is pd.NA
    assert row["reason"] == "Het aantal plekken is hier niet bekend."
    assert spreading.totals.capacity_count == 132
    assert spreading.totals.counted_area_count == 7


def test_an_uninhabited_area_with_places_says_why_it_has_no_quotient() -> None:
    spreading = measure_spreading(areas_of({"A": 100, "B": 0, "C": 100}, {"A": 9, "B": 2, "C": 9}))
    row = spreading.table.loc["B"]
    assert row["verdict"] == "niet_te_berekenen"
    assert "niets om naar te verdelen" in row["reason"]
    assert row["difference_count"] == 2
    assert spreading.hoover_index == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("weights", "places", "reason"),
    [
        ({"A": 5, "B": 5}, {"A": 0, "B": 0}, "no_places"),
        ({"A": None, "B": None}, {"A": 1, "B": 2}, "no_weight"),
        ({"A": 0, "B": 0}, {"A": 1, "B": 2}, "zero_weight"),
        ({"A": 0, "B": None}, {"A": 1, "B": 2}, "zero_weight"),
        ({"A": 5, "B": 5}, {}, "no_capacity"),
        ({"A": 5}, {"A": 3}, "too_few_areas"),
        ({"A": 5, "B": None}, {"A": 3, "B": 4}, "too_few_areas"),
    ],
)
def test_what_cannot_be_computed_says_why(
    weights: dict[str, float | None], places: dict[str, int | None], reason: str
) -> None:
    spreading = measure_spreading(areas_of(weights, places))
    assert spreading.reasons[0].key == reason
    assert not spreading.is_applicable
    assert spreading.hoover_index is None
    assert spreading.hoover_places_count is None
    assert spreading.example_row() is None
    assert (spreading.table["verdict"] == "niet_te_berekenen").all()
    assert spreading.table["location_quotient"].isna().all()
    assert spreading.table["reason"].notna().all()


def test_no_areas_at_all_is_an_answer_too() -> None:
    spreading = measure_spreading(areas_of({}, {}))
    assert not spreading.is_applicable
    assert headline(spreading, Wording(), dutch)


def test_every_missing_column_is_named_at_once() -> None:
    with pytest.raises(InputError, match=r"'weight' is missing; column 'capacity_count'"):
        measure_spreading(pd.DataFrame({"name": ["A"]}))


def test_half_a_place_is_refused() -> None:
    with pytest.raises(InputError, match="whole number"):
        measure_spreading(pd.DataFrame({"name": ["A"], "weight": [1], "capacity_count": [0.5]}))


# The headline


def test_the_headline_says_one_in_six_when_that_is_so() -> None:
    spreading = measure_spreading(areas_of({"A": 100, "B": 100}, {"A": 208, "B": 104}))
    assert headline(spreading, BESCHUT, dutch) == (
        "Van de 312 plekken beschut wonen zou ongeveer 1 op de 6 moeten verhuizen voor een "
        "gelijke verdeling naar inwoners."
    )


def test_the_headline_counts_places_when_no_one_in_n_fits() -> None:
    spreading = measure_spreading(region(EXAMPLE_PLACES))
    assert headline(spreading, BESCHUT, dutch) == (
        "Van de 312 plekken beschut wonen zouden er ongeveer 85 moeten verhuizen voor een "
        "gelijke verdeling naar inwoners."
    )
    assert headline_facts(spreading).per_hundred_count == 27


def test_the_headline_promises_nothing_with_five_places() -> None:
    places = dict.fromkeys(RESIDENTS_2024, 0) | {"Haarlem": 3, "Velsen": 2}
    assert headline(measure_spreading(region(places)), BESCHUT, dutch) == (
        "Er zijn 5 plekken beschut wonen. Dat is te weinig om te zeggen of de verdeling over 8 "
        "gemeenten gelijk is."
    )


@pytest.mark.parametrize(
    ("places", "is_too_few"),
    [({"A": 8, "B": 1}, True), ({"A": 9, "B": 1}, False)],
)
def test_ten_places_are_the_fewest_to_speak_of_an_even_spread(
    places: dict[str, int | None], is_too_few: bool
) -> None:
    spreading = measure_spreading(areas_of({"A": 10, "B": 10}, places))
    assert spreading.has_too_few_places is is_too_few
    assert ("te weinig" in headline(spreading, Wording(), dutch)) is is_too_few


def test_fewer_places_than_areas_are_too_few() -> None:
    weights = {f"WK{i:02}": 10.0 for i in range(12)}
    spreading = measure_spreading(areas_of(weights, dict.fromkeys(weights, 0) | {"WK03": 11}))
    assert spreading.has_too_few_places


def test_the_headline_of_one_place_is_in_the_singular() -> None:
    places = dict.fromkeys(RESIDENTS_2024, 0) | {"Haarlem": 1}
    sentence = headline(measure_spreading(region(places)), BESCHUT, dutch)
    assert sentence.startswith("Er is 1 plek beschut wonen, in Haarlem.")


def test_the_headline_says_when_the_whole_shares_are_met() -> None:
    shares = measure_spreading(region(EXAMPLE_PLACES)).table.set_index("name")
    whole = shares["whole_fair_share_count"].tolist()
    even = measure_spreading(region(dict(zip(RESIDENTS_2024, whole, strict=True))))
    assert even.whole_to_move_count == 0
    assert "bijna gelijk verdeeld over de 8 gemeenten" in headline(even, BESCHUT, dutch)


def test_the_headline_names_how_many_areas_were_left_out() -> None:
    unknown = {name: count for name, count in EXAMPLE_PLACES.items() if name != "Velsen"}
    sentence = headline(measure_spreading(region(unknown)), BESCHUT, dutch)
    assert sentence.endswith("1 gemeente telt niet mee, omdat een cijfer ontbreekt.")
    del unknown["Heemstede"]
    sentence = headline(measure_spreading(region(unknown)), BESCHUT, dutch)
    assert sentence.endswith("2 gemeenten tellen niet mee, omdat een cijfer ontbreekt.")


@pytest.mark.parametrize(
    ("weights", "places", "expected"),
    [
        ({"A": 5, "B": 5}, {"A": 0, "B": 0}, "Er zijn geen plekken."),
        ({"A": 5, "B": 5, "C": 5}, {"A": 0, "B": 0}, "In de gemeenten met cijfers zijn geen"),
        ({"A": None, "B": None}, {"A": 1}, "is niet te berekenen"),
        ({"A": 5, "B": 5}, {}, "Van geen van de gemeenten is bekend hoeveel plekken er zijn."),
        ({"A": 5}, {"A": 30}, "Er valt niets te vergelijken."),
    ],
)
def test_the_headline_says_why_there_is_no_figure(
    weights: dict[str, float | None], places: dict[str, int | None], expected: str
) -> None:
    assert expected in headline(measure_spreading(areas_of(weights, places)), Wording(), dutch)


@given(columns=two_columns())
def test_every_headline_is_a_sentence_without_gaps(columns: tuple[pd.Series, pd.Series]) -> None:
    counts, weights = columns
    areas = pd.DataFrame({"name": counts.index, "weight": weights, "capacity_count": counts})
    sentence = headline(measure_spreading(areas), Wording(), dutch)
    assert sentence.endswith(".")
    assert "None" not in sentence
    assert "nan" not in sentence


# The worked case of the policy papers


def test_seven_shelters_with_164_places_in_one_of_six_gemeenten() -> None:
    places = dict.fromkeys(HEUVELLAND, 0) | {"Maastricht": sum(MAASTRICHT_SHELTERS)}
    spreading = measure_spreading(areas_of(HEUVELLAND, places))
    assert len(MAASTRICHT_SHELTERS) == 7
    assert spreading.totals.capacity_count == 164
    assert spreading.only_area_name == "Maastricht"
    share = Fraction(HEUVELLAND["Maastricht"], sum(HEUVELLAND.values()))
    assert spreading.hoover_index == pytest.approx(float(1 - share))
    maastricht = spreading.table.loc["Maastricht"]
    assert maastricht["location_quotient"] == pytest.approx(float(1 / share))
    assert maastricht["verdict"] == "boven_aandeel"
    others = spreading.table.drop("Maastricht")
    assert set(others["verdict"]) == {"onder_aandeel"}
    assert (others["location_quotient_low"] == 0).all()
    assert others["whole_fair_share_count"].sum() == 164 - maastricht["whole_fair_share_count"]
    opvang = Wording("plek opvang", "plekken opvang")
    assert headline(spreading, opvang, dutch) == (
        "Alle 164 plekken opvang zijn in Maastricht. Bij een gelijke verdeling naar inwoners "
        "zouden dat er 96 zijn."
    )
