"""Choices between candidates: all of them, one with its candidates, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for

from analysis.choice_stages import CHOICE_STAGES
from app.auth import guard
from app.database import reading_as
from app.pages import parameters
from app.pages.compare_question import address_of
from app.pages.map_frame import map_frame
from app.services import current
from app.services.choice_history import choice_history
from app.services.choices import Candidate, ChoiceLine, ChoiceView, choice_list, choice_view
from app.services.comparison_question import MOST_CANDIDATES

page = Blueprint("choices", __name__, url_prefix="/keuzes")
#: What is carried along to a choice: a place from a search area, or a site of the register.
CARRIED = ("punt", "locatie", "herkomst", "naam", "soort")
_COMPARED = CHOICE_STAGES["vergelijking"]
_RINGS = {"keuze": "decided"}


@page.get("")
def overview() -> str:
    """Every choice within reach; with a place in the address, to choose where it belongs."""
    with reading_as(guard.hands()) as opened:
        lines = choice_list(opened)
    carried = {name: parameters.words(request.args, name) for name in CARRIED}
    carried = {name: text for name, text in carried.items() if text}
    return render_template(
        "keuzes/lijst.html",
        lines=lines,
        carried=carried,
        placed_in=_placed_in(lines, carried),
        may_make=guard.person().may("keuzes_bewerken"),
    )


@page.get("/<int:choice_id>")
def show(choice_id: int) -> str:
    """One choice: the sentence, the candidates by stage in a table and on a map, who fell."""
    with reading_as(guard.hands()) as opened:
        view = choice_view(opened, choice_id, current.today())
        frame = map_frame(opened)
    return render_template(
        "keuzes/keuze.html",
        view=view,
        may_change=may_change(view),
        compare_url=_compare_url(view),
        ring=_ring,
        **frame,
    )


@page.get("/<int:choice_id>/geschiedenis")
def history(choice_id: int) -> str:
    """What happened to a choice, the latest first."""
    number = parameters.page_number(request.args)
    with reading_as(guard.hands()) as opened:
        view = choice_view(opened, choice_id, current.today())
        found = choice_history(opened, view, number)
    return render_template(
        "keuzes/geschiedenis.html",
        view=view,
        history=found,
        page_url=lambda number: url_for("choices.history", choice_id=choice_id, pagina=number),
    )


def _placed_in(lines: tuple[ChoiceLine, ...], carried: Mapping[str, str]) -> list[int] | None:
    """The choices to which a place in the address may be added; None when there is none."""
    if not (carried.get("punt") or carried.get("locatie")):
        return None
    kind = carried.get("soort")
    own = [line for line in lines if line.record.is_own]
    return [line.record.id for line in own if kind in (None, line.type.key)]


def may_change(view: ChoiceView) -> bool:
    """Whether who asks may change this choice."""
    return view.record.is_own and guard.person().may("keuzes_bewerken")


def _compare_url(view: ChoiceView) -> str | None:
    """Where the candidates stand side by side, by the rules of now; those that are compared."""
    there = [one for _, found in view.by_stage for one in found if one.site]
    compared = [one for one in there if one.stage.order >= _COMPARED.order]
    chosen = compared if len(compared) > 1 else there
    if len(chosen) < 2:
        return None
    terms = view.rules.terms
    return address_of(
        {
            "soort": view.type.key,
            "locatie": ",".join(str(one.record.site_id) for one in chosen[:MOST_CANDIDATES]),
            "straal": f"{terms.radius_m:g}",
            "niveau": terms.level,
            **{key: str(count) for key, count in view.rules.points.items()},
        }
    )


def _ring(candidate: Candidate) -> dict[str, Any]:
    """How the map draws a candidate: by how far it is in the choice."""
    if candidate.is_dropped:
        return {"group": "ended", "told": "afgevallen"}
    group = _RINGS.get(candidate.stage.key, "plan")
    return {"group": group, "told": candidate.stage.label.lower()}
