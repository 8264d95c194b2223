"""The closer look at a candidate site: five questions, and what may be found on each.

What is found is told in words, with evidence, source and date. It never becomes a number:
acceptance least of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class Question:
    """One question of the closer look; ``points`` are the parts that an answer goes into."""

    key: str
    label: str
    question: str
    explanation: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What is found on a question; ``asks_evidence`` when it needs evidence, source and date."""

    key: str
    label: str
    explanation: str
    asks_evidence: bool = True


QUESTIONS = Registry(
    "question of the closer look",
    (
        Question(
            "eigendom",
            "Eigendom",
            "Van wie is de grond, en kan de gemeente erover beschikken?",
            "Kijk in de Basisregistratie Kadaster, of vraag het de afdeling grondzaken.",
            (
                "Wie is de eigenaar van de grond en van wat erop staat?",
                "Is er erfpacht, huur of een ander recht van iemand anders?",
                "Wil de eigenaar verkopen of verhuren, en voor hoelang?",
            ),
        ),
        Question(
            "bestemming",
            "Bestemming",
            "Mag wonen met hulp hier volgens het omgevingsplan?",
            "Kijk in het Omgevingsloket bij Regels op de kaart, of vraag het de afdeling ruimte.",
            (
                "Welke functie heeft de plek nu in het omgevingsplan?",
                "Past wonen met hulp daarin, of is een wijziging of vergunning nodig?",
                "Hoe hoog en hoe groot mag er worden gebouwd?",
            ),
        ),
        Question(
            "milieu",
            "Milieueisen",
            "Is het hier gezond en veilig wonen?",
            "Vraag de omgevingsdienst. De Atlas Leefomgeving geeft een eerste beeld.",
            (
                "Hoeveel geluid en geur is er, en hoe schoon is de lucht?",
                "Is de bodem schoon?",
                "Zijn er bedrijven, wegen of leidingen waar afstand tot nodig is?",
                "Zijn er eisen voor natuur, water of erfgoed?",
            ),
        ),
        Question(
            "acceptatie",
            "Acceptatie in de buurt",
            "Wat vinden mensen in de buurt ervan, en wat is met hen besproken?",
            "Spreek met bewoners, met de wijkraad en met wie in de buurt werkt. Schrijf op wat er "
            "is gezegd, zonder namen van mensen. Er komt geen cijfer uit.",
            (
                "Met wie is gesproken, en wanneer?",
                "Welke zorgen en welke wensen zijn er genoemd?",
                "Wat is daarop geantwoord, en wat krijgt de buurt terug?",
            ),
        ),
        Question(
            "infrastructuur",
            "Riool, stroom en water",
            "Liggen er riool, stroom en water, en is de plek te bereiken?",
            "Vraag de netbeheerder, het waterbedrijf en de afdeling beheer. Een KLIC-melding "
            "laat zien welke leidingen er liggen.",
            (
                "Ligt er riool, en kan er iets bij?",
                "Is er stroom, en is er ruimte op het net?",
                "Is er drinkwater?",
                "Kunnen bewoners, begeleiders en hulpdiensten er komen?",
            ),
        ),
    ),
)

NOT_KNOWN = Finding(
    "onbekend",
    "Nog niet bekend",
    "Dit is nog niet uitgezocht.",
    asks_evidence=False,
)
FINDINGS = Registry(
    "finding of the closer look",
    (
        NOT_KNOWN,
        Finding("past", "Geen bezwaar", "Er is niets gevonden dat deze plek in de weg staat."),
        Finding("aandacht", "Aandachtspunt", "Het kan, als er iets wordt geregeld of uitgezocht."),
        Finding("bezwaar", "Bezwaar", "Zoals het nu is, kan het hier niet."),
    ),
)


def open_questions(findings: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions without a finding; ``findings`` holds keys of findings by question."""
    return tuple(
        question
        for question in QUESTIONS
        if findings.get(question.key, NOT_KNOWN.key) == NOT_KNOWN.key
    )
