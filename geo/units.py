"""Units that numbers wear in their names (``_m``, ``_min``, ``_m2``, ``_share`` ...)."""

from __future__ import annotations

M_PER_KM = 1_000.0
M2_PER_HA = 10_000.0
#: Default speeds, METHODS section 2; both are settings of a network profile, not truths.
WALKING_KM_PER_H = 4.8
CYCLING_KM_PER_H = 15.0


def minutes(distance_m: float, speed_km_per_h: float) -> float:
    """Travel time in minutes over ``distance_m`` metres."""
    return distance_m / (speed_km_per_h * M_PER_KM / 60.0)
