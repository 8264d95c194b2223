"""Reading an .osm.pbf file in passes, so that only what is needed is ever in memory.

First the relations and ways that are wanted, then the places of the nodes that they name.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
from osmium.filter import IdFilter, KeyFilter
from osmium.osm import NODE, RELATION, WAY, Node, Relation, Way
from osmium.osm.types import OSMEntity

from data.faults import refuse
from data.progress import Progress
from data.sources.geopackages import check_file
from data.sources.osm_streets import EVERYWHERE, STREET_KEYS, Passage, passage_of, passage_past

Wholes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: The tags that make a category of amenities: all pairs of any one set.
TagSets = tuple[tuple[tuple[str, str], ...], ...]

#: Every PBF file of OpenStreetMap begins with a block that is called so.
_FIRST_BLOCK = b"OSMHeader"
_FIRST_BYTES = 64
#: Numbers of nodes looked up in one pass. Their filter takes 1 bit each: at most 512 MB.
_IDS_PER_PASS = 1 << 32
_AREA_TYPES = ("multipolygon", "boundary")
_OUTER = ("outer", "")


@dataclass
class StreetWays:
    """The streets of a file: per way its number, what one may do and the numbers of its nodes.

    ``rules`` has three marks a way: walk, cycle forward, cycle backward. All ways stand behind
    each other, so that a million of them fit in memory.
    """

    way_ids: array[int] = field(default_factory=lambda: array("q"))
    rules: array[int] = field(default_factory=lambda: array("b"))
    node_counts: array[int] = field(default_factory=lambda: array("q"))
    node_ids: array[int] = field(default_factory=lambda: array("q"))

    def add(self, way: Way, passage: Passage) -> None:
        """Add one way."""
        nodes = [node.ref for node in way.nodes]
        self.way_ids.append(way.id)
        self.rules.extend((passage.walk, passage.cycle_forward, passage.cycle_backward))
        self.node_counts.append(len(nodes))
        self.node_ids.extend(nodes)


@dataclass
class Feature:
    """One thing that is an amenity: a point has a place, a line or area has lines of nodes."""

    code: str
    categories: tuple[str, ...]
    tags: Mapping[str, str]
    lonlat: tuple[float, float] | None = None
    lines: list[list[int]] = field(default_factory=list)
    member_way_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class NodePlaces:
    """The places of nodes in degrees; NaN for a node that the file names but lacks.

    ``barriers`` are the nodes that not everybody may pass.
    """

    node_ids: Wholes
    lonlat: Floats
    barriers: dict[int, Passage] = field(default_factory=dict)

    def rows_of(self, node_ids: Sequence[int] | Wholes) -> Wholes:
        """The row of each of these nodes, all of which were asked for."""
        wanted = np.asarray(node_ids, dtype=np.int64)
        return np.asarray(np.searchsorted(self.node_ids, wanted), dtype=np.int64)


@dataclass(frozen=True)
class OsmObjects:
    """What was wanted from a file."""

    streets: StreetWays
    features: list[Feature]
    places: NodePlaces


def read_objects(path: Path, categories: Mapping[str, TagSets], tell: Progress) -> OsmObjects:
    """The streets and amenities of a file. Raises Refused for a file that can't be read."""
    check_pbf(path)
    try:
        return _read_objects(path, categories, tell)
    except (RuntimeError, OSError, ValueError) as error:
        raise refuse(
            f"{path.name} is beschadigd of niet helemaal gedownload. Haal het opnieuw op."
        ) from error


def check_pbf(path: Path) -> None:
    """Return when the file is a PBF of OpenStreetMap; raise Refused in words if not."""
    check_file(path)
    try:
        with path.open("rb") as file:
            first = file.read(_FIRST_BYTES)
    except OSError as error:
        raise refuse(f"{path.name} is niet te lezen. Kijk of u het mag openen.") from error
    if _FIRST_BLOCK not in first:
        raise refuse(
            f"{path.name} is geen bestand van OpenStreetMap. Kies een bestand dat eindigt op "
            ".osm.pbf, bijvoorbeeld van download.geofabrik.de."
        )


def day_of(path: Path) -> str | None:
    """The day of the data as ``2016-11-09``, where the file says it."""
    try:
        header = osmium.io.Reader(_pbf(path), osmium.osm.NOTHING).header()
    except (RuntimeError, OSError):
        return None
    return header.get("osmosis_replication_timestamp")[:10] or None


def _read_objects(path: Path, categories: Mapping[str, TagSets], tell: Progress) -> OsmObjects:
    tell("Wegen zoeken")
    find = _category_finder(categories)
    keys = tuple({key for sets in categories.values() for pairs in sets for key, _ in pairs})
    streets, features = _read_ways(path, keys, find)
    if keys:
        tell("Voorzieningen zoeken")
        features += _read_areas(path, keys, find)
        features += _read_points(path, keys, find)
    return OsmObjects(streets, features, _read_places(path, streets, features, tell))


def _category_finder(
    categories: Mapping[str, TagSets],
) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    def find(tags: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            category
            for category, tag_sets in categories.items()
            if any(all(tags.get(key) == value for key, value in pairs) for pairs in tag_sets)
        )

    return find


_Find = Callable[[Mapping[str, str]], tuple[str, ...]]


def _read_ways(path: Path, keys: tuple[str, ...], find: _Find) -> tuple[StreetWays, list[Feature]]:
    streets, features = StreetWays(), []
    for way in _objects(path, WAY, KeyFilter(*STREET_KEYS, *keys)):
        assert isinstance(way, Way)
        tags = dict(way.tags)
        passage = passage_of(tags)
        if passage.is_of_use:
            streets.add(way, passage)
        if categories := find(tags):
            line = [node.ref for node in way.nodes]
            features.append(Feature(f"w{way.id}", categories, tags, lines=[line]))
    return streets, features


def _read_areas(path: Path, keys: tuple[str, ...], find: _Find) -> list[Feature]:
    """The areas that are made of several ways, with the lines of their outer border."""
    features = []
    for relation in _objects(path, RELATION, KeyFilter(*keys)):
        assert isinstance(relation, Relation)
        tags = dict(relation.tags)
        categories = find(tags)
        if categories and tags.get("type") in _AREA_TYPES:
            outer = [m.ref for m in relation.members if m.type == "w" and m.role in _OUTER]
            code = f"r{relation.id}"
            features.append(Feature(code, categories, tags, member_way_ids=tuple(outer)))
    lines = _read_lines(path, {way_id for found in features for way_id in found.member_way_ids})
    for found in features:
        found.lines = [lines[way_id] for way_id in found.member_way_ids if way_id in lines]
    return features


def _read_lines(path: Path, way_ids: set[int]) -> dict[int, list[int]]:
    """The nodes of these ways."""
    if not way_ids:
        return {}
    lines = {}
    for way in _objects(path, WAY, IdFilter(way_ids)):
        assert isinstance(way, Way)
        lines[way.id] = [node.ref for node in way.nodes]
    return lines


def _read_points(path: Path, keys: tuple[str, ...], find: _Find) -> list[Feature]:
    features = []
    for node in _objects(path, NODE, KeyFilter(*keys)):
        assert isinstance(node, Node)
        tags = dict(node.tags)
        categories = find(tags)
        if categories and node.location.valid():
            place = (node.lon, node.lat)
            features.append(Feature(f"n{node.id}", categories, tags, lonlat=place))
    return features


def _read_places(
    path: Path, streets: StreetWays, features: Iterable[Feature], tell: Progress
) -> NodePlaces:
    of_features = array("q")
    for found in features:
        for line in found.lines:
            of_features.extend(line)
    wanted = np.unique(np.concatenate([_whole(streets.node_ids), _whole(of_features)]))
    places = NodePlaces(wanted, np.full((len(wanted), 2), np.nan))
    groups = _groups(wanted[wanted > 0])
    for number, group in enumerate(groups, start=1):
        tell(f"Plekken van de wegen opzoeken, deel {number} van {len(groups)}")
        ids, degrees = array("q"), array("d")
        for node in _objects(path, NODE, IdFilter(group.tolist())):
            assert isinstance(node, Node)
            if node.location.valid():
                ids.append(node.id)
                degrees.extend((node.lon, node.lat))
            if "barrier" in node.tags:
                passage = passage_past(dict(node.tags))
                if passage != EVERYWHERE:
                    places.barriers[node.id] = passage
        if ids:
            places.lonlat[places.rows_of(ids)] = np.frombuffer(degrees).reshape(-1, 2)
    return places


def _whole(numbers: array[int]) -> Wholes:
    return np.asarray(numbers, dtype=np.int64)


def _groups(node_ids: Wholes) -> list[Wholes]:
    """The nodes in groups that a filter of bounded size can hold."""
    numbers = node_ids // _IDS_PER_PASS
    return [node_ids[numbers == number] for number in np.unique(numbers)]


def _objects(path: Path, kind: osmium.osm.osm_entity_bits, wanted: object) -> Iterator[OSMEntity]:
    yield from osmium.FileProcessor(_pbf(path), kind).with_filter(wanted)


def _pbf(path: Path) -> osmium.io.File:
    return osmium.io.File(str(path), "pbf")
