"""The places of daily life: which deliveries count, and where the places are."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, and_, false, func, or_, select

from data.queries.releases import Release
from data.sources import voorzieningen
from data.tables import Amenity
from data.views import public_release
from geo.crs import RD
from geo.frames import AMENITIES, check


def amenity_deliveries(connection: Connection) -> tuple[Release, ...]:
    """Every release that holds amenities, in use or not; quick, to see whether any changed."""
    an_amenity = (
        select(Amenity.amenity_code)
        .where(Amenity.release_id == public_release.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(*(public_release.c[name] for name in Release.__dataclass_fields__))
        .where(an_amenity.is_not(None))
        .order_by(public_release.c.id)
    )
    return tuple(Release(*row) for row in connection.execute(query))


def amenity_releases(connection: Connection) -> tuple[Release, ...]:
    """The releases whose amenities are in use, in the order of their id."""
    used = _release_by_category(connection).values()
    return tuple(sorted(set(used), key=lambda release: release.id))


def amenities_in_use(connection: Connection) -> gpd.GeoDataFrame:
    """The amenities to count (AMENITIES of ``geo.frames``), with release_id, lon and lat.

    Of each category the newest delivery counts: by year, then by when it was imported. A newer
    delivery of OpenStreetMap replaces an older one in all categories at once. Examples count
    only where there is nothing real at all. Codes are those of the source; when two sources use
    the same one, the id of the release stands before it.
    """
    counted = [
        and_(Amenity.release_id == release.id, Amenity.category == category)
        for category, release in _release_by_category(connection).items()
    ]
    query = (
        select(
            Amenity.amenity_code,
            Amenity.category,
            Amenity.name,
            Amenity.release_id,
            func.ST_X(Amenity.geom).label("x_m"),
            func.ST_Y(Amenity.geom).label("y_m"),
            func.ST_X(Amenity.geom_wgs84).label("lon"),
            func.ST_Y(Amenity.geom_wgs84).label("lat"),
        )
        .where(or_(false(), *counted))
        .order_by(Amenity.amenity_code, Amenity.release_id)
    )
    rows = pd.read_sql_query(query, connection)
    twice = rows["amenity_code"].duplicated(keep=False)
    own = rows["release_id"].astype(str) + ":" + rows["amenity_code"]
    rows["amenity_code"] = rows["amenity_code"].mask(twice, own)
    places = gpd.points_from_xy(rows.pop("x_m"), rows.pop("y_m"), crs=RD)
    frame = gpd.GeoDataFrame(rows, geometry=places, crs=RD).set_index("amenity_code")
    return check(frame, AMENITIES)


def _release_by_category(connection: Connection) -> dict[str, Release]:
    """Which release counts for each category."""
    counting = _whole_and_newest(amenity_deliveries(connection))
    by_id = {release.id: release for release in counting}
    query = (
        select(Amenity.category, Amenity.release_id)
        .where(Amenity.release_id.in_(list(by_id)))
        .distinct()
    )
    offered: dict[str, list[Release]] = {}
    for category, release_id in connection.execute(query):
        offered.setdefault(category, []).append(by_id[release_id])
    return {
        category: max(releases, key=lambda r: (r.year, r.imported_at, r.id))
        for category, releases in sorted(offered.items())
    }


def _whole_and_newest(deliveries: tuple[Release, ...]) -> list[Release]:
    """Real deliveries if there are any; of a source that delivers all at once only the newest."""
    real = [release for release in deliveries if not release.is_example]
    candidates = sorted(real or deliveries, key=lambda r: (r.year, r.version, r.id))
    newest = {release.source_key: release for release in candidates}
    return [
        release
        for release in candidates
        if release.source_key == voorzieningen.SOURCE.key or release is newest[release.source_key]
    ]
