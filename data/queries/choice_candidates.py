"""Which sites a choice still has: only what choosing several at once asks of it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from data.errors import NotFound
from data.planning_tables import Choice, ChoiceCandidate

NO_CHOICE = "Deze keuze is er niet, of hoort niet bij uw gemeente."


def choice_names(connection: Connection) -> dict[int, str]:
    """The choices within reach by number, in the order of their names."""
    rows = connection.execute(select(Choice.id, Choice.name).order_by(Choice.name, Choice.id))
    return {row.id: row.name for row in rows}


def sites_in_choice(connection: Connection, choice_id: int) -> tuple[int, ...]:
    """The sites of a choice that did not drop out; NotFound out of reach."""
    if connection.scalar(select(Choice.id).where(Choice.id == choice_id)) is None:
        raise NotFound(NO_CHOICE)
    query = select(ChoiceCandidate.site_id).where(
        ChoiceCandidate.choice_id == choice_id, ChoiceCandidate.dropped_on.is_(None)
    )
    return tuple(connection.scalars(query.order_by(ChoiceCandidate.site_id)))
