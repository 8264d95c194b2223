"""What a conversation still lacks for who reads it: told before it is made public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.services.workspace_track import TrackView
from data.errors import DataError


@dataclass(frozen=True)
class Lack:
    """Something that is missing, and the page to add it. Without what ``is_needed`` none is public.

    ``page`` is the last part of the address, after the number of the track.
    """

    key: str
    text: str
    page: str
    is_needed: bool = False


class NotReady(DataError):
    """The conversation lacks something without which it can't be public."""


def lacks(view: TrackView) -> tuple[Lack, ...]:
    """All that is missing, what is needed first."""
    return tuple(sorted(_lacks(view), key=lambda lack: not lack.is_needed))


def check_ready(view: TrackView) -> None:
    """Raises NotReady when something is missing without which nothing is public."""
    needed = [lack.text for lack in lacks(view) if lack.is_needed]
    if needed:
        raise NotReady("Dit gesprek kan nog niet openbaar. " + " ".join(needed))


def _lacks(view: TrackView) -> Iterator[Lack]:
    record = view.record
    if not (record.contact_name and (record.contact_email or record.contact_phone)):
        yield Lack(
            "contact",
            "Er staat niet bij wie inwoners kunnen bellen of mailen.",
            "wijzigen",
            is_needed=True,
        )
    if not view.phases:
        yield Lack("fase", "Er is nog geen fase.", "fasen/nieuw", is_needed=True)
    yield from _of_phases(view)
    for value, key, text in (
        (record.open_text, "open", "Er staat niet wat nog open is."),
        (record.fixed_text, "vast", "Er staat niet wat al vaststaat."),
        (record.street_text, "straat", "Er staat niet wat het betekent voor de straat."),
        (record.not_this, "niet", "Er staat niet wat het niet is."),
        (record.why_here, "waarom", "Er staat niet waarom het hier is."),
    ):
        if not value:
            yield Lack(key, text, "wijzigen")
    if not view.parties:
        yield Lack("plan", "Er staat niet wie er meedoen.", "plan/nieuw")
    if not view.meetings:
        yield Lack("bijeenkomst", "Er is nog geen bijeenkomst.", "bijeenkomsten/nieuw")


def _of_phases(view: TrackView) -> Iterator[Lack]:
    for phase in view.phases:
        page = f"fasen/{phase.id}"
        if phase.starts_on is None or phase.ends_on is None:
            yield Lack("datums", f"Fase ‘{phase.name}’ heeft niet twee datums.", page)
        if not (phase.open_text and phase.fixed_text):
            yield Lack(
                "fase_open", f"Bij fase ‘{phase.name}’ staat niet wat open is of vaststaat.", page
            )
    if view.phases and not any(phase.takes_contributions for phase in view.phases):
        yield Lack("reageren", "In geen enkele fase kunnen inwoners reageren.", "fasen/nieuw")
    for warning in view.warnings:
        yield Lack("datums", warning, "fasen")
