"""The database refuses women's shelters by any text of a site, a state or an amenity."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHELTER = r"(vrouwen[^a-z]*opv|opvang voor vrouwen|blijf[^a-z]*(van|huis|groep))"
CHECKS = {
    "site": ("type", "name", "provider", "address", "description"),
    "site_state": ("reason",),
    "amenity": ("category", "name"),
}


def upgrade() -> None:
    for table, columns in CHECKS.items():
        texts = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        op.create_check_constraint(
            op.f(f"ck_{table}_no_vrouwenopvang_by_name"), table, f"({texts}) !~* '{SHELTER}'"
        )


def downgrade() -> None:
    for table in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_no_vrouwenopvang_by_name"), table, type_="check")
