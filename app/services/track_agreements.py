"""Agreements and measurements of one conversation, as who works on it sees and writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.agreements import AGREEMENT_KINDS, AgreementDays, agreement_faults
from app.services.agreements import AgreementsView, make_view
from app.services.known_sites import known_sites
from data.changes.agreements import AgreementFields, MeasurementFields
from data.queries.agreements import (
    public_opening_days,
    track_agreements,
    track_measurements,
)
from data.queries.workspace import opening_days
from data.queries.workspace_tracks import WorkTrack, find_track, track_sites

SUBJECT = "onderwerp"
_NAMELESS = "Een locatie die u niet kunt zien"


@dataclass(frozen=True)
class TrackAgreements:
    """A conversation with what was agreed and measured. ``site_names`` are what it is about."""

    track: WorkTrack
    view: AgreementsView
    site_names: dict[int, str]


def agreements_of_track(connection: Connection, track_id: int, today: dt.date) -> TrackAgreements:
    """All of it; NotFound when the conversation is out of reach."""
    track = find_track(connection, track_id)
    site_ids = [one.site_id for one in track_sites(connection, track_id) if one.part == SUBJECT]
    known = {one.id: one.name for one in known_sites(connection, today, site_ids=site_ids)}
    names = {site_id: known.get(site_id, _NAMELESS) for site_id in site_ids}
    opens = public_opening_days(connection, site_ids) | opening_days(connection, site_ids)
    view = make_view(
        track_agreements(connection, track_id),
        track_measurements(connection, track_id),
        names,
        opens,
        today,
    )
    return TrackAgreements(track, view, names)


def day_faults(fields: AgreementFields) -> dict[str, str]:
    """What is wrong with the days of an agreement, by their name in ``AgreementFields``."""
    days = AgreementDays(fields.agreed_on, fields.from_on, fields.until_on, fields.evaluate_on)
    return dict(agreement_faults(AGREEMENT_KINDS[fields.kind], days))


def measurement_faults(fields: MeasurementFields, today: dt.date) -> dict[str, str]:
    """What is wrong with a measurement, by the name in ``MeasurementFields``."""
    faults = {}
    answers = fields.positive_count + fields.neutral_count + fields.negative_count
    if fields.measured_on > today:
        faults["measured_on"] = "Deze dag is nog niet geweest. Vul de meting in na die dag."
    if not answers:
        faults["positive_count"] = "Er zijn geen antwoorden. Vul in hoeveel mensen wat antwoordden."
    if fields.invited_count is not None and fields.invited_count < answers:
        faults["invited_count"] = (
            f"Er zijn {answers} antwoorden. Dat zijn er meer dan u mensen vroeg."
        )
    return faults
