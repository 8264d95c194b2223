"""Change: what moved the Hoover index between two dates, place by place and by the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, checked_pair, floats, shares
from analysis.spreading.hoover import hoover_index
from analysis.spreading.outcome import REASONS, Reason
from analysis.spreading.overview import FEWEST_PLACES_COUNT

Direction = Literal["gelijker", "ongelijker", "geen_duidelijk_verschil"]
#: A change that equals one place up to rounding of the computer counts as one place.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class SpreadingChange:
    """What moved the Hoover index between two dates, over the areas known on both.

    ``table`` has a row for every area of either date, with columns ``name``,
    ``capacity_then_count``, ``capacity_now_count``, ``difference_count``, ``weight_then``,
    ``weight_now``, ``places_part``, ``base_part`` and ``part`` (their sum). The parts are shares
    of 1, as the index; they are NaN for an area that is unknown on either date, and add up to
    ``hoover_now - hoover_then``. The counts and both indices are of the areas known on both
    dates; the indices and the parts are None when ``reasons`` says why there is no answer.
    ``places_then_count`` and ``places_now_count`` are of every area whose places are known on
    both dates, whatever is known of the base; None when there is no such area.
    """

    table: pd.DataFrame
    hoover_then: float | None
    hoover_now: float | None
    places_part: float | None
    base_part: float | None
    capacity_then_count: int
    capacity_now_count: int
    places_then_count: int | None
    places_now_count: int | None
    compared_area_count: int
    left_out_area_count: int
    reasons: tuple[Reason, ...]

    @property
    def hoover_change(self) -> float | None:
        """How much the index rose (+) or fell (-)."""
        if self.hoover_then is None or self.hoover_now is None:
            return None
        return self.hoover_now - self.hoover_then

    @property
    def least_clear_change(self) -> float | None:
        """What one place that moves can change the index by: 1 / C, with the fewest places."""
        fewest = min(self.capacity_then_count, self.capacity_now_count)
        return 1 / fewest if fewest else None

    @property
    def has_too_few_places(self) -> bool:
        """Whether either date has too few places to speak of an even spread."""
        fewest = min(self.capacity_then_count, self.capacity_now_count)
        return fewest < max(FEWEST_PLACES_COUNT, self.compared_area_count)

    @property
    def direction(self) -> Direction | None:
        """Whether the spread became more even.

        A change under one place, or of too few places, is no clear one.
        """
        change, least = self.hoover_change, self.least_clear_change
        if change is None or least is None:
            return None
        if self.has_too_few_places or abs(change) < least * (1 - _ROUNDING):
            return "geen_duidelijk_verschil"
        return "gelijker" if change < 0 else "ongelijker"

    def largest_part(self) -> pd.Series | None:
        """The area that moved the index most; of equals the first area code."""
        if self.reasons:
            return None
        parts = self.table["part"].dropna().sort_index()
        largest = parts.index[int(parts.abs().round(9).to_numpy().argmax())]
        row: pd.Series = self.table.loc[largest]
        return row


def hoover_change(
    capacity_then: pd.Series,
    weights_then: pd.Series,
    capacity_now: pd.Series,
    weights_now: pd.Series,
) -> pd.DataFrame:
    """What the places and what the base of each area changed in the Hoover index.

    H' - H = Σ (P_a + B_a);
    P_a = 1/4 × (|s'_a - r_a| - |s_a - r_a| + |s'_a - r'_a| - |s_a - r'_a|);
    B_a = 1/4 × (|s_a - r'_a| - |s_a - r_a| + |s'_a - r'_a| - |s'_a - r_a|)

    with s_a = c_a / C and r_a = w_a / W on the first date, and the same with an accent on the
    second. Columns ``places_part`` (P) and ``base_part`` (B), from -1/2 to 1/2, in shares as the
    index itself, on the index of the four Series. An area unknown on either date is NaN and is
    left out of every share. All NaN when one of the dates has no places or no weight.

    The two orders (first the places change, then the base; or the other way round) give
    different parts; the mean of both is the Shapley value of two causes, the only division that
    is exact, symmetric and 0 for a cause that does not change. It says how the number came
    about, not why places moved. A place that opens also lowers the share of every other area, so
    an area where nothing happened can have a part.

    Source: own formula, after Shapley (1953) and Shorrocks (2013), Journal of Economic
    Inequality 11, on the index of Hoover (1936).
    """
    old_places, old_base = checked_pair(capacity_then, weights_then)
    new_places, new_base = checked_pair(capacity_now, weights_now)
    if not capacity_then.index.equals(capacity_now.index):
        raise InputError("hoover_change", ["both dates are not on the same index"])
    unknown = np.isnan(old_places) | np.isnan(new_places)
    s, r, s_new, r_new = (
        shares(np.where(unknown, np.nan, numbers))
        for numbers in (old_places, old_base, new_places, new_base)
    )
    before, after = _gap(s, r), _gap(s_new, r_new)
    only_places, only_base = _gap(s_new, r), _gap(s, r_new)
    return pd.DataFrame(
        {
            "places_part": (only_places - before + after - only_base) / 4,
            "base_part": (only_base - before + after - only_places) / 4,
        },
        index=capacity_then.index,
    )


def measure_change(
    then: pd.DataFrame, now: pd.DataFrame, *, are_same_areas: bool = True
) -> SpreadingChange:
    """Account for the change between two dates.

    Both frames are as for ``measure_spreading``: index area code, columns ``name``, ``weight``,
    ``capacity_count``. Only areas known on both dates are compared; the others stay in the table
    without parts and are counted as left out. When the borders were drawn anew in between
    (``are_same_areas`` False) nothing is compared, for that reason.
    """
    codes = now.index.union(then.index)
    old, new = then.reindex(codes), now.reindex(codes)
    old_places, new_places = _floats(old["capacity_count"]), _floats(new["capacity_count"])
    old_base, new_base = _floats(old["weight"]), _floats(new["weight"])
    known = pd.concat([old_places, new_places, old_base, new_base], axis=1).notna().all(axis=1)
    compared = [values.where(known) for values in (old_places, old_base, new_places, new_base)]
    has_places = old_places.notna() & new_places.notna()
    reasons = _reasons(then, now, known, compared)
    if not are_same_areas:
        reasons = (REASONS["other_areas"], *reasons)
    parts = hoover_change(*compared)
    if reasons:
        parts[:] = np.nan
    table = pd.DataFrame(
        {
            "name": new["name"].fillna(old["name"]),
            "capacity_then_count": old_places.astype("Int64"),
            "capacity_now_count": new_places.astype("Int64"),
            "difference_count": (new_places - old_places).astype("Int64"),
            "weight_then": old_base,
            "weight_now": new_base,
            **parts,
            "part": parts.sum(axis=1, skipna=False),
        },
        index=codes,
    )
    return SpreadingChange(
        table=table,
        hoover_then=None if reasons else hoover_index(compared[0], compared[1]),
        hoover_now=None if reasons else hoover_index(compared[2], compared[3]),
        places_part=None if reasons else float(parts["places_part"].sum()),
        base_part=None if reasons else float(parts["base_part"].sum()),
        capacity_then_count=int(compared[0].sum()),
        capacity_now_count=int(compared[2].sum()),
        places_then_count=_sum(old_places[has_places]),
        places_now_count=_sum(new_places[has_places]),
        compared_area_count=int(known.sum()),
        left_out_area_count=int((~known).sum()),
        reasons=reasons,
    )


def _gap(places: Floats, base: Floats) -> Floats:
    gap: Floats = np.abs(places - base)
    return gap


def _sum(places: pd.Series) -> int | None:
    return int(places.sum()) if len(places) else None


def _floats(values: pd.Series) -> pd.Series:
    return pd.Series(floats(values), values.index)


def _reasons(
    then: pd.DataFrame, now: pd.DataFrame, known: pd.Series, compared: list[pd.Series]
) -> tuple[Reason, ...]:
    old_places, old_base, new_places, new_base = (float(values.sum()) for values in compared)
    weights = [_floats(frame["weight"]).sum() for frame in (then, now)]
    tests = {
        "no_weight": not min(weights) > 0 or (known.any() and not min(old_base, new_base) > 0),
        "too_few_areas": int(known.sum()) < 2,
        "no_places": known.any() and old_places == new_places == 0,
        "no_places_on_one_date": known.any() and (old_places == 0) != (new_places == 0),
    }
    return tuple(REASONS[key] for key, is_so in tests.items() if is_so)


def _example(
    change: SpreadingChange, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = change.largest_part()
    if (
        row is None
        or change.hoover_then is None
        or change.hoover_now is None
        or change.places_part is None
        or change.base_part is None
    ):
        return None
    return (
        f"De index ging van {number(change.hoover_then)} naar {number(change.hoover_now)}. "
        f"{wording.places[:1].upper()}{wording.places[1:]} die erbij kwamen of weggingen, maakten "
        f"de index {_moved(change.places_part, number)}. Wat veranderde aan "
        f"{wording.base_amount}, maakte de index {_moved(change.base_part, number)}. "
        f"{row['name']} had de grootste invloed: {_moved(float(row['part']), number)}."
    )


def _moved(part: float, number: method.NumberFormat) -> str:
    """``0,02 lager``, ``0,02 hoger`` or ``0 hoger of lager``, never a number that looks like 0."""
    if abs(part) < _ROUNDING:
        return f"{number(0.0)} hoger of lager"
    return f"{number(abs(part))} {'hoger' if part > 0 else 'lager'}"


MEASURE = method.Measure(
    key="verandering_hoover",
    label="Wat de Hoover-index veranderde",
    group=method.CHANGE,
    explanation=(
        "Waardoor de Hoover-index anders is dan op een eerdere dag: door plekken die erbij kwamen "
        "of weggingen, of doordat het aantal inwoners veranderde. De delen zijn samen precies de "
        "hele verandering."
    ),
    formula_words=(
        "wissel eerst de plekken en dan de inwoners, en doe het ook andersom; neem per gebied het "
        "gemiddelde van wat de index bij beide volgordes verandert"
    ),
    formula=(
        "H' - H = Σ (P_a + B_a); "
        "P_a = 1/4 × (|s'_a - r_a| - |s_a - r_a| + |s'_a - r'_a| - |s_a - r'_a|); "
        "B_a = 1/4 × (|s_a - r'_a| - |s_a - r_a| + |s'_a - r'_a| - |s'_a - r_a|)"
    ),
    symbols=(
        ("H", "de Hoover-index op de eerste dag; met een accent (H') op de tweede dag"),
        ("P_a", "wat de plekken van gebied a aan de index veranderden"),
        ("B_a", "wat het aantal inwoners (of huishoudens, of woningen) eraan veranderde"),
        ("s_a", "het deel van de plekken dat in gebied a is; s'_a op de tweede dag"),
        ("r_a", "het deel van de inwoners dat in gebied a woont; r'_a op de tweede dag"),
        method.AREA,
    ),
    unit="verschil in deel van de plekken (-1 tot 1)",
    example=_example,
    limits=(
        "Verandert de index minder dan wanneer er één plek verhuist (1 gedeeld door het aantal "
        "plekken, op de dag met de minste plekken), dan noemen wij dat geen duidelijk verschil. "
        f"Dat doen wij ook bij minder dan {FEWEST_PLACES_COUNT} plekken, of minder plekken dan "
        "gebieden.",
        "Alleen gebieden die op beide dagen bekend zijn, tellen mee. De index van die gebieden kan "
        "anders zijn dan de index van alle gebieden op één dag.",
        "Wij vergelijken geen marges van toeval: die zeggen hoe plekken hadden kunnen liggen, en "
        "niet hoe zeker een verandering is. Een verandering van een paar plekken blijft klein.",
        "Komt er ergens een plek bij, dan wordt het deel van alle andere gebieden kleiner. Daarom "
        "kan ook een gebied waar niets gebeurde een deel van de verandering hebben.",
        "De maat zegt hoe het getal veranderde. Zij zegt niet waarom plekken erbij kwamen of "
        "weggingen, en niet of dat goed is.",
        "Inwoners van een later jaar zijn er vaak nog niet. Dan rekenen beide dagen met hetzelfde "
        "jaar en veranderen alleen de plekken. Het jaar staat er steeds bij.",
        method.WHAT_FAIR_IS,
    ),
    sources=(
        "Eigen formule, op de index van E.M. Hoover (1936), Review of Economics and Statistics 18, "
        "p. 162-171.",
        "L.S. Shapley (1953), A Value for n-Person Games, Contributions to the Theory of Games II, "
        "p. 307-317.",
        "A.F. Shorrocks (2013), Decomposition procedures for distributional analysis: a unified "
        "framework based on the Shapley value, Journal of Economic Inequality 11, p. 99-126.",
    ),
    function=hoover_change,
)
