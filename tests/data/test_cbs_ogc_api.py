"""Fetching from the service: page by page, patiently, resuming, and never half."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from app.services.imports import AreaImport, import_cbs_api, import_cbs_file
from data import schema
from data.faults import Refused
from data.sources.cbs_areas import to_area_frames
from data.sources.cbs_ogc_api import FetchedAreas, fetch_cbs_areas
from data.sources.ogc_features import FetchError, FetchSettings
from geo.crs import RD_URI
from geo.frames import LEVELS
from tests.data.feature_service import Answer, FeatureServer, behave, serving
from tests.data.made_files import CBS_LAYERS, cbs_layers, write_layers

REGION = ("GM9001", "GM9002")
QUICK = FetchSettings(connect_timeout_s=2, read_timeout_s=0.5, tries=3, pause_s=0, page_size=5)


@pytest.fixture
def service() -> Iterator[FeatureServer]:
    with serving(cbs_layers()) as running:
        yield running


def fetch(service: FeatureServer, folder: Path, **changes: Any) -> FetchedAreas:
    return fetch_cbs_areas(
        folder,
        year=2024,
        region=REGION,
        address=service.address,
        settings=dataclasses.replace(QUICK, **changes),
    )


def lose_a_buurt(path: str, _asked: Mapping[str, str], _number: int, good: Answer) -> Answer:
    """Leave one buurt out of each page."""
    body = json.loads(good.body)
    if "buurten/items" in path:
        body["features"] = body["features"][:-1]
    return dataclasses.replace(good, body=json.dumps(body).encode())


def bad_first(count: int, bad: Answer) -> Any:
    """Misbehave in the first requests, then be good."""

    def mischief(_path: str, _asked: Mapping[str, str], number: int, good: Answer) -> Answer:
        return bad if number <= count else good

    return mischief


def test_the_service_gives_the_same_frames_as_the_file(
    service: FeatureServer, tmp_path: Path
) -> None:
    frames = fetch(service, tmp_path).frames
    layers = {level: cbs_layers()[CBS_LAYERS[level]] for level in LEVELS}
    expected = to_area_frames(layers, year=2024, region=REGION)
    assert set(frames.areas.index) == set(expected.areas.index)
    pd.testing.assert_frame_equal(
        frames.figures.sort_values(["area_code", "figure"], ignore_index=True),
        expected.figures.sort_values(["area_code", "figure"], ignore_index=True),
    )
    assert frames.areas.geometry["BU90010101"].equals(expected.areas.geometry["BU90010101"])


def test_the_question_asks_for_rd_the_region_and_its_rim(
    service: FeatureServer, tmp_path: Path
) -> None:
    fetch(service, tmp_path)
    first, later = service.requests[0][1], service.requests[-1][1]
    assert first["crs"] == RD_URI
    assert first["gemeentecode"] == "GM9001"
    assert later["bbox"] == "94000,474000,110000,488000"
    assert later["bbox-crs"] == RD_URI


def test_pages_are_followed_by_their_link_to_the_next(
    service: FeatureServer, tmp_path: Path
) -> None:
    fetch(service, tmp_path)
    cursors = [asked.get("cursor") for path, asked in service.requests if "buurten/items" in path]
    assert cursors == [None, "5", "10"]


def test_a_service_that_ignores_the_filter_is_filtered_here(
    service: FeatureServer, tmp_path: Path
) -> None:
    service.filters = False
    frames = fetch(service, tmp_path).frames
    assert set(frames.areas.index[frames.areas["in_region"]]) >= set(REGION)
    assert sum("gemeentecode" in asked for _, asked in service.requests) == 1


def test_coordinates_in_degrees_are_believed_when_the_service_says_so(
    service: FeatureServer, tmp_path: Path
) -> None:
    service.in_degrees = True
    square = fetch(service, tmp_path).frames.areas.geometry["BU90010101"]
    assert square.centroid.x == pytest.approx(100_500, abs=0.5)
    assert square.area == pytest.approx(1e6, rel=1e-5)


@pytest.mark.parametrize("status", [503, 429, 500, 502])
def test_a_service_that_is_busy_twice_is_asked_again(
    status: int, service: FeatureServer, tmp_path: Path
) -> None:
    service.mischief = bad_first(2, Answer(status, "text/plain", b"druk", {"Retry-After": "0"}))
    assert len(fetch(service, tmp_path).frames.areas) == 21


def test_a_service_that_stays_busy_is_given_up(service: FeatureServer, tmp_path: Path) -> None:
    service.mischief = bad_first(99, Answer(503, "text/plain", b"druk"))
    with pytest.raises(FetchError, match=r"overbelast of stuk.*Typ hetzelfde straks nog eens"):
        fetch(service, tmp_path)
    assert len(service.requests) == QUICK.tries


def test_a_service_that_is_silent_is_given_up(service: FeatureServer, tmp_path: Path) -> None:
    service.mischief = bad_first(99, Answer(wait_s=0.6))
    with pytest.raises(FetchError, match="antwoordt niet op tijd"):
        fetch(service, tmp_path, tries=1, read_timeout_s=0.2)


def test_a_service_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"er is geen verbinding met 127\.0\.0\.1:9"):
        fetch_cbs_areas(
            tmp_path, year=2024, address="http://127.0.0.1:9/ogc", settings=QUICK, region=REGION
        )


def cut_the_last_page(path: str, asked: Mapping[str, str], _number: int, good: Answer) -> Answer:
    """Lose the connection halfway the last page of buurten."""
    if "buurten/items" in path and asked.get("cursor") == "10":
        return dataclasses.replace(good, cut_at=len(good.body) // 2)
    return good


def test_a_cut_connection_is_resumed_at_the_page_that_failed(
    service: FeatureServer, tmp_path: Path
) -> None:
    service.mischief = cut_the_last_page
    with pytest.raises(FetchError, match=r"viel weg.*; 7 pagina's zijn bewaard"):
        fetch(service, tmp_path)
    before = len(service.requests)
    service.mischief = behave
    assert len(fetch(service, tmp_path).frames.areas) == 21
    assert [asked.get("cursor") for _, asked in service.requests[before:]] == ["10"]


def test_pages_that_are_too_old_are_fetched_again(service: FeatureServer, tmp_path: Path) -> None:
    service.mischief = cut_the_last_page
    with pytest.raises(FetchError):
        fetch(service, tmp_path)
    before = len(service.requests)
    service.mischief = behave
    fetch(service, tmp_path, keep_pages_h=-1.0)
    assert len(service.requests) - before == before


def test_after_pages_that_do_not_fit_the_next_try_starts_anew(
    service: FeatureServer, tmp_path: Path
) -> None:
    service.mischief = lose_a_buurt
    with pytest.raises(FetchError, match="beloofde 12 buurten, maar gaf er 9"):
        fetch(service, tmp_path)
    service.mischief = behave
    assert len(fetch(service, tmp_path).frames.areas) == 21


def test_pages_are_thrown_away_when_all_is_in(service: FeatureServer, tmp_path: Path) -> None:
    fetch(service, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_a_circle_of_pages_is_seen(service: FeatureServer, tmp_path: Path) -> None:
    def circle(path: str, asked: Mapping[str, str], _number: int, good: Answer) -> Answer:
        body = json.loads(good.body)
        for link in body["links"]:
            if link["rel"] == "next" and asked.get("cursor"):
                link["href"] = link["href"].replace("cursor=10", "cursor=5")
        return dataclasses.replace(good, body=json.dumps(body).encode())

    service.mischief = circle
    with pytest.raises(FetchError, match="steeds naar dezelfde pagina"):
        fetch(service, tmp_path)


def test_a_link_to_another_host_is_not_followed(service: FeatureServer, tmp_path: Path) -> None:
    def lure(path: str, asked: Mapping[str, str], _number: int, good: Answer) -> Answer:
        body = json.loads(good.body)
        body["links"] = [{"rel": "next", "href": "http://elders.example/items"}]
        return dataclasses.replace(good, body=json.dumps(body).encode())

    service.mischief = lure
    with pytest.raises(FetchError, match=r"ander adres \(elders\.example\)"):
        fetch(service, tmp_path)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (Answer(200, "text/html", b"<html>Onderhoud</html>"), "geen GeoJSON maar text/html"),
        (Answer(200, "image/png", b"x"), "geen GeoJSON maar image/png"),
        (Answer(200, body=b'{"features": ['), "niet kunnen lezen"),
        (Answer(200, body=b'{"type": "Feature"}'), "JSON zonder gebieden"),
        (Answer(404, "text/html", b"<html>"), "kent gemeenten niet"),
        (Answer(400, "application/problem+json", b"{}"), r"weigert de vraag.*code 400"),
    ],
    ids=["html", "image", "cut json", "no features", "not found", "refused"],
)
def test_an_answer_that_is_no_page_is_said_to_be(
    bad: Answer, message: str, service: FeatureServer, tmp_path: Path
) -> None:
    service.mischief = bad_first(99, bad)
    with pytest.raises(FetchError, match=message):
        fetch(service, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_a_region_that_the_service_does_not_know_is_refused(
    service: FeatureServer, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="De dienst gaf geen gemeenten"):
        fetch_cbs_areas(
            tmp_path, year=2024, region=("GM0001",), address=service.address, settings=QUICK
        )


def test_fetching_twice_gives_the_same_checksum(service: FeatureServer, tmp_path: Path) -> None:
    assert fetch(service, tmp_path).sha256 == fetch(service, tmp_path).sha256


def test_an_import_from_the_service_is_stored_once(
    service: FeatureServer, fresh_database_url: str, tmp_path: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    wanted = AreaImport(2024, "v1", REGION)
    try:
        reports = [
            import_cbs_api(engine, wanted, tmp_path, address=service.address, settings=QUICK)
            for _ in range(2)
        ]
        assert [report.is_empty for report in reports] == [False, True]
        assert file_after_service(engine, tmp_path, wanted)
    finally:
        engine.dispose()


def file_after_service(engine: Engine, folder: Path, wanted: AreaImport) -> bool:
    """Whether the file of the same delivery changes nothing but the checksum."""
    path = write_layers(folder / "cbs.gpkg", cbs_layers())
    return import_cbs_file(engine, path, wanted).is_empty
