"""The five questions of the closer look at a site: what is known, and saving what is found."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.closer_look import FINDINGS, NOT_KNOWN, QUESTIONS, Finding, Question, open_questions
from data.changes.answers import AnswerFields, save_answer
from data.changes.refusals import hold_site
from data.errors import DataError
from data.queries.answers import AnswerRecord, site_answers
from data.queries.history import ChangeRecord, last_change
from data.queries.workspace import WorkspaceSite

#: What stands in a question that nobody answered.
EMPTY = AnswerFields(NOT_KNOWN.key)


@dataclass(frozen=True)
class Answer:
    """A question with what is stored; ``version`` 0 says that nothing is."""

    question: Question
    finding: Finding
    fields: AnswerFields
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be found out."""
        return self.finding == NOT_KNOWN


@dataclass(frozen=True)
class TypedAnswer:
    """What someone typed on a question, over which version."""

    fields: AnswerFields
    seen_version: int


class AnswersChanged(DataError):
    """Others saved these questions since they were read; nothing is written."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__("Iemand anders heeft intussen een vraag beantwoord.")
        self.questions = questions


def closer_look(connection: Connection, site_id: int) -> tuple[Answer, ...]:
    """The five questions in their order, with what is known of each."""
    stored = site_answers(connection, site_id)
    return tuple(_answer(question, stored.get(question.key)) for question in QUESTIONS)


def questions_section(connection: Connection, site: WorkspaceSite) -> dict[str, object]:
    """What ``werkbank/_vragen.html`` shows."""
    answers = closer_look(connection, site.id)
    return {"answers": answers, "open_count": sum(answer.is_open for answer in answers)}


def unanswered(connection: Connection, site_id: int) -> tuple[Question, ...]:
    """The questions that are still to be found out."""
    stored = site_answers(connection, site_id)
    return open_questions({key: answer.finding for key, answer in stored.items()})


def save_answers(
    connection: Connection, site_id: int, typed: Mapping[str, TypedAnswer]
) -> tuple[str, ...]:
    """Write the answers that differ from what is stored, and return their questions.

    Raises AnswersChanged, and writes nothing, when someone else saved one of them in between.
    """
    hold_site(connection, site_id)
    now = {answer.question.key: answer for answer in closer_look(connection, site_id)}
    changed = {key: each for key, each in typed.items() if each.fields != now[key].fields}
    behind = tuple(key for key, each in changed.items() if each.seen_version != now[key].version)
    if behind:
        raise AnswersChanged(behind)
    for key, each in changed.items():
        save_answer(connection, site_id, key, each.fields, each.seen_version)
    return tuple(changed)


def who_answered(connection: Connection, site_id: int, question: str) -> ChangeRecord | None:
    """The change by which an answer became what it is."""
    return last_change(connection, site_id, "site_answer", question=question)


def mark_of(fields: AnswerFields) -> str:
    """A short text by which a form knows whether anything was typed in it."""
    parts = (fields.finding, fields.evidence, fields.source, _iso(fields.found_on))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def answer_faults(fields: AnswerFields, today: dt.date) -> dict[str, str]:
    """What is still wanting in an answer, by field."""
    faults = {}
    if FINDINGS[fields.finding].asks_evidence:
        wanting = {
            "evidence": "Schrijf op waaruit dit blijkt.",
            "source": "Noem de bron: een document, een website of een functie.",
            "found_on": "Vul de datum van de bron in.",
        }
        faults = {key: text for key, text in wanting.items() if getattr(fields, key) is None}
    if fields.found_on is not None and fields.found_on > today:
        faults["found_on"] = "Deze datum ligt in de toekomst. Vul in wanneer dit is gevonden."
    return faults


def _answer(question: Question, record: AnswerRecord | None) -> Answer:
    if record is None:
        return Answer(question, NOT_KNOWN, EMPTY, 0)
    # A finding that this version does not know is no finding: it is asked for again.
    known = record.finding if record.finding in FINDINGS else NOT_KNOWN.key
    fields = AnswerFields(record.finding, record.evidence, record.source, record.found_on)
    return Answer(question, FINDINGS[known], fields, record.version)


def _iso(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()
