"""What people wrote down of candidates: what the closer look found, and what it would cost."""

from __future__ import annotations

from analysis.closer_look import FINDINGS, NOT_KNOWN
from analysis.comparing.criteria import ACCEPTANCE, CRITERIA, FINDING_STEPS
from analysis.comparing.facts import Evidence
from app.numbers import to_dutch, to_dutch_date
from app.services.candidate_cells import Cell, unknown
from app.services.candidate_places import CandidatePlace

CLOSER_LOOK, ESTIMATE = "Nader onderzoek", "Schatting van de gemeente"
NOT_LOOKED_INTO = "Deze vraag is nog niet uitgezocht."
A_FREE_POINT = "Dit is geen locatie in het register. Er is geen nader onderzoek."
OF_OTHERS = "Deze locatie is van een andere gemeente. Wat die gemeente vond, staat hier niet."
NO_ESTIMATE = "Er is nog geen schatting van de kosten."
NO_PLACES_KNOWN = "Het aantal plekken is niet bekend."
NO_PLACES = "Deze locatie heeft op deze datum 0 plekken."


def finding_cell(question: str, place: CandidatePlace) -> Cell:
    """The finding on a question as a step; not yet known stays unknown."""
    assert question != ACCEPTANCE
    answer = place.findings.get(question)
    if answer is None or answer.finding == NOT_KNOWN.key:
        return unknown(_why_no_finding(place), Evidence(CLOSER_LOOK, "", None, place.is_example))
    parts = (FINDINGS[answer.finding].label, answer.evidence)
    return Cell(
        float(FINDING_STEPS[answer.finding]),
        Evidence(
            answer.source or CRITERIA[question].source,
            "" if answer.found_on is None else to_dutch_date(answer.found_on),
            is_example=place.is_example,
        ),
        note=": ".join(part for part in parts if part),
    )


def cost_cell(place: CandidatePlace) -> Cell:
    """The estimated cost once, a place."""
    evidence = Evidence(
        place.cost_source or ESTIMATE,
        "" if place.cost_on is None else to_dutch_date(place.cost_on),
        is_example=place.is_example,
    )
    if place.cost_eur is None:
        return unknown(NO_ESTIMATE if place.is_own else OF_OTHERS, evidence)
    total = f"{to_dutch(place.cost_eur)} euro in totaal"
    if not place.place_count:
        return unknown(why_no_places(place), evidence, total)
    places = "1 plek" if place.place_count == 1 else f"{to_dutch(place.place_count)} plekken"
    return Cell(place.cost_eur / place.place_count, evidence, note=f"{total}, voor {places}")


def why_no_places(place: CandidatePlace) -> str:
    """Why a figure that needs the number of places is not there."""
    return NO_PLACES_KNOWN if place.place_count is None else NO_PLACES


def _why_no_finding(place: CandidatePlace) -> str:
    if not place.is_site:
        return A_FREE_POINT
    return NOT_LOOKED_INTO if place.is_own else OF_OTHERS
