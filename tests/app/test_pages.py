"""What holds for every page, whatever it is about."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from analysis.facility_types import FACILITY_TYPES
from analysis.measures import MEASURES
from data.figures import FIGURES
from tests.app.conftest import CountAppQueries
from tests.app.page_reader import read_page

PAGES = [
    "/lijst",
    "/lijst/gebieden",
    "/lijst/gebieden?niveau=buurt&sorteer=inwoners&richting=af&gemeente=GM0392&q=a",
    "/lijst/gebieden?niveau=wijk&cijfer=afstand_huisarts_km",
    "/lijst/locaties",
    "/lijst/locaties?soort=beschut_wonen&status=plan&gemeente=GM0392&datum=2020-01-01",
    "/lijst/locaties?q=bestaatniet",
    "/gebied/GM0392",
    "/gebied/WK039201",
    "/gebied/BU03920101",
    "/locatie/1",
    "/soorten",
    *(f"/soorten/{key}" for key in FACILITY_TYPES.keys),
    "/spreiding",
    "/spreiding?soort=beschut_wonen&niveau=wijk&basis=huishoudens&plannen=gepland",
    "/spreiding?soort=beschut_wonen,respijt&datum=2000-01-01",
    "/spreiding/verloop",
    "/spreiding/verloop?soort=beschut_wonen&niveau=wijk&plannen=gepland&van=2019",
    "/spreiding/verloop?soort=time_out,respijt&basis=woningvoorraad",
    "/spreiding/nabij",
    "/spreiding/nabij?soort=beschut_wonen&niveau=wijk&afstand=800&maat=gemiddelde&plannen=gepland",
    "/spreiding/nabij?kandidaat=1&plekken=12&niveau=gemeente&sorteer=hoogste&richting=af",
    "/spreiding/nabij?datum=2000-01-01",
    "/bereikbaarheid/minuten",
    "/bereikbaarheid/minuten?categorie=ziekenhuis&niveau=wijk&wijze=fietsend&sorteer=inwoners",
    "/bereikbaarheid/respijt",
    "/bereikbaarheid/respijt?niveau=wijk&soort=beschut_wonen&plannen=gepland",
    "/bereikbaarheid/respijt?datum=2000-01-01",
    "/methode",
    *(f"/methode/{measure.slug}" for measure in MEASURES),
    *(f"/methode/{entry.key}" for entry in FIGURES),
    "/bronnen",
    "/over",
    "/toegankelijkheid",
    "/privacy",
    "/zoeken",
    "/zoeken?q=haarlem",
    "/zoeken?q=xyzxyz",
    "/bereikbaarheid",
    "/bereikbaarheid?q=centrum",
    "/bereikbaarheid?punt=103900,488500&soort=skaeve_huse",
    "/bereikbaarheid?punt=103900,488500&met=97000,488000&wijze=fietsend&soort=beschut_wonen",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_a_frame_that_everyone_can_use(client: FlaskClient, address: str) -> None:
    page = read_page(client, address)
    assert page.status == 200
    assert page.lang == "nl"
    assert page.title.endswith(" - Vlekkenplan")
    assert not page.title.startswith(" - ")
    assert (page.counts["main"], page.counts["h1"]) == (1, 1)
    assert page.headings[0]
    assert page.lead, "the page does not begin with a sentence"
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids)), "an id occurs twice"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_nothing_in_the_language_of_programs(client: FlaskClient, address: str) -> None:
    text = read_page(client, address).text
    for word in ("None", "nan", "<NA>", "NaT", "{{", "{%", "undefined", "Traceback"):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), word


def test_every_page_calls_the_example_an_example(client: FlaskClient) -> None:
    for address in PAGES:
        assert "Voorbeeldgegevens" in client.get(address).get_data(as_text=True), address


def test_every_link_within_the_site_leads_somewhere(client: FlaskClient) -> None:
    links = {link for address in PAGES for link in read_page(client, address).links}
    inside = {link.split("#")[0] for link in links if link.startswith("/")}
    # One of each kind: a list of 400 buurten leads to 400 pages of one kind.
    kinds = {re.sub(r"\d+", "0", link): link for link in inside if link}
    broken = {
        link: status
        for link in kinds.values()
        if (status := client.get(link).status_code) not in (200, 301, 308)
    }
    assert broken == {}


def test_a_link_to_a_place_on_a_page_finds_it(client: FlaskClient) -> None:
    ids = set(read_page(client, "/bronnen").ids)
    pages = [read_page(client, address) for address in ("/gebied/GM0392", "/lijst/locaties")]
    anchors = {link.split("#")[1] for page in pages for link in page.links if "/bronnen#" in link}
    assert anchors
    assert anchors <= ids


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/lijst/gebieden?niveau=straat", "niveau"),
        ("/lijst/gebieden?sorteer=geluk", "sorteer"),
        ("/lijst/gebieden?richting=schuin", "richting"),
        ("/lijst/gebieden?cijfer=geluk", "cijfer"),
        ("/lijst/gebieden?gemeente=GM9999", "gemeente"),
        ("/lijst/gebieden?datum=gisteren", "datum"),
        ("/lijst/locaties?datum=2026-02-30", "datum"),
        ("/lijst/locaties?datum=0001-01-01", "datum"),
        ("/lijst/locaties?soort=villa", "soort"),
        ("/lijst/locaties?soort=vrouwenopvang", "soort"),
        ("/lijst/locaties?status=klaar", "status"),
        ("/lijst/locaties?q=" + "a" * 101, "q"),
        ("/lijst/locaties?q=%00", "q"),
        ("/lijst/locaties.csv?gemeente=GM9999", "gemeente"),
        ("/spreiding?soort=villa", "soort"),
        ("/spreiding?soort=vrouwenopvang", "soort"),
        ("/spreiding?niveau=buurt", "niveau"),
        ("/spreiding?basis=geluk", "basis"),
        ("/spreiding?plannen=ooit", "plannen"),
        ("/spreiding?datum=1-1-2026", "datum"),
        ("/spreiding.xlsx?niveau=straat", "niveau"),
        ("/spreiding/verloop?soort=villa", "soort"),
        ("/spreiding/verloop?niveau=buurt", "niveau"),
        ("/spreiding/verloop?basis=geluk", "basis"),
        ("/spreiding/verloop?van=1850", "van"),
        ("/spreiding/verloop/jaren.csv?van=vroeger", "van"),
        ("/spreiding/verloop/kaarten.svg?plannen=ooit", "plannen"),
        ("/gebied/GM0392?datum=x", "datum"),
        ("/locatie/1?datum=x", "datum"),
    ],
)
def test_a_parameter_that_can_not_be_used_is_named(
    client: FlaskClient, address: str, field: str
) -> None:
    page = read_page(client, address)
    assert page.status == 400
    assert f"onderdeel {field} in het adres" in page.text
    assert len(page.lead) > 20


@pytest.mark.parametrize(
    "address",
    [
        "/gebied/GM9999",
        "/gebied/X",
        "/soorten/villa",
        "/methode/geluk",
        "/lijst/huizen",
        "/lijst/gebieden.pdf",
        "/locatie/999999",
        "/locatie/99999999999999",
        "/locatie/x",
    ],
)
def test_what_is_not_there_is_said_in_dutch(client: FlaskClient, address: str) -> None:
    page = read_page(client, address)
    assert page.status == 404
    assert page.headings == ["Deze pagina is er niet"]


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/gebied/gm0392", "/gebied/GM0392"),
        ("/soorten/beschut-wonen", "/soorten/beschut_wonen"),
        ("/soorten/BW", "/soorten/beschermd_wonen"),
        ("/methode/evenredig_aandeel", "/methode/evenredig-aandeel"),
    ],
)
def test_another_way_to_write_an_address_leads_to_the_page(
    client: FlaskClient, address: str, leads_to: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 301
    assert answer.headers["Location"] == leads_to


@pytest.mark.parametrize(
    ("few", "many", "most"),
    [
        ("/bereikbaarheid?punt=103900,488500", "/bereikbaarheid?punt=97000,488000", 8),
        ("/lijst/gebieden?niveau=gemeente", "/lijst/gebieden?niveau=buurt", 14),
        ("/lijst/locaties?gemeente=GM0473", "/lijst/locaties", 12),
        ("/gebied/GM0473", "/gebied/GM0392", 24),
        ("/gebied/WK037501", "/gebied/WK039201", 24),
        ("/locatie/1", "/locatie/2", 9),
        ("/soorten/time_out", "/soorten/beschut_wonen", 12),
        ("/spreiding?niveau=gemeente", "/spreiding?niveau=wijk", 16),
        ("/spreiding/verloop", "/spreiding/verloop?niveau=wijk&van=2016", 9),
        ("/zoeken?q=skaeve", "/zoeken?q=a", 6),
        ("/methode/inwoners", "/methode/huishoudens", 8),
    ],
)
def test_more_rows_ask_no_more_queries(
    client: FlaskClient, count_app_queries: CountAppQueries, few: str, many: str, most: int
) -> None:
    counts = []
    for address in (few, many):
        client.get(address).close()  # what is kept for the next visitor is asked once
        with count_app_queries() as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= most


def test_pages_work_on_a_database_without_any_data(
    make_site: object, fresh_database_url: str
) -> None:
    from app.config import Settings
    from data import schema
    from tests.database_server import CHECKOUT
    from tests.own_app import own_app

    engine: Engine = schema.connect(fresh_database_url)
    with own_app(Settings(CHECKOUT, secret_key="x", tile_url=None), engine) as app:
        empty = app.test_client()
        for address in ("/bronnen", "/over", "/privacy", "/toegankelijkheid", "/zoeken"):
            assert empty.get(address).status_code == 200, address
        page = read_page(empty, "/spreiding")
        assert page.status == 404
        assert "geen wijken en buurten" in page.lead
    engine.dispose()
