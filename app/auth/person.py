"""The person behind a request: nobody in particular, or someone who signed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.auth.permissions import PERMISSIONS
from app.auth.roles import ROLES, VISITOR_KEY, Role
from data.database_roles import WHOLE_REGION

#: What someone may do before the second step is set up that a role asks.
WITHOUT_SECOND_STEP = frozenset({"lezen", "inloggen", "eigen_account"})


@dataclass(frozen=True)
class Assignment:
    """A role that someone holds, for a gemeente or (``gemeente_code`` empty) for the region."""

    role: Role
    gemeente_code: str = ""


@dataclass(frozen=True)
class Person:
    """Who asks. ``account_id`` is None for a visitor.

    ``lacks_second_step``: signed in by password alone while a role asks more. Then the roles
    give nothing yet, but for setting up the own account. ``ends_at`` is when the session ends,
    however busy one is.
    """

    account_id: int | None
    name: str
    email: str
    assignments: tuple[Assignment, ...]
    lacks_second_step: bool = False
    ends_at: dt.datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who this is."""
        return self.account_id is not None

    def may(self, permission: str) -> bool:
        """Whether one of the roles holds this permission."""
        return bool(self.scope_of(permission))

    def scope_of(self, permission: str) -> frozenset[str]:
        """The gemeenten for which the permission is held: codes, ``*``, or nothing."""
        if self.lacks_second_step and permission not in WITHOUT_SECOND_STEP:
            return frozenset()
        holders = PERMISSIONS[permission].holders
        return frozenset(
            held.gemeente_code or WHOLE_REGION
            for held in self.assignments
            if held.role.key in holders and (held.gemeente_code or not held.role.is_local)
        )

    def role_for(self, permission: str, gemeente_code: str) -> Role:
        """The role that gives this permission here: the one for this gemeente before a wider."""
        holders = PERMISSIONS[permission].holders
        held = [entry for entry in self.assignments if entry.role.key in holders]
        here = [entry for entry in held if entry.gemeente_code == gemeente_code]
        wide = [entry for entry in held if not entry.role.is_local]
        return (here or wide or held)[0].role


#: Everyone is a visitor; who signs in is something more.
AS_VISITOR = Assignment(ROLES[VISITOR_KEY])
VISITOR = Person(None, "Bezoeker", "", (AS_VISITOR,))
