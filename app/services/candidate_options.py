"""The sites that can be compared: one's own of a type, and those of others that are public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FacilityType
from app.services.lists import plain
from app.services.worklist import gemeente_names
from data.queries.releases import area_release
from data.queries.sites import sites_on
from data.queries.workspace import workspace_sites

#: A site of which this is so is no candidate any more.
_PAST = ("ended",)


@dataclass(frozen=True)
class CandidateOption:
    """A site to choose; ``is_open`` while nothing is decided of it."""

    site_id: int
    name: str
    gemeente_name: str
    status: SiteStatus | None
    place_count: int | None
    is_own: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still a plan, or has no stage yet."""
        return self.status is None or self.status.group.key == "plan"


def candidate_options(
    connection: Connection, kind: FacilityType, on: dt.date
) -> tuple[CandidateOption, ...]:
    """What can be compared for a type, plans first, then by gemeente and name."""
    names = gemeente_names(connection)
    own = {
        site.id: CandidateOption(
            site.id,
            site.name,
            names.get(site.gemeente_code or "", "Buiten de regio"),
            None if site.status is None else SITE_STATUSES[site.status],
            site.capacity_count,
            is_own=True,
        )
        for site in workspace_sites(connection, on)
        if site.type == kind.key
    }
    others = sites_on(connection, area_release(connection).id, on, types=[kind.key])
    rows: list[Any] = others[~others.index.isin(own)].reset_index().to_dict("records")
    public = [_public(row) for row in rows]
    found = [option for option in (*own.values(), *public) if not _is_past(option)]
    return tuple(sorted(found, key=_order))


def chosen_first(
    options: Sequence[CandidateOption], site_ids: Sequence[int]
) -> tuple[CandidateOption, ...]:
    """The same options, those that were chosen in front."""
    return tuple(sorted(options, key=lambda option: option.site_id not in site_ids))


def _public(row: Any) -> CandidateOption:
    capacity, gemeente = row["capacity_count"], row["gemeente_name"]
    return CandidateOption(
        int(row["site_id"]),
        row["name"],
        gemeente if isinstance(gemeente, str) else "Buiten de regio",
        SITE_STATUSES[row["status"]],
        None if pd.isna(capacity) else int(capacity),
        is_own=False,
    )


def _is_past(option: CandidateOption) -> bool:
    return option.status is not None and option.status.group.key in _PAST


def _order(option: CandidateOption) -> tuple[bool, str, str]:
    return not option.is_open, plain(option.gemeente_name), plain(option.name)
