"""The uses of the ground: which deliveries count, and what they say of which ground."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
from sqlalchemy import Connection, and_, false, or_, select

from data.planning_tables import LandUse
from data.queries.releases import Release
from data.sources import grondgebruik
from data.views import public_release
from geo.crs import RD
from geo.frames import LAND_USE, check


def land_use_deliveries(connection: Connection) -> tuple[Release, ...]:
    """Every release that holds ground, in use or not; quick, to see whether any changed."""
    a_piece = (
        select(LandUse.land_code)
        .where(LandUse.release_id == public_release.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(*(public_release.c[name] for name in Release.__dataclass_fields__))
        .where(a_piece.is_not(None))
        .order_by(public_release.c.id)
    )
    return tuple(Release(*row) for row in connection.execute(query))


def land_use_releases(connection: Connection) -> tuple[Release, ...]:
    """The releases whose ground is in use, in the order of their id."""
    used = {release for release, _ in _counting(connection)}
    return tuple(sorted(used, key=lambda release: release.id))


def land_in_use(connection: Connection, kinds: Collection[str] | None = None) -> gpd.GeoDataFrame:
    """The ground to count (LAND_USE of ``geo.frames``), with release_id; of all kinds, or some.

    Of each source the newest delivery counts; of files of users the newest of each kind. What
    sources say is added together: their pieces may overlap. Examples count only where there is
    nothing real at all. When two sources use the same code, the id of the release stands before
    it.
    """
    counted = [
        and_(LandUse.release_id == release.id, LandUse.kind == kind)
        for release, kind in _counting(connection)
        if kinds is None or kind in kinds
    ]
    query = (
        select(LandUse.land_code, LandUse.kind, LandUse.name, LandUse.release_id, LandUse.geom)
        .where(or_(false(), *counted))
        .order_by(LandUse.land_code, LandUse.release_id)
    )
    rows = gpd.read_postgis(query, connection, geom_col="geom", crs=RD).rename_geometry("geometry")
    twice = rows["land_code"].duplicated(keep=False)
    own = rows["release_id"].astype(str) + ":" + rows["land_code"]
    rows["land_code"] = rows["land_code"].mask(twice, own)
    rows["name"] = rows["name"].astype(object)
    return check(rows.set_index("land_code"), LAND_USE)


def _counting(connection: Connection) -> list[tuple[Release, str]]:
    """Which release counts for which kind; a kind can be in the releases of several sources."""
    deliveries = land_use_deliveries(connection)
    real = [release for release in deliveries if not release.is_example] or list(deliveries)
    by_id = {release.id: release for release in real}
    query = (
        select(LandUse.release_id, LandUse.kind)
        .where(LandUse.release_id.in_(list(by_id)))
        .distinct()
    )
    offered = [(by_id[release_id], str(kind)) for release_id, kind in connection.execute(query)]
    newest: dict[tuple[str, str], Release] = {}
    for release, kind in sorted(offered, key=_age):
        newest[_rival(release, kind)] = release
    return [
        (release, kind) for release, kind in offered if newest[_rival(release, kind)] is release
    ]


def _rival(release: Release, kind: str) -> tuple[str, str]:
    """What newer deliveries replace: all of a source that comes whole, else one kind of it."""
    return release.source_key, kind if release.source_key == grondgebruik.SOURCE.key else ""


def _age(offer: tuple[Release, str]) -> tuple[int, object, int]:
    release, _ = offer
    return release.year, release.imported_at, release.id
