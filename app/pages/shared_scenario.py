"""A scenario as who has its link reads it: made of what is public alone."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from analysis.facility_types import FACILITY_TYPES
from analysis.scenario import ScenarioFaults
from app.database import connection
from app.pages.map_frame import map_frame
from app.pages.scenario import told
from app.services import current
from app.services.scenario_sharing import measure_shared, open_link
from app.services.scenarios import area_names

page = Blueprint("shared_scenario", __name__)


@page.get("/gedeeld/scenario/<token>")
def show(token: str) -> Response:
    """The scenario of a link; NotFound for one that opens nothing."""
    with connection() as opened:
        shared = open_link(opened, token)
        facts = map_frame(opened)
        area = area_names(opened).get(shared.gemeente_code, shared.gemeente_code)
        try:
            found = measure_shared(opened, current.home(), shared, current.today())
            facts |= {"faults": [], **told(found, shared.name)}
        except ScenarioFaults as error:
            facts |= {"faults": [fault.text for fault in error.faults], "found": None}
    answer = make_response(
        render_template(
            "scenarios/gedeeld.html",
            record=shared,
            type=FACILITY_TYPES[shared.type],
            area=area,
            **facts,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    # The address holds the token: it goes along to no other page.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
