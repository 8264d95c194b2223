"""What the pages of agreements and of measurements share: reading, refusing, and going back."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, flash, url_for
from sqlalchemy import Connection
from wtforms import Form

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.sender import go_to, refused
from app.services import current
from app.services.track_agreements import TrackAgreements, agreements_of_track
from data.changes.refusals import SecretText
from data.changes.sites import Conflict, OutsideScope
from data.changes.track_parts import TooManyParts
from data.changes.tracks import NOT_YOUR_TRACK


def read_agreements(track_id: int) -> TrackAgreements:
    """What was agreed and measured in a conversation within reach; NotFound otherwise."""
    with reading_as(guard.hands()) as opened:
        return agreements_of_track(opened, track_id, current.today())


def read_own_agreements(track_id: int) -> TrackAgreements:
    """The same, to change; OutsideScope when who asks may only read it."""
    found = read_agreements(track_id)
    if not found.track.is_own:
        raise OutsideScope(NOT_YOUR_TRACK)
    return found


def write(
    form: Form, change: Callable[[Connection], Any], page: Callable[[bool], str]
) -> Response | None:
    """Make a change as one transaction; the page again when it is refused, with all typed in it.

    ``page`` is asked with whether somebody else stored something in between.
    """
    try:
        with changing_as(guard.hands()) as opened:
            change(opened)
    except (SecretText, TooManyParts) as error:
        form.form_errors.append(str(error))
        return refused(page(False))
    except Conflict:
        return refused(page(True), HTTPStatus.CONFLICT)
    return None


def to_list(endpoint: str, track_id: int, told: str) -> Response:
    """Back to the list, with what was done."""
    flash(told)
    return go_to(url_for(endpoint, track_id=track_id))
