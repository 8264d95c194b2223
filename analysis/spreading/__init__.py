"""Spreading: who carries how much, against a share by residents or another base.

One module a measure. Each is a pure function on Series with one shared index (the area codes):
values in, a named Series on the same index out. Unknown is NaN in and NaN out, never 0.
"""

from analysis.spreading.headline import headline
from analysis.spreading.overview import Spreading, SpreadingTotals, measure_spreading

__all__ = ["Spreading", "SpreadingTotals", "headline", "measure_spreading"]
