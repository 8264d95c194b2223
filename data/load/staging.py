"""Rows on their way in: copied beside the table, compared with it, then merged into it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from data.compare import Difference, compare
from data.tables import Table

_COPY_BYTES = 1 << 20


def table_of(entity: type[Table]) -> sa.Table:
    """The table behind a class of ``data.tables``."""
    table = entity.__table__
    assert isinstance(table, sa.Table)
    return table


def merge(
    connection: Connection,
    table: sa.Table,
    frame: pd.DataFrame,
    *,
    within: sa.ColumnElement[bool],
    key: Sequence[str] = (),
    remove_gone: bool = True,
    ignore: Sequence[str] = (),
) -> Difference:
    """Make the rows of ``table`` that lie ``within`` equal to ``frame``, on ``key``.

    The key is the primary key unless another is given. ``frame`` has a column for each column
    to write. Rows that are gone are deleted when ``remove_gone``. Columns in ``ignore`` are
    written, but alone do not make a row changed.
    """
    key = key or [column.name for column in table.primary_key]
    columns = [str(name) for name in frame.columns]
    with staged(connection, table, frame) as offered:
        stored = sa.select(*(table.c[name] for name in columns)).where(within).subquery("stored")
        compared = [name for name in columns if name not in {*key, *ignore}]
        difference = compare(connection, stored, offered, _telling(key), compared)
        if remove_gone and difference.gone:
            _delete_gone(connection, table, offered, key, within)
        if difference.new or difference.changes or ignore:
            _upsert(connection, table, offered, key, columns)
    return difference


@contextmanager
def staged(connection: Connection, table: sa.Table, frame: pd.DataFrame) -> Iterator[sa.FromClause]:
    """A temporary copy of ``table``'s columns that holds the rows of ``frame``."""
    columns = [table.c[str(name)] for name in frame.columns]
    name = f"staged_{table.name}"
    listed = ", ".join(column.name for column in columns)
    connection.execute(
        sa.text(
            f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS "
            f"SELECT {listed} FROM {table.name} WITH NO DATA"
        )
    )
    _copy(connection, name, frame)
    connection.execute(sa.text(f"ANALYZE {name}"))
    try:
        yield sa.table(name, *(sa.column(c.name, c.type) for c in columns)).alias("offered")
    finally:
        if connection.in_transaction() and not connection.invalidated:
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))


def to_copy_text(frame: pd.DataFrame) -> str:
    """The rows as CSV that COPY reads: unknown is empty, geometry is EWKB in hexadecimals."""
    columns = {name: _to_copy_column(frame[name]) for name in frame.columns}
    return str(pd.DataFrame(columns).to_csv(index=False, header=False, lineterminator="\n"))


def geometry_column(geometries: gpd.GeoSeries) -> pd.Series:
    """Geometry as EWKB text with its coordinate system, unknown as None."""
    values = np.asarray(geometries.array, dtype=object)
    tagged = shapely.set_srid(values, geometries.crs.to_epsg())
    texts = shapely.to_wkb(tagged, hex=True, include_srid=True)
    return pd.Series(texts, index=geometries.index, dtype=object)


def _to_copy_column(values: pd.Series) -> pd.Series:
    if isinstance(values, gpd.GeoSeries):
        return geometry_column(values)
    return values


def _copy(connection: Connection, name: str, frame: pd.DataFrame) -> None:
    text = io.StringIO(to_copy_text(frame))
    driver = connection.connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy,
    ):
        while block := text.read(_COPY_BYTES):
            copy.write(block)


def _telling(key: Sequence[str]) -> list[str]:
    """The key without the release, which is the same in every row."""
    telling = [name for name in key if name != "release_id"]
    return telling or list(key)


def _delete_gone(
    connection: Connection,
    table: sa.Table,
    offered: sa.FromClause,
    key: Sequence[str],
    within: sa.ColumnElement[bool],
) -> None:
    here = sa.and_(*(offered.c[name] == table.c[name] for name in key))
    connection.execute(
        sa.delete(table).where(within, ~sa.exists(sa.select(1).select_from(offered).where(here)))
    )


def _upsert(
    connection: Connection,
    table: sa.Table,
    offered: sa.FromClause,
    key: Sequence[str],
    columns: Sequence[str],
) -> None:
    rows = sa.select(*(offered.c[name] for name in columns))
    statement = insert(table).from_select(columns, rows, include_defaults=False)
    others = [name for name in columns if name not in key]
    fresh = {name: statement.excluded[name] for name in others}
    changed = sa.or_(*(table.c[name].is_distinct_from(fresh[name]) for name in others))
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=fresh, where=changed)
    )
