"""The form of choosing several sites at once: what may be typed, and the question it makes."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.siting.stages import STAGES, USUAL_ORDER
from analysis.spreading.exposure import LIMITS_M
from app.numbers import to_dutch
from app.pages.typed_fields import DayField, line
from app.services.site_form import SITE_TYPES
from app.services.siting_question import (
    ALL,
    OF_CHOICE,
    TICKED,
    TIME_LIMITS_S,
    USUAL_PLANS,
    USUAL_TIME_S,
)

PLACES, SITES = "plekken", "locaties"
MOST_EURO = 10_000_000_000
LONGEST_SEPARATION_M = 50_000
_TYPES = {"": "Geen", **{entry.key: entry.label for entry in SITE_TYPES}}


class ListedField(SelectField):  # type: ignore[misc]  # WTForms has no types
    """A choice from a list, which says in Dutch that something else can't be chosen."""

    def pre_validate(self, form: Form) -> None:
        """Only what is in the list."""
        if str(self.data) not in {str(value) for value, *_ in self.iter_choices()}:
            raise ValidationError("Kies iets uit de lijst.")


class WholeNumberField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A whole number, with or without points between the thousands; nothing typed is None."""

    def __init__(self, label: str, most: int, **more: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **more)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data: int | None = None
        if not typed:
            return
        digits = typed.replace("€", "").replace(".", "").replace(" ", "").replace("\u00a0", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise ValueError("Schrijf een heel getal, of laat het leeg.")
        if int(digits) > self.most:
            raise ValueError(f"Dit is te veel: hoogstens {to_dutch(self.most)}.")
        self.data = int(digits)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


def _count(label: str, most: int = 10_000) -> WholeNumberField:
    return WholeNumberField(label, most)


def _stage(label: str, default: str) -> ListedField:
    choices = {"": "Niets meer", **{stage.key: stage.label for stage in STAGES}}
    return ListedField(label, choices=choices, default=default)


def _duration(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconden"
    return "1 minuut" if seconds == 60 else f"{seconds // 60} minuten"


class TargetForm(Form):  # type: ignore[misc]  # WTForms has no types
    """How much of one type must come."""

    soort = ListedField("Soort", choices=_TYPES)
    eenheid = ListedField("Telt in", choices={PLACES: "plekken", SITES: "locaties"}, default=PLACES)
    minstens = _count("Minstens")
    hoogstens = _count("Hoogstens")

    def validate_hoogstens(self, field: WholeNumberField) -> None:
        """A number when a type is chosen, and no more than the most."""
        least, most = self.minstens.data, field.data
        if not self.soort.data:
            if least is not None or most is not None:
                raise ValidationError("Kies ook de soort.")
            return
        unread = self.minstens.process_errors or field.process_errors
        if least is None and most is None and not unread:
            raise ValidationError("Vul in hoeveel er minstens of hoogstens bij komen.")
        if least is not None and most is not None and least > most:
            raise ValidationError("Het hoogste aantal is lager dan het laagste.")

    @property
    def bounds(self) -> dict[str, int | None]:
        """The fields of a target that this row fills."""
        unit = "place" if self.eenheid.data == PLACES else "site"
        return {
            f"least_{unit}_count": self.minstens.data,
            f"most_{unit}_count": self.hoogstens.data,
        }


class _OfGemeenteForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A number that holds for one gemeente or for every one."""

    gemeente = SelectField("Voor", validate_choice=False)

    def validate_gemeente(self, field: SelectField) -> None:
        """Only a gemeente of the list; empty is every one of them."""
        if field.data and field.data not in dict(field.choices):
            raise ValidationError("Kies een gemeente uit de lijst.")


class LeastForm(_OfGemeenteForm):
    """How many places of a type a gemeente must have at least."""

    soort = ListedField("Soort", choices=_TYPES)
    aantal = _count("Minstens (plekken)")

    def validate_aantal(self, field: WholeNumberField) -> None:
        """Type and number together, or neither."""
        if bool(self.soort.data) != (field.data is not None) and not field.process_errors:
            raise ValidationError("Vul de soort en het aantal allebei in.")


class MostForm(_OfGemeenteForm):
    """How many places of all counted types together a gemeente may have at most."""

    aantal = _count("Hoogstens (plekken)", 100_000)


class WhatForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Everything that is asked once."""

    naam = line(
        "Naam van deze berekening",
        asked="Geef de berekening een naam.",
        description="Zo vindt u haar terug, bijvoorbeeld ‘Skaeve Huse, 24 woningen’.",
    )
    eigenaar = SelectField("Voor wie is de berekening?", validate_choice=False)
    datum = DayField("Op datum")
    wie = RadioField(
        "Waaruit wordt gekozen?",
        choices={
            ALL: "Alle locaties in voorbereiding",
            OF_CHOICE: "De kandidaten van een keuze",
            TICKED: "Alleen de locaties die ik aanvink",
        },
        default=ALL,
        validate_choice=False,
    )
    keuze = SelectField("Keuze", validate_choice=False)
    basis = ListedField(
        "Eerlijk delen naar",
        choices={entry.key: entry.label for entry in SPREADING_BASES},
        default="inwoners",
    )
    plannen = ListedField(
        "Wat is er al?",
        choices={entry.key: entry.label for entry in PLAN_SCOPES},
        default=USUAL_PLANS,
    )
    alle_soorten = BooleanField("Tel alle soorten plekken samen")
    per_locatie = _count("Hoogstens per locatie (plekken)")
    budget = WholeNumberField(
        "Budget in euro",
        MOST_EURO,
        description="Eenmalige kosten samen. Een locatie zonder schatting kan dan niet mee.",
    )
    afstand = WholeNumberField("Gewenste afstand tussen locaties, in meter", LONGEST_SEPARATION_M)
    reden = line("Waarom die afstand?", description="Nodig bij een afstand.")
    straal = ListedField(
        "Dicht bij huis is",
        choices={f"{limit:g}": f"{to_dutch(limit)} meter lopen" for limit in LIMITS_M},
        default=f"{LIMITS_M[0]:g}",
    )
    afweging = BooleanField("Laat alle keuzes zien tussen de eerste twee")
    eerst = _stage("Eerst", USUAL_ORDER[0])
    daarna = _stage("Daarna", USUAL_ORDER[1])
    dan = _stage("Dan", USUAL_ORDER[2])
    ten_slotte = _stage("Ten slotte", USUAL_ORDER[3])
    tijd = ListedField(
        "Hoe lang mag het rekenen duren?",
        choices={str(limit): _duration(limit) for limit in TIME_LIMITS_S},
        default=str(USUAL_TIME_S),
    )

    def validate_datum(self, field: DayField) -> None:
        """A day; what is no date says so itself."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Vul een datum in.")

    def validate_eigenaar(self, field: SelectField) -> None:
        """Only for whom who asks may work."""
        if field.data not in dict(field.choices):
            raise ValidationError("Kies voor wie de berekening is.")

    def validate_wie(self, field: RadioField) -> None:
        """Only a source of the list."""
        if field.data not in (ALL, OF_CHOICE, TICKED):
            raise ValidationError("Kies waaruit wordt gekozen.")

    def validate_keuze(self, field: SelectField) -> None:
        """A choice, when that is what is chosen from."""
        if self.wie.data == OF_CHOICE and field.data not in dict(field.choices):
            raise ValidationError("Kies een keuze uit de lijst.")

    def validate_per_locatie(self, field: WholeNumberField) -> None:
        """More than nothing."""
        if field.data == 0:
            raise ValidationError("Vul een getal boven 0 in, of laat het leeg.")

    def validate_afstand(self, field: WholeNumberField) -> None:
        """More than nothing."""
        if field.data == 0:
            raise ValidationError("Vul een afstand boven 0 in, of laat het leeg.")

    def validate_reden(self, field: StringField) -> None:
        """A wish has its reason: without one it would be a rule that nobody can explain."""
        if self.afstand.data and not field.data:
            raise ValidationError("Schrijf kort waarom u deze afstand wenst.")

    def validate_eerst(self, _field: SelectField) -> None:
        """Something to weigh, and nothing twice."""
        order = self.order
        if not order:
            raise ValidationError("Kies minstens één ding dat zo goed mogelijk moet.")
        if len(set(order)) != len(order):
            raise ValidationError("Kies elk ding hoogstens één keer.")

    def validate_afweging(self, field: BooleanField) -> None:
        """Between two things that are both weighed."""
        order = [key for key in self.order if key != "tussenafstand" or self.afstand.data]
        if field.data and len(order) < 2:
            raise ValidationError("Kies dan minstens twee dingen die zo goed mogelijk moeten.")

    @property
    def order(self) -> tuple[str, ...]:
        """The stages in the order that was chosen."""
        fields = (self.eerst, self.daarna, self.dan, self.ten_slotte)
        return tuple(str(field.data) for field in fields if field.data)
