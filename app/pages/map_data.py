"""What the map fetches: borders, a figure in classes, sites, search, panels, symbols."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)

from app.database import connection
from app.errors import BadRequest
from app.pages import parameters
from app.pages.map_question import map_question, map_url
from app.services import map_layers, symbols
from app.services.area_profile import AreaProfile, area_profile
from app.services.map_layers import MapQuestion, without_selection
from app.services.public_tracks import tracks_of_site
from app.services.search import SearchHit, search
from app.services.site_profile import SiteProfile, site_profile
from data.errors import NotFound
from data.queries.releases import Release, area_release, release
from geo.frames import LEVELS, Level

page = Blueprint("map_data", __name__)
MOST_HITS = 8
#: Under an address that changes with its content: a browser need never ask again.
FOREVER = "public, max-age=31536000, immutable"


@page.app_template_global()
def symbol_url(name: str) -> str:
    """The address of one symbol within the file of all symbols."""
    version = version_of(_symbol_folder())
    return url_for("map_data.symbol_file", v=version, _anchor=name)


def version_of(folder: Path, pattern: str = "*.svg") -> str:
    """The version of some files, looked up once for each request: a page names many of them."""
    known: dict[tuple[Path, str], str] = g.setdefault("versions_of_files", {})
    if (folder, pattern) not in known:
        known[folder, pattern] = symbols.version(folder, pattern)
    return known[folder, pattern]


def _kept_under(version: str) -> str:
    """How long to keep an answer: forever only under the address with its own version."""
    return FOREVER if request.args.get("v") == version else "no-cache"


@page.get("/symbolen.svg")
def symbol_file() -> Response:
    """All symbols in one file."""
    answer = Response(symbols.sprite(_symbol_folder()), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = _kept_under(symbols.version(_symbol_folder()))
    return conditional(answer)


@page.app_template_global()
def module_url(name: str) -> str:
    """The address of a script module; modules beside it are found under the same version."""
    version = version_of(_module_folder(), "*.js")
    return url_for("map_data.module_file", version=version, name=name)


@page.get("/modules/<version>/<name>.js")
def module_file(version: str, name: str) -> Response:
    """A script module under an address with the version of all modules.

    Modules import each other by relative addresses, so with the version in the path they are
    always of one release. Another version than the present one must be asked again.
    """
    file = _module_folder() / f"{name}.js"
    if file not in set(_module_folder().glob("*.js")):
        raise NotFound(f"Er is geen script {parameters.quoted(name)}.")
    answer = Response(file.read_bytes(), mimetype="text/javascript")
    known = version == symbols.version(_module_folder(), "*.js")
    answer.headers["Cache-Control"] = FOREVER if known else "no-cache"
    return conditional(answer)


def _module_folder() -> Path:
    return Path(cast(str, current_app.static_folder)) / "js"


def _symbol_folder() -> Path:
    return Path(cast(str, current_app.static_folder)) / "symbols"


def borders_url(of: Release, level: Level) -> str:
    """The address of the borders of a level; another one when the borders are others."""
    return url_for("map_data.borders", release_id=of.id, level=level, v=_borders_version(of))


def _borders_version(of: Release) -> str:
    return (of.sha256 or "")[:10]


@page.get("/kaart/grenzen/<int:release_id>/<level>.json")
def borders(release_id: int, level: str) -> Response:
    """The borders of gemeenten, wijken or buurten of one release, as GeoJSON."""
    if level not in LEVELS:
        raise NotFound(f"Er is geen niveau {parameters.quoted(level)}.")
    with connection() as opened:
        of = release(opened, release_id)
        etag = f"{(of.sha256 or '')[:16]}-{level}"
        if etag in request.if_none_match:
            return _kept(Response(status=304), etag, of)
        body = map_layers.borders(opened, of, level)
    return _kept(Response(body, mimetype="application/geo+json"), etag, of)


def _kept(answer: Response, etag: str, of: Release) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = _kept_under(_borders_version(of))
    return answer


@page.get("/kaart/laag.json")
def layer() -> Response:
    """One figure of every area in classes, with the legend, source and year."""
    question = map_question(request.args)
    if question.figure_key is None:
        raise BadRequest("cijfer", "Kies een cijfer om de kaart mee te kleuren.")
    with connection() as opened:
        answer = map_layers.figure_layer(
            opened,
            area_release(opened),
            question.level,
            question.figure_key,
            question.classing,
        )
    return _json(_layer(answer))


def _layer(answer: map_layers.Layer) -> dict[str, Any]:
    return {
        "niveau": answer.level,
        "cijfer": answer.definition.key,
        "naam": answer.definition.label,
        "eenheid": answer.definition.unit,
        "indeling": answer.classing.label,
        "bron": answer.release.attribution,
        "jaar": answer.release.year,
        "klassen": [
            {"klasse": step.number, "grenzen": step.label, "aantal": step.area_count}
            for step in answer.legend
        ],
        "geen_cijfer": answer.unknown_count,
        "gebieden": {area.code: [area.class_number, area.text] for area in answer.values},
    }


@page.get("/kaart/locaties.json")
def sites() -> Response:
    """The sites on the map, in the order of the list."""
    question = map_question(request.args)
    with connection() as opened:
        of = area_release(opened)
        found = map_layers.map_sites(opened, of, question)
        protected = map_layers.protected_counts(opened, of, question)
    return _json(
        {
            "datum": question.on.isoformat(),
            "aantal": len(found),
            "locaties": [
                {
                    "id": site.id,
                    "naam": site.name,
                    "soort": site.type.label,
                    "symbool": site.type.symbol,
                    "status": site.status.label,
                    "groep": site.status.group.key,
                    "plek": [round(site.lat, 5), round(site.lon, 5)],
                }
                for site in found
            ],
            "afgeschermd": [
                {
                    "gebied": entry.area_code,
                    "tekst": entry.text,
                    "aantal": entry.site_count,
                    "plek": [round(entry.lat, 5), round(entry.lon, 5)],
                }
                for entry in protected
            ],
        }
    )


@page.get("/kaart/zoek.json")
def suggestions() -> Response:
    """The areas and sites that are meant by what someone types."""
    with connection() as opened:
        hits = search(opened, parameters.words(request.args), MOST_HITS)
    return _json({"gevonden": [_hit(hit) for hit in hits]})


def _hit(hit: SearchHit) -> dict[str, Any]:
    key = hit.url.rpartition("/")[2]
    return {
        "soort": hit.kind,
        "naam": hit.label,
        "waar": hit.context,
        "adres": hit.url,
        "parameter": "locatie" if hit.kind == "locatie" else "gebied",
        "waarde": key,
        "plek": [round(hit.lat, 5), round(hit.lon, 5)],
    }


@page.get("/kaart/paneel/gebied/<code>")
def area_panel(code: str) -> Response:
    """What there is in one area, as a piece of a page."""
    question = map_question(request.args)
    with connection() as opened:
        profile = area_profile(opened, code, question.on)
    return _piece("map/panel_area.html", profile, question)


@page.get("/kaart/paneel/locatie/<int:site_id>")
def site_panel(site_id: int) -> Response:
    """What one site is, as a piece of a page."""
    question = map_question(request.args)
    with connection() as opened:
        profile = site_profile(opened, site_id, question.on)
        talks = tracks_of_site(opened, site_id)
    return _piece("map/panel_site.html", profile, question, talks=talks)


def _piece(
    template: str, profile: AreaProfile | SiteProfile, question: MapQuestion, **more: Any
) -> Response:
    closed_url = map_url(without_selection(question))
    piece = render_template(template, profile=profile, closed_url=closed_url, **more)
    answer = make_response(piece)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _json(content: dict[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    answer = Response(text, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return conditional(answer)


def conditional(answer: Response) -> Response:
    """The answer, or 304 when the browser has it."""
    answer.add_etag()
    return cast(Response, answer.make_conditional(request))
