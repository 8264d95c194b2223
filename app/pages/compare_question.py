"""What the address of a comparison asks, and the address of another one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Connection

from analysis.comparing.criteria import CRITERIA
from app.pages import parameters
from app.services.candidate_places import candidate_places
from app.services.comparison_question import (
    CompareQuestion,
    read_numbers,
    read_points,
    read_radius,
    read_type,
    terms_of,
    to_number,
)
from app.services.weightings import (
    NamedWeighting,
    kept_weightings,
    presets_of,
    read_weighting,
    word_of,
)

FIRST_TYPE = "beschut_wonen"
#: So many candidates make a comparison.
LEAST = 2


@dataclass(frozen=True)
class Asked:
    """A question and the weightings under a name that can be chosen for it."""

    question: CompareQuestion
    presets: tuple[NamedWeighting, ...]
    kept: tuple[NamedWeighting, ...]

    @property
    def weighting(self) -> NamedWeighting | None:
        """The weighting under a name that the points are of; None for points of one's own."""
        word = self.question.weighting
        return next((one for one in (*self.presets, *self.kept) if one.word == word), None)


def read_question(opened: Connection, scope: Collection[str]) -> Asked:
    """The question of this request; QuestionError and BadRequest name what is wrong with it."""
    args = request.form if request.method == "POST" else request.args
    on = parameters.day(args)
    site_ids = read_numbers(parameters.listed(args, "locatie"), to_number)
    word = args.get("soort", "").strip()
    if not word and site_ids:
        word = candidate_places(opened, site_ids[:1], on)[0].type.key
    kind = read_type(word or FIRST_TYPE)
    radius_m = read_radius(args.get("straal", "").strip())
    terms = terms_of(kind, on, radius_m, args.get("niveau", "").strip() or "gemeente")
    wanted = args.get("weging", "").strip()
    base = read_weighting(opened, kind, wanted)
    points = read_points(kind, {key: args.get(key, "") for key in CRITERIA.keys}, base)
    presets, kept = presets_of(kind), kept_weightings(opened, kind, scope)
    known = word_of(points, (*presets, *kept), wanted)
    return Asked(CompareQuestion(terms, site_ids, points, known), presets, kept)


def words_of(question: CompareQuestion, today: bool) -> dict[str, Any]:
    """The parameters that ask this question; points only where they have no name."""
    terms = question.terms
    words: dict[str, Any] = {"soort": question.type.key}
    if question.site_ids:
        words["locatie"] = ",".join(str(number) for number in question.site_ids)
    if terms.radius_m != 400:
        words["straal"] = f"{terms.radius_m:g}"
    if terms.level != "gemeente":
        words["niveau"] = terms.level
    if not today:
        words["datum"] = terms.on.isoformat()
    if question.weighting:
        return words | ({} if question.weighting == "start" else {"weging": question.weighting})
    return words | {key: str(count) for key, count in question.points.items()}


def address_of(words: Mapping[str, Any], endpoint: str = "compare.show", **more: Any) -> str:
    """The address with these parameters."""
    return url_for(endpoint, **words, **more)
