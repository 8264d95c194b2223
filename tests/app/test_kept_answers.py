"""What is kept for many readers follows what is public at once, and is what is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from app.services import (
    current,
    dialogue_reach,
    importance_summary,
    map_layers,
    public_tracks,
    site_profile,
    track_surroundings,
    weighed_track,
)
from app.services.demo import load_demo_region
from app.services.demo_dialogue import load_demo_dialogue
from app.services.shelf import Shelf
from tests.app.conftest import TODAY
from tests.app.planted import comparable, plant, uproot
from tests.sent_queries import sent_queries

TALK = "/in-gesprek/beschut-wonen-heemskerk-voorbeeld"
#: Every module that the pages below keep answers in.
KEEPERS = (
    dialogue_reach,
    importance_summary,
    map_layers,
    public_tracks,
    site_profile,
    track_surroundings,
    weighed_track,
)
#: Fewer questions than these before a page is slow when a whole wijk reads it.
MOST_QUERIES = {"/": 8, "/in-gesprek": 6, TALK: 18, "/locatie/{}": 12, f"{TALK}/belangrijk": 7}
Site = tuple[FlaskClient, Engine]


@pytest.fixture(scope="module")
def site(make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]) -> Site:
    """A visitor of the example region with its conversations, and the owner of the tables."""

    def fill(engine: Engine) -> None:
        load_demo_region(engine)
        load_demo_dialogue(engine)

    app, owner = make_site(fill)
    return app.test_client(), owner


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "today", lambda: TODAY)


def forget() -> None:
    for keeper in KEEPERS:
        shelves = [kept for kept in vars(keeper).values() if isinstance(kept, Shelf)]
        assert shelves, keeper
        for shelf in shelves:
            shelf.clear()


def subject(owner: Engine) -> int:
    """The site that the conversation is about."""
    query = text(
        "SELECT min(site_id) FROM track_site JOIN track ON track.id = track_id "
        "WHERE code = :code AND part = 'onderwerp'"
    )
    with owner.connect() as connection:
        return int(connection.scalar(query, {"code": TALK.rpartition("/")[2]}))


def told(site: Site) -> dict[str, str]:
    client, owner = site
    pages = [page.format(subject(owner)) for page in MOST_QUERIES]
    found = {}
    for page in (*pages, "/?niveau=gemeente&soort=respijt"):
        answer = client.get(page)
        found[page] = f"{answer.status_code}\n{comparable(answer)}"
    return found


def withdraw(connection: Connection, site_id: int) -> None:
    values = {"id": site_id}
    connection.execute(text("UPDATE site SET publication = 'intern' WHERE id = :id"), values)


def publish(connection: Connection, site_id: int) -> None:
    values = {"id": site_id}
    connection.execute(text("UPDATE site SET publication = 'openbaar' WHERE id = :id"), values)


def grow(connection: Connection, site_id: int) -> None:
    connection.execute(
        text("UPDATE site_state SET capacity_count = capacity_count + 1 WHERE site_id = :id"),
        {"id": site_id},
    )


@pytest.fixture
def changing(site: Site) -> Iterator[Callable[[Callable[[Connection, int], None]], None]]:
    """Change the site of the conversation; afterwards it is public, as it was."""
    _, owner = site

    def change(how: Callable[[Connection, int], None]) -> None:
        with owner.begin() as connection:
            how(connection, subject(owner))

    yield change
    change(publish)


@pytest.mark.parametrize("how", [withdraw, grow])
def test_what_is_kept_follows_a_change_of_what_is_public(
    site: Site,
    changing: Callable[[Callable[[Connection, int], None]], None],
    how: Callable[[Connection, int], None],
) -> None:
    before, again = told(site), told(site)
    assert before == again
    changing(how)
    kept = told(site)
    forget()
    assert kept == told(site)
    page = f"/locatie/{subject(site[1])}"
    # How many places a plan is for, its conversation does not tell.
    changed = {page, "/"} if how is grow else {page, "/", TALK}
    assert changed <= {one for one in kept if kept[one] != before[one]}
    assert kept[page].startswith("404" if how is withdraw else "200")


@pytest.mark.parametrize(("publication", "site_type"), [("gebied", "respijt")])
def test_what_is_kept_counts_a_protected_site_as_soon_as_it_is_there_and_no_longer(
    site: Site, publication: str, site_type: str
) -> None:
    forget()
    before = told(site)
    with site[1].begin() as connection:
        site_id = plant(connection, publication, site_type, None)
    kept = told(site)
    forget()
    made = told(site)
    with site[1].begin() as connection:
        uproot(connection, site_id)
    assert kept == made
    assert kept["/"] != before["/"]
    assert told(site) == before


def test_a_page_that_many_read_asks_little_of_the_database(site: Site) -> None:
    client, owner = site
    engine = client.application.extensions["vlekkenplan_engine"]
    told(site)
    for page, most in MOST_QUERIES.items():
        with sent_queries(engine) as queries:
            assert client.get(page.format(subject(owner))).status_code == 200
        assert len(queries) <= most, (page, len(queries))
