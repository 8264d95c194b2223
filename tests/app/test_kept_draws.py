"""Draws are kept by what goes into them, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest

from analysis.spreading.random_draws import draw_evenness
from app.services import kept_draws as service
from app.services.kept_draws import kept_draws

SITES = pd.Series([8, 5, 5, 3], ["WK1", "WK1", "WK2", "WK3"])
WEIGHTS = pd.Series([40.0, 10.0, 30.0], ["WK1", "WK2", "WK3"])
GROUPS = pd.Series(["GM1", "GM1", "GM2"], WEIGHTS.index)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Any, ...]]]:
    """The questions that were drawn, from an empty shelf on."""
    questions: list[tuple[Any, ...]] = []

    def note(*question: Any) -> pd.DataFrame:
        questions.append(question)
        return draw_evenness(*question)

    monkeypatch.setattr(service, "draw_evenness", note)
    service._shelf.clear()
    yield questions
    service._shelf.clear()


def test_the_same_question_is_drawn_once(made: list[tuple[Any, ...]]) -> None:
    first = kept_draws(SITES, WEIGHTS, GROUPS, 99, 1)
    again = kept_draws(SITES.copy(), WEIGHTS.copy(), GROUPS.copy(), 99, 1)
    assert len(made) == 1
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first, draw_evenness(SITES, WEIGHTS, GROUPS, 99, 1))


@pytest.mark.parametrize(
    "other",
    [
        (SITES + 1, WEIGHTS, GROUPS, 99, 1),
        (SITES, WEIGHTS * 2, GROUPS, 99, 1),
        (SITES, WEIGHTS.rename({"WK1": "WK9"}), GROUPS.rename({"WK1": "WK9"}), 99, 1),
        (SITES, WEIGHTS, GROUPS.replace("GM2", "GM1"), 99, 1),
        (SITES, WEIGHTS, None, 99, 1),
        (SITES, WEIGHTS, GROUPS, 98, 1),
        (SITES, WEIGHTS, GROUPS, 99, 2),
    ],
)
def test_anything_else_is_drawn_anew(made: list[tuple[Any, ...]], other: tuple[Any, ...]) -> None:
    kept_draws(SITES, WEIGHTS, GROUPS, 99, 1)
    pd.testing.assert_frame_equal(kept_draws(*other), draw_evenness(*other))
    assert len(made) == 2


def test_who_changes_its_draws_changes_those_of_nobody_else(made: list[tuple[Any, ...]]) -> None:
    first = kept_draws(SITES, WEIGHTS, GROUPS, 99, 1)
    first.loc[:, "gini"] = 0.0
    again = kept_draws(SITES, WEIGHTS, GROUPS, 99, 1)
    assert len(made) == 1
    assert (again["gini"] > 0).any()


def test_no_more_than_a_few_are_kept_and_the_oldest_go_first(made: list[tuple[Any, ...]]) -> None:
    for seed in range(service._MOST_KEPT + 5):
        kept_draws(SITES, WEIGHTS, GROUPS, 3, seed)
        kept_draws(SITES, WEIGHTS, GROUPS, 3, 0)
    assert len(service._shelf) == service._MOST_KEPT
    assert [question[-1] for question in made].count(0) == 1
    kept_draws(SITES, WEIGHTS, GROUPS, 3, 1)
    assert [question[-1] for question in made].count(1) == 2


def test_many_who_ask_at_once_get_the_same(made: list[tuple[Any, ...]]) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(kept_draws, SITES, WEIGHTS, GROUPS, 99, seed % 3) for seed in range(48)
        ]
        found = [future.result() for future in asked]
    for seed, drawn in enumerate(found):
        pd.testing.assert_frame_equal(drawn, draw_evenness(SITES, WEIGHTS, GROUPS, 99, seed % 3))
    assert len(service._shelf) == 3
