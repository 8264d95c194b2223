"""Deciding about contributions, many at once: what somebody else decided meanwhile is left alone.

One transaction; each decision stands or falls by itself. Every step is noted with who and why.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.moderating import MODERATION_ACTIONS, PHOTO_CHOICES
from data.changes import moderation as changes
from data.changes.moderation import Seen
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope


@dataclass(frozen=True)
class Decision:
    """What a moderator decided about one contribution, as it was at ``version``.

    ``action`` is a key of MODERATION_ACTIONS, or None when only the photo is decided about;
    ``photo`` a key of PHOTO_CHOICES, or None when it stays as it is.
    """

    code: str
    version: int
    action: str | None
    rule_key: str | None = None
    note: str | None = None
    public_body: str | None = None
    photo: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What was done, by action, and the codes of what was left alone."""

    done: Mapping[str, int]
    conflicts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What happened, for who decided."""
        told = [_counted(key, self.done[key]) for key in _TOLD if self.done.get(key)]
        parts = [f"{' '.join(told)}" if told else "Er is niets veranderd."]
        if self.conflicts:
            parts.append(_left_alone(self.conflicts))
        return " ".join(parts)


_TOLD = {
    "plaatsen": "geplaatst",
    "inkorten": "geplaatst zonder gegevens",
    "weigeren": "voorgelegd aan een tweede persoon",
    "eens": "niet geplaatst",
    "toch_plaatsen": "toch geplaatst",
    "toewijzen": "geplaatst na bezwaar",
    "afwijzen": "niet geplaatst, ook na bezwaar",
    "bijwerken": "bijgewerkt",
    "intrekken": "van de site gehaald; een tweede persoon kijkt mee",
    "foto": "van een andere foto-instelling voorzien",
}


def decide(
    connection: Connection, decisions: Iterable[Decision], account_id: int, now: dt.datetime
) -> Outcome:
    """Do what was decided. Codes in one order, so that two at once don't wait for each other."""
    done: Counter[str] = Counter()
    conflicts = []
    for decision in sorted(decisions, key=lambda one: one.code):
        if _is_done(connection, decision, account_id, now):
            done[decision.action or "foto"] += 1
        else:
            conflicts.append(decision.code)
    return Outcome(dict(done), tuple(conflicts))


def _is_done(connection: Connection, decision: Decision, account_id: int, now: dt.datetime) -> bool:
    seen = Seen(decision.code, decision.version, account_id, now)
    try:
        with connection.begin_nested():
            if not _apply(connection, decision, seen):
                return False
            _apply_photo(connection, decision, seen)
    except (OutsideScope, SecretText):
        return False
    return True


def _apply(connection: Connection, decision: Decision, seen: Seen) -> bool:
    if decision.action is None:
        return True
    is_changed = _change(connection, decision, seen)
    if is_changed:
        rule = decision.rule_key if MODERATION_ACTIONS[decision.action].asks_rule else None
        changes.add_step(connection, seen, decision.action, rule, decision.note)
    return is_changed


def _change(connection: Connection, decision: Decision, seen: Seen) -> bool:
    action, note = decision.action, decision.note
    if action in ("weigeren", "intrekken"):
        assert decision.rule_key is not None
        return changes.propose_refusal(connection, seen, decision.rule_key, note)
    if action == "eens":
        return changes.confirm_refusal(connection, seen)
    if action == "toch_plaatsen":
        return changes.place_after_all(connection, seen, decision.public_body)
    if action in ("toewijzen", "afwijzen"):
        is_granted = action == "toewijzen"
        return changes.decide_appeal(connection, seen, note, is_granted=is_granted)
    if action == "bijwerken":
        assert decision.public_body is not None
        return changes.shorten(connection, seen, decision.public_body)
    return changes.place(connection, seen, decision.public_body if action == "inkorten" else None)


def _apply_photo(connection: Connection, decision: Decision, seen: Seen) -> None:
    if decision.photo is None:
        return
    choice = PHOTO_CHOICES[decision.photo]
    if choice.key == "weg":
        is_changed = changes.remove_photo(connection, seen.code)
    else:
        is_public = choice.key == "openbaar"
        is_changed = changes.show_photo(connection, seen.code, is_public=is_public)
    if is_changed:
        changes.add_step(connection, seen, f"foto_{choice.key}")


def _counted(key: str, count: int) -> str:
    noun = "1 reactie is" if count == 1 else f"{count} reacties zijn"
    return f"{noun} {_TOLD[key]}."


def _left_alone(codes: tuple[str, ...]) -> str:
    if len(codes) == 1:
        return (
            f"Reactie {codes[0]} is niet veranderd: iemand anders was u voor, of u mag hier niet "
            "zelf over beslissen."
        )
    return (
        f"{len(codes)} reacties zijn niet veranderd: iemand anders was u voor, of u mag er niet "
        f"zelf over beslissen. Het gaat om {', '.join(codes)}."
    )
