"""A place that somebody proposed, taken over by staff as a candidate of a choice."""

from __future__ import annotations

from sqlalchemy import Connection

from app.services.choice_changes import Actor, ChoiceFault, NewPlace, Source, add_place
from data.queries.choices import candidates
from data.queries.own_contributions import proposed_place

#: The key of ``ORIGINS`` for what a resident proposed.
ORIGIN = "inwoner"


def take_over_place(
    connection: Connection, choice_id: int, code: str, name: str, actor: Actor, reason: str
) -> int:
    """Make an internal site of a proposed place and let it join a choice; returns its id.

    Of an area its middle is taken. Nothing that the resident wrote goes along, only the code.
    Raises NotFound, FieldFaults (where the place can't be), and ChoiceFault when it is no proposed
    place, or takes part already.
    """
    geom = proposed_place(connection, code)
    if geom is None:
        raise ChoiceFault("Deze reactie stelt geen plek voor.")
    note = f"Reactie {code}"
    there = candidates(connection, choice_id)
    if any(one.origin == ORIGIN and one.origin_note == note for one in there):
        raise ChoiceFault("Deze plek doet al mee in deze keuze.")
    point = geom.representative_point()
    place = NewPlace(name, round(point.x), round(point.y))
    return add_place(connection, choice_id, place, Source(ORIGIN, note), actor, reason)
