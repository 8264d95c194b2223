"""The figures of a scenario.

By hand on the world of twelve squares; and on the example region against the public pages of a
register in which the same was really changed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from analysis.access.profiles import ACCESS_PROFILES
from analysis.access.score import measure_access
from analysis.facility_types import FACILITY_TYPES
from analysis.scenario import ScenarioFaults
from app.services.area_list import SHOWN_TYPES
from app.services.availability import reach_of_facilities
from app.services.demo import load_region
from app.services.exposure import measure_exposure, read_exposure_question
from app.services.scenario_figures import Case, ScenarioFigures, measure_scenarios
from app.services.scenario_words import four_figures, lead, planned_sentence
from app.services.spreading import answer, read_question
from app.services.travel import access_frames, sites_access
from data.queries.scenarios import ItemRecord
from tests.world import tiny_world

TODAY = dt.date(2026, 1, 1)
TYPE = "beschut_wonen"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def tiny(connection: Connection) -> Connection:
    """The world of twelve squares, gone after the test."""
    load_region(connection, tiny_world())
    return connection


def number_of(connection: Connection, code: str) -> int:
    query = text("SELECT id FROM site WHERE site_code = :code")
    return int(connection.execute(query, {"code": code}).scalar_one())


def item(key: int, kind: str, site: int | None = None, **more: Any) -> ItemRecord:
    empty: dict[str, Any] = dict.fromkeys(("name", "place_count", "cost_eur", "note", "x_m", "y_m"))
    return ItemRecord(key, 1, kind, site, **{**empty, **more})


def measured(
    connection: Connection,
    home: Path,
    *items: ItemRecord,
    type: str = TYPE,
    on: dt.date = TODAY,
    target: int | None = None,
    **more: Any,
) -> ScenarioFigures:
    case = Case("Proef", FACILITY_TYPES[type], on, target, items, **more)
    return measure_scenarios(connection, home, TODAY, [case], is_staff=True)


def hoovers(found: ScenarioFigures) -> list[float | None]:
    return [
        None if spread.hoover is None else round(spread.hoover, 4)
        for spread in (*found.type_spread, *found.all_spread)
    ]


def test_moving_a_site_changes_the_index_as_by_hand(tiny: Connection, home: Path) -> None:
    """TINY-2 goes from Zuiderveen to Noorderzand.

    Beschut wonen: 8, 8, 0 becomes 0, 8, 8 of 16: 1/2 (0 + 1/8 + 1/8) = 0.125, and
    1/2 (1/2 + 1/8 + 3/8) = 0.5. All types: 32, 8, 0 becomes 24, 8, 8 of 40: 0.3, and
    1/2 (0.1 + 0.175 + 0.075) = 0.175.
    """
    moved = item(1, "moved", number_of(tiny, "TINY-2"), x_m=102_500.0, y_m=482_500.0)
    found = measured(tiny, home, moved)
    assert hoovers(found) == [0.125, 0.5, 0.3, 0.175]
    figure = four_figures(found, ["Proef"])[0]
    assert figure.sentences == (
        "Voor plekken beschut wonen is de verdeling minder gelijk: van 12,5 naar 50 van de 100 "
        "plekken.",
        "Voor alle soorten samen is de verdeling gelijker: van 30 naar 17,5 van de 100 plekken.",
    )
    rows = {row.name: row for row in found.gemeenten}
    assert rows["Zuiderveen"].place_counts == (8, 0)
    assert rows["Zuiderveen"].difference(1) == -8
    assert rows["Noorderzand"].place_counts == (0, 8)
    assert rows["Noorderzand"].all_counts == (0, 8)
    assert rows["Zuiderveen"].fair_counts == (8.0,)
    assert rows["Middendorp"].fair_counts == (6.0,)
    assert rows["Noorderzand"].fair_counts == (2.0,)


def test_on_off_and_new_change_the_counts_as_by_hand(tiny: Connection, home: Path) -> None:
    found = measured(
        tiny,
        home,
        item(1, "off", number_of(tiny, "TINY-3")),
        item(2, "on", number_of(tiny, "TINY-4"), place_count=9),
        item(3, "new", name="N", place_count=5, x_m=103_500.0, y_m=482_500.0),
        target=30,
    )
    assert found.counts == (16, 22)
    rows = {row.name: row for row in found.gemeenten}
    assert rows["Middendorp"].place_counts == (8, 9)
    assert rows["Noorderzand"].place_counts == (0, 5)
    assert [
        rows[name].target_counts[0] for name in ("Zuiderveen", "Middendorp", "Noorderzand")
    ] == [
        15,
        11,
        4,
    ]
    assert lead(found, "Proef") == (
        "Op 1 januari 2026 zijn er 22 plekken beschut wonen (vandaag 16) met ‘Proef’. Dat zijn er "
        "8 minder dan het doel van 30."
    )


def test_a_change_of_less_than_a_place_is_no_clear_difference(tiny: Connection, home: Path) -> None:
    """One place more in Zuiderveen: 33, 8, 0 of 41. The index rises by 0.005, less than 1/40."""
    found = measured(
        tiny,
        home,
        item(1, "new", name="N", place_count=1, x_m=100_500.0, y_m=480_500.0),
        type="beschermd_wonen",
    )
    spreading = four_figures(found, ["Proef"])[0]
    assert spreading.rows[1].verdicts[1] == "geen duidelijk verschil"
    assert found.all_spread[1].hoover == pytest.approx(33 / 41 - 0.5)


def test_the_costs_that_are_known_are_added_and_the_others_counted(
    tiny: Connection, home: Path
) -> None:
    on = number_of(tiny, "TINY-4")
    found = measured(
        tiny,
        home,
        item(1, "new", name="N", place_count=5, cost_eur=250_000, x_m=103_500.0, y_m=482_500.0),
        item(2, "off", number_of(tiny, "TINY-2"), cost_eur=0),
        item(3, "on", on),
        item(4, "moved", number_of(tiny, "TINY-3"), x_m=101_500.0, y_m=482_500.0),
        costs={on: 100_000, number_of(tiny, "TINY-3"): 77_000},
    )
    money = found.money[1]
    assert (money.known_eur, money.known_count, money.unknown_count) == (350_000, 3, 1)
    told = four_figures(found, ["Proef"])[3]
    assert told.sentences == (
        "De bekende eenmalige kosten zijn samen € 350.000. Van 1 onderdeel zijn de kosten niet "
        "bekend.",
    )


def test_an_unknown_number_of_places_gives_no_figure_and_says_why(
    tiny: Connection, home: Path
) -> None:
    found = measured(
        tiny, home, item(1, "new", name="Hoek", x_m=103_500.0, y_m=482_500.0), type="skaeve_huse"
    )
    reason = "Van Hoek is het aantal plekken niet bekend."
    assert found.type_spread[1].hoover is None
    assert found.all_spread[1].reason == found.near[1].reason == found.reach[1].reason == reason
    assert found.counts[1] is None
    assert lead(found, "Proef") == (
        "Hoeveel woningen in Skaeve Huse er met dit scenario zijn, is niet bekend."
    )
    other = measured(
        tiny, home, item(1, "new", name="Hoek", x_m=103_500.0, y_m=482_500.0), type=TYPE
    )
    assert other.type_spread[0].hoover == pytest.approx(0.125)


def test_items_that_contradict_each_other_give_every_fault(tiny: Connection, home: Path) -> None:
    two = number_of(tiny, "TINY-2")
    with pytest.raises(ScenarioFaults) as raised:
        measured(tiny, home, item(1, "on", two), item(2, "off", two), item(3, "new", name="Leeg"))
    assert [fault.text for fault in raised.value.faults] == [
        "Proeflocatie 2 (voorbeeld) staat zowel aan als uit. Kies één van de twee.",
        "Leeg: er is geen plek op de kaart gekozen.",
    ]


def test_what_the_register_says_itself_is_told_apart(tiny: Connection, home: Path) -> None:
    tiny.execute(
        text(
            "INSERT INTO site_state SELECT id, '2027-01-01', 'in_gebruik', 6, NULL FROM site "
            "WHERE site_code = 'TINY-4'"
        )
    )
    tiny.execute(
        text(
            "INSERT INTO site_state SELECT id, '2027-06-01', 'afgebouwd', 0, 'Klaar' FROM site "
            "WHERE site_code = 'TINY-1'"
        )
    )
    found = measured(tiny, home, on=dt.date(2028, 1, 1))
    assert found.counts == (16, 22)
    assert planned_sentence(found.cases[0].planned) == (
        "Proeflocatie 1 (voorbeeld) gaat weg (24 plekken); Proeflocatie 4 (voorbeeld) komt erbij "
        "(6 plekken)"
    )


def test_protected_sites_count_by_gemeente_and_once_only(tiny: Connection, home: Path) -> None:
    """TINY-6 in use again, with 20 places in Zuiderveen that only count by area."""
    six = number_of(tiny, "TINY-6")
    tiny.execute(
        text("DELETE FROM site_state WHERE site_id = :id AND status = 'afgebouwd'"), {"id": six}
    )
    unnamed = measured(tiny, home, type="maatschappelijke_opvang")
    assert unnamed.counts == (20, 20)
    off = measured(tiny, home, item(1, "off", six), type="maatschappelijke_opvang")
    assert off.counts == (20, 0)
    moved = measured(
        tiny,
        home,
        item(1, "moved", six, x_m=100_500.0, y_m=482_500.0),
        type="maatschappelijke_opvang",
    )
    assert moved.counts == (20, 20)
    rows = {row.name: row.place_counts for row in moved.gemeenten}
    assert rows == {"Zuiderveen": (20, 0), "Middendorp": (0, 0), "Noorderzand": (0, 20)}


def test_an_internal_site_counts_only_where_a_scenario_names_it(
    tiny: Connection, home: Path
) -> None:
    seven = number_of(tiny, "TINY-7")
    assert measured(tiny, home, type="respijt").counts == (0, 0)
    found = measured(tiny, home, item(1, "off", seven), type="respijt")
    assert found.counts == (2, 0)
    assert found.internal_names == ("Proeflocatie 7 (voorbeeld)",)


def test_a_visitor_finds_no_internal_site_whatever_is_asked(tiny: Connection, home: Path) -> None:
    seven = number_of(tiny, "TINY-7")
    case = Case("Proef", FACILITY_TYPES["respijt"], TODAY, None, (item(1, "off", seven),))
    found = measure_scenarios(tiny, home, TODAY, [case], is_staff=False)
    assert found.cases[0].hidden_count == 1
    assert found.counts == (0, 0)


def test_a_place_outside_the_region_is_near_people_and_in_no_gemeente(
    tiny: Connection, home: Path
) -> None:
    tiny.execute(text("UPDATE area SET in_region = false WHERE gemeente_code = 'GM9003'"))
    found = measured(
        tiny, home, item(1, "new", name="N", place_count=5, x_m=100_500.0, y_m=482_500.0)
    )
    assert found.counts == (16, 16)
    assert [row.name for row in found.gemeenten] == ["Middendorp", "Zuiderveen"]


#: What is really changed, and the same as items: kinds of every sort, chosen among the sites of
#: the example region by type and stage.
CHANGES = {
    "off": "SELECT s.id FROM site s JOIN site_state t ON t.site_id = s.id WHERE s.type = :type "
    "AND t.status = 'in_gebruik' AND s.publication = 'openbaar' AND NOT EXISTS (SELECT 1 FROM "
    "site_state u WHERE u.site_id = s.id AND u.from_date > t.from_date) ORDER BY s.id LIMIT 2",
    "on": "SELECT s.id FROM site s JOIN site_state t ON t.site_id = s.id WHERE s.type = :type AND "
    "t.status IN ('planvorming', 'besluit', 'nader_onderzoek') AND s.publication = 'openbaar' AND "
    "NOT EXISTS (SELECT 1 FROM site_state u WHERE u.site_id = s.id AND u.from_date > t.from_date) "
    "ORDER BY s.id LIMIT 1",
}


@pytest.mark.parametrize("type", ["beschut_wonen", "beschermd_wonen"])
def test_the_figures_are_those_of_a_register_in_which_it_was_really_so(
    demo_connection: Connection, home: Path, type: str
) -> None:
    """The scenario against the services of the public pages, after the same change for real."""
    gone, moved = demo_connection.scalars(text(CHANGES["off"]), {"type": type}).all()
    on = demo_connection.scalars(text(CHANGES["on"]), {"type": type}).first()
    items = [
        item(1, "off", gone),
        item(2, "moved", moved, x_m=103_800.0, y_m=489_200.0),
        item(3, "new", name="Nieuw", place_count=11, x_m=101_700.0, y_m=496_100.0),
    ]
    if on is not None:
        items.append(item(4, "on", on, place_count=14))
    found = measured(demo_connection, home, *items, type=type)
    before = public_figures(demo_connection, home, type)
    really_change(demo_connection, type, gone, moved, on)
    after = public_figures(demo_connection, home, type)
    assert before != after
    for number, expected in enumerate((before, after)):
        assert ours(found, number) == pytest.approx(expected, nan_ok=True)


def really_change(connection: Connection, type: str, gone: int, moved: int, on: int | None) -> None:
    """What the items say, in the register itself."""
    state = text("INSERT INTO site_state VALUES (:id, :day, :status, :count, 'Voor de toets')")
    day = TODAY - dt.timedelta(days=1)
    ended = {"id": gone, "day": day, "status": "afgebouwd", "count": 0}
    connection.execute(text("DELETE FROM site_state WHERE from_date > :day"), {"day": TODAY})
    connection.execute(state, ended)
    place = "SRID=28992;POINT(103800 489200)"
    connection.execute(
        text("UPDATE site SET geom = :place, outline = NULL WHERE id = :id"),
        {"place": place, "id": moved},
    )
    made = connection.execute(
        text(
            "INSERT INTO site (site_code, release_id, name, type, publication, geom) SELECT "
            "'NIEUW-1', release_id, 'Nieuw', :type, 'openbaar', "
            "'SRID=28992;POINT(101700 496100)' FROM site LIMIT 1 RETURNING id"
        ),
        {"type": type},
    ).scalar_one()
    connection.execute(state, {"id": made, "day": day, "status": "in_gebruik", "count": 11})
    if on is not None:
        connection.execute(state, {"id": on, "day": day, "status": "in_gebruik", "count": 14})


def public_figures(connection: Connection, home: Path, type: str) -> dict[str, float]:
    """What the public pages say."""
    spreads = {
        name: answer(
            connection, read_question(types, "gemeente", TODAY, "inwoners", "bestaand")
        ).spreading.hoover_index
        for name, types in (("type", [type]), ("all", list(SHOWN_TYPES)))
    }
    near = measure_exposure(
        connection, home, read_exposure_question(list(SHOWN_TYPES), TODAY, limits_m=[400])
    )
    region: Any = near.region.iloc[0]
    reach = reach_of_facilities(connection, home, [type], TODAY)
    profile = ACCESS_PROFILES[type]
    sites = [
        entry
        for entry in sites_access(connection, home, [type], TODAY, profile.mode)
        if in_use_in_region(connection, entry.site_id)
    ]
    frames = access_frames({entry.site_id: entry.access for entry in sites})
    scores = (
        measure_access(frames.minutes, profile, basis=frames.basis, reasons=frames.reasons)
        .scores["score"]
        .dropna()
    )
    return {
        "type": float(spreads["type"] or "nan"),
        "all": float(spreads["all"] or "nan"),
        "most": float(region["most_place_count"]),
        "near": float(region["near_count"]),
        "reach": float(reach.region["share"]),
        "mean": float(scores.mean()),
        "least": float(scores.min()),
    }


def in_use_in_region(connection: Connection, site_id: int) -> bool:
    """By plain SQL: the last state by then, and the gemeente that the site lies in."""
    query = text(
        "SELECT (SELECT status FROM site_state t WHERE t.site_id = s.id AND from_date <= :day "
        "ORDER BY from_date DESC LIMIT 1) = 'in_gebruik' AND EXISTS (SELECT 1 FROM area a WHERE "
        "a.area_code = s.gemeente_code AND a.in_region) FROM site s WHERE s.id = :id"
    )
    return bool(connection.scalar(query, {"day": TODAY, "id": site_id}))


def ours(found: ScenarioFigures, number: int) -> dict[str, float]:
    """The same figures, of today (0) or of the scenario (1)."""
    values = {
        "type": found.type_spread[number].hoover,
        "all": found.all_spread[number].hoover,
        "most": found.near[number].most_place_count,
        "near": found.near[number].near_count,
        "reach": found.reach[number].share,
        "mean": found.scores[number].mean,
        "least": found.scores[number].least,
    }
    assert not any(value is None or pd.isna(value) for value in values.values()), values
    return {name: float(value or 0) for name, value in values.items()}


def test_who_gets_more_and_fewer_is_counted_against_today(
    demo_connection: Connection, home: Path
) -> None:
    """The points themselves, counted again: those near the new place alone, within 400 m."""
    found = measured(
        demo_connection,
        home,
        item(1, "new", name="Nieuw", place_count=11, x_m=103_800.0, y_m=489_200.0),
    )
    change = found.near[1].change
    assert change is not None
    (near,) = change.places
    assert near.fewer_count == 0
    assert near.more_count > 0
    assert near.more_count + near.same_count == pytest.approx(change.measured_count)
    gained = found.near[1].near_count - found.near[0].near_count
    assert gained == pytest.approx(near.first_count)
