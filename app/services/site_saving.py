"""Saving the form of a site: in the region, in the own gemeente, and not over another's work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import shapely
from sqlalchemy import Connection

from app.services.site_form import FieldFaults, FirstState
from data.changes.refusals import SecretText, in_words
from data.changes.releases import workspace_release
from data.changes.sites import OutsideScope, SiteFields, add_first_state, add_site, change_site
from data.queries.areas import area
from data.queries.places import areas_at
from data.queries.releases import area_release
from data.queries.workspace import WorkspaceSite

PLACE, TEXT = "plek", "toelichting"
OUTSIDE_REGION = "Deze plek ligt niet in een van de gemeenten van de regio."


def save_new(
    connection: Connection, fields: SiteFields, first: FirstState, reason: str, today: dt.date
) -> int:
    """Store a new site with its first state; returns its id. Raises FieldFaults."""
    _check_region(connection, fields.point)
    with _at_its_field():
        site_id = add_site(connection, workspace_release(connection, today), fields)
        add_first_state(
            connection, site_id, first.from_date, first.status, first.capacity_count, reason
        )
    return site_id


def save_change(connection: Connection, stored: WorkspaceSite, fields: SiteFields) -> None:
    """Write the fields over ``stored``. Raises FieldFaults, and Conflict when it is not newest."""
    if fields.point != stored.point:
        _check_region(connection, fields.point)
    with _at_its_field():
        change_site(connection, stored.id, fields, stored.version)


@contextmanager
def _at_its_field() -> Iterator[None]:
    """What the database refuses, as a fault of the form. It does not say which text is secret."""
    try:
        with in_words():
            yield
    except OutsideScope as error:
        raise FieldFaults({PLACE: str(error)}) from error
    except SecretText as error:
        raise FieldFaults({TEXT: str(error)}) from error


def _check_region(connection: Connection, point: shapely.Point) -> None:
    release_id = area_release(connection).id
    found = areas_at(connection, release_id, point.x, point.y).get("gemeente")
    if found is None or not area(connection, release_id, found.area_code).in_region:
        raise FieldFaults({PLACE: OUTSIDE_REGION})
