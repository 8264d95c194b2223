"""What the database refuses, in words; and one editor of a site at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import CheckViolation, InsufficientPrivilege
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from data.changes.sites import OutsideScope
from data.errors import DataError, NotFound
from data.queries.workspace import NOT_YOURS
from data.tables import LARGEST_ID, Site

_OF_SHELTERS = "no_vrouwenopvang"


class SecretText(DataError):
    """A text speaks of a place whose address is secret; nothing is written."""


@contextmanager
def in_words(outside: str = NOT_YOURS) -> Iterator[None]:
    """Raises OutsideScope (saying ``outside``) and SecretText where the database refuses so."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise OutsideScope(outside) from error
        if isinstance(error.orig, CheckViolation) and _OF_SHELTERS in str(
            error.orig.diag.constraint_name
        ):
            raise SecretText(
                "Hier gaat het om vrouwenopvang. Die adressen zijn geheim en bewaren wij nooit. "
                "Haal dit weg uit de tekst."
            ) from error
        raise


def hold_site(connection: Connection, site_id: int) -> None:
    """Let nobody else change this site until the transaction ends; NotFound out of reach."""
    held = select(Site.id).where(Site.id == site_id).with_for_update()
    if site_id > LARGEST_ID or connection.scalar(held) is None:
        raise NotFound(NOT_YOURS)
