"""The lists as downloads: the same rows in the same order, with what a reader must know."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from app.numbers import to_dutch_date
from app.services.area_list import AreaList, all_columns_of
from app.services.downloads import Download
from app.services.lists import count_text
from app.services.site_list import DOWNLOAD_COLUMNS, SiteList
from data.queries.areas import geometries
from geo.crs import RD
from geo.frames import Level

LEVEL_NOUNS: dict[Level, tuple[str, str]] = {
    "gemeente": ("gemeente", "gemeenten"),
    "wijk": ("wijk", "wijken"),
    "buurt": ("buurt", "buurten"),
}
Facts = tuple[tuple[str, str], ...]
MEANING_OF_PLACES = (
    "Alle soorten die als locatie op de kaart staan. Afgeschermde locaties tellen mee per "
    "gemeente en wijk."
)
NOT_PER_BUURT = "Afgeschermde locaties tellen niet mee per buurt: dat kan een adres verraden."


def area_download(connection: Connection, answer: AreaList, with_borders: bool) -> Download:
    """The list of areas, with every figure that we have."""
    question = answer.question
    one, many = LEVEL_NOUNS[question.level]
    borders = None
    if with_borders:
        release_id = answer.sources[0].release.id
        frame = geometries(connection, release_id, question.level, region_only=True)
        borders = frame.geometry.reindex(answer.rows.index)
    return Download(
        name=many,
        title=f"{many.capitalize()} op {to_dutch_date(question.on)}",
        columns=all_columns_of(question.level),
        rows=answer.rows,
        sources=answer.sources,
        facts=(
            ("Peildatum van de plekken", question.on.isoformat()),
            ("Rijen", count_text(len(answer.rows), answer.total_count, one, many)),
            *_place_choice(question.gemeente_code, answer.gemeenten, question.words),
            ("Plekken", MEANING_OF_PLACES),
            *((("Let op", NOT_PER_BUURT),) if question.level == "buurt" else ()),
            ("Lege cel", "Er is geen cijfer. De reden staat in de kolom Reden van lege cijfers."),
            *_made(),
        ),
        geometry=borders,
    )


def site_download(answer: SiteList) -> Download:
    """The list of public sites; the protected ones are only told as a number."""
    question, rows = answer.question, answer.rows
    points = gpd.GeoSeries(gpd.points_from_xy(rows["x_m"], rows["y_m"], crs=RD), index=rows.index)
    types = ", ".join(FACILITY_TYPES[key].label for key in question.types) or "alle soorten"
    stages = ", ".join(SITE_STATUSES[key].label for key in question.statuses) or "alle fasen"
    return Download(
        name="locaties",
        title=f"Locaties op {to_dutch_date(question.on)}",
        columns=DOWNLOAD_COLUMNS,
        rows=rows,
        sources=answer.sources,
        facts=(
            ("Peildatum", question.on.isoformat()),
            ("Rijen", count_text(len(rows), answer.total_count, "locatie", "locaties")),
            ("Soort", types),
            ("Fase", stages),
            *_place_choice(question.gemeente_code, answer.gemeenten, question.words),
            (
                "Afgeschermde locaties",
                f"{answer.protected_count}. Die staan niet in dit bestand: van deze locaties "
                "is alleen het aantal per gemeente en wijk openbaar.",
            ),
            ("Lege cel", "Dit is niet bekend."),
            *_made(),
        ),
        geometry=points,
    )


def _place_choice(gemeente_code: str | None, gemeenten: dict[str, str], words: str) -> Facts:
    chosen = gemeenten[gemeente_code] if gemeente_code else "alle gemeenten"
    found = (("Gezocht op", words),) if words else ()
    return (("Gemeente", chosen), *found)


def _made() -> Facts:
    now = dt.datetime.now().astimezone()
    return (("Gemaakt op", now.isoformat(timespec="minutes")), ("Gemaakt met", "Vlekkenplan"))
