"""The region as the database knows it, to check new sites and tasks against."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, select

from data.errors import NotFound
from data.faults import refuse
from data.queries.areas import areas
from data.queries.releases import Release, area_release
from data.sources.region import Region
from data.tables import Area
from geo.crs import RD


def read_region(connection: Connection) -> Region:
    """The gemeenten of the release in use. Raises Refused when there are none yet."""
    release = _release_in_use(connection)
    query = select(Area.name, Area.in_region, Area.geom).where(
        Area.release_id == release.id, Area.level == "gemeente"
    )
    gemeenten = gpd.read_postgis(query, connection, geom_col="geom", crs=RD)
    return Region(gemeenten, release.is_example)


def read_gemeente_names(connection: Connection) -> dict[str, str]:
    """The names of the gemeenten in the region, by code. Raises Refused when there are none."""
    query = (
        select(Area.area_code, Area.name)
        .where(
            Area.release_id == _release_in_use(connection).id,
            Area.level == "gemeente",
            Area.in_region,
        )
        .order_by(Area.area_code)
    )
    return {str(code): str(name) for code, name in connection.execute(query)}


def read_region_areas(connection: Connection) -> pd.DataFrame:
    """Every area of the region, on its code. Raises Refused when there are none yet."""
    return areas(connection, _release_in_use(connection).id, region_only=True)


def _release_in_use(connection: Connection) -> Release:
    try:
        return area_release(connection)
    except NotFound as error:
        raise refuse(
            "Er zijn nog geen gemeenten in de database. Laad eerst de wijken en buurten, met: "
            "vlekkenplan import cbs BESTAND --year JAAR --version VERSIE"
        ) from error
