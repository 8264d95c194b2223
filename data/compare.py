"""The difference between what the database holds and what a delivery brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array


@dataclass(frozen=True)
class Difference:
    """Which rows are new, changed (with the columns) and gone, by their key."""

    new: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] | None = None
    gone: tuple[str, ...] = ()
    unchanged_count: int = 0

    @property
    def changes(self) -> Mapping[str, tuple[str, ...]]:
        """The changed rows: key and names of the changed columns."""
        return self.changed or {}

    @property
    def changed_columns(self) -> tuple[str, ...]:
        """The names of all columns in which something changed."""
        return tuple(sorted({name for names in self.changes.values() for name in names}))

    @property
    def row_count(self) -> int:
        """How many rows the delivery brought."""
        return len(self.new) + len(self.changes) + self.unchanged_count

    @property
    def is_empty(self) -> bool:
        """Whether nothing is new, changed or gone."""
        return not (self.new or self.changes or self.gone)

    def labelled(self, label: Callable[[str], str]) -> Difference:
        """The same difference with other words for the keys."""
        return Difference(
            new=tuple(label(key) for key in self.new),
            changed={label(key): columns for key, columns in self.changes.items()},
            gone=tuple(label(key) for key in self.gone),
            unchanged_count=self.unchanged_count,
        )


def compare(
    connection: Connection,
    stored: FromClause,
    offered: FromClause,
    key: Sequence[str],
    columns: Iterable[str],
) -> Difference:
    """Compare two sets of rows of the same columns, row by row on ``key``, inside the database."""
    same = and_(*(stored.c[name] == offered.c[name] for name in key))
    is_new, is_gone = stored.c[key[0]].is_(None), offered.c[key[0]].is_(None)
    differs = {name: stored.c[name].is_distinct_from(offered.c[name]) for name in columns}
    changed = or_(literal(False), *differs.values())
    joined = stored.join(offered, same, full=True)
    rows = connection.execute(
        select(_key_text(stored, offered, key), is_new, is_gone, _names_of(differs))
        .select_from(joined)
        .where(or_(is_new, is_gone, changed))
        .order_by(_key_text(stored, offered, key))
    ).all()
    unchanged = select(func.count()).select_from(stored.join(offered, and_(same, ~changed)))
    return Difference(
        new=tuple(row[0] for row in rows if row[1]),
        changed={row[0]: tuple(row[3]) for row in rows if not (row[1] or row[2])},
        gone=tuple(row[0] for row in rows if row[2]),
        unchanged_count=connection.execute(unchanged).scalar_one(),
    )


def _key_text(stored: FromClause, offered: FromClause, key: Sequence[str]) -> ColumnElement[str]:
    parts = [cast(func.coalesce(stored.c[name], offered.c[name]), Text) for name in key]
    return func.concat_ws(" ", *parts)


def _names_of(differs: Mapping[str, ColumnElement[bool]]) -> ColumnElement[Sequence[str]]:
    names: list[ColumnElement[str | None]] = [
        case((differs_here, literal(name)), else_=None) for name, differs_here in differs.items()
    ]
    listed: array[Any] = array(names, type_=Text())
    return func.array_remove(listed, None)
