"""The workspace: what must I do now? The candidates by stage, and every other site."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.auth import guard
from app.database import reading_as
from app.pages import parameters
from app.services import current
from app.services.drafts import unfinished
from app.services.site_form import SITE_TYPES
from app.services.worklist import WorkFilter, Worklist, worklist

page = Blueprint("workspace", __name__)


@page.get("/werkbank")
def show() -> str:
    """What there is to do, for the gemeenten of whoever asks."""
    wanted = _filter()
    with reading_as(guard.hands()) as opened:
        work = worklist(opened, current.today(), wanted)
        mine = unfinished(opened, work.names)
    return render_template(
        "werkbank/lijst.html",
        work=work,
        wanted=wanted,
        choices=_choices(work, wanted),
        unfinished=mine,
    )


def _filter() -> WorkFilter:
    args = request.args
    return WorkFilter(
        status_key=parameters.one_of(args, "fase", SITE_STATUSES.keys, "") or None,
        type_key=parameters.one_of(args, "soort", FACILITY_TYPES.keys, "") or None,
        gemeente_code=parameters.words(args, "gemeente") or None,
    )


def _choices(work: Worklist, wanted: WorkFilter) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen; gemeenten only for who works in more than one."""
    several = len(work.gemeenten) > 1 or wanted.gemeente_code
    return {
        "fase": [("", "Alle fasen"), *((entry.key, entry.label) for entry in SITE_STATUSES)],
        "soort": [("", "Alle soorten"), *((entry.key, entry.label) for entry in SITE_TYPES)],
        "gemeente": [("", "Alle gemeenten"), *work.gemeenten.items()] if several else [],
    }
