"""The test of every square: it meets all conditions, or the first thing it fails on is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import method
from analysis.access.profiles import AccessProfile, Direction, profile_part
from analysis.access.score import access_score
from analysis.access.value import value_of
from analysis.errors import InputError
from analysis.registry import Registry
from analysis.search_areas.conditions import STARTING_VALUES, Conditions
from analysis.search_areas.ground import Ground
from analysis.spreading.verdict import VERDICTS

#: Places within so many metres on foot are near.
NEAR_M = 400.0
#: Sums of weights are not exact: a score of 59.9999999999 is 60.
_HAIR = 1e-9


@dataclass(frozen=True)
class CellOutcome:
    """What became of a square."""

    key: str
    label: str
    explanation: str


OUTCOMES = Registry(
    "outcome of a square",
    (
        CellOutcome(
            "grond", "Uitgesloten grond", "Hier kan niets komen. De grond daarvoor staat erbij."
        ),
        CellOutcome(
            "onbekend",
            "Niet te berekenen",
            "Wij kunnen hier niet meten. Dat is geen nee: kijk ter plaatse.",
        ),
        CellOutcome(
            "bereikbaarheid",
            "Te weinig dichtbij",
            "Wat deze soort dichtbij vraagt, is hier te ver weg.",
        ),
        CellOutcome("afstand", "Te dichtbij", "Wat ver weg moet zijn, is hier te dichtbij."),
        CellOutcome("aandeel", "Gemeente doet niet mee", "Door uw keuze bij de gemeenten."),
        CellOutcome(
            "plekken",
            "Al veel plekken dichtbij",
            "Er zijn binnen 400 meter lopen al meer plekken dan u als grens koos.",
        ),
        CellOutcome("past", "Voldoet", "Dit vakje voldoet aan alle voorwaarden."),
    ),
)


@dataclass(frozen=True, eq=False)
class RegionFacts:
    """What is known of the squares for one type, before any condition.

    ``minutes`` has a column per criterion of the profile, on the index of the cells; NaN is
    unknown, and ``reasons`` (same shape) then says why. ``places_near`` and
    ``unknown_sites_near`` count places, and sites of which the number of places is unknown, within
    ``NEAR_M``; NaN where a square is too far from the streets. ``verdicts`` has a key of
    ``VERDICTS`` by gemeente.
    """

    profile: AccessProfile
    ground: Ground
    minutes: pd.DataFrame
    reasons: pd.DataFrame
    places_near: pd.Series
    unknown_sites_near: pd.Series
    verdicts: pd.Series

    def __post_init__(self) -> None:
        """InputError when the frames are not of the same squares, or a criterion is missing."""
        index = self.ground.cells.index
        keys = [entry.key for entry in self.profile.criteria]
        frames = (self.minutes, self.reasons, self.places_near, self.unknown_sites_near)
        breaches = [] if all(frame.index.equals(index) for frame in frames) else ["other squares"]
        if list(self.minutes.columns) != keys or list(self.reasons.columns) != keys:
            breaches.append("the columns are not the criteria of the profile")
        elif not breaches and not (self.minutes.isna() == self.reasons.notna()).all(axis=None):
            breaches.append("minutes are unknown without a reason, or known with one")
        missing = set(self.ground.cells["gemeente_code"]) - set(self.verdicts.index)
        breaches += [f"there is no verdict on {code}" for code in sorted(missing)]
        if set(self.verdicts) - set(VERDICTS.keys):
            breaches.append("a verdict is none of the known ones")
        if breaches:
            raise InputError("region facts", breaches)


def score_towards(minutes: pd.DataFrame, profile: AccessProfile, direction: Direction) -> pd.Series:
    """The access score of only what should be near, or only what should be far (0 to 100).

    The weights of those criteria are made to add up to 1. NaN where a travel time is unknown,
    and everywhere when the type asks nothing in that direction.
    """
    part = profile_part(profile, direction)
    if part is None:
        return pd.Series(np.nan, index=minutes.index, name="score")
    values = {
        entry.key: value_of(minutes[entry.key], entry.good_min, entry.bad_min)
        for entry in part.criteria
    }
    weights = {entry.key: float(entry.weight) for entry in part.criteria}
    return access_score(pd.DataFrame(values, index=minutes.index), pd.Series(weights))


def assess_cells(facts: RegionFacts, conditions: Conditions) -> pd.DataFrame:
    """Every square with its scores and its outcome, the first that holds (``outcome``).

    z_i = [u_i ≤ U] × [a_i ≥ A] × [d_i ≥ D] × [p_i ≤ P] × [g_i ∈ G]

    with u_i the share of square i that is ground that rules out (its middle never is), a_i and d_i
    the scores of what should be near and far, p_i the places within 400 metres on foot and g_i
    what the gemeente has against its fair share. z_i is 1 when the square meets all of it. On
    the index of the cells: ``access_score``, ``distance_score`` (NaN for a type that asks no
    distance), ``place_count``, ``unknown_site_count``, ``verdict`` and ``outcome`` (a key of
    ``OUTCOMES``). A square of which something is unknown is ``onbekend``, unless its ground rules
    it out. Sites near without a known number of places add nothing to p_i and are told.

    Source: own definition (METHODS sections 2 and 3); conjunctive screening of locations as in
    Malczewski (1999), GIS and Multicriteria Decision Analysis, chapter 4.
    """
    cells, profile = facts.ground.cells, facts.profile
    access = score_towards(facts.minutes, profile, "dichtbij")
    distance = score_towards(facts.minutes, profile, "ver")
    verdicts = cells["gemeente_code"].map(facts.verdicts)
    most = np.inf if conditions.plekken is None else conditions.plekken
    is_excluded = cells["is_middle_excluded"] | (
        cells["excluded_share"] > conditions.grond / 100 + _HAIR
    )
    is_unknown = facts.minutes.isna().any(axis=1) | facts.places_near.isna()
    is_far_asked = profile.asks_distance
    outcomes = {
        "grond": is_excluded,
        "onbekend": is_unknown,
        "bereikbaarheid": access < conditions.bereikbaarheid - _HAIR,
        "afstand": (distance < conditions.afstand - _HAIR) & is_far_asked,
        "aandeel": ~verdicts.isin(conditions.gemeenten.verdicts),
        "plekken": facts.places_near > most,
    }
    return pd.DataFrame(
        {
            "access_score": access,
            "distance_score": distance,
            "place_count": facts.places_near,
            "unknown_site_count": facts.unknown_sites_near,
            "verdict": verdicts,
            "outcome": np.select(list(outcomes.values()), list(outcomes), default="past"),
        },
        index=cells.index,
    )


@dataclass(frozen=True, eq=False)
class CellCase:
    """One square of today with what it was tested on, for a worked example."""

    cell_code: str
    gemeente_name: str
    type_label: str
    excluded_share: float
    cell: pd.Series
    conditions: Conditions
    asks_distance: bool


def _example(
    case: CellCase | None, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if case is None:
        return None
    asked, cell = case.conditions, case.cell
    near = number(cell["access_score"])
    told = [
        f"uitgesloten grond {number(100 * case.excluded_share)}% "
        f"(hoogstens {number(asked.grond)}%)",
        f"dichtbij {near} van 100 (minstens {number(asked.bereikbaarheid)})",
    ]
    if case.asks_distance:
        far = number(cell["distance_score"])
        told.append(f"afstand {far} van 100 (minstens {number(asked.afstand)})")
    if asked.plekken is not None:
        most = number(asked.plekken)
        told.append(f"plekken dichtbij {number(cell['place_count'])} (hoogstens {most})")
    return (
        f"{case.type_label}, vakje {case.cell_code} in {case.gemeente_name}: {', '.join(told)}. "
        "Het vakje voldoet aan alle voorwaarden: z = 1."
    )


MEASURE: method.Measure[CellCase | None] = method.Measure(
    key="zoekgebied",
    label="Zoekgebied",
    group=method.SEARCHING,
    explanation=(
        "Waar een soort plek zou kunnen komen. Wij verdelen de regio in vakjes van 100 bij 100 "
        "meter en toetsen elk vakje aan dezelfde voorwaarden. Vakjes naast elkaar die aan alles "
        "voldoen, zijn samen een zoekgebied."
    ),
    formula_words=(
        "een vakje voldoet als er weinig uitgesloten grond in ligt, alles dichtbij of juist ver "
        "genoeg is, er niet te veel plekken dichtbij zijn en de gemeente meedoet"
    ),
    formula="z_i = [u_i ≤ U] × [a_i ≥ A] × [d_i ≥ D] × [p_i ≤ P] × [g_i ∈ G]",
    symbols=(
        ("z_i", "1 als vakje i aan alle voorwaarden voldoet, en anders 0"),
        ("u_i", "het deel van het vakje dat uitgesloten grond is; het midden is dat nooit"),
        ("a_i", "de score van het midden van het vakje voor wat dichtbij moet zijn (0 tot 100)"),
        ("d_i", "de score voor wat ver weg moet zijn; alleen als de soort daarom vraagt"),
        ("p_i", "het aantal plekken van alle soorten binnen 400 meter lopen"),
        ("g_i", "wat de gemeente nu heeft: onder, boven of geen duidelijk verschil"),
        ("U, A, D, P, G", "de grenzen: onze startwaarden, die u zelf kunt veranderen"),
    ),
    unit="wel of niet",
    example=_example,
    limits=(
        STARTING_VALUES,
        "Een zoekgebied is geen besluit en geen plan. Het zegt alleen waar het de moeite waard is "
        "om te kijken.",
        "Van wie de grond is, wat er mag en of er riool, stroom en water is, weten wij hier niet. "
        "Dat staat in het nader onderzoek van een locatie.",
        "Wij meten vanaf het midden van een vakje. Aan de rand van het vakje kan het iets verder "
        "of dichterbij zijn.",
        "Ligt het midden van een vakje meer dan 250 meter van een straat, dan meten wij niet. Dat "
        "vakje staat apart op de kaart: het is niet afgekeurd.",
        "Of er een gebouw of een vrije kavel is, weten wij niet. Ook in een woonwijk kan een "
        "zoekgebied liggen.",
        "Locaties waarvan de plek niet openbaar is, tellen niet mee bij de plekken dichtbij. "
        "Anders zou de kaart ze verraden.",
        "De gebieden staan niet op volgorde van goed naar slecht. Wij tellen de voorwaarden niet "
        "bij elkaar op.",
    ),
    sources=(
        "Het vlekkenplan van Maastricht-Heuvelland (Zicht op Thuis, paragraaf 6.4) als voorbeeld.",
        "J. Malczewski (1999), GIS and Multicriteria Decision Analysis, hoofdstuk 4: toetsen aan "
        "voorwaarden die allemaal moeten kloppen.",
    ),
    function=assess_cells,
)
