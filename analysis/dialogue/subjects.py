"""What residents weigh: the criteria of comparing candidates, taken together and in plain words.

What people think of a plan is no subject, as it is no criterion: resistance must not pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.comparing.criteria import CRITERIA, criteria_of
from analysis.comparing.criterion import Criterion
from analysis.errors import InputError
from analysis.facility_types import FacilityType
from analysis.registry import Registry

#: The heaviest step. Points of residents run from 0 to this.
MOST_STEPS = 4
#: What stands ready before somebody chose: everything equally heavy.
FIRST_STEP = 2


@dataclass(frozen=True)
class Step:
    """How heavy a subject weighs; ``points`` say how many times as heavy as the lightest."""

    points: int
    label: str
    explanation: str

    @property
    def key(self) -> str:
        """The word in addresses."""
        return str(self.points)


STEPS = Registry(
    "step of importance",
    (
        Step(0, "niet", "telt niet mee"),
        Step(1, "licht", "telt een keer"),
        Step(2, "gewoon", "telt twee keer"),
        Step(3, "zwaar", "telt drie keer"),
        Step(MOST_STEPS, "heel zwaar", "telt vier keer"),
    ),
)


@dataclass(frozen=True)
class Subject:
    """Something that residents may find important. ``criteria`` are the keys of what is in it."""

    key: str
    label: str
    explanation: str
    short: str
    criteria: tuple[str, ...]

    def __post_init__(self) -> None:
        """InputError unless it holds criteria that there are."""
        if not self.criteria or any(key not in CRITERIA for key in self.criteria):
            raise InputError(f"subject {self.key}", ["its criteria are not those of comparing"])


SUBJECTS = Registry(
    "subject of importance",
    (
        Subject(
            "bereikbaarheid",
            "Winkels, huisarts en bus dichtbij",
            "Wie er komt wonen, is snel bij een winkel, de huisarts en de bus.",
            "dagelijks leven dichtbij",
            ("bereikbaarheid",),
        ),
        Subject(
            "verdeling",
            "Eerlijk verdeeld over de gemeenten",
            "De plek komt in een gemeente met nog weinig plekken voor het aantal inwoners.",
            "verdeling over gemeenten",
            ("verdeling",),
        ),
        Subject(
            "nabijheid",
            "Niet veel plekken bij elkaar",
            "Dicht bij de huizen in de buurt zijn nog weinig andere plekken met hulp.",
            "plekken dicht bij elkaar",
            ("nabijheid",),
        ),
        Subject(
            "afstand",
            "Afstand tot huizen en scholen",
            "Tussen de plek en de huizen en scholen is genoeg ruimte.",
            "afstand",
            ("afstand",),
        ),
        Subject(
            "praktisch",
            "Het kan op deze grond",
            "Van wie de grond is, wat er mag, of het er gezond is, en of er riool en stroom is.",
            "of het kan op deze grond",
            ("eigendom", "bestemming", "milieu", "infrastructuur"),
        ),
        Subject(
            "kosten",
            "Lage kosten",
            "Het kost weinig om hier een plek te maken.",
            "kosten",
            ("kosten",),
        ),
    ),
)


def subjects_of(kind: FacilityType | None) -> tuple[Subject, ...]:
    """The subjects for a type; without one those that every type has."""
    keys = {entry.key for entry in _criteria(kind)}
    return tuple(entry for entry in SUBJECTS if keys.issuperset(entry.criteria))


def _criteria(kind: FacilityType | None) -> tuple[Criterion, ...]:
    if kind is not None:
        return criteria_of(kind)
    return tuple(entry for entry in CRITERIA if not entry.only_when_asked)


def to_subjects(points: Mapping[str, float], subjects: tuple[Subject, ...]) -> dict[str, float]:
    """Points by subject, of points by subject or by criterion; what has none gets 0.

    Points of the criteria of a subject are added up, so that a weighting of planners is told in
    the same subjects.
    """
    keys = {subject.key: {subject.key, *subject.criteria} for subject in subjects}
    return {
        subject.key: float(sum(points.get(key, 0) for key in sorted(keys[subject.key])))
        for subject in subjects
    }


def to_steps(points: Mapping[str, float], subjects: tuple[Subject, ...]) -> dict[str, int]:
    """The step of each subject that comes nearest, when the heaviest is at the heaviest step.

    Halves go up. InputError when no subject has points.
    """
    told = to_subjects(points, subjects)
    most = max(told.values())
    if not most > 0:
        raise InputError("to_steps", ["no subject has points"])
    return {key: int(MOST_STEPS * count / most + 0.5) for key, count in told.items()}
