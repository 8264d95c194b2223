"""The page of a gemeente, wijk or buurt."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.database import connection
from app.pages import parameters
from app.services import current
from app.services.area_nearby import area_nearby
from app.services.area_profile import area_profile
from app.services.area_share import area_share
from app.services.home_counts import homes_of_area
from app.services.minutes_table import minutes_text
from app.services.public_tracks import tracks_of_area
from data.queries.areas import Area

page = Blueprint("area", __name__)
#: How we speak of the parts of an area.
ENDED_LABEL = "Gestopt of niet doorgegaan"
PART_NOUNS = {"gemeente": ("wijk", "wijken"), "wijk": ("buurt", "buurten")}


@page.get("/gebied/<code>")
def show(code: str) -> str | Response:
    """Everything about one area."""
    if code.isalnum() and code != code.upper():
        return redirect(f"/gebied/{code.upper()}", 301)
    on = parameters.day(request.args)
    with connection() as opened:
        profile = area_profile(opened, code, on)
        share = area_share(opened, profile)
        homes = homes_of_area(opened, profile.release, profile.area.area_code, profile.area.name)
        nearby = area_nearby(opened, current.home(), profile.release, profile.area)
        talks = tracks_of_area(opened, profile.area.gemeente_code, _wijk_of(profile.area))
    return render_template(
        "gebied.html",
        profile=profile,
        area=profile.area,
        share=share,
        homes=homes if profile.area.in_region else None,
        nearby=nearby,
        talks=talks,
        minutes_text=minutes_text,
        site_groups=[
            ("", profile.living_sites),
            ("Gestopt of niet doorgegaan", profile.ended_sites),
        ],
        path=[(f"/gebied/{code}", name) for code, name in profile.above],
        part_nouns=PART_NOUNS.get(profile.area.level),
        type_by_key=FACILITY_TYPES,
        status_by_key=SITE_STATUSES,
        area_release=profile.release,
    )


def _wijk_of(area: Area) -> str | None:
    """The wijk whose conversations belong on the page of an area; None for a whole gemeente."""
    return area.area_code if area.level == "wijk" else area.wijk_code
