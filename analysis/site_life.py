"""Which stage of a site usually follows which, and what to think of before a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.closer_look import Question
from analysis.domain import SITE_STATUSES, SiteStatus

#: The way of a plan until people live there; one may also step aside, or back.
WAY = tuple(entry for entry in SITE_STATUSES if entry.group.key != "ended")
_CLOSER_LOOK = SITE_STATUSES["nader_onderzoek"]
_DROPPED = SITE_STATUSES["afgevallen"]
_CLOSED = (SITE_STATUSES["omgeklapt"], SITE_STATUSES["afgebouwd"])


@dataclass(frozen=True)
class Step:
    """A step that someone wants to make: ``before`` is None for a site without a stage."""

    before: SiteStatus | None
    after: SiteStatus


@dataclass(frozen=True)
class Caution:
    """Something to think of before a step; the step may be made all the same."""

    key: str
    text: str


def usual_next(before: SiteStatus | None) -> tuple[SiteStatus, ...]:
    """The stages that usually follow, the likeliest first; the same stage is not among them."""
    if before is None:
        return WAY[:2]
    if before.group.key == "in_use":
        return _CLOSED
    if before.group.key == "ended":
        return ()
    return (WAY[WAY.index(before) + 1], _DROPPED)


def is_usual(before: SiteStatus | None, after: SiteStatus) -> bool:
    """Whether nobody would be surprised; staying in a stage (other places) is usual too."""
    return after == before or after in usual_next(before)


def goes_beyond_closer_look(after: SiteStatus) -> bool:
    """Whether the five questions should have been answered by this stage."""
    return after in WAY and after.order > _CLOSER_LOOK.order


def cautions(step: Step, open_questions: Sequence[Question]) -> tuple[Caution, ...]:
    """What to think of before this step."""
    found = []
    if not is_usual(step.before, step.after):
        found.append(Caution("volgorde", _order_text(step)))
    if open_questions and goes_beyond_closer_look(step.after):
        labels = ", ".join(question.label for question in open_questions)
        found.append(
            Caution(
                "vragen",
                f"Nog niet alle vragen van het nader onderzoek zijn beantwoord. Open: {labels}.",
            )
        )
    return tuple(found)


def _order_text(step: Step) -> str:
    if step.before is None:
        return f"Een locatie begint meestal als idee of verkend, niet als {_small(step.after)}."
    usual = " of ".join(_small(status) for status in usual_next(step.before)) or "niets meer"
    return f"Na {_small(step.before)} komt meestal {usual}. U kiest {_small(step.after)}."


def _small(status: SiteStatus) -> str:
    return f"‘{status.label.lower()}’"
