"""Streets, amenities and ground of one OpenStreetMap file as checked frames, with notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from data.faults import refuse
from data.progress import Progress, silent
from data.sources.osm_amenities import to_amenities
from data.sources.osm_graph import SMALL_PART_NODES, StreetGraph, build_graph, way_id_of
from data.sources.osm_ground import to_ground
from data.sources.osm_pbf import Floats, NodePlaces, StreetWays, TagSets, Wanted, read_objects
from data.sources.secrets import SecretWords
from geo.crs import RD_EPSG, degrees_to_metres, local_epsg
from geo.street_pieces import LONGEST_PIECE_M, StreetPieces, cut_streets, street_id_of
from geo.units import M_PER_KM


@dataclass(frozen=True)
class OsmNetwork:
    """The graph of a file, its amenities and ground, and what to tell and to note.

    ``streets`` run from crossing to crossing; ``pieces`` are the same streets cut for use.
    """

    streets: StreetGraph
    pieces: StreetPieces
    amenities: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    facts: tuple[str, ...]
    notes: tuple[str, ...]


def way_of(edge_id: int) -> int:
    """The number in OpenStreetMap of the way that a piece of street is in."""
    return way_id_of(street_id_of(edge_id))


def read_osm(
    path: Path,
    categories: Mapping[str, TagSets],
    secret: SecretWords,
    *,
    ground: Mapping[str, TagSets] | None = None,
    within: shapely.Geometry | None = None,
    progress: Progress = silent,
) -> OsmNetwork:
    """The streets and amenities of a file, and its ``ground``. Raises Refused for a bad file.

    With ``within``, an area in RD, only streets that come into it, and amenities and ground in
    it. Without it everything, in RD when the file is of the Netherlands and else in a local
    system.
    """
    objects = read_objects(path, Wanted(categories, ground or {}), progress)
    places, ways = objects.places, objects.streets
    lon, lat = places.lonlat[np.isfinite(places.lonlat).all(axis=1)].T
    if not ways.way_ids or not len(lon):
        raise refuse(f"Er staan geen straten in {path.name}. Kies een ander bestand.")
    epsg = local_epsg(lon, lat) if within is None else RD_EPSG
    xy_m = degrees_to_metres(places.lonlat, epsg)
    progress("Straten aan elkaar knopen")
    if within is not None:
        shapely.prepare(within)
        ways = _ways_within(ways, places, xy_m, within)
        if not ways.way_ids:
            raise refuse(_elsewhere(path, lon, lat))
    streets = build_graph(ways, places, xy_m, epsg)
    pieces = cut_streets(streets.nodes, streets.edges)
    progress("Voorzieningen op hun plek zetten")
    found = to_amenities(objects.features, places, xy_m, epsg, secret, within)
    progress("Vlakken op hun plek zetten")
    land = to_ground(objects.surfaces, places, xy_m, epsg, secret, within)
    notes = (
        *_street_notes(streets),
        *_left_out_notes(found.placeless_count, found.secret_count),
        *_open_notes(land.open_count),
    )
    facts = _street_facts(streets, pieces)
    return OsmNetwork(streets, pieces, found.frame, land.frame, facts, notes)


def _elsewhere(path: Path, lon: Floats, lat: Floats) -> str:
    where = [f"{np.median(degrees):.1f}".replace(".", ",") for degrees in (lon, lat)]
    return (
        f"{path.name} ligt niet in de regio, maar rond lengtegraad {where[0]} en breedtegraad "
        f"{where[1]}. Kies een bestand met de hele regio, bijvoorbeeld van Noord-Holland."
    )


def _ways_within(
    ways: StreetWays, places: NodePlaces, xy_m: Floats, area: shapely.Geometry
) -> StreetWays:
    """The ways with at least one node in the area; they stay whole."""
    counts = np.asarray(ways.node_counts, dtype=np.int64)
    inside = shapely.contains_xy(area, xy_m)[places.rows_of(ways.node_ids)]
    owner = np.repeat(np.arange(len(counts)), counts)
    kept = np.bincount(owner[inside], minlength=len(counts)) > 0
    chosen = StreetWays()
    chosen.way_ids.frombytes(np.asarray(ways.way_ids)[kept].tobytes())
    chosen.rules.frombytes(np.asarray(ways.rules).reshape(-1, 3)[kept].tobytes())
    chosen.node_counts.frombytes(counts[kept].tobytes())
    chosen.node_ids.frombytes(np.asarray(ways.node_ids)[kept[owner]].tobytes())
    return chosen


def _street_facts(streets: StreetGraph, pieces: StreetPieces) -> tuple[str, ...]:
    edges = streets.edges
    cycle = edges["cycle_forward"] | edges["cycle_backward"]
    one_way = edges["cycle_forward"] != edges["cycle_backward"]
    parts = len(streets.part_sizes)
    return (
        f"{_dutch(len(streets.nodes))} kruispunten en {_dutch(len(edges))} straten",
        f"Lange straten zijn geknipt in stukken van hoogstens {_dutch(LONGEST_PIECE_M)} m: samen "
        f"{_dutch(len(pieces.nodes))} punten en {_dutch(len(pieces.edges))} stukken",
        f"{_km(edges, edges['walk'])} km om te lopen, {_km(edges, cycle)} km om te fietsen, "
        f"waarvan {_km(edges, one_way)} km in één richting",
        f"{_dutch(parts)} losse delen" if parts != 1 else "Alles hangt aan elkaar",
        "Hoogteverschil telt niet mee",
    )


def _street_notes(streets: StreetGraph) -> list[str]:
    notes = []
    small = streets.nodes["in_small_part"]
    small_parts = int((streets.part_sizes < SMALL_PART_NODES).sum())
    if small_parts:
        notes.append(
            f"Kleine losse delen (minder dan {SMALL_PART_NODES} kruispunten): "
            f"{_dutch(small_parts)}, samen {_dutch(int(small.sum()))} kruispunten. Vandaar komt "
            "men niet bij de andere straten."
        )
    if streets.barrier_count:
        notes.append(
            f"Hekken en andere afsluitingen waar niet iedereen langs mag: "
            f"{_dutch(streets.barrier_count)}. Daar komt men niet voorbij."
        )
    if streets.lost_count:
        notes.append(
            f"Stukjes straat waarvan de plek niet in het bestand staat: "
            f"{_dutch(streets.lost_count)}. Dat komt voor aan de rand; ze zijn niet geladen."
        )
    return notes


def _left_out_notes(placeless_count: int, secret_count: int) -> list[str]:
    notes = []
    if placeless_count:
        notes.append(f"Voorzieningen zonder plek: {_dutch(placeless_count)}. Niet geladen.")
    if secret_count:
        notes.append(
            f"Voorzieningen waarvan het adres geheim moet blijven: {_dutch(secret_count)}. Niet "
            "geladen."
        )
    return notes


def _open_notes(open_count: int) -> list[str]:
    if not open_count:
        return []
    return [
        f"Vlakken waarvan de rand niet helemaal in het bestand staat: {_dutch(open_count)}. Dat "
        "komt voor aan de rand; ze zijn niet geladen."
    ]


def _km(edges: gpd.GeoDataFrame, chosen: object) -> str:
    return _dutch(edges.loc[chosen, "length_m"].sum() / M_PER_KM)


def _dutch(number: float) -> str:
    return f"{round(number):,}".replace(",", ".")
