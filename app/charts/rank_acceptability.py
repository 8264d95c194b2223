"""How often each candidate came at each place over many weightings, as bars of 100."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.comparing.order import SettingsOrder
from analysis.comparing.robustness import RankAcceptability
from app.charts.chart import WIDTH, Chart
from app.charts.scales import Scale
from app.numbers import to_dutch

LEFT, RIGHT, TOP, ROW, BAR = 8.0, 420.0, 40.0, 52.0, 22.0
#: So many candidates are drawn; the table has them all.
MOST_ROWS = 10
#: From the first place on, dark to light; the last stands for all places after it.
SHADES = ("k5", "k4", "k3", "k2", "k1")
_MOST_LETTERS = 52


@dataclass(frozen=True)
class Piece:
    """A part of a bar, with the name of its shade."""

    x: float
    width: float
    shade: str


@dataclass(frozen=True)
class RankRow:
    """One candidate: its name above a bar of pieces, and how often it came first."""

    y: float
    name: str
    pieces: tuple[Piece, ...]
    first: str


@dataclass(frozen=True)
class RankShapes:
    """What is drawn; the legend is of pairs of a shade and a text, each at its x."""

    rows: tuple[RankRow, ...]
    bar: float
    left: float
    right: float
    legend: tuple[tuple[float, str, str], ...]


def rank_chart(key: str, found: RankAcceptability, name_of: Callable[[Any], str]) -> Chart | None:
    """The candidates that came first most often; None with fewer than two."""
    says = (
        f"Wij lootten {to_dutch(found.draw_count)} keer uit {found.label}. Hoe langer het "
        "donkere stuk, hoe vaker een kandidaat op de eerste plaats kwam."
    )
    return _drawn(key, f"Over {found.label}", says, found.shares, name_of)


def settings_chart(key: str, found: SettingsOrder, name_of: Callable[[Any], str]) -> Chart | None:
    """The same over other distances and areas; None with fewer than two."""
    count = to_dutch(len(found.known))
    says = (
        f"Wij rekenden het na met {count} instellingen: andere afstanden en andere gebieden. Hoe "
        "langer het donkere stuk, in hoe meer ervan een kandidaat op de eerste plaats staat."
    )
    return _drawn(key, f"Over {count} instellingen", says, found.shares, name_of)


def _drawn(
    key: str, over: str, says: str, shares: pd.DataFrame, name_of: Callable[[Any], str]
) -> Chart | None:
    if len(shares) < 2:
        return None
    by_place = pool_places(shares)
    drawn = by_place.sort_values(list(by_place.columns), ascending=False).head(MOST_ROWS)
    x = Scale(0.0, 1.0, LEFT, RIGHT)
    rows = tuple(
        _row(name_of(candidate), list(own), TOP + ROW * number, x)
        for number, (candidate, own) in enumerate(drawn.iterrows())
    )
    left_out = len(by_place) - len(drawn)
    rest = f" De andere {to_dutch(left_out)} staan in de tabel." if left_out else ""
    return Chart(
        key=key,
        title=f"Hoe vaak komt elke kandidaat op welke plaats? {over}",
        says=f"{says}{rest}",
        template="rank_acceptability.svg",
        shapes=RankShapes(rows, BAR, LEFT, RIGHT, _legend(by_place)),
        height=TOP + ROW * len(rows),
    )


def pool_places(shares: pd.DataFrame) -> pd.DataFrame:
    """The shares by place, the fifth place and those after it together."""
    most = len(SHADES)
    if shares.shape[1] <= most:
        return shares
    pooled = shares.iloc[:, : most - 1].copy()
    pooled[most] = shares.iloc[:, most - 1 :].sum(axis=1)
    return pooled


def place_label(place: int, place_count: int, candidate_count: int) -> str:
    """The name of a place: 1e, 2e ..., and ``5e of lager`` for those taken together."""
    is_pooled = place == place_count and candidate_count > place_count
    return f"{place}e of lager" if is_pooled else f"{place}e"


def _row(name: str, shares: list[float], y: float, x: Scale) -> RankRow:
    pieces, start = [], 0.0
    for share, shade in zip(shares, SHADES, strict=False):
        if share > 0:
            pieces.append(Piece(x.at(start), round(x.at(start + share) - x.at(start), 2), shade))
        start += share
    short = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
    return RankRow(y, short, tuple(pieces), f"{to_dutch(100 * shares[0])}%")


def _legend(by_place: pd.DataFrame) -> tuple[tuple[float, str, str], ...]:
    count = by_place.shape[1]
    step = min(96.0, (WIDTH - 2 * LEFT) / count)
    return tuple(
        (LEFT + step * number, SHADES[number], place_label(number + 1, count, len(by_place)))
        for number in range(count)
    )
