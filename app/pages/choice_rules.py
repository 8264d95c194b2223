"""The rules of a choice: every version with what changed, and making a next one."""

from __future__ import annotations

from collections.abc import Iterable
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
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.choice_rules import (
    MOST_POINTS,
    RADII_M,
    RULE_LEVELS,
    ChoiceRules,
    RuleDifference,
    RuleTerms,
    rule_differences,
    rules_from_json,
    rules_of_points,
    told_rules,
)
from analysis.choice_stages import CHOICE_STAGES, DEMANDS, next_stage
from analysis.comparing.criteria import STARTING_VALUES, criteria_of
from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.registry import Entry
from app.auth import guard
from app.database import changing_as, reading_as
from app.numbers import to_dutch
from app.pages.choice_frame import read_choice, read_own_choice
from app.pages.choices import may_change
from app.pages.typed_fields import SeenField, reason
from app.services.choice_changes import ChoiceFault, keep_rules
from app.services.choices import ChoiceView
from app.services.site_form import SECRET
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.queries.choices import RulesRecord, rules_versions

page = Blueprint("choice_rules", __name__, url_prefix="/keuzes/<int:choice_id>/regels")
#: Before the key of a criterion or a stage in the name of its field.
POINTS, ASKS = "punten-", "vraagt-"


def _listed(entries: Iterable[Entry]) -> list[SelectChoice]:
    return [SelectChoice(entry.key, entry.label) for entry in entries]


class PointsField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A whole number of points; nothing typed is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data: int | None = 0
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
            raise ValueError("Schrijf een heel getal.")
        if int(typed) > MOST_POINTS:
            raise ValueError(f"Dit is te veel: hoogstens {MOST_POINTS} punten.")
        self.data = int(typed)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or 0)


class RulesForm(Form):  # type: ignore[misc]  # WTForms has no types
    """How candidates are measured, and why this changes; see ``_form_of`` for the rest."""

    soorten = SelectMultipleField(
        "Welke soorten tellen mee?",
        choices=_listed(entry for entry in FACILITY_TYPES if entry.recorded.on_map),
        validate_choice=False,
    )
    plannen = SelectField(
        "Wat telt mee",
        choices=_listed(PLAN_SCOPES),
        validate_choice=False,
    )
    afstand = SelectField(
        "Dicht bij huis is",
        choices=[
            SelectChoice(f"{radius:g}", f"{to_dutch(radius)} meter lopen") for radius in RADII_M
        ],
        validate_choice=False,
    )
    niveau = SelectField(
        "Verdeling over",
        choices=[SelectChoice(key, label) for key, label in RULE_LEVELS.items()],
        validate_choice=False,
    )
    basis = SelectField(
        "Verdeling naar",
        choices=_listed(SPREADING_BASES),
        validate_choice=False,
    )
    reden = reason(
        "Waarom een nieuwe versie?",
        asked="Schrijf kort waarom. Iedereen die de keuze leest, ziet dit.",
        secret=SECRET,
        description="Dit staat bij de versie, ook in het dossier.",
    )
    gezien = SeenField()

    def validate_soorten(self, field: Field) -> None:
        """At least one type of the list."""
        if not field.data or not set(field.data) <= {choice.value for choice in field.choices}:
            raise ValidationError("Kies ten minste één soort uit de lijst.")

    def validate_plannen(self, field: Field) -> None:
        """Only a choice of the list."""
        _check_listed(field)

    def validate_afstand(self, field: Field) -> None:
        """Only a choice of the list."""
        _check_listed(field)

    def validate_niveau(self, field: Field) -> None:
        """Only a choice of the list."""
        _check_listed(field)

    def validate_basis(self, field: Field) -> None:
        """Only a choice of the list, on a level where it is known."""
        _check_listed(field)
        only = SPREADING_BASES[field.data].only_level
        if only not in (None, self.niveau.data):
            label = SPREADING_BASES[field.data].label.lower()
            raise ValidationError(f"De {label} is alleen per {only} bekend.")


@dataclass(frozen=True)
class Version:
    """A version of the rules, with what it changed; all of it in the first."""

    record: RulesRecord
    told: dict[str, str]
    differences: tuple[RuleDifference, ...]


@page.get("")
def show(choice_id: int) -> str:
    """Every version of the rules, the newest first, with what changed."""
    view = read_choice(choice_id)
    with reading_as(guard.hands()) as opened:
        records = rules_versions(opened, choice_id)
    return render_template(
        "keuzes/regels.html",
        view=view,
        versions=_versions(records),
        may_change=may_change(view),
        starting_values=STARTING_VALUES,
    )


@page.get("/nieuw")
def edit(choice_id: int) -> str:
    """The form of a next version, with what holds now."""
    view = read_own_choice(choice_id)
    return _page(view, _stored_form(view))


@page.post("/nieuw")
def save(choice_id: int) -> Response:
    """Add a version, or show what is wrong or what another added in between."""
    view = read_own_choice(choice_id)
    form = _form_of(view.type)(request.form)
    if not form.validate() or not _check_points(form, view.type):
        return make_response(_page(view, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    why, who = str(form.reden.data), guard.person().account_id
    try:
        with changing_as(guard.hands(why)) as opened:
            keep_rules(opened, choice_id, _rules(form, view.type), why, form.gezien.version, who)
    except (ChoiceFault, SecretText) as error:
        form.form_errors.append(str(error))
        return make_response(_page(view, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict:
        view = read_choice(choice_id)
        form.gezien.data = str(view.rules_record.version)
        return make_response(_page(view, form, is_conflict=True), HTTPStatus.CONFLICT)
    flash("De nieuwe versie van de regels geldt vanaf nu.")
    address = url_for(".show", choice_id=choice_id)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _check_listed(field: Field) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError("Kies uit de lijst.")


def _form_of(kind: FacilityType) -> type[RulesForm]:
    """The form with a field for the points of each criterion and the demands of each stage."""
    points = {
        f"{POINTS}{entry.key}": PointsField(entry.label, description=entry.scale)
        for entry in criteria_of(kind)
    }
    asks = {
        f"{ASKS}{stage.key}": SelectMultipleField(
            f"Na ‘{stage.label.lower()}’",
            choices=_listed(DEMANDS),
        )
        for stage in CHOICE_STAGES
        if next_stage(stage) is not None
    }
    return cast(type[RulesForm], type("RulesFormOfType", (RulesForm,), {**points, **asks}))


def _stored_form(view: ChoiceView) -> RulesForm:
    rules, terms = view.rules, view.rules.terms
    return _form_of(view.type)(
        data={
            **{f"{POINTS}{key}": points for key, points in rules.points.items()},
            **{f"{ASKS}{stage}": list(keys) for stage, keys in rules.demands.items()},
            "soorten": list(terms.counted_types),
            "plannen": terms.plan_scope,
            "afstand": f"{terms.radius_m:g}",
            "niveau": terms.level,
            "basis": terms.base,
            "gezien": str(view.rules_record.version),
        }
    )


def _check_points(form: RulesForm, kind: FacilityType) -> bool:
    if any(_points(form, kind).values()):
        return True
    form.form_errors.append("Geef ten minste één criterium punten.")
    return False


def _points(form: RulesForm, kind: FacilityType) -> dict[str, int]:
    return {entry.key: form[f"{POINTS}{entry.key}"].data or 0 for entry in criteria_of(kind)}


def _rules(form: RulesForm, kind: FacilityType) -> ChoiceRules:
    demands: dict[str, tuple[str, ...]] = {stage.key: () for stage in CHOICE_STAGES}
    for stage in CHOICE_STAGES:
        if f"{ASKS}{stage.key}" in form:
            chosen = set(form[f"{ASKS}{stage.key}"].data or ())
            demands[stage.key] = tuple(key for key in DEMANDS.keys if key in chosen)
    counted = tuple(key for key in FACILITY_TYPES.keys if key in set(form.soorten.data))
    terms = RuleTerms(
        counted, form.plannen.data, float(form.afstand.data), form.niveau.data, form.basis.data
    )
    return ChoiceRules(kind.key, demands, rules_of_points(kind, _points(form, kind)), terms)


def _versions(records: list[RulesRecord]) -> list[Version]:
    read = [rules_from_json(record.content) for record in records]
    earlier: list[Any] = [*read[1:], None]
    return [
        Version(record, told_rules(rules), rule_differences(before, rules) if before else ())
        for record, rules, before in zip(records, read, earlier, strict=True)
    ]


def _page(view: ChoiceView, form: RulesForm, *, is_conflict: bool = False) -> str:
    return render_template(
        "keuzes/regels_nieuw.html",
        view=view,
        form=form,
        is_conflict=is_conflict,
        points_fields=[field for field in form if field.name.startswith(POINTS)],
        asks_fields=[field for field in form if field.name.startswith(ASKS)],
        starting_values=STARTING_VALUES,
        points_total=sum(view.rules.points.values()),
    )
