"""Accounts in words: roles with their gemeente, and the ways to sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from app.auth.roles import ROLES
from app.services.worklist import gemeente_names
from data.errors import NotFound

_WAYS = {
    "wachtwoord": "Met uw wachtwoord",
    "link": "Met een link",
    "oidc": "Met het account van uw organisatie",
}


def role_words(roles: Iterable[tuple[str, str]], gemeenten: Mapping[str, str]) -> list[str]:
    """Each role in words, in the order of the table of roles: "Planner voor Haarlem"."""
    held = sorted(set(roles), key=lambda role: (_place(role[0]), role[1]))
    return [role_word(role, gemeente_code, gemeenten) for role, gemeente_code in held]


def role_word(role: str, gemeente_code: str, gemeenten: Mapping[str, str]) -> str:
    """One role in words; a role of another version is named by its key."""
    label = ROLES[role].label if role in ROLES else role
    if not gemeente_code:
        return label
    return f"{label} voor {gemeenten.get(gemeente_code, gemeente_code)}"


def known_gemeenten(connection: Connection) -> dict[str, str]:
    """The names of the gemeenten by code; none while there are no areas yet."""
    try:
        return gemeente_names(connection)
    except NotFound:
        return {}


def way_words(way: str) -> str:
    """How someone signed in."""
    return _WAYS.get(way, "Op een andere manier")


def _place(role: str) -> int:
    return ROLES.keys.index(role) if role in ROLES else len(ROLES.keys)
