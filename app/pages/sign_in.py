"""Signing in by password or by a link that works once, and signing out."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, make_response, request, session, url_for
from flask import render_template as render
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.auth import guard
from app.database import changing_as, reading_as
from app.fault_log import note_refusal
from app.pages.password_fields import NewPasswordForm
from app.pages.sender import go_to, sender, settings, transaction
from app.services import current, passwords, sign_in
from app.services.account_history import BY_LINK
from app.services.links import SIGN_IN, open_link
from app.services.sessions import BY_OIDC, end_session, to_checksum
from app.services.sign_in import Entry
from data.database_roles import Hands
from data.queries.accounts import find_session
from data.queries.credentials import LinkRecord

page = Blueprint("sign_in", __name__)
#: What the page of signing in can say of what came before, by the word in its address.
MESSAGES = {
    "wachtwoord": "Uw wachtwoord is ingesteld. U kunt nu inloggen.",
    "uitgelogd": "U bent overal uitgelogd.",
    "ook-daar": "U bent hier uitgelogd. Bij uw organisatie bent u nog ingelogd.",
    "te-laat": "Dit duurde te lang. Log opnieuw in.",
}
_WRONG = "Dit e-mailadres en dit wachtwoord horen niet bij elkaar. Controleer ze allebei."
_WRONG_CODE = "Deze code klopt niet, of is al gebruikt. Wacht tot uw telefoon een nieuwe laat zien."
_LONGEST_PATH = 2000


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who signs in."""

    email = EmailField("E-mailadres", [InputRequired("Vul uw e-mailadres in.")])
    password = PasswordField("Wachtwoord", [InputRequired("Vul uw wachtwoord in.")])

    def validate_email(self, field: EmailField) -> None:
        """Refuse signs that no address has, and that the database can't look for."""
        if not field.data.isprintable():
            raise ValidationError("In dit e-mailadres staan tekens die niet kunnen.")


class SecondStepForm(FlaskForm):  # type: ignore[misc]
    """The code of the second step."""

    code = StringField(
        "Code",
        [InputRequired("Vul de code in.")],
        description="De zes cijfers die uw telefoon nu laat zien, of een herstelcode.",
    )


@page.get("/inloggen")
def show() -> Response:
    """The form for who is not signed in; anyone else goes on."""
    if guard.person().is_signed_in:
        return go_to(_onward() or guard.first_page())
    return _show(SignInForm(), HTTPStatus.OK)


@page.post("/inloggen")
def enter() -> Response:
    """Sign in by password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _show(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    entry = sign_in.enter(transaction, sender(), form.email.data, form.password.data)
    if entry is None:
        note_refusal(HTTPStatus.UNPROCESSABLE_ENTITY, None)
        form.form_errors.append(_WRONG)
        return _show(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _let_in(entry)


@page.get("/inloggen/tweede-stap")
def second_step() -> Response:
    """The form for the code, for who gave the right password just now."""
    if not _is_halfway():
        return go_to(url_for("sign_in.show", verder=_onward()))
    return _ask_code(SecondStepForm(), HTTPStatus.OK)


@page.post("/inloggen/tweede-stap")
def pass_second_step() -> Response:
    """Finish signing in by a code."""
    form = SecondStepForm()
    if not form.validate_on_submit():
        return _ask_code(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    halfway = str(session.get(guard.HALFWAY, ""))
    try:
        entry = sign_in.pass_second_step(transaction, sender(), halfway, form.code.data)
    except sign_in.Expired:
        session.clear()
        return go_to(url_for("sign_in.show", bericht="te-laat", verder=_onward()))
    if entry is None:
        note_refusal(HTTPStatus.UNPROCESSABLE_ENTITY, None)
        form.code.errors = [_WRONG_CODE]
        return _ask_code(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _let_in(entry)


@page.get("/inloggen/link/<token>")
def link(token: str) -> Response:
    """What the link is for. Looking uses nothing up: mail scanners look too."""
    found = _link(token)
    if found is None:
        return _no_link()
    if found.purpose == SIGN_IN:
        return _private(render("sign_in/link.html", form=FlaskForm()))
    return _choose(NewPasswordForm(), HTTPStatus.OK)


@page.post("/inloggen/link/<token>")
def use_link(token: str) -> Response:
    """Sign in by the link, or choose a password by it."""
    found = _link(token)
    if found is None:
        return _no_link()
    if found.purpose == SIGN_IN:
        entry = sign_in.enter_by_link(transaction, token, current.now())
        return _no_link() if entry is None else _let_in(entry)
    return _set_password(token, found.account_id)


@page.post("/uitloggen")
def leave() -> Response:
    """Sign out: what is in the cookie is worth nothing from now on."""
    came_by_oidc = _came_by_oidc()
    _end_tokens()
    session.clear()
    return go_to(url_for("sign_in.show", bericht="ook-daar") if came_by_oidc else "/")


def _set_password(token: str, account_id: int) -> Response:
    form = NewPasswordForm()
    with reading_as(guard.hands()) as opened:
        known = sign_in.account_to_choose_password(opened, token, current.now())
    if known is None:
        return _no_link()
    if not form.validate_for(known.name, known.email):
        return _choose(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    hands = Hands(guard.hands().role, account_id=account_id, actor=BY_LINK)
    was_set = sign_in.choose_password(
        lambda: changing_as(hands), settings().secret_key, token, form.password.data, current.now()
    )
    if not was_set:
        return _no_link()
    _end_tokens()
    session.clear()
    return go_to(url_for("sign_in.show", bericht="wachtwoord"))


def _let_in(entry: Entry) -> Response:
    """Renew the whole cookie, so that one known before is worth nothing now."""
    _end_tokens()
    onward = _onward()
    if not entry.is_complete:
        guard.let_halfway(entry.token)
        return go_to(url_for("sign_in.second_step", verder=onward))
    guard.let_in(entry.token)
    return go_to(onward or url_for("sign_in.show"))


def _end_tokens() -> None:
    with changing_as(guard.hands()) as opened:
        for token in guard.tokens():
            end_session(opened, token)


def _came_by_oidc() -> bool:
    """Whether who is signed in here is so at their organisation as well."""
    with reading_as(guard.hands()) as opened:
        found = [find_session(opened, to_checksum(token)) for token in guard.tokens()]
    return any(kept is not None and kept.way == BY_OIDC for kept in found)


def _link(token: str) -> LinkRecord | None:
    with reading_as(guard.hands()) as opened:
        return open_link(opened, token, current.now())


def _is_halfway() -> bool:
    with changing_as(guard.hands()) as opened:
        return sign_in.is_halfway(opened, str(session.get(guard.HALFWAY, "")), current.now())


def _show(form: SignInForm, status: HTTPStatus) -> Response:
    message = MESSAGES.get(request.args.get("bericht", ""))
    page_text = render("sign_in/inloggen.html", form=form, verder=_onward(), message=message)
    return make_response(page_text, status)


def _ask_code(form: SecondStepForm, status: HTTPStatus) -> Response:
    return make_response(render("sign_in/tweede_stap.html", form=form, verder=_onward()), status)


def _choose(form: NewPasswordForm, status: HTTPStatus) -> Response:
    text = render("sign_in/wachtwoord_kiezen.html", form=form, shortest=passwords.SHORTEST)
    return _private(text, status)


def _no_link() -> Response:
    note_refusal(HTTPStatus.NOT_FOUND, None)
    return _private(render("sign_in/geen_link.html"), HTTPStatus.NOT_FOUND)


def _private(text: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A page of which the address is a secret: kept nowhere, and told to no other host."""
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _onward() -> str | None:
    """The page that was asked for before; only ever a page of this site."""
    asked = request.values.get("verder", "")
    return asked if is_local(asked) else None


def is_local(path: str) -> bool:
    """Whether a browser, with all it forgives, takes this for a page of this very site."""
    return (
        path.startswith("/")
        and not path.startswith(("//", "/inloggen", "/uitloggen"))
        and "\\" not in path
        and path.isprintable()
        and " " not in path
        and len(path) <= _LONGEST_PATH
    )
