"""Small files of OpenStreetMap, written by the tests themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

from geo.crs import to_wgs84

Tags = Mapping[str, str]
STREET: Tags = {"highway": "residential"}


def write_osm(
    path: Path,
    places: Mapping[int, tuple[float, float]],
    ways: Iterable[tuple[int, Sequence[int], Tags]],
    *,
    node_tags: Mapping[int, Tags] | None = None,
    relations: Iterable[tuple[int, Sequence[tuple[str, int, str]], Tags]] = (),
) -> Path:
    """A PBF file with these nodes (longitude, latitude), ways and relations."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for node_id, lonlat in sorted(places.items()):
            own = dict((node_tags or {}).get(node_id, {}))
            writer.add_node(Node(id=node_id, version=1, location=lonlat, tags=own))
        for way_id, node_ids, tags in ways:
            writer.add_way(Way(id=way_id, version=1, nodes=list(node_ids), tags=dict(tags)))
        for relation_id, members, tags in relations:
            writer.add_relation(
                Relation(id=relation_id, version=1, members=list(members), tags=dict(tags))
            )
    return path


def in_rd(points_m: Mapping[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Places in RD as the degrees of a file."""
    return {node_id: to_wgs84(x_m, y_m) for node_id, (x_m, y_m) in points_m.items()}


def street_grid(
    x_min_m: int, y_min_m: int, columns: int, rows: int, step_m: int
) -> tuple[dict[int, tuple[float, float]], list[tuple[int, list[int], Tags]]]:
    """Nodes in a grid (numbered from 1, row by row) with a way along each row and column."""
    points = {
        1 + row * columns + column: (x_min_m + column * step_m, y_min_m + row * step_m)
        for row in range(rows)
        for column in range(columns)
    }
    along = [[1 + row * columns + column for column in range(columns)] for row in range(rows)]
    lines = [*along, *(list(line) for line in zip(*along, strict=True))]
    ways = [(number, line, STREET) for number, line in enumerate(lines, start=1)]
    return in_rd(points), ways
