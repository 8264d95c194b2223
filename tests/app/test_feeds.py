"""News as Atom and RSS, and meetings as a calendar, read back by other readers than ours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import Engine, text

from tests.dialogue import plant_meeting, plant_track

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NEAR = "x=101500&y=481500&radius=300"


@pytest.fixture
def feeds_site(world_site: tuple[Flask, Engine]) -> Iterator[tuple[FlaskClient, Engine]]:
    """A track with news, a meeting and one that is off; put back afterwards."""
    app, engine = world_site
    with engine.begin() as connection:
        track = plant_track(connection, title="Wonen & <zorg> \x07in Middendorp")
        connection.execute(text("DELETE FROM public_event"))
        plant_meeting(connection, track, name="Inloopavond; met koffie, thee")
        off = plant_meeting(connection, track, name="Rondleiding", ends_at=None)
        connection.execute(
            text("UPDATE track_meeting SET is_cancelled = true WHERE id = :id"), {"id": off}
        )
        connection.execute(
            text("INSERT INTO track_news (track_id, title, body) VALUES (:id, :title, :body)"),
            {"id": track.id, "title": "Tekening & <plan>", "body": "Regel 1\nRegel 2 \x0bé"},
        )
    yield app.test_client(), engine
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM track"))
        connection.execute(text("DELETE FROM public_event"))


def get(client: FlaskClient, address: str, kind: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == f"{kind}; charset=utf-8"
    return bytes(answer.data)


def check_atom(content: bytes) -> ET.Element:
    """RFC 4287, section 4: what a feed and its entries must have, once or more."""
    root = ET.fromstring(content)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            found = element.findall(f"{ATOM}{name}")
            assert len(found) == 1, name
            assert found[0].text
        assert re.match(r"(https?|urn):", str(element.findtext(f"{ATOM}id")))
        for name in ("updated", "published"):
            moment = element.findtext(f"{ATOM}{name}")
            assert moment is None or RFC_3339.fullmatch(moment)
        links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert any(rel == "alternate" for rel, _ in links)
    assert root.findall(f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    moments = [str(entry.findtext(f"{ATOM}updated")) for entry in root.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)
    if moments:
        assert root.findtext(f"{ATOM}updated") == moments[0]
    return root


def titles(root: ET.Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize(
    "address",
    [
        "/in-gesprek/nieuws",
        "/in-gesprek/middendorp/nieuws",
        f"/volgen/nieuws?{NEAR}",
        "/volgen/nieuws?gebied=WK900201",
    ],
)
def test_news_is_a_feed_in_two_ways(feeds_site: tuple[FlaskClient, Engine], address: str) -> None:
    client, _ = feeds_site
    path, _, query = address.partition("?")
    ask = f"?{query}" if query else ""
    atom = check_atom(get(client, f"{path}.atom{ask}", "application/atom+xml"))
    expected = {"Tekening & <plan>", "Bijeenkomst: Inloopavond; met koffie, thee"}
    assert set(titles(atom)) >= expected
    assert "Bijeenkomst: Rondleiding" not in titles(atom)
    own = next(link for link in atom.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == f"http://localhost:80{path}.atom{ask}"
    rss = ET.fromstring(get(client, f"{path}.rss{ask}", "application/rss+xml"))
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = rss.find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == titles(atom)
    guids = [item.find("guid") for item in items]
    assert [guid.text for guid in guids if guid is not None] == [
        entry.findtext(f"{ATOM}id") for entry in atom.findall(f"{ATOM}entry")
    ]
    assert {guid.get("isPermaLink") for guid in guids if guid is not None} == {"false"}
    assert all(parsedate_to_datetime(str(item.findtext("pubDate"))).tzinfo for item in items)


def test_a_feed_keeps_the_names_of_its_entries_and_says_when_nothing_changed(
    feeds_site: tuple[FlaskClient, Engine],
) -> None:
    client, engine = feeds_site
    address = "/in-gesprek/middendorp/nieuws.atom"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with engine.begin() as connection:
        connection.execute(text("UPDATE track_news SET title = 'Andere titel'"))
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    before, after = ET.fromstring(first.data), check_atom(changed.data)
    ids = [
        [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
        for root in (before, after)
    ]
    assert ids[0] == ids[1]
    assert "Andere titel" in titles(after)


def test_a_feed_by_place_has_the_sites_and_never_an_internal_one(
    feeds_site: tuple[FlaskClient, Engine],
) -> None:
    client, engine = feeds_site
    with engine.begin() as connection:
        query = "UPDATE site SET publication = '{}' WHERE site_code = 'TINY-{}'"
        connection.execute(text(query.format("gebied", 5)))
        connection.execute(text(query.format("openbaar", 5)))
        internal = "UPDATE site SET name = 'Geheimhuis', geom = (SELECT geom FROM site WHERE "
        connection.execute(text(f"{internal} site_code = 'TINY-5') WHERE site_code = 'TINY-7'"))
        connection.execute(
            text(
                "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2026-01-01', "
                "'besluit' FROM site WHERE site_code = 'TINY-7'"
            )
        )
    try:
        for ask in ("x=103500&y=482500&radius=300", "lat=52.32802&lon=4.63172", "gebied=GM9003"):
            root = check_atom(get(client, f"/volgen/nieuws.atom?{ask}", "application/atom+xml"))
            assert titles(root) == ["Nieuw op de kaart: Proeflocatie 5 (voorbeeld)"], ask
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("DELETE FROM site_state WHERE from_date = '2026-01-01' AND status = 'besluit'")
            )
            connection.execute(
                text(
                    "UPDATE site SET name = 'Proeflocatie 7 (voorbeeld)', geom = ST_SetSRID("
                    "ST_MakePoint(100500, 482500), 28992) WHERE site_code = 'TINY-7'"
                )
            )


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ("radius=300", 400),
        ("x=1&y=1", 400),
        ("x=abc&y=1", 400),
        ("x=101500&y=481500&radius=5", 400),
        ("lat=52.3", 400),
        ("gebied=GM0000", 404),
        ("gebied=BU90010101", 404),
    ],
)
def test_a_place_that_can_not_be_read_is_told(
    feeds_site: tuple[FlaskClient, Engine], ask: str, status: int
) -> None:
    assert feeds_site[0].get(f"/volgen/nieuws.atom?{ask}").status_code == status


def test_a_concept_has_no_feed_and_no_calendar(feeds_site: tuple[FlaskClient, Engine]) -> None:
    client, engine = feeds_site
    with engine.begin() as connection:
        connection.execute(text("UPDATE track SET state = 'concept'"))
    for name in ("nieuws.atom", "nieuws.rss", "agenda.ics"):
        assert client.get(f"/in-gesprek/middendorp/{name}").status_code == 404
        assert client.get(f"/in-gesprek/{name}").status_code == 200
    assert titles(check_atom(client.get("/in-gesprek/nieuws.atom").data)) == []


def events(content: bytes) -> dict[str, Any]:
    calendar = Calendar.from_ical(content)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize("address", ["/in-gesprek/agenda.ics", "/in-gesprek/middendorp/agenda.ics"])
def test_meetings_are_a_calendar_that_programs_follow(
    feeds_site: tuple[FlaskClient, Engine], address: str
) -> None:
    client, engine = feeds_site
    content = get(client, address, "text/calendar")
    assert b"BEGIN:VTIMEZONE" in content
    assert b"DTSTART;TZID=Europe/Amsterdam:20260304T193000" in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    found = events(content)
    evening, off = found["Inloopavond; met koffie, thee"], found["Rondleiding"]
    start = dt.datetime(2026, 3, 4, 19, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert evening["DTSTART"].dt == start
    assert evening["DTEND"].dt == start + dt.timedelta(minutes=90)
    assert (str(evening["STATUS"]), str(off["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert (evening["SEQUENCE"], off["SEQUENCE"]) == (0, 1)
    assert "DTEND" not in off
    assert str(evening["URL"]) == "http://localhost:80/in-gesprek/middendorp"
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE track_meeting SET place = 'De kerk' WHERE name LIKE 'Inloop%'")
        )
    moved = events(client.get(address).data)["Inloopavond; met koffie, thee"]
    assert (moved["UID"], moved["SEQUENCE"], str(moved["LOCATION"])) == (
        evening["UID"],
        1,
        "De kerk",
    )
