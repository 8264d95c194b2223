"""The spreading through the years: checked by hand, against one date at a time, and for leaks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from fractions import Fraction

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from app.cli import spreading_series as command
from app.services.demo import load_region
from app.services.spreading import QuestionError, answer, read_question
from app.services.spreading_series import (
    MOST_YEARS_COUNT,
    SpreadingSeries,
    read_series_question,
    spreading_series,
)
from app.services.spreading_series_table import change_rows, event_texts
from tests.world import tiny_world

TODAY = dt.date(2026, 1, 1)
RESIDENTS = (2000, 1500, 500)
#: Places in use in Zuiderveen, Middendorp and Noorderzand on 1 January, and the sites that count,
#: from the lives in tests/world.py: TINY-1 40 from 2015 and 24 from 2024, TINY-6 20 from 2018
#: until July 2025, TINY-2 8 from 2020, TINY-3 8 from 2022. TINY-7 is internal.
IN_USE = {
    2015: ((40, 0, 0), 1),
    2016: ((40, 0, 0), 1),
    2017: ((40, 0, 0), 1),
    2018: ((60, 0, 0), 2),
    2019: ((60, 0, 0), 2),
    2020: ((68, 0, 0), 3),
    2021: ((68, 0, 0), 3),
    2022: ((68, 8, 0), 4),
    2023: ((68, 8, 0), 4),
    2024: ((52, 8, 0), 4),
    2025: ((52, 8, 0), 4),
    2026: ((32, 8, 0), 3),
}
#: With decisions and plans: TINY-3 counts from 2021, TINY-4 6 from 2025, and TINY-5, of which
#: the places are not known, from 2024.
PLANNED = {
    **IN_USE,
    2021: ((68, 8, 0), 4),
    2024: ((52, 8, None), 5),
    2025: ((52, 14, None), 6),
    2026: ((32, 14, None), 5),
}


def hoover(places: Sequence[int | None]) -> Fraction:
    known = [(a, b) for a, b in zip(places, RESIDENTS, strict=True) if a is not None]
    all_places, residents = sum(a for a, _ in known), sum(b for _, b in known)
    gaps = (abs(Fraction(a, all_places) - Fraction(b, residents)) for a, b in known)
    return sum(gaps, Fraction(0)) / 2


def ask(connection: Connection, **changes: object) -> SpreadingSeries:
    words: dict[str, object] = {
        "types": ["alle_locaties"],
        "level": "gemeente",
        "base": "inwoners",
        "plan_scope": "bestaand",
        "today": TODAY,
    }
    return spreading_series(connection, read_series_question(**(words | changes)))  # type: ignore[arg-type]


@pytest.fixture
def tiny(connection: Connection) -> Connection:
    """A connection to the world of twelve squares; changes are undone."""
    load_region(connection, tiny_world())
    return connection


def add_year(connection: Connection, year: int, changes: str = "value") -> None:
    """The same areas once more, as a release of another year with other residents."""
    columns = "source_key, publisher, title, licence, attribution, address"
    release_id = connection.scalar(
        text(
            f"INSERT INTO source_release ({columns}, year, version, retrieved_on, sha256,"
            f" row_count, is_example) SELECT {columns}, :year, 'later', retrieved_on, sha256,"
            " row_count, is_example FROM source_release WHERE version = 'tiny-1' RETURNING id"
        ),
        {"year": year},
    )
    rest = (
        "level, name, gemeente_code, gemeente_name, wijk_code, in_region, is_water, land_area_ha,"
        " geom, outline_wgs84"
    )
    old = "(SELECT id FROM source_release WHERE version = 'tiny-1')"
    connection.execute(
        text(
            f"INSERT INTO area (release_id, area_code, {rest}) SELECT :id, area_code, {rest}"
            f" FROM area WHERE release_id = {old}"
        ),
        {"id": release_id},
    )
    connection.execute(
        text(
            "INSERT INTO figure (release_id, area_code, figure, value, reason) SELECT :id,"
            f" area_code, figure, {changes}, reason FROM figure WHERE release_id = {old}"
        ),
        {"id": release_id},
    )


# The years


@pytest.mark.parametrize(("plans", "expected"), [("bestaand", IN_USE), ("gepland", PLANNED)])
def test_every_year_of_the_world_is_as_its_lives_tell(
    tiny: Connection, plans: str, expected: dict[int, tuple[tuple[int | None, ...], int]]
) -> None:
    found = ask(tiny, plan_scope=plans)
    assert [moment.on for moment in found.moments] == [dt.date(year, 1, 1) for year in expected]
    for moment, (places, sites) in zip(found.moments, expected.values(), strict=True):
        counted = moment.table["capacity_count"].tolist()
        assert [None if count != count else count for count in counted] == list(places)
        assert moment.site_count == sites
        assert moment.hoover.value == pytest.approx(float(hoover(places)))
        assert moment.place_count == sum(count for count in places if count is not None)
        assert moment.unknown_area_count == places.count(None)
        assert moment.protected_site_count == (2018 <= moment.on.year <= 2025)


@pytest.mark.parametrize("level", ["gemeente", "wijk"])
@pytest.mark.parametrize(
    ("types", "plans"), [("alle_locaties", "bestaand"), ("beschut_wonen", "gepland")]
)
def test_every_date_equals_the_answer_for_that_date(
    demo_connection: Connection, level: str, types: str, plans: str
) -> None:
    found = ask(
        demo_connection, types=[types], level=level, plan_scope=plans, today=dt.date(2026, 5, 5)
    )
    assert len(found.moments) > 5
    for moment in (*found.moments, found.then):
        single = answer(
            demo_connection, read_question([types], level, moment.on, "inwoners", plans)
        )
        table = single.spreading.table
        expected = table["capacity_count"].astype("Float64").astype("float64")
        assert moment.table["capacity_count"].equals(expected)
        assert moment.table["location_quotient"].equals(table["location_quotient"])
        assert moment.table["verdict"].tolist() == table["verdict"].tolist()
        assert moment.hoover.value == single.spreading.hoover_index
        assert moment.protected_site_count == single.protected_site_count


def test_only_the_newest_years_are_shown_and_it_is_said(tiny: Connection) -> None:
    found = ask(tiny, today=dt.date(2036, 6, 1))
    assert found.moments[0].on == dt.date(2036 - MOST_YEARS_COUNT + 1, 1, 1)
    assert found.moments[-1].on == dt.date(2036, 6, 1)
    assert len(found.moments) == MOST_YEARS_COUNT + 1
    assert found.first_year == 2015
    assert found.left_out_year_count == 7


def test_a_type_that_is_nowhere_has_one_moment_and_a_reason(tiny: Connection) -> None:
    found = ask(tiny, types=["time_out"])
    assert [moment.on for moment in found.moments] == [TODAY]
    assert found.moments[0].hoover.reason is not None
    assert found.moments[0].hoover.reason.key == "no_places"
    assert found.first_year is None
    assert found.headline == "Op 1 januari 2025 waren er geen time-outplekken, en nu ook niet."


def test_a_year_before_the_first_place_has_a_reason_and_no_zero(tiny: Connection) -> None:
    tiny.execute(
        text("UPDATE site_state SET from_date = '2015-03-01' WHERE from_date < '2016-1-1'")
    )
    first = ask(tiny).moments[0]
    assert (first.on, first.place_count) == (dt.date(2015, 1, 1), 0)
    assert first.hoover.value is None


def test_a_site_counts_from_its_first_day_to_its_last(tiny: Connection) -> None:
    tiny.execute(
        text(
            "UPDATE site SET valid_from = '2016-01-01', valid_to = '2017-01-01'"
            " WHERE site_code = 'TINY-1'"
        )
    )
    found = ask(tiny)
    assert [moment.place_count for moment in found.moments[:4]] == [40, 40, 20, 20]
    assert found.first_year == 2016
    went = ask(tiny, from_year=2017).events[0].sites[0]
    assert (went.kind.key, went.on) == ("went", dt.date(2017, 1, 1))
    assert (went.before_count, went.after_count) == (40, 0)
    tiny.execute(text("UPDATE site SET valid_to = NULL WHERE site_code = 'TINY-1'"))
    came = ask(tiny, from_year=2015).events[0].sites[0]
    assert (came.kind.key, came.on, came.after_count) == ("came", dt.date(2016, 1, 1), 24)


# The residents of each year


def test_with_one_year_of_residents_the_page_says_that_they_stand_still(tiny: Connection) -> None:
    found = ask(tiny)
    assert {moment.release.year for moment in found.moments} == {2024}
    assert found.base_note.startswith("Alle jaren rekenen met de inwoners van 2024")


def test_every_date_uses_the_newest_year_that_is_not_after_it(tiny: Connection) -> None:
    add_year(tiny, 2025, "CASE WHEN area_code = 'GM9001' THEN value * 2 ELSE value END")
    found = ask(tiny, from_year=2024)
    used = {moment.on.year: moment.release.year for moment in found.moments}
    assert {used[year] for year in range(2015, 2025)} == {2024}
    assert (used[2025], used[2026]) == (2025, 2025)
    assert "van 2024 en 2025" in found.base_note
    change = found.change
    assert change.base_part is not None
    assert change.base_part != 0
    # 52 and 8 of 60 against 20/40, 15/40, 5/40; then 32 and 8 of 40 against 40/60, 15/60, 5/60.
    assert change.hoover_then == pytest.approx(float(Fraction(11, 30)))
    assert change.hoover_now == pytest.approx(float(Fraction(32, 40) - Fraction(40, 60)))


def test_real_areas_come_before_the_example_in_every_year(tiny: Connection) -> None:
    add_year(tiny, 2023)
    tiny.execute(text("UPDATE source_release SET is_example = false WHERE year = 2023"))
    found = ask(tiny)
    assert {moment.release.year for moment in found.moments} == {2023}


def test_wijken_that_were_drawn_anew_are_not_compared(tiny: Connection) -> None:
    add_year(tiny, 2025)
    newer = "(SELECT id FROM source_release WHERE version = 'later')"
    tiny.execute(text(f"DELETE FROM area WHERE release_id = {newer} AND area_code = 'WK900302'"))
    found = ask(tiny, level="wijk", from_year=2024)
    by_year = {moment.on.year: moment for moment in found.moments}
    reason = by_year[2024].hoover.reason
    assert reason is not None
    assert reason.key == "other_areas"
    assert set(by_year[2024].table["verdict"]) == {"niet_te_berekenen"}
    assert by_year[2024].place_count == 60
    assert by_year[2025].hoover.value is not None
    assert [entry.key for entry in found.change.reasons] == ["other_areas"]
    assert "anders ingedeeld" in found.headline


# What changed


def test_what_changed_since_last_year_is_counted_by_hand(tiny: Connection) -> None:
    found = ask(tiny)
    assert found.question.since == dt.date(2025, 1, 1)
    assert found.headline == (
        "Sinds 1 januari 2025 gingen er 20 plekken weg. De verdeling werd gelijker: van 37 naar "
        "30 van de 100 plekken die zouden moeten verhuizen."
    )
    assert found.change.hoover_change == pytest.approx(float(Fraction(3, 10) - Fraction(11, 30)))
    rows = change_rows(found)
    assert rows["naam"].tolist() == ["Middendorp", "Zuiderveen", "Noorderzand"]
    assert rows["deel"].tolist() == pytest.approx([-10 / 3, -10 / 3, 0])
    assert rows.loc["GM9001", "verschil"] == -20


def test_of_a_protected_site_only_the_places_of_its_area_are_told(tiny: Connection) -> None:
    entry = ask(tiny).events[0]
    assert (entry.area_code, entry.sites, entry.protected_difference_count) == ("GM9001", (), -20)
    assert event_texts(entry) == ["Afgeschermde locaties hebben samen 20 plekken minder."]
    # One more that opens as the other closes leaves nothing to tell.
    tiny.execute(text("UPDATE site SET publication = 'gebied' WHERE site_code = 'TINY-2'"))
    tiny.execute(
        text(
            "UPDATE site_state SET capacity_count = 20, from_date = '2025-02-01' WHERE site_id ="
            " (SELECT id FROM site WHERE site_code = 'TINY-2')"
        )
    )
    assert ask(tiny).events == ()


def test_public_sites_that_came_grew_shrank_and_went_are_named(tiny: Connection) -> None:
    tiny.execute(
        text(
            "INSERT INTO site_state (site_id, from_date, status, capacity_count, reason)"
            " SELECT id, '2025-05-01', 'afgebouwd', 0, 'Het huis is op.' FROM site"
            " WHERE site_code = 'TINY-2'"
        )
    )
    found = ask(tiny, from_year=2020)
    told = {entry.area_code: event_texts(entry) for entry in found.events}
    assert told == {
        "GM9001": [
            "Proeflocatie 1 (voorbeeld) kreeg minder plekken op 1 januari 2024: van 40 naar 24 "
            "plekken.",
            "Proeflocatie 2 (voorbeeld) ging weg op 1 mei 2025: van 8 naar 0 plekken. Reden: Het "
            "huis is op.",
            "Afgeschermde locaties hebben samen 20 plekken minder.",
        ],
        "GM9002": [
            "Proeflocatie 3 (voorbeeld) kwam erbij op 1 januari 2022: van 0 naar 8 plekken.",
        ],
    }
    tiny.execute(text("UPDATE site_state SET capacity_count = 44 WHERE capacity_count = 24"))
    assert ask(tiny, from_year=2020).events[0].sites[0].kind.key == "grew"
    tiny.execute(text("UPDATE site_state SET capacity_count = NULL WHERE capacity_count = 44"))
    unsure = ask(tiny, from_year=2020).events[0]
    assert (
        "ander aantal plekken op 1 januari 2024: van 40 naar een onbekend aantal"
        in (event_texts(unsure)[0])
    )


def test_a_plan_comes_in_when_it_was_made_and_not_again_when_it_opens(tiny: Connection) -> None:
    found = ask(tiny, plan_scope="gepland", from_year=2020)
    came = {event.name: event.on for entry in found.events for event in entry.sites}
    assert came["Proeflocatie 3 (voorbeeld)"] == dt.date(2021, 1, 1)
    assert ask(tiny, plan_scope="gepland", from_year=2021).events[-1].area_code == "GM9003"
    names = [
        event.name
        for entry in ask(tiny, plan_scope="gepland", from_year=2021).events
        for event in entry.sites
    ]
    assert "Proeflocatie 3 (voorbeeld)" not in names


@pytest.mark.parametrize(
    ("today", "year", "since"),
    [
        (dt.date(2026, 11, 26), None, dt.date(2025, 11, 26)),
        (dt.date(2028, 2, 29), None, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 26), "2026", dt.date(2026, 1, 1)),
        (dt.date(2026, 11, 26), 2019, dt.date(2019, 1, 1)),
    ],
)
def test_the_day_to_compare_with(today: dt.date, year: str | int | None, since: dt.date) -> None:
    asked = read_series_question(["respijt"], "wijk", "inwoners", "bestaand", today, year)
    assert asked.since == since


@pytest.mark.parametrize("year", ["2026", "1989", "2027", "twee", "20 25", "02025", "²025", "-1"])
def test_a_year_that_can_not_be_compared_is_refused(year: str) -> None:
    with pytest.raises(QuestionError, match="Kies een jaar van 1990 tot en met 2025") as caught:
        read_series_question(["respijt"], "wijk", "inwoners", "bestaand", TODAY, year)
    assert caught.value.field == "van"


def test_without_a_base_the_places_are_still_told(demo_connection: Connection) -> None:
    found = ask(demo_connection, base="woningvoorraad")
    assert found.headline.startswith("Sinds 1 januari 2025 ")
    assert "is bekend waarnaar wij verdelen" in found.headline
    assert found.base_note == "De woningen zijn niet bekend. Daarom tellen wij alleen de plekken."
    assert all(moment.place_count for moment in found.moments)
    assert all(moment.hoover.value is None for moment in found.moments)


def test_a_task_is_that_of_the_year_of_each_date(demo_connection: Connection) -> None:
    found = ask(demo_connection, types=["beschut_wonen"], base="opgave")
    assert [moment.base_year for moment in found.moments] == [m.on.year for m in found.moments]
    assert found.base_note == "Elke dag rekent met de opgave die in dat jaar gold of geldt."
    for moment in found.moments:
        question = read_question(["beschut_wonen"], "gemeente", moment.on, "opgave", "bestaand")
        assert moment.hoover.value == answer(demo_connection, question).spreading.hoover_index
    with pytest.raises(QuestionError, match="alleen per gemeente"):
        ask(demo_connection, level="wijk", base="opgave")


# The command


def test_the_command_gives_the_same_as_table_json_and_csv(
    demo_database_url: str, demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    expected = ask(demo_connection, types=["beschut_wonen"], from_year=2021)
    answers = {
        layout: CliRunner().invoke(
            command.spreading_series_command,
            ["--types", "beschut_wonen", "--from", "2021", "--format", layout],
            catch_exceptions=False,
        )
        for layout in ("table", "json", "csv")
    }
    assert all(found.exit_code == 0 for found in answers.values())
    body = json.loads(answers["json"].stdout)
    assert body["headline"] == expected.headline
    assert [row["hoover_index"] for row in body["moments"]] == [
        moment.hoover.value for moment in expected.moments
    ]
    parts = [row["part"] for row in body["change"]["areas"] if row["part"] is not None]
    assert sum(parts) == pytest.approx(expected.change.hoover_change)
    assert body["sources"]["is_example"] is True
    rows = list(csv.DictReader(io.StringIO(answers["csv"].stdout)))
    assert len(rows) == 8 * len(expected.moments)
    assert {row["base_year"] for row in rows} == {"2024"}
    table = answers["table"].stdout
    assert table.startswith(expected.headline)
    assert "Alle jaren rekenen met de inwoners van 2024" in table
    assert "Voorbeeldgegevens. Bron: " in table
    assert re.search(r"^1 januari 2026 +\d+ +\d+ +\d+,\d +2024$", table, re.M)
