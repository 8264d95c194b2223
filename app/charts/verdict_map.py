"""The verdict of every area on a small map of the region."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from analysis.method import Wording
from analysis.spreading.verdict import VERDICTS
from app.charts.chart import WIDTH, Chart
from app.charts.shapes import AreaShape, draw_areas
from app.numbers import to_dutch
from geo.frames import Level

#: The order of the legend: from less to more.
LEGEND = ("onder_aandeel", "geen_duidelijk_verschil", "boven_aandeel", "niet_te_berekenen")
_LEGEND_ROW = 24.0


@dataclass(frozen=True)
class VerdictMapShapes:
    """What is drawn: areas with their verdict, borders of gemeenten, names, and the legend."""

    areas: tuple[tuple[AreaShape, str], ...]
    borders: tuple[AreaShape, ...]
    legend: tuple[tuple[float, str, str], ...]


def verdict_map(
    connection: Connection,
    area_release_id: int,
    level: Level,
    verdicts: pd.Series,
    wording: Wording,
) -> Chart:
    """The map of ``verdicts`` (area code to key of ``VERDICTS``)."""
    drawing = draw_areas(connection, area_release_id, level, WIDTH)
    gemeenten = draw_areas(connection, area_release_id, "gemeente", WIDTH)
    counts = verdicts.value_counts()
    shown = [key for key in LEGEND if counts.get(key)]
    legend = tuple(
        (
            drawing.height + _LEGEND_ROW * (row + 0.9),
            key,
            f"{VERDICTS[key].label}: {_areas(int(counts[key]), wording)}",
        )
        for row, key in enumerate(shown)
    )
    return Chart(
        key="kaart",
        title=f"Plekken per {wording.area}, vergeleken met een gelijke verdeling",
        says="; ".join(text for _, _, text in legend).capitalize() + ".",
        template="verdict_map.svg",
        shapes=VerdictMapShapes(
            tuple((shape, verdicts[shape.code]) for shape in drawing.shapes),
            gemeenten.shapes,
            legend,
        ),
        height=drawing.height + _LEGEND_ROW * (len(shown) + 0.5),
    )


def _areas(count: int, wording: Wording) -> str:
    return f"{to_dutch(count)} {wording.area if count == 1 else wording.areas}"
