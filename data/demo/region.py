"""The facts under the demo region: the real gemeenten, wijken and buurten with their numbers.

Source: Kadaster / Centraal Bureau voor de Statistiek, 2024 (CC BY 4.0); see
``facts/README.md``. The boundaries that the demo region draws around them are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.figures import missing_reason

FACTS_FOLDER = Path(__file__).resolve().parent / "facts"
FACTS_YEAR = 2024
SECRET = missing_reason("secret_or_absent")

GEMEENTE_CODES = (
    "GM0375",
    "GM0377",
    "GM0392",
    "GM0394",
    "GM0396",
    "GM0397",
    "GM0453",
    "GM0473",
)


@dataclass(frozen=True)
class RegionFacts:
    """Three tables on their codes; numbers as published, special values kept."""

    gemeenten: pd.DataFrame
    wijken: pd.DataFrame
    buurten: pd.DataFrame

    @property
    def centres_m(self) -> npt.NDArray[np.float64]:
        """Centre points of the buurten in RD, one row a buurt."""
        return self.buurten[["centre_x_m", "centre_y_m"]].to_numpy(dtype=float)

    @property
    def resident_counts(self) -> pd.Series:
        """Residents per buurt; NaN where the number is secret."""
        counts = self.buurten["inwoners"].astype(float)
        return counts.where(~counts.isin(SECRET.values))


def read_facts() -> RegionFacts:
    """Read the three tables of facts that stand beside this module."""
    return RegionFacts(
        gemeenten=_read("gemeenten", "gemeentecode"),
        wijken=_read("wijken", "wijkcode"),
        buurten=_read("buurten", "buurtcode"),
    )


def _read(name: str, key: str) -> pd.DataFrame:
    return pd.read_csv(FACTS_FOLDER / f"{name}.csv", encoding="utf-8").set_index(key)
