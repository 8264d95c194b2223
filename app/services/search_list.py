"""The search areas in words, as the list, the map, the files and the command all have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from analysis.access.profiles import Criterion
from analysis.land_uses import LAND_USES, LandUse
from analysis.search_areas.areas import TOO_SMALL
from analysis.search_areas.assessment import OUTCOMES
from analysis.search_areas.grid import CELL_HA
from analysis.search_areas.reason import Reason, minutes_text, reasons_of
from app.numbers import to_dutch
from app.services.lists import plain
from app.services.search_areas import SearchAnswer
from app.services.search_needs import listed
from app.services.spreading import QuestionError

TOO_SMALL_LABEL = "Te klein"


@dataclass(frozen=True)
class CriterionRange:
    """How far one thing is from everywhere in an area."""

    criterion: Criterion
    text: str
    least_min: float
    most_min: float


@dataclass(frozen=True)
class AreaEntry:
    """One search area: where, how large, why, and what it looks like in numbers.

    ``elsewhere`` names the other wijken of the whole that it is part of.
    """

    number: int
    gemeente_code: str
    gemeente: str
    wijk: str
    area_ha: float
    whole_ha: float
    elsewhere: tuple[str, ...]
    reason: Reason
    ranges: tuple[CriterionRange, ...]
    x_m: float
    y_m: float

    @property
    def anchor(self) -> str:
        """Its name in the address of the page."""
        return f"gebied-{self.number}"

    @property
    def size_text(self) -> str:
        """``12,5 hectare``."""
        return hectares(self.area_ha)

    @property
    def whole_text(self) -> str | None:
        """That it goes on in other wijken, and how large it is there; None when it does not."""
        if not self.elsewhere:
            return None
        return (
            f"Dit gebied loopt door in {listed(self.elsewhere)}. Samen is het "
            f"{hectares(self.whole_ha)}."
        )


@dataclass(frozen=True)
class WijkEntry:
    """A wijk and its search areas."""

    name: str
    areas: tuple[AreaEntry, ...]


@dataclass(frozen=True)
class GemeenteEntry:
    """A gemeente, its wijken with search areas, and how many of them there are."""

    code: str
    name: str
    wijken: tuple[WijkEntry, ...]

    @property
    def area_count(self) -> int:
        """How many search areas it has."""
        return sum(len(wijk.areas) for wijk in self.wijken)

    @property
    def total_ha(self) -> float:
        """How much ground they are together."""
        return sum(area.area_ha for wijk in self.wijken for area in wijk.areas)


@dataclass(frozen=True)
class GroundEntry:
    """A use of the ground in the region: how much, why, and from what source."""

    use: LandUse
    hectares: float


@dataclass(frozen=True)
class OutcomeEntry:
    """How many squares of 1 hectare came to the same end."""

    key: str
    label: str
    explanation: str
    cell_count: int


@dataclass(frozen=True)
class ShownAreas:
    """The areas to show: of the region, or of the one gemeente that is asked (its name)."""

    entries: list[AreaEntry]
    gemeenten: Mapping[str, str]
    gemeente: str | None


def shown_areas(answer: SearchAnswer, gemeente_word: str = "") -> ShownAreas:
    """The areas of the region, or of the gemeente with this code or name.

    QuestionError, with field "gemeente", when there is no such gemeente in the region.
    """
    gemeenten = gemeenten_of(answer)
    word = plain(gemeente_word)
    code = next((key for key, name in gemeenten.items() if word in (plain(key), plain(name))), None)
    if gemeente_word.strip() and code is None:
        known = ", ".join(f"{key} ({name})" for key, name in gemeenten.items())
        raise QuestionError(
            "gemeente", f"{gemeente_word[:40]!r} is geen gemeente hier. Kies uit: {known}."
        )
    return ShownAreas(area_entries(answer, code), gemeenten, gemeenten.get(code or ""))


def gemeenten_of(answer: SearchAnswer) -> dict[str, str]:
    """The gemeenten of the region by code, in the order of their names."""
    names = answer.region.names
    rows = names.loc[names.index == names["gemeente_code"], "name"]
    found = {str(code): str(name) for code, name in rows.items()}
    return dict(sorted(found.items(), key=lambda entry: plain(entry[1])))


def hectares(ha: float) -> str:
    """``12,5 hectare``, and whole hectares from 100 on."""
    return f"{to_dutch(ha, 1 if ha < 100 else 0)} hectare"


def area_entries(answer: SearchAnswer, gemeente_code: str | None = None) -> list[AreaEntry]:
    """The search areas of the region or of one gemeente, by gemeente and wijk, in words."""
    found = answer.found
    names = {str(code): str(name) for code, name in answer.region.names["name"].items()}
    reasons = reasons_of(found, names, _number)
    wholes = _wholes(answer)
    ranges = _ranges(answer)
    rows = found.areas.drop(columns="geometry").to_dict("index")
    entries = [
        AreaEntry(
            int(number),
            row["gemeente_code"],
            answer.name_of(row["gemeente_code"]),
            answer.name_of(row["wijk_code"]) or "Zonder wijk",
            float(row["area_ha"]),
            float(row["whole_ha"]),
            tuple(name for code, name in wholes[row["whole_number"]] if code != row["wijk_code"]),
            reasons[int(number)],
            ranges[int(number)],
            float(row["x_m"]),
            float(row["y_m"]),
        )
        for number, row in rows.items()
        if gemeente_code in (None, row["gemeente_code"])
    ]
    return sorted(entries, key=lambda area: (plain(area.gemeente), plain(area.wijk), area.number))


def by_gemeente(entries: list[AreaEntry]) -> list[GemeenteEntry]:
    """The same in the order of a list: gemeente, wijk, area."""
    return [
        GemeenteEntry(code, name, tuple(_by_wijk(group)))
        for (code, name), group in groupby(
            entries, lambda area: (area.gemeente_code, area.gemeente)
        )
    ]


def excluded_ground(answer: SearchAnswer) -> list[GroundEntry]:
    """The ground of the region that rules out, by use, the most first."""
    return _grounds(answer, excludes=True)


def attention_ground(answer: SearchAnswer) -> list[GroundEntry]:
    """The ground of the region that asks attention and rules nothing out."""
    return _grounds(answer, excludes=False)


def silent_uses(answer: SearchAnswer) -> list[LandUse]:
    """The uses of which no source in use knows anything: the map is silent about them."""
    return [use for use in LAND_USES if use.key not in answer.region.ground.kinds]


def outcomes(answer: SearchAnswer) -> list[OutcomeEntry]:
    """What became of all squares, in the order of the test."""
    counts = answer.found.cells["outcome"].value_counts()
    rows = [
        *(
            OutcomeEntry(entry.key, entry.label, entry.explanation, int(counts.get(entry.key, 0)))
            for entry in OUTCOMES
        ),
        OutcomeEntry(
            TOO_SMALL,
            TOO_SMALL_LABEL,
            "Voldoet aan alle voorwaarden, maar ligt in een groepje dat kleiner is dan gevraagd.",
            int(counts.get(TOO_SMALL, 0)),
        ),
    ]
    return [row for row in rows if row.cell_count]


def unknown_reasons(answer: SearchAnswer) -> list[tuple[str, float]]:
    """Why squares could not be measured, each with how many hectares."""
    facts, cells = answer.found.facts, answer.found.cells
    dark = (cells["outcome"] == "onbekend").to_numpy()
    words = facts.reasons[dark]
    first = words.bfill(axis=1).iloc[:, 0] if len(words) else pd.Series(dtype="object")
    counted = first.value_counts()
    return [(str(reason), int(count) * CELL_HA) for reason, count in counted.items()]


def conditions_sentence(answer: SearchAnswer) -> str:
    """The conditions as they are, in a sentence."""
    asked = answer.question.conditions
    told = [f"dichtbij minstens {to_dutch(asked.bereikbaarheid)} van 100 punten"]
    if answer.question.profile.asks_distance:
        told.append(f"afstand minstens {to_dutch(asked.afstand)} van 100 punten")
    if asked.plekken is not None:
        told.append(f"hoogstens {to_dutch(asked.plekken)} plekken binnen 400 meter lopen")
    told.append(f"hoogstens {to_dutch(asked.grond)}% uitgesloten grond")
    told.append(f"samen minstens {to_dutch(asked.kleinste)} hectare")
    if asked.aandeel != "alle":
        told.append(asked.gemeenten.label.lower())
    return f"{_upper(listed(told))}."


def headline(answer: SearchAnswer, entries: list[AreaEntry], gemeente: str | None) -> str:
    """How many search areas there are, how much ground, and in how many gemeenten."""
    what = answer.question.type.plural
    if not entries:
        where = gemeente or "de regio"
        return f"In {where} is met deze voorwaarden geen zoekgebied voor {what}."
    size = hectares(sum(entry.area_ha for entry in entries))
    verb = "is 1 zoekgebied" if len(entries) == 1 else f"zijn {to_dutch(len(entries))} zoekgebieden"
    if gemeente:
        return f"In {gemeente} {verb} voor {what}, samen {size}."
    here = len({entry.gemeente_code for entry in entries})
    total = len(gemeenten_of(answer))
    where = f"alle {total}" if here == total else f"{here} van de {total}"
    return f"Er {verb} voor {what}, samen {size}, in {where} gemeenten."


def _by_wijk(entries: Any) -> Iterator[WijkEntry]:
    for name, group in groupby(entries, lambda area: area.wijk):
        yield WijkEntry(name, tuple(group))


def _grounds(answer: SearchAnswer, *, excludes: bool) -> list[GroundEntry]:
    ground = answer.region.ground
    sizes = {kind: float(ground.shares[kind].sum()) * CELL_HA for kind in ground.kinds}
    found = [
        GroundEntry(LAND_USES[kind], size)
        for kind, size in sizes.items()
        if LAND_USES[kind].excludes is excludes and size >= _LEAST_HA
    ]
    return sorted(found, key=lambda entry: -entry.hectares)


#: Less ground than this in the whole region is not told.
_LEAST_HA = 0.05


def _wholes(answer: SearchAnswer) -> dict[int, list[tuple[object, str]]]:
    """The wijken of each whole, each with its code and its name, and its gemeente when needed."""
    columns = ["whole_number", "gemeente_code", "wijk_code"]
    parts: defaultdict[int, list[dict[Any, Any]]] = defaultdict(list)
    for row in answer.found.areas[columns].to_dict("records"):
        parts[int(row["whole_number"])].append(row)
    found: dict[int, list[tuple[object, str]]] = {}
    for whole, rows in parts.items():
        is_wide = len({row["gemeente_code"] for row in rows}) > 1
        found[whole] = [
            (row["wijk_code"], _place(answer, row, with_gemeente=is_wide)) for row in rows
        ]
    return found


def _place(answer: SearchAnswer, row: dict[Any, Any], *, with_gemeente: bool) -> str:
    wijk = answer.name_of(row["wijk_code"]) or "een gebied zonder wijk"
    return f"{wijk} ({answer.name_of(row['gemeente_code'])})" if with_gemeente else wijk


def _ranges(answer: SearchAnswer) -> dict[int, tuple[CriterionRange, ...]]:
    found, profile = answer.found, answer.question.profile
    keys = [entry.key for entry in profile.criteria]
    wide = found.ranges.unstack("criterion") if len(found.ranges) else None
    if wide is None:
        return {}
    least, most = (wide[name][keys].to_numpy(dtype=np.float64) for name in _ENDS)
    return {
        int(number): tuple(
            CriterionRange(entry, minutes_text(low, high, _number), low, high)
            for entry, low, high in zip(profile.criteria, lows, highs, strict=True)
        )
        for number, lows, highs in zip(wide.index, least, most, strict=True)
    }


_ENDS = ("least_min", "most_min")


def _number(value: float) -> str:
    return to_dutch(value, 1)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
