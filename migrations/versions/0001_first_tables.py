"""First tables, and the views through which sites leave the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PUBLIC_SITE = """
CREATE VIEW public_site AS
SELECT id, site_code, release_id, name, type, provider, address, description,
       valid_from, valid_to, geom, geom_wgs84
FROM site
WHERE publication = 'openbaar'
"""

# A point on a border counts once: the area with the lowest code of those that cover it.
PUBLIC_SITE_AREA = """
CREATE VIEW public_site_area AS
SELECT DISTINCT ON (s.id, a.release_id, a.level)
       s.id AS site_id, a.release_id AS area_release_id, s.release_id AS site_release_id,
       s.type, s.valid_from, s.valid_to, a.level, a.area_code, a.in_region,
       s.publication = 'openbaar' AS has_public_place
FROM site s
JOIN area a ON ST_Covers(a.geom, s.geom)
WHERE s.publication = 'openbaar'
   OR (s.publication = 'gebied' AND a.level IN ('gemeente', 'wijk'))
ORDER BY s.id, a.release_id, a.level, a.area_code
"""

PUBLIC_SITE_STATE = """
CREATE VIEW public_site_state AS
SELECT st.site_id, st.from_date, st.status, st.capacity_count,
       CASE WHEN s.publication = 'openbaar' THEN st.reason END AS reason
FROM site_state st
JOIN site s ON s.id = st.site_id
WHERE s.publication IN ('openbaar', 'gebied')
"""

VIEWS = {
    "public_site": PUBLIC_SITE,
    "public_site_area": PUBLIC_SITE_AREA,
    "public_site_state": PUBLIC_SITE_STATE,
}


def upgrade() -> None:
    op.create_table(
        "source_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("retrieved_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_release")),
        sa.UniqueConstraint(
            "source_key", "year", "version", name=op.f("uq_source_release_source_key_year_version")
        ),
    )
    op.create_geospatial_table(
        "amenity",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("amenity_code", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column(
            "geom_wgs84",
            Geometry(geometry_type="POINT", srid=4326, dimension=2, spatial_index=False),
            sa.Computed("ST_Transform(geom, 4326)", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_amenity_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "amenity_code", name=op.f("pk_amenity")),
    )
    op.create_geospatial_index(
        "idx_amenity_geom",
        "amenity",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "idx_amenity_geom_wgs84",
        "amenity",
        ["geom_wgs84"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_amenity_category"), "amenity", ["category"], unique=False)
    op.create_geospatial_table(
        "area",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("gemeente_name", sa.String(), nullable=False),
        sa.Column("wijk_code", sa.String(), nullable=True),
        sa.Column("in_region", sa.Boolean(), nullable=False),
        sa.Column("is_water", sa.Boolean(), nullable=False),
        sa.Column("land_area_ha", sa.Double(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column(
            "geom_wgs84",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, dimension=2, spatial_index=False),
            sa.Computed("ST_Transform(geom, 4326)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "outline_wgs84",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.CheckConstraint("level in ('gemeente', 'wijk', 'buurt')", name=op.f("ck_area_level")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_area_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "area_code", name=op.f("pk_area")),
    )
    op.create_geospatial_index(
        "idx_area_geom", "area", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_index(
        "idx_area_geom_wgs84",
        "area",
        ["geom_wgs84"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "idx_area_outline_wgs84",
        "area",
        ["outline_wgs84"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        op.f("ix_area_release_id_gemeente_code"),
        "area",
        ["release_id", "gemeente_code"],
        unique=False,
    )
    op.create_index(op.f("ix_area_release_id_level"), "area", ["release_id", "level"], unique=False)
    op.create_geospatial_table(
        "population_point",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(), nullable=False),
        sa.Column("resident_count", sa.Double(), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_population_point_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "point_code", name=op.f("pk_population_point")),
    )
    op.create_geospatial_index(
        "idx_population_point_geom",
        "population_point",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_code", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column(
            "geom_wgs84",
            Geometry(geometry_type="POINT", srid=4326, dimension=2, spatial_index=False),
            sa.Computed("ST_Transform(geom, 4326)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "publication in ('openbaar', 'gebied', 'intern')", name=op.f("ck_site_publication")
        ),
        sa.CheckConstraint("type <> 'vrouwenopvang'", name=op.f("ck_site_no_vrouwenopvang")),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_to >= valid_from",
            name=op.f("ck_site_valid_period"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["source_release.id"], name=op.f("fk_site_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("site_code", name=op.f("uq_site_site_code")),
    )
    op.create_geospatial_index(
        "idx_site_geom", "site", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_index(
        "idx_site_geom_wgs84",
        "site",
        ["geom_wgs84"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_site_release_id"), "site", ["release_id"], unique=False)
    op.create_index(op.f("ix_site_type"), "site", ["type"], unique=False)
    op.create_geospatial_table(
        "street_edge",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("edge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_node_id", sa.BigInteger(), nullable=False),
        sa.Column("to_node_id", sa.BigInteger(), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("walk", sa.Boolean(), nullable=False),
        sa.Column("cycle_forward", sa.Boolean(), nullable=False),
        sa.Column("cycle_backward", sa.Boolean(), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="LINESTRING", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.CheckConstraint("length_m >= 0", name=op.f("ck_street_edge_length")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_street_edge_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "edge_id", name=op.f("pk_street_edge")),
    )
    op.create_geospatial_index(
        "idx_street_edge_geom",
        "street_edge",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "street_node",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_street_node_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "node_id", name=op.f("pk_street_node")),
    )
    op.create_geospatial_index(
        "idx_street_node_geom",
        "street_node",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "figure",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(value is null) <> (reason is null)", name=op.f("ck_figure_value_or_reason")
        ),
        sa.ForeignKeyConstraint(
            ["release_id", "area_code"],
            ["area.release_id", "area.area_code"],
            name=op.f("fk_figure_release_id_area_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "area_code", "figure", name=op.f("pk_figure")),
    )
    op.create_index(
        op.f("ix_figure_release_id_figure"), "figure", ["release_id", "figure"], unique=False
    )
    op.create_table(
        "site_state",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("capacity_count", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("capacity_count >= 0", name=op.f("ck_site_state_capacity")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_state_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "from_date", name=op.f("pk_site_state")),
    )
    for definition in VIEWS.values():
        op.execute(definition)


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    op.drop_table("site_state")
    op.drop_index(op.f("ix_figure_release_id_figure"), table_name="figure")
    op.drop_table("figure")
    op.drop_geospatial_index(
        "idx_street_node_geom",
        table_name="street_node",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("street_node")
    op.drop_geospatial_index(
        "idx_street_edge_geom",
        table_name="street_edge",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("street_edge")
    op.drop_index(op.f("ix_site_type"), table_name="site")
    op.drop_index(op.f("ix_site_release_id"), table_name="site")
    op.drop_geospatial_index(
        "idx_site_geom_wgs84", table_name="site", postgresql_using="gist", column_name="geom_wgs84"
    )
    op.drop_geospatial_index(
        "idx_site_geom", table_name="site", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("site")
    op.drop_geospatial_index(
        "idx_population_point_geom",
        table_name="population_point",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("population_point")
    op.drop_index(op.f("ix_area_release_id_level"), table_name="area")
    op.drop_index(op.f("ix_area_release_id_gemeente_code"), table_name="area")
    op.drop_geospatial_index(
        "idx_area_outline_wgs84",
        table_name="area",
        postgresql_using="gist",
        column_name="outline_wgs84",
    )
    op.drop_geospatial_index(
        "idx_area_geom_wgs84", table_name="area", postgresql_using="gist", column_name="geom_wgs84"
    )
    op.drop_geospatial_index(
        "idx_area_geom", table_name="area", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("area")
    op.drop_index(op.f("ix_amenity_category"), table_name="amenity")
    op.drop_geospatial_index(
        "idx_amenity_geom_wgs84",
        table_name="amenity",
        postgresql_using="gist",
        column_name="geom_wgs84",
    )
    op.drop_geospatial_index(
        "idx_amenity_geom", table_name="amenity", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("amenity")
    op.drop_table("source_release")
