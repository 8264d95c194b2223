"""One computation from question to result, in its own process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.plan import Progress
from app.services.candidate_places import CandidatePlace
from app.services.job_process import JobTask
from app.services.lists import SourceLine
from app.services.siting_problem import ReadProblem, read_problem
from app.services.siting_question import SitingQuestion
from app.services.siting_view import SourceOfJob

#: Of the time that is asked, what the stages get together; then the prices, and the front.
_STAGES_PART, _PRICES_PART, _FRONT_PART = 0.5, 0.3, 0.2


def run_siting(task: JobTask) -> dict[str, Any]:
    """Read the problem with the hands of who asked, choose, and tell how far it is."""
    question = SitingQuestion.from_record(dict(task.question))
    task.report({"stage": "vraag"})
    with task.reading() as connection:
        read = read_problem(connection, task.home, question)

    def hear(progress: Progress) -> None:
        task.report(progress.to_record())

    answer = choose_sites(read.problem, _terms(question, read), hear=hear, stop=task.is_stop_asked)
    return to_result(read, answer.to_record())


def to_result(read: ReadProblem, answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept: the answer, and what is needed to tell it and to repeat it."""
    problem = read.problem.to_record()
    return {
        "answer": answer,
        "problem": problem,
        "places": {str(place.key): _place(place) for place in read.places},
        "lacking": _lacking(read),
        "demands": [demand.sentence for demand in read.problem.demands()],
        "sources": [asdict(_source(line)) for line in read.sources],
        "notes": list(read.notes),
    }


def _lacking(read: ReadProblem) -> list[dict[str, Any]]:
    """Why candidates can't be chosen at all, and how many for each reason."""
    reasons = read.problem.unavailable.fillna(read.problem.too_dear_to_tell).dropna()
    return [
        {"reason": str(reason), "count": int(count)}
        for reason, count in reasons.value_counts(sort=False).items()
    ]


def _terms(question: SitingQuestion, read: ReadProblem) -> SitingTerms:
    stages, limit = read.problem.stages, float(question.time_limit_s)
    front = (stages[0], stages[1]) if question.shows_front and len(stages) > 1 else None
    return SitingTerms(
        stage_seconds=max(2.0, limit * _STAGES_PART / len(stages)),
        price_seconds=limit * _PRICES_PART,
        clash_seconds=limit * _STAGES_PART,
        front_seconds=max(5.0, limit * _FRONT_PART),
        front=front,
    )


def _place(place: CandidatePlace) -> dict[str, Any]:
    return {
        "name": place.name,
        "site_id": place.key if isinstance(place.key, int) else None,
        "gemeente_code": place.gemeente_code,
        "status": None if place.status is None else place.status.key,
        "lat": round(place.lat, 6),
        "lon": round(place.lon, 6),
    }


def _source(line: SourceLine) -> SourceOfJob:
    release = line.release
    return SourceOfJob(
        label=line.label,
        release_id=release.id,
        publisher=release.publisher,
        title=release.title,
        year=str(release.year),
        version=release.version,
        licence=release.licence,
        is_example=release.is_example,
    )
