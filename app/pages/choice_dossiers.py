"""Dossiers of a choice for staff: made, read before they are public, published and withdrawn."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from wtforms import Form

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.typed_fields import line
from app.services import current
from app.services.assessments import AssessmentFault, repeat
from app.services.choices import ChoiceView, choice_view
from app.services.dossier import (
    DossierFault,
    make_dossier,
    publish,
    publishing_faults,
    withdraw,
)
from app.services.dossier_page import dossier_page
from app.services.told_candidates import hidden_sites
from data.changes.refusals import SecretText
from data.queries.assessments import (
    DossierLine,
    dossiers_of_choice,
    find_assessment,
    find_dossier,
)

page = Blueprint("choice_dossiers", __name__, url_prefix="/keuzes/<int:choice_id>/dossier")


class WhyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Why a dossier becomes public, or no longer is."""

    waarom = line(
        "Waarom?",
        asked="Schrijf kort waarom. Dit komt in de geschiedenis.",
        description="Dit komt in de geschiedenis. Alleen wie in de werkbank werkt, leest het.",
    )


@page.get("")
def show(choice_id: int) -> str:
    """The dossiers of a choice, and the button that makes one."""
    return _overview(*_read(choice_id))


@page.post("")
def make(choice_id: int) -> Response:
    """Make a dossier of the choice as it is now."""
    try:
        with changing_as(guard.hands("Dossier gemaakt")) as opened:
            code = make_dossier(
                opened,
                current.home(),
                choice_id,
                current.today(),
                guard.person().account_id,
            )
    except (AssessmentFault, SecretText) as error:
        shown = _overview(*_read(choice_id), fault=str(error))
        return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _to("choice_dossiers.preview", choice_id, code)


@page.get("/<code>")
def preview(choice_id: int, code: str) -> str:
    """A dossier as it would be read, with what keeps it from being public."""
    return _preview(choice_id, code, WhyForm())


@page.post("/<code>/openbaar")
def make_public(choice_id: int, code: str) -> Response:
    """Publish the dossier."""
    form = WhyForm(request.form)
    if not form.validate():
        return _again(choice_id, code, form)
    try:
        with changing_as(guard.hands(form.waarom.data)) as opened:
            publish(opened, choice_id, code, current.today())
    except DossierFault as error:
        return _again(choice_id, code, form, str(error))
    return _to("choice_dossiers.preview", choice_id, code)


@page.post("/<code>/intrekken")
def take_back(choice_id: int, code: str) -> Response:
    """Withdraw the dossier."""
    form = WhyForm(request.form)
    if not form.validate():
        return _again(choice_id, code, form)
    with changing_as(guard.hands(form.waarom.data)) as opened:
        withdraw(opened, choice_id, code)
    return _to("choice_dossiers.preview", choice_id, code)


def _read(choice_id: int) -> tuple[ChoiceView, list[DossierLine]]:
    with reading_as(guard.hands()) as opened:
        view = choice_view(opened, choice_id, current.today())
        return view, dossiers_of_choice(opened, choice_id)


def _overview(view: ChoiceView, dossiers: list[DossierLine], fault: str | None = None) -> str:
    return render_template("dossier/keuze.html", choice=view, dossiers=dossiers, fault=fault)


def _again(choice_id: int, code: str, form: WhyForm, fault: str | None = None) -> Response:
    shown = _preview(choice_id, code, form, fault)
    return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)


def _preview(choice_id: int, code: str, form: WhyForm, fault: str | None = None) -> str:
    with reading_as(guard.hands()) as opened:
        view = choice_view(opened, choice_id, current.today())
        record = find_dossier(opened, choice_id, code)
        faults = publishing_faults(opened, choice_id, record.content, current.today())
        repeated = repeat(find_assessment(opened, record.assessment_id))
    return render_template(
        "dossier/nakijken.html",
        choice=view,
        dossier=record,
        shown=dossier_page(record.content),
        hidden=hidden_sites(view.candidates, record.content["assessment"]["alternatives"]),
        faults=faults,
        repeated=repeated,
        form=form,
        fault=fault,
    )


def _to(endpoint: str, choice_id: int, code: str) -> Response:
    address = url_for(endpoint, choice_id=choice_id, code=code)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
