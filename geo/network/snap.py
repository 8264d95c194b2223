"""Points to the nearest node of the streets, with the distance in between counted.

Long streets are cut before they come here (``geo.street_pieces``), so a point beside a street
has a node within some 50 m, on a crossing or not. A point farther than ``SNAP_LIMIT_M`` from
every node is not moved: it gets no node, and its distance is there to report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.errors import NetworkError
from geo.network.arrays import MM_PER_M, UNREACHED, Flags, Floats, Int32s, StreetNetwork, to_mm

#: Farther from the streets than this is reported, never bridged (METHODS section 2).
SNAP_LIMIT_M = 250.0
#: In place of a node, for a point that is too far from the streets.
NO_NODE = np.int32(-1)


@dataclass(frozen=True, eq=False)
class Stops:
    """Points on the network: a node and the way to it, ``UNREACHED`` where there is no node.

    ``distance_m`` is the distance as the crow flies to the nearest node, however far.
    """

    node: Int32s
    offset_mm: Int32s
    distance_m: Floats

    @classmethod
    def at_nodes(cls, nodes: npt.ArrayLike) -> Stops:
        """Points that are nodes themselves, given as rows of the network."""
        node = np.asarray(nodes, dtype=np.int32).reshape(-1)
        return cls(node, np.zeros(len(node), dtype=np.int32), np.zeros(len(node)))

    @property
    def is_far(self) -> Flags:
        """Which points are too far from the streets to count."""
        far: Flags = self.node == NO_NODE
        return far

    def __len__(self) -> int:
        return len(self.node)

    def part(self, rows: npt.NDArray[Any] | slice) -> Stops:
        """Some of the points, in the order of ``rows``."""
        return Stops(self.node[rows], self.offset_mm[rows], self.distance_m[rows])

    def check_on(self, network: StreetNetwork) -> Stops:
        """The points themselves, when all their nodes are in ``network``."""
        if len(self) and (self.node.min() < NO_NODE or self.node.max() >= network.node_count):
            raise NetworkError("a point lies on a node that the network does not have")
        if len(self) and self.offset_mm.min() < 0:
            raise NetworkError("a distance to the street is negative")
        return self


class Snapper:
    """The nodes of one network, ready to be found by place.

    Small components are left out, unless ``with_small``: a point beside one belongs to the
    streets that lead somewhere.
    """

    def __init__(self, network: StreetNetwork, *, with_small: bool = False) -> None:
        wanted = ~network.in_small_component | with_small
        self._nodes = np.flatnonzero(wanted).astype(np.int32)
        xy_m = np.column_stack([network.x_m, network.y_m])[self._nodes]
        self._tree = KDTree(xy_m) if len(xy_m) else None

    def snap(
        self, x_m: npt.ArrayLike, y_m: npt.ArrayLike, *, limit_m: float = SNAP_LIMIT_M
    ) -> Stops:
        """The nearest node of each point (RD, metres), if within ``limit_m``."""
        xy_m = np.column_stack([np.ravel(x_m), np.ravel(y_m)]).astype(np.float64)
        if not np.isfinite(xy_m).all():
            raise NetworkError("a point has no coordinates")
        if self._tree is None:
            node = np.full(len(xy_m), NO_NODE)
            return Stops(node, np.full(len(xy_m), UNREACHED), np.full(len(xy_m), np.inf))
        distance_m, nearest = self._tree.query(xy_m)
        far = distance_m > min(limit_m, int(UNREACHED) / MM_PER_M - 1)
        offset_mm = to_mm(np.where(far, 0.0, distance_m)).astype(np.int32)
        return Stops(
            node=np.where(far, NO_NODE, self._nodes[nearest]).astype(np.int32),
            offset_mm=np.where(far, UNREACHED, offset_mm).astype(np.int32),
            distance_m=distance_m.astype(np.float64),
        )
