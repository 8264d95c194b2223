"""The series and what changed as tables for readers, and as downloads."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.spreading.change import MEASURE as CHANGE
from analysis.spreading.change import SpreadingChange
from analysis.spreading.hoover import MEASURE as HOOVER
from analysis.spreading.verdict import VERDICTS
from app.numbers import to_dutch, to_dutch_date, to_dutch_significant
from app.services.downloads import Download
from app.services.lists import Column, SourceLine, plain
from app.services.spreading_events import AreaEvents, SiteEvent
from app.services.spreading_series import SpreadingSeries, YearMoment

UNKNOWN_PLACES = "Het aantal plekken is niet bekend."

YEARS = (
    Column("datum", "Datum", "date"),
    Column("plekken", "Plekken", "whole"),
    Column(
        "onbekende_gebieden",
        "Gebieden waar het aantal plekken niet bekend is",
        "whole",
        explanation="Is dit meer dan 0, dan zijn er minstens zo veel plekken",
    ),
    Column("locaties", "Locaties", "whole", explanation="Ook de afgeschermde locaties"),
    Column(
        "van_de_100",
        "Plekken die zouden moeten verhuizen",
        "number",
        1,
        "van de 100 plekken",
        "De Hoover-index maal 100",
    ),
    Column("niet_mee", "Gebieden die niet meetellen", "whole"),
    Column("basis_jaar", "Jaar van het aantal om naar te verdelen", "text"),
    Column("reden", "Reden als het niet te berekenen is", "text"),
)
AREAS = (
    Column("datum", "Datum", "date"),
    Column("code", "Code", "text"),
    Column("naam", "Naam", "text"),
    Column("gemeente", "Gemeente", "text"),
    Column("plekken", "Plekken", "whole"),
    Column("verhouding", "Verhouding", "number", 3),
    Column("oordeel", "Oordeel", "text"),
    Column("basis_jaar", "Jaar van het aantal om naar te verdelen", "text"),
    Column("reden", "Reden als het niet te berekenen is", "text"),
)
CHANGES = (
    Column("code", "Code", "text"),
    Column("naam", "Naam", "text"),
    Column("plekken_toen", "Plekken toen", "whole"),
    Column("plekken_nu", "Plekken nu", "whole"),
    Column("verschil", "Verschil in plekken", "whole"),
    Column("basis_toen", "Aantal om naar te verdelen, toen", "whole"),
    Column("basis_nu", "Aantal om naar te verdelen, nu", "whole"),
    Column(
        "door_plekken", "Deel van de verandering door plekken", "number", 2, "van de 100 plekken"
    ),
    Column(
        "door_basis",
        "Verandering door het aantal om naar te verdelen",
        "number",
        2,
        "van de 100 plekken",
    ),
    Column("deel", "Verandering samen", "number", 2, "van de 100 plekken"),
    Column("gebeurd", "Wat er gebeurde", "text"),
)


def year_rows(series: SpreadingSeries) -> pd.DataFrame:
    """A row for every moment, under the names of ``YEARS``."""
    return pd.DataFrame(
        [
            {
                "datum": moment.on,
                "plekken": moment.place_count,
                "onbekende_gebieden": moment.unknown_area_count,
                "locaties": moment.site_count,
                "van_de_100": None if moment.hoover.value is None else 100 * moment.hoover.value,
                "niet_mee": moment.measured.left_out_area_count,
                "basis_jaar": str(moment.base_year),
                "reden": None if moment.hoover.reason is None else moment.hoover.reason.label,
            }
            for moment in series.moments
        ]
    ).astype({"datum": "object", "plekken": "Int64", "van_de_100": "float64", "reden": "object"})


def area_rows(series: SpreadingSeries) -> pd.DataFrame:
    """A row for every area at every moment, under the names of ``AREAS``."""
    rows = pd.concat([_areas_at(moment) for moment in series.moments])
    return rows.sort_values(
        ["datum", "gemeente", "naam"],
        key=lambda values: values if values.name == "datum" else values.map(plain),
        kind="stable",
    )


def change_rows(series: SpreadingSeries) -> pd.DataFrame:
    """A row for every area with what it changed, under the names of ``CHANGES``.

    Parts are out of 100 places, as the figures they add up to. Largest influence first.
    """
    table = series.change.table
    told = {entry.area_code: " ".join(event_texts(entry)) for entry in series.events}
    rows = pd.DataFrame(
        {
            "code": table.index,
            "naam": table["name"],
            "plekken_toen": table["capacity_then_count"],
            "plekken_nu": table["capacity_now_count"],
            "verschil": table["difference_count"],
            "basis_toen": table["weight_then"],
            "basis_nu": table["weight_now"],
            "door_plekken": 100 * table["places_part"],
            "door_basis": 100 * table["base_part"],
            "deel": 100 * table["part"],
            "gebeurd": pd.Series(table.index.map(told.get), table.index, dtype="object"),
        },
        index=table.index,
    )
    size = pd.DataFrame({"size": -rows["deel"].abs().round(6), "naam": rows["naam"].map(plain)})
    return rows.loc[size.sort_values(["size", "naam"], na_position="last").index]


def event_texts(entry: AreaEvents) -> list[str]:
    """What happened in an area, a sentence for each site and one for the protected ones."""
    texts = [f"{event.name} {event_words(event)}" for event in entry.sites]
    protected = protected_text(entry.protected_difference_count)
    return [*texts, protected] if protected else texts


def event_words(event: SiteEvent) -> str:
    """What happened to a site, to say after its name."""
    before, after = (
        "een onbekend aantal" if count is None else to_dutch(count)
        for count in (event.before_count, event.after_count)
    )
    reason = "" if event.reason is None else f" Reden: {event.reason.rstrip('.')}."
    return (
        f"{event.kind.label} op {to_dutch_date(event.on)}: van {before} naar {after} plekken."
        f"{reason}"
    )


def protected_text(difference: int | None) -> str | None:
    """How many places protected sites have more or less, all in one area together."""
    if not difference:
        return None
    noun = "plek" if abs(difference) == 1 else "plekken"
    more = "meer" if difference > 0 else "minder"
    return f"Afgeschermde locaties hebben samen {to_dutch(abs(difference))} {noun} {more}."


def sources_of(series: SpreadingSeries) -> tuple[SourceLine, ...]:
    """Where the areas and the sites of the series come from."""
    task = series.now.task_release
    return (
        *(SourceLine("cijfers", "Gebieden en cijfers", entry) for entry in series.area_releases),
        *(() if task is None else (SourceLine("opgave", "Opgave", task),)),
        *(SourceLine("locaties", "Locaties en plekken", entry) for entry in series.site_releases),
    )


def years_download(series: SpreadingSeries) -> Download:
    """The series as a file."""
    return _download(series, "jaren", "Door de jaren", YEARS, year_rows(series))


def areas_download(series: SpreadingSeries) -> Download:
    """Every area in every year as a file."""
    return _download(series, "gebieden", "Gebieden door de jaren", AREAS, area_rows(series))


def change_download(series: SpreadingSeries) -> Download:
    """What changed as a file, with the totals that the parts add up to."""
    return _download(
        series,
        "verandering",
        series.headline,
        CHANGES,
        change_rows(series),
        (
            ("Vergeleken", f"{series.then.on.isoformat()} met {series.now.on.isoformat()}"),
            *change_facts(series.change),
            *(("Let op", limit) for limit in CHANGE.limits),
        ),
    )


def change_facts(change: SpreadingChange) -> tuple[tuple[str, str], ...]:
    """The totals of the account in words and numbers, or why there are none."""
    return (
        ("Gebieden vergeleken", str(change.compared_area_count)),
        ("Gebieden die niet meetellen", str(change.left_out_area_count)),
        ("Plekken toen", str(change.capacity_then_count)),
        ("Plekken nu", str(change.capacity_now_count)),
        ("Hoover-index toen", _index(change.hoover_then)),
        ("Hoover-index nu", _index(change.hoover_now)),
        ("Verandering", _index(change.hoover_change)),
        ("Waarvan door plekken", _index(change.places_part)),
        ("Waarvan door het aantal om naar te verdelen", _index(change.base_part)),
        ("Kleinste duidelijke verandering", _index(change.least_clear_change)),
        *((reason.key, reason.label) for reason in change.reasons),
    )


def _index(value: float | None) -> str:
    return "niet te berekenen" if value is None else to_dutch_significant(value)


def _areas_at(moment: YearMoment) -> pd.DataFrame:
    table = moment.table
    reason = None if moment.hoover.reason is None else moment.hoover.reason.label
    reasons = pd.Series(reason, table.index, dtype="object")
    reasons = reasons.mask(table["capacity_count"].isna(), UNKNOWN_PLACES)
    return pd.DataFrame(
        {
            "datum": moment.on,
            "code": table.index,
            "naam": table["name"],
            "gemeente": moment.areas["gemeente_name"],
            "plekken": table["capacity_count"],
            "verhouding": table["location_quotient"],
            "oordeel": [VERDICTS[key].label for key in table["verdict"]],
            "oordeel_sleutel": table["verdict"],
            "basis_jaar": str(moment.base_year),
            "reden": reasons,
        },
        index=table.index,
    )


def _download(
    series: SpreadingSeries,
    part: str,
    title: str,
    columns: tuple[Column, ...],
    rows: pd.DataFrame,
    more: tuple[tuple[str, str], ...] = (),
) -> Download:
    question = series.question.now
    return Download(
        name=f"spreiding-{part}-{question.level.plural}",
        title=title,
        columns=columns,
        rows=rows,
        sources=sources_of(series),
        facts=(
            ("Soort", question.types_label),
            ("Gebieden", question.level.plural),
            ("Verdeeld naar", question.base.label),
            ("Jaren van dat aantal", series.base_note),
            ("Telt mee", f"{question.plan_scope.label}. {question.plan_scope.explanation}"),
            *more,
            *(("Let op", limit) for limit in HOOVER.limits),
            ("Uitleg", "/methode/verandering-hoover op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
    )
