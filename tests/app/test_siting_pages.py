"""The pages of choosing several sites at once: asking, looking on, stopping, reading what came."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.pages import siting
from app.services import siting_jobs
from app.services.siting_question import SitingQuestion
from tests.app.made_siting import CLASH, QUESTION, answer, result
from tests.app.page_reader import read_page
from tests.app.running_jobs import noting_processes, stand_in
from tests.app.signed_in import csrf_token, signed_in, submit
from tests.app.staff_site import MakeSite, fill, site_id

#: What stands in no list can't be shown in it again.
NOT_OF_A_LIST = ("in", "iets", "GM0000", "GM9001", "regio", "vrouwenopvang")
JSON = ("result", "progress")
ASK = {
    "naam": "Zes plekken erbij",
    "doel1-soort": "beschut_wonen",
    "doel1-minstens": "6",
}


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    return make_site(fill)


@pytest.fixture
def started(site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs of which a process would have started; none does."""
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM siting_job"))
    jobs: list[int] = []
    monkeypatch.setattr(siting, "start_process", lambda *asked: jobs.append(asked[-1]))
    return jobs


@pytest.fixture
def planner(site: tuple[Flask, Engine], started: list[int]) -> FlaskClient:
    assert started == []
    return signed_in(*site, "planner", "GM9002")


@pytest.fixture
def coordinator(site: tuple[Flask, Engine], started: list[int]) -> FlaskClient:
    assert started == []
    return signed_in(*site, "regiocoordinator")


def asked(client: FlaskClient, **more: str) -> int:
    sent = submit(client, "/kiezen", **{**ASK, **more})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return int(sent.headers["Location"].rsplit("/", 1)[1])


def stop(client: FlaskClient, job_id: int) -> int:
    """Send the form that stops it, from a page that has none for it; returns the status."""
    token = csrf_token(client, "/kiezen")
    return client.post(f"/kiezen/{job_id}/stoppen", data={"csrf_token": token}).status_code


def row(engine: Engine, job_id: int) -> Any:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM siting_job WHERE id = :id"), {"id": job_id})
        return found.one()


def put(engine: Engine, job_id: int, **values: Any) -> None:
    """Write to a row as its process would."""
    names = ", ".join(
        f"{name} = CAST(:{name} AS jsonb)"
        if name in ("result", "progress")
        else f"{name} = :{name}"
        for name in values
    )
    given = {name: json.dumps(value) if name in JSON else value for name, value in values.items()}
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE siting_job SET {names} WHERE id = :id"), {**given, "id": job_id}
        )


def done(client: FlaskClient, engine: Engine, make: Callable[[int], Any] = answer) -> int:
    """A computation that is done, with the answer made by hand."""
    job_id = asked(client, afstand="800", reden="Buurten wilden dat")
    of = site_id(engine, "TINY-4")
    put(engine, job_id, state="done", result=result(make(of), of))
    return job_id


def test_the_form_opens_with_what_is_usual(planner: FlaskClient) -> None:
    page = read_page(planner, "/kiezen")
    assert page.status == 200
    assert "mensen besluiten" in page.lead
    assert "2 locaties in voorbereiding" in page.text
    assert "Proeflocatie 4 (voorbeeld)" in page.text
    menu = planner.get("/werkbank").get_data(as_text=True)
    assert 'href="/kiezen"' in menu
    assert "Samen kiezen" in menu


def test_what_is_asked_is_kept_and_its_process_started(
    planner: FlaskClient, site: tuple[Flask, Engine], started: list[int]
) -> None:
    of = site_id(site[1], "TINY-4")
    job_id = asked(
        planner,
        **{
            "doel2-soort": "beschut_wonen",
            "doel2-eenheid": "locaties",
            "doel2-hoogstens": "2",
            "minst1-soort": "beschut_wonen",
            "minst1-aantal": "4",
            "meest1-aantal": "40",
            "meest1-gemeente": "GM9002",
            "per_locatie": "12",
            "budget": "€ 1.500.000",
            "afstand": "800",
            "reden": "Buurten wilden dat",
            "basis": "huishoudens",
            "plannen": "bestaand",
            "alle_soorten": "y",
            "eerst": "bereikbaarheid",
            "daarna": "verdeling",
            "dan": "",
            "ten_slotte": "",
            "afweging": "y",
            "straal": "800",
            "tijd": "30",
            f"vast-{of}": "in",
        },
    )
    assert started == [job_id]
    stored = row(site[1], job_id)
    assert (stored.state, stored.gemeente_code, stored.name) == ("waiting", "GM9002", ASK["naam"])
    question = SitingQuestion.from_record(stored.question)
    (target,) = question.targets
    assert (target.least_place_count, target.most_place_count) == (6, None)
    assert (target.least_site_count, target.most_site_count) == (None, 2)
    assert question.least_in_gemeente[0].gemeente_code is None
    assert question.most_in_gemeente[0].gemeente_code == "GM9002"
    assert question.budget_eur == 1_500_000
    assert question.separation
    assert question.separation.distance_m == 800
    assert question.forced_in == (of,)
    assert question.order == ("bereikbaarheid", "verdeling")
    assert question.counts_all_types
    assert question.shows_front
    assert (question.base, question.plan_scope) == ("huishoudens", "bestaand")
    assert (question.radius_m, question.time_limit_s) == (800, 30)


def test_a_question_comes_back_in_the_form_as_it_was_asked(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    first = asked(planner, **{"afstand": "750", "reden": "Een wens", "budget": "12345", "dan": ""})
    again = submit(planner, f"/kiezen?van={first}", "/kiezen")
    assert again.status_code == 303
    second = int(again.headers["Location"].rsplit("/", 1)[1])
    assert row(site[1], second).question == row(site[1], first).question
    assert row(site[1], second).name == ASK["naam"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"naam": ""}, "Geef de berekening een naam."),
        ({"doel1-soort": "", "doel1-minstens": ""}, "Kies minstens één soort."),
        ({"doel1-minstens": ""}, "Vul in hoeveel er minstens of hoogstens bij komen."),
        ({"doel1-minstens": "zes"}, "Schrijf een heel getal, of laat het leeg."),
        ({"doel1-minstens": "-6"}, "Schrijf een heel getal, of laat het leeg."),
        ({"doel1-minstens": "99999"}, "Dit is te veel: hoogstens 10.000."),
        ({"doel1-hoogstens": "5"}, "Het hoogste aantal is lager dan het laagste."),
        ({"doel2-minstens": "5"}, "Kies ook de soort."),
        (
            {"doel2-soort": "beschut_wonen", "doel2-minstens": "5"},
            "Deze soort staat er al.",
        ),
        ({"doel1-soort": "vrouwenopvang"}, "Kies iets uit de lijst."),
        ({"minst1-soort": "respijt"}, "Vul de soort en het aantal allebei in."),
        (
            {"minst1-soort": "respijt", "minst1-aantal": "1"},
            "Vraag hierboven ook plekken van deze soort.",
        ),
        ({"meest1-aantal": "5", "meest1-gemeente": "GM0000"}, "Kies een gemeente uit de lijst."),
        ({"budget": "veel"}, "Schrijf een heel getal, of laat het leeg."),
        ({"per_locatie": "0"}, "Vul een getal boven 0 in, of laat het leeg."),
        ({"afstand": "0"}, "Vul een afstand boven 0 in, of laat het leeg."),
        ({"afstand": "500"}, "Schrijf kort waarom u deze afstand wenst."),
        ({"afstand": "500", "reden": "De vrouwenopvang"}, "Die adressen zijn geheim"),
        ({"naam": "Blijf-van-mijn-lijfhuis"}, "Die adressen zijn geheim"),
        ({"wie": "keuze"}, "Kies een keuze uit de lijst."),
        ({"wie": "iets"}, "Kies waaruit wordt gekozen."),
        ({"wie": "aangevinkt"}, "Vink minstens één locatie aan van een gevraagde soort."),
        ({"eerst": "", "daarna": "", "dan": "", "ten_slotte": ""}, "Kies minstens één ding"),
        ({"daarna": "verdeling"}, "Kies elk ding hoogstens één keer."),
        (
            {"afweging": "y", "daarna": "tussenafstand", "dan": "", "ten_slotte": ""},
            "Kies dan minstens twee dingen",
        ),
        ({"datum": "gisteren"}, "Dit is geen datum."),
        ({"datum": ""}, "Vul een datum in."),
        ({"eigenaar": "GM9001"}, "Kies voor wie de berekening is."),
        ({"eigenaar": "regio"}, "Kies voor wie de berekening is."),
        ({"vast-999999": "in"}, "Een locatie die u vastzette, is er niet meer."),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_and_all_that_was_typed_stays(
    planner: FlaskClient,
    site: tuple[Flask, Engine],
    started: list[int],
    typed: dict[str, str],
    told: str,
) -> None:
    sent = submit(planner, "/kiezen", **{**ASK, "per_locatie": "17", **typed})
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert told in page
    assert 'value="17"' in page or "per_locatie" in typed
    for value in typed.values():
        assert value == "" or value in page or value in NOT_OF_A_LIST
    assert started == []


def test_ticked_sites_are_the_candidates(planner: FlaskClient, site: tuple[Flask, Engine]) -> None:
    of = site_id(site[1], "TINY-4")
    job_id = asked(planner, wie="aangevinkt", kandidaat=str(of))
    assert row(site[1], job_id).question["site_ids"] == [of]
    page = planner.get(f"/kiezen?van={job_id}").get_data(as_text=True)
    assert f'name="kandidaat" value="{of}" checked' in page


def test_while_it_is_computed_the_page_tells_how_far_it_is(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    job_id = asked(planner)
    waiting = read_page(planner, f"/kiezen/{job_id}")
    assert waiting.lead == "De berekening wordt gestart."
    with site[1].begin() as connection:
        connection.execute(text("UPDATE siting_job SET seen_at = clock_timestamp()"))
    assert "wacht op haar beurt" in read_page(planner, f"/kiezen/{job_id}").lead
    progress = {"stage": "verdeling", "step": 0, "step_count": 4, "value": 1.25, "bound": 1.0}
    put(
        site[1],
        job_id,
        state="running",
        progress={**progress, "gap": 0.2, "seconds": 3.0},
    )
    page = read_page(planner, f"/kiezen/{job_id}")
    assert page.lead == "Stap 1 van 4: Verdeling over de gemeenten."
    assert "Tot nu toe gevonden: 1,25 plekken. Lager dan 1 kan niet." in page.text
    assert "Dat scheelt nog hoogstens 20%." in page.text
    told = planner.get(f"/kiezen/{job_id}/voortgang.json").get_json()
    assert told["bezig"] is True
    assert told["kop"] == page.lead
    assert told["deel"] == 0
    put(site[1], job_id, state="failed", fault="Er zijn geen kandidaten.")
    ended = planner.get(f"/kiezen/{job_id}/voortgang.json").get_json()
    assert ended == {"bezig": False, "staat": "mislukt"}
    assert read_page(planner, f"/kiezen/{job_id}").lead == "Er zijn geen kandidaten."


def test_who_asked_stops_it_and_a_silent_process_is_told(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    job_id = asked(planner)
    sent = submit(planner, f"/kiezen/{job_id}", f"/kiezen/{job_id}/stoppen")
    assert sent.status_code == 303
    assert row(site[1], job_id).is_cancel_asked
    assert "wordt gestopt" in read_page(planner, f"/kiezen/{job_id}").lead
    with site[1].begin() as connection:
        connection.execute(text("UPDATE siting_job SET seen_at = now() - interval '1 minute'"))
    page = read_page(planner, f"/kiezen/{job_id}")
    assert page.lead.startswith("De berekening is onverwacht gestopt")
    assert "Vraag opnieuw, met een wijziging" in page.text


def test_the_answer_begins_with_a_sentence_and_says_what_is_proven(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    page = read_page(planner, f"/kiezen/{done(planner, site[1])}")
    assert page.lead == (
        "Van 4 kandidaten is er 1 gekozen, samen 6 plekken. Het grootste verschil met het "
        "evenredig deel is 5,75 plekken; dat kan niet kleiner: bewezen."
    )
    for told in (
        "Het grootste verschil met het evenredig deel was 2 plekken en wordt 5,75 plekken.",
        "dat kan niet lager zonder het vorige slechter te maken: bewezen.",
        "Hoeveel hoger het nog kan, is niet bekend: de tijd was om.",
        "heeft er hoogstens 14 binnen 400 meter lopen",
        "De score voor bereikbaarheid is gemiddeld 71 van 100 punten per gekozen plek.",
        "De gekozen locaties kosten samen eenmalig 900.000 euro.",
        "Eén keer ligt een locatie dichter bij een andere dan de gewenste 800 meter. Het is een "
        "wens.",
        "Proefplan 4 en Proefwoning 3, die er al is: 612 meter.",
        "Mensen besluiten.",
    ):
        assert told in page.text
    assert "beste" not in page.text.lower()
    gemeenten, candidates, front = page.tables
    assert gemeenten[1:] == [
        ["Zuiderveen", "8", "0", "8", "11", "0", "−3"],
        ["Middendorp", "8", "6", "14", "8,3", "+2", "+5,8"],
        ["Noorderzand", "0", "0", "0", "geen cijfer. Inwoners: geheim."],
    ]
    by_name = {line[0].split("Beschut")[0].strip(): line for line in candidates[1:]}
    assert next(iter(by_name)) == "Proefplan 4"
    assert by_name["Proefplan 4"][5] == "Gekozen"
    assert by_name["Achterweide"][6] == (
        "Dan wordt het grootste verschil met het evenredig deel 7,25 plekken in plaats van 5,75 "
        "plekken."
    )
    assert by_name["Zonder aantal"][5:] == ["Kan niet mee", "Het aantal plekken mist."]
    assert by_name["Botst"][6] == (
        "Dat kan niet samen met: De gekozen locaties kosten samen hoogstens 10 euro."
    )
    assert by_name["Botst"][4] == "niet bekend"
    assert front[2][1:3] == ["4,5 plekken", "400,5 punten"]
    assert "niet bewezen" in front[2][0]
    assert "CBS, Wijken en buurten, 2024, versie v1" in page.text
    assert "Eén locatie doet niet mee." in page.text


def test_without_proof_the_gap_is_told_and_unknown_money_stays_unknown(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    def in_time(of: int) -> Any:
        return answer(of, ended="tijd_om", cost_eur=None)

    page = read_page(planner, f"/kiezen/{done(planner, site[1], in_time)}")
    assert page.lead.endswith(
        "is 5,75 plekken. Kleiner dan 5 plekken kan zeker niet; dat scheelt hoogstens 13%. Verder "
        "niet bewezen: de tijd was om."
    )
    assert "niet te berekenen: van 1 gekozen locatie zijn de kosten niet bekend" in page.text


def test_what_clashes_is_told_with_what_to_loosen(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    from analysis.siting.plan import SitingAnswer

    page = read_page(
        planner, f"/kiezen/{done(planner, site[1], lambda _: SitingAnswer(None, CLASH))}"
    )
    assert page.lead == "Dit kan niet: er is geen keuze die aan al uw eisen voldoet."
    assert "Deze 2 eisen kunnen niet samen." in page.text
    assert "Een kleiner stel eisen dat botst is er niet: bewezen." in page.text
    assert "Er komen minstens 6 plekken beschut wonen bij. Wat kan: Vraag minder" in page.text
    assert "Wat kan: Verhoog het budget" in page.text
    assert page.tables == []


def test_the_answer_can_be_taken_along(planner: FlaskClient, site: tuple[Flask, Engine]) -> None:
    job_id = done(planner, site[1])
    file = planner.get(f"/kiezen/{job_id}.json")
    assert file.headers["Content-Disposition"].startswith("attachment")
    taken = file.get_json()
    assert taken["vraag"]["targets"][0]["type"] == QUESTION.targets[0].type
    assert taken["uitkomst"]["answer"]["plan"]["place_count"] == 6
    assert taken["uitkomst"]["problem"]
    picture = planner.get(f"/kiezen/{job_id}/afweging.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.get_data(as_text=True).count("<circle") == 2
    assert planner.get(f"/kiezen/{asked(planner)}/afweging.svg").status_code == 404


def test_others_read_what_is_of_the_region_without_internal_sites(
    site: tuple[Flask, Engine], coordinator: FlaskClient
) -> None:
    job_id = done(coordinator, site[1])
    of = site_id(site[1], "TINY-4")
    other = signed_in(*site, "planner", "GM9001")
    assert "Proefplan 4" in read_page(other, f"/kiezen/{job_id}").text
    assert row(site[1], job_id).gemeente_code == "regio"
    with site[1].begin() as connection:
        connection.execute(
            text("UPDATE site SET publication = 'intern' WHERE id = :id"), {"id": of}
        )
    try:
        page = other.get(f"/kiezen/{job_id}").get_data(as_text=True)
        assert "een interne locatie in Middendorp" in page
        assert "Proefplan 4" not in page
        assert "52.3" not in page
        taken = other.get(f"/kiezen/{job_id}.json").get_data(as_text=True)
        assert "Proefplan 4" not in taken
        assert "52.3" not in taken
        assert '"problem"' not in taken
        assert "Proefplan 4" in coordinator.get(f"/kiezen/{job_id}").get_data(as_text=True)
        own = signed_in(*site, "planner", "GM9002")
        assert "Proefplan 4" in own.get(f"/kiezen/{job_id}").get_data(as_text=True)
    finally:
        with site[1].begin() as connection:
            connection.execute(
                text("UPDATE site SET publication = 'openbaar' WHERE id = :id"), {"id": of}
            )
    assert "Stop de berekening" not in other.get(f"/kiezen/{job_id}").get_data(as_text=True)
    assert stop(other, job_id) == 404


def test_what_is_of_another_gemeente_is_not_there(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    job_id = done(planner, site[1])
    other = signed_in(*site, "planner", "GM9001")
    for address in ("", ".json", "/voortgang.json", "/afweging.svg"):
        assert other.get(f"/kiezen/{job_id}{address}").status_code == 404
    assert stop(other, job_id) == 404
    assert other.get(f"/kiezen?van={job_id}").status_code == 404
    assert ASK["naam"] not in read_page(other, "/kiezen").text


@pytest.mark.parametrize("role", ["raadslid", "moderator", "databeheerder", "beheerder"])
def test_other_roles_are_kept_out(
    site: tuple[Flask, Engine], planner: FlaskClient, role: str
) -> None:
    job_id = done(planner, site[1])
    client = signed_in(*site, role, "GM9002" if role == "raadslid" else "")
    for address in ("/kiezen", f"/kiezen/{job_id}", f"/kiezen/{job_id}.json"):
        assert client.get(address).status_code == 403
    token = csrf_token(client, "/account")
    assert client.post("/kiezen", data={**ASK, "csrf_token": token}).status_code == 403


def test_a_form_of_another_website_starts_nothing(planner: FlaskClient, started: list[int]) -> None:
    assert planner.post("/kiezen", data=ASK).status_code == 400
    sent = planner.post("/kiezen", data=ASK, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403
    assert started == []


def test_three_at_a_time_and_the_form_keeps_what_was_typed(
    planner: FlaskClient, started: list[int]
) -> None:
    for _ in range(3):
        asked(planner)
    refused = submit(planner, "/kiezen", **{**ASK, "per_locatie": "17"})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Er lopen al 3 berekeningen" in page
    assert 'value="17"' in page
    assert len(started) == 3


@pytest.fixture
def real_processes(
    site: tuple[Flask, Engine], monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[int]]:
    """Processes that do start; those that are left are ended, by their number."""
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM siting_job"))
    with noting_processes(monkeypatch) as pids:
        yield pids


def test_from_the_form_to_a_process_and_back(
    site: tuple[Flask, Engine], real_processes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siting_jobs, "PROGRAM", stand_in("fault_in_question"))
    client = signed_in(*site, "planner", "GM9002")
    job_id = asked(client)
    give_up_at = time.monotonic() + 60
    while client.get(f"/kiezen/{job_id}/voortgang.json").get_json()["bezig"]:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    assert len(real_processes) == 1
    assert "Er zijn geen kandidaten." in read_page(client, f"/kiezen/{job_id}").lead


def test_what_was_chosen_becomes_a_scenario(
    planner: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    job_id = done(planner, site[1])
    address = f"/kiezen/{job_id}"
    sent = submit(planner, address, f"{address}/scenario")
    assert sent.status_code == 303
    assert re.fullmatch(r"/scenario/\d+", sent.headers["Location"])
    with site[1].connect() as connection:
        made = connection.execute(text("SELECT * FROM scenario ORDER BY id DESC")).first()
        items = connection.execute(text("SELECT scenario_id, kind, site_id FROM scenario_item"))
        assert made
        assert (made.gemeente_code, made.type, made.name) == (
            "GM9002",
            "beschut_wonen",
            ASK["naam"],
        )
        assert items.all() == [(made.id, "on", site_id(site[1], "TINY-4"))]
    assert planner.get(sent.headers["Location"]).status_code == 200
    token = csrf_token(planner, "/kiezen")
    other = planner.post(f"{address}/scenario", data={"csrf_token": token, "soort": "respijt"})
    assert other.status_code == 422
    assert "Van deze soort is niets gekozen." in other.get_data(as_text=True)


def test_nobody_makes_a_scenario_for_the_region_of_what_they_only_read(
    coordinator: FlaskClient, site: tuple[Flask, Engine]
) -> None:
    job_id = done(coordinator, site[1])
    reader = signed_in(*site, "planner", "GM9002")
    assert "Maak hier een scenario van" not in read_page(reader, f"/kiezen/{job_id}").text
    token = csrf_token(reader, "/kiezen")
    sent = reader.post(
        f"/kiezen/{job_id}/scenario", data={"csrf_token": token, "soort": "beschut_wonen"}
    )
    assert sent.status_code == 403
