"""The lists: gebieden and locaties, sortable, filterable and as a file."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for
from sqlalchemy import Connection

from analysis.domain import SITE_STATUSES, STATUS_GROUPS
from analysis.facility_types import FACILITY_TYPES, TYPE_GROUPS
from app.database import connection
from app.errors import BadRequest
from app.pages import parameters
from app.services import current
from app.services.area_list import (
    CORE_FIGURES,
    PLACE_COLUMNS,
    SHOWN_TYPES,
    AreaList,
    AreaQuestion,
    area_list,
    columns_of,
    missing_notes,
)
from app.services.downloads import FORMATS, GEOJSON, Download
from app.services.list_downloads import (
    LEVEL_NOUNS,
    MEANING_OF_PLACES,
    NOT_PER_BUURT,
    area_download,
    site_download,
)
from app.services.lists import count_text
from app.services.site_list import COLUMNS, SiteList, SiteQuestion, site_list
from data.figures import FIGURES
from data.queries.areas import areas
from data.queries.releases import area_release
from geo.frames import LEVELS

page = Blueprint("lists", __name__, url_prefix="/lijst")
DIRECTIONS = ("op", "af")
Words = dict[str, Any]


@page.get("")
def overview() -> str:
    """Which lists there are, with how much is on them."""
    with connection() as opened:
        sites = site_list(opened, SiteQuestion(current.today()))
        release = area_release(opened)
        counts = areas(opened, release.id, region_only=True)["level"].value_counts()
    return render_template(
        "lijst.html",
        site_count=sites.total_count,
        protected_count=sites.protected_count,
        area_counts={level: int(counts.get(level, 0)) for level in LEVELS},
        area_release=release,
    )


@page.get("/gebieden")
def area_page() -> str:
    """Gemeenten, wijken or buurten with their figures and places."""
    question = area_question()
    with connection() as opened:
        answer = _area_answer(opened, question)
    one, many = LEVEL_NOUNS[question.level]
    return render_template(
        "lijst_gebieden.html",
        answer=answer,
        question=question,
        count=count_text(len(answer.rows), answer.total_count, one, many),
        many=many,
        place_keys=[column.key for column in PLACE_COLUMNS[:3]],
        figures=[entry for entry in FIGURES if entry.key not in CORE_FIGURES],
        one=one,
        missing=missing_notes(answer),
        meaning=MEANING_OF_PLACES,
        not_per_buurt=NOT_PER_BUURT,
        area_release=answer.sources[0].release,
        **_links("lists.area", _area_words(question), question),
    )


@page.get("/gebieden.<any(csv, xlsx, gpkg):extension>")
def area_file(extension: str) -> Response:
    """The same list as a file."""
    with connection() as opened:
        answer = _area_answer(opened, area_question())
        download = area_download(opened, answer, with_borders=extension == "gpkg")
    return file_answer(download, extension)


@page.get("/locaties")
def site_page() -> str:
    """Public sites on a date."""
    question = site_question()
    with connection() as opened:
        answer = _site_answer(opened, question)
    return render_template(
        "lijst_locaties.html",
        answer=answer,
        question=question,
        count=count_text(len(answer.rows), answer.total_count, "locatie", "locaties"),
        types=[FACILITY_TYPES[key] for key in SHOWN_TYPES],
        type_groups=TYPE_GROUPS,
        status_groups=STATUS_GROUPS,
        all_statuses=SITE_STATUSES,
        type_by_key=FACILITY_TYPES,
        status_by_key=SITE_STATUSES,
        area_release=answer.sources[-1].release,
        **_links("lists.site", _site_words(question), question),
    )


@page.get("/locaties.<any(csv, xlsx, gpkg):extension>")
def site_file(extension: str) -> Response:
    """The same list as a file."""
    with connection() as opened:
        answer = _site_answer(opened, site_question())
    return file_answer(site_download(answer), extension)


def file_answer(download: Download, extension: str) -> Response:
    """The download as an attachment with a telling name."""
    form = FORMATS.get(extension, GEOJSON)
    return send_file(
        io.BytesIO(form.write(download)),
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"vlekkenplan-{download.name}.{form.extension}",
        max_age=0,
    )


def area_question() -> AreaQuestion:
    """What the address asks of the list of areas."""
    args = request.args
    level = parameters.one_of(args, "niveau", LEVELS, "gemeente")
    chosen = parameters.one_of(args, "cijfer", ("", *(entry.key for entry in FIGURES)), "")
    keys = [column.key for column in columns_of(level, chosen or None)]
    return AreaQuestion(
        on=parameters.day(args),
        level=level,
        gemeente_code=args.get("gemeente", "").strip() or None,
        words=parameters.words(args),
        figure_key=chosen or None,
        sort=parameters.one_of(args, "sorteer", keys, "naam"),
        descending=parameters.one_of(args, "richting", DIRECTIONS, "op") == "af",
    )


def site_question() -> SiteQuestion:
    """What the address asks of the list of sites."""
    args = request.args
    return SiteQuestion(
        on=parameters.day(args),
        types=parameters.types(args),
        statuses=parameters.statuses(args),
        gemeente_code=args.get("gemeente", "").strip() or None,
        words=parameters.words(args),
        sort=parameters.one_of(args, "sorteer", [entry.key for entry in COLUMNS], "naam"),
        descending=parameters.one_of(args, "richting", DIRECTIONS, "op") == "af",
    )


def _area_answer(opened: Connection, question: AreaQuestion) -> AreaList:
    answer = area_list(opened, question)
    _check_gemeente(question.gemeente_code, answer.gemeenten)
    return answer


def _site_answer(opened: Connection, question: SiteQuestion) -> SiteList:
    answer = site_list(opened, question)
    _check_gemeente(question.gemeente_code, answer.gemeenten)
    return answer


def _check_gemeente(code: str | None, gemeenten: dict[str, str]) -> None:
    if code is not None and code not in gemeenten:
        known = ", ".join(f"{key} ({name})" for key, name in gemeenten.items())
        raise BadRequest(
            "gemeente", f"{parameters.quoted(code)} is geen gemeente hier. Kies uit: {known}."
        )


def _area_words(question: AreaQuestion) -> Words:
    """The address of this question without the order, defaults left out."""
    words: Words = {"niveau": question.level}
    if question.on != current.today():
        words["datum"] = question.on.isoformat()
    if question.figure_key:
        words["cijfer"] = question.figure_key
    return {**words, **_place_words(question)}


def _site_words(question: SiteQuestion) -> Words:
    words: Words = {}
    if question.types:
        words["soort"] = list(question.types)
    if question.statuses:
        words["status"] = list(question.statuses)
    if question.on != current.today():
        words["datum"] = question.on.isoformat()
    return {**words, **_place_words(question)}


def _place_words(question: AreaQuestion | SiteQuestion) -> Words:
    words: Words = {}
    if question.gemeente_code:
        words["gemeente"] = question.gemeente_code
    if question.words:
        words["q"] = question.words
    return words


def _order_words(sort: str, direction: str) -> Words:
    return {} if (sort, direction) == ("naam", "op") else {"sorteer": sort, "richting": direction}


def _links(name: str, words: Words, question: AreaQuestion | SiteQuestion) -> dict[str, Any]:
    """The addresses around a list: other orders, other levels, and the same rows as a file."""
    direction = "af" if question.descending else "op"
    order = _order_words(question.sort, direction)

    def sort_url(sort: str, direction: str) -> str:
        return url_for(f"{name}_page", **words, **_order_words(sort, direction))

    def level_url(level: str) -> str:
        return url_for(f"{name}_page", **{**words, "niveau": level})

    files = [
        (url_for(f"{name}_file", extension=form.extension, **words, **order), form.label)
        for form in FORMATS.values()
    ]
    return {
        "sort": (question.sort, direction),
        "sort_url": sort_url,
        "level_url": level_url,
        "files": files,
    }
