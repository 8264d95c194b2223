"""What is demanded of a choice of sites: each demand has a key, and a sentence in Dutch.

A wish (that sites lie apart) is no demand: it is counted, and never makes a choice impossible.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from analysis.facility_types import FACILITY_TYPES


@dataclass(frozen=True)
class Demand:
    """One demand by itself: ``key`` is stable for one problem, ``sentence`` is Dutch."""

    key: str
    sentence: str


@dataclass(frozen=True)
class Target:
    """How many places and sites of a type are to be chosen; None is no limit on that side.

    Only what is chosen counts, not what is there already. Equal numbers mean exactly so many.
    """

    type: str
    least_place_count: int | None = None
    most_place_count: int | None = None
    least_site_count: int | None = None
    most_site_count: int | None = None

    def breaches(self) -> list[str]:
        """What is wrong with it, in Dutch."""
        found = [] if self.type in FACILITY_TYPES else [f"de soort {self.type!r} kennen wij niet"]
        pairs = (
            (self.least_place_count, self.most_place_count, "plekken"),
            (self.least_site_count, self.most_site_count, "locaties"),
        )
        if all(number is None for pair in pairs for number in pair[:2]):
            found.append(f"voor {self.type} staat er geen aantal")
        for least, most, noun in pairs:
            if any(number is not None and number < 0 for number in (least, most)):
                found.append(f"voor {self.type} is een aantal {noun} lager dan 0")
            if least is not None and most is not None and least > most:
                found.append(f"voor {self.type} is het minste aantal {noun} hoger dan het meeste")
        return found


@dataclass(frozen=True)
class LeastInGemeente:
    """At least so many places of a type in a gemeente, with those that are there already.

    ``gemeente_code`` None asks it of every gemeente by itself.
    """

    type: str
    place_count: int
    gemeente_code: str | None = None


@dataclass(frozen=True)
class MostInGemeente:
    """At most so many places in a gemeente, of all counted types, with those there already.

    ``gemeente_code`` None asks it of every gemeente by itself.
    """

    place_count: int
    gemeente_code: str | None = None


@dataclass(frozen=True)
class Separation:
    """The wish that sites lie at least so many metres apart, in a straight line, and why.

    A wish and no rule: pairs that lie nearer are counted and named, and can be chosen.
    """

    distance_m: float
    reason: str


def to_record(demand: Target | LeastInGemeente | MostInGemeente | Separation) -> dict[str, Any]:
    """The fields, to be written as JSON."""
    return asdict(demand)


def places_words(key: str, place_count: int) -> str:
    """A number of places of a type in words: "24 plekken beschermd wonen"."""
    kind = FACILITY_TYPES[key]
    return f"{place_count} {kind.counted if place_count == 1 else kind.counted_plural}"


def target_demands(target: Target) -> dict[str, str]:
    """The demands of a target by key: least and most, or one when they are equal."""
    return {
        **_bounds(
            f"plekken:{target.type}",
            target.least_place_count,
            target.most_place_count,
            lambda count: places_words(target.type, count),
        ),
        **_bounds(
            f"locaties:{target.type}",
            target.least_site_count,
            target.most_site_count,
            lambda count: (
                f"{count} {'locatie' if count == 1 else 'locaties'} "
                f"({FACILITY_TYPES[target.type].label})"
            ),
        ),
    }


def _bounds(key: str, least: int | None, most: int | None, words: Any) -> dict[str, str]:
    if least is not None and least == most:
        return {f"{key}:precies": f"Er komen precies {words(least)} bij."}
    found = {}
    if least is not None:
        found[f"{key}:minstens"] = f"Er komen minstens {words(least)} bij."
    if most is not None:
        found[f"{key}:hoogstens"] = f"Er komen hoogstens {words(most)} bij."
    return found
