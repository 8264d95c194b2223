"""Two people at one site: who changed what, and what must be chosen."""

from __future__ import annotations

import datetime as dt

from app.services.site_form import SITE_FIELDS
from app.services.site_merge import Seen, merge, with_editor
from data.queries.history import ChangeRecord

EMPTY = dict.fromkeys(SITE_FIELDS.keys, "")
BASE = {**EMPTY, "naam": "Hoek", "adres": "Straat 1", "toelichting": "Een\nTwee"}
SEEN = Seen(1, BASE)


def preselected(mine: dict[str, str], theirs: dict[str, str]) -> dict[str, str | None]:
    merged = merge(SEEN, Seen(2, {**BASE, **theirs}), {**BASE, **mine}, {})
    assert merged.is_new
    return {entry.field.key: entry.preselected for entry in merged.differences}


def test_without_another_version_there_is_nothing_to_choose() -> None:
    merged = merge(SEEN, Seen(1, BASE), {**BASE, "naam": "Mijn naam"}, {})
    assert merged.differences == ()
    assert merged.texts["naam"] == "Mijn naam"


def test_mine_is_chosen_beforehand_only_where_the_other_did_not_touch() -> None:
    found = preselected(
        {"naam": "Mijn naam", "adres": "Mijn straat", "soort": "respijt"},
        {"naam": "Hun naam", "aanbieder": "Hun aanbieder", "soort": "respijt"},
    )
    assert found == {"naam": None, "adres": "mijn", "aanbieder": "hun"}


def test_other_line_ends_are_no_difference() -> None:
    assert preselected({"toelichting": "Een\r\nTwee"}, {"naam": "Hun naam"}) == {"naam": "hun"}


def test_a_new_version_that_says_the_same_asks_nothing() -> None:
    merged = merge(SEEN, Seen(2, {**BASE, "naam": "Zelfde"}), {**BASE, "naam": "Zelfde"}, {})
    assert merged.differences == ()
    assert merged.seen.version == 2


def test_what_two_changed_must_be_chosen_before_anything_is_saved() -> None:
    newest = Seen(2, {**BASE, "naam": "Hun naam", "aanbieder": "Hun aanbieder"})
    mine = {**BASE, "naam": "Mijn naam"}
    first = merge(SEEN, newest, mine, {})
    assert first.seen.to_choose == ("naam",)
    forgotten = merge(first.seen, newest, mine, {"aanbieder": "hun"})
    assert forgotten.unchosen == ("naam",)
    assert not forgotten.is_new
    assert forgotten.texts["naam"] == "Mijn naam"
    chosen = merge(first.seen, newest, mine, {"aanbieder": "hun", "naam": "mijn"})
    assert chosen.differences == ()
    assert chosen.texts["naam"] == "Mijn naam"
    assert chosen.texts["aanbieder"] == "Hun aanbieder"
    assert chosen.seen.to_choose == ()


def test_a_third_who_saves_in_between_is_asked_about_as_well() -> None:
    second = Seen(2, {**BASE, "naam": "Hun naam"}, ("naam",))
    third = Seen(3, {**BASE, "naam": "Hun naam", "adres": "Derde straat"})
    merged = merge(second, third, {**BASE, "naam": "Mijn naam"}, {"naam": "mijn"})
    assert {entry.field.key: entry.preselected for entry in merged.differences} == {
        "naam": "mijn",
        "adres": "hun",
    }


def test_without_a_known_beginning_every_difference_must_be_chosen() -> None:
    merged = merge(None, Seen(2, BASE), {**BASE, "naam": "Mijn naam"}, {"naam": "hun"})
    assert merged.texts["naam"] == "Mijn naam"
    assert merged.seen.to_choose == ("naam",)


def test_the_last_who_changed_a_field_is_named() -> None:
    def edit(day: int, name: str, before: str, after: str) -> ChangeRecord:
        at, was, now = dt.datetime(2026, 1, day, tzinfo=dt.UTC), {"name": before}, {"name": after}
        return ChangeRecord(day, at, day, 1, name, "website", None, "site", "changed", 1, was, now)

    edits = [edit(3, "Derde", "C", "C"), edit(2, "Tweede", "B", "C"), edit(1, "Eerste", "A", "B")]
    merged = merge(SEEN, Seen(4, {**BASE, "naam": "C", "adres": "Q"}), {**BASE, "naam": "M"}, {})
    named = [with_editor(entry, edits) for entry in merged.differences]
    assert [(entry.field.key, entry.editor) for entry in named] == [
        ("naam", "Tweede"),
        ("adres", None),
    ]
