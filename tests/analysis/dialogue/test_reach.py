"""What is shown of where contributions come from, and that nothing small can be worked out."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from analysis.dialogue.reach import FEWEST_SHOWN, hide_few

CODES = ("WK1", "WK2", "WK3")


def test_few_of_a_wijk_are_not_shown_and_take_the_smallest_with_them() -> None:
    assert hide_few({"WK1": 12, "WK2": 3, "WK3": 7, None: 0}).shown == {"WK1": 12}
    assert hide_few({"WK1": 12, "WK2": 3, "WK3": 7}).rest == 10
    assert hide_few({"WK1": 12, "WK2": 3, None: 2}) == hide_few({"WK1": 12, "WK2": 4, None: 1})
    assert hide_few({"WK1": 12, "WK3": 7}).rest == 0
    assert hide_few({"WK1": 2}).rest == 2
    assert hide_few({}).rest == 0


def test_no_small_count_can_be_worked_out_from_what_is_shown() -> None:
    """All worlds of three wijken with up to 7 each: what is published fits several counts.

    Up to 20 did not say where; a larger rest does not fit in these worlds, and is left out.
    """
    worlds = defaultdict(list)
    for counts in product(range(8), range(8), range(8), range(21)):
        found = hide_few(dict(zip((*CODES, None), counts, strict=True)))
        worlds[tuple(found.shown.items()), found.rest].append(counts)
    for (_, rest), possible in worlds.items():
        if not 0 < rest <= 20:
            continue
        for place in range(3):
            values = {counts[place] for counts in possible}
            is_small = any(0 < value < FEWEST_SHOWN for value in values)
            assert not is_small or len(values) > 1


@given(st.dictionaries(st.sampled_from([*CODES, "WK4", None]), st.integers(0, 40)))
def test_nothing_is_lost_and_nothing_small_is_shown(counts: dict[str | None, int]) -> None:
    found = hide_few(counts)
    assert sum(found.shown.values()) + found.rest == sum(counts.values())
    assert all(counts[code] == count >= FEWEST_SHOWN for code, count in found.shown.items())
    assert not 0 < found.rest < FEWEST_SHOWN or not found.shown
