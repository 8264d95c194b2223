"""Local Moran: which areas are clearly like their neighbours, and which clearly are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from analysis import method
from analysis.registry import Registry
from analysis.spreading.counts import Floats
from analysis.spreading.outcome import SEED

if TYPE_CHECKING:
    from analysis.spreading.clustering import Clustering

Rows = npt.NDArray[np.intp]
#: More draws than for a band: to find one area in a hundred, chances below 5 in 10,000 must be
#: told apart.
LOCAL_DRAW_COUNT = 9_999
#: Of the areas that are pointed out, at most this share is expected to be there by chance.
FALSE_SHARE = 0.05

#: The letters that both indices share.
DEVIATIONS = (
    ("z_a", "hoeveel wijk a afwijkt van het gemiddelde van alle wijken"),
    ("z_b", "hetzelfde voor een wijk b die aan wijk a grenst"),
    ("m_a", "het gemiddelde van de wijken die aan wijk a grenzen"),
    ("k_a", "het aantal wijken dat aan wijk a grenst"),
    (
        "e_a",
        "plekken per inwoner min het gemiddelde van de regio, gedeeld door wat in een wijk "
        "van die grootte gewoon is",
    ),
    ("ē", "het gemiddelde van e_a over alle wijken"),
)


@dataclass(frozen=True)
class LocalKey:
    """How an area relates to its neighbours; the label is Dutch, for every reader."""

    key: str
    label: str


LOCAL_KEYS = Registry(
    "local pattern",
    (
        LocalKey("hoog_bij_hoog", "veel plekken, en de buren ook"),
        LocalKey("laag_bij_laag", "weinig plekken, en de buren ook"),
        LocalKey("hoog_bij_laag", "veel plekken, de buren weinig"),
        LocalKey("laag_bij_hoog", "weinig plekken, de buren veel"),
        LocalKey("geen_duidelijk_verschil", "geen duidelijk verschil"),
    ),
)


def local_moran(values: Floats, weights: csr_array) -> Floats:
    """Local Moran of each area, shape (areas,), from values (areas,) and row weights.

    I_a = (n - 1) z_a m_a / Σ z_a², z_a = e_a - ē, m_a = Σ z_b / k_a

    with n the number of areas; the other letters as in ``moran_i``. Without unit: above 0 the
    area and its neighbours deviate to the same side, below 0 to different sides. NaN when all
    values are equal.

    Source: Anselin (1995), Geographical Analysis 27, 93-115.
    """
    z = values - values.mean()
    squares = float(z @ z)
    if not squares > 0:
        return np.full(len(z), np.nan)
    return np.asarray((len(z) - 1) * z * (weights @ z) / squares, dtype=np.float64)


def local_p_values(
    values: Floats, weights: csr_array, seed: int = SEED, draw_count: int = LOCAL_DRAW_COUNT
) -> Floats:
    """How often chance gives neighbours at least this different from the others, per area.

    The area keeps its value; its neighbours get those of as many others, drawn without
    replacement. Two-sided: twice the smaller of the shares of draws (with the one observed) in
    which I_a is as high, and as low; at most 1. An area without deviation has 1. The draws serve
    all areas together, so work grows with areas plus draws, not with their product.

    Source: Anselin (1995), Geographical Analysis 27, 93-115; twice the smaller share: Davison &
    Hinkley (1997), section 4.2.
    """
    z, counts = values - values.mean(), np.diff(weights.indptr)
    most = int(counts.max(initial=0))
    drawn = _draw_rows(len(z), most + 1, draw_count, np.random.default_rng(seed))
    p_values = np.ones(len(z))
    for count in np.unique(counts[counts > 0]):
        areas = np.flatnonzero((counts == count) & (z != 0))
        observed = count * (weights @ z)[areas]
        high, low = _beyond(z, drawn[:, : count + 1], areas, observed)
        p_values[areas] = np.minimum(1.0, 2 * (1 + np.minimum(high, low)) / (draw_count + 1))
    return p_values


def _beyond(z: Floats, drawn: Rows, areas: Rows, observed: Floats) -> tuple[Rows, Rows]:
    """In how many draws the neighbours add up to at least, and at most, what is observed.

    All but the last of the ``drawn`` rows (draws, neighbours + 1) are the neighbours, for all
    ``areas`` at once; where an area would be its own neighbour, the last one takes its place.
    """
    near = 1e-12 * np.maximum(1.0, np.abs(observed))
    sums = z[drawn[:, :-1]].sum(axis=1)
    ordered = np.sort(sums)
    high = len(sums) - np.searchsorted(ordered, observed - near, "left")
    low = np.searchsorted(ordered, observed + near, "right")
    place = np.full(len(z), -1)
    place[areas] = np.arange(len(areas))
    draw, column = np.nonzero(place[drawn[:, :-1]] >= 0)
    own = drawn[draw, column]
    at = place[own]
    instead = sums[draw] - z[own] + z[drawn[draw, -1]]
    for found, sign in ((high, 1), (low, -1)):
        limit = sign * observed[at] - near[at]
        change = (sign * instead >= limit).astype(np.intp) - (sign * sums[draw] >= limit)
        np.add.at(found, at, change)
    return high, low


def _draw_rows(row_count: int, size: int, draw_count: int, rng: np.random.Generator) -> Rows:
    """Different rows in random order for each draw: (draws, size). Every order is as likely.

    Source: Floyd's algorithm, in Bentley & Floyd (1987), Communications of the ACM 30, 754-757.
    """
    drawn = np.empty((draw_count, size), dtype=np.intp)
    for column, last in enumerate(range(row_count - size, row_count)):
        some = rng.integers(0, last + 1, draw_count)
        is_taken = (drawn[:, :column] == some[:, None]).any(axis=1)
        drawn[:, column] = np.where(is_taken, last, some)
    return rng.permuted(drawn, axis=1)


def false_discovery_limit(p_values: Floats, share: float = FALSE_SHARE) -> float:
    """Below which p-value areas are pointed out, so that few of these are there by chance.

    p_(i) < i q / n

    for the largest such i, of the n p-values in rising order: then at most a share q of the
    areas with p < i q / n is expected to be there by chance. When there is no such i, q / n: no
    area is below it.

    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57; for maps:
    Caldas de Castro & Singer (2006), Geographical Analysis 38, 180-208.
    """
    limits = np.arange(1, len(p_values) + 1) * share / max(1, len(p_values))
    passed = np.flatnonzero(np.sort(p_values) < limits)
    return float(limits[passed[-1]] if len(passed) else share / max(1, len(p_values)))


def local_key(own: Floats, around: Floats, p_values: Floats) -> npt.NDArray[np.object_]:
    """The key of ``LOCAL_KEYS`` for each area, from its own deviation and that of its neighbours.

    Only areas below the false-discovery limit get another than ``geen_duidelijk_verschil``.
    """
    is_clear = p_values < false_discovery_limit(p_values)
    cases = {
        "hoog_bij_hoog": (own > 0) & (around > 0),
        "laag_bij_laag": (own <= 0) & (around <= 0),
        "hoog_bij_laag": (own > 0) & (around <= 0),
        "laag_bij_hoog": (own <= 0) & (around > 0),
    }
    keys = np.select([is_clear & case for case in cases.values()], list(cases), "")
    return np.where(keys == "", "geen_duidelijk_verschil", keys).astype(object)


def _example(
    clustering: Clustering, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    table = clustering.moran.table
    known = table[table["local_i"].notna()].sort_values("p_value", kind="stable")
    if known.empty:
        return None
    row = known.iloc[0]
    clear = int((known["key"] != "geen_duidelijk_verschil").sum())
    return (
        f"Van {number(len(known))} wijken springen er {number(clear)} uit. Het duidelijkst is "
        f"{row['name']}: {number(row['rate_per_10000'])} {wording.places} per 10.000 "
        f"{wording.base}, met een lokale index van {number(row['local_i'])} "
        f"({LOCAL_KEYS[row['key']].label})."
    )


MEASURE = method.Measure(
    key="moran_lokaal",
    label="Welke wijken lijken op hun buren? (lokale Moran)",
    group=method.CLUSTERING,
    explanation=(
        "Welke wijken samen met hun buren duidelijk veel of weinig plekken hebben voor hun "
        "inwoners, en welke duidelijk van hun buren verschillen."
    ),
    formula_words=(
        "vermenigvuldig de afwijking van de wijk met de gemiddelde afwijking van de buren, en deel "
        "door het gemiddelde kwadraat van alle afwijkingen"
    ),
    formula="I_a = (n - 1) z_a m_a / Σ z_a², z_a = e_a - ē, m_a = Σ z_b / k_a",
    symbols=(
        ("I_a", "de lokale index van wijk a"),
        ("n", "het aantal wijken dat meetelt"),
        *DEVIATIONS,
    ),
    unit="zonder eenheid",
    example=_example,
    limits=(
        "Wie veel wijken bekijkt, vindt er altijd een paar die door toeval opvallen. Daarom noemen "
        "wij alleen wijken waarvan er naar verwachting hoogstens 1 op de 20 er door toeval bij "
        "staat.",
        "Een wijk die niet wordt genoemd, is niet bewezen gewoon. Het verschil is dan te klein om "
        "zeker van te zijn.",
        "De uitkomst zegt iets over aantallen plekken, niet over de wijk of wie er woont.",
        method.WHAT_FAIR_IS,
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "L. Anselin (1995), Local Indicators of Spatial Association, Geographical Analysis 27, "
        "p. 93-115.",
        "M. Caldas de Castro en B.H. Singer (2006), Controlling the False Discovery Rate, "
        "Geographical Analysis 38, p. 180-208.",
        "Y. Benjamini en Y. Hochberg (1995), Controlling the False Discovery Rate, Journal of the "
        "Royal Statistical Society B 57, p. 289-300.",
    ),
    function=local_moran,
)
