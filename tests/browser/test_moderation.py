"""A moderator handles fifty contributions by keyboard alone, on a wide and a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import Connection, Engine, func, insert, text

from data.dialogue_tables import Track, TrackPhase
from tests.browser.views import NARROW, WIDE, AxeFaults, SignedInPage
from tests.dialogue import PlantedTrack, plant_contribution

COUNT = 50
#: The first of each ten is refused by a house rule, and the fifth of each ten loses a number.
TELLING = "Bel mij op 06-12345678, dan vertel ik meer over deze plek."


@pytest.fixture
def waiting(site_engine: Engine) -> Iterator[int]:
    """Fifty contributions of one conversation that wait; its id."""
    with site_engine.begin() as connection:
        track = _plant_track(connection)
        for number in range(COUNT):
            body = TELLING if number % 10 == 5 else f"Is er genoeg groen bij plek {number}?"
            plant_contribution(connection, track, f"proef{number:02}", body)
    yield track.id
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM track WHERE id = :id"), {"id": track.id})


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_fifty_by_keyboard_alone(
    signed_in_page: SignedInPage,
    site_engine: Engine,
    axe_faults: AxeFaults,
    waiting: int,
    size: ViewportSize,
) -> None:
    address = f"/moderatie?gesprek={waiting}"
    with signed_in_page(address, "moderator", viewport=size, bypass_csp=True) as page:
        assert axe_faults(page) == []
        _tab_to(page, "proef00-keuze")
        for number in range(COUNT):
            _decide(page, number)
        assert page.locator("[data-count]").inner_text() == f"{COUNT} van {COUNT} gekozen"
        assert page.evaluate("document.activeElement.innerText") == "Nakijken en bevestigen"
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Klopt dit?')")
        assert axe_faults(page) == []
        assert _is_within(page)
        _tab_to(page, label="Bevestigen")
        page.keyboard.press("Enter")
        page.wait_for_url("**/moderatie?gesprek=*")
        assert "40 reacties zijn geplaatst." in page.inner_text("main")
        assert _is_within(page)
    assert _states(site_engine, waiting) == {"openbaar": 45, "weigeren": 5}
    assert _shortened(site_engine, waiting) == {
        "Bel mij op (weggelaten), dan vertel ik meer over deze plek."
    }


def _plant_track(connection: Connection) -> PlantedTrack:
    values = {
        "code": "moderatieproef",
        "gemeente_code": "GM0392",
        "title": "Proef met vijftig reacties",
        "summary": "Wij zoeken samen een plek.",
        "state": "open",
        "published_at": func.now(),
    }
    track_id = connection.scalar(insert(Track).values(values).returning(Track.id))
    phase = {"track_id": track_id, "position": 1, "name": "Plek kiezen", "level": "raadplegen"}
    phase_id = connection.scalar(insert(TrackPhase).values(phase).returning(TrackPhase.id))
    assert track_id is not None
    assert phase_id is not None
    return PlantedTrack(track_id, "moderatieproef", {"Plek kiezen": phase_id}, {})


def _decide(page: Page, number: int) -> None:
    if number % 10 == 0:
        page.keyboard.press("n")
        for _ in range(5):
            page.keyboard.press("ArrowDown")
        _tab_to(page, f"proef{number + 1:02}-keuze")
    elif number % 10 == 5:
        page.keyboard.press("g")
        _tab_to(page, f"proef{number + 1:02}-keuze")
    else:
        page.keyboard.press("p")


def _tab_to(page: Page, name: str = "", label: str = "") -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.name, document.activeElement.innerText]")
        if (name and found[0] == name) or (label and found[1] == label):
            return
    raise AssertionError(f"the keyboard does not reach {name or label}")


def _is_within(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


def _states(engine: Engine, track_id: int) -> dict[str, int]:
    query = text(
        "SELECT moderation, count(*) FROM contribution WHERE track_id = :id GROUP BY moderation"
    )
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query, {"id": track_id})}


def _shortened(engine: Engine, track_id: int) -> set[str]:
    query = text("SELECT public_body FROM contribution WHERE track_id = :id")
    with engine.connect() as connection:
        return set(connection.scalars(query, {"id": track_id})) - {None}
