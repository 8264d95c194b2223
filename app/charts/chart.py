"""One chart: its shapes, what it says in words, and the file that it can be taken along in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template

from app.services.lists import SourceLine

#: The width of every drawing in its own units. On a telephone a unit is about three quarters of
#: a pixel, on a wide page somewhat more than one: letters stay readable in both.
WIDTH = 480.0
_TITLE_LETTERS, _SOURCE_LETTERS = 52, 84
_TITLE_LINE_PX, _SOURCE_LINE_PX = 23.0, 16.0


@dataclass(frozen=True)
class Chart:
    """A drawing of ``width`` by ``height`` units, drawn by ``templates/charts/<template>``.

    ``key`` is its place on the page and its name in addresses and files, ``title`` what it is
    about, and ``says`` what can be seen on it, in one or two sentences that do without it.
    """

    key: str
    title: str
    says: str
    template: str
    shapes: Any
    height: float
    width: float = WIDTH


def svg_file(chart: Chart, about: Iterable[str]) -> str:
    """The chart as an SVG document of its own: with title, and under it what it rests on.

    ``about`` are the lines under the drawing: the question, the sources with their year, and
    where the method is explained.
    """
    title = textwrap.wrap(chart.title, _TITLE_LETTERS)
    below = [line for text in about for line in textwrap.wrap(text, _SOURCE_LETTERS)]
    top = 16 + _TITLE_LINE_PX * len(title)
    return render_template(
        "charts/file.svg",
        chart=chart,
        title=[(16 + _TITLE_LINE_PX * (row + 0.6), line) for row, line in enumerate(title)],
        top=top,
        below=[
            (top + chart.height + _SOURCE_LINE_PX * (row + 1.4), line)
            for row, line in enumerate(below)
        ],
        height=top + chart.height + _SOURCE_LINE_PX * (len(below) + 1.5),
    )


def svg_answer(chart: Chart, about: Iterable[str]) -> Response:
    """The file as an attachment with a telling name."""
    made = Response(svg_file(chart, about), mimetype="image/svg+xml")
    made.headers["Content-Disposition"] = f"attachment; filename=vlekkenplan-{chart.key}.svg"
    return made


def source_texts(lines: Iterable[SourceLine]) -> tuple[str, ...]:
    """Where the numbers come from, a text for each release."""
    told: dict[str, None] = {}
    for line in lines:
        release = line.release
        example = " Voorbeeldgegevens." if release.is_example else ""
        told[f"Bron: {release.attribution}, {release.title} {release.year}.{example}"] = None
    return tuple(told)
