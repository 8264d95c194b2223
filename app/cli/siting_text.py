"""What ``vlekkenplan siting`` says: lines for people, and a record for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.siting.choose import MEASURE
from analysis.siting.plan import CandidatePrice, Front, SitingAnswer, SitingPlan
from analysis.siting.stages import STAGES
from app.numbers import to_dutch
from app.services.siting_problem import ReadProblem
from app.services.siting_question import SitingQuestion
from app.services.siting_words import (
    NEVER_BEST,
    access_sentence,
    amount,
    clash_intro,
    conflict_sentence,
    conflicts_intro,
    exposure_sentence,
    lead,
    looser,
    money_sentence,
    price_sentence,
    spread_sentence,
    stage_sentence,
)

NOTHING_FOUND = "De tijd was om voordat er een keuze was gevonden. Geef meer tijd met --time."


def siting_record(
    read: ReadProblem, answer: SitingAnswer, question: SitingQuestion
) -> dict[str, Any]:
    """The question, the problem, the answer with its gaps and prices, and the sources."""
    return {
        "question": question.to_record(),
        "headline": headline(answer),
        "units": {stage.key: stage.unit for stage in STAGES},
        "demands": [
            {"key": demand.key, "sentence": demand.sentence} for demand in read.problem.demands()
        ],
        "problem": read.problem.to_record(),
        **answer.to_record(),
        "notes": list(read.notes),
        "method": f"/methode/{MEASURE.slug}",
        "is_example": is_example(read),
        "sources": [
            {
                "part": line.label,
                "publisher": line.release.publisher,
                "title": line.release.title,
                "version": line.release.version,
                "year": line.release.year,
                "licence": line.release.licence,
                "is_example": line.release.is_example,
            }
            for line in read.sources
        ],
    }


def headline(answer: SitingAnswer) -> str:
    """The one sentence that stands first."""
    if answer.plan is not None:
        return lead(answer.plan)
    return NOTHING_FOUND if answer.clash is None else clash_intro(answer.clash)


def is_example(read: ReadProblem) -> bool:
    """Whether anything that it rests on is marked as example."""
    of_sites = any(place.is_example for place in read.places)
    return of_sites or any(line.release.is_example for line in read.sources)


def table_lines(read: ReadProblem, answer: SitingAnswer, question: SitingQuestion) -> Iterator[str]:
    """The answer in lines: first the sentence, then what was chosen and what it does."""
    yield headline(answer)
    if answer.clash is not None:
        for demand in answer.clash.demands:
            yield f"  - {demand.sentence} {looser(demand)}"
        yield from _unavailable_lines(read)
    if answer.plan is not None:
        yield from _plan_lines(read, answer.plan, question)
        yield from _price_lines(answer)
    if answer.front is not None:
        yield from _front_lines(answer.front)
    yield ""
    yield from read.notes
    yield NEVER_BEST
    example = "Voorbeeldgegevens. " if is_example(read) else ""
    releases = dict.fromkeys(line.release for line in read.sources)
    told = "; ".join(f"{entry.publisher}, {entry.title} {entry.version}" for entry in releases)
    yield f"{example}Bron: {told}."


def _unavailable_lines(read: ReadProblem) -> Iterator[str]:
    """The candidates that no choice can have, because something of them is not known."""
    problem = read.problem
    for key, reason in problem.unavailable.fillna(problem.too_dear_to_tell).dropna().items():
        yield f"  - {problem.name_of(str(key))} kan niet worden gekozen. {reason}"


def _plan_lines(read: ReadProblem, plan: SitingPlan, question: SitingQuestion) -> Iterator[str]:
    for outcome in plan.stages[1:]:
        yield stage_sentence(outcome, is_first=False)
    yield ""
    yield from _aligned(
        ("gekozen", "gemeente", "plekken", "bereikbaarheid", "euro"),
        [
            (
                row.name,
                names.get(row.gemeente_code, ""),
                _number(row.place_count),
                _number(row.access, 1),
                _number(row.cost_eur),
            )
            for names in [{line.gemeente_code: line.name for line in plan.gemeenten}]
            for row in plan.candidates
            if row.is_chosen
        ],
    )
    yield ""
    yield from _aligned(
        ("gemeente", "nu", "erbij", "evenredig", "verschil nu", "verschil straks"),
        [
            (
                row.name,
                _number(row.existing_place_count),
                to_dutch(row.chosen_place_count),
                _number(row.fair_share_after, 1),
                _number(row.difference_before, 1),
                _number(row.difference_after, 1),
            )
            for row in plan.gemeenten
        ],
    )
    yield ""
    if question.separation is not None:
        yield conflicts_intro(plan.conflicts, question.separation.distance_m)
        for conflict in plan.conflicts:
            yield f"  - {conflict_sentence(conflict)}"
    told = (spread_sentence(plan), access_sentence(plan), money_sentence(plan, question.budget_eur))
    yield from (sentence for sentence in told if sentence)
    if plan.exposure is not None:
        yield exposure_sentence(plan.exposure)


def _price_lines(answer: SitingAnswer) -> Iterator[str]:
    assert answer.plan is not None
    if not answer.prices:
        return
    now = {outcome.stage: outcome.value for outcome in answer.plan.stages}
    yield ""
    yield "Niet gekozen, en wat het kost om deze toch te kiezen:"
    for price in sorted(answer.prices, key=_asked_first):
        yield f"  - {price.name}: {price_sentence(price, now)}"


def _asked_first(price: CandidatePrice) -> bool:
    return not price.is_asked


def _front_lines(front: Front) -> Iterator[str]:
    one, other = (STAGES[stage] for stage in front.stages)
    whole = "Dat zijn ze alle." if front.is_complete else "Dit zijn niet alle keuzes."
    yield ""
    yield f"Keuzes tussen {one.label.lower()} en {other.label.lower()}. {whole}"
    yield from _aligned(
        (one.key, other.key, "bewezen", "locaties"),
        [
            (
                amount(one.key, point.values[0]),
                amount(other.key, point.values[1]),
                "ja" if point.is_proven else "nee",
                str(len(point.chosen)),
            )
            for point in front.points
        ],
    )


def _number(value: float | None, digits: int = 0) -> str:
    return "niet bekend" if value is None else to_dutch(value, digits)


def _aligned(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    for first, *rest in [header, *rows]:
        cells = (text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells))
