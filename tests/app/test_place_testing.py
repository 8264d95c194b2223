"""Proposed places that had no test get the one they would have had, by the round of the post."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine, text

from app.config import Settings
from app.services import place_testing
from app.services.place_test import try_place
from data.changes.contributions import NewContribution, add_contribution
from data.database_roles import CARETAKER, VISITOR, Hands, work_as
from tests.dialogue import PlantedTrack, plant_contribution, plant_track
from tests.post import Post

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
#: One in the dry, one on water, one outside the region.
PLACES = {
    "droog": shapely.Point(101_500, 481_500),
    "water": shapely.Point(102_050, 482_950),
    "elders": shapely.Point(99_000, 481_000),
}


@pytest.fixture
def post(database: Engine, tmp_path: Path) -> Post:
    return Post(database, Settings(tmp_path, secret_key="test", tile_url=None))


@pytest.fixture
def track(database: Engine, monkeypatch: pytest.MonkeyPatch) -> PlantedTrack:
    monkeypatch.setattr(place_testing, "_failed_at", {})
    with database.begin() as connection:
        return plant_track(connection)


def plant(database: Engine, track: PlantedTrack, code: str, **changed: Any) -> None:
    with database.begin() as connection:
        place = changed.pop("place", PLACES["droog"])
        plant_contribution(
            connection, track, code, "Hier kan het.", place=place, **{"kind": "plek", **changed}
        )


def send_without_test(database: Engine, track: PlantedTrack, code: str, **changed: Any) -> None:
    """A proposed place as the pages keep it when no test could be made."""
    with database.begin() as connection:
        new = NewContribution(
            code,
            track.id,
            track.phases["Plek kiezen"],
            "plek",
            "Hier kan het.",
            **{"geom": PLACES["droog"], **changed},
        )
        add_contribution(connection, new)


def found_of(database: Engine) -> dict[str, Any]:
    with database.connect() as connection:
        rows = connection.execute(text("SELECT code, place_test FROM contribution"))
        return {row[0]: row[1] for row in rows}


def test_each_gets_the_test_that_it_would_have_had_when_it_was_sent(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    for code, place in PLACES.items():
        send_without_test(database, track, code, geom=place)
    assert post.round(NOW).tested_count == 3
    found = found_of(database)
    with database.connect() as connection:
        work_as(connection, Hands(VISITOR))
        for code, place in PLACES.items():
            # TINY-4 is what the conversation is about, and comes first.
            ids = (track.sites["TINY-4"], track.sites["TINY-3"])
            made = try_place(
                connection, post.settings.home, place, "beschut_wonen", ids, NOW.date()
            )
            assert made is not None
            assert found[code] == made
    assert found["water"]["outcome"] == "grond"
    assert found["elders"]["outcome"] == "buiten"
    assert post.round(NOW).tested_count == 0


def test_what_has_a_test_or_needs_none_is_left_as_it_is(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    plant(database, track, "vraag", kind="vraag")
    plant(database, track, "getoetst", place_test={"outcome": "van toen"})
    with database.begin() as connection:
        concept = plant_track(connection, "concept", state="concept", published_at=None)
    plant(database, concept, "in-concept")
    plant(database, track, "geweigerd")
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE contribution SET moderation = 'geweigerd', refusal_key = 'respect' "
                "WHERE code = 'geweigerd'"
            )
        )
    assert post.round(NOW).tested_count == 0
    assert found_of(database) == {
        "vraag": None,
        "getoetst": {"outcome": "van toen"},
        "in-concept": None,
        "geweigerd": None,
    }


def test_one_that_fails_rests_and_holds_up_no_other(
    database: Engine, post: Post, track: PlantedTrack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []

    def fails_in_water(connection: Any, home: Path, geom: Any, *rest: Any) -> Any:
        tried.append(geom.x)
        return None if geom.x == PLACES["water"].x else try_place(connection, home, geom, *rest)

    monkeypatch.setattr(place_testing, "try_place", fails_in_water)
    plant(database, track, "droog")
    plant(database, track, "water", place=PLACES["water"], made_at=NOW)
    assert post.round(NOW).tested_count == 1
    assert {code for code, found in found_of(database).items() if found is None} == {"water"}
    tried.clear()
    post.round(NOW + dt.timedelta(minutes=59))
    assert tried == []
    monkeypatch.setattr(place_testing, "try_place", try_place)
    assert post.round(NOW + dt.timedelta(minutes=60)).tested_count == 1
    assert found_of(database)["water"]["outcome"] == "grond"


def test_the_caretaker_changes_no_word_on_whether_it_is_public(
    database: Engine, track: PlantedTrack
) -> None:
    plant(database, track, "droog")
    with database.begin() as connection:
        work_as(connection, Hands(CARETAKER))
        connection.execute(text("UPDATE contribution SET place_test = '{}'"))
        for column in ("moderation", "answer", "status"):
            with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
                connection.execute(text(f"UPDATE contribution SET {column} = NULL"))
