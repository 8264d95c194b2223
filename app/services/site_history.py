"""The history as people read it: who, when, what and why, and which versions can come back."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from app.numbers import to_dutch_moment
from app.services.change_words import Line, Words, heading, lines
from app.services.command_history import BY_COMMAND
from app.services.downloads import Download
from app.services.lists import Column
from app.services.worklist import gemeente_names
from data.queries.history import (
    ChangeRecord,
    HistoryQuestion,
    count_saves,
    first_change,
    saves,
)
from data.queries.workspace import WorkspaceSite, rows_as_noted, site_names

PAGE_SIZE = 20
#: More than this does not fit in one file.
MOST_IN_FILE = 10_000
#: Who did it, where no account stands beside it.
ACTORS = {
    BY_COMMAND: "Bij het inlezen",
    "programma": "Door het programma",
    "website": "Op de website",
}
#: Tables of which a version can be brought back: a file itself is not in the history.
RESTORABLE = ("site", "site_state", "site_answer")
#: What one can ask for, by the word in the address: label and tables.
KINDS = {
    "locatie": ("De locatie zelf", ("site",)),
    "fase": ("De fase", ("site_state",)),
    "vragen": ("De vijf vragen", ("site_answer",)),
    "kosten": ("De kosten", ("site_cost",)),
    "bestanden": ("Foto's en documenten", ("site_document",)),
}


@dataclass(frozen=True)
class Entry:
    """One row that was changed, in words. ``sides`` are the versions that can come back."""

    change_id: int
    heading: str
    lines: tuple[Line, ...]
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Save:
    """What was saved at once: who, when, why and what."""

    at: dt.datetime
    who: str
    why: str | None
    site_id: int | None
    site_name: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class HistoryPage:
    """A page of the history, the latest first. ``is_whole`` when it goes back to the start."""

    saves: tuple[Save, ...]
    count: int
    page: int
    is_whole: bool = True

    @property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, math.ceil(self.count / PAGE_SIZE))


def words_of(connection: Connection) -> Words:
    """The words for what columns hold, with the names of the gemeenten."""
    return Words(gemeente_names(connection))


def who_did(change: ChangeRecord) -> str:
    """The name of the account, or by which way the change came."""
    if change.account_name is not None:
        return change.account_name
    return ACTORS.get(change.actor, change.actor)


def site_history(connection: Connection, site: WorkspaceSite, page: int = 1) -> HistoryPage:
    """The history of one site."""
    question = HistoryQuestion(site_id=site.id)
    first = first_change(connection, site.id)
    found = saves(connection, question, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    now = [row for table in RESTORABLE for row in rows_as_noted(connection, table, site.id)]
    return HistoryPage(
        to_saves(connection, found, now, first),
        count_saves(connection, question),
        page,
        is_whole=first is not None and first.action == "added",
    )


def history_section(connection: Connection, site: WorkspaceSite) -> dict[str, object]:
    """What ``werkbank/_geschiedenis.html`` shows: the last few times."""
    question = HistoryQuestion(site_id=site.id)
    return {
        "last_saves": to_saves(connection, saves(connection, question, 3), None),
        "save_count": count_saves(connection, question),
    }


def latest_history(connection: Connection, question: HistoryQuestion, page: int = 1) -> HistoryPage:
    """The history of all sites within reach."""
    found = saves(connection, question, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    return HistoryPage(to_saves(connection, found, None), count_saves(connection, question), page)


def history_download(
    connection: Connection, question: HistoryQuestion, asked: str, today: dt.date
) -> Download:
    """The same as a list, a row for each field that changed."""
    found = to_saves(connection, saves(connection, question, MOST_IN_FILE), None)
    rows = [
        (
            to_dutch_moment(save.at),
            save.who,
            save.site_name or "",
            str(save.site_id),
            entry.heading,
            "; ".join(line.sentence for line in entry.lines),
            save.why or "",
        )
        for save in found
        for entry in save.entries
    ]
    return Download(
        name="geschiedenis",
        title="Wijzigingen in de werkbank",
        columns=_COLUMNS,
        rows=pd.DataFrame(rows, columns=[column.key for column in _COLUMNS], dtype="object"),
        sources=(),
        facts=(("Gemaakt op", today.isoformat()), ("Keuze", asked)),
    )


def to_saves(
    connection: Connection,
    found: Iterable[tuple[ChangeRecord, ...]],
    now: list[dict[str, object]] | None = None,
    first: ChangeRecord | None = None,
    words: Words | None = None,
) -> tuple[Save, ...]:
    """What was saved together, in words. ``now`` are the rows that stand there, to bring back."""
    found = list(found)
    names = site_names(connection, {group[0].site_id for group in found if group[0].site_id})
    words = words or words_of(connection)
    return tuple(
        Save(
            group[0].at,
            who_did(group[0]),
            group[0].reason,
            group[0].site_id,
            names.get(group[0].site_id or 0),
            tuple(
                Entry(
                    change.id,
                    heading(change, words),
                    lines(change, words),
                    () if now is None else _sides(change, now, first),
                )
                for change in group
            ),
        )
        for group in found
    )


def _sides(
    change: ChangeRecord, now: list[dict[str, object]], first: ChangeRecord | None
) -> tuple[str, ...]:
    """The sides of a change that differ from what there is now.

    What stood before a change came after an earlier one, so that side is offered only where
    no earlier change shows it.
    """
    if change.table_name not in RESTORABLE:
        return ()
    is_first = first is not None and change.id == first.id
    before = change.before if change.action == "removed" or is_first else None
    sides = {"voor": before, "na": change.after}
    return tuple(side for side, row in sides.items() if row is not None and row not in now)


_COLUMNS = (
    Column("wanneer", "Wanneer", "text"),
    Column("wie", "Wie", "text"),
    Column("locatie", "Locatie", "text"),
    Column("locatienummer", "Nummer van de locatie", "text"),
    Column("wat", "Wat", "text"),
    Column("velden", "Velden", "text", explanation="Wat er stond en wat er kwam"),
    Column("waarom", "Waarom", "text"),
)
