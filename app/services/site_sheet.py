"""One site as those who work on it see it: its facts, its life, and what outsiders see of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.facility_types import FACILITY_TYPES, FacilityType
from data.publication import PUBLICATION_LEVELS, PublicationLevel
from data.queries.places import AreaOfPlace, areas_at
from data.queries.releases import area_release
from data.queries.workspace import WorkspaceSite, workspace_site
from geo.crs import to_wgs84

#: What outsiders see of a site, by its publication level.
SEEN_BY_VISITORS = {
    "openbaar": (
        "Bezoekers zien deze locatie op de kaart en in de lijsten, met naam, adres, aanbieder, "
        "toelichting en alle fasen met hun reden."
    ),
    "gebied": (
        "Bezoekers zien alleen dat er in deze wijk en gemeente een plek van deze soort is, en "
        "hoeveel plekken. Naam, adres, plek en redenen zien zij niet."
    ),
    "intern": (
        "Bezoekers zien niets van deze locatie. Zij telt ook nergens mee. Raadsleden zien haar "
        "alleen als aantal per gemeente en wijk."
    ),
}


@dataclass(frozen=True)
class SiteSheet:
    """A site with its words; ``lat_lon`` and ``corners`` are for the map (degrees)."""

    site: WorkspaceSite
    type: FacilityType
    status: SiteStatus | None
    publication: PublicationLevel
    places: tuple[AreaOfPlace, ...]

    @property
    def seen_by_visitors(self) -> str:
        """What outsiders see, in a sentence."""
        return SEEN_BY_VISITORS[self.publication.key]

    @property
    def lat_lon(self) -> list[float]:
        """The place as the map wants it."""
        return _lat_lon(self.site.point.x, self.site.point.y)

    @property
    def corners(self) -> list[list[float]]:
        """The outline as the map wants it; empty when there is none."""
        outline = self.site.outline
        return [_lat_lon(x, y) for x, y in outline.exterior.coords] if outline else []

    @property
    def area_ha(self) -> float | None:
        """How large the plot is."""
        return self.site.outline.area / 10_000 if self.site.outline else None


def site_sheet(connection: Connection, site_id: int, on: dt.date) -> SiteSheet:
    """The sheet of a site within reach; NotFound for any other."""
    site = workspace_site(connection, site_id, on)
    places = areas_at(connection, area_release(connection).id, site.point.x, site.point.y)
    levels = {level.key: level for level in PUBLICATION_LEVELS}
    return SiteSheet(
        site=site,
        type=FACILITY_TYPES[site.type],
        status=None if site.status is None else SITE_STATUSES[site.status],
        publication=levels[site.publication],
        places=tuple(reversed(places.values())),
    )


def _lat_lon(x_m: float, y_m: float) -> list[float]:
    lon, lat = to_wgs84(x_m, y_m)
    return [round(lat, 7), round(lon, 7)]
