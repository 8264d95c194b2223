"""The sites of a choice as who asks may know them: own ones whole, others as far as public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.closer_look import Question, open_questions
from app.services.known_sites import KnownSite, known_sites
from data.queries.answers import findings_by_site
from data.queries.costs import CostRecord, site_costs
from geo.crs import to_wgs84


@dataclass(frozen=True)
class ChoiceSite(KnownSite):
    """A site as far as it may be known; of others ``open_questions`` and ``cost`` are not."""

    open_questions: tuple[Question, ...] | None = None
    cost: CostRecord | None = None

    @property
    def lat_lon(self) -> tuple[float, float]:
        """Its place for a map, to about a metre."""
        lon, lat = to_wgs84(self.x_m, self.y_m)
        return round(lat, 5), round(lon, 5)


def choice_sites(
    connection: Connection, site_ids: Collection[int], on: dt.date
) -> dict[int, ChoiceSite]:
    """The sites among these that who asks may know, by id."""
    return _with_work(connection, known_sites(connection, on, site_ids=site_ids))


def own_sites(
    connection: Connection, type_key: str, gemeente_code: str | None, on: dt.date
) -> list[ChoiceSite]:
    """The sites of a type within reach that are still a plan, by name; of one gemeente or all."""
    asked = [
        site
        for site in known_sites(connection, on, types=[type_key])
        if site.is_own and site.is_plan and gemeente_code in (None, site.gemeente_code)
    ]
    return list(_with_work(connection, asked).values())


def _with_work(connection: Connection, sites: Iterable[KnownSite]) -> dict[int, ChoiceSite]:
    """The same sites by id, the own ones with what is still to be found out and the costs."""
    known = list(sites)
    own = [site.id for site in known if site.is_own]
    findings = findings_by_site(connection, own) if own else {}
    costs = site_costs(connection, own) if own else {}
    return {
        site.id: ChoiceSite(
            **vars(site),
            open_questions=open_questions(findings.get(site.id, {})) if site.is_own else None,
            cost=costs.get(site.id),
        )
        for site in known
    }
