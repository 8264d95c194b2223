"""``vlekkenplan siting``: choose several sites at once, as a table or JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sys
from collections.abc import Sequence

import click
from sqlalchemy import Connection

from analysis.domain import PLAN_SCOPES, SPREADING_BASES
from analysis.facility_types import FacilityType
from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.demands import LeastInGemeente, MostInGemeente, Separation, Target
from analysis.siting.plan import Progress, SitingAnswer
from analysis.siting.stages import STAGES, USUAL_ORDER
from app.auth.permissions import PERMISSIONS
from app.cli.database import whole_region
from app.cli.siting_text import siting_record, table_lines
from app.config import settings_from_environment
from app.services.current import today
from app.services.siting_problem import ReadProblem, read_problem
from app.services.siting_question import ALL, TICKED, SitingQuestion
from app.services.spreading import QuestionError, find_word, read_types
from data.errors import NotFound
from data.queries.sites import find_site
from data.queries.workspace import find_own_site

PERMISSION = PERMISSIONS["spreiding_kiezen"]
NO_REASON = "Gewenst bij deze vraag."
_Range = tuple[int | None, int | None]
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@click.command("siting")
@click.option("--type", "kinds", multiple=True, required=True, help="De soort; mag vaker.")
@click.option(
    "--target", "targets", multiple=True, help="Zo veel plekken erbij: 24, of 20-30. Per soort."
)
@click.option("--sites", "counts", multiple=True, help="Zo veel locaties: 4, of 3-5. Per soort.")
@click.option("--from", "chosen_from", default="", help="Alleen deze kandidaten, met komma's.")
@click.option("--in", "forced_in", default="", help="Deze locaties zeker wel, met komma's.")
@click.option("--out", "forced_out", default="", help="Deze locaties zeker niet, met komma's.")
@click.option("--budget", type=int, help="Hoogstens zo veel euro, eenmalig.")
@click.option("--least", type=int, help="In elke gemeente minstens zo veel plekken per soort.")
@click.option("--most", type=int, help="In elke gemeente hoogstens zo veel plekken samen.")
@click.option("--largest", type=int, help="Een locatie heeft hoogstens zo veel plekken.")
@click.option("--separation", type=float, help="Gewenste afstand tussen locaties, in meters.")
@click.option("--reason", default=NO_REASON, help="Waarom die afstand gewenst is.")
@click.option("--radius", type=float, default=400.0, show_default=True, help="Meters lopen.")
@click.option("--base", default="inwoners", show_default=True, help="Waarnaar wordt verdeeld.")
@click.option("--plans", default="besloten", show_default=True, help="Welke plannen er al zijn.")
@click.option("--all-types", is_flag=True, help="Tel bij de verdeling alle soorten mee.")
@click.option("--order", default=",".join(USUAL_ORDER), show_default=True, help="Wat eerst komt.")
@click.option("--pareto", help="Toon alle keuzes tussen twee doelen: verdeling,bereikbaarheid.")
@click.option("--time", "seconds", type=float, default=60.0, show_default=True, help="Seconden.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Stand op deze datum (jjjj-mm-dd); nu: vandaag.",
)
@click.option(
    "--format",
    "layout",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json"]),
    help="Vorm van het antwoord.",
)
def siting_command(
    kinds: tuple[str, ...],
    targets: tuple[str, ...],
    counts: tuple[str, ...],
    chosen_from: str,
    forced_in: str,
    forced_out: str,
    budget: int | None,
    least: int | None,
    most: int | None,
    largest: int | None,
    separation: float | None,
    reason: str,
    radius: float,
    base: str,
    plans: str,
    all_types: bool,
    order: str,
    pareto: str | None,
    seconds: float,
    on: dt.datetime | None,
    layout: str,
) -> None:
    """Kies uit de locaties in voorbereiding, met wat er al is als gegeven.

    De computer rekent uit welke keuze het best bij uw doelen past, in hun volgorde, en zegt wat
    bewezen is. Werkt op de server, met de locaties van de hele regio, ook interne.
    """
    types = read_types(kinds)
    stages = _stages(order)
    pair = None if pareto is None else _pair(pareto)
    if not 1 <= seconds <= 3600:
        raise click.UsageError("Kies een rekentijd van 1 tot en met 3.600 seconden.")
    settings = settings_from_environment(os.environ)
    with whole_region(settings, PERMISSION) as connection:
        some = _site_ids(connection, "--from", chosen_from)
        question = SitingQuestion(
            on=on.date() if on else today(),
            targets=_targets(types, targets, counts),
            source=TICKED if some else ALL,
            site_ids=some,
            forced_in=_site_ids(connection, "--in", forced_in),
            forced_out=_site_ids(connection, "--out", forced_out),
            base=find_word(SPREADING_BASES, "basis", base).key,
            plan_scope=find_word(PLAN_SCOPES, "plannen", plans).key,
            counts_all_types=all_types,
            least_in_gemeente=tuple(
                LeastInGemeente(kind.key, least) for kind in types if least is not None
            ),
            most_in_gemeente=() if most is None else (MostInGemeente(most),),
            most_place_count_per_site=largest,
            budget_eur=budget,
            separation=None if separation is None else Separation(separation, reason),
            radius_m=radius,
            order=_with_front(stages, pair),
        )
        read = read_problem(connection, settings.home, question)
    answer = _solve(read, seconds, pair)
    _write(read, answer, question, layout)


def _solve(read: ReadProblem, seconds: float, pair: tuple[str, str] | None) -> SitingAnswer:
    stages = read.problem.stages
    if pair is not None and not set(pair) <= set(stages):
        missing = ", ".join(sorted(set(pair) - set(stages)))
        raise QuestionError("pareto", f"Dit doel is bij deze vraag niet te meten: {missing}.")
    terms = SitingTerms(
        stage_seconds=seconds / 2 / len(stages),
        price_seconds=seconds / 4,
        clash_seconds=seconds / 2,
        front_seconds=seconds / 4,
        front=pair,
    )
    return choose_sites(read.problem, terms, hear=_hear if sys.stderr.isatty() else None)


def _hear(progress: Progress) -> None:
    label = STAGES[progress.stage].label if progress.stage in STAGES else "Uitleg"
    click.echo(
        f"\r{label} ({progress.step} van {progress.step_count}) ...\x1b[K", nl=False, err=True
    )


def _write(read: ReadProblem, answer: SitingAnswer, question: SitingQuestion, layout: str) -> None:
    if layout == "json":
        record = siting_record(read, answer, question)
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in table_lines(read, answer, question):
        click.echo(line)


def _targets(
    types: Sequence[FacilityType], targets: Sequence[str], counts: Sequence[str]
) -> tuple[Target, ...]:
    """A target for each type, in the order in which they were typed."""
    if not targets and not counts:
        raise click.UsageError("Zeg hoeveel erbij moet komen: --target (plekken) of --sites.")
    for name, words in (("--target", targets), ("--sites", counts)):
        if words and len(words) != len(types):
            raise click.UsageError(
                f"Geef {name} zo vaak als er soorten zijn: {len(types)} keer, niet {len(words)}."
            )
    nothing: list[_Range] = [(None, None)] * len(types)
    places = [_range("--target", word) for word in targets] or nothing
    sites = [_range("--sites", word) for word in counts] or nothing
    found = tuple(Target(kind.key, *places[row], *sites[row]) for row, kind in enumerate(types))
    for target in found:
        if breaches := target.breaches():
            raise QuestionError("doel", f"{'; '.join(breaches)}.")
    return found


def _range(name: str, word: str) -> _Range:
    found = _RANGE.fullmatch(word.strip())
    if found is None:
        raise click.UsageError(f"{name} {word!r} is geen aantal. Schrijf 24, of 20-30.")
    least = int(found[1])
    return least, int(found[2]) if found[2] else least


def _stages(order: str) -> tuple[str, ...]:
    found = tuple(find_word(STAGES, "order", word).key for word in _words(order))
    if not found or len(set(found)) != len(found):
        raise click.UsageError(
            f"Noem in --order elk doel één keer. Doelen: {', '.join(STAGES.keys)}."
        )
    return found


def _pair(pareto: str) -> tuple[str, str]:
    found = [find_word(STAGES, "pareto", word).key for word in _words(pareto)]
    if len(found) != 2 or found[0] == found[1]:
        raise click.UsageError(
            "Noem bij --pareto twee verschillende doelen, met een komma ertussen."
        )
    return found[0], found[1]


def _with_front(stages: tuple[str, ...], pair: tuple[str, str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*stages, *(pair or ()))))


def _site_ids(connection: Connection, name: str, text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_site_id(connection, name, word) for word in _words(text)))


def _site_id(connection: Connection, name: str, word: str) -> int:
    own = find_own_site(connection, word)
    if own is not None:
        return own
    try:
        return find_site(connection, word)
    except NotFound:
        raise QuestionError("locatie", f"{name}: de locatie {word!r} kennen wij niet.") from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
