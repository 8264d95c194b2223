"""The colours of the map: light to dark, in grey and to every eye, and the same in files."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.charts.styles import STYLES

SHEET = Path(__file__).parents[2] / "static" / "css" / "map-classes.css"
MODES = ("light", "dark", "print")
VERDICTS = ("onder", "gelijk", "boven")
#: The least difference in lightness (L* of CIELAB, 0 to 100) that is seen at once in grey.
LEAST_LIGHTNESS = 15.0
#: The least difference in colour (CIELAB) that is seen at once between areas that lie apart.
LEAST_COLOUR = 20.0
#: What an eye makes of linear RGB: as most do, and without red, green or blue cones.
#: Machado, Oliveira and Fernandes (2009), severity 1.
EYES = {
    "most": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
#: Linear sRGB to XYZ, and the white of D65 (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def tokens() -> dict[str, dict[str, str]]:
    """The colours of the map by mode and name, as the style sheet has them."""
    text = SHEET.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", text)
    found = [dict(re.findall(r"--map-([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    return dict(zip(MODES, found, strict=True))


def seen(colour: str, eye: str = "most") -> np.ndarray:
    """The colour in CIELAB as this eye sees it."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / WHITE
    bent = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def test_white_and_black_are_the_ends_of_lightness() -> None:
    assert seen("#ffffff") == pytest.approx([100, 0, 0], abs=0.1)
    assert seen("#000000") == pytest.approx([0, 0, 0], abs=0.1)
    # Red by the published values of CIELAB under D65.
    assert seen("#ff0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.1)


@pytest.mark.parametrize("mode", MODES)
def test_verdicts_run_in_clear_steps_of_lightness_so_they_read_in_grey(mode: str) -> None:
    lightness = [seen(tokens()[mode][name])[0] for name in VERDICTS]
    steps = np.diff(lightness) * (1 if mode == "dark" else -1)
    assert steps.min() >= LEAST_LIGHTNESS


@pytest.mark.parametrize("mode", MODES)
def test_the_steps_of_a_figure_run_one_way(mode: str) -> None:
    lightness = [seen(tokens()[mode][f"k{number}"])[0] for number in range(1, 6)]
    assert lightness == sorted(lightness, reverse=mode != "dark")
    assert min(abs(high - low) for low, high in pairwise(lightness)) >= 5


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("mode", MODES)
def test_every_eye_sees_the_verdicts_apart(mode: str, eye: str) -> None:
    colours = [seen(tokens()[mode][name], eye) for name in VERDICTS]
    for one, other in pairwise(colours):
        assert np.linalg.norm(one - other) >= LEAST_COLOUR


@pytest.mark.parametrize("mode", MODES)
def test_no_verdict_is_told_in_the_red_of_alarm(mode: str) -> None:
    for name in VERDICTS:
        _, red, yellow = seen(tokens()[mode][name])
        assert red < 10 or yellow > 3 * red


def test_files_have_the_colours_of_the_page() -> None:
    light = tokens()["light"]
    names = {
        "onder_aandeel": "onder",
        "geen_duidelijk_verschil": "gelijk",
        "boven_aandeel": "boven",
        **{f"k{number}": f"k{number}" for number in range(1, 6)},
    }
    assert {part: STYLES[part]["fill"] for part in names} == {
        part: light[name] for part, name in names.items()
    }
