"""Where are things? Coordinates, frames and distances; knows none of our other packages."""
