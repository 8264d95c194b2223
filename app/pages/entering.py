"""Entering what came at a meeting or on paper, one after the other."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import Connection
from wtforms import Field, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    ENTRY_WAYS,
    LONGEST_BODY,
    ContributionKind,
)
from app.auth import guard
from app.database import changing_as, connection, reading_as
from app.numbers import ZONE, to_dutch_date
from app.pages.access import geocoder
from app.pages.contributing import (
    SEARCH,
    TAKE,
    WITH_ADDRESSES,
    Carried,
    find_place,
    take_photo,
)
from app.pages.contribution_fields import ContributionForm, fields_of, wijk_choices
from app.pages.map_frame import map_frame
from app.pages.own_contribution import own_address
from app.pages.sender import settings
from app.pages.typed_fields import DayField, Filled
from app.services import current
from app.services.contributing import Typed
from app.services.contribution_seal import new_seal, read_seal
from app.services.entering import Entered, enter
from app.services.place_search import WITHOUT_ADDRESSES
from app.services.place_test import try_place
from app.services.site_places import PlaceHits
from app.services.wijk_choices import wijken_by_gemeente
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope
from data.queries.own_contributions import was_entered_by
from data.queries.workspace_tracks import (
    WorkTrack,
    find_track,
    meetings,
    phases,
    track_sites,
)
from data.retention import CONTACT

page = Blueprint("entering", __name__)
_ADDRESS = "/gesprekken/<int:track_id>/invoeren"
#: By which ways staff enter; the website and other systems do so themselves.
TYPED_WAYS = tuple(entry for entry in ENTRY_WAYS if entry.key in ("bijeenkomst", "papier"))
#: What stays as it was for the next one of the pile.
KEPT_FIELDS = ("invoer", "fase", "bijeenkomst", "ontvangen")


class EntryForm(ContributionForm):
    """A contribution with how and when it came."""

    invoer = RadioField(
        "Hoe kwam het binnen?",
        choices=[SelectChoice(way.key, way.label) for way in TYPED_WAYS],
        validate_choice=False,
    )
    bijeenkomst = SelectField("Bij welke bijeenkomst?", validate_choice=False)
    fase = SelectField("Bij welke fase hoort het?", validate_choice=False)
    ontvangen = DayField(
        "Wanneer kwam het binnen?",
        validators=[Filled("Vul de dag in.")],
        render_kw={"type": "date"},
    )

    def validate_invoer(self, field: Field) -> None:
        """One of the ways."""
        if field.data not in {way.key for way in TYPED_WAYS}:
            raise ValidationError("Kies hoe het binnenkwam.")

    def validate_bijeenkomst(self, field: Field) -> None:
        """A meeting of this track, or none."""
        _check_listed(field, "Kies een bijeenkomst uit de lijst.")

    def validate_fase(self, field: Field) -> None:
        """A phase of this track, or none."""
        _check_listed(field, "Kies een fase uit de lijst.")

    def validate_ontvangen(self, field: Field) -> None:
        """Nothing comes from the future."""
        if field.data and field.data > current.today():
            raise ValidationError("Deze dag is nog niet geweest.")


@page.get(_ADDRESS)
def show(track_id: int) -> str:
    """An empty form, with what stays the same for the whole pile filled in."""
    with reading_as(guard.hands()) as opened:
        track = _own_track(opened, track_id)
        form = _form(opened, track, _kind(request.args.get("soort")))
        open_now = [one for one in phases(opened, track.id) if one.is_now(current.today())]
        usual = {
            "invoer": "bijeenkomst" if len(form.bijeenkomst.choices) > 1 else "papier",
            "fase": str(open_now[0].id) if open_now else "",
            "ontvangen": current.today().isoformat(),
        }
        given = {name: request.args.get(name, usual.get(name, "")) for name in KEPT_FIELDS}
        form.process(data={**given, "ontvangen": None, "soort": form.kind.key, "wijk": ""})
        form.ontvangen.process_formdata([_day(given["ontvangen"], usual["ontvangen"])])
        form.zegel.data = _new_seal(track)
        return _page(opened, track, form)


@page.post(_ADDRESS)
def add(track_id: int) -> Response:
    """Keep one, and open the form for the next; or say what is wrong with it."""
    action = request.form.get("actie", "")
    with reading_as(guard.hands()) as opened:
        track = _own_track(opened, track_id)
        form = _form(opened, track, _kind(request.form.get("soort")))
        hits = find_place(opened, form, action)
    photo = take_photo(track.code, form)
    if hits is not None or action == TAKE:
        return _again(track, form, photo, hits)
    if not form.validate() or photo.fault:
        return _again(track, form, photo)
    return _kept(track, form, form.typed(None, photo.content), photo)


def _kept(track: WorkTrack, form: EntryForm, typed: Typed, photo: Carried) -> Response:
    seal = read_seal(settings().secret_key, track.code, str(form.zegel.data or ""))
    if seal is None:
        form.form_errors.append("Dit formulier stond lang open. Kijk het na en bewaar opnieuw.")
        return _again(track, form, photo)
    assert form.ontvangen.data is not None
    how = Entered(
        str(form.invoer.data),
        form.ontvangen.data,
        _number(form.fase.data),
        _number(form.bijeenkomst.data),
        guard.person().account_id,
    )
    try:
        with changing_as(guard.hands("Reactie ingevoerd")) as opened:
            place_test = _test(opened, track, typed)
            receipt = enter(
                opened,
                settings().secret_key,
                seal.code,
                track.id,
                typed,
                how,
                place_test,
                current.now(),
            )
    except (SecretText, OutsideScope) as error:
        form.form_errors.append(str(error))
        return _again(track, form, photo)
    flash("De reactie is bewaard. Een moderator leest haar eerst.")
    given = {name: form[name].raw_data[0] for name in KEPT_FIELDS if form[name].raw_data}
    address = url_for(
        ".show", track_id=track.id, soort=typed.kind.key, laatste=receipt.code, **given
    )
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


def _test(opened: Connection, track: WorkTrack, typed: Typed) -> dict[str, Any] | None:
    """The same test as a resident gets, by what a visitor may know: it becomes public."""
    if not typed.kind.needs_place or typed.geom is None:
        return None
    site_ids = [line.site_id for line in track_sites(opened, track.id)]
    with connection() as public:
        return try_place(public, current.home(), typed.geom, track.type, site_ids, current.today())


def _own_track(opened: Connection, track_id: int) -> WorkTrack:
    track = find_track(opened, track_id)
    if not track.is_own:
        raise OutsideScope("Dit gesprek hoort niet bij uw gemeente. U kunt het lezen.")
    return track


def _kind(word: str | None) -> ContributionKind:
    return CONTRIBUTION_KINDS[word if word and word in CONTRIBUTION_KINDS else "zorg"]


@cache
def _form_class(kind: ContributionKind) -> type[EntryForm]:
    return type(f"EntryOf{kind.key.title()}", (EntryForm,), {"kind": kind, **fields_of(kind)})


def _form(opened: Connection, track: WorkTrack, kind: ContributionKind) -> EntryForm:
    form = _form_class(kind)()
    form.tekst.label.text = "Wat schreef of zei iemand?"
    form.wijk.label.text = "In welke wijk woont deze persoon?"
    form.email.label.text = "E-mailadres voor het antwoord"
    form.wijk.choices = wijk_choices(wijken_by_gemeente(opened, track.gemeente_code))
    form.bijeenkomst.choices = [
        SelectChoice("", "Geen bijeenkomst"),
        *(
            SelectChoice(str(one.id), f"{one.name}, {to_dutch_date(_day_of(one.starts_at))}")
            for one in meetings(opened, track.id)
            if _day_of(one.starts_at) <= current.today()
        ),
    ]
    form.fase.choices = [
        SelectChoice("", "Geen fase"),
        *(SelectChoice(str(one.id), one.name) for one in phases(opened, track.id)),
    ]
    return form


def _day_of(moment: Any) -> Any:
    return moment.astimezone(ZONE).date()


def _day(text: str, usual: str) -> str:
    """A day that can be read, from the address."""
    try:
        return current.today().fromisoformat(text).isoformat()
    except ValueError:
        return usual


def _check_listed(field: Field, message: str) -> None:
    if field.data and field.data not in {value for value, *_ in field.iter_choices()}:
        raise ValidationError(message)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _new_seal(track: WorkTrack) -> str:
    return new_seal(settings().secret_key, track.code, current.now())


def _again(
    track: WorkTrack, form: EntryForm, photo: Carried, hits: PlaceHits | None = None
) -> Response:
    sealed = str(form.zegel.data or "")
    if read_seal(settings().secret_key, track.code, sealed) is None:
        form.zegel.data = _new_seal(track)
    form.fotodata.data = photo.text
    if photo.fault:
        form.foto.errors = [photo.fault]
    is_wrong = bool(form.form_errors) or any(field.errors for field in form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    with reading_as(guard.hands()) as opened:
        return make_response(_page(opened, track, form, hits, photo), status)


def _page(
    opened: Connection,
    track: WorkTrack,
    form: EntryForm,
    hits: PlaceHits | None = None,
    photo: Carried | None = None,
) -> str:
    last = request.args.get("laatste", "")
    is_mine = was_entered_by(opened, last, guard.person().account_id)
    return render_template(
        "gesprekken/invoeren.html",
        track=track,
        form=form,
        kinds=CONTRIBUTION_KINDS,
        hits=hits,
        photo=photo or Carried(),
        last_link=own_address(last) if is_mine else None,
        kept_args={name: request.args[name] for name in KEPT_FIELDS if name in request.args},
        search_help=WITH_ADDRESSES if geocoder() else WITHOUT_ADDRESSES,
        longest=LONGEST_BODY,
        kept=CONTACT,
        gemeenten=[track.gemeente_code],
        search_action=SEARCH,
        **map_frame(opened),
    )
