"""Who may see and change what: roles of the database, accounts, the workspace and its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLES = (
    "vlekkenplan_visitor",
    "vlekkenplan_council",
    "vlekkenplan_workspace",
    "vlekkenplan_data",
    "vlekkenplan_accounts",
)
#: Of a delivery; the other two columns would tell of internal sites.
RELEASE_COLUMNS = (
    "id, source_key, publisher, title, licence, attribution, address, year, version, "
    "retrieved_on, is_example, imported_at"
)
OPEN_TABLES = (
    "area, figure, amenity, population_point, task, street_node, street_edge, "
    "public_site, public_site_area, public_site_state, public_home_count, public_release"
)
SITE_PARTS = ("site_state", "site_answer", "site_document")
SINGLE_HOMES = "'omklapwoning', 'contingentwoning', 'kanscontractwoning'"
OLD_SHELTER = r"(vrouwen[^a-z]*opv|opvang voor vrouwen|blijf[^a-z]*(van|huis|groep))"
#: As in 0002, but "blijf" begins a word: "een verblijf van een maand" is no shelter.
SHELTER = r"(vrouwen[^a-z]*opv|opvang voor vrouwen|\mblijf[^a-z]*(van|huis|groep))"
TEXTS = {
    "site": ("type", "name", "provider", "address", "description"),
    "site_state": ("reason",),
    "amenity": ("category", "name"),
}

#: Made once for the whole server; other databases on it may use the same roles.
MAKE_ROLES = f"""
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY string_to_array('{",".join(ROLES)}', ',') LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
    IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
    END IF;
  END LOOP;
END $$
"""

#: The gemeenten that the work of this transaction may touch: '*' is the whole region.
IN_SCOPE = """
CREATE FUNCTION in_scope(gemeente text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('vlekkenplan.scope', true), '') = '*'
      OR coalesce(
           gemeente = ANY (string_to_array(current_setting('vlekkenplan.scope', true), ',')),
           false)
$$
"""

#: The gemeente of a place, by the newest real areas; those with example areas come last.
GEMEENTE_OF = """
CREATE FUNCTION gemeente_of(place geometry) RETURNS text LANGUAGE sql STABLE
SET search_path FROM CURRENT AS $$
  SELECT a.area_code
  FROM area a JOIN source_release r ON r.id = a.release_id
  WHERE a.level = 'gemeente' AND ST_Covers(a.geom, place)
  ORDER BY r.is_example, r.year DESC, length(r.version) DESC, r.version DESC, a.area_code
  LIMIT 1
$$
"""

#: The gemeente follows from the place, whatever is written; each change makes a new version.
PREPARE_SITE = """
CREATE FUNCTION prepare_site() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
  NEW.gemeente_code := gemeente_of(NEW.geom);
  IF TG_OP = 'UPDATE' THEN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$
"""

NEXT_VERSION = """
CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$
"""

#: Its arguments are the columns that are left out: secrets, contents, and what is computed.
NOTE_CHANGE = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
  ELSIF some_row ? 'site_id' THEN
    of_site := (some_row ->> 'site_id')::integer;
    SELECT gemeente_code INTO of_gemeente FROM site WHERE id = of_site;
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

KEEP_HISTORY = """
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history is only added to, never changed' USING ERRCODE = 'restrict_violation';
END $$
"""

#: Which tables are noted in the history, and what of them is not.
NOTED = {
    "site": ("geom_wgs84", "outline_wgs84", "version", "updated_at"),
    "site_state": (),
    "site_answer": ("version",),
    "site_document": ("content",),
    "source_release": (),
    "account": (
        "password_hash",
        "totp_secret",
        "totp_last_step",
        "last_sign_in_at",
    ),
    "account_role": (),
    "sign_in_link": ("token_sha256", "used_at"),
}

INTERNAL_SITE_AREA = """
CREATE VIEW internal_site_area AS
SELECT DISTINCT ON (s.id, a.release_id, a.level)
       s.id AS site_id, a.release_id AS area_release_id, s.type, s.publication,
       s.valid_from, s.valid_to, a.level, a.area_code, a.in_region
FROM site s
JOIN area a ON ST_Covers(a.geom, s.geom)
WHERE a.level IN ('gemeente', 'wijk')
ORDER BY s.id, a.release_id, a.level, a.area_code
"""

INTERNAL_SITE_STATE = """
CREATE VIEW internal_site_state AS
SELECT site_id, from_date, status, capacity_count FROM site_state
"""

PUBLIC_HOME_COUNT = """
CREATE VIEW public_home_count AS
SELECT release_id, area_code, type, is_hidden,
       CASE WHEN NOT is_hidden THEN home_count END AS home_count
FROM home_count
"""

#: A register of sites is there for all once one of its sites counts; how many rows it has, and the
#: checksum of its file, tell of internal sites as well.
PUBLIC_RELEASE = f"""
CREATE VIEW public_release AS
SELECT {RELEASE_COLUMNS},
       CASE WHEN source_key <> 'locatieregister' THEN sha256 END AS sha256,
       CASE WHEN source_key <> 'locatieregister' THEN row_count END AS row_count
FROM source_release r
WHERE source_key <> 'locatieregister'
   OR EXISTS (SELECT 1 FROM site s WHERE s.release_id = r.id AND s.publication <> 'intern')
"""

ACCOUNT_NAME = "CREATE VIEW account_name AS SELECT id, name FROM account"

VIEWS = (
    INTERNAL_SITE_AREA,
    INTERNAL_SITE_STATE,
    PUBLIC_HOME_COUNT,
    PUBLIC_RELEASE,
    ACCOUNT_NAME,
)


def upgrade() -> None:
    op.execute(MAKE_ROLES)
    _refuse_shelters(SHELTER)
    _more_of_sites()
    _make_accounts()
    _make_history()
    op.create_table(
        "home_count",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("home_count", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint("home_count >= 0", name=op.f("ck_home_count_home_count")),
        sa.CheckConstraint(
            "is_hidden or home_count = 0 or home_count >= 10",
            name=op.f("ck_home_count_small_is_hidden"),
        ),
        sa.CheckConstraint(f"type in ({SINGLE_HOMES})", name=op.f("ck_home_count_single_homes")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["source_release.id"],
            name=op.f("fk_home_count_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "area_code", "type", name=op.f("pk_home_count")),
    )
    for statement in (IN_SCOPE, NEXT_VERSION, NOTE_CHANGE, KEEP_HISTORY):
        op.execute(statement)
    for view in VIEWS:
        op.execute(view)
    _add_triggers()
    _grant()
    _add_policies()


def _refuse_shelters(pattern: str) -> None:
    for table, columns in TEXTS.items():
        name = op.f(f"ck_{table}_no_vrouwenopvang_by_name")
        texts = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"({texts}) !~* '{pattern}'")


def _more_of_sites() -> None:
    op.add_column("site", sa.Column("gemeente_code", sa.String(), nullable=True))
    op.add_column(
        "site", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column(
        "site",
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column(
        "site",
        sa.Column(
            "outline",
            Geometry(geometry_type="POLYGON", srid=28992, dimension=2, spatial_index=False),
            nullable=True,
        ),
    )
    op.add_column(
        "site",
        sa.Column(
            "outline_wgs84",
            Geometry(geometry_type="POLYGON", srid=4326, dimension=2, spatial_index=False),
            sa.Computed("ST_Transform(outline, 4326)", persisted=True),
            nullable=True,
        ),
    )
    for column in ("outline", "outline_wgs84"):
        op.create_geospatial_index(
            f"idx_site_{column}",
            "site",
            [column],
            unique=False,
            postgresql_using="gist",
            postgresql_ops={},
        )
    op.create_index(op.f("ix_site_gemeente_code"), "site", ["gemeente_code"], unique=False)
    op.create_check_constraint(
        op.f("ck_site_no_single_homes"), "site", f"type not in ({SINGLE_HOMES})"
    )
    op.execute(GEMEENTE_OF)
    op.execute("UPDATE site SET gemeente_code = gemeente_of(geom)")
    op.create_table(
        "site_answer",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            f"(coalesce(evidence, '') || ' ' || coalesce(source, '')) !~* '{SHELTER}'",
            name=op.f("ck_site_answer_no_vrouwenopvang_by_name"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_answer_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "question", name=op.f("pk_site_answer")),
    )
    op.create_table(
        "site_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("byte_count > 0", name=op.f("ck_site_document_byte_count")),
        sa.CheckConstraint(
            f"title !~* '{SHELTER}'", name=op.f("ck_site_document_no_vrouwenopvang_by_name")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_document_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_document")),
    )
    op.create_index(op.f("ix_site_document_site_id"), "site_document", ["site_id"], unique=False)


def _moment(name: str, *, nullable: bool = True, now: bool = False) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        nullable=nullable,
        server_default=sa.text("now()") if now else None,
    )


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )


def _make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        _moment("password_changed_at"),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        _moment("totp_changed_at"),
        sa.Column("oidc_issuer", sa.String(), nullable=True),
        sa.Column("oidc_subject", sa.String(), nullable=True),
        _moment("last_sign_in_at"),
        _moment("created_at", nullable=False, now=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_lower_email")),
        sa.CheckConstraint(
            "(oidc_issuer is null) = (oidc_subject is null)", name=op.f("ck_account_oidc_pair")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint(
            "oidc_issuer", "oidc_subject", name=op.f("uq_account_oidc_issuer_oidc_subject")
        ),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        _of_account("account_role"),
        sa.PrimaryKeyConstraint(
            "account_id", "role", "gemeente_code", name=op.f("pk_account_role")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        _moment("created_at", nullable=False, now=True),
        _moment("seen_at", nullable=False, now=True),
        _moment("expires_at", nullable=False),
        _of_account("sign_in_session"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in_session")),
    )
    op.create_index(
        op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        _of_account("sign_in_link"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in_link")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        _moment("window_start", nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        _moment("blocked_until"),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.String(), nullable=False),
        _moment("used_at"),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("account_id", "code_sha256", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("content", sa.dialects.postgresql.JSONB(), nullable=False),
        _moment("saved_at", nullable=False, now=True),
        _of_account("draft"),
        sa.PrimaryKeyConstraint("account_id", "form_key", name=op.f("pk_draft")),
    )


def _make_history() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("gemeente_code", sa.String(), nullable=True),
        sa.Column("before", sa.dialects.postgresql.JSONB(), nullable=True),
        sa.Column("after", sa.dialects.postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "action in ('added', 'changed', 'removed')", name=op.f("ck_change_action")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_site_id"), "change", ["site_id"], unique=False)
    op.create_index(op.f("ix_change_table_name"), "change", ["table_name"], unique=False)


def _add_triggers() -> None:
    op.execute(PREPARE_SITE)
    op.execute(
        "CREATE TRIGGER prepare_site BEFORE INSERT OR UPDATE ON site "
        "FOR EACH ROW EXECUTE FUNCTION prepare_site()"
    )
    op.execute(
        "CREATE TRIGGER next_version BEFORE UPDATE ON site_answer "
        "FOR EACH ROW EXECUTE FUNCTION next_version()"
    )
    for table, left_out in NOTED.items():
        names = ", ".join(f"'{name}'" for name in left_out)
        op.execute(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION note_change({names})"
        )
    op.execute(
        "CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON change "
        "FOR EACH ROW EXECUTE FUNCTION keep_history()"
    )
    op.execute(
        "CREATE TRIGGER keep_all_history BEFORE TRUNCATE ON change "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_history()"
    )


def _grant() -> None:
    readers = "vlekkenplan_visitor, vlekkenplan_council, vlekkenplan_workspace, vlekkenplan_data"
    grants = (
        f"SELECT ON {OPEN_TABLES} TO {readers}",
        f"SELECT ({RELEASE_COLUMNS}) ON source_release TO {readers}",
        "SELECT ON internal_site_area, internal_site_state TO vlekkenplan_council",
        "INSERT ON source_release TO vlekkenplan_workspace",
        "SELECT, INSERT, UPDATE ON site TO vlekkenplan_workspace",
        "SELECT, INSERT, UPDATE, DELETE ON site_state, site_answer TO vlekkenplan_workspace",
        "SELECT, INSERT, DELETE ON site_document TO vlekkenplan_workspace",
        "SELECT, INSERT, UPDATE, DELETE ON draft TO vlekkenplan_workspace",
        "SELECT ON change, account_name TO vlekkenplan_workspace, vlekkenplan_data",
        "SELECT ON home_count TO vlekkenplan_data",
        "SELECT, INSERT, UPDATE ON account TO vlekkenplan_accounts",
        "SELECT, INSERT, UPDATE, DELETE ON account_role, sign_in_session, sign_in_link, "
        "sign_in_attempt, recovery_code TO vlekkenplan_accounts",
        "SELECT ON change, account_name TO vlekkenplan_accounts",
        "USAGE ON SEQUENCE site_id_seq, site_document_id_seq, source_release_id_seq "
        "TO vlekkenplan_workspace",
        "USAGE ON SEQUENCE account_id_seq TO vlekkenplan_accounts",
    )
    for grant in grants:
        op.execute(f"GRANT {grant}")


def _add_policies() -> None:
    for table in ("site", *SITE_PARTS, "draft", "change"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY own_gemeente ON site TO vlekkenplan_workspace "
        "USING (in_scope(gemeente_code)) WITH CHECK (in_scope(gemeente_code))"
    )
    for table in SITE_PARTS:
        seen = f"EXISTS (SELECT 1 FROM site s WHERE s.id = {table}.site_id)"
        op.execute(
            f"CREATE POLICY own_gemeente ON {table} TO vlekkenplan_workspace "
            f"USING ({seen}) WITH CHECK ({seen})"
        )
    own = "account_id = nullif(current_setting('vlekkenplan.account_id', true), '')::integer"
    op.execute(
        f"CREATE POLICY own_drafts ON draft TO vlekkenplan_workspace "
        f"USING ({own}) WITH CHECK ({own})"
    )
    readers = {
        "vlekkenplan_workspace": "site_id IS NOT NULL AND in_scope(gemeente_code)",
        "vlekkenplan_data": "table_name = 'source_release'",
        "vlekkenplan_accounts": "table_name IN ('account', 'account_role', 'sign_in_link')",
    }
    for role, condition in readers.items():
        op.execute(
            f"CREATE POLICY seen_by_{role[12:]} ON change FOR SELECT TO {role} USING ({condition})"
        )


def downgrade() -> None:
    for table in ("site", *SITE_PARTS, "draft", "change"):
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for role in reversed(ROLES):
        op.execute(f"DROP OWNED BY {role}")
    for view in (
        "account_name",
        "public_release",
        "public_home_count",
        "internal_site_state",
        "internal_site_area",
    ):
        op.execute(f"DROP VIEW {view}")
    for table in NOTED:
        op.execute(f"DROP TRIGGER note_change ON {table}")
    op.execute("DROP TRIGGER prepare_site ON site")
    for table in ("change", "draft", "recovery_code", "sign_in_attempt", "sign_in_link"):
        op.drop_table(table)
    for table in ("sign_in_session", "account_role", "account", "home_count"):
        op.drop_table(table)
    for table in ("site_document", "site_answer"):
        op.drop_table(table)
    for function in ("note_change()", "keep_history()", "next_version()", "prepare_site()"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION in_scope(text)")
    op.execute("DROP FUNCTION gemeente_of(geometry)")
    op.drop_constraint(op.f("ck_site_no_single_homes"), "site", type_="check")
    op.drop_index(op.f("ix_site_gemeente_code"), table_name="site")
    for column in ("outline_wgs84", "outline", "updated_at", "version", "gemeente_code"):
        op.drop_column("site", column)
    _refuse_shelters(OLD_SHELTER)
