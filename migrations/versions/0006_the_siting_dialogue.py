"""The siting dialogue: tracks, contributions, moderation, answers, agreements, followers, post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW_ROLES = ("vlekkenplan_resident", "vlekkenplan_moderator", "vlekkenplan_caretaker")
READERS = (
    "vlekkenplan_visitor, vlekkenplan_council, vlekkenplan_workspace, vlekkenplan_data, "
    + ", ".join(NEW_ROLES)
)
#: What everyone may read since 0005; the new roles read it too.
OPEN_TABLES = (
    "area, figure, amenity, population_point, task, street_node, street_edge, public_site, "
    "public_site_area, public_site_state, public_home_count, public_release, land_use, "
    "public_dossier"
)
RELEASE_COLUMNS = (
    "id, source_key, publisher, title, licence, attribution, address, year, version, "
    "retrieved_on, is_example, imported_at"
)
SHELTER = r"(vrouwen[^a-z]*opv|opvang voor vrouwen|\mblijf[^a-z]*(van|huis|groep))"
#: What staff read of a contribution. Where its writer lives is counted in a view and no more; the
#: checksum of the own link is for its writer.
READ_OF_CONTRIBUTION = (
    "code, track_id, phase_id, site_id, meeting_id, kind, answers, body, public_body, geom, entry, "
    "entered_by, external_id, made_at, findings, place_test, moderation, moderated_by, "
    "moderated_at, refusal_key, refusal_note, second_by, second_at, appeal_text, appealed_at, "
    "appeal_by, appeal_at, appeal_outcome, appeal_note, status, theme_id, answer, answered_by, "
    "answered_at, version"
)
#: Texts that people type; none may tell of a women's shelter.
TEXTS = {
    "track": (
        "title",
        "summary",
        "why_here",
        "not_this",
        "street_text",
        "open_text",
        "fixed_text",
        "contact_name",
    ),
    "track_phase": ("name", "goal", "open_text", "fixed_text", "outcome"),
    "track_party": ("name", "role", "moment"),
    "track_meeting": ("name", "place", "explanation", "report"),
    "track_document": ("title",),
    "track_news": ("title", "body"),
    "track_site": ("note",),
    "theme": ("name", "answer"),
    "contribution": (
        "body",
        "public_body",
        "answers::text",
        "refusal_note",
        "appeal_text",
        "appeal_note",
        "answer",
    ),
    "contribution_photo": ("description",),
    "moderation_step": ("note",),
    "agreement": ("title", "explanation", "who", "done_note"),
    "support_measurement": ("question", "method", "source"),
    "subscription": ("label",),
}
#: What is noted in the history, and what of it is not: the history is never cleared, so nothing
#: that a resident wrote, that repeats it or that tells where somebody lives comes in it.
NOTED: dict[str, tuple[str, ...]] = {
    "track": ("version",),
    "track_phase": ("version",),
    "track_party": (),
    "track_meeting": ("version",),
    "track_document": ("content",),
    "track_news": (),
    "track_site": (),
    "theme": ("version",),
    "contribution": (
        "version",
        "answers",
        "body",
        "public_body",
        "geom",
        "from_wijk_code",
        "token_sha256",
        "findings",
        "place_test",
        "refusal_note",
        "appeal_text",
        "appeal_note",
        "external_id",
    ),
    "agreement": ("version",),
    "support_measurement": ("version",),
}
VERSIONED = (
    "track",
    "track_phase",
    "track_meeting",
    "theme",
    "contribution",
    "agreement",
    "support_measurement",
)
#: Tables whose rows are of the track that they hang under.
PARTS = (
    "track_phase",
    "track_party",
    "track_meeting",
    "track_document",
    "track_news",
    "track_site",
    "theme",
    "contribution",
    "importance",
    "agreement",
    "support_measurement",
)
#: Tables whose rows are of the contribution that they hang under.
UNDER_CONTRIBUTION = ("contribution_photo", "contribution_contact", "moderation_step")
PHASE_OPEN = (
    "(p.closed_at IS NULL AND p.starts_on <= {today} AND (p.ends_on IS NULL OR p.ends_on >= {today}))"
).format(today="(now() AT TIME ZONE 'Europe/Amsterdam')::date")

MAKE_ROLES = f"""
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY string_to_array('{",".join(NEW_ROLES)}', ',') LOOP
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

#: Whether this row was opened by the secret link of its writer (``Hands.token_sha256``).
OPENED_BY_LINK = """
CREATE FUNCTION opened_by_link(token_hash text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT token_hash IS NOT NULL
     AND token_hash = nullif(current_setting('vlekkenplan.token_sha256', true), '')
$$
"""

#: A moderator decides in the own name only, and refuses nothing that another did not propose.
CHECK_MODERATOR = """
CREATE FUNCTION check_moderator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own integer := nullif(current_setting('vlekkenplan.account_id', true), '')::integer;
BEGIN
  IF current_user <> 'vlekkenplan_moderator' THEN RETURN NEW; END IF;
  IF (NEW.moderated_by IS DISTINCT FROM OLD.moderated_by AND NEW.moderated_by IS DISTINCT FROM own)
     OR (NEW.second_by IS NOT NULL AND NEW.second_by IS DISTINCT FROM OLD.second_by
         AND NEW.second_by IS DISTINCT FROM own)
     OR (NEW.appeal_by IS DISTINCT FROM OLD.appeal_by AND NEW.appeal_by IS DISTINCT FROM own) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a moderator decides in the own name';
  END IF;
  IF NEW.moderation = 'geweigerd' AND OLD.moderation <> 'geweigerd'
     AND (OLD.moderation <> 'weigeren' OR OLD.moderated_by IS NULL
          OR NEW.moderated_by IS DISTINCT FROM OLD.moderated_by
          OR NEW.second_by IS DISTINCT FROM own OR own IS NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a refusal asks a second person';
  END IF;
  IF OLD.moderation = 'geweigerd' AND NEW.moderation <> 'geweigerd'
     AND (NEW.moderation <> 'openbaar' OR OLD.appeal_text IS NULL OR NEW.appeal_by IS NULL
          OR NEW.appeal_outcome IS DISTINCT FROM 'toegewezen') THEN
    RAISE insufficient_privilege USING MESSAGE = 'what was refused comes back by an appeal';
  END IF;
  RETURN NEW;
END $$
"""

#: Who works on tracks takes away a concept that never was public, and in which nobody wrote.
CHECK_REMOVAL = """
CREATE FUNCTION check_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'vlekkenplan_workspace' AND (
    OLD.published_at IS NOT NULL OR OLD.state <> 'concept'
    OR EXISTS (SELECT 1 FROM contribution WHERE track_id = OLD.id)
  ) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only a concept without contributions goes away';
  END IF;
  RETURN OLD;
END $$
"""

#: Views through which the dialogue leaves the database for the public, in this order.
VIEWS = {
    "public_track": """
        SELECT id, code, gemeente_code, wijk_code, parent_id, type, title, summary, why_here,
               not_this, street_text, open_text, fixed_text, contact_name, contact_email,
               contact_phone, answer_days, moderation_days, state, published_at,
               (SELECT d.code FROM dossier d
                WHERE d.choice_id = track.choice_id AND d.published_at IS NOT NULL
                ORDER BY d.published_at DESC, d.id DESC LIMIT 1) AS dossier_code
        FROM track WHERE state <> 'concept'""",
    "public_track_phase": f"""
        SELECT p.id, p.track_id, p.position, p.name, p.level, p.goal, p.open_text, p.fixed_text,
               p.starts_on, p.ends_on, p.takes_contributions, p.takes_importance, p.outcome,
               p.closed_at, coalesce({PHASE_OPEN}, false) AND t.state = 'open' AS is_now
        FROM track_phase p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
    "public_track_party": """
        SELECT p.id, p.track_id, p.position, p.name, p.role, p.moment
        FROM track_party p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
    "public_track_meeting": """
        SELECT p.id, p.track_id, p.name, p.starts_at, p.ends_at, p.place, p.explanation, p.report,
               p.visitor_count, p.is_cancelled, p.made_at, p.version
        FROM track_meeting p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
    "public_track_document": """
        SELECT p.id, p.track_id, p.title, p.media_type, p.content, p.added_at
        FROM track_document p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
    "public_track_news": """
        SELECT p.id, p.track_id, p.title, p.body, p.published_at
        FROM track_news p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
    "public_track_site": """
        SELECT p.track_id, p.site_id, p.part, p.note
        FROM track_site p JOIN track t ON t.id = p.track_id
        JOIN public_site s ON s.id = p.site_id WHERE t.state <> 'concept'""",
    "public_theme": """
        SELECT p.id, p.track_id, p.name, p.status, p.answer, p.answered_at, p.position
        FROM theme p JOIN track t ON t.id = p.track_id
        WHERE t.state <> 'concept' AND EXISTS (
          SELECT 1 FROM contribution c WHERE c.theme_id = p.id AND c.moderation = 'openbaar')""",
    "public_contribution": """
        SELECT c.code, c.track_id, c.phase_id, s.id AS site_id, c.meeting_id, c.kind, c.answers,
               coalesce(c.public_body, c.body) AS body, c.public_body IS NOT NULL AS is_shortened,
               c.geom, c.entry, c.made_at, c.place_test, c.status, c.theme_id,
               c.answer, c.answered_at,
               EXISTS (SELECT 1 FROM contribution_photo f
                       WHERE f.contribution_code = c.code AND f.is_public) AS has_photo
        FROM contribution c JOIN track t ON t.id = c.track_id
        LEFT JOIN public_site s ON s.id = c.site_id
        WHERE t.state <> 'concept' AND c.moderation = 'openbaar'""",
    "public_contribution_photo": """
        SELECT f.contribution_code, f.media_type, f.content, f.description
        FROM contribution_photo f JOIN contribution c ON c.code = f.contribution_code
        JOIN track t ON t.id = c.track_id
        WHERE f.is_public AND c.moderation = 'openbaar' AND t.state <> 'concept'""",
    #: How many there are, also of what is not public: no more than that.
    "public_contribution_count": """
        SELECT c.track_id, c.phase_id, c.kind, c.entry, c.moderation, c.status, count(*) AS count
        FROM contribution c JOIN track t ON t.id = c.track_id WHERE t.state <> 'concept'
        GROUP BY c.track_id, c.phase_id, c.kind, c.entry, c.moderation, c.status""",
    #: By which house rule how many are not shown; whose they are, and what they say, is not here.
    "public_refusal_count": """
        SELECT c.track_id, c.phase_id, c.refusal_key, count(*) AS count
        FROM contribution c JOIN track t ON t.id = c.track_id
        WHERE t.state <> 'concept' AND c.moderation = 'geweigerd'
        GROUP BY c.track_id, c.phase_id, c.refusal_key""",
    #: From which wijken, of what was not refused. A wijk with 1 to 4 goes to the rest (NULL), and
    #: the smallest other wijk with it when the rest would be 1 to 4: no subtraction tells it.
    "public_contribution_wijk_count": """
        SELECT track_id,
               CASE WHEN is_shown AND NOT (rest BETWEEN 1 AND 4 AND place = 1) THEN wijk END
                 AS from_wijk_code,
               sum(n)::bigint AS count
        FROM (SELECT *, coalesce(sum(n) FILTER (WHERE NOT is_shown) OVER of_track, 0) AS rest,
                     row_number() OVER (PARTITION BY track_id, is_shown ORDER BY n, wijk) AS place
              FROM (SELECT c.track_id, c.from_wijk_code AS wijk, count(*) AS n,
                           c.from_wijk_code IS NOT NULL AND count(*) >= 5 AS is_shown
                    FROM contribution c JOIN track t ON t.id = c.track_id
                    WHERE t.state <> 'concept' AND c.moderation NOT IN ('weigeren', 'geweigerd')
                    GROUP BY c.track_id, c.from_wijk_code) AS counted
              WINDOW of_track AS (PARTITION BY track_id)) AS ranked
        GROUP BY 1, 2""",
    "public_importance_count": """
        SELECT p.track_id, count(*) AS count
        FROM importance p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'
        GROUP BY p.track_id""",
    #: How long it took before somebody looked, over the last 90 days; nothing about fewer than 10.
    "public_moderation_time": """
        SELECT count(*) AS contribution_count,
               CASE WHEN count(*) >= 10
                    THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY taken_s) END AS median_s,
               CASE WHEN count(*) >= 10
                    THEN percentile_cont(0.9) WITHIN GROUP (ORDER BY taken_s) END AS slow_s
        FROM (SELECT extract(epoch FROM looked_at - made_at)::float8 AS taken_s
              FROM (SELECT c.made_at,
                           least(c.moderated_at, (SELECT min(m.at) FROM moderation_step m
                                                  WHERE m.contribution_code = c.code)) AS looked_at
                    FROM contribution c JOIN track t ON t.id = c.track_id
                    WHERE t.state <> 'concept' AND c.entry = 'website') AS looked
              WHERE looked_at BETWEEN now() - interval '90 days' AND now()
                AND looked_at >= made_at) AS taken""",
    #: How many people may let contributions through: a refusal asks two, an appeal three.
    "moderator_count": """
        SELECT count(DISTINCT r.account_id) AS count
        FROM account_role r JOIN account a ON a.id = r.account_id
        WHERE r.role = 'moderator' AND a.is_active""",
    "public_agreement": """
        SELECT p.id, p.track_id, s.id AS site_id, p.kind, p.title, p.explanation, p.who,
               p.agreed_on, p.from_on, p.until_on, p.evaluate_on, p.done_on, p.done_note
        FROM agreement p JOIN track t ON t.id = p.track_id
        LEFT JOIN public_site s ON s.id = p.site_id
        WHERE t.state <> 'concept' AND p.is_public""",
    "public_support_measurement": """
        SELECT p.id, p.track_id, s.id AS site_id, p.measured_on, p.question, p.method, p.source,
               p.invited_count, p.positive_count, p.neutral_count, p.negative_count
        FROM support_measurement p JOIN track t ON t.id = p.track_id
        LEFT JOIN public_site s ON s.id = p.site_id WHERE t.state <> 'concept'""",
    #: What residents found important in a phase that is closed, once enough of them told it: for
    #: the sentences of the track page. Without wijk, and no row tells whose or when.
    "public_importance": """
        SELECT p.track_id, p.phase_id, p.type, p.points
        FROM importance p JOIN track t ON t.id = p.track_id
        JOIN track_phase f ON f.id = p.phase_id
        WHERE t.state <> 'concept' AND f.closed_at IS NOT NULL
          AND (SELECT count(*) FROM importance o WHERE o.phase_id = p.phase_id) >= 10""",
    #: What changed for the public, as it is now: what is public no longer is not here.
    "public_event_now": """
        SELECT e.id, e.at, e.noticed_at, e.kind, e.track_id, t.code AS track_code,
               t.title AS track_title, e.site_id, s.name AS site_name, s.type AS site_type, e.row_id,
               coalesce(p.name, n.title, m.name, d.title, th.name, a.title) AS subject,
               CASE e.kind
                 WHEN 'track_published' THEN t.summary
                 WHEN 'phase_started' THEN p.goal
                 WHEN 'phase_closed' THEN p.outcome
                 WHEN 'news' THEN n.body
                 WHEN 'meeting_report' THEN m.report
                 WHEN 'theme_answered' THEN th.answer
                 WHEN 'agreement_made' THEN a.explanation
                 WHEN 'agreement_done' THEN a.done_note
                 WHEN 'site_state' THEN st.reason
               END AS body,
               m.starts_at, m.place, st.status, st.capacity_count, st.from_date
        FROM public_event e
        LEFT JOIN public_track t ON t.id = e.track_id
        LEFT JOIN public_site s ON s.id = e.site_id
        LEFT JOIN public_site_state st ON e.kind = 'site_state' AND st.site_id = s.id
             AND st.from_date = (e.content ->> 'from_date')::date
        LEFT JOIN public_track_phase p ON e.kind LIKE 'phase%' AND p.id = e.row_id
        LEFT JOIN public_track_news n ON e.kind = 'news' AND n.id = e.row_id
        LEFT JOIN public_track_meeting m ON e.kind LIKE 'meeting%' AND m.id = e.row_id
        LEFT JOIN public_track_document d ON e.kind = 'document' AND d.id = e.row_id
        LEFT JOIN public_theme th ON e.kind = 'theme_answered' AND th.id = e.row_id
        LEFT JOIN public_agreement a ON e.kind LIKE 'agreement%' AND a.id = e.row_id
        WHERE (e.track_id IS NULL OR t.id IS NOT NULL)
          AND (e.site_id IS NULL OR s.id IS NOT NULL)
          AND CASE
                WHEN e.kind = 'track_finished' THEN t.state = 'afgerond'
                WHEN e.kind LIKE 'track%' THEN t.id IS NOT NULL
                WHEN e.kind = 'phase_closed' THEN p.closed_at IS NOT NULL
                WHEN e.kind = 'phase_started' THEN p.id IS NOT NULL
                WHEN e.kind = 'news' THEN n.id IS NOT NULL
                WHEN e.kind = 'meeting_cancelled' THEN m.is_cancelled
                WHEN e.kind = 'meeting_report' THEN m.report IS NOT NULL
                WHEN e.kind LIKE 'meeting%' THEN m.id IS NOT NULL AND NOT m.is_cancelled
                WHEN e.kind = 'document' THEN d.id IS NOT NULL
                WHEN e.kind = 'theme_answered' THEN th.answer IS NOT NULL
                WHEN e.kind = 'agreement_done' THEN a.done_on IS NOT NULL
                WHEN e.kind = 'agreement_made' THEN a.id IS NOT NULL
                WHEN e.kind = 'site_state' THEN st.site_id IS NOT NULL
                WHEN e.kind LIKE 'site%' THEN s.id IS NOT NULL
                ELSE false
              END""",
    #: All that residents find important, for who weighs it: no row tells whose or when.
    "all_importance": """
        SELECT p.track_id, p.phase_id, p.type, p.points, p.wijk_code, p.entry
        FROM importance p JOIN track t ON t.id = p.track_id WHERE t.state <> 'concept'""",
}
FOR_WEIGHING = ("all_importance",)
FOR_MODERATING = ("moderator_count",)


def upgrade() -> None:
    op.execute(MAKE_ROLES)
    op.rename_table("sign_in_attempt", "attempt")
    op.execute("ALTER INDEX pk_sign_in_attempt RENAME TO pk_attempt")
    _make_tracks()
    _make_contributions()
    _make_agreements()
    _make_post()
    _refuse_shelters()
    op.execute(OPENED_BY_LINK)
    op.execute(CHECK_MODERATOR)
    op.execute(CHECK_REMOVAL)
    op.execute(_note_change(with_tracks=True))
    op.execute(NOTE_PUBLIC_EVENT)
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
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


def _make_tracks() -> None:
    op.create_table(
        "track",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("gemeente_code", sa.String(), nullable=False),
        sa.Column("wijk_code", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("why_here", sa.String(), nullable=True),
        sa.Column("not_this", sa.String(), nullable=True),
        sa.Column("street_text", sa.String(), nullable=True),
        sa.Column("open_text", sa.String(), nullable=True),
        sa.Column("fixed_text", sa.String(), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_email", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("answer_days", sa.Integer(), server_default=sa.text("28"), nullable=False),
        sa.Column("moderation_days", sa.Integer(), server_default=sa.text("2"), nullable=False),
        sa.Column("state", sa.String(), server_default="concept", nullable=False),
        _moment("published_at"),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("made_at", is_now=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_track_code")),
        sa.CheckConstraint("state in ('concept', 'open', 'afgerond')", name=op.f("ck_track_state")),
        sa.CheckConstraint("type <> 'vrouwenopvang'", name=op.f("ck_track_no_vrouwenopvang")),
        sa.CheckConstraint("answer_days > 0 and moderation_days > 0", name=op.f("ck_track_days")),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_track_choice_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["track.id"], name=op.f("fk_track_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("code", name=op.f("uq_track_code")),
    )
    op.create_index(op.f("ix_track_gemeente_code"), "track", ["gemeente_code"], unique=False)
    op.create_table(
        "track_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=True),
        sa.Column("open_text", sa.String(), nullable=True),
        sa.Column("fixed_text", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "takes_contributions", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "takes_importance", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("outcome", sa.String(), nullable=True),
        _moment("closed_at"),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(closed_at is null) = (outcome is null)",
            name=op.f("ck_track_phase_closed_with_outcome"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_track_phase_dates")),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_phase_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_phase")),
    )
    op.create_index(op.f("ix_track_phase_track_id"), "track_phase", ["track_id"], unique=False)
    op.create_table(
        "track_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_party_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_party")),
    )
    op.create_index(op.f("ix_track_party_track_id"), "track_party", ["track_id"], unique=False)
    op.create_table(
        "track_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        _moment("ends_at"),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("visitor_count", sa.Integer(), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("made_at", is_now=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_track_meeting_moments")),
        sa.CheckConstraint("visitor_count >= 0", name=op.f("ck_track_meeting_visitor_count")),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_meeting_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_meeting")),
    )
    op.create_index(op.f("ix_track_meeting_track_id"), "track_meeting", ["track_id"], unique=False)
    op.create_table(
        "track_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("added_at", is_now=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_document_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_document")),
    )
    op.create_index(
        op.f("ix_track_document_track_id"), "track_document", ["track_id"], unique=False
    )
    op.create_table(
        "track_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        _moment("published_at", is_now=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_news_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_news")),
    )
    op.create_index(op.f("ix_track_news_track_id"), "track_news", ["track_id"], unique=False)
    op.create_table(
        "track_site",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("part in ('onderwerp', 'bekeken')", name=op.f("ck_track_site_part")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_track_site_site_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_track_site_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("track_id", "site_id", name=op.f("pk_track_site")),
    )


def _make_contributions() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), server_default="nieuw", nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        _moment("answered_at"),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status in ('nieuw', 'bekeken', 'meegenomen', 'niet_meegenomen')",
            name=op.f("ck_theme_status"),
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_theme_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_track_id"), "theme", ["track_id"], unique=False)
    op.create_geospatial_table(
        "contribution",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("answers", JSONB(), server_default="{}", nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("public_body", sa.String(), nullable=True),
        sa.Column("geom", Geometry(srid=28992, dimension=2, spatial_index=False), nullable=True),
        sa.Column("from_wijk_code", sa.String(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("token_sha256", sa.String(), nullable=True),
        _moment("made_at", is_now=True),
        sa.Column("findings", JSONB(), nullable=True),
        sa.Column("place_test", JSONB(), nullable=True),
        sa.Column("moderation", sa.String(), server_default="wacht", nullable=False),
        sa.Column("moderated_by", sa.Integer(), nullable=True),
        _moment("moderated_at"),
        sa.Column("refusal_key", sa.String(), nullable=True),
        sa.Column("refusal_note", sa.String(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        _moment("second_at"),
        sa.Column("appeal_text", sa.String(), nullable=True),
        _moment("appealed_at"),
        sa.Column("appeal_by", sa.Integer(), nullable=True),
        _moment("appeal_at"),
        sa.Column("appeal_outcome", sa.String(), nullable=True),
        sa.Column("appeal_note", sa.String(), nullable=True),
        sa.Column("status", sa.String(), server_default="nieuw", nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        _moment("answered_at"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(moderation in ('weigeren', 'geweigerd')) = (refusal_key is not null)",
            name=op.f("ck_contribution_refused_why"),
        ),
        sa.CheckConstraint(
            "appeal_outcome in ('toegewezen', 'afgewezen')",
            name=op.f("ck_contribution_appeal_outcome"),
        ),
        sa.CheckConstraint(
            "entry in ('website', 'bijeenkomst', 'papier', 'overgenomen')",
            name=op.f("ck_contribution_entry"),
        ),
        sa.CheckConstraint(
            "kind <> 'plek' or geom is not null or moderation = 'geweigerd'",
            name=op.f("ck_contribution_place"),
        ),
        sa.CheckConstraint(
            "kind in ('zorg', 'kans', 'idee', 'vraag', 'plek')", name=op.f("ck_contribution_kind")
        ),
        sa.CheckConstraint(
            "moderation in ('wacht', 'openbaar', 'weigeren', 'geweigerd')",
            name=op.f("ck_contribution_moderation"),
        ),
        sa.CheckConstraint(
            "status in ('nieuw', 'bekeken', 'meegenomen', 'niet_meegenomen')",
            name=op.f("ck_contribution_status"),
        ),
        sa.CheckConstraint(
            "appeal_by <> moderated_by and appeal_by <> second_by",
            name=op.f("ck_contribution_appeal_person"),
        ),
        sa.CheckConstraint("second_by <> moderated_by", name=op.f("ck_contribution_second_person")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["track_meeting.id"],
            name=op.f("fk_contribution_meeting_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["phase_id"],
            ["track_phase.id"],
            name=op.f("fk_contribution_phase_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_contribution_site_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_contribution_theme_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_contribution_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_contribution")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_contribution_token_sha256")),
        sa.UniqueConstraint(
            "track_id", "external_id", name=op.f("uq_contribution_track_id_external_id")
        ),
    )
    op.create_geospatial_index(
        "idx_contribution_geom",
        "contribution",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_contribution_track_id"), "contribution", ["track_id"], unique=False)
    op.create_index(
        op.f("ix_contribution_track_id_moderation"),
        "contribution",
        ["track_id", "moderation"],
        unique=False,
    )
    op.create_table(
        "contribution_photo",
        sa.Column("contribution_code", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_code"],
            ["contribution.code"],
            name=op.f("fk_contribution_photo_contribution_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_code", name=op.f("pk_contribution_photo")),
    )
    op.create_table(
        "contribution_contact",
        sa.Column("contribution_code", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        _moment("told_at"),
        sa.ForeignKeyConstraint(
            ["contribution_code"],
            ["contribution.code"],
            name=op.f("fk_contribution_contact_contribution_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_code", name=op.f("pk_contribution_contact")),
    )
    op.create_index(
        op.f("ix_contribution_contact_delete_at"),
        "contribution_contact",
        ["delete_at"],
        unique=False,
    )
    op.create_table(
        "moderation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_code", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("rule_key", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("at", is_now=True),
        sa.ForeignKeyConstraint(
            ["contribution_code"],
            ["contribution.code"],
            name=op.f("fk_moderation_step_contribution_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_step")),
    )
    op.create_index(
        op.f("ix_moderation_step_contribution_code"),
        "moderation_step",
        ["contribution_code"],
        unique=False,
    )
    op.create_table(
        "importance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("points", JSONB(), nullable=False),
        sa.Column("wijk_code", sa.String(), nullable=True),
        sa.Column("entry", sa.String(), server_default="website", nullable=False),
        sa.ForeignKeyConstraint(
            ["phase_id"],
            ["track_phase.id"],
            name=op.f("fk_importance_phase_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_importance_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_importance")),
    )
    op.create_index(op.f("ix_importance_track_id"), "importance", ["track_id"], unique=False)


def _make_agreements() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("evaluate_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.String(), nullable=True),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(done_on is null) = (done_note is null)", name=op.f("ck_agreement_done_with_note")
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_agreement_dates")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_agreement_site_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_agreement_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_track_id"), "agreement", ["track_id"], unique=False)
    op.create_table(
        "support_measurement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("invited_count", sa.Integer(), nullable=True),
        sa.Column("positive_count", sa.Integer(), nullable=False),
        sa.Column("neutral_count", sa.Integer(), nullable=False),
        sa.Column("negative_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "invited_count >= positive_count + neutral_count + negative_count",
            name=op.f("ck_support_measurement_invited_count"),
        ),
        sa.CheckConstraint(
            "positive_count >= 0 and neutral_count >= 0 and negative_count >= 0",
            name=op.f("ck_support_measurement_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
            name=op.f("fk_support_measurement_site_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["track.id"],
            name=op.f("fk_support_measurement_track_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_measurement")),
    )
    op.create_index(
        op.f("ix_support_measurement_track_id"), "support_measurement", ["track_id"], unique=False
    )


def _make_post() -> None:
    op.create_geospatial_table(
        "subscription",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=28992, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("frequency", sa.String(), nullable=False),
        _moment("asked_at", is_now=True),
        _moment("confirm_sent_at"),
        _moment("confirmed_at"),
        _moment("told_until"),
        sa.CheckConstraint(
            "frequency in ('meteen', 'dag', 'week')", name=op.f("ck_subscription_frequency")
        ),
        sa.CheckConstraint(
            "(geom is null) = (radius_m is null)", name=op.f("ck_subscription_radius")
        ),
        sa.CheckConstraint(
            "num_nonnulls(geom, area_code, track_id) = 1", name=op.f("ck_subscription_one_subject")
        ),
        sa.CheckConstraint("radius_m between 100 and 10000", name=op.f("ck_subscription_radius_m")),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_subscription_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_subscription")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_subscription_token_sha256")),
    )
    op.create_geospatial_index(
        "idx_subscription_geom",
        "subscription",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "public_event",
        sa.Column("id", sa.Integer(), nullable=False),
        _moment("at", is_now=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("content", JSONB(), server_default="{}", nullable=False),
        _moment("noticed_at"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_public_event_site_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_public_event_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_event")),
    )
    op.create_index(op.f("ix_public_event_at"), "public_event", ["at"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("headers", JSONB(), server_default="{}", nullable=False),
        _moment("made_at", is_now=True),
        sa.Column("try_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("next_try_at", is_now=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )


def _refuse_shelters() -> None:
    for table, columns in TEXTS.items():
        texts = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_no_vrouwenopvang_by_name "
            f"CHECK (({texts}) !~* '{SHELTER}')"
        )


#: As in 0005; with tracks, a row under a track is of the gemeente of that track.
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
--TRACKS
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
OF_TRACKS = """\
  ELSIF TG_TABLE_NAME = 'track' THEN
    of_gemeente := some_row ->> 'gemeente_code';
  ELSIF some_row ? 'track_id' THEN
    SELECT gemeente_code INTO of_gemeente FROM track
    WHERE id = (some_row ->> 'track_id')::integer;
"""


#: Tables of which a change is told to the public, when it is public.
TOLD = (
    "track",
    "track_phase",
    "track_meeting",
    "track_document",
    "track_news",
    "theme",
    "agreement",
    "site",
    "site_state",
)
#: One event of a kind in a transaction; none of a site that is not public, nor of a concept. What
#: a site begins with is told with the site itself.
NOTE_PUBLIC_EVENT = """
CREATE FUNCTION note_public_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  kinds text[] := '{}';
  of_track integer;
  of_site integer;
  of_row integer;
  told jsonb := '{}';
BEGIN
  IF TG_TABLE_NAME = 'site' THEN
    of_site := NEW.id;
    IF NEW.publication <> 'openbaar' THEN
      DELETE FROM public_event WHERE site_id = NEW.id;
      RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN kinds := '{site_public}';
    ELSIF OLD.publication <> 'openbaar' THEN kinds := '{site_public}';
    ELSIF NOT ST_Equals(OLD.geom, NEW.geom) THEN kinds := '{site_moved}';
    END IF;
  ELSIF TG_TABLE_NAME = 'site_state' THEN
    of_site := NEW.site_id;
    told := jsonb_build_object('from_date', NEW.from_date);
    kinds := '{site_state}';
    IF TG_OP = 'UPDATE' THEN
      IF (OLD.from_date, OLD.status, OLD.capacity_count)
         IS NOT DISTINCT FROM (NEW.from_date, NEW.status, NEW.capacity_count) THEN
        RETURN NULL;
      END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public_site WHERE id = of_site)
       OR EXISTS (SELECT 1 FROM site_state
                  WHERE site_id = of_site AND from_date > NEW.from_date)
       OR EXISTS (SELECT 1 FROM public_event
                  WHERE site_id = of_site AND kind = 'site_public' AND at = now()) THEN
      RETURN NULL;
    END IF;
  ELSIF TG_TABLE_NAME = 'track' THEN
    of_track := NEW.id;
    IF TG_OP = 'INSERT' THEN
      IF NEW.state <> 'concept' THEN kinds := '{track_published}'; END IF;
    ELSIF OLD.state = 'concept' AND NEW.state <> 'concept' THEN kinds := '{track_published}';
    ELSIF OLD.state <> 'afgerond' AND NEW.state = 'afgerond' THEN kinds := '{track_finished}';
    END IF;
  ELSE
    of_track := NEW.track_id;
    of_row := NEW.id;
    IF TG_TABLE_NAME = 'track_phase' THEN
      IF TG_OP = 'UPDATE' THEN
        IF OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL THEN
          kinds := '{phase_closed}';
        END IF;
      END IF;
    ELSIF TG_TABLE_NAME = 'track_news' THEN
      IF TG_OP = 'INSERT' THEN kinds := '{news}'; END IF;
    ELSIF TG_TABLE_NAME = 'track_document' THEN
      IF TG_OP = 'INSERT' THEN kinds := '{document}'; END IF;
    ELSIF TG_TABLE_NAME = 'track_meeting' THEN
      IF TG_OP = 'INSERT' THEN kinds := '{meeting_planned}';
      ELSE
        IF (OLD.starts_at, OLD.place) IS DISTINCT FROM (NEW.starts_at, NEW.place) THEN
          kinds := kinds || 'meeting_moved'::text;
        END IF;
        IF NEW.is_cancelled AND NOT OLD.is_cancelled THEN
          kinds := kinds || 'meeting_cancelled'::text;
        END IF;
        IF NEW.report IS NOT NULL AND OLD.report IS NULL THEN
          kinds := kinds || 'meeting_report'::text;
        END IF;
      END IF;
    ELSIF TG_TABLE_NAME = 'theme' THEN
      IF TG_OP = 'INSERT' THEN
        IF NEW.answer IS NOT NULL THEN kinds := '{theme_answered}'; END IF;
      ELSIF NEW.answer IS NOT NULL
            AND (OLD.answer, OLD.status) IS DISTINCT FROM (NEW.answer, NEW.status) THEN
        kinds := '{theme_answered}';
      END IF;
    ELSIF TG_TABLE_NAME = 'agreement' THEN
      IF NEW.is_public THEN
        IF TG_OP = 'INSERT' THEN kinds := '{agreement_made}';
        ELSIF NOT OLD.is_public THEN kinds := '{agreement_made}';
        ELSIF OLD.done_on IS NULL AND NEW.done_on IS NOT NULL THEN kinds := '{agreement_done}';
        END IF;
      END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public_track WHERE id = of_track) THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO public_event (kind, track_id, site_id, row_id, content)
  SELECT new_kind, of_track, of_site, of_row, told FROM unnest(kinds) AS new_kind
  WHERE NOT EXISTS (
    SELECT 1 FROM public_event e
    WHERE e.at = now() AND e.kind = new_kind
      AND (e.track_id, e.site_id, e.row_id, e.content)
          IS NOT DISTINCT FROM (of_track, of_site, of_row, told));
  RETURN NULL;
END $$
"""


def _note_change(*, with_tracks: bool) -> str:
    return NOTE_CHANGE.replace("--TRACKS\n", OF_TRACKS if with_tracks else "")


def _add_triggers() -> None:
    for table, left_out in NOTED.items():
        names = ", ".join(f"'{name}'" for name in left_out)
        op.execute(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION note_change({names})"
        )
    for table in TOLD:
        op.execute(
            f"CREATE TRIGGER note_public_event AFTER INSERT OR UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION note_public_event()"
        )
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER next_version BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION next_version()"
        )
    op.execute(
        "CREATE TRIGGER check_moderator BEFORE UPDATE ON contribution "
        "FOR EACH ROW EXECUTE FUNCTION check_moderator()"
    )
    op.execute(
        "CREATE TRIGGER check_removal BEFORE DELETE ON track "
        "FOR EACH ROW EXECUTE FUNCTION check_removal()"
    )


def _grant() -> None:
    resident, moderator, caretaker = NEW_ROLES
    worker = "vlekkenplan_workspace"
    public = ", ".join(name for name in VIEWS if name not in FOR_WEIGHING + FOR_MODERATING)
    every = "SELECT, INSERT, UPDATE, DELETE"
    for grant in (
        f"SELECT ON {OPEN_TABLES} TO {', '.join(NEW_ROLES)}",
        f"SELECT ({RELEASE_COLUMNS}) ON source_release TO {', '.join(NEW_ROLES)}",
        f"SELECT ON {public} TO {READERS}",
        f"SELECT ON {', '.join(FOR_WEIGHING)} TO vlekkenplan_council, {worker}",
        # Who works on tracks.
        f"{every} ON track, track_phase, track_party, track_meeting, track_news, track_site, theme, "
        f"agreement, support_measurement TO {worker}",
        f"SELECT, INSERT, DELETE ON track_document TO {worker}",
        f"SELECT ({READ_OF_CONTRIBUTION}), INSERT ON contribution TO {worker}",
        f"UPDATE (status, theme_id, answer, answered_by, answered_at, phase_id, site_id) "
        f"ON contribution TO {worker}",
        f"SELECT, INSERT ON contribution_photo TO {worker}",
        f"INSERT ON contribution_contact TO {worker}",
        f"SELECT ON moderation_step TO {worker}",
        # Who lets contributions through.
        f"SELECT ON track, track_phase, track_site, track_meeting, theme, contribution_photo, "
        f"moderation_step, account_name TO {moderator}",
        f"SELECT ({READ_OF_CONTRIBUTION}) ON contribution TO {moderator}",
        f"UPDATE (moderation, moderated_by, moderated_at, public_body, refusal_key, refusal_note, "
        f"second_by, second_at, appeal_by, appeal_at, appeal_outcome, appeal_note, findings) "
        f"ON contribution TO {moderator}",
        f"UPDATE (is_public), DELETE ON contribution_photo TO {moderator}",
        f"INSERT ON moderation_step TO {moderator}",
        f"SELECT ON {', '.join(FOR_MODERATING)} TO {moderator}",
        # Who writes without an account.
        f"SELECT, INSERT, UPDATE (appeal_text, appealed_at) ON contribution TO {resident}",
        f"SELECT, INSERT ON contribution_photo TO {resident}",
        f"SELECT, INSERT, DELETE ON contribution_contact TO {resident}",
        f"INSERT ON importance TO {resident}",
        f"SELECT, INSERT, UPDATE (confirmed_at, told_until, frequency), DELETE "
        f"ON subscription TO {resident}",
        f"{every} ON attempt TO {resident}",
        # What sends the post, and clears what is past its term.
        f"SELECT ON track, track_phase, track_site, theme, contribution, contribution_photo, "
        f"moderation_step TO {caretaker}",
        f"UPDATE (body, public_body, answers, findings, geom, from_wijk_code, token_sha256, "
        f"refusal_note, appeal_text, appeal_note, place_test), DELETE ON contribution TO {caretaker}",
        f"UPDATE (note) ON moderation_step TO {caretaker}",
        f"DELETE ON contribution_photo TO {caretaker}",
        f"SELECT, UPDATE (told_at, delete_at), DELETE ON contribution_contact TO {caretaker}",
        f"SELECT, UPDATE (confirm_sent_at, told_until), DELETE ON subscription TO {caretaker}",
        f"{every} ON outgoing_mail TO {caretaker}",
        f"SELECT, DELETE ON attempt TO {caretaker}",
        f"SELECT, INSERT, UPDATE (noticed_at), DELETE ON public_event TO {caretaker}",
        f"USAGE ON SEQUENCE track_id_seq, track_phase_id_seq, track_party_id_seq, "
        f"track_meeting_id_seq, track_document_id_seq, track_news_id_seq, theme_id_seq, "
        f"agreement_id_seq, support_measurement_id_seq TO {worker}",
        f"USAGE ON SEQUENCE moderation_step_id_seq TO {moderator}",
        f"USAGE ON SEQUENCE importance_id_seq TO {resident}",
        f"USAGE ON SEQUENCE outgoing_mail_id_seq, public_event_id_seq TO {caretaker}",
    ):
        op.execute(f"GRANT {grant}")


def _add_policies() -> None:
    for table in ("track", *PARTS, *UNDER_CONTRIBUTION, "subscription", "attempt"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    _let_staff_in()
    _keep_staff_from_speaking_for_others()
    _let_residents_in()
    for table in (
        "track",
        "track_phase",
        "track_site",
        "theme",
        "contribution",
        "contribution_photo",
        "contribution_contact",
        "moderation_step",
        "subscription",
        "attempt",
    ):
        op.execute(f"CREATE POLICY caretaking ON {table} TO vlekkenplan_caretaker USING (true)")
    # How often a password was tried is nothing for who writes a contribution, nor the reverse.
    op.execute(
        "CREATE POLICY signing_in ON attempt TO vlekkenplan_accounts "
        "USING (kind NOT LIKE 'resident %') WITH CHECK (kind NOT LIKE 'resident %')"
    )
    op.execute(
        "CREATE POLICY residents ON attempt TO vlekkenplan_resident "
        "USING (kind LIKE 'resident %') WITH CHECK (kind LIKE 'resident %')"
    )
    names = ", ".join(f"'{name}'" for name in NOTED)
    op.execute(
        "CREATE POLICY dialogue_seen_by_workspace ON change FOR SELECT TO vlekkenplan_workspace "
        f"USING (table_name IN ({names}) AND (in_scope(gemeente_code) OR gemeente_code = 'regio'))"
    )


def _let_staff_in() -> None:
    staff = "vlekkenplan_workspace, vlekkenplan_moderator"
    own = "in_scope(gemeente_code)"
    op.execute(f"CREATE POLICY own_gemeente ON track TO {staff} USING ({own}) WITH CHECK ({own})")
    op.execute(
        "CREATE POLICY of_the_region ON track FOR SELECT TO vlekkenplan_workspace "
        "USING (gemeente_code = 'regio')"
    )
    known_site = (
        " AND (EXISTS (SELECT 1 FROM site s WHERE s.id = track_site.site_id)"
        " OR EXISTS (SELECT 1 FROM public_site s WHERE s.id = track_site.site_id))"
    )
    for table in PARTS:
        seen = f"EXISTS (SELECT 1 FROM track p WHERE p.id = {table}.track_id"
        own = f"{seen} AND in_scope(p.gemeente_code))"
        extra = known_site if table == "track_site" else ""
        op.execute(
            f"CREATE POLICY own_gemeente ON {table} TO vlekkenplan_workspace "
            f"USING ({own}) WITH CHECK ({own}{extra})"
        )
        op.execute(
            f"CREATE POLICY moderated ON {table} TO vlekkenplan_moderator "
            f"USING ({own}) WITH CHECK ({own})"
        )
        op.execute(
            f"CREATE POLICY of_the_region ON {table} FOR SELECT TO vlekkenplan_workspace "
            f"USING ({seen} AND p.gemeente_code = 'regio'))"
        )
    for table in UNDER_CONTRIBUTION:
        own = (
            f"EXISTS (SELECT 1 FROM contribution c JOIN track p ON p.id = c.track_id "
            f"WHERE c.code = {table}.contribution_code AND in_scope(p.gemeente_code))"
        )
        op.execute(
            f"CREATE POLICY own_gemeente ON {table} TO {staff} USING ({own}) WITH CHECK ({own})"
        )


def _keep_staff_from_speaking_for_others() -> None:
    """Staff enter what came to them, never past a moderator, nor in the name of a resident."""
    rules = {
        ("contribution", "vlekkenplan_workspace"): (
            "entry <> 'website' AND moderation = 'wacht' AND public_body IS NULL"
        ),
        ("contribution_contact", "vlekkenplan_workspace"): _ENTERED.format("contribution_contact"),
        ("contribution_photo", "vlekkenplan_workspace"): (
            f"NOT is_public AND {_ENTERED.format('contribution_photo')}"
        ),
        ("moderation_step", "vlekkenplan_moderator"): (
            "account_id = nullif(current_setting('vlekkenplan.account_id', true), '')::integer"
        ),
    }
    for (table, role), rule in rules.items():
        op.execute(
            f"CREATE POLICY in_own_name ON {table} AS RESTRICTIVE FOR INSERT TO {role} "
            f"WITH CHECK ({rule})"
        )


_ENTERED = (
    "EXISTS (SELECT 1 FROM contribution c WHERE c.code = {0}.contribution_code "
    "AND c.entry <> 'website')"
)


def _let_residents_in() -> None:
    """A resident writes in a phase that is open, and sees again what the own link opens."""
    phase = (
        "SELECT 1 FROM public_track_phase p WHERE p.id = {table}.phase_id "
        "AND p.track_id = {table}.track_id AND p.is_now AND p.{takes}"
    )
    open_now = phase.format(table="contribution", takes="takes_contributions")
    op.execute(
        "CREATE POLICY written ON contribution FOR INSERT TO vlekkenplan_resident WITH CHECK ("
        "entry = 'website' AND moderation = 'wacht' AND status = 'nieuw' AND entered_by IS NULL "
        "AND public_body IS NULL AND answer IS NULL AND theme_id IS NULL AND external_id IS NULL "
        "AND (site_id IS NULL OR EXISTS (SELECT 1 FROM public_site s WHERE s.id = contribution.site_id)) "
        f"AND meeting_id IS NULL AND opened_by_link(token_sha256) AND EXISTS ({open_now}))"
    )
    for action in ("SELECT", "UPDATE"):
        op.execute(
            f"CREATE POLICY own_link_{action.lower()} ON contribution FOR {action} "
            "TO vlekkenplan_resident USING (opened_by_link(token_sha256))"
        )
    own = (
        "EXISTS (SELECT 1 FROM contribution c WHERE c.code = {table}.contribution_code "
        "AND opened_by_link(c.token_sha256))"
    )
    for table in ("contribution_photo", "contribution_contact"):
        mine = own.format(table=table)
        extra = " AND NOT is_public" if table == "contribution_photo" else ""
        op.execute(
            f"CREATE POLICY own_link ON {table} TO vlekkenplan_resident "
            f"USING ({mine}) WITH CHECK ({mine}{extra})"
        )
    weighed_now = phase.format(table="importance", takes="takes_importance")
    op.execute(
        "CREATE POLICY weighed ON importance FOR INSERT TO vlekkenplan_resident "
        f"WITH CHECK (entry = 'website' AND EXISTS ({weighed_now}))"
    )
    op.execute(
        "CREATE POLICY own_link ON subscription TO vlekkenplan_resident "
        "USING (opened_by_link(token_sha256)) WITH CHECK (opened_by_link(token_sha256))"
    )


def downgrade() -> None:
    op.execute("DROP POLICY dialogue_seen_by_workspace ON change")
    op.execute("DROP POLICY signing_in ON attempt")
    op.execute("ALTER TABLE attempt DISABLE ROW LEVEL SECURITY")
    for role in reversed(NEW_ROLES):
        op.execute(f"DROP OWNED BY {role}")
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    for table in TOLD:
        op.execute(f"DROP TRIGGER note_public_event ON {table}")
    op.execute("DROP FUNCTION note_public_event()")
    for table in ("outgoing_mail", "public_event", "subscription"):
        op.drop_table(table)
    for table in ("support_measurement", "agreement", "importance", *UNDER_CONTRIBUTION):
        op.drop_table(table)
    for table in ("contribution", "theme", *reversed(PARTS[:6]), "track"):
        op.drop_table(table)
    op.execute(_note_change(with_tracks=False))
    op.execute("DROP FUNCTION opened_by_link(text)")
    op.execute("DROP FUNCTION check_moderator()")
    op.execute("DROP FUNCTION check_removal()")
    op.execute("ALTER INDEX pk_attempt RENAME TO pk_sign_in_attempt")
    op.rename_table("attempt", "sign_in_attempt")
