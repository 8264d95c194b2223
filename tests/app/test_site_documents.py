"""Photos and documents of a site: added clean, seen by its own gemeente alone, taken away."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from data.changes import documents
from tests.app import made_uploads as made
from tests.app.signed_in import csrf_token, signed_in, submit

World = tuple[Flask, Engine]


@pytest.fixture(autouse=True)
def _no_documents(world_site: World) -> Iterator[None]:
    yield
    with world_site[1].begin() as owner:
        owner.execute(text("DELETE FROM site_document"))


@pytest.fixture
def planner(world_site: World) -> FlaskClient:
    """Of Zuiderveen, where TINY-1 is."""
    return signed_in(*world_site, "planner", "GM9001")


def site_id(engine: Engine, code: str = "TINY-1") -> int:
    with engine.connect() as owner:
        query = text("SELECT id FROM site WHERE site_code = :code")
        return int(owner.execute(query, {"code": code}).scalar_one())


def send(
    client: FlaskClient, site: int, content: bytes, title: str = "Vanaf de straat", name: str = "a"
) -> TestResponse:
    return submit(
        client,
        f"/werkbank/locaties/{site}/bestanden",
        titel=title,
        bestand=(io.BytesIO(content), name),
    )


def stored(engine: Engine) -> list[tuple[int, str, bytes]]:
    with engine.connect() as owner:
        rows = owner.execute(text("SELECT id, title, content FROM site_document ORDER BY id"))
        return [(row.id, row.title, bytes(row.content)) for row in rows]


def page_text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_a_photo_is_kept_clean_and_it_is_told_what_went(
    world_site: World, planner: FlaskClient
) -> None:
    site = site_id(world_site[1])
    answer = send(planner, site, made.phone_photo(), name="C:\\fotos\\..\\IMG 1.jpg")
    assert answer.status_code == 303
    page = page_text(planner.get(answer.headers["Location"]))
    assert "Wij haalden dit uit de foto: de plek (GPS), de datum, het toestel" in page
    assert "Vanaf de straat" in page
    assert "door Planner GM9001" in page
    ((_, title, content),) = stored(world_site[1])
    assert title == "Vanaf de straat"
    assert made.PLANTED.encode() not in content
    assert "Vanaf de straat" in page_text(planner.get(f"/werkbank/locaties/{site}"))


def test_a_photo_is_shown_and_a_pdf_is_downloaded(world_site: World, planner: FlaskClient) -> None:
    site = site_id(world_site[1])
    send(planner, site, made.phone_photo(), "Foto")
    send(planner, site, made.document(), '../"Bestemmings"plan\r\nX: é.html')
    (photo, *_), (pdf, *_) = stored(world_site[1])
    shown = planner.get(f"/werkbank/bestanden/{photo}")
    kept = planner.get(f"/werkbank/bestanden/{pdf}")
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert kept.mimetype == "application/pdf"
    name = "bestemmings-plan-x-e-html.pdf"
    assert kept.headers["Content-Disposition"] == f"attachment; filename={name}"
    for answer in (shown, kept):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        answer.close()


def test_a_file_is_of_its_gemeente_alone(world_site: World, planner: FlaskClient) -> None:
    app, engine = world_site
    site = site_id(engine)
    send(planner, site, made.document(), "Bodemrapport")
    ((document_id, *_),) = stored(engine)
    addresses = (
        f"/werkbank/bestanden/{document_id}",
        f"/werkbank/bestanden/{document_id}/weghalen",
        f"/werkbank/locaties/{site}/bestanden",
    )
    other = signed_in(app, engine, "planner", "GM9002")
    token = csrf_token(other, f"/werkbank/locaties/{site_id(engine, 'TINY-3')}/bestanden")
    for address in addresses:
        assert planner.get(address).status_code == 200
        answer = other.get(address)
        assert answer.status_code == 404
        assert "Bodemrapport" not in page_text(answer)
        assert app.test_client().get(address).status_code == 401
        assert signed_in(app, engine, "raadslid").get(address).status_code == 403
    removed = other.post(addresses[1], data={"csrf_token": token, "reden": "x"})
    added = other.post(
        addresses[2],
        data={"csrf_token": token, "titel": "x", "bestand": (io.BytesIO(made.document()), "x")},
    )
    assert (removed.status_code, added.status_code) == (404, 404)
    assert len(stored(engine)) == 1
    assert signed_in(app, engine, "regiocoordinator").get(addresses[0]).status_code == 200


def test_the_same_file_twice_is_told(world_site: World, planner: FlaskClient) -> None:
    site = site_id(world_site[1])
    assert send(planner, site, made.document(), "Eerste").status_code == 303
    again = send(planner, site, made.document(), "Tweede")
    assert again.status_code == 422
    assert "staat al bij deze locatie, als ‘Eerste’" in page_text(again)
    assert len(stored(world_site[1])) == 1
    elsewhere = send(planner, site_id(world_site[1], "TINY-2"), made.document(), "Eerste")
    assert elsewhere.status_code == 303


def test_a_site_holds_no_more_than_its_number_of_files(
    world_site: World, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_OF_A_SITE", 1)
    site = site_id(world_site[1])
    assert send(planner, site, made.document()).status_code == 303
    refused = send(planner, site, made.saved(made.picture(), "PNG"))
    assert refused.status_code == 422
    assert "Haal er eerst een weg" in page_text(refused)


@pytest.mark.parametrize(
    ("title", "content", "name", "told"),
    [
        ("", made.document(), "a.pdf", "Vul in wat dit is."),
        ("   ", made.document(), "a.pdf", "Vul in wat dit is."),
        ("x" * 121, made.document(), "a.pdf", "korter dan 120 tekens"),
        ("Vrouwen opvang Zuid", made.document(), "a.pdf", "Die adressen zijn geheim"),
        ("Plan", made.document(), "blijfhuis.pdf", "Er is niets opgeslagen"),
        ("Plan", b"PK\x03\x04", "a.pdf", "Bewaar het als PDF"),
        ("Plan", b"<script>alert(1)</script>", "foto.jpg", "Bewaar het als PDF"),
        ("Plan", made.phone_photo()[:400], "foto.jpg", "beschadigd"),
        ("Plan", b"", "a.pdf", "Dit bestand is leeg"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_the_title_stays(
    world_site: World, planner: FlaskClient, title: str, content: bytes, name: str, told: str
) -> None:
    answer = send(planner, site_id(world_site[1]), content, title, name)
    assert answer.status_code == 422
    page = page_text(answer)
    assert told in page
    assert f'value="{title.strip()}"' in page
    assert "Traceback" not in page
    assert stored(world_site[1]) == []


def test_a_form_without_a_file_is_told_so(world_site: World, planner: FlaskClient) -> None:
    site = site_id(world_site[1])
    for bestand in (None, "tekst"):
        answer = submit(
            planner,
            f"/werkbank/locaties/{site}/bestanden",
            titel="Plan",
            **({} if bestand is None else {"bestand": bestand}),
        )
        assert answer.status_code == 422
        assert "Kies een bestand." in page_text(answer)


def test_a_file_of_more_than_a_request_may_hold_is_refused(
    world_site: World, planner: FlaskClient
) -> None:
    answer = planner.post(
        f"/werkbank/locaties/{site_id(world_site[1])}/bestanden",
        data=bytes(13_000_000),
        content_type="multipart/form-data; boundary=grens",
    )
    assert answer.status_code == 413
    assert "hoogstens 10 megabyte" in page_text(answer)


def test_a_form_from_elsewhere_adds_nothing(world_site: World, planner: FlaskClient) -> None:
    site = site_id(world_site[1])
    answer = planner.post(
        f"/werkbank/locaties/{site}/bestanden",
        data={"titel": "x", "bestand": (io.BytesIO(made.document()), "x")},
    )
    assert answer.status_code == 400
    assert stored(world_site[1]) == []


def test_taking_a_file_away_asks_why_and_leaves_it_in_the_history(
    world_site: World, planner: FlaskClient
) -> None:
    engine = world_site[1]
    send(planner, site_id(engine), made.document(), "Oud rapport")
    ((document_id, *_),) = stored(engine)
    address = f"/werkbank/bestanden/{document_id}/weghalen"
    assert submit(planner, address, reden=" ").status_code == 422
    assert submit(planner, address, reden="Adres van een blijfhuis").status_code == 422
    assert len(stored(engine)) == 1
    assert submit(planner, address, reden="Er is een nieuw rapport").status_code == 303
    assert stored(engine) == []
    assert planner.get(f"/werkbank/bestanden/{document_id}").status_code == 404
    with engine.connect() as owner:
        rows = owner.execute(
            text(
                "SELECT action, reason, coalesce(before, after) AS row FROM change"
                " WHERE table_name = 'site_document'"
                " AND coalesce(before, after) ->> 'title' = 'Oud rapport' ORDER BY id"
            )
        ).all()
    assert [(row.action, row.reason) for row in rows] == [
        ("added", "Bestand toegevoegd: Oud rapport"),
        ("removed", "Er is een nieuw rapport"),
    ]
    assert all("content" not in row.row for row in rows)
