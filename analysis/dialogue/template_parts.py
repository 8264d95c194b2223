"""What a template of a track is made of, and the steps and parties that several types share."""

from __future__ import annotations

from dataclasses import dataclass

#: Stands in a text for where it is: "in Parkwijk", "in Haarlem" or "in de regio".
WHERE = "{waar}"


@dataclass(frozen=True)
class PhaseTemplate:
    """A step with its level of participation, its usual length, and what is open and fixed."""

    name: str
    level: str
    weeks: int
    goal: str
    open_text: str
    fixed_text: str
    takes_contributions: bool = False
    takes_importance: bool = False


@dataclass(frozen=True)
class PartyTemplate:
    """Who takes part, in which role, and when."""

    name: str
    role: str
    moment: str


@dataclass(frozen=True)
class TrackTemplate:
    """With what a track of this kind begins. ``key`` is a facility type, or ``wijk`` for none.

    ``title`` and ``summary`` hold WHERE. A planner adapts everything afterwards.
    """

    key: str
    label: str
    title: str
    summary: str
    not_this: str
    street_text: str
    open_text: str
    fixed_text: str
    phases: tuple[PhaseTemplate, ...]
    parties: tuple[PartyTemplate, ...]

    def title_in(self, where: str) -> str:
        """The title of a track here; ``where`` as in "in Parkwijk"."""
        return self.title.replace(WHERE, where)

    def summary_in(self, where: str) -> str:
        """The summary of a track here."""
        return self.summary.replace(WHERE, where)


def decision(who: str, weeks: int = 8) -> PhaseTemplate:
    """The step in which is decided; ``who`` does that."""
    return PhaseTemplate(
        "Besluit",
        "informeren",
        weeks,
        f"{who} neemt een besluit. U leest hier wat het besluit is en waarom.",
        "Of het besluit klopt met wat is besproken. U kunt inspreken op de vergadering.",
        "Wie het besluit neemt, en wanneer. Daarna kunt u bezwaar maken.",
    )


def start(goal: str, open_text: str, fixed_text: str, weeks: int = 26) -> PhaseTemplate:
    """The step from the decision until people live there."""
    return PhaseTemplate("Bouwen en starten", "informeren", weeks, goal, open_text, fixed_text)


GEMEENTE = PartyTemplate(
    "Gemeente", "Leidt het gesprek, geeft antwoord en bereidt het besluit voor.", "Altijd"
)
NEIGHBOURS = PartyTemplate(
    "Mensen uit de wijk",
    "Zeggen wat zij belangrijk vinden, en denken mee over de plek en de afspraken.",
    "In elke fase",
)
PROVIDER = PartyTemplate(
    "Zorgorganisatie", "Begeleidt de bewoners en is te bellen bij vragen.", "Vanaf het plan"
)
CORPORATION = PartyTemplate(
    "Woningcorporatie",
    "Is eigenaar van het gebouw en verhuurt het.",
    "Vanaf het zoeken naar plekken",
)
POLICE = PartyTemplate(
    "Wijkagent", "Kent de wijk en denkt mee over de afspraken.", "Bij de afspraken en daarna"
)
FUTURE_RESIDENTS = PartyTemplate(
    "Mensen die er gaan wonen",
    "Vertellen zelf, als zij dat willen, wat een goede plek is.",
    "Bij het plan en na de start",
)
COUNCIL = PartyTemplate(
    "Gemeenteraad", "Neemt het besluit, of geeft het geld ervoor.", "Bij het besluit"
)
REGION = PartyTemplate(
    "De acht gemeenten samen", "Verdelen de plekken over de regio.", "Voor het zoeken begint"
)
