"""How much people have to say in a phase: the five steps of the participation ladder."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class ParticipationLevel:
    """What people may expect of a phase; ``promise`` is what the gemeente binds itself to."""

    key: str
    label: str
    explanation: str
    promise: str
    order: int


#: After the "participatieladder" that Dutch gemeenten use (Edelenbos and Monnikhof, 2001), which
#: goes back to Arnstein, "A Ladder of Citizen Participation" (1969).
PARTICIPATION_LEVELS = Registry(
    "level of participation",
    (
        ParticipationLevel(
            "informeren",
            "Informeren",
            "U hoort wat er gebeurt en waarom.",
            "Wij vertellen het op tijd en duidelijk. U kunt vragen stellen en krijgt antwoord.",
            1,
        ),
        ParticipationLevel(
            "raadplegen",
            "Raadplegen",
            "Wij vragen wat u vindt.",
            "Wij lezen elke reactie en laten weten wat wij ermee doen.",
            2,
        ),
        ParticipationLevel(
            "adviseren",
            "Adviseren",
            "U geeft advies over wat er moet gebeuren.",
            "Wij volgen het advies, of leggen uit waarom niet.",
            3,
        ),
        ParticipationLevel(
            "coproduceren",
            "Coproduceren",
            "U maakt het plan samen met ons.",
            "Wij maken samen een voorstel en staan er samen achter.",
            4,
        ),
        ParticipationLevel(
            "meebeslissen",
            "Meebeslissen",
            "U beslist mee.",
            "Wat wij samen beslissen, voeren wij uit.",
            5,
        ),
    ),
)


@dataclass(frozen=True)
class TrackState:
    """Whether a track can be seen, and whether it goes on."""

    key: str
    label: str
    explanation: str


TRACK_STATES = Registry(
    "state of a track",
    (
        TrackState("concept", "Concept", "Alleen wie eraan werkt, ziet dit gesprek."),
        TrackState("open", "Loopt", "Iedereen kan dit gesprek volgen."),
        TrackState("afgerond", "Afgerond", "Het gesprek is klaar en blijft te lezen."),
    ),
)
