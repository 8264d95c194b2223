"""The one sentence above the spreading: facts first, then the words.

The facts are separate so that a page can also show them as figures. A number is written by the
format handed in, so that this module knows nothing of decimal commas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.method import NumberFormat, Wording

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading

Kind = Literal[
    "no_weight",
    "zero_weight",
    "no_capacity",
    "no_places",
    "too_few_areas",
    "too_few_places",
    "one_holder",
    "even",
    "one_in",
    "count",
]
#: "1 op de n" is only said when 1/n is this close to the index, relative to the index.
ROUNDING = 0.05
_KIND_OF_REASON: dict[str, Kind] = {
    "no_weight": "no_weight",
    "zero_weight": "zero_weight",
    "no_capacity": "no_capacity",
    "no_places": "no_places",
    "too_few_areas": "too_few_areas",
}
#: These sentences already speak of every area.
_OF_ALL_AREAS = ("no_weight", "zero_weight", "no_capacity", "too_few_areas")


@dataclass(frozen=True)
class HeadlineFacts:
    """What the headline says, as numbers; ``kind`` chooses the sentence.

    ``to_move_count`` is the Hoover index in places, rounded; ``one_in_count`` is n in "1 op de
    n"; ``holder_fair_share_count`` is the share of the one area that holds all.
    """

    kind: Kind
    capacity_count: int
    counted_area_count: int
    left_out_area_count: int
    to_move_count: int | None = None
    per_hundred_count: int | None = None
    one_in_count: int | None = None
    holder_name: str | None = None
    holder_fair_share_count: float | None = None


def headline_facts(spreading: Spreading) -> HeadlineFacts:
    """What can be said in one sentence of this spreading."""
    index = spreading.hoover_index
    places = spreading.hoover_places_count
    return HeadlineFacts(
        kind=_kind(spreading),
        capacity_count=spreading.totals.capacity_count,
        counted_area_count=spreading.totals.counted_area_count,
        left_out_area_count=spreading.totals.left_out_area_count,
        to_move_count=None if places is None else round(places),
        per_hundred_count=None if index is None else round(100 * index),
        one_in_count=_one_in(index),
        holder_name=spreading.only_area_name,
        holder_fair_share_count=_holder_fair_share(spreading),
    )


def headline(spreading: Spreading, wording: Wording, number: NumberFormat) -> str:
    """The headline in plain Dutch, with a second sentence when areas were left out."""
    facts = headline_facts(spreading)
    sentence = _sentence(facts, wording, number)
    left_out = facts.left_out_area_count
    if not left_out or facts.kind in _OF_ALL_AREAS:
        return sentence
    areas, verb = (wording.area, "telt") if left_out == 1 else (wording.areas, "tellen")
    return f"{sentence} {number(left_out)} {areas} {verb} niet mee, omdat een cijfer ontbreekt."


def _sentence(facts: HeadlineFacts, wording: Wording, number: NumberFormat) -> str:
    count, places = number(facts.capacity_count), wording.places
    areas = f"{number(facts.counted_area_count)} {wording.areas}"
    match facts.kind:
        case "no_places" if facts.left_out_area_count:
            return f"In de {wording.areas} met cijfers zijn geen {places}."
        case "no_places":
            return f"Er zijn geen {places}."
        case "no_weight":
            return (
                f"De verdeling van de {places} is niet te berekenen: van geen van de "
                f"{wording.areas} is {wording.base_amount} bekend."
            )
        case "zero_weight":
            which = f"de {wording.areas} met cijfers" if facts.left_out_area_count else None
            return (
                f"De verdeling van de {places} is niet te berekenen: in "
                f"{which or f'alle {wording.areas}'} is {wording.base_amount} 0."
            )
        case "no_capacity":
            return f"Van geen van de {wording.areas} is bekend hoeveel {places} er zijn."
        case "too_few_areas":
            return (
                f"Er zijn minder dan twee {wording.areas} met cijfers. "
                "Er valt niets te vergelijken."
            )
        case "too_few_places":
            return _too_few(facts, wording, number)
        case "one_holder":
            return (
                f"Alle {count} {places} zijn in {facts.holder_name}. Bij een gelijke verdeling "
                f"naar {wording.base} zouden dat er {number(_rounded_share(facts))} zijn."
            )
        case "even":
            return (
                f"De {count} {places} zijn bijna gelijk verdeeld over de {areas}, gerekend naar "
                f"{wording.base}."
            )
        case "one_in":
            return (
                f"Van de {count} {places} zou ongeveer 1 op de {number(facts.one_in_count or 0)} "
                f"moeten verhuizen voor een gelijke verdeling naar {wording.base}."
            )
        case "count":
            return (
                f"Van de {count} {places} zouden er ongeveer {number(facts.to_move_count or 0)} "
                f"moeten verhuizen voor een gelijke verdeling naar {wording.base}."
            )


def _too_few(facts: HeadlineFacts, wording: Wording, number: NumberFormat) -> str:
    one = facts.capacity_count == 1
    there_are = (
        f"Er is 1 {wording.place}"
        if one
        else (f"Er zijn {number(facts.capacity_count)} {wording.places}")
    )
    where = ""
    if facts.holder_name is not None:
        where = f", in {facts.holder_name}" if one else f", allemaal in {facts.holder_name}"
    return (
        f"{there_are}{where}. Dat is te weinig om te zeggen of de verdeling over "
        f"{number(facts.counted_area_count)} {wording.areas} gelijk is."
    )


def _kind(spreading: Spreading) -> Kind:
    if spreading.reasons:
        return _KIND_OF_REASON[spreading.reasons[0].key]
    if spreading.has_too_few_places:
        return "too_few_places"
    if spreading.only_area_name is not None:
        return "one_holder"
    if spreading.whole_to_move_count == 0 or round(spreading.hoover_places_count or 0) == 0:
        return "even"
    return "one_in" if _one_in(spreading.hoover_index) else "count"


def _one_in(index: float | None) -> int | None:
    if not index or index > 0.5 * (1 + ROUNDING):
        return None
    whole = round(1 / index)
    return whole if abs(1 / whole - index) <= ROUNDING * index else None


def _holder_fair_share(spreading: Spreading) -> float | None:
    if spreading.only_area_name is None or not spreading.is_applicable:
        return None
    table = spreading.table
    return float(table.loc[table["capacity_share"].gt(0), "fair_share_count"].iloc[0])


def _rounded_share(facts: HeadlineFacts) -> int:
    return round(facts.holder_fair_share_count or 0)
