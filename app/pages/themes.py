"""The themes of a conversation: making, naming, answering, ordering, merging and removing them."""

from __future__ import annotations

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
from wtforms import Field, Form, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.contributions import CONTRIBUTION_STATUSES
from app.auth import guard
from app.database import changing_as
from app.pages.answering_frame import by_now, is_own, may_change, read_view
from app.pages.sender import refused
from app.pages.typed_fields import SeenField, line, paragraphs, readable_texts
from app.services.answering import AnsweringView
from app.services.answering_changes import (
    AnswerFault,
    make_theme,
    merge_themes,
    move_theme,
    remove_theme,
    save_theme,
    theme_of,
)
from app.services.post_box import wake
from app.services.readability_hints import readability_hints
from data.changes.answering import ThemeFields
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.queries.answering import AnsweredTheme

page = Blueprint("themes", __name__, url_prefix="/gesprekken/<int:track_id>/themas")
_STEPS = {"omhoog": -1, "omlaag": 1}


class NewThemeForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The name of a new theme."""

    naam = line(
        "Naam van het thema",
        asked="Geef het thema een naam.",
        description="Bijvoorbeeld ‘Parkeren’. Iedereen kan dit lezen.",
    )


class ThemeForm(NewThemeForm):
    """What a theme is called, and what was done with all that is in it."""

    status = SelectField("Wat is ermee gedaan?", validate_choice=False)
    antwoord = paragraphs(
        "Antwoord",
        description="Dit krijgt iedereen in dit thema te lezen die geen eigen antwoord heeft.",
    )
    gezien = SeenField()

    def validate_status(self, field: Field) -> None:
        """Only a status of the registry."""
        if field.data not in CONTRIBUTION_STATUSES:
            raise ValidationError("Kies een status uit de lijst.")

    @property
    def fields(self) -> ThemeFields:
        """What was typed; only of a form that is in order."""
        return ThemeFields(str(self.naam.data), str(self.status.data), self.antwoord.data)


class MergeForm(Form):  # type: ignore[misc]
    """The other theme."""

    met = SelectField("Voeg alles uit dit thema bij", validate_choice=False)
    gezien = SeenField()

    def validate_met(self, field: Field) -> None:
        """Only another theme of this conversation."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een thema uit de lijst.")


@page.get("")
def show(track_id: int) -> str:
    """The themes in their order, each with how far it is."""
    return _list_page(read_view(track_id), NewThemeForm())


@page.post("")
def add(track_id: int) -> Response:
    """Make a theme, or show what is wrong."""
    view, form = read_view(track_id), NewThemeForm(request.form)
    may_change(view)
    if not form.validate():
        return refused(_list_page(view, form))
    try:
        with changing_as(guard.hands()) as opened:
            make_theme(opened, track_id, ThemeFields(str(form.naam.data)), by_now())
    except (AnswerFault, SecretText) as error:
        form.naam.errors = [str(error)]
        return refused(_list_page(view, form))
    flash(f"Het thema ‘{form.naam.data}’ is gemaakt.")
    return _to_list(track_id)


@page.get("/<int:theme_id>")
def edit(track_id: int, theme_id: int) -> str:
    """A theme with its answer and all that is in it."""
    view = read_view(track_id)
    theme = theme_of(view, theme_id)
    return _edit_page(view, theme)


@page.post("/<int:theme_id>")
def save(track_id: int, theme_id: int) -> Response:
    """Keep name, status and answer, or show what is wrong or what another stored in between."""
    view = read_view(track_id)
    may_change(view)
    theme, form = theme_of(view, theme_id), _with_statuses(ThemeForm(request.form))
    if not form.validate():
        return refused(_edit_page(view, theme, form=form))
    try:
        with changing_as(guard.hands()) as opened:
            save_theme(opened, track_id, theme_id, form.fields, form.gezien.version, by_now())
    except (AnswerFault, SecretText) as error:
        form.antwoord.errors = [*form.antwoord.errors, str(error)]
        return refused(_edit_page(view, theme, form=form))
    except Conflict:
        return _conflict(track_id, theme_id, form)
    wake()
    flash(f"Het thema ‘{form.naam.data}’ is opgeslagen.")
    return _to_list(track_id)


@page.post("/<int:theme_id>/verplaatsen")
def move(track_id: int, theme_id: int) -> Response:
    """Let a theme stand one place earlier or later."""
    may_change(read_view(track_id))
    with changing_as(guard.hands()) as opened:
        move_theme(opened, track_id, theme_id, _STEPS.get(request.form.get("naar", ""), 0))
    return _to_list(track_id)


@page.post("/<int:theme_id>/samenvoegen")
def merge(track_id: int, theme_id: int) -> Response:
    """Put all of a theme in another, and take it away."""
    view = read_view(track_id)
    may_change(view)
    theme = theme_of(view, theme_id)
    form = _with_others(MergeForm(request.form), view, theme)
    if not form.validate():
        return refused(_edit_page(view, theme, merging=form))
    try:
        with changing_as(guard.hands()) as opened:
            count = merge_themes(
                opened, track_id, theme_id, int(form.met.data), form.gezien.version
            )
    except AnswerFault as error:
        form.met.errors = [str(error)]
        return refused(_edit_page(view, theme, merging=form))
    wake()
    flash(f"Het thema ‘{theme.name}’ is samengevoegd ({_reactions(count)}).")
    return _to_list(track_id)


@page.post("/<int:theme_id>/weghalen")
def remove(track_id: int, theme_id: int) -> Response:
    """Take a theme away; what was in it stays."""
    view = read_view(track_id)
    may_change(view)
    theme, form = theme_of(view, theme_id), MergeForm(request.form)
    try:
        with changing_as(guard.hands()) as opened:
            count = remove_theme(opened, track_id, theme_id, form.gezien.version)
    except AnswerFault as error:
        flash(str(error), "fout")
        return _to_list(track_id)
    flash(f"Het thema ‘{theme.name}’ is weggehaald. Zonder thema: {_reactions(count)}.")
    return _to_list(track_id)


def _conflict(track_id: int, theme_id: int, form: ThemeForm) -> Response:
    view = read_view(track_id)
    theme = theme_of(view, theme_id)
    form.gezien.data = str(theme.version)
    body = _edit_page(view, theme, form=form, is_conflict=True)
    return make_response(body, HTTPStatus.CONFLICT)


def _list_page(view: AnsweringView, form: NewThemeForm) -> str:
    return render_template("gesprekken/themas.html", view=view, form=form, may_answer=is_own(view))


def _edit_page(
    view: AnsweringView, theme: AnsweredTheme, *, is_conflict: bool = False, **forms: Any
) -> str:
    version = str(theme.version)
    stored = {"naam": theme.name, "status": theme.status, "antwoord": theme.answer}
    form = forms.get("form") or _with_statuses(ThemeForm(data={**stored, "gezien": version}))
    merging = forms.get("merging") or _with_others(MergeForm(data={"gezien": version}), view, theme)
    return render_template(
        "gesprekken/thema.html",
        view=view,
        theme=theme,
        lines=view.in_theme(theme.id),
        form=form,
        merging=merging,
        may_answer=is_own(view),
        is_conflict=is_conflict,
        status=CONTRIBUTION_STATUSES[theme.status],
        leesbaarheid=readability_hints(readable_texts(form)),
    )


def _with_statuses(form: ThemeForm) -> ThemeForm:
    form.status.choices = [
        SelectChoice(entry.key, f"{entry.label}: {entry.explanation}")
        for entry in CONTRIBUTION_STATUSES
    ]
    return form


def _with_others(form: MergeForm, view: AnsweringView, theme: AnsweredTheme) -> MergeForm:
    others = [other for other in view.themes if other.id != theme.id]
    form.met.choices = [SelectChoice(str(other.id), other.name) for other in others]
    return form


def _reactions(count: int) -> str:
    return "1 reactie" if count == 1 else f"{count} reacties"


def _to_list(track_id: int) -> Response:
    address = url_for(".show", track_id=track_id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
