"""What the map shows, and the list beside it: sites, one figure by area in classes, borders.

The page, its list and the files for the map are all made from the answers here, so that they
cannot differ.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection

from analysis.classes import CLASSINGS, Classes, Classing, ClassingKey, classify
from analysis.domain import SITE_STATUSES, STATUS_GROUPS, SiteStatus, StatusGroup
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services.lists import plain
from app.services.shelf import Shelf, content_key
from data.figures import FIGURES, FigureDefinition, figure, missing_reason
from data.queries.areas import Outline, areas, figure_values, known_figures, outlines
from data.queries.releases import Release
from data.queries.sites import capacity_by_area, sites_on
from geo.frames import Level

#: Types of which a location may be shown.
TYPES_ON_MAP = tuple(entry.key for entry in FACILITY_TYPES if entry.recorded.on_map)
#: What the map shows when nothing is asked: everything that is there or may come.
LIVING_STATUSES = tuple(entry.key for entry in SITE_STATUSES if entry.group.key != "ended")
#: The order in which a sentence names the stages.
GROUPS_IN_ORDER = tuple(STATUS_GROUPS[key] for key in ("in_use", "decided", "plan", "ended"))
DEFAULT_LEVEL: Level = "wijk"
DEFAULT_FIGURE = "inwoners"
DEFAULT_CLASSING: ClassingKey = "quantile"
#: Decimals of a class edge; trailing zeros are not written.
_EDGE_DECIMALS = 4
_MOST_KEPT = 32
_shelf = Shelf(_MOST_KEPT)


@dataclass(frozen=True)
class MapQuestion:
    """What is asked of the map; no types or statuses means the usual ones."""

    on: dt.date
    level: Level = DEFAULT_LEVEL
    figure_key: str | None = DEFAULT_FIGURE
    classing: ClassingKey = DEFAULT_CLASSING
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    area_code: str | None = None
    site_id: int | None = None

    @property
    def asked_types(self) -> tuple[str, ...]:
        """The types to show; never one of which no location may be shown."""
        return tuple(key for key in self.types or TYPES_ON_MAP if key in TYPES_ON_MAP)

    @property
    def asked_statuses(self) -> tuple[str, ...]:
        """The stages to show."""
        return self.statuses or LIVING_STATUSES

    def shows(self, group: StatusGroup) -> bool:
        """Whether sites in this part of their life are shown."""
        return any(SITE_STATUSES[key].group == group for key in self.asked_statuses)


@dataclass(frozen=True)
class MapSite:
    """A site as the list and the map have it."""

    id: int
    name: str
    type: FacilityType
    status: SiteStatus
    capacity_count: int | None
    area_codes: tuple[str, ...]
    place: str
    lon: float
    lat: float

    @property
    def capacity_text(self) -> str:
        """``8 plekken``, or that it is not known."""
        if self.capacity_count is None:
            return "aantal plekken niet bekend"
        unit = self.type.unit if self.capacity_count == 1 else self.type.unit_plural
        return f"{to_dutch(self.capacity_count)} {unit}"


@dataclass(frozen=True)
class ProtectedCount:
    """How many protected sites a wijk has; the point is that of the wijk, for its name."""

    area_code: str
    name: str
    gemeente_name: str
    site_count: int
    lon: float
    lat: float

    @property
    def text(self) -> str:
        """``2 afgeschermde locaties in Oude Stad, Haarlem``."""
        noun = "afgeschermde locatie" if self.site_count == 1 else "afgeschermde locaties"
        where = ", ".join(dict.fromkeys((self.name, self.gemeente_name)))
        return f"{to_dutch(self.site_count)} {noun} in {where}"


@dataclass(frozen=True)
class LegendClass:
    """One step of the legend; ``number`` runs from 1, the lowest."""

    number: int
    label: str
    area_count: int


@dataclass(frozen=True)
class AreaValue:
    """The figure of one area in words; class 0 means no figure, with the reason."""

    code: str
    name: str
    gemeente_name: str
    class_number: int
    value: float | None
    text: str


@dataclass(frozen=True)
class Layer:
    """One figure of every area of the region on one level, in classes."""

    level: Level
    definition: FigureDefinition
    classing: Classing
    legend: tuple[LegendClass, ...]
    unknown_count: int
    values: tuple[AreaValue, ...]
    release: Release


@dataclass(frozen=True)
class MapAnswer:
    """What the map and its list hold, whatever is chosen on it; made once and kept.

    ``figures`` are the key and the label of each figure to choose.
    """

    sites: tuple[MapSite, ...]
    protected_count: int
    protected: tuple[ProtectedCount, ...]
    layer: Layer | None
    figures: tuple[tuple[str, str], ...]


def map_answer(
    connection: Connection, release: Release, question: MapQuestion, mark: str
) -> MapAnswer:
    """The answer to a question; ``mark`` is that of everything public (see ``public_mark``)."""
    asked = without_selection(question)
    key = content_key(connection, release, mark, asked)
    return _shelf.keep(key, lambda: _answer(connection, release, asked))


def _answer(connection: Connection, release: Release, asked: MapQuestion) -> MapAnswer:
    figure_key, chosen = asked.figure_key, figures_to_choose(connection, release, asked)
    return MapAnswer(
        tuple(map_sites(connection, release, asked)),
        protected_count(connection, release, asked),
        tuple(protected_counts(connection, release, asked)),
        None
        if figure_key is None
        else figure_layer(connection, release, asked.level, figure_key, asked.classing),
        tuple((entry.key, entry.label) for entry in chosen),
    )


def figures_to_choose(
    connection: Connection, release: Release, question: MapQuestion
) -> list[FigureDefinition]:
    """The figures that some area of the level has, and the one asked for, in registry order."""
    known = {*known_figures(connection, release.id, question.level), question.figure_key}
    return [entry for entry in FIGURES if entry.key in known]


def map_sites(connection: Connection, release: Release, question: MapQuestion) -> list[MapSite]:
    """The wholly public sites of the region that the question asks for, by name."""
    rows = sites_on(
        connection, release.id, question.on, question.asked_types, question.asked_statuses
    )
    return [_site(row) for row in rows[rows["in_region"]].itertuples()]


def _site(row: tuple[object, ...]) -> MapSite:
    facts = row._asdict()  # type: ignore[attr-defined]
    names = [facts[f"{level}_name"] for level in ("wijk", "gemeente")]
    codes = [facts[f"{level}_code"] for level in ("gemeente", "wijk", "buurt")]
    capacity = facts["capacity_count"]
    return MapSite(
        id=int(facts["Index"]),
        name=facts["name"],
        type=FACILITY_TYPES[facts["type"]],
        status=SITE_STATUSES[facts["status"]],
        capacity_count=None if pd.isna(capacity) else int(capacity),
        area_codes=tuple(code for code in codes if isinstance(code, str)),
        place=", ".join(dict.fromkeys(name for name in names if isinstance(name, str))),
        lon=float(facts["lon"]),
        lat=float(facts["lat"]),
    )


def protected_count(connection: Connection, release: Release, question: MapQuestion) -> int:
    """How many protected sites the question means; no list has one of its own."""
    counted = capacity_by_area(
        connection,
        release.id,
        "gemeente",
        question.on,
        question.asked_types,
        question.asked_statuses,
    )
    return int(counted["protected_site_count"].sum())


def protected_counts(
    connection: Connection, release: Release, question: MapQuestion
) -> list[ProtectedCount]:
    """The wijken with protected sites that the question means, by gemeente and name.

    They stand at the label point of the wijk, which follows from its border alone.
    """
    counted = capacity_by_area(
        connection,
        release.id,
        "wijk",
        question.on,
        question.asked_types,
        question.asked_statuses,
    )["protected_site_count"]
    wijken = areas(connection, release.id, "wijk", region_only=True)
    rows = wijken.join(counted[counted > 0], how="inner").reset_index().to_dict("records")
    found = [
        ProtectedCount(
            str(row["area_code"]),
            str(row["name"]),
            str(row["gemeente_name"]),
            int(row["protected_site_count"]),
            float(row["lon"]),
            float(row["lat"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda entry: (plain(entry.gemeente_name), plain(entry.name)))


def counts_sentence(place: str, sites: Iterable[MapSite], question: MapQuestion) -> str:
    """One sentence, like: In de regio: 38 locaties in gebruik en 12 in voorbereiding."""
    listed = list(sites)
    groups = [group for group in GROUPS_IN_ORDER if question.shows(group)]
    counts = [(group, sum(site.status.group == group for site in listed)) for group in groups]
    parts = [f"{to_dutch(count)} {group.label.lower()}" for group, count in counts if count]
    if not parts:
        return f"In {place} zijn geen locaties die bij uw keuze passen."
    first_count = next(count for _, count in counts if count)
    noun = "locatie" if first_count == 1 else "locaties"
    number, _, rest = parts[0].partition(" ")
    return f"In {place}: {_joined([f'{number} {noun} {rest}', *parts[1:]])}."


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def figure_layer(
    connection: Connection,
    release: Release,
    level: Level,
    figure_key: str,
    classing: ClassingKey = DEFAULT_CLASSING,
) -> Layer:
    """The figure of every area of the region, each in one of at most five classes."""
    definition = figure(figure_key)
    rows = figure_values(connection, release.id, level, figure_key, region_only=True)
    classes = classify(rows["value"], classing)
    return Layer(
        level,
        definition,
        CLASSINGS[classing],
        legend=_legend(classes, definition, rows["value"]),
        unknown_count=classes.unknown_count,
        values=tuple(_area_values(rows, classes, definition)),
        release=release,
    )


def _legend(
    classes: Classes, definition: FigureDefinition, values: pd.Series
) -> tuple[LegendClass, ...]:
    step = _smallest_step(classes, definition, values)
    bounds = zip(classes.bounds, classes.area_counts, strict=True)
    return tuple(
        LegendClass(number, _bounds_text(low, high, step if number > 1 else 0.0), count)
        for number, ((low, high), count) in enumerate(bounds, start=1)
    )


def _smallest_step(classes: Classes, definition: FigureDefinition, values: pd.Series) -> float:
    """By how much values differ at least; 0 when they and the edges are not in such steps."""
    step = 10.0**-definition.decimals
    in_steps = pd.concat([values.dropna(), pd.Series(classes.edges, dtype="float64")]) / step
    return step if bool(((in_steps - in_steps.round()).abs() < 1e-6).all()) else 0.0


def _bounds_text(low: float, high: float, step: float) -> str:
    """A class begins one step above the edge, which belongs to the class below."""
    low_text, high_text = to_dutch(low + step, _EDGE_DECIMALS), to_dutch(high, _EDGE_DECIMALS)
    return low_text if low_text == high_text else f"{low_text} t/m {high_text}"


def _area_values(
    rows: pd.DataFrame, classes: Classes, definition: FigureDefinition
) -> Iterable[AreaValue]:
    numbers = (classes.class_index + 1).fillna(0).astype(int)
    for row in (
        rows.assign(number=numbers)
        .sort_values(["gemeente_name", "name"], key=lambda names: names.map(plain))
        .itertuples()
    ):
        known = int(str(row.number)) > 0
        value = float(str(row.value)) if known else None
        reason = "" if known else missing_reason(str(row.reason)).label
        yield AreaValue(
            code=str(row.Index),
            name=str(row.name),
            gemeente_name=str(row.gemeente_name),
            class_number=int(str(row.number)),
            value=value,
            text=to_dutch(value, definition.decimals) if known else f"geen cijfer ({reason})",
        )


def borders(connection: Connection, release: Release, level: Level) -> bytes:
    """The borders of a level as compact GeoJSON.

    Gemeenten with those of the rim and with a point for their name; of wijken and buurten
    only those of the region: the rim is drawn by gemeente. Properties: ``n`` name, ``r``
    whether in the region, ``p`` the point for the name.
    """
    shapes = [
        shape
        for shape in outlines(connection, release.id, level)
        if shape.in_region or level == "gemeente"
    ]
    points = _label_points(connection, release) if level == "gemeente" else {}
    features = ",".join(_feature(shape, points.get(shape.area_code)) for shape in shapes)
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()


def _feature(shape: Outline, point: tuple[float, float] | None) -> str:
    at = f',"p":[{point[0]:.5f},{point[1]:.5f}]' if point else ""
    code, name = (json.dumps(text, ensure_ascii=False) for text in (shape.area_code, shape.name))
    return (
        f'{{"type":"Feature","id":{code},'
        f'"properties":{{"n":{name},"r":{int(shape.in_region)}{at}}},'
        f'"geometry":{shape.geojson}}}'
    )


def _label_points(connection: Connection, release: Release) -> dict[str, tuple[float, float]]:
    places = areas(connection, release.id, "gemeente", region_only=True)
    return {
        str(code): (float(lon), float(lat))
        for code, lon, lat in zip(places.index, places["lon"], places["lat"], strict=True)
    }


def without_selection(question: MapQuestion) -> MapQuestion:
    """The same view with nothing chosen on it."""
    return replace(question, area_code=None, site_id=None)
