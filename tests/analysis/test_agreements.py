"""Agreements: open until done, with a term and a day to look at them where these belong."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.dialogue.agreements import (
    AGREEMENT_KINDS,
    AgreementDays,
    agreement_faults,
    done_fault,
)
from analysis.dialogue.readability import measure_readability, over_limits

TODAY = dt.date(2026, 6, 1)
MADE = dt.date(2026, 1, 1)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (AgreementDays(MADE), "loopt"),
        (AgreementDays(MADE, from_on=TODAY), "loopt"),
        (AgreementDays(MADE, from_on=TODAY + DAY), "komt"),
        (AgreementDays(MADE, until_on=TODAY), "loopt"),
        (AgreementDays(MADE, until_on=TODAY - DAY), "voorbij"),
        (AgreementDays(MADE, until_on=TODAY - DAY, done_on=TODAY), "klaar"),
        (AgreementDays(MADE, from_on=TODAY + DAY, done_on=TODAY), "klaar"),
    ],
)
def test_an_agreement_is_open_until_somebody_says_it_is_done(
    days: AgreementDays, state: str
) -> None:
    assert days.state(TODAY).key == state


def test_a_day_to_look_at_it_together_is_due_when_it_passed_and_soon_when_near() -> None:
    def of(evaluate_on: dt.date, done_on: dt.date | None = None) -> tuple[bool, bool]:
        days = AgreementDays(MADE, evaluate_on=evaluate_on, done_on=done_on)
        return days.evaluation_is_due(TODAY), days.evaluation_is_soon(TODAY)

    assert of(TODAY - DAY) == (True, False)
    assert of(TODAY) == (False, True)
    assert of(TODAY + 30 * DAY) == (False, True)
    assert of(TODAY + 31 * DAY) == (False, False)
    assert of(TODAY - DAY, done_on=TODAY) == (False, False)
    assert not AgreementDays(MADE).evaluation_is_due(TODAY)


def test_a_committee_has_an_end_and_a_day_to_look_at_it() -> None:
    kind = AGREEMENT_KINDS["commissie"]
    assert {name for name, _ in agreement_faults(kind, AgreementDays(MADE))} == {
        "until_on",
        "evaluate_on",
    }
    days = AgreementDays(MADE, until_on=MADE + 700 * DAY, evaluate_on=MADE + 365 * DAY)
    assert not list(agreement_faults(kind, days))
    assert not list(agreement_faults(AGREEMENT_KINDS["tegenprestatie"], AgreementDays(MADE)))


def test_days_that_can_not_be_are_told() -> None:
    days = AgreementDays(MADE, from_on=TODAY, until_on=TODAY - DAY, evaluate_on=MADE - DAY)
    faults = dict(agreement_faults(AGREEMENT_KINDS["beheer"], days))
    assert set(faults) == {"until_on", "evaluate_on"}
    assert done_fault(MADE, TODAY + DAY, TODAY)
    assert done_fault(MADE, MADE - DAY, TODAY)
    assert done_fault(MADE, TODAY, TODAY) is None


def test_the_kinds_are_told_in_plain_words() -> None:
    found = measure_readability(entry.explanation for entry in AGREEMENT_KINDS)
    assert found is not None
    assert over_limits(found) == ()
