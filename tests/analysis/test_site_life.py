"""Which stage follows which, and what to think of first."""

from __future__ import annotations

import pytest

from analysis.closer_look import FINDINGS, QUESTIONS, open_questions
from analysis.domain import SITE_STATUSES, SiteStatus
from analysis.site_life import Step, cautions, goes_beyond_closer_look, is_usual, usual_next

ANSWERED = {question.key: "past" for question in QUESTIONS}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ("idee", "verkend")),
        ("idee", ("verkend", "afgevallen")),
        ("verkend", ("nader_onderzoek", "afgevallen")),
        ("nader_onderzoek", ("planvorming", "afgevallen")),
        ("planvorming", ("besluit", "afgevallen")),
        ("besluit", ("realisatie", "afgevallen")),
        ("realisatie", ("in_gebruik", "afgevallen")),
        ("in_gebruik", ("omgeklapt", "afgebouwd")),
        ("omgeklapt", ()),
        ("afgebouwd", ()),
        ("afgevallen", ()),
    ],
)
def test_a_site_usually_goes_its_way_step_by_step(
    before: str | None, after: tuple[str, ...]
) -> None:
    status = None if before is None else SITE_STATUSES[before]
    assert tuple(entry.key for entry in usual_next(status)) == after


@pytest.mark.parametrize("status", SITE_STATUSES, ids=lambda status: status.key)
def test_staying_in_a_stage_surprises_nobody(status: SiteStatus) -> None:
    assert is_usual(status, status)
    assert status not in usual_next(status)


def test_the_questions_are_asked_before_a_plan_is_made() -> None:
    beyond = [status.key for status in SITE_STATUSES if goes_beyond_closer_look(status)]
    assert beyond == ["planvorming", "besluit", "realisatie", "in_gebruik"]


def test_a_question_is_open_until_something_is_found() -> None:
    assert open_questions(ANSWERED) == ()
    assert open_questions({}) == QUESTIONS.entries
    still = open_questions({**ANSWERED, "acceptatie": "onbekend"})
    assert [question.key for question in still] == ["acceptatie"]


def test_open_questions_are_named_in_the_caution() -> None:
    step = Step(SITE_STATUSES["nader_onderzoek"], SITE_STATUSES["planvorming"])
    (caution,) = cautions(step, open_questions({**ANSWERED, "milieu": "onbekend"}))
    assert caution.key == "vragen"
    assert caution.text.endswith("Open: Milieueisen.")
    assert cautions(step, ()) == ()


def test_dropping_a_plan_asks_for_no_answers() -> None:
    step = Step(SITE_STATUSES["verkend"], SITE_STATUSES["afgevallen"])
    assert cautions(step, QUESTIONS.entries) == ()


def test_an_objection_is_an_answer_and_stops_no_step() -> None:
    step = Step(SITE_STATUSES["nader_onderzoek"], SITE_STATUSES["planvorming"])
    assert cautions(step, open_questions(dict.fromkeys(ANSWERED, "bezwaar"))) == ()


def test_going_back_is_told() -> None:
    (caution,) = cautions(Step(SITE_STATUSES["in_gebruik"], SITE_STATUSES["idee"]), ())
    assert caution.text == (
        "Na ‘in gebruik’ komt meestal ‘omgeklapt’ of ‘gesloten’. U kiest ‘idee’."
    )


def test_beginning_halfway_is_told() -> None:
    (caution,) = cautions(Step(None, SITE_STATUSES["besluit"]), ())
    assert caution.key == "volgorde"
    assert "idee of verkend" in caution.text


def test_only_what_is_not_known_needs_no_evidence() -> None:
    assert [finding.key for finding in FINDINGS if not finding.asks_evidence] == ["onbekend"]
