"""The pages on conversations, as residents read them, in the world of twelve squares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import Point, Polygon
from sqlalchemy import Engine, delete, insert, text, update

from analysis.dialogue.readability import is_too_long, measure_readability, over_limits
from data.dialogue_tables import (
    ContributionPhoto,
    Theme,
    Track,
    TrackDocument,
    TrackNews,
    TrackParty,
    TrackPhase,
    TrackSite,
)
from data.tables import SiteState
from tests.app.page_reader import read_page
from tests.app.running_text import running_text
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track
from tests.sent_queries import sent_queries

PAGE = "/in-gesprek/middendorp"
NEAR_TINY_4 = Point(101_600, 481_500)


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    """A conversation with all its parts; gone after the test."""
    with owner.begin() as connection:
        planted = plant_track(connection)
        connection.execute(
            update(TrackPhase)
            .where(TrackPhase.id == planted.phases["Plek kiezen"])
            .values(ends_on=dt.date(2031, 12, 12))
        )
        plant_meeting(connection, planted)
        connection.execute(
            insert(TrackParty).values(
                track_id=planted.id, position=1, name="Omwonenden", role="Denken mee"
            )
        )
        connection.execute(
            insert(TrackNews).values(track_id=planted.id, title="Van start", body="Wij beginnen.")
        )
    yield planted
    with owner.begin() as connection:
        connection.execute(delete(Track))


def plant(owner: Engine, track: PlantedTrack, code: str, *words: str, **values: Any) -> str:
    with owner.begin() as connection:
        return plant_contribution(
            connection, track, code, *words, **{"moderation": "openbaar", **values}
        )


def change_track(owner: Engine, track: PlantedTrack, **values: Any) -> None:
    with owner.begin() as connection:
        connection.execute(update(Track).where(Track.id == track.id).values(**values))


def change_phase(owner: Engine, track: PlantedTrack, **values: Any) -> None:
    phase_id = track.phases["Plek kiezen"]
    with owner.begin() as connection:
        connection.execute(update(TrackPhase).where(TrackPhase.id == phase_id).values(**values))


def features(world: FlaskClient, query: str = "") -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"locatie": [], "reactie": []}
    answer = world.get(f"{PAGE}/kaart.geojson{query}").get_json()
    assert answer["type"] == "FeatureCollection"
    for feature in answer["features"]:
        found[feature["properties"]["wat"]].append(feature)
    return found


# ---- Where is the conversation? ----


def test_without_conversations_the_page_says_so(world: FlaskClient, app: Flask) -> None:
    page = read_page(world, "/in-gesprek")
    assert page.lead == "Er loopt nu geen gesprek."
    assert "/volgen" in page.links


def test_the_list_counts_conversations_and_tells_where_one_can_react(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    assert read_page(world, "/in-gesprek").lead == ("Er loopt 1 gesprek. U kunt er nu op reageren.")
    with owner.begin() as connection:
        other = plant_track(connection, "noorderzand", gemeente_code="GM9003", wijk_code="WK900301")
        plant_track(connection, "stil", state="concept", title="Nog geheim")
        plant_track(connection, "klaar", state="afgerond", title="Dit is klaar")
    change_phase(owner, other, takes_contributions=False)
    page = read_page(world, "/in-gesprek")
    assert page.lead == "Er lopen 2 gesprekken. U kunt nu op 1 reageren."
    assert [one for one in page.headings if one in ("Middendorp", "Noorderzand")] == [
        "Middendorp",
        "Noorderzand",
    ]
    assert "Beschut wonen, wijk 900201, Middendorp" in page.text
    assert "U kunt nu reageren Fase 2 van 2: Plek kiezen." in page.text
    assert "Eerstvolgende datum: 4 maart 2026, Inloopavond" in page.text
    assert "Afgerond: 1 gesprek" in page.text
    assert "Nog geheim" not in page.text


def test_a_place_is_answered_with_what_is_near_and_how_far(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    # In the wijk of the conversation; TINY-4 lies 500 m away.
    page = read_page(world, "/in-gesprek?punt=101000,481500")
    assert page.lead == "Bij u in de buurt loopt 1 gesprek. U kunt er nu op reageren."
    assert "(in uw wijk, de plek ligt op 500 meter)" in page.text
    # Another gemeente, 1,300 m from TINY-4: near by distance alone.
    page = read_page(world, "/in-gesprek?punt=101500,480200")
    assert "(de plek ligt op 1,3 kilometer)" in page.text
    # 2,000 m away and in another wijk: not near, but told.
    page = read_page(world, "/in-gesprek?punt=103500,481500")
    assert page.lead == (
        "Bij u in de buurt loopt nu geen gesprek. Het dichtstbijzijnde is "
        "‘Beschut wonen in Middendorp’, op 2 kilometer."
    )
    # A conversation of the whole gemeente holds every place in it.
    change_track(owner, track, wijk_code=None)
    page = read_page(world, "/in-gesprek?punt=103500,481500")
    assert "(in uw gemeente, de plek ligt op 2 kilometer)" in page.text
    change_track(owner, track, gemeente_code="regio")
    page = read_page(world, "/in-gesprek?punt=103500,482500")
    assert "(in de hele regio, de plek ligt op 2,2 kilometer)" in page.text


def test_what_is_typed_is_searched_without_javascript_and_never_lost(
    world: FlaskClient, track: PlantedTrack
) -> None:
    found = world.get("/in-gesprek?q=buurt 90020101")
    assert (found.status_code, found.location) == (302, "/in-gesprek?punt=100500,481500")
    several = read_page(world, "/in-gesprek?q=90020")
    assert "Welke plek bedoelt u?" in several.text
    assert any(link.startswith("/in-gesprek?punt=") for link in several.links)
    nothing = world.get("/in-gesprek?q=Atlantis 12")
    body = nothing.get_data(as_text=True)
    assert nothing.status_code == 400
    assert 'value="Atlantis 12"' in body
    assert "Wij vinden geen plek met ‘Atlantis 12’" in body
    assert world.get("/in-gesprek?punt=1,1").status_code == 400
    assert "buiten de regio" in read_page(world, "/in-gesprek?punt=90000,480500").lead


# ---- One conversation ----


def test_the_first_sentence_tells_where_we_are_and_what_one_can_do(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    page = read_page(world, PAGE)
    assert page.lead == ("Fase 2 van 2: Plek kiezen. U kunt reageren tot en met 12 december 2031.")
    for link in (f"{PAGE}/reageren", f"{PAGE}/belangrijk", "/volgen?gesprek=middendorp"):
        assert link in page.links
    change_phase(owner, track, takes_contributions=False, takes_importance=False)
    page = read_page(world, PAGE)
    assert page.lead == "Fase 2 van 2: Plek kiezen. U kunt nu niet reageren."
    assert not {f"{PAGE}/reageren", f"{PAGE}/belangrijk"} & set(page.links)
    change_phase(owner, track, starts_on=dt.date(2030, 1, 1))
    assert read_page(world, PAGE).lead == (
        "De volgende fase, Plek kiezen, begint op 1 januari 2030. U kunt nu niet reageren."
    )
    change_track(owner, track, state="afgerond")
    page = read_page(world, PAGE)
    assert page.lead == "Dit gesprek is afgerond."
    assert "/volgen?gesprek=middendorp" not in page.links


def test_a_conversation_tells_what_it_is_about_and_what_can_still_change(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        connection.execute(
            update(TrackSite).where(TrackSite.part == "bekeken").values(note="Te klein.")
        )
    change_track(owner, track, not_this="Geen opvang.")
    page = read_page(world, PAGE)
    for told in (
        "Raadplegen. Wij vragen wat u vindt. Wij lezen elke reactie",
        "Wat eruit kwam: Wij spraken 40 mensen.",
        "Dit kan nog veranderen De plek. ",
        "Dit ligt vast Het aantal plekken.",
        "Begeleiders komen op afspraak",
        "Geen opvang.",
        "Er komen geen extra auto's in de straat.",
        "Proeflocatie 4 (voorbeeld)",
        "Te klein.",
        "Inloopavond 4 maart 2026, 19:30 tot 21:00, Buurthuis Middendorp",
        "Van start",
        "wonen@middendorp.example",
    ):
        assert told in page.text
    assert "Omwonenden nog niet bekend wanneer Denken mee" in page.text
    assert f"{PAGE}/agenda.ics" in page.links
    assert "Plek kiezen u bent hier" in page.text


def test_the_figures_are_those_of_the_site_and_the_wijk_with_source_and_method(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    page = read_page(world, PAGE)
    near = read_page(world, "/bereikbaarheid?punt=101500,481500")
    assert near.lead in page.text
    # 8 of 40 places in use, and 1,000 of 4,000 residents.
    share = "wijk 900201 heeft 20% van de plekken die in gebruik zijn in de regio. Hier woont 25%"
    assert share in page.text
    assert {"/methode/reistijd", "/methode/oordeel"} <= set(page.links)
    # Both sentences are of the same release, which is told once, under them.
    assert page.text.count("Bron: Grenzen") == 1
    assert page.text.index("Bron: Grenzen") > page.text.index(share)
    with owner.begin() as connection:
        site_id = track.sites["TINY-3"]
        state_id = connection.scalar(
            insert(SiteState)
            .values(
                site_id=site_id,
                from_date=dt.date(2025, 12, 1),
                status="in_gebruik",
                capacity_count=18,
            )
            .returning(SiteState.site_id)
        )
    try:
        # 18 of 50.
        assert "wijk 900201 heeft 36% van de plekken" in read_page(world, PAGE).text
    finally:
        with owner.begin() as connection:
            connection.execute(
                delete(SiteState).where(
                    SiteState.site_id == state_id, SiteState.from_date == dt.date(2025, 12, 1)
                )
            )


def test_without_a_site_the_figures_are_those_of_the_wijk(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        connection.execute(delete(TrackSite))
    text_of_page = read_page(world, PAGE).text
    assert (
        "Zo lang is het lopen voor de helft van de inwoners van wijk 900201, of korter."
        in text_of_page
    )
    assert features(world)["locatie"] == []


@pytest.mark.parametrize("path", ["", "/kaart.geojson", "/documenten/1"])
def test_a_concept_is_not_there_for_visitors(
    world: FlaskClient, owner: Engine, track: PlantedTrack, path: str
) -> None:
    change_track(owner, track, state="concept")
    assert world.get(f"{PAGE}{path}").status_code == 404
    assert world.get("/in-gesprek/bestaat-niet").status_code == 404


@pytest.mark.parametrize("code", ["TINY-6", "TINY-7"])
def test_a_site_that_is_protected_or_internal_is_never_shown(
    world: FlaskClient, owner: Engine, track: PlantedTrack, code: str
) -> None:
    with owner.begin() as connection:
        site = connection.execute(
            text("SELECT id, name FROM site WHERE site_code = :code"), {"code": code}
        ).one()
        connection.execute(
            insert(TrackSite).values(
                track_id=track.id, site_id=site.id, part="onderwerp", note="Geheime reden"
            )
        )
    for path in ("", "/kaart.geojson"):
        body = world.get(f"{PAGE}{path}").get_data(as_text=True)
        assert site.name not in body
        assert "Geheime reden" not in body
        assert f'/locatie/{site.id}"' not in body
    body = world.get("/in-gesprek").get_data(as_text=True)
    assert site.name not in body


def test_a_document_is_sent_to_keep_and_runs_nothing(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        document_id = connection.scalar(
            insert(TrackDocument)
            .values(
                track_id=track.id,
                title="Het plan: deel 1",
                media_type="application/pdf",
                content=b"%PDF-1.7",
            )
            .returning(TrackDocument.id)
        )
    assert document_id is not None
    address = f"{PAGE}/documenten/{document_id}"
    page = read_page(world, PAGE)
    assert address in page.links
    assert "Het plan: deel 1 (pdf, 0 kB)" in page.text
    answer = world.get(address)
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"] == "attachment; filename=het-plan-deel-1.pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert world.get(f"{PAGE}/documenten/{document_id + 1}").status_code == 404


# ---- What people brought in ----


def test_before_anybody_reacted_nobody_is_said_to_have_chosen(
    world: FlaskClient, track: PlantedTrack
) -> None:
    assert "Er zijn nog geen reacties om te lezen." in read_page(world, PAGE).text
    narrowed = read_page(world, f"{PAGE}?soort=zorg").text
    assert "Er zijn geen reacties die bij uw keuze passen." in narrowed


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("beschut+middendorp", True),
        ("Beschut+wonen+in+Middendorp", True),
        ("middendrop", True),
        ("90020102", True),
        ("90020201", False),
        ("skaeve", False),
    ],
)
def test_searching_finds_a_conversation_by_its_title_type_and_area(
    world: FlaskClient, track: PlantedTrack, words: str, is_found: bool
) -> None:
    assert (PAGE in read_page(world, f"/zoeken?q={words}").links) == is_found


def test_searching_finds_no_concept_and_the_whole_gemeente_where_it_is_about_that(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    def change(**values: Any) -> None:
        with owner.begin() as connection:
            connection.execute(update(Track).where(Track.id == track.id).values(**values))

    change(wijk_code=None)
    assert PAGE in read_page(world, "/zoeken?q=90020201").links
    change(state="concept")
    assert PAGE not in read_page(world, "/zoeken?q=beschut+wonen+in+middendorp").links


def test_contributions_come_with_their_answer_and_can_be_chosen(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        theme = connection.scalar(
            insert(Theme)
            .values(
                track_id=track.id,
                name="Verkeer",
                status="meegenomen",
                answer="Er komt een drempel.",
            )
            .returning(Theme.id)
        )
    plant(
        owner,
        track,
        "aaa",
        "Te druk <b>hier</b>",
        kind="zorg",
        theme_id=theme,
        answers={"waarover": ["verkeer"], "onzin": ["x"]},
        place=NEAR_TINY_4,
    )
    plant(
        owner,
        track,
        "bbb",
        "Mooi plein",
        kind="kans",
        answers={},
        entry="papier",
        place=Point(103_500, 482_500),
    )
    plant(owner, track, "ccc", "Nog niet gelezen", moderation="wacht")
    page = read_page(world, PAGE)
    assert "Er zijn 2 reacties." in page.text
    assert "Te druk <b>hier</b>" in page.text
    assert "Waar gaat uw zorg over? Verkeer en parkeren" in page.text
    assert "Meegenomen" in page.text
    assert "Antwoord van de gemeente Er komt een drempel." in page.text
    assert "Op papier, per brief of aan de telefoon" in page.text
    assert "Nog niet gelezen" not in page.text
    phase = track.phases["Plek kiezen"]
    for query, expected in {
        "soort=zorg": {"aaa"},
        "soort=idee": set(),
        "status=meegenomen": {"aaa"},
        "status=nieuw": {"bbb"},
        f"thema={theme}": {"aaa"},
        f"fase={phase}": {"aaa", "bbb"},
        f"fase={track.phases['Kennismaken']}": set(),
        "waar=101000,481000,102000,482000": {"aaa"},
        "soort=zorg&status=nieuw": set(),
    }.items():
        ids = read_page(world, f"{PAGE}?{query}").ids
        assert {one[8:] for one in ids if one.startswith("reactie-")} == expected, query
        on_map = features(world, f"?{query}")["reactie"]
        assert {one["properties"]["code"] for one in on_map} == expected, query


@pytest.mark.parametrize(
    "query",
    ["soort=klacht", "status=weg", "fase=x", "thema=-1", "waar=1,2,3", "waar=5,5,4,4", "pagina=0"],
)
def test_a_choice_that_cannot_be_is_told(
    world: FlaskClient, track: PlantedTrack, query: str
) -> None:
    for path in ("", "/kaart.geojson"):
        assert world.get(f"{PAGE}{path}?{query}").status_code == 400


def test_a_page_has_ten_contributions_the_newest_first(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    for number in range(12):
        at = dt.datetime(2025, 10, 1, 12, number, tzinfo=dt.UTC)
        plant(owner, track, f"code{number:02}", made_at=at)
    first = read_page(world, PAGE)
    ids = [one for one in first.ids if one.startswith("reactie-")]
    assert (len(ids), ids[0]) == (10, "reactie-code11")
    assert "Er zijn 12 reacties. De nieuwste staat bovenaan. U ziet nummer 1 tot en met 10." in (
        first.text
    )
    second = read_page(world, f"{PAGE}?pagina=2")
    assert [one for one in second.ids if one.startswith("reactie-")] == [
        "reactie-code01",
        "reactie-code00",
    ]
    assert f"{PAGE}?pagina=2#reacties" in first.links


def test_the_map_has_what_is_public_in_degrees(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    corners = [(101_000, 481_000), (101_200, 481_000), (101_100, 481_200)]
    plant(owner, track, "aaa", kind="plek", place=Polygon(corners), answers={})
    plant(owner, track, "bbb", place=NEAR_TINY_4)
    plant(owner, track, "ccc")
    found = features(world)
    by_code = {one["properties"]["code"]: one for one in found["reactie"]}
    assert set(by_code) == {"aaa", "bbb"}
    assert by_code["aaa"]["geometry"]["type"] == "Polygon"
    assert by_code["bbb"]["properties"] == {
        "wat": "reactie",
        "code": "bbb",
        "naam": "Een vraag",
        "teken": "?",
        "status": "Nieuw",
    }
    # By the polynomials of Schreutelkamp and Strang van Hees (2001), good to some decimetres.
    lon, lat = by_code["bbb"]["geometry"]["coordinates"]
    assert (lon, lat) == pytest.approx((4.60401, 52.31886), abs=2e-5)
    assert [one["properties"]["deel"] for one in found["locatie"]] == ["onderwerp", "bekeken"]
    first = world.get(f"{PAGE}/kaart.geojson")
    assert first.mimetype == "application/geo+json"
    again = world.get(f"{PAGE}/kaart.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    plant(owner, track, "ddd", place=NEAR_TINY_4)
    later = world.get(f"{PAGE}/kaart.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200


def test_more_contributions_and_conversations_ask_no_more_of_the_database(
    world: FlaskClient, app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    def count(path: str) -> int:
        world.get(path)
        with sent_queries(app.extensions["vlekkenplan_engine"]) as queries:
            assert world.get(path).status_code == 200
        return len(queries)

    for number in range(11):
        plant(owner, track, f"eerst{number:02}", place=NEAR_TINY_4)
    few = {path: count(path) for path in ("/in-gesprek", PAGE, f"{PAGE}/kaart.geojson")}
    for number in range(20):
        plant(owner, track, f"code{number:02}", place=NEAR_TINY_4)
    with owner.begin() as connection:
        for number in range(5):
            plant_track(connection, f"nog-{number}")
    assert {path: count(path) for path in few} == few
    assert few["/in-gesprek"] <= 9
    assert few[PAGE] <= 22
    assert few[f"{PAGE}/kaart.geojson"] <= 4


def test_a_contribution_has_a_page_of_its_own(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    plant(owner, track, "aaa", "Bel mij", public_body="(weggelaten)", place=NEAR_TINY_4)
    with owner.begin() as connection:
        connection.execute(
            insert(ContributionPhoto).values(
                contribution_code="aaa",
                media_type="image/jpeg",
                content=b"\xff\xd8",
                description="De hoek van de straat",
                is_public=True,
            )
        )
    page = read_page(world, "/reactie/aaa")
    assert page.headings[0] == "Een vraag"
    assert "(weggelaten) Een moderator heeft persoonlijke gegevens weggelaten." in page.text
    assert "Bel mij" not in page.text
    assert "in de fase Plek kiezen" in page.text
    assert "Een punt in buurt 90020102, wijk 900201, Middendorp." in page.text
    assert f"{PAGE}?waar=101100,481000,102100,482000#reacties" in [
        link.replace("%2C", ",") for link in page.links
    ]
    photo = world.get("/reactie/aaa/foto")
    assert (photo.mimetype, photo.data) == ("image/jpeg", b"\xff\xd8")
    assert photo.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with owner.begin() as connection:
        connection.execute(update(ContributionPhoto).values(is_public=False))
    assert world.get("/reactie/aaa/foto").status_code == 404
    assert "Foto" not in read_page(world, "/reactie/aaa").headings
    plant(owner, track, "bbb", moderation="wacht")
    assert world.get("/reactie/bbb").status_code == 404
    change_track(owner, track, state="concept")
    assert world.get("/reactie/aaa").status_code == 404


def test_reading_gives_no_cookie(world: FlaskClient, owner: Engine, track: PlantedTrack) -> None:
    plant(owner, track, "aaa")
    for path in ("/in-gesprek", PAGE, f"{PAGE}/kaart.geojson", "/reactie/aaa"):
        answer = world.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_the_pages_are_within_the_limits_for_residents(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    plant(owner, track, "aaa", place=NEAR_TINY_4)
    for path in ("/in-gesprek", "/in-gesprek?punt=101000,481500", PAGE, "/reactie/aaa"):
        found = measure_readability(running_text(world, path))
        assert found is not None
        too_long = [one.text for one in found.sentences if is_too_long(one)]
        assert not over_limits(found), [path, *over_limits(found), *too_long]


# ---- The way to it ----


def test_the_map_a_site_and_an_area_lead_to_the_conversation(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    site = f"/locatie/{track.sites['TINY-4']}"
    page = read_page(world, site)
    assert page.headings[1] == "In gesprek"
    for told in (
        "Fase 2 van 2: Plek kiezen. U kunt reageren tot en met 12 december 2031.",
        "Wat kan nog veranderen? De plek.",
        "Eerstvolgende datum: 4 maart 2026, Inloopavond",
    ):
        assert told in page.text
    assert f"{PAGE}/reageren" in page.links
    for area in ("GM9002", "WK900201", "BU90020101"):
        assert PAGE in read_page(world, f"/gebied/{area}").links, area
    for area in ("GM9001", "WK900202"):
        assert PAGE not in read_page(world, f"/gebied/{area}").links, area
    home = read_page(world, "/")
    assert "Er loopt 1 gesprek. U kunt er nu op reageren." in home.text
    assert home.links.count("/in-gesprek") >= 2
    panel = world.get(f"/kaart/paneel/locatie/{track.sites['TINY-4']}").get_data(as_text=True)
    assert f'href="{PAGE}"' in panel
    change_track(owner, track, state="concept")
    assert "In gesprek" not in read_page(world, site).headings


def test_a_phase_that_closed_early_tells_when(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    planned = read_page(world, PAGE).text
    assert "1 september 2025 tot en met 31 oktober 2025" in planned
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE track_phase SET closed_at = '2025-10-06 22:30+00' WHERE id = :id"),
            {"id": track.phases["Kennismaken"]},
        )
    # Half past midnight on the clock here.
    assert "1 september 2025 tot en met 7 oktober 2025" in read_page(world, PAGE).text
