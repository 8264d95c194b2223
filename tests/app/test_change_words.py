"""What happened to a choice and its dossier, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.services.change_words import Words, heading, lines
from data.queries.history import ChangeRecord

Row = dict[str, Any] | None
CANDIDATE = {"choice_id": 1, "site_id": 7, "stage": "groslijst", "dropped_on": None}
FELL = {
    **CANDIDATE,
    "dropped_on": "2026-01-31",
    "dropped_role": "planner",
    "dropped_reason": "Geen riool.",
}
DOSSIER = {"id": 3, "title": "Huisjes", "code": "AB12", "published_at": None}
PUBLIC = {**DOSSIER, "published_at": "2026-01-31T12:00:00+00:00"}


def change(table: str, before: Row, after: Row) -> ChangeRecord:
    action = "added" if before is None else "removed" if after is None else "changed"
    at = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    who = (1, at, 1, None, None, "website", None)
    return ChangeRecord(*who, table, action, None, before, after)


@pytest.mark.parametrize(
    ("table", "before", "after", "told"),
    [
        ("choice_candidate", None, CANDIDATE, "De dijk toegevoegd als kandidaat"),
        ("choice_candidate", CANDIDATE, FELL, "De dijk afgevallen"),
        ("choice_candidate", FELL, CANDIDATE, "De dijk teruggehaald"),
        (
            "choice_candidate",
            CANDIDATE,
            {**CANDIDATE, "stage": "keuze"},
            "De dijk naar fase ‘Keuze’",
        ),
        ("choice_candidate", CANDIDATE, None, "De dijk verwijderd als kandidaat"),
        ("choice", None, {"id": 1}, "Keuze gemaakt"),
        ("choice", {"id": 1}, {"id": 1, "name": "x"}, "Keuze gewijzigd"),
        ("choice_rules", None, {"version": 2}, "Versie 2 van de regels toegevoegd"),
        ("dossier", None, DOSSIER, "Dossier ‘Huisjes’ gemaakt"),
        ("dossier", DOSSIER, PUBLIC, "Dossier ‘Huisjes’ openbaar gemaakt"),
        ("dossier", PUBLIC, DOSSIER, "Dossier ‘Huisjes’ ingetrokken"),
        ("site_cost", None, {"cost_eur": 5}, "Kosten toegevoegd"),
        ("something_new", None, {"id": 1}, "something_new toegevoegd"),
    ],
)
def test_what_happened_is_told_in_a_few_words(
    table: str, before: Row, after: Row, told: str
) -> None:
    assert heading(change(table, before, after), Words({}, {7: "De dijk"})) == told


def test_a_site_that_may_not_be_known_is_told_by_its_number() -> None:
    assert heading(change("choice_candidate", CANDIDATE, FELL)) == "Kandidaat 7 afgevallen"


def test_the_fields_that_changed_are_told_without_keys_or_names_of_accounts() -> None:
    fell = change("choice_candidate", CANDIDATE, {**FELL, "dropped_by": 12})
    assert [line.sentence for line in lines(fell, Words())] == [
        "Afgevallen op: niet ingevuld → 31 januari 2026",
        "Afgevallen door: niet ingevuld → Planner",
        "Reden van afvallen: niet ingevuld → Geen riool.",
    ]
    public = change("dossier", DOSSIER, PUBLIC)
    assert [line.sentence for line in lines(public, Words())] == [
        "Openbaar sinds: niet ingevuld → 31 januari 2026"
    ]
    cost = change("site_cost", {"cost_eur": 0}, {"cost_eur": 1_250_000})
    assert [line.sentence for line in lines(cost, Words())] == [
        "Eenmalige kosten: € 0 → € 1.250.000"
    ]
