"""Ripley's L: how many pairs of sites are within a distance, against where people live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from analysis import method
from analysis.errors import InputError
from analysis.spreading.distinct_draws import checked_weights_of_points, distinct_draws
from analysis.spreading.outcome import (
    BAND_SHARE,
    DRAW_COUNT,
    FEWEST_SITES_COUNT,
    SEED,
    Band,
    Outcome,
)
from geo.network.compiled import THREADS, compiled, side_by_side

if TYPE_CHECKING:
    from analysis.spreading.clustering import Clustering

Floats = npt.NDArray[np.float64]
#: As the crow flies: pairs of sites are counted within these distances, metres.
RADII_M = (250.0, 500.0, 1000.0, 2000.0, 3000.0, 5000.0)


@dataclass(frozen=True, eq=False)
class Ripley:
    """L of the sites at each radius, and what random draws of residents give.

    ``table`` has columns ``radius_m``, ``l`` (metres), and ``low``, ``middle``, ``high``: between
    ``low`` and ``high`` a draw stays *at all radii together* 95 of 100 times, ``middle`` is the
    median. Empty when ``outcome`` has a reason.

    ``outcome`` is L at ``radius_m``: where it is farthest outside, or nearest to an edge. Its
    position is the answer over all radii together: "hoger" means closer together than chance.
    """

    outcome: Outcome
    table: pd.DataFrame
    radius_m: float | None


def ripley_k(places_m: Floats, radii_m: Floats, area_m2: float) -> Floats:
    """Ripley's K of places (..., places, 2), metres, at each radius: (..., radii), square metres.

    K(r) = A / (n (n - 1)) × Σ Σ 1(d_ij ≤ r)

    with A the area in which the places lie, n their number, and d_ij the distance between two
    different places i and j as the crow flies; each pair counts twice. NaN below two places.
    There is no correction for the border: compare only with places drawn in the same area.

    Source: Ripley (1977), Journal of the Royal Statistical Society B 39, 172-212.
    """
    count = places_m.shape[-2]
    if count < 2:
        return np.full((*places_m.shape[:-2], len(radii_m)), np.nan)
    pairs = 2 * _count_pairs(places_m, radii_m)
    return np.asarray(area_m2 * pairs / (count * (count - 1)), dtype=np.float64)


def _count_pairs(places_m: Floats, radii_m: Floats) -> npt.NDArray[np.int64]:
    """How many pairs of places (..., places, 2) are within each radius: (..., radii)."""
    patterns = np.asarray(places_m, dtype=np.float64).reshape(-1, *places_m.shape[-2:])
    from_west = np.argsort(patterns[:, :, :1], axis=1)
    x_m, y_m = np.ascontiguousarray(np.moveaxis(np.take_along_axis(patterns, from_west, 1), -1, 0))
    radii = np.asarray(radii_m, dtype=np.float64)
    rows = np.array_split(np.arange(len(patterns)), min(THREADS, len(patterns)))
    parts = side_by_side(lambda some: _count_from_west(x_m[some], y_m[some], radii), rows)
    return np.concatenate(parts).reshape(*places_m.shape[:-2], len(radii))


@compiled
def _count_from_west(x_m: Floats, y_m: Floats, radii_m: Floats) -> npt.NDArray[np.int64]:
    """The pairs of each pattern (patterns, places) within each radius; places from west to east.

    Each place looks east, no farther than the radius. The inner loop has no branches, so that
    processors do several pairs at a time.
    """
    counts = np.zeros((len(x_m), len(radii_m)), dtype=np.int64)
    for row in range(len(x_m)):
        east, north = x_m[row], y_m[row]
        for ring, radius in enumerate(radii_m):
            end, total = 0, 0
            for one in range(len(east)):
                while end < len(east) and east[end] - east[one] <= radius:
                    end += 1
                for other in range(one + 1, end):
                    dx, dy = east[other] - east[one], north[other] - north[one]
                    total += dx * dx + dy * dy <= radius * radius
            counts[row, ring] = total
    return counts


def ripley_l(places_m: Floats, radii_m: Floats, area_m2: float) -> Floats:
    """Ripley's L of places (..., places, 2), metres, at each radius: (..., radii), metres.

    L(r) = √(K(r) / π), K(r) = A / (n (n - 1)) × Σ Σ 1(d_ij ≤ r)

    with A the area in which the places lie, n their number, and d_ij the distance between two
    different places i and j as the crow flies; each pair counts twice. Where places lie evenly
    at random it is about r. NaN below two places. People do not live evenly spread, and there is
    no correction for the border: so it is compared with draws of residents in the same area, and
    A only sets the scale.

    Source: Ripley (1977), Journal of the Royal Statistical Society B 39; L: Besag (1977), in the
    discussion of that paper.
    """
    return np.sqrt(ripley_k(places_m, radii_m, area_m2) / np.pi)


def draw_l(
    residents_m: Floats,
    resident_count: Floats,
    place_count: int,
    radii_m: Floats,
    area_m2: float,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
) -> Floats:
    """L of as many places drawn where residents live, shape (draws, radii), metres.

    Each draw takes different points (points, 2) with a chance in proportion to their residents.
    """
    rng = np.random.default_rng(seed)
    parts = distinct_draws(resident_count, place_count, draw_count, rng)
    return np.concatenate([ripley_l(residents_m[part], radii_m, area_m2) for part in parts])


def extremeness(curves: Floats) -> npt.NDArray[np.int64]:
    """How extreme each curve (curves, radii) is among all: 1 is the most extreme.

    At every radius a curve has a rank from below and one from above; the smaller one counts, and
    equal values share their mean rank. The ranks of a curve, smallest first, are compared one
    after another (extreme rank length). Curves with the same ranks share the highest place.

    Source: Myllymäki, Mrkvička, Grabarnik, Seijo & Hahn (2017), Journal of the Royal Statistical
    Society B 79, 381-404.
    """
    below = rankdata(curves, axis=0)
    ranks = np.sort(np.minimum(below, len(curves) + 1 - below), axis=1)
    _, same, counts = np.unique(ranks, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(np.cumsum(counts)[same.reshape(-1)], dtype=np.int64)


def global_envelope(observed: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """Between which values a curve (radii,) stays at all radii, shape (radii,) each.

    The lowest and highest value at each radius of all curves, the observed one too, without the
    5% most extreme. So by chance alone the observed curve leaves it at any radius in at most 5
    of 100 cases, however many radii there are. Seen one radius at a time it is wider than a
    band for that radius alone.

    Source: Myllymäki and others (2017), Journal of the Royal Statistical Society B 79.
    """
    curves = np.vstack([observed, drawn])
    most = int((1 - BAND_SHARE) * len(curves) + 1e-9)
    kept = curves[extremeness(curves) > most]
    return kept.min(axis=0), kept.max(axis=0)


def measure_ripley(
    places_m: Floats,
    residents_m: Floats,
    resident_count: Floats,
    area_m2: float,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
    radii_m: tuple[float, ...] = RADII_M,
) -> Ripley:
    """L of the places (places, 2), with what draws of the residents' points (points, 2) give.

    Without number: ``too_few_sites`` below ``FEWEST_SITES_COUNT`` places, ``no_residents``
    without points, ``too_few_points`` when there are fewer of them than places. InputError when
    the area is not above 0 or a place has no coordinates.
    """
    weights = checked_weights_of_points(resident_count)
    if not area_m2 > 0 or not np.isfinite(places_m).all() or not np.isfinite(residents_m).all():
        raise InputError("ripley", ["the area is not above 0, or a place has no coordinates"])
    if len(places_m) < FEWEST_SITES_COUNT:
        return _without("too_few_sites")
    if not weights.any():
        return _without("no_residents")
    if len(places_m) > int((weights > 0).sum()):
        return _without("too_few_points")
    radii = np.asarray(radii_m, dtype=np.float64)
    drawn = draw_l(residents_m, weights, len(places_m), radii, area_m2, seed, draw_count)
    observed = ripley_l(places_m, radii, area_m2)
    low, high = global_envelope(observed, drawn)
    table = pd.DataFrame(
        {
            "radius_m": radii,
            "l": observed,
            "low": low,
            "middle": np.median(drawn, axis=0),
            "high": high,
        }
    )
    return _answer(table, draw_count, seed)


def _answer(table: pd.DataFrame, draw_count: int, seed: int) -> Ripley:
    row = table.iloc[_farthest(table)]
    band = Band(float(row["low"]), float(row["middle"]), float(row["high"]), draw_count, seed)
    return Ripley(Outcome(float(row["l"]), band=band), table, float(row["radius_m"]))


def _farthest(table: pd.DataFrame) -> int:
    """The row where L is farthest from the middle, with the distance to that edge as the unit."""
    gap = table["l"] - table["middle"]
    room = (table["high"] - table["middle"]).where(gap > 0, table["middle"] - table["low"])
    part = np.divide(gap.abs(), room, out=np.zeros(len(table)), where=(room > 0).to_numpy())
    part = np.where((room <= 0) & (gap != 0), np.inf, part)
    return int(np.argmax(part))


def _without(reason_key: str) -> Ripley:
    columns = ["radius_m", "l", "low", "middle", "high"]
    return Ripley(Outcome.without(reason_key), pd.DataFrame(columns=columns, dtype="float64"), None)


def _example(
    clustering: Clustering, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = clustering.ripley.outcome
    if found.value is None or found.band is None or clustering.ripley.radius_m is None:
        return None
    return (
        f"Bij {number(clustering.ripley.radius_m)} meter is L voor "
        f"{number(clustering.site_count)} locaties {number(found.value)} meter. Van "
        f"{number(found.band.draw_count)} keer loten liggen er 95 van de 100 tussen "
        f"{number(found.band.low)} en {number(found.band.high)} meter, ook bij alle andere "
        "afstanden."
    )


MEASURE = method.Measure(
    key="ripley_l",
    label="Locaties binnen een afstand (Ripley's L)",
    group=method.CLUSTERING,
    explanation=(
        "Hoeveel paren van locaties er binnen een afstand liggen, van 250 meter tot 5 kilometer. "
        "Wij vergelijken dat met locaties die door loting zijn neergezet, vaker waar meer mensen "
        "wonen. Boven de marge liggen locaties dichter bij elkaar dan toeval geeft."
    ),
    formula_words=(
        "tel hoeveel paren van locaties binnen de afstand liggen, reken dat om naar een "
        "oppervlakte rond elke locatie, en neem de straal van de cirkel die zo groot is"
    ),
    formula="L(r) = √(K(r) / π), K(r) = A / (n (n - 1)) × Σ Σ 1(d_ij ≤ r)",
    symbols=(
        ("L(r)", "de maat bij afstand r, in meters"),
        ("K(r)", "de oppervlakte die erbij hoort, in vierkante meters"),
        ("r", "de afstand: 250, 500, 1.000, 2.000, 3.000 of 5.000 meter"),
        ("A", "de oppervlakte van de regio"),
        ("n", "het aantal locaties"),
        ("d_ij", "de afstand tussen twee locaties i en j, in een rechte lijn"),
        ("1(d_ij ≤ r)", "1 als twee locaties binnen de afstand liggen, anders 0"),
    ),
    unit="meter",
    example=_example,
    limits=(
        "De afstanden zijn in een rechte lijn. Water en spoor tellen niet mee. Lopend is het "
        "verder.",
        "Wij kijken naar zes afstanden tegelijk. De marge is daarom zo ruim dat toeval er maar "
        "5 van de 100 keer ergens buiten komt.",
        "De loting volgt waar mensen wonen. Of ergens een geschikt pand of stuk grond is, telt "
        "niet mee.",
        f"Onder {FEWEST_SITES_COUNT} locaties geven wij geen antwoord. Alleen locaties met een "
        "openbare plaats in de regio tellen mee.",
        "Hoe groot een locatie is, telt niet mee.",
    ),
    sources=(
        "B.D. Ripley (1977), Modelling Spatial Patterns, Journal of the Royal Statistical Society "
        "B 39, p. 172-212.",
        "J.E. Besag (1977), bijdrage aan de discussie over dat artikel, p. 193-195.",
        "M. Myllymäki en anderen (2017), Global Envelope Tests for Spatial Processes, Journal of "
        "the Royal Statistical Society B 79, p. 381-404.",
    ),
    function=ripley_l,
)
