"""The site or the point that is compared: what is near homes with it, and without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import pandas as pd
from sqlalchemy import Connection

from analysis.domain import SiteStatus
from analysis.facility_types import FacilityType
from app.numbers import to_dutch
from app.services.residents import Residents
from app.services.site_profile import site_profile
from app.services.spreading import QuestionError
from app.services.travel_point import check_rd, far_from_street, read_point
from data.queries.sites import find_site

MOST_PLACES = 10_000
NEW_SITE = "een nieuwe locatie"


@dataclass(frozen=True)
class CandidateQuestion:
    """A public site by the number in its address or its code, or a point in RD.

    ``place_count`` is needed for a point, and for a site whose number of places is unknown.
    """

    word: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    place_count: int | None = None


@dataclass(frozen=True)
class Candidate:
    """What is compared; ``is_counted`` when it is among the sites that count already."""

    name: str
    place_count: int
    x_m: float
    y_m: float
    is_counted: bool
    site_id: int | None = None
    site_code: str | None = None
    type: FacilityType | None = None
    status: SiteStatus | None = None


def read_candidate(
    connection: Connection,
    area_release_id: int,
    residents: Residents,
    asked: CandidateQuestion,
    types: Sequence[FacilityType],
    on: dt.date,
    counted: pd.Index,
) -> Candidate:
    """The candidate that is asked, on the date or the nearest date that it is there.

    ``types`` are those that count, ``counted`` the numbers of the sites that do. NotFound when
    it is no public site; QuestionError, in Dutch, when it can't be compared: it is of another
    type, nobody knows how many places it has, or it is too far from the streets.
    """
    _check_places(asked.place_count)
    if asked.word is not None:
        found, field = _public_site(connection, asked, types, on, counted), "kandidaat"
    else:
        found, field = _free_point(connection, area_release_id, asked), "x"
    snapped = residents.snap(pd.Series([found.x_m]), pd.Series([found.y_m]))
    if snapped.is_far[0]:
        raise QuestionError(field, far_from_street(float(snapped.distance_m[0])))
    return found


def _public_site(
    connection: Connection,
    asked: CandidateQuestion,
    types: Sequence[FacilityType],
    on: dt.date,
    counted: pd.Index,
) -> Candidate:
    site = site_profile(connection, find_site(connection, asked.word or ""), on)
    if site.type not in types:
        raise QuestionError(
            "kandidaat",
            f"{site.name} is van de soort {site.type.label}. Die soort telt bij uw keuze niet mee.",
        )
    is_counted = site.site_id in counted
    known = site.capacity_count or None
    if known and is_counted and asked.place_count not in (None, known):
        raise QuestionError(
            "plekken",
            f"{site.name} telt al mee, met {to_dutch(known)} plekken. Laat het aantal leeg.",
        )
    place_count = asked.place_count or known
    if place_count is None:
        raise QuestionError(
            "plekken",
            f"Van {site.name} is niet bekend hoeveel plekken er komen. Vul een aantal in.",
        )
    return Candidate(
        site.name,
        place_count,
        site.x_m,
        site.y_m,
        is_counted,
        site_id=site.site_id,
        site_code=site.site_code,
        type=site.type,
        status=site.status,
    )


def _free_point(
    connection: Connection, area_release_id: int, asked: CandidateQuestion
) -> Candidate:
    # What is not given is no number, and is told as such.
    x_m, y_m = (nan if value is None else value for value in (asked.x_m, asked.y_m))
    check_rd(x_m, y_m)
    if asked.place_count is None:
        raise QuestionError("plekken", "Vul in hoeveel plekken de nieuwe locatie krijgt.")
    point = read_point(connection, area_release_id, x_m, y_m)
    return Candidate(NEW_SITE, asked.place_count, point.x_m, point.y_m, is_counted=False)


def _check_places(place_count: int | None) -> None:
    if place_count is not None and not 1 <= place_count <= MOST_PLACES:
        raise QuestionError(
            "plekken", f"Het aantal plekken is 1 tot en met {to_dutch(MOST_PLACES)}."
        )
