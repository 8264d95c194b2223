"""The map and its list, for the question: what happens near me."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, current_app, render_template, request, url_for
from sqlalchemy import Connection

from analysis.domain import STATUS_GROUPS
from analysis.facility_types import FACILITY_TYPES
from app.config import Settings
from app.database import connection
from app.pages.map_data import borders_url
from app.pages.map_question import (
    classing_choices,
    form_defaults,
    map_question,
    map_url,
    site_words,
)
from app.services import map_layers
from app.services.area_profile import AreaProfile, area_profile
from app.services.map_layers import GROUPS_IN_ORDER, MapQuestion, MapSite
from app.services.public_tracks import (
    TrackLine,
    TrackOverview,
    track_overview,
    tracks_of_site,
)
from app.services.site_profile import SiteProfile, site_profile
from data.queries.importance import public_mark
from data.queries.releases import Release, area_release
from geo.frames import LEVELS

page = Blueprint("map", __name__)


@dataclass(frozen=True)
class MapPage:
    """Everything on the page that comes from the database."""

    release: Release
    shown: map_layers.MapAnswer
    near: list[MapSite]
    area: AreaProfile | None
    site: SiteProfile | None
    talks: TrackOverview
    site_talks: tuple[TrackLine, ...]


@page.get("/")
def index() -> str:
    """The map with its list, as the address asks; the same without JavaScript as a list."""
    question = map_question(request.args)
    with connection() as opened:
        content = _content(opened, question)
    return render_template(
        "map.html",
        question=question,
        content=content,
        area_release=content.release,
        sentence=_sentence(question, content),
        levels=LEVELS,
        status_groups=[STATUS_GROUPS[group.key] for group in GROUPS_IN_ORDER],
        types=[FACILITY_TYPES[key] for key in map_layers.TYPES_ON_MAP],
        classings=classing_choices(),
        borders={level: borders_url(content.release, level) for level in LEVELS},
        tiles=tiles(),
        defaults=form_defaults(),
        list_url=url_for("lists.site_page", **site_words(question)),
        url_with=lambda **changes: map_url(replace(question, **changes)),
        closed_url=map_url(map_layers.without_selection(question)),
    )


def _content(opened: Connection, question: MapQuestion) -> MapPage:
    release = area_release(opened)
    shown = map_layers.map_answer(opened, release, question, public_mark(opened))
    code = question.area_code
    return MapPage(
        release,
        shown,
        near=[site for site in shown.sites if code in site.area_codes],
        area=area_profile(opened, code, question.on) if code else None,
        site=_site(opened, question),
        talks=track_overview(opened, release),
        site_talks=_site_talks(opened, release, question),
    )


def _site(opened: Connection, question: MapQuestion) -> SiteProfile | None:
    if question.site_id is None:
        return None
    return site_profile(opened, question.site_id, question.on)


def _site_talks(
    opened: Connection, release: Release, question: MapQuestion
) -> tuple[TrackLine, ...]:
    return tracks_of_site(opened, question.site_id, release) if question.site_id else ()


def _sentence(question: MapQuestion, content: MapPage) -> str:
    if content.area is None:
        return map_layers.counts_sentence("de regio", content.shown.sites, question)
    return map_layers.counts_sentence(content.area.area.name, content.near, question)


def tiles() -> tuple[str, str] | None:
    """Address and credit of the background of maps, when there is one."""
    settings: Settings = current_app.config["SETTINGS"]
    return (settings.tile_url, settings.tile_attribution) if settings.tile_url else None
