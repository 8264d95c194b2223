"""The pages of areas and sites, checked by hand on the world of twelve squares."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from data.figures import FIGURES
from tests.app.page_reader import read_page


def test_the_page_of_a_gemeente_begins_with_what_is_there(world: FlaskClient) -> None:
    page = read_page(world, "/gebied/GM9001")
    assert page.lead == (
        "In Zuiderveen zijn 32 plekken in gebruik, op 2 locaties. Er zijn geen plannen bekend."
    )
    by_type, parts = page.tables
    assert by_type[1:] == [["Beschermd wonen", "24", "0", "0"], ["Beschut wonen", "8", "0", "0"]]
    assert parts[1:] == [
        ["wijk 900101", "1.500", "24", "1"],
        ["wijk 900102", "500", "8", "1"],
    ]


def test_the_share_of_a_gemeente_stands_beside_its_share_of_residents(world: FlaskClient) -> None:
    # 32 of 40 places; 2,000 of 4,000 residents.
    text = read_page(world, "/gebied/GM9001").text
    assert "Zuiderveen heeft 80% van de plekken die in gebruik zijn in de regio" in text
    assert "en 50% van de inwoners" in text
    assert "Hier zijn duidelijk meer plekken dan het evenredig aandeel" in text


def test_a_buurt_has_no_share_and_leads_up(world: FlaskClient) -> None:
    page = read_page(world, "/gebied/BU90010101")
    assert "Aandeel in de regio" not in page.headings
    assert page.lead.startswith("In buurt 90010101 zijn 24 plekken in gebruik, op 1 locatie.")
    assert [link for link in page.links if link in page.links[:20] and "geb" in link][:4] == [
        "/zoekgebieden",
        "/lijst/gebieden",
        "/gebied/GM9001",
        "/gebied/WK900101",
    ]
    assert "1.000 inwoners" in page.text
    assert "500 huishoudens" in page.text


def test_unknown_places_are_never_zero(world: FlaskClient) -> None:
    page = read_page(world, "/gebied/GM9003")
    assert page.lead == (
        "In Noorderzand zijn geen plekken in gebruik. Er is 1 locatie besloten of in voorbereiding."
    )
    assert page.tables[0][1:] == [["Skaeve Huse", "0", "0", "niet bekend"]]


def test_a_protected_site_is_told_as_a_number(world: FlaskClient) -> None:
    page = read_page(world, "/gebied/WK900101?datum=2023-06-01")
    assert "1 locatie is afgeschermd: die telt mee, maar het adres blijft geheim." in page.text
    assert page.lead.startswith("In wijk 900101 zijn 60 plekken in gebruik, op 2 locaties.")
    assert "Proeflocatie 6" not in page.text
    buurt = read_page(world, "/gebied/BU90010102?datum=2023-06-01")
    assert buurt.lead.startswith("In buurt 90010102 zijn geen plekken in gebruik.")
    assert "Afgeschermde locaties tellen niet mee per buurt" in buurt.text


def test_a_secret_figure_is_told_with_its_reason(world: FlaskClient) -> None:
    text = read_page(world, "/gebied/BU90020201").text
    assert "Geen cijfer (geheim of niet van toepassing): Inwoners, Huishoudens" in text


def test_few_residents_are_a_warning(world: FlaskClient) -> None:
    warning = "hier wonen weinig mensen"
    assert warning in read_page(world, "/gebied/BU90010202").text
    assert warning not in read_page(world, "/gebied/BU90010101").text


def test_real_figures_of_one_gemeente_wijk_and_buurt(client: FlaskClient) -> None:
    # CBS, Kerncijfers wijken en buurten 2024: inwoners en huishoudens, with what was published.
    assert "167.670 inwoners" in read_page(client, "/gebied/GM0392").text
    assert "80.860 huishoudens" in read_page(client, "/gebied/GM0392").text
    assert "6.390 inwoners" in read_page(client, "/gebied/WK037500").text
    assert "1.420 inwoners" in read_page(client, "/gebied/BU03750001").text


def test_the_page_of_a_site_begins_with_how_far_it_is(world: FlaskClient) -> None:
    pages = {number: read_page(world, f"/locatie/{number}") for number in range(1, 6)}
    leads = {page.headings[0]: page.lead for page in pages.values()}
    assert leads == {
        "Proeflocatie 1 (voorbeeld)": (
            "Deze locatie is in gebruik sinds 1 januari 2015, met 24 plekken."
        ),
        "Proeflocatie 2 (voorbeeld)": (
            "Deze locatie is in gebruik sinds 1 januari 2020, met 8 plekken."
        ),
        "Proeflocatie 3 (voorbeeld)": (
            "Deze locatie is in gebruik sinds 1 januari 2022, met 8 plekken."
        ),
        "Proeflocatie 4 (voorbeeld)": "Dit is een plan voor 6 plekken. Er is nog niets besloten.",
        "Proeflocatie 5 (voorbeeld)": "Dit is een plan. Er is nog niets besloten.",
    }


def test_the_stages_show_where_the_site_is(world: FlaskClient) -> None:
    html = world.get("/locatie/3").get_data(as_text=True)
    assert html.count('aria-current="step"') == 1
    here = html.split('aria-current="step"')[1].split("</li>")[0]
    assert "In gebruik" in here
    assert "u bent hier" in here


def test_the_history_tells_every_change(world: FlaskClient) -> None:
    table = read_page(world, "/locatie/3").tables[0]
    assert [row[:3] for row in table[1:]] == [
        ["1 januari 2021", "Besluit genomen", "8"],
        ["1 januari 2022", "In gebruik", "8"],
    ]


def test_a_site_can_be_seen_as_it_was(world: FlaskClient) -> None:
    page = read_page(world, "/locatie/3?datum=2021-06-01")
    assert (
        page.lead == "Er is besloten dat deze locatie er komt, met 8 plekken. Zij is nog niet open."
    )
    assert "Zoals het was op 1 juni 2021" in page.text
    assert "(verwacht)" in page.text


def test_a_site_is_shown_on_its_first_day_when_asked_for_an_earlier_one(
    world: FlaskClient,
) -> None:
    page = read_page(world, "/locatie/3?datum=2000-01-01")
    assert page.status == 200
    assert "op 1 januari 2021" in page.text


@pytest.mark.parametrize("number", [6, 7])
def test_a_site_that_is_not_public_has_no_page(world: FlaskClient, number: int) -> None:
    page = read_page(world, f"/locatie/{number}")
    assert page.status == 404
    assert page.lead == "Deze locatie is er niet, of is niet openbaar."


def test_figures_wear_their_unit_as_people_write_it() -> None:
    figures = {entry.key: entry for entry in FIGURES}
    assert figures["koopwoningen_percent"].with_unit("71") == "71% van de woningen"
    assert figures["afstand_huisarts_km"].with_unit("0,7") == "0,7 km"
    assert figures["stedelijkheid"].with_unit("2").startswith("2 (klasse: 1 is zeer stedelijk")


def test_a_site_that_ended_says_so_once_and_has_no_places(client: FlaskClient) -> None:
    links = read_page(client, "/lijst/locaties?status=afgebouwd").links
    page = read_page(client, next(link for link in links if link.startswith("/locatie/")))
    assert page.lead == "De locatie is gesloten."
    assert page.text.count("De locatie is gesloten.") == 1
    assert "Aantal plekken" not in page.text


def test_a_dropped_plan_gives_its_reason(client: FlaskClient) -> None:
    listed = client.get("/lijst/locaties?status=afgevallen").get_data(as_text=True)
    address = listed.split('href="/locatie/')[1].split('"')[0]
    page = read_page(client, f"/locatie/{address}")
    assert page.lead == "Dit plan gaat niet door."
    assert "Reden:" in page.text


@pytest.mark.parametrize("code", ["GM0392", "WK039201", "BU03920101"])
def test_a_day_before_everything_has_no_places(client: FlaskClient, code: str) -> None:
    page = read_page(client, f"/gebied/{code}?datum=1990-01-01")
    assert page.status == 200
    assert "zijn geen plekken in gebruik. Er zijn geen plannen bekend." in page.lead
    assert "Er zijn hier geen openbare locaties." in page.text
