"""From the three layers of CBS (gemeenten, wijken, buurten) to the frames AREAS and FIGURES.

The layers may come from a file or from the API, of this year or of an old one: columns are
found by any of their names, without regard to capitals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.faults import Fault, Refused, check_none
from data.figures import FIGURES
from data.sources.cbs_figures import figure_faults, to_figures, to_numbers
from data.sources.cbs_layers import CODE_COLUMN, LAYER_NAMES
from data.sources.cbs_shapes import to_rd_polygons
from data.sources.cbs_wijken_buurten import REGION_CODES
from geo.frames import AREAS, LEVELS, Level, check
from geo.frames import FIGURES as FIGURES_FRAME

#: Areas outside the region are kept up to this distance from it, metres: 5 km for
#: the daily life that reaches over the border, and some room for borders drawn roughly.
RIM_M = 6_000.0
_CODE_PATTERN: Mapping[Level, str] = {
    "gemeente": r"GM\d{4}",
    "wijk": r"WK\d{4}[0-9A-Z]{2}",
    "buurt": r"BU\d{4}[0-9A-Z]{4}",
}
_PARENTS: tuple[tuple[Level, Level], ...] = (
    ("wijk", "gemeente"),
    ("buurt", "gemeente"),
    ("buurt", "wijk"),
)
_EXAMPLES = 5


@dataclass(frozen=True)
class IdentityColumn:
    """A column that says which area it is; ``names`` newest first."""

    key: str
    names: tuple[str, ...]
    needed_in: tuple[Level, ...]


IDENTITY: tuple[IdentityColumn, ...] = (
    IdentityColumn("gemeente_code", ("gemeentecode", "gm_code"), LEVELS),
    IdentityColumn("gemeente_name", ("gemeentenaam", "gm_naam"), ("gemeente",)),
    IdentityColumn("wijk_code", ("wijkcode", "wk_code"), ("wijk", "buurt")),
    IdentityColumn("wijk_name", ("wijknaam", "wk_naam"), ("wijk",)),
    IdentityColumn("buurt_code", ("buurtcode", "bu_code"), ("buurt",)),
    IdentityColumn("buurt_name", ("buurtnaam", "bu_naam"), ("buurt",)),
    IdentityColumn("water", ("water", "h2o"), ()),
    IdentityColumn("year", ("jaar",), ()),
    IdentityColumn("year_and_code", ("jrstatcode",), ()),
)


@dataclass(frozen=True)
class AreaFrames:
    """The checked frames of one delivery, and what the user should know about it."""

    areas: gpd.GeoDataFrame
    figures: pd.DataFrame
    notes: tuple[str, ...]


def wanted_columns(columns: Sequence[str]) -> list[str]:
    """Those of a layer's columns that we read; columns on origin are not among them."""
    known = {name for column in IDENTITY for name in column.names}
    known |= {name.lower() for definition in FIGURES for name in definition.columns}
    return [name for name in columns if name.lower() in known]


def to_area_frames(
    layers: Mapping[Level, gpd.GeoDataFrame],
    *,
    year: int,
    region: Sequence[str] = REGION_CODES,
    rim_m: float = RIM_M,
) -> AreaFrames:
    """The frames of the region and its rim. Raises Refused with every fault of the layers."""
    notes: list[str] = []
    check_none([fault for level in LEVELS for fault in _column_faults(level, layers[level])])
    named = {level: _with_our_names(layers[level]) for level in LEVELS}
    faults = _year_faults(named, year)
    for level in LEVELS:
        try:
            shapes = to_rd_polygons(named[level], LAYER_NAMES[level], notes)
            named[level] = _named(level, _land_once(level, shapes, notes), notes)
        except Refused as refused:
            faults += refused.faults
    faults += _code_faults(named) + _region_faults(named, region) + figure_faults(named)
    check_none(faults)
    named = _within_rim(named, region, rim_m, notes)
    areas = gpd.GeoDataFrame(
        pd.concat([_to_areas(level, named, region) for level in LEVELS]), geometry="geometry"
    )
    figures = to_figures(named)
    notes += _sum_notes(areas, figures)
    return AreaFrames(check(areas, AREAS), check(figures, FIGURES_FRAME), tuple(notes))


def _column_faults(level: Level, layer: gpd.GeoDataFrame) -> list[Fault]:
    if layer.empty:
        return [Fault(f"De laag {LAYER_NAMES[level]} is leeg.")]
    present = {str(name).lower() for name in layer.columns}
    return [
        Fault(
            f"In de laag {LAYER_NAMES[level]} ontbreekt de kolom {column.names[0]} "
            f"(of {', '.join(name.upper() for name in column.names[1:])}).",
            column=column.names[0],
        )
        for column in IDENTITY
        if level in column.needed_in and not present & set(column.names)
    ]


def _with_our_names(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The layer with our own names for identity columns and figures; the rest is left out."""
    present = {str(name).lower(): name for name in layer.columns}
    renamed = {}
    for key, names in _known_names():
        found = next((present[name] for name in names if name in present), None)
        if found is not None:
            renamed[found] = key
    table = pd.DataFrame(layer[list(renamed)]).rename(columns=renamed)
    kept = gpd.GeoDataFrame(table, geometry=layer.geometry).reset_index(drop=True)
    for column in IDENTITY[:-2]:
        if column.key in kept:
            kept[column.key] = kept[column.key].astype("string").str.strip()
    return kept


def _known_names() -> list[tuple[str, tuple[str, ...]]]:
    identity = [(column.key, column.names) for column in IDENTITY]
    figures = [
        (definition.key, tuple(name.lower() for name in definition.columns))
        for definition in FIGURES
    ]
    return [*identity, *figures]


def _year_faults(layers: Mapping[Level, gpd.GeoDataFrame], year: int) -> list[Fault]:
    years: set[int] = set()
    for layer in layers.values():
        if "year" in layer:
            years |= {int(value) for value in layer["year"].dropna().unique()}
        elif "year_and_code" in layer:
            texts = layer["year_and_code"].dropna().astype(str).str[:4]
            years |= {int(text) for text in texts.unique() if text.isdigit()}
    if not years - {year}:
        return []
    found = " en ".join(str(value) for value in sorted(years))
    return [Fault(f"Het bestand is van {found}, maar u gaf het jaar {year}.", column="jaar")]


def _land_once(level: Level, layer: gpd.GeoDataFrame, notes: list[str]) -> gpd.GeoDataFrame:
    """Without areas abroad, and without the water twin that shares its code with land."""
    if "water" not in layer:
        return layer.assign(water="NEE")
    water = layer["water"].fillna("NEE").str.upper()
    layer = layer.assign(water=water)
    codes = layer[CODE_COLUMN[level]]
    twin = (water == "JA") & codes.isin(set(codes[water == "NEE"]))
    if twin.any():
        notes.append(
            f"Watergebieden met dezelfde code als het land: {int(twin.sum())}. Die zijn niet "
            "geladen."
        )
    return layer[~twin & (water != "B")].reset_index(drop=True)


def _named(level: Level, layer: gpd.GeoDataFrame, notes: list[str]) -> gpd.GeoDataFrame:
    """The layer with a name for every area: its code where the file gives none."""
    name, codes = f"{level}_name", layer[CODE_COLUMN[level]]
    unnamed = layer[name].isna() | (layer[name] == "")
    if unnamed.any():
        shown = ", ".join(str(code) for code in codes[unnamed][:_EXAMPLES])
        notes.append(
            f"{LAYER_NAMES[level].capitalize()} zonder naam: {int(unnamed.sum())} ({shown}). Daar "
            "gebruiken wij de code als naam."
        )
    return layer.assign(**{name: layer[name].mask(unnamed, codes)})


def _code_faults(layers: Mapping[Level, gpd.GeoDataFrame]) -> list[Fault]:
    faults: list[Fault] = []
    for level in LEVELS:
        codes, column = layers[level][CODE_COLUMN[level]], f"{level}code"
        wrong = codes[~codes.str.fullmatch(_CODE_PATTERN[level]).fillna(False).astype(bool)]
        faults += _fault_of_codes("Geen {level}code: {codes}", column, wrong)
        twice = codes[codes.duplicated()]
        faults += _fault_of_codes(
            "Deze {level}codes staan meer dan eens in de laag: {codes}", column, twice
        )
    for child, parent in _PARENTS:
        faults += _orphan_faults(layers, child, parent)
    return faults


def _orphan_faults(
    layers: Mapping[Level, gpd.GeoDataFrame], child: Level, parent: Level
) -> list[Fault]:
    column = CODE_COLUMN[parent]
    known = set(layers[parent][column])
    lost = layers[child].loc[~layers[child][column].isin(known), CODE_COLUMN[child]]
    return _fault_of_codes(
        f"{LAYER_NAMES[child].capitalize()} van een {parent} die niet in het bestand staat: "
        "{codes}",
        f"{parent}code",
        lost,
    )


def _fault_of_codes(message: str, column: str, codes: pd.Series) -> list[Fault]:
    if codes.empty:
        return []
    shown = [str(code) for code in codes[:_EXAMPLES]]
    more = f" en nog {len(codes) - _EXAMPLES}" if len(codes) > _EXAMPLES else ""
    level = column.removesuffix("code")
    text = message.format(level=level, codes=", ".join(shown) + more)
    return [Fault(f"{text}.", column=column, value=shown[0])]


def _region_faults(layers: Mapping[Level, gpd.GeoDataFrame], region: Sequence[str]) -> list[Fault]:
    missing = sorted(set(region) - set(layers["gemeente"]["gemeente_code"]))
    return [
        Fault(
            f"De gemeente {code} hoort bij de regio, maar staat niet in het bestand. Kies een "
            "bestand met de hele regio, of geef een andere regio op met --region.",
            column="gemeentecode",
            value=code,
        )
        for code in missing
    ]


def _within_rim(
    layers: Mapping[Level, gpd.GeoDataFrame],
    region: Sequence[str],
    rim_m: float,
    notes: list[str],
) -> dict[Level, gpd.GeoDataFrame]:
    """Without the buurten further than ``rim_m`` from the region, and what they belong to."""
    buurten = layers["buurt"]
    in_region = buurten["gemeente_code"].isin(region).to_numpy()
    shapes = np.asarray(buurten.geometry.array, dtype=object)
    core = shapely.unary_union(shapes[in_region])
    shapely.prepare(core)
    near = in_region | shapely.dwithin(shapes, core, rim_m)
    if near.all():
        return dict(layers)
    notes.append(
        f"Buurten verder dan {rim_m / 1000:g} km van de regio: {int((~near).sum())}. Die zijn niet "
        "geladen."
    )
    kept = buurten[near]
    wijken = layers["wijk"]
    gemeenten = layers["gemeente"]
    return {
        "gemeente": gemeenten[gemeenten["gemeente_code"].isin(kept["gemeente_code"])],
        "wijk": wijken[wijken["wijk_code"].isin(kept["wijk_code"])],
        "buurt": kept,
    }


def _to_areas(
    level: Level, layers: Mapping[Level, gpd.GeoDataFrame], region: Sequence[str]
) -> gpd.GeoDataFrame:
    layer = layers[level]
    gemeenten = layers["gemeente"].set_index("gemeente_code")["gemeente_name"]
    land = to_numbers(layer["oppervlakte_land_ha"]) if "oppervlakte_land_ha" in layer else np.nan
    areas = gpd.GeoDataFrame(
        {
            "level": level,
            "name": layer[f"{level}_name"].astype(object),
            "gemeente_code": layer["gemeente_code"].astype(object),
            "gemeente_name": layer["gemeente_code"].map(gemeenten).astype(object),
            "wijk_code": None if level == "gemeente" else layer["wijk_code"].astype(object),
            "in_region": layer["gemeente_code"].isin(region).astype(bool),
            "is_water": (layer["water"] == "JA").astype(bool),
            "land_area_ha": pd.Series(land, index=layer.index).where(lambda ha: ha >= 0),
        },
        geometry=layer.geometry,
    )
    areas.index = pd.Index(layer[CODE_COLUMN[level]].astype(object), name="area_code")
    return areas


def _sum_notes(areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> list[str]:
    """Whether the buurten of each gemeente of the region add up to its number of inhabitants."""
    people = figures[figures["figure"] == "inwoners"].set_index("area_code")["value"]
    mine = areas[areas["in_region"]]
    buurten = mine[mine["level"] == "buurt"]
    gemeenten = mine[mine["level"] == "gemeente"]
    sums = people.reindex(buurten.index).groupby(buurten["gemeente_code"]).sum()
    differences = (sums - people.reindex(sums.index)).dropna()
    differences = differences[differences != 0]
    if differences.empty:
        return []
    worst = str(differences.abs().idxmax())
    return [
        f"In {len(differences)} gemeenten tellen de buurten niet op tot het aantal inwoners van "
        f"de gemeente; het grootste verschil is {differences[worst]:+.0f} "
        f"({gemeenten.loc[worst, 'name']}). Dat komt door afronden en geheime aantallen."
    ]
