"""The workspace of planners: own gemeente only, forms that lose nothing, and drafts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.pages import workspace_form
from app.services import site_form
from app.services.demo import load_region
from app.services.geocoder import Geocoder
from app.services.site_form import SITE_FIELDS
from app.services.site_saving import save_change
from data.sources.secrets import SecretWords
from tests.app.page_reader import read_page
from tests.app.signed_in import csrf_token, fields_on, form_fields, make_account, signed_in, submit
from tests.app.test_geocoder import ServeWith, answer_with, docs, serve_with
from tests.world import tiny_world

__all__ = ["serve_with"]

LIST, NEW = "/werkbank", "/werkbank/locaties/nieuw"
KEEP_NEW = "/werkbank/concept/locatie-nieuw"
A_SITE: dict[str, str] = {
    "naam": "Hoek Dorpsstraat",
    "soort": "beschut_wonen",
    "plek": "101250, 480250",
    "fase": "verkend",
    "fase_datum": "2025-12-01",
    "reden": "Grond komt vrij",
}
MakeSite = Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]


@pytest.fixture(scope="module")
def site(make_site: MakeSite) -> tuple[Flask, Engine]:
    """A world of its own: here people change things."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())

    return make_site(fill)


@pytest.fixture
def planner(site: tuple[Flask, Engine]) -> FlaskClient:
    """A planner of Zuiderveen without drafts."""
    with site[1].begin() as connection:
        connection.execute(text("DELETE FROM draft"))
    return signed_in(*site, "planner", "GM9001")


def rows(engine: Engine, query: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query), values).all())


def site_id(engine: Engine, name: str) -> int:
    return int(rows(engine, "SELECT id FROM site WHERE name = :name", name=name)[0].id)


def added(client: FlaskClient, name: str, **more: str) -> int:
    answer = submit(client, NEW, **{**A_SITE, "naam": name, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def edit_address(of: int) -> str:
    return f"/werkbank/locaties/{of}/wijzigen"


def test_the_list_begins_with_what_must_be_done(site: tuple[Flask, Engine]) -> None:
    page = read_page(signed_in(*site, "planner", "GM9003"), LIST)
    assert page.lead == (
        "Deze kandidaat mist nog iets: antwoorden op de vijf vragen, het aantal plekken, een "
        "datum voor de volgende stap en de reden van de fase."
    )
    candidates, others = page.tables
    assert candidates[1] == ["Nader onderzoek (1)"]
    assert candidates[2][0] == "Proeflocatie 5 (voorbeeld)"
    assert [row[0] for row in others[1:]] == ["Proeflocatie 7 (voorbeeld)"]


def test_the_list_can_be_narrowed_in_the_address(site: tuple[Flask, Engine]) -> None:
    client = signed_in(*site, "regiocoordinator")
    whole = read_page(client, LIST)
    assert "Gemeente" in whole.tables[0][0]
    narrowed = read_page(client, f"{LIST}?gemeente=GM9002&soort=beschut_wonen&fase=planvorming")
    assert [row[0] for row in narrowed.tables[0][2:]] == ["Proeflocatie 4 (voorbeeld)"]
    assert len(narrowed.tables) == 1
    assert "geen locatie bij deze keuze" in read_page(client, f"{LIST}?fase=omgeklapt").text
    assert client.get(f"{LIST}?fase=onzin").status_code == 400


def test_another_gemeente_is_not_there_and_looks_the_same_as_nothing(
    site: tuple[Flask, Engine],
) -> None:
    app, engine = site
    client = signed_in(app, engine, "planner", "GM9002")
    of_another = site_id(engine, "Proeflocatie 1 (voorbeeld)")
    for address in ("/werkbank/locaties/{}", "/werkbank/locaties/{}/wijzigen"):
        there, nowhere = (client.get(address.format(n)) for n in (of_another, 2_000_000_000))
        assert there.status_code == nowhere.status_code == 404
        pages = [_without_tokens(answer.get_data(as_text=True)) for answer in (there, nowhere)]
        assert pages[0] == pages[1]
    fields = {**A_SITE, "csrf_token": csrf_token(client, NEW)}
    assert client.post(edit_address(of_another), data=fields).status_code == 404
    kept = _keep(client, f"/werkbank/concept/locatie-{of_another}", {"naam": "x"})
    assert kept.status_code == 404


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_the_page_of_a_site_says_what_outsiders_see(site: tuple[Flask, Engine]) -> None:
    app, engine = site
    client = signed_in(app, engine, "regiocoordinator")
    for number, told in ((1, "Bezoekers zien deze locatie op de kaart"), (6, "alleen dat er in"),
                         (7, "Bezoekers zien niets van deze locatie")):  # fmt: skip
        of = site_id(engine, f"Proeflocatie {number} (voorbeeld)")
        assert told in read_page(client, f"/werkbank/locaties/{of}").text


def test_a_new_site_is_internal_and_its_history_knows_why(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    assert form_fields(planner, NEW)["publicatie"] == "intern"
    of = added(
        planner, "Nieuwe plek", aantal="8", omtrek="101200 480200\n101300 480200\n101250 480300"
    )
    (row,) = rows(site[1], "SELECT * FROM site WHERE id = :id", id=of)
    assert (row.publication, row.gemeente_code, row.version) == ("intern", "GM9001", 1)
    (state,) = rows(site[1], "SELECT * FROM site_state WHERE site_id = :id", id=of)
    assert (state.status, state.capacity_count, state.reason) == ("verkend", 8, "Grond komt vrij")
    account_id = make_account(site[1], "planner", "GM9001")
    noted = rows(site[1], "SELECT * FROM change WHERE site_id = :id", id=of)
    assert {(change.account_id, change.reason) for change in noted} == {
        (account_id, "Grond komt vrij")
    }
    page = read_page(planner, f"/werkbank/locaties/{of}")
    assert page.lead == "Verkend sinds 1 december 2025, 8 plekken."
    assert "De locatie is toegevoegd." in page.text
    assert "0,5 hectare" in page.text


def test_a_form_with_faults_keeps_all_that_was_typed(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    typed = {**A_SITE, "naam": "", "toelichting": "<b>Mijn tekst</b>", "aantal": "veel"}
    answer = submit(planner, NEW, **typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "&lt;b&gt;Mijn tekst&lt;/b&gt;" in page
    assert 'value="veel"' in page
    assert 'href="#naam"' in page
    assert 'href="#aantal"' in page
    (draft,) = rows(site[1], "SELECT content FROM draft")
    assert draft.content["fields"]["toelichting"] == "<b>Mijn tekst</b>"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("101250, 481250", "Deze plek ligt niet in uw gemeente."),
        ("190000, 440000", "Deze plek ligt niet in een van de gemeenten van de regio."),
    ],
)
def test_a_place_elsewhere_is_a_fault_of_the_place(
    planner: FlaskClient, place: str, told: str
) -> None:
    answer = submit(planner, NEW, **{**A_SITE, "plek": place})
    assert answer.status_code == 422
    assert f'href="#plek">Plek op de kaart: {told}' in answer.get_data(as_text=True)


def test_a_secret_address_is_refused_kindly_and_kept_nowhere(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    typed = {**A_SITE, "naam": "Nieuwe vrouwenopvang", "reden": "voor Blijf van mijn lijf"}
    answer = submit(planner, NEW, **typed)
    assert answer.status_code == 422
    assert "Die adressen zijn geheim" in answer.get_data(as_text=True)
    stored = rows(
        site[1], "SELECT content::text AS told FROM draft UNION ALL SELECT after::text FROM change"
    )
    assert not [
        row for row in stored if row.told and ("vrouwenopvang" in row.told or "Blijf" in row.told)
    ]


def test_a_change_is_saved_with_its_reason_and_nothing_else_changes(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = site_id(site[1], "Proeflocatie 1 (voorbeeld)")
    before = rows(site[1], "SELECT * FROM site WHERE id = :id", id=of)[0]._mapping
    answer = submit(planner, edit_address(of), adres="Nieuwstraat 2", reden="Adres verbeterd")
    assert answer.status_code == 303
    after = rows(site[1], "SELECT * FROM site WHERE id = :id", id=of)[0]._mapping
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"address", "version", "updated_at"}
    (noted,) = rows(
        site[1], "SELECT reason FROM change WHERE site_id = :id AND action = 'changed'", id=of
    )
    assert noted.reason == "Adres verbeterd"


def test_a_change_without_a_reason_is_not_saved(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Zonder reden")
    answer = submit(planner, edit_address(of), naam="Anders", reden="")
    assert answer.status_code == 422
    assert rows(site[1], "SELECT name FROM site WHERE id = :id", id=of)[0].name == "Zonder reden"


def test_a_site_can_not_be_moved_out_of_the_own_gemeente(planner: FlaskClient) -> None:
    of = added(planner, "Blijft hier")
    answer = submit(planner, edit_address(of), plek="101250, 481250", reden="Verhuisd")
    assert answer.status_code == 422
    assert "niet in uw gemeente" in answer.get_data(as_text=True)


def test_unknown_fields_change_nothing(site: tuple[Flask, Engine], planner: FlaskClient) -> None:
    of = added(planner, "Geen extra velden")
    fields = form_fields(planner, edit_address(of))
    extra = {"gemeente_code": "GM9002", "version": "99", "site_code": "HACK", "id": "1"}
    sent = {**fields, **extra, "naam": "Wel de naam", "reden": "Proef"}
    assert planner.post(edit_address(of), data=sent).status_code == 303
    (row,) = rows(site[1], "SELECT * FROM site WHERE id = :id", id=of)
    assert (row.name, row.gemeente_code, row.version) == ("Wel de naam", "GM9001", 2)
    assert row.site_code != "HACK"


def _other(site: tuple[Flask, Engine]) -> FlaskClient:
    return signed_in(*site, "regiocoordinator")


def test_two_editors_get_a_choice_and_nobody_loses_work(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Samen", aanbieder="Eerst")
    mine = form_fields(planner, edit_address(of))
    theirs = {"naam": "Hun naam", "aanbieder": "Hun aanbieder", "reden": "Overleg"}
    assert submit(_other(site), edit_address(of), **theirs).status_code == 303
    typed = {**mine, "naam": "Mijn naam", "toelichting": "Mijn lange tekst", "reden": "Bezoek"}
    answer = planner.post(edit_address(of), data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert rows(site[1], "SELECT name FROM site WHERE id = :id", id=of)[0].name == "Hun naam"
    for shown in ("Mijn naam", "Hun naam", "Mijn lange tekst", "Hun aanbieder"):
        assert shown in page
    assert "Opgeslagen door Regiocoördinator, " in page
    carried = fields_on(page)
    assert carried["keuze-toelichting"] == "mijn"
    assert carried["keuze-aanbieder"] == "hun"
    assert "keuze-naam" not in carried
    again = planner.post(edit_address(of), data=carried)
    assert again.status_code == 422
    assert "Maak nog een keuze" in again.get_data(as_text=True)
    carried = {**fields_on(again.get_data(as_text=True)), "keuze-naam": "mijn"}
    assert planner.post(edit_address(of), data=carried).status_code == 303
    (row,) = rows(site[1], "SELECT * FROM site WHERE id = :id", id=of)
    assert (row.name, row.provider, row.description) == (
        "Mijn naam",
        "Hun aanbieder",
        "Mijn lange tekst",
    )
    assert rows(site[1], "SELECT 1 FROM draft") == []


def test_who_wants_to_write_on_after_a_choice_gets_the_whole_form(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Verder schrijven")
    mine = form_fields(planner, edit_address(of))
    assert (
        submit(_other(site), edit_address(of), adres="Hun straat", reden="Overleg").status_code
        == 303
    )
    typed = {**mine, "naam": "Mijn naam", "reden": "Bezoek"}
    carried = fields_on(planner.post(edit_address(of), data=typed).get_data(as_text=True))
    answer = planner.post(edit_address(of), data={**carried, "actie": "bewerk"})
    assert answer.status_code == 200
    fields = fields_on(answer.get_data(as_text=True))
    assert (fields["naam"], fields["adres"], fields["reden"]) == (
        "Mijn naam",
        "Hun straat",
        "Bezoek",
    )
    assert planner.post(edit_address(of), data=fields).status_code == 303


def test_a_form_without_a_readable_beginning_asks_about_every_difference(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Oud formulier")
    fields = form_fields(planner, edit_address(of))
    for seen in ("", "onzin", fields["gezien"][:-3] + "abc"):
        sent = {**fields, "gezien": seen, "naam": "Anders", "reden": "Proef"}
        answer = planner.post(edit_address(of), data=sent)
        assert answer.status_code == 409
        assert "keuze-naam" not in fields_on(answer.get_data(as_text=True))


def _keep(client: FlaskClient, address: str, fields: object, token: str | None = None) -> Any:
    proof = csrf_token(client, LIST + "/locaties/nieuw?concept=verder") if token is None else token
    headers = {"X-CSRFToken": proof, "Accept": "application/json"}
    return client.post(address, json={"fields": fields}, headers=headers)


def test_a_draft_is_kept_offered_and_gone_after_saving(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    kept = _keep(
        planner, KEEP_NEW, {"naam": "Half af", "soort": "respijt", "onbekend": "x", "adres": 3}
    )
    assert kept.status_code == 200
    assert kept.json["refused"] == []
    (draft,) = rows(site[1], "SELECT * FROM draft")
    assert draft.content == {"fields": {"naam": "Half af", "soort": "respijt"}}
    assert "U was bezig met een nieuwe locatie (‘Half af’)" in read_page(planner, LIST).text
    offer = read_page(planner, NEW)
    assert offer.headings[0] == "Verder met uw concept?"
    assert "Half af" in offer.text
    assert "Respijtplek" in offer.text
    going_on = f"{NEW}?concept=verder"
    assert form_fields(planner, going_on, NEW)["naam"] == "Half af"
    answer = submit(planner, going_on, NEW, **{**A_SITE, "naam": "Nu af"})
    assert answer.status_code == 303
    assert rows(site[1], "SELECT * FROM draft") == []


def test_a_draft_can_be_thrown_away(site: tuple[Flask, Engine], planner: FlaskClient) -> None:
    of = added(planner, "Met concept")
    key = f"locatie-{of}"
    assert _keep(planner, f"/werkbank/concept/{key}", {"naam": "Ander"}).status_code == 200
    action = f"/werkbank/concept/{key}/weg"
    answer = submit(planner, edit_address(of), action)
    assert answer.headers["Location"] == edit_address(of)
    page = planner.get(edit_address(of)).get_data(as_text=True)
    assert f'data-concept-klaar="{key}"' in page
    assert 'value="Met concept"' in page


def test_a_draft_of_an_older_version_still_leads_to_a_choice(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Oud concept")
    fields = form_fields(planner, edit_address(of))
    kept = _keep(planner, f"/werkbank/concept/locatie-{of}", {**fields, "naam": "Uit concept"})
    assert kept.status_code == 200
    assert (
        submit(_other(site), edit_address(of), naam="Hun naam", reden="Overleg").status_code == 303
    )
    going_on = f"{edit_address(of)}?concept=verder"
    answer = submit(planner, going_on, edit_address(of), reden="Verder")
    assert answer.status_code == 409


def test_a_draft_is_seen_by_its_writer_alone(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Alleen van mij")
    assert _keep(planner, f"/werkbank/concept/locatie-{of}", {"naam": "Geheim"}).status_code == 200
    other = read_page(_other(site), edit_address(of))
    assert other.headings[0] == "Alleen van mij wijzigen"
    assert "Geheim" not in other.text


def test_secret_words_are_left_out_of_a_draft(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    kept = _keep(planner, KEEP_NEW, {"naam": "De vrouwenopvang", "adres": "Straat 1"})
    assert kept.json["refused"] == ["naam"]
    (draft,) = rows(site[1], "SELECT content FROM draft")
    assert draft.content == {"fields": {"adres": "Straat 1"}}


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        (KEEP_NEW, "geen json", 400),
        (KEEP_NEW, "[]", 400),
        (KEEP_NEW, '{"fields": []}', 400),
        (KEEP_NEW, json.dumps({"fields": {"naam": "x" * 70_000}}), 413),
        (KEEP_NEW, '{"fields": {"naam": "a\\u0000b\\ud800c"}}', 200),
        ("/werkbank/concept/onzin-1", '{"fields": {}}', 404),
        ("/werkbank/concept/locatie-0", '{"fields": {}}', 404),
        ("/werkbank/concept/locatie-" + "9" * 30, '{"fields": {}}', 404),
        ("/werkbank/concept/locatie-²", '{"fields": {}}', 404),
        ("/werkbank/concept/locatie", '{"fields": {}}', 404),
    ],
)
def test_whatever_is_sent_as_a_draft_is_answered_in_order(
    planner: FlaskClient, address: str, body: str, status: int
) -> None:
    headers = {"X-CSRFToken": csrf_token(planner, NEW), "Accept": "application/json"}
    answer = planner.post(
        address, data=body.encode(), headers=headers, content_type="application/json"
    )
    assert answer.status_code == status


def test_a_draft_needs_the_proof_of_the_form_and_a_session(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    assert _keep(planner, KEEP_NEW, {"naam": "x"}, token="").status_code == 400
    assert _keep(site[0].test_client(), KEEP_NEW, {"naam": "x"}, token="").status_code == 401
    assert rows(site[1], "SELECT * FROM draft") == []


def test_a_place_is_found_by_a_name_that_we_know(planner: FlaskClient) -> None:
    answer = submit(planner, NEW, actie="zoek", zoek="buurt 90010102", naam="Blijft staan")
    fields = fields_on(answer.get_data(as_text=True))
    assert fields["plek"] == "101500, 480500"
    assert fields["naam"] == "Blijft staan"


def test_an_address_is_looked_up_and_chosen_without_scripts(
    site: tuple[Flask, Engine], planner: FlaskClient, serve_with: ServeWith,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def entry(number: int) -> dict[str, str]:
        place = f"POINT({101_200 + number} 480250)"
        return {"weergavenaam": f"Dorpsstraat {number}, Zuiderveen", "centroide_rd": place}

    geocoder = serve_with(answer_with(docs(entry(1), entry(2))))
    _set_geocoder(site[0], monkeypatch, geocoder)
    answer = submit(planner, NEW, actie="zoek", zoek="Dorpsstraat", naam="Nieuw")
    page = answer.get_data(as_text=True)
    assert "Dorpsstraat 2, Zuiderveen" in page
    chosen = "101202, 480250|Dorpsstraat 2, Zuiderveen"
    sent = {**fields_on(page), "gevonden": chosen, "actie": "kies"}
    fields = fields_on(planner.post(NEW, data=sent).get_data(as_text=True))
    assert (fields["plek"], fields["adres"]) == ("101202, 480250", "Dorpsstraat 2, Zuiderveen")
    assert fields["naam"] == "Nieuw"


def test_who_saves_with_an_address_and_no_place_is_shown_the_places(
    site: tuple[Flask, Engine], planner: FlaskClient, serve_with: ServeWith,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    entry = {"weergavenaam": "Dorpsstraat 1, Zuiderveen", "centroide_rd": "POINT(101200 480250)"}
    _set_geocoder(site[0], monkeypatch, serve_with(answer_with(docs(entry))))
    answer = submit(planner, NEW, **{**A_SITE, "plek": "", "zoek": "Dorpsstraat 1"})
    assert answer.status_code == 200
    fields = fields_on(answer.get_data(as_text=True))
    assert fields["plek"] == "101200, 480250"


def test_a_silent_geocoder_is_told_at_the_field(
    site: tuple[Flask, Engine], planner: FlaskClient, serve_with: ServeWith,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _set_geocoder(site[0], monkeypatch, serve_with(answer_with(b"", 500)))
    answer = submit(planner, NEW, actie="zoek", zoek="Dorpsstraat 1", naam="Blijft")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "geeft nu geen antwoord" in page
    assert 'value="Blijft"' in page


def _set_geocoder(app: Flask, monkeypatch: pytest.MonkeyPatch, geocoder: Geocoder) -> None:
    settings = replace(app.config["SETTINGS"], geocoder_url=geocoder.base_url)
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def test_every_field_of_a_site_stands_in_the_form(planner: FlaskClient) -> None:
    assert set(SITE_FIELDS.keys) <= set(form_fields(planner, NEW))


def test_sites_of_the_workspace_stay_hidden_from_visitors(
    site: tuple[Flask, Engine], planner: FlaskClient
) -> None:
    of = added(planner, "Verborgen plek")
    visitor = site[0].test_client()
    assert visitor.get(f"/locatie/{of}").status_code == 404
    assert "Verborgen plek" not in visitor.get("/lijst/locaties").get_data(as_text=True)


def test_what_only_the_database_finds_secret_is_a_fault_of_the_form(
    site: tuple[Flask, Engine], planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_form, "secret_words", lambda: SecretWords((), ()))
    answer = submit(planner, NEW, **{**A_SITE, "naam": "De vrouwenopvang"})
    assert answer.status_code == 422
    assert 'href="#toelichting"' in answer.get_data(as_text=True)
    assert rows(site[1], "SELECT 1 FROM site WHERE name = 'De vrouwenopvang'") == []


def test_who_saves_at_the_very_same_moment_gets_the_choice_too(
    site: tuple[Flask, Engine], planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = added(planner, "Tegelijk")
    others = ["Net iets eerder"]

    def save_late(*facts: Any) -> None:
        if others:
            with site[1].begin() as connection:
                statement = text("UPDATE site SET name = :name WHERE id = :id")
                connection.execute(statement, {"name": others.pop(), "id": of})
        save_change(*facts)

    monkeypatch.setattr(workspace_form, "save_change", save_late)
    answer = submit(planner, edit_address(of), naam="Net te laat", reden="Proef")
    assert answer.status_code == 409
    assert "Net iets eerder" in answer.get_data(as_text=True)
    assert "Net te laat" in answer.get_data(as_text=True)
