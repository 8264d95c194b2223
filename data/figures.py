"""The figures of areas that we know, each with its names in the files of the publisher.

One entry serves the importer (column names), the pages (label, unit, decimals) and the
method page (explanation, limits). Origin, crime and illness are never a figure here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FigureKind = Literal["count", "density", "share", "mean", "distance", "class", "area"]


@dataclass(frozen=True)
class FigureDefinition:
    """One figure of an area.

    ``columns`` are the names it goes by in the publisher's files, newest first, compared
    without regard to case. ``decimals`` is how many are shown, at most.
    """

    key: str
    label: str
    unit: str
    kind: FigureKind
    decimals: int
    explanation: str
    columns: tuple[str, ...]

    def with_unit(self, number: str) -> str:
        """The number with what it counts: ``5 km``, ``71% van de woningen``, ``2 (klasse ...)``."""
        if self.kind == "class":
            return f"{number} ({self.unit})"
        return f"{number}{'' if self.unit.startswith('%') else ' '}{self.unit}"


@dataclass(frozen=True)
class MissingReason:
    """Why there is no figure; ``values`` are the publisher's special numbers for it."""

    key: str
    label: str
    values: tuple[int, ...]


#: CBS special values; -99999999 and -99999 stand in older files for the same as -99997.
MISSING_REASONS: tuple[MissingReason, ...] = (
    MissingReason("secret_or_absent", "geheim of niet van toepassing", (-99997, -99999999, -99999)),
    MissingReason("not_yet_published", "nog niet gepubliceerd", (-99995,)),
    MissingReason("no_longer_published", "niet meer gepubliceerd", (-99991,)),
    MissingReason("not_in_file", "niet in het bestand", ()),
)

_ROUNDED = "Het CBS rondt aantallen af op 5."
_BY_CAR = "Gemiddelde afstand over de weg met de auto, voor alle inwoners van het gebied."

FIGURES: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        "inwoners",
        "Inwoners",
        "inwoners",
        "count",
        0,
        f"Aantal inwoners op 1 januari. {_ROUNDED}",
        ("aantal_inwoners", "AANT_INW"),
    ),
    FigureDefinition(
        "huishoudens",
        "Huishoudens",
        "huishoudens",
        "count",
        0,
        f"Aantal particuliere huishoudens op 1 januari. {_ROUNDED}",
        ("aantal_huishoudens", "AANTAL_HH"),
    ),
    FigureDefinition(
        "woningvoorraad",
        "Woningen",
        "woningen",
        "count",
        0,
        f"Aantal woningen op 1 januari. {_ROUNDED}",
        ("woningvoorraad", "WONINGEN"),
    ),
    FigureDefinition(
        "bevolkingsdichtheid",
        "Bevolkingsdichtheid",
        "inwoners per km² land",
        "density",
        0,
        "Aantal inwoners gedeeld door de oppervlakte land.",
        ("bevolkingsdichtheid_inwoners_per_km2", "BEV_DICHTH"),
    ),
    FigureDefinition(
        "huishoudensgrootte",
        "Personen per huishouden",
        "personen",
        "mean",
        1,
        "Gemiddeld aantal personen in een huishouden.",
        ("gemiddelde_huishoudsgrootte", "gemiddelde_huishoudensgrootte", "GEM_HH_GR"),
    ),
    FigureDefinition(
        "omgevingsadressendichtheid",
        "Adressen in de omgeving",
        "adressen per km²",
        "density",
        0,
        "Gemiddeld aantal adressen per km² binnen 1 km van elk adres (omgevingsadressendichtheid).",
        ("omgevingsadressendichtheid", "OAD"),
    ),
    FigureDefinition(
        "stedelijkheid",
        "Stedelijkheid",
        "klasse: 1 is zeer stedelijk, 5 is niet stedelijk",
        "class",
        0,
        "Hoe stedelijk een gebied is, naar het aantal adressen in de omgeving.",
        ("stedelijkheid_adressen_per_km2", "STED"),
    ),
    FigureDefinition(
        "koopwoningen_percent",
        "Koopwoningen",
        "% van de woningen",
        "share",
        0,
        "Deel van de woningen dat eigendom is van de bewoner.",
        ("percentage_koopwoningen", "P_KOOPWON"),
    ),
    FigureDefinition(
        "huurwoningen_percent",
        "Huurwoningen",
        "% van de woningen",
        "share",
        0,
        "Deel van de woningen dat wordt verhuurd.",
        ("percentage_huurwoningen", "P_HUURWON"),
    ),
    FigureDefinition(
        "oppervlakte_land_ha",
        "Oppervlakte land",
        "hectare",
        "area",
        0,
        "Oppervlakte zonder water.",
        ("oppervlakte_land_in_ha", "OPP_LAND"),
    ),
    FigureDefinition(
        "afstand_huisarts_km",
        "Afstand tot huisarts",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("huisartsenpraktijk_gemiddelde_afstand_in_km", "AF_ARTSPR"),
    ),
    FigureDefinition(
        "afstand_apotheek_km",
        "Afstand tot apotheek",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("apotheek_gemiddelde_afstand_in_km", "AF_APOTH"),
    ),
    FigureDefinition(
        "afstand_supermarkt_km",
        "Afstand tot grote supermarkt",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("grote_supermarkt_gemiddelde_afstand_in_km", "AF_SUPERM"),
    ),
    FigureDefinition(
        "afstand_basisschool_km",
        "Afstand tot basisschool",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("basisonderwijs_gemiddelde_afstand_in_km", "AF_ONDBAS"),
    ),
    FigureDefinition(
        "afstand_treinstation_km",
        "Afstand tot treinstation",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("treinstation_gemiddelde_afstand_in_km", "AF_TREINST"),
    ),
    FigureDefinition(
        "afstand_groen_km",
        "Afstand tot openbaar groen",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("afstand_tot_openbaar_groen_totaal",),
    ),
    FigureDefinition(
        "afstand_ziekenhuis_km",
        "Afstand tot ziekenhuis",
        "km",
        "distance",
        1,
        f"{_BY_CAR} Een buitenpolikliniek telt mee als ziekenhuis.",
        ("ziekenhuis_incl_buitenpolikliniek_gem_afst_in_km", "AF_ZIEK_I"),
    ),
    FigureDefinition(
        "afstand_bibliotheek_km",
        "Afstand tot bibliotheek",
        "km",
        "distance",
        1,
        _BY_CAR,
        ("bibliotheek_gemiddelde_afstand_in_km", "AF_BIBLIO"),
    ),
)

_BY_KEY = {definition.key: definition for definition in FIGURES}
_REASON_BY_KEY = {reason.key: reason for reason in MISSING_REASONS}


def figure(key: str) -> FigureDefinition:
    """The figure with this key; KeyError when there is none."""
    return _BY_KEY[key]


def missing_reason(key: str) -> MissingReason:
    """The reason with this key; KeyError when there is none."""
    return _REASON_BY_KEY[key]
