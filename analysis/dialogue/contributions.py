"""What people bring in: kinds with their questions, how it came in, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    key: str
    label: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question that comes before words of one's own; several answers when ``is_many``."""

    key: str
    label: str
    options: tuple[Option, ...]
    is_many: bool = True


@dataclass(frozen=True)
class ContributionKind:
    """A kind of contribution: what it is called, what is asked, and what its words are about."""

    key: str
    label: str
    plural: str
    explanation: str
    questions: tuple[AskedQuestion, ...]
    body_label: str
    needs_place: bool = False


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(key, label) for key, label in labels.items())


CONTRIBUTION_KINDS = Registry(
    "kind of contribution",
    (
        ContributionKind(
            "zorg",
            "Een zorg",
            "zorgen",
            "Iets waar u zich zorgen over maakt.",
            (
                AskedQuestion(
                    "waarover",
                    "Waar gaat uw zorg over?",
                    _options(
                        veiligheid="Veiligheid in de buurt",
                        overlast="Geluid of overlast",
                        verkeer="Verkeer en parkeren",
                        groen="Groen, uitzicht of ruimte",
                        begeleiding="Begeleiding van de bewoners",
                        stapeling="Er is al veel in deze wijk",
                        besluit="Hoe het besluit wordt genomen",
                        anders="Iets anders",
                    ),
                ),
                AskedQuestion(
                    "wanneer",
                    "Wanneer speelt dit?",
                    _options(
                        bouw="Tijdens de bouw",
                        overdag="Overdag",
                        avond="’s Avonds en ’s nachts",
                        altijd="Altijd",
                        weet_niet="Dat weet ik niet",
                    ),
                    is_many=False,
                ),
            ),
            "Vertel meer. Wat zou uw zorg kleiner maken?",
        ),
        ContributionKind(
            "kans",
            "Een kans",
            "kansen",
            "Iets goeds dat dit plan kan brengen.",
            (
                AskedQuestion(
                    "waarvoor",
                    "Voor wie of wat is het een kans?",
                    _options(
                        bewoners="Voor de mensen die er komen wonen",
                        buurt="Voor de buurt",
                        ontmoeten="Om elkaar te ontmoeten",
                        voorzieningen="Voor winkels, zorg of groen in de wijk",
                        gebouw="Voor een gebouw of plek die nu leeg is",
                        anders="Iets anders",
                    ),
                ),
            ),
            "Vertel meer. Wat kan er beter worden?",
        ),
        ContributionKind(
            "idee",
            "Een idee",
            "ideeën",
            "Iets waarmee het plan beter wordt.",
            (
                AskedQuestion(
                    "waarover",
                    "Waar gaat uw idee over?",
                    _options(
                        gebouw="Het gebouw of de plek",
                        buitenruimte="De straat en het groen",
                        begeleiding="De begeleiding",
                        contact="Contact tussen buren",
                        afspraken="Afspraken met de buurt",
                        anders="Iets anders",
                    ),
                ),
            ),
            "Wat is uw idee?",
        ),
        ContributionKind(
            "vraag",
            "Een vraag",
            "vragen",
            "Iets wat u wilt weten.",
            (
                AskedQuestion(
                    "waarover",
                    "Waar gaat uw vraag over?",
                    _options(
                        wie="Wie er komen wonen",
                        waarom_hier="Waarom op deze plek",
                        begeleiding="De begeleiding",
                        planning="Wanneer er iets gebeurt",
                        meepraten="Hoe ik kan meepraten",
                        anders="Iets anders",
                    ),
                ),
            ),
            "Wat wilt u weten?",
        ),
        ContributionKind(
            "plek",
            "Een andere plek",
            "andere plekken",
            "Een plek die volgens u ook kan.",
            (
                AskedQuestion(
                    "waarom",
                    "Waarom past deze plek?",
                    _options(
                        ruimte="Er is ruimte",
                        dichtbij="Winkels, zorg en bus zijn dichtbij",
                        rustig="Het is er rustig",
                        leeg="De plek of het gebouw is leeg",
                        spreiding="In deze wijk is nog weinig",
                        anders="Iets anders",
                    ),
                ),
            ),
            "Vertel meer over deze plek.",
            needs_place=True,
        ),
    ),
)


@dataclass(frozen=True)
class EntryWay:
    """By which way a contribution came in; all count the same."""

    key: str
    label: str


ENTRY_WAYS = Registry(
    "way of entry",
    (
        EntryWay("website", "Op de website"),
        EntryWay("bijeenkomst", "Op een bijeenkomst"),
        EntryWay("papier", "Op papier, per brief of aan de telefoon"),
        EntryWay("overgenomen", "Uit een ander systeem"),
    ),
)


@dataclass(frozen=True)
class ContributionStatus:
    """What was done with a contribution; ``is_final`` when nothing more is to come."""

    key: str
    label: str
    explanation: str
    is_final: bool


CONTRIBUTION_STATUSES = Registry(
    "status of a contribution",
    (
        ContributionStatus("nieuw", "Nieuw", "De gemeente heeft dit nog niet behandeld.", False),
        ContributionStatus(
            "bekeken", "Bekeken", "De gemeente heeft dit gelezen en werkt aan een antwoord.", False
        ),
        ContributionStatus(
            "meegenomen", "Meegenomen", "Het plan is hierdoor veranderd of aangevuld.", True
        ),
        ContributionStatus(
            "niet_meegenomen",
            "Niet meegenomen",
            "Het plan is hierdoor niet veranderd. In het antwoord staat waarom.",
            True,
        ),
    ),
)


@dataclass(frozen=True)
class ModerationState:
    """Whether a contribution may be read by everyone."""

    key: str
    label: str
    explanation: str


MODERATION_STATES = Registry(
    "state of moderation",
    (
        ModerationState("wacht", "Wacht op controle", "Nog niemand heeft dit gelezen."),
        ModerationState("openbaar", "Openbaar", "Iedereen kan dit lezen."),
        ModerationState(
            "weigeren",
            "Voorstel: niet plaatsen",
            "Een moderator stelt voor dit niet te plaatsen. Een tweede persoon kijkt mee.",
        ),
        ModerationState(
            "geweigerd", "Niet geplaatst", "Dit is niet openbaar. De reden staat erbij."
        ),
    ),
)
#: At most so many characters of words of one's own.
LONGEST_BODY = 2000
