"""The five questions of the closer look at a site, answered one by one or all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField
from wtforms.validators import ValidationError

from analysis.closer_look import FINDINGS, QUESTIONS
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.typed_fields import DayField, line, paragraphs
from app.pages.workspace_form import CONTINUE, DONE
from app.services import current, drafts
from app.services.closer_look import (
    Answer,
    AnswersChanged,
    TypedAnswer,
    answer_faults,
    closer_look,
    mark_of,
    save_answers,
    who_answered,
)
from data.changes.answers import AnswerFields
from data.changes.drafts import remove_draft
from data.changes.refusals import SecretText
from data.queries.drafts import DraftRecord
from data.queries.history import ChangeRecord
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_answers", __name__, url_prefix="/werkbank/locaties")
ALL = "alles"
_ADDRESS = "/<int:site_id>/vragen"
MINE, THEIRS = "mijn", "ander"


class AnswerForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What is asked on one question.

    ``versie`` and ``stand`` tell what stood there when the page was made: by them we know
    whether anything was typed, and whether someone else saved in between.
    """

    bevinding = SelectField(
        "Wat is er gevonden?",
        choices={entry.key: entry.label for entry in FINDINGS},
        validate_choice=False,
    )
    onderbouwing = paragraphs("Waar blijkt dat uit?")
    bron = line("Bron", description="Een document, een website of een functie. Geen namen.")
    datum = DayField("Datum van de bron")
    versie = HiddenField()
    stand = HiddenField()
    botsing = HiddenField()
    keuze = SelectField(
        "Wat wilt u bewaren?",
        choices={
            "": "Maak een keuze",
            MINE: "Wat ik typte, in plaats van wat de ander bewaarde",
            THEIRS: "Wat de ander bewaarde; wat ik typte mag weg",
        },
        validate_choice=False,
    )

    @property
    def fields(self) -> AnswerFields:
        """What was typed."""
        return AnswerFields(
            str(self.bevinding.data), self.onderbouwing.data, self.bron.data, self.datum.data
        )

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed that did not stand there, and is still wanted."""
        unread = any(field.process_errors for field in self)
        is_typed = unread or mark_of(self.fields) != self.stand.data
        return is_typed and not (self.botsing.data and self.keuze.data == THEIRS)

    @property
    def typed(self) -> TypedAnswer:
        """What was typed, over which version."""
        seen = str(self.versie.data)
        return TypedAnswer(self.fields, int(seen) if seen.isascii() and seen.isdigit() else -1)

    def validate_bevinding(self, field: SelectField) -> None:
        """Only a finding of the registry."""
        if field.data not in FINDINGS:
            raise ValidationError("Kies een bevinding uit de lijst.")

    def validate_keuze(self, field: SelectField) -> None:
        """Who was told that someone else saved as well, must choose."""
        if self.botsing.data and field.data not in (MINE, THEIRS):
            raise ValidationError("Kies wat u wilt bewaren.")


class WhyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Why the answers change: kept in the history."""

    reden = line(
        "Toelichting bij deze wijziging",
        description="Dit komt in de geschiedenis, naast uw naam en de tijd.",
    )


@dataclass
class AnswerForms:
    """The forms of the five questions, and why."""

    by_question: dict[str, AnswerForm]
    why: WhyForm

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Every fault with the id and the name of its field."""
        named: list[tuple[str, Any]] = [
            (QUESTIONS[key].label, form) for key, form in self.by_question.items()
        ]
        return [
            (field.id, " - ".join(filter(None, (label, field.label.text))), str(fault))
            for label, form in [*named, ("", self.why)]
            for field in form
            for fault in field.errors
        ]

    @property
    def changed(self) -> tuple[str, ...]:
        """The questions on which something was typed."""
        return tuple(key for key, form in self.by_question.items() if form.is_changed)


@page.get(_ADDRESS)
def show(site_id: int) -> str:
    """The five questions with what is known; or what was typed before and not saved yet."""
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        forms = _stored_forms(closer_look(opened, site_id))
        draft = drafts.find_draft(opened, _key(site_id))
    if draft is not None:
        texts = drafts.draft_texts(draft)
        if request.args.get("concept") != CONTINUE:
            return _offer(site, draft, _forms_of(MultiDict(texts)))
        return _page(site, _forms_of(MultiDict(texts)))
    return _page(site, forms, saved=_known(request.args.getlist("bewaard")))


@page.post(_ADDRESS)
def save(site_id: int) -> Response:
    """Store one answer or all; show what is wrong, or what someone else stored in between."""
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
    forms = _forms_of(request.form)
    wanted = _wanted(request.form.get("bewaar", ALL))
    if not _check(forms, wanted):
        return _answer(site, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = {
        key: forms.by_question[key].typed for key in wanted if forms.by_question[key].is_changed
    }
    try:
        with changing_as(guard.hands(forms.why.reden.data)) as opened:
            saved = save_answers(opened, site_id, typed)
            if all(key in wanted for key in forms.changed):
                remove_draft(opened, guard.hands().account_id or 0, _key(site_id))
    except SecretText as error:
        forms.why.form_errors.append(str(error))
        return _answer(site, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    except AnswersChanged as error:
        return _conflict(site, forms, error.questions)
    return _saved(site, forms, wanted, saved)


def _saved(
    site: WorkspaceSite, forms: AnswerForms, wanted: Collection[str], saved: Iterable[str]
) -> Response:
    """On to the page itself, unless something else was typed that is not saved yet."""
    rest = [key for key in forms.changed if key not in wanted]
    if not rest:
        flash(_key(site.id), DONE)
        address = url_for("workspace_answers.show", site_id=site.id, bewaard=list(saved) or ALL)
        return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
    with reading_as(guard.hands()) as opened:
        stored = _stored_forms(closer_look(opened, site.id))
    kept = {
        key: forms.by_question[key] if key in rest else stored.by_question[key]
        for key in QUESTIONS.keys
    }
    shown = AnswerForms(kept, WhyForm())
    return make_response(_page(site, shown, saved=tuple(saved), unsaved=tuple(rest)))


def _conflict(site: WorkspaceSite, forms: AnswerForms, behind: Collection[str]) -> Response:
    """What was typed stays, beside what someone else saved; nothing is stored yet."""
    with reading_as(guard.hands()) as opened:
        stored = {answer.question.key: answer for answer in closer_look(opened, site.id)}
        others = {key: (stored[key], who_answered(opened, site.id, key)) for key in behind}
    for key in behind:
        form = forms.by_question[key]
        form.versie.data, form.botsing.data, form.keuze.data = stored[key].version, "1", ""
        form.stand.data = mark_of(stored[key].fields)
    return make_response(_page(site, forms, others=others), HTTPStatus.CONFLICT)


def _page(
    site: WorkspaceSite,
    forms: AnswerForms,
    *,
    saved: tuple[str, ...] = (),
    unsaved: tuple[str, ...] = (),
    others: dict[str, tuple[Answer, ChangeRecord | None]] | None = None,
) -> str:
    return render_template(
        "werkbank/vragen.html",
        site=site,
        form_key=_key(site.id),
        questions=QUESTIONS,
        findings=FINDINGS,
        forms=forms.by_question,
        why=forms.why,
        faults=forms.faults,
        form_faults=forms.why.form_errors,
        saved=saved,
        unsaved=unsaved,
        others=others or {},
    )


def _answer(site: WorkspaceSite, forms: AnswerForms, status: HTTPStatus) -> Response:
    """The page again; a choice that is still to be made is shown again as well."""
    told = [key for key, form in forms.by_question.items() if form.botsing.data]
    others: dict[str, Any] = {}
    if told:
        with reading_as(guard.hands()) as opened:
            stored = {answer.question.key: answer for answer in closer_look(opened, site.id)}
            others = {key: (stored[key], who_answered(opened, site.id, key)) for key in told}
    return make_response(_page(site, forms, others=others), status)


def _check(forms: AnswerForms, wanted: Collection[str]) -> bool:
    """Whether what is to be saved is in order; the faults stay with the fields."""
    is_right = bool(forms.why.validate())
    for key in wanted:
        form = forms.by_question[key]
        if not form.validate():
            is_right = False
        elif form.is_changed:
            for name, fault in answer_faults(form.fields, current.today()).items():
                form[_FIELDS[name]].errors = [fault]
                is_right = False
    return is_right


def _stored_forms(answers: Iterable[Answer]) -> AnswerForms:
    return AnswerForms(
        {
            answer.question.key: AnswerForm(
                prefix=answer.question.key,
                data={
                    "bevinding": answer.fields.finding,
                    "onderbouwing": answer.fields.evidence,
                    "bron": answer.fields.source,
                    "datum": answer.fields.found_on,
                    "versie": str(answer.version),
                    "stand": mark_of(answer.fields),
                },
            )
            for answer in answers
        },
        WhyForm(),
    )


def _forms_of(sent: MultiDict[str, str]) -> AnswerForms:
    return AnswerForms({key: AnswerForm(sent, prefix=key) for key in QUESTIONS.keys}, WhyForm(sent))


def _offer(site: WorkspaceSite, draft: DraftRecord, forms: AnswerForms) -> str:
    """The choice to go on with what was typed before."""
    typed = [
        (QUESTIONS[key].label, forms.by_question[key].onderbouwing.data) for key in forms.changed
    ]
    return render_template(
        "werkbank/concept.html",
        draft=draft,
        site=site,
        typed=typed,
        continue_url=f"{request.path}?concept={CONTINUE}",
    )


def _key(site_id: int) -> str:
    return drafts.key_of(drafts.QUESTIONS_OF_SITE, site_id)


def _wanted(word: str) -> tuple[str, ...]:
    return (word,) if word in QUESTIONS else QUESTIONS.keys


def _known(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word in QUESTIONS or word == ALL)


_FIELDS = {"evidence": "onderbouwing", "source": "bron", "found_on": "datum"}
