"""Areas cut in single residents, for packages that know no weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from hypothesis import strategies as st


@st.composite
def small_columns(draw: st.DrawFn) -> tuple[pd.Series, pd.Series]:
    """Places and a few residents of 2 to 8 areas, at least one place."""
    size = draw(st.integers(2, 8))
    counts = draw(st.lists(st.integers(0, 20), min_size=size, max_size=size).filter(any))
    weights = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    index = pd.Index([f"WK{i:03}" for i in range(size)], name="area_code")
    return pd.Series(counts, index, dtype="int64"), pd.Series(weights, index, dtype="int64")


def to_units(
    counts: pd.Series, weights: pd.Series
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """The places of every single resident (c_a / w_a, w_a times), and the area of each."""
    times = weights.to_numpy()
    rates = (counts / weights).to_numpy(dtype="float64")
    return np.repeat(rates, times), np.repeat(counts.index.to_numpy(dtype="object"), times)
