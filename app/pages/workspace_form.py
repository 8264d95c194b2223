"""Adding a site and changing one, by a form; also when two people do so at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeVar, cast

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

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.access import geocoder
from app.pages.map_frame import map_frame
from app.pages.parameters import LONGEST_TEXT, Arguments
from app.pages.seen_version import read_seen, write_seen
from app.pages.site_fields import filled_form, typed_texts
from app.services import current, drafts
from app.services.drafts import draft_texts, find_draft, key_of
from app.services.place_search import WITHOUT_ADDRESSES
from app.services.site_form import (
    FIRST_STATUSES,
    SITE_FIELDS,
    SITE_TYPES,
    FieldFaults,
    read_first_state,
    read_reason,
    read_site,
    shown_text,
    site_texts,
)
from app.services.site_merge import MINE, THEIRS, Choice, Choices, Merge, Seen, merge, with_editors
from app.services.site_places import PlaceHits, search_place, value_of, with_place
from app.services.site_saving import save_change, save_new
from app.services.typed_points import TypedPointError, typed_point
from data.changes.drafts import remove_draft
from data.changes.sites import Conflict
from data.publication import INTERN, PUBLICATION_LEVELS
from data.queries.drafts import DraftRecord
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_form", __name__)
page.add_app_template_filter(value_of, "plekwaarde")
Texts = Mapping[str, str]
_T = TypeVar("_T")
SEARCH, TAKE, REWRITE = "zoek", "kies", "bewerk"
CONTINUE = "verder"
SIDES: Mapping[str | None, Choice] = {MINE: MINE, THEIRS: THEIRS}
#: The category of a message that tells scripts to forget what they kept of a form.
DONE = "concept-klaar"
WITH_ADDRESSES = (
    "Typ een adres, de naam van een buurt of coördinaten. Een adres zoeken wij op bij een andere "
    "dienst."
)


@page.get("/werkbank/locaties/nieuw")
def add() -> str:
    """An empty form, or the choice to go on with what was typed before."""
    start = {"publicatie": INTERN.key, "fase": "idee", "fase_datum": current.today().isoformat()}
    start |= prefilled(request.args)
    with reading_as(guard.hands()) as opened:
        return _opened_form(opened, start)


@page.get("/werkbank/locaties/<int:site_id>/wijzigen")
def edit(site_id: int) -> str:
    """The form with what is stored, or the choice to go on with what was typed before."""
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        return _opened_form(opened, _with_seen(site_texts(site), site), site)


@page.post("/werkbank/locaties/nieuw")
def save_added() -> Response:
    """Store a new site, look for its place, or show what is wrong."""
    texts, today = typed_texts(), current.today()
    with reading_as(guard.hands()) as opened:
        placed, hits = _placed(opened, texts)
        if hits is not None:
            return _form_answer(opened, placed, hits=hits)
        if request.form.get("actie") == TAKE:
            return _form_answer(opened, placed)
    faults: dict[str, str] = {}
    fields = _collect(faults, lambda: read_site(placed))
    first = _collect(faults, lambda: read_first_state(placed, today))
    reason = _collect(faults, lambda: read_reason(placed))
    if fields and first and reason and not faults:
        try:
            with changing_as(guard.hands(reason)) as opened:
                site_id = save_new(opened, fields, first, reason, today)
                _forget_draft(opened, None)
            return _saved(site_id, None, "De locatie is toegevoegd.")
        except FieldFaults as found:
            faults = found.faults
    return _refused(placed, faults)


@page.post("/werkbank/locaties/<int:site_id>/wijzigen")
def save_edited(site_id: int) -> Response:
    """Store the changes, look for the place, show what is wrong, or what another changed."""
    texts = typed_texts()
    with reading_as(guard.hands()) as opened:
        site = workspace_site(opened, site_id, current.today())
        placed, hits = _placed(opened, texts)
        if hits is not None:
            return _form_answer(opened, placed, site, hits=hits)
        if request.form.get("actie") == TAKE:
            return _form_answer(opened, placed, site)
        newest = Seen(site.version, site_texts(site))
        merged = merge(read_seen(texts["gezien"], site_id), newest, placed, _choices())
    if merged.differences:
        return _conflict(site, merged)
    texts = {**merged.texts, "gezien": write_seen(site_id, merged.seen)}
    if request.form.get("actie") == REWRITE:
        with reading_as(guard.hands()) as opened:
            return _form_answer(opened, texts, site)
    return _save(site, texts)


def _save(site: WorkspaceSite, texts: Texts) -> Response:
    faults: dict[str, str] = {}
    fields = _collect(faults, lambda: read_site(texts, site))
    reason = _collect(faults, lambda: read_reason(texts))
    if not fields or not reason or faults:
        return _refused(texts, faults, site)
    try:
        with changing_as(guard.hands(reason)) as opened:
            save_change(opened, site, fields)
            _forget_draft(opened, site.id)
    except FieldFaults as found:
        return _refused(texts, found.faults, site)
    except Conflict:
        return save_edited(site.id)
    return _saved(site.id, site.id, "De wijzigingen zijn opgeslagen.")


def _collect(faults: dict[str, str], read: Callable[[], _T]) -> _T | None:
    """What is read, or None with the faults noted."""
    try:
        return read()
    except FieldFaults as found:
        faults.update(found.faults)
        return None


def _placed(opened: Connection, texts: dict[str, str]) -> tuple[dict[str, str], PlaceHits | None]:
    """The texts with the place that was chosen or surely meant; hits when one must choose.

    Someone who typed an address but no place, and saves, most likely means that address.
    """
    if texts["gevonden"]:
        texts = with_place(texts, texts["gevonden"])
    searches = request.form.get("actie") == SEARCH
    forgot = texts["zoek"].strip() and not texts["plek"].strip()
    if not searches and not forgot:
        return texts, None
    hits = search_place(opened, texts["zoek"], geocoder())
    if hits.certain is not None:
        texts = with_place(texts, value_of(hits.certain))
    return texts, hits


def _choices() -> Choices:
    """Whose text someone wants to keep, by field."""
    found = {key: request.form.get(f"keuze-{key}") for key in SITE_FIELDS.keys}
    return {key: SIDES[word] for key, word in found.items() if word in SIDES}


def _with_seen(texts: Texts, site: WorkspaceSite) -> dict[str, str]:
    seen = Seen(site.version, site_texts(site))
    return {**texts, "gezien": write_seen(site.id, seen)}


def _opened_form(opened: Connection, texts: Texts, site: WorkspaceSite | None = None) -> str:
    draft = find_draft(opened, key_of(drafts.SITE, site.id if site else None))
    if draft is None:
        return _form_page(opened, texts, site)
    if request.args.get("concept") == CONTINUE:
        return _form_page(opened, {**texts, **draft_texts(draft)}, site)
    return _offer(draft, site)


def _offer(draft: DraftRecord, site: WorkspaceSite | None) -> str:
    texts = draft_texts(draft)
    filled = [entry for entry in SITE_FIELDS if texts.get(entry.key)]
    return render_template(
        "werkbank/concept.html",
        draft=draft,
        site=site,
        typed=[(entry.label, shown_text(entry.key, texts[entry.key])) for entry in filled[:4]],
        continue_url=f"{request.path}?concept={CONTINUE}",
        prefill={} if site else prefilled(request.args),
    )


def prefilled(args: Arguments) -> dict[str, str]:
    """The type and the place that a link to the empty form fills in; what can't be is left out."""
    found = {"soort": args.get("soort", ""), "plek": _point_text(args.get("plek", ""))}
    if found["soort"] not in {entry.key for entry in SITE_TYPES}:
        found["soort"] = ""
    return {name: text for name, text in found.items() if text}


def _point_text(text: str) -> str:
    try:
        point = typed_point(text) if len(text) <= LONGEST_TEXT else None
    except TypedPointError:
        return ""
    return "" if point is None else f"{point[0]}, {point[1]}"


def _form_answer(
    opened: Connection,
    texts: Texts,
    site: WorkspaceSite | None = None,
    faults: Mapping[str, str] | None = None,
    hits: PlaceHits | None = None,
) -> Response:
    wrong = dict(faults or {})
    if hits is not None and hits.fault:
        wrong["zoek"] = hits.fault
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(_form_page(opened, texts, site, wrong, hits), status)


def _form_page(
    opened: Connection,
    texts: Texts,
    site: WorkspaceSite | None = None,
    faults: Mapping[str, str] | None = None,
    hits: PlaceHits | None = None,
) -> str:
    frame = map_frame(opened)
    has_geocoder = geocoder() is not None
    return render_template(
        "werkbank/formulier.html",
        form=filled_form(texts, faults or {}, is_new=site is None),
        site=site,
        hits=hits,
        search_help=WITH_ADDRESSES if has_geocoder else WITHOUT_ADDRESSES,
        publication_levels=PUBLICATION_LEVELS,
        first_statuses=FIRST_STATUSES,
        form_key=key_of(drafts.SITE, site.id if site else None),
        gemeenten=sorted(guard.person().scope_of(guard.permission().key)),
        **frame,
    )


def _refused(
    texts: Texts, faults: Mapping[str, str], site: WorkspaceSite | None = None
) -> Response:
    _keep_draft(texts, site)
    with reading_as(guard.hands()) as opened:
        return _form_answer(opened, texts, site, faults)


def _conflict(site: WorkspaceSite, merged: Merge) -> Response:
    """What I typed beside what another saved, with a choice for each field."""
    texts = {**merged.texts, "gezien": write_seen(site.id, merged.seen)}
    _keep_draft(texts, site)
    with reading_as(guard.hands()) as opened:
        differences = with_editors(opened, site.id, merged.differences)
    body = render_template(
        "werkbank/samen.html",
        site=site,
        texts=texts,
        merged=merged,
        differences=differences,
        form_key=key_of(drafts.SITE, site.id),
    )
    status = HTTPStatus.CONFLICT if merged.is_new else HTTPStatus.UNPROCESSABLE_ENTITY
    return make_response(body, status)


def _keep_draft(texts: Texts, site: WorkspaceSite | None) -> None:
    """What is refused stays as a draft, whatever becomes of the window it was typed in."""
    form_key = key_of(drafts.SITE, site.id if site else None)
    try:
        with changing_as(guard.hands()) as opened:
            drafts.keep(opened, _account_id(), form_key, texts, current.today())
    except drafts.DraftTooLarge:
        pass  # it stands in the form that is shown again


def _forget_draft(opened: Connection, site_id: int | None) -> None:
    remove_draft(opened, _account_id(), key_of(drafts.SITE, site_id))


def _account_id() -> int:
    account_id = guard.person().account_id
    assert account_id is not None
    return account_id


def _saved(site_id: int, draft_of: int | None, told: str) -> Response:
    flash(told)
    flash(key_of(drafts.SITE, draft_of), DONE)
    return cast(Response, redirect(url_for("workspace_site.show", site_id=site_id), 303))
