"""The page of places near homes as visitors read it: the figures of the service, and no others."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.config import Settings
from app.numbers import to_dutch
from app.services.demo import load_region
from app.services.exposure import (
    Exposure,
    candidate_sites,
    measure_exposure,
    read_exposure_question,
)
from app.services.exposure_candidate import CandidateQuestion
from app.services.exposure_table import SHOWN, area_layer, area_rows, class_rows, number_text
from app.services.exposure_words import headline, help_sentences, part_of, places_sentences
from app.services.reach_table import share_text
from data import schema
from data.queries.releases import area_release
from data.queries.sites import NOT_THERE
from tests.app.conftest import PROTECTED_NAME, TODAY
from tests.app.page_reader import read_page
from tests.own_app import own_app
from tests.world import tiny_world

NEAR = "/spreiding/nabij"
Site = tuple[Flask, Engine]


def measured(
    site: Site,
    candidate: int | None = None,
    *,
    places: int | None = None,
    types: str = "alle_locaties",
    level: str = "gemeente",
    plans: str = "bestaand",
) -> Exposure:
    app, engine = site
    question = read_exposure_question([types], TODAY, plans, level)
    asked = None if candidate is None else CandidateQuestion(str(candidate), place_count=places)
    with engine.connect() as connection:
        return measure_exposure(connection, app.config["SETTINGS"].home, question, asked)


def site_id(site: Site, where: str) -> int:
    with site[1].connect() as connection:
        found = connection.scalar(
            text(
                "SELECT site.id FROM public_site AS site JOIN public_site_state AS state"
                f" ON state.site_id = site.id WHERE {where} ORDER BY site.id LIMIT 1"
            )
        )
    assert found is not None
    return int(found)


def a_plan(site: Site) -> int:
    question = read_exposure_question(["alle_locaties"], TODAY)
    with site[1].connect() as connection:
        plans = candidate_sites(connection, area_release(connection).id, question)
    return int(str(plans.index[plans["capacity_count"].gt(0).fillna(False)][0]))


def test_the_page_says_what_was_measured(client: FlaskClient, demo_site: Site) -> None:
    answer = measured(demo_site)
    page = read_page(client, f"{NEAR}?niveau=gemeente")
    assert page.headings[0] == "Hoeveel plekken zijn er dicht bij huis?"
    assert page.lead.startswith(headline(answer, 400))
    classes, areas = page.tables
    assert [row[0] for row in classes[1:]] == [
        "0",
        "1 t/m 5",
        "6 t/m 10",
        "11 t/m 20",
        "21 t/m 50",
        "Meer dan 50",
    ]
    for told, residents in zip(classes[1:], class_rows(answer), strict=True):
        for cell, count, share in zip(told[1:], residents.counts, residents.shares, strict=True):
            assert cell.split() == [to_dutch(count), f"({share_text(share)})"]
    table = answer.areas[400]
    assert [row[0] for row in areas[1:]] == sorted(table["name"])
    for name, highest, mean, near in areas[1:]:
        row = table[table["name"] == name].iloc[0]
        assert highest == number_text(row["most_place_count"])
        assert mean == number_text(row["mean_place_count"])
        assert near.split()[0] == to_dutch(row["near_count"])


@pytest.mark.parametrize("shown", SHOWN.keys)
@pytest.mark.parametrize("distance", [400, 800, 1200])
def test_the_map_and_its_legend_say_the_same_as_the_table(
    client: FlaskClient, demo_site: Site, shown: str, distance: int
) -> None:
    answer = measured(demo_site, level="buurt")
    rows = area_rows(answer, distance, shown)
    layer = area_layer(answer, distance, shown, rows)
    html = client.get(f"{NEAR}?maat={shown}&afstand={distance}").get_data(as_text=True)
    told = re.findall(r'id="(BU\d+)" data-klasse="(\d)" data-tekst="([^"]*)"', html)
    assert len(told) == len(rows) == 400
    assert {code: (int(number), text) for code, number, text in told} == {
        value.code: (value.class_number, value.text) for value in layer.values
    }
    assert sum(entry.area_count for entry in layer.legend) + layer.unknown_count == 400
    assert len(layer.legend) <= 5
    for value in layer.values:
        if value.class_number:
            low, high = SHOWN[shown].edges[value.class_number - 1 : value.class_number + 1]
            number = 0.05 if "dan" in value.text else float(value.text.replace(",", "."))
            assert low < number <= high
        else:
            assert value.text.startswith("geen cijfer. ")


def test_both_sides_of_a_candidate_stand_on_the_page(client: FlaskClient, demo_site: Site) -> None:
    number = a_plan(demo_site)
    answer = measured(demo_site, number)
    assert answer.comparison is not None
    page = read_page(client, f"{NEAR}?kandidaat={number}&afstand=800&niveau=gemeente")
    assert {"Wie krijgt er een plek dichtbij?", "Voor wie komt hulp dichterbij?"} <= set(
        page.headings
    )
    change = answer.comparison.region
    for sentence in (*places_sentences(change, 800), *help_sentences(change)):
        assert sentence in page.text
    near, helped = page.tables[:2]
    assert near[1][1:] == [to_dutch(entry.more_count) for entry in change.places]
    assert near[2][1:] == ["0", "0", "0"]
    assert [row[1] for row in helped[1:]] == [
        to_dutch(change.help.closer.resident_count),
        "0",
        to_dutch(change.help.same_count),
    ]
    assert near[1][1:] != ["0", "0", "0"]


def test_a_candidate_in_use_is_left_out_and_both_signs_turn(
    client: FlaskClient, demo_site: Site
) -> None:
    number = site_id(demo_site, "state.status = 'in_gebruik' AND state.capacity_count > 20")
    page = read_page(client, f"{NEAR}?kandidaat={number}&niveau=gemeente")
    assert {"Wie heeft er dan minder plekken dichtbij?", "Voor wie is hulp dan verder weg?"} <= set(
        page.headings
    )
    near, helped = page.tables[:2]
    assert near[1][1:] == ["0", "0", "0"]
    assert near[2][1:] != ["0", "0", "0"]
    assert helped[1][1] == "0"


def test_a_candidate_with_unknown_places_asks_for_a_number_on_the_page(
    client: FlaskClient, demo_site: Site
) -> None:
    number = site_id(demo_site, "state.capacity_count IS NULL AND site.type = 'skaeve_huse'")
    page = read_page(client, f"{NEAR}?kandidaat={number}&niveau=gemeente")
    assert page.status == 200
    assert "niet bekend hoeveel plekken" in page.text
    assert "plekken" in page.ids
    filled = read_page(client, f"{NEAR}?kandidaat={number}&plekken=6&niveau=gemeente")
    assert "erbij komt, met 6 plekken" in " ".join(filled.headings)
    other = read_page(client, f"{NEAR}?kandidaat={number}&plekken=6&soort=respijt")
    assert "Die soort telt bij uw keuze niet mee" in other.text


def test_the_candidates_to_choose_from_are_public_and_in_preparation(
    guarded: FlaskClient, guarded_site: Site
) -> None:
    html = guarded.get(NEAR).get_data(as_text=True)
    chosen = re.search(r'<select[^>]*name="kandidaat".*?</select>', html, flags=re.DOTALL)
    assert chosen is not None
    numbers = set(re.findall(r'value="(\d+)"', chosen[0]))
    with guarded_site[1].connect() as connection:
        public = {
            str(number) for number in connection.scalars(text("SELECT id FROM public_site")).all()
        }
    assert numbers
    assert numbers <= public
    assert PROTECTED_NAME not in html


def test_a_hidden_site_is_answered_as_one_that_is_not_there(
    guarded: FlaskClient, guarded_site: Site
) -> None:
    with guarded_site[1].connect() as connection:
        hidden = connection.execute(
            text("SELECT id, site_code FROM site WHERE name LIKE :name"),
            {"name": f"{PROTECTED_NAME}%"},
        ).all()
    assert len(hidden) == 3
    absent = guarded.get(f"{NEAR}?kandidaat=999999")
    for word in [word for row in hidden for word in row]:
        answer = guarded.get(f"{NEAR}?kandidaat={word}&plekken=5")
        assert answer.status_code == absent.status_code == 404
        assert answer.get_data(as_text=True) == absent.get_data(as_text=True)
        assert NOT_THERE in answer.get_data(as_text=True)


def test_hidden_sites_change_no_number(demo_site: Site, guarded_site: Site) -> None:
    open_region, guarded_region = (
        measured(site, plans="gepland", level="buurt") for site in (demo_site, guarded_site)
    )
    for limit in (400, 800, 1200):
        assert open_region.areas[limit].equals(guarded_region.areas[limit])
    assert open_region.by_places.counts.equals(guarded_region.by_places.counts)
    # Only the protected one is counted; the internal one and the home nowhere.
    before, after = (sum(each.protected_counts.values()) for each in (open_region, guarded_region))
    assert after == before + 1


def test_the_protected_ones_are_told_as_a_number_of_a_gemeente(guarded: FlaskClient) -> None:
    text_of_page = read_page(guarded, f"{NEAR}?soort=beschut_wonen&niveau=gemeente").text
    assert re.search(r"afgeschermde locaties? tel(t|len) niet mee \(.*\d in Haarlem", text_of_page)


def test_every_choice_stays_in_the_links(client: FlaskClient, demo_site: Site) -> None:
    number = a_plan(demo_site)
    asked = f"plannen=gepland&niveau=wijk&afstand=800&kandidaat={number}"
    page = read_page(client, f"{NEAR}?{asked}")
    own = [link for link in page.links if link.startswith(f"{NEAR}")]
    assert any(link.startswith(f"{NEAR}.csv?") and "plannen=gepland" in link for link in own)
    to_far = [link for link in own if "afstand=1200" in link]
    assert to_far
    assert all(f"kandidaat={number}" in link and "niveau=wijk" in link for link in to_far)
    assert any("sorteer=gemiddelde" in link and "afstand=800" in link for link in own)


def test_the_table_is_sorted_as_asked_and_unknown_comes_last(client: FlaskClient) -> None:
    for direction, is_falling in (("op", False), ("af", True)):
        page = read_page(client, f"{NEAR}?sorteer=hoogste&richting={direction}")
        texts = [row[1] for row in page.tables[1][1:]]
        known = [int(text.replace(".", "")) for text in texts if "geen" not in text]
        assert known == sorted(known, reverse=is_falling)
        assert all("geen" in text for text in texts[len(known) :])


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"{NEAR}?soort=villa", "soort"),
        (f"{NEAR}?soort=vrouwenopvang", "soort"),
        (f"{NEAR}?plannen=ooit", "plannen"),
        (f"{NEAR}?niveau=straat", "niveau"),
        (f"{NEAR}?afstand=500", "afstand"),
        (f"{NEAR}?maat=ergste", "maat"),
        (f"{NEAR}?sorteer=geluk", "sorteer"),
        (f"{NEAR}?datum=gisteren", "datum"),
        (f"{NEAR}?plekken=-1", "plekken"),
        (f"{NEAR}?plekken=1e9", "plekken"),
        (f"{NEAR}.csv?richting=schuin", "richting"),
        (f"{NEAR}.xlsx?kandidaat=1&plekken=0", "plekken"),
    ],
)
def test_a_parameter_that_can_not_be_used_is_named(
    client: FlaskClient, address: str, field: str
) -> None:
    page = read_page(client, address)
    assert page.status == 400
    assert f"onderdeel {field} in het adres" in page.text


def test_the_files_hold_every_area_and_every_distance(client: FlaskClient, demo_site: Site) -> None:
    answer = measured(demo_site, level="wijk")
    told = client.get(f"{NEAR}.csv?niveau=wijk").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told), delimiter=";"))
    assert len(rows) == len(answer.areas[400])
    for row in rows:
        for limit in (400, 800, 1200):
            expected = answer.areas[limit].loc[row["code"]]
            if row[f"hoogste_{limit}_m"]:
                assert int(row[f"hoogste_{limit}_m"]) == expected["most_place_count"]
                assert int(row[f"met_plek_{limit}_m"]) == expected["near_count"]
            else:
                assert row["reden"]
        assert row["bron_straten"]
        assert row["licentie_locaties"]
    number = a_plan(demo_site)
    book = client.get(f"{NEAR}.xlsx?niveau=wijk&kandidaat={number}").data
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        words = " ".join(parts.read(name).decode() for name in parts.namelist())
    assert "Wat er verandert" in words
    assert "Inwoners met 1 t/m 5 plekken binnen 400 m" in words


def test_unknown_places_are_told_as_at_least(client: FlaskClient) -> None:
    page = read_page(client, f"{NEAR}?plannen=gepland&niveau=gemeente&afstand=1200")
    assert "weten wij het aantal plekken niet" in page.text
    assert "minstens" in page.text
    assert "Niet precies bekend" in [row[0] for row in page.tables[0]]


def test_without_places_the_page_says_that_nobody_has_one(client: FlaskClient) -> None:
    page = read_page(client, f"{NEAR}?datum=1995-01-01&niveau=gemeente")
    assert "heeft niemand een plek binnen 400 meter lopen" in page.lead
    assert "Er is geen openbare locatie die meetelt" in page.text


def test_without_streets_the_page_says_why_there_is_nothing(
    fresh_database_url: str, tmp_path: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        connection.execute(text("DELETE FROM street_edge"))
    with own_app(Settings(tmp_path, secret_key="test", tile_url=None), engine) as app:
        visitor = app.test_client()
        page = read_page(visitor, NEAR)
        assert page.status == 200
        assert page.lead.startswith("Dit is nog niet te meten. Er zijn nog geen straten")
        for key in ("plekken-dichtbij", "plekken-dichtbij-per-gebied", "verandering-dichtbij"):
            assert "Er zijn nog geen straten" in read_page(visitor, f"/methode/{key}").text
    engine.dispose()


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "niemand"),
        (1, "iedereen"),
        (1 / 7, "ongeveer 1 op de 7"),
        (0.0003, "ongeveer 1 op de 3.333"),
        (1 / 3, "ongeveer 1 op de 3"),
        (0.5, "50%"),
        (0.9999, "99,99%"),
    ],
)
def test_a_share_is_told_in_words(share: float, words: str) -> None:
    assert part_of(share) == words


@pytest.mark.parametrize(
    "slug", ["plekken-dichtbij", "plekken-dichtbij-per-gebied", "verandering-dichtbij"]
)
def test_the_method_pages_have_an_example_of_today(client: FlaskClient, slug: str) -> None:
    page = read_page(client, f"/methode/{slug}")
    assert "meter lopen" in page.text
    assert NEAR in page.links
