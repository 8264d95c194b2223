"""Sharing a scenario: making a link that anyone may read, and withdrawing one."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.sender import go_to, site_address
from app.services import current
from app.services.scenario_sharing import make_link as make_scenario_link
from app.services.scenarios import is_open_to, left_out_when_shared, site_choices
from data.changes.scenarios import withdraw_links
from data.errors import NotFound
from data.queries.scenarios import scenario, scenario_items, scenario_links

NO_LINK = "Deze link is er niet, of was al ingetrokken."
_CHECKSUM = re.compile(r"[0-9a-f]{64}")

page = Blueprint("scenario_sharing", __name__, url_prefix="/scenario/<int:scenario_id>/delen")


@page.get("")
def show(scenario_id: int) -> str:
    """What a reader would see, and the links there are."""
    with reading_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        items = scenario_items(opened, scenario_id)
        choices = site_choices(opened, current.today())
        return render_template(
            "scenarios/delen.html",
            record=record,
            links=scenario_links(opened, scenario_id),
            left_out=left_out_when_shared(items, choices),
            names={choice.id: choice.name for choice in choices},
            free=[item for item in items if item.kind in ("new", "moved")],
            is_open=is_open_to(opened, record),
        )


@page.post("")
def make_link(scenario_id: int) -> Response:
    """A new link, shown this once."""
    with changing_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        token = make_scenario_link(opened, scenario_id, guard.person().account_id)
    address = site_address() + url_for("shared_scenario.show", token=token)
    return make_response(render_template("scenarios/link.html", record=record, address=address))


@page.post("/intrekken")
def withdraw(scenario_id: int) -> Response:
    """Let a link open nothing any more."""
    with changing_as(guard.hands()) as opened:
        record = scenario(opened, scenario_id)
        checksum = request.form.get("link", "")
        if not _CHECKSUM.fullmatch(checksum) or not withdraw_links(opened, record.id, checksum):
            raise NotFound(NO_LINK)
    flash("De link is ingetrokken. Hij werkt niet meer.")
    return go_to(url_for("scenario_sharing.show", scenario_id=scenario_id))
