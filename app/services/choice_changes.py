"""Making a choice and working on it: candidates that join, go on, fall and come back; its rules.

Each is one transaction of someone's hands; why is told by the reason of those hands, and kept in
the history beside every change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import shapely
from sqlalchemy import Connection

from analysis.choice_rules import ChoiceRules, rules_from_json, rules_to_json, usual_rules
from analysis.choice_stages import CHOICE_STAGES, FIRST_STAGE, ORIGINS, move_cautions
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from analysis.site_life import Caution
from app.services.choices import Candidate, choice_view
from app.services.site_form import FirstState
from app.services.site_saving import save_new
from app.services.worklist import gemeente_names
from data.changes import choices as changes
from data.changes.choices import ChoiceFields, NewCandidate, hold_choice
from data.changes.refusals import hold_site
from data.changes.sites import Conflict, SiteFields
from data.changes.states import add_state
from data.errors import DataError
from data.publication import INTERN
from data.queries.choices import (
    CandidateRecord,
    ChoiceRecord,
    candidates,
    find_candidate,
    find_choice,
    rules_versions,
)
from data.queries.workspace import StateRecord, WorkspaceSite, workspace_site
from geo.frames import REGION_CODE

IN_REGISTER = SITE_STATUSES["afgevallen"]


class ChoiceFault(DataError):
    """What is asked can't be done with a choice; the message says why, in Dutch."""


class UnheededMove(DataError):
    """There is something to think of first; the candidate may go on all the same."""

    def __init__(self, candidate: Candidate, cautions: Sequence[Caution]) -> None:
        super().__init__(f"{candidate.name}: {len(cautions)} things to think of")
        self.candidate = candidate
        self.cautions = tuple(cautions)


@dataclass(frozen=True)
class Actor:
    """Who changes a choice: an account (None for a command) in a role, on a day."""

    role: str
    on: dt.date
    account_id: int | None = None


@dataclass(frozen=True)
class Source:
    """By which way a candidate comes: a key of ORIGINS, and what to tell about it."""

    origin: str
    note: str | None = None


@dataclass(frozen=True)
class NewPlace:
    """A place that is in no register yet; x and y in RD."""

    name: str
    x_m: float
    y_m: float
    place_count: int | None = None
    address: str | None = None
    description: str | None = None


def make_choice(
    connection: Connection,
    fields: ChoiceFields,
    reason: str,
    account_id: int | None,
    rules: ChoiceRules | None = None,
) -> int:
    """Make a choice with the usual rules of its type, or with these; returns its id."""
    choice_id = changes.add_choice(connection, fields, account_id)
    first = rules or usual_rules(FACILITY_TYPES[fields.type])
    changes.add_rules(connection, choice_id, 1, rules_to_json(first), reason, account_id)
    return choice_id


def keep_rules(
    connection: Connection,
    choice_id: int,
    rules: ChoiceRules,
    reason: str,
    seen_version: int,
    account_id: int | None,
) -> int:
    """Add a version of the rules after ``seen_version``; returns its number.

    Raises Conflict when there is a newer one, and ChoiceFault when nothing is otherwise.
    """
    hold_choice(connection, choice_id)
    newest = rules_versions(connection, choice_id)[0]
    if newest.version != seen_version:
        raise Conflict("Iemand anders heeft de regels van deze keuze intussen gewijzigd.")
    if rules == rules_from_json(newest.content):
        raise ChoiceFault("Dit staat er al zo. Er is geen nieuwe versie gemaakt.")
    version = newest.version + 1
    changes.add_rules(connection, choice_id, version, rules_to_json(rules), reason, account_id)
    return version


def add_candidates(
    connection: Connection, choice_id: int, site_ids: Collection[int], source: Source, actor: Actor
) -> None:
    """Let sites of the register join a choice. Raises ChoiceFault when one does not belong.

    One that is among the candidates already stays as it is.
    """
    hold_choice(connection, choice_id)
    choice = find_choice(connection, choice_id)
    there = {one.site_id for one in candidates(connection, choice_id)}
    for site_id in dict.fromkeys(site_ids):
        _check_belongs(connection, choice, workspace_site(connection, site_id, actor.on))
        if site_id not in there:
            _join(connection, choice_id, site_id, source, actor)


def add_place(
    connection: Connection,
    choice_id: int,
    place: NewPlace,
    source: Source,
    actor: Actor,
    reason: str,
) -> int:
    """Make an internal site of the choice's type in the stage of an idea, and let it join.

    Returns the id of the site. Raises FieldFaults (where the place can't be) and ChoiceFault.
    """
    hold_choice(connection, choice_id)
    choice = find_choice(connection, choice_id)
    fields = SiteFields(
        name=place.name,
        type=choice.type,
        provider=None,
        address=place.address,
        description=place.description,
        publication=INTERN.key,
        valid_from=None,
        valid_to=None,
        point=shapely.Point(place.x_m, place.y_m),
    )
    first = FirstState("idee", actor.on, place.place_count)
    site_id = save_new(connection, fields, first, reason, actor.on)
    _check_belongs(connection, choice, workspace_site(connection, site_id, actor.on))
    _join(connection, choice_id, site_id, source, actor)
    return site_id


def move_candidate(
    connection: Connection,
    choice_id: int,
    site_id: int,
    stage: str,
    seen_version: int,
    on: dt.date,
    heeded: Collection[str] = (),
) -> None:
    """Let a candidate go on, or back. Raises UnheededMove, Conflict or ChoiceFault.

    ``heeded`` are the keys of the cautions that someone has read already.
    """
    hold_choice(connection, choice_id)
    view = choice_view(connection, choice_id, on)
    candidate = view.of(site_id)
    _check_seen(candidate.record, seen_version)
    if candidate.is_dropped:
        raise ChoiceFault("Deze plek is afgevallen. Haal haar eerst terug.")
    after = CHOICE_STAGES[stage]
    if after == candidate.stage:
        raise ChoiceFault("De plek staat al in deze fase. Er is niets gewijzigd.")
    known = candidate.known
    found = move_cautions(candidate.stage, after, view.rules.demands, known) if known else ()
    if not {caution.key for caution in found} <= set(heeded):
        raise UnheededMove(candidate, found)
    changes.move_candidate(connection, choice_id, site_id, stage, seen_version)


def drop_candidate(
    connection: Connection,
    choice_id: int,
    site_id: int,
    reason: str,
    seen_version: int,
    actor: Actor,
    *,
    also_in_register: bool = False,
) -> None:
    """Let a candidate fall, with who, when and why. The register stays as it is, unless asked."""
    hold_choice(connection, choice_id)
    candidate = find_candidate(connection, choice_id, site_id)
    _check_seen(candidate, seen_version)
    if candidate.dropped_on is not None:
        raise ChoiceFault("Deze plek was al afgevallen. Er is niets gewijzigd.")
    if also_in_register:
        _drop_in_register(connection, site_id, reason, actor.on)
    changes.drop_candidate(
        connection,
        choice_id,
        site_id,
        seen_version,
        on=actor.on,
        reason=reason,
        role=actor.role,
        account_id=actor.account_id,
    )


def take_back(connection: Connection, choice_id: int, site_id: int, seen_version: int) -> None:
    """Let a candidate that fell join again, in the stage where it was."""
    hold_choice(connection, choice_id)
    candidate = find_candidate(connection, choice_id, site_id)
    _check_seen(candidate, seen_version)
    if candidate.dropped_on is None:
        raise ChoiceFault("Deze plek doet al mee. Er is niets gewijzigd.")
    changes.take_back_candidate(connection, choice_id, site_id, seen_version)


def check_gemeente(connection: Connection, choice: ChoiceRecord, code: str | None) -> None:
    """Raises ChoiceFault when a place of this gemeente does not belong in the choice."""
    if choice.gemeente_code in (REGION_CODE, code):
        return
    names = gemeente_names(connection)
    whose = names.get(choice.gemeente_code, choice.gemeente_code)
    raise ChoiceFault(f"Deze plek ligt niet in {whose}, en deze keuze is van {whose}.")


def _check_seen(candidate: CandidateRecord, seen_version: int) -> None:
    if candidate.version != seen_version:
        raise Conflict("Iemand anders heeft deze kandidaat intussen gewijzigd.")


def _check_belongs(connection: Connection, choice: ChoiceRecord, site: WorkspaceSite) -> None:
    if site.type != choice.type:
        about = FACILITY_TYPES[choice.type].plural
        raise ChoiceFault(f"{site.name} is een andere soort plek. Deze keuze gaat over {about}.")
    check_gemeente(connection, choice, site.gemeente_code)


def _join(
    connection: Connection, choice_id: int, site_id: int, source: Source, actor: Actor
) -> None:
    origin = ORIGINS[source.origin].key
    changes.add_candidate(
        connection,
        choice_id,
        NewCandidate(
            site_id, origin, source.note, FIRST_STAGE.key, actor.on, added_by=actor.account_id
        ),
    )


def _drop_in_register(connection: Connection, site_id: int, reason: str, on: dt.date) -> None:
    """Set the stage of the site itself; on a day that has a stage already, say so."""
    hold_site(connection, site_id)
    site = workspace_site(connection, site_id, on)
    if site.status == IN_REGISTER.key:
        return
    if site.since == on:
        raise ChoiceFault(
            "Op deze dag begint in het register al een andere fase. Wijzig de fase bij de locatie."
        )
    add_state(connection, site_id, StateRecord(on, IN_REGISTER.key, site.capacity_count, reason))
