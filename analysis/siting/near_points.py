"""Which candidates are near which homes: the ground of what the choice does to exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.errors import InputError

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NearPoints:
    """The points with residents that have a candidate or a place within ``radius_m`` on foot.

    ``existing_place_count`` (index: point) is what is near a point already, as far as known;
    ``is_at_least`` where a site of which nobody knows the number of places is near as well.
    ``near`` has a row a point and a column a candidate, 1 where the candidate is within the
    radius. Points that are not measured are left out.
    """

    radius_m: float
    existing_place_count: pd.Series
    is_at_least: pd.Series
    near: sparse.csr_array

    def __post_init__(self) -> None:
        """InputError naming every breach."""
        counts = self.existing_place_count.to_numpy(dtype="float64", na_value=np.nan)
        tests = {
            "the radius is not above 0": not self.radius_m > 0,
            "the rows of near are not the points": self.near.shape[0] != len(counts),
            "a point occurs twice": not self.existing_place_count.index.is_unique,
            "at least is not on the index of the points": not self.is_at_least.index.equals(
                self.existing_place_count.index
            ),
            "an existing number of places is no whole number from 0": not bool(
                (np.isfinite(counts) & (counts >= 0) & (np.mod(counts, 1) == 0)).all()
            ),
            "near holds something else than 0 and 1": not np.isin(self.near.data, (0, 1)).all(),
        }
        if breaches := [text for text, is_so in tests.items() if is_so]:
            raise InputError("near points", breaches)

    @property
    def counts(self) -> Ints:
        """The places there are near each point, as whole numbers."""
        return self.existing_place_count.to_numpy(dtype="int64")

    def to_record(self) -> dict[str, Any]:
        """To be written as JSON; ``from_record`` reads it."""
        near = self.near.tocsr()
        return {
            "radius_m": float(self.radius_m),
            "candidate_count": int(near.shape[1]),
            "points": [
                {
                    "point": str(point),
                    "existing_place_count": int(count),
                    "is_at_least": bool(vague),
                    "near": [
                        int(column)
                        for column in near.indices[near.indptr[row] : near.indptr[row + 1]]
                    ],
                }
                for row, (point, count, vague) in enumerate(
                    zip(
                        self.existing_place_count.index,
                        self.counts,
                        self.is_at_least,
                        strict=True,
                    )
                )
            ],
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> NearPoints:
        """The points that ``to_record`` wrote."""
        points = record["points"]
        index = pd.Index([line["point"] for line in points], dtype="object", name="point")
        lengths = [len(line["near"]) for line in points]
        near = sparse.csr_array(
            (
                np.ones(sum(lengths), dtype="int64"),
                np.array([column for line in points for column in line["near"]], dtype="int64"),
                np.concatenate([[0], np.cumsum(lengths)]).astype("int64"),
            ),
            shape=(len(points), record["candidate_count"]),
        )
        return cls(
            record["radius_m"],
            pd.Series([line["existing_place_count"] for line in points], index, dtype="int64"),
            pd.Series([line["is_at_least"] for line in points], index, dtype="bool"),
            near,
        )
