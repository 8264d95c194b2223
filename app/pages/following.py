"""Follow your surroundings: asking for it, and the page behind the link in our e-mail."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, DataRequired

from app.auth import guard
from app.database import changing_as, connection, reading_as
from app.errors import BadRequest
from app.numbers import to_dutch
from app.pages.access import geocoder
from app.pages.sender import go_to, sender, settings, transaction
from app.pages.typed_fields import one_line
from app.services import post_box
from app.services.following import (
    FREQUENCIES,
    RADII_M,
    Followed,
    ask,
    follow_area,
    follow_place,
    follow_track,
    is_email,
    may_ask,
    new_link,
)
from app.services.place_search import COORDINATES, FoundPlace, find_places
from app.services.resident_limits import count_sending
from app.services.sessions import to_checksum
from app.services.typed_points import TypedPointError
from data.changes.subscriptions import change_frequency, confirm, remove_subscription
from data.database_roles import Hands
from data.errors import NotFound
from data.queries.areas import areas
from data.queries.releases import area_release
from data.queries.subscriptions import SubscriptionRecord, subscription
from data.queries.tracks import public_track

page = Blueprint("following", __name__, url_prefix="/volgen")
_OWN = "/<code>/<token>"
LONGEST_PLACE = 100
AREA, TRACK = "gebied", "gesprek"
#: How the field is called where no address is looked up.
WITHOUT_ADDRESSES = (
    "Buurt of plek",
    "De naam van uw buurt, of van een plek op de kaart. Adressen zoeken kan niet op deze site.",
)
WRONG_EMAIL = "Dit is geen e-mailadres. Schrijf het zoals naam@voorbeeld.nl."
NO_PLACE = "Schrijf een buurt of plek. Of kies hieronder een gemeente of wijk."
TWO_THINGS = "Kies één van de twee: een plek, of een gemeente of wijk."
NOT_FOUND = (
    "Deze plek vinden wij niet. Schrijf de naam van een buurt, of kies hieronder een gemeente of "
    "wijk."
)
CHOOSE = "Welke plek bedoelt u? Kies er een."


def _how_often() -> SelectField:
    return SelectField(
        "Hoe vaak?",
        [AnyOf(FREQUENCIES, "Kies hoe vaak u bericht wilt.")],
        choices=[SelectChoice(key, label) for key, label in FREQUENCIES.items()],
        default="dag",
        validate_choice=False,
    )


class FollowForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """What somebody wants to follow, how often, and where the e-mail goes."""

    plek = StringField(
        "Adres, buurt of plek",
        filters=[one_line],
        description="Bijvoorbeeld uw straat, uw buurt of een plek op de kaart.",
    )
    bedoeld = SelectField("Welke plek bedoelt u?", validate_choice=False)
    afstand = SelectField(
        "Tot hoe ver?",
        choices=[SelectChoice(str(metres), f"{to_dutch(metres)} meter") for metres in RADII_M],
        default="750",
        validate_choice=False,
    )
    gebied = SelectField("Of: een hele gemeente of wijk", validate_choice=False)
    email = StringField(
        "Uw e-mailadres",
        [DataRequired("Vul uw e-mailadres in.")],
        [one_line],
        "U krijgt eerst één e-mail met een link. Pas als u daarop klikt, begint het.",
    )
    frequentie = _how_often()


class FrequencyForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """How often somebody wants to be told."""

    frequentie = _how_often()


@page.get("")
def show() -> Response:
    """The form; ``gesprek``, ``gebied`` or ``plek`` in the address fill in what is followed."""
    form = FollowForm(
        formdata=None,
        data={
            "plek": request.args.get("plek", "")[:LONGEST_PLACE],
            "gebied": request.args.get(AREA, ""),
            "frequentie": "dag",
            "afstand": "750",
        },
    )
    return _form_page(form)


@page.post("")
def add() -> Response:
    """Keep it until it is confirmed. The answer tells nothing of the address."""
    form = FollowForm()
    form.validate()
    _check_email(form)
    with connection() as opened:
        followed = _followed(opened, form)
    if followed is None or form.errors:
        return _form_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    who, email = sender(), str(form.email.data)
    with transaction() as opened:
        count_sending(opened, "volgen", who.secret_key, who.address, who.now)
        is_asked = may_ask(opened, who.secret_key, email, who.now)
    if is_asked:
        link = new_link(who.secret_key)
        with changing_as(link.hands) as opened:
            ask(opened, link, email, followed, str(form.frequentie.data), who.now)
        post_box.wake()
    return go_to(url_for("following.asked"))


@page.get("/gevraagd")
def asked() -> str:
    """Look in your e-mail: the same for everybody, whatever was filled in."""
    return render_template("volgen/gevraagd.html", is_folder=settings().smtp is None)


@page.get(_OWN)
def own(code: str, token: str) -> Response:
    """What somebody follows. Looking confirms nothing: mail scanners look too."""
    return _own_page(_read(code, token), token, FrequencyForm(formdata=None))


@page.post(f"{_OWN}/bevestigen")
def confirm_own(code: str, token: str) -> Response:
    """Follow from now on."""
    with changing_as(_hands(token)) as opened:
        subscription(opened, code)
        confirm(opened, code, sender().now)
    return go_to(url_for("following.own", code=code, token=token))


@page.post(f"{_OWN}/hoe-vaak")
def change_own(code: str, token: str) -> Response:
    """Tell more or less often."""
    form = FrequencyForm()
    found = _read(code, token)
    if not form.validate():
        return _own_page(found, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    with changing_as(_hands(token)) as opened:
        change_frequency(opened, code, str(form.frequentie.data))
    return go_to(url_for("following.own", code=code, token=token, bewaard=1))


@page.get(f"{_OWN}/stop")
def ask_stop(code: str, token: str) -> Response:
    """A button to stop: a mail scanner that opens the link stops nothing."""
    found = _read(code, token)
    return _unkept(render_template("volgen/stoppen.html", found=found, code=code, token=token))


@page.post(f"{_OWN}/stop")
def stop(code: str, token: str) -> Response:
    """Stop at once, as a mail program asks it (RFC 8058) and as our own button does.

    No form of ours need stand behind it: who knows the secret link may stop. Stopping twice, or by
    a link that never was, has the same answer.
    """
    if request.form.get("List-Unsubscribe") != "One-Click":
        raise BadRequest("List-Unsubscribe", "Stoppen kan met de knop op deze pagina.")
    with changing_as(_hands(token)) as opened:
        remove_subscription(opened, code)
    return _unkept(render_template("volgen/gestopt.html"))


def _hands(token: str) -> Hands:
    return guard.hands(token_sha256=to_checksum(token))


def _read(code: str, token: str) -> SubscriptionRecord:
    with reading_as(_hands(token)) as opened:
        return subscription(opened, code)


def _own_page(
    found: SubscriptionRecord,
    token: str,
    form: FrequencyForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    if not form.is_submitted():
        form.frequentie.data = found.frequency
    content = render_template(
        "volgen/eigen.html",
        found=found,
        token=token,
        form=form,
        frequency=FREQUENCIES[found.frequency],
        was_kept="bewaard" in request.args,
    )
    return _unkept(content, status)


def _unkept(content: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A page behind a secret link: kept nowhere, and its address told to nobody."""
    answer = make_response(content, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _form_page(form: FollowForm, status: HTTPStatus = HTTPStatus.OK) -> Response:
    with connection() as opened:
        track = public_track(opened, code) if (code := request.values.get(TRACK)) else None
        groups = _groups(opened)
    if geocoder() is None:
        form.plek.label.text, form.plek.description = WITHOUT_ADDRESSES
    content = render_template("volgen/formulier.html", form=form, track=track, groups=groups)
    return make_response(content, status)


def _groups(opened: Connection) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each gemeente of the region (code, name) with its wijken, by name."""
    try:
        release_id = area_release(opened).id
    except NotFound:
        return []
    gemeenten = areas(opened, release_id, "gemeente", region_only=True).sort_values("name")
    wijken = areas(opened, release_id, "wijk", region_only=True).sort_values("name")
    by_gemeente = {
        str(code): [(str(wijk), str(name)) for wijk, name in rows["name"].items()]
        for code, rows in wijken.groupby("gemeente_code")
    }
    return [
        (str(code), str(name), by_gemeente.get(str(code), []))
        for code, name in gemeenten["name"].items()
    ]


def _check_email(form: FollowForm) -> None:
    email = str(form.email.data or "")
    if email and not is_email(email):
        _fault(form.email, WRONG_EMAIL)


def _fault(field: Any, message: str) -> None:
    """Tell a fault at its field."""
    field.errors = (*field.errors, message)


def _followed(opened: Connection, form: FollowForm) -> Followed | None:
    """What is to be followed; None when that is not clear, with the fault at its field."""
    code = request.form.get(TRACK, "")
    if code:
        return follow_track(opened, code)
    place, area_code = str(form.plek.data or ""), str(form.gebied.data or "")
    if place and area_code:
        _fault(form.plek, TWO_THINGS)
        return None
    if area_code:
        return follow_area(opened, area_code)
    if not place or not place.isprintable() or len(place) > LONGEST_PLACE:
        _fault(form.plek, NO_PLACE)
        return None
    return _near(opened, form, place)


def _near(opened: Connection, form: FollowForm, typed: str) -> Followed | None:
    """Around the one place that is meant; the choice comes back as its number in the list."""
    try:
        found = find_places(opened, typed, geocoder())
    except TypedPointError as error:
        _fault(form.plek, str(error))
        return None
    if not found.places:
        _fault(form.plek, found.trouble or NOT_FOUND)
        return None
    form.bedoeld.choices = [SelectChoice(_mark(place), _described(place)) for place in found.places]
    chosen = found.certain or next(
        (place for place in found.places if _mark(place) == form.bedoeld.data), None
    )
    if chosen is None:
        _fault(form.bedoeld, CHOOSE)
        return None
    if form.afstand.data not in {str(metres) for metres in RADII_M}:
        _fault(form.afstand, "Kies een afstand.")
        return None
    name = chosen.label
    if chosen.kind == COORDINATES:
        name = f"het punt {chosen.x_m}, {chosen.y_m}"
    return follow_place(name, chosen.x_m, chosen.y_m, int(form.afstand.data))


def _mark(place: FoundPlace) -> str:
    return f"{place.x_m},{place.y_m}"


def _described(place: FoundPlace) -> str:
    return f"{place.label} ({', '.join(part for part in (place.kind, place.context) if part)})"
