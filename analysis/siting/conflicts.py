"""Which sites lie nearer to each other than wished, and how to count that in few rows.

Pairs that all conflict with each other are one *clique*. Of a clique at most one site can be
chosen without a conflict, and of s chosen sites s × (s - 1) / 2 pairs conflict. So cliques say
what pairs say, in far fewer rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from analysis.siting.problem import SitingProblem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: Among so many at most the next member of a clique is picked with care.
_MOST_WEIGHED = 4


@dataclass(frozen=True, eq=False)
class Conflicts:
    """The pairs nearer than wished, by row number; existing sites by theirs in their own table.

    ``pairs`` and ``with_existing`` (candidate, existing site) have two columns, ``distance_m``
    and ``existing_distance_m`` the metres of each row.
    """

    candidate_count: int
    pairs: Ints
    distance_m: Floats
    with_existing: Ints
    existing_distance_m: Floats

    @property
    def existing_counts(self) -> Ints:
        """How many existing sites are too near each candidate."""
        return np.bincount(self.with_existing[:, 0], minlength=self.candidate_count)

    def count(self, chosen: npt.NDArray[np.bool_]) -> int:
        """How many conflicts a choice has."""
        both = chosen[self.pairs[:, 0]] & chosen[self.pairs[:, 1]]
        return int(both.sum()) + int(self.existing_counts[chosen].sum())

    def covering_cliques(self, which: npt.NDArray[np.bool_]) -> list[Ints]:
        """Cliques of these candidates, as large as comes easily; every pair is in one or more."""
        return _cliques(self._neighbours(which), parts=False)

    def separate_cliques(self, which: npt.NDArray[np.bool_]) -> list[Ints]:
        """Cliques of these candidates such that every pair is in exactly one."""
        return _cliques(self._neighbours(which), parts=True)

    def _neighbours(self, which: npt.NDArray[np.bool_]) -> list[int]:
        """The neighbours of each candidate as the bits of a whole number."""
        bits = [0] * self.candidate_count
        kept = which[self.pairs[:, 0]] & which[self.pairs[:, 1]]
        for first, second in self.pairs[kept].tolist():
            bits[first] |= 1 << second
            bits[second] |= 1 << first
        return bits


def find_conflicts(problem: SitingProblem) -> Conflicts:
    """The pairs of candidates, and of candidates with existing sites, nearer than is wished."""
    count = len(problem.candidates)
    none: Ints = np.empty((0, 2), dtype="int64")
    if problem.separation is None or count == 0:
        return Conflicts(count, none, np.empty(0), none, np.empty(0))
    wished_m = problem.separation.distance_m
    places = problem.candidates[["x_m", "y_m"]].to_numpy(dtype="float64")
    existing = problem.existing_sites[["x_m", "y_m"]].to_numpy(dtype="float64")
    tree = cKDTree(places)
    pairs = tree.query_pairs(wished_m, output_type="ndarray").astype("int64")
    near = none
    if len(existing):
        found = tree.sparse_distance_matrix(cKDTree(existing), wished_m, output_type="ndarray")
        near = np.column_stack([found["i"], found["j"]]).astype("int64")
    pairs, apart_m = _nearer(places, places, pairs, wished_m)
    near, near_m = _nearer(places, existing, near, wished_m)
    return Conflicts(count, pairs, apart_m, near, near_m)


def _nearer(first: Floats, second: Floats, pairs: Ints, wished_m: float) -> tuple[Ints, Floats]:
    """The pairs that are really nearer, in a fixed order, with their metres."""
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    if not len(pairs):
        return pairs, np.empty(0)
    step = first[pairs[:, 0]] - second[pairs[:, 1]]
    apart_m = np.hypot(step[:, 0], step[:, 1])
    return pairs[apart_m < wished_m], apart_m[apart_m < wished_m]


def _cliques(neighbours: list[int], *, parts: bool) -> list[Ints]:
    """Cliques that hold every edge: once when ``parts``, else once or more."""
    open_edges = list(neighbours)
    allowed = open_edges if parts else neighbours
    found = []
    for first in range(len(neighbours)):
        while open_edges[first]:
            clique = _grow(first, open_edges, lambda row: allowed[row])
            mask = sum(1 << member for member in clique)
            for member in clique:
                open_edges[member] &= ~mask
            found.append(np.array(sorted(clique), dtype="int64"))
    return found


def _grow(first: int, open_edges: list[int], allowed: Callable[[int], int]) -> list[int]:
    """A clique from an edge of ``first`` that is still open, grown until nothing fits."""
    second = _pick(open_edges[first], allowed(first), allowed)
    clique, fitting = [first, second], allowed(first) & allowed(second)
    while fitting:
        chosen = _pick(fitting & open_edges[first] or fitting, fitting, allowed)
        clique.append(chosen)
        fitting &= allowed(chosen)
    return clique


def _pick(choices: int, fitting: int, allowed: Callable[[int], int]) -> int:
    """The choice that leaves the most others fitting; the first of equals."""
    best, most, seen = -1, -1, 0
    while choices and seen < _MOST_WEIGHED:
        row = (choices & -choices).bit_length() - 1
        left = (fitting & allowed(row)).bit_count()
        if left > most:
            best, most = row, left
        choices &= choices - 1
        seen += 1
    return best
