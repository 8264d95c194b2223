"""Managing accounts: who has which role, who may come in, and what was changed of that."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired

from app.auth import guard
from app.auth.roles import ROLES, VISITOR_KEY
from app.database import connection, reading_as
from app.pages.sender import go_to, site_address, transaction
from app.services import accounts, current
from app.services.account_history import history
from app.services.account_words import known_gemeenten, role_word, role_words
from app.services.accounts import LONGEST_NAME, EmailTaken, LastKeeper
from app.services.imports import secret_words
from data.queries.accounts import AccountRecord, account, all_accounts

page = Blueprint("accounts", __name__)
#: The largest number that the database has for an account.
_ID = "<int(max=2147483647):account_id>"
#: What the pages can say of what came before, by the word in the address.
MESSAGES = {
    "gemaakt": "Het account is gemaakt. Maak nu een link, zodat diegene een wachtwoord kan kiezen.",
    "bewaard": "De wijziging is bewaard.",
    "gesloten": "Het account is gesloten. Wie ermee was ingelogd, is uitgelogd.",
    "geopend": "Het account is weer open.",
    "tweede-stap": "De tweede stap staat uit. Diegene moet opnieuw inloggen.",
}


class RolesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Name and roles; a role is chosen as its key and gemeente code with a colon between."""

    name = StringField("Naam", [InputRequired("Vul een naam in.")])
    roles = SelectMultipleField("Rollen", validate_choice=False)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        with connection() as opened:
            self.gemeenten = known_gemeenten(opened)
        self.roles.choices = _choices(self.gemeenten)

    def validate_name(self, field: StringField) -> None:
        """A name fits on a line, and betrays no secret place."""
        if not accounts.is_name(field.data):
            raise ValidationError(f"Neem 1 tot {LONGEST_NAME} gewone tekens.")
        if secret_words().are_in(field.data):
            raise ValidationError("Noem hier geen vrouwenopvang: die bewaren wij nergens.")

    def validate_roles(self, field: SelectMultipleField) -> None:
        """Only roles that can be chosen."""
        if not set(field.data or ()) <= {value for value, _ in field.choices}:
            raise ValidationError("Kies uit de lijst.")

    def chosen(self) -> list[tuple[str, str]]:
        """The roles that were chosen."""
        pairs = (value.partition(":") for value in self.roles.data)
        return [(role, gemeente_code) for role, _, gemeente_code in pairs]


class AddForm(RolesForm):
    """Name, roles and e-mail address."""

    email = EmailField(
        "E-mailadres",
        [InputRequired("Vul een e-mailadres in.")],
        description="Hiermee logt diegene in. U kunt het later niet wijzigen.",
    )

    def validate_email(self, field: EmailField) -> None:
        """An address to which something can be sent."""
        if not accounts.is_email(field.data.strip()):
            raise ValidationError("Dit is geen e-mailadres. Een voorbeeld: naam@gemeente.example")


@page.get("/accounts")
def show() -> str:
    """Every account with its roles, and what was changed."""
    with connection() as opened:
        gemeenten = known_gemeenten(opened)
    with reading_as(guard.hands()) as opened:
        everyone = [(entry, role_words(entry.roles, gemeenten)) for entry in all_accounts(opened)]
        lines = history(opened, gemeenten)
    return render_template(
        "accounts/lijst.html", accounts=everyone, lines=lines, message=_message()
    )


@page.get("/accounts/nieuw")
def new() -> Response:
    """The form for a new account."""
    return _ask_new(AddForm(), HTTPStatus.OK)


@page.post("/accounts/nieuw")
def add() -> Response:
    """Make an account."""
    form = AddForm()
    if not form.validate_on_submit():
        return _ask_new(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction() as opened:
            made = accounts.add(opened, form.email.data, form.name.data, form.chosen())
    except EmailTaken as error:
        form.email.errors = [str(error)]
        return _ask_new(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return go_to(url_for("accounts.edit", account_id=made, bericht="gemaakt"))


@page.get(f"/accounts/{_ID}")
def edit(account_id: int) -> Response:
    """One account, with what can be done with it."""
    record = _record(account_id)
    return _ask(record, _form_of(record), HTTPStatus.OK)


@page.post(f"/accounts/{_ID}")
def change(account_id: int) -> Response:
    """Change name and roles."""
    record, form = _record(account_id), RolesForm()
    if not form.validate_on_submit():
        return _ask(record, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction() as opened:
            accounts.change(opened, account_id, form.name.data, form.chosen())
    except LastKeeper as error:
        form.roles.errors = [str(error)]
        return _ask(record, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(account_id, "bewaard")


@page.post(f"/accounts/{_ID}/sluiten")
def close(account_id: int) -> Response:
    """Let nobody in by this account any more."""
    try:
        with transaction() as opened:
            accounts.close(opened, account_id)
    except LastKeeper as error:
        record = _record(account_id)
        form = _form_of(record)
        form.form_errors.append(str(error))
        return _ask(record, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(account_id, "gesloten")


@page.post(f"/accounts/{_ID}/openen")
def reopen(account_id: int) -> Response:
    """Let someone in by this account again."""
    with transaction() as opened:
        accounts.reopen(opened, account_id)
    return _done(account_id, "geopend")


@page.post(f"/accounts/{_ID}/tweede-stap-uit")
def reset_second_step(account_id: int) -> Response:
    """Ask no second step of someone who lost it."""
    with transaction() as opened:
        accounts.reset_second_step(opened, account_id, current.now())
    return _done(account_id, "tweede-stap")


@page.post(f"/accounts/{_ID}/link")
def make_link(account_id: int) -> Response:
    """A link to choose a password, shown this once."""
    record = _record(account_id)
    with transaction() as opened:
        token = accounts.password_link(opened, account_id, current.now())
    if token is None:
        form = _form_of(record)
        form.form_errors.append("Dit account is gesloten. Open het eerst.")
        return _ask(record, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    address = site_address() + url_for("sign_in.link", token=token)
    return make_response(render_template("accounts/link.html", account=record, address=address))


def _choices(gemeenten: dict[str, str]) -> list[tuple[str, str]]:
    """Every role that can be given: a local one for each gemeente, the others for the region."""
    given = [role for role in ROLES if role.key != VISITOR_KEY]
    of_gemeente = [
        (f"{role.key}:{code}", role_word(role.key, code, gemeenten))
        for role in given
        if role.is_local
        for code in gemeenten
    ]
    return of_gemeente + [(f"{role.key}:", role.label) for role in given if not role.is_local]


def _record(account_id: int) -> AccountRecord:
    with reading_as(guard.hands()) as opened:
        return account(opened, account_id)


def _form_of(record: AccountRecord) -> RolesForm:
    """The form with what is stored, whatever was sent."""
    held = [f"{role}:{code}" for role, code in record.roles]
    return RolesForm(formdata=None, data={"name": record.name, "roles": held})


def _ask_new(form: AddForm, status: HTTPStatus) -> Response:
    return make_response(render_template("accounts/nieuw.html", form=form), status)


def _ask(record: AccountRecord, form: RolesForm, status: HTTPStatus) -> Response:
    text = render_template("accounts/account.html", account=record, form=form, message=_message())
    return make_response(text, status)


def _done(account_id: int, message: str) -> Response:
    return go_to(url_for("accounts.edit", account_id=account_id, bericht=message))


def _message() -> str | None:
    return MESSAGES.get(request.args.get("bericht", ""))
