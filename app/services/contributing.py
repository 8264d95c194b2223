"""Sending a contribution: where it may go, what is found in it, and keeping it once.

What people write goes nowhere else: not to a log, not to the history, not to another service.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from analysis.dialogue.contributions import CONTRIBUTION_KINDS, ContributionKind
from analysis.dialogue.findings import find
from app.services.own_links import CONTRIBUTION, new_code, own_token, own_token_sha256
from app.services.place_test import try_place
from app.services.small_photo import MEDIA_TYPE
from data.changes.contributions import (
    AlreadyThere,
    Contact,
    NewContribution,
    Photo,
    add_contribution,
)
from data.queries.own_contributions import OwnContribution, own_contribution
from data.queries.tracks import (
    MeetingRecord,
    PhaseRecord,
    TrackRecord,
    public_track,
    track_meetings,
    track_phases,
    track_sites,
)
from data.retention import CONTACT

#: Opens a transaction in the name of who has the secret link with this checksum.
AsWriter = Callable[[str], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class OpenTrack:
    """A conversation as somebody who wants to react finds it.

    ``phase`` takes contributions now; None when there is none. ``next_phase`` will take them.
    ``site_ids`` are its public sites, those that it is about first.
    """

    record: TrackRecord
    phase: PhaseRecord | None
    next_phase: PhaseRecord | None
    meetings: tuple[MeetingRecord, ...]
    site_ids: tuple[int, ...]


@dataclass(frozen=True)
class Typed:
    """What somebody typed, checked and ready to be sent. ``geom`` is in RD.

    ``photo`` is a small JPEG without anything else in it.
    """

    kind: ContributionKind
    body: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    geom: BaseGeometry | None = None
    site_id: int | None = None
    from_wijk_code: str | None = None
    photo: bytes | None = None
    photo_description: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The code of a contribution that is kept, and the secret part of its own link."""

    code: str
    token: str


def open_track(connection: Connection, code: str, now: dt.datetime) -> OpenTrack:
    """The public conversation with this code, and whether one can react. Raises NotFound."""
    record = public_track(connection, code)
    phases = track_phases(connection, record.id)
    open_now = next((one for one in phases if one.is_now and one.takes_contributions), None)
    return OpenTrack(
        record,
        open_now,
        None if open_now else _next_phase(record, phases, now.date()),
        tuple(
            one
            for one in track_meetings(connection, record.id)
            if one.starts_at >= now and not one.is_cancelled
        ),
        tuple(line.site_id for line in track_sites(connection, record.id)),
    )


def test_of(
    connection: Connection, home: Path, track: OpenTrack, typed: Typed, on: dt.date
) -> dict[str, Any] | None:
    """The test of a place that is proposed; None for all else, and when it can't be made now."""
    if not typed.kind.needs_place or typed.geom is None:
        return None
    return try_place(connection, home, typed.geom, track.record.type, track.site_ids, on)


def send(
    as_writer: AsWriter,
    secret_key: str,
    code: str,
    track: OpenTrack,
    typed: Typed,
    place_test: Mapping[str, Any] | None,
    now: dt.datetime,
) -> Receipt:
    """Keep what somebody typed in a form with this code, once: sent again, it is the same.

    Raises OutsideScope when the phase closed meanwhile, and SecretText. Who went back and wrote
    something else in the same form sends a second contribution.
    """
    assert track.phase is not None
    new = to_new(track.record.id, track.phase.id, typed, secret_key, code, place_test, now)
    try:
        _keep(as_writer, new, typed, now)
    except AlreadyThere:
        assert new.token_sha256 is not None
        with as_writer(new.token_sha256) as opened:
            first = own_contribution(opened, code)
        if not _is_same(first, typed):
            return send(as_writer, secret_key, new_code(), track, typed, place_test, now)
    return receipt_of(secret_key, code)


def to_new(
    track_id: int,
    phase_id: int | None,
    typed: Typed,
    secret_key: str,
    code: str,
    place_test: Mapping[str, Any] | None,
    now: dt.datetime,
) -> NewContribution:
    """What somebody typed as it is kept, with where something was found in it."""
    return NewContribution(
        code=code,
        track_id=track_id,
        phase_id=phase_id,
        kind=typed.kind.key,
        body=typed.body,
        site_id=typed.site_id,
        answers=typed.answers,
        geom=typed.geom,
        from_wijk_code=typed.from_wijk_code,
        token_sha256=own_token_sha256(secret_key, CONTRIBUTION, code),
        findings=[dataclasses.asdict(finding) for finding in find(typed.body)],
        place_test=place_test,
        made_at=now,
    )


def photo_of(typed: Typed) -> Photo | None:
    """The photo as it is kept."""
    if typed.photo is None:
        return None
    return Photo(MEDIA_TYPE, typed.photo, typed.photo_description)


def contact_of(typed: Typed, now: dt.datetime) -> Contact | None:
    """The e-mail address as it is kept, and until when."""
    assert CONTACT.term is not None
    return Contact(typed.email, now + CONTACT.term) if typed.email else None


def receipt_of(secret_key: str, code: str) -> Receipt:
    """What opens a contribution for who wrote it."""
    return Receipt(code, own_token(secret_key, CONTRIBUTION, code))


def answer_words(kind_key: str, answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The questions that somebody answered, with the answers in words."""
    if kind_key not in CONTRIBUTION_KINDS:
        return ()
    told = []
    for question in CONTRIBUTION_KINDS[kind_key].questions:
        chosen = _as_list(answers.get(question.key))
        labels = [option.label for option in question.options if option.key in chosen]
        if labels:
            told.append((question.label, ", ".join(labels)))
    return tuple(told)


def _keep(as_writer: AsWriter, new: NewContribution, typed: Typed, now: dt.datetime) -> None:
    assert new.token_sha256 is not None
    with as_writer(new.token_sha256) as opened:
        add_contribution(opened, new, photo_of(typed), contact_of(typed, now))


def _is_same(first: OwnContribution, typed: Typed) -> bool:
    """Whether the one that is kept is what is sent again."""
    return (
        first.kind == typed.kind.key
        and first.body == typed.body
        and dict(first.answers) == dict(typed.answers)
        and _is_same_place(first.geom, typed.geom)
    )


def _is_same_place(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one.equals(other))


def _next_phase(
    record: TrackRecord, phases: Sequence[PhaseRecord], on: dt.date
) -> PhaseRecord | None:
    """The first phase that will take contributions and is not closed."""
    if record.state != "open":
        return None
    coming = (
        one
        for one in phases
        if one.takes_contributions
        and one.closed_at is None
        and one.starts_on is not None
        and one.starts_on > on
    )
    return next(coming, None)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
