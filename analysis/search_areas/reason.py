"""Why an area is a search area, in plain Dutch: what is near enough, what is less so, what to mind.

Each sentence holds for every square of the area. What is not near enough everywhere in it is no
reason and is told apart, so that a score never hides a long way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from analysis.access.profiles import HOMES, Criterion, Direction
from analysis.access.sentence import NOUNS
from analysis.access.value import value_of
from analysis.land_uses import LAND_USES
from analysis.method import NumberFormat
from analysis.search_areas.areas import SearchAreas
from analysis.search_areas.assessment import NEAR_M

#: A criterion whose value is at least this everywhere in an area is a reason for it.
LEAST_VALUE = 0.5
#: Less ground than this of a use is not told, hectares.
LEAST_TOLD_HA = 0.05
#: What is said of a gemeente by its verdict.
SHARES: Mapping[str, str] = {
    "onder_aandeel": (
        "{gemeente} heeft nu duidelijk minder plekken van deze soort dan het evenredig aandeel."
    ),
    "boven_aandeel": (
        "{gemeente} heeft nu duidelijk meer plekken van deze soort dan het evenredig aandeel."
    ),
    "geen_duidelijk_verschil": (
        "In {gemeente} is er geen duidelijk verschil met het evenredig aandeel van deze soort."
    ),
    "niet_te_berekenen": (
        "Hoe {gemeente} zich verhoudt tot het evenredig aandeel van deze soort, is niet te "
        "berekenen."
    ),
}
_LET_OP = "Let op: "


@dataclass(frozen=True)
class Reason:
    """Why an area is one: the sentence, what stands behind it, and what asks attention."""

    because: str
    facts: tuple[str, ...]
    attention: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it after each other."""
        return " ".join((self.because, *self.facts, *self.attention))


@dataclass(frozen=True)
class _Ways:
    """The travel times of one criterion in an area, and what the worst of them is worth."""

    criterion: Criterion
    least_min: float
    most_min: float
    worst_value: float


def reasons_of(
    found: SearchAreas, gemeente_names: Mapping[str, str], number: NumberFormat
) -> dict[int, Reason]:
    """Why each area is one, by its number; ``number`` writes a number for a Dutch reader."""
    ways = _ways(found)
    others = found.area_ranges.to_dict("index")
    attention = found.attention.to_dict("index")
    areas = found.areas.drop(columns="geometry").to_dict("index")
    return {
        int(key): _reason(
            found,
            ways[key],
            {**others[key], **area},
            gemeente_names[area["gemeente_code"]],
            attention[key],
            number,
        )
        for key, area in areas.items()
    }


def _ways(found: SearchAreas) -> dict[Any, list[_Ways]]:
    """What is asked and how far it is, the heaviest first, by area."""
    asked = sorted(found.facts.profile.criteria, key=lambda entry: -entry.weight)
    told: dict[Any, list[_Ways]] = {key: [] for key in found.areas.index}
    for entry in asked:
        if found.areas.empty:
            break
        ends = found.ranges.xs(entry.key, level="criterion")
        worst = ends["most_min" if entry.direction == "dichtbij" else "least_min"]
        values = value_of(worst, entry.good_min, entry.bad_min)
        for key, least, most, value in zip(ends.index, *ends.to_numpy().T, values, strict=True):
            told[key].append(_Ways(entry, least, most, value))
    return told


def _reason(
    found: SearchAreas,
    ways: Sequence[_Ways],
    area: Mapping[Any, Any],
    gemeente_name: str,
    attention: Mapping[Any, float],
    number: NumberFormat,
) -> Reason:
    verb = found.facts.profile.mode.verb
    near, less_near = _told(ways, "dichtbij", verb, number)
    far, less_far = _told(ways, "ver", verb, number)
    facts = (
        _scores(found, area, number),
        _less("Niet overal dichtbij genoeg", less_near),
        _less("Niet overal genoeg afstand", less_far),
        SHARES[str(found.facts.verdicts[area["gemeente_code"]])].format(gemeente=gemeente_name),
        _places(area, number),
    )
    return Reason(
        because=f"Hier wel, omdat {_because(near, far)}.",
        facts=tuple(fact for fact in facts if fact),
        attention=tuple(_attention(attention, area["cell_count"], number)),
    )


def minutes_text(least_min: float, most_min: float, number: NumberFormat) -> str:
    """A range of travel times in whole minutes: ``4 tot 12 minuten``, ``ongeveer 5 minuten``."""
    least, most = floor(least_min), ceil(most_min)
    if most <= 1:
        return "hoogstens 1 minuut"
    if least == most:
        return f"ongeveer {number(most)} minuten"
    return f"{number(least)} tot {number(most)} minuten"


def range_text(least: float, most: float, number: NumberFormat) -> str:
    """Two ends of a range, or one number when they are the same on the page."""
    first, last = number(least), number(most)
    return first if first == last else f"{first} tot {last}"


def _told(
    ways: Sequence[_Ways], direction: Direction, verb: str, number: NumberFormat
) -> tuple[list[str], list[str]]:
    """The criteria that are good enough everywhere, and the others."""
    good: list[str] = []
    other: list[str] = []
    for way in ways:
        if way.criterion.direction == direction:
            told = good if way.worst_value >= LEAST_VALUE else other
            minutes = minutes_text(way.least_min, way.most_min, number)
            told.append(f"{_noun(way.criterion)} ({minutes}{'' if told else f' {verb}'})")
    return good, other


def _because(near: list[str], far: list[str]) -> str:
    parts = []
    if far:
        parts.append(f"er afstand is tot {_listed(far)}")
    if near:
        noun = "dit dichtbij genoeg is" if len(near) == 1 else "deze dichtbij genoeg zijn"
        parts.append(f"{noun}: {_listed(near)}")
    told = ", en omdat ".join(parts)
    return told or "de scores overal in dit gebied hoog genoeg zijn"


def _scores(found: SearchAreas, other: Mapping[Any, float], number: NumberFormat) -> str:
    def whole(value: float) -> str:
        # Down, so that no score seems to reach what it does not.
        return number(floor(value + 1e-9))

    asked = found.conditions
    near = range_text(other["least_access_score"], other["most_access_score"], whole)
    told = f"De score voor wat dichtbij moet zijn is {near} van 100"
    if found.facts.profile.asks_distance:
        far = range_text(other["least_distance_score"], other["most_distance_score"], whole)
        return (
            f"{told} en die voor afstand {far} (gevraagd: minstens "
            f"{number(asked.bereikbaarheid)} en {number(asked.afstand)})."
        )
    return f"{told} (gevraagd: minstens {number(asked.bereikbaarheid)})."


def _places(other: Mapping[Any, float], number: NumberFormat) -> str:
    least, most = other["least_place_count"], other["most_place_count"]
    where = f"Binnen {number(NEAR_M)} meter lopen"
    if most == 0:
        told = f"{where} is nu geen plek."
    else:
        noun = "plek" if least == most == 1 else "plekken"
        verb = "is" if noun == "plek" else "zijn"
        told = f"{where} {verb} nu {range_text(least, most, number)} {noun} (alle soorten samen)."
    unknown = other["most_unknown_site_count"]
    if not unknown:
        return told
    sites = "1 locatie" if unknown == 1 else f"{number(unknown)} locaties"
    return f"{told} Van {sites} daar weten wij het aantal plekken niet."


def _attention(
    hectares: Mapping[Any, float], cell_count: int, number: NumberFormat
) -> Sequence[str]:
    whole = _hectares(cell_count, number)
    return [
        f"{LAND_USES[str(kind)].label} in {_hectares(ha, number)} van de {whole}. "
        f"{_start(LAND_USES[str(kind)].ground.removeprefix(_LET_OP))}"
        for kind, ha in hectares.items()
        if ha >= LEAST_TOLD_HA
    ]


def _hectares(ha: float, number: NumberFormat) -> str:
    return f"{number(ha)} hectare"


def _less(start: str, told: list[str]) -> str:
    return f"{start}: {_listed(told)}." if told else ""


def _noun(criterion: Criterion) -> str:
    return "woningen" if criterion.key == HOMES else NOUNS[criterion.key]


def _listed(parts: Sequence[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} en {parts[-1]}"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
