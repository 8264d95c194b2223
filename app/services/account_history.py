"""What was changed of accounts, as sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.account_words import role_word
from data.queries.account_history import AccountChange, account_changes

#: So many changes are read for the page.
SHOWN_COUNT = 200
_ACTORS = {
    "opdracht": "een opdracht op de server",
    "eenmalige link": "een eenmalige link",
    "website": "de website",
}
_TIMES = {
    "password_changed_at": "{name} kreeg een ander wachtwoord.",
    "totp_changed_at": "De tweede stap van {name} werd aan- of uitgezet.",
    "oidc_subject": "{name} werd gekoppeld aan het account van de organisatie.",
}


@dataclass(frozen=True)
class HistoryLine:
    """One sentence, with when and through whom."""

    at: dt.datetime
    doer: str
    sentence: str


def history(connection: Connection, gemeenten: Mapping[str, str]) -> list[HistoryLine]:
    """The latest changes, newest first."""
    return [
        HistoryLine(change.at, _doer(change), sentence)
        for change in account_changes(connection, SHOWN_COUNT)
        for sentence in _sentences(change, gemeenten)
    ]


def _doer(change: AccountChange) -> str:
    way = _ACTORS.get(change.actor, change.actor)
    if change.doer is None:
        return way[:1].upper() + way[1:]
    return change.doer if change.actor == "website" else f"{change.doer}, door {way}"


def _sentences(change: AccountChange, gemeenten: Mapping[str, str]) -> list[str]:
    name = change.about or "Iemand"
    before, after = change.before or {}, change.after or {}
    if change.table_name == "account_role":
        held = {**before, **after}
        role = role_word(held["role"], held["gemeente_code"], gemeenten)
        gained = change.action == "added"
        return [f"{name} {'kreeg de rol' if gained else 'heeft niet meer de rol'} {role}."]
    if change.table_name == "sign_in_link":
        return [_link_sentence(name, after)] if change.action == "added" else []
    if change.action == "added":
        return [f"Het account van {after['name']} werd gemaakt."]
    return _account_sentences(name, before, after)


def _link_sentence(name: str, after: Mapping[str, object]) -> str:
    aim = "te loggen" if after["purpose"] == "sign_in" else "een wachtwoord te kiezen"
    glue = "in " if after["purpose"] == "sign_in" else ""
    return f"Voor {name} werd een link gemaakt om {glue}{aim}."


def _account_sentences(
    name: str, before: Mapping[str, object], after: Mapping[str, object]
) -> list[str]:
    changed = {key for key in after if after[key] != before.get(key)}
    found = [words.format(name=name) for key, words in _TIMES.items() if key in changed]
    if "is_active" in changed:
        found.append(
            f"Het account van {name} werd {'geopend' if after['is_active'] else 'gesloten'}."
        )
    if "name" in changed:
        found.append(f"{before['name']} heet nu {after['name']}.")
    return found
