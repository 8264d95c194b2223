"""The lists say how much they show, in the order and with the choice that is asked."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from analysis.facility_types import FACILITY_TYPES
from app.services.area_list import AreaQuestion, area_list, columns_of
from app.services.lists import count_text, plain
from app.services.site_list import COLUMNS, SiteQuestion, site_list
from geo.frames import LEVELS
from tests.app.conftest import TODAY
from tests.app.page_reader import PageText, read_page


def first_column(page: PageText) -> list[str]:
    return [row[0] for row in page.tables[0][1:]]


def test_the_gemeenten_of_the_world_with_their_figures_and_places(world: FlaskClient) -> None:
    page = read_page(world, "/lijst/gebieden")
    assert page.lead.startswith("3 gemeenten")
    assert page.tables[0][1:] == [
        # name, residents, households, homes, in use, decided, in preparation, sites
        ["Middendorp", "1.500", "750", "geen cijfer", "8", "0", "6", "2"],
        ["Noorderzand", "500", "250", "geen cijfer", "0", "0", "niet bekend", "1"],
        ["Zuiderveen", "2.000", "1.000", "geen cijfer", "32", "0", "0", "2"],
    ]
    assert "Woningen van 3 gemeenten: niet in het bestand" in page.text


def test_the_places_are_those_of_the_date(world: FlaskClient) -> None:
    page = read_page(world, "/lijst/gebieden?datum=2023-06-01")
    places = {row[0]: row[4] for row in page.tables[0][1:]}
    # 40 in TINY-1, 8 in TINY-2 and 20 in the protected TINY-6; 8 in TINY-3.
    assert places == {"Zuiderveen": "68", "Middendorp": "8", "Noorderzand": "0"}


def test_a_protected_site_counts_per_wijk_and_not_per_buurt(world: FlaskClient) -> None:
    address = "/lijst/gebieden?niveau={}&gemeente=GM9001&datum=2023-06-01"
    wijken = read_page(world, address.format("wijk"))
    assert {row[0]: row[5] for row in wijken.tables[0][1:]} == {
        "wijk 900101": "60",
        "wijk 900102": "8",
    }
    buurten = read_page(world, address.format("buurt"))
    assert {row[0]: row[6] for row in buurten.tables[0][1:]} == {
        "buurt 90010101": "40",
        "buurt 90010102": "0",
        "buurt 90010201": "8",
        "buurt 90010202": "0",
    }
    assert "Afgeschermde locaties tellen niet mee per buurt" in buurten.text


def test_an_unknown_figure_is_told_with_its_reason_and_comes_last(world: FlaskClient) -> None:
    for direction in ("op", "af"):
        page = read_page(
            world, f"/lijst/gebieden?niveau=buurt&sorteer=inwoners&richting={direction}"
        )
        assert first_column(page)[-1] == "buurt 90020201"
        assert page.tables[0][-1][3] == "geen cijfer"
        assert "Inwoners van 1 buurt: geheim of niet van toepassing" in page.text


@pytest.mark.parametrize("level", LEVELS)
def test_a_list_of_areas_is_sorted_by_every_column_both_ways(
    demo_site: tuple[Flask, Engine], level: str
) -> None:
    with demo_site[1].connect() as connection:
        for column in columns_of(level):  # type: ignore[arg-type]
            for descending in (False, True):
                question = AreaQuestion(
                    TODAY,
                    level,  # type: ignore[arg-type]
                    sort=column.key,
                    descending=descending,
                )
                values = area_list(connection, question).rows[column.key].dropna().tolist()
                keys = [plain(value) if isinstance(value, str) else value for value in values]
                assert keys == sorted(keys, reverse=descending), column.key


def test_a_list_of_sites_is_sorted_by_every_column_both_ways(
    demo_site: tuple[Flask, Engine],
) -> None:
    with demo_site[1].connect() as connection:
        for column in COLUMNS:
            for descending in (False, True):
                question = SiteQuestion(TODAY, sort=column.key, descending=descending)
                rows = site_list(connection, question).rows
                values = rows[column.sort_key or column.key].dropna().tolist()
                keys = [plain(value) if isinstance(value, str) else value for value in values]
                assert keys == sorted(keys, reverse=descending), column.key


def test_a_header_says_how_the_list_is_sorted_and_leads_to_the_other_way(
    client: FlaskClient,
) -> None:
    html = client.get("/lijst/locaties?sorteer=plekken&richting=op&soort=respijt").get_data(
        as_text=True
    )
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in html
    assert "/lijst/locaties?soort=respijt&amp;sorteer=plekken&amp;richting=af" in html


def test_the_count_tells_what_is_left_out(client: FlaskClient) -> None:
    everything = read_page(client, "/lijst/locaties")
    total = len(everything.tables[0]) - 1
    assert everything.lead.startswith(f"{total} locaties,")
    chosen = read_page(client, "/lijst/locaties?soort=beschut_wonen")
    shown = len(chosen.tables[0]) - 1
    assert 0 < shown < total
    assert chosen.lead.startswith(f"{shown} van de {total} locaties,")
    assert {row[1] for row in chosen.tables[0][1:]} == {"Beschut wonen"}


def test_filters_work_together(client: FlaskClient) -> None:
    page = read_page(
        client, "/lijst/locaties?soort=beschut_wonen,respijt&status=in_use&gemeente=GM0392"
    )
    rows = page.tables[0][1:]
    assert rows
    assert {row[1] for row in rows} <= {"Beschut wonen", "Respijtplek"}
    assert {row[2] for row in rows} == {"In gebruik"}
    assert {row[6] for row in rows} == {"Haarlem"}


def test_words_are_found_without_accents_and_capitals(client: FlaskClient) -> None:
    page = read_page(client, "/lijst/gebieden?niveau=wijk&q=SCHÁLKWIJK")
    plain_page = read_page(client, "/lijst/gebieden?niveau=wijk&q=schalkwijk")
    assert page.lead == plain_page.lead


def test_a_choice_that_fits_nothing_says_so(client: FlaskClient) -> None:
    page = read_page(client, "/lijst/locaties?q=bestaatnietopaarde")
    assert page.lead.startswith("0 van de ")
    assert "Er past geen locatie bij deze keuze" in page.text


def test_four_hundred_buurten_stand_on_one_page(client: FlaskClient) -> None:
    page = read_page(client, "/lijst/gebieden?niveau=buurt")
    assert page.lead.startswith("400 buurten")
    assert len(page.tables[0]) == 401


def test_every_type_on_the_map_can_be_chosen(client: FlaskClient) -> None:
    for entry in FACILITY_TYPES:
        status = client.get(f"/lijst/locaties?soort={entry.key}").status_code
        assert status == (200 if entry.recorded.on_map else 400), entry.key


def test_an_empty_date_means_today(client: FlaskClient) -> None:
    assert read_page(client, "/lijst/locaties?datum=").lead == (
        read_page(client, f"/lijst/locaties?datum={TODAY}").lead
    )


def test_a_day_before_everything_has_no_sites(client: FlaskClient) -> None:
    page = read_page(client, f"/lijst/locaties?datum={dt.date(1990, 1, 1)}")
    assert page.lead.startswith("0 locaties")


@pytest.mark.parametrize(
    ("shown", "total", "text"),
    [(3, 5, "3 van de 5 huizen"), (5, 5, "5 huizen"), (1, 1, "1 huis"), (0, 1, "0 van de 1 huis")],
)
def test_counts_in_words(shown: int, total: int, text: str) -> None:
    assert count_text(shown, total, "huis", "huizen") == text
