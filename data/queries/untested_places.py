"""Proposed places that were not tested when they were sent: the caretaker looks at them later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, select

from data.dialogue_tables import Contribution, Track


@dataclass(frozen=True)
class UntestedPlace:
    """The place that a contribution proposes, in RD, and the code of the conversation."""

    code: str
    track_code: str
    geom: BaseGeometry


def untested_places(
    connection: Connection, kinds: Collection[str], passed_over: Collection[str], most: int
) -> tuple[UntestedPlace, ...]:
    """The newest contributions of these kinds without a test, in conversations that are public.

    What was refused and the codes in ``passed_over`` are left out.
    """
    query = (
        select(
            Contribution.code,
            Track.code,
            func.ST_AsBinary(Contribution.geom),
        )
        .join(Track, Track.id == Contribution.track_id)
        .where(
            Contribution.kind.in_(kinds),
            Contribution.geom.is_not(None),
            Contribution.place_test.is_(None),
            Contribution.moderation != "geweigerd",
            Contribution.code.not_in(passed_over),
            Track.state != "concept",
        )
        .order_by(Contribution.made_at.desc(), Contribution.code)
        .limit(most)
    )
    return tuple(
        UntestedPlace(code, track_code, shapely.from_wkb(bytes(wkb)))
        for code, track_code, wkb in connection.execute(query)
    )
