"""The frames in which ``data`` and ``analysis`` speak to each other.

A frame is a pandas or geopandas table with promised columns. ``check`` returns the frame
when it keeps its promise and raises ``FrameError`` naming *every* breach when it does not.
Geometry is in RD New (metres). Unknown is NaN or <NA>, never 0.

A network of streets abroad can be read and measured as well, though never stored: its frames
are in a local system in metres, and ``check`` is then told which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import RD_EPSG
from geo.errors import FrameError

Kind = Literal["text", "whole", "number", "date", "bool"]
SomeFrame = TypeVar("SomeFrame", bound=pd.DataFrame)
Level = Literal["gemeente", "wijk", "buurt"]
LEVELS: tuple[Level, ...] = ("gemeente", "wijk", "buurt")
#: The years that a task may be for, both included.
FIRST_TASK_YEAR, LAST_TASK_YEAR = 2000, 2100
#: What the whole region is called where it has a count beside its gemeenten.
REGION_CODE = "regio"


@dataclass(frozen=True)
class Column:
    """One promised column: its kind, whether unknown is allowed and its closed range."""

    kind: Kind
    nullable: bool = False
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Frame:
    """A promised frame: unique index, columns, and which geometry types if any."""

    name: str
    index: str
    columns: Mapping[str, Column]
    geometry: tuple[str, ...] | None = None
    also_unique: tuple[str, ...] = field(default=())


AREAS = Frame(
    "areas",
    index="area_code",
    columns={
        "level": Column("text", one_of=LEVELS),
        "name": Column("text"),
        "gemeente_code": Column("text"),
        "gemeente_name": Column("text"),
        "wijk_code": Column("text", nullable=True),
        "in_region": Column("bool"),
        "is_water": Column("bool"),
        "land_area_ha": Column("number", nullable=True, at_least=0),
    },
    geometry=("Polygon", "MultiPolygon"),
)

#: Long form, one row a figure: exactly one of ``value`` and ``reason`` is known.
FIGURES = Frame(
    "figures",
    index="",
    columns={
        "area_code": Column("text"),
        "figure": Column("text"),
        "value": Column("number", nullable=True),
        "reason": Column("text", nullable=True),
    },
    also_unique=("area_code", "figure"),
)

SITES = Frame(
    "sites",
    index="site_code",
    columns={
        "name": Column("text"),
        "type": Column("text"),
        "provider": Column("text", nullable=True),
        "address": Column("text", nullable=True),
        "description": Column("text", nullable=True),
        "publication": Column("text"),
        "valid_from": Column("date", nullable=True),
        "valid_to": Column("date", nullable=True),
    },
    geometry=("Point",),
)

#: The life of a site: what was so from ``from_date`` until the next row of the same site.
SITE_STATES = Frame(
    "site states",
    index="",
    columns={
        "site_code": Column("text"),
        "from_date": Column("date"),
        "status": Column("text"),
        "capacity_count": Column("whole", nullable=True, at_least=0),
        "reason": Column("text", nullable=True),
    },
    also_unique=("site_code", "from_date"),
)

AMENITIES = Frame(
    "amenities",
    index="amenity_code",
    columns={"category": Column("text"), "name": Column("text", nullable=True)},
    geometry=("Point",),
)

#: Pieces of ground by their use; pieces may overlap, also of one use.
LAND_USE = Frame(
    "land use",
    index="land_code",
    columns={"kind": Column("text"), "name": Column("text", nullable=True)},
    geometry=("Polygon", "MultiPolygon"),
)

POPULATION_POINTS = Frame(
    "population points",
    index="point_code",
    columns={"resident_count": Column("number", at_least=0)},
    geometry=("Point",),
)

#: How many places of a type a gemeente needs from a year on, until its next row of that type.
TASKS = Frame(
    "tasks",
    index="",
    columns={
        "gemeente_code": Column("text"),
        "type": Column("text"),
        "from_year": Column("whole", at_least=FIRST_TASK_YEAR, at_most=LAST_TASK_YEAR),
        "place_count": Column("whole", at_least=0),
    },
    also_unique=("gemeente_code", "type", "from_year"),
)

#: How many homes of single people of a type an area has.
HOMES = Frame(
    "homes",
    index="",
    columns={
        "area_code": Column("text"),
        "type": Column("text"),
        "home_count": Column("whole", at_least=0),
    },
    also_unique=("area_code", "type"),
)

STREET_NODES = Frame("street nodes", index="node_id", columns={}, geometry=("Point",))

STREET_EDGES = Frame(
    "street edges",
    index="edge_id",
    columns={
        "from_node_id": Column("whole", at_least=0),
        "to_node_id": Column("whole", at_least=0),
        "length_m": Column("number", at_least=0),
        "walk": Column("bool"),
        "cycle_forward": Column("bool"),
        "cycle_backward": Column("bool"),
    },
    geometry=("LineString",),
)


def check(frame: SomeFrame, promise: Frame, *, epsg: int = RD_EPSG) -> SomeFrame:
    """The frame itself when it keeps ``promise``; otherwise FrameError with every breach.

    ``epsg`` is the system of its geometry: RD New, and another only outside the Netherlands.
    """
    breaches = _index_breaches(frame, promise)
    for name, column in promise.columns.items():
        breaches += _column_breaches(frame, name, column)
    if promise.geometry is not None:
        breaches += _geometry_breaches(frame, promise.geometry, epsg)
    if breaches:
        raise FrameError(promise.name, breaches)
    return frame


def _index_breaches(frame: pd.DataFrame, promise: Frame) -> list[str]:
    breaches = []
    if promise.index and frame.index.name != promise.index:
        breaches.append(f"the index is called {frame.index.name!r}, not {promise.index!r}")
    if promise.index and not frame.index.is_unique:
        breaches.append(f"{int(frame.index.duplicated().sum())} index values occur twice")
    if promise.also_unique and set(promise.also_unique) <= set(frame.columns):
        doubled = int(frame.duplicated(list(promise.also_unique)).sum())
        if doubled:
            breaches.append(f"{doubled} rows repeat {' + '.join(promise.also_unique)}")
    return breaches


def _column_breaches(frame: pd.DataFrame, name: str, column: Column) -> list[str]:
    if name not in frame.columns:
        return [f"column {name!r} is missing"]
    values = frame[name]
    breaches = []
    unknown = int(values.isna().sum())
    if unknown and not column.nullable:
        breaches.append(f"column {name!r} has {unknown} unknown values")
    known = values.dropna()
    if len(known) and not _is_of_kind(known, column.kind):
        return [*breaches, f"column {name!r} is {values.dtype}, not {column.kind}"]
    if column.at_least is not None and len(known) and (known < column.at_least).any():
        breaches.append(f"column {name!r} goes below {column.at_least:g}")
    if column.at_most is not None and len(known) and (known > column.at_most).any():
        breaches.append(f"column {name!r} goes above {column.at_most:g}")
    if column.one_of is not None and not known.isin(column.one_of).all():
        strange = sorted(set(known) - set(column.one_of))
        breaches.append(f"column {name!r} holds {strange}, not one of {list(column.one_of)}")
    return breaches


def _is_of_kind(known: pd.Series, kind: Kind) -> bool:
    api = pd.api.types
    if kind == "text":
        return bool(known.map(lambda value: isinstance(value, str)).all())
    if kind == "bool":
        return bool(api.is_bool_dtype(known))
    if kind == "date":
        return bool(known.map(lambda value: hasattr(value, "year")).all())
    if not api.is_numeric_dtype(known) or api.is_bool_dtype(known):
        return False
    return kind == "number" or bool((np.mod(known.astype(float), 1) == 0).all())


def _geometry_breaches(frame: pd.DataFrame, types: tuple[str, ...], epsg: int) -> list[str]:
    if not isinstance(frame, gpd.GeoDataFrame) or "geometry" not in frame.columns:
        return ["there is no geometry"]
    breaches = []
    if frame.crs is None or frame.crs.to_epsg() != epsg:
        wanted = "RD New" if epsg == RD_EPSG else f"EPSG:{epsg}"
        breaches.append(f"the coordinate system is {frame.crs}, not {wanted}")
    missing = int(frame.geometry.isna().sum() + frame.geometry.is_empty.sum())
    if missing:
        breaches.append(f"{missing} geometries are missing or empty")
    strange = sorted(set(frame.geom_type.dropna()) - set(types))
    if strange:
        breaches.append(f"geometry types {strange}, not {list(types)}")
    return breaches
