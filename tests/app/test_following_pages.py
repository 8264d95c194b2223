"""Following the surroundings: nothing before it is confirmed, and stopping at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.services import current
from tests.app.page_reader import read_page
from tests.app.signed_in import csrf_token, signed_in, submit
from tests.dialogue import plant_track
from tests.post import EMAIL, SITE, Post, own_link, post_of, text_of

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
Fill = Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]


@pytest.fixture
def site(world_site: tuple[Flask, Engine]) -> Iterator[tuple[Flask, Engine]]:
    """The tiny world with a track, put back afterwards."""
    app, engine = world_site
    with engine.begin() as connection:
        plant_track(connection)
        connection.execute(text("DELETE FROM public_event"))
    yield app, engine
    with engine.begin() as connection:
        for table in ("track", "subscription", "outgoing_mail", "public_event", "attempt"):
            connection.execute(text(f"DELETE FROM {table}"))
    post_of(app).empty()


@pytest.fixture
def app(site: tuple[Flask, Engine]) -> Flask:
    return site[0]


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def post(app: Flask) -> Post:
    return post_of(app)


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(current, "now", lambda: NOW)
    return app.test_client()


def follow(client: FlaskClient, **values: str) -> Any:
    given = {"gebied": "GM9002", "email": EMAIL, "frequentie": "meteen", **values}
    return submit(client, "/volgen", **given)


def subscriptions(owner: Engine) -> list[Any]:
    with owner.begin() as connection:
        return list(connection.execute(text("SELECT * FROM subscription ORDER BY asked_at")))


def news(owner: Engine, title: str = "Nieuwe tekening") -> None:
    with owner.begin() as connection:
        connection.execute(
            text("INSERT INTO track_news (track_id, title, body) SELECT id, :t, 'Kijk' FROM track"),
            {"t": title},
        )


def confirmed(client: FlaskClient, post: Post, **values: str) -> str:
    """Follow something and confirm it; the path of the own page."""
    follow(client, **values)
    post.round(NOW)
    link = own_link(post.messages()[-1])
    assert submit(client, link, f"{link}/bevestigen").status_code == 303
    post.empty()
    return link


def test_nothing_is_told_before_it_is_confirmed_by_a_button(
    client: FlaskClient, owner: Engine, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = follow(client)
    assert (answer.status_code, answer.location) == (303, "/volgen/gevraagd")
    post.round(NOW)
    news(owner)
    post.round(NOW + MINUTE)
    [asked] = post.messages()
    assert (asked["To"], asked["Subject"]) == (EMAIL, "Wilt u dit volgen?")
    assert "gemeente Middendorp" in text_of(asked)
    link = own_link(asked)
    # A mail scanner opens the link, and every link on the page.
    for method in ("HEAD", "GET"):
        opened = client.open(link, method=method)
        assert opened.status_code == 200
        assert opened.headers["Referrer-Policy"] == "no-referrer"
        assert opened.headers["Cache-Control"] == "no-store"
    assert client.get(f"{link}/stop").status_code == 200
    assert client.get(f"{link}/bevestigen").status_code == 405
    assert subscriptions(owner)[0].confirmed_at is None
    monkeypatch.setattr(current, "now", lambda: NOW + MINUTE)
    assert submit(client, link, f"{link}/bevestigen").status_code == 303
    post.empty()
    # What happened before is not told, what happens after is told once.
    post.round(NOW + 2 * MINUTE)
    assert post.messages() == []
    news(owner, "Inloopavond")
    post.round(NOW + 3 * MINUTE)
    post.round(NOW + 4 * MINUTE)
    [told] = post.messages()
    assert told["Subject"] == "Inloopavond (Beschut wonen in Middendorp)"
    assert f"{SITE}/in-gesprek/middendorp" in text_of(told)
    assert own_link(told) == link


def test_a_message_is_as_mail_programs_want_it(
    client: FlaskClient, owner: Engine, post: Post
) -> None:
    link = confirmed(client, post)
    news(owner, "Café ‘de Hoek’ doet mee")
    post.round(NOW + MINUTE)
    [told] = post.messages()
    assert told["Subject"] == "Café ‘de Hoek’ doet mee (Beschut wonen in Middendorp)"
    assert told["List-Unsubscribe"] == f"<{SITE}{link}/stop>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["Auto-Submitted"] == "auto-generated"
    assert told["Content-Language"] == "nl"
    assert told["Message-ID"].endswith("@vlekkenplan.invalid>")
    assert told.get_content_type() == "text/plain"
    assert told.get_content_charset() == "utf-8"
    assert all(len(line) <= 78 for line in text_of(told).splitlines() if "://" not in line)
    [file] = post.folder.glob("*.eml")
    assert file.stat().st_mode & 0o777 == 0o600
    assert post.folder.stat().st_mode & 0o777 == 0o700
    assert all(len(line) <= 998 for line in file.read_bytes().split(b"\r\n"))


@pytest.mark.parametrize("site_of_sender", [None, "cross-site", "same-origin"])
def test_a_mail_program_stops_it_in_one_click(
    client: FlaskClient, app: Flask, owner: Engine, post: Post, site_of_sender: str | None
) -> None:
    link = confirmed(client, post)
    sent = {"Sec-Fetch-Site": site_of_sender} if site_of_sender else {}
    mail_program = app.test_client()
    refused = mail_program.post(f"{link}/stop", data={"List-Unsubscribe": "x"}, headers=sent)
    assert refused.status_code == 400
    assert len(subscriptions(owner)) == 1
    for _ in range(2):
        answer = mail_program.post(
            f"{link}/stop", data={"List-Unsubscribe": "One-Click"}, headers=sent
        )
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
        assert "U volgt dit niet meer" in answer.text
    assert subscriptions(owner) == []
    # As RFC 8058 allows, also as multipart.
    answer = mail_program.post(
        f"{link}/stop",
        data={"List-Unsubscribe": "One-Click"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200
    assert client.get(link).status_code == 404


def test_a_wrong_link_opens_and_stops_nothing(
    client: FlaskClient, app: Flask, owner: Engine, post: Post
) -> None:
    link = confirmed(client, post)
    code = link.split("/")[2]
    wrong = f"/volgen/{code}/{'0' * 64}"
    assert client.get(wrong).status_code == 404
    app.test_client().post(f"{wrong}/stop", data={"List-Unsubscribe": "One-Click"})
    proof = {"csrf_token": csrf_token(client, link)}
    assert client.post(f"{wrong}/bevestigen", data=proof).status_code == 404
    assert len(subscriptions(owner)) == 1
    one_click = {"List-Unsubscribe": "One-Click"}
    for nobody in ("/volgen/%00/%00", "/volgen/x/%00", "/volgen/%ff/x"):
        assert client.get(nobody).status_code == 404, nobody
        assert client.get(f"{nobody}/stop").status_code == 404, nobody
        assert client.post(f"{nobody}/stop", data=one_click).status_code == 200, nobody


def test_the_other_forms_of_following_ask_where_they_came_from(
    client: FlaskClient, app: Flask, post: Post
) -> None:
    link = confirmed(client, post)
    for path in ("/volgen", f"{link}/bevestigen", f"{link}/hoe-vaak"):
        answer = app.test_client().post(path, data={"frequentie": "week"})
        assert answer.status_code == 400, path
        answer = app.test_client().post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403, path


def test_the_frequency_is_changed_on_the_own_page(
    client: FlaskClient, owner: Engine, post: Post
) -> None:
    link = confirmed(client, post)
    assert submit(client, link, f"{link}/hoe-vaak", frequentie="week").status_code == 303
    assert subscriptions(owner)[0].frequency == "week"
    assert submit(client, link, f"{link}/hoe-vaak", frequentie="elk uur").status_code == 422


def test_the_answer_tells_nothing_of_the_address(
    client: FlaskClient, owner: Engine, post: Post
) -> None:
    confirmed(client, post)
    answers = [follow(client, email=email) for email in (EMAIL, "nieuw@straat.example")]
    assert {(answer.status_code, answer.location, answer.text) for answer in answers} == {
        (303, "/volgen/gevraagd", answers[0].text)
    }


def test_nobody_is_asked_without_end_by_who_fills_in_their_address(
    client: FlaskClient, owner: Engine, post: Post
) -> None:
    answers = [follow(client, email=email) for email in [EMAIL, EMAIL.upper()] * 4]
    assert {answer.location for answer in answers} == {"/volgen/gevraagd"}
    post.round(NOW)
    assert len(post.messages()) == 5
    with owner.begin() as connection:
        keys = connection.scalars(text("SELECT key FROM attempt")).all()
    assert keys
    assert not any("@" in key or "." in key for key in keys)


def test_a_program_that_fills_in_address_after_address_is_slowed(client: FlaskClient) -> None:
    statuses = [follow(client, email=f"a{n}@straat.example").status_code for n in range(61)]
    assert statuses == [303] * 60 + [429]


def test_who_does_not_confirm_is_forgotten(client: FlaskClient, owner: Engine, post: Post) -> None:
    follow(client)
    post.round(NOW)
    post.round(NOW + 7 * DAY - MINUTE)
    assert len(subscriptions(owner)) == 1
    post.round(NOW + 7 * DAY)
    assert subscriptions(owner) == []


def test_who_follows_the_same_twice_is_told_once(
    client: FlaskClient, owner: Engine, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(client, post)
    monkeypatch.setattr(current, "now", lambda: NOW + MINUTE)
    newest = confirmed(client, post)
    post.round(NOW + 2 * MINUTE)
    assert [entry.code for entry in subscriptions(owner)] == [newest.split("/")[2]]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"email": ""}, "Vul uw e-mailadres in."),
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"email": "a@b.example, c@d.example"}, "Dit is geen e-mailadres"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Dit is geen e-mailadres"),
        ({"frequentie": "elk uur"}, "Kies hoe vaak"),
        ({"plek": "", "gebied": ""}, "Schrijf een buurt"),
        ({"plek": "Middendorp"}, "Kies één van de twee"),
        ({"plek": "Qwxyzstraat 9", "gebied": ""}, "Deze plek vinden wij niet"),
        ({"plek": "900000, 1", "gebied": ""}, "niet in Nederland"),
        ({"plek": "103000, 480000", "gebied": "", "afstand": "9"}, "Kies een afstand."),
    ],
)
def test_faults_are_told_and_nothing_typed_is_lost(
    client: FlaskClient, owner: Engine, values: dict[str, str], fault: str
) -> None:
    answer = follow(client, **values)
    assert answer.status_code == 422
    assert fault in answer.text
    if values.get("plek"):
        assert f'value="{values["plek"]}"' in answer.text
    assert subscriptions(owner) == []


def test_a_place_is_followed_by_its_coordinates_or_its_name(
    client: FlaskClient, owner: Engine
) -> None:
    assert follow(client, plek="101500 481500", gebied="", afstand="300").status_code == 303
    several = follow(client, plek="Proefvoorziening", gebied="", afstand="1500")
    assert several.status_code == 422
    assert "Welke plek bedoelt u?" in several.text
    chosen = follow(
        client, plek="Proefvoorziening", gebied="", afstand="1500", bedoeld="100500,480500"
    )
    assert chosen.status_code == 303
    points = [(entry.radius_m, entry.label) for entry in subscriptions(owner)]
    assert sorted(points) == [
        (300, "alles binnen 300 meter van het punt 101500, 481500"),
        (1500, "alles binnen 1.500 meter van Proefvoorziening 1 (voorbeeld)"),
    ]


def test_a_track_is_followed_from_its_page(client: FlaskClient, owner: Engine) -> None:
    page = read_page(client, "/volgen?gesprek=middendorp")
    assert "Beschut wonen in Middendorp" in page.text
    answer = submit(client, "/volgen?gesprek=middendorp", "/volgen", email=EMAIL, frequentie="dag")
    assert answer.status_code == 303
    assert subscriptions(owner)[0].track_id is not None
    assert client.get("/volgen?gesprek=onbekend").status_code == 404


def test_the_demo_shows_its_post_and_no_other_site_does(
    client: FlaskClient, app: Flask, owner: Engine, post: Post
) -> None:
    follow(client)
    post.round(NOW)
    admin = signed_in(app, owner, "beheerder")
    page = admin.get("/post").text
    assert "Wilt u dit volgen?" in page
    assert f'href="{SITE}{own_link(post.messages()[0])}"' in page
    with owner.begin() as connection:
        connection.execute(text("UPDATE source_release SET is_example = false"))
    try:
        page = admin.get("/post").text
        assert EMAIL not in page
        assert "Er wacht geen e-mail" in page
    finally:
        with owner.begin() as connection:
            connection.execute(text("UPDATE source_release SET is_example = true"))
