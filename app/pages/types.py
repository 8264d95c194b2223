"""What the kinds of places are: beschut wonen, Skaeve Huse, respijt and the others."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from analysis.access.profiles import ACCESS_PROFILES, STARTING_VALUES
from analysis.domain import PILLARS, SITE_STATUSES
from analysis.errors import UnknownEntryError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.database import connection
from app.services import current
from app.services.home_counts import homes_of_type
from app.services.type_counts import type_counts, type_profile
from data.errors import NotFound

page = Blueprint("types", __name__, url_prefix="/soorten")
#: The types for a short stay near home, of which a page tells who can be there in time.
SHORT_STAY = ("respijt", "time_out")


@page.get("")
def overview() -> str:
    """Every type with its one-line explanation."""
    with connection() as opened:
        counts = type_counts(opened, current.today())
    return render_template("soorten.html", types=FACILITY_TYPES, pillars=PILLARS, counts=counts)


@page.get("/<word>")
def show(word: str) -> str | Response:
    """One type: what it is, for whom, how big, and where it is now."""
    entry = _type_named(word)
    if entry.key != word:
        return redirect(f"/soorten/{entry.key}", 301)
    with connection() as opened:
        profile = type_profile(opened, entry, current.today())
        homes = homes_of_type(opened, profile.release, entry)
    return render_template(
        "soort.html",
        type=entry,
        profile=profile,
        homes=homes,
        reach_url=url_for("minutes.reach", soort=word) if word in SHORT_STAY else None,
        access_profile=ACCESS_PROFILES[entry.key] if entry.recorded.on_map else None,
        starting_values=STARTING_VALUES,
        status_by_key=SITE_STATUSES,
        area_release=profile.release,
    )


def _type_named(word: str) -> FacilityType:
    try:
        return FACILITY_TYPES.find(word)
    except UnknownEntryError as error:
        meant = [FACILITY_TYPES[key].label for key in error.close]
        hint = f" Bedoelt u {' of '.join(meant)}?" if meant else ""
        raise NotFound(f"Deze soort plek kennen wij niet.{hint}") from None
