"""How many places of a type each gemeente needs, from a year on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("from_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("place_count >= 0", name=op.f("ck_task_place_count")),
        sa.CheckConstraint("from_year between 2000 and 2100", name=op.f("ck_task_from_year")),
        sa.CheckConstraint("type <> 'vrouwenopvang'", name=op.f("ck_task_no_vrouwenopvang")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_task_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "release_id", "gemeente_code", "type", "from_year", name=op.f("pk_task")
        ),
    )


def downgrade() -> None:
    op.drop_table("task")
