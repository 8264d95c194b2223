"""The access profile of one place, or of two, as files: CSV, JSON and GeoJSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.access_view import AccessView, Comparison, ScoreView, with_unit
from app.services.downloads import Download
from app.services.lists import Column, SourceLine
from app.services.travel import CategoryAccess, Place
from app.services.travel_route import route_lines

LETTERS = ("A", "B")
#: Decimals of a degree: 6 is a decimetre.
DEGREE_DECIMALS = 6
METHOD = "/methode/reistijd"
COLUMNS = (
    Column("plek", "Plek", "text"),
    Column("x_m", "X van de plek (RD, m)", "whole"),
    Column("y_m", "Y van de plek (RD, m)", "whole"),
    Column("wijze", "Hoe u reist", "text"),
    Column("categorie", "Soort voorziening", "text"),
    Column("dichtstbij", "Dichtstbijzijnde", "text"),
    Column("dichtstbij_m", "Afstand tot de dichtstbijzijnde", "whole", unit="m"),
    Column("dichtstbij_min", "Reistijd tot de dichtstbijzijnde", "number", 1, "minuten"),
    Column("derde_min", "Reistijd tot de derde", "number", 1, "minuten"),
    Column("binnen_5_min", "Aantal binnen 5 minuten", "whole"),
    Column("binnen_10_min", "Aantal binnen 10 minuten", "whole"),
    Column("binnen_15_min", "Aantal binnen 15 minuten", "whole"),
    Column("cbs_km", "Afstand volgens CBS", "number", 1, "km over de weg met de auto"),
    Column("cbs_gebied", "Gebied en jaar van die afstand", "text"),
    Column("reden", "Reden als er geen reistijd is", "text"),
)


def access_download(views: Sequence[AccessView]) -> Download:
    """A row for every kind of amenity of every place."""
    rows = [
        _row(view, letter, entry)
        for view, letter in zip(views, LETTERS, strict=False)
        for entry in view.access.categories
    ]
    mode = views[0].access.mode
    return Download(
        name="bereikbaarheid",
        title=_sentence(views),
        columns=COLUMNS,
        rows=pd.DataFrame(rows, columns=[column.key for column in COLUMNS]),
        sources=_sources(views),
        facts=(
            ("Snelheid", f"{mode.speed_km_per_h} km per uur"),
            ("Uitleg", f"{METHOD} op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
    )


def _row(view: AccessView, letter: str, entry: CategoryAccess) -> dict[str, object]:
    nearest, third = entry.nearest, entry.third
    return {
        "plek": letter,
        "x_m": view.access.x_m,
        "y_m": view.access.y_m,
        "wijze": view.access.mode.label,
        "categorie": entry.category.label,
        "dichtstbij": nearest.name if nearest else None,
        "dichtstbij_m": nearest.distance_m if nearest else None,
        "dichtstbij_min": nearest.minutes if nearest else None,
        "derde_min": third.minutes if third else None,
        **{f"binnen_{band}_min": count for band, count in entry.counts.items()},
        "cbs_km": entry.cbs_km,
        "cbs_gebied": entry.cbs_words,
        "reden": entry.reason or entry.third_reason,
    }


def access_record(views: Sequence[AccessView]) -> dict[str, Any]:
    """Everything about the places, with its sources."""
    mode = views[0].access.mode
    return {
        "zin": _sentence(views),
        "wijze": mode.slug,
        "snelheid_km_per_uur": mode.speed_km_per_h,
        "plekken": [
            _place_record(view, letter) for view, letter in zip(views, LETTERS, strict=False)
        ],
        "bronnen": _source_records(views),
        "methode": METHOD,
    }


def _place_record(view: AccessView, letter: str) -> dict[str, Any]:
    access = view.access
    return {
        "plek": letter,
        "x_m": access.x_m,
        "y_m": access.y_m,
        "lengtegraad": round(access.lon, DEGREE_DECIMALS),
        "breedtegraad": round(access.lat, DEGREE_DECIMALS),
        "waar": view.where or None,
        "zin": view.sentence,
        "afstand_tot_straat_m": _rounded(access.distance_to_street_m),
        "te_ver_van_straat": access.is_far,
        "voorzieningen": [_category_record(entry) for entry in access.categories],
        "score": _score_record(view.score) if view.score else None,
    }


def _rounded(distance_m: float | None) -> float | None:
    return None if distance_m is None else round(distance_m, 1)


def _category_record(entry: CategoryAccess) -> dict[str, Any]:
    return {
        "categorie": entry.category.key,
        "naam": entry.category.label,
        "dichtstbij": _amenity_record(entry.nearest),
        "derde": _amenity_record(entry.third),
        "aantal_binnen_minuten": {str(band): count for band, count in entry.counts.items()},
        "basis": entry.basis,
        "cbs_km": entry.cbs_km,
        "cbs_gebied": entry.cbs_words,
        "reden_cbs": entry.cbs_reason,
        "reden": entry.reason,
        "reden_derde": entry.third_reason,
    }


def _amenity_record(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "code": place.amenity_code,
        "naam": place.name,
        "x_m": place.x_m,
        "y_m": place.y_m,
        "lengtegraad": round(place.lon, DEGREE_DECIMALS),
        "breedtegraad": round(place.lat, DEGREE_DECIMALS),
        "afstand_m": round(place.distance_m, 3),
        "minuten": round(place.minutes, 3),
    }


def _score_record(score: ScoreView) -> dict[str, Any]:
    return {
        "soort": score.profile.key,
        "wijze": score.profile.mode.slug,
        "score": score.score,
        "reden": score.reason,
        "delen": [
            {
                "criterium": part.criterion.key,
                "richting": part.criterion.direction,
                "goed_min": part.criterion.good_min,
                "slecht_min": part.criterion.bad_min,
                "minuten": part.minutes,
                "waarde": part.value,
                "gewicht": part.weight,
                "punten": part.points,
                "reden": part.reason,
            }
            for part in score.parts
        ],
        "methode": "/methode/toegangsscore",
    }


def access_features(
    connection: Connection, home: Path, views: Sequence[AccessView]
) -> dict[str, Any]:
    """The places, the nearest amenities and the ways to them, as GeoJSON in degrees."""
    found: list[dict[str, Any]] = []
    for view, letter in zip(views, LETTERS, strict=False):
        own = {"plek": letter, **({"letter": letter} if len(views) > 1 else {})}
        found.append(_feature({"rol": "plek", **own}, _point(view.access.lon, view.access.lat)))
        found += _ways(connection, home, view, letter)
    return {
        "type": "FeatureCollection",
        "features": found,
        "bronnen": _source_records(views),
        "methode": METHOD,
    }


def _ways(
    connection: Connection, home: Path, view: AccessView, letter: str
) -> Iterator[dict[str, Any]]:
    """The nearest amenity of every kind, and the way there."""
    access = view.access
    nearest = [entry.nearest for entry in access.categories if entry.nearest is not None]
    if not nearest:
        return
    codes = [place.amenity_code for place in nearest]
    lines = route_lines(connection, home, access.x_m, access.y_m, codes, access.mode)
    for place, line in zip(nearest, lines, strict=True):
        told = {
            "plek": letter,
            "categorie": place.category,
            "categorie_naam": AMENITY_CATEGORIES[place.category].label,
            "naam": place.name,
            "afstand_m": round(place.distance_m, 1),
            "minuten": round(place.minutes, 2),
            "minuten_tekst": f"{with_unit(place.minutes)} {access.mode.verb}",
        }
        yield _feature({"rol": "voorziening", **told}, _point(place.lon, place.lat))
        yield _feature({"rol": "route", **told}, line.geojson)


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _point(lon: float, lat: float) -> dict[str, Any]:
    at = [round(lon, DEGREE_DECIMALS), round(lat, DEGREE_DECIMALS)]
    return {"type": "Point", "coordinates": at}


def _sentence(views: Sequence[AccessView]) -> str:
    return Comparison(*views).sentence if len(views) > 1 else views[0].sentence


def _sources(views: Sequence[AccessView]) -> tuple[SourceLine, ...]:
    return tuple(dict.fromkeys(line for view in views for line in view.access.sources))


def _source_records(views: Sequence[AccessView]) -> list[dict[str, Any]]:
    return [
        {
            "over": line.label,
            "bron": f"{line.release.publisher}, {line.release.title}",
            "jaar": line.release.year,
            "versie": line.release.version,
            "licentie": line.release.licence,
            "naamsvermelding": line.release.attribution,
            "voorbeeld": line.release.is_example,
        }
        for line in _sources(views)
    ]
