"""What is kept about people: every column of every table, for what, on which ground, how long.

The register of personal data (AVG, article 30) is made from this. Terms are those of
``data.retention``; who can read a column is asked of the database itself
(``data.queries.readers``). A column that stands nowhere here fails a test: somebody decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.processings import PROCESSINGS, Processing
from data.retention import RETENTIONS, Retention


@dataclass(frozen=True)
class DataKind:
    """A kind of data about somebody."""

    key: str
    label: str


@dataclass(frozen=True)
class PersonalColumn:
    """A column that holds, or may hold, something about somebody."""

    table: str
    column: str
    kind: DataKind
    processing: Processing

    @property
    def place(self) -> str:
        """As ``data.retention`` names it."""
        return f"{self.table}.{self.column}"

    @property
    def retentions(self) -> tuple[Retention, ...]:
        """The terms after which it is cleared."""
        return tuple(one for one in RETENTIONS if self.place in one.places)

    @property
    def terms(self) -> tuple[str, ...]:
        """How long it is kept, in words; several when it depends."""
        terms = tuple(f"{one.label}: {_in_words(one)}" for one in self.retentions)
        if not terms or self.processing.exceptions:
            return (self.processing.until, *terms)
        return terms


def _in_words(term: Retention) -> str:
    return term.term_text if term.term is None else f"{term.term_text} na {term.counted_from}"


DATA_KINDS: tuple[DataKind, ...] = (
    DataKind("naam", "Naam"),
    DataKind("contact", "E-mailadres of telefoonnummer"),
    DataKind("woorden", "Eigen woorden"),
    DataKind("keuze", "Antwoord of keuze"),
    DataKind("beeld", "Foto of bestand"),
    DataKind("plek", "Plek of gebied"),
    DataKind("moment", "Datum of tijd"),
    DataKind("kenmerk", "Onleesbaar kenmerk"),
    DataKind("account", "Nummer van een account"),
    DataKind("behandeling", "Wat ermee is gedaan"),
    DataKind("aantal", "Aantal"),
)
#: Every column of every table: under "" what says nothing about anybody, and under "<processing>
#: <kind>" what does. All columns of ``_ABOUT_PLACES`` are about areas, streets and sources.
_ABOUT_PLACES = (
    "amenity area figure land_use population_point source_release street_edge street_node task"
)
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "account": {
        "": "id is_active",
        "accounts naam": "name",
        "accounts contact": "email",
        "accounts kenmerk": "password_hash totp_secret totp_last_step oidc_issuer oidc_subject",
        "accounts moment": "password_changed_at totp_changed_at last_sign_in_at created_at",
    },
    "account_role": {
        "": "gemeente_code",
        "accounts account": "account_id",
        "accounts keuze": "role",
    },
    "agreement": {
        "": "id track_id site_id kind agreed_on from_on until_on evaluate_on done_on is_public "
        "version",
        "contactpersoon naam": "who",
        "werkteksten woorden": "title explanation done_note",
    },
    "assessment": {
        "": "id choice_id rules_version content sha256 made_at",
        "verantwoorden account": "account_id",
    },
    "attempt": {
        "": "kind",
        "misbruik kenmerk": "key",
        "misbruik moment": "window_start blocked_until",
        "misbruik aantal": "attempt_count",
    },
    "change": {
        "": "id transaction_id table_name action site_id gemeente_code",
        "verantwoorden account": "account_id actor",
        "verantwoorden moment": "at",
        "verantwoorden woorden": "reason before after",
    },
    "choice": {
        "": "id gemeente_code type target_place_count made_at version",
        "verantwoorden account": "account_id",
        "werkteksten woorden": "name explanation",
    },
    "choice_candidate": {
        "": "choice_id site_id origin stage added_on dropped_on dropped_role version",
        "verantwoorden account": "added_by dropped_by",
        "werkteksten woorden": "origin_note dropped_reason",
    },
    "choice_rules": {
        "": "choice_id version content made_at",
        "verantwoorden account": "account_id",
        "werkteksten woorden": "reason",
    },
    "contribution": {
        "": "code track_id phase_id site_id meeting_id entry external_id status theme_id version "
        "moderation",
        "reageren keuze": "kind answers",
        "reageren woorden": "body public_body",
        "reageren plek": "geom from_wijk_code place_test",
        "reageren kenmerk": "token_sha256",
        "reageren moment": "made_at",
        "reageren behandeling": "answer answered_at",
        "beoordelen behandeling": "findings moderated_at refusal_key refusal_note second_at "
        "appeal_at appeal_outcome appeal_note",
        "beoordelen woorden": "appeal_text",
        "beoordelen moment": "appealed_at",
        "verantwoorden account": "entered_by moderated_by second_by appeal_by answered_by",
    },
    "contribution_contact": {
        "": "contribution_code",
        "antwoord_per_mail contact": "email",
        "antwoord_per_mail moment": "delete_at told_at",
    },
    "contribution_photo": {
        "": "contribution_code media_type",
        "reageren beeld": "content",
        "reageren woorden": "description",
        "beoordelen behandeling": "is_public",
    },
    "dossier": {
        "": "id code choice_id assessment_id title content sha256 made_at published_at",
        "verantwoorden account": "account_id",
    },
    "draft": {
        "": "form_key",
        "accounts account": "account_id",
        "accounts moment": "saved_at",
        "werkteksten woorden": "content",
    },
    "home_count": {"": "release_id area_code type is_hidden", "woningen aantal": "home_count"},
    "importance": {
        "": "id track_id phase_id type entry",
        "afwegen keuze": "points",
        "afwegen plek": "wijk_code",
    },
    "moderation_step": {
        "": "id contribution_code",
        "beoordelen behandeling": "action rule_key",
        "beoordelen woorden": "note",
        "beoordelen moment": "at",
        "verantwoorden account": "account_id",
    },
    "outgoing_mail": {
        "": "id key try_count",
        "post contact": "recipient",
        "post woorden": "subject body headers",
        "post moment": "made_at next_try_at delete_at",
        "post behandeling": "fault",
    },
    "public_event": {"": "id at kind track_id site_id row_id content noticed_at"},
    "recovery_code": {
        "accounts account": "account_id",
        "accounts kenmerk": "code_sha256",
        "accounts moment": "used_at",
    },
    "scenario": {
        "": "id gemeente_code type on_date target_place_count copied_from made_at updated_at "
        "adopted_at version",
        "verantwoorden account": "account_id adopted_by",
        "werkteksten woorden": "name explanation adopted_reason",
    },
    "scenario_item": {
        "": "id scenario_id kind site_id place_count cost_eur geom",
        "werkteksten woorden": "name note",
    },
    "scenario_link": {
        "": "token_sha256 scenario_id made_at withdrawn_at",
        "verantwoorden account": "account_id",
    },
    "sign_in_link": {
        "": "purpose",
        "accounts kenmerk": "token_sha256",
        "accounts account": "account_id",
        "accounts moment": "expires_at used_at",
    },
    "sign_in_session": {
        "": "way is_complete",
        "accounts kenmerk": "token_sha256",
        "accounts account": "account_id",
        "accounts moment": "created_at seen_at expires_at",
    },
    "site": {
        "": "id site_code release_id name type provider address publication valid_from valid_to "
        "geom geom_wgs84 gemeente_code outline outline_wgs84 version updated_at",
        "werkteksten woorden": "description",
    },
    "site_answer": {
        "": "site_id question finding source found_on version",
        "werkteksten woorden": "evidence",
    },
    "site_cost": {"": "site_id cost_eur source found_on version"},
    "site_document": {
        "": "id site_id media_type byte_count sha256",
        "werkteksten woorden": "title",
        "werkteksten beeld": "content",
        "verantwoorden account": "account_id",
        "verantwoorden moment": "added_at",
    },
    "site_state": {
        "": "site_id from_date status capacity_count",
        "werkteksten woorden": "reason",
    },
    "siting_job": {
        "": "id gemeente_code name question state progress result fault is_cancel_asked asked_at "
        "started_at seen_at finished_at",
        "verantwoorden account": "account_id",
    },
    "subscription": {
        "": "code",
        "volgen contact": "email",
        "volgen plek": "label geom radius_m area_code track_id",
        "volgen keuze": "frequency",
        "volgen kenmerk": "token_sha256",
        "volgen moment": "asked_at confirm_sent_at confirmed_at told_until",
    },
    "support_measurement": {
        "": "id track_id site_id measured_on question method source invited_count positive_count "
        "neutral_count negative_count version",
    },
    "theme": {
        "": "id track_id status answered_at position version",
        "werkteksten woorden": "name answer",
    },
    "track": {
        "": "id code gemeente_code wijk_code parent_id choice_id type answer_days moderation_days "
        "state published_at made_at version",
        "contactpersoon naam": "contact_name",
        "contactpersoon contact": "contact_email contact_phone",
        "verantwoorden account": "account_id",
        "werkteksten woorden": "title summary why_here not_this street_text open_text fixed_text",
    },
    "track_document": {
        "": "id track_id media_type added_at",
        "werkteksten woorden": "title",
        "werkteksten beeld": "content",
        "verantwoorden account": "account_id",
    },
    "track_meeting": {
        "": "id track_id starts_at ends_at visitor_count is_cancelled made_at version",
        "werkteksten woorden": "name place explanation report",
    },
    "track_news": {
        "": "id track_id published_at",
        "werkteksten woorden": "title body",
        "verantwoorden account": "account_id",
    },
    "track_party": {
        "": "id track_id position moment",
        "contactpersoon naam": "name",
        "contactpersoon keuze": "role",
    },
    "track_phase": {
        "": "id track_id position level starts_on ends_on takes_contributions takes_importance "
        "closed_at version",
        "werkteksten woorden": "name goal open_text fixed_text outcome",
        "verantwoorden account": "closed_by",
    },
    "track_site": {"": "track_id site_id part", "werkteksten woorden": "note"},
    "weighting": {
        "": "id gemeente_code type name points made_at",
        "verantwoorden account": "account_id",
    },
}
_BY_KEY = {entry.key: entry for entry in PROCESSINGS}
_KINDS = {entry.key: entry for entry in DATA_KINDS}


def personal_columns() -> tuple[PersonalColumn, ...]:
    """Every column that holds something about somebody, by processing."""
    found = [
        PersonalColumn(table, column, _KINDS[kind], _BY_KEY[processing])
        for table, groups in _COLUMNS.items()
        for heading, columns in groups.items()
        if heading
        for processing, kind in [heading.split()]
        for column in columns.split()
    ]
    order = list(PROCESSINGS)
    return tuple(sorted(found, key=lambda one: order.index(one.processing)))


def impersonal_columns() -> frozenset[str]:
    """Every column that says nothing about anybody, as ``table.column``."""
    return frozenset(
        f"{table}.{column}"
        for table, groups in _COLUMNS.items()
        for column in groups.get("", "").split()
    )


def tables_about_places() -> frozenset[str]:
    """Tables of areas, streets and sources, which hold nothing about anybody."""
    return frozenset(_ABOUT_PLACES.split())
