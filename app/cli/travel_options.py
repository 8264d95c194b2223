"""What commands about travelling ask: a point in RD, and how one travels."""

from __future__ import annotations

import click

from analysis.access.modes import TRAVEL_MODES, TravelMode

mode_option = click.option(
    "--mode",
    "option",
    default=None,
    type=click.Choice([mode.option for mode in TRAVEL_MODES]),
    help="Hoe u reist: foot is lopend, bike is met de fiets. Nu: foot.",
)
x_option = click.option("--x", "x_m", type=float, required=True, help="De x in RD, in meters.")
y_option = click.option("--y", "y_m", type=float, required=True, help="De y in RD, in meters.")


def travel_mode(option: str | None) -> TravelMode:
    """The way of travelling that a word of the command line means; walking when none is given."""
    return next(mode for mode in TRAVEL_MODES if mode.option == (option or "foot"))
