"""The four figures of a scenario in words: a sentence each, and rows that say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from analysis.access.availability import LIMIT_MIN
from analysis.access.availability import SHARE as REACH_MEASURE
from analysis.access.score import MEASURE as SCORE_MEASURE
from analysis.comparing.criteria import NEAR_HOME_M
from analysis.facility_types import FacilityType
from analysis.spreading.exposure import PLACES as PLACES_MEASURE
from analysis.spreading.hoover import MEASURE as HOOVER_MEASURE
from app.numbers import to_dutch, to_dutch_date
from app.services.availability import ALIKE, LEAST_DIFFERENCE
from app.services.exposure_words import places_sentences
from app.services.lists import SourceLine
from app.services.reach_table import share_text
from app.services.scenario_figures import (
    Money,
    PlannedChange,
    ScenarioFigures,
)
from app.services.scenario_measures import Near, Reach, Scores, Spread

TODAY = "Vandaag"
NO_FIGURE = "geen cijfer"
#: A mean score is called higher or lower from one point of 100 on. One minute more or less to
#: one amenity moves it by about as much, and minutes are not known better than that.
LEAST_SCORE_DIFFERENCE = 1.0
TOO_FEW = f"{ALIKE} (te weinig plekken)"
NOT_COMPARED = "niet te vergelijken"


@dataclass(frozen=True)
class FigureRow:
    """One number of today and of each scenario, as text; ``verdicts`` compare with today."""

    label: str
    values: tuple[str, ...]
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One of the four figures. ``methods`` are pairs of a label and the word of the method."""

    key: str
    title: str
    sentences: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    methods: tuple[tuple[str, str], ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...] = ()


def four_figures(found: ScenarioFigures, names: Sequence[str]) -> tuple[Figure, ...]:
    """Spreading, exposure, access and money; ``names`` are those of the scenarios."""
    return (
        _spreading(found, names),
        _exposure(found, names),
        _access(found, names),
        _money(found, names),
    )


def lead(found: ScenarioFigures, name: str) -> str:
    """The answer in a sentence: how many places there would be, against today and the target."""
    today, then = found.counts[0], found.counts[1]
    case, words = found.cases[0].case, found.type
    if then is None:
        return f"Hoeveel {words.counted_plural} er met dit scenario zijn, is niet bekend."
    told = f"Op {to_dutch_date(case.on)} {_there_are(then)} {_places(then, words)}"
    compared = "" if today is None else f" (vandaag {to_dutch(today)})"
    return f"{told}{compared} met ‘{name}’.{_target(then, case.target_place_count)}"


def planned_sentence(planned: Sequence[PlannedChange]) -> str:
    """What changes by itself until the date, in one sentence."""
    return "; ".join(_planned(change) for change in planned)


def money_text(euros: int) -> str:
    """``€ 1.200.000``."""
    return f"€ {to_dutch(euros)}"


def _there_are(count: int) -> str:
    return "is er" if count == 1 else "zijn er"


def _places(count: int, type: FacilityType) -> str:
    return f"{to_dutch(count)} {type.counted if count == 1 else type.counted_plural}"


def _target(count: int, target: int | None) -> str:
    if target is None:
        return ""
    if count == target:
        return f" Dat is precies het doel van {to_dutch(target)}."
    side = "meer" if count > target else "minder"
    return (
        f" Dat zijn er {to_dutch(abs(count - target))} {side} dan het doel van {to_dutch(target)}."
    )


def _planned(change: PlannedChange) -> str:
    known = change.after_count if change.comes else change.before_count
    places = "" if known is None else f" ({to_dutch(known)} {'plek' if known == 1 else 'plekken'})"
    if change.comes:
        return f"{change.name} komt erbij{places}"
    if change.goes:
        return f"{change.name} gaat weg{places}"
    counts = [
        "een onbekend aantal" if count is None else to_dutch(count)
        for count in (change.before_count, change.after_count)
    ]
    return f"{change.name} gaat van {counts[0]} naar {counts[1]} plekken"


def _spreading(found: ScenarioFigures, names: Sequence[str]) -> Figure:
    rows = (
        _spread_row(found.type.label, found.type_spread),
        _spread_row("Alle soorten", found.all_spread),
    )
    sentences = [
        f"{_of(name, names)}{_spread_sentence(what, spreads[0], spread)}"
        for number, name in enumerate(names, start=1)
        for what, spreads in (
            (found.type.counted_plural, found.type_spread),
            ("alle soorten samen", found.all_spread),
        )
        for spread in (spreads[number],)
    ]
    return Figure(
        "spreiding",
        "Spreiding over de gemeenten",
        tuple(sentences),
        rows,
        (("Hoover-index", HOOVER_MEASURE.slug),),
        _roles(found, "gebieden", "locaties"),
        (
            "Zo veel van de 100 plekken zouden in een andere gemeente moeten liggen om gelijk te "
            "verdelen naar inwoners. Lager is gelijker.",
            *_left_out(found),
        ),
    )


def _left_out(found: ScenarioFigures) -> Iterable[str]:
    changes = [
        spread.change
        for spread in (*found.type_spread, *found.all_spread)
        if spread.change is not None
    ]
    most = max((change.left_out_area_count for change in changes), default=0)
    if most:
        areas = "1 gemeente telt" if most == 1 else f"{most} gemeenten tellen"
        yield f"{areas} niet mee in de vergelijking, omdat daar een cijfer ontbreekt."


def _spread_row(label: str, spreads: Sequence[Spread]) -> FigureRow:
    values = tuple(
        NO_FIGURE if spread.hoover is None else f"{to_dutch(100 * spread.hoover, 1)} van 100"
        for spread in spreads
    )
    return FigureRow(label, values, ("", *(_spread_verdict(spread) for spread in spreads[1:])))


def _spread_verdict(spread: Spread) -> str:
    if spread.reason is not None or spread.change is None:
        return NOT_COMPARED
    if spread.change.direction == "geen_duidelijk_verschil":
        return TOO_FEW if spread.change.has_too_few_places else ALIKE
    return "gelijker" if spread.change.direction == "gelijker" else "minder gelijk"


def _spread_sentence(what: str, today: Spread, spread: Spread) -> str:
    verdict = _spread_verdict(spread)
    start = f"Voor {what}"
    if spread.reason is not None or today.hoover is None or spread.hoover is None:
        reason = spread.reason or today.reason or ""
        return f"{what[:1].upper()}{what[1:]}: {reason[:1].lower()}{reason[1:]}"
    if verdict.startswith(ALIKE):
        return f"{start} is er {verdict} in de verdeling."
    then, now = (to_dutch(100 * index, 1) for index in (today.hoover, spread.hoover))
    return f"{start} is de verdeling {verdict}: van {then} naar {now} van de 100 plekken."


def _exposure(found: ScenarioFigures, names: Sequence[str]) -> Figure:
    metres = f"{to_dutch(NEAR_HOME_M)} meter lopen"
    today, *others = found.near
    sentences = [
        f"{_of(name, names)}{sentence}"
        for name, near in zip(names, others, strict=True)
        for sentence in _near_sentences(near)
    ]
    rows = (
        FigureRow(
            f"Meeste plekken binnen {metres} van een woning",
            tuple(_most(near) for near in found.near),
            ("", *(_most_verdict(today, near) for near in others)),
        ),
        FigureRow(
            f"Inwoners met een plek binnen {metres}",
            tuple(_near_people(near) for near in found.near),
            ("", *(_share_verdict(today.near_share, near.near_share) for near in others)),
        ),
    )
    return Figure(
        "dichtbij",
        "Plekken dicht bij huis",
        tuple(sentences),
        rows,
        (("Plekken dicht bij huis", PLACES_MEASURE.slug),),
        _roles(found, "inwoners", "straten", "locaties"),
        (
            "Alle soorten tellen mee, ook over de grens van een gemeente. Een plek dichtbij "
            "betekent ook dat hulp dichtbij is. Afgeschermde locaties tellen hier niet mee.",
        ),
    )


def _near_sentences(near: Near) -> tuple[str, ...]:
    if near.change is None:
        return (f"Dit is niet te vergelijken. {near.reason or ''}".strip(),)
    return places_sentences(near.change, NEAR_HOME_M)


def _most(near: Near) -> str:
    if near.most_place_count is None:
        return NO_FIGURE
    return f"{'minstens ' if near.is_at_least else ''}{to_dutch(near.most_place_count)}"


def _near_people(near: Near) -> str:
    if near.near_share is None:
        return NO_FIGURE
    return f"{to_dutch(near.near_count)} ({share_text(near.near_share)})"


def _most_verdict(today: Near, near: Near) -> str:
    if today.most_place_count is None or near.most_place_count is None:
        return NOT_COMPARED
    if today.is_at_least or near.is_at_least:
        return "niet zeker: van een locatie is het aantal niet bekend"
    return _higher(near.most_place_count - today.most_place_count, 1.0)


def _access(found: ScenarioFigures, names: Sequence[str]) -> Figure:
    today, *others = found.reach
    sentences = [
        f"{_of(name, names)}{_reach_sentence(found, today, reach)}"
        for name, reach in zip(names, others, strict=True)
    ]
    return Figure(
        "bereik",
        "Bereikbaarheid",
        tuple(sentences),
        (
            FigureRow(
                f"Inwoners binnen {to_dutch(LIMIT_MIN)} minuten fietsen",
                tuple(
                    NO_FIGURE if reach.share is None else share_text(reach.share)
                    for reach in found.reach
                ),
                ("", *(_reach_verdict(today, reach) for reach in others)),
            ),
            _score_row("Gemiddelde score van de locaties", found.scores, lambda one: one.mean),
            _score_row("Laagste score", found.scores, lambda one: one.least),
        ),
        (
            ("Binnen 15 minuten", REACH_MEASURE.slug),
            ("Score voor bereikbaarheid", SCORE_MEASURE.slug),
        ),
        (*_roles(found, "inwoners", "straten", "locaties"), *found.amenity_sources),
        _score_notes(found, names),
    )


def _reach_sentence(found: ScenarioFigures, today: Reach, reach: Reach) -> str:
    if reach.share is None:
        return f"Wie snel bij een plek kan zijn, is niet te meten. {reach.reason}"
    verdict = _reach_verdict(today, reach)
    told = (
        f"Van de inwoners kan {share_text(reach.share)} binnen {to_dutch(LIMIT_MIN)} minuten "
        f"fietsen bij een {found.type.counted} zijn"
    )
    if today.share is None:
        return f"{told}. Vandaag is dat niet te meten."
    if verdict == ALIKE:
        return f"{told}. Dat is {ALIKE} met vandaag."
    return f"{told}. Vandaag is dat {share_text(today.share)}."


def _reach_verdict(today: Reach, reach: Reach) -> str:
    if reach.share is None or today.share is None:
        return NOT_COMPARED
    return _share_verdict(today.share, reach.share)


def _score_row(
    label: str, scores: Sequence[Scores], number: Callable[[Scores], float | None]
) -> FigureRow:
    today, *others = (number(entry) for entry in scores)
    verdicts = [
        "" if value is None or today is None else _higher(value - today, LEAST_SCORE_DIFFERENCE)
        for value in others
    ]
    values = tuple(
        NO_FIGURE if (value := number(entry)) is None else f"{to_dutch(value)} van 100"
        for entry in scores
    )
    return FigureRow(label, values, ("", *verdicts))


def _score_notes(found: ScenarioFigures, names: Sequence[str]) -> tuple[str, ...]:
    notes = ["De score zegt hoe goed het dagelijks leven vanaf de locaties van deze soort past."]
    for label, entry in zip((TODAY, *names), found.scores, strict=True):
        if entry.least_name is not None:
            notes.append(f"{label}: de laagste score heeft {entry.least_name}.")
        if entry.unscored_count and entry.scored_count:
            sites = "1 locatie" if entry.unscored_count == 1 else f"{entry.unscored_count} locaties"
            notes.append(f"{label}: van {sites} is er geen score.")
        if entry.reason is not None:
            notes.append(f"{label}: {entry.reason[0].lower()}{entry.reason[1:]}")
    return tuple(notes)


def _money(found: ScenarioFigures, names: Sequence[str]) -> Figure:
    others = found.money[1:]
    return Figure(
        "geld",
        "Eenmalige kosten",
        tuple(
            f"{_of(name, names)}{_money_sentence(money)}"
            for name, money in zip(names, others, strict=True)
        ),
        (
            FigureRow(
                "Som van wat bekend is",
                ("geen", *(_money_value(money) for money in others)),
                ("", *(_money_unknown(money) for money in others)),
            ),
        ),
        (),
        (),
        (
            "Dit zijn de bedragen die bij de onderdelen staan, of bij de locatie zelf. Het is een "
            "schatting van de gemeente. Onbekende kosten zijn niet nul.",
        ),
    )


def _money_sentence(money: Money) -> str:
    if not money.known_count and not money.unknown_count:
        return "Er zijn nog geen onderdelen, en dus geen kosten."
    if not money.known_count:
        return "Van geen enkel onderdeel zijn de kosten bekend."
    told = f"De bekende eenmalige kosten zijn samen {money_text(money.known_eur)}."
    unknown = _money_unknown(money)
    return f"{told} {unknown[0].upper()}{unknown[1:]}." if unknown else told


def _money_value(money: Money) -> str:
    return money_text(money.known_eur) if money.known_count else NO_FIGURE


def _money_unknown(money: Money) -> str:
    if not money.unknown_count:
        return ""
    items = "1 onderdeel" if money.unknown_count == 1 else f"{money.unknown_count} onderdelen"
    return f"van {items} zijn de kosten niet bekend"


def _share_verdict(today: float | None, then: float | None) -> str:
    if today is None or then is None:
        return NOT_COMPARED
    return _higher(then - today, LEAST_DIFFERENCE)


def _higher(difference: float, least: float) -> str:
    if abs(difference) < least - 1e-9:
        return ALIKE
    return "hoger" if difference > 0 else "lager"


def _of(name: str, names: Sequence[str]) -> str:
    """Whose sentence it is, where there are two."""
    return f"{name}: " if len(names) > 1 else ""


def _roles(found: ScenarioFigures, *roles: str) -> tuple[SourceLine, ...]:
    return tuple(line for line in found.sources if line.role in roles)
