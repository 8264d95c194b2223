"""The page of one public site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from sqlalchemy import Connection

from analysis.access.modes import BANDS_MIN, TRAVEL_MODES
from app.config import Settings
from app.database import connection
from app.pages import parameters
from app.pages.access_question import DEFAULT_MODE, AccessQuestion, address_words, travel_mode
from app.pages.map_data import borders_url
from app.services import current
from app.services.access_view import access_view
from app.services.agreements import public_view
from app.services.public_tracks import tracks_of_site
from app.services.site_profile import SiteProfile, kept_profile
from app.services.spreading import QuestionError
from data.errors import DataError
from data.queries.importance import public_mark
from data.queries.releases import area_release
from geo.frames import LEVELS

page = Blueprint("site", __name__)
#: CBS codes tell their level in their first two letters.
LEVEL_LABELS = {"GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}


@page.get("/locatie/<int:site_id>")
def show(site_id: int) -> str:
    """Everything that is public about one site."""
    with connection() as opened:
        release = area_release(opened)
        on, mark = parameters.day(request.args), public_mark(opened)
        profile = kept_profile(opened, site_id, on, release, mark)
        near = _near(opened, profile)
        talks = tracks_of_site(opened, site_id, release)
        agreed = public_view(opened, current.today(), site_id=site_id)
    return render_template(
        "locatie.html",
        site=profile,
        path=[(f"/gebied/{code}", name) for code, name in profile.places[:2]],
        places=[(code, LEVEL_LABELS[code[:2]], name) for code, name in profile.places],
        is_now=profile.on == current.today(),
        area_release=release,
        talks=talks,
        afspraken=agreed,
        **near,
    )


def _near(opened: Connection, site: SiteProfile) -> dict[str, Any]:
    """What is near the site, or why that can't be told; the rest of the page stays."""
    point = round(site.x_m), round(site.y_m)
    question = AccessQuestion(travel_mode(request.args), point)
    try:
        view = access_view(opened, current.home(), point, question.mode)
    except (DataError, QuestionError) as fault:
        return {"near": None, "near_fault": str(fault)}
    settings: Settings = current_app.config["SETTINGS"]
    release = site.sources[-1].release
    words = address_words(question)
    typed = AccessQuestion(question.mode, point, type_key=site.type.key)
    return {
        "near": view,
        "near_modes": [
            (_url_by(mode.slug), mode.label.capitalize(), mode == question.mode)
            for mode in TRAVEL_MODES
        ],
        "near_map_url": url_for("access.features", **words),
        "near_page_url": url_for("access.show", **address_words(typed)),
        "bands": BANDS_MIN,
        "borders": {level: borders_url(release, level) for level in LEVELS},
        "tiles": (settings.tile_url, settings.tile_attribution) if settings.tile_url else None,
    }


def _url_by(slug: str) -> str:
    """The address of this page for another way of travelling, on the same date."""
    words: dict[str, Any] = {"site_id": (request.view_args or {})["site_id"]}
    if request.args.get("datum"):
        words["datum"] = request.args["datum"]
    if slug != DEFAULT_MODE.slug:
        words["wijze"] = slug
    return url_for("site.show", _anchor="in-de-buurt", **words)
