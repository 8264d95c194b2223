"""The history of sites: who changed what, when and why; and bringing a version back."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from wtforms import Form, HiddenField

from app.auth import guard
from app.database import changing_as, reading_as
from app.errors import BadRequest
from app.numbers import ZONE
from app.pages import parameters
from app.pages.lists import file_answer
from app.pages.typed_fields import line
from app.services import current
from app.services.site_history import (
    ACTORS,
    KINDS,
    history_download,
    latest_history,
    site_history,
)
from app.services.site_restore import (
    CanNotRestore,
    Version,
    differences,
    find_version,
    reason_of,
    restore,
)
from data.changes.sites import Conflict, OutsideScope
from data.queries.history import HistoryQuestion, who_changed
from data.queries.workspace import WorkspaceSite, workspace_site

page = Blueprint("workspace_history", __name__, url_prefix="/werkbank")
_ADDRESS = "/locaties/<int:site_id>/geschiedenis"
_VERSION = f"{_ADDRESS}/<int:change_id>/<any(na, voor):side>"


class RestoreForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Why a version comes back; ``stand`` tells what stood there when the page was made."""

    reden = line(
        "Waarom zet u deze versie terug?",
        asked="Schrijf kort waarom. Dit komt in de geschiedenis.",
        description="Dit komt in de geschiedenis, naast uw naam en de tijd.",
    )
    stand = HiddenField()


@page.get(_ADDRESS)
def site(site_id: int) -> str:
    """The history of one site, the latest first."""
    with reading_as(guard.hands()) as opened:
        found = workspace_site(opened, site_id, current.today())
        history = site_history(opened, found, parameters.page_number(request.args))
    return render_template(
        "werkbank/geschiedenis_locatie.html",
        site=found,
        history=history,
        is_restored="teruggezet" in request.args,
        page_url=lambda number: url_for("workspace_history.site", site_id=site_id, pagina=number),
    )


@page.get(_VERSION)
def ask(site_id: int, change_id: int, side: str) -> str:
    """What would change when this version came back."""
    with reading_as(guard.hands()) as opened:
        version = find_version(opened, site_id, change_id, side)
    return _version_page(site_id, version, RestoreForm(data={"stand": version.mark}))


@page.post(_VERSION)
def bring_back(site_id: int, change_id: int, side: str) -> Response:
    """Bring the version back, or say why that can't be."""
    form = RestoreForm(request.form)
    with reading_as(guard.hands()) as opened:
        version = find_version(opened, site_id, change_id, side)
    if not form.validate():
        return _again(site_id, version, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with changing_as(guard.hands(reason_of(version, str(form.reden.data)))) as opened:
            restore(opened, site_id, change_id, side, str(form.stand.data))
    except (CanNotRestore, OutsideScope) as error:
        form.form_errors.append(str(error))
        return _again(site_id, version, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as error:
        form.form_errors.append(f"{error} Kijk opnieuw wat er nu staat.")
        form.stand.data = version.mark
        return _again(site_id, version, form, HTTPStatus.CONFLICT)
    address = url_for("workspace_history.site", site_id=site_id, teruggezet=1)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


@page.get("/geschiedenis")
def overview() -> str:
    """The latest changes of all sites within reach."""
    words = _words()
    with reading_as(guard.hands()) as opened:
        people = _people(opened)
        history = latest_history(opened, _question(words), parameters.page_number(request.args))
    query = urlencode({key: value for key, value in words.items() if value})
    here = f"?{query}&" if query else "?"
    return render_template(
        "werkbank/geschiedenis.html",
        history=history,
        words=words,
        people=people,
        kinds=[(key, label) for key, (label, _) in KINDS.items()],
        file_url=f"{url_for('workspace_history.file')}?{query}",
        page_url=lambda number: f"{here}pagina={number}",
    )


@page.get("/geschiedenis.csv")
def file() -> Response:
    """The same as a file."""
    words = _words()
    with reading_as(guard.hands()) as opened:
        told = _told(words, dict(_people(opened)))
        download = history_download(opened, _question(words), told, current.today())
    return file_answer(download, "csv")


def _people(connection: Connection) -> list[tuple[str, str]]:
    """Who can be asked for: a word for the address and a name."""
    return [
        (str(account_id), name or f"Account {account_id}")
        if account_id is not None
        else (actor, ACTORS.get(actor, actor))
        for account_id, name, actor in _distinct(who_changed(connection))
    ]


def _distinct(
    rows: list[tuple[int | None, str | None, str]],
) -> list[tuple[int | None, str | None, str]]:
    """Somebody once, whatever the ways in which the changes came."""
    found: dict[object, tuple[int | None, str | None, str]] = {}
    for row in rows:
        found.setdefault(row[0] if row[0] is not None else row[2], row)
    return list(found.values())


def _words() -> dict[str, str]:
    """What the address asks: wie, wat, van, tot."""
    args = request.args
    kind = parameters.one_of(args, "wat", tuple(KINDS), "")
    days = {name: args.get(name, "").strip() for name in ("van", "tot")}
    for name, text in days.items():
        if text:
            _day(name, text)
    return {"wie": parameters.words(args, "wie"), "wat": kind, **days}


def _question(words: dict[str, str]) -> HistoryQuestion:
    who = words["wie"]
    is_account = who.isascii() and who.isdigit()
    until = _day("tot", words["tot"])
    return HistoryQuestion(
        account_id=min(int(who), 2**31 - 1) if is_account else None,
        actor=who if who and not is_account else None,
        table_names=KINDS[words["wat"]][1] if words["wat"] else (),
        since=_midnight(_day("van", words["van"])),
        until=_midnight(until + dt.timedelta(days=1) if until else None),
    )


def _told(words: dict[str, str], people: dict[str, str]) -> str:
    """What was asked, in words, for in a file."""
    parts = [
        people.get(words["wie"], "") if words["wie"] else "iedereen",
        KINDS[words["wat"]][0] if words["wat"] else "alles",
        f"van {words['van']}" if words["van"] else "",
        f"tot en met {words['tot']}" if words["tot"] else "",
    ]
    return ", ".join(part for part in parts if part)


def _day(name: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise BadRequest(name, f"{name} is geen datum. Schrijf jaar-maand-dag: 2026-01-31.")
    return day


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), ZONE)


def _version_page(site_id: int, version: Version, form: RestoreForm) -> str:
    with reading_as(guard.hands()) as opened:
        found: WorkspaceSite = workspace_site(opened, site_id, current.today())
        lines = differences(opened, version)
    return render_template(
        "werkbank/terugzetten.html",
        site=found,
        version=version,
        lines=lines,
        form=form,
    )


def _again(site_id: int, version: Version, form: RestoreForm, status: HTTPStatus) -> Response:
    return make_response(_version_page(site_id, version, form), status)
