"""Supply against need: the spreading by the task, on the world by hand and on the demo region."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Connection, text

from app.cli import spreading as command
from app.services.demo import load_region
from app.services.spreading import QuestionError, SpreadingAnswer, answer, read_question
from app.services.spreading_table import sources_of
from data.demo import DemoRegion, demo_region
from data.demo.tasks import LEFT_OUT
from data.queries.releases import area_release
from tests.app.page_reader import read_page
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
BOTH = ("beschermd_wonen", "beschut_wonen")
ADDRESS = "/spreiding?soort=beschermd_wonen,beschut_wonen&basis=opgave"


@pytest.fixture
def tiny(connection: Connection) -> Connection:
    load_region(connection, tiny_world())
    return connection


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return demo_region()


def ask(connection: Connection, *types: str, **changes: object) -> SpreadingAnswer:
    """The answer by the task, changed as asked."""
    words: dict[str, object] = {
        "level": "gemeente",
        "on": ON,
        "base": "opgave",
        "plan_scope": "bestaand",
    }
    return answer(connection, read_question(types, **(words | changes)))  # type: ignore[arg-type]


def needed_in(region: DemoRegion, kind: str, year: int) -> dict[str, int]:
    """The task that holds in a year, from the frame of the region, without SQL."""
    held: dict[str, tuple[int, int]] = {}
    for row in region.tasks.to_dict("records"):
        if row["type"] == kind and row["from_year"] <= year:
            code = row["gemeente_code"]
            held[code] = max(held.get(code, (0, 0)), (row["from_year"], row["place_count"]))
    return {code: count for code, (_, count) in held.items()}


def supply_of(region: DemoRegion, kind: str, on: dt.date) -> dict[str, int]:
    """The places in use on a date, from the frames of the region, without SQL."""
    gemeenten = region.areas[region.areas["level"] == "gemeente"]
    found: dict[str, int] = defaultdict(int)
    for code, site in region.sites[region.sites["type"] == kind].iterrows():
        states = region.site_states[region.site_states["site_code"] == code]
        last = states[states["from_date"] <= on].sort_values("from_date").tail(1)
        if site["publication"] == "intern" or set(last["status"]) != {"in_gebruik"}:
            continue
        found[gemeenten.index[gemeenten.covers(site.geometry)][0]] += int(
            last["capacity_count"].iloc[0]
        )
    return found


def test_the_world_by_hand(tiny: Connection) -> None:
    # Supply 32, 8 and 0 of 40; task 30, 24 and 6 of 60.
    # 0.5 * (|0.8 - 0.5| + |0.2 - 0.4| + |0 - 0.1|) = 0.30
    found = ask(tiny, *BOTH)
    table = found.spreading.table
    assert table["weight"].to_dict() == {"GM9001": 30, "GM9002": 24, "GM9003": 6}
    assert table["fair_share_count"].to_dict() == pytest.approx(
        {"GM9001": 20, "GM9002": 16, "GM9003": 4}
    )
    assert table["difference_count"].to_dict() == pytest.approx(
        {"GM9001": 12, "GM9002": -8, "GM9003": -4}
    )
    assert table["location_quotient"].to_dict() == pytest.approx(
        {"GM9001": 1.6, "GM9002": 0.5, "GM9003": 0}
    )
    assert found.spreading.hoover_index == pytest.approx(0.3)
    assert found.headline == (
        "Van de 40 plekken zouden er ongeveer 12 moeten verhuizen voor een gelijke verdeling naar "
        "opgave."
    )


def test_a_gemeente_that_needs_nothing_is_a_zero_and_no_gap(tiny: Connection) -> None:
    found = ask(tiny, "beschermd_wonen").spreading
    row = found.table.loc["GM9003"]
    assert (row["weight"], row["fair_share_count"]) == (0, 0)
    assert row["reason"] == "Hier is niets om naar te verdelen: het aantal is 0."
    assert found.totals.left_out_area_count == 0
    assert found.table.loc["GM9001", "fair_share_count"] == pytest.approx(24 * 12 / 21)


def test_a_gemeente_that_filled_nothing_in_is_left_out_with_its_reason(tiny: Connection) -> None:
    found = ask(tiny, *BOTH, "respijt").spreading
    row = found.table.loc["GM9002"]
    assert row["verdict"] == "niet_te_berekenen"
    assert row["reason"] == "Opgave: niet ingevuld voor Respijtplek."
    assert found.totals.counted_area_count == 2
    assert found.table["weight"].dropna().to_dict() == {"GM9001": 32, "GM9003": 7}


def test_without_any_task_there_is_a_sentence_and_no_number(tiny: Connection) -> None:
    tiny.execute(text("DELETE FROM task"))
    found = ask(tiny, "beschut_wonen")
    assert found.spreading.hoover_index is None
    assert found.task_release is None
    assert found.headline == (
        "De verdeling van de plekken beschut wonen is niet te berekenen: van geen van de gemeenten "
        "is de opgave bekend."
    )


@pytest.mark.parametrize("kind", ["beschut_wonen", "beschermd_wonen", "maatschappelijke_opvang"])
@pytest.mark.parametrize("year", [2024, 2026])
def test_the_demo_region_in_exact_fractions(
    demo_connection: Connection, region: DemoRegion, kind: str, year: int
) -> None:
    on = dt.date(year, 7, 1)
    supply, needed = supply_of(region, kind, on), needed_in(region, kind, year)
    total, whole = sum(supply.values()), sum(needed.values())
    assert len(needed) == 8
    found = ask(demo_connection, kind, on=on).spreading
    hoover = Fraction(0)
    for code, need in needed.items():
        row = found.table.loc[code]
        assert (row["weight"], row["capacity_count"]) == (need, supply.get(code, 0))
        assert row["fair_share_count"] == pytest.approx(float(Fraction(total * need, whole)))
        quotient = Fraction(supply.get(code, 0), total) / Fraction(need, whole)
        assert row["location_quotient"] == pytest.approx(float(quotient))
        hoover += abs(Fraction(supply.get(code, 0), total) - Fraction(need, whole)) / 2
    assert found.hoover_index == pytest.approx(float(hoover))
    assert found.table["whole_fair_share_count"].sum() == total


def test_the_demo_region_leaves_one_number_out(demo_connection: Connection) -> None:
    code, kind = LEFT_OUT
    table = ask(demo_connection, kind).spreading.table
    assert table["weight"].isna().sum() == 1
    assert table.loc[code, "reason"] == "Opgave: niet ingevuld voor Respijtplek."


def test_the_demo_region_needs_clearly_more_or_less_than_there_is(
    demo_connection: Connection,
) -> None:
    verdicts = ask(demo_connection, "beschut_wonen").spreading.table["verdict"]
    assert {"boven_aandeel", "onder_aandeel"} & set(verdicts)


def test_before_the_first_year_nothing_is_known(demo_connection: Connection) -> None:
    found = ask(demo_connection, "beschut_wonen", on=dt.date(2019, 1, 1)).spreading
    assert found.reasons[0].key == "no_weight"
    assert set(found.table["reason"]) == {"Opgave: niet ingevuld voor Beschut wonen."}


def test_the_task_is_named_among_the_sources_only_when_it_is_used(
    demo_connection: Connection,
) -> None:
    by_task, by_people = (
        ask(demo_connection, "beschut_wonen", base=base) for base in ("opgave", "inwoners")
    )
    roles = [line.role for line in sources_of(by_task)]
    assert roles == ["cijfers", "opgave", "locaties"]
    assert "opgave" not in [line.role for line in sources_of(by_people)]


def test_an_answer_by_a_made_up_task_is_an_example(
    tiny: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ask(tiny, *BOTH)
    real = replace(found.release, is_example=False)
    assert replace(found, release=real, site_releases=()).is_example
    assert not replace(found, release=real, site_releases=(), task_release=None).is_example


def test_the_task_is_not_known_of_wijken(demo_connection: Connection) -> None:
    with pytest.raises(QuestionError, match=r"De opgave is er alleen per gemeente\.") as caught:
        ask(demo_connection, "beschut_wonen", level="wijk")
    assert caught.value.field == "niveau"


# The page, the files and the command


def test_the_page_shows_supply_and_need_side_by_side(world: FlaskClient) -> None:
    page = read_page(world, ADDRESS)
    table = page.tables[0]
    assert table[0][1:4] == ["Plekken", "Opgave", "Evenredig aandeel"]
    assert {row[0].split()[0]: row[1:5] for row in table[1:4]} == {
        "Zuiderveen": ["32", "30", "20", "+12"],
        "Middendorp": ["8", "24", "16", "−8"],
        "Noorderzand": ["0", "6", "4", "−4"],
    }
    assert table[4][:3] == ["Samen", "40", "60"]
    assert "bij een gelijke verdeling naar opgave. De opgave is hoeveel plekken" in page.text
    assert "Opgave" in page.text.partition("Gebieden en cijfers")[2]


def test_the_page_says_which_gemeente_filled_nothing_in(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?soort=respijt&basis=opgave")
    assert "Opgave: niet ingevuld voor Respijtplek." in page.text
    assert page.lead.endswith("1 gemeente telt niet mee, omdat een cijfer ontbreekt.") or (
        "te weinig" in page.lead
    )


def test_all_types_together_can_be_divided_by_the_task(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?basis=opgave")
    assert "naar opgave" in page.lead
    assert page.tables[0][0][2] == "Opgave"


def test_asked_of_wijken_the_page_says_what_can_and_keeps_the_choice(client: FlaskClient) -> None:
    address = "/spreiding?soort=respijt&niveau=wijk&basis=opgave&plannen=besloten&datum=2025-01-01"
    page = read_page(client, address)
    assert (page.status, page.lead) == (400, "De opgave is er alleen per gemeente.")
    assert page.tables == []
    html = client.get(address).get_data(as_text=True)
    for value in ("respijt", "wijk", "opgave", "besloten"):
        assert re.search(rf'<option value="{value}"\s+selected', html), value
    assert 'value="2025-01-01"' in html
    assert client.get(address.replace("/spreiding", "/spreiding.csv")).status_code == 400


def test_the_files_name_what_the_places_are_divided_by(world: FlaskClient) -> None:
    text_of = world.get(ADDRESS.replace("/spreiding", "/spreiding.csv")).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text_of.removeprefix("\ufeff")), delimiter=";"))
    assert {row["code"]: row["basis"] for row in rows} == {
        "GM9001": "30",
        "GM9002": "24",
        "GM9003": "6",
    }
    assert all("Voorbeeldregio" in row["bron_opgave"] for row in rows)
    content = world.get(ADDRESS.replace("/spreiding", "/spreiding.xlsx")).get_data()
    book = load_workbook(io.BytesIO(content))
    header = [cell.value for cell in book["Gegevens"][1]]
    assert header[3:5] == ["Opgave", "Deel van de opgave (%)"]
    told = {row[0].value: row[1].value for row in book["Bron en toelichting"].iter_rows()}
    assert str(told["Verdeeld naar"]).startswith("Opgave. De opgave is hoeveel plekken")
    assert "Bron: opgave" in told


def test_by_residents_the_files_name_the_residents(world: FlaskClient) -> None:
    content = world.get("/spreiding.xlsx").get_data()
    header = [cell.value for cell in load_workbook(io.BytesIO(content))["Gegevens"][1]]
    assert header[3:5] == ["Inwoners", "Deel van het aantal inwoners (%)"]


def test_the_command_divides_by_the_task(
    demo_database_url: str, demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    asked = ["--types", "beschut_wonen", "--date", "2026-01-01", "--base", "opgave"]
    expected = ask(demo_connection, "beschut_wonen").spreading
    told = {
        layout: CliRunner().invoke(
            command.spreading_command, [*asked, "--format", layout], catch_exceptions=False
        )
        for layout in ("table", "json", "csv")
    }
    body = json.loads(told["json"].stdout)
    version = area_release(demo_connection).version
    task = f"Voorbeeldregio Zuid-Kennemerland, IJmond en Haarlemmermeer 2024 {version}"
    assert body["source"]["task"] == task
    assert body["source"]["is_example"] is True
    assert {row["area_code"]: row["weight"] for row in body["areas"]} == (
        expected.table["weight"].to_dict()
    )
    assert all(task in line for line in told["csv"].stdout.splitlines()[1:])
    lines = told["table"].stdout.splitlines()
    assert "naar opgave" in lines[1]
    assert lines[3].split()[:3] == ["gemeente", "plekken", "opgave"]
    assert f"Bron van de opgave: {task}." in lines


def test_the_command_names_no_task_when_it_is_not_used(
    demo_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    asked = ["--types", "respijt", "--format"]
    body = json.loads(CliRunner().invoke(command.spreading_command, [*asked, "json"]).stdout)
    assert body["source"]["task"] is None
    assert "Bron van de opgave" not in (
        CliRunner().invoke(command.spreading_command, [*asked, "table"]).stdout
    )


def test_the_source_is_explained_on_the_page_of_sources(client: FlaskClient) -> None:
    page = read_page(client, "/bronnen")
    assert "bron-opgave" in page.ids
    assert "Opgave per gemeente" in page.headings
    assert "vanaf welk jaar dit aantal geldt" in page.text
