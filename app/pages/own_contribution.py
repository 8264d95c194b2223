"""The page of who wrote a contribution, behind a secret link: its state, its answer, an appeal.

The link leaves this page in no other way than by its owner: no referrer, no copy kept, no index.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from analysis.dialogue.answers import Answered, answered
from analysis.dialogue.contributions import CONTRIBUTION_KINDS, ENTRY_WAYS, MODERATION_STATES
from analysis.dialogue.house_rules import HOUSE_RULES
from app.auth import guard
from app.database import changing_as, connection, reading_as
from app.numbers import to_dutch_date
from app.pages.contribution_fields import SECRET_TEXT
from app.pages.sender import go_to, settings, site_address
from app.pages.typed_fields import cleaned, refusing_secrets
from app.services import current
from app.services.own_links import CONTRIBUTION, own_token
from app.services.place_test import try_place
from app.services.sessions import to_checksum
from data.changes.contributions import add_appeal, remove_contact
from data.errors import NotFound
from data.queries.areas import area
from data.queries.own_contributions import OwnContribution, own_contribution
from data.queries.releases import area_release
from data.queries.tracks import TrackRecord, public_tracks, track_sites

page = Blueprint("own_contribution", __name__)
LONGEST_APPEAL = 1000
_ADDRESS = "/mijn-reactie/<code>/<token>"


class AppealForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why somebody wants another person to look."""

    bezwaar = TextAreaField(
        "Waarom moet iemand nog eens kijken?",
        [
            DataRequired("Schrijf kort waarom u het er niet mee eens bent."),
            Length(max=LONGEST_APPEAL, message="Houd dit korter dan 1.000 tekens."),
            refusing_secrets(SECRET_TEXT),
        ],
        [cleaned],
        "Iemand anders dan de eerste moderator leest dit. U kunt dit één keer doen.",
        render_kw={"rows": 5, "maxlength": False, "autocomplete": "off"},
    )


@page.after_request
def keep_link_secret(answer: Response) -> Response:
    """No browser, search engine or other website gets to know the address of this page."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.get(_ADDRESS)
def show(code: str, token: str) -> str:
    """What became of a contribution, for who has its link."""
    return _own_page(code, token)


@page.post(f"{_ADDRESS}/bezwaar")
def appeal(code: str, token: str) -> Response:
    """Ask for another look at a refusal."""
    form = AppealForm()
    if not form.validate():
        shown = _own_page(code, token, form)
        return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)
    with changing_as(guard.hands(token_sha256=to_checksum(token))) as opened:
        add_appeal(opened, code, str(form.bezwaar.data), current.now())
    flash("Uw bezwaar is verstuurd. Iemand anders kijkt nog eens naar uw reactie.")
    return go_to(url_for(".show", code=code, token=token))


@page.post(f"{_ADDRESS}/e-mail-wissen")
def forget_email(code: str, token: str) -> Response:
    """Forget the e-mail address now."""
    with changing_as(guard.hands(token_sha256=to_checksum(token))) as opened:
        own_contribution(opened, code)
        was_there = remove_contact(opened, code)
    flash("Uw e-mailadres is gewist." if was_there else "Er stond geen e-mailadres meer.")
    return go_to(url_for(".show", code=code, token=token))


def own_address(code: str) -> str:
    """The whole address of the own page of a contribution, to give to its writer."""
    token = own_token(settings().secret_key, CONTRIBUTION, code)
    return f"{site_address()}{url_for('own_contribution.show', code=code, token=token)}"


def _own_page(code: str, token: str, sent: AppealForm | None = None) -> str:
    with reading_as(guard.hands(token_sha256=to_checksum(token))) as opened:
        own = own_contribution(opened, code)
    # A form brings a cookie, which nobody gets without need.
    is_refused = own.moderation == "geweigerd" and own.appeal_text is None
    form = sent or (AppealForm(formdata=None) if is_refused else None)
    found = answered(own.status, own.answer, own.theme_status, own.theme_answer)
    with connection() as opened:
        track = _track(opened, own)
        place_test = own.place_test or _test_now(opened, own, track)
        wijk = _wijk_name(opened, own)
    is_new = request.args.get("net") == "ja"
    return render_template(
        "reageren/mijn_reactie.html",
        own=own,
        token=token,
        track=track,
        answered=found,
        rule=HOUSE_RULES[own.refusal_key] if own.refusal_key in HOUSE_RULES.keys else None,
        is_new=is_new,
        lead=_lead(own, found, track),
        facts=_facts(own, found, wijk),
        link=own_address(own.code),
        form=form,
        place_test=place_test,
        test_follows=own.kind == "plek" and place_test is None,
    )


def _lead(own: OwnContribution, found: Answered, track: TrackRecord | None) -> str:
    """How it stands, and what comes next and when."""
    if own.moderation in ("wacht", "weigeren"):
        told = "Uw reactie is binnen. Een moderator leest haar eerst."
        if track is None:
            return told
        days = track.moderation_days
        return f"{told[:-1]}, binnen {'1 dag' if days == 1 else f'{days} dagen'}."
    if own.moderation == "geweigerd":
        return "Uw reactie is niet geplaatst. Hieronder staat waarom en wat u kunt doen."
    if found.answer:
        return "Uw reactie is openbaar. De gemeente heeft u geantwoord."
    told = "Uw reactie is openbaar."
    if track is None:
        return told
    days = track.answer_days
    return f"{told} De gemeente antwoordt binnen {'1 dag' if days == 1 else f'{days} dagen'}."


def _facts(own: OwnContribution, found: Answered, wijk: str | None) -> list[tuple[str, Any]]:
    moderation = own.moderation if own.moderation != "weigeren" else "wacht"
    facts: list[tuple[str, Any]] = [
        ("Soort", CONTRIBUTION_KINDS[own.kind].label),
        ("Ontvangen", to_dutch_date(own.made_at.date())),
        ("Te lezen voor iedereen", MODERATION_STATES[moderation].label),
        ("Wat ermee is gedaan", found.status.label),
        ("Hoe het binnenkwam", ENTRY_WAYS[own.entry].label),
    ]
    if wijk:
        facts.append(("Uw wijk", wijk))
    if own.has_photo:
        facts.append(("Foto", "Er is een foto bij."))
    return facts


def _track(opened: Connection, own: OwnContribution) -> TrackRecord | None:
    """The conversation of it, when that is public still."""
    return next((one for one in public_tracks(opened) if one.id == own.track_id), None)


def _test_now(
    opened: Connection, own: OwnContribution, track: TrackRecord | None
) -> dict[str, Any] | None:
    """The test of a proposed place that could not be made when it was sent."""
    if own.kind != "plek" or own.geom is None or track is None:
        return None
    site_ids = [line.site_id for line in track_sites(opened, track.id)]
    return try_place(opened, current.home(), own.geom, track.type, site_ids, current.today())


def _wijk_name(opened: Connection, own: OwnContribution) -> str | None:
    if own.from_wijk_code is None:
        return None
    try:
        return area(opened, area_release(opened).id, own.from_wijk_code).name
    except NotFound:
        return None
