"""The test of a proposed place, against a count by hand and against the search areas."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from sqlalchemy import Connection, Engine, select

from analysis.search_areas.areas import TOO_SMALL
from app.services.place_test import try_place
from app.services.place_test_words import FIRST_TEST, criterion_sentence
from app.services.search_areas import read_search_question, search_areas
from data.tables import Site

ON = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def result(
    connection: Connection,
    home: Path,
    x_m: float,
    y_m: float,
    kind: str | None = "beschut_wonen",
    beside: tuple[str, ...] = ("TINY-4", "TINY-3"),
) -> dict[str, Any]:
    ids = [connection.scalar(select(Site.id).where(Site.site_code == code)) for code in beside]
    found = try_place(
        connection, home, shapely.Point(x_m, y_m), kind, [key for key in ids if key], ON
    )
    assert found is not None
    return found


def criterion(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(entry for entry in found["criteria"] if entry["key"] == key)


def condition(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(entry for entry in found["conditions"] if entry["key"] == key)


def test_ground_that_rules_out_is_told_with_its_law_or_fact(
    world_site: tuple[Flask, Engine], home: Path
) -> None:
    with world_site[1].connect() as connection:
        water = result(connection, home, 102_050, 482_950)
        noise = result(connection, home, 102_250, 481_250)
        nature = result(connection, home, 101_010, 482_010)
        free = result(connection, home, 101_500, 481_500)
        outside = result(connection, home, 99_000, 481_000)
        # 40 of the 100 m of this square are water (from y = 482,900); the place itself is not.
        beside_water = result(connection, home, 101_010, 482_890)
    assert water["outcome"] == noise["outcome"] == "grond"
    assert water["headline"].endswith("Hier is water: er is geen grond om op te bouwen.")
    assert "Luchthavenindelingbesluit Schiphol, artikel 2.2.1" in noise["headline"]
    assert condition(noise, "grond") == {
        "key": "grond",
        "label": "Uitgesloten grond in een vakje",
        "asked": "hoogstens 25%",
        "found": "100%",
        "meets": False,
    }
    assert "Omgevingswet, artikel 5.1" in nature["ground"][0]
    assert condition(nature, "grond")["meets"]
    assert free["ground"] == [
        "Op deze plek kennen wij geen gebruik van de grond dat iets uitsluit."
    ]
    assert (outside["outcome"], outside["criteria"]) == ("buiten", [])
    assert beside_water["outcome"] != "grond"
    assert all(found["notes"][-1] == FIRST_TEST for found in (water, free, outside))


def test_the_figures_are_those_that_one_counts_by_hand(
    world_site: tuple[Flask, Engine], home: Path
) -> None:
    """Of TINY-4 six places are planned: the place is measured with as many.

    Hoover without: 0.5 (|0.8 - 0.5| + |0.2 - 0.375| + |0 - 0.125|) = 0.30. With 6 more of 46 in
    Middendorp: 0.5 (|32/46 - 0.5| + |14/46 - 0.375| + 0.125) = 0.1957. The most that 6 of 46 can do
    is 6/46 = 0.1304, so 100 x (0.30 - 0.1957) / 0.1304 = 80. Of the two points with 200 residents
    the eastern one begins at the same corner of streets, 250 m away; the western one begins at the
    corner before it, 250 + 500 m away. No places in use are near, so who lives there gets 6.
    """
    before = 0.5 * (0.3 + 0.175 + 0.125)
    after = 0.5 * (abs(32 / 46 - 0.5) + abs(14 / 46 - 0.375) + 0.125)
    effect = 100 * (before - after) / (6 / 46)
    assert round(effect) == 80
    with world_site[1].connect() as connection:
        found = result(connection, home, 101_500, 481_500)
        crowded = result(connection, home, 100_500, 480_500)
        some = result(connection, home, 100_500, 481_500)
    assert "Wij rekenden met 6 plekken" in found["notes"][0]
    assert criterion(found, "verdeling")["text"] == "80"
    assert criterion(found, "nabijheid")["text"] == "6"
    assert "200 inwoners" in criterion(found, "nabijheid")["note"]
    # TINY-1 has 24 places there, TINY-3 eight; a limit of 20 is one that we start with.
    assert condition(crowded, "plekken")["found"] == "24 plekken"
    assert not condition(crowded, "plekken")["meets"]
    assert condition(some, "plekken")["found"] == "8 plekken"
    assert condition(some, "plekken")["meets"]


def test_what_is_missing_is_unknown_with_its_reason(
    world_site: tuple[Flask, Engine], home: Path
) -> None:
    with world_site[1].connect() as connection:
        found = result(connection, home, 101_500, 481_500)
        far = result(connection, home, 101_250, 481_250)
        untyped = result(connection, home, 101_500, 481_500, kind=None)
        alone = result(connection, home, 101_500, 481_500, beside=())
    assert found["outcome"] == "onbekend"
    assert found["headline"].endswith("Dat is geen nee.")
    access = criterion(found, "bereikbaarheid")
    assert access["text"] is None
    assert access["reason"] == (
        "Wij konden de weg niet meten naar de ontmoetingsplek, de dagbesteding, de plek om te "
        "sporten en het groen."
    )
    assert criterion_sentence(access).startswith("Dagelijks leven dichtbij: dat weten wij niet.")
    assert criterion(far, "nabijheid")["reason"].startswith("De plek ligt meer dan 250 meter")
    assert condition(found, "bereikbaarheid")["meets"] is None
    assert (untyped["outcome"], untyped["criteria"]) == ("alleen_grond", [])
    assert criterion(alone, "verdeling")["text"] is None
    keys = {entry["key"] for entry in found["criteria"]}
    assert keys == {"bereikbaarheid", "verdeling", "nabijheid"}


def test_every_figure_has_its_source_and_year(world_site: tuple[Flask, Engine], home: Path) -> None:
    with world_site[1].connect() as connection:
        found = result(connection, home, 101_500, 481_500)
    assert all(entry["source"] and entry["year"] for entry in found["criteria"])
    assert all(entry["title"] and entry["year"] for entry in found["sources"])
    assert found["on"] == "2026-01-01"


def test_it_says_what_the_search_areas_say_and_within_two_seconds(
    demo_engine: Engine, home: Path
) -> None:
    question = read_search_question("beschut_wonen", ON)
    with demo_engine.connect() as connection:
        cells = search_areas(connection, home, question).found.cells
        known = cells[cells["outcome"] != "onbekend"]
        some = known.groupby("outcome").sample(n=2, random_state=4)
        differences = []
        took_s = []
        for _, cell in some.iterrows():
            start = time.perf_counter()
            found = try_place(
                connection, home, shapely.Point(cell["x_m"], cell["y_m"]), "beschut_wonen", [], ON
            )
            took_s.append(time.perf_counter() - start)
            assert found is not None
            # That squares beside it do not fit is nothing against the place itself.
            expected = "past" if cell["outcome"] == TOO_SMALL else cell["outcome"]
            if found["outcome"] != expected:
                differences.append((cell.name, cell["outcome"], found["outcome"]))
    assert len(some) >= 4
    assert differences == []
    assert np.median(took_s) < 2


def test_a_fault_of_ours_keeps_nobody_from_sending(
    world_site: tuple[Flask, Engine],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("app.services.place_test.region_ground", None)
    with world_site[1].connect() as connection:
        point = shapely.Point(101_500, 481_500)
        assert try_place(connection, home, point, "beschut_wonen", [], ON) is None
        assert connection.scalar(select(1)) == 1
    assert "TypeError" in caplog.text
