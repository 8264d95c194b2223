"""A part of the network as a networkx graph: to explain a figure, to check it, to draw it."""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt

from geo.network.arrays import StreetNetwork


def to_networkx(
    network: StreetNetwork, subset: npt.ArrayLike | None = None
) -> nx.MultiDiGraph[int]:
    """The nodes in ``subset`` (rows of the network; all when None) and the arcs between them.

    Nodes are called by their row and have ``node_id``, ``x_m`` and ``y_m``; arcs have
    ``length_mm``, ``edge_id`` and ``arc``, their row in ``forward``.
    """
    wanted = np.zeros(network.node_count, dtype=bool)
    wanted[slice(None) if subset is None else np.asarray(subset, dtype=np.int64)] = True
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(profile=network.profile)
    for node in np.flatnonzero(wanted):
        graph.add_node(
            int(node),
            node_id=int(network.node_ids[node]),
            x_m=float(network.x_m[node]),
            y_m=float(network.y_m[node]),
        )
    arcs = network.forward
    for arc in np.flatnonzero(wanted[arcs.source] & wanted[arcs.target]):
        graph.add_edge(
            int(arcs.source[arc]),
            int(arcs.target[arc]),
            length_mm=int(arcs.length_mm[arc]),
            edge_id=int(network.edge_ids[arcs.edge[arc]]),
            arc=int(arc),
        )
    return graph
