"""What was done with a contribution: by its own answer, or by that of its theme."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.dialogue.contributions import CONTRIBUTION_STATUSES, ContributionStatus

NEW = "nieuw"


@dataclass(frozen=True)
class Answered:
    """How far a contribution is, and the answer to it; None when there is none yet."""

    status: ContributionStatus
    answer: str | None

    @property
    def is_done(self) -> bool:
        """Whether its writer knows what was done with it, and why."""
        return self.status.is_final and self.answer is not None


def answered(
    own_status: str, own_answer: str | None, theme_status: str | None, theme_answer: str | None
) -> Answered:
    """The own status when it is not new, else that of the theme; the same for the answer.

    An answer of nothing but spaces is none.
    """
    status = own_status if own_status != NEW else (theme_status or NEW)
    return Answered(CONTRIBUTION_STATUSES[status], _told(own_answer) or _told(theme_answer))


def needs_answer(status: str) -> bool:
    """Whether nothing may get this status without an answer."""
    return CONTRIBUTION_STATUSES[status].is_final


def _told(answer: str | None) -> str | None:
    return (answer or "").strip() or None
