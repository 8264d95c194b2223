"""Two people at the same site: what each of them changed, and what is to be kept of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from app.services.site_form import SITE_FIELDS, SiteField, Texts, same_text, shown_text
from app.services.site_history import who_did
from data.queries.history import ChangeRecord, HistoryQuestion, saves

Choice = Literal["mijn", "hun"]
MINE: Choice = "mijn"
THEIRS: Choice = "hun"
Choices = Mapping[str, Choice]
#: So far back is looked for who changed a field.
MOST_CHANGES = 100


@dataclass(frozen=True)
class Seen:
    """The version of a site that someone had before them, as texts of the form.

    ``to_choose`` are fields that two people changed: nothing is saved before a choice is made.
    """

    version: int
    texts: Texts
    to_choose: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A field of which the form says another thing than the newest version of the site."""

    field: SiteField
    mine: str
    theirs: str
    preselected: Choice | None
    editor: str | None = None
    edited_at: dt.datetime | None = None

    @property
    def mine_shown(self) -> str:
        """What I typed, as people read it."""
        return shown_text(self.field.key, self.mine)

    @property
    def theirs_shown(self) -> str:
        """What is stored, as people read it."""
        return shown_text(self.field.key, self.theirs)


@dataclass(frozen=True)
class Merge:
    """What is to be saved: ``texts``, unless there are ``differences`` to choose from first.

    ``is_new`` tells that someone else saved something since; otherwise a choice was not made.
    """

    texts: Texts
    seen: Seen
    differences: tuple[Difference, ...] = ()
    is_new: bool = False
    unchosen: tuple[str, ...] = ()


def merge(seen: Seen | None, newest: Seen, mine: Texts, choices: Choices) -> Merge:
    """Bring what someone typed on ``seen`` together with the newest version of the site.

    Without ``seen`` nobody knows who changed what: every difference must be chosen.
    """
    texts = _resolved(seen, mine, choices)
    if seen is None or seen.version != newest.version:
        preselected = _preselected(seen, newest, texts)
        differences = _differences(texts, newest.texts, preselected)
        to_choose = tuple(key for key, choice in preselected.items() if choice is None)
        fresh = Seen(newest.version, newest.texts, to_choose)
        return Merge(texts, fresh, differences, is_new=True)
    unchosen = tuple(key for key in seen.to_choose if key not in choices)
    if unchosen:
        asked = {key: choices.get(key) for key in SITE_FIELDS.keys}
        differences = _differences(mine, newest.texts, asked)
        return Merge(mine, seen, differences, unchosen=unchosen)
    return Merge(texts, Seen(newest.version, newest.texts))


def with_editors(
    connection: Connection, site_id: int, differences: tuple[Difference, ...]
) -> tuple[Difference, ...]:
    """The same, with who saved the newest value and when."""
    question = HistoryQuestion(site_id=site_id, table_names=("site",))
    together = saves(connection, question, MOST_CHANGES)
    changes = [change for group in together for change in reversed(group)]
    return tuple(with_editor(difference, changes) for difference in differences)


def with_editor(difference: Difference, changes: Sequence[ChangeRecord]) -> Difference:
    """The same, with the last of the changes (newest first) that touched the field."""
    column = difference.field.column
    last = next((change for change in changes if _touches(change, column)), None)
    if last is None:
        return difference
    return replace(difference, editor=who_did(last), edited_at=last.at)


def _touches(change: ChangeRecord, column: str) -> bool:
    return (change.before or {}).get(column) != (change.after or {}).get(column)


def _resolved(seen: Seen | None, mine: Texts, choices: Choices) -> dict[str, str]:
    """What was typed, with the other's text where that was chosen."""
    theirs = seen.texts if seen else {}
    taken = {key: text for key, text in theirs.items() if choices.get(key) == THEIRS}
    return {**mine, **taken}


def _preselected(seen: Seen | None, newest: Seen, mine: Texts) -> dict[str, Choice | None]:
    """Which side to take where the two differ; None when both changed it."""
    found: dict[str, Choice | None] = {}
    for key in SITE_FIELDS.keys:
        if same_text(mine.get(key, ""), newest.texts[key]):
            continue
        before = None if seen is None else seen.texts.get(key, "")
        if before is not None and same_text(before, newest.texts[key]):
            found[key] = MINE
        elif before is not None and same_text(before, mine.get(key, "")):
            found[key] = THEIRS
        else:
            found[key] = None
    return found


def _differences(
    mine: Texts, theirs: Texts, preselected: Mapping[str, Choice | None]
) -> tuple[Difference, ...]:
    return tuple(
        Difference(entry, mine.get(entry.key, ""), theirs[entry.key], preselected.get(entry.key))
        for entry in SITE_FIELDS
        if not same_text(mine.get(entry.key, ""), theirs[entry.key])
    )
