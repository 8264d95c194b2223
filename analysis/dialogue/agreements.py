"""Agreements with a wijk: their kinds, how far each is, and when to look at it together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.registry import Registry

#: From so many days before an evaluation on it is told that one is coming.
SOON_DAYS = 30


@dataclass(frozen=True)
class AgreementKind:
    """A kind of agreement. ``needs_term``: it says until when.

    ``needs_evaluation``: it also says when people look together at how it goes.
    """

    key: str
    label: str
    heading: str
    explanation: str
    needs_term: bool = False
    needs_evaluation: bool = False


AGREEMENT_KINDS = Registry(
    "kind of agreement",
    (
        AgreementKind(
            "tegenprestatie",
            "Wat de wijk krijgt",
            "Wat krijgt de wijk?",
            "Iets wat de buurt erbij krijgt, zoals groen, licht of een plek om elkaar te zien.",
        ),
        AgreementKind(
            "beheer",
            "Beheerafspraak",
            "Hoe gaat het er straks aan toe?",
            "Wat bewoners, begeleiders en buren van elkaar mogen vragen.",
            needs_evaluation=True,
        ),
        AgreementKind(
            "commissie",
            "Beheercommissie",
            "Wie kijkt mee?",
            "Buren, begeleiders en de gemeente die samen volgen hoe het gaat.",
            needs_term=True,
            needs_evaluation=True,
        ),
        AgreementKind(
            "signaal",
            "Contact voor vragen en zorgen",
            "Waar kunt u terecht?",
            "Wie u belt of schrijft als er iets is, en wat er dan gebeurt.",
        ),
        AgreementKind(
            "draagvlakmeting",
            "Draagvlakmeting",
            "Wanneer vragen wij wat de wijk ervan vindt?",
            "Elk jaar, voor het eerst voordat de plek opengaat.",
        ),
    ),
)


@dataclass(frozen=True)
class AgreementState:
    """How far an agreement is, as people read it."""

    key: str
    label: str


AGREEMENT_STATES = Registry(
    "state of an agreement",
    (
        AgreementState("komt", "Gaat nog beginnen"),
        AgreementState("loopt", "Loopt"),
        AgreementState("voorbij", "De tijd is voorbij, nog niet klaar gemeld"),
        AgreementState("klaar", "Klaar"),
    ),
)


@dataclass(frozen=True)
class AgreementDays:
    """The days of an agreement: made, from, until, looked at together, done."""

    agreed_on: dt.date
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    evaluate_on: dt.date | None = None
    done_on: dt.date | None = None

    def state(self, today: dt.date) -> AgreementState:
        """Open until somebody says it is done: a day that passes closes nothing."""
        if self.done_on is not None:
            return AGREEMENT_STATES["klaar"]
        if self.until_on is not None and self.until_on < today:
            return AGREEMENT_STATES["voorbij"]
        if self.from_on is not None and self.from_on > today:
            return AGREEMENT_STATES["komt"]
        return AGREEMENT_STATES["loopt"]

    def evaluation_is_due(self, today: dt.date) -> bool:
        """Whether the day to look at it together has passed while it is still open."""
        return self.done_on is None and self.evaluate_on is not None and self.evaluate_on < today

    def evaluation_is_soon(self, today: dt.date) -> bool:
        """Whether that day is near."""
        if self.done_on is not None or self.evaluate_on is None:
            return False
        return today <= self.evaluate_on <= today + dt.timedelta(days=SOON_DAYS)


def agreement_faults(kind: AgreementKind, days: AgreementDays) -> Iterator[tuple[str, str]]:
    """What is not in order: the name of a day of ``AgreementDays``, and why, in Dutch."""
    if kind.needs_term and days.until_on is None:
        yield "until_on", "Een beheercommissie heeft een einde. Vul in tot wanneer zij werkt."
    if kind.needs_evaluation and days.evaluate_on is None:
        yield "evaluate_on", "Vul in wanneer u samen bekijkt hoe het gaat."
    if days.from_on and days.until_on and days.until_on < days.from_on:
        yield "until_on", "Het einde is eerder dan het begin."
    if days.evaluate_on and days.evaluate_on < days.agreed_on:
        yield "evaluate_on", "Deze dag is eerder dan de dag van de afspraak."


def done_fault(agreed_on: dt.date, done_on: dt.date, today: dt.date) -> str | None:
    """Why something can't be done on this day, in Dutch; None when it can."""
    if done_on > today:
        return "Deze dag is nog niet geweest. Meld een afspraak klaar als zij klaar is."
    if done_on < agreed_on:
        return "Deze dag is eerder dan de dag van de afspraak."
    return None
