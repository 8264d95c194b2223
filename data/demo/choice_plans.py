"""What sites can't hold: what was found on the five questions, costs, and a choice in Haarlem.

Real are the names of the four places that the uitvoeringsprogramma of March 2017 kept, and that
eleven were explored. All that was found, what it costs and which two were compared is made up,
and every text says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

MARK = "Voorbeeld: "
_SOURCE = "Verzonnen voor de voorbeeldregio"


@dataclass(frozen=True)
class Found:
    """What was found on one question, and why."""

    finding: str
    evidence: str

    @property
    def told(self) -> str:
        """The evidence, marked as an example."""
        return MARK + self.evidence


@dataclass(frozen=True)
class LookPlan:
    """What is known of a site beside its register; a question that is not there is still open."""

    type: str
    place: str
    found_on: dt.date
    answers: Mapping[str, Found]
    cost_eur: int | None = None
    source: str = _SOURCE


@dataclass(frozen=True)
class ChoicePlan:
    """A choice: its candidates by the stage that they reached; the other sites fell.

    ``dropped`` are places that fell on ``explored_on``, for the reason in their register.
    """

    gemeente_code: str
    type: str
    name: str
    explanation: str
    reason: str
    target_place_count: int
    explored_on: dt.date
    compared_on: dt.date
    origin_note: str
    dropped: tuple[str, ...]
    looked_at: tuple[str, ...]
    compared: tuple[str, ...]


_SKAEVE = "skaeve_huse"
_BESCHUT = "beschut_wonen"
_LOOKED = dt.date(2017, 9, 15)
_ASKED = dt.date(2025, 11, 3)

LOOK_PLANS: tuple[LookPlan, ...] = (
    LookPlan(
        _SKAEVE,
        "Spoorwegdriehoek",
        _LOOKED,
        {
            "eigendom": Found("aandacht", "De grond is van de spoorwegen. Zij willen praten."),
            "bestemming": Found("aandacht", "Het bestemmingsplan moet worden gewijzigd."),
            "milieu": Found("bezwaar", "Er is te veel geluid van treinen om er te wonen."),
            "acceptatie": Found(
                "aandacht",
                "Er is een avond geweest met de buren. Zij vroegen om een vast telefoonnummer en "
                "om overleg, elke drie maanden.",
            ),
            "infrastructuur": Found(
                "aandacht", "Er is stroom en water. Het riool ligt verder weg."
            ),
        },
    ),
    LookPlan(
        _SKAEVE,
        "Waarderpolder noord",
        _LOOKED,
        {
            "bestemming": Found(
                "aandacht", "Het is een bedrijventerrein. Er is een afwijking nodig."
            ),
            "milieu": Found("aandacht", "Een bedrijf in de buurt maakt 's nachts geluid."),
            "acceptatie": Found(
                "aandacht",
                "De ondernemers zijn gehoord. Zij vroegen naar toezicht en naar het parkeren.",
            ),
            "infrastructuur": Found("past", "Riool, stroom en water liggen in de straat."),
        },
    ),
    LookPlan(
        _SKAEVE,
        "Waarderpolder noordoost",
        _LOOKED,
        {
            "eigendom": Found("past", "De grond is van de gemeente."),
            "bestemming": Found(
                "aandacht", "Het is een bedrijventerrein. Er is een afwijking nodig."
            ),
            "milieu": Found("past", "Geluid, geur en bodem zijn onderzocht: het kan."),
            "acceptatie": Found(
                "aandacht",
                "De ondernemers zijn gehoord. Zij vroegen om een beheerplan, en dat is toegezegd.",
            ),
            "infrastructuur": Found("aandacht", "Er is stroom. Het riool moet 200 meter langer."),
        },
        cost_eur=1_080_000,
    ),
    LookPlan(
        _SKAEVE,
        "Schalkwijk noord-oost",
        _LOOKED,
        {
            "eigendom": Found("past", "De grond is van de gemeente."),
            "bestemming": Found("aandacht", "Het bestemmingsplan moet worden gewijzigd."),
            "milieu": Found(
                "aandacht", "De bodem is op één plek niet schoon. Dat is op te lossen."
            ),
            "acceptatie": Found(
                "bezwaar",
                "De wijkraad is tegen, omdat er in Schalkwijk al veel plekken zijn. Het antwoord "
                "was een overzicht van alle plekken in de stad.",
            ),
            "infrastructuur": Found("past", "Riool, stroom en water liggen in de straat."),
        },
        cost_eur=960_000,
    ),
    LookPlan(
        _BESCHUT,
        "Velserbroek",
        _ASKED,
        {
            "eigendom": Found("past", "De woningcorporatie heeft het gebouw al."),
            "bestemming": Found("past", "Wonen met hulp past in het omgevingsplan."),
            "milieu": Found("past", "Er zijn geen bedrijven dichtbij."),
            "acceptatie": Found("past", "Op de avond voor buren kwamen vragen, geen bezwaren."),
            "infrastructuur": Found("past", "Alles ligt er."),
        },
        cost_eur=850_000,
    ),
    LookPlan(
        _BESCHUT,
        "Nieuw-Vennep",
        _ASKED,
        {
            "eigendom": Found("past", "De woningcorporatie bouwt zelf."),
            "bestemming": Found("past", "De vergunning is er."),
            "milieu": Found("aandacht", "Vliegtuigen zijn te horen. De gevels worden dikker."),
            "acceptatie": Found("past", "Een groep buren denkt mee over de tuin."),
            "infrastructuur": Found("past", "Alles ligt er."),
        },
        cost_eur=1_500_000,
    ),
    LookPlan(
        _BESCHUT,
        "Heemskerk",
        _ASKED,
        {
            "eigendom": Found("aandacht", "De eigenaar wil verhuren, voor hoogstens tien jaar."),
            "bestemming": Found("aandacht", "Er is een wijziging van het omgevingsplan nodig."),
            "acceptatie": Found(
                "aandacht", "De buren zijn op de hoogte. Er is nog geen avond geweest."
            ),
            "infrastructuur": Found("past", "Alles ligt er."),
        },
        cost_eur=520_000,
    ),
    # Little is known of this idea yet, and nothing of its cost.
    LookPlan(
        _BESCHUT,
        "Zandvoort",
        _ASKED,
        {"eigendom": Found("aandacht", "De gemeente praat met de eigenaar.")},
    ),
)

HAARLEM_CHOICE = ChoicePlan(
    gemeente_code="GM0392",
    type=_SKAEVE,
    name="Skaeve Huse in Haarlem (voorbeeld)",
    explanation=(
        "In maart 2017 waren in Haarlem elf plekken verkend. Vier verdienden nader onderzoek: hun "
        "namen zijn echt. De andere zeven, en alles wat hier is gevonden, is verzonnen."
    ),
    reason="Voorbeeld: de regels waarmee deze keuze begint.",
    target_place_count=6,
    explored_on=dt.date(2017, 3, 1),
    compared_on=dt.date(2017, 11, 15),
    origin_note="Een van de elf plekken die in maart 2017 waren verkend.",
    dropped=(
        "Tuinbouwgebied",
        "Zuiderpolder",
        "Hekslootpolder",
        "Zuid-Schalkwijkerweg",
        "Van der Aart",
        "Reinaldapark",
        "Schoterveenpolder",
    ),
    looked_at=("Spoorwegdriehoek", "Waarderpolder noord"),
    compared=("Waarderpolder noordoost", "Schalkwijk noord-oost"),
)
