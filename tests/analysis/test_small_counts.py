"""No small count can be told from what is published, whatever is added up and taken off."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.errors import InputError
from analysis.small_counts import (
    PROTECTION,
    CountTree,
    count_tree,
    hide_small_counts,
    is_small,
    possible_ranges,
    sum_faults,
)

Case = tuple[dict[str, int], dict[str, str]]
#: A whole with three parts.
FLAT = {"w1": "g", "w2": "g", "w3": "g"}
DEEP = {**FLAT, "b1": "w1", "b2": "w1", "b3": "w2", "b4": "w2"}
#: More than this no count of a case goes; the attack needs an end.
AMPLE = 10_000


def hidden_of(case: Case, before: tuple[str, ...] = ()) -> set[str]:
    return {code for code, is_hidden in hide_small_counts(*case, before).items() if is_hidden}


def sealed(tree: CountTree, hidden: set[str]) -> set[str]:
    """The hidden counts, and what is left for areas without a count: never published either."""
    return hidden | {code for code in tree.order if tree.is_remainder(code) and tree.counts[code]}


def attack(tree: CountTree, hidden: set[str]) -> dict[str, tuple[float, float]]:
    """The least and most of each small count by linear programming, from what is published."""
    at = {code: number for number, code in enumerate(tree.order)}
    equal, right = [], []
    for code, parts in tree.parts.items():
        row = np.zeros(len(at))
        row[at[code]] = -1
        row[[at[part] for part in parts]] = 1
        equal.append(row)
        right.append(0.0)
    unseen = sealed(tree, hidden)
    bounds = [(1, AMPLE) if code in unseen else (tree.counts[code],) * 2 for code in tree.order]
    sums = {"A_eq": np.array(equal), "b_eq": right} if equal else {}
    found = {}
    for code in tree.order:
        if is_small(tree.counts[code]):
            aim = np.zeros(len(at))
            aim[at[code]] = 1
            low = linprog(aim, bounds=bounds, method="highs", **sums)
            high = linprog(-aim, bounds=bounds, method="highs", **sums)
            assert low.status == 0
            assert high.status == 0
            found[code] = (low.fun, -high.fun)
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A region of gemeenten, wijken and buurten, of which some have no count."""
    count = st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 1, 1, 9, 10, 11, 60]))
    counts, parents = {"r": 0}, {}
    for gemeente in range(draw(st.integers(1, 4))):
        g = f"g{gemeente}"
        counts[g], parents[g] = 0, "r"
        for wijk in range(draw(st.integers(0, 3))):
            w = f"w{gemeente}{wijk}"
            counts[w], parents[w] = 0, g
            for buurt in range(draw(st.integers(0, 3))):
                b = f"b{gemeente}{wijk}{buurt}"
                counts[b], parents[b] = draw(count), w
    leaves = [code for code in counts if code not in parents.values()]
    for leaf in leaves:
        counts[leaf] = draw(count)
        above = leaf
        while above in parents:
            above = parents[above]
            counts[above] += counts[leaf]
    left_out = draw(st.sets(st.sampled_from(sorted(counts)), max_size=3))
    return {code: n for code, n in counts.items() if code not in left_out}, parents


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_small_count_can_be_computed_or_cornered(case: Case) -> None:
    hidden, tree = hidden_of(case), count_tree(*case)
    for code, (low, high) in attack(tree, hidden).items():
        assert high - low >= PROTECTION - 1e-6, code
        assert low - 1e-6 <= tree.counts[code] <= high + 1e-6


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_ranges_are_those_of_the_attack(case: Case) -> None:
    hidden, tree = hidden_of(case), count_tree(*case)
    ranges = possible_ranges(tree, sealed(tree, hidden))
    for code, (low, high) in attack(tree, hidden).items():
        assert ranges[code][0] == pytest.approx(low)
        if high < AMPLE / 2:
            assert ranges[code][1] == pytest.approx(high)
        else:
            assert ranges[code][1] == math.inf


@settings(max_examples=40, deadline=None)
@given(cases())
def test_what_must_be_hidden_is_and_zero_is_not(case: Case) -> None:
    counts, _ = case
    hidden = hidden_of(case)
    assert {code for code, count in counts.items() if is_small(count)} <= hidden
    assert not any(counts[code] == 0 for code in hidden)
    assert hidden_of(case) == hidden
    assert hidden_of((dict(reversed(counts.items())), case[1])) == hidden


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_count_is_hidden_without_need(case: Case) -> None:
    hidden, tree = hidden_of(case), count_tree(*case)
    for code in hidden:
        if not is_small(tree.counts[code]):
            told = attack(tree, hidden - {code}).values()
            assert any(high - low < PROTECTION - 1e-6 for low, high in told), code


def possible_by_hand(case: Case, hidden: set[str], most: int) -> dict[str, set[int]]:
    """Every count that each small area can have, by trying all of them."""
    tree = count_tree(*case)
    unseen = sorted(sealed(tree, hidden))
    found: dict[str, set[int]] = {code: set() for code in tree.order if is_small(tree.counts[code])}
    for values in itertools.product(range(1, most + 1), repeat=len(unseen)):
        tried = dict(tree.counts) | dict(zip(unseen, values, strict=True))
        sums = (tried[code] == sum(tried[p] for p in parts) for code, parts in tree.parts.items())
        if all(sums):
            for code in found:
                found[code].add(tried[code])
    return found


@pytest.mark.parametrize(
    "case",
    [
        ({"g": 13, "w1": 3, "w2": 10, "w3": 0}, FLAT),
        ({"g": 24, "w1": 1, "w2": 1, "w3": 22}, FLAT),
        ({"g": 2, "w1": 1, "w2": 1, "w3": 0}, FLAT),
        ({"g": 14, "w1": 4, "w2": 10}, FLAT),
        ({"g": 16, "w1": 9, "w3": 4}, FLAT),
        ({"g": 34, "w1": 12, "w2": 22, "w3": 0, "b1": 2, "b2": 10, "b3": 0, "b4": 22}, DEEP),
        ({"g": 14, "w1": 4, "w2": 10, "w3": 0, "b1": 4, "b2": 0}, DEEP),
    ],
)
def test_trying_every_count_leaves_ten_for_each_small_one(case: Case) -> None:
    found = possible_by_hand(case, hidden_of(case), most=16)
    assert found
    for code, values in found.items():
        assert len(values) >= PROTECTION + 1, (code, values)
        assert max(values) >= 10, code


def test_two_hidden_parts_of_two_would_both_be_one_so_a_third_is_hidden() -> None:
    counts = {"g": 24, "w1": 1, "w2": 1, "w3": 22}
    tree = count_tree(counts, FLAT)
    assert possible_ranges(tree, {"w1", "w2"})["w1"] == (1, 1)
    assert hidden_of((counts, FLAT)) == {"w1", "w2", "w3"}


def test_the_smallest_count_that_helps_is_hidden_with_it() -> None:
    assert hidden_of(({"g": 63, "w1": 3, "w2": 20, "w3": 40}, FLAT)) == {"w1", "w2"}


def test_a_whole_is_hidden_when_no_part_can_help() -> None:
    assert hidden_of(({"g": 2, "w1": 1, "w2": 1, "w3": 0}, FLAT)) == {"g", "w1", "w2"}
    both = {"r": 41, "g": 3, "h": 38, "w1": 3, "w2": 0, "w3": 0}
    assert hidden_of((both, {**FLAT, "g": "r", "h": "r"})) == {"g", "h", "w1"}


def test_counts_of_ten_and_more_are_all_published() -> None:
    assert hidden_of(({"g": 40, "w1": 10, "w2": 30, "w3": 0}, FLAT)) == set()


def test_what_is_left_for_areas_without_a_count_is_protected_too() -> None:
    # 24 - 20 leaves 4 for w2 and w3 together: a small number of homes as well.
    assert hidden_of(({"g": 24, "w1": 20}, FLAT)) == {"w1"}
    assert hidden_of(({"g": 44, "w1": 20}, FLAT)) == set()
    assert hidden_of(({"g": 20, "w1": 20}, FLAT)) == set()


def test_an_area_without_a_count_is_looked_through() -> None:
    case = ({"g": 25, "b1": 3, "b2": 12, "b3": 10, "b4": 0, "w3": 0}, DEEP)
    assert "b1" in hidden_of(case)
    assert len(hidden_of(case)) == 2


def test_a_later_delivery_about_the_same_year_publishes_nothing_that_was_hidden() -> None:
    first = ({"g": 63, "w1": 3, "w2": 20, "w3": 40}, FLAT)
    later = ({"g": 64, "w1": 3, "w2": 20, "w3": 41}, FLAT)
    assert hidden_of(later, before=("w3",)) >= {"w1", "w3"}
    assert hidden_of(first, before=tuple(hidden_of(first))) == hidden_of(first)
    assert "w2" not in hidden_of(({"g": 40, "w1": 0, "w2": 0, "w3": 40}, FLAT), before=("w2",))


def test_sums_that_do_not_fit_are_named() -> None:
    assert sum_faults({"g": 5, "w1": 3, "w2": 1, "w3": 0}, FLAT) == {"g": 4}
    assert sum_faults({"g": 3, "w1": 4}, FLAT) == {"g": 4}
    assert sum_faults({"w1": 4, "b1": 3, "b2": 0}, DEEP) == {"w1": 3}
    assert sum_faults({"g": 5, "w1": 4}, FLAT) == {}
    assert sum_faults({"g": 5}, FLAT) == {}
    with pytest.raises(InputError, match="g are 4 together"):
        hide_small_counts({"g": 3, "w1": 4}, FLAT)
    with pytest.raises(InputError, match="negative"):
        hide_small_counts({"g": -3}, FLAT)
