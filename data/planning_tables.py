"""The tables of planning: choices between candidates, scenarios, and what was computed for them.

A candidate is a site of the register (``data.tables.Site``); a choice only gathers sites. What a
choice was made by (its rules) and what was found (an assessment) are added to and never changed:
a dossier must come out the same in ten years.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Table, rd_geometry, wgs84_copy

__all__ = [
    "Assessment",
    "Choice",
    "ChoiceCandidate",
    "ChoiceRules",
    "Dossier",
    "LandUse",
    "Scenario",
    "ScenarioItem",
    "ScenarioLink",
    "SiteCost",
    "SitingJob",
    "Table",
    "Weighting",
]


def _moment(*, is_now: bool = False) -> Mapped[Any]:
    default = func.now() if is_now else None
    return mapped_column(DateTime(timezone=True), server_default=default, nullable=not is_now)


class LandUse(Table):
    """A piece of ground by its use: water, beach, runway ... ``kind`` is a key of the code."""

    __tablename__ = "land_use"
    __table_args__ = (Index(None, "kind"),)

    release_id: Mapped[int] = mapped_column(
        ForeignKey("source_release.id", ondelete="CASCADE"), primary_key=True
    )
    land_code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    geom: Mapped[Any] = mapped_column(rd_geometry("MULTIPOLYGON"))
    geom_wgs84: Mapped[Any] = wgs84_copy("MULTIPOLYGON")


class SiteCost(Table):
    """What a site would cost once, in whole euros, on whose word and on which date."""

    __tablename__ = "site_cost"
    __table_args__ = (CheckConstraint("cost_eur >= 0", name="cost_eur"),)

    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    cost_eur: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]
    found_on: Mapped[dt.date]
    version: Mapped[int] = mapped_column(server_default="1")


class Choice(Table):
    """A choice between candidate sites of one type, of a gemeente or of the region ("regio")."""

    __tablename__ = "choice"
    __table_args__ = (
        CheckConstraint("target_place_count > 0", name="target_place_count"),
        CheckConstraint("type <> 'vrouwenopvang'", name="no_vrouwenopvang"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_code: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    name: Mapped[str]
    explanation: Mapped[str | None]
    target_place_count: Mapped[int | None]
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    version: Mapped[int] = mapped_column(server_default="1")


class ChoiceRules(Table):
    """The stages, criteria, weights and measuring terms of a choice, as they held from a moment."""

    __tablename__ = "choice_rules"

    choice_id: Mapped[int] = mapped_column(
        ForeignKey("choice.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)


class ChoiceCandidate(Table):
    """A site among the candidates of a choice: where it came from, how far it came, why it fell."""

    __tablename__ = "choice_candidate"
    __table_args__ = (
        CheckConstraint("(dropped_on is null) = (dropped_reason is null)", name="dropped_why"),
    )

    choice_id: Mapped[int] = mapped_column(
        ForeignKey("choice.id", ondelete="CASCADE"), primary_key=True
    )
    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    origin: Mapped[str]
    origin_note: Mapped[str | None]
    stage: Mapped[str]
    added_on: Mapped[dt.date]
    added_by: Mapped[int | None]
    dropped_on: Mapped[dt.date | None]
    dropped_by: Mapped[int | None]
    dropped_role: Mapped[str | None]
    dropped_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Assessment(Table):
    """What was found for the candidates of a choice, with all that is needed to repeat it."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id", ondelete="CASCADE"), index=True)
    rules_version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)


class Dossier(Table):
    """The file of a choice, made from one assessment; public once somebody published it."""

    __tablename__ = "dossier"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    title: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    published_at: Mapped[dt.datetime | None] = _moment()


class Weighting(Table):
    """Points by criterion for a type, under a name, kept by someone of a gemeente or the region."""

    __tablename__ = "weighting"

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_code: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    name: Mapped[str]
    points: Mapped[dict[str, Any]] = mapped_column(JSONB)
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)


class Scenario(Table):
    """A named what-if: sites on, off and moved on a date. It changes no site until adopted."""

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("target_place_count > 0", name="target_place_count"),
        CheckConstraint(
            "(adopted_at is null) = (adopted_reason is null)", name="adopted_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    explanation: Mapped[str | None]
    type: Mapped[str]
    on_date: Mapped[dt.date]
    target_place_count: Mapped[int | None]
    copied_from: Mapped[int | None]
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    updated_at: Mapped[dt.datetime] = _moment(is_now=True)
    adopted_at: Mapped[dt.datetime | None] = _moment()
    adopted_by: Mapped[int | None]
    adopted_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")


class ScenarioItem(Table):
    """One thing that a scenario changes: a site on, off or moved, or a new place on the map."""

    __tablename__ = "scenario_item"
    __table_args__ = (
        CheckConstraint("kind in ('on', 'off', 'moved', 'new')", name="kind"),
        CheckConstraint("(kind = 'new') = (site_id is null)", name="site"),
        CheckConstraint("(kind in ('moved', 'new')) = (geom is not null)", name="place"),
        CheckConstraint("place_count > 0", name="place_count"),
        CheckConstraint("cost_eur >= 0", name="cost_eur"),
        Index(None, "scenario_id", "site_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(
        ForeignKey("scenario.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str | None]
    place_count: Mapped[int | None]
    cost_eur: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None]
    geom: Mapped[Any | None] = mapped_column(rd_geometry("POINT"))


class ScenarioLink(Table):
    """A link by which anyone may read a scenario, until it is withdrawn."""

    __tablename__ = "scenario_link"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(
        ForeignKey("scenario.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None]
    made_at: Mapped[dt.datetime] = _moment(is_now=True)
    withdrawn_at: Mapped[dt.datetime | None] = _moment()


class SitingJob(Table):
    """A question of choosing several sites at once, computed in the background."""

    __tablename__ = "siting_job"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'running', 'done', 'cancelled', 'failed')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gemeente_code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    question: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    fault: Mapped[str | None]
    is_cancel_asked: Mapped[bool] = mapped_column(server_default="false")
    account_id: Mapped[int | None]
    asked_at: Mapped[dt.datetime] = _moment(is_now=True)
    started_at: Mapped[dt.datetime | None] = _moment()
    seen_at: Mapped[dt.datetime | None] = _moment()
    finished_at: Mapped[dt.datetime | None] = _moment()
