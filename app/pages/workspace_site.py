"""Everything of one site, for those who work on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Connection

from app.auth import guard
from app.database import reading_as
from app.pages.map_frame import map_frame
from app.pages.workspace_documents import document_section
from app.services import current
from app.services.choices import choices_section
from app.services.closer_look import questions_section
from app.services.site_costs import cost_section
from app.services.site_history import history_section
from app.services.site_sheet import site_sheet
from app.services.site_stage import stage_section
from data.queries.workspace import WorkspaceSite

page = Blueprint("workspace_site", __name__)
#: What the parts of the page show: each gives variables to its template, `werkbank/_<part>.html`.
SECTIONS: tuple[Callable[[Connection, WorkspaceSite], Mapping[str, Any]], ...] = (
    stage_section,
    questions_section,
    cost_section,
    choices_section,
    document_section,
    history_section,
)


@page.get("/werkbank/locaties/<int:site_id>")
def show(site_id: int) -> str:
    """One site: its facts, its place, its life, and what outsiders see of it."""
    with reading_as(guard.hands()) as opened:
        sheet = site_sheet(opened, site_id, current.today())
        parts: dict[str, Any] = {}
        for section in SECTIONS:
            parts |= section(opened, sheet.site)
        shown = map_frame(opened)
    return render_template("werkbank/locatie.html", sheet=sheet, site=sheet.site, **shown, **parts)
