"""Writing many sites in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select, update

from data.tables import Site, SiteState


class State(Protocol):
    """What is so at a site from a date on."""

    @property
    def from_date(self) -> dt.date:
        """Its first day."""

    @property
    def status(self) -> str:
        """The key of a status."""

    @property
    def capacity_count(self) -> int | None:
        """How many places."""

    @property
    def reason(self) -> str | None:
        """Why."""


def lock_sites(connection: Connection, site_codes: Iterable[str]) -> None:
    """Let nobody change these sites until the transaction ends."""
    connection.execute(
        select(Site.id)
        .where(Site.site_code.in_(list(site_codes)))
        .order_by(Site.id)
        .with_for_update()
    ).all()


def replace_states(connection: Connection, site_id: int, states: Iterable[State]) -> None:
    """Let the life of a site be just these states; what is so already is not written again."""
    wanted = {
        state.from_date: (state.status, state.capacity_count, state.reason) for state in states
    }
    stored = {
        row.from_date: (row.status, row.capacity_count, row.reason)
        for row in connection.execute(
            select(
                SiteState.from_date, SiteState.status, SiteState.capacity_count, SiteState.reason
            ).where(SiteState.site_id == site_id)
        )
    }
    for day in stored.keys() - wanted.keys():
        connection.execute(
            delete(SiteState).where(SiteState.site_id == site_id, SiteState.from_date == day)
        )
    for day, facts in wanted.items():
        values = dict(zip(("status", "capacity_count", "reason"), facts, strict=True))
        if day not in stored:
            connection.execute(insert(SiteState).values(site_id=site_id, from_date=day, **values))
        elif stored[day] != facts:
            connection.execute(
                update(SiteState)
                .where(SiteState.site_id == site_id, SiteState.from_date == day)
                .values(**values)
            )
