"""What residents find important, held against other ways to compute it and against counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analysis.comparing.criteria import ACCEPTANCE, CRITERIA
from analysis.dialogue import first_places as first
from analysis.dialogue import importance
from analysis.dialogue.first_places import (
    first_places,
    in_order,
    judge_first,
    judge_heaviest,
    wilson_interval,
)
from analysis.dialogue.importance import ImportanceFacts, measure_importance, to_shares
from analysis.dialogue.subjects import (
    MOST_STEPS,
    STEPS,
    SUBJECTS,
    Subject,
    subjects_of,
    to_steps,
    to_subjects,
)
from analysis.dialogue.wijk_groups import told_apart, told_counts
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES
from analysis.method import Wording

ALL = tuple(SUBJECTS)


def weightings(*rows: Sequence[float], keys: str = "abc") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(keys), dtype="float64")


def drawn(count: int, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, MOST_STEPS + 1, size=(count, len(ALL)))
    points[points.sum(axis=1) == 0, 0] = 1
    return pd.DataFrame(points, columns=[subject.key for subject in ALL])


# The subjects


def test_every_criterion_is_in_one_subject_and_what_people_think_is_in_none() -> None:
    held = [key for subject in SUBJECTS for key in subject.criteria]
    assert sorted(held) == sorted(CRITERIA.keys)
    assert ACCEPTANCE not in held
    assert ACCEPTANCE not in SUBJECTS


def test_only_types_that_ask_distance_have_it_as_a_subject() -> None:
    assert "afstand" in {entry.key for entry in subjects_of(FACILITY_TYPES["skaeve_huse"])}
    assert "afstand" not in {entry.key for entry in subjects_of(FACILITY_TYPES["respijt"])}
    assert "afstand" not in {entry.key for entry in subjects_of(None)}


def test_a_subject_holds_criteria_that_there_are() -> None:
    with pytest.raises(InputError):
        Subject("x", "X", "", "", (ACCEPTANCE,))


def test_points_of_criteria_are_added_up_in_their_subject() -> None:
    told = to_subjects({"eigendom": 5, "milieu": 7, "kosten": 10, "vreemd": 99}, ALL)
    assert told["praktisch"] == 12
    assert told["kosten"] == 10
    assert sum(told.values()) == 22


def test_steps_are_the_nearest_with_the_heaviest_at_the_top() -> None:
    told = to_steps({"bereikbaarheid": 40, "verdeling": 5, "nabijheid": 25, "kosten": 14}, ALL)
    # 5/10 goes up to 1, 25/10 to 3, 14/10 down to 1.
    assert told == {
        "bereikbaarheid": 4,
        "verdeling": 1,
        "nabijheid": 3,
        "afstand": 0,
        "praktisch": 0,
        "kosten": 1,
    }
    assert {str(step) for step in told.values()} <= set(STEPS.keys)
    with pytest.raises(InputError):
        to_steps({}, ALL)


# How heavy each subject weighs


def test_shares_are_parts_of_a_hundred() -> None:
    told = to_shares(weightings((1, 1, 2), (0, 0, 3)))
    assert told.to_numpy().tolist() == [[25, 25, 50], [0, 0, 100]]


@pytest.mark.parametrize("row", [(0, 0, 0), (-1, 2, 2), (float("nan"), 1, 1), (np.inf, 1, 1)])
def test_no_weighting_without_points_or_with_points_that_are_none(row: Sequence[float]) -> None:
    with pytest.raises(InputError):
        to_shares(weightings(row))


def test_the_middle_and_the_middle_half_by_hand() -> None:
    shares = weightings((10, 90), (20, 80), (30, 70), (40, 60), (60, 40), keys="ab")
    table = measure_importance(shares)
    assert [*table.loc["a"]] == [30, 20, 40, 5]
    # Of four: a quarter of the way from the first to the second, and so on.
    four = measure_importance(shares.iloc[:4])
    assert [*four.loc["a"]] == [25, 17.5, 32.5, 4]


@pytest.mark.parametrize("count", [10, 11, 137])
def test_medians_and_quartiles_agree_with_a_sort_and_with_numpy(count: int) -> None:
    shares = to_shares(drawn(count))
    table = measure_importance(shares)

    def by_sorting(values: list[float], at: float) -> float:
        ordered = sorted(values)
        place = at * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    for key in shares.columns:
        values = [float(value) for value in shares[key]]
        for at, name in ((0.25, "low"), (0.5, "median"), (0.75, "high")):
            found = table[name][key]
            assert found == pytest.approx(by_sorting(values, at), abs=1e-9)
            assert found == pytest.approx(float(np.percentile(values, 100 * at)), abs=1e-9)


def test_no_weightings_have_no_middle() -> None:
    table = measure_importance(weightings())
    assert table[["median", "low", "high"]].isna().all(axis=None)
    assert table["answer_count"].tolist() == [0, 0, 0]


# Who comes first


VALUES = pd.DataFrame({"a": [1.0, 0.0, 0.5], "b": [0.0, 1.0, 0.5]}, index=["P", "Q", "R"])


def test_first_places_counted_by_hand() -> None:
    # P wins where a weighs more, Q where b does; with both equal all three have the same total.
    weights = weightings((3, 1), (1, 0), (1, 4), (2, 2), (5, 4), keys="ab")
    table = first_places(VALUES, weights)
    assert table["first_count"].to_dict() == {"P": 3, "Q": 1, "R": 0}
    assert table["shared_count"].to_dict() == {"P": 1, "Q": 1, "R": 1}
    assert table["first_share"].to_dict() == {"P": 0.6, "Q": 0.2, "R": 0.0}
    assert table["answer_count"].unique().tolist() == [5]


def test_first_places_agree_with_a_count_one_by_one() -> None:
    rng = np.random.default_rng(3)
    values = pd.DataFrame(rng.random((5, 4)), index=list("PQRST"), columns=list("abcd"))
    weights = weightings(*rng.integers(0, 5, (200, 4)).tolist(), keys="abcd")
    weights = weights[weights.sum(axis=1) > 0]
    counts: dict[str, int] = dict.fromkeys("PQRST", 0)
    for _, row in weights.iterrows():
        totals = {
            name: sum(row[key] * values.loc[name, key] for key in "abcd") for name in values.index
        }
        most = max(totals.values())
        firsts = [name for name, total in totals.items() if abs(total - most) < 1e-12]
        if len(firsts) == 1:
            counts[firsts[0]] += 1
    table = first_places(values, weights)
    assert table["first_count"].to_dict() == counts
    assert [*in_order(table)["first_count"]] == sorted(counts.values(), reverse=True)


def test_how_heavy_a_weighting_is_written_down_changes_nothing() -> None:
    weights = weightings((3, 1), (1, 4), keys="ab")
    one, other = first_places(VALUES, weights), first_places(VALUES, weights * 37.5)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("count", "of_count"), [(0, 12), (12, 12), (1, 10), (5, 10), (41, 60), (189, 298), (7, 1000)]
)
def test_the_margin_is_the_wilson_interval_of_scipy(count: int, of_count: int) -> None:
    found = binomtest(count, of_count).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(count, of_count) == pytest.approx((found.low, found.high), abs=1e-12)


def test_nothing_has_no_margin() -> None:
    assert all(isnan(bound) for bound in wilson_interval(0, 0))


@pytest.mark.parametrize(
    ("of_p", "of_q", "is_clear"), [(9, 3, False), (12, 3, True), (30, 20, False), (33, 12, True)]
)
def test_margins_that_touch_are_no_clear_difference(of_p: int, of_q: int, is_clear: bool) -> None:
    weights = weightings(*([(2, 1)] * of_p + [(1, 2)] * of_q), keys="ab")
    table = first_places(VALUES, weights)
    verdict = judge_first(table)
    assert verdict is not None
    bounds = [
        binomtest(count, of_p + of_q).proportion_ci(method="wilson") for count in (of_p, of_q)
    ]
    assert bool(bounds[0].low > bounds[1].high) is is_clear
    assert verdict.is_clear is is_clear
    assert verdict.word == ("duidelijk verschil" if is_clear else "geen duidelijk verschil")
    assert (verdict.first, verdict.second) == ("P", "Q")


def test_one_candidate_or_nobody_in_front_has_no_verdict() -> None:
    weights = weightings((1, 1), keys="ab")
    assert judge_first(first_places(VALUES.iloc[:1], weights)) is None
    assert judge_first(first_places(VALUES, weights)) is None


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        (VALUES, weightings((1, 1, 1))),
        (VALUES, weightings((0, 0), keys="ab")),
        (VALUES.mask(VALUES == 0.5), weightings((1, 1), keys="ab")),
        (pd.concat([VALUES, VALUES]), weightings((1, 1), keys="ab")),
    ],
    ids=["other criteria", "no weight", "unknown value", "twice"],
)
def test_what_can_t_be_counted_is_refused(values: pd.DataFrame, weights: pd.DataFrame) -> None:
    with pytest.raises(InputError):
        first_places(values, weights)


@pytest.mark.parametrize(("heavier", "lighter"), [(8, 2), (9, 1), (12, 8), (30, 14), (3, 0)])
def test_the_heaviest_subject_is_told_apart_by_a_sign_test(heavier: int, lighter: int) -> None:
    shares = weightings(*([(60, 40)] * heavier + [(40, 60)] * lighter + [(50, 50)] * 3), keys="ab")
    verdict = judge_heaviest(shares)
    bounds = binomtest(heavier, heavier + lighter).proportion_ci(method="wilson")
    assert verdict is not None
    assert verdict.is_clear is bool(bounds.low > 0.5)
    assert verdict.first == "a"


# Wijken


@pytest.mark.parametrize(
    ("counts", "other", "shown", "apart"),
    [
        ({"A": 12, "B": 7, "C": 3}, 4, {"A", "B"}, {"A"}),
        # Told apart, A would betray the one who is left over.
        ({"A": 12, "B": 1}, 0, set(), set()),
        ({"A": 12}, 0, {"A"}, {"A"}),
        ({"A": 20, "B": 11, "C": 2}, 1, {"A"}, {"A"}),
        ({}, 9, set(), set()),
    ],
)
def test_no_small_group_is_told_or_left_over(
    counts: Mapping[str, int], other: int, shown: set[str], apart: set[str]
) -> None:
    assert set(told_counts(counts, other)) == shown
    assert set(told_apart(counts, other)) == apart


# The examples of the method pages


def facts(count: int) -> ImportanceFacts:
    subjects = (SUBJECTS["verdeling"], SUBJECTS["kosten"])
    rows = [(3, 1)] * (count - 2) + [(1, 3)] * 2
    shares = to_shares(pd.DataFrame(rows, columns=[subject.key for subject in subjects]))
    values = pd.DataFrame({"verdeling": [1.0, 0.0], "kosten": [0.0, 1.0]}, index=[1, 2])
    names = pd.Series({1: "Aan de gracht", 2: "Bij de tuin"})
    return ImportanceFacts(subjects, shares, first_places(values, shares), names)


def test_the_examples_tell_the_numbers_of_a_conversation() -> None:
    of_subjects = importance.MEASURE.example(facts(12), Wording(), "{:.0f}".format)
    assert of_subjects == (
        "12 mensen stuurden hun afweging mee. Bij de helft van hen telt verdeling over gemeenten "
        "voor 75 van de 100 of meer. De middelste helft zit tussen 75 en 75."
    )
    told = first.MEASURE.example(facts(12), Wording(), "{:.0f}".format)
    assert told == (
        "Van 12 afwegingen staat alleen vooraan: Aan de gracht bij 10 (55 tot 95 van de 100) en "
        "Bij de tuin bij 2 (5 tot 45 van de 100). Tussen de eerste en de tweede: duidelijk "
        "verschil."
    )


def test_too_few_give_no_example() -> None:
    for measure in (importance.MEASURE, first.MEASURE):
        assert measure.example(facts(9), Wording(), "{:.0f}".format) is None
