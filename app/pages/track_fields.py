"""The forms of a conversation and of its parts: what is asked, and what was typed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Protocol

from wtforms import BooleanField, Field, Form, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.participation import PARTICIPATION_LEVELS
from app.numbers import ZONE
from app.pages.typed_fields import DayField, PlacesField, SeenField, line, paragraphs
from app.services import current
from app.services.workspace_track import PARTS
from data.changes.track_parts import MeetingFields, NewsFields, PartyFields, PhaseFields, SiteFields
from data.queries.workspace_tracks import (
    WorkMeeting,
    WorkNews,
    WorkParty,
    WorkPhase,
    WorkTrackSite,
)

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_NO_PEOPLE = "Schrijf geen namen van personen op."


class Stored(Protocol):
    """A row that stands in the database with its version."""

    @property
    def version(self) -> int:
        """The version that is seen."""


class VisitorsField(PlacesField):
    """A whole number of people; nothing typed is unknown."""

    counted = "mensen"


class HourField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A time of the day, as 19:30 or 19.30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data: dt.time | None = None
        if not typed:
            return
        found = _HOUR.fullmatch(typed)
        if found is None:
            raise ValueError("Dit is geen tijd. Schrijf uren en minuten, zoals 19:30.")
        self.data = dt.time(int(found[1]), int(found[2]))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:%H:%M}"


class PartForm(Form):  # type: ignore[misc]
    """A part of a conversation, with the version that was seen."""

    gezien = SeenField()


class PhaseForm(PartForm):
    """A phase: what it is for, how much people have to say, and what is open."""

    naam = line("Naam", asked="Geef de fase een naam.", description="Bijvoorbeeld ‘Kennismaken’.")
    niveau = SelectField(
        "Hoeveel hebben mensen te zeggen?",
        choices=[
            SelectChoice(level.key, f"{level.label}: {level.explanation}")
            for level in PARTICIPATION_LEVELS
        ],
        validate_choice=False,
    )
    doel = paragraphs("Waarvoor is deze fase?")
    open = paragraphs("Wat is nog open?", description="Waarover kunnen mensen meepraten?")
    vast = paragraphs("Wat staat vast?", description="Waarover niet meer?")
    begin = DayField("Eerste dag", description="Jaar-maand-dag, zoals 2026-01-31.")
    einde = DayField("Laatste dag", description="Jaar-maand-dag, zoals 2026-03-31.")
    reacties = BooleanField("Inwoners kunnen reageren")
    belang = BooleanField("Inwoners kunnen aangeven wat zij belangrijk vinden")

    def validate_niveau(self, field: Field) -> None:
        """Only a level of the registry."""
        if field.data not in PARTICIPATION_LEVELS:
            raise ValidationError("Kies een niveau uit de lijst.")

    def validate_einde(self, field: Field) -> None:
        """No phase ends before it begins, or without a beginning."""
        if field.data and not self.begin.data and not self.begin.errors:
            raise ValidationError("Vul ook de eerste dag in.")
        if field.data and self.begin.data and field.data < self.begin.data:
            raise ValidationError("De laatste dag ligt voor de eerste dag.")

    @classmethod
    def stored(cls, record: WorkPhase) -> PhaseForm:
        """The form with what stands there."""
        return cls(
            data={
                "naam": record.name,
                "niveau": record.level,
                "doel": record.goal,
                "open": record.open_text,
                "vast": record.fixed_text,
                "begin": record.starts_on,
                "einde": record.ends_on,
                "reacties": record.takes_contributions,
                "belang": record.takes_importance,
                "gezien": str(record.version),
            }
        )

    @property
    def fields(self) -> PhaseFields:
        """What was typed; only of a form that is in order."""
        return PhaseFields(
            str(self.naam.data),
            str(self.niveau.data),
            self.doel.data,
            self.open.data,
            self.vast.data,
            self.begin.data,
            self.einde.data,
            bool(self.reacties.data),
            bool(self.belang.data),
        )


class PartyForm(PartForm):
    """A line of the plan: who, in which role, and when."""

    wie = line(
        "Wie?",
        asked="Vul in wie er meedoet.",
        description=f"Een groep of organisatie. {_NO_PEOPLE}",
    )
    rol = line("Welke rol?", asked="Vul in wat hun rol is.")
    wanneer = line("Wanneer?", description="Bijvoorbeeld ‘bij het plan’.")

    @classmethod
    def stored(cls, record: WorkParty) -> PartyForm:
        """The form with what stands there."""
        return cls(
            data={
                "wie": record.name,
                "rol": record.role,
                "wanneer": record.moment,
                "gezien": str(record.version),
            }
        )

    @property
    def fields(self) -> PartyFields:
        """What was typed; only of a form that is in order."""
        return PartyFields(str(self.wie.data), str(self.rol.data), self.wanneer.data)


class MeetingForm(PartForm):
    """A meeting: when, as the clock in the Netherlands says, and where; then its report."""

    naam = line("Naam", asked="Geef de bijeenkomst een naam.")
    dag = DayField("Dag", description="Jaar-maand-dag, zoals 2026-01-31.")
    begin = HourField("Begin", description="Uren en minuten in Nederland, zoals 19:30.")
    einde = HourField("Einde", description="Laat dit leeg als het nog niet bekend is.")
    plek = line(
        "Waar?",
        asked="Vul in waar het is.",
        description="Zeg ook of het met een rolstoel bereikbaar is.",
    )
    uitleg = paragraphs("Wat gebeurt er?")
    afgelast = BooleanField("Deze bijeenkomst gaat niet door")
    verslag = paragraphs("Verslag", description=f"Na afloop. {_NO_PEOPLE}")
    bezoekers = VisitorsField("Hoeveel mensen kwamen er?", description="Na afloop.")

    def validate_dag(self, field: Field) -> None:
        """A meeting has a day."""
        if field.data is None and not field.errors:
            raise ValidationError("Vul in op welke dag het is.")

    def validate_begin(self, field: Field) -> None:
        """A meeting begins at a time that the clock has on that day."""
        if field.data is None and not field.errors:
            raise ValidationError("Vul in hoe laat het begint.")
        if field.data and self.dag.data and not _is_on_clock(self._moment(field.data)):
            raise ValidationError("Op deze dag gaat de klok dan vooruit: dit uur is er niet.")

    def validate_einde(self, field: Field) -> None:
        """It ends after it begins."""
        if field.data and self.begin.data and field.data <= self.begin.data:
            raise ValidationError("Het einde ligt voor het begin.")

    def validate_verslag(self, field: Field) -> None:
        """Nothing is told of a meeting before its day."""
        self._check_held(field)

    def validate_bezoekers(self, field: Field) -> None:
        """Nobody came before its day."""
        self._check_held(field)

    @classmethod
    def stored(cls, record: WorkMeeting) -> MeetingForm:
        """The form with what stands there, as the clock in the Netherlands says."""
        begin = record.starts_at.astimezone(ZONE)
        end = record.ends_at.astimezone(ZONE) if record.ends_at else None
        return cls(
            data={
                "naam": record.name,
                "dag": begin.date(),
                "begin": begin.time(),
                "einde": end.time() if end else None,
                "plek": record.place,
                "uitleg": record.explanation,
                "afgelast": record.is_cancelled,
                "verslag": record.report,
                "bezoekers": record.visitor_count,
                "gezien": str(record.version),
            }
        )

    @property
    def fields(self) -> MeetingFields:
        """What was typed; only of a form that is in order."""
        return MeetingFields(
            str(self.naam.data),
            self._moment(self.begin.data or dt.time()),
            self._moment(self.einde.data) if self.einde.data else None,
            str(self.plek.data),
            self.uitleg.data,
            self.verslag.data,
            self.bezoekers.data,
            bool(self.afgelast.data),
        )

    def _check_held(self, field: Field) -> None:
        if field.data is not None and self.dag.data and self.dag.data > current.today():
            raise ValidationError("Deze dag is nog niet geweest. Vul dit in na afloop.")

    def _moment(self, hour: dt.time) -> dt.datetime:
        assert self.dag.data is not None
        return dt.datetime.combine(self.dag.data, hour, ZONE)


class NewsForm(PartForm):
    """A message, public as soon as the conversation is."""

    titel = line("Titel", asked="Geef het bericht een titel.")
    bericht = paragraphs("Bericht", asked="Schrijf het bericht.", description=_NO_PEOPLE)

    @classmethod
    def stored(cls, record: WorkNews) -> NewsForm:
        """The form with what stands there."""
        return cls(
            data={
                "titel": record.title,
                "bericht": record.body,
                "gezien": str(record.version),
            }
        )

    @property
    def fields(self) -> NewsFields:
        """What was typed; only of a form that is in order."""
        return NewsFields(str(self.titel.data), str(self.bericht.data))


class SiteForm(PartForm):
    """What a site is in the conversation, and why."""

    rol = SelectField(
        "Wat is deze locatie in het gesprek?",
        choices=[SelectChoice(key, label) for key, label in PARTS.items()],
        validate_choice=False,
    )
    toelichting = paragraphs(
        "Toelichting",
        description="Waarom deze plek, of waarom niet? Bij ‘ook bekeken’ is dit nodig.",
    )

    def validate_rol(self, field: Field) -> None:
        """Only what a site may be."""
        if field.data not in PARTS:
            raise ValidationError("Kies uit de lijst.")

    def validate_toelichting(self, field: Field) -> None:
        """What was also looked at has its reason."""
        if self.rol.data == "bekeken" and not field.data:
            raise ValidationError("Schrijf waarom deze plek het niet werd, of nog niet.")

    @classmethod
    def stored(cls, record: WorkTrackSite) -> SiteForm:
        """The form with what stands there."""
        return cls(
            data={
                "rol": record.part,
                "toelichting": record.note,
                "gezien": str(record.version),
            }
        )

    def fields_of(self, site_id: int) -> SiteFields:
        """What was typed of this site; only of a form that is in order."""
        return SiteFields(site_id, str(self.rol.data), self.toelichting.data)


class NewSiteForm(SiteForm):
    """Also which site."""

    locatie = SelectField("Locatie", validate_choice=False)

    def validate_locatie(self, field: Field) -> None:
        """Only a site of the list."""
        if field.data not in {value for value, *_ in field.iter_choices()} or not field.data:
            raise ValidationError("Kies een locatie uit de lijst.")


def differences(typed: Form, stored: Form) -> list[tuple[str, str]]:
    """The fields in which what stands there is not what was typed: the label and what stands."""
    return [
        (field.label.text, told(stored[field.name]))
        for field in typed
        if field.name in stored._fields
        and field.type != "SeenField"
        and (field.data or None) != (stored[field.name].data or None)
    ]


def told(field: Field) -> str:
    """What stands in a field, for people."""
    if field.type == "BooleanField":
        return "ja" if field.data else "nee"
    if field.type == "SelectField":
        labels = {choice.value: choice.label for choice in _flat(field.choices)}
        return str(labels.get(field.data, field.data or "niet ingevuld"))
    text: Any = field._value()
    return str(text) or "niet ingevuld"


def _flat(choices: Any) -> list[SelectChoice]:
    groups = choices.values() if isinstance(choices, dict) else [choices or []]
    return [choice for group in groups for choice in group]


def _is_on_clock(moment: dt.datetime) -> bool:
    back = moment.astimezone(dt.UTC).astimezone(ZONE)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)
