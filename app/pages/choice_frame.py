"""What the pages of a choice share: reading it, and in whose name something changes."""

from __future__ import annotations

from app.auth import guard
from app.database import reading_as
from app.services import current
from app.services.choice_changes import Actor
from app.services.choices import ChoiceView, choice_view
from data.changes.choices import NOT_YOUR_CHOICE
from data.changes.sites import OutsideScope


def read_choice(choice_id: int) -> ChoiceView:
    """A choice within reach, as it is today; NotFound otherwise."""
    with reading_as(guard.hands()) as opened:
        return choice_view(opened, choice_id, current.today())


def read_own_choice(choice_id: int) -> ChoiceView:
    """A choice that who asks may change; OutsideScope when they may only read it."""
    view = read_choice(choice_id)
    if not view.record.is_own:
        raise OutsideScope(NOT_YOUR_CHOICE)
    return view


def actor_in(view: ChoiceView) -> Actor:
    """Who works on this choice now, in the role by which they may."""
    who = guard.person()
    role = who.role_for(guard.permission().key, view.record.gemeente_code)
    return Actor(role.key, current.today(), who.account_id)
