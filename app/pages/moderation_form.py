"""The form of a moderator: a choice for each contribution, or one for all that are ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from analysis.dialogue.contributions import LONGEST_BODY
from analysis.dialogue.house_rules import HOUSE_RULES
from analysis.dialogue.moderating import (
    MODERATION_ACTIONS,
    PHOTO_CHOICES,
    ModerationAction,
    only_leaves_out,
)
from app.pages.typed_fields import SeenField, cleaned, no_secret, one_line
from app.services.moderation import Item
from app.services.moderation_decisions import Decision

LATER = ""
_TOGETHER = ("plaatsen", "weigeren", "eens", "toch_plaatsen")
_RULES = [SelectChoice("", "Kies een huisregel")] + [
    SelectChoice(rule.key, rule.label) for rule in HOUSE_RULES
]


class RowForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What is decided about one contribution; nothing chosen leaves it for later."""

    keuze = RadioField("Wat doet u?", choices=[], default=LATER, validate_choice=False)
    kies = BooleanField("Kies deze reactie")
    regel = SelectField("Waarom niet?", choices=_RULES, validate_choice=False)
    tekst = TextAreaField(
        "De tekst die openbaar wordt",
        [Length(max=LONGEST_BODY + 200, message="Deze tekst is te lang."), no_secret],
        [cleaned],
    )
    noot = StringField(
        "Uitleg voor de schrijver",
        [Length(max=500, message="Houd de uitleg korter dan 500 tekens."), no_secret],
        [one_line],
    )
    foto = SelectField("Foto", choices=[], validate_choice=False)
    gezien = SeenField()

    def action_among(self, actions: Iterable[ModerationAction]) -> ModerationAction | None:
        """What was chosen, when it may be chosen; None for later."""
        return next((action for action in actions if action.key == self.keuze.data), None)


class TogetherForm(Form):  # type: ignore[misc]
    """One choice for all contributions that are ticked and have no choice of their own."""

    samen = SelectField("Met alles wat u aankruist", choices=[], validate_choice=False)
    samen_regel = SelectField("Waarom niet?", choices=_RULES, validate_choice=False)


@dataclass(frozen=True)
class Row:
    """A contribution with its form."""

    item: Item
    form: RowForm

    @property
    def action(self) -> ModerationAction | None:
        """What was chosen."""
        return self.form.action_among(self.item.actions)

    @property
    def photo(self) -> str | None:
        """What changes about the photo; None when it stays as it is."""
        chosen = self.form.foto.data
        is_known = self.item.record.has_photo and chosen in PHOTO_CHOICES
        return chosen if is_known and chosen != photo_now(self.item) else None

    @property
    def rule_label(self) -> str:
        """The house rule that was chosen, in words."""
        key = self.form.regel.data
        return HOUSE_RULES[key].label if key in HOUSE_RULES else ""

    @property
    def photo_label(self) -> str:
        """What changes about the photo, in words; empty when it stays as it is."""
        return PHOTO_CHOICES[self.photo].label if self.photo else ""

    @property
    def is_decided(self) -> bool:
        """Whether there is anything to do."""
        return self.action is not None or self.photo is not None

    @property
    def is_stale(self) -> bool:
        """Whether somebody changed the contribution since the page was made."""
        return bool(self.form.gezien.version != self.item.record.version)

    @property
    def decision(self) -> Decision:
        """What was decided; only of a row without faults."""
        action, form = self.action, self.form
        return Decision(
            code=self.item.record.code,
            version=form.gezien.version,
            action=None if action is None else action.key,
            rule_key=form.regel.data if action is not None and action.asks_rule else None,
            note=form.noot.data or None,
            public_body=form.tekst.data if action is not None and action.asks_text else None,
            photo=self.photo,
        )

    def check(self) -> None:
        """Put a fault with each field that keeps this choice from being done."""
        self.form.validate()
        action, form, body = self.action, self.form, self.item.record.body
        if action is None:
            if form.keuze.data:
                form.keuze.errors = ["Dit kan hier niet. Kies iets uit de lijst."]
            return
        if action.asks_rule and form.regel.data not in HOUSE_RULES:
            form.regel.errors = ["Kies de huisregel waarom u dit niet plaatst."]
        if action.asks_note and not form.noot.data:
            form.noot.errors = ["Leg kort uit waarom. De schrijver leest dit."]
        if action.asks_text:
            form.tekst.errors = [*form.tekst.errors, *_text_faults(body, form.tekst.data)]
        else:
            form.tekst.errors = []

    @property
    def has_faults(self) -> bool:
        """Whether something must be put right first."""
        return any(field.errors for field in self.form)


def photo_now(item: Item) -> str:
    """The key of how the photo is shown now."""
    return "openbaar" if item.record.photo_is_public else "verborgen"


def to_row(item: Item, sent: Any = None) -> Row:
    """The form of a contribution, empty or as it was sent."""
    rules = [kind.rule_key for kind in item.found_kinds]
    form = RowForm(
        sent,
        prefix=f"{item.record.code}-",
        data={
            "regel": rules[0] if rules else "",
            "tekst": item.suggestion,
            "foto": photo_now(item),
            "gezien": str(item.record.version),
        },
    )
    form.keuze.choices = [SelectChoice(LATER, "Later")]
    form.keuze.choices += [SelectChoice(action.key, action.label) for action in item.actions]
    form.foto.choices = [SelectChoice(choice.key, choice.label) for choice in PHOTO_CHOICES]
    return Row(item, form)


def to_together(items: Iterable[Item], sent: Any = None) -> TogetherForm:
    """The form for all that is ticked, with what may be chosen for these contributions."""
    form = TogetherForm(sent)
    possible = {action.key for item in items for action in item.actions}
    form.samen.choices = [SelectChoice("", "Niets")]
    form.samen.choices += [
        SelectChoice(key, MODERATION_ACTIONS[key].label) for key in _TOGETHER if key in possible
    ]
    return form


def share_choice(rows: Iterable[Row], together: TogetherForm) -> None:
    """Give all that is ticked, and has no choice of its own, the choice for all together.

    The rule for all together also goes to what got that choice before, but no rule yet.
    """
    chosen, rule = together.samen.data, together.samen_regel.data
    if chosen not in _TOGETHER:
        return
    for form in (row.form for row in rows if row.form.kies.data):
        if not form.keuze.data:
            form.keuze.data = chosen
            form.regel.data = rule or form.regel.data
        elif form.keuze.data == chosen:
            form.regel.data = form.regel.data or rule


def _text_faults(body: str, shortened: str | None) -> list[str]:
    if not shortened:
        return ["Schrijf wat er wel openbaar mag worden, of kies Niet plaatsen."]
    if shortened == body:
        return ["Aan deze tekst is niets veranderd. Haal iets weg, of kies Plaatsen."]
    if not only_leaves_out(body, shortened):
        return [
            "U kunt alleen woorden weghalen. Zet op die plek (weggelaten). Andere woorden "
            "toevoegen kan niet: dit blijft de tekst van de schrijver."
        ]
    return []
