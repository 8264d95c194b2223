"""Assessments and dossiers: those of the choices within reach, and the public ones for everyone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data.errors import NotFound
from data.planning_tables import Assessment, Dossier
from data.tables import LARGEST_ID
from data.views import public_dossier

NO_DOSSIER = "Dit dossier is er niet, of het is niet openbaar."
#: How a permanent link names a dossier: the year, and letters that nobody guesses.
_CODE = re.compile(r"\d{4}-[a-z2-9]{8}")
NO_ASSESSMENT = "Deze afweging is er niet, of hoort niet bij uw gemeente."


@dataclass(frozen=True)
class AssessmentRecord:
    """An assessment as it is stored."""

    id: int
    choice_id: int
    rules_version: int
    content: dict[str, Any]
    sha256: str
    made_at: dt.datetime


@dataclass(frozen=True)
class DossierRecord:
    """A dossier as it is stored; ``published_at`` is None while it is not public."""

    id: int
    code: str
    choice_id: int
    assessment_id: int
    title: str
    content: dict[str, Any]
    sha256: str
    made_at: dt.datetime
    published_at: dt.datetime | None


@dataclass(frozen=True)
class DossierLine:
    """A dossier in a list: all but its content."""

    id: int
    code: str
    title: str
    sha256: str
    made_at: dt.datetime
    published_at: dt.datetime | None


@dataclass(frozen=True)
class PublicDossier:
    """A dossier that is public, as everyone may read it."""

    id: int
    code: str
    title: str
    content: dict[str, Any]
    sha256: str
    made_at: dt.datetime
    published_at: dt.datetime


def find_assessment(connection: Connection, assessment_id: int) -> AssessmentRecord:
    """One assessment; NotFound when it is not there or not within reach."""
    columns = [getattr(Assessment, name) for name in AssessmentRecord.__dataclass_fields__]
    query = select(*columns).where(Assessment.id == assessment_id)
    row = connection.execute(query).first() if assessment_id <= LARGEST_ID else None
    if row is None:
        raise NotFound(NO_ASSESSMENT)
    return AssessmentRecord(*row)


def dossiers_of_choice(connection: Connection, choice_id: int) -> list[DossierLine]:
    """The dossiers of a choice within reach, the newest first."""
    if choice_id > LARGEST_ID:
        return []
    columns = [getattr(Dossier, name) for name in DossierLine.__dataclass_fields__]
    query = select(*columns).where(Dossier.choice_id == choice_id).order_by(Dossier.id.desc())
    return [DossierLine(*row) for row in connection.execute(query)]


def find_dossier(connection: Connection, choice_id: int, code: str) -> DossierRecord:
    """One dossier of a choice within reach, public or not; NotFound otherwise."""
    columns = [getattr(Dossier, name) for name in DossierRecord.__dataclass_fields__]
    query = select(*columns).where(Dossier.choice_id == choice_id, Dossier.code == code)
    is_possible = choice_id <= LARGEST_ID and _CODE.fullmatch(code)
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_DOSSIER)
    return DossierRecord(*row)


def find_public_dossier(connection: Connection, code: str) -> PublicDossier:
    """The dossier under a permanent link; NotFound unless it is public."""
    columns = [public_dossier.c[name] for name in PublicDossier.__dataclass_fields__]
    query = select(*columns).where(public_dossier.c.code == code)
    row = connection.execute(query).first() if _CODE.fullmatch(code) else None
    if row is None:
        raise NotFound(NO_DOSSIER)
    return PublicDossier(*row)
