"""Loading sites and their life. History is never deleted.

The file speaks for a site from the first date that it names: states in the database before
that date stay, states from that date on are replaced by those of the file.
"""

from __future__ import annotations

import datetime as dt
import secrets

import geopandas as gpd
import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from data.compare import Difference
from data.faults import Fault, check_none
from data.load.points import to_rows
from data.load.releases import OpenRelease
from data.load.report import Section
from data.load.staging import merge, table_of
from data.publication import PUBLICATION_LEVELS
from data.tables import Site, SiteState, SourceRelease
from geo.frames import SITE_STATES, SITES, check

_SITE = table_of(Site)
_STATE = table_of(SiteState)
_STATE_COLUMNS = ["site_id", "from_date", "status", "capacity_count", "reason"]
_LONGEST_LEAP = 1000
_LEVEL_KEYS = {level.key for level in PUBLICATION_LEVELS}


def store_sites(
    connection: Connection,
    release: OpenRelease,
    sites: gpd.GeoDataFrame,
    states: pd.DataFrame,
    *,
    close_gone_on: dt.date | None = None,
) -> tuple[Section, ...]:
    """Bring the sites of this source up to date with the frames. Needs a transaction.

    Sites of the same source that are not in the frame stay as they are; with
    ``close_gone_on`` they end on that date. Raises Refused when a code is in use by another
    source.
    """
    check(sites, SITES)
    check(states, SITE_STATES)
    assert set(sites["publication"]) <= _LEVEL_KEYS, "unknown publication level"
    _check_codes_are_free(connection, release, sites)
    rows = to_rows(sites, ["site_code", *SITES.columns], release.id)
    rows = _so_that_numbers_tell_nothing(connection, rows, release)
    changes = merge(
        connection,
        _SITE,
        rows,
        key=["site_code"],
        within=_of_same_source(release) & _is_open_or_offered(sites),
        remove_gone=False,
        ignore=["release_id"],
    )
    if close_gone_on is not None and changes.gone:
        _close(connection, changes.gone, close_gone_on)
    what_of_gone = (
        "niet in het bestand, blijven staan"
        if close_gone_on is None
        else f"niet in het bestand, beëindigd op {close_gone_on:%d-%m-%Y}"
    )
    return (
        Section("locaties", changes, what_of_gone),
        Section("statussen", _store_states(connection, states), "vervallen"),
    )


def _so_that_numbers_tell_nothing(
    connection: Connection, rows: pd.DataFrame, release: OpenRelease
) -> pd.DataFrame:
    """The rows, the public ones first, numbered after a leap of a length that nobody knows.

    A gap in the numbers of public sites would tell how many others there are.
    """
    if release.delivery.source.is_example:
        return rows
    leap = select(func.nextval("site_id_seq")).select_from(
        func.generate_series(1, secrets.randbelow(_LONGEST_LEAP) + 1)
    )
    connection.execute(leap).all()
    order = [level.key for level in PUBLICATION_LEVELS]
    return rows.sort_values("publication", key=lambda keys: keys.map(order.index), kind="stable")


def _of_same_source(release: OpenRelease) -> ColumnElement[bool]:
    same = select(SourceRelease.id).where(SourceRelease.source_key == release.delivery.source.key)
    return _SITE.c.release_id.in_(same)


def _is_open_or_offered(sites: gpd.GeoDataFrame) -> ColumnElement[bool]:
    """A site that already ended is not gone anew each time a file leaves it out."""
    return or_(_SITE.c.valid_to.is_(None), _SITE.c.site_code.in_(list(sites.index)))


def _check_codes_are_free(
    connection: Connection, release: OpenRelease, sites: gpd.GeoDataFrame
) -> None:
    taken = connection.execute(
        select(_SITE.c.site_code, SourceRelease.title)
        .join(SourceRelease, SourceRelease.id == _SITE.c.release_id)
        .where(
            _SITE.c.site_code.in_(list(sites.index)),
            SourceRelease.source_key != release.delivery.source.key,
        )
        .order_by(_SITE.c.site_code)
    )
    check_none(
        [
            Fault(
                f"Deze code is al in gebruik in een andere bron ({title}). Kies een andere code.",
                column="code",
                value=site_code,
            )
            for site_code, title in taken
        ]
    )


def _close(connection: Connection, site_codes: tuple[str, ...], day: dt.date) -> None:
    connection.execute(
        update(_SITE)
        .where(_SITE.c.site_code.in_(site_codes))
        .values(valid_to=func.greatest(_SITE.c.valid_from, day))
    )


def _store_states(connection: Connection, states: pd.DataFrame) -> Difference:
    codes = list(states["site_code"].unique())
    ids = {
        str(code): int(site_id)
        for code, site_id in connection.execute(
            select(_SITE.c.site_code, _SITE.c.id).where(_SITE.c.site_code.in_(codes))
        )
    }
    offered = states.assign(site_id=states["site_code"].map(ids))[_STATE_COLUMNS]
    wanted = pd.concat([_earlier(connection, offered), offered], ignore_index=True)
    wanted["capacity_count"] = wanted["capacity_count"].astype("Int64")
    within = _STATE.c.site_id.in_(list(ids.values()))
    code_of = {str(site_id): code for code, site_id in ids.items()}
    return merge(connection, _STATE, wanted, within=within).labelled(
        lambda key: " ".join([code_of[key.split(" ")[0]], key.split(" ")[1]])
    )


def _earlier(connection: Connection, offered: pd.DataFrame) -> pd.DataFrame:
    """The stored states of the same sites from before the first date the file names."""
    first = offered.groupby("site_id")["from_date"].min()
    rows = connection.execute(
        select(*(_STATE.c[name] for name in _STATE_COLUMNS)).where(
            _STATE.c.site_id.in_([int(site_id) for site_id in first.index])
        )
    )
    kept = [tuple(row) for row in rows if row.from_date < first[row.site_id]]
    return pd.DataFrame(kept, columns=_STATE_COLUMNS).astype(object)
