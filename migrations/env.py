"""Alembic's entry: the connection is handed over by ``data.schema``."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from data.dialogue_tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
