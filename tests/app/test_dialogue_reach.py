"""How far a conversation reached: what is told to everyone, and what is kept back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert

from app.services.dialogue_reach import Reach, dialogue_reach
from data.dialogue_tables import Importance
from tests.app.signed_in import signed_in
from tests.app.staff_site import fill
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track

OWN, BESIDE = "WK900201", "WK900101"
#: By wijk, way of entry and state of moderation: how many are planted.
PLANTED = (
    (OWN, "website", "openbaar", 6),
    (OWN, "bijeenkomst", "wacht", 3),
    (BESIDE, "website", "openbaar", 5),
    ("WK900301", "papier", "openbaar", 2),
    (None, "papier", "openbaar", 1),
    (OWN, "website", "geweigerd", 4),
)


@pytest.fixture(scope="module")
def planted(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> tuple[Flask, Engine, PlantedTrack]:
    app, owner = make_site(fill)
    with owner.begin() as connection:
        track = plant_track(connection)
        plant_track(connection, "leeg", title="Nog niets")
        number = 0
        for wijk, entry, moderation, count in PLANTED:
            for _ in range(count):
                number += 1
                plant_contribution(
                    connection,
                    track,
                    f"c{number}",
                    from_wijk_code=wijk,
                    entry=entry,
                    moderation=moderation,
                    refusal_key="respect" if moderation == "geweigerd" else None,
                )
        plant_meeting(connection, track, visitor_count=31)
        plant_meeting(connection, track, name="Afgelast", is_cancelled=True, visitor_count=0)
        plant_meeting(connection, track, name="Straks")
        for _ in range(3):
            connection.execute(
                insert(Importance).values(track_id=track.id, type="beschut_wonen", points={"a": 1})
            )
    return app, owner, track


def reach(planted: tuple[Flask, Engine, PlantedTrack]) -> Reach:
    _, owner, track = planted
    with owner.connect() as connection:
        return dialogue_reach(connection, track.id, OWN, "GM9002")


def test_what_was_refused_does_not_count_and_is_told(
    planted: tuple[Flask, Engine, PlantedTrack],
) -> None:
    found = reach(planted)
    assert (found.total, found.waiting_count, found.refused_count) == (17, 3, 4)
    assert found.by_entry == {"website": 11, "bijeenkomst": 3, "papier": 3}
    assert found.sentence == (
        "Er kwamen 17 reacties binnen. Daarvan kwamen er 11 op de website, 3 op een bijeenkomst en "
        "3 op papier of aan de telefoon."
    )


def test_a_wijk_with_few_takes_the_smallest_with_it(
    planted: tuple[Flask, Engine, PlantedTrack],
) -> None:
    found = reach(planted)
    lines = [(line.residents.area_code, line.contribution_count) for line in found.wijken]
    # 2 and 1 make a rest of 3, which is small: the smallest wijk, with 5, goes with them.
    assert (lines, found.rest_count) == ([(OWN, 9)], 8)


def test_the_page_says_it_is_no_sample_and_gives_residents_with_their_year(
    planted: tuple[Flask, Engine, PlantedTrack],
) -> None:
    page = planted[0].test_client().get("/in-gesprek/middendorp").get_data(as_text=True)
    part = page[page.index('id="bereik"') :]
    part = part[: part.index("</section>")]
    assert "Dit is geen steekproef." in part
    assert "Hoeveel verschillende mensen schreven, weten wij niet." in part
    assert "Inloopavond, 4 maart 2026: 31 bezoekers." in part
    assert "Afgelast" not in part
    assert "Straks" not in part
    assert "Minder dan 5 keer vulde iemand in" in part
    found = reach(planted)
    assert found.home is not None
    assert str(found.home_sentence) in part
    assert f"Inwoners ({found.release.year})" in part


def test_residents_are_those_of_the_figures(planted: tuple[Flask, Engine, PlantedTrack]) -> None:
    with planted[1].connect() as connection:
        stored = connection.exec_driver_sql(
            f"SELECT value FROM figure WHERE area_code = '{OWN}' AND figure = 'inwoners'"
        ).scalar_one()
    home = reach(planted).home
    assert home is not None
    assert home.resident_count == stored


def test_nothing_yet_is_told_so_and_staff_see_the_same(
    planted: tuple[Flask, Engine, PlantedTrack],
) -> None:
    app, owner, track = planted
    empty = app.test_client().get("/in-gesprek/leeg").get_data(as_text=True)
    assert "Er kwamen nog geen reacties binnen." in empty
    planner = signed_in(app, owner, "planner", "GM9002")
    page = planner.get(f"/gesprekken/{track.id}").get_data(as_text=True)
    assert "Er kwamen 17 reacties binnen" in page
