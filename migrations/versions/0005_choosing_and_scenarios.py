"""Choosing between candidates: uses of the ground, costs, choices, dossiers, scenarios, siting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SHELTER = r"(vrouwen[^a-z]*opv|opvang voor vrouwen|\mblijf[^a-z]*(van|huis|groep))"
#: Texts that people type; none may tell of a women's shelter.
TEXTS = {
    "site_cost": ("source",),
    "choice": ("name", "explanation"),
    "choice_rules": ("reason", "content::text"),
    "choice_candidate": ("origin_note", "dropped_reason"),
    "weighting": ("name",),
    "scenario": ("name", "explanation", "adopted_reason"),
    "scenario_item": ("name", "note"),
    "siting_job": ("name",),
}
#: Which tables are noted in the history, and what of them is not.
NOTED = {
    "site_cost": ("version",),
    "choice": ("version",),
    "choice_rules": ("content",),
    "choice_candidate": ("version",),
    "dossier": ("content",),
    "weighting": (),
    "scenario": ("version", "updated_at"),
    "scenario_item": (),
    "scenario_link": ("token_sha256",),
}
#: Tables whose rows are of a gemeente or of the region, by their own column.
OWNED = ("choice", "weighting", "scenario", "siting_job")
#: Tables whose rows are of the choice or scenario that they hang under.
PARTS = {
    "choice_rules": "choice",
    "choice_candidate": "choice",
    "assessment": "choice",
    "dossier": "choice",
    "scenario_item": "scenario",
    "scenario_link": "scenario",
}
#: What is only added to. A dossier may be published or withdrawn, and changes in nothing else.
ADDED_TO = ("choice_rules", "assessment")

#: Nobody gathers a site that they may not see.
KNOWN_SITE = {
    table: f" AND ({table}.site_id IS NULL"
    f" OR EXISTS (SELECT 1 FROM site s WHERE s.id = {table}.site_id)"
    f" OR EXISTS (SELECT 1 FROM public_site s WHERE s.id = {table}.site_id))"
    for table in ("choice_candidate", "scenario_item")
}

#: As in 0004, and a row under a choice or a scenario is of the gemeente of that.
NOTE_CHANGE = """
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  old_row jsonb;
  new_row jsonb;
  some_row jsonb;
  of_site integer;
  of_gemeente text;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - coalesce(TG_ARGV, '{}'); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - coalesce(TG_ARGV, '{}'); END IF;
  IF old_row = new_row THEN RETURN NULL; END IF;
  some_row := coalesce(new_row, old_row);
  IF TG_TABLE_NAME = 'site' THEN
    of_site := (some_row ->> 'id')::integer;
    of_gemeente := some_row ->> 'gemeente_code';
  ELSIF some_row ? 'choice_id' THEN
    SELECT gemeente_code INTO of_gemeente FROM choice
    WHERE id = (some_row ->> 'choice_id')::integer;
  ELSIF some_row ? 'scenario_id' THEN
    SELECT gemeente_code INTO of_gemeente FROM scenario
    WHERE id = (some_row ->> 'scenario_id')::integer;
  ELSIF some_row ? 'site_id' THEN
    of_site := (some_row ->> 'site_id')::integer;
    SELECT gemeente_code INTO of_gemeente FROM site WHERE id = of_site;
  ELSE
    of_gemeente := some_row ->> 'gemeente_code';
  END IF;
  INSERT INTO change (transaction_id, account_id, actor, reason, table_name, action,
                      site_id, gemeente_code, before, after)
  VALUES (
    txid_current(),
    nullif(current_setting('vlekkenplan.account_id', true), '')::integer,
    coalesce(nullif(current_setting('vlekkenplan.actor', true), ''), 'programma'),
    nullif(current_setting('vlekkenplan.reason', true), ''),
    TG_TABLE_NAME,
    CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
    of_site, of_gemeente, old_row, new_row);
  RETURN NULL;
END $$
"""

KEEP_AS_MADE = """
CREATE FUNCTION keep_as_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'dossier' AND TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - 'published_at' = to_jsonb(OLD) - 'published_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is only added to, never changed', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""

PUBLIC_DOSSIER = """
CREATE VIEW public_dossier AS
SELECT id, code, title, content, sha256, made_at, published_at
FROM dossier WHERE published_at IS NOT NULL
"""

#: What a link of a scenario opens: of sites only those that are public with their place. Not
#: how many items are left out, nor when it last changed: both tell of sites that are not public.
SHARED_SCENARIO = """
CREATE FUNCTION shared_scenario(token_hash text) RETURNS jsonb LANGUAGE sql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT jsonb_build_object(
    'scenario', jsonb_build_object(
      'name', s.name, 'explanation', s.explanation, 'type', s.type,
      'gemeente_code', s.gemeente_code, 'on_date', s.on_date,
      'target_place_count', s.target_place_count),
    'items', coalesce((
      SELECT jsonb_agg(
        to_jsonb(i) - 'geom'
          || jsonb_build_object('x_m', ST_X(i.geom), 'y_m', ST_Y(i.geom))
        ORDER BY i.id)
      FROM scenario_item i LEFT JOIN site p ON p.id = i.site_id
      WHERE i.scenario_id = s.id AND (i.site_id IS NULL OR p.publication = 'openbaar')), '[]'))
  FROM scenario s JOIN scenario_link l ON l.scenario_id = s.id
  WHERE l.token_sha256 = token_hash AND l.withdrawn_at IS NULL
$$
"""


def upgrade() -> None:
    _make_land_use()
    _make_choices()
    _make_scenarios()
    _refuse_shelters()
    for statement in (NOTE_CHANGE, KEEP_AS_MADE, PUBLIC_DOSSIER, SHARED_SCENARIO):
        op.execute(statement)
    _add_triggers()
    _grant()
    _add_policies()


def _moment(name: str, *, is_now: bool = False) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        nullable=not is_now,
        server_default=sa.text("now()") if is_now else None,
    )


def _under(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)


def _make_land_use() -> None:
    op.create_geospatial_table(
        "land_use",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("land_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
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
        _under("land_use", "release_id", "source_release"),
        sa.PrimaryKeyConstraint("release_id", "land_code", name=op.f("pk_land_use")),
    )
    _spatial_index("land_use", "geom")
    _spatial_index("land_use", "geom_wgs84")
    op.create_index(op.f("ix_land_use_kind"), "land_use", ["kind"], unique=False)


def _spatial_index(table: str, column: str) -> None:
    op.create_geospatial_index(
        f"idx_{table}_{column}",
        table,
        [column],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )


def _make_choices() -> None:
    op.create_table(
        "site_cost",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("cost_eur", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        _version(),
        sa.CheckConstraint("cost_eur >= 0", name=op.f("ck_site_cost_cost_eur")),
        _under("site_cost", "site_id", "site"),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_cost")),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("target_place_count", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _version(),
        sa.CheckConstraint("target_place_count > 0", name=op.f("ck_choice_target_place_count")),
        sa.CheckConstraint("type <> 'vrouwenopvang'", name=op.f("ck_choice_no_vrouwenopvang")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    op.create_table(
        "choice_rules",
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _under("choice_rules", "choice_id", "choice"),
        sa.PrimaryKeyConstraint("choice_id", "version", name=op.f("pk_choice_rules")),
    )
    op.create_table(
        "choice_candidate",
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("origin_note", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("dropped_by", sa.Integer(), nullable=True),
        sa.Column("dropped_role", sa.String(), nullable=True),
        sa.Column("dropped_reason", sa.String(), nullable=True),
        _version(),
        sa.CheckConstraint(
            "(dropped_on is null) = (dropped_reason is null)",
            name=op.f("ck_choice_candidate_dropped_why"),
        ),
        _under("choice_candidate", "choice_id", "choice"),
        _under("choice_candidate", "site_id", "site"),
        sa.PrimaryKeyConstraint("choice_id", "site_id", name=op.f("pk_choice_candidate")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _under("assessment", "choice_id", "choice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _moment("published_at"),
        _under("dossier", "choice_id", "choice"),
        _under("dossier", "assessment_id", "assessment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    op.create_table(
        "weighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("points", JSONB(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighting")),
    )
    for table, column in (
        ("choice", "gemeente_code"),
        ("assessment", "choice_id"),
        ("dossier", "choice_id"),
        ("weighting", "gemeente_code"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _make_scenarios() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("target_place_count", sa.Integer(), nullable=True),
        sa.Column("copied_from", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _moment("updated_at", is_now=True),
        _moment("adopted_at"),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.Column("adopted_reason", sa.String(), nullable=True),
        _version(),
        sa.CheckConstraint("target_place_count > 0", name=op.f("ck_scenario_target_place_count")),
        sa.CheckConstraint(
            "(adopted_at is null) = (adopted_reason is null)",
            name=op.f("ck_scenario_adopted_with_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_geospatial_table(
        "scenario_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("place_count", sa.Integer(), nullable=True),
        sa.Column("cost_eur", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind in ('on', 'off', 'moved', 'new')", name=op.f("ck_scenario_item_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'new') = (site_id is null)", name=op.f("ck_scenario_item_site")
        ),
        sa.CheckConstraint(
            "(kind in ('moved', 'new')) = (geom is not null)", name=op.f("ck_scenario_item_place")
        ),
        sa.CheckConstraint("place_count > 0", name=op.f("ck_scenario_item_place_count")),
        sa.CheckConstraint("cost_eur >= 0", name=op.f("ck_scenario_item_cost_eur")),
        _under("scenario_item", "scenario_id", "scenario"),
        _under("scenario_item", "site_id", "site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_item")),
    )
    _spatial_index("scenario_item", "geom")
    op.create_index(
        op.f("ix_scenario_item_scenario_id_site_id"),
        "scenario_item",
        ["scenario_id", "site_id"],
        unique=True,
    )
    op.create_table(
        "scenario_link",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        _moment("withdrawn_at"),
        _under("scenario_link", "scenario_id", "scenario"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_scenario_link")),
    )
    op.create_table(
        "siting_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("question", JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", JSONB(), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("is_cancel_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("asked_at", is_now=True),
        _moment("started_at"),
        _moment("seen_at"),
        _moment("finished_at"),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'cancelled', 'failed')",
            name=op.f("ck_siting_job_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_siting_job")),
    )
    for table, column in (
        ("scenario", "gemeente_code"),
        ("scenario_item", "scenario_id"),
        ("scenario_link", "scenario_id"),
        ("siting_job", "gemeente_code"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _refuse_shelters() -> None:
    for table, columns in TEXTS.items():
        texts = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_no_vrouwenopvang_by_name "
            f"CHECK (({texts}) !~* '{SHELTER}')"
        )


def _add_triggers() -> None:
    for table, left_out in NOTED.items():
        names = ", ".join(f"'{name}'" for name in left_out)
        op.execute(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION note_change({names})"
        )
    for table in ("site_cost", "choice", "choice_candidate", "scenario"):
        op.execute(
            f"CREATE TRIGGER next_version BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION next_version()"
        )
    for table in (*ADDED_TO, "dossier"):
        op.execute(
            f"CREATE TRIGGER keep_as_made BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_as_made()"
        )


def _grant() -> None:
    readers = "vlekkenplan_visitor, vlekkenplan_council, vlekkenplan_workspace, vlekkenplan_data"
    worker = "vlekkenplan_workspace"
    for grant in (
        f"SELECT ON land_use, public_dossier TO {readers}",
        f"SELECT, INSERT, UPDATE, DELETE ON site_cost TO {worker}",
        f"SELECT, INSERT, UPDATE ON choice, choice_candidate, scenario, siting_job TO {worker}",
        f"SELECT, INSERT ON choice_rules, assessment, dossier TO {worker}",
        f"UPDATE (published_at) ON dossier TO {worker}",
        f"SELECT, INSERT, DELETE ON weighting TO {worker}",
        f"SELECT, INSERT, UPDATE, DELETE ON scenario_item TO {worker}",
        f"DELETE ON scenario TO {worker}",
        f"SELECT, INSERT, UPDATE ON scenario_link TO {worker}",
        f"USAGE ON SEQUENCE choice_id_seq, assessment_id_seq, dossier_id_seq, weighting_id_seq, "
        f"scenario_id_seq, scenario_item_id_seq, siting_job_id_seq TO {worker}",
    ):
        op.execute(f"GRANT {grant}")
    op.execute("REVOKE EXECUTE ON FUNCTION shared_scenario(text) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION shared_scenario(text) TO {readers}")


def _add_policies() -> None:
    for table in ("site_cost", *OWNED, *PARTS):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    seen = "EXISTS (SELECT 1 FROM site s WHERE s.id = site_cost.site_id)"
    op.execute(
        "CREATE POLICY own_gemeente ON site_cost TO vlekkenplan_workspace "
        f"USING ({seen}) WITH CHECK ({seen})"
    )
    own = "in_scope(gemeente_code)"
    for table in OWNED:
        op.execute(
            f"CREATE POLICY own_gemeente ON {table} TO vlekkenplan_workspace "
            f"USING ({own}) WITH CHECK ({own})"
        )
        op.execute(
            f"CREATE POLICY of_the_region ON {table} FOR SELECT TO vlekkenplan_workspace "
            "USING (gemeente_code = 'regio')"
        )
    for table, parent in PARTS.items():
        exists = f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.{parent}_id"
        op.execute(
            f"CREATE POLICY own_gemeente ON {table} TO vlekkenplan_workspace "
            f"USING ({exists} AND in_scope(p.gemeente_code))) "
            f"WITH CHECK ({exists} AND in_scope(p.gemeente_code)){KNOWN_SITE.get(table, '')})"
        )
        op.execute(
            f"CREATE POLICY of_the_region ON {table} FOR SELECT TO vlekkenplan_workspace "
            f"USING ({exists} AND p.gemeente_code = 'regio'))"
        )
    names = ", ".join(f"'{name}'" for name in NOTED if name != "site_cost")
    op.execute(
        "CREATE POLICY planning_seen_by_workspace ON change FOR SELECT TO vlekkenplan_workspace "
        f"USING (table_name IN ({names}) AND (in_scope(gemeente_code) OR gemeente_code = 'regio'))"
    )


def downgrade() -> None:
    op.execute("DROP POLICY planning_seen_by_workspace ON change")
    op.execute("DROP FUNCTION shared_scenario(text)")
    op.execute("DROP VIEW public_dossier")
    for table in ("siting_job", "scenario_link", "scenario_item", "scenario", "weighting"):
        op.drop_table(table)
    for table in ("dossier", "assessment", "choice_candidate", "choice_rules", "choice"):
        op.drop_table(table)
    op.drop_table("site_cost")
    op.drop_table("land_use")
    op.execute("DROP FUNCTION keep_as_made()")
    op.execute(_older_note_change())


def _older_note_change() -> str:
    """The function of 0004, which knows no choices and scenarios."""
    choosing = NOTE_CHANGE.index("  ELSIF some_row ? 'choice_id'")
    sites = NOTE_CHANGE.index("  ELSIF some_row ? 'site_id'")
    own = NOTE_CHANGE.index("  ELSE\n    of_gemeente")
    rest = NOTE_CHANGE.index("  END IF;\n  INSERT INTO change")
    return NOTE_CHANGE[:choosing] + NOTE_CHANGE[sites:own] + NOTE_CHANGE[rest:]
