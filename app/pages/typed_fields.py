"""Fields of forms in which people type: texts, dates and numbers, with faults in Dutch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from wtforms import DateField, Field, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from app.numbers import to_dutch
from app.services.imports import secret_words

LONGEST_LINE, LONGEST_REASON, LONGEST_TEXT = 300, 500, 4000
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_PLACES = 10_000
MOST_EUR = 1_000_000_000
SECRET = (
    "Dit lijkt over vrouwenopvang te gaan. Die adressen zijn geheim en bewaren wij nooit. Haal "
    "dit weg uit de tekst."
)
#: Whole euros as the Dutch write them: 1250000, 1.250.000, € 1 250 000 or 1.250.000,-.
_EUROS = re.compile(r"(?:€|euro)?([0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)(?:,(?:0{1,2}|-{1,2}))?")
_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})


def cleaned(text: Any) -> str | None:
    """What was typed, without signs that can't be read; None when nothing is left."""
    if not isinstance(text, str):
        return None
    lines = text.translate(_LINE_ENDS).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    readable = ("".join(sign for sign in line if sign.isprintable()) for line in lines)
    return "\n".join(line.rstrip() for line in readable).strip() or None


def one_line(text: str | None) -> str:
    """What was typed as one line, each gap a single space."""
    return " ".join((text or "").replace("\x00", "").split())


def refusing_secrets(message: str) -> Callable[[Form, Field], None]:
    """A check that refuses, in these words, what betrays a place whose address is secret."""

    def check(_form: Form, field: Field) -> None:
        if field.data and secret_words().are_in(field.data):
            raise ValidationError(message)

    return check


no_secret = refusing_secrets(SECRET)


def reason(label: str, *, asked: str, secret: str, description: str) -> TextAreaField:
    """A field for why something is changed, to keep in the history."""
    checks = [
        DataRequired(asked),
        Length(max=LONGEST_REASON, message="Houd de reden korter dan 500 tekens."),
        refusing_secrets(secret),
    ]
    return TextAreaField(label, checks, [one_line], description)


def line(label: str, *, asked: str | None = None, description: str = "") -> StringField:
    """A field for one line of text; ``asked`` is the fault when it stays empty."""
    return StringField(label, _text_checks(LONGEST_LINE, asked), [cleaned], description)


def paragraphs(label: str, *, asked: str | None = None, description: str = "") -> TextAreaField:
    """A field for more lines of text; ``asked`` is the fault when it stays empty."""
    return TextAreaField(label, _text_checks(LONGEST_TEXT, asked), [cleaned], description)


def readable_texts(form: Form) -> dict[str, str | None]:
    """What stands in the paragraphs of a form, by the label of their field."""
    return {field.label.text: field.data for field in form if isinstance(field, TextAreaField)}


def _text_checks(longest: int, asked: str | None) -> list[Any]:
    too_long = Length(max=longest, message=f"Dit is te lang: hoogstens {longest} tekens.")
    required = [DataRequired(asked)] if asked else []
    return [*required, too_long, no_secret]


class Filled:
    """A check that something was typed; what can't be read is told by its own fault."""

    field_flags = {"required": True}  # noqa: RUF012  # WTForms reads it so

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Spaces are nothing; 0 is something."""
        if field.data is None and not field.errors:
            raise StopValidation(self.message)


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A date as browsers send it; also 31-1-2026, for who types it without a calendar."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%d-%m-%Y"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data: dt.date | None = None
        if not typed:
            return
        try:
            super().process_formdata([typed])
        except ValueError:
            raise ValueError(
                "Dit is geen datum. Schrijf jaar-maand-dag, zoals 2026-01-31."
            ) from None
        if self.data is not None and self.data.year < FIRST_YEAR:
            raise ValueError("Deze datum is te lang geleden.")
        if self.data is not None and self.data.year > LAST_YEAR:
            raise ValueError("Deze datum is te ver weg. Kijk het jaar na.")


class PlacesField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A whole number of places; nothing typed is unknown, and stays so."""

    counted = "plekken"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data: int | None = None
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
            raise ValueError("Schrijf een heel getal, of laat het leeg als u het niet weet.")
        if int(typed) > MOST_PLACES:
            raise ValueError(f"Dit is te veel: hoogstens {MOST_PLACES} {self.counted}.")
        self.data = int(typed)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class SeenField(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """The version of what is changed, as it was when the page was made."""

    @property
    def version(self) -> int:
        """The number; -1, which nothing has, when the field holds none."""
        word = str(self.data or "")
        return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else -1


class EurosField(StringField):  # type: ignore[misc]  # WTForms has no types
    """Whole euros, as the Dutch write them; nothing typed is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = " ".join(valuelist[0].split()).lower() if valuelist else ""
        self.data: int | None = None
        if not typed:
            return
        found = _EUROS.fullmatch(typed.replace("€ ", "€").replace("euro ", "euro"))
        if found is None or not typed.replace("€", "").isascii():
            raise ValueError("Schrijf hele euro's, zoals 1.250.000.")
        euros = int(re.sub(r"[. ]", "", found[1])[:12])
        if euros > MOST_EUR:
            raise ValueError("Dit is te veel: hoogstens 1 miljard euro.")
        self.data = euros

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else to_dutch(self.data)
