"""The pages of one kind of part of a conversation: adding, changing, ordering and taking away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, flash, render_template, request
from sqlalchemy import Connection

from app.auth import guard
from app.database import changing_as, reading_as
from app.pages.sender import refused
from app.pages.track_fields import PartForm, differences
from app.pages.track_frame import read_own_track, to_track
from app.pages.typed_fields import readable_texts
from app.services.readability_hints import readability_hints
from app.services.workspace_track import TrackView
from data.changes.refusals import SecretText
from data.changes.sites import Conflict
from data.changes.track_parts import (
    Fields,
    TooManyParts,
    add_part,
    change_part,
    order_parts,
    remove_part,
)


@dataclass(frozen=True)
class PartPages:
    """A kind of part: its words, its form, and how one is found. ``word`` is in the address.

    ``keeps`` tells why a part can't be taken away now, or None; ``advice`` stands above the form.
    """

    word: str
    new_title: str
    title: str
    saved: str
    kind: type[Fields]
    form: type[Any]
    find: Callable[[Connection, int, int], Any]
    advice: str = ""
    keeps: Callable[[Connection, int, int], str | None] | None = None

    def new_page(self, track_id: int) -> str:
        """An empty form."""
        return self._page(read_own_track(track_id), self.form())

    def save_new(self, track_id: int) -> Response:
        """Add the part, or show what is wrong."""
        view, form = read_own_track(track_id), self.form(request.form)
        if not form.validate():
            return refused(self._page(view, form))
        try:
            with changing_as(guard.hands()) as opened:
                add_part(opened, track_id, form.fields)
        except (SecretText, TooManyParts) as error:
            form.form_errors.append(str(error))
            return refused(self._page(view, form))
        return self._done(track_id, self.saved)

    def edit_page(self, track_id: int, part_id: int) -> str:
        """The form with what stands there."""
        view = read_own_track(track_id)
        return self._page(view, self.form.stored(self._found(track_id, part_id)), part_id)

    def save(self, track_id: int, part_id: int) -> Response:
        """Store what was changed, or show what is wrong or what another stored in between."""
        view, form = read_own_track(track_id), self.form(request.form)
        stored = self._found(track_id, part_id)
        if not form.validate():
            return refused(self._page(view, form, part_id))
        try:
            with changing_as(guard.hands()) as opened:
                change_part(opened, track_id, part_id, form.fields, form.gezien.version)
        except SecretText as error:
            form.form_errors.append(str(error))
            return refused(self._page(view, form, part_id))
        except Conflict:
            return self._conflict(view, form, part_id, stored)
        return self._done(track_id, self.saved)

    def remove(self, track_id: int, part_id: int) -> Response:
        """Take the part away, unless it changed in between or something hangs on it."""
        view, sent = read_own_track(track_id), PartForm(request.form)
        stored = self._found(track_id, part_id)
        form = self.form.stored(stored)
        kept = self._why_kept(track_id, part_id)
        if kept is not None:
            form.form_errors.append(kept)
            return refused(self._page(view, form, part_id))
        try:
            with changing_as(guard.hands()) as opened:
                remove_part(opened, track_id, part_id, self.kind, sent.gezien.version)
        except Conflict as error:
            form.form_errors.append(f"{error} Er is niets weggehaald. Kijk eerst wat er nu staat.")
            return refused(self._page(view, form, part_id), HTTPStatus.CONFLICT)
        return self._done(track_id, "Weggehaald.")

    def move(self, track_id: int, part_id: int, ids: list[int]) -> Response:
        """Put the part one place earlier or later; ``ids`` are the parts as they stand now."""
        read_own_track(track_id)
        seen = [int(word) for word in request.form.get("stand", "").split(",") if word.isdigit()]
        if seen != ids:
            raise Conflict("Iemand anders heeft de volgorde intussen gewijzigd.")
        step = -1 if request.form.get("richting") == "omhoog" else 1
        place = ids.index(part_id) if part_id in ids else -1
        target = place + step
        if place >= 0 and 0 <= target < len(ids):
            ids[place], ids[target] = ids[target], ids[place]
            with changing_as(guard.hands()) as opened:
                order_parts(opened, track_id, self.kind, ids)
        return self._done(track_id, "De volgorde is gewijzigd.")

    def _found(self, track_id: int, part_id: int) -> Any:
        with reading_as(guard.hands()) as opened:
            return self.find(opened, track_id, part_id)

    def _why_kept(self, track_id: int, part_id: int) -> str | None:
        if self.keeps is None:
            return None
        with reading_as(guard.hands()) as opened:
            return self.keeps(opened, track_id, part_id)

    def _conflict(self, view: TrackView, form: Any, part_id: int, stored: Any) -> Response:
        now = self.form.stored(stored)
        form.gezien.data = str(stored.version)
        body = self._page(view, form, part_id, stands=differences(form, now))
        return refused(body, HTTPStatus.CONFLICT)

    def _page(
        self,
        view: TrackView,
        form: Any,
        part_id: int | None = None,
        stands: list[tuple[str, str]] | None = None,
    ) -> str:
        return render_template(
            "gesprekken/onderdeel.html",
            pages=self,
            view=view,
            form=form,
            part_id=part_id,
            stands=stands,
            leesbaarheid=readability_hints(readable_texts(form)),
        )

    def _done(self, track_id: int, told: str) -> Response:
        flash(told)
        return to_track(track_id, self.word)
