"""Reacting without an account: nothing typed is lost, nothing is kept twice, nothing leaks."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, delete, select, text, update

from app.services.resident_limits import MOST_IN_A_MINUTE
from data.dialogue_tables import Contribution, Track, TrackPhase
from data.tables import Attempt
from tests.app.resident_steps import (
    ADDRESS,
    WORDS,
    Clock,
    checked,
    hidden,
    opened,
    receipt_address,
    send,
    sent,
    text_of,
)
from tests.dialogue import PlantedTrack, plant_meeting, plant_track


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    with owner.begin() as connection:
        planted = plant_track(connection)
    yield planted
    with owner.begin() as connection:
        connection.execute(delete(Track))
        connection.execute(delete(Attempt))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def resident(app: Flask, track: PlantedTrack) -> FlaskClient:
    return app.test_client()


def kept(owner: Engine) -> list[Any]:
    with owner.begin() as connection:
        return list(connection.execute(select(Contribution).order_by(Contribution.made_at)))


def count(owner: Engine, table: str) -> int:
    with owner.begin() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def photo(form: str = "JPEG", size: tuple[int, int] = (3000, 2000)) -> io.BytesIO:
    """A photo with the place where it was taken in it."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 23.0, 0.0)
    exif[0x010F] = "Geheimcamera"
    picture = Image.effect_noise(size, 90).convert("RGB")
    picture.save(made, form, exif=exif)
    made.seek(0)
    return made


def test_a_resident_reacts_from_the_kind_to_the_own_link(
    resident: FlaskClient, clock: Clock, owner: Engine, track: PlantedTrack
) -> None:
    kinds = text_of(resident.get(ADDRESS))
    assert "Set-Cookie" not in resident.get(ADDRESS).headers
    for label in ("Een zorg", "Een kans", "Een idee", "Een vraag", "Een andere plek"):
        assert label in kinds
    page = checked(
        resident,
        waarover=["begeleiding", "planning"],
        wijk="WK900201",
        email="bewoner@post.example",
        locatie=str(track.sites["TINY-4"]),
    )
    body = text_of(page)
    assert page.status_code == 200
    for told in (WORDS, "De begeleiding, Wanneer er iets gebeurt", "bewoner@post.example"):
        assert told in body
    assert "binnen 2 dagen" in body
    assert "binnen 28 dagen" in body
    assert count(owner, "contribution") == 0
    clock.go_on(seconds=30)
    address = receipt_address(send(resident, page))
    assert re.fullmatch(r"/mijn-reactie/[2-9a-z]{12}/[0-9a-f]{64}\?net=ja", address)
    (row,) = kept(owner)
    assert (row.kind, row.body, row.answers) == (
        *("vraag", WORDS),
        {"waarover": ["begeleiding", "planning"]},
    )
    assert (row.phase_id, row.site_id) == (track.phases["Plek kiezen"], track.sites["TINY-4"])
    assert (row.from_wijk_code, row.entry, row.moderation) == ("WK900201", "website", "wacht")
    assert row.geom is None
    assert row.findings == []
    with owner.begin() as connection:
        email, days = connection.execute(
            text("SELECT email, delete_at - :now FROM contribution_contact"), {"now": clock.at}
        ).one()
    assert (email, days) == ("bewoner@post.example", dt.timedelta(days=365))


def test_the_own_page_tells_how_it_stands_and_leaks_its_address_nowhere(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    answer = sent(resident, clock, email="bewoner@post.example")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    address = receipt_address(answer)
    page = resident.get(address)
    body = text_of(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Bedankt voor uw reactie" in body
    assert "binnen 2 dagen" in body
    own = address.partition("?")[0]
    assert re.search(rf'value="http://[a-z0-9.:]+{own}"', body)
    assert resident.get(f"{own[:-1]}0" if own[-1] != "0" else f"{own[:-1]}1").status_code == 404
    forgotten = resident.post(
        f"{own}/e-mail-wissen", data={"csrf_token": hidden(body)["csrf_token"]}
    )
    assert forgotten.status_code == 303
    assert count(owner, "contribution_contact") == 0
    assert "Wis mijn e-mailadres" not in text_of(resident.get(own))


def test_a_refusal_is_told_with_its_rule_and_appealed_once(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    own = receipt_address(sent(resident, clock)).partition("?")[0]
    assert "bezwaar" not in text_of(resident.get(own)).lower()
    with owner.begin() as connection:
        connection.execute(
            update(Contribution).values(
                moderation="geweigerd", refusal_key="respect", refusal_note="Let op de toon."
            )
        )
    body = text_of(resident.get(own))
    assert "In uw reactie stond iets beledigends of bedreigends." in body
    assert "Let op de toon." in body
    token = hidden(body)["csrf_token"]
    empty = resident.post(f"{own}/bezwaar", data={"csrf_token": token, "bezwaar": " "})
    assert empty.status_code == 422
    done = resident.post(f"{own}/bezwaar", data={"csrf_token": token, "bezwaar": "Kijk nog eens"})
    assert done.status_code == 303
    assert "Iemand anders kijkt opnieuw" in text_of(resident.get(own))
    again = resident.post(f"{own}/bezwaar", data={"csrf_token": token, "bezwaar": "Nog eens"})
    assert again.status_code == 404
    assert [row.appeal_text for row in kept(owner)] == ["Kijk nog eens"]


def test_over_https_the_own_page_works_without_a_referrer(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    own = receipt_address(sent(resident, clock, email="b@post.example")).partition("?")[0]
    base = "https://localhost"
    token = hidden(text_of(resident.get(own, base_url=base)))["csrf_token"]
    done = resident.post(f"{own}/e-mail-wissen", data={"csrf_token": token}, base_url=base)
    assert done.status_code == 303
    assert resident.post(f"{own}/e-mail-wissen", base_url=base).status_code == 400


def test_an_answer_stands_on_the_own_page(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    own = receipt_address(sent(resident, clock)).partition("?")[0]
    with owner.begin() as connection:
        connection.execute(
            update(Contribution).values(
                moderation="openbaar", status="meegenomen", answer="Er komt een extra begeleider."
            )
        )
    body = text_of(resident.get(own))
    assert "De gemeente heeft u geantwoord" in body
    assert "Er komt een extra begeleider." in body
    assert "Meegenomen" in body


FAULTS: dict[str, dict[str, str]] = {
    "no words": {"tekst": " "},
    "too long": {"tekst": "a" * 2001},
    "secret": {"tekst": "Het is vlakbij de vrouwenopvang"},
    "no address": {"email": "bewoner"},
    "two addresses": {"email": "a@x.example,b"},
    "half an address": {"email": "a@[x.example"},
    "no place": {"plek": "ergens"},
    "not in the country": {"plek": "9, 9"},
    "two corners": {"omtrek": "101000 481000\n101100 481000"},
    "another wijk": {"wijk": "WK999999"},
    "another answer": {"waarover": "niets"},
    "trap": {"website": "https://spam.example"},
    "secret photo": {"foto_uitleg": "de vrouwenopvang"},
}


@pytest.mark.parametrize("faulty", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("action", ["nakijken", "verstuur"])
def test_every_fault_keeps_all_that_was_typed(
    resident: FlaskClient, clock: Clock, owner: Engine, faulty: dict[str, str], action: str
) -> None:
    typed = {
        "tekst": "Mijn eigen woorden",
        "plek": "101250, 481250",
        "email": "bewoner@post.example",
        "wijk": "WK900201",
        "foto_uitleg": "Een leeg veld",
        "waarover": "planning",
        **faulty,
    }
    fields = opened(resident)
    clock.go_on(seconds=30)
    page = resident.post(ADDRESS, data={**fields, **typed, "actie": action})
    body = text_of(page)
    assert page.status_code == 422
    assert "Er is nog niets verstuurd" in body
    for name, value in typed.items():
        if name not in faulty or name in ("tekst", "email", "plek", "foto_uitleg"):
            assert value.strip() in body, name
    assert count(owner, "contribution") == 0


def test_what_is_pasted_is_not_cut_off_by_the_browser(resident: FlaskClient) -> None:
    page = text_of(resident.get(f"{ADDRESS}?soort=zorg"))
    (words,) = re.findall(r'<textarea[^>]*name="tekst"[^>]*>', page)
    assert "maxlength" not in words
    assert 'data-meest="2000"' in words
    long_text = "Een lange brief over de straat. " * 100
    answer = checked(resident, tekst=long_text)
    assert answer.status_code == 422
    assert "Uw tekst is te lang" in text_of(answer)
    assert long_text.strip() in text_of(answer)


def test_a_form_that_ran_out_leads_back_to_itself_without_its_seals(
    resident: FlaskClient, track: PlantedTrack
) -> None:
    page = checked(resident, foto=(photo(size=(400, 300)), "tuin.jpg"))
    carried = hidden(text_of(page))
    later = resident.application.test_client()
    answer = later.post(f"{ADDRESS}?soort=zorg", data={**carried, "actie": "verstuur"})
    assert answer.status_code == 400
    assert '<h1 class="utrecht-heading-1">Dit formulier is verlopen</h1>' in answer.text
    assert WORDS in answer.text
    assert carried["zegel"] not in answer.text
    assert carried["fotodata"] not in answer.text
    assert f'href="{ADDRESS}?soort=zorg"' in answer.text


def test_a_request_that_is_too_large_leads_back_to_its_form(resident: FlaskClient) -> None:
    sent = {**opened(resident), "foto": (io.BytesIO(bytes(13 * 1024**2)), "groot.jpg")}
    answer = resident.post(f"{ADDRESS}?soort=zorg", data=sent)
    assert answer.status_code == 413
    assert "Ga één pagina terug" in answer.text
    assert f'href="{ADDRESS}?soort=zorg"' in answer.text


def test_going_back_keeps_all_and_sends_nothing(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    page = checked(resident, waarover=["wie"], email="b@post.example", plek="101250, 481250")
    back = resident.post(ADDRESS, data={**hidden(text_of(page)), "actie": "terug"})
    body = text_of(back)
    assert back.status_code == 200
    for kept_text in (WORDS, "b@post.example", "101250, 481250"):
        assert kept_text in body
    assert re.search(r'value="wie" checked', body)
    assert count(owner, "contribution") == 0


def test_a_double_click_is_kept_once_and_gets_the_same_receipt(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    page = checked(resident, plek="101250, 481250")
    clock.go_on(seconds=30)
    first, second = send(resident, page), send(resident, page)
    assert receipt_address(first) == receipt_address(second)
    assert count(owner, "contribution") == 1
    changed = resident.post(
        ADDRESS, data={**hidden(text_of(page)), "tekst": "Iets anders", "actie": "verstuur"}
    )
    assert receipt_address(changed) != receipt_address(first)
    assert sorted(row.body for row in kept(owner)) == sorted([WORDS, "Iets anders"])


def test_a_hall_may_write_at_once_and_a_burst_is_slowed_without_losing_a_word(
    resident: FlaskClient, app: Flask, clock: Clock, owner: Engine
) -> None:
    page = checked(resident)
    clock.go_on(seconds=30)
    carried = hidden(text_of(page))
    for number in range(MOST_IN_A_MINUTE):
        answer = resident.post(
            ADDRESS, data={**carried, "tekst": f"Reactie {number}", "actie": "verstuur"}
        )
        assert answer.status_code == 303
    slowed = resident.post(
        ADDRESS, data={**carried, "tekst": "De laatste van de avond", "actie": "verstuur"}
    )
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["Retry-After"]) <= 60
    assert "De laatste van de avond" in text_of(slowed)
    assert "Wacht een minuut" in text_of(slowed)
    other = app.test_client()
    elsewhere = other.post(
        ADDRESS,
        data={**hidden(text_of(checked(other))), "tekst": "Van elders", "actie": "verstuur"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 422  # read and checked in less than three seconds
    clock.go_on(seconds=5)
    elsewhere = other.post(
        ADDRESS,
        data={**hidden(text_of(elsewhere)), "actie": "verstuur"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 303
    clock.go_on(seconds=60)
    assert receipt_address(send(resident, slowed))
    assert count(owner, "contribution") == MOST_IN_A_MINUTE + 2
    with owner.begin() as connection:
        told = connection.execute(select(Attempt.kind, Attempt.key)).all()
    assert all(kind.startswith("resident ") for kind, _ in told)
    assert "127.0.0.1" not in str(told)


def test_who_sends_at_once_looks_once_more(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    page = send(resident, checked(resident))
    assert page.status_code == 422
    assert "Dat ging heel snel" in text_of(page)
    clock.go_on(seconds=3)
    assert receipt_address(send(resident, page))


def test_a_form_of_yesterday_or_made_up_is_looked_at_again(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    carried = hidden(text_of(checked(resident)))
    clock.go_on(seconds=30)
    page = resident.post(ADDRESS, data={**carried, "zegel": "verzonnen", "actie": "verstuur"})
    assert page.status_code == 422
    assert "stond lang open" in text_of(page)
    assert WORDS in text_of(page)
    clock.go_on(seconds=30)
    assert receipt_address(send(resident, page))


@pytest.mark.parametrize("action", ["nakijken", "verstuur"])
def test_a_phase_that_closed_says_so_kindly_and_gives_the_words_back(
    resident: FlaskClient, clock: Clock, owner: Engine, track: PlantedTrack, action: str
) -> None:
    carried = hidden(text_of(checked(resident)))
    clock.go_on(seconds=30)
    with owner.begin() as connection:
        plant_meeting(connection, track, starts_at=clock.at + dt.timedelta(days=5), ends_at=None)
        connection.execute(update(TrackPhase).values(takes_contributions=False))
    shown = resident.get(f"{ADDRESS}?soort=vraag")
    assert shown.status_code == 200
    for told in ("Reageren kan nu niet", "023 000 00 00", "Inloopavond", "Buurthuis Middendorp"):
        assert told in text_of(shown)
    page = resident.post(ADDRESS, data={**carried, "actie": action})
    assert page.status_code == 409
    assert WORDS in text_of(page)
    assert count(owner, "contribution") == 0


def test_an_unknown_kind_or_conversation_loses_nothing_either(
    resident: FlaskClient, clock: Clock
) -> None:
    carried = hidden(text_of(checked(resident)))
    page = resident.post(ADDRESS, data={**carried, "soort": "klacht"})
    assert page.status_code == 422
    assert WORDS in text_of(page)
    assert resident.get("/in-gesprek/nergens/reageren").status_code == 404


def test_a_place_is_found_by_its_name_or_chosen_from_several(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    fields = {**opened(resident), "tekst": WORDS}
    found = resident.post(ADDRESS, data={**fields, "zoek": "101250, 481250", "actie": "zoek"})
    assert found.status_code == 200
    assert 'value="101250, 481250"' in text_of(found)
    several = resident.post(ADDRESS, data={**fields, "zoek": "wijk", "actie": "zoek"})
    choices = re.findall(r'name="gevonden" value="([0-9, ]+\|[^"]*)"', text_of(several))
    assert choices
    chosen = resident.post(
        ADDRESS,
        data={**fields, "zoek": "wijk", "gevonden": choices[0], "actie": "kies"},
    )
    assert f'value="{choices[0].partition("|")[0]}"' in text_of(chosen)
    nothing = resident.post(ADDRESS, data={**fields, "zoek": "qqqqq", "actie": "nakijken"})
    assert nothing.status_code == 422
    assert WORDS in text_of(nothing)


def test_an_area_is_kept_as_it_was_drawn(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    corners = "101000 481000\n101100 481000\n101100 481100\n101000 481100"
    assert receipt_address(sent(resident, clock, omtrek=corners))
    with owner.begin() as connection:
        area = connection.scalar(text("SELECT ST_Area(geom) FROM contribution"))
    assert area == 10_000


def test_the_photo_is_made_small_and_bare_and_survives_the_check(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    page = checked(resident, foto=(photo(), "tuin.jpg"), foto_uitleg="Een veld")
    assert page.status_code == 200
    assert "data:image/jpeg;base64," in text_of(page)
    back = resident.post(
        ADDRESS, data={**hidden(text_of(page)), "tekst": "Toch anders", "actie": "terug"}
    )
    assert "Uw foto staat klaar." in text_of(back)
    fields = {**hidden(text_of(back)), "tekst": "Toch anders", "foto_uitleg": "Een veld"}
    clock.go_on(seconds=30)
    assert receipt_address(resident.post(ADDRESS, data={**fields, "actie": "verstuur"}))
    with owner.begin() as connection:
        media_type, content, told, is_public = connection.execute(
            text("SELECT media_type, content, description, is_public FROM contribution_photo")
        ).one()
    content = bytes(content)
    picture = Image.open(io.BytesIO(content))
    assert (media_type, told, is_public) == ("image/jpeg", "Een veld", False)
    assert len(content) <= 240_000
    assert max(picture.size) <= 1280
    assert not picture.getexif()
    assert b"Geheimcamera" not in content


def test_a_photo_that_is_none_or_was_changed_is_refused_and_the_rest_kept(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    for content in (b"geen foto", b"%PDF-1.7 een folder", b"PK\x03\x04 een brief"):
        wrong = checked(resident, foto=(io.BytesIO(content), "tuin.jpg"))
        assert wrong.status_code == 422
        assert WORDS in text_of(wrong)
        assert "Dit is geen foto. Kies een JPEG, PNG of WebP." in text_of(wrong)
        assert "PDF" not in text_of(wrong)
    iphone = checked(resident, foto=(io.BytesIO(b"\0\0\0\x18ftypheic"), "tuin.jpg"))
    assert "Bewaar de foto als JPEG." in text_of(iphone)
    page = checked(resident, foto=(photo(size=(400, 300)), "tuin.jpg"))
    carried = hidden(text_of(page))
    forged = {**carried, "fotodata": f"AAAA{carried['fotodata']}", "actie": "verstuur"}
    clock.go_on(seconds=30)
    refused = resident.post(ADDRESS, data=forged)
    assert refused.status_code == 422
    assert "De foto is niet goed meegekomen" in text_of(refused)
    removed = resident.post(ADDRESS, data={**carried, "foto_weg": "y", "actie": "verstuur"})
    assert receipt_address(removed)
    assert count(owner, "contribution_photo") == 0


def test_what_looks_like_personal_data_is_a_hint_and_never_a_wall(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    words = "Bel mij op 06-12345678"
    page = checked(resident, tekst=words)
    assert page.status_code == 200
    assert "Haal het liever weg" in text_of(page)
    clock.go_on(seconds=30)
    assert receipt_address(send(resident, page))
    (row,) = kept(owner)
    (finding,) = row.findings
    assert finding["kind"] == "persoonsgegevens"
    assert words[finding["start"] : finding["end"]] == "06-12345678"
    assert "06" not in str(finding)


def test_a_forged_site_and_columns_that_nobody_asks_are_left_out(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    assert receipt_address(
        sent(
            resident,
            clock,
            locatie="99999",
            moderation="openbaar",
            entry="papier",
            answer="Ja",
        )
    )
    (row,) = kept(owner)
    assert (row.site_id, row.moderation, row.entry, row.answer) == (None, "wacht", "website", None)


def test_the_log_tells_nothing_of_what_was_typed(
    resident: FlaskClient,
    clock: Clock,
    owner: Engine,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    words = "Geheimwoord bewoner@post.example"

    def broken(*_: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr("app.services.place_test.tested_place", broken)
    page = checked(
        resident, "plek", tekst="Geheimwoord", plek="101250, 481250", email="bewoner@post.example"
    )
    assert "De toets van deze plek lukt nu niet" in text_of(page)
    clock.go_on(seconds=30)
    own = receipt_address(send(resident, page)).partition("?")[0]
    resident.get(own)
    resident.post(f"{own}/bezwaar", data={})
    told = caplog.text
    for secret in ("Geheimwoord", "bewoner@post", own.rpartition("/")[2], "127.0.0.1", "101250"):
        assert secret not in told


def test_a_proposed_place_is_tested_before_and_after_it_is_sent(
    resident: FlaskClient, clock: Clock, owner: Engine
) -> None:
    page = checked(resident, "plek", plek="102250, 481250", waarom=["ruimte"])
    told = "Hier mag niemand wonen, vanwege geluid en veiligheid"
    assert page.status_code == 200
    assert told in text_of(page)
    assert "Alle cijfers van deze plek" in text_of(page)
    clock.go_on(seconds=30)
    own = receipt_address(send(resident, page))
    (row,) = kept(owner)
    assert row.place_test["outcome"] == "grond"
    assert row.place_test["on"] == "2026-01-01"
    assert told in text_of(resident.get(own))
    nowhere = checked(resident, "plek")
    assert nowhere.status_code == 422
    assert "Geef aan waar de plek is" in text_of(nowhere)
