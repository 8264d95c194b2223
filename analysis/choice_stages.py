"""The stages between a long list and a choice: what each asks of a candidate before it goes on.

What is missing is something to think of, never a wall: people decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analysis.closer_look import Question
from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.registry import Registry
from analysis.site_life import Caution


@dataclass(frozen=True)
class ChoiceStage:
    """How far a candidate is in a choice; ``counted`` stands after a number of candidates."""

    key: str
    label: str
    explanation: str
    counted: str
    order: int


CHOICE_STAGES = Registry(
    "stage of a choice",
    (
        ChoiceStage(
            "groslijst",
            "Groslijst",
            "De plek is genoemd en doet mee. Er is nog niet diep naar gekeken.",
            "op de groslijst",
            1,
        ),
        ChoiceStage(
            "nader_onderzoek",
            "Nader onderzoek",
            "De gemeente zoekt de vijf vragen uit: eigendom, bestemming, milieu, acceptatie en "
            "riool, stroom en water.",
            "in nader onderzoek",
            2,
        ),
        ChoiceStage(
            "vergelijking",
            "Vergelijking",
            "De plek wordt met de andere plekken vergeleken, op criteria die vooraf vaststaan.",
            "in de vergelijking",
            3,
        ),
        ChoiceStage(
            "keuze",
            "Keuze",
            "Deze plek wordt voorgesteld. Mensen besluiten, de computer niet.",
            "gekozen",
            4,
        ),
    ),
)
FIRST_STAGE = CHOICE_STAGES["groslijst"]


@dataclass(frozen=True)
class Origin:
    """By which way a candidate came into a choice."""

    key: str
    label: str
    explanation: str


ORIGINS = Registry(
    "origin of a candidate",
    (
        Origin(
            "zoekgebied",
            "Uit een zoekgebied",
            "De plek ligt in een gebied dat bij het zoeken naar voren kwam.",
        ),
        Origin("planner", "Van de gemeente", "Een medewerker heeft deze plek genoemd."),
        Origin(
            "inwoner",
            "Voorstel van een inwoner",
            "Een inwoner heeft deze plek genoemd. Schrijf de naam van de inwoner niet op.",
        ),
        Origin("bestand", "Uit een bestand", "De plek stond in een bestand dat is ingelezen."),
    ),
)


@dataclass(frozen=True)
class CandidateKnown:
    """What is known of a candidate, as far as a stage can ask for it.

    ``compared_version`` is the version of the rules under which it was last compared, None when
    it never was; ``rules_version`` the one that holds now.
    """

    status: SiteStatus | None
    open_questions: tuple[Question, ...]
    place_count: int | None
    has_cost: bool
    compared_version: int | None
    rules_version: int


@dataclass(frozen=True)
class Demand:
    """One thing that a stage may ask; ``wanting`` says what is missing, or None."""

    key: str
    label: str
    explanation: str
    wanting: Callable[[CandidateKnown], str | None]


def _unexplored(known: CandidateKnown) -> str | None:
    explored = SITE_STATUSES["verkend"]
    if known.status is not None and known.status.order >= explored.order:
        return None
    return "De locatie is nog niet verkend."


def _unanswered(known: CandidateKnown) -> str | None:
    if not known.open_questions:
        return None
    labels = ", ".join(question.label for question in known.open_questions)
    return f"Nog niet alle vragen van het nader onderzoek zijn beantwoord. Open: {labels}."


def _uncounted(known: CandidateKnown) -> str | None:
    return "Het aantal plekken is niet bekend." if known.place_count is None else None


def _without_cost(known: CandidateKnown) -> str | None:
    return None if known.has_cost else "Er is geen schatting van de kosten."


def _uncompared(known: CandidateKnown) -> str | None:
    if known.compared_version is None:
        return "De plek is nog niet vergeleken."
    if known.compared_version == known.rules_version:
        return None
    return older_version(known.compared_version, known.rules_version)


def older_version(compared: int, now: int) -> str:
    """That a candidate was compared under rules that no longer hold."""
    return f"Vergeleken met versie {compared} van de regels. Nu geldt versie {now}."


DEMANDS = Registry(
    "demand of a stage",
    (
        Demand(
            "verkend",
            "Verkend",
            "De gemeente heeft kort gekeken of deze plek zou kunnen.",
            _unexplored,
        ),
        Demand(
            "vragen",
            "Vijf vragen beantwoord",
            "Op elke vraag van het nader onderzoek is iets gevonden.",
            _unanswered,
        ),
        Demand("plekken", "Aantal plekken bekend", "Hoeveel plekken er kunnen komen.", _uncounted),
        Demand("kosten", "Kosten geschat", "Wat de plek eenmalig kost.", _without_cost),
        Demand(
            "vergeleken",
            "Vergeleken met de regels van nu",
            "De plek is met de andere vergeleken onder de regels die nu gelden.",
            _uncompared,
        ),
    ),
)
#: What each stage asks before a candidate goes on, unless a choice says otherwise.
USUAL_DEMANDS: Mapping[str, tuple[str, ...]] = {
    "groslijst": ("verkend",),
    "nader_onderzoek": ("vragen", "plekken"),
    "vergelijking": ("vergeleken",),
    "keuze": (),
}


def next_stage(stage: ChoiceStage) -> ChoiceStage | None:
    """The stage after this one; None after the last."""
    return next((entry for entry in CHOICE_STAGES if entry.order == stage.order + 1), None)


def missing(demands: Sequence[str], known: CandidateKnown) -> tuple[Caution, ...]:
    """What these demands still miss of a candidate, each with the key of its demand."""
    told = ((key, DEMANDS[key].wanting(known)) for key in demands)
    return tuple(Caution(key, text) for key, text in told if text is not None)


def move_cautions(
    before: ChoiceStage,
    after: ChoiceStage,
    demands: Mapping[str, Sequence[str]],
    known: CandidateKnown,
) -> tuple[Caution, ...]:
    """What to think of before a candidate goes from one stage to another; back asks nothing."""
    if after.order <= before.order:
        return ()
    passed = [entry for entry in CHOICE_STAGES if before.order <= entry.order < after.order]
    asked = dict.fromkeys(key for entry in passed for key in demands.get(entry.key, ()))
    found = list(missing(tuple(asked), known))
    if len(passed) > 1:
        left_out = ", ".join(f"‘{entry.label.lower()}’" for entry in passed[1:])
        found.insert(0, Caution("volgorde", f"U slaat een fase over: {left_out}."))
    if known.status is not None and known.status.group.key == "ended":
        label = known.status.label.lower()
        found.insert(0, Caution("gestopt", f"In het register staat deze locatie als ‘{label}’."))
    return tuple(found)
