"""The map as one HTML file: no other file, no other host, opens without internet.

Folium draws the map; the page around it, its legend and its lists are ours, made from the same
answers as the map page, with the same style sheets for colours and symbols.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import folium
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Connection

from app import numbers
from app.numbers import to_dutch
from app.services.map_layers import (
    AreaValue,
    Layer,
    MapQuestion,
    MapSite,
    ProtectedCount,
    borders,
    counts_sentence,
    figure_layer,
    map_sites,
    protected_count,
    protected_counts,
)
from data.errors import DataError
from data.queries.counts import site_releases
from data.queries.releases import Release, area_release
from geo.frames import Level

STATIC_FOLDER = Path(__file__).resolve().parent.parent.parent / "static"
#: Style sheets of the app that the file carries along, in this order.
STYLE_SHEETS = (
    "vendor/leaflet/dist/leaflet.css",
    "css/theme.css",
    "css/base.css",
    "css/map-classes.css",
    "css/map.css",
    "css/export.css",
)
MAP_SCRIPT = "vendor/leaflet/dist/leaflet.js"
TIPS_SCRIPT = "js/tips.js"
_FILE_IN_STYLE = re.compile(r"""url\(["']?(?!["']?(?:#|data:))([^)"']*)["']?\)""")
SYMBOL_SIZE_PX = 26
#: The map may stop between two whole zoom levels, so that the region fills it.
ZOOM_STEP = 0.25


class LeafletMap(folium.Map):
    """A Folium map that links to nothing: its scripts and styles stand in the page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default_js = []
        self.default_css = []


@dataclass(frozen=True)
class DrawnMap:
    """What Folium made of the map: the parts that go in the page."""

    styles: str
    element: str
    script: str


def export_map(connection: Connection, question: MapQuestion, made_on: dt.date) -> str:
    """The map and its lists as one HTML page.

    Raises NotFound when the database holds no areas, DataError when the front-end files have
    not been installed.
    """
    release = area_release(connection)
    sites = map_sites(connection, release, question)
    layer = _layer(connection, release, question)
    pages = _environment()
    symbol = pages.get_template("_components.html").module.symbol  # type: ignore[attr-defined]
    leaflet = LeafletMap(tiles=None, scroll_wheel_zoom=False, zoom_snap=ZOOM_STEP)
    shapes = _shapes(connection, release, question.level)
    _areas(shapes, layer).add_to(leaflet)
    _gemeente_borders(_shapes(connection, release, "gemeente")).add_to(leaflet)
    protected = protected_counts(connection, release, question)
    for entry in protected:
        _protected_marker(entry).add_to(leaflet)
    for site in sites:
        _marker(site, symbol(site.type, site.status)).add_to(leaflet)
    leaflet.fit_bounds(_region_bounds(shapes), padding=(8, 8))
    return pages.get_template("export_map.html").render(
        title=_title(question, layer),
        sentence=counts_sentence("de regio", sites, question),
        protected_count=protected_count(connection, release, question),
        protected=protected,
        question=question,
        layer=layer,
        sites=sites,
        release=release,
        site_releases=site_releases(connection, release.id),
        made_on=made_on,
        drawn=_draw(leaflet),
        drawings={site.type.symbol: _drawing(site.type.symbol) for site in sites},
        styles=_styles(),
        map_script=_read(MAP_SCRIPT),
        tips_script=_read(TIPS_SCRIPT),
    )


def _shapes(connection: Connection, release: Release, level: Level) -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(borders(connection, release, level))
    return shapes


def _layer(connection: Connection, release: Release, question: MapQuestion) -> Layer | None:
    if question.figure_key is None:
        return None
    return figure_layer(connection, release, question.level, question.figure_key, question.classing)


def _title(question: MapQuestion, layer: Layer | None) -> str:
    what = f" en {layer.definition.label.lower()} per {question.level}" if layer else ""
    return f"Locaties{what}"


def _draw(leaflet: LeafletMap) -> DrawnMap:
    for number, element in enumerate([leaflet, *_elements(leaflet)]):
        # Fixed names instead of random ones: the same question gives the same file.
        element._id = f"{number}"
    root: Any = leaflet.get_root()
    root.render()
    return DrawnMap(
        styles="\n".join(re.findall(r"<style>(.*?)</style>", root.header.render(), re.DOTALL)),
        element=root.html.render(),
        script=_inside_script(root.script.render()),
    )


def _inside_script(script: str) -> str:
    """The same script, written so that no text in it can end the script element."""
    return script.replace("</", "<\\/").replace("<!--", "<\\!--")


def _elements(parent: Any) -> list[Any]:
    found = []
    for child in parent._children.values():
        found += [child, *_elements(child)]
    return found


def _areas(shapes: dict[str, Any], layer: Layer | None) -> folium.GeoJson:
    values = {value.code: value for value in layer.values} if layer else {}
    for shape in shapes["features"]:
        value = values.get(shape["id"])
        shape["properties"] = {
            "name": escape(shape["properties"]["n"]),
            "text": escape(_area_text(value, layer)),
            "className": _area_class(value, bool(shape["properties"]["r"])),
        }
    return folium.GeoJson(
        shapes,
        style_function=lambda shape: {"className": shape["properties"]["className"], "weight": 1},
        tooltip=folium.GeoJsonTooltip(["name", "text"], labels=False, class_name="vp-tooltip"),
        smooth_factor=0,
    )


def _area_text(value: AreaValue | None, layer: Layer | None) -> str:
    if value is None or layer is None:
        return ""
    return value.text if value.value is None else layer.definition.with_unit(value.text)


def _area_class(value: AreaValue | None, in_region: bool) -> str:
    if not in_region:
        return "is-rim"
    if value is None:
        return "map-area k-plain"
    return f"map-area k{value.class_number}" if value.class_number else "map-area k-none"


def _gemeente_borders(shapes: dict[str, Any]) -> folium.GeoJson:
    in_region = [shape for shape in shapes["features"] if shape["properties"]["r"]]
    for shape in in_region:
        shape["properties"] = {}
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": in_region},
        style_function=lambda _: {"className": "is-border", "interactive": False},
        smooth_factor=0,
    )


def _protected_marker(entry: ProtectedCount) -> folium.Marker:
    size_px = SYMBOL_SIZE_PX - 2
    return folium.Marker(
        [entry.lat, entry.lon],
        tooltip=folium.Tooltip(_inside_literal(entry.text)),
        title=entry.text,
        z_index_offset=-1000,
        icon=folium.DivIcon(
            html=to_dutch(entry.site_count),
            icon_size=(size_px, size_px),
            icon_anchor=(size_px // 2, size_px // 2),
            class_name="vp-marker vp-marker--protected",
        ),
    )


def _marker(site: MapSite, symbol: str) -> folium.Marker:
    words = f"{site.name}: {site.type.label}, {site.status.label.lower()}, {site.capacity_text}"
    return folium.Marker(
        [site.lat, site.lon],
        tooltip=folium.Tooltip(_inside_literal(words)),
        title=words,
        icon=folium.DivIcon(
            html=str(symbol),
            icon_size=(SYMBOL_SIZE_PX, SYMBOL_SIZE_PX),
            class_name="vp-marker",
        ),
    )


def _inside_literal(text: str) -> str:
    """HTML for the text, safe between the backticks in which Folium puts it."""
    return escape(text).replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;")


def _drawing(symbol: str) -> str:
    """What stands inside the SVG of a symbol, to be used many times."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", _read(f"symbols/{symbol}.svg"), re.DOTALL)
    if found is None:
        raise DataError(f"Het symbool {symbol} is geen SVG-bestand.")
    return found.group(1)


def _region_bounds(shapes: dict[str, Any]) -> list[list[float]]:
    import shapely

    in_region = [
        shapely.from_geojson(json.dumps(shape["geometry"]))
        for shape in shapes["features"]
        if "is-rim" not in shape["properties"]["className"]
    ]
    west, south, east, north = shapely.total_bounds(in_region)
    return [[float(south), float(west)], [float(north), float(east)]]


def _styles() -> str:
    return "\n".join(_FILE_IN_STYLE.sub(_carried_along(name), _read(name)) for name in STYLE_SHEETS)


def _carried_along(sheet: str) -> Callable[[re.Match[str]], str]:
    """Puts a font that the sheet names in the sheet itself; other files are left out."""

    def carry(found: re.Match[str]) -> str:
        path = (STATIC_FOLDER / sheet).parent / found.group(1)
        if path.suffix != ".woff2" or not path.exists():
            return "none"
        content = base64.b64encode(path.read_bytes()).decode()
        return f'url("data:font/woff2;base64,{content}")'

    return carry


def _read(name: str) -> str:
    path = STATIC_FOLDER / name
    if not path.exists():
        raise DataError(f"Het bestand {name} ontbreekt. Typ: make setup")
    return path.read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(numbers.FILTERS)
    environment.tests["unknown"] = numbers.is_unknown
    environment.globals["symbol_url"] = lambda symbol: f"#symbool-{symbol}"
    return environment
