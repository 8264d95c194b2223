"""Choosing several sites at once: the question, how far its computation is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import Connection

from analysis.domain import SPREADING_BASES
from analysis.facility_types import FACILITY_TYPES
from analysis.siting.stages import STAGES
from app.auth import guard
from app.charts.chart import svg_answer
from app.database import changing_as, engine, reading_as
from app.pages.map_frame import map_frame
from app.pages.siting_form import (
    FORCED_IN,
    FORCED_OUT,
    SitingForms,
    Surroundings,
    empty_forms,
    forms_of,
    sent_forms,
)
from app.services import current
from app.services.siting_candidates import by_gemeente, possible_sites
from app.services.siting_jobs import (
    TooManyJobs,
    ask_job,
    is_own,
    own_gemeenten,
    start_process,
    stop_job,
)
from app.services.siting_progress import fault_of, progress_words, state_label
from app.services.siting_question import SitingQuestion
from app.services.siting_scenario import chosen_types, make_scenario
from app.services.siting_sight import hidden_names, without_hidden
from app.services.siting_view import CandidateLine, siting_view
from app.services.siting_words import NEVER_BEST
from app.services.worklist import gemeente_names
from data.changes.refusals import SecretText
from data.errors import NotFound
from data.queries.choices import choices
from data.queries.jobs import JobRecord, job, jobs
from data.tables import LARGEST_ID

page = Blueprint("siting", __name__, url_prefix="/kiezen")


@page.get("")
def show() -> str:
    """Earlier computations and the form; with ``van`` as an earlier question filled it."""
    with reading_as(guard.hands()) as opened:
        around = _around(opened)
        earlier = _earlier(opened)
        forms = (
            forms_of(SitingQuestion.from_record(earlier.question), earlier.name, around)
            if earlier
            else empty_forms(around, current.today())
        )
        return _form_page(opened, forms)


@page.post("")
def ask() -> Response:
    """Keep the question and start its process; or show what is wrong, with all that was typed."""
    hands = guard.hands()
    with reading_as(hands) as opened:
        forms = sent_forms(request.form, _around(opened))
    if not forms.validate():
        return _again(forms)
    what = forms.what
    question = forms.question().to_record()
    try:
        with changing_as(hands) as opened:
            job_id = ask_job(opened, hands, str(what.eigenaar.data), str(what.naam.data), question)
    except (TooManyJobs, SecretText) as error:
        forms.faults.append(("", "", str(error)))
        return _again(forms)
    start_process(engine(), current.home(), hands, job_id)
    return _on(job_id)


@page.get("/<int:job_id>")
def show_job(job_id: int) -> str:
    """How far a computation is, or what came of it."""
    with reading_as(guard.hands()) as opened:
        found = job(opened, job_id)
        names = gemeente_names(opened)
        result = _readable(opened, found, names)
        view = siting_view(found.question, result, names) if result else None
        return render_template(
            "kiezen/berekening.html",
            job=found,
            state=state_label(found),
            fault=fault_of(found),
            words=progress_words(found, current.now()) if found.is_unfinished else None,
            view=view,
            may_change=is_own(guard.hands(), found.gemeente_code),
            owner=names.get(found.gemeente_code, "de regio"),
            scenario_types=[FACILITY_TYPES[key] for key in chosen_types(found)],
            stages=STAGES,
            never_best=NEVER_BEST,
            base_noun=SPREADING_BASES[view.question.base].noun if view else "",
            site_address=_site_address,
            **map_frame(opened),
        )


@page.get("/<int:job_id>/voortgang.json")
def progress(job_id: int) -> Response:
    """How far a computation is, for the script of its page."""
    with reading_as(guard.hands()) as opened:
        found = job(opened, job_id)
    words = progress_words(found, current.now()).to_record() if found.is_unfinished else {}
    return jsonify({"bezig": found.is_unfinished, "staat": state_label(found), **words})


@page.post("/<int:job_id>/stoppen")
def cancel(job_id: int) -> Response:
    """Ask a computation to stop."""
    with changing_as(guard.hands()) as opened:
        stop_job(opened, job_id)
    return _on(job_id)


@page.post("/<int:job_id>/scenario")
def to_scenario(job_id: int) -> Response:
    """Keep what was chosen as a scenario, and go there."""
    hands = guard.hands()
    with changing_as(hands) as opened:
        found = job(opened, job_id)
        made = make_scenario(opened, hands, found, request.form.get("soort", ""))
    address = url_for("scenario.show", scenario_id=made)
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))


@page.get("/<int:job_id>.json")
def file(job_id: int) -> Response:
    """The question and everything that came of it."""
    with reading_as(guard.hands()) as opened:
        found = job(opened, job_id)
        result = _readable(opened, found, gemeente_names(opened))
    answer = jsonify(
        {
            "berekening": found.id,
            "naam": found.name,
            "staat": state_label(found),
            "gevraagd_op": found.asked_at.isoformat(),
            "klaar_op": found.finished_at.isoformat() if found.finished_at else None,
            "fout": fault_of(found),
            "vraag": found.question,
            "uitkomst": result,
        }
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="berekening-{found.id}.json"'
    return answer


@page.get("/<int:job_id>/afweging.svg")
def chart(job_id: int) -> Response:
    """The choices between two goals as a drawing."""
    with reading_as(guard.hands()) as opened:
        found = job(opened, job_id)
        names = gemeente_names(opened)
        result = _readable(opened, found, names)
    view = siting_view(found.question, result, names) if result else None
    if view is None or view.chart is None:
        raise NotFound("Bij deze berekening hoort geen grafiek.")
    return svg_answer(view.chart, [f"Bron: {line.title} {line.year}." for line in view.sources])


def _readable(
    opened: Connection, found: JobRecord, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """What came of it, without the names of sites that who looks may not see."""
    if not found.result:
        return None
    hidden = hidden_names(opened, found.result, current.today(), names)
    return without_hidden(found.result, hidden)


def _site_address(line: CandidateLine) -> str | None:
    """The page of a site: in the workspace when it is one's own, else the public one."""
    if line.site_id is None:
        return None
    is_ours = is_own(guard.hands(), line.outcome.gemeente_code)
    return url_for("workspace_site.show" if is_ours else "site.show", site_id=line.site_id)


def _around(opened: Connection) -> Surroundings:
    names = gemeente_names(opened)
    return Surroundings(
        owners=own_gemeenten(guard.hands(), names),
        gemeenten=names,
        choices={str(choice.id): choice.name for choice in choices(opened)},
        sites=possible_sites(opened, current.today()),
    )


def _earlier(opened: Connection) -> JobRecord | None:
    word = request.args.get("van", "")
    is_number = word.isascii() and word.isdigit() and len(word) < 11 and int(word) <= LARGEST_ID
    return job(opened, int(word)) if is_number else None


def _again(forms: SitingForms) -> Response:
    with reading_as(guard.hands()) as opened:
        return make_response(_form_page(opened, forms), HTTPStatus.UNPROCESSABLE_ENTITY)


def _form_page(opened: Connection, forms: SitingForms) -> str:
    hands = guard.hands()
    names = gemeente_names(opened)
    earlier = jobs(opened)
    return render_template(
        "kiezen/vraag.html",
        forms=forms,
        what=forms.what,
        groups=by_gemeente(forms.around.listed),
        earlier=[
            (entry, state_label(entry), names.get(entry.gemeente_code, "de regio"))
            for entry in earlier
        ],
        is_own=lambda code: is_own(hands, code),
        stages=STAGES,
        forced_in=FORCED_IN,
        forced_out=FORCED_OUT,
        **_released(opened),
    )


def _released(opened: Connection) -> dict[str, Any]:
    return {"area_release": map_frame(opened)["area_release"]}


def _on(job_id: int) -> Response:
    return cast(Response, redirect(url_for("siting.show_job", job_id=job_id), HTTPStatus.SEE_OTHER))
