"""Who can read a column, and what is noted in the history: asked of the database itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

from data.database_roles import ROLES

Reach = Literal["alles", "openbaar", "gemeente", "link", "account"]


@dataclass(frozen=True)
class Reader:
    """A role of the database that reads a column, in which rows, and through which view."""

    role: str
    reach: tuple[Reach, ...]
    view: str | None = None


@dataclass(frozen=True)
class Structure:
    """What the database says of itself; columns are ``table.column``."""

    readers: Mapping[str, tuple[Reader, ...]]
    guarded_tables: frozenset[str]
    noted: Mapping[str, frozenset[str]]
    refusing_tables: frozenset[str]
    views: Mapping[str, str]


_GRANTED = """
SELECT c.relname, a.attname, roles.role
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN unnest(CAST(:roles AS text[])) AS roles(role)
WHERE c.relnamespace = CAST(current_schema AS regnamespace) AND c.relkind IN ('r', 'v')
  AND has_column_privilege(roles.role, c.oid, a.attnum, 'SELECT')"""
_SHOWN_BY_VIEWS = """
SELECT DISTINCT v.relname AS view, t.relname AS "table", a.attname, o.attname AS shown
FROM pg_depend d
JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = CAST('pg_rewrite' AS regclass)
JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
JOIN pg_class t ON t.oid = d.refobjid AND t.relkind = 'r'
  AND d.refclassid = CAST('pg_class' AS regclass)
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
JOIN pg_attribute o ON o.attrelid = v.oid AND o.attnum > 0
  AND o.attname IN (a.attname, regexp_replace(a.attname, '^public_', ''))
WHERE v.relnamespace = CAST(current_schema AS regnamespace)"""
_POLICIES = """
SELECT tablename, CAST(roles AS text[]) AS roles, coalesce(qual, 'true') AS qual FROM pg_policies
WHERE schemaname = current_schema AND cmd IN ('ALL', 'SELECT')"""
_GUARDED = """
SELECT relname FROM pg_class
WHERE relnamespace = CAST(current_schema AS regnamespace) AND relrowsecurity"""
#: The arguments of the trigger are the columns that are left out.
_NOTED = """
SELECT c.relname, a.attname FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE p.proname = 'note_change' AND NOT t.tgisinternal
  AND position('''' || a.attname || '''' IN pg_get_triggerdef(t.oid)) = 0"""
_REFUSING = """
SELECT c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'c' AND k.conname LIKE '%no_vrouwenopvang%'
  AND c.relnamespace = CAST(current_schema AS regnamespace)"""
_VIEWS = """
SELECT viewname, definition FROM pg_views WHERE schemaname = current_schema"""


def read_structure(connection: Connection) -> Structure:
    """Grants, views, policies, history and refusals, as they are at this moment."""
    noted: dict[str, set[str]] = defaultdict(set)
    for table, column in connection.execute(text(_NOTED)):
        noted[table].add(column)
    return Structure(
        _readers(connection),
        frozenset(connection.scalars(text(_GUARDED))),
        {table: frozenset(columns) for table, columns in noted.items()},
        frozenset(connection.scalars(text(_REFUSING))),
        dict(map(tuple, connection.execute(text(_VIEWS)))),
    )


def _readers(connection: Connection) -> dict[str, tuple[Reader, ...]]:
    granted = set(map(tuple, connection.execute(text(_GRANTED), {"roles": list(ROLES)})))
    reaches = _reaches(connection)
    guarded = frozenset(connection.scalars(text(_GUARDED)))
    found: dict[str, list[Reader]] = defaultdict(list)
    for table, column, role in sorted(granted):
        reach: tuple[Reach, ...] = ("alles",)
        if table in guarded:
            reach = tuple(sorted(reaches.get((table, role), ())))
        if reach:
            found[f"{table}.{column}"].append(Reader(role, reach))
    for view, table, column, shown in connection.execute(text(_SHOWN_BY_VIEWS)):
        of_view: Reach = "openbaar" if view.startswith("public_") else "alles"
        found[f"{table}.{column}"] += [
            Reader(role, (of_view,), view) for role in ROLES if (view, shown, role) in granted
        ]
    return {place: tuple(readers) for place, readers in found.items()}


def _reaches(connection: Connection) -> dict[tuple[str, str], set[Reach]]:
    """Which rows a role sees, by table and role, from the words of its policies."""
    found: dict[tuple[str, str], set[Reach]] = defaultdict(set)
    for table, roles, condition in connection.execute(text(_POLICIES)):
        for role in roles:
            found[table, role].add(_reach_of(condition))
    return found


def _reach_of(condition: str) -> Reach:
    if "opened_by_link" in condition:
        return "link"
    if "vlekkenplan.account_id" in condition:
        return "account"
    if "in_scope" in condition or "gemeente_code" in condition:
        return "gemeente"
    return "alles"
