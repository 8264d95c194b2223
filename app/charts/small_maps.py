"""The same map many times, once for each date, in the tones of the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.spreading.verdict import VERDICTS
from app.charts.chart import WIDTH, Chart
from app.charts.verdict_map import LEGEND

COLUMN_COUNT = 3
_GAP_PX, _EDGE_PX, _HEAD_PX, _LEGEND_PX = 18.0, 8.0, 44.0, 26.0


@dataclass(frozen=True)
class SmallMap:
    """One date: what stands above its map, and the verdict of every area by code."""

    title: str
    subtitle: str
    verdicts: Mapping[str, str]


@dataclass(frozen=True)
class Panel:
    """One map in the drawing; ``areas`` are pairs of the place of an outline and a verdict."""

    x: float
    y: float
    title: str
    subtitle: str
    areas: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Swatch:
    """A verdict in the legend with its words."""

    x: float
    y: float
    verdict: str
    label: str


@dataclass(frozen=True)
class MapShapes:
    """The outlines, once; the maps that use them, made smaller by ``scale``; and the legend."""

    key: str
    outlines: tuple[str, ...]
    panels: tuple[Panel, ...]
    swatches: tuple[Swatch, ...]
    scale: float
    head: float = _HEAD_PX


def small_maps(
    key: str,
    title: str,
    says: str,
    maps: Sequence[SmallMap],
    outlines: Mapping[str, str],
    size: tuple[float, float],
) -> Chart | None:
    """A map for each date, in rows of three; None without a map or an outline.

    ``outlines`` are SVG paths by area code, drawn in a field of ``size`` (width, height).
    """
    if not maps or not outlines:
        return None
    width = (WIDTH - 2 * _EDGE_PX - (COLUMN_COUNT - 1) * _GAP_PX) / COLUMN_COUNT
    scale = width / size[0]
    height = _HEAD_PX + scale * size[1] + _GAP_PX
    places = {code: place for place, code in enumerate(outlines)}
    panels = tuple(
        Panel(
            round(_EDGE_PX + (number % COLUMN_COUNT) * (width + _GAP_PX), 2),
            round(number // COLUMN_COUNT * height, 2),
            entry.title,
            entry.subtitle,
            tuple(
                (places[code], verdict)
                for code, verdict in entry.verdicts.items()
                if code in places
            ),
        )
        for number, entry in enumerate(maps)
    )
    top = height * -(-len(maps) // COLUMN_COUNT)
    swatches = _legend(top)
    shapes = MapShapes(key, tuple(outlines.values()), panels, swatches, round(scale, 5))
    return Chart(key, title, says, "small_maps.svg", shapes, top + 2 * _LEGEND_PX + 8)


def _legend(top: float) -> tuple[Swatch, ...]:
    return tuple(
        Swatch(
            _EDGE_PX + number % 2 * WIDTH / 2,
            top + number // 2 * _LEGEND_PX,
            verdict,
            VERDICTS[verdict].label,
        )
        for number, verdict in enumerate(LEGEND)
    )
