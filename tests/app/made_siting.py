"""A question and its answer, made by hand on the world of twelve squares; each figure by hand too.

Beschut wonen in use: Zuiderveen 8, Middendorp 8, Noorderzand 0; with 6 more in Middendorp there
are 22 places. Fair shares by residents (2000, 1500, 500 of 4000): 11, 8.25 and 2.75. So Zuiderveen
has 3 less than its share, Middendorp 5.75 more, and Noorderzand 2.75 less.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.siting.demands import Demand, Separation, Target
from analysis.siting.plan import (
    CandidateOutcome,
    CandidatePrice,
    Clash,
    Conflict,
    ExposureOutcome,
    Front,
    FrontPoint,
    GemeenteOutcome,
    SitingAnswer,
    SitingPlan,
    StageOutcome,
    StagePrice,
)
from app.services.siting_question import SitingQuestion

QUESTION = SitingQuestion(
    on=dt.date(2026, 1, 1),
    targets=(Target("beschut_wonen", least_place_count=6),),
    separation=Separation(800.0, "Buurten wilden niet te veel dicht bij elkaar"),
    order=("verdeling", "tussenafstand", "bereikbaarheid"),
)
GEMEENTEN = (
    GemeenteOutcome("GM9001", "Zuiderveen", 2000, 8, 0, 0, 8, 8.0, 11.0, 0.0, -3.0, None),
    GemeenteOutcome("GM9002", "Middendorp", 1500, 8, 6, 1, 14, 6.0, 8.25, 2.0, 5.75, None),
    GemeenteOutcome(
        "GM9003", "Noorderzand", None, 0, 0, 0, 0, None, None, None, None, "Inwoners: geheim."
    ),
)


def candidate(key: str, name: str, *, chosen: bool = False, **more: Any) -> CandidateOutcome:
    facts: dict[str, Any] = {
        "type": "beschut_wonen",
        "gemeente_code": "GM9002",
        "place_count": 6,
        "access": 71.4,
        "cost_eur": 900_000.0,
        "is_forced": False,
        "reason": None,
    }
    return CandidateOutcome(key=key, name=name, is_chosen=chosen, **(facts | more))


def plan(site_id: int, *, ended: str = "bewezen", cost_eur: float | None = 900_000.0) -> SitingPlan:
    proven = ended == "bewezen"
    gap, bound = (0.0, 5.75) if proven else (0.13, 5.0)
    return SitingPlan(
        chosen=(str(site_id),),
        stages=(
            StageOutcome("verdeling", 5.75, bound, gap, ended, 1.2, "cp_sat"),  # type: ignore[arg-type]
            StageOutcome("tussenafstand", 1, 1, 0.0, "bewezen", 0.1, "cp_sat"),
            StageOutcome("bereikbaarheid", 428.4, None, None, "tijd_om", 0.1, "cp_sat"),
        ),
        is_whole=proven,
        place_count=6,
        site_count=1,
        place_count_by_type={"beschut_wonen": 6},
        gemeenten=GEMEENTEN,
        largest_difference_before=2.0,
        largest_difference_after=5.75,
        hoover_before=0.25,
        hoover_after=0.26,
        conflicts=(Conflict(str(site_id), "3", "Proefplan 4", "Proefwoning 3", 612.3, True),),
        exposure=ExposureOutcome(400.0, 40, 40, 14, 3, "12", False),
        access_total=428.4,
        access_mean=71.4,
        cost_eur=cost_eur,
        cost_unknown_count=0 if cost_eur is not None else 1,
        candidates=(
            candidate("901", "Achterweide", gemeente_code="GM9001"),
            candidate("902", "Zonder aantal", place_count=None, reason="Het aantal plekken mist."),
            candidate("903", "Botst", gemeente_code="GM9003", cost_eur=None),
            candidate(str(site_id), "Proefplan 4", chosen=True),
        ),
    )


PRICES = (
    CandidatePrice(
        "901",
        "Achterweide",
        is_asked=True,
        stages=(
            StagePrice("verdeling", 7.25, 1.5, 0.0, "bewezen"),
            StagePrice("tussenafstand", 1, 0.0, 0.0, "bewezen"),
        ),
    ),
    CandidatePrice(
        "903",
        "Botst",
        is_asked=True,
        why_not="Dat kan niet samen met:",
        clash=(Demand("budget", "De gekozen locaties kosten samen hoogstens 10 euro."),),
    ),
)
FRONT = Front(
    ("verdeling", "bereikbaarheid"),
    (
        FrontPoint(("901",), (2.75, 300.0), (0.0, 0.0), is_proven=True),
        FrontPoint(("901", "903"), (4.5, 400.5), (0.1, 0.1), is_proven=False),
    ),
    is_complete=False,
    seconds=2.0,
)
CLASH = Clash(
    (
        Demand("budget", "De gekozen locaties kosten samen hoogstens 10 euro."),
        Demand("plekken:beschut_wonen:minstens", "Er komen minstens 6 plekken beschut wonen bij."),
    ),
    is_irreducible=True,
    is_smallest=True,
    seconds=0.1,
)


def answer(site_id: int, **more: Any) -> SitingAnswer:
    return SitingAnswer(plan(site_id, **more), None, PRICES, FRONT, seconds=3.0)


def result(of: SitingAnswer, site_id: int) -> dict[str, Any]:
    """What the process keeps in the row."""
    place = {"name": "Proefplan 4", "site_id": site_id, "gemeente_code": "GM9002"}
    places = {str(site_id): {**place, "status": "planvorming", "lat": 52.3, "lon": 4.6}}
    source = {
        "label": "Gebieden",
        "release_id": 1,
        "publisher": "CBS",
        "title": "Wijken en buurten",
        "year": "2024",
        "version": "v1",
        "licence": "CC BY 4.0",
        "is_example": True,
    }
    return {
        "answer": of.to_record(),
        "places": places,
        "problem": {"candidates": [{"name": "Proefplan 4"}]},
        "demands": ["Er komen minstens 6 plekken beschut wonen bij."],
        "sources": [source],
        "notes": ["Eén locatie doet niet mee."],
    }
