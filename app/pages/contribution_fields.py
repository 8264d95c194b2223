"""The form with which somebody reacts: first the questions of its kind, then words, then the rest.

The fields for a place have the names that the map of ``site-form.js`` writes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from shapely import Point
from shapely.geometry.base import BaseGeometry
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from analysis.dialogue.contributions import LONGEST_BODY, AskedQuestion, ContributionKind
from app.pages.typed_fields import cleaned, no_secret, one_line, refusing_secrets
from app.services.contributing import Typed
from app.services.following import is_email
from app.services.outline_text import OutlineError, outline_of
from app.services.typed_points import TypedPointError, typed_point
from app.services.uploads import LARGEST_BYTES

SECRET_TEXT = (
    "Dit lijkt te gaan over opvang waarvan het adres geheim is. Dat bewaren wij nooit. Haal dit "
    "weg uit uw tekst."
)
TOO_LONG = f"Uw tekst is te lang. Gebruik hoogstens {LONGEST_BODY} tekens."
NO_PLACE = "Geef aan waar de plek is. Zoek een adres, of kies de plek op de kaart."
NOT_A_PLACE = "Dit is geen plek. Zoek een adres of de naam van een buurt, of kies op de kaart."
NO_EMAIL = "Dit is geen e-mailadres. Een voorbeeld: naam@post.example"
#: Nobody sees this field; a program that fills in everything does.
TRAP = "Laat dit veld leeg. Daaraan zien wij dat een mens dit invult."
LONGEST_DESCRIPTION = 200


class ContributionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is asked of every kind; ``form_of`` adds the questions of one kind."""

    kind: ContributionKind

    soort = HiddenField()
    zegel = HiddenField()
    locatie = HiddenField()
    gevonden = HiddenField()
    fotodata = HiddenField()
    tekst = TextAreaField(
        "Uw woorden",
        [
            DataRequired("Schrijf hier uw reactie. Een paar woorden is genoeg."),
            Length(max=LONGEST_BODY, message=TOO_LONG),
            refusing_secrets(SECRET_TEXT),
        ],
        [cleaned],
        # No maxlength: a browser cuts off what is pasted, and nobody sees that the end is gone.
        render_kw={"rows": 6, "autocomplete": "off", "maxlength": False},
    )
    zoek = StringField("Zoek een adres of buurt", render_kw={"maxlength": 100, "type": "search"})
    plek = StringField(
        "Plek",
        filters=[one_line],
        description="Deze getallen vult de kaart of het zoeken voor u in.",
        render_kw={"maxlength": 100, "autocomplete": "off", "spellcheck": "false"},
    )
    omtrek = TextAreaField(
        "Gebied",
        description="Alleen als u een gebied tekent. De kaart vult dit voor u in.",
        render_kw={"rows": 3, "maxlength": 8000, "autocomplete": "off", "spellcheck": "false"},
    )
    foto = FileField(
        "Foto",
        description="Hoogstens 10 MB. Wij maken de foto kleiner en halen verborgen gegevens weg, "
        "zoals de plek waar u stond. Zet geen mensen op de foto.",
        render_kw={"accept": "image/jpeg,image/png,image/webp", "data-meest": LARGEST_BYTES},
    )
    foto_uitleg = StringField(
        "Wat staat er op de foto?",
        [Length(max=LONGEST_DESCRIPTION, message="Houd dit korter dan 200 tekens."), no_secret],
        [cleaned],
        "In een zin, voor wie de foto niet kan zien.",
        render_kw={"maxlength": LONGEST_DESCRIPTION, "autocomplete": "off"},
    )
    foto_weg = BooleanField("Haal de foto weg")
    wijk = SelectField("In welke wijk woont u?", validate_choice=False)
    email = StringField(
        "Uw e-mailadres",
        filters=[one_line],
        render_kw={"autocomplete": "email", "inputmode": "email", "maxlength": 254},
    )
    website = StringField("Website", render_kw={"autocomplete": "off", "tabindex": "-1"})

    point: tuple[int, int] | None = None
    outline: BaseGeometry | None = None

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions of this kind, in their order."""
        return [self[question.key] for question in self.kind.questions]

    @property
    def question_names(self) -> set[str]:
        """Their names."""
        return {question.key for question in self.kind.questions}

    def validate_plek(self, field: Field) -> None:
        """A place in the Netherlands; a kind that is about a place needs one."""
        if not field.data:
            if self.kind.needs_place and not (self.omtrek.data or "").strip():
                raise ValidationError(NO_PLACE)
            return
        try:
            self.point = typed_point(field.data)
        except TypedPointError as error:
            raise ValidationError(str(error)) from None
        if self.point is None:
            raise ValidationError(NOT_A_PLACE)

    def validate_omtrek(self, field: Field) -> None:
        """Corners of an area."""
        try:
            self.outline = outline_of(field.data or "")
        except OutlineError as error:
            raise ValidationError(str(error)) from None

    def validate_email(self, field: Field) -> None:
        """An address that can exist, or nothing."""
        if field.data and not is_email(field.data):
            raise ValidationError(NO_EMAIL)

    def validate_wijk(self, field: Field) -> None:
        """A wijk of the list, or nothing."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een wijk uit de lijst.")

    def validate_website(self, field: Field) -> None:
        """Nobody fills in what nobody sees."""
        if field.data:
            raise ValidationError(TRAP)

    @property
    def geom(self) -> BaseGeometry | None:
        """The area that was drawn, else the point; of a form that is in order."""
        if self.outline is not None:
            return self.outline
        return None if self.point is None else Point(self.point)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the questions that were answered."""
        return {
            question.key: self[question.key].data
            for question in self.kind.questions
            if self[question.key].data
        }

    def typed(self, site_id: int | None, photo: bytes | None) -> Typed:
        """What was typed; only of a form that is in order."""
        return Typed(
            kind=self.kind,
            body=str(self.tekst.data),
            answers=self.answers,
            geom=self.geom,
            site_id=site_id,
            from_wijk_code=self.wijk.data or None,
            photo=photo,
            photo_description=self.foto_uitleg.data if photo else None,
            email=self.email.data or None,
        )


@cache
def form_of(kind: ContributionKind) -> type[ContributionForm]:
    """The form of one kind, with its questions."""
    return type(f"FormOf{kind.key.title()}", (ContributionForm,), {"kind": kind, **fields_of(kind)})


def fields_of(kind: ContributionKind) -> dict[str, Any]:
    """The fields of the questions of one kind, by their keys."""
    return {question.key: _field(question) for question in kind.questions}


def carried_texts(form: ContributionForm) -> list[tuple[str, str]]:
    """Every field with what stands in it, to travel in the next page; a file can't."""
    left_out = {"csrf_token", "foto", "zegel", "zoek", "gevonden", "foto_weg"}
    found: list[tuple[str, str]] = []
    for field in form:
        if field.name in left_out:
            continue
        values = field.data if isinstance(field.data, list) else [field.data]
        found += [(field.name, str(value)) for value in values if value]
    return found


def wijk_choices(groups: Mapping[str, list[tuple[str, str]]]) -> list[SelectChoice]:
    """The wijken by gemeente, after the choice to say nothing."""
    return [
        SelectChoice("", "Dat zeg ik liever niet"),
        *(
            SelectChoice(code, name, optgroup=gemeente)
            for gemeente, wijken in groups.items()
            for code, name in wijken
        ),
    ]


def _field(question: AskedQuestion) -> Any:
    choices = [SelectChoice(option.key, option.label) for option in question.options]
    known = {option.key for option in question.options}

    def check(_form: ContributionForm, field: Field) -> None:
        values = field.data if isinstance(field.data, list) else [field.data]
        if any(value and value not in known for value in values):
            raise ValidationError("Kies een antwoord uit de lijst.")

    made = SelectMultipleField if question.is_many else RadioField
    return made(question.label, [check], choices=choices, validate_choice=False)
