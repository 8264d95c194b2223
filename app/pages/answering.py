"""What came in to a conversation: all of it, sorted in themes, and one with its answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
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

from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    CONTRIBUTION_STATUSES,
    MODERATION_STATES,
)
from analysis.registry import Registry
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages import parameters
from app.pages.answering_frame import by_now, is_own, may_change, read_view
from app.pages.map_frame import map_frame
from app.pages.sender import refused
from app.pages.typed_fields import (
    LONGEST_LINE,
    SECRET,
    SeenField,
    cleaned,
    one_line,
    paragraphs,
    readable_texts,
)
from app.services import current
from app.services.answering import NONE, AnsweringView, ReceivedFilter, ReceivedLine
from app.services.answering_changes import (
    AnswerFault,
    line_of,
    mark_as_seen,
    put_in_new_theme,
    put_in_theme,
    save_answer,
)
from app.services.imports import secret_words
from app.services.post_box import wake
from app.services.readability_hints import readability_hints
from data.changes.answering import AnswerFields
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from geo.crs import to_wgs84

page = Blueprint("answering", __name__, url_prefix="/gesprekken/<int:track_id>/reacties")
PAGE_SIZE = 50
NEW_THEME = "nieuw"
LONGEST_WORDS = 100
#: A contribution that was ticked, with the version that was seen.
_TICKED = re.compile(r"([A-Za-z0-9-]{1,40}):([0-9]{1,9})")
_WAITING = "wacht"
#: What the address of the list may ask, and brings along to one contribution and back.
_ASKED = ("antwoord", "status", "soort", "thema", "fase", "controle", "woord", "pagina")
#: Ticked when also what stands on other pages is meant; its value is ``_mark_of`` all of that.
_ALL = "alles"
#: The button with which one goes on to the next that waits.
_NEXT = "volgende"


class AnswerForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What was done with one contribution."""

    status = SelectField("Wat is ermee gedaan?", validate_choice=False)
    antwoord = paragraphs(
        "Antwoord",
        description="Iedereen kan dit lezen. Schrijf rustig en duidelijk, zonder namen. Zonder "
        "eigen antwoord geldt het antwoord van het thema.",
    )
    thema = SelectField("Thema", validate_choice=False)
    fase = SelectField("Fase", validate_choice=False)
    gezien = SeenField()

    def validate_status(self, field: Field) -> None:
        """Only a status of the registry."""
        if field.data not in CONTRIBUTION_STATUSES:
            raise ValidationError("Kies een status uit de lijst.")

    def validate_thema(self, field: Field) -> None:
        """Only a theme of this conversation, or none."""
        _check_choice(field, "Kies een thema uit de lijst.")

    def validate_fase(self, field: Field) -> None:
        """Only a phase of this conversation, or none."""
        _check_choice(field, "Kies een fase uit de lijst.")

    @property
    def fields(self) -> AnswerFields:
        """What was typed; only of a form that is in order."""
        return AnswerFields(
            str(self.status.data),
            self.antwoord.data,
            _number(self.thema.data),
            _number(self.fase.data),
        )


@page.get("")
def show(track_id: int) -> str:
    """All that came in, as far as it is asked for, with the themes and how many wait."""
    return _list_page(read_view(track_id))


@page.post("")
def sort(track_id: int) -> Response:
    """Put what was ticked in a theme, or mark it as read."""
    view = read_view(track_id)
    may_change(view)
    seen = _all_asked(view) if request.form.get(_ALL) else _ticked()
    fault = _fault_of_sorting(seen)
    if fault is None:
        try:
            told = _sort(track_id, seen)
        except (AnswerFault, SecretText) as error:
            fault = str(error)
        except Conflict as error:
            view = read_view(track_id)
            body = _list_page(view, fault=f"{error} Er is niets opgeslagen. Kijk het na.")
            return make_response(body, HTTPStatus.CONFLICT)
        else:
            wake()
            flash(told)
            return _back_to_list(track_id)
    return refused(_list_page(view, fault=f"{fault} Er is niets opgeslagen."))


@page.get("/<code>")
def one(track_id: int, code: str) -> str:
    """One contribution, and the form to answer it."""
    view = read_view(track_id)
    line = line_of(view, code)
    return _one_page(view, line, _stored_form(view, line))


@page.post("/<code>")
def save(track_id: int, code: str) -> Response:
    """Keep the answer, or show what is wrong or what another stored in between."""
    view = read_view(track_id)
    may_change(view)
    line = line_of(view, code)
    form = _with_choices(AnswerForm(request.form), view)
    if not form.validate():
        return refused(_one_page(view, line, form))
    try:
        with changing_as(guard.hands()) as opened:
            save_answer(opened, track_id, code, form.fields, form.gezien.version, by_now())
    except (AnswerFault, SecretText) as error:
        form.antwoord.errors = [*form.antwoord.errors, str(error)]
        return refused(_one_page(view, line, form))
    except Conflict:
        view = read_view(track_id)
        line = line_of(view, code)
        form.gezien.data = str(line.record.version)
        body = _one_page(view, line, form, is_conflict=True)
        return make_response(body, HTTPStatus.CONFLICT)
    wake()
    flash(f"Opgeslagen: reactie {code}.")
    if request.form.get("doen") == _NEXT:
        return _on_to_next(track_id, code)
    return _back_to_list(track_id, anker=code)


def _on_to_next(track_id: int, code: str) -> Response:
    """The next that waits for an answer, or the list when nothing does."""
    following = read_view(track_id).next_waiting(code, _filter())
    if following is None:
        flash("Niets anders wacht nog op antwoord.")
        return _back_to_list(track_id)
    address = url_for(".one", track_id=track_id, code=following.record.code, **_asked())
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _sort(track_id: int, seen: dict[str, int]) -> str:
    count = len(seen)
    many = "1 reactie" if count == 1 else f"{count} reacties"
    with changing_as(guard.hands()) as opened:
        if request.form.get("doen") == "bekeken":
            new = mark_as_seen(opened, track_id, seen)
            return f"Gemarkeerd als bekeken: {new} van {many}."
        chosen = request.form.get("thema", "")
        if chosen == NEW_THEME:
            name = cleaned(request.form.get("naam")) or ""
            put_in_new_theme(opened, track_id, seen, name, by_now())
            return f"{many} in het nieuwe thema ‘{name}’."
        put_in_theme(opened, track_id, seen, _number(chosen))
    return f"{many} uit het thema gehaald." if chosen == NONE else f"{many} in het thema gezet."


def _fault_of_sorting(seen: dict[str, int]) -> str | None:
    if request.form.get(_ALL, _mark_of(seen)) != _mark_of(seen):
        return "Intussen kwam er een reactie bij, of is er een gewijzigd. Kijk het na."
    if not seen:
        return "Vink eerst een of meer reacties aan."
    if request.form.get("doen") == "bekeken":
        return None
    chosen = request.form.get("thema", "")
    if chosen == NEW_THEME:
        name = cleaned(request.form.get("naam"))
        if not name:
            return "Geef het nieuwe thema een naam."
        if len(name) > LONGEST_LINE:
            return f"De naam is te lang: hoogstens {LONGEST_LINE} tekens."
        return SECRET if secret_words().are_in(name) else None
    return None if chosen == NONE or _number(chosen) is not None else "Kies een thema."


def _ticked() -> dict[str, int]:
    """The contributions that were ticked, with the version that was seen of each."""
    found = (_TICKED.fullmatch(word) for word in request.form.getlist("reactie"))
    return {match[1]: int(match[2]) for match in found if match}


def _all_asked(view: AnsweringView) -> dict[str, int]:
    """All that is asked for, also on other pages, as it is now."""
    asked = _filter()
    return {line.record.code: line.record.version for line in view.lines if asked.holds(line)}


def _mark_of(seen: Mapping[str, int]) -> str:
    """How many, and their versions together: another when one came, went or was changed."""
    return f"{len(seen)}.{sum(seen.values())}"


def _filter() -> ReceivedFilter:
    args = request.args
    theme, phase = args.get("thema", "").strip(), args.get("fase", "").strip()
    return ReceivedFilter(
        status=parameters.one_of(args, "status", ("", *CONTRIBUTION_STATUSES.keys), "") or None,
        theme=theme or None,
        kind=parameters.one_of(args, "soort", ("", *CONTRIBUTION_KINDS.keys), "") or None,
        moderation=parameters.one_of(args, "controle", ("", *MODERATION_STATES.keys), "") or None,
        phase=phase or None,
        only_waiting=parameters.one_of(args, "antwoord", ("", _WAITING), "") == _WAITING,
        words=(one_line(args.get("woord")) or "")[:LONGEST_WORDS] or None,
    )


def _asked() -> dict[str, Any]:
    """What the address asks of the list, and nothing else that stands in it."""
    return {name: request.args[name] for name in _ASKED if request.args.get(name)}


def _list_page(view: AnsweringView, fault: str | None = None) -> str:
    asked = _filter()
    lines = [line for line in view.lines if asked.holds(line)]
    page_count = max(1, math.ceil(len(lines) / PAGE_SIZE))
    number = min(parameters.page_number(request.args), page_count)
    first = (number - 1) * PAGE_SIZE
    return render_template(
        "gesprekken/reacties.html",
        view=view,
        asked=asked,
        along=_asked(),
        found_count=len(lines),
        lines=lines[first : first + PAGE_SIZE],
        number=number,
        page_count=page_count,
        page_url=lambda at: url_for(".show", track_id=view.track.id, **{**_asked(), "pagina": at}),
        choices=_choices(view),
        may_answer=is_own(view),
        fault=fault,
        ticked=set(_ticked()),
        all_mark=_mark_of(_all_asked(view)),
        typed=request.form,
        no_theme=NONE,
        new_theme=NEW_THEME,
        waiting_word=_WAITING,
        day=current.today(),
    )


def _choices(view: AnsweringView) -> dict[str, list[tuple[str, str]]]:
    """What one can choose from, as pairs for a drop-down."""

    def of_registry(entries: Registry[Any]) -> list[tuple[str, str]]:
        return [("", "Alle"), *((entry.key, entry.label) for entry in entries)]

    return {
        "status": of_registry(CONTRIBUTION_STATUSES),
        "kind": of_registry(CONTRIBUTION_KINDS),
        "moderation": of_registry(MODERATION_STATES),
        "theme": [(str(theme.id), theme.name) for theme in view.themes],
        "phase": [(str(phase.id), phase.name) for phase in view.phases],
    }


def _one_page(
    view: AnsweringView, line: ReceivedLine, form: AnswerForm, *, is_conflict: bool = False
) -> str:
    with reading_as(guard.hands()) as opened:
        frame = map_frame(opened)
    centre = None if line.record.geom is None else line.record.geom.representative_point()
    return render_template(
        "gesprekken/reactie.html",
        view=view,
        line=line,
        along=_asked(),
        form=form,
        is_conflict=is_conflict,
        may_answer=is_own(view),
        leesbaarheid=readability_hints(readable_texts(form)),
        lat_lon=None if centre is None else _lat_lon(centre.x, centre.y),
        centre=centre,
        day=current.today(),
        **frame,
    )


def _stored_form(view: AnsweringView, line: ReceivedLine) -> AnswerForm:
    record = line.record
    data = {
        "status": record.status,
        "antwoord": record.answer,
        "thema": _word(record.theme_id),
        "fase": _word(record.phase_id),
        "gezien": str(record.version),
    }
    return _with_choices(AnswerForm(data=data), view)


def _with_choices(form: AnswerForm, view: AnsweringView) -> AnswerForm:
    form.status.choices = [
        SelectChoice(entry.key, f"{entry.label}: {entry.explanation}")
        for entry in CONTRIBUTION_STATUSES
    ]
    form.thema.choices = [SelectChoice(NONE, "Geen thema")]
    form.thema.choices += [SelectChoice(str(theme.id), theme.name) for theme in view.themes]
    form.fase.choices = [SelectChoice(NONE, "Geen fase")]
    form.fase.choices += [SelectChoice(str(phase.id), phase.name) for phase in view.phases]
    return form


def _check_choice(field: Field, message: str) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(message)


def _number(word: Any) -> int | None:
    text = str(word or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _word(number: int | None) -> str:
    return NONE if number is None else str(number)


def _lat_lon(x_m: float, y_m: float) -> list[float]:
    lon, lat = to_wgs84(x_m, y_m)
    return [round(lat, 6), round(lon, 6)]


def _back_to_list(track_id: int, anker: str | None = None) -> Response:
    address = url_for(".show", track_id=track_id, _anchor=anker, **_asked())
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
