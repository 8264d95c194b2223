"""The page of one public site."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.database import connection
from app.pages import parameters
from app.services import current
from app.services.site_profile import site_profile

page = Blueprint("site", __name__)
#: CBS codes tell their level in their first two letters.
LEVEL_LABELS = {"GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}


@page.get("/locatie/<int:site_id>")
def show(site_id: int) -> str:
    """Everything that is public about one site."""
    with connection() as opened:
        profile = site_profile(opened, site_id, parameters.day(request.args))
    return render_template(
        "locatie.html",
        site=profile,
        path=[(f"/gebied/{code}", name) for code, name in profile.places[:2]],
        places=[(code, LEVEL_LABELS[code[:2]], name) for code, name in profile.places],
        is_now=profile.on == current.today(),
        area_release=profile.sources[-1].release,
    )
