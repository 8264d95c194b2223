"""The fields for a new password, alike wherever one is chosen."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.services.passwords import SHORTEST, fault_of


def new_password() -> PasswordField:
    """The field for a new password."""
    return PasswordField(
        "Nieuw wachtwoord",
        [InputRequired("Vul een wachtwoord in.")],
        description=f"Minstens {SHORTEST} tekens. Een zin van een paar woorden is goed.",
    )


def same_password() -> PasswordField:
    """The field for the same password once more."""
    return PasswordField(
        "Nieuw wachtwoord, nog een keer", [InputRequired("Vul het wachtwoord nog een keer in.")]
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A password, twice."""

    password = new_password()
    again = same_password()

    def validate_for(self, name: str, email: str) -> bool:
        """Whether the form was sent and is in order for the person with this name."""
        if not self.validate_on_submit():
            return False
        fault = fault_of(self.password.data, name, email)
        if fault is not None:
            self.password.errors = [fault]
        elif self.password.data != self.again.data:
            self.again.errors = ["Dit is niet hetzelfde wachtwoord."]
        return not (self.password.errors or self.again.errors)


class ChangePasswordForm(NewPasswordForm):
    """The password of now, and a new one twice."""

    current = PasswordField("Uw wachtwoord van nu", [InputRequired("Vul uw wachtwoord van nu in.")])
    password = new_password()
    again = same_password()
