"""The house rules of the dialogue: the only grounds on which a contribution is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class HouseRule:
    """A rule as people read it, and what the writer is told when it was the ground."""

    key: str
    label: str
    explanation: str
    told: str


HOUSE_RULES = Registry(
    "house rule",
    (
        HouseRule(
            "persoonsgegevens",
            "Schrijf niets op over een ander",
            "Geen namen, adressen, telefoonnummers of andere gegevens. Ook niet van uzelf.",
            "In uw reactie stonden gegevens van een persoon.",
        ),
        HouseRule(
            "respect",
            "Blijf rustig en netjes",
            "U mag het oneens zijn. Schelden, bedreigen en beledigen mag niet.",
            "In uw reactie stond iets beledigends of bedreigends.",
        ),
        HouseRule(
            "discriminatie",
            "Sluit niemand uit",
            "Geen uitspraken over mensen om wie zij zijn, zoals afkomst, geloof of ziekte.",
            "In uw reactie stond iets dat mensen uitsluit om wie zij zijn.",
        ),
        HouseRule(
            "geheime_plek",
            "Noem geen geheime adressen",
            "Adressen van opvang die geheim moeten blijven, staan nergens op deze site.",
            "In uw reactie stond een plek die geheim moet blijven.",
        ),
        HouseRule(
            "onderwerp",
            "Houd het bij dit gesprek",
            "Uw reactie gaat over dit plan of deze wijk.",
            "Uw reactie ging niet over dit gesprek.",
        ),
        HouseRule(
            "reclame",
            "Geen reclame",
            "Geen reclame en geen berichten die steeds hetzelfde zijn.",
            "Uw reactie was reclame, of hetzelfde bericht kwam vaker.",
        ),
    ),
)
