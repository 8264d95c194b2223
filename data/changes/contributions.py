"""Writing contributions: what residents send, what staff enter, an appeal, an address taken back.

Who writes needs to reach nothing else: the database lets a resident write only in a phase that is
open, and only in the name of the own secret link.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from geoalchemy2.shape import from_shape
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import DBAPIError

from data.changes.refusals import in_words
from data.changes.sites import OutsideScope
from data.dialogue_tables import Contribution, ContributionContact, ContributionPhoto
from data.errors import DataError, NotFound
from geo.crs import RD_EPSG

NOT_NOW = (
    "Op dit moment kan hier niemand reageren. Misschien is de fase net gesloten. Er is niets "
    "opgeslagen."
)
NOT_YOUR_TRACK = "Dit gesprek hoort niet bij uw gemeente. U kunt hier geen reacties invoeren."
NO_APPEAL = "Hierbij kunt u nu geen bezwaar maken."


class AlreadyThere(DataError):
    """A contribution with this code, or this number in another system, is there already."""


@dataclass(frozen=True)
class NewContribution:
    """What somebody brings in. ``geom`` is in RD; ``token_sha256`` is None without own link.

    ``findings`` tell where in the text something was found, never what; ``place_test`` is what a
    proposed place was found to be. ``entered_by`` is the account that entered it, if any.
    """

    code: str
    track_id: int
    phase_id: int | None
    kind: str
    body: str
    site_id: int | None = None
    meeting_id: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    geom: BaseGeometry | None = None
    from_wijk_code: str | None = None
    entry: str = "website"
    entered_by: int | None = None
    external_id: str | None = None
    token_sha256: str | None = None
    findings: Sequence[Mapping[str, Any]] | None = None
    place_test: Mapping[str, Any] | None = None
    made_at: dt.datetime | None = None


@dataclass(frozen=True)
class Photo:
    """A photo that was made anew; ``description`` is for who does not see it."""

    media_type: str
    content: bytes
    description: str | None = None


@dataclass(frozen=True)
class Contact:
    """Where an answer goes, and when that address is forgotten at the latest."""

    email: str
    delete_at: dt.datetime


def add_contribution(
    connection: Connection,
    new: NewContribution,
    photo: Photo | None = None,
    contact: Contact | None = None,
) -> None:
    """Keep a contribution that waits for a moderator, with its photo and e-mail address apart.

    Raises OutsideScope (of a phase that is closed, or of another's track), AlreadyThere and
    SecretText; nothing is kept then.
    """
    refused = NOT_NOW if new.entry == "website" else NOT_YOUR_TRACK
    with in_words(refused), _told_apart(refused):
        connection.execute(insert(Contribution).values(_row(new)))
        if photo is not None:
            connection.execute(
                insert(ContributionPhoto).values(
                    contribution_code=new.code,
                    media_type=photo.media_type,
                    content=photo.content,
                    description=photo.description,
                )
            )
        if contact is not None:
            connection.execute(
                insert(ContributionContact).values(
                    contribution_code=new.code, email=contact.email, delete_at=contact.delete_at
                )
            )


def add_appeal(connection: Connection, code: str, text: str, now: dt.datetime) -> None:
    """Ask for another look at a contribution that was refused; once. Raises NotFound if not so."""
    statement = (
        update(Contribution)
        .where(
            Contribution.code == code,
            Contribution.moderation == "geweigerd",
            Contribution.appeal_text.is_(None),
        )
        .values(appeal_text=text, appealed_at=now)
    )
    with in_words(NO_APPEAL):
        if not connection.execute(statement).rowcount:
            raise NotFound(NO_APPEAL)


def remove_contact(connection: Connection, code: str) -> bool:
    """Forget the e-mail address of a contribution; False when there was none."""
    where = ContributionContact.contribution_code == code
    return bool(connection.execute(delete(ContributionContact).where(where)).rowcount)


@contextmanager
def _told_apart(outside: str) -> Iterator[None]:
    """Raises AlreadyThere, and OutsideScope where what it hangs under is gone meanwhile."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, UniqueViolation):
            raise AlreadyThere("Deze reactie is er al.") from error
        if isinstance(error.orig, ForeignKeyViolation):
            raise OutsideScope(outside) from error
        raise


def _row(new: NewContribution) -> dict[str, Any]:
    values = {
        "code": new.code,
        "track_id": new.track_id,
        "phase_id": new.phase_id,
        "site_id": new.site_id,
        "meeting_id": new.meeting_id,
        "kind": new.kind,
        "answers": dict(new.answers),
        "body": new.body,
        "geom": None if new.geom is None else from_shape(new.geom, RD_EPSG),
        "from_wijk_code": new.from_wijk_code,
        "entry": new.entry,
        "entered_by": new.entered_by,
        "external_id": new.external_id,
        "token_sha256": new.token_sha256,
        "findings": None if new.findings is None else [dict(one) for one in new.findings],
        "place_test": None if new.place_test is None else dict(new.place_test),
    }
    return values if new.made_at is None else {**values, "made_at": new.made_at}
