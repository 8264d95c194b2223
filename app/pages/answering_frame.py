"""What the pages share on which contributions are answered: reading them, and in whose name."""

from __future__ import annotations

from app.auth import guard
from app.database import reading_as
from app.services import current
from app.services.answering import AnsweringView, answering_view
from data.changes.answering import By
from data.changes.sites import OutsideScope
from data.changes.tracks import NOT_YOUR_TRACK


def read_view(track_id: int) -> AnsweringView:
    """A conversation within reach with all that came in; NotFound otherwise."""
    with reading_as(guard.hands()) as opened:
        return answering_view(opened, track_id)


def is_own(view: AnsweringView) -> bool:
    """Whether who asks may answer here, and not only read."""
    return view.track.is_own and guard.person().may("reacties_beantwoorden")


def may_change(view: AnsweringView) -> None:
    """Return when who asks may answer here; raises OutsideScope otherwise."""
    if not is_own(view):
        raise OutsideScope(NOT_YOUR_TRACK)


def by_now() -> By:
    """Who answers, at this moment."""
    return By(guard.person().account_id, current.now())
