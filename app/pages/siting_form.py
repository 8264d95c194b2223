"""The whole form of choosing several sites: its rows, what is wrong with it, and the question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from analysis.siting.demands import LeastInGemeente, MostInGemeente, Separation, Target
from app.pages.siting_fields import PLACES, SITES, LeastForm, MostForm, TargetForm, WhatForm
from app.services.known_sites import KnownSite
from app.services.siting_question import OF_CHOICE, TICKED, SitingQuestion

TARGET_ROWS, LEAST_ROWS, MOST_ROWS = 4, 3, 3
FORCED_IN, FORCED_OUT = "in", "uit"
EVERY_GEMEENTE = "elke gemeente"
#: More candidates than this are not listed one by one: a form has its limits.
MOST_LISTED = 350
Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Surroundings:
    """What the form lets one choose from: for whom, gemeenten and choices by key, and sites."""

    owners: Mapping[str, str]
    gemeenten: Mapping[str, str]
    choices: Mapping[str, str]
    sites: Sequence[KnownSite]

    @property
    def listed(self) -> Sequence[KnownSite]:
        """The sites that are listed one by one: all, or none when there are too many."""
        return self.sites if len(self.sites) <= MOST_LISTED else ()


@dataclass
class SitingForms:
    """Every part of the form; ``ticked`` and ``forced`` are by the number of a site."""

    what: WhatForm
    targets: list[TargetForm]
    least: list[LeastForm]
    most: list[MostForm]
    around: Surroundings
    ticked: frozenset[int] = frozenset()
    forced: Mapping[int, str] = field(default_factory=dict)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[Form]:
        """Every form of a row."""
        yield from (*self.targets, *self.least, *self.most)

    def validate(self) -> bool:
        """Whether a question can be made of it; ``faults`` tells what is wrong, by field."""
        for form in (self.what, *self.rows):
            form.validate()
        self._check_together()
        self.faults += [
            (entry.id, _label(form, entry), str(fault))
            for form in (self.what, *self.rows)
            for entry in form
            for fault in entry.errors
        ]
        return not self.faults

    def _check_together(self) -> None:
        asked = [form for form in self.targets if form.soort.data]
        seen: set[tuple[str, str]] = set()
        for form in asked:
            kind = (form.soort.data, form.eenheid.data)
            if kind in seen:
                form.soort.errors = [*form.soort.errors, "Deze soort staat er al."]
            seen.add(kind)
        if not asked:
            first = self.targets[0].soort
            first.errors = [*first.errors, "Kies minstens één soort."]
        types = {form.soort.data for form in asked}
        for least in self.least:
            if least.soort.data and least.soort.data not in types:
                fault = "Vraag hierboven ook plekken van deze soort."
                least.soort.errors = [*least.soort.errors, fault]
        self.faults += self._faults_of_sites(types)

    def _faults_of_sites(self, types: set[str]) -> Iterator[tuple[str, str, str]]:
        known = {site.id: site for site in self.around.sites}
        for site_id in self.forced:
            site = known.get(site_id)
            if site is None:
                yield "kandidaten", "Locaties", "Een locatie die u vastzette, is er niet meer."
            elif site.type.key not in types and self.forced[site_id] == FORCED_IN:
                fault = f"Moet erbij, maar van de soort {site.type.label} vroeg u niets."
                yield f"vast-{site_id}", site.name, fault
        if self.what.wie.data == TICKED and not self._ticked_of(types):
            yield "kandidaten", "Locaties", "Vink minstens één locatie aan van een gevraagde soort."

    def _ticked_of(self, types: set[str]) -> list[int]:
        """What may be chosen of what was ticked; what must come belongs to it."""
        taken = self.ticked | {key for key, how in self.forced.items() if how == FORCED_IN}
        return [
            site.id for site in self.around.sites if site.id in taken and site.type.key in types
        ]

    def question(self) -> SitingQuestion:
        """The question; only of a form that is in order."""
        what = self.what
        targets = _targets(self.targets)
        types = {target.type for target in targets}
        of_types = {site.id for site in self.around.sites if site.type.key in types}
        is_of_choice = what.wie.data == OF_CHOICE
        is_ticked = what.wie.data == TICKED
        assert isinstance(what.datum.data, dt.date)
        return SitingQuestion(
            on=what.datum.data,
            targets=targets,
            source=str(what.wie.data),
            choice_id=int(what.keuze.data) if is_of_choice else None,
            site_ids=tuple(self._ticked_of(types)) if is_ticked else (),
            forced_in=tuple(self._forced(FORCED_IN, of_types)),
            forced_out=tuple(self._forced(FORCED_OUT, of_types)),
            base=str(what.basis.data),
            plan_scope=str(what.plannen.data),
            counts_all_types=bool(what.alle_soorten.data),
            least_in_gemeente=tuple(
                LeastInGemeente(form.soort.data, form.aantal.data, form.gemeente.data or None)
                for form in self.least
                if form.soort.data and form.aantal.data is not None
            ),
            most_in_gemeente=tuple(
                MostInGemeente(form.aantal.data, form.gemeente.data or None)
                for form in self.most
                if form.aantal.data is not None
            ),
            most_place_count_per_site=what.per_locatie.data,
            budget_eur=what.budget.data,
            separation=(
                Separation(float(what.afstand.data), str(what.reden.data))
                if what.afstand.data
                else None
            ),
            radius_m=float(what.straal.data),
            order=what.order,
            shows_front=bool(what.afweging.data),
            time_limit_s=int(what.tijd.data),
        )

    def _forced(self, how: str, of_types: set[int]) -> list[int]:
        return [key for key, said in self.forced.items() if said == how and key in of_types]


def empty_forms(around: Surroundings, today: dt.date) -> SitingForms:
    """The form as it opens, with what is usual."""
    return _forms(MultiDict(), around, {"datum": today})


def sent_forms(sent: Sent, around: Surroundings) -> SitingForms:
    """The form with everything that was typed."""
    forms = _forms(sent, around, None)
    forms.ticked = frozenset(_numbers(sent.getlist("kandidaat")))
    forms.forced = {
        int(name.removeprefix("vast-")): value
        for name, value in sent.items()
        if name.startswith("vast-")
        and value in (FORCED_IN, FORCED_OUT)
        and _numbers([name.removeprefix("vast-")])
    }
    return forms


def forms_of(question: SitingQuestion, name: str, around: Surroundings) -> SitingForms:
    """The form as an earlier question filled it, to ask it again with a change."""
    words = {
        "naam": name,
        "datum": question.on,
        "wie": question.source,
        "keuze": str(question.choice_id or ""),
        "basis": question.base,
        "plannen": question.plan_scope,
        "alle_soorten": question.counts_all_types,
        "per_locatie": question.most_place_count_per_site,
        "budget": question.budget_eur,
        "straal": f"{question.radius_m:g}",
        "afweging": question.shows_front,
        "tijd": str(question.time_limit_s),
    }
    if question.separation:
        words |= {
            "afstand": int(question.separation.distance_m),
            "reden": question.separation.reason,
        }
    order = dict(
        zip(("eerst", "daarna", "dan", "ten_slotte"), _padded(question.order), strict=True)
    )
    forms = _forms(MultiDict(), around, words | order, _row_words(question))
    forms.ticked = frozenset(question.site_ids)
    forms.forced = {
        **dict.fromkeys(question.forced_in, FORCED_IN),
        **dict.fromkeys(question.forced_out, FORCED_OUT),
    }
    return forms


def _forms(
    sent: Sent,
    around: Surroundings,
    words: Mapping[str, Any] | None,
    rows: Mapping[str, Mapping[str, Any]] | None = None,
) -> SitingForms:
    rows = rows or {}
    what = WhatForm(sent or None, data=words)
    what.eigenaar.choices = list(around.owners.items())
    what.keuze.choices = list(around.choices.items())

    def row(kind: type[Form], prefix: str, number: int) -> Any:
        name = f"{prefix}{number}"
        form = kind(sent or None, prefix=f"{name}-", data=rows.get(name))
        if hasattr(form, "gemeente"):
            form.gemeente.choices = [("", EVERY_GEMEENTE), *around.gemeenten.items()]
        return form

    return SitingForms(
        what,
        [row(TargetForm, "doel", number) for number in range(1, TARGET_ROWS + 1)],
        [row(LeastForm, "minst", number) for number in range(1, LEAST_ROWS + 1)],
        [row(MostForm, "meest", number) for number in range(1, MOST_ROWS + 1)],
        around,
    )


def _row_words(question: SitingQuestion) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    number = 0
    for target in question.targets:
        for unit, least, most in (
            (PLACES, target.least_place_count, target.most_place_count),
            (SITES, target.least_site_count, target.most_site_count),
        ):
            if least is None and most is None:
                continue
            number += 1
            found[f"doel{number}"] = {
                "soort": target.type,
                "eenheid": unit,
                "minstens": least,
                "hoogstens": most,
            }
    for index, least_of in enumerate(question.least_in_gemeente, start=1):
        found[f"minst{index}"] = {
            "soort": least_of.type,
            "aantal": least_of.place_count,
            "gemeente": least_of.gemeente_code or "",
        }
    for index, most_of in enumerate(question.most_in_gemeente, start=1):
        found[f"meest{index}"] = {
            "aantal": most_of.place_count,
            "gemeente": most_of.gemeente_code or "",
        }
    return found


def _targets(forms: Sequence[TargetForm]) -> tuple[Target, ...]:
    """One target a type: a row in places and a row in sites go together."""
    found: dict[str, dict[str, int | None]] = {}
    for form in forms:
        if form.soort.data:
            found.setdefault(form.soort.data, {}).update(form.bounds)
    return tuple(Target(kind, **bounds) for kind, bounds in found.items())


def _padded(order: Sequence[str]) -> list[str]:
    return [*order, "", "", "", ""][:4]


def _numbers(words: Sequence[str]) -> list[int]:
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]


def _label(form: Form, entry: Any) -> str:
    names = {TargetForm: "Wat erbij komt", LeastForm: "Minstens", MostForm: "Hoogstens"}
    kind = names.get(type(form))
    return f"{kind}, {entry.label.text.lower()}" if kind else str(entry.label.text)
