"""Which of these places, and how sure is it? Candidates side by side, weighed and in order."""

from __future__ import annotations

import json
from dataclasses import replace
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
from wtforms import Form, SelectField
from wtforms.validators import ValidationError

from analysis.comparing import dominance, model, order, robustness, turning_point, values
from analysis.comparing.criteria import STARTING_VALUES, criteria_of
from analysis.comparing.criterion import CRITERION_GROUPS
from app.auth import guard
from app.charts.chart import Chart, source_texts, svg_answer
from app.charts.rank_acceptability import place_label, pool_places, rank_chart, settings_chart
from app.database import changing_as, reading_as
from app.numbers import to_dutch
from app.pages.compare_question import LEAST, Asked, address_of, read_question, words_of
from app.pages.lists import file_answer
from app.pages.map_frame import map_frame
from app.pages.typed_fields import line
from app.services import current
from app.services.candidate_options import candidate_options, chosen_first
from app.services.candidate_terms import ALL_ON_MAP
from app.services.choice_neighbours import neighbours_of
from app.services.comparison import RADII_M, ComparedCandidates, compare_candidates
from app.services.comparison_download import comparison_download, comparison_record
from app.services.comparison_map import map_record, place_record, surroundings
from app.services.comparison_question import MOST_CANDIDATES, MOST_POINTS
from app.services.comparison_table import LETTERS, aside_rows, minutes_rows, table_rows, totals
from app.services.downloads import FORMATS
from app.services.spreading import LEVELS, QuestionError
from app.services.weightings import places_to_keep
from data.changes import weightings as kept_rows
from data.errors import NotFound
from data.queries.importance import tracks_with_sites

page = Blueprint("compare", __name__, url_prefix="/vergelijk")
DONE = "weging"
FILES = {"csv": FORMATS["csv"].label, "xlsx": FORMATS["xlsx"].label, "json": "JSON"}
#: The drawings, each with its heading.
CHARTS = {
    "alle-wegingen": "Over alle wegingen",
    "uw-weging": "Dicht bij uw weging",
    "instellingen": "Met een andere afstand of andere gebieden",
}
MEASURES = {
    "value": values.MEASURE,
    "total": model.MEASURE,
    "ranks": robustness.MEASURE,
    "verdict": order.MEASURE,
    "dominance": dominance.MEASURE,
    "turning": turning_point.MEASURE,
}


class KeepForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A name for these points, and for whom they are kept."""

    naam = line("Naam van de weging", asked="Geef de weging een naam.")
    voor = SelectField("Voor", validate_choice=False)

    def __init__(self, formdata: Any = None, choices: Any = (), **more: Any) -> None:
        super().__init__(formdata, **more)
        self.voor.choices = list(choices)

    def validate_voor(self, field: Any) -> None:
        """Only the own gemeenten, or the region for who works for it."""
        if field.data not in dict(self.voor.choices):
            raise ValidationError("Kies voor wie u de weging bewaart.")


@page.get("")
def show() -> str:
    """The comparison that the address asks; the list to choose from when there are too few."""
    with reading_as(guard.hands()) as opened:
        return _page(opened, read_question(opened, guard.hands().gemeenten))


@page.get("/vergelijking.<any(csv, xlsx, json):extension>")
def file(extension: str) -> Response:
    """The comparison as a file, with the source of every figure."""
    with reading_as(guard.hands()) as opened:
        found = _compared(opened, read_question(opened, guard.hands().gemeenten))
    if extension != "json":
        return file_answer(comparison_download(found), extension)
    body = json.dumps(comparison_record(found), ensure_ascii=False, indent=2, allow_nan=False)
    made = Response(body, mimetype="application/json")
    made.headers["Content-Disposition"] = "attachment; filename=vlekkenplan-vergelijking.json"
    return made


@page.get("/<any('alle-wegingen', 'uw-weging', 'instellingen'):key>.svg")
def chart(key: str) -> Response:
    """How often each candidate comes at each place, as a drawing."""
    with reading_as(guard.hands()) as opened:
        found = _compared(opened, read_question(opened, guard.hands().gemeenten))
    drawn = _chart(found, key)
    if drawn is None:
        raise NotFound("Er zijn geen twee kandidaten met een totaal. Er is niets te tekenen.")
    return svg_answer(drawn, source_texts(found.measured.sources))


@page.post("/wegingen")
def keep_weighting() -> Response:
    """Keep the points of the page under a name."""
    hands = guard.hands()
    with changing_as(hands) as opened:
        asked = read_question(opened, hands.gemeenten)
        form = KeepForm(request.form, choices=places_to_keep(opened, hands.gemeenten).items())
        if not form.validate():
            return make_response(_page(opened, asked, form), HTTPStatus.UNPROCESSABLE_ENTITY)
        number = kept_rows.add_weighting(
            opened,
            str(form.voor.data),
            asked.question.type.key,
            str(form.naam.data),
            asked.question.points,
            hands.account_id,
        )
    flash(f"De weging ‘{form.naam.data}’ is bewaard.", DONE)
    return _to_page(asked, str(number))


@page.post("/wegingen/<int:weighting_id>/weg")
def remove_weighting(weighting_id: int) -> Response:
    """Throw a kept weighting away; the points of the page stay as they are."""
    hands = guard.hands()
    with changing_as(hands) as opened:
        asked = read_question(opened, hands.gemeenten)
        name = kept_rows.remove_weighting(opened, weighting_id)
    flash(f"De weging ‘{name}’ is weggegooid.", DONE)
    return _to_page(asked, "")


def _to_page(asked: Asked, weighting: str) -> Response:
    """Back to the comparison, with these points under the word of a weighting (or none)."""
    question = replace(asked.question, weighting=weighting)
    address = address_of(words_of(question, _is_today(asked)))
    return cast(Response, redirect(f"{address}#weging", HTTPStatus.SEE_OTHER))


def _compared(opened: Connection, asked: Asked) -> ComparedCandidates:
    if len(asked.question.site_ids) < LEAST:
        raise QuestionError("locatie", "Kies ten minste twee kandidaten om te vergelijken.")
    return compare_candidates(opened, current.home(), asked.question)


def _page(opened: Connection, asked: Asked, form: KeepForm | None = None) -> str:
    question = asked.question
    words = words_of(question, _is_today(asked))
    options = candidate_options(opened, question.type, question.terms.on)
    shared = {
        "asked": asked,
        "question": question,
        "words": words,
        "options": chosen_first(options, question.site_ids),
        "type_choices": [(entry.key, entry.label) for entry in ALL_ON_MAP],
        "most": MOST_CANDIDATES,
        "url_with": lambda **changes: address_of({**words, **changes}),
    }
    if len(question.site_ids) < LEAST:
        return render_template("vergelijk/kies.html", **shared)
    found = _compared(opened, asked)
    places = places_to_keep(opened, guard.hands().gemeenten)
    return render_template(
        "vergelijk/vergelijking.html",
        **shared,
        **map_frame(opened),
        **_told(found),
        **_surroundings(opened, found),
        neighbours=neighbours_of(
            opened, {int(place.key): (place.x_m, place.y_m) for place in found.places}
        ),
        conversations=[
            (
                address_of(question.points, "importance_overview.show", code=entry.code),
                entry.title,
            )
            for entry in tracks_with_sites(opened, [int(place.key) for place in found.places])
        ],
        all_words={**words_of(replace(question, weighting=""), _is_today(asked))},
        no_points=dict.fromkeys(question.points),
        radius_choices=_radius_choices(question.terms.radius_m),
        chart_url=lambda key: address_of(words, "compare.chart", key=key),
        form=form or KeepForm(choices=places.items()),
        kept_for=places,
        files=[
            (address_of(words, "compare.file", extension=key), label)
            for key, label in FILES.items()
        ],
        remove_url=lambda word: url_for("compare.remove_weighting", weighting_id=int(word)),
        points_by_name=_points_by_name(asked),
    )


def _told(found: ComparedCandidates) -> dict[str, Any]:
    """The comparison in rows, sentences and drawings."""
    return {
        "found": found,
        "signs": _signs(found),
        "rows": table_rows(found),
        "totals": totals(found),
        "ranking": [
            entry for place in found.in_order for entry in totals(found) if entry.place is place
        ],
        "groups": CRITERION_GROUPS,
        "aside": aside_rows(found.places),
        "minutes": minutes_rows(found.measured.access, found),
        "distances": minutes_rows(found.measured.distance, found),
        "model": _model(found),
        "charts": _charts(found),
        "measures": MEASURES,
        "starting_values": STARTING_VALUES,
        "levels": LEVELS,
        "radii": RADII_M,
        "most_points": MOST_POINTS,
    }


def _surroundings(opened: Connection, found: ComparedCandidates) -> dict[str, Any]:
    """What is around the candidates, for the map and its list; of many only where they are."""
    around = surroundings(opened, current.home(), found) if found.is_side_by_side else ()
    if around:
        record = map_record(around, _signs(found))
    else:
        record = place_record(found.places, _signs(found))
    return {"around": around, "map_data": record}


def _signs(found: ComparedCandidates) -> list[str]:
    """The sign of each candidate: a letter, or a number when there are many."""
    if found.is_side_by_side:
        return list(LETTERS[: len(found.places)])
    return [str(number) for number in range(1, len(found.places) + 1)]


def _model(found: ComparedCandidates) -> dict[str, Any]:
    """What the script computes the totals from: the very numbers of the model."""
    shown = found.comparison.values.astype("object")
    table = shown.where(shown.notna(), None)
    return {
        "criteria": [entry.key for entry in criteria_of(found.question.type)],
        "candidates": [
            {"key": str(place.key), "values": table.loc[place.key].to_dict()}
            for place in found.places
        ],
        "points": dict(found.question.points),
    }


def _charts(found: ComparedCandidates) -> list[tuple[Chart, Any]]:
    """The drawings, each with its heading and the rows of its table: name and shares by place."""
    drawn = []
    for key in CHARTS:
        made = _chart(found, key)
        if made is not None:
            drawn.append((made, _chart_table(found, key)))
    return drawn


def _chart(found: ComparedCandidates, key: str) -> Chart | None:
    if found.robustness is None:
        return None
    if key == "instellingen":
        return settings_chart(key, found.settings, found.comparison.name_of)
    return rank_chart(key, _ranks(found.robustness, key), found.comparison.name_of)


def _ranks(found: order.Robustness, key: str) -> robustness.RankAcceptability:
    return found.everywhere if key == "alle-wegingen" else found.near


def _chart_table(found: ComparedCandidates, key: str) -> dict[str, Any]:
    assert found.robustness is not None
    ranks = None if key == "instellingen" else _ranks(found.robustness, key)
    shares = pool_places(found.settings.shares if ranks is None else ranks.shares)
    count = shares.shape[1]
    ordered = shares.sort_values(list(shares.columns), ascending=False)
    return {
        "heading": CHARTS[key],
        "heads": [place_label(number + 1, count, len(shares)) for number in range(count)],
        "rows": [
            (found.comparison.name_of(candidate), [float(share) for share in row])
            for candidate, row in zip(ordered.index, ordered.to_numpy(), strict=True)
        ],
        "error": None if ranks is None else float(ranks.standard_error.to_numpy().max()),
        "draws": None if ranks is None else ranks.draw_count,
    }


def _points_by_name(asked: Asked) -> dict[str, dict[str, int]]:
    """The points of every weighting under a name, for the script."""
    return {entry.word: dict(entry.points) for entry in (*asked.presets, *asked.kept)}


def _is_today(asked: Asked) -> bool:
    return asked.question.terms.on == current.today()


def _radius_choices(chosen_m: float) -> list[tuple[str, str]]:
    """The radii to choose from, the asked one among them."""
    radii = sorted({*RADII_M, chosen_m})
    return [(f"{radius:g}", f"{to_dutch(radius)} meter lopen") for radius in radii]
