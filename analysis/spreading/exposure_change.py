"""What changes for residents when a site comes or goes: places near home, and help nearby.

Both are told beside each other, in both signs: a place near home and help near home are the
same site, seen from two sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.access.availability import LIMIT_MIN, typical_minutes
from analysis.access.facts import TRAVEL_LIMITS
from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.residents import Floats
from analysis.errors import InputError
from analysis.spreading.exposure import Nearby, checked_residents
from analysis.spreading.exposure_facts import EXPOSURE_LIMITS, ExposureFacts

WALK = TRAVEL_MODES["walk"]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PlacesChange:
    """Residents who get more places within ``limit_m`` metres, fewer, or the same.

    ``first_count`` of those with more had none before; ``last_count`` of those with fewer have
    none after. ``highest_after_count`` is the highest number that anybody with more gets,
    ``highest_before_count`` that anybody with fewer had; ``most_more_count`` and
    ``most_fewer_count`` the largest steps. None when nobody changes. ``is_at_least``: somebody
    who changes also has a site near whose places are unknown, so the highest is at least that.
    """

    limit_m: float
    more_count: float
    fewer_count: float
    same_count: float
    first_count: float
    last_count: float
    highest_after_count: float | None
    highest_before_count: float | None
    most_more_count: float | None
    most_fewer_count: float | None
    is_at_least: bool


@dataclass(frozen=True)
class Shift:
    """Residents whose way to the nearest place becomes another: how many, by how many minutes.

    Minutes are None when nobody shifts, or when nobody had (or keeps) a way at all; those are
    ``wayless_count``, and no number of minutes fits them.
    """

    resident_count: float
    most_min: float | None
    median_min: float | None
    wayless_count: float


@dataclass(frozen=True)
class HelpChange:
    """For whom the nearest place comes closer, or gets further away, on foot.

    ``gained_count`` residents come within ``limit_min`` minutes of a place, ``lost_count`` are
    no longer within it.
    """

    closer: Shift
    further: Shift
    same_count: float
    limit_min: float
    within_before_count: float
    within_after_count: float
    gained_count: float
    lost_count: float


@dataclass(frozen=True)
class ExposureChange:
    """The difference between two states of the same points, for the measured residents."""

    measured_count: float
    unmeasured_count: float
    places: tuple[PlacesChange, ...]
    help: HelpChange


def measure_exposure_change(
    before: Nearby,
    after: Nearby,
    residents: pd.Series,
    mode: TravelMode = WALK,
    limit_min: float = LIMIT_MIN,
) -> ExposureChange:
    """Who gets more or fewer places near, and for whom the nearest place comes closer.

    V_i = Q_i - P_i; M = Σ r_i × [V_i > 0]; L = Σ r_i × [V_i < 0]; S_i = (d_i - e_i) / v

    with P_i and Q_i the places near point i before and after, r_i its residents, d_i and e_i
    its metres to the nearest place before and after, and v the metres walked in a minute. Both
    states are of the same points and limits; ``measure_exposure_change(after, before)`` is the same
    change the other way round. The median of S_i is that of the residents who shift.

    InputError when the states do not fit, or when a site that comes or goes has no known number
    of places: then nobody can say who gets more.

    Source: own definition (METHODS section 1): the difference of two cumulative opportunity
    measures, Wachs & Kumagai (1973), Socio-Economic Planning Sciences 7.
    """
    _check(before, after)
    people = checked_residents(before, residents)
    measured = before.is_measured.to_numpy()
    return ExposureChange(
        measured_count=float(people[measured].sum()),
        unmeasured_count=float(people[~measured].sum()),
        places=tuple(_places(before, after, people, limit) for limit in before.limits_m),
        help=_help(before, after, people, mode, limit_min),
    )


def _places(before: Nearby, after: Nearby, people: Floats, limit_m: float) -> PlacesChange:
    old, new = (state.place_count[limit_m].to_numpy() for state in (before, after))
    vague = before.unknown_site_count[limit_m].to_numpy() > 0
    counts = people > 0
    more, fewer = counts & (new > old), counts & (new < old)
    return PlacesChange(
        limit_m,
        more_count=_sum(people, more),
        fewer_count=_sum(people, fewer),
        same_count=_sum(people, new == old),
        first_count=_sum(people, more & (old == 0) & ~vague),
        last_count=_sum(people, fewer & (new == 0) & ~vague),
        highest_after_count=_highest(new, more),
        highest_before_count=_highest(old, fewer),
        most_more_count=_highest(new - old, more),
        most_fewer_count=_highest(old - new, fewer),
        is_at_least=bool(((more | fewer) & vague).any()),
    )


def _help(
    before: Nearby, after: Nearby, people: Floats, mode: TravelMode, limit_min: float
) -> HelpChange:
    old, new = (mode.minutes(state.nearest_m.to_numpy()) for state in (before, after))
    was, will = old <= limit_min, new <= limit_min
    return HelpChange(
        closer=_shift(old, new, people),
        further=_shift(new, old, people),
        same_count=_sum(people, new == old),
        limit_min=limit_min,
        within_before_count=_sum(people, was),
        within_after_count=_sum(people, will),
        gained_count=_sum(people, will & ~was),
        lost_count=_sum(people, was & ~will),
    )


def _shift(longer: Floats, shorter: Floats, people: Floats) -> Shift:
    """The residents for whom the second is shorter than the first, and by how much."""
    which = (people > 0) & (shorter < longer)
    has_way = which & np.isfinite(longer)
    gain = pd.Series(longer[has_way] - shorter[has_way])
    everybody = pd.Series("", index=gain.index, dtype="object")
    found = typical_minutes(gain, pd.Series(people[has_way]), everybody, area_codes=[""])
    median = float(found["median_min"].iloc[0])
    return Shift(
        resident_count=_sum(people, which),
        most_min=float(gain.max()) if len(gain) else None,
        median_min=median if len(gain) else None,
        wayless_count=_sum(people, which & ~has_way),
    )


def _sum(people: Floats, which: Flags) -> float:
    return float(people[which].sum())


def _highest(values: Floats, which: Flags) -> float | None:
    return float(values[which].max()) if which.any() else None


def _check(before: Nearby, after: Nearby) -> None:
    if not (
        before.nearest_m.index.equals(after.nearest_m.index) and before.limits_m == after.limits_m
    ):
        raise InputError("measure_exposure_change", ["the states have other points or limits"])
    breaches = []
    if not before.is_measured.equals(after.is_measured):
        breaches.append("a point is measured in one state only")
    if not before.unknown_site_count.equals(after.unknown_site_count):
        breaches.append("a site that comes or goes has no known number of places")
    if breaches:
        raise InputError("measure_exposure_change", breaches)


def _example(
    facts: ExposureFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.change
    if found is None:
        return None
    near = next(entry for entry in found.change.places if entry.limit_m == found.limit_m)
    closer = found.change.help.closer
    places = wording.place if found.place_count == 1 else wording.places
    told = (
        f"{found.site_name} zou {number(found.place_count)} {places} krijgen. Dan hebben "
        f"{number(near.more_count)} inwoners meer plekken binnen {number(found.limit_m)} meter "
        f"lopen. Voor {number(closer.resident_count)} inwoners komt de dichtstbijzijnde plek "
        "dichterbij"
    )
    if closer.median_min is None:
        return f"{told}."
    median = number(round(closer.median_min, 1))
    return f"{told}: voor de helft van hen is dat {median} minuten lopen of minder."


MEASURE = method.Measure(
    key="verandering_dichtbij",
    label="Wat een locatie verandert dicht bij huis",
    group=method.EXPOSURE,
    explanation=(
        "Hoeveel inwoners meer of minder plekken dicht bij huis krijgen als een locatie erbij "
        "komt of verdwijnt. En voor hoeveel inwoners hulp dichterbij komt, of juist verder weg is."
    ),
    formula_words=(
        "vergelijk voor elk punt de plekken dicht bij huis met en zonder de locatie, en tel de "
        "inwoners op voor wie het er meer of minder zijn; deel het verschil in meters tot de "
        "dichtstbijzijnde plek door de meters die u per minuut loopt"
    ),
    formula=(
        "V_i = Q_i - P_i; M = Σ r_i × [V_i > 0]; L = Σ r_i × [V_i < 0]; S_i = (d_i - e_i) / v"
    ),
    symbols=(
        ("V_i", "hoeveel plekken er bij punt i bij komen (of af gaan, als V_i onder 0 is)"),
        ("P_i, Q_i", "het aantal plekken dicht bij punt i, ervoor en erna"),
        ("M", "de inwoners die meer plekken dicht bij huis krijgen"),
        ("L", "de inwoners die minder plekken dicht bij huis krijgen"),
        ("r_i", "het aantal inwoners van punt i"),
        ("S_i", "hoeveel minuten de dichtstbijzijnde plek dichterbij komt"),
        ("d_i, e_i", "de meters van punt i naar de dichtstbijzijnde plek, ervoor en erna"),
        ("v", "de meters die u per minuut loopt: 80"),
    ),
    unit="inwoners, plekken en minuten",
    example=_example,
    limits=(
        "Dit is een vergelijking van twee toestanden. Wat er verder nog verandert, telt niet mee.",
        "Is van een locatie het aantal plekken niet bekend, dan is er niet te vergelijken.",
        *EXPOSURE_LIMITS,
        *TRAVEL_LIMITS,
    ),
    sources=(
        "Eigen definitie van dit project.",
        "M. Wachs en T.G. Kumagai (1973), Physical accessibility as a social indicator, "
        "Socio-Economic Planning Sciences 7, p. 437-456.",
    ),
    function=measure_exposure_change,
)
