"""A contribution as its writer sees it, on a connection that came by the own secret link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, exists, func, select

from data import dialogue_views as views
from data.dialogue_tables import Contribution, ContributionContact, ContributionPhoto
from data.errors import NotFound

NO_LINK = (
    "Deze link werkt niet. Misschien is hij niet helemaal overgenomen, of is de reactie gewist."
)

NOT_WITHIN_REACH = "Deze reactie is er niet, of hoort niet bij uw gemeente."


@dataclass(frozen=True)
class OwnContribution:
    """What somebody wrote, and what was done with it. ``geom`` is in RD, metres.

    ``theme_status`` and ``theme_answer`` are those of its theme as far as public. ``has_contact``
    and ``has_photo`` tell that an e-mail address and a photo are kept with it.
    """

    code: str
    track_id: int
    kind: str
    answers: Mapping[str, Any]
    body: str
    public_body: str | None
    geom: BaseGeometry | None
    from_wijk_code: str | None
    entry: str
    made_at: dt.datetime
    place_test: Mapping[str, Any] | None
    moderation: str
    refusal_key: str | None
    refusal_note: str | None
    appeal_text: str | None
    appealed_at: dt.datetime | None
    appeal_outcome: str | None
    appeal_note: str | None
    status: str
    answer: str | None
    answered_at: dt.datetime | None
    theme_status: str | None
    theme_answer: str | None
    has_contact: bool
    has_photo: bool


def own_contribution(connection: Connection, code: str) -> OwnContribution:
    """The contribution with this code; NotFound unless the connection came by its own link."""
    asked = select(
        func.ST_AsBinary(Contribution.geom).label("shape"),
        *(
            getattr(Contribution, name)
            for name in OwnContribution.__dataclass_fields__
            if name not in _MADE
        ),
        views.public_theme.c.status.label("theme_status"),
        views.public_theme.c.answer.label("theme_answer"),
        _there(ContributionContact).label("has_contact"),
        _there(ContributionPhoto).label("has_photo"),
    ).outerjoin(views.public_theme, views.public_theme.c.id == Contribution.theme_id)
    query = asked.where(Contribution.code == code)
    # PostgreSQL refuses some characters outright; no code has them.
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NO_LINK)
    facts = dict(row._mapping)
    shape = facts.pop("shape")
    return OwnContribution(**facts, geom=None if shape is None else shapely.from_wkb(bytes(shape)))


def proposed_place(connection: Connection, code: str) -> BaseGeometry | None:
    """The place that a contribution proposes, in RD, for staff; None when it proposes none.

    NotFound out of reach.
    """
    query = select(Contribution.kind, func.ST_AsBinary(Contribution.geom)).where(
        Contribution.code == code
    )
    row = connection.execute(query).first() if code.isprintable() else None
    if row is None:
        raise NotFound(NOT_WITHIN_REACH)
    kind, shape = row
    return shapely.from_wkb(bytes(shape)) if kind == "plek" and shape is not None else None


def was_entered_by(connection: Connection, code: str, account_id: int | None) -> bool:
    """Whether this account entered the contribution with this code."""
    if account_id is None or not code.isalnum():
        return False
    query = select(Contribution.entered_by).where(Contribution.code == code)
    return connection.scalar(query) == account_id


_MADE = frozenset({"geom", "theme_status", "theme_answer", "has_contact", "has_photo"})


def _there(table: type[ContributionContact] | type[ContributionPhoto]) -> Any:
    return exists().where(table.contribution_code == Contribution.code)
