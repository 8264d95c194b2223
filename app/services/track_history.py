"""The history of a conversation: who changed its plan, when and why. Never what residents wrote."""

from __future__ import annotations

from sqlalchemy import Connection

from app.services.change_words import Words
from app.services.site_history import PAGE_SIZE, HistoryPage, to_saves
from app.services.worklist import gemeente_names
from app.services.workspace_track import TrackView
from data.queries.history import HistoryQuestion, count_saves, saves
from geo.frames import REGION_CODE


def track_history(connection: Connection, view: TrackView, page: int = 1) -> HistoryPage:
    """What happened to a conversation, the latest first."""
    question = HistoryQuestion(track_id=view.record.id)
    found = saves(connection, question, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    words = Words(
        {**gemeente_names(connection), REGION_CODE: "de regio"},
        {one.record.site_id: one.name for one in view.sites},
    )
    return HistoryPage(
        to_saves(connection, found, words=words), count_saves(connection, question), page
    )
