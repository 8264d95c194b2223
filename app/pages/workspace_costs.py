"""What a site would cost: the estimate with its source and date, also when two people write it."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.typed_fields import DayField, EurosField, Filled, SeenField, line
from app.services import current
from app.services.site_costs import cost_faults, find_cost, remove_cost, save_cost
from data.changes.costs import CostFields
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.queries.costs import CostRecord
from data.queries.history import ChangeRecord, last_change
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_costs", __name__, url_prefix="/werkbank/locaties")
_ADDRESS = "/<int:site_id>/kosten"
_FIELDS = {"found_on": "datum"}


class CostForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """An estimate; ``gezien`` is the version that stood there when the page was made."""

    bedrag = EurosField(
        "Eenmalige kosten, in hele euro's",
        validators=[Filled("Vul een bedrag in.")],
        description="Voor de hele locatie: grond, bouw en inrichting. Bijvoorbeeld 1.250.000.",
    )
    bron = line(
        "Bron",
        asked="Noem de bron: een document, een website of een functie.",
        description="Waar komt het bedrag vandaan? Schrijf geen namen van personen op.",
    )
    datum = DayField("Datum van de schatting", validators=[Filled("Vul een datum in.")])
    waarom = line(
        "Toelichting bij deze wijziging",
        description="Dit komt in de geschiedenis, naast uw naam en de tijd.",
    )
    gezien = SeenField()

    @property
    def fields(self) -> CostFields:
        """What was typed; only of a form that is in order."""
        assert self.bedrag.data is not None
        assert self.datum.data is not None
        return CostFields(self.bedrag.data, str(self.bron.data), self.datum.data)


class CostRemovalForm(FlaskForm):  # type: ignore[misc]
    """Why an estimate is taken away."""

    reden = line(
        "Waarom klopt de schatting niet meer?",
        asked="Schrijf kort waarom. Dit komt in de geschiedenis.",
    )
    gezien = SeenField()


@page.get(_ADDRESS)
def show(site_id: int) -> str:
    """The estimate, to write another or to take it away."""
    site, cost = _read(site_id)
    return _page(site, cost, _stored_form(cost))


@page.post(_ADDRESS)
def save(site_id: int) -> Response:
    """Store an estimate; or show what is wrong, or what someone else stored in between."""
    form = CostForm()
    site, cost = _read(site_id)
    if not form.validate_on_submit() or not _check(form):
        return _again(site, cost, form)
    try:
        with changing_as(guard.hands(form.waarom.data)) as opened:
            save_cost(opened, site_id, form.fields, form.gezien.version)
    except SecretText as error:
        form.form_errors.append(str(error))
        return _again(site, cost, form)
    except Conflict:
        return _conflict(site_id, form)
    return _on(site_id, "De kosten zijn opgeslagen.")


@page.post(f"{_ADDRESS}/verwijderen")
def remove(site_id: int) -> Response:
    """Take the estimate away."""
    removal = CostRemovalForm()
    site, cost = _read(site_id)
    if not removal.validate_on_submit():
        return _again(site, cost, _stored_form(cost), removal)
    try:
        with changing_as(guard.hands(removal.reden.data)) as opened:
            remove_cost(opened, site_id, removal.gezien.version)
    except Conflict:
        return _conflict(site_id, None, removal)
    return _on(site_id, "De schatting is weggehaald. De geschiedenis bewaart haar.")


def _read(site_id: int) -> tuple[WorkspaceSite, CostRecord | None]:
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        return site, find_cost(opened, site_id)


def _stored_form(cost: CostRecord | None) -> CostForm:
    if cost is None:
        return CostForm(formdata=None, gezien="0")
    return CostForm(
        formdata=None,
        data={
            "bedrag": cost.cost_eur,
            "bron": cost.source,
            "datum": cost.found_on,
            "gezien": str(cost.version),
        },
    )


def _check(form: CostForm) -> bool:
    faults = cost_faults(form.fields, current.today())
    for name, fault in faults.items():
        form[_FIELDS[name]].errors = [fault]
    return not faults


def _conflict(
    site_id: int, form: CostForm | None, removal: CostRemovalForm | None = None
) -> Response:
    """What was typed stays, beside what stands there now; nothing is stored."""
    site, cost = _read(site_id)
    version = str(cost.version if cost else 0)
    for sent in (form, removal):
        if sent is not None:
            sent.gezien.data = version
    with reading_as(guard.hands()) as opened:
        changed = last_change(opened, site_id, "site_cost")
    shown = _page(site, cost, form or _stored_form(cost), removal, True, changed)
    return make_response(shown, HTTPStatus.CONFLICT)


def _again(
    site: WorkspaceSite,
    cost: CostRecord | None,
    form: CostForm,
    removal: CostRemovalForm | None = None,
) -> Response:
    return make_response(_page(site, cost, form, removal), HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    site: WorkspaceSite,
    cost: CostRecord | None,
    form: CostForm,
    removal: CostRemovalForm | None = None,
    is_conflict: bool = False,
    changed: ChangeRecord | None = None,
) -> str:
    version = str(cost.version if cost else 0)
    return render_template(
        "werkbank/kosten.html",
        site=site,
        cost=cost,
        form=form,
        removal=removal or CostRemovalForm(formdata=None, gezien=version),
        is_conflict=is_conflict,
        changed=changed,
    )


def _on(site_id: int, told: str) -> Response:
    flash(told)
    address = url_for("workspace_site.show", site_id=site_id, _anchor="kosten")
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
