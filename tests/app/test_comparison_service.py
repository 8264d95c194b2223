"""Candidates weighed: totals by hand, order over settings, and what is said in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from analysis.comparing.criteria import PRESETS, criteria_of
from analysis.comparing.model import compare
from app.services.candidate_facts import Setting, measure_candidates
from app.services.candidate_options import candidate_options
from app.services.candidate_places import candidate_places
from app.services.comparison import ComparedCandidates, compare_candidates, setting_words
from app.services.comparison_download import comparison_download, comparison_record
from app.services.comparison_map import map_record, surroundings
from app.services.comparison_question import (
    MOST_CANDIDATES,
    CompareQuestion,
    read_numbers,
    read_points,
    read_radius,
    read_type,
    terms_of,
    to_number,
)
from app.services.comparison_table import aside_rows, minutes_rows, table_rows, totals
from app.services.demo import load_region
from app.services.downloads import to_csv
from app.services.spreading import QuestionError
from data.errors import NotFound
from tests.app.test_candidate_facts import SKAEVE, ids_of
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
MEASURED_ONLY = {
    "bereikbaarheid": 40,
    "verdeling": 20,
    "nabijheid": 20,
    "afstand": 20,
    **dict.fromkeys(("eigendom", "bestemming", "milieu", "infrastructuur", "kosten"), 0),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def world(connection: Connection) -> Connection:
    """The world with a school, and five sites that are all of Skaeve Huse."""
    load_region(connection, tiny_world())
    connection.execute(text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)"))
    connection.execute(
        text("UPDATE amenity SET category = 'basisschool' WHERE amenity_code = 'A-5'")
    )
    connection.execute(
        text("UPDATE site SET type = 'skaeve_huse' WHERE site_code IN ('TINY-2', 'TINY-4')")
    )
    return connection


def asked(connection: Connection, *codes: str, points: Any = None, **more: Any) -> CompareQuestion:
    terms = terms_of(SKAEVE, ON, more.get("radius_m", 400.0), more.get("level", "gemeente"))
    given = points or MEASURED_ONLY
    return CompareQuestion(terms, tuple(ids_of(connection, *codes)), given, "")


def compared(connection: Connection, home: Path, *codes: str, **more: Any) -> ComparedCandidates:
    return compare_candidates(connection, home, asked(connection, *codes, **more))


def test_the_total_equals_the_sum_by_hand(world: Connection, home: Path) -> None:
    """TINY-4 within 400 m: 6 places for 200 residents; 80 on the spread.

    On foot from (1500, 1500): stop 1000 m, supermarket 1000 m, huisarts 2000 m, school 3000 m,
    home 240 m: 12.5, 12.5, 25, 37.5 and 3 minutes.
    """
    found = compared(world, home, "TINY-4", "TINY-2")
    near = 100 * (0.875 + 1 + 35 / 40) / 3
    away = 100 * (35 * 0.5 + 20) / 55
    by_hand = 0.4 * near + 0.2 * (80 + 100) / 2 + 0.2 * (100 - 6) + 0.2 * away
    assert totals(found)[0].total == pytest.approx(by_hand)
    assert [entry.rank for entry in totals(found)] == [1, 2]
    assert found.lead.startswith(f"{found.places[0].name} staat boven {found.places[1].name}")
    rows = {row.criterion.key: row for row in table_rows(found)}
    assert rows["verdeling"].cells[0].text == "80"
    assert rows["nabijheid"].cells[0].unit == "plekken"
    assert rows["bereikbaarheid"].weight == pytest.approx(0.4)
    parts = [row.cells[0].part for row in rows.values()]
    assert sum(part for part in parts if part is not None) == pytest.approx(by_hand)


def test_without_a_value_there_is_a_range_and_no_total(world: Connection, home: Path) -> None:
    points = {**MEASURED_ONLY, "kosten": 100}
    found = compared(world, home, "TINY-4", "TINY-2", points=points)
    entry = totals(found)[0]
    assert entry.total is None
    assert entry.rank is None
    assert entry.at_most - entry.at_least == pytest.approx(50)
    assert "eenmalige kosten per plek" in (entry.reason or "")
    assert found.robustness is None
    assert found.lead.startswith("Nog geen volgorde")


def test_other_settings_are_measured_as_by_themselves(world: Connection, home: Path) -> None:
    """The order by every radius and level equals that of a comparison asked so."""
    found = compared(world, home, "TINY-4", "TINY-2")
    assert next(iter(found.settings.first)) == "400 meter, per gemeente"
    assert len(found.settings.first) == 6
    for radius_m in (400.0, 800.0, 1200.0):
        for level in ("gemeente", "wijk"):
            question = asked(world, "TINY-4", "TINY-2", radius_m=radius_m, level=level)
            places = candidate_places(world, question.site_ids, ON)
            alone = measure_candidates(world, home, question.terms, places)
            ranks = compare(alone.facts, question.weights).totals["rank"]
            words = setting_words(Setting(radius_m, question.terms.level))
            assert list(found.settings.ranks[words]) == list(ranks)


def test_a_site_of_another_type_is_refused_by_name(world: Connection, home: Path) -> None:
    with pytest.raises(QuestionError, match="Beschermd wonen") as caught:
        compared(world, home, "TINY-4", "TINY-1")
    assert caught.value.field == "locatie"
    with pytest.raises(NotFound):
        compare_candidates(
            world,
            home,
            CompareQuestion(
                terms_of(SKAEVE, ON, 400, "wijk"), (999_999, 999_998), MEASURED_ONLY, ""
            ),
        )


def test_the_minutes_stand_behind_the_scores(world: Connection, home: Path) -> None:
    found = compared(world, home, "TINY-4", "TINY-2")
    near = minutes_rows(found.measured.access, found)
    assert [row.criterion.key for row in near] == ["ov_halte", "supermarkt", "huisarts"]
    assert near[0].minutes == (12.5, 12.5)
    assert minutes_rows(found.measured.distance, found)[0].minutes == (3, 3)
    assert minutes_rows(None, found) == ()


def test_acceptance_stands_first_beside_and_changes_no_total(world: Connection, home: Path) -> None:
    before = totals(compared(world, home, "TINY-4", "TINY-2"))
    world.execute(
        text(
            "INSERT INTO site_answer (site_id, question, finding, evidence, source, found_on)"
            " VALUES (:id, 'acceptatie', 'bezwaar', 'Veel zorgen.', 'Avond', '2025-03-01')"
        ),
        {"id": ids_of(world, "TINY-4")[0]},
    )
    found = compared(world, home, "TINY-4", "TINY-2")
    assert [entry.total for entry in totals(found)] == [entry.total for entry in before]
    question, cells = aside_rows(found.places)[0]
    assert question.key == "acceptatie"
    assert (cells[0].label, cells[0].evidence, cells[0].on) == (
        "Bezwaar",
        "Veel zorgen.",
        "1 maart 2025",
    )
    assert cells[1].label == "Nog niet bekend"
    assert "acceptatie" not in comparison_record(found)["candidates"][0]["cells"]


def test_the_record_and_the_file_say_what_the_table_says(world: Connection, home: Path) -> None:
    found = compared(world, home, "TINY-4", "TINY-2")
    record = comparison_record(found)
    rows = table_rows(found)
    for number, candidate in enumerate(record["candidates"]):
        assert candidate["total"] == totals(found)[number].total
        for row in rows:
            cell = candidate["cells"][row.criterion.key]
            assert cell["raw"] == row.cells[number].raw
            assert (cell["raw"] is None) == (cell["reason"] is not None)
            assert cell["source"]
    download = comparison_download(found)
    assert len(download.rows) == 2 * len(criteria_of(SKAEVE))
    content = to_csv(download).decode("utf-8-sig")
    assert "Schatting van de gemeente" in content
    assert content.count("\r\n") == 1 + len(download.rows)


def test_the_surroundings_hold_who_lives_near_and_what_is_near(
    world: Connection, home: Path
) -> None:
    found = compared(world, home, "TINY-4", "TINY-2", radius_m=800.0)
    around = surroundings(world, home, found)
    assert [entry.resident_count for entry in around] == [400, 400]
    assert [site.name for site in around[0].others] == [
        place.name for place in candidate_places(world, ids_of(world, "TINY-3"), ON)
    ] + [place.name for place in candidate_places(world, ids_of(world, "TINY-1", "TINY-2"), ON)][:2]
    assert {label for label, _ in around[0].amenities} >= {"Huisarts", "Basisschool"}
    record = map_record(around, ["A", "B"])
    assert [entry["teken"] for entry in record["kandidaten"]] == ["A", "B"]
    own = {place.name for place in found.places}
    assert not own & {entry["naam"] for entry in record["andere"]}


def test_what_can_be_chosen_is_of_the_type_and_not_over(world: Connection) -> None:
    options = candidate_options(world, SKAEVE, ON)
    assert {option.id for option in options} == set(ids_of(world, "TINY-2", "TINY-4", "TINY-5"))
    assert [option.is_plan for option in options] == [True, True, False]
    ended = candidate_options(world, read_type("maatschappelijke_opvang"), ON)
    assert ended == ()


@pytest.mark.parametrize("preset", PRESETS.keys)
def test_every_preset_has_the_points_of_the_type(preset: str) -> None:
    points = read_points(SKAEVE, {}, PRESETS[preset].points_of(SKAEVE))
    assert list(points) == [entry.key for entry in criteria_of(SKAEVE)]


@pytest.mark.parametrize(
    "words",
    [
        {"kosten": "-1"},
        {"kosten": "101"},
        {"kosten": "1.5"},
        {"kosten": "veel"},
        {"kosten": "٣"},
        {entry.key: "0" for entry in criteria_of(SKAEVE)},
    ],
)
def test_points_that_are_none_are_refused(words: dict[str, str]) -> None:
    with pytest.raises(QuestionError):
        read_points(SKAEVE, words)


def test_words_of_the_address_that_mean_nothing_are_refused() -> None:
    for word in ("villa", "vrouwenopvang", ""):
        with pytest.raises(QuestionError):
            read_type(word)
    for word in ("-3", "400.5", "veel", "9999999"):
        with pytest.raises(QuestionError):
            read_radius(word)
    for word in ("x", "0", "-1", "2147483648", "٣"):
        with pytest.raises(QuestionError):
            read_numbers([word], to_number)
    many = [str(number) for number in range(1, MOST_CANDIDATES + 2)]
    with pytest.raises(QuestionError, match="hoogstens 60"):
        read_numbers(many, to_number)
    assert read_numbers(["2", "1", "2"], to_number) == (2, 1)
    with pytest.raises(QuestionError):
        terms_of(SKAEVE, ON, 400, "buurt")
    with pytest.raises(QuestionError):
        terms_of(SKAEVE, ON, 10, "wijk")
