"""What a moderator may do with a contribution, and who may do it: nobody refuses alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.dialogue.findings import Finding
from analysis.registry import Registry

#: What stands where something was taken out of a text.
LEFT_OUT = "(weggelaten)"
_TAKEN_OUT = ("persoonsgegevens", "adres", "geheim")
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class ModerationAction:
    """Something that can be decided. ``told`` is how the log says it; ``button`` how it is chosen.

    ``asks_rule``: only with the house rule that is the ground; ``asks_text``: with the words that
    become public; ``asks_note``: with an explanation.
    """

    key: str
    label: str
    told: str
    asks_rule: bool = False
    asks_text: bool = False
    asks_note: bool = False


MODERATION_ACTIONS = Registry(
    "action of a moderator",
    (
        ModerationAction("plaatsen", "Plaatsen", "Geplaatst"),
        ModerationAction(
            "inkorten",
            "Plaatsen zonder gegevens",
            "Geplaatst, met iets weggelaten uit de tekst",
            asks_text=True,
        ),
        ModerationAction(
            "weigeren", "Niet plaatsen", "Voorgesteld om niet te plaatsen", asks_rule=True
        ),
        ModerationAction("eens", "Eens: niet plaatsen", "Niet geplaatst, na een tweede blik"),
        ModerationAction("toch_plaatsen", "Toch plaatsen", "Toch geplaatst, na een tweede blik"),
        ModerationAction(
            "toewijzen", "Bezwaar klopt: plaatsen", "Geplaatst na bezwaar", asks_note=True
        ),
        ModerationAction(
            "afwijzen", "Bezwaar klopt niet", "Niet geplaatst, ook na bezwaar", asks_note=True
        ),
        ModerationAction(
            "bijwerken", "Gegevens weghalen", "Iets weggelaten uit de tekst", asks_text=True
        ),
        ModerationAction(
            "intrekken", "Van de site halen", "Voorgesteld om weg te halen", asks_rule=True
        ),
    ),
)


@dataclass(frozen=True)
class PhotoChoice:
    """What is done with the photo of a contribution."""

    key: str
    label: str
    told: str


PHOTO_CHOICES = Registry(
    "choice for a photo",
    (
        PhotoChoice("verborgen", "Foto niet tonen", "Foto niet meer getoond"),
        PhotoChoice("openbaar", "Foto tonen", "Foto openbaar gemaakt"),
        PhotoChoice("weg", "Foto weghalen, er staan mensen op", "Foto weggehaald"),
    ),
)


@dataclass(frozen=True)
class Standing:
    """How far a contribution is, and who decided what so far (ids of accounts)."""

    moderation: str
    moderated_by: int | None
    second_by: int | None
    has_open_appeal: bool
    appeal_outcome: str | None = None


def actions_for(standing: Standing, account_id: int | None) -> tuple[ModerationAction, ...]:
    """What this account may decide now; empty when nothing, or when it asks somebody else."""
    return tuple(MODERATION_ACTIONS[key] for key in _keys_for(standing, account_id))


def _keys_for(standing: Standing, account_id: int | None) -> tuple[str, ...]:
    if standing.moderation == "wacht":
        return "plaatsen", "inkorten", "weigeren"
    if standing.moderation == "openbaar":
        return ("bijwerken",) if standing.appeal_outcome else ("bijwerken", "intrekken")
    if needs_another(standing, account_id):
        return ()
    if standing.moderation == "weigeren":
        return "eens", "toch_plaatsen"
    return ("toewijzen", "afwijzen") if standing.has_open_appeal else ()


def needs_another(standing: Standing, account_id: int | None) -> bool:
    """Whether the next step is for somebody else: this account decided an earlier one."""
    if standing.moderation == "weigeren":
        return account_id is None or standing.moderated_by == account_id
    if standing.has_open_appeal:
        return account_id is None or account_id in (standing.moderated_by, standing.second_by)
    return False


def without_data(text: str, findings: Iterable[Finding]) -> str:
    """The text with ``(weggelaten)`` for each finding that tells of a person or a place."""
    parts, position = [], 0
    for finding in findings:
        if finding.kind in _TAKEN_OUT:
            parts += [text[position : finding.start], LEFT_OUT]
            position = finding.end
    return "".join([*parts, text[position:]])


def only_leaves_out(text: str, shortened: str) -> bool:
    """Whether the shorter text has only words of the text, in its order, and ``(weggelaten)``.

    A moderator takes out; what somebody says is never put in other words.
    """
    words = iter(_WORD.findall(text))
    return all(word in words for word in _WORD.findall(shortened.replace(LEFT_OUT, " ")))


@dataclass(frozen=True)
class Segment:
    """A piece of a text, with the names of what was found there."""

    text: str
    labels: tuple[str, ...] = ()


def marked(text: str, findings: Iterable[Finding]) -> tuple[Segment, ...]:
    """The text in pieces, so that each piece is wholly inside or outside each finding."""
    found = tuple(findings)
    edges = sorted({0, len(text), *(edge for each in found for edge in (each.start, each.end))})
    return tuple(
        Segment(text[start:end], _labels(found, start, end))
        for start, end in itertools.pairwise(edges)
    )


def _labels(found: tuple[Finding, ...], start: int, end: int) -> tuple[str, ...]:
    inside = (each.label for each in found if each.start <= start and end <= each.end)
    return tuple(dict.fromkeys(inside))
