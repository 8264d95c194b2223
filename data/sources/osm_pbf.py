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
#: What holds of an area of several ways, also where nobody wrote it down.
_AS_AREA = {"area": "yes"}
#: A ring of three corners names its first node twice.
_FEWEST_NODES = 4


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


@dataclass
class Surface:
    """One piece of ground with its uses: the lines of nodes around it and around its holes.

    ``is_torn`` when the file lacks one of its lines.
    """

    code: str
    kinds: tuple[str, ...]
    name: str | None
    lines: list[array[int]] = field(default_factory=list)
    member_way_ids: tuple[int, ...] = ()
    is_torn: bool = False


@dataclass(frozen=True)
class Wanted:
    """The tags that make a category of amenities, and those that make a use of the ground."""

    categories: Mapping[str, TagSets]
    ground: Mapping[str, TagSets]

    @property
    def point_keys(self) -> tuple[str, ...]:
        """The keys of tags that a point may have."""
        return _keys_of(self.categories)

    @property
    def area_keys(self) -> tuple[str, ...]:
        """The keys of tags that an area may have."""
        return tuple({*_keys_of(self.categories), *_keys_of(self.ground)})


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
    surfaces: list[Surface]
    places: NodePlaces


def read_objects(path: Path, wanted: Wanted, tell: Progress) -> OsmObjects:
    """The streets, amenities and ground of a file. Raises Refused when it can't be read."""
    check_pbf(path)
    try:
        return _read_objects(path, wanted, tell)
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


def _read_objects(path: Path, wanted: Wanted, tell: Progress) -> OsmObjects:
    tell("Wegen zoeken")
    find, find_ground = _finder(wanted.categories), _finder(wanted.ground)
    streets, features, surfaces = _read_ways(path, wanted, find, find_ground)
    if wanted.area_keys:
        tell("Voorzieningen en vlakken zoeken")
        of_relations = _read_areas(path, wanted, find, find_ground)
        features += of_relations[0]
        surfaces += of_relations[1]
        features += _read_points(path, wanted.point_keys, find)
    places = _read_places(path, streets, features, surfaces, tell)
    return OsmObjects(streets, features, surfaces, places)


_Find = Callable[[Mapping[str, str]], tuple[str, ...]]


def _keys_of(tag_sets_of: Mapping[str, TagSets]) -> tuple[str, ...]:
    """One key of each set: what lacks that is not what the set describes."""
    return tuple({pairs[0][0] for sets in tag_sets_of.values() for pairs in sets})


def _finder(tag_sets_of: Mapping[str, TagSets]) -> _Find:
    def find(tags: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            found
            for found, tag_sets in tag_sets_of.items()
            if any(all(tags.get(key) == value for key, value in pairs) for pairs in tag_sets)
        )

    return find


def _read_ways(
    path: Path, wanted: Wanted, find: _Find, find_ground: _Find
) -> tuple[StreetWays, list[Feature], list[Surface]]:
    streets, features, surfaces = StreetWays(), [], []
    for way in _objects(path, WAY, KeyFilter(*STREET_KEYS, *wanted.area_keys)):
        assert isinstance(way, Way)
        tags = dict(way.tags)
        passage = passage_of(tags)
        if passage.is_of_use:
            streets.add(way, passage)
        if categories := find(tags):
            line = [node.ref for node in way.nodes]
            features.append(Feature(f"w{way.id}", categories, tags, lines=[line]))
        if _is_area(way, tags) and (kinds := find_ground(tags)):
            around = array("q", (node.ref for node in way.nodes))
            surfaces.append(Surface(f"w{way.id}", kinds, tags.get("name") or None, [around]))
    return streets, features, surfaces


def _is_area(way: Way, tags: Mapping[str, str]) -> bool:
    return len(way.nodes) >= _FEWEST_NODES and way.is_closed() and tags.get("area") != "no"


def _read_areas(
    path: Path, wanted: Wanted, find: _Find, find_ground: _Find
) -> tuple[list[Feature], list[Surface]]:
    """The areas that are made of several ways: amenities by their outer border, ground by all."""
    features, surfaces = [], []
    for relation in _objects(path, RELATION, KeyFilter(*wanted.area_keys)):
        assert isinstance(relation, Relation)
        tags = dict(relation.tags)
        if tags.get("type") not in _AREA_TYPES:
            continue
        code = f"r{relation.id}"
        if categories := find(tags):
            outer = [m.ref for m in relation.members if m.type == "w" and m.role in _OUTER]
            features.append(Feature(code, categories, tags, member_way_ids=tuple(outer)))
        if kinds := find_ground({**tags, **_AS_AREA}):
            around = tuple(m.ref for m in relation.members if m.type == "w")
            surfaces.append(Surface(code, kinds, tags.get("name") or None, [], around))
    _add_lines(path, features, surfaces)
    return features, surfaces


def _add_lines(path: Path, features: list[Feature], surfaces: list[Surface]) -> None:
    """Give each area the lines of its members, as far as the file has them."""
    asked = [*(f.member_way_ids for f in features), *(s.member_way_ids for s in surfaces)]
    lines = _read_lines(path, {way_id for way_ids in asked for way_id in way_ids})
    for found in features:
        found.lines = [list(lines[way]) for way in found.member_way_ids if way in lines]
    for surface in surfaces:
        surface.lines = [lines[way] for way in surface.member_way_ids if way in lines]
        surface.is_torn = len(surface.lines) < max(1, len(surface.member_way_ids))


def _read_lines(path: Path, way_ids: set[int]) -> dict[int, array[int]]:
    """The nodes of these ways."""
    if not way_ids:
        return {}
    lines = {}
    for way in _objects(path, WAY, IdFilter(way_ids)):
        assert isinstance(way, Way)
        lines[way.id] = array("q", (node.ref for node in way.nodes))
    return lines


def _read_points(path: Path, keys: tuple[str, ...], find: _Find) -> list[Feature]:
    if not keys:
        return []
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
    path: Path,
    streets: StreetWays,
    features: Iterable[Feature],
    surfaces: Iterable[Surface],
    tell: Progress,
) -> NodePlaces:
    of_areas = array("q")
    for feature in features:
        for line in feature.lines:
            of_areas.extend(line)
    for surface in surfaces:
        for around in surface.lines:
            of_areas.extend(around)
    wanted = np.unique(np.concatenate([_whole(streets.node_ids), _whole(of_areas)]))
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
