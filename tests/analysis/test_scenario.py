"""Applying a scenario to sites, checked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scenario import ITEM_KINDS, ScenarioFaults, ScenarioItem, apply_scenario, check_items


def sites() -> pd.DataFrame:
    """A is in use with 8 places, B a plan for 6, C in use with an unknown number, D closed."""
    return pd.DataFrame(
        {
            "name": ["A", "B", "C", "D"],
            "type": "respijt",
            "capacity_count": pd.array([8, 6, None, 0], dtype="Int64"),
            "counts": [True, False, True, False],
            "x_m": [100.0, 200.0, 300.0, 400.0],
            "y_m": [10.0, 20.0, 30.0, 40.0],
            "gemeente_code": ["GM1", "GM1", "GM2", "GM2"],
        },
        index=pd.Index([1, 2, 3, 4], name="site"),
    )


def new(key: int = 9, **more: object) -> ScenarioItem:
    given: dict[str, object] = {"name": "N", "type": "respijt", "place_count": 5}
    return ScenarioItem(key, "new", **{**given, "x_m": 1.0, "y_m": 2.0, **more})  # type: ignore[arg-type]


def counted(frame: pd.DataFrame) -> dict[Any, Any]:
    return dict(frame.loc[frame["counts"], "capacity_count"].items())


def test_nothing_changes_without_items() -> None:
    altered = apply_scenario(sites(), [])
    pd.testing.assert_frame_equal(altered.sites, sites())
    assert not altered.effects
    assert not altered.faults


def test_a_site_that_is_off_does_not_count() -> None:
    altered = apply_scenario(sites(), [ScenarioItem(1, "off", 1)])
    assert counted(altered.sites) == {3: pd.NA}
    (effect,) = altered.effects
    assert (effect.before_count, effect.after_count, effect.is_idle) == (8, 0, False)


def test_a_site_that_is_on_counts_with_its_own_places_or_those_that_are_given() -> None:
    own = apply_scenario(sites(), [ScenarioItem(1, "on", 2)])
    assert counted(own.sites)[2] == 6
    asked = apply_scenario(sites(), [ScenarioItem(1, "on", 2, place_count=11)])
    assert counted(asked.sites)[2] == 11
    assert asked.effects[0].before_count == 0
    assert asked.effects[0].after_count == 11


def test_a_closed_site_that_is_on_again_has_an_unknown_number_of_places() -> None:
    altered = apply_scenario(sites(), [ScenarioItem(1, "on", 4)])
    assert pd.isna(counted(altered.sites)[4])
    assert [fault.text for fault in altered.faults] == ["Van D is het aantal plekken niet bekend."]


def test_a_site_that_moves_counts_as_it_did_elsewhere() -> None:
    altered = apply_scenario(
        sites(),
        [
            ScenarioItem(1, "moved", 1, x_m=900.0, y_m=90.0),
            ScenarioItem(2, "moved", 2, x_m=901.0, y_m=91.0),
        ],
    )
    assert altered.sites.loc[[1], ["x_m", "y_m"]].to_numpy().tolist() == [[900.0, 90.0]]
    assert counted(altered.sites)[1] == 8
    assert 2 not in counted(altered.sites)
    assert [effect.is_idle for effect in altered.effects] == [False, True]


def test_a_new_place_counts_and_knows_no_more_than_it_was_given() -> None:
    altered = apply_scenario(sites(), [new()])
    row = altered.sites.loc[["nieuw-9"]].to_dict("records")[0]
    assert (row["name"], row["type"], row["capacity_count"]) == ("N", "respijt", 5)
    assert pd.isna(row["gemeente_code"])
    assert counted(altered.sites)["nieuw-9"] == 5


def test_the_sites_that_were_handed_in_stay_as_they_were() -> None:
    before = sites()
    apply_scenario(before, [ScenarioItem(1, "off", 1), new()])
    pd.testing.assert_frame_equal(before, sites())


def test_turning_on_what_counts_already_is_idle_and_so_is_turning_off_what_does_not() -> None:
    items = [ScenarioItem(1, "on", 1), ScenarioItem(2, "off", 2), ScenarioItem(3, "off", 4)]
    assert [effect.is_idle for effect in apply_scenario(sites(), items).effects] == [True] * 3
    more = apply_scenario(sites(), [ScenarioItem(1, "on", 1, place_count=9)])
    assert not more.effects[0].is_idle


def test_every_fault_is_named_at_once() -> None:
    items = [
        ScenarioItem(1, "on", 1),
        ScenarioItem(2, "off", 1),
        ScenarioItem(3, "off", 2),
        ScenarioItem(4, "off", 2),
        ScenarioItem(5, "moved", 3),
        ScenarioItem(6, "off", 3),
        ScenarioItem(7, "off", 77, name="Weg"),
        new(8, type="kasteel", place_count=0),
        ScenarioItem(9, "gone", 4),
    ]
    with pytest.raises(ScenarioFaults) as raised:
        apply_scenario(sites(), items)
    assert [(fault.items, fault.text) for fault in raised.value.faults] == [
        ((1, 2), "A staat zowel aan als uit. Kies één van de twee."),
        ((3, 4), "B staat er 2 keer in. Eén keer is genoeg."),
        ((5, 6), "C staat er in met ‘verplaatst’ en ‘uit’. Kies één van de twee."),
        ((5,), "C: er is geen plek op de kaart gekozen."),
        ((7,), "Weg: deze locatie is er niet, of u mag haar niet zien."),
        ((8,), "N: er is geen soort plek gekozen."),
        ((8,), "N: het aantal plekken is 1 of meer."),
        ((9,), "D: 'gone' kennen wij niet."),
    ]


def test_an_unknown_number_of_places_does_not_block_and_is_told() -> None:
    items = [ScenarioItem(1, "off", 3), new(2, place_count=None), ScenarioItem(3, "on", 2)]
    found = check_items(sites(), items)
    assert [(fault.items, fault.blocks) for fault in found] == [((1,), False), ((2,), False)]
    assert len(apply_scenario(sites(), items).faults) == 2


@given(
    st.lists(
        st.tuples(st.sampled_from(["on", "off", "moved"]), st.integers(1, 4)),
        unique_by=lambda pair: pair[1],
    ),
    st.integers(0, 3),
)
def test_the_sum_of_the_effects_is_what_the_total_changes_by(
    pairs: list[tuple[str, int]], new_count: int
) -> None:
    known = sites()
    known["capacity_count"] = pd.array([8, 6, 3, 2], dtype="Int64")
    items = [
        ScenarioItem(number, kind, site, x_m=1.0, y_m=1.0)
        for number, (kind, site) in enumerate(pairs)
    ]
    items += [new(100 + number) for number in range(new_count)]
    altered = apply_scenario(known, items)
    before = known.loc[known["counts"], "capacity_count"].sum()
    after = altered.sites.loc[altered.sites["counts"], "capacity_count"].sum()
    steps = sum(
        (effect.after_count or 0) - (effect.before_count or 0) for effect in altered.effects
    )
    assert after - before == steps


def test_every_kind_says_what_it_needs() -> None:
    assert {entry.key: (entry.has_site, entry.has_place) for entry in ITEM_KINDS} == {
        "on": (True, False),
        "off": (True, False),
        "moved": (True, True),
        "new": (False, True),
    }
