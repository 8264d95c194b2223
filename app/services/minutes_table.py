"""Travel minutes by area as a table, as the colours of a map, and as a file.

The map is coloured from the rows of the table, so that the two can't differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from itertools import pairwise
from math import floor, inf
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.availability import TYPICAL
from analysis.classes import FIXED, classify_at
from app.numbers import to_dutch
from app.services.area_minutes import BASES, TOO_FAR, AreaMinutes, fallback_figure
from app.services.downloads import Download
from app.services.list_downloads import LEVEL_NOUNS
from app.services.lists import Column, arranged
from app.services.map_layers import AreaValue, Layer, LegendClass, figure_layer
from data.figures import FigureDefinition
from data.queries.areas import geometries
from data.queries.releases import Release

#: The same steps on every map of minutes, so that maps can be laid side by side.
EDGES_MIN = (0.0, 5.0, 10.0, 15.0, 30.0, inf)
#: Under this, minutes are shown with one decimal; from it on as whole ones.
WHOLE_FROM_MIN = 10.0

NAME = Column("naam", "Naam", "text")
MEDIAN = Column(
    "helft_min",
    "Helft van de inwoners",
    "number",
    1,
    "minuten",
    "Zo ver, of dichterbij, is het voor de helft van de inwoners",
)
P90 = Column(
    "negen_van_tien_min",
    "9 van de 10 inwoners",
    "number",
    1,
    "minuten",
    "Zo ver, of dichterbij, is het voor negen van de tien inwoners",
)
RESIDENTS = Column(
    "inwoners", "Inwoners", "whole", explanation="Inwoners van de punten waarvan wij meten"
)
#: What the page shows and can be sorted by.
COLUMNS = (NAME, MEDIAN, P90, RESIDENTS)
DOWNLOAD_COLUMNS = (
    Column("code", "Code", "text"),
    NAME,
    Column("gemeente", "Gemeente", "text"),
    MEDIAN,
    P90,
    RESIDENTS,
    Column("niet_gemeten", "Inwoners die niet te meten zijn", "whole", explanation=TOO_FAR),
    Column("geen_weg", "Inwoners zonder weg erheen", "whole"),
    Column(
        "cbs_km",
        "Afstand over de weg (CBS)",
        "number",
        1,
        "km",
        "Alleen waar geen minuten te meten zijn: gemiddelde afstand met de auto, volgens het CBS",
    ),
    Column("reden", "Reden als er geen minuten zijn", "text"),
    Column("let_op", "Let op", "text"),
)


def shown_minutes(minutes: float) -> float:
    """Minutes as they are shown: whole ones, and under 10 with one decimal."""
    fine = floor(minutes * 10 + 0.5) / 10
    return fine if fine < WHOLE_FROM_MIN else float(floor(minutes + 0.5))


def minutes_text(minutes: float) -> str:
    """The shown minutes in Dutch notation."""
    return to_dutch(shown_minutes(minutes), 1)


def minutes_rows(
    answer: AreaMinutes, sort: str = NAME.key, descending: bool = False
) -> pd.DataFrame:
    """The table under the names of the columns, with ``klasse`` and ``tekst`` for the map."""
    table = answer.table
    rows = pd.DataFrame(
        {
            "code": table.index,
            "naam": table["name"],
            "gemeente": table["gemeente_name"],
            "helft_min": table["median_min"],
            "negen_van_tien_min": table["p90_min"],
            "inwoners": table["resident_count"],
            "niet_gemeten": table["unknown_count"],
            "geen_weg": table["unreached_count"],
            "cbs_km": table["cbs_km"],
            "reden": table["reason"],
            "let_op": table["warning"],
        },
        index=table.index,
    )
    classes = classify_at(rows["helft_min"].map(shown_minutes, na_action="ignore"), EDGES_MIN)
    rows["klasse"] = (classes.class_index + 1).fillna(0).astype(int)
    rows["tekst"] = [_text(row) for row in rows.to_dict("records")]
    columns = {column.key: column for column in COLUMNS}
    return arranged(rows, columns[sort], descending)


def _text(row: dict[Hashable, Any]) -> str:
    """What the map says of an area: minutes, or why there are none and what CBS says."""
    if row["klasse"]:
        return minutes_text(float(row["helft_min"]))
    by_road = float(row["cbs_km"])
    if np.isnan(by_road):
        return f"geen cijfer. {row['reden']}"
    return f"geen minuten; volgens het CBS {to_dutch(by_road, 1)} km over de weg"


def minutes_layer(connection: Connection, answer: AreaMinutes, rows: pd.DataFrame) -> Layer:
    """The colours of the map and their legend.

    Where nothing could be measured and CBS has an answer, the map shows that: km by road.
    """
    fallback = fallback_figure(answer.question.target)
    if answer.basis == "cbs" and fallback is not None:
        return figure_layer(connection, answer.release, answer.question.level, fallback.key)
    question = answer.question
    return Layer(
        question.level,
        FigureDefinition(
            key="minuten",
            label=f"Tijd naar {question.noun} voor de helft van de inwoners",
            unit=f"minuten {question.mode.verb}",
            kind="mean",
            decimals=1,
            explanation=MEDIAN.explanation,
            columns=(),
        ),
        FIXED,
        legend=tuple(
            LegendClass(number, _bounds_text(low, high), int((rows["klasse"] == number).sum()))
            for number, (low, high) in enumerate(pairwise(EDGES_MIN), start=1)
        ),
        unknown_count=int((rows["klasse"] == 0).sum()),
        values=tuple(_area_value(row) for row in rows.to_dict("records")),
        release=_release_of_minutes(answer),
    )


def _bounds_text(low: float, high: float) -> str:
    """The bounds of a class as the minutes in it are shown; a class begins above its edge."""
    if low == 0:
        return f"t/m {to_dutch(high)}"
    if high == inf:
        return f"meer dan {to_dutch(low)}"
    return f"{to_dutch(low + (0.1 if low < WHOLE_FROM_MIN else 1), 1)} t/m {to_dutch(high)}"


def _area_value(row: dict[Hashable, Any]) -> AreaValue:
    known = bool(row["klasse"])
    return AreaValue(
        code=row["code"],
        name=row["naam"],
        gemeente_name=row["gemeente"],
        class_number=row["klasse"],
        value=float(row["helft_min"]) if known else None,
        text=row["tekst"],
    )


def _release_of_minutes(answer: AreaMinutes) -> Release:
    """Whose streets were measured; without streets, whose areas they are."""
    streets = [line.release for line in answer.sources if line.role == "straten"]
    return streets[0] if streets else answer.release


def minutes_download(
    connection: Connection, answer: AreaMinutes, rows: pd.DataFrame, with_borders: bool
) -> Download:
    """The table as a file, with what it rests on."""
    question = answer.question
    one, many = LEVEL_NOUNS[question.level]
    borders: gpd.GeoSeries | None = None
    if with_borders:
        frame = geometries(connection, answer.release.id, question.level, region_only=True)
        borders = frame.geometry.reindex(rows.index)
    return Download(
        name=f"minuten-{question.mode.slug}-{question.target.key}-{many}".replace("_", "-"),
        title=answer.headline,
        columns=DOWNLOAD_COLUMNS,
        rows=rows,
        sources=answer.sources,
        facts=(
            ("Naar", question.target.label),
            ("Wijze", f"{question.mode.label}, {to_dutch(question.mode.speed_km_per_h, 1)} km/uur"),
            ("Gebieden", many),
            ("Rijen", str(len(rows))),
            *reading_notes(answer),
            ("Lege cel", f"Er zijn geen minuten. De reden staat bij de {one}."),
            ("Uitleg", f"/methode/{TYPICAL.slug} op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
        geometry=borders,
    )


def reading_notes(answer: AreaMinutes) -> tuple[tuple[str, str], ...]:
    """What a reader must know of this answer: name and sentence."""
    region = answer.region
    notes = []
    if answer.population_basis is not None:
        notes.append(("Gemeten vanaf", BASES[answer.population_basis]))
    if region["unknown_count"]:
        people = _people(region["unknown_count"])
        notes.append(("Niet gemeten", f"Van {people} is het niet te meten: {TOO_FAR}."))
    if region["unreached_count"]:
        people = _people(region["unreached_count"])
        notes.append(("Geen weg", f"Voor {people} loopt er geen weg naar {answer.question.noun}."))
    if answer.far_place_count:
        count = answer.far_place_count
        places = "1 plek ligt" if count == 1 else f"{to_dutch(count)} plekken liggen"
        notes.append(("Plekken zonder straat", f"{places} {TOO_FAR} en tellen niet mee."))
    if answer.protected_site_count:
        count = answer.protected_site_count
        places = "1 locatie is" if count == 1 else f"{to_dutch(count)} locaties zijn"
        notes.append(("Afgeschermd", f"{places} afgeschermd. Daarheen meten wij niet."))
    return tuple(notes)


def _people(count: float) -> str:
    return "1 inwoner" if count == 1 else f"{to_dutch(count)} inwoners"
