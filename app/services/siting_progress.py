"""How far a computation is, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.siting.stages import STAGES
from app.numbers import to_dutch, to_dutch_share
from app.services.siting_jobs import LOST
from data.queries.jobs import CANCELLED, DONE, FAILED, RUNNING, WAITING, JobHead, JobRecord

STATE_LABELS: Mapping[str, str] = {
    WAITING: "wacht op zijn beurt",
    RUNNING: "is bezig",
    DONE: "klaar",
    CANCELLED: "gestopt",
    FAILED: "mislukt",
}
#: What is done beside the stages, and told as a step.
OTHER_STEPS: Mapping[str, str] = {
    "vraag": "De gegevens verzamelen",
    "haalbaar": "Kijken of het kan",
    "botsing": "Zoeken welke eisen botsen",
    "uitleg": "Per kandidaat uitrekenen wat het zou kosten om hem erbij te nemen",
    "afweging": "Alle keuzes tussen twee doelen zoeken",
}


@dataclass(frozen=True)
class ProgressWords:
    """What is told while it is computed. ``headline`` changes only with the step."""

    headline: str
    found: str | None
    seconds: str
    part: float | None

    def to_record(self) -> dict[str, Any]:
        """For the script of the page."""
        return {
            "kop": self.headline,
            "gevonden": self.found,
            "duur": self.seconds,
            "deel": self.part,
        }


def state_label(job: JobHead) -> str:
    """The state in words, also of a process that is gone."""
    if job.is_lost:
        return STATE_LABELS[FAILED]
    if job.is_unfinished and job.is_cancel_asked:
        return "wordt gestopt"
    return STATE_LABELS[job.state]


def fault_of(job: JobHead) -> str | None:
    """Why nothing came of it."""
    return LOST if job.is_lost else job.fault


def progress_words(job: JobRecord, now: dt.datetime) -> ProgressWords:
    """How far it is."""
    return ProgressWords(
        headline=_headline(job),
        found=_found(job.progress or {}),
        seconds=_seconds(job, now),
        part=_part(job.progress or {}),
    )


def _headline(job: JobRecord) -> str:
    if job.is_cancel_asked:
        return "De berekening wordt gestopt."
    if job.seen_at is None:
        return "De berekening wordt gestart."
    if job.state == WAITING:
        return "De berekening wacht op haar beurt. Er lopen er nog andere."
    progress = job.progress
    if not progress:
        return "De berekening is begonnen."
    label = step_label(str(progress["stage"]))
    count = progress.get("step_count")
    if not count:
        return f"{label}."
    return f"Stap {min(progress['step'] + 1, count)} van {count}: {label}."


def step_label(key: str) -> str:
    """A stage, or what else is done, in words."""
    return STAGES[key].label if key in STAGES else OTHER_STEPS.get(key, "Rekenen")


def _found(progress: Mapping[str, Any]) -> str | None:
    """What was found until now, and what no choice can pass."""
    key, value = str(progress.get("stage")), progress.get("value")
    if key not in STAGES or value is None:
        return None
    stage, bound = STAGES[key], progress.get("bound")
    told = f"Tot nu toe gevonden: {to_dutch(value, stage.digits)} {stage.unit}."
    if bound is None:
        return told
    word = "Hoger" if stage.is_high_better else "Lager"
    gap = progress.get("gap")
    rest = f" Dat scheelt nog hoogstens {to_dutch_share(gap, 1)}." if gap else ""
    return f"{told} {word} dan {to_dutch(bound, stage.digits)} kan niet.{rest}"


def _seconds(job: JobRecord, now: dt.datetime) -> str:
    since = job.started_at or job.asked_at
    count = max(0, round((now - since).total_seconds()))
    noun = "seconde" if count == 1 else "seconden"
    if job.started_at is None:
        return f"Gevraagd: {to_dutch(count)} {noun} geleden."
    return f"Bezig: {to_dutch(count)} {noun}."


def _part(progress: Mapping[str, Any]) -> float | None:
    count = progress.get("step_count")
    return None if not count else min(1.0, float(progress["step"]) / float(count))
