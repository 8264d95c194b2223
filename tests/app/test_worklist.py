"""What the list of work says: what each site lacks, and the sentence above it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, text

from app.services.worklist import (
    ANSWERS,
    CAPACITY,
    NEXT_DATE,
    REASON,
    STAGE,
    WorkFilter,
    Worklist,
    worklist,
)

ON = dt.date(2026, 1, 1)


def listed(engine: Engine, on: dt.date = ON, wanted: WorkFilter = WorkFilter()) -> Worklist:  # noqa: B008
    with engine.connect() as connection:
        return worklist(connection, on, wanted)


def change(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def lacks(engine: Engine, on: dt.date = ON) -> dict[str, tuple[str, ...]]:
    work = listed(engine, on)
    return {item.site.site_code: item.lacks for item in (*work.candidates, *work.others)}


def test_what_each_site_lacks(database: Engine) -> None:
    found = lacks(database)
    assert found["TINY-4"] == (ANSWERS, NEXT_DATE, REASON)
    assert found["TINY-5"] == (ANSWERS, CAPACITY, NEXT_DATE, REASON)
    assert {code for code, words in found.items() if not words} == {
        "TINY-1",
        "TINY-2",
        "TINY-3",
        "TINY-6",
        "TINY-7",
    }


def test_the_farthest_stage_comes_first(database: Engine) -> None:
    keys = [stage.status.key for stage in listed(database).stages if stage.status]
    assert keys == ["planvorming", "nader_onderzoek"]


def test_an_answer_that_nothing_is_known_is_no_answer(database: Engine) -> None:
    site = "(SELECT id FROM site WHERE site_code = 'TINY-4')"
    add = "INSERT INTO site_answer (site_id, question, finding) VALUES"
    change(database, f"{add} ({site}, 'eigendom', 'past'), ({site}, 'milieu', 'onbekend')")
    (item,) = (entry for entry in listed(database).candidates if entry.site.site_code == "TINY-4")
    assert item.answer_count == 1
    assert item.to_do[0] == "antwoord op 4 van de 5 vragen"


def test_a_site_without_a_stage_is_something_to_do(database: Engine) -> None:
    change(
        database, "DELETE FROM site_state USING site WHERE id = site_id AND site_code = 'TINY-1'"
    )
    work = listed(database)
    assert work.stages[0].status is None
    assert lacks(database)["TINY-1"] == (ANSWERS, STAGE)


def test_a_planned_step_is_a_date(database: Engine) -> None:
    change(
        database,
        "INSERT INTO site_state (site_id, from_date, status) "
        "SELECT id, '2027-01-01', 'besluit' FROM site WHERE site_code = 'TINY-4'",
    )
    assert NEXT_DATE not in lacks(database)["TINY-4"]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (
            WorkFilter(),
            "Alle 2 kandidaten missen nog iets: antwoorden op de vijf vragen (2), het aantal "
            "plekken (1), een datum voor de volgende stap (2) en de reden van de fase (2).",
        ),
        (WorkFilter(gemeente_code="GM9001"), "Er zijn nu geen kandidaten waar iets voor moet "
         "gebeuren."),
        (
            WorkFilter(type_key="beschut_wonen"),
            "Deze kandidaat mist nog iets: antwoorden op de vijf vragen, een datum voor de "
            "volgende stap en de reden van de fase.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_counts_what_is_asked_for(
    database: Engine, wanted: WorkFilter, sentence: str
) -> None:
    assert listed(database, wanted=wanted).sentence == sentence
