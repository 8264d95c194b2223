"""The criteria by which candidates are compared, and the points that each type starts with.

What people think of a plan is no criterion: resistance must not pay. It is told beside the
comparison. The scales and points are ours, as starting values; ``STARTING_VALUES`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.access.profiles import ACCESS_PROFILES
from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.comparing.criterion import CRITERION_GROUPS, Criterion
from analysis.errors import InputError
from analysis.facility_types import FacilityType
from analysis.registry import Registry

STARTING_VALUES = (
    "De schalen en de punten zijn onze startwaarden: de beleidsstukken noemen die niet. De "
    "gebruikers stellen ze samen vast."
)
#: On this question something is told, and never counted.
ACCEPTANCE = "acceptatie"
#: What a finding of the closer look is worth as a step; not yet known has none.
FINDING_STEPS: Mapping[str, int] = {"bezwaar": 0, "aandacht": 1, "past": 2}
#: A place within so many metres on foot is near home, unless another distance is asked.
NEAR_HOME_M = 400.0
#: One-off cost of a place above which it is worth nothing: the unprofitable top that the
#: uitvoeringsprogramma reckons with for a place in Skaeve Huse.
COST_PER_PLACE_EUR = 200_000.0


def _of_question(key: str) -> Criterion:
    question = QUESTIONS[key]
    names = {step: FINDINGS[finding].label for finding, step in FINDING_STEPS.items()}
    return Criterion(
        key=key,
        label=question.label,
        group=CRITERION_GROUPS["praktisch"],
        question=question.question,
        unit="oordeel",
        good=2,
        bad=0,
        explanation="Wat het nader onderzoek op deze vraag heeft gevonden.",
        scale="Geen bezwaar telt voor 1, een aandachtspunt voor een half, een bezwaar voor 0.",
        source="Nader onderzoek van de gemeente, met bron en datum bij elk antwoord.",
        limits=(
            "Een oordeel in drie stappen zegt niet hoe groot een bezwaar is. Lees de uitleg erbij.",
            "Is de vraag nog niet beantwoord, dan is er geen waarde. Wij vullen niets in.",
        ),
        level_names=tuple(names[step] for step in sorted(names)),
    )


CRITERIA = Registry(
    "criterion",
    (
        Criterion(
            key="bereikbaarheid",
            label="Dagelijks leven dichtbij",
            group=CRITERION_GROUPS["bereikbaarheid"],
            question="Hoe goed zijn winkels, huisarts, vervoer en de rest te bereiken?",
            unit="punten van 100",
            good=100,
            bad=0,
            digits=1,
            explanation=(
                "De score voor bereikbaarheid van deze soort, alleen met wat dichtbij moet zijn. "
                "De minuten staan erbij."
            ),
            scale="100 punten telt voor 1, 0 punten voor 0.",
            source="Straten en voorzieningen in gebruik, met het profiel van de soort.",
            limits=("Wat ver weg moet zijn, telt in deze score niet mee maar apart.",),
        ),
        Criterion(
            key="verdeling",
            label="Gelijkere verdeling over gemeenten",
            group=CRITERION_GROUPS["spreiding"],
            question="Komen deze plekken waar er naar verhouding weinig zijn?",
            unit="van -100 tot 100",
            good=100,
            bad=-100,
            digits=1,
            explanation=(
                "Hoeveel de Hoover-index verandert door deze plekken, als deel van het meeste dat "
                "zo veel plekken kunnen veranderen. Boven 0 wordt de verdeling gelijker."
            ),
            scale="100 (het meeste dat kan) telt voor 1, -100 voor 0.",
            source="Plekken van alle gekozen soorten en inwoners per gemeente (CBS).",
            limits=(
                "Een gemeente is groot. Of een wijk al veel plekken heeft, zegt dit niet.",
                "Plekken waarvan het aantal niet bekend is, maken dit cijfer onbekend.",
            ),
        ),
        Criterion(
            key="nabijheid",
            label="Plekken dicht bij huis",
            group=CRITERION_GROUPS["spreiding"],
            question="Hoeveel plekken krijgt wie hier woont op loopafstand, met deze erbij?",
            unit="plekken",
            good=0,
            bad=100,
            explanation=(
                "Het hoogste aantal plekken op loopafstand van een woning die ook deze plek "
                "dichtbij krijgt. Woont er niemand op loopafstand, dan is het 0."
            ),
            scale="0 plekken telt voor 1, 100 plekken of meer voor 0.",
            source="Plekken van alle gekozen soorten, inwoners en straten in gebruik.",
            limits=(
                "Dit zegt hoeveel plekken er zijn, niet of dat goed of slecht is.",
                "Locaties waarvan de plek niet openbaar is, tellen hier niet mee.",
            ),
        ),
        Criterion(
            key="afstand",
            label="Afstand waar deze soort om vraagt",
            group=CRITERION_GROUPS["omgeving"],
            question="Is er genoeg afstand tot woningen en scholen?",
            unit="punten van 100",
            good=100,
            bad=0,
            digits=1,
            explanation="De score van deze soort, alleen met wat ver weg moet zijn.",
            scale="100 punten telt voor 1, 0 punten voor 0.",
            source="Straten, voorzieningen en inwoners in gebruik, met het profiel van de soort.",
            limits=(
                "De afstand loopt over de straat. In een rechte lijn kan het dichterbij zijn.",
            ),
            only_when_asked=True,
        ),
        *(_of_question(entry.key) for entry in QUESTIONS if entry.key != ACCEPTANCE),
        Criterion(
            key="kosten",
            label="Eenmalige kosten per plek",
            group=CRITERION_GROUPS["geld"],
            question="Wat kost één plek hier eenmalig?",
            unit="euro per plek",
            good=0,
            bad=COST_PER_PLACE_EUR,
            explanation="De geschatte eenmalige kosten, gedeeld door het aantal plekken.",
            scale="0 euro telt voor 1, 200.000 euro of meer per plek voor 0.",
            source="Schatting van de gemeente, met bron en datum.",
            limits=(
                "Een schatting. Kosten die elk jaar terugkomen, zitten er niet in.",
                "Is er geen schatting, dan is er geen waarde. Wij vullen niets in.",
            ),
        ),
    ),
)


def criteria_of(kind: FacilityType) -> tuple[Criterion, ...]:
    """The criteria by which candidates of a type are compared, in their order."""
    asks_distance = ACCESS_PROFILES[kind.key].asks_distance
    return tuple(entry for entry in CRITERIA if asks_distance or not entry.only_when_asked)


@dataclass(frozen=True)
class Preset:
    """Points by criterion that stand ready under a name; those that a type has no use for lapse."""

    key: str
    label: str
    explanation: str
    points: Mapping[str, int]

    def __post_init__(self) -> None:
        """InputError unless every criterion has its points, and some have any."""
        if set(self.points) != set(CRITERIA.keys) or not any(self.points.values()):
            raise InputError(f"preset {self.key}", ["the points are not of all criteria"])

    def points_of(self, kind: FacilityType) -> dict[str, int]:
        """The points of the criteria of this type."""
        return {entry.key: self.points[entry.key] for entry in criteria_of(kind)}


def _preset(key: str, label: str, explanation: str, *points: int) -> Preset:
    return Preset(key, label, explanation, dict(zip(CRITERIA.keys, points, strict=True)))


PRESETS = Registry(
    "preset of weights",
    (
        # bereikbaarheid, verdeling, nabijheid, afstand, eigendom, bestemming, milieu,
        # infrastructuur, kosten
        _preset(
            "start",
            "Startwaarden",
            "Bereikbaarheid en spreiding tellen het zwaarst.",
            *(30, 15, 15, 20, 5, 5, 5, 5, 10),
        ),
        _preset(
            "bewoner",
            "De bewoner eerst",
            "Het dagelijks leven dichtbij telt voor de helft.",
            *(50, 5, 10, 20, 2, 4, 7, 2, 5),
        ),
        _preset(
            "spreiding",
            "Spreiding eerst",
            "Waar de plekken komen telt voor meer dan de helft.",
            *(15, 30, 30, 10, 3, 3, 4, 3, 5),
        ),
        _preset(
            "haalbaar",
            "Haalbaarheid eerst",
            "Of het snel en voor weinig geld kan, telt het zwaarst.",
            *(10, 8, 7, 10, 14, 14, 12, 12, 20),
        ),
        _preset(
            "gelijk",
            "Alles even zwaar",
            "Elk criterium heeft evenveel punten.",
            *(10, 10, 10, 10, 10, 10, 10, 10, 10),
        ),
    ),
)
