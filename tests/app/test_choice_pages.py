"""The pages of a choice: making one, candidates from everywhere, steps, rules and history."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.page_reader import read_page
from tests.app.signed_in import csrf_token, fields_on, form_fields, signed_in, submit
from tests.app.staff_site import MakeSite, fill, put_back_states, site_id

HEADER = "code;naam;type;status;status sinds;plekken;x;y"


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """An app of its own: what is written here stays in the history."""
    return make_site(fill)


@pytest.fixture
def engine(site: tuple[Flask, Engine]) -> Iterator[Engine]:
    yield site[1]
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM choice"))
        connection.execute(text("DELETE FROM site WHERE site_code !~ '^TINY'"))
    put_back_states(site[1])


@pytest.fixture
def planner(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for Noorderzand, where TINY-5 is looked at closely since 2024."""
    return signed_in(site[0], engine, "planner", "GM9003")


@pytest.fixture
def coordinator(site: tuple[Flask, Engine], engine: Engine) -> FlaskClient:
    """Works for the region."""
    return signed_in(site[0], engine, "regiocoordinator")


def make(client: FlaskClient, **more: str) -> str:
    """The address of a new choice."""
    values = {
        "naam": "Huisjes in Noorderzand",
        "soort": "skaeve_huse",
        "van": "GM9003",
        "plekken": "12",
        "reden": "Besluit van de raad",
    }
    reply = submit(client, "/keuzes/nieuw", **{**values, **more})
    assert reply.status_code == 303, reply.get_data(as_text=True)
    return str(reply.headers["Location"])


@pytest.fixture
def choice(planner: FlaskClient) -> str:
    return make(planner)


@pytest.fixture
def tiny_5(engine: Engine) -> int:
    return site_id(engine, "TINY-5")


@pytest.fixture
def candidate(planner: FlaskClient, choice: str, tiny_5: int) -> str:
    """The address of TINY-5 as a candidate."""
    address = f"{choice}/kandidaten"
    reply = submit(planner, address, **{"register-locatie": str(tiny_5)})
    assert reply.status_code == 303
    return f"{address}/{tiny_5}"


def post_file(client: FlaskClient, choice: str, lines: list[str], name: str = "plekken.csv") -> Any:
    address = f"{choice}/kandidaten"
    content = "\n".join([HEADER, *lines]).encode()
    return client.post(
        f"{address}/bestand",
        data={
            "csrf_token": csrf_token(client, address),
            "bestand-bestand": (io.BytesIO(content), name),
        },
        content_type="multipart/form-data",
    )


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def last_reason(engine: Engine, table: str) -> str | None:
    query = "SELECT reason FROM change WHERE table_name = :table ORDER BY id DESC LIMIT 1"
    with engine.connect() as connection:
        found = connection.scalar(text(query), {"table": table})
    return None if found is None else str(found)


def test_a_choice_is_made_and_stands_in_the_list(
    planner: FlaskClient, engine: Engine, choice: str
) -> None:
    page = read_page(planner, "/keuzes")
    assert "Er is 1 keuze." in page.text
    assert "Huisjes in Noorderzand" in page.text
    assert "12 woningen" in page.text
    shown = read_page(planner, choice)
    assert "Er zijn nog geen plekken bekeken. Gezocht: 12 woningen." in shown.text
    assert "versie 1 van de regels" in shown.text
    assert last_reason(engine, "choice") == "Besluit van de raad"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"naam": " "}, "Geef de keuze een naam."),
        ({"naam": "x" * 301}, "hoogstens 300 tekens"),
        ({"naam": "Bij de vrouwenopvang"}, "Die adressen zijn geheim"),
        ({"toelichting": "Naast het blijf-van-mijn-lijfhuis"}, "geheim"),
        ({"soort": ""}, "Kies een soort uit de lijst."),
        ({"soort": "vrouwenopvang"}, "Kies een soort uit de lijst."),
        ({"soort": "omklapwoning"}, "Kies een soort uit de lijst."),
        ({"van": "GM9001"}, "Kies van wie deze keuze is."),
        ({"van": "regio"}, "Kies van wie deze keuze is."),
        ({"plekken": "0"}, "getal boven 0"),
        ({"plekken": "tien"}, "Schrijf een heel getal"),
        ({"reden": ""}, "Schrijf kort waarom."),
    ],
)
def test_a_fault_in_a_new_choice_is_told_and_what_was_typed_stays(
    planner: FlaskClient, engine: Engine, values: dict[str, str], fault: str
) -> None:
    typed = {
        "naam": "Naam & <teken>",
        "soort": "skaeve_huse",
        "van": "GM9003",
        "toelichting": "Een lange geschiedenis",
        "reden": "Omdat",
        **values,
    }
    reply = submit(planner, "/keuzes/nieuw", **typed)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert fault in page
    kept = fields_on(page, "/keuzes/nieuw")
    for name in ("naam", "toelichting"):
        assert kept[name].strip() == typed[name].strip()
    assert count(engine, "choice") == 0


def test_the_coordinator_may_make_one_for_the_region(coordinator: FlaskClient) -> None:
    address = make(coordinator, van="regio")
    assert "keuze van de regio" in read_page(coordinator, address).text


def test_a_choice_is_changed_and_two_who_do_so_notice_each_other(
    planner: FlaskClient, choice: str
) -> None:
    address = f"{choice}/wijzigen"
    mine = form_fields(planner, address) | {"naam": "Van mij", "reden": "Beter"}
    assert submit(planner, address, naam="Van de ander", reden="Nog beter").status_code == 303
    reply = planner.post(address, data=mine)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "Iemand anders heeft deze keuze intussen gewijzigd" in page
    assert "‘Van de ander’" in page
    again = fields_on(page, address)
    assert again["naam"] == "Van mij"
    assert planner.post(address, data=again).status_code == 303
    assert "Van mij" in read_page(planner, choice).text


def test_a_site_of_the_register_joins(planner: FlaskClient, choice: str, candidate: str) -> None:
    page = read_page(planner, choice)
    assert "1 plek bekeken, 1 op de groslijst." in page.text
    assert "Proeflocatie 5 (voorbeeld)" in page.text
    assert "500 meter van Middendorp. Betrek deze gemeente en de buren daar." in page.text
    assert "Van de gemeente" in page.text
    assert "nog niet" in page.text
    html = planner.get(choice).get_data(as_text=True)
    assert 'data-plek="[' in html
    added = read_page(planner, f"{choice}/kandidaten").text
    assert (
        "geen locaties voor Skaeve Huse in voorbereiding die nog niet in deze keuze staan" in added
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], "Kies ten minste één locatie."),
        (["x"], "Kies locaties uit de lijst."),
        (["999999"], "Deze locatie is er niet"),
    ],
)
def test_a_site_that_is_not_there_does_not_join(
    planner: FlaskClient, engine: Engine, choice: str, words: list[str], fault: str
) -> None:
    values: dict[str, Any] = {"register-locatie": words}
    reply = submit(planner, f"{choice}/kandidaten", **values)
    assert reply.status_code == 422
    assert fault in reply.get_data(as_text=True)
    assert count(engine, "choice_candidate") == 0


def test_a_site_of_another_type_or_gemeente_does_not_join(
    planner: FlaskClient, engine: Engine, choice: str
) -> None:
    for code, fault in (("TINY-7", "is een andere soort plek"), ("TINY-4", "is er niet")):
        reply = submit(
            planner, f"{choice}/kandidaten", **{"register-locatie": str(site_id(engine, code))}
        )
        assert reply.status_code == 422
        assert fault in reply.get_data(as_text=True)


def test_a_place_of_a_search_area_is_brought_by_the_address(
    planner: FlaskClient, engine: Engine, choice: str
) -> None:
    listed = planner.get("/keuzes?punt=101200,482700&naam=Zoekgebied+4").get_data(as_text=True)
    assert "Bij welke keuze hoort deze plek?" in listed
    assert f"{choice}/kandidaten?punt=101200,482700&amp;naam=Zoekgebied+4" in listed
    address = f"{choice}/kandidaten"
    there = f"{address}?punt=101200,482700&naam=Zoekgebied+4"
    fields = form_fields(planner, there, f"{address}/plek")
    assert fields["plek-punt"] == "101200,482700"
    assert fields["plek-herkomst"] == "zoekgebied"
    sent = {**fields, "plek-reden": "Past bij het profiel", "plek-aantal": "6"}
    assert planner.post(f"{address}/plek", data=sent).status_code == 303
    page = read_page(planner, choice)
    assert "Zoekgebied 4" in page.text
    assert "Uit een zoekgebied" in page.text
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT publication, status, capacity_count, reason FROM site "
                "JOIN site_state ON site_id = id WHERE name = 'Zoekgebied 4'"
            )
        ).one()
    assert tuple(row) == ("intern", "idee", 6, "Past bij het profiel")


def test_a_site_is_brought_by_the_address_as_well(
    planner: FlaskClient, choice: str, tiny_5: int
) -> None:
    page = planner.get(f"{choice}/kandidaten?locatie={tiny_5}").get_data(as_text=True)
    assert f'value="{tiny_5}" checked' in page


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"plek-punt": "hier"}, "Dit is geen plek."),
        ({"plek-punt": "1,2"}, "liggen niet in Nederland"),
        ({"plek-punt": "101200, 481500"}, "ligt niet in uw gemeente"),
        ({"plek-punt": "150000, 450000"}, "niet in een van de gemeenten van de regio"),
        ({"plek-naam": ""}, "Geef de plek een naam."),
        ({"plek-naam": "Vrouwenopvang noord"}, "geheim"),
        ({"plek-toelichting": "Blijf-van-mijn-lijfhuis"}, "geheim"),
        ({"plek-herkomst": "hemel"}, "Kies een herkomst uit de lijst."),
        ({"plek-herkomst": "bestand"}, "Kies een herkomst uit de lijst."),
        ({"plek-reden": ""}, "Schrijf kort waarom."),
        ({"plek-aantal": "-1"}, "Schrijf een heel getal"),
    ],
)
def test_a_place_that_can_not_be_is_refused_and_stays_in_the_form(
    planner: FlaskClient, engine: Engine, choice: str, values: dict[str, str], fault: str
) -> None:
    address = f"{choice}/kandidaten"
    typed = {
        "plek-naam": "Aan de dijk",
        "plek-punt": "101200, 482700",
        "plek-adres": "Dijk 1",
        "plek-herkomst": "inwoner",
        "plek-reden": "Genoemd op een avond",
        **values,
    }
    reply = submit(planner, address, f"{address}/plek", **typed)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert fault in page
    assert fields_on(page, f"{address}/plek")["plek-adres"] == "Dijk 1"
    assert count(engine, "choice_candidate") == 0
    assert count(engine, "site") == 7


def test_the_places_of_a_file_become_ideas_and_candidates(
    planner: FlaskClient, engine: Engine, choice: str
) -> None:
    reply = post_file(
        planner,
        choice,
        [
            "P-1;Aan de vaart;Skaeve Huse;Idee;2025-11-01;6;101200;482700",
            "P-2;Bij het bos;Skaeve Huse;idee;2025-12-01;;102300;482200",
        ],
    )
    assert reply.status_code == 303, reply.get_data(as_text=True)
    page = read_page(planner, choice)
    assert "2 plekken bekeken, 2 op de groslijst." in page.text
    assert "Uit een bestand plekken.csv" in " ".join(page.text.split())
    assert last_reason(engine, "site") == "Ingelezen bij de keuze Huisjes in Noorderzand"


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (
            [
                "P-1;Goed;Skaeve Huse;Idee;2025-11-01;6;101200;482700",
                "P-2;Ander;Respijt;Idee;2025-11-01;6;101300;482700",
                "P-3;Ver;Skaeve Huse;In gebruik;2025-11-01;6;101300;482800",
                "P-4;Later;Skaeve Huse;Idee;2027-11-01;6;101300;482900",
            ],
            {
                3: "Deze keuze gaat over locaties voor Skaeve Huse",
                4: "beginnen als idee",
                5: "nog komen",
            },
        ),
        (
            [
                "P-1;Goed;Skaeve Huse;Idee;2025-11-01;6;101200;482700",
                "P-2;Over de grens;Skaeve Huse;Idee;2025-11-01;6;101300;481500",
            ],
            {3: "Deze plek ligt niet in uw gemeente"},
        ),
        (
            ["TINY-5;Bekend;Skaeve Huse;Idee;2025-11-01;6;103500;482500"],
            {2: "Deze code staat al in het register"},
        ),
        (
            ["P-1;Plek;Skaeve Huse;Idee;gisteren;6;101200;482700"],
            {2: "gisteren"},
        ),
        (
            ["P-1;Vrouwenopvang;Skaeve Huse;Idee;2025-11-01;6;101200;482700"],
            {2: "geheim"},
        ),
    ],
)
def test_every_fault_of_a_file_is_told_with_its_row_and_nothing_is_kept(
    planner: FlaskClient,
    engine: Engine,
    choice: str,
    lines: list[str],
    faults: dict[int, str],
) -> None:
    reply = post_file(planner, choice, lines)
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    for row, fault in faults.items():
        assert f'class="utrecht-table__header-cell">{row}</th>' in page
        assert fault in page
    assert count(engine, "choice_candidate") == 0
    assert count(engine, "site") == 7


def test_no_file_and_no_real_file_are_told(planner: FlaskClient, choice: str) -> None:
    address = f"{choice}/kandidaten"
    token = csrf_token(planner, address)
    reply = planner.post(f"{address}/bestand", data={"csrf_token": token})
    assert reply.status_code == 422
    assert "Kies een bestand." in reply.get_data(as_text=True)
    broken = planner.post(
        f"{address}/bestand",
        data={"csrf_token": token, "bestand-bestand": (io.BytesIO(b"PK\x03\x04"), "x.xlsx")},
        content_type="multipart/form-data",
    )
    assert broken.status_code == 422


def test_what_is_missing_is_told_and_a_second_time_it_may_go_on(
    planner: FlaskClient, choice: str, candidate: str
) -> None:
    move = f"{candidate}/fase"
    assert submit(planner, candidate, move, fase="nader_onderzoek").status_code == 303
    assert "Open: Eigendom" in read_page(planner, candidate).text
    warned = submit(planner, candidate, move, fase="vergelijking", waarom="De raad wil het")
    page = warned.get_data(as_text=True)
    assert warned.status_code == 422
    assert "Toch opslaan" in page
    fields = fields_on(page, move)
    assert fields["waarom"] == "De raad wil het"
    assert planner.post(move, data=fields).status_code == 303
    assert "1 in de vergelijking" in read_page(planner, choice).text


def test_a_candidate_falls_and_comes_back(
    planner: FlaskClient, engine: Engine, choice: str, candidate: str, tiny_5: int
) -> None:
    drop = f"{candidate}/laten-vallen"
    none = submit(planner, candidate, drop, reden=" ")
    assert none.status_code == 422
    assert "hoort altijd een reden" in none.get_data(as_text=True)
    assert submit(planner, candidate, drop, reden="Geen riool.").status_code == 303
    page = read_page(planner, choice)
    assert "1 plek bekeken, 1 afgevallen." in page.text
    assert "Planner van Noorderzand" in page.text
    assert "Geen riool." in page.text
    assert "1 januari 2026" in page.text
    assert "afgevallen op 1 januari 2026, omdat: Geen riool." in (
        read_page(planner, f"/werkbank/locaties/{tiny_5}").text
    )
    back = f"{candidate}/terughalen"
    assert submit(planner, candidate, back, waarom="").status_code == 422
    assert submit(planner, candidate, back, waarom="Er komt riool").status_code == 303
    assert last_reason(engine, "choice_candidate") == "Er komt riool"
    assert "1 op de groslijst" in read_page(planner, choice).text


def test_the_register_changes_only_when_that_is_asked(
    planner: FlaskClient, engine: Engine, choice: str, candidate: str, tiny_5: int
) -> None:
    drop = f"{candidate}/laten-vallen"
    submit(planner, candidate, drop, reden="Geen riool.", register="y")
    page = read_page(planner, f"/werkbank/locaties/{tiny_5}")
    assert "Afgevallen sinds 1 januari 2026" in page.text
    assert last_reason(engine, "site_state") == "Geen riool."


def test_two_who_work_on_a_candidate_notice_each_other(
    planner: FlaskClient, choice: str, candidate: str
) -> None:
    move, drop = f"{candidate}/fase", f"{candidate}/laten-vallen"
    mine = form_fields(planner, candidate, drop) | {"reden": "Mijn reden"}
    also = form_fields(planner, candidate, move) | {"fase": "nader_onderzoek"}
    assert submit(planner, candidate, move, fase="nader_onderzoek").status_code == 303
    for address, data in ((drop, mine), (move, also)):
        reply = planner.post(address, data=data)
        page = reply.get_data(as_text=True)
        assert reply.status_code == 409
        assert "Iemand anders heeft deze kandidaat intussen gewijzigd" in page
    reply = planner.post(drop, data=mine)
    again = fields_on(reply.get_data(as_text=True), drop)
    assert again["reden"].strip() == "Mijn reden"
    submit(planner, candidate, drop, reden="Van de ander")
    lost = planner.post(drop, data=again)
    assert lost.status_code == 409
    assert "U typte als reden: ‘Mijn reden’." in lost.get_data(as_text=True)


def test_a_new_version_of_the_rules_tells_what_changed(
    planner: FlaskClient, engine: Engine, choice: str, candidate: str, tiny_5: int
) -> None:
    content = json.dumps({"candidates": [{"site_id": tiny_5}]})
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO assessment (choice_id, rules_version, content, sha256) "
                "VALUES (:id, 1, CAST(:content AS jsonb), 'f00d')"
            ),
            {"id": int(choice.rsplit("/", 1)[1]), "content": content},
        )
    assert "Met versie 1" in read_page(planner, choice).text
    address = f"{choice}/regels/nieuw"
    client_fields = rules_fields(planner, address)
    client_fields |= {"punten-kosten": "40", "afstand": "800", "reden": "Geld telt zwaarder"}
    assert planner.post(address, data=client_fields).status_code == 303
    page = read_page(planner, f"{choice}/regels")
    assert "Er zijn 2 versies. Versie 2 geldt nu." in page.text
    assert page.tables[0][1:] == [
        ["Punten: Eenmalige kosten per plek", "10", "40"],
        ["Dicht bij huis is", "400 meter lopen", "800 meter lopen"],
    ]
    assert "Geld telt zwaarder" in page.text
    shown = read_page(planner, choice).text
    assert "Vergeleken met versie 1 van de regels. Nu geldt versie 2." in shown


def rules_fields(client: FlaskClient, address: str) -> dict[str, Any]:
    """What stands in the form of the rules, with all that is ticked."""
    page = client.get(address).get_data(as_text=True)
    fields: dict[str, Any] = dict(fields_on(page, address))
    for name in [key for key in fields if key.startswith(("vraagt-", "soorten"))]:
        fields.pop(name)
    ticked: dict[str, list[str]] = {}
    for part in page.split('type="checkbox"')[1:]:
        tag = part.partition(">")[0]
        if " checked" in tag:
            name = tag.partition('name="')[2].partition('"')[0]
            ticked.setdefault(name, []).append(tag.partition('value="')[2].partition('"')[0])
    return {**fields, **ticked}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "Dit staat er al zo."),
        ({"reden": ""}, "Schrijf kort waarom."),
        ({"reden": "Naast de vrouwenopvang"}, "geheim"),
        ({"punten-kosten": "veel"}, "Schrijf een heel getal."),
        ({"punten-kosten": "101"}, "hoogstens 100 punten"),
        ({"plannen": "ooit"}, "Kies uit de lijst."),
        ({"afstand": "nan"}, "Kies uit de lijst."),
        ({"niveau": "wijk", "basis": "opgave"}, "alleen per gemeente bekend"),
        ({"soorten": []}, "Kies ten minste één soort"),
        ({"soorten": ["kasteel"]}, "Kies ten minste één soort"),
        ({"vraagt-groslijst": ["zon"]}, "zon"),
    ],
)
def test_rules_that_can_not_be_are_refused(
    planner: FlaskClient, engine: Engine, choice: str, values: dict[str, Any], fault: str
) -> None:
    address = f"{choice}/regels/nieuw"
    fields = {**rules_fields(planner, address), "reden": "Omdat", **values}
    reply = planner.post(address, data=fields)
    assert reply.status_code == 422
    assert fault in reply.get_data(as_text=True)
    assert count(engine, "choice_rules") == 1


def test_rules_without_any_points_are_refused(
    planner: FlaskClient, engine: Engine, choice: str
) -> None:
    address = f"{choice}/regels/nieuw"
    fields = {**rules_fields(planner, address), "reden": "Omdat"}
    fields |= {name: "0" for name in fields if name.startswith("punten-")}
    reply = planner.post(address, data=fields)
    assert reply.status_code == 422
    assert "Geef ten minste één criterium punten." in reply.get_data(as_text=True)
    assert count(engine, "choice_rules") == 1


def test_two_who_make_a_version_notice_each_other(planner: FlaskClient, choice: str) -> None:
    address = f"{choice}/regels/nieuw"
    mine = {**rules_fields(planner, address), "punten-kosten": "33", "reden": "Mijn reden"}
    other = {**mine, "punten-kosten": "44", "reden": "Van de ander"}
    assert planner.post(address, data=other).status_code == 303
    reply = planner.post(address, data=mine)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 409
    assert "Van de ander" in page
    assert fields_on(page, address)["punten-kosten"] == "33"


def test_the_history_tells_everything_in_words(
    planner: FlaskClient, choice: str, candidate: str
) -> None:
    submit(planner, candidate, f"{candidate}/laten-vallen", reden="Geen riool.")
    submit(planner, candidate, f"{candidate}/terughalen", waarom="Er komt riool")
    page = read_page(planner, f"{choice}/geschiedenis")
    for told in (
        "Proeflocatie 5 (voorbeeld) teruggehaald",
        "Proeflocatie 5 (voorbeeld) afgevallen",
        "Proeflocatie 5 (voorbeeld) toegevoegd als kandidaat",
        "Versie 1 van de regels toegevoegd",
        "Keuze gemaakt",
        "Geen riool.",
        "Er komt riool",
        "Planner GM9003",
    ):
        assert told in page.text
    assert "4 keer opgeslagen" in page.text
    assert "choice" not in page.text
    assert "None" not in page.text


def test_the_history_of_one_choice_tells_nothing_of_another(
    planner: FlaskClient, choice: str, candidate: str
) -> None:
    other = make(planner, naam="Een andere keuze")
    page = read_page(planner, f"{other}/geschiedenis").text
    assert "1 keer opgeslagen" in page
    assert "Proeflocatie" not in page


def test_the_overview_of_changes_works_on(
    planner: FlaskClient, choice: str, candidate: str
) -> None:
    page = read_page(planner, "/werkbank/geschiedenis")
    assert page.status == 200
    assert planner.get("/werkbank/geschiedenis.csv").status_code == 200


def test_a_planner_of_another_gemeente_sees_nothing_of_it(
    site: tuple[Flask, Engine], engine: Engine, choice: str, candidate: str
) -> None:
    other = signed_in(site[0], engine, "planner", "GM9001")
    assert "Huisjes" not in read_page(other, "/keuzes").text
    for address in (
        choice,
        f"{choice}/wijzigen",
        f"{choice}/regels",
        f"{choice}/regels/nieuw",
        f"{choice}/geschiedenis",
        f"{choice}/kandidaten",
        candidate,
    ):
        assert other.get(address).status_code == 404, address


def test_the_choice_of_the_region_is_read_and_not_changed(
    coordinator: FlaskClient, planner: FlaskClient, tiny_5: int, engine: Engine
) -> None:
    choice = make(coordinator, van="regio", naam="Huisjes in de regio")
    submit(coordinator, f"{choice}/kandidaten", **{"register-locatie": str(tiny_5)})
    page = read_page(planner, choice)
    assert "U kunt deze keuze lezen, niet wijzigen." in page.text
    assert "Proeflocatie 5 (voorbeeld)" in page.text
    assert "Verder of laten vallen" not in page.text
    assert read_page(planner, f"{choice}/regels").status == 200
    assert read_page(planner, f"{choice}/geschiedenis").status == 200
    assert "alleen lezen" in read_page(planner, "/keuzes").text
    token = csrf_token(planner, "/keuzes/nieuw")
    for address in (f"{choice}/wijzigen", f"{choice}/regels/nieuw", f"{choice}/kandidaten"):
        assert planner.get(address).status_code == 403
        assert planner.post(address, data={"csrf_token": token}).status_code == 403
    for step in ("fase", "laten-vallen", "terughalen"):
        address = f"{choice}/kandidaten/{tiny_5}/{step}"
        assert planner.post(address, data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("role", ["raadslid", "moderator", "databeheerder", "beheerder"])
def test_other_roles_are_kept_out(
    site: tuple[Flask, Engine], engine: Engine, choice: str, role: str
) -> None:
    someone = signed_in(site[0], engine, role)
    for address in ("/keuzes", "/keuzes/nieuw", choice, f"{choice}/regels"):
        assert someone.get(address).status_code == 403
    assert "Keuzes" not in someone.get("/").get_data(as_text=True)


def test_without_a_proof_nothing_is_changed(planner: FlaskClient, candidate: str) -> None:
    for address in ("/keuzes/nieuw", f"{candidate}/fase", f"{candidate}/laten-vallen"):
        assert planner.post(address, data={"reden": "x"}).status_code == 400
