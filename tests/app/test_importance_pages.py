"""What residents find important: choosing, sending and reading it, as people meet it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text, update

from analysis.comparing.criteria import CRITERIA
from app.services import importance_order, importance_summary, weighed_track
from app.services.importance_order import told_order
from data.dialogue_tables import Track
from data.tables import Site
from tests.app.conftest import TODAY
from tests.app.signed_in import csrf_token, form_fields, signed_in, submit
from tests.dialogue import PlantedTrack, plant_track
from tests.importance import EVEN, NEAR, close_phase, plant_importance
from tests.sent_queries import sent_queries

ADDRESS = "/in-gesprek/middendorp/belangrijk"
ALL = "/belang/middendorp"
WIJK, OTHER_WIJK = "WK900201", "WK900101"
QUESTION = {"bereikbaarheid": 4, "verdeling": 0, "nabijheid": 3, "praktisch": 2, "kosten": 1}


@pytest.fixture
def track(app: Flask, owner: Engine) -> Iterator[PlantedTrack]:
    for shelf in (importance_order._shelf, importance_summary._shelf):
        shelf.clear()
    weighed_track.clear_kept()
    with owner.begin() as connection:
        planted = plant_track(connection)
    yield planted
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM track"))
        connection.execute(text("DELETE FROM attempt"))


@pytest.fixture
def visitor(app: Flask, track: PlantedTrack) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def council(app: Flask, owner: Engine, track: PlantedTrack) -> FlaskClient:
    return signed_in(app, owner, "raadslid")


def words(client: FlaskClient, address: str, status: int = 200) -> str:
    """The text of the main part of a page."""
    answer = client.get(address)
    assert answer.status_code == status
    return told(answer.get_data(as_text=True))


def told(page: str) -> str:
    main = page[page.index("<main") :] if "<main" in page else page
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"<(svg|script).*?</\1>", "", main, flags=re.S))
    return re.sub(r"\s+", " ", unescape(bare))


def stored(owner: Engine) -> list[tuple[Any, ...]]:
    with owner.begin() as connection:
        rows = connection.execute(text("SELECT points, wijk_code, type FROM importance"))
        return [tuple(row) for row in rows]


# Choosing


def test_the_order_is_told_before_anything_is_chosen(visitor: FlaskClient) -> None:
    page = words(visitor, ADDRESS)
    assert page.index("Met deze afweging") < page.index("Kies wat zwaar telt")
    assert "Wat mensen van een plan vinden, telt hier niet mee" in page
    assert "Hoe zeker is dat?" in page


def test_the_state_of_the_view_is_in_the_address(visitor: FlaskClient) -> None:
    address = f"{ADDRESS}?{'&'.join(f'{key}={step}' for key, step in QUESTION.items())}"
    chosen = form_fields(visitor, address, ADDRESS)
    assert {key: int(chosen[key]) for key in QUESTION} == QUESTION


def test_the_total_is_the_weighted_sum_of_what_is_public(
    app: Flask, owner: Engine, track: PlantedTrack, tmp_path: Any
) -> None:
    with owner.begin() as connection:
        found = weighed_track.weighed_track(connection, "middendorp", TODAY)
        order = told_order(connection, tmp_path, found, QUESTION)
        values = weighed_track.track_values(connection, tmp_path, found)
    assert values is not None
    nowhere = {subject.key for subject in values.unknown}
    assert nowhere >= {"praktisch", "kosten"}
    assert not nowhere & {"verdeling", "nabijheid"}
    for row in order.rows:
        by_hand, whole = 0.0, 0
        for key, points in QUESTION.items():
            if key in nowhere:
                continue
            criterion, raw = CRITERIA[key], float(values.facts.raw[key][row.place.key])
            worth = (raw - criterion.bad) / (criterion.good - criterion.bad)
            by_hand += points * min(1.0, max(0.0, worth))
            whole += points
        assert row.total == pytest.approx(100 * by_hand / whole, abs=1e-9)
    totals = [row.total or 0 for row in order.rows]
    assert totals == sorted(totals, reverse=True)


def test_the_part_for_the_script_says_the_same_as_the_page(visitor: FlaskClient) -> None:
    for query in ("", "?bereikbaarheid=0&verdeling=4", "?nabijheid=4"):
        parts = visitor.get(f"{ADDRESS}/volgorde{query}").get_data(as_text=True)
        sentence, places = parts.split('<div id="volgorde-plekken">')
        page = words(visitor, f"{ADDRESS}{query}")
        assert told(sentence).strip() in page
        assert told(places).strip() in page


def test_another_weighting_gives_another_order(visitor: FlaskClient) -> None:
    near = words(visitor, f"{ADDRESS}/volgorde?bereikbaarheid=4&verdeling=0&nabijheid=0")
    even = words(visitor, f"{ADDRESS}/volgorde?bereikbaarheid=0&verdeling=4&nabijheid=0")
    assert near != even


@pytest.mark.parametrize("word", ["5", "-1", "2,5", "veel", "1" * 400, "²"])
def test_what_is_no_step_is_refused_in_words(visitor: FlaskClient, word: str) -> None:
    answer = visitor.get(ADDRESS, query_string={"verdeling": word})
    assert answer.status_code == 400
    assert "kies een stap van 0 tot en met 4" in told(answer.get_data(as_text=True))


def test_without_any_weight_there_is_no_order(visitor: FlaskClient) -> None:
    nothing = "&".join(f"{key}=0" for key in QUESTION)
    assert "Geef ten minste één onderwerp gewicht." in words(visitor, f"{ADDRESS}?{nothing}")


def test_weight_on_what_is_not_public_gives_no_order(visitor: FlaskClient) -> None:
    only = "&".join(f"{key}={4 if key == 'kosten' else 0}" for key in QUESTION)
    assert "is van deze plekken nog niets openbaar" in words(visitor, f"{ADDRESS}?{only}")


def test_without_public_sites_weights_can_still_be_given(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM track_site"))
    page = words(visitor, ADDRESS)
    assert "Er zijn nog geen openbare plekken om te vergelijken." in page
    assert "Stuur mijn afweging mee" in page
    assert submit(visitor, ADDRESS).status_code == 303
    assert len(stored(owner)) == 1


@pytest.mark.parametrize("publication", ["intern", "gebied"])
def test_a_site_that_is_not_wholly_public_is_in_no_order(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack, publication: str
) -> None:
    site = update(Site).where(Site.site_code == "TINY-3")
    with owner.begin() as connection:
        connection.execute(site.values(publication=publication))
    try:
        page = words(visitor, ADDRESS)
        assert "Proeflocatie 3" not in page
        assert "Er is nu één openbare plek in dit gesprek" in page
    finally:
        with owner.begin() as connection:
            connection.execute(site.values(publication="openbaar"))


def test_a_site_that_changes_changes_the_answer_at_once(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    before = words(visitor, ADDRESS)
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE site SET name = 'Het nieuwe huis' WHERE site_code = 'TINY-4'")
        )
    try:
        after = words(visitor, ADDRESS)
        assert "Het nieuwe huis" in after
        assert "Het nieuwe huis" not in before
    finally:
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE site SET name = :name WHERE site_code = 'TINY-4'"),
                {"name": "Proeflocatie 4 (voorbeeld)"},
            )


def test_a_page_that_is_asked_again_measures_nothing_anew(app: Flask, visitor: FlaskClient) -> None:
    visitor.get(ADDRESS)
    with sent_queries(app.extensions["vlekkenplan_engine"]) as queries:
        visitor.get(f"{ADDRESS}?verdeling=4")
    assert len(queries) <= 9
    measuring = ("street_node", "street_edge", "population_point", "amenity", "figure")
    assert [query for query in queries if any(f"FROM {name}" in query for name in measuring)] == []


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/volgorde"])
def test_a_concept_is_not_there(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack, address: str
) -> None:
    with owner.begin() as connection:
        connection.execute(update(Track).values(state="concept"))
    assert visitor.get(address).status_code == 404


# Sending


def test_what_is_chosen_is_kept_and_nothing_else(
    visitor: FlaskClient, owner: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    steps = {key: str(step) for key, step in QUESTION.items()}
    answer = submit(visitor, ADDRESS, wijk=WIJK, naam="Iemand", email="a@b.example", **steps)
    assert answer.status_code == 303
    assert stored(owner) == [(QUESTION, WIJK, "beschut_wonen")]
    page = words(visitor, answer.location)
    assert "Dank u wel. Uw afweging telt mee." in page
    logged = " ".join(
        record.getMessage() for record in caplog.records if record.name != "sqlalchemy"
    )
    assert "a@b.example" not in logged
    assert "127.0.0.1" not in logged


def test_the_page_says_before_sending_what_is_kept_and_shown(visitor: FlaskClient) -> None:
    page = words(visitor, ADDRESS)
    for promise in (
        "Wij bewaren alleen deze keuzes, en uw wijk als u die kiest. Geen naam, geen adres, geen "
        "tijd.",
        "De gemeente en de raad zien alle afwegingen samen.",
        "U kunt uw afweging daarna niet wijzigen of weghalen.",
        "Dit is geen stemming.",
    ):
        assert page.index(promise) < page.index("Stuur mijn afweging mee")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"wijk": "WK999999"}, "Kies een wijk uit de lijst"),
        ({"wijk": "<script>"}, "Kies een wijk uit de lijst"),
        ({"verdeling": "9"}, "kies een stap van 0 tot en met 4"),
        (dict.fromkeys(QUESTION, "0"), "Geef ten minste één onderwerp gewicht."),
    ],
)
def test_a_fault_is_told_and_nothing_is_lost(
    visitor: FlaskClient, owner: Engine, typed: dict[str, str], fault: str
) -> None:
    steps = {key: str(step) for key, step in QUESTION.items()}
    answer = submit(visitor, ADDRESS, **{"wijk": WIJK, **steps, **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert fault in told(page)
    assert stored(owner) == []
    chosen = re.findall(r'name="(\w+)" value="(\d)" checked', page)
    assert dict(chosen) == {**steps, **{k: v for k, v in typed.items() if v == "0"}} or (
        "verdeling" in typed and dict(chosen) == {**steps, "verdeling": "2"}
    )
    if "wijk" not in typed:
        assert f'value="{WIJK}" selected' in page


def test_no_form_from_elsewhere_is_taken(visitor: FlaskClient, owner: Engine) -> None:
    assert visitor.post(ADDRESS, data={}).status_code == 400
    assert stored(owner) == []


def test_when_the_phase_is_closed_the_page_says_so_and_nothing_is_taken(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fields = form_fields(visitor, f"{ADDRESS}?verdeling=4")
    with owner.begin() as connection:
        close_phase(connection, track)
    assert "Meesturen kan nu niet." in words(visitor, ADDRESS)
    answer = visitor.post(ADDRESS, data=fields)
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "Er is niets verstuurd." in told(page)
    assert 'name="verdeling" value="4" checked' in page
    assert stored(owner) == []


def test_a_phase_that_comes_is_announced(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE track_phase SET starts_on = '2027-03-01' WHERE takes_importance")
        )
    assert "Dat kan vanaf 1 maart 2027, in de stap ‘Plek kiezen’." in words(visitor, ADDRESS)


def test_who_sends_without_end_has_to_wait(
    visitor: FlaskClient, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    monkeypatch.setattr("app.services.current.now", lambda: noon)
    fields = form_fields(visitor, ADDRESS)
    codes = [visitor.post(ADDRESS, data=fields).status_code for _ in range(62)]
    assert codes == [303] * 60 + [429] * 2
    assert len(stored(owner)) == 60


# All together


def fill(owner: Engine, track: PlantedTrack) -> None:
    """Twelve of Middendorp, seven of the other wijk and six who do not say."""
    with owner.begin() as connection:
        plant_importance(connection, track, NEAR, 12, WIJK)
        plant_importance(connection, track, EVEN, 7, OTHER_WIJK)
        plant_importance(connection, track, {"nabijheid": 3, "bereikbaarheid": 1}, 5)
        plant_importance(connection, track, {"dagelijks": 50}, 1)


def test_with_fewer_than_ten_nothing_is_told_but_how_many(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        plant_importance(connection, track, NEAR, 9, WIJK)
    page = words(council, ALL)
    assert "Er zijn nu 9 afwegingen. Vanaf 10 afwegingen laten wij ze samen zien." in page
    assert "Hoe zwaar telt elk onderwerp?" not in page
    assert council.get(f"{ALL}/wat-telt.svg").status_code == 404


def test_all_together_is_told_with_how_sure_and_never_as_a_vote(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fill(owner, track)
    page = words(council, ALL)
    assert "24 keer stuurde iemand een afweging mee." in page
    assert "Dit is geen stemming." in page
    assert "geen steekproef uit de wijk" in page
    assert re.search(r"Bij \d+ van de 24 afwegingen staat", page)
    assert "stemmen" not in page.replace("stemming", "")
    # Of NEAR everyone gives 4 of 8 points to daily life: 50; of the others 0 and 25.
    rows = {row["onderdeel"]: row for row in downloaded(council) if row["wat"] == "gewicht"}
    near = rows["Winkels, huisarts en bus dichtbij"]
    assert (near["gebied"], near["waarde"], near["van"], near["tot"]) == (
        "wijk 900201",
        "50,0",
        "50,0",
        "50,0",
    )


def downloaded(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{ALL}/belang.csv{query}")
    assert answer.status_code == 200
    return [*csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")]


def test_a_wijk_is_told_apart_from_ten_on_and_a_handful_not_at_all(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fill(owner, track)
    with owner.begin() as connection:
        plant_importance(connection, track, EVEN, 4, "WK900301")
    rows = downloaded(council)
    reach = {row["gebied"]: row["afwegingen"] for row in rows if row["wat"] == "bereik"}
    assert reach[name_of(owner, WIJK)] == "12"
    assert reach[name_of(owner, OTHER_WIJK)] == "7"
    assert reach["andere wijken, of niet gezegd"] == "10"
    assert name_of(owner, "WK900301") not in reach
    weighed = {row["gebied"] for row in rows if row["wat"] == "gewicht"}
    assert weighed == {"alle afwegingen", name_of(owner, WIJK)}


def name_of(owner: Engine, code: str) -> str:
    with owner.begin() as connection:
        query = text("SELECT name FROM area WHERE area_code = :code")
        return str(connection.scalar(query, {"code": code}))


def test_the_own_weighting_stands_beside_also_by_the_points_of_comparing(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fill(owner, track)
    page = words(council, f"{ALL}?bereikbaarheid=10&verdeling=70&eigendom=15&bestemming=5")
    assert "bij u telt het zwaarder, 70 van de 100." in page
    assert "binnen de middelste helft" in page
    assert "Met deze afweging" in page
    for bad in ("101", "-1", "1,5", "x"):
        assert council.get(f"{ALL}?kosten={bad}").status_code == 400


def test_the_drawing_has_the_own_weighting_too(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fill(owner, track)
    plain = council.get(f"{ALL}/wat-telt.svg").get_data(as_text=True)
    own = council.get(f"{ALL}/wat-telt.svg?verdeling=4").get_data(as_text=True)
    assert plain.count("<circle") == own.count("<circle") == 5
    assert (plain.count("<path"), own.count("<path")) == (0, 5)


def test_phases_are_told_apart_only_when_both_have_enough(
    council: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    fill(owner, track)
    phase = track.phases["Kennismaken"]
    assert council.get(f"{ALL}?fase={phase}").status_code == 400
    with owner.begin() as connection:
        plant_importance(connection, track, EVEN, 10, phase_id=phase)
    assert "10 keer stuurde iemand" in words(council, f"{ALL}?fase={phase}")
    for bad in ("x", "0", "99999999999999999999"):
        assert council.get(f"{ALL}?fase={bad}").status_code == 400


@pytest.mark.parametrize(
    ("role", "gemeente", "status"),
    [
        ("raadslid", "", 200),
        ("planner", "GM9001", 200),
        ("moderator", "", 403),
        ("databeheerder", "", 403),
    ],
)
def test_who_may_read_it(
    app: Flask, owner: Engine, track: PlantedTrack, role: str, gemeente: str, status: int
) -> None:
    assert signed_in(app, owner, role, gemeente).get(ALL).status_code == status
    assert app.test_client().get(ALL).status_code == 401


def test_the_council_finds_it_from_the_conversation_and_a_visitor_does_not(
    visitor: FlaskClient, council: FlaskClient
) -> None:
    page = "/in-gesprek/middendorp"
    assert f'href="{ALL}"' in council.get(page).get_data(as_text=True)
    assert f'href="{ALL}"' not in visitor.get(page).get_data(as_text=True)


def test_comparing_leads_to_what_residents_find_important(
    app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    planner = signed_in(app, owner, "planner", "GM9002")
    sites = ",".join(str(number) for number in track.sites.values())
    page = planner.get(f"/vergelijk?locatie={sites}").get_data(as_text=True)
    found = re.search(r'href="(/belang/middendorp\?[^"]+)"', page)
    assert found
    assert "bij u telt" in words(planner, unescape(found[1])) or "Met deze afweging" in words(
        planner, unescape(found[1])
    )


# On the page of the conversation, and of the method


def test_the_conversation_tells_it_after_the_phase_with_at_least_ten(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    page = "/in-gesprek/middendorp"
    with owner.begin() as connection:
        plant_importance(connection, track, NEAR, 9, WIJK)
    assert "Wat vinden mensen belangrijk?" not in words(visitor, page)
    with owner.begin() as connection:
        close_phase(connection, track)
    assert "Wat vinden mensen belangrijk?" not in words(visitor, page)
    with owner.begin() as connection:
        plant_importance(connection, track, NEAR, 3)
    summary = words(visitor, page).partition("Wat vinden mensen belangrijk?")[2]
    assert "12 keer stuurde iemand een afweging mee." in summary
    assert "Dit is geen stemming." in summary
    assert "Winkels, huisarts en bus dichtbij: 50 van de 100" in summary
    assert summary.index("Winkels") < summary.index("Lage kosten")


@pytest.mark.parametrize(
    "slug", ["wat-inwoners-belangrijk-vinden", "bij-hoeveel-afwegingen-vooraan"]
)
def test_the_method_is_worked_out_with_a_conversation_once_there_is_one(
    visitor: FlaskClient, owner: Engine, track: PlantedTrack, slug: str
) -> None:
    assert "Er is nog geen gesprek met een afgesloten stap" in words(visitor, f"/methode/{slug}")
    with owner.begin() as connection:
        plant_importance(connection, track, NEAR, 12)
        close_phase(connection, track)
    page = words(visitor, f"/methode/{slug}")
    assert "Beschut wonen in Middendorp" in page
    assert re.search(r"12 (mensen|afwegingen)", page)


def test_a_token_of_one_page_is_good_for_the_form_on_it(visitor: FlaskClient) -> None:
    assert csrf_token(visitor, ADDRESS)
