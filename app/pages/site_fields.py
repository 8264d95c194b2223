"""The fields of the form of a site. What is wrong with them ``app.services.site_form`` says."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.services.site_form import FIRST_STATUSES, LONGEST_LINE, LONGEST_TEXT, SITE_TYPES
from data.publication import PUBLICATION_LEVELS

#: Says in the label that a field must be filled in.
ASKED = [InputRequired()]
REASON_OF_NEW = (
    "Kort, bijvoorbeeld: ‘Grond van de gemeente komt vrij’. Het staat in de geschiedenis, met uw "
    "naam, en bij de fase. Maakt u de locatie openbaar, dan kan iedereen dit lezen."
)
REASON_OF_CHANGE = (
    "Kort, bijvoorbeeld: ‘Adres verbeterd’. Het staat in de geschiedenis, met uw naam."
)
#: What is asked of a new site only.
FIRST_FIELDS = ("fase", "fase_datum", "aantal")
ONE_LINE = {"maxlength": LONGEST_LINE, "autocomplete": "off"}
A_DATE = {"type": "date"}


class SiteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is asked of a site; every answer is a text."""

    naam = StringField(
        "Naam",
        ASKED,
        description="Zoals u de plek zelf noemt, bijvoorbeeld ‘Hoek Dorpsstraat’.",
        render_kw=ONE_LINE,
    )
    soort = SelectField("Soort plek", ASKED, validate_choice=False)
    aanbieder = StringField(
        "Aanbieder",
        description="De organisatie die hier hulp geeft of gaat geven.",
        render_kw=ONE_LINE,
    )
    toelichting = TextAreaField(
        "Toelichting",
        description="Wat voor plek is het? Schrijf niets over personen.",
        render_kw={"rows": 4, "maxlength": LONGEST_TEXT},
    )
    adres = StringField("Adres", description="Straat, nummer en plaats.", render_kw=ONE_LINE)
    zoek = StringField("Zoek een adres of buurt", render_kw={"maxlength": 100, "type": "search"})
    gevonden = HiddenField()
    plek = StringField(
        "Plek op de kaart",
        ASKED,
        description="RD-meters (zoals 103900, 488500) of graden (zoals 52,38 4,63).",
        render_kw={"maxlength": 100, "autocomplete": "off", "spellcheck": "false"},
    )
    omtrek = TextAreaField(
        "Omtrek van het perceel",
        description="Elke hoek op een eigen regel: x en y in RD-meters. Hoogstens 20 hectare.",
        render_kw={"rows": 4, "maxlength": 8000, "spellcheck": "false"},
    )
    fase = RadioField(
        "Hoe ver is het?",
        ASKED,
        validate_choice=False,
        choices=[SelectChoice(status.key, status.label) for status in FIRST_STATUSES],
    )
    fase_datum = StringField("Sinds wanneer?", ASKED, render_kw=A_DATE)
    aantal = StringField(
        "Aantal plekken",
        description="Hoeveel mensen hier kunnen wonen of verblijven. Weet u het nog niet? Laat "
        "het dan open.",
        render_kw={"inputmode": "numeric", "maxlength": 6, "autocomplete": "off"},
    )
    publicatie = RadioField(
        "Wie mag dit zien?",
        ASKED,
        validate_choice=False,
        choices=[SelectChoice(level.key, level.label) for level in PUBLICATION_LEVELS],
    )
    geldig_van = StringField("Vanaf", render_kw=A_DATE)
    geldig_tot = StringField("Tot en met", render_kw=A_DATE)
    reden = StringField("Reden", ASKED, render_kw=ONE_LINE)
    gezien = HiddenField()


def filled_form(texts: Mapping[str, str], faults: Mapping[str, str], *, is_new: bool) -> SiteForm:
    """The form with these texts in it, and beside each field what is wrong with it."""
    form = SiteForm(formdata=None, data=texts)
    types = [SelectChoice(entry.key, entry.label) for entry in SITE_TYPES]
    form.soort.choices = [SelectChoice("", "Kies een soort"), *types]
    form.reden.description = REASON_OF_NEW if is_new else REASON_OF_CHANGE
    if not is_new:
        for name in FIRST_FIELDS:
            delattr(form, name)
    for key, fault in faults.items():
        form[key].errors = [fault]
    return form


def typed_texts() -> dict[str, str]:
    """What stands in the form that was sent, by field."""
    form = SiteForm()
    return {field.name: str(field.data or "") for field in form if field.name != "csrf_token"}
