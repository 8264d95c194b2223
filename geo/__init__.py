"""Where are things? Coordinates, units, frames and distances; knows nothing of our other packages."""
