"""Agreements and measurements of support: as everyone reads them, and as who works on them does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Date, Integer, Row, Select, String, column, func, select, table

from data.dialogue_tables import Agreement, SupportMeasurement
from data.dialogue_views import public_agreement, public_support_measurement
from data.errors import NotFound
from data.tables import LARGEST_ID

IN_USE = "in_gebruik"
NO_AGREEMENT = "Deze afspraak is er niet, of hoort niet bij dit gesprek."
NO_MEASUREMENT = "Deze meting is er niet, of hoort niet bij dit gesprek."
_public_state = table(
    "public_site_state",
    column("site_id", Integer),
    column("from_date", Date),
    column("status", String),
)


@dataclass(frozen=True)
class AgreementRecord:
    """An agreement as it is stored; ``is_public`` and ``version`` are for who works on it."""

    id: int
    track_id: int
    site_id: int | None
    kind: str
    title: str
    explanation: str | None
    who: str
    agreed_on: dt.date
    from_on: dt.date | None
    until_on: dt.date | None
    evaluate_on: dt.date | None
    done_on: dt.date | None
    done_note: str | None
    is_public: bool = True
    version: int = 0


@dataclass(frozen=True)
class MeasurementRecord:
    """A measurement of support as it is stored; ``version`` is for who works on it."""

    id: int
    track_id: int
    site_id: int | None
    measured_on: dt.date
    question: str
    method: str
    source: str
    invited_count: int | None
    positive_count: int
    neutral_count: int
    negative_count: int
    version: int = 0


_RecordT = TypeVar("_RecordT", AgreementRecord, MeasurementRecord)


def public_agreements(
    connection: Connection, *, track_id: int | None = None, site_id: int | None = None
) -> tuple[AgreementRecord, ...]:
    """What everyone may read, of a track or about a site; the oldest first."""
    query = _of(select(public_agreement), public_agreement, track_id, site_id)
    ordered = query.order_by(public_agreement.c.agreed_on, public_agreement.c.id)
    return _records(AgreementRecord, connection.execute(ordered))


def public_measurements(
    connection: Connection, *, track_id: int | None = None, site_id: int | None = None
) -> tuple[MeasurementRecord, ...]:
    """What everyone may read, of a track or about a site; the oldest first."""
    view = public_support_measurement
    query = _of(select(view), view, track_id, site_id)
    return _records(
        MeasurementRecord, connection.execute(query.order_by(view.c.measured_on, view.c.id))
    )


def track_agreements(connection: Connection, track_id: int) -> tuple[AgreementRecord, ...]:
    """All agreements of a track within reach, the oldest first."""
    query = _agreements().where(Agreement.track_id == track_id)
    ordered = query.order_by(Agreement.agreed_on, Agreement.id)
    return _records(AgreementRecord, connection.execute(ordered))


def track_measurements(connection: Connection, track_id: int) -> tuple[MeasurementRecord, ...]:
    """All measurements of a track within reach, the oldest first."""
    query = _measurements().where(SupportMeasurement.track_id == track_id)
    ordered = query.order_by(SupportMeasurement.measured_on, SupportMeasurement.id)
    return _records(MeasurementRecord, connection.execute(ordered))


def find_agreement(connection: Connection, track_id: int, agreement_id: int) -> AgreementRecord:
    """One agreement of a track; NotFound when it is not there."""
    query = _agreements().where(Agreement.id == agreement_id, Agreement.track_id == track_id)
    is_possible = max(agreement_id, track_id) <= LARGEST_ID
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_AGREEMENT)
    return _record(AgreementRecord, row)


def find_measurement(
    connection: Connection, track_id: int, measurement_id: int
) -> MeasurementRecord:
    """One measurement of a track; NotFound when it is not there."""
    query = _measurements().where(
        SupportMeasurement.id == measurement_id, SupportMeasurement.track_id == track_id
    )
    is_possible = max(measurement_id, track_id) <= LARGEST_ID
    row = connection.execute(query).first() if is_possible else None
    if row is None:
        raise NotFound(NO_MEASUREMENT)
    return _record(MeasurementRecord, row)


def public_opening_days(connection: Connection, site_ids: Collection[int]) -> dict[int, dt.date]:
    """From when sites are in use, past or to come, as far as everyone may read it; by site."""
    state = _public_state.c
    query = (
        select(state.site_id, func.min(state.from_date))
        .where(state.site_id.in_(list(site_ids)), state.status == IN_USE)
        .group_by(state.site_id)
    )
    return dict(map(tuple, connection.execute(query)))


def _of(query: Select[Any], view: Any, track_id: int | None, site_id: int | None) -> Select[Any]:
    if track_id is not None:
        query = query.where(view.c.track_id == track_id)
    if site_id is not None:
        query = query.where(view.c.site_id == site_id)
    return query


def _agreements() -> Select[Any]:
    return select(*Agreement.__table__.columns)


def _measurements() -> Select[Any]:
    return select(*SupportMeasurement.__table__.columns)


def _records(kind: type[_RecordT], rows: Iterable[Row[Any]]) -> tuple[_RecordT, ...]:
    return tuple(_record(kind, row) for row in rows)


def _record(kind: type[_RecordT], row: Row[Any]) -> _RecordT:
    return kind(**row._mapping)
