"""Adopting a scenario in the register: what would happen first, then all of it or nothing."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for

from analysis.site_life import Caution
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.scenario_fields import AdoptForm
from app.pages.sender import go_to
from app.services import current
from app.services.scenario_adopting import (
    AdoptionFaults,
    AdoptionPlan,
    AdoptionTerms,
    UnheededAdoption,
    adopt_scenario,
    plan_adoption,
)
from data.changes.refusals import SecretText
from data.changes.scenarios import ADOPTED, AlreadyAdopted
from data.changes.sites import Conflict

page = Blueprint("scenario_adopting", __name__, url_prefix="/scenario/<int:scenario_id>/overnemen")


@page.get("")
def ask(scenario_id: int) -> str:
    """What would happen to each site."""
    plan = _plan(scenario_id)
    form = AdoptForm(
        data={
            "aan": "in_gebruik",
            "nieuw": "idee",
            "gezien": str(plan.record.version),
            "stand": plan.mark,
        }
    )
    return _page(plan, form)


@page.post("")
def adopt(scenario_id: int) -> Response:
    """Do it all, or nothing and say why not."""
    plan, form = _plan(scenario_id), AdoptForm(request.form)
    if not form.validate():
        return _again(plan, form)
    terms = AdoptionTerms(str(form.aan.data), str(form.nieuw.data), str(form.reden.data))
    try:
        with changing_as(guard.hands(terms.reason)) as opened:
            adopt_scenario(
                opened,
                scenario_id,
                (form.seen_version, str(form.stand.data or "")),
                terms,
                guard.person().account_id,
                current.today(),
                str(form.gelezen.data or "").split(","),
            )
    except AdoptionFaults as error:
        form.form_errors.extend(error.faults)
        return _again(plan, form)
    except SecretText as error:
        form.form_errors.append(str(error))
        return _again(plan, form)
    except UnheededAdoption as error:
        form.gelezen.data = ",".join(error.keys)
        return _again(plan, form, cautions=error.cautions)
    except Conflict as error:
        plan = _plan(scenario_id)
        form.form_errors.append(f"{error} Er is niets overgenomen. Kijk opnieuw wat er gebeurt.")
        form.gezien.data, form.stand.data = str(plan.record.version), plan.mark
        return _again(plan, form, HTTPStatus.CONFLICT)
    flash("Het scenario is overgenomen. De locaties staan nu zo in de werkbank.")
    return go_to(url_for("scenario.show", scenario_id=scenario_id))


def _plan(scenario_id: int) -> AdoptionPlan:
    with reading_as(guard.hands()) as opened:
        plan = plan_adoption(opened, scenario_id, current.today())
    if plan.record.is_adopted:
        raise AlreadyAdopted(ADOPTED)
    return plan


def _again(
    plan: AdoptionPlan,
    form: AdoptForm,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
    cautions: tuple[tuple[str, Caution], ...] = (),
) -> Response:
    return make_response(_page(plan, form, cautions), status)


def _page(
    plan: AdoptionPlan, form: AdoptForm, cautions: tuple[tuple[str, Caution], ...] = ()
) -> str:
    return render_template(
        "scenarios/overnemen.html", plan=plan, record=plan.record, form=form, cautions=cautions
    )
