"""Distances along the streets once more, by networkx and loops: slow, and easy to believe."""

from __future__ import annotations

import math
from collections.abc import Iterable

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

FAR_M = 250.0
SMALL_COMPONENT_NODES = 20
Node = int | str


class StreetTwin:
    """One way of travelling over frames of streets; distances in whole millimetres."""

    def __init__(self, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, profile: str) -> None:
        self.graph: nx.DiGraph[Node] = nx.DiGraph()
        self.graph.add_nodes_from(int(node) for node in nodes.index)
        for edge in edges.drop(columns="geometry").to_dict("records"):
            there = bool(edge["walk"] if profile == "walk" else edge["cycle_forward"])
            back = bool(edge["walk"] if profile == "walk" else edge["cycle_backward"])
            start, stop = int(edge["from_node_id"]), int(edge["to_node_id"])
            length_mm = round(float(edge["length_m"]) * 1000)
            if there:
                self._add(start, stop, length_mm)
            if back:
                self._add(stop, start, length_mm)
        groups = nx.weakly_connected_components(self.graph)
        wanted = sorted(
            node
            for group in groups
            if sum(int(node) < 2**50 for node in group) >= SMALL_COMPONENT_NODES
            for node in group
        )
        self.nodes = np.array(wanted)
        places = nodes.geometry.loc[self.nodes]
        self.x_m, self.y_m = places.x.to_numpy(), places.y.to_numpy()

    def _add(self, start: int, stop: int, length_mm: int) -> None:
        known = self.graph.get_edge_data(start, stop)
        if known is None or length_mm < known["mm"]:
            self.graph.add_edge(start, stop, mm=length_mm)

    def snap(self, x_m: float, y_m: float) -> tuple[int, int] | None:
        """The nearest node and the way to it in mm; None when it is too far."""
        distances = np.hypot(self.x_m - x_m, self.y_m - y_m)
        row = int(distances.argmin())
        if distances[row] > FAR_M:
            return None
        return int(self.nodes[row]), round(float(distances[row]) * 1000)

    def to_nearest(self, points: gpd.GeoSeries, places: Iterable[tuple[float, float]]) -> pd.Series:
        """Metres from each point to the nearest place: NaN when far, infinite without a way."""
        turned = self.graph.reverse()
        for x_m, y_m in places:
            found = self.snap(x_m, y_m)
            if found is None:
                continue
            node, offset_mm = found
            known = turned.get_edge_data("start", node)
            if known is None or offset_mm < known["mm"]:
                turned.add_edge("start", node, mm=offset_mm)
        turned.add_node("start")
        reached = nx.single_source_dijkstra_path_length(turned, "start", weight="mm")
        metres = []
        for point in points:
            here = self.snap(point.x, point.y)
            whole_mm = math.nan if here is None else reached.get(here[0], math.inf) + here[1]
            metres.append(whole_mm / 1000)
        return pd.Series(metres, index=points.index)


def quantile_by_hand(minutes: pd.Series, residents: pd.Series, part: float) -> float:
    """The minutes of the resident at this part of a row of all residents, nearest first."""
    known = minutes.dropna().index
    everybody = sorted(
        value for point in known for value in [minutes[point]] * int(residents[point])
    )
    if not everybody:
        return math.nan
    found = everybody[math.ceil(round(part * len(everybody), 9)) - 1]
    return math.nan if math.isinf(found) else float(found)
