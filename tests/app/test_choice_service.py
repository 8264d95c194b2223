"""From longlist to choice: joining, going on, falling and coming back; rules in versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from analysis.choice_rules import rule_differences, rules_from_json, rules_of_points
from app.services.choice_changes import (
    ChoiceFault,
    NewPlace,
    Source,
    UnheededMove,
    add_candidates,
    add_place,
    drop_candidate,
    keep_rules,
    make_choice,
    move_candidate,
    take_back,
)
from app.services.choices import choice_list, choice_sentence, choice_view
from app.services.demo import load_region
from app.services.site_form import FieldFaults
from data.changes.choices import ChoiceFields, change_choice
from data.changes.refusals import SecretText
from data.changes.sites import Conflict, OutsideScope
from data.errors import NotFound
from data.queries.choices import choices, find_candidate, find_choice, rules_versions
from data.queries.workspace import workspace_site
from tests.app.choosing import (
    FROM_STAFF,
    ON,
    PLANNER,
    as_owner,
    assess,
    gather,
    make,
    site_at,
    site_ids,
    work_for,
)
from tests.world import tiny_world


@pytest.fixture
def region(connection: Connection) -> Connection:
    """The world, as someone of Noorderzand works on it."""
    load_region(connection, tiny_world())
    work_for(connection, "GM9003")
    return connection


@pytest.fixture
def choice_id(region: Connection) -> int:
    return make(region)


@pytest.fixture
def site_id(region: Connection, choice_id: int) -> int:
    """TINY-5, looked at closely, among the candidates."""
    number = site_ids(region)["TINY-5"]
    gather(region, choice_id, number)
    return number


def answer_all(connection: Connection, site_id: int) -> None:
    for question in ("eigendom", "bestemming", "milieu", "acceptatie", "infrastructuur"):
        connection.execute(
            text(
                "INSERT INTO site_answer (site_id, question, finding, evidence, source, found_on) "
                "VALUES (:id, :question, 'past', 'x', 'x', '2025-01-01')"
            ),
            {"id": site_id, "question": question},
        )


def test_a_choice_begins_with_the_usual_rules_and_nobody_in_it(
    region: Connection, choice_id: int
) -> None:
    view = choice_view(region, choice_id, ON)
    assert view.sentence == "Er zijn nog geen plekken bekeken."
    assert view.scope_name == "Noorderzand"
    assert view.record.target_place_count == 12
    assert view.rules_record.version == 1
    assert view.rules_record.reason == "Besluit van de raad"
    assert view.rules.points["bereikbaarheid"] == 30
    assert [line.record.id for line in choice_list(region)] == [choice_id]


def test_a_candidate_tells_where_it_came_from_and_what_it_lacks(
    region: Connection, choice_id: int
) -> None:
    explored = site_at(region, "W-1", "skaeve_huse", 101_000, 482_900)
    add_candidates(region, choice_id, [explored], Source("inwoner", "Op een avond"), PLANNER)
    view = choice_view(region, choice_id, ON)
    candidate = view.of(explored)
    assert (candidate.stage.key, candidate.origin.key) == ("groslijst", "inwoner")
    assert candidate.record.origin_note == "Op een avond"
    assert candidate.record.added_on == ON
    assert [caution.key for caution in candidate.missing] == ["verkend"]
    assert view.sentence == "1 plek bekeken, 1 op de groslijst."


def test_whoever_joins_twice_stays_as_it_is(
    region: Connection, choice_id: int, site_id: int
) -> None:
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    gather(region, choice_id, site_id)
    assert find_candidate(region, choice_id, site_id).stage == "nader_onderzoek"


def test_a_site_of_another_type_or_gemeente_does_not_belong(
    region: Connection, choice_id: int
) -> None:
    with pytest.raises(ChoiceFault, match="een andere soort plek"):
        gather(region, choice_id, site_ids(region)["TINY-7"])
    elsewhere = site_at(region, "W-2", "skaeve_huse", 101_000, 481_500)
    with pytest.raises(NotFound):
        gather(region, choice_id, elsewhere)
    work_for(region)
    with pytest.raises(ChoiceFault, match="ligt niet in Noorderzand"):
        gather(region, choice_id, elsewhere)


def test_what_is_missing_is_a_caution_and_no_wall(
    region: Connection, choice_id: int, site_id: int
) -> None:
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    with pytest.raises(UnheededMove) as told:
        move_candidate(region, choice_id, site_id, "vergelijking", 2, ON)
    assert [caution.key for caution in told.value.cautions] == ["vragen", "plekken"]
    assert find_candidate(region, choice_id, site_id).stage == "nader_onderzoek"
    move_candidate(region, choice_id, site_id, "vergelijking", 2, ON, ["vragen", "plekken"])
    assert find_candidate(region, choice_id, site_id).stage == "vergelijking"


def test_whoever_has_all_that_is_asked_goes_on(
    region: Connection, choice_id: int, site_id: int
) -> None:
    answer_all(region, site_id)
    with as_owner(region):
        region.execute(
            text("UPDATE site_state SET capacity_count = 6 WHERE site_id = :id"), {"id": site_id}
        )
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    move_candidate(region, choice_id, site_id, "vergelijking", 2, ON)
    assert choice_view(region, choice_id, ON).of(site_id).missing[0].key == "vergeleken"
    assess(region, choice_id, 1, site_id)
    move_candidate(region, choice_id, site_id, "keuze", 3, ON)
    assert choice_view(region, choice_id, ON).sentence == "1 plek bekeken, 1 gekozen."


def test_back_is_a_step_as_well(region: Connection, choice_id: int, site_id: int) -> None:
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    move_candidate(region, choice_id, site_id, "groslijst", 2, ON)
    with pytest.raises(ChoiceFault, match="staat al in deze fase"):
        move_candidate(region, choice_id, site_id, "groslijst", 3, ON)


def test_who_falls_keeps_everything_and_stays_listed(
    region: Connection, choice_id: int, site_id: int
) -> None:
    before = find_candidate(region, choice_id, site_id)
    drop_candidate(region, choice_id, site_id, "Geen riool.", 1, PLANNER)
    view = choice_view(region, choice_id, ON)
    (dropped,) = view.dropped
    assert replace(
        dropped.record, dropped_on=None, dropped_role=None, dropped_reason=None, version=1
    ) == (before)
    assert (dropped.record.dropped_on, dropped.record.dropped_reason) == (ON, "Geen riool.")
    assert dropped.dropped_by == "Planner van Noorderzand"
    assert view.sentence == "1 plek bekeken, 1 afgevallen."
    assert view.by_stage == ()
    assert workspace_site(region, site_id, ON).status == "nader_onderzoek"


def test_who_falls_may_fall_in_the_register_too(
    region: Connection, choice_id: int, site_id: int
) -> None:
    drop_candidate(region, choice_id, site_id, "Geen riool.", 1, PLANNER, also_in_register=True)
    assert workspace_site(region, site_id, ON).status == "afgevallen"
    assert workspace_site(region, site_id, ON).since == ON


def test_a_stage_of_the_same_day_is_not_written_over(
    region: Connection, choice_id: int, site_id: int
) -> None:
    today = replace(PLANNER, on=workspace_site(region, site_id, ON).since or ON)
    with pytest.raises(ChoiceFault, match="begint in het register al een andere fase"):
        drop_candidate(region, choice_id, site_id, "x", 1, today, also_in_register=True)
    assert find_candidate(region, choice_id, site_id).dropped_on is None


def test_whoever_fell_comes_back_where_it_was(
    region: Connection, choice_id: int, site_id: int
) -> None:
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    drop_candidate(region, choice_id, site_id, "Geen riool.", 2, PLANNER)
    with pytest.raises(ChoiceFault, match="Haal haar eerst terug"):
        move_candidate(region, choice_id, site_id, "groslijst", 3, ON)
    take_back(region, choice_id, site_id, 3)
    record = find_candidate(region, choice_id, site_id)
    assert (record.stage, record.dropped_on, record.dropped_role) == (
        "nader_onderzoek",
        None,
        None,
    )
    with pytest.raises(ChoiceFault, match="doet al mee"):
        take_back(region, choice_id, site_id, 4)


def test_who_saw_something_else_writes_nothing_over(
    region: Connection, choice_id: int, site_id: int
) -> None:
    move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    with pytest.raises(Conflict):
        move_candidate(region, choice_id, site_id, "groslijst", 1, ON)
    with pytest.raises(Conflict):
        drop_candidate(region, choice_id, site_id, "x", 1, PLANNER)
    with pytest.raises(Conflict):
        take_back(region, choice_id, site_id, 1)
    fields = ChoiceFields("GM9003", "skaeve_huse", "Andere naam", None, None)
    change_choice(region, choice_id, fields, 1)
    with pytest.raises(Conflict):
        change_choice(region, choice_id, replace(fields, name="Nog een"), 1)
    assert find_choice(region, choice_id).name == "Andere naam"


def test_rules_get_versions_and_the_older_ones_stay(region: Connection, choice_id: int) -> None:
    first = choice_view(region, choice_id, ON).rules
    kind = choice_view(region, choice_id, ON).type
    second = replace(first, criteria=rules_of_points(kind, {**first.points, "kosten": 40}))
    assert keep_rules(region, choice_id, second, "Geld telt zwaarder", 1, None) == 2
    newest, oldest = rules_versions(region, choice_id)
    assert (newest.version, newest.reason) == (2, "Geld telt zwaarder")
    told = rule_differences(rules_from_json(oldest.content), rules_from_json(newest.content))
    assert [(one.before, one.after) for one in told] == [("10", "40")]
    with pytest.raises(Conflict):
        keep_rules(region, choice_id, first, "Toch niet", 1, None)
    with pytest.raises(ChoiceFault, match="staat er al zo"):
        keep_rules(region, choice_id, second, "Nog eens", 2, None)


def test_no_version_of_the_rules_can_be_changed(region: Connection, choice_id: int) -> None:
    with as_owner(region), pytest.raises(Exception, match="only added to"), region.begin_nested():
        region.execute(text("UPDATE choice_rules SET reason = 'x'"))
    with pytest.raises(Exception, match="permission denied"), region.begin_nested():
        region.execute(text("DELETE FROM choice_rules"))


def test_whoever_was_compared_under_an_older_version_says_so(
    region: Connection, choice_id: int, site_id: int
) -> None:
    assess(region, choice_id, 1, site_id)
    view = choice_view(region, choice_id, ON)
    assert view.of(site_id).older_version is None
    assert view.of(site_id).compared_version == 1
    second = replace(view.rules, terms=replace(view.rules.terms, radius_m=800.0))
    keep_rules(region, choice_id, second, "Verder kijken", 1, None)
    told = choice_view(region, choice_id, ON).of(site_id)
    assert told.older_version == "Vergeleken met versie 1 van de regels. Nu geldt versie 2."
    assess(region, choice_id, 2, site_id)
    assert choice_view(region, choice_id, ON).of(site_id).older_version is None


def test_an_assessment_without_candidates_breaks_nothing(
    region: Connection, choice_id: int, site_id: int
) -> None:
    for content in ("{}", '{"candidates": 3}', '{"candidates": [{"name": "x"}, 4]}'):
        region.execute(
            text(
                "INSERT INTO assessment (choice_id, rules_version, content, sha256) "
                "VALUES (:id, 1, CAST(:content AS jsonb), 'f00d')"
            ),
            {"id": choice_id, "content": content},
        )
    assert choice_view(region, choice_id, ON).of(site_id).compared_version is None


def test_a_place_on_the_map_becomes_an_idea_and_a_candidate(
    region: Connection, choice_id: int
) -> None:
    place = NewPlace("Aan de dijk", 101_200, 482_700, 6)
    source = Source("zoekgebied", "Zoekgebied 4")
    made = add_place(region, choice_id, place, source, PLANNER, "Uit het zoeken")
    site = workspace_site(region, made, ON)
    assert (site.status, site.publication, site.type) == ("idee", "intern", "skaeve_huse")
    assert site.capacity_count == 6
    assert choice_view(region, choice_id, ON).of(made).origin.key == "zoekgebied"


@pytest.mark.parametrize("y_m", [481_500, 600_000])
def test_a_place_elsewhere_is_refused(region: Connection, choice_id: int, y_m: float) -> None:
    place = NewPlace("Elders", 101_200, y_m)
    with pytest.raises((FieldFaults, ChoiceFault)), region.begin_nested():
        add_place(region, choice_id, place, FROM_STAFF, PLANNER, "x")
    assert choice_view(region, choice_id, ON).candidates == ()


def test_nothing_secret_is_kept(region: Connection, choice_id: int, site_id: int) -> None:
    fields = ChoiceFields("GM9003", "skaeve_huse", "Plek voor vrouwenopvang")
    with pytest.raises(SecretText), region.begin_nested():
        make_choice(region, fields, "x", None)
    with pytest.raises(SecretText), region.begin_nested():
        drop_candidate(region, choice_id, site_id, "Naast de vrouwenopvang", 1, PLANNER)
    other = site_at(region, "W-3", "skaeve_huse", 101_000, 482_900)
    secret = Source("inwoner", "Bij het blijf van mijn lijf huis")
    with pytest.raises(SecretText), region.begin_nested():
        add_candidates(region, choice_id, [other], secret, PLANNER)
    view = choice_view(region, choice_id, ON)
    changed = replace(view.rules, terms=replace(view.rules.terms, radius_m=800.0))
    with pytest.raises(SecretText), region.begin_nested():
        keep_rules(region, choice_id, changed, "Dicht bij vrouwenopvang", 1, None)


def test_a_planner_of_another_gemeente_sees_nothing_of_it(
    region: Connection, choice_id: int, site_id: int
) -> None:
    work_for(region, "GM9001")
    assert choices(region) == []
    for ask in (find_choice, rules_versions):
        if ask is rules_versions:
            assert rules_versions(region, choice_id) == []
            continue
        with pytest.raises(NotFound):
            find_choice(region, choice_id)
    with pytest.raises(NotFound):
        find_candidate(region, choice_id, site_id)
    with pytest.raises(NotFound):
        move_candidate(region, choice_id, site_id, "nader_onderzoek", 1, ON)
    with pytest.raises(OutsideScope), region.begin_nested():
        make(region, "GM9003")
    seen = "SELECT count(*) FROM change WHERE table_name LIKE 'choice%'"
    assert region.scalar(text(seen)) == 0


def test_the_choice_of_the_region_is_read_but_not_written(region: Connection) -> None:
    secret = site_at(region, "W-4", "skaeve_huse", 101_000, 481_500)
    public = site_ids(region)["TINY-5"]
    work_for(region)
    of_region = make(region, "regio")
    gather(region, of_region, secret, public)
    work_for(region, "GM9001")
    view = choice_view(region, of_region, ON)
    assert not view.record.is_own
    assert view.scope_name == "de regio"
    assert view.of(public).name == "Proeflocatie 5 (voorbeeld)"
    assert view.of(public).missing == ()
    assert view.of(secret).site is None
    assert "W-4" not in view.of(secret).name
    for write in (
        lambda: move_candidate(region, of_region, public, "nader_onderzoek", 1, ON),
        lambda: drop_candidate(region, of_region, public, "x", 1, PLANNER),
        lambda: take_back(region, of_region, public, 1),
        lambda: gather(region, of_region, public),
        lambda: keep_rules(region, of_region, view.rules, "x", 1, None),
        lambda: change_choice(region, of_region, ChoiceFields("regio", "respijt", "x"), 1),
    ):
        with pytest.raises(OutsideScope), region.begin_nested():
            write()
    with pytest.raises(OutsideScope), region.begin_nested():
        make(region, "regio")


def test_every_change_is_in_the_history_with_its_reason(
    region: Connection, choice_id: int, site_id: int
) -> None:
    work_for(region, "GM9003", reason="Besloten in het overleg")
    drop_candidate(region, choice_id, site_id, "Geen riool.", 1, PLANNER)
    row = region.execute(
        text(
            "SELECT reason, gemeente_code, site_id, after ->> 'dropped_reason' AS why FROM change "
            "WHERE table_name = 'choice_candidate' ORDER BY id DESC LIMIT 1"
        )
    ).one()
    assert tuple(row) == ("Besloten in het overleg", "GM9003", None, "Geen riool.")


@pytest.mark.parametrize(
    ("counts", "dropped", "told"),
    [
        ({}, 0, "Er zijn nog geen plekken bekeken."),
        ({"nader_onderzoek": 4}, 7, "11 plekken bekeken, 4 in nader onderzoek, 7 afgevallen."),
        (
            {"groslijst": 2, "keuze": 1},
            0,
            "3 plekken bekeken, 2 op de groslijst, 1 gekozen.",
        ),
    ],
)
def test_the_sentence_adds_up(counts: dict[str, int], dropped: int, told: str) -> None:
    assert choice_sentence(counts, dropped) == told
