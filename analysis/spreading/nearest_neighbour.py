"""Nearest neighbour: how far the sites are from the nearest other one, against chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis import method
from analysis.errors import InputError
from analysis.spreading.distinct_draws import checked_weights_of_points, distinct_draws
from analysis.spreading.outcome import (
    DRAW_COUNT,
    FEWEST_SITES_COUNT,
    SEED,
    Outcome,
    to_band,
)

if TYPE_CHECKING:
    from analysis.spreading.clustering import Clustering

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
#: So many draws of residents decide which points the sites are drawn from.
POOL_COUNT = 1500
#: So many distances are looked up at once: what fits in the memory near the processor.
_MOST_DISTANCES = 50_000


@dataclass(frozen=True, eq=False)
class Walks:
    """Distances on foot from each place to each other place, and to those that stay put.

    ``distance_m`` has shape (places, places), from the row to the column; infinite where no way
    leads there, NaN where it is not known. ``beside_m`` has shape (places,): the nearest site
    that is no part of the question, such as one outside the region; infinite when there is none.
    """

    distance_m: Floats
    beside_m: Floats

    def __post_init__(self) -> None:
        """InputError when the shapes do not fit, or a distance is negative."""
        count = len(self.beside_m)
        breaches = []
        if self.distance_m.shape != (count, count):
            breaches.append("there is not a distance from every place to every place")
        if (self.distance_m < 0).any() or (self.beside_m < 0).any():
            breaches.append("a distance is negative")
        if breaches:
            raise InputError("walks", breaches)


@dataclass(frozen=True, eq=False)
class Pool:
    """Points where a site is drawn, with the walks between them and their weights (residents)."""

    walks: Walks
    weights: Floats


def choose_pool(
    resident_count: npt.ArrayLike, seed: int = SEED, pool_count: int = POOL_COUNT
) -> tuple[Rows, Floats]:
    """Which points with residents the sites are drawn from: rows, and the weight of each.

    Distances between all points would be too many (12,000 points have 72 million pairs), so
    ``pool_count`` residents are drawn, with replacement, and the points where they live make up
    the pool. A point's weight is how many of them live there, so that more residents at a point
    keep counting for more. With no more points than that all of them are in, with their residents
    as weight.
    """
    residents = checked_weights_of_points(resident_count)
    where = np.flatnonzero(residents > 0)
    if len(where) <= pool_count:
        return where, residents[where]
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(pool_count, residents / residents.sum())
    where = np.flatnonzero(drawn)
    return where, drawn[where].astype(np.float64)


def nearest_m(walks: Walks) -> Floats:
    """Metres from each place to the nearest other, shape (places,).

    Infinite where no way leads to another, NaN where no distance to another is known.
    """
    others = walks.distance_m.copy()
    np.fill_diagonal(others, np.nan)
    both = np.column_stack([others, walks.beside_m])
    is_unknown = np.isnan(others).all(axis=1)
    nearest = np.fmin.reduce(both, axis=1, initial=np.inf)
    return np.asarray(np.where(is_unknown, np.nan, nearest), dtype=np.float64)


def mean_nearest_m(walks: Walks) -> float:
    """Mean distance on foot from a site to the nearest other site, in metres.

    D = Σ d_s / n, d_s = min d_st

    with d_st the way from site s to another site t, over streets and paths, and n the number of
    sites that have a way to another. 0 when all stand at one place. Sites without a known
    distance or without any way are left out; NaN when none is left.

    It is about the *nearest* site only: a pair far from everything else makes it small. It says
    nothing about how many sites are near, nor about their size.

    Source: Clark & Evans (1954), Ecology 35; over streets: Okabe & Sugihara, Spatial Analysis
    along Networks (2012), chapter 5.
    """
    distances = nearest_m(walks)
    known = distances[np.isfinite(distances)]
    return float(known.mean()) if len(known) else float("nan")


def draw_means(
    pool: Pool, site_count: int, seed: int = SEED, draw_count: int = DRAW_COUNT
) -> Floats:
    """The mean nearest distance of sites put down at random, for every draw, in metres.

    In each draw ``site_count`` different points of the pool are taken, with a chance in
    proportion to their weight: where more people live, a site is drawn more often. The draw
    follows where people live, because nothing better is known about where a site of that type
    could stand. Sites that are no part of the question stay where they are.
    """
    rng = np.random.default_rng(seed)
    metres = pool.walks.distance_m.astype(np.float32)
    # No point is its own neighbour, and an unknown way is no way.
    np.fill_diagonal(metres, np.inf)
    metres[np.isnan(metres)] = np.inf
    beside = pool.walks.beside_m.astype(np.float32)
    means = [
        _means(metres, beside, rows)
        for part in distinct_draws(pool.weights, site_count, draw_count, rng)
        for rows in np.array_split(part, _part_count(part))
    ]
    return np.concatenate(means)


def _part_count(drawn: Rows) -> int:
    """In how many parts the distances between the points of these draws are looked up."""
    return max(1, int(drawn.size * drawn.shape[1] // _MOST_DISTANCES))


def _means(metres: npt.NDArray[np.float32], beside: npt.NDArray[np.float32], rows: Rows) -> Floats:
    """The mean over the points of each draw (draws, points) that have a way to another."""
    between = metres[rows[:, :, None], rows[:, None, :]]
    nearest = np.minimum(between.min(axis=2), beside[rows]).astype(np.float64)
    has_way = np.isfinite(nearest)
    totals = np.where(has_way, nearest, 0.0).sum(axis=1)
    counts = has_way.sum(axis=1)
    means = np.full(len(rows), np.nan)
    np.divide(totals, counts, out=means, where=counts > 0)
    return means


def measure_nearest_neighbour(
    sites: Walks, pool: Pool, seed: int = SEED, draw_count: int = DRAW_COUNT
) -> Outcome:
    """The mean nearest distance of the sites, with the band of as many sites put down at random.

    "Lager" means closer together than chance. Without number: ``too_few_sites`` below
    ``FEWEST_SITES_COUNT`` sites with a way to another, ``no_residents`` when the pool is empty,
    ``too_few_points`` when it has fewer points than there are sites.
    """
    site_count = int(np.isfinite(nearest_m(sites)).sum())
    if site_count < FEWEST_SITES_COUNT:
        return Outcome.without("too_few_sites")
    if not len(pool.weights):
        return Outcome.without("no_residents")
    if site_count > int((pool.weights > 0).sum()):
        return Outcome.without("too_few_points")
    drawn = draw_means(pool, site_count, seed, draw_count)
    if not np.isfinite(drawn).all():
        return Outcome.without("no_way")
    return Outcome(mean_nearest_m(sites), band=to_band(drawn, seed))


def _example(
    clustering: Clustering, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = clustering.nearest_neighbour
    if found.value is None or found.band is None:
        return None
    return (
        f"Van {number(clustering.walked_site_count)} locaties is het gemiddeld "
        f"{number(found.value)} meter lopen naar de dichtstbijzijnde andere. Van "
        f"{number(found.band.draw_count)} keer loten liggen er 95 van de 100 tussen "
        f"{number(found.band.low)} en {number(found.band.high)} meter."
    )


MEASURE = method.Measure(
    key="afstand_tot_volgende",
    label="Afstand tot de volgende locatie",
    group=method.CLUSTERING,
    explanation=(
        "Hoe ver het gemiddeld lopen is van een locatie naar de dichtstbijzijnde andere. Wij "
        "vergelijken dat met locaties die door loting zijn neergezet, vaker waar meer mensen wonen."
    ),
    formula_words=(
        "neem van elke locatie de kortste weg naar een andere locatie, tel die afstanden op en "
        "deel door het aantal locaties"
    ),
    formula="D = Σ d_s / n, d_s = min d_st",
    symbols=(
        ("D", "de gemiddelde afstand, in meters"),
        ("d_s", "de afstand van locatie s tot de dichtstbijzijnde andere"),
        ("d_st", "de afstand van locatie s naar een andere locatie t, lopend over straten"),
        ("n", "het aantal locaties waarvan een weg naar een andere locatie loopt"),
    ),
    unit="meter lopen",
    example=_example,
    limits=(
        "De loting volgt waar mensen wonen. Beter weten wij niet waar een locatie kan staan: "
        "of daar een geschikt pand of stuk grond is, telt niet mee.",
        f"Onder {FEWEST_SITES_COUNT} locaties geven wij geen antwoord. Toeval en patroon zijn dan "
        "niet uit elkaar te houden.",
        "Alleen locaties met een openbare plaats tellen mee. Een locatie ver van een straat telt "
        "niet mee.",
        "De maat kijkt alleen naar de dichtstbijzijnde andere locatie. Hoeveel locaties er "
        "dichtbij zijn en hoe groot zij zijn, zegt zij niet.",
        "Dicht bij elkaar is niet goed of slecht. De maat zegt ook niet waarom het zo is.",
    ),
    sources=(
        "P.J. Clark en F.C. Evans (1954), Distance to Nearest Neighbor as a Measure of Spatial "
        "Relationships in Populations, Ecology 35, p. 445-453.",
        "A. Okabe en K. Sugihara (2012), Spatial Analysis along Networks, hoofdstuk 5.",
        "A.C. Davison en D.V. Hinkley (1997), Bootstrap Methods and their Application, "
        "paragraaf 4.2.5.",
    ),
    function=mean_nearest_m,
)
