"""The history of a scenario, of its items and of the links by which it was shared."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from sqlalchemy import Connection

from app.services.change_words import Words, heading, lines
from app.services.scenarios import area_names, site_choices
from app.services.site_history import Entry, Save, who_did
from data.queries.history import ChangeRecord
from data.queries.scenarios import scenario_changes
from data.queries.workspace import site_names

UNSEEN = "Onderdeel over een locatie die u niet mag zien"


def scenario_history(
    connection: Connection, scenario_id: int, today: dt.date
) -> tuple[str, tuple[Save, ...]]:
    """What the scenario is (or was) called, and everything that was saved, the latest first.

    NotFound when nothing is known of it.
    """
    changes = scenario_changes(connection, scenario_id)
    words, names = Words(area_names(connection)), _site_names(connection, changes, today)
    saves = tuple(
        _save([*together], words, names)
        for _, together in groupby(changes, key=lambda change: change.transaction_id)
    )
    return _name(changes), saves


def _name(changes: list[ChangeRecord]) -> str:
    rows = [change.after or change.before or {} for change in changes]
    named = [
        row for row, change in zip(rows, changes, strict=True) if change.table_name == "scenario"
    ]
    return str(named[0].get("name", "Scenario")) if named else "Scenario"


def _save(changes: list[ChangeRecord], words: Words, names: dict[int, str]) -> Save:
    first = changes[-1]
    entries = (_entry(change, words, names) for change in reversed(changes))
    return Save(first.at, who_did(first), first.reason, None, None, tuple(entries))


def _entry(change: ChangeRecord, words: Words, names: dict[int, str]) -> Entry:
    row = change.after or change.before or {}
    site_id = row.get("site_id")
    if change.table_name != "scenario_item" or site_id is None:
        name = row.get("name") if change.table_name == "scenario_item" else None
        told = f"{heading(change)}: {name}" if name else heading(change)
        return Entry(change.id, told, lines(change, words))
    if site_id not in names:
        return Entry(change.id, UNSEEN, ())
    return Entry(change.id, f"{heading(change)}: {names[site_id]}", lines(change, words))


def _site_names(
    connection: Connection, changes: list[ChangeRecord], today: dt.date
) -> dict[int, str]:
    """The names of the sites that these changes are about, as far as they are within reach."""
    rows = [row for change in changes for row in (change.before, change.after) if row]
    named = {int(row["site_id"]) for row in rows if row.get("site_id") is not None}
    found = site_names(connection, named)
    if named - set(found):
        seen = {choice.id: choice.name for choice in site_choices(connection, today)}
        found |= {key: seen[key] for key in named - set(found) if key in seen}
    return found
