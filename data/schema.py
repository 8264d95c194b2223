"""Making and checking the database schema: PostGIS, Alembic migrations, spatial indexes."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from data.database_roles import ROLES, begin_as
from data.dialogue_tables import Table
from data.errors import SchemaError

_NOT_ALLOWED = (
    "De gebruiker van de database mag geen rollen of uitbreidingen maken. Laat de beheerder van "
    "de server dit eenmaal doen: CREATE EXTENSION postgis; "
    + " ".join(f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO uw_gebruiker;" for role in ROLES)
)
MIGRATIONS_FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def connect(database_url: str, role: str | None = None) -> Engine:
    """An engine for the database; connections are checked before use.

    With a ``role`` of ``data.database_roles`` every connection begins as that role, and so can
    do no more. Errors do not repeat the values of a query: those may be names and addresses.
    """
    engine = create_engine(database_url, pool_pre_ping=True, hide_parameters=True)
    if role is not None:
        begin_as(engine, role)
    return engine


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to ``revision``, making the PostGIS extension when it is not there."""
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
            command.upgrade(_config(connection), revision)
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise SchemaError(_NOT_ALLOWED) from error
        raise


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to ``revision``."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def differences(connection: Connection) -> list[object]:
    """What Alembic would change to make the database like ``data.tables``; empty is good."""
    context = MigrationContext.configure(
        connection, opts={"include_object": alembic_helpers.include_object, "compare_type": True}
    )
    return list(compare_metadata(context, Table.metadata))


def missing_spatial_indexes(connection: Connection) -> list[str]:
    """``table.column`` of every geometry column in our tables that has no GiST index."""
    rows = connection.execute(
        text(
            """
            SELECT c.relname || '.' || a.attname
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
            JOIN pg_type t ON t.oid = a.atttypid AND t.typname = 'geometry'
            WHERE a.attnum > 0 AND NOT a.attisdropped
              AND NOT EXISTS (
                SELECT 1 FROM pg_index i
                JOIN pg_class ic ON ic.oid = i.indexrelid
                JOIN pg_am am ON am.oid = ic.relam AND am.amname = 'gist'
                WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid
              )
            ORDER BY 1
            """
        )
    )
    return [str(row[0]) for row in rows]


def check(engine: Engine) -> None:
    """Return when the schema is the newest and every geometry column has its index.

    Raises SchemaError, in words a user can act on, when it is not.
    """
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(_config(connection))
        newest = script.get_current_head()
        current = MigrationContext.configure(connection).get_current_revision()
        if current != newest:
            raise SchemaError(
                f"De database staat op versie {current or 'leeg'}; deze versie van het "
                f"programma heeft {newest} nodig. Typ: vlekkenplan db upgrade"
            )
        missing = missing_spatial_indexes(connection)
    if missing:
        raise SchemaError(
            "In de database ontbreken ruimtelijke indexen op: "
            + ", ".join(missing)
            + ". Zonder deze indexen is de kaart te traag. Maak ze opnieuw (CREATE INDEX ... "
            "USING gist) of typ: vlekkenplan db reset"
        )
