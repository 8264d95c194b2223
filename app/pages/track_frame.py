"""What the pages of a conversation share: reading it, changing what is one's own, and refusing."""

from __future__ import annotations

from flask import Response, url_for

from app.auth import guard
from app.database import reading_as
from app.pages.sender import go_to
from app.services import current
from app.services.workspace_track import TrackView, track_view
from data.changes.sites import OutsideScope
from data.changes.tracks import NOT_YOUR_TRACK


def read_track(track_id: int) -> TrackView:
    """A conversation within reach, as it is today; NotFound otherwise."""
    with reading_as(guard.hands()) as opened:
        return track_view(opened, track_id, current.today())


def read_own_track(track_id: int) -> TrackView:
    """A conversation that who asks may change; OutsideScope when they may only read it."""
    view = read_track(track_id)
    if not view.record.is_own:
        raise OutsideScope(NOT_YOUR_TRACK)
    return view


def to_track(track_id: int, anchor: str | None = None) -> Response:
    """Back to the page of the conversation, at the part that was changed."""
    return go_to(url_for("track_work.show", track_id=track_id, _anchor=anchor))
