"""What a scenario changes: adding, changing and removing one thing, by a form with a map."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from analysis.facility_types import FACILITY_TYPES
from analysis.scenario import ITEM_KINDS
from app.auth import guard
from app.database import changing_as, reading_as
from app.pages import parameters
from app.pages.access import geocoder
from app.pages.map_frame import map_frame
from app.pages.scenario_fields import ItemForm
from app.pages.sender import go_to
from app.pages.workspace_form import SEARCH, TAKE, WITH_ADDRESSES
from app.services import current
from app.services.place_search import WITHOUT_ADDRESSES
from app.services.scenarios import by_gemeente, is_open_to, site_choices
from app.services.site_places import PlaceHits, search_place, value_of, with_place
from data.changes.refusals import SecretText
from data.changes.scenarios import (
    ADOPTED,
    ONLY_READ,
    AlreadyAdopted,
    OnlyRead,
    SiteTaken,
    TooManyItems,
    add_item,
    change_item,
    remove_item,
)
from data.changes.sites import Conflict, OutsideScope
from data.queries.scenarios import ItemRecord, ScenarioRecord, scenario, scenario_item

page = Blueprint("scenario_items", __name__, url_prefix="/scenario/<int:scenario_id>/onderdelen")
_OF_FORM = (SiteTaken, TooManyItems, SecretText, OutsideScope)


@page.get("/nieuw")
def new(scenario_id: int) -> str:
    """An empty form for one kind of change; the map may have filled in a site or a place."""
    kind = parameters.one_of(request.args, "wat", tuple(ITEM_KINDS.keys), "on")
    with reading_as(guard.hands()) as opened:
        record = _changeable(opened, scenario_id)
        form = ItemForm(
            data={
                "wat": kind,
                "locatie": parameters.words(request.args, "locatie"),
                "plek": parameters.words(request.args, "plek"),
                "gezien": str(record.version),
            }
        )
        return _form_page(opened, record, form)


@page.post("/nieuw")
def add(scenario_id: int) -> Response:
    """Store a new item, look for its place, or show what is wrong."""
    return _save(scenario_id, None)


@page.get("/<int:item_id>")
def edit(scenario_id: int, item_id: int) -> str:
    """The form with what is stored."""
    with reading_as(guard.hands()) as opened:
        record = _changeable(opened, scenario_id)
        item = scenario_item(opened, scenario_id, item_id)
        return _form_page(opened, record, _stored_form(record, item), item)


@page.post("/<int:item_id>")
def change(scenario_id: int, item_id: int) -> Response:
    """Store what was changed, look for its place, or show what is wrong."""
    return _save(scenario_id, item_id)


@page.post("/<int:item_id>/weghalen")
def remove(scenario_id: int, item_id: int) -> Response:
    """Take an item away."""
    form = ItemForm(request.form)
    try:
        with changing_as(guard.hands()) as opened:
            remove_item(opened, scenario_id, item_id, form.seen_version)
    except Conflict as error:
        with reading_as(guard.hands()) as opened:
            record = _changeable(opened, scenario_id)
            item = scenario_item(opened, scenario_id, item_id)
            again = _stored_form(record, item)
            again.form_errors.append(f"{error} Er is niets weggehaald. Kijk eerst wat er staat.")
            return make_response(_form_page(opened, record, again, item), HTTPStatus.CONFLICT)
    flash("Het onderdeel is weggehaald.")
    return go_to(url_for("scenario.show", scenario_id=scenario_id))


def _save(scenario_id: int, item_id: int | None) -> Response:
    with reading_as(guard.hands()) as opened:
        record = _changeable(opened, scenario_id)
        item = None if item_id is None else scenario_item(opened, scenario_id, item_id)
        form, hits = _placed(opened, item)
        _offer_sites(opened, form)
        if hits is not None or request.form.get("actie") == TAKE:
            return _again(opened, record, form, item, hits=hits)
    if not form.validate():
        return _refused(scenario_id, form, item)
    try:
        with changing_as(guard.hands()) as opened:
            if item is None:
                add_item(opened, scenario_id, form.fields, form.seen_version)
            else:
                change_item(opened, scenario_id, item.id, form.fields, form.seen_version)
    except _OF_FORM as error:
        form.form_errors.append(str(error))
        return _refused(scenario_id, form, item)
    except Conflict as error:
        form.form_errors.append(
            f"{error} Wat u typte staat hieronder. Kijk eerst naar het scenario, of sla toch op."
        )
        return _refused(scenario_id, form, item, HTTPStatus.CONFLICT)
    flash("Het onderdeel is opgeslagen.")
    return go_to(url_for("scenario.show", scenario_id=scenario_id))


def _changeable(opened: Connection, scenario_id: int) -> ScenarioRecord:
    """The scenario; AlreadyAdopted or OnlyRead when who asks can't change it."""
    record = scenario(opened, scenario_id)
    if record.is_adopted:
        raise AlreadyAdopted(ADOPTED)
    if not is_open_to(opened, record):
        raise OnlyRead(ONLY_READ)
    return record


def _stored_form(record: ScenarioRecord, item: ItemRecord) -> ItemForm:
    return ItemForm(
        data={
            "wat": item.kind,
            "locatie": "" if item.site_id is None else str(item.site_id),
            "naam": item.name,
            "plek": ""
            if item.x_m is None or item.y_m is None
            else f"{round(item.x_m)}, {round(item.y_m)}",
            "aantal": item.place_count,
            "kosten": item.cost_eur,
            "toelichting": item.note,
            "gezien": str(record.version),
        }
    )


def _placed(opened: Connection, item: ItemRecord | None) -> tuple[ItemForm, PlaceHits | None]:
    """The form with the place that was chosen or surely meant; hits when one must choose.

    An item that is there keeps its kind.
    """
    typed = MultiDict(request.form)
    if item is not None:
        typed["wat"] = item.kind
    if typed.get("gevonden"):
        typed["plek"] = with_place({}, typed["gevonden"])["plek"]
    form = ItemForm(typed)
    searches = request.form.get("actie") == SEARCH
    forgot = typed.get("zoek", "").strip() and not typed.get("plek", "").strip()
    if not form.kind.has_place or not (searches or forgot):
        return form, None
    hits = search_place(opened, typed.get("zoek", ""), geocoder())
    if hits.certain is not None:
        typed["plek"] = with_place({}, value_of(hits.certain))["plek"]
    return ItemForm(typed), hits


def _offer_sites(opened: Connection, form: ItemForm) -> None:
    """The choices, and only the fields of this kind of change."""
    form.locatie.choices = by_gemeente(site_choices(opened, current.today()))
    form.keep_to_kind()


def _refused(
    scenario_id: int,
    form: ItemForm,
    item: ItemRecord | None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    with reading_as(guard.hands()) as opened:
        record = _changeable(opened, scenario_id)
        if status == HTTPStatus.CONFLICT:
            form.gezien.data = str(record.version)
        return _again(opened, record, form, item, status)


def _again(
    opened: Connection,
    record: ScenarioRecord,
    form: ItemForm,
    item: ItemRecord | None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
    hits: PlaceHits | None = None,
) -> Response:
    if hits is not None and hits.fault:
        form.zoek.errors = [hits.fault]
    elif hits is not None or request.form.get("actie") == TAKE:
        status = HTTPStatus.OK
    return make_response(_form_page(opened, record, form, item, hits), status)


def _form_page(
    opened: Connection,
    record: ScenarioRecord,
    form: ItemForm,
    item: ItemRecord | None = None,
    hits: PlaceHits | None = None,
) -> str:
    if "locatie" in form and not form.locatie.choices:
        _offer_sites(opened, form)
    facts: dict[str, Any] = map_frame(opened) if form.kind.has_place else {}
    return render_template(
        "scenarios/onderdeel.html",
        form=form,
        kind=form.kind,
        record=record,
        type=FACILITY_TYPES[record.type],
        item=item,
        hits=hits,
        search_help=WITH_ADDRESSES if geocoder() is not None else WITHOUT_ADDRESSES,
        gemeenten=[record.gemeente_code],
        **facts,
    )
