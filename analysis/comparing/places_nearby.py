"""How many places the residents around a candidate would have near home, with it included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlacesNearby:
    """The highest number of places near a home that gets the candidate near, and who lives there.

    ``most_count`` is 0 when nobody lives near, and NaN when the places of the candidate, or of
    another site near those homes (``is_vague``), are not known.
    """

    most_count: float
    resident_count: float
    is_vague: bool


def places_nearby(
    others: pd.DataFrame,
    resident_count: pd.Series,
    distance_m: npt.ArrayLike,
    place_count: int | None,
    limit_m: float,
) -> PlacesNearby:
    """The most places within the limit of any home that also has the candidate within it.

    N = max { P_i + k : d_i ≤ D }

    over the points i with residents. ``others`` (index: point) has ``place_count`` (P_i: the
    places of the others within the limit) and ``unknown_site_count`` (sites near without a known
    number of places); ``distance_m`` are the metres d_i from each point to the candidate (NaN
    where not measured, infinite without a way), k its places, D the limit.

    Source: own definition; the cumulative opportunity measure of ``places_near``.
    """
    metres: Floats = np.asarray(distance_m, dtype="float64")
    if len(metres) != len(others) or not others.index.equals(resident_count.index):
        raise InputError("places_nearby", ["points, residents and distances differ"])
    is_near = (metres <= limit_m) & (resident_count.to_numpy(dtype="float64") > 0)
    if not is_near.any():
        return PlacesNearby(0.0, 0.0, is_vague=False)
    here = others[is_near]
    is_vague = bool((here["unknown_site_count"] > 0).any())
    most = float(here["place_count"].max()) + (np.nan if place_count is None else place_count)
    return PlacesNearby(
        np.nan if is_vague else most, float(resident_count[is_near].sum()), is_vague
    )
