"""Reacting without an account: what kind, the form, a look at what becomes public, and sending.

Nothing is stored before it is sent: what was typed travels from page to page in the form itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage

from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    LONGEST_BODY,
    ContributionKind,
)
from analysis.dialogue.findings import FINDING_KINDS, find
from analysis.dialogue.house_rules import HOUSE_RULES
from app.auth import guard
from app.database import changing_as, connection
from app.pages.access import geocoder
from app.pages.contribution_fields import (
    ContributionForm,
    carried_texts,
    form_of,
    wijk_choices,
)
from app.pages.map_frame import map_frame
from app.pages.sender import settings
from app.services import current
from app.services.attempts import TooManyAttempts
from app.services.clean_files import UploadRefused
from app.services.contributing import OpenTrack, Receipt, Typed, answer_words, open_track, test_of
from app.services.contributing import send as send_contribution
from app.services.contribution_seal import new_seal, read_photo, read_seal, seal_photo
from app.services.place_search import WITHOUT_ADDRESSES
from app.services.place_test_words import FOLLOWS, criterion_sentence
from app.services.resident_limits import count_photo, count_sending
from app.services.site_places import PlaceHits, search_place, value_of
from app.services.small_photo import small_photo
from app.services.wijk_choices import wijken_by_gemeente
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope
from data.retention import CONTACT, CONTACT_TOLD

page = Blueprint("contributing", __name__)
page.add_app_template_filter(criterion_sentence, "toetszin")
page.add_app_template_global(answer_words, "antwoordwoorden")
SEARCH, TAKE, BACK, CHECK, SEND = "zoek", "kies", "terug", "nakijken", "verstuur"
WITH_ADDRESSES = (
    "Typ een adres of de naam van een buurt. Een adres zoeken wij op bij een andere dienst."
)
NO_KIND = "Kies eerst wat voor reactie u wilt geven."
TOO_OLD = (
    "Dit formulier stond lang open. Er is nog niets verstuurd. Kijk uw reactie nog eens na en "
    "verstuur haar dan."
)
TOO_QUICK = (
    "Dat ging heel snel. Er is nog niets verstuurd. Kijk uw reactie nog eens na en verstuur haar "
    "dan."
)
BUSY = (
    "Er komen nu heel veel reacties binnen vanaf uw internetadres. Uw tekst staat hier nog. Wacht "
    "{wait} en druk dan op Versturen."
)
BUSY_PHOTO = (
    "Er komen nu veel foto's binnen vanaf uw internetadres. Wacht {wait} en kies de foto opnieuw, "
    "of verstuur uw reactie zonder foto."
)
PHOTO_LOST = "De foto is niet goed meegekomen. Kies de foto opnieuw."


@dataclass(frozen=True)
class Carried:
    """The photo in a form: as it travels, and as it is; or why there is none."""

    text: str = ""
    content: bytes | None = None
    fault: str | None = None


@page.get("/in-gesprek/<code>/reageren")
def show(code: str) -> str:
    """The kinds to choose from; with a kind in the address the form of that kind."""
    with connection() as opened:
        track = open_track(opened, code, current.now())
        if track.phase is None:
            return _closed_page(track)
        word = request.args.get("soort", "")
        if word not in CONTRIBUTION_KINDS:
            return _kinds_page(track)
        form = _form(opened, track, CONTRIBUTION_KINDS[word])
        form.process(
            data={
                "soort": word,
                "locatie": request.args.get("locatie", ""),
                "zegel": _new_seal(track),
                "wijk": "",
            }
        )
        return _form_page(opened, track, form)


@page.post("/in-gesprek/<code>/reageren")
def send(code: str) -> Response:
    """Look for a place, show what becomes public, or keep the contribution."""
    action = request.form.get("actie", CHECK)
    with connection() as opened:
        track = open_track(opened, code, current.now())
        word = request.form.get("soort", "")
        if track.phase is None:
            return make_response(_closed_page(track, _typed_words()), HTTPStatus.CONFLICT)
        if word not in CONTRIBUTION_KINDS:
            answer = _kinds_page(track, NO_KIND, _typed_words())
            return make_response(answer, HTTPStatus.UNPROCESSABLE_ENTITY)
        form = _form(opened, track, CONTRIBUTION_KINDS[word])
        hits = find_place(opened, form, action)
    photo = take_photo(track.record.code, form)
    if hits is not None or action in (TAKE, BACK):
        return _form_answer(track, form, photo, hits)
    if not form.validate() or photo.fault:
        return _form_answer(track, form, photo)
    typed = form.typed(_site_id(track, form), photo.content)
    if action != SEND:
        return _check_answer(track, form, typed, photo)
    return _sent(track, form, typed, photo)


def _sent(track: OpenTrack, form: ContributionForm, typed: Typed, photo: Carried) -> Response:
    """Keep it and lead to its own link; or the check again, with why it was not kept yet."""
    now = current.now()
    seal = read_seal(settings().secret_key, track.record.code, str(form.zegel.data or ""))
    if seal is None or seal.is_too_quick(now):
        return _check_answer(track, form, typed, photo, TOO_OLD if seal is None else TOO_QUICK)
    try:
        with changing_as(guard.hands()) as opened:
            count_sending(opened, "reactie", settings().secret_key, request.remote_addr, now)
    except TooManyAttempts as error:
        told = BUSY.format(wait=_wait(error))
        answer = _check_answer(track, form, typed, photo, told, HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(error.wait_s)
        return answer
    with connection() as opened:
        place_test = test_of(opened, current.home(), track, typed, current.today())
    try:
        receipt = send_contribution(
            _as_writer, settings().secret_key, seal.code, track, typed, place_test, now
        )
    except OutsideScope:
        return make_response(_closed_page(track, typed.body), HTTPStatus.CONFLICT)
    except SecretText as error:
        form.tekst.errors = [str(error)]
        return _form_answer(track, form, photo)
    return to_own_page(receipt, is_new=True)


def to_own_page(receipt: Receipt, *, is_new: bool = False) -> Response:
    """On to the own link of a contribution."""
    address = url_for(
        "own_contribution.show",
        code=receipt.code,
        token=receipt.token,
        net="ja" if is_new else None,
    )
    answer = cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _as_writer(token_sha256: str) -> AbstractContextManager[Connection]:
    return changing_as(guard.hands(token_sha256=token_sha256))


def _form(opened: Connection, track: OpenTrack, kind: ContributionKind) -> ContributionForm:
    form = form_of(kind)()
    form.tekst.label.text = kind.body_label
    if kind.needs_place:
        form.plek.flags.required = True
    form.wijk.choices = wijk_choices(wijken_by_gemeente(opened, track.record.gemeente_code))
    return form


def find_place(opened: Connection, form: ContributionForm, action: str) -> PlaceHits | None:
    """What a search found, when there is something to choose; a place surely meant is filled in.

    Who typed an address but no place, and goes on, most likely means that address.
    """
    if form.gevonden.data:
        form.plek.data = str(form.gevonden.data).partition("|")[0][:100]
    has_place = form.plek.data or (form.omtrek.data or "").strip()
    forgot = form.zoek.data and not has_place
    if action != SEARCH and not (forgot and action in (CHECK, SEND)):
        return None
    hits = search_place(opened, str(form.zoek.data or ""), geocoder())
    if hits.certain is not None:
        form.plek.data = value_of(hits.certain).partition("|")[0]
        return hits if action == SEARCH else None
    if hits.fault:
        form.zoek.errors = [hits.fault]
    return hits


def take_photo(track_code: str, form: ContributionForm) -> Carried:
    """The photo that came now, else the one that came before and travels along."""
    sent = form.foto.data
    if isinstance(sent, FileStorage) and sent.filename:
        return _new_photo(track_code, sent)
    text = str(form.fotodata.data or "")
    if not text or form.foto_weg.data:
        return Carried()
    content = read_photo(settings().secret_key, track_code, text)
    if content is None:
        return Carried(fault=PHOTO_LOST)
    return Carried(text, content)


def _new_photo(track_code: str, sent: FileStorage) -> Carried:
    try:
        with changing_as(guard.hands()) as opened:
            count_photo(opened, settings().secret_key, request.remote_addr, current.now())
        content = small_photo(sent.filename or "", sent.stream.read())
    except UploadRefused as error:
        return Carried(fault=str(error))
    except TooManyAttempts as error:
        return Carried(fault=BUSY_PHOTO.format(wait=_wait(error)))
    return Carried(seal_photo(settings().secret_key, track_code, content), content)


def _site_id(track: OpenTrack, form: ContributionForm) -> int | None:
    """The site of the track that the form is about; any other is left out."""
    word = str(form.locatie.data or "")
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None
    return number if number in track.site_ids else None


def _wait(error: TooManyAttempts) -> str:
    minutes = -(-error.wait_s // 60)
    return "een minuut" if minutes <= 1 else f"{minutes} minuten"


def _new_seal(track: OpenTrack) -> str:
    return new_seal(settings().secret_key, track.record.code, current.now())


def _kept_seal(track: OpenTrack, form: ContributionForm) -> str:
    """The seal that came with the form; a new one when it can't be used."""
    sealed = str(form.zegel.data or "")
    is_ours = read_seal(settings().secret_key, track.record.code, sealed) is not None
    return sealed if is_ours else _new_seal(track)


def _typed_words() -> str:
    return request.form.get("tekst", "")[: 2 * LONGEST_BODY]


def _form_answer(
    track: OpenTrack, form: ContributionForm, photo: Carried, hits: PlaceHits | None = None
) -> Response:
    """The form with all that was typed, and beside each field what is wrong with it."""
    form.zegel.data = _kept_seal(track, form)
    form.fotodata.data = photo.text
    if photo.fault:
        form.foto.errors = [photo.fault]
    is_wrong = any(field.errors for field in form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    with connection() as opened:
        return make_response(_form_page(opened, track, form, hits, photo), status)


def _check_answer(
    track: OpenTrack,
    form: ContributionForm,
    typed: Typed,
    photo: Carried,
    trouble: str | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    """What becomes public, what not and what happens next, before anything is sent."""
    form.zegel.data = _kept_seal(track, form)
    form.fotodata.data = photo.text
    with connection() as opened:
        place_test = test_of(opened, current.home(), track, typed, current.today())
        wijken = wijken_by_gemeente(opened, track.record.gemeente_code)
    names = {code: name for group in wijken.values() for code, name in group}
    shown = render_template(
        "reageren/nakijken.html",
        track=track,
        form=form,
        typed=typed,
        photo=photo,
        trouble=trouble,
        hints=_hints(typed),
        wijk=names.get(typed.from_wijk_code or ""),
        place_test=place_test,
        test_follows=FOLLOWS if typed.kind.needs_place and place_test is None else None,
        carried=carried_texts(form),
        kept=CONTACT,
        kept_after=CONTACT_TOLD,
    )
    return make_response(shown, status if trouble else HTTPStatus.OK)


def _hints(typed: Typed) -> list[tuple[str, str]]:
    """What may better be left out of the text: what it looks like, and by which house rule."""
    texts = (typed.body, typed.photo_description or "")
    found = {(one.kind, one.label): None for text in texts for one in find(text)}
    return [
        (label, HOUSE_RULES[FINDING_KINDS[kind].rule_key].label)
        for kind, label in found
        if kind in FINDING_KINDS
    ]


def _form_page(
    opened: Connection,
    track: OpenTrack,
    form: ContributionForm,
    hits: PlaceHits | None = None,
    photo: Carried | None = None,
) -> str:
    own = track.record.gemeente_code
    return render_template(
        "reageren/formulier.html",
        track=track,
        form=form,
        hits=hits,
        photo=photo or Carried(),
        search_help=WITH_ADDRESSES if geocoder() else WITHOUT_ADDRESSES,
        longest=LONGEST_BODY,
        kept=CONTACT,
        kept_after=CONTACT_TOLD,
        gemeenten=[own],
        **map_frame(opened),
    )


def _kinds_page(track: OpenTrack, trouble: str | None = None, typed: str = "") -> str:
    args: dict[str, Any] = {}
    if word := request.args.get("locatie", ""):
        args["locatie"] = word[:9]
    return render_template(
        "reageren/soorten.html",
        track=track,
        kinds=CONTRIBUTION_KINDS,
        trouble=trouble,
        typed=typed,
        args=args,
    )


def _closed_page(track: OpenTrack, typed: str = "") -> str:
    return render_template("reageren/gesloten.html", track=track, typed=typed)
