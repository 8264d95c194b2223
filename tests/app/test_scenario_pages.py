"""Making, changing, copying, comparing and removing scenarios, by the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.page_reader import read_page
from tests.app.scenario_steps import add, item_ids, items_of, make_scenario, plant, stored
from tests.app.signed_in import fields_on, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of these tests alone: they change things."""
    return make_site(fill)


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def planner(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "planner", "GM9001")


@pytest.fixture
def neighbour(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "planner", "GM9002")


@pytest.fixture
def coordinator(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "regiocoordinator")


def test_a_planner_makes_a_scenario_and_finds_it_in_the_list(
    planner: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(planner, "Vier plekken", doel="40", toelichting="Wat als?")
    row = stored(owner, number)
    assert (row["name"], row["gemeente_code"], row["target_place_count"]) == (
        "Vier plekken",
        "GM9001",
        40,
    )
    assert row["on_date"] == dt.date(2026, 1, 1)
    assert "Vier plekken" in read_page(planner, "/scenarios").text
    page = read_page(planner, f"/scenario/{number}")
    assert page.status == 200
    assert "24 minder dan het doel van 40" in page.text
    assert "geen duidelijk verschil" in page.text


def test_what_is_wrong_with_a_scenario_is_all_said_and_nothing_is_lost(
    planner: FlaskClient, owner: Engine
) -> None:
    answer = submit(
        planner,
        "/scenarios/nieuw",
        naam="",
        soort="vrouwenopvang",
        gebied="GM9002",
        datum="2199-01-01",
        doel="0",
        toelichting="Dit blijft staan",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for fault in (
        "Geef het scenario een naam.",
        "Kies een soort plek uit de lijst.",
        "Kies voor wie dit scenario is.",
        "Kies een jaar van 2000 tot en met",
        "Een doel is 1 plek of meer.",
    ):
        assert fault in page
    assert "Dit blijft staan" in page
    assert "2199-01-01" in page


def test_a_text_about_a_shelter_is_refused(planner: FlaskClient) -> None:
    answer = submit(
        planner,
        "/scenarios/nieuw",
        naam="Plan met vrouwenopvang",
        soort="respijt",
        gebied="GM9001",
        datum="2026-01-01",
    )
    assert answer.status_code == 422
    assert "geheim" in answer.get_data(as_text=True)


def test_a_planner_makes_none_for_the_region_or_for_another_gemeente(
    planner: FlaskClient, owner: Engine
) -> None:
    page = planner.get("/scenarios/nieuw").get_data(as_text=True)
    assert 'value="GM9001"' in page
    assert 'value="regio"' not in page
    assert 'value="GM9002"' not in page
    for area in ("regio", "GM9002", "", "' OR 1=1 --"):
        answer = submit(
            planner,
            "/scenarios/nieuw",
            naam="Van een ander",
            soort="respijt",
            gebied=area,
            datum="2026-01-01",
        )
        assert answer.status_code == 422, area
    with owner.connect() as connection:
        query = text("SELECT count(*) FROM scenario WHERE name = 'Van een ander'")
        assert connection.scalar(query) == 0


def test_each_kind_of_item_is_added_changed_and_taken_away(
    planner: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(planner, "Alle soorten wijziging")
    second, third, fourth = (site_id(owner, f"TINY-{n}") for n in (2, 3, 4))
    add(planner, number, "off", locatie=str(second))
    add(planner, number, "on", locatie=str(fourth), aantal="9", kosten="€ 1.250.000")
    add(planner, number, "moved", locatie=str(third), plek="101500 482500")
    add(planner, number, "new", naam="Hoek Dorpsstraat", plek="103500, 480500", aantal="5")
    assert items_of(owner, number) == [
        ("off", second, None),
        ("on", fourth, None),
        ("moved", third, None),
        ("new", None, "Hoek Dorpsstraat"),
    ]
    page = read_page(planner, f"/scenario/{number}")
    assert "€ 1.250.000" in page.text
    assert "Van 3 onderdelen zijn de kosten niet bekend." in page.text
    assert "Hoek Dorpsstraat" in page.text
    first, turned_on, *_ = item_ids(owner, number)
    address = f"/scenario/{number}/onderdelen/{turned_on}"
    assert form_fields(planner, address)["kosten"] == "1.250.000"
    assert submit(planner, address, aantal="7").status_code == 303
    removed = submit(
        planner,
        f"/scenario/{number}/onderdelen/{first}",
        f"/scenario/{number}/onderdelen/{first}/weghalen",
    )
    assert removed.status_code == 303
    assert [kind for kind, *_ in items_of(owner, number)] == ["on", "moved", "new"]


def test_a_place_may_be_typed_in_degrees_or_found_by_its_name(
    planner: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(planner, "Plek zoeken")
    address = f"/scenario/{number}/onderdelen/nieuw"
    found = submit(
        planner,
        f"{address}?wat=new",
        address,
        wat="new",
        naam="Zo",
        zoek="101500 480500",
        actie="zoek",
    )
    assert found.status_code == 200
    assert 'value="101500, 480500"' in found.get_data(as_text=True)
    with owner.connect() as connection:
        query = text(
            "SELECT ST_Y(p) AS lat, ST_X(p) AS lon FROM (SELECT ST_Transform(ST_SetSRID("
            "ST_MakePoint(101500, 480500), 28992), 4326) AS p) AS q"
        )
        lat, lon = connection.execute(query).one()
    add(planner, number, "new", naam="In graden", plek=f"{lat:.6f}, {lon:.6f}", aantal="3")
    with owner.connect() as connection:
        query = text(
            "SELECT ST_X(geom) AS x, ST_Y(geom) AS y FROM scenario_item WHERE scenario_id = :id"
        )
        x_m, y_m = connection.execute(query, {"id": number}).one()
    assert abs(x_m - 101500) <= 1
    assert abs(y_m - 480500) <= 1


@pytest.mark.parametrize(
    ("kind", "values", "fault"),
    [
        ("on", {"locatie": ""}, "Kies een locatie."),
        ("on", {"locatie": "999999"}, "Kies een locatie uit de lijst."),
        ("off", {"locatie": "abc"}, "Kies een locatie uit de lijst."),
        ("new", {"naam": "", "plek": ""}, "Geef de plek een naam."),
        ("new", {"naam": "A", "plek": "hier"}, "Dit is geen plek."),
        ("new", {"naam": "A", "plek": "1 2"}, "liggen niet in Nederland"),
        ("new", {"naam": "A", "plek": "101500 480500", "aantal": "0"}, "Schrijf 1 of meer"),
        ("new", {"naam": "A", "plek": "101500 480500", "aantal": "-3"}, "een heel getal"),
        ("on", {"kosten": "veel"}, "Schrijf hele euro"),
        ("on", {"kosten": "99999999999"}, "Dit is te veel: hoogstens 1 miljard euro."),
        ("new", {"naam": "Blijf-van-mijn-lijfhuis", "plek": "101500 480500"}, "geheim"),
    ],
)
def test_what_is_wrong_with_an_item_is_said(
    planner: FlaskClient, owner: Engine, kind: str, values: dict[str, str], fault: str
) -> None:
    number = make_scenario(planner, "Foute onderdelen")
    address = f"/scenario/{number}/onderdelen/nieuw"
    answer = submit(
        planner, f"{address}?wat={kind}", address, wat=kind, toelichting="Blijft", **values
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert fault in page
    assert "Blijft" in page
    assert items_of(owner, number) == []


def test_a_site_stands_in_a_scenario_once(planner: FlaskClient, owner: Engine) -> None:
    number = make_scenario(planner, "Dubbel")
    add(planner, number, "off", locatie=str(site_id(owner, "TINY-2")))
    address = f"/scenario/{number}/onderdelen/nieuw"
    again = submit(
        planner,
        f"{address}?wat=moved",
        address,
        wat="moved",
        plek="101500 480500",
        locatie=str(site_id(owner, "TINY-2")),
    )
    assert again.status_code == 422
    assert "staat al in het scenario" in again.get_data(as_text=True)


def test_who_was_second_hears_it_and_loses_nothing(planner: FlaskClient, owner: Engine) -> None:
    number = make_scenario(planner, "Samen werken")
    mine = form_fields(planner, f"/scenario/{number}/wijzigen")
    item = form_fields(planner, f"/scenario/{number}/onderdelen/nieuw?wat=off")
    assert submit(planner, f"/scenario/{number}/wijzigen", naam="Eerst").status_code == 303
    late = planner.post(f"/scenario/{number}/wijzigen", data={**mine, "naam": "Later"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "intussen gewijzigd" in page
    assert 'value="Later"' in page
    assert "Eerst" in page
    assert stored(owner, number)["name"] == "Eerst"
    late_item = planner.post(
        f"/scenario/{number}/onderdelen/nieuw",
        data={**item, "wat": "off", "locatie": str(site_id(owner, "TINY-2"))},
    )
    assert late_item.status_code == 409
    assert items_of(owner, number) == []
    again = {**fields_on(late_item.get_data(as_text=True)), "actie": "opslaan"}
    assert planner.post(f"/scenario/{number}/onderdelen/nieuw", data=again).status_code == 303
    assert len(items_of(owner, number)) == 1


def test_an_old_page_removes_nothing(planner: FlaskClient, owner: Engine) -> None:
    number = make_scenario(planner, "Niet zomaar weg")
    old = form_fields(planner, f"/scenario/{number}/wijzigen", f"/scenario/{number}/weghalen")
    submit(planner, f"/scenario/{number}/wijzigen", naam="Nieuwe naam")
    answer = planner.post(f"/scenario/{number}/weghalen", data=old)
    assert answer.status_code == 409
    assert stored(owner, number)["name"] == "Nieuwe naam"


def test_a_removed_scenario_keeps_its_history(planner: FlaskClient, owner: Engine) -> None:
    number = make_scenario(planner, "Verdwijnt")
    add(planner, number, "off", locatie=str(site_id(owner, "TINY-2")))
    gone = submit(planner, f"/scenario/{number}/wijzigen", f"/scenario/{number}/weghalen")
    assert gone.status_code == 303
    assert stored(owner, number) == {}
    assert planner.get(f"/scenario/{number}").status_code == 404
    page = read_page(planner, f"/scenario/{number}/geschiedenis")
    assert page.status == 200
    assert "Scenario verwijderd" in page.text
    assert "Onderdeel ‘Uit’ verwijderd: Proeflocatie 2 (voorbeeld)" in page.text
    assert "Onderdeel ‘Uit’ toegevoegd: Proeflocatie 2 (voorbeeld)" in page.text
    assert f"/scenario/{number}/geschiedenis" in planner.get("/scenarios").get_data(as_text=True)


def test_a_copy_has_the_same_items_and_goes_its_own_way(
    planner: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(planner, "Eerste")
    add(planner, number, "new", naam="Nieuw", plek="101500 480500", aantal="4")
    add(planner, number, "off", locatie=str(site_id(owner, "TINY-1")))
    answer = submit(planner, f"/scenario/{number}/kopie")
    copy = int(answer.location.rpartition("/")[2])
    assert copy != number
    assert stored(owner, copy)["name"] == "Kopie van Eerste"
    assert stored(owner, copy)["copied_from"] == number
    assert items_of(owner, copy) == items_of(owner, number)
    submit(
        planner,
        f"/scenario/{copy}/onderdelen/{item_ids(owner, copy)[0]}",
        f"/scenario/{copy}/onderdelen/{item_ids(owner, copy)[0]}/weghalen",
    )
    assert len(items_of(owner, number)) == 2


def test_another_gemeente_sees_nothing_and_changes_nothing(
    planner: FlaskClient, neighbour: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(planner, "Van Zuiderveen")
    add(planner, number, "off", locatie=str(site_id(owner, "TINY-2")))
    (item,) = item_ids(owner, number)
    assert "Van Zuiderveen" not in read_page(neighbour, "/scenarios").text
    for address in (
        f"/scenario/{number}",
        f"/scenario/{number}/wijzigen",
        f"/scenario/{number}/kopie",
        f"/scenario/{number}/delen",
        f"/scenario/{number}/geschiedenis",
        f"/scenario/{number}/onderdelen/nieuw",
        f"/scenario/{number}/onderdelen/{item}",
        f"/scenarios/vergelijk?a={number}&b={number}",
    ):
        assert neighbour.get(address).status_code == 404, address
    proof = form_fields(neighbour, "/scenarios/nieuw")["csrf_token"]
    version = str(stored(owner, number)["version"])
    for address in (
        f"/scenario/{number}/wijzigen",
        f"/scenario/{number}/weghalen",
        f"/scenario/{number}/delen",
        f"/scenario/{number}/onderdelen/{item}/weghalen",
    ):
        sent = {"csrf_token": proof, "gezien": version, "naam": "x"}
        assert neighbour.post(address, data=sent).status_code == 404, address
    assert len(items_of(owner, number)) == 1


def test_a_scenario_of_the_region_is_read_by_planners_and_changed_by_the_coordinator(
    planner: FlaskClient, coordinator: FlaskClient, owner: Engine
) -> None:
    number = make_scenario(coordinator, "Regionaal", "regio")
    add(coordinator, number, "off", locatie=str(site_id(owner, "TINY-2")))
    (item,) = item_ids(owner, number)
    page = read_page(planner, f"/scenario/{number}")
    assert page.status == 200
    assert "U kunt dit scenario alleen lezen." in page.text
    assert planner.get(f"/scenario/{number}/wijzigen").status_code == 403
    proof = form_fields(planner, "/scenarios/nieuw")["csrf_token"]
    version = str(stored(owner, number)["version"])
    for address in (
        f"/scenario/{number}/wijzigen",
        f"/scenario/{number}/weghalen",
        f"/scenario/{number}/delen",
        f"/scenario/{number}/onderdelen/{item}",
        f"/scenario/{number}/onderdelen/{item}/weghalen",
    ):
        sent = {"csrf_token": proof, "gezien": version, "naam": "x"}
        assert planner.post(address, data=sent).status_code == 403, address
    assert stored(owner, number)["name"] == "Regionaal"
    copy = submit(planner, f"/scenario/{number}/kopie", gebied="GM9001")
    assert copy.status_code == 303


def test_an_internal_site_of_another_gemeente_stays_hidden_in_a_scenario_of_the_region(
    neighbour: FlaskClient, coordinator: FlaskClient, owner: Engine
) -> None:
    secret = site_id(owner, "TINY-7")
    number = make_scenario(coordinator, "Met een interne plek", "regio")
    add(coordinator, number, "moved", locatie=str(secret), plek="101777, 480888")
    assert "Proeflocatie 7" in read_page(coordinator, f"/scenario/{number}").text
    page = neighbour.get(f"/scenario/{number}").get_data(as_text=True)
    assert "1 onderdeel gaat over een locatie die u niet mag zien" in page
    history = neighbour.get(f"/scenario/{number}/geschiedenis").get_data(as_text=True)
    assert "Onderdeel over een locatie die u niet mag zien" in history
    sharing = neighbour.get(f"/scenario/{number}/delen").get_data(as_text=True)
    for body in (page, history):
        assert "Proeflocatie 7" not in body
        assert "101777" not in body.replace(".", "")
    assert "Proeflocatie 7" not in sharing
    copied = submit(neighbour, f"/scenario/{number}/kopie", gebied="GM9002")
    assert copied.status_code == 303
    copy = int(copied.location.rpartition("/")[2])
    assert items_of(owner, copy) == []
    assert "1 onderdeel ging niet mee" in read_page(neighbour, f"/scenario/{copy}").text


def test_nobody_gathers_a_site_that_they_may_not_see(neighbour: FlaskClient, owner: Engine) -> None:
    number = make_scenario(neighbour, "Gluren", "GM9002")
    address = f"/scenario/{number}/onderdelen/nieuw"
    answer = submit(
        neighbour, f"{address}?wat=on", address, wat="on", locatie=str(site_id(owner, "TINY-7"))
    )
    assert answer.status_code == 422
    assert "Proeflocatie 7" not in answer.get_data(as_text=True)
    assert items_of(owner, number) == []


def test_two_scenarios_stand_beside_today(planner: FlaskClient, owner: Engine) -> None:
    first, second = make_scenario(planner, "Minder"), make_scenario(planner, "Meer")
    add(planner, first, "off", locatie=str(site_id(owner, "TINY-2")))
    add(planner, second, "on", locatie=str(site_id(owner, "TINY-4")))
    page = read_page(planner, f"/scenarios/vergelijk?a={first}&b={second}")
    assert page.status == 200
    assert "Vandaag zijn er 16 plekken beschut wonen." in page.text
    assert "In scenario A zijn het er 8, op 1 januari 2026." in page.text
    assert "In scenario B zijn het er 22, op 1 januari 2026." in page.text
    assert "Scenario A is Minder. Scenario B is Meer." in page.text
    table = next(table for table in page.tables if table[0][0] == "Gemeente")
    assert table[1][:2] == ["Middendorp", "8"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("a={one}", "Kies twee scenario's."),
        ("a={one}&b={one}", "twee keer hetzelfde scenario"),
        ("a={one}&b={other}", "Kies twee scenario's van dezelfde soort."),
    ],
)
def test_what_can_not_be_compared_is_said(planner: FlaskClient, query: str, fault: str) -> None:
    one, other = make_scenario(planner, "Een"), make_scenario(planner, "Ander", soort="respijt")
    page = planner.get(f"/scenarios/vergelijk?{query.format(one=one, other=other)}")
    assert page.status_code == 422
    assert fault.replace("'", "&#39;") in page.get_data(as_text=True)


@pytest.mark.parametrize("word", ["nul", "-1", "1e9", "٣", "9" * 30])
def test_a_strange_number_is_no_scenario(planner: FlaskClient, word: str) -> None:
    assert planner.get(f"/scenarios/vergelijk?a={word}&b=1").status_code == 400
    assert planner.get(f"/scenario/{2**40}").status_code == 404
    assert planner.get(f"/scenario/{2**40}/geschiedenis").status_code == 404


def test_an_unknown_number_of_places_leaves_the_figures_unknown(
    coordinator: FlaskClient, owner: Engine
) -> None:
    with owner.begin() as connection:
        number = plant(
            connection,
            "GM9001",
            [{"kind": "new", "name": None, "geom": "SRID=28992;POINT(101500 480500)"}],
        )
    page = read_page(coordinator, f"/scenario/{number}")
    assert page.status == 200
    assert "is het aantal plekken niet bekend" in page.text
    assert "niet te vergelijken" in page.text
