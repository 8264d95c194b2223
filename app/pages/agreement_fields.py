"""The forms of agreements and of measurements of support, with their faults in Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field, Form, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.agreements import AGREEMENT_KINDS
from app.numbers import to_dutch
from app.pages.typed_fields import DayField, Filled, SeenField, line, paragraphs
from data.changes.agreements import AgreementFields, MeasurementFields
from data.queries.agreements import AgreementRecord, MeasurementRecord

MOST_PEOPLE = 1_000_000
#: By the name in the fields of a row: the name in the form.
NAMES = {
    "agreed_on": "afgesproken",
    "from_on": "vanaf",
    "until_on": "tot",
    "evaluate_on": "bekijken",
    "measured_on": "dag",
    "positive_count": "positief",
    "invited_count": "gevraagd",
}


class PeopleField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A whole number of people; nothing typed is unknown, and stays so."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed: 1200 or 1.200."""
        typed = valuelist[0].strip().replace(".", "") if valuelist else ""
        self.data: int | None = None
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 7):
            raise ValueError("Schrijf een heel getal.")
        if int(typed) > MOST_PEOPLE:
            raise ValueError(f"Dit is te veel: hoogstens {to_dutch(MOST_PEOPLE)} mensen.")
        self.data = int(typed)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else to_dutch(self.data)


class SiteForm(Form):  # type: ignore[misc]  # WTForms has no types
    """About which site it is, or about the whole conversation."""

    locatie = SelectField(
        "Over welke locatie?",
        description="De pagina van deze locatie laat dit ook zien.",
        validate_choice=False,
    )
    gezien = SeenField()

    def with_sites(self, names: Mapping[int, str]) -> SiteForm:
        """Let people choose one of these sites."""
        self.locatie.choices = [
            SelectChoice("", "Het hele gesprek"),
            *(SelectChoice(str(site_id), name) for site_id, name in names.items()),
        ]
        return self

    def validate_locatie(self, field: Field) -> None:
        """Only a site of this conversation."""
        if (field.data or "") not in {choice.value for choice in field.choices}:
            raise ValidationError("Kies een locatie uit de lijst.")

    @property
    def site_id(self) -> int | None:
        """The site that was chosen; only of a form that is in order."""
        return int(self.locatie.data) if self.locatie.data else None

    def take(self, faults: Mapping[str, str]) -> bool:
        """Put faults beside their fields; whether there were any."""
        for name, fault in faults.items():
            field = self[NAMES[name]]
            field.errors = [*field.errors, fault]
        return bool(faults)


class AgreementForm(SiteForm):
    """What was agreed, with whom and for how long."""

    soort = SelectField(
        "Soort afspraak",
        choices=[
            SelectChoice("", "Kies een soort"),
            *(SelectChoice(entry.key, entry.label) for entry in AGREEMENT_KINDS),
        ],
        validate_choice=False,
    )
    wat = line("Wat is afgesproken?", asked="Schrijf in één zin wat is afgesproken.")
    uitleg = paragraphs("Uitleg", description="Schrijf korte zinnen. Inwoners lezen dit.")
    wie = line(
        "Wie doet dit?",
        asked="Vul in wie dit doet.",
        description="Noem organisaties of een functie, geen namen van personen.",
    )
    afgesproken = DayField("Dag van de afspraak", validators=[Filled("Vul een datum in.")])
    vanaf = DayField("Geldt vanaf")
    tot = DayField("Geldt tot en met", description="Nodig bij een beheercommissie.")
    bekijken = DayField(
        "Samen bekijken hoe het gaat op",
        description="Nodig bij beheer en bij een beheercommissie.",
    )
    openbaar = BooleanField("Iedereen mag dit lezen")

    def validate_soort(self, field: Field) -> None:
        """Only a kind of the registry."""
        if field.data not in AGREEMENT_KINDS:
            raise ValidationError("Kies een soort uit de lijst.")

    @property
    def fields(self) -> AgreementFields:
        """What was typed; only of a form that is in order."""
        assert self.afgesproken.data is not None
        return AgreementFields(
            kind=str(self.soort.data),
            title=str(self.wat.data),
            who=str(self.wie.data),
            agreed_on=self.afgesproken.data,
            explanation=self.uitleg.data,
            site_id=self.site_id,
            from_on=self.vanaf.data,
            until_on=self.tot.data,
            evaluate_on=self.bekijken.data,
            is_public=bool(self.openbaar.data),
        )

    @classmethod
    def stored(cls, record: AgreementRecord) -> AgreementForm:
        """The form with what stands there."""
        return cls(
            data={
                "locatie": _word(record.site_id),
                "soort": record.kind,
                "wat": record.title,
                "uitleg": record.explanation,
                "wie": record.who,
                "afgesproken": record.agreed_on,
                "vanaf": record.from_on,
                "tot": record.until_on,
                "bekijken": record.evaluate_on,
                "openbaar": record.is_public,
                "gezien": str(record.version),
            }
        )


class DoneForm(Form):  # type: ignore[misc]
    """When an agreement was done, and how."""

    klaar = DayField("Klaar op", validators=[Filled("Vul een datum in.")])
    hoe = paragraphs(
        "Wat is er gedaan?",
        asked="Schrijf kort wat er is gedaan.",
        description="Dit komt bij de afspraak te staan.",
    )
    gezien = SeenField()


class SeenForm(Form):  # type: ignore[misc]
    """The version that a button was shown with."""

    gezien = SeenField()


class MeasurementForm(SiteForm):
    """What was asked, how, and how many people answered what."""

    dag = DayField("Dag van de meting", validators=[Filled("Vul een datum in.")])
    vraag = line(
        "De vraag",
        asked="Schrijf de vraag op zoals die is gesteld.",
        description="Stel elk jaar dezelfde vraag. Alleen dan zijn metingen te vergelijken.",
    )
    manier = line(
        "Hoe is het gevraagd, en aan wie?",
        asked="Schrijf op hoe en aan wie de vraag is gesteld.",
        description="Bijvoorbeeld: brief aan alle adressen binnen 300 meter.",
    )
    bron = line("Wie deed de meting?", asked="Vul in wie de meting deed.")
    gevraagd = PeopleField(
        "Hoeveel mensen zijn gevraagd?", description="Laat dit leeg als u het niet weet."
    )
    positief = PeopleField("Positieve antwoorden", validators=[Filled("Vul een aantal in.")])
    neutraal = PeopleField("Neutrale antwoorden", validators=[Filled("Vul een aantal in.")])
    negatief = PeopleField("Negatieve antwoorden", validators=[Filled("Vul een aantal in.")])

    @property
    def fields(self) -> MeasurementFields:
        """What was typed; only of a form that is in order."""
        assert self.dag.data is not None
        assert self.positief.data is not None
        assert self.neutraal.data is not None
        assert self.negatief.data is not None
        return MeasurementFields(
            self.dag.data,
            str(self.vraag.data),
            str(self.manier.data),
            str(self.bron.data),
            self.positief.data,
            self.neutraal.data,
            self.negatief.data,
            invited_count=self.gevraagd.data,
            site_id=self.site_id,
        )

    @classmethod
    def stored(cls, record: MeasurementRecord) -> MeasurementForm:
        """The form with what stands there."""
        return cls(
            data={
                "locatie": _word(record.site_id),
                "dag": record.measured_on,
                "vraag": record.question,
                "manier": record.method,
                "bron": record.source,
                "gevraagd": record.invited_count,
                "positief": record.positive_count,
                "neutraal": record.neutral_count,
                "negatief": record.negative_count,
                "gezien": str(record.version),
            }
        )


def _word(value: Any) -> str:
    return "" if value is None else str(value)
