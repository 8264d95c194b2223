"""The sites from which can be chosen: own ones in preparation, and public ones of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from app.services.known_sites import KnownSite, known_sites
from app.services.lists import plain
from app.services.worklist import gemeente_names

#: The stages of a site about which nothing is decided yet.
IN_PREPARATION = tuple(
    status.key for status in SITE_STATUSES if status.group == STATUS_GROUPS["plan"]
)


def possible_sites(connection: Connection, on: dt.date) -> tuple[KnownSite, ...]:
    """Every site in preparation on a date that who asks may see, by gemeente and name.

    Public ones of others only within the region: its fair shares say nothing of the rest.
    """
    region = gemeente_names(connection)
    found = [
        site
        for site in known_sites(connection, on)
        if site.is_plan and site.is_there and (site.is_own or site.gemeente_code in region)
    ]
    return tuple(sorted(found, key=_order))


def by_gemeente(sites: Iterable[KnownSite]) -> dict[str, list[KnownSite]]:
    """The sites under the name of their gemeente."""
    found: dict[str, list[KnownSite]] = {}
    for site in sites:
        found.setdefault(site.gemeente_name, []).append(site)
    return found


def _order(site: KnownSite) -> tuple[str, str, int]:
    return plain(site.gemeente_name), plain(site.name), site.id
