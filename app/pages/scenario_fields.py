"""The forms of scenarios: what is asked of one, and of each thing that it changes."""

from __future__ import annotations

import datetime as dt

from wtforms import Field, Form, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from analysis.scenario import ITEM_KINDS, ItemKind
from app.pages.typed_fields import (
    DayField,
    EurosField,
    PlacesField,
    SeenField,
    line,
    no_secret,
    paragraphs,
    reason,
)
from app.services import current
from app.services.scenario_adopting import NEW_STATUSES, ON_STATUSES
from app.services.scenarios import LONGEST_NAME, TYPES
from app.services.site_form import LONGEST_LINE
from app.services.typed_points import TypedPointError, typed_point
from data.changes.scenarios import ItemFields, ScenarioFields

LATEST_YEARS_AHEAD = 25
EARLIEST = dt.date(2000, 1, 1)
_SECRET_WHY = "Dit lijkt over vrouwenopvang te gaan. Haal dit weg: die adressen zijn geheim."
_NO_PLACE = "Kies een plek: zoek een adres, klik op de kaart of typ coördinaten."
_TYPED_PLACE = (
    "Dit is geen plek. Typ RD-meters (zoals 103900, 488500) of graden (zoals 52,38 4,63)."
)


class _Versioned(Form):  # type: ignore[misc]  # WTForms has no types
    """A form that knows which version of the scenario was on the page."""

    gezien = SeenField()

    @property
    def seen_version(self) -> int:
        """The version that was seen."""
        return self.gezien.version


class ScenarioForm(_Versioned):
    """What is asked of a scenario."""

    naam = line(
        "Naam",
        asked="Geef het scenario een naam.",
        description="Bijvoorbeeld ‘Verdeeld over vier gemeenten’.",
    )
    soort = SelectField("Soort plek", validate_choice=False)
    gebied = SelectField("Voor wie is dit scenario?", validate_choice=False)
    datum = DayField(
        "Op welke datum?",
        validators=[DataRequired("Vul een datum in.")],
        description="Het scenario zegt hoe het er op die dag uitziet.",
    )
    doel = PlacesField(
        "Doel: hoeveel plekken in de hele regio?",
        description="Van deze soort samen. Laat dit leeg als er geen doel is.",
    )
    toelichting = paragraphs(
        "Toelichting", description="Wat wilt u weten? Schrijf niets over personen."
    )

    def validate_naam(self, field: Field) -> None:
        """A name that fits in a heading."""
        field.data = " ".join(str(field.data or "").split())
        if len(field.data) > LONGEST_NAME:
            raise ValidationError(f"Dit is te lang: hoogstens {LONGEST_NAME} tekens.")

    def validate_soort(self, field: Field) -> None:
        """Only a kind of place that stands on the map."""
        if field.data not in {entry.key for entry in TYPES}:
            raise ValidationError("Kies een soort plek uit de lijst.")

    def validate_gebied(self, field: Field) -> None:
        """Only what who asks works for; the database holds to it too."""
        if field.data not in {code for code, *_ in field.choices or ()}:
            raise ValidationError("Kies voor wie dit scenario is.")

    def validate_datum(self, field: Field) -> None:
        """A day that can be thought about."""
        latest = current.today().year + LATEST_YEARS_AHEAD
        if field.data and not (field.data >= EARLIEST and field.data.year <= latest):
            raise ValidationError(f"Kies een jaar van {EARLIEST.year} tot en met {latest}.")

    def validate_doel(self, field: Field) -> None:
        """Nothing is no target, 0 is not one either."""
        if field.data == 0:
            raise ValidationError("Een doel is 1 plek of meer. Laat het leeg als er geen doel is.")

    @property
    def fields(self) -> ScenarioFields:
        """What was typed; only of a form that is in order."""
        assert self.datum.data is not None
        return ScenarioFields(
            str(self.naam.data),
            str(self.soort.data),
            self.datum.data,
            self.doel.data,
            self.toelichting.data,
        )


class CopyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What a copy is called, and of whom it is."""

    naam = line("Naam van de kopie", asked="Geef de kopie een naam.")
    gebied = SelectField("Voor wie is de kopie?", validate_choice=False)

    validate_naam = ScenarioForm.validate_naam
    validate_gebied = ScenarioForm.validate_gebied


class ItemForm(_Versioned):
    """What is asked of one thing that a scenario changes; which fields depends on its kind."""

    wat = HiddenField()
    locatie = SelectField("Welke locatie?", validate_choice=False)
    naam = line("Naam", description="Zoals u de plek zelf noemt, bijvoorbeeld ‘Hoek Dorpsstraat’.")
    zoek = StringField("Zoek een adres of buurt", render_kw={"maxlength": 100, "type": "search"})
    gevonden = HiddenField()
    plek = StringField(
        "Plek op de kaart",
        description="RD-meters (zoals 103900, 488500) of graden (zoals 52,38 4,63).",
        render_kw={"maxlength": 100, "autocomplete": "off", "spellcheck": "false"},
    )
    aantal = PlacesField("Aantal plekken", description="Laat dit leeg als het nog niet bekend is.")
    kosten = EurosField(
        "Eenmalige kosten in euro's",
        description="Een schatting in hele euro's. Laat dit leeg als het niet bekend is.",
        render_kw={"inputmode": "numeric", "maxlength": 20, "autocomplete": "off"},
    )
    toelichting = line("Toelichting", description="Kort. Wie het scenario leest, leest dit ook.")

    @property
    def kind(self) -> ItemKind:
        """The kind of the item, on when the form says nothing that we know."""
        word = str(self.wat.data or "")
        return ITEM_KINDS[word] if word in ITEM_KINDS else ITEM_KINDS["on"]

    def keep_to_kind(self) -> None:
        """Take away what is not asked of this kind."""
        asked = {
            "locatie": self.kind.has_site,
            "naam": self.kind.key == "new",
            "zoek": self.kind.has_place,
            "gevonden": self.kind.has_place,
            "plek": self.kind.has_place,
            "aantal": self.kind.key in ("on", "new"),
        }
        for name, is_asked in asked.items():
            if not is_asked:
                delattr(self, name)

    def validate_locatie(self, field: Field) -> None:
        """Only a site that one can see."""
        if not field.data:
            raise ValidationError("Kies een locatie.")
        known = {str(value) for group in (field.choices or {}).values() for value, *_ in group}
        if field.data not in known:
            raise ValidationError("Kies een locatie uit de lijst.")

    def validate_naam(self, field: Field) -> None:
        """A new place is called something."""
        field.data = " ".join(str(field.data or "").split())
        if not field.data:
            raise ValidationError("Geef de plek een naam.")
        if len(field.data) > LONGEST_LINE:
            raise ValidationError(f"Dit is te lang: hoogstens {LONGEST_LINE} tekens.")

    def validate_plek(self, field: Field) -> None:
        """A place in the Netherlands, in metres or degrees."""
        text = str(field.data or "").strip()
        if not text:
            raise ValidationError(_NO_PLACE)
        no_secret(self, field)
        try:
            found = typed_point(text)
        except TypedPointError as error:
            raise ValidationError(str(error)) from None
        if found is None:
            raise ValidationError(_TYPED_PLACE)

    def validate_aantal(self, field: Field) -> None:
        """Not known is left empty; 0 places is no place."""
        if field.data == 0:
            raise ValidationError("Schrijf 1 of meer, of laat het leeg als het niet bekend is.")

    @property
    def point(self) -> tuple[int, int] | None:
        """The place that was typed, in RD."""
        return typed_point(str(self.plek.data)) if "plek" in self else None

    @property
    def fields(self) -> ItemFields:
        """What was typed; only of a form that is in order."""
        point = self.point
        return ItemFields(
            self.kind.key,
            site_id=int(self.locatie.data) if "locatie" in self else None,
            name=self.naam.data if "naam" in self else None,
            place_count=self.aantal.data if "aantal" in self else None,
            cost_eur=self.kosten.data,
            note=self.toelichting.data,
            x_m=None if point is None else float(point[0]),
            y_m=None if point is None else float(point[1]),
        )


class AdoptForm(_Versioned):
    """With which stages a scenario is adopted, and why."""

    aan = SelectField(
        "Fase van wat aan gaat",
        choices=[SelectChoice(status.key, status.label) for status in ON_STATUSES],
        validate_choice=False,
    )
    nieuw = SelectField(
        "Fase van een nieuwe plek",
        choices=[SelectChoice(status.key, status.label) for status in NEW_STATUSES],
        validate_choice=False,
    )
    reden = reason(
        "Waarom neemt u dit scenario over?",
        asked="Schrijf kort waarom.",
        secret=_SECRET_WHY,
        description=(
            "Dit komt in de geschiedenis, met uw naam, en bij de fase van elke locatie. Van een "
            "openbare locatie kan iedereen dit lezen."
        ),
    )
    stand = HiddenField()
    gelezen = HiddenField()

    def validate_aan(self, field: Field) -> None:
        """Only a stage that a site can be turned on with."""
        if field.data not in {status.key for status in ON_STATUSES}:
            raise ValidationError("Kies een fase uit de lijst.")

    def validate_nieuw(self, field: Field) -> None:
        """Only a stage that a new site can begin with."""
        if field.data not in {status.key for status in NEW_STATUSES}:
            raise ValidationError("Kies een fase uit de lijst.")
