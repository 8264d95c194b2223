"""What came of a choice of several sites, put together for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.domain import PLAN_SCOPES, SITE_STATUSES, SPREADING_BASES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.siting.demands import Demand
from analysis.siting.plan import (
    CandidateOutcome,
    CandidatePrice,
    Front,
    FrontPoint,
    GemeenteOutcome,
    SitingAnswer,
    SitingPlan,
)
from analysis.siting.stages import STAGES
from app.charts.chart import Chart
from app.charts.siting_front import front_chart
from app.numbers import to_dutch
from app.services import siting_words as words
from app.services.siting_question import SitingQuestion


@dataclass(frozen=True)
class CandidateLine:
    """A candidate in the table and on the map. ``price`` says what forcing it in would cost."""

    outcome: CandidateOutcome
    type: FacilityType
    status: SiteStatus | None
    site_id: int | None
    gemeente_name: str
    lat: float | None
    lon: float | None
    price: str | None

    @property
    def group(self) -> str:
        """How it is drawn: chosen, left out, or impossible to choose."""
        if self.outcome.is_chosen:
            return "gekozen"
        return "kan_niet" if self.outcome.reason else "niet_gekozen"

    @property
    def verdict(self) -> str:
        """Whether it was chosen, in a word or two."""
        if self.outcome.is_chosen:
            return "gekozen, u zette haar vast" if self.outcome.is_forced else "gekozen"
        return "kan niet mee" if self.outcome.reason else "niet gekozen"


@dataclass(frozen=True)
class FrontLine:
    """One choice of the front: its values in words and the names of what it holds."""

    number: int
    point: FrontPoint
    values: tuple[str, str]
    names: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True)
class SourceOfJob:
    """A delivery that the computation rested on."""

    label: str
    release_id: int
    publisher: str
    title: str
    year: str
    version: str
    licence: str
    is_example: bool


@dataclass(frozen=True)
class SitingView:
    """Everything that the page of a computation tells."""

    question: SitingQuestion
    answer: SitingAnswer
    lead: str
    sentences: tuple[str, ...]
    candidates: tuple[CandidateLine, ...]
    conflicts_intro: str | None
    conflicts: tuple[str, ...]
    front: tuple[FrontLine, ...]
    chart: Chart | None
    clash_intro: str | None
    clash: tuple[tuple[Demand, str], ...]
    lacking: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    demands: tuple[str, ...]
    sources: tuple[SourceOfJob, ...]
    notes: tuple[str, ...]

    @property
    def plan(self) -> SitingPlan | None:
        """The choice, when there is one."""
        return self.answer.plan

    @property
    def gemeenten(self) -> tuple[GemeenteOutcome, ...]:
        """Before and after, by gemeente."""
        return () if self.plan is None else self.plan.gemeenten

    @property
    def impossible(self) -> tuple[CandidateLine, ...]:
        """The candidates that could not be chosen by the facts, each with its reason."""
        return tuple(line for line in self.candidates if line.outcome.reason)

    @property
    def chosen_ids(self) -> tuple[int, ...]:
        """The chosen sites by their number in the register."""
        return tuple(
            line.site_id
            for line in self.candidates
            if line.outcome.is_chosen and line.site_id is not None
        )


def siting_view(
    asked: Mapping[str, Any], record: Mapping[str, Any], names: Mapping[str, str]
) -> SitingView:
    """The page of what was asked and what came of it; ``names`` are of the gemeenten."""
    question = SitingQuestion.from_record(dict(asked))
    answer = SitingAnswer.from_record(record["answer"])
    plan, clash = answer.plan, answer.clash
    wished = question.separation
    return SitingView(
        question=question,
        answer=answer,
        lead=_lead(answer),
        sentences=tuple(_sentences(plan, question)) if plan else (),
        candidates=_candidate_lines(answer, record["places"], names),
        conflicts_intro=(
            words.conflicts_intro(plan.conflicts, wished.distance_m) if plan and wished else None
        ),
        conflicts=tuple(map(words.conflict_sentence, plan.conflicts)) if plan else (),
        front=_front_lines(answer),
        chart=front_chart(answer.front) if answer.front and answer.front.points else None,
        clash_intro=words.clash_intro(clash) if clash else None,
        clash=tuple((demand, words.looser(demand)) for demand in clash.demands) if clash else (),
        lacking=tuple(
            words.lacking_sentence(line["count"], line["reason"])
            for line in record.get("lacking", ())
        ),
        asked=_asked(question),
        demands=tuple(record.get("demands", ())),
        sources=tuple(SourceOfJob(**line) for line in record.get("sources", ())),
        notes=tuple(record.get("notes", ())),
    )


def _lead(answer: SitingAnswer) -> str:
    if answer.plan is not None:
        return words.lead(answer.plan)
    if answer.clash is not None:
        return "Dit kan niet: er is geen keuze die aan al uw eisen voldoet."
    if answer.was_stopped:
        return "De berekening is gestopt voordat er iets was gevonden."
    return "De tijd was om voordat er iets was gevonden. Geef meer tijd, of vraag minder."


def _sentences(plan: SitingPlan, question: SitingQuestion) -> list[str]:
    told = [
        words.spread_sentence(plan),
        *(words.stage_sentence(outcome, is_first=False) for outcome in plan.stages[1:]),
        words.exposure_sentence(plan.exposure) if plan.exposure else None,
        words.access_sentence(plan),
        words.money_sentence(plan, question.budget_eur) if plan.site_count else None,
    ]
    return [sentence for sentence in told if sentence]


def _candidate_lines(
    answer: SitingAnswer, places: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[CandidateLine, ...]:
    """The chosen ones first, then those that could be chosen, then the others."""
    if answer.plan is None:
        return ()
    prices = {price.key: price for price in answer.prices}
    now = {outcome.stage: outcome.value for outcome in answer.plan.stages}
    lines = [
        _candidate_line(outcome, places.get(outcome.key, {}), prices, now, names)
        for outcome in answer.plan.candidates
    ]
    order = {"gekozen": 0, "niet_gekozen": 1, "kan_niet": 2}
    key = lambda line: (order[line.group], line.gemeente_name, line.outcome.name)  # noqa: E731
    return tuple(sorted(lines, key=key))


def _candidate_line(
    outcome: CandidateOutcome,
    place: Mapping[str, Any],
    prices: Mapping[str, CandidatePrice],
    now: Mapping[str, float],
    names: Mapping[str, str],
) -> CandidateLine:
    status = place.get("status")
    is_left_out = not outcome.is_chosen and not outcome.reason
    return CandidateLine(
        outcome=outcome,
        type=FACILITY_TYPES[outcome.type],
        status=SITE_STATUSES[status] if status else None,
        site_id=place.get("site_id"),
        gemeente_name=names.get(outcome.gemeente_code, "buiten de regio"),
        lat=place.get("lat"),
        lon=place.get("lon"),
        price=words.price_sentence(prices.get(outcome.key), now) if is_left_out else None,
    )


def _front_lines(answer: SitingAnswer) -> tuple[FrontLine, ...]:
    front, plan = answer.front, answer.plan
    if front is None:
        return ()
    names = {line.key: line.name for line in plan.candidates} if plan else {}
    shown = set(plan.chosen) if plan else None
    return tuple(
        FrontLine(
            number,
            point,
            _values(front, point),
            tuple(names.get(key, key) for key in point.chosen),
            set(point.chosen) == shown,
        )
        for number, point in enumerate(front.points, start=1)
    )


def _values(front: Front, point: FrontPoint) -> tuple[str, str]:
    first, second = (
        words.amount(stage, value) for stage, value in zip(front.stages, point.values, strict=True)
    )
    return first, second


def _asked(question: SitingQuestion) -> tuple[tuple[str, str], ...]:
    """What was asked, apart from the demands."""
    order = ", daarna ".join(STAGES[key].label.lower() for key in question.stages)
    facts = [
        ("Soorten", ", ".join(kind.label for kind in question.types)),
        ("Eerlijk gedeeld naar", SPREADING_BASES[question.base].label.lower()),
        ("Wat er al is", PLAN_SCOPES[question.plan_scope].label.lower()),
        (
            "Plekken die meetellen",
            "van alle soorten" if question.counts_all_types else "alleen van de gevraagde soorten",
        ),
        ("Wat voorgaat", order),
        ("Dicht bij huis", f"binnen {to_dutch(question.radius_m)} meter lopen"),
    ]
    if question.separation:
        wish = question.separation
        facts.append(
            ("Gewenste afstand (een wens)", f"{to_dutch(wish.distance_m)} meter: {wish.reason}")
        )
    return tuple(facts)
