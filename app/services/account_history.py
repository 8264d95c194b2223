"""What was changed of accounts, as sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.services.account_words import role_word
from app.services.site_history import who_did
from data.queries.accounts import all_accounts
from data.queries.history import ChangeRecord, account_changes

#: So many changes are read for the page.
SHOWN_COUNT = 200
#: By which way a change came that was made with a link that works once.
BY_LINK = "eenmalige link"
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
    names = {entry.id: entry.name for entry in all_accounts(connection)}
    return [
        HistoryLine(change.at, _doer(change), sentence)
        for change in account_changes(connection, SHOWN_COUNT)
        for sentence in _sentences(change, _about(change, names), gemeenten)
    ]


def _doer(change: ChangeRecord) -> str:
    if change.account_name is None and change.actor == "opdracht":
        return "Met een opdracht op de server"
    by_link = ", met een eenmalige link" if change.actor == BY_LINK else ""
    return f"{who_did(change)}{by_link}"


def _about(change: ChangeRecord, names: Mapping[int, str]) -> str:
    row = change.after or change.before or {}
    return names.get(int(row.get("account_id") or row.get("id") or 0), "Iemand")


def _sentences(change: ChangeRecord, name: str, gemeenten: Mapping[str, str]) -> list[str]:
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
