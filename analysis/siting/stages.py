"""The stages of a choice: what is made as good as can be, one after another.

Every stage counts in whole steps inside the solver, so that "proven" means proven; ``unit`` is
the unit in which its value is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class Stage:
    """One thing that is made as low (or as high) as can be; ``verb`` is for a sentence."""

    key: str
    label: str
    explanation: str
    unit: str
    is_high_better: bool = False
    digits: int = 0


STAGES = Registry(
    "siting stage",
    (
        Stage(
            "verdeling",
            "Verdeling over de gemeenten",
            "Het grootste verschil van een gemeente met haar evenredig aandeel, zo klein mogelijk.",
            "plekken",
            digits=2,
        ),
        Stage(
            "tussenafstand",
            "Afstand tussen locaties",
            "Het aantal keer dat twee locaties dichter bij elkaar liggen dan gewenst, zo laag "
            "mogelijk.",
            "paren",
        ),
        Stage(
            "nabijheid",
            "Plekken dicht bij huis",
            "Het hoogste aantal plekken op loopafstand van wie er door de keuze een plek bij "
            "krijgt, zo laag mogelijk.",
            "plekken",
        ),
        Stage(
            "bereikbaarheid",
            "Bereikbaarheid",
            "De score voor bereikbaarheid van de soort, ook met de afstand die zij vraagt, geteld "
            "voor elke gekozen plek, zo hoog mogelijk.",
            "punten maal plekken",
            is_high_better=True,
            digits=1,
        ),
    ),
)
#: The order in which the stages come unless the user asks for another.
USUAL_ORDER = ("verdeling", "tussenafstand", "nabijheid", "bereikbaarheid")
#: Stages that need nothing beside the candidates and the gemeenten.
PLAIN_STAGES = ("verdeling", "bereikbaarheid")


def usual_stages(*, has_separation: bool, has_near: bool) -> tuple[str, ...]:
    """The stages in their usual order, as far as there is what they need."""
    lacks = {"tussenafstand": not has_separation, "nabijheid": not has_near}
    return tuple(key for key in USUAL_ORDER if not lacks.get(key, False))
