"""The history of a choice: who did what with its candidates and its rules, when and why."""

from __future__ import annotations

from sqlalchemy import Connection

from app.services.change_words import Words
from app.services.choices import ChoiceView
from app.services.site_history import PAGE_SIZE, HistoryPage, to_saves
from app.services.worklist import gemeente_names
from data.queries.history import HistoryQuestion, count_saves, saves
from geo.frames import REGION_CODE


def choice_history(connection: Connection, view: ChoiceView, page: int = 1) -> HistoryPage:
    """What happened to a choice, the latest first."""
    question = HistoryQuestion(choice_id=view.record.id)
    found = saves(connection, question, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    words = Words(
        {**gemeente_names(connection), REGION_CODE: "de regio"},
        {one.record.site_id: one.name for one in view.candidates},
    )
    return HistoryPage(
        to_saves(connection, found, words=words), count_saves(connection, question), page
    )
