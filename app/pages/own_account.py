"""The own account: name and roles, password, second step, and where one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from app.auth import guard
from app.database import connection, reading_as
from app.pages.password_fields import ChangePasswordForm
from app.pages.sender import go_to, sender, settings, transaction
from app.services import own_account, second_step
from app.services.account_words import known_gemeenten, role_words, way_words
from app.services.derived_keys import UnreadableSecret
from app.services.own_account import WrongCode, WrongPassword
from data.changes.accounts import remove_sessions_of
from data.queries.accounts import AccountRecord, account, sessions_of
from data.queries.credentials import recovery_code_count

page = Blueprint("own_account", __name__)
#: What the page can say of what came before, by the word in its address.
MESSAGES = {
    "wachtwoord": "Uw nieuwe wachtwoord geldt. Op andere apparaten bent u uitgelogd.",
    "tweede-stap-uit": "De tweede stap staat uit.",
}
_WRONG_PASSWORD = "Dit is niet uw wachtwoord van nu."
_WRONG_CODE = "Deze code klopt niet. Kijk of de klok van uw telefoon goed staat."


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The password once more."""

    current = PasswordField("Uw wachtwoord", [InputRequired("Vul uw wachtwoord in.")])


class TurnOnForm(ConfirmForm):
    """The first code of a telephone that read the secret."""

    code = StringField(
        "Code van uw telefoon",
        [InputRequired("Vul de code in.")],
        description="Zes cijfers. Uw telefoon laat elke halve minuut een nieuwe zien.",
    )
    proposal = HiddenField()


@page.get("/account")
def show() -> str:
    """Who I am here, and where I am signed in."""
    with connection() as opened:
        gemeenten = known_gemeenten(opened)
    with reading_as(guard.hands()) as opened:
        record = account(opened, _account_id())
        sessions = sessions_of(opened, _account_id())
    return render_template(
        "account/account.html",
        account=record,
        roles=role_words(record.roles, gemeenten),
        sessions=[(way_words(entry.way), entry) for entry in sessions if entry.is_complete],
        message=MESSAGES.get(request.args.get("bericht", "")),
    )


@page.get("/account/wachtwoord")
def password() -> Response:
    """The form for another password."""
    return _ask_password(ChangePasswordForm(), HTTPStatus.OK)


@page.post("/account/wachtwoord")
def change_password() -> Response:
    """Take another password; every other session ends."""
    form, person = ChangePasswordForm(), guard.person()
    if not form.validate_for(person.name, person.email):
        return _ask_password(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    given = (form.current.data, form.password.data, session[guard.TOKEN])
    try:
        own_account.change_password(transaction, sender(), person, *given)
    except WrongPassword:
        form.current.errors = [_WRONG_PASSWORD]
        return _ask_password(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return go_to(url_for("own_account.show", bericht="wachtwoord"))


@page.get("/account/tweede-stap", endpoint="second_step")
def show_second_step() -> Response:
    """Turn the second step on, or change it."""
    return _show_second_step(HTTPStatus.OK)


@page.post("/account/tweede-stap")
def turn_on() -> Response:
    """Ask a second step from now on, when the telephone gave the right code."""
    form = TurnOnForm()
    if _record().has_second_step or not form.validate_on_submit():
        return _show_second_step(HTTPStatus.UNPROCESSABLE_ENTITY, form)
    try:
        secret = second_step.secret_of(settings().secret_key, _account_id(), form.proposal.data)
        codes = own_account.turn_on_second_step(
            transaction,
            sender(),
            guard.person(),
            form.current.data,
            secret,
            form.code.data,
            session[guard.TOKEN],
        )
    except WrongPassword:
        form.current.errors = [_WRONG_PASSWORD]
    except (WrongCode, UnreadableSecret):
        form.code.errors = [_WRONG_CODE]
    else:
        return _show_codes(codes, is_new=True)
    return _show_second_step(HTTPStatus.UNPROCESSABLE_ENTITY, form)


@page.post("/account/tweede-stap/uit")
def turn_off() -> Response:
    """Ask no second step any more."""

    def do(typed: str) -> Response:
        own_account.turn_off_second_step(transaction, sender(), guard.person(), typed)
        return go_to(url_for("own_account.show", bericht="tweede-stap-uit"))

    return _confirmed(do)


@page.post("/account/herstelcodes")
def recovery_codes() -> Response:
    """Ten new codes, shown once."""

    def do(typed: str) -> Response:
        return _show_codes(
            own_account.new_recovery_codes(transaction, sender(), guard.person(), typed),
            is_new=False,
        )

    return _confirmed(do)


@page.post("/account/overal-uitloggen")
def leave_everywhere() -> Response:
    """End every session, this one too."""
    with transaction() as opened:
        remove_sessions_of(opened, _account_id())
    session.clear()
    return go_to(url_for("sign_in.show", bericht="uitgelogd"))


def _confirmed(do: Callable[[str], Response]) -> Response:
    """Do it when the password is right; else ask again."""
    form = ConfirmForm()
    if not _record().has_second_step or not form.validate_on_submit():
        return _show_second_step(HTTPStatus.UNPROCESSABLE_ENTITY, form)
    try:
        return do(form.current.data)
    except WrongPassword:
        form.current.errors = [_WRONG_PASSWORD]
        return _show_second_step(HTTPStatus.UNPROCESSABLE_ENTITY, form)


def _ask_password(form: ChangePasswordForm, status: HTTPStatus) -> Response:
    return make_response(
        render_template("account/wachtwoord.html", form=form, account=_record()), status
    )


def _show_second_step(status: HTTPStatus, form: FlaskForm | None = None) -> Response:
    """The page for a second step that is on, or the one to turn it on."""
    with reading_as(guard.hands()) as opened:
        record = account(opened, _account_id())
        code_count = recovery_code_count(opened, record.id)
    if not record.has_password:
        return make_response(render_template("account/geen_wachtwoord.html", account=record))
    if record.has_second_step:
        form = (
            form if isinstance(form, ConfirmForm) and type(form) is ConfirmForm else ConfirmForm()
        )
        text = render_template("account/tweede_stap.html", form=form, code_count=code_count)
        return make_response(text, status)
    return make_response(
        _setting_up(form if isinstance(form, TurnOnForm) else TurnOnForm()), status
    )


def _setting_up(form: TurnOnForm) -> str:
    """The page with the secret: the same one for as long as its owner is busy with it."""
    key, account_id = settings().secret_key, _account_id()
    try:
        secret = second_step.secret_of(key, account_id, form.proposal.data or "")
    except UnreadableSecret:
        form.proposal.data = second_step.propose(key, account_id)
        secret = second_step.secret_of(key, account_id, form.proposal.data)
    return render_template(
        "account/tweede_stap_instellen.html",
        form=form,
        secret=secret,
        picture=second_step.to_svg(second_step.to_address(secret, guard.person().email)),
    )


def _show_codes(codes: list[str], *, is_new: bool) -> Response:
    return make_response(render_template("account/herstelcodes.html", codes=codes, is_new=is_new))


def _record() -> AccountRecord:
    with reading_as(guard.hands()) as opened:
        return account(opened, _account_id())


def _account_id() -> int:
    account_id = guard.person().account_id
    assert account_id is not None
    return account_id
