"""The search areas as files: the areas with their outlines, and in a GeoPackage their squares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.search_areas.assessment import MEASURE
from analysis.search_areas.grid import squares
from analysis.spreading.verdict import VERDICTS
from app.numbers import to_dutch_date
from app.services.downloads import Download
from app.services.lists import Column
from app.services.search_areas import SearchAnswer
from app.services.search_list import (
    AreaEntry,
    conditions_sentence,
    excluded_ground,
    headline,
    hectares,
    outcomes,
    silent_uses,
)
from geo.crs import RD

METHOD = f"/methode/{MEASURE.slug}"
NOT_A_DECISION = "Een zoekgebied is geen besluit en geen plan. De gebieden staan niet op volgorde."
_FIRST = (
    Column("nummer", "Nummer", "whole"),
    Column("gemeente_code", "Code gemeente", "text"),
    Column("gemeente", "Gemeente", "text"),
    Column("wijk_code", "Code wijk", "text"),
    Column("wijk", "Wijk", "text"),
    Column("hectare", "Hectare", "number", 1, explanation="Zonder uitgesloten grond."),
    Column("heel_gebied_hectare", "Hectare van het hele gebied", "number", 1),
    Column("loopt_door_in", "Loopt door in", "text"),
)
_SCORES = (
    Column("dichtbij_laagst", "Score dichtbij, laagste", "number", 1, "van 100"),
    Column("dichtbij_hoogst", "Score dichtbij, hoogste", "number", 1, "van 100"),
    Column("afstand_laagst", "Score afstand, laagste", "number", 1, "van 100"),
    Column("afstand_hoogst", "Score afstand, hoogste", "number", 1, "van 100"),
    Column("plekken_minst", "Plekken binnen 400 m lopen, minst", "whole"),
    Column("plekken_meest", "Plekken binnen 400 m lopen, meest", "whole"),
    Column("plekken_onbekend", "Locaties daar met onbekend aantal", "whole"),
    Column("aandeel", "Gemeente tegenover haar aandeel", "text"),
)
_LAST = (
    Column("waarom", "Waarom hier", "text"),
    Column("let_op", "Let op", "text"),
    Column("x_m", "x van een punt erin", "whole", unit="m (RD)"),
    Column("y_m", "y van een punt erin", "whole", unit="m (RD)"),
    Column("voorwaarden", "Voorwaarden", "text"),
    Column("methode", "Methode", "text"),
)
_RANGES = {
    "dichtbij_laagst": "least_access_score",
    "dichtbij_hoogst": "most_access_score",
    "afstand_laagst": "least_distance_score",
    "afstand_hoogst": "most_distance_score",
    "plekken_minst": "least_place_count",
    "plekken_meest": "most_place_count",
    "plekken_onbekend": "most_unknown_site_count",
}


def search_download(
    answer: SearchAnswer, entries: Sequence[AreaEntry], gemeente: str | None = None
) -> Download:
    """The areas of ``entries``, with their outlines, and their squares beside them."""
    kind = answer.question.type
    numbers = [entry.number for entry in entries]
    return Download(
        name=f"zoekgebieden-{kind.key.replace('_', '-')}",
        title=headline(answer, list(entries), gemeente),
        columns=(*_FIRST, *_SCORES, *_minute_columns(answer), *_LAST),
        rows=_rows(answer, entries),
        sources=answer.sources,
        facts=_facts(answer, gemeente),
        geometry=answer.found.areas.geometry.loc[numbers],
        more=(_cells(answer, numbers, gemeente),),
    )


def _rows(answer: SearchAnswer, entries: Sequence[AreaEntry]) -> pd.DataFrame:
    found = answer.found
    verdicts, said = found.facts.verdicts, conditions_sentence(answer)
    rows: list[dict[str, Any]] = [
        {
            "nummer": entry.number,
            "gemeente_code": entry.gemeente_code,
            "gemeente": entry.gemeente,
            "wijk_code": found.areas.at[entry.number, "wijk_code"],
            "wijk": entry.wijk,
            "hectare": entry.area_ha,
            "heel_gebied_hectare": entry.whole_ha,
            "loopt_door_in": "; ".join(entry.elsewhere),
            **{
                name: found.area_ranges.at[entry.number, column] for name, column in _RANGES.items()
            },
            "aandeel": VERDICTS[str(verdicts[entry.gemeente_code])].label,
            **{
                f"{way.criterion.key}_{end}_min": value
                for way in entry.ranges
                for end, value in (("minst", way.least_min), ("meest", way.most_min))
            },
            "waarom": " ".join((entry.reason.because, *entry.reason.facts)),
            "let_op": " ".join(entry.reason.attention),
            "x_m": entry.x_m,
            "y_m": entry.y_m,
            "voorwaarden": said,
            "methode": METHOD,
        }
        for entry in entries
    ]
    names = [column.key for column in (*_FIRST, *_SCORES, *_minute_columns(answer), *_LAST)]
    index = pd.Index([entry.number for entry in entries], name="area_number", dtype="int64")
    return pd.DataFrame(rows, columns=names, index=index)


def _minute_columns(answer: SearchAnswer) -> tuple[Column, ...]:
    profile = answer.question.profile
    return tuple(
        Column(
            f"{entry.key}_{end}_min",
            f"{entry.label}, {end} minuten",
            "number",
            1,
            unit=f"minuten {profile.mode.verb}",
        )
        for entry in profile.criteria
        for end in ("minst", "meest")
    )


def _cells(answer: SearchAnswer, numbers: list[int], gemeente: str | None) -> Download:
    """The squares of these areas: what each was tested on, without ground that rules out."""
    found = answer.found
    cells = found.cells[found.cells["area_number"].isin(numbers)]
    keys = [entry.key for entry in answer.question.profile.criteria]
    rows = pd.DataFrame(
        {
            "vakje": cells.index,
            "gebied": cells["area_number"],
            "gemeente_code": cells["gemeente_code"],
            "wijk_code": cells["wijk_code"],
            "dichtbij": cells["access_score"],
            "afstand": cells["distance_score"],
            "plekken": cells["place_count"],
            **{f"{key}_min": found.facts.minutes.loc[cells.index, key] for key in keys},
            "uitgesloten_procent": 100
            * found.facts.ground.cells.loc[cells.index, "excluded_share"],
        },
        index=cells.index,
    )
    return Download(
        name="vakjes",
        title="Vakjes van 100 bij 100 meter in de zoekgebieden",
        columns=tuple(_cell_column(name) for name in rows.columns),
        rows=rows,
        sources=answer.sources,
        facts=_facts(answer, gemeente),
        geometry=_clipped(answer, cells),
    )


def _cell_column(name: str) -> Column:
    if name in ("vakje", "gemeente_code", "wijk_code"):
        return Column(name, name.replace("_", " ").capitalize(), "text")
    if name in ("gebied", "plekken"):
        return Column(name, name.capitalize(), "whole")
    return Column(name, name.replace("_", " ").capitalize(), "number", 1)


def _clipped(answer: SearchAnswer, cells: pd.DataFrame) -> gpd.GeoSeries:
    """Each square as far as it is in its area: without the ground that rules out."""
    boxes = np.asarray(squares(cells).array)
    shares = answer.found.facts.ground.cells.loc[cells.index, "excluded_share"].to_numpy()
    outlines = answer.found.areas.geometry.loc[cells["area_number"]].to_numpy()
    cut = shares > 0
    boxes[cut] = shapely.intersection(boxes[cut], outlines[cut])
    return gpd.GeoSeries(boxes, index=cells.index, crs=RD)


def _facts(answer: SearchAnswer, gemeente: str | None) -> tuple[tuple[str, str], ...]:
    question = answer.question
    silent = ", ".join(use.label for use in silent_uses(answer))
    return (
        ("Soort", question.type.label),
        ("Gemeente", gemeente or "alle gemeenten"),
        ("Voorwaarden", conditions_sentence(answer)),
        ("Peildatum van de plekken", to_dutch_date(question.on)),
        ("Telt mee", f"{question.plan_scope.label}. {question.plan_scope.explanation}"),
        *((f"Vakjes: {row.label}", f"{row.cell_count} hectare") for row in outcomes(answer)),
        *(
            (f"Uitgesloten: {entry.use.label}", f"{hectares(entry.hectares)}. {entry.use.ground}")
            for entry in excluded_ground(answer)
        ),
        *((("Grond waarvan niets bekend is", silent),) if silent else ()),
        ("Let op", NOT_A_DECISION),
        ("Uitleg", f"{METHOD} op deze site"),
        ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
    )
