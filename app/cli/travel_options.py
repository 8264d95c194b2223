"""What commands about travelling ask: a point in RD, and how one travels."""

from __future__ import annotations

from math import isfinite

import click

from analysis.access.modes import TRAVEL_MODES, TravelMode

mode_option = click.option(
    "--mode",
    "option",
    default=None,
    type=click.Choice([mode.option for mode in TRAVEL_MODES]),
    help="Hoe u reist: foot is lopend, bike is met de fiets. Nu: foot.",
)
speed_option = click.option(
    "--speed",
    "speed_km_per_h",
    default=None,
    type=click.FloatRange(1, 40),
    callback=lambda _context, _option, value: _finite(value),
    help="Uw snelheid in km per uur. Nu: 4,8 lopend en 15 met de fiets.",
)
x_option = click.option("--x", "x_m", type=float, required=True, help="De x in RD, in meters.")
y_option = click.option("--y", "y_m", type=float, required=True, help="De y in RD, in meters.")


def travel_mode(option: str | None, speed_km_per_h: float | None = None) -> TravelMode:
    """The way of travelling that a word of the command line means; walking when none is given."""
    mode = next(mode for mode in TRAVEL_MODES if mode.option == (option or "foot"))
    return at_speed(mode, speed_km_per_h)


def at_speed(mode: TravelMode, speed_km_per_h: float | None) -> TravelMode:
    """The mode at this speed; at its own when none is given."""
    return mode if speed_km_per_h is None else mode.at_speed(speed_km_per_h)


def _finite(value: float | None) -> float | None:
    if value is not None and not isfinite(value):
        raise click.BadParameter("Dat is geen getal.")
    return value
