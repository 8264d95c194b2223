"""The drawing of charts: scales, parts that look the same everywhere, and files of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader

from app.charts.chart import Chart, svg_file
from app.charts.labels import LETTER_PX, LINE_PX, Label, Spot, place_labels
from app.charts.scales import Scale, from_zero, round_step
from app.charts.styles import STYLES, part

ROOT = Path(__file__).parents[2]


def test_a_scale_runs_from_one_end_to_the_other_and_not_beyond() -> None:
    upwards = Scale(0, 50, 200, 100)
    assert [upwards.at(value) for value in (0, 25, 50, 60, -9)] == [200, 150, 100, 100, 200]


@pytest.mark.parametrize(
    ("least", "step"), [(0.9, 1), (1, 1), (1.1, 2), (2.2, 2.5), (3, 5), (7, 10), (0.013, 0.02)]
)
def test_a_step_is_a_round_number(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@given(low=st.floats(-1e6, 1e6), size=st.floats(1e-3, 1e6), most=st.integers(2, 9))
def test_ticks_lie_on_the_scale_and_are_never_too_many(low: float, size: float, most: int) -> None:
    scale = Scale(low, low + size, 0, 100)
    ticks = scale.ticks(most)
    assert len(ticks) <= most
    slack = 1e-9 * max(abs(low), size)
    assert all(low - slack <= tick <= low + size + slack for tick in ticks)


@given(highest=st.floats(1e-6, 1e9))
def test_a_scale_from_zero_holds_the_highest_value(highest: float) -> None:
    scale = from_zero(highest, 0, 100)
    assert scale.low == 0
    assert scale.high >= highest * (1 - 1e-9)
    assert scale.ticks()[-1] == pytest.approx(scale.high)


def test_every_part_has_its_look_on_the_page_and_in_a_file() -> None:
    sheet = (ROOT / "static" / "css" / "charts.css").read_text(encoding="utf-8")
    on_page = set(re.findall(r"\.vp-chart__([a-z0-9_-]+)", sheet))
    assert set(STYLES) <= on_page
    used: set[str] = set()
    for template in (ROOT / "app" / "templates" / "charts").glob("*.svg"):
        for names in re.findall(r"part\(([^)]*)\)", template.read_text(encoding="utf-8")):
            used |= set(re.findall(r'"([a-z0-9_-]+)"', names))
    assert used <= set(STYLES)


def test_a_part_of_two_names_takes_the_last_look() -> None:
    assert str(part("text", "number")) == (
        'class="vp-chart__text vp-chart__number" fill="#47595f" font-size="14"'
    )


def test_a_file_holds_its_title_its_words_and_its_source(
    demo_site: tuple[Flask, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = demo_site[0]
    shapes = DictLoader({"charts/leeg.svg": '<rect {{ part("bar") }} width="{{ shapes }}"/>'})
    loader = ChoiceLoader([shapes, app.jinja_loader])  # type: ignore[list-item]
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    chart = Chart("leeg", "Een <titel> die lang is " * 4, "Wat het zegt.", "leeg.svg", 7, 90)
    with app.test_request_context():
        text = svg_file(chart, ["Bron: CBS, 2024.", "Uitleg: /methode"])
    drawing = ElementTree.fromstring(text)
    inside = " ".join(element.text or "" for element in drawing.iter())
    for wanted in ("Een <titel>", "Wat het zegt.", "Bron: CBS, 2024.", "Uitleg: /methode"):
        assert wanted in inside
    assert 'width="7"' in text
    assert "style=" not in text


def spots(count: int) -> st.SearchStrategy[list[Spot]]:
    place = st.tuples(st.floats(0, 480), st.floats(0, 300))
    return st.lists(place, max_size=count).map(
        lambda places: [Spot(x, y, f"Gemeente {n}") for n, (x, y) in enumerate(places)]
    )


@given(
    named=spots(8), nameless=st.lists(st.tuples(st.floats(0, 480), st.floats(0, 300)), max_size=12)
)
def test_no_name_lies_over_another_or_leaves_the_drawing(
    named: list[Spot], nameless: list[tuple[float, float]]
) -> None:
    labels = place_labels(named, nameless, 480, 300)
    boxes = [box_of(label) for label in labels]
    for number, box in enumerate(boxes):
        assert box.bounds[0] >= 0
        assert box.bounds[1] >= 0
        assert box.bounds[2] <= 480
        assert box.bounds[3] <= 300
        for other in boxes[:number]:
            assert box.intersection(other).area < 1e-9


def box_of(label: Label) -> Any:
    width = LETTER_PX * len(label.text)
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return shapely.box(left, label.y - LINE_PX + 3, left + width, label.y + 3)


def test_a_name_stands_to_the_right_of_its_dot_where_there_is_room() -> None:
    assert place_labels([Spot(100, 100, "Haarlem")], [], 480, 300) == [
        Label(109, 105, "start", "Haarlem")
    ]
    at_the_edge = place_labels([Spot(475, 100, "Haarlem")], [], 480, 300)
    assert [label.anchor for label in at_the_edge] == ["end"]
