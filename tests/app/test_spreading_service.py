"""Spreading on the example region, computed a second time with whole numbers and fractions."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from analysis.spreading.outcome import SEED, to_band
from analysis.spreading.random_draws import draw_evenness
from app.cli import spreading as command
from app.services.spreading import QuestionError, SpreadingAnswer, answer, read_question
from data.demo import demo_region
from data.queries.releases import area_release

ON = dt.date(2026, 1, 1)
RESIDENTS = {
    # CBS, Kerncijfers wijken en buurten 2024: inwoners op 1 januari.
    "GM0375": 42_880,
    "GM0377": 23_780,
    "GM0392": 167_670,
    "GM0394": 163_115,
    "GM0396": 39_455,
    "GM0397": 27_580,
    "GM0453": 69_175,
    "GM0473": 17_475,
}


def ask(connection: Connection, **changes: object) -> SpreadingAnswer:
    """The answer to the usual question, changed as asked."""
    words: dict[str, object] = {
        "types": ["beschut_wonen"],
        "level": "gemeente",
        "on": ON,
        "base": "inwoners",
        "plan_scope": "bestaand",
    }
    return answer(connection, read_question(**(words | changes)))  # type: ignore[arg-type]


def places_by_gemeente(type_key: str, on: dt.date) -> dict[str, int]:
    """The places in use on a date, counted from the frames of the region, without SQL."""
    region = demo_region()
    gemeenten = region.areas[region.areas["level"] == "gemeente"]
    found: dict[str, int] = defaultdict(int)
    for code, site in region.sites[region.sites["type"] == type_key].iterrows():
        states = region.site_states[region.site_states["site_code"] == code]
        states = states[states["from_date"] <= on].sort_values("from_date")
        is_internal = site["publication"] == "intern"
        if is_internal or states.empty or states.iloc[-1]["status"] != "in_gebruik":
            continue
        gemeente = gemeenten.index[gemeenten.covers(site.geometry)][0]
        found[gemeente] += int(states.iloc[-1]["capacity_count"])
    return dict(found)


@pytest.mark.parametrize("type_key", ["beschut_wonen", "beschermd_wonen", "respijt"])
def test_the_figures_equal_those_counted_by_hand(
    demo_connection: Connection, type_key: str
) -> None:
    counts = places_by_gemeente(type_key, ON)
    total, residents = sum(counts.values()), sum(RESIDENTS.values())
    assert residents == 551_130
    found = ask(demo_connection, types=[type_key]).spreading
    hoover = Fraction(0)
    for code, weight in RESIDENTS.items():
        row, count = found.table.loc[code], counts.get(code, 0)
        assert row["capacity_count"] == count
        assert row["weight"] == weight
        assert row["fair_share_count"] == pytest.approx(float(Fraction(total * weight, residents)))
        quotient = Fraction(count, total) / Fraction(weight, residents)
        assert row["location_quotient"] == pytest.approx(float(quotient))
        hoover += abs(Fraction(count, total) - Fraction(weight, residents)) / 2
    assert found.hoover_index == pytest.approx(float(hoover))
    assert found.table["whole_fair_share_count"].sum() == total


def test_a_date_in_the_past_shows_what_was_there_then(demo_connection: Connection) -> None:
    before = ask(demo_connection, on=dt.date(2019, 1, 1)).spreading.totals.capacity_count
    after = ask(demo_connection).spreading.totals.capacity_count
    assert before == sum(places_by_gemeente("beschut_wonen", dt.date(2019, 1, 1)).values())
    assert before < after


def test_before_the_first_site_there_is_nothing_to_spread(demo_connection: Connection) -> None:
    found = ask(demo_connection, on=dt.date(1990, 1, 1))
    assert found.spreading.hoover_index is None
    assert found.headline == "Er zijn geen plekken beschut wonen."


def test_a_base_that_nobody_published_gives_a_reason_and_no_number(
    demo_connection: Connection,
) -> None:
    found = ask(demo_connection, base="woningvoorraad")
    assert found.spreading.hoover_index is None
    assert found.spreading.reasons[0].key == "no_weight"
    assert set(found.spreading.table["reason"]) == {"Woningen: niet in het bestand."}


def test_a_site_with_unknown_places_leaves_its_gemeente_out_and_says_so(
    demo_connection: Connection,
) -> None:
    demo_connection.execute(
        text(
            "UPDATE site_state SET capacity_count = NULL WHERE site_id = (SELECT s.site_id FROM"
            " public_site_area s JOIN site_state t USING (site_id) WHERE s.type = 'beschut_wonen'"
            " AND s.area_code = 'GM0392' AND t.status = 'in_gebruik' LIMIT 1)"
        )
    )
    found = ask(demo_connection)
    row = found.spreading.table.loc["GM0392"]
    assert row["verdict"] == "niet_te_berekenen"
    assert row["reason"] == "Van 1 locatie is het aantal plekken nog niet bekend."
    assert found.headline.endswith("1 gemeente telt niet mee, omdat een cijfer ontbreekt.")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"types": ["beschud_wonen"]}, "soort", "Bedoelt u beschut_wonen"),
        ({"types": []}, "soort", "ten minste één soort"),
        ({"types": ["vrouwenopvang"]}, "soort", "adressen zijn geheim"),
        ({"types": ["omklapwoning"]}, "soort", "hooguit als aantal"),
        ({"level": "straat"}, "niveau", "Kies uit: gemeente, wijk"),
        ({"on": "31-01-2026"}, "datum", "Schrijf een datum als 2026-01-31"),
        ({"base": "honden"}, "basis", "inwoners, huishoudens, woningvoorraad"),
        ({"plan_scope": "alles"}, "plannen", "bestaand, besloten, gepland"),
    ],
)
def test_a_question_that_cannot_be_asked_is_answered_with_what_can(
    changes: dict[str, object], field: str, words: str
) -> None:
    usual: dict[str, object] = {
        "types": ["respijt"],
        "level": "wijk",
        "on": ON,
        "base": "inwoners",
        "plan_scope": "bestaand",
    }
    with pytest.raises(QuestionError, match=words) as caught:
        read_question(**(usual | changes))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_the_command_gives_the_same_figures_as_table_json_and_csv(
    demo_database_url: str, demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    asked = ["--types", "beschut_wonen", "--date", "2026-01-01"]
    expected = ask(demo_connection).spreading
    answers = {
        layout: CliRunner().invoke(
            command.spreading_command, [*asked, "--format", layout], catch_exceptions=False
        )
        for layout in ("table", "json", "csv")
    }
    assert all(found.exit_code == 0 for found in answers.values())
    body = json.loads(answers["json"].stdout)
    assert body["hoover_index"] == pytest.approx(expected.hoover_index)
    assert {row["area_code"]: row["capacity_count"] for row in body["areas"]} == (
        expected.table["capacity_count"].to_dict()
    )
    assert body["source"]["is_example"] is True
    lines = answers["csv"].stdout.splitlines()
    assert len(lines) == 1 + len(RESIDENTS)
    assert lines[0].startswith("area_code,name,weight")
    assert "Haarlem" in answers["table"].stdout
    assert "Voorbeeldgegevens" in answers["table"].stdout
    assert "Bron van de locaties: Voorbeeldregio" in answers["table"].stdout
    assert lines[1].endswith(",true")


def test_the_bands_rest_on_the_sites_of_the_region(demo_connection: Connection) -> None:
    found = ask(demo_connection, types=["alle_locaties"]).spreading
    region = demo_region()
    states = region.site_states[region.site_states["from_date"] <= ON]
    last = states.sort_values("from_date").groupby("site_code").last()
    in_use = last[(last["status"] == "in_gebruik") & (last["capacity_count"] > 0)]
    public = region.sites["publication"] != "intern"
    sizes = in_use["capacity_count"][public.reindex(in_use.index)]
    assert found.evenness.site_count == len(sizes)
    assert sizes.sum() == found.totals.capacity_count
    drawn = draw_evenness(sizes, pd.Series(RESIDENTS))
    for name in ("hoover", "gini", "theil"):
        expected = to_band(drawn[name].to_numpy(), SEED)
        assert getattr(found.evenness, name).band == expected
    assert found.evenness.hoover.value == found.hoover_index


def test_another_seed_is_other_draws_of_the_same_spreading(demo_connection: Connection) -> None:
    question = read_question(["alle_locaties"], "gemeente", ON, "inwoners", "bestaand")
    first, again, same = (
        answer(demo_connection, question, seed).spreading.evenness for seed in (1, 2, 1)
    )
    assert first.gini.value == again.gini.value
    assert first.gini.band != again.gini.band
    assert first.gini == same.gini
    assert first.gini.band is not None
    assert first.gini.band.seed == 1


def test_theil_of_wijken_falls_apart_by_gemeente(
    demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def listen(*question: Any) -> pd.DataFrame:
        asked.append(question)
        return draw_evenness(*question)

    monkeypatch.setattr("app.services.spreading.kept_draws", listen)
    wijken = ask(demo_connection, types=["alle_locaties"], level="wijk").spreading.evenness
    # Most wijken of the example region hold no places at all.
    assert wijken.theil_between.reason is not None
    assert wijken.theil_between.reason.key == "mostly_empty"
    groups = asked[0][2]
    assert groups.to_dict() == {code: f"GM{code[2:6]}" for code in groups.index}
    ask(demo_connection, types=["alle_locaties"])
    assert asked[1][2] is None


def test_a_site_that_opens_changes_the_band_at_once(demo_connection: Connection) -> None:
    before = ask(demo_connection, types=["alle_locaties"]).spreading.evenness
    demo_connection.execute(
        text(
            "UPDATE site_state SET capacity_count = capacity_count + 300 WHERE site_id = (SELECT"
            " s.site_id FROM public_site_area s JOIN site_state t USING (site_id)"
            " WHERE s.area_code = 'GM0392' AND t.status = 'in_gebruik' LIMIT 1)"
        )
    )
    after = ask(demo_connection, types=["alle_locaties"]).spreading.evenness
    assert after.site_count == before.site_count
    assert after.hoover.band != before.hoover.band


def test_few_sites_have_numbers_without_a_band(demo_connection: Connection) -> None:
    found = ask(demo_connection, types=["respijt"]).spreading.evenness
    assert found.site_count is not None
    assert 0 < found.site_count < 10
    assert found.hoover.value is not None
    assert found.hoover.band is None


def run(*words: str) -> str:
    """What the command prints."""
    found = CliRunner().invoke(command.spreading_command, [*words], catch_exceptions=False)
    assert found.exit_code == 0
    return found.stdout


def test_the_command_tells_evenness_with_its_band(
    demo_database_url: str, demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    asked = ("--types", "alle_locaties", "--date", "2026-01-01")
    question = read_question(["alle_locaties"], "gemeente", ON, "inwoners", "bestaand")
    expected = answer(demo_connection, question, 7).spreading.evenness
    body = json.loads(run(*asked, "--format", "json", "--seed", "7"))
    for name in ("hoover", "gini", "theil"):
        outcome = getattr(expected, name)
        assert body["evenness"][name] == {
            "value": pytest.approx(outcome.value),
            "reason": None,
            "band": {
                "low": pytest.approx(outcome.band.low),
                "middle": pytest.approx(outcome.band.middle),
                "high": pytest.approx(outcome.band.high),
                "draws": 999,
                "seed": 7,
            },
            "position": outcome.position,
        }
    assert body["evenness"]["theil_within"]["reason"]["key"] == "no_groups"
    assert body["lorenz"][0] == {"area_code": None, "weight_share": 0, "capacity_share": 0}
    assert len(body["lorenz"]) == 1 + len(RESIDENTS)
    assert body["lorenz"][-1]["capacity_share"] == 1
    assert (body["site_count"], body["seed"]) == (expected.site_count, 7)
    assert json.loads(run(*asked, "--format", "json"))["seed"] == SEED


def test_the_table_tells_gini_and_theil_in_a_line_each(
    demo_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    gemeenten = run("--types", "alle_locaties", "--date", "2026-01-01")
    for label in ("Hoover", "Gini", "Theil"):
        assert re.search(
            rf"^{label}-index: 0,\d+, hoger dan bij toeval \(0,\d+ tot 0,\d+\)$",
            gemeenten,
            re.MULTILINE,
        )
    assert "999 keer dezelfde 42 locaties op andere plekken, startgetal 2022." in gemeenten
    wijken = run("--types", "alle_locaties", "--level", "wijk", "--date", "2026-01-01")
    assert "Gini-index: niet te geven. In meer dan de helft van de gebieden" in wijken
    few = run("--types", "respijt", "--date", "2026-01-01")
    assert "Er is geen vergelijking met toeval. Er zijn minder dan 10 locaties" in few
    nothing = run("--types", "alle_locaties", "--date", "1990-01-01")
    assert "index" not in nothing


def test_a_seed_is_a_whole_number_from_0(monkeypatch: pytest.MonkeyPatch) -> None:
    found = CliRunner().invoke(command.spreading_command, ["--types", "respijt", "--seed", "-1"])
    assert found.exit_code == 2


def test_made_up_sites_on_real_areas_are_called_an_example(
    demo_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replace(area_release(demo_connection), is_example=False)
    monkeypatch.setattr("app.services.spreading.area_release", lambda _: real)
    assert ask(demo_connection).is_example


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("skaeve_huse", "woningen in Skaeve Huse"),
        ("time_out", "time-outplekken"),
        ("sociaal_hostel", "plekken in een sociaal hostel"),
        ("beschut_wonen", "plekken beschut wonen"),
    ],
)
def test_the_headline_names_what_is_counted_as_people_say_it(
    demo_connection: Connection, kind: str, counted: str
) -> None:
    question = read_question([kind], "gemeente", ON, "inwoners", "gepland")
    assert f" {counted}" in answer(demo_connection, question).headline
