"""The sites that can be compared: one's own of a type, and those of others that are public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from analysis.facility_types import FacilityType
from app.services.known_sites import KnownSite, known_sites
from app.services.lists import plain


def candidate_options(
    connection: Connection, kind: FacilityType, on: dt.date
) -> tuple[KnownSite, ...]:
    """What can be compared for a type, plans first, then by gemeente and name."""
    found = known_sites(connection, on, types=[kind.key])
    return tuple(sorted((site for site in found if not _is_past(site)), key=_order))


def chosen_first(options: Sequence[KnownSite], site_ids: Sequence[int]) -> tuple[KnownSite, ...]:
    """The same options, those that were chosen in front."""
    return tuple(sorted(options, key=lambda option: option.id not in site_ids))


def _is_past(site: KnownSite) -> bool:
    return site.status is not None and site.status.group.key == "ended"


def _order(site: KnownSite) -> tuple[bool, str, str]:
    return not site.is_plan, plain(site.gemeente_name), plain(site.name)
