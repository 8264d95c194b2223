"""Choosing several sites at once, exactly: the whole question, from problem to answer."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace

from analysis import method
from analysis.siting.clash import find_clash
from analysis.siting.figures import make_plan
from analysis.siting.formulation import Formulation
from analysis.siting.front import MOST_POINTS, find_front
from analysis.siting.lexicographic import Hear, StageSolver, Stop
from analysis.siting.plan import SitingAnswer
from analysis.siting.price import PriceAsker
from analysis.siting.problem import SitingProblem
from analysis.siting.solver import SolverTerms
from analysis.siting.whole_numbers import WholeNumbers


@dataclass(frozen=True)
class SitingTerms:
    """How long each part may take, and what is asked beside the plan.

    ``front`` names two stages of the problem. Within the time everything is repeatable: the
    values of proven stages always, the choice as long as no stage ran out of time.
    """

    stage_seconds: float = 10.0
    price_seconds: float = 30.0
    clash_seconds: float = 20.0
    front_seconds: float = 60.0
    front: tuple[str, str] | None = None
    most_front_points: int = MOST_POINTS
    solver: SolverTerms = field(default_factory=SolverTerms)


def choose_sites(
    problem: SitingProblem,
    terms: SitingTerms | None = None,
    *,
    hear: Hear | None = None,
    stop: threading.Event | Stop | None = None,
) -> SitingAnswer:
    """The best choice by the stages of the problem in their order, each proven as far as it goes.

    min max |c_a - C × w_a / W|; min Σ [d_ij < D]; min max P_i; max Σ c_j × b_j

    with c_a the places of gemeente a after the choice (those there already and those chosen), C
    all of them together, w_a and W the weights, d_ij the metres between two sites and D the
    wished distance, P_i the places near point i that gets one more, c_j the places of chosen site
    j and b_j its score for access. Each stage keeps what the stages before it reached.

    When no choice meets all demands the answer has the demands that clash. ``hear`` is told how
    far it is, in the thread that called. ``stop`` is looked at all the time; the answer is then
    what was found so far, and says so.

    Source: lexicographic optimisation (Ehrgott 2005, Multicriteria Optimization) over a mixed
    whole-number model; solvers CP-SAT and HiGHS by way of OR-Tools.
    """
    started, terms = time.perf_counter(), terms or SitingTerms()
    asked = stop.is_set if isinstance(stop, threading.Event) else stop
    numbers = WholeNumbers(problem)
    formulation = Formulation(numbers)
    solver = StageSolver(
        formulation, terms.solver, terms.stage_seconds, asked, hear, len(problem.stages)
    )
    found = solver.solve(problem.stages)
    if found.is_impossible:
        clash = find_clash(formulation, terms.clash_seconds, terms.solver, asked)
        return SitingAnswer(None, clash, seconds=_since(started))
    answer = SitingAnswer(None, None, was_stopped=found.was_stopped)
    if found.chosen is None:
        return replace(answer, seconds=_since(started))
    answer = replace(answer, plan=make_plan(numbers, found))
    if not found.was_stopped:
        asker = PriceAsker(formulation, found, terms.solver, terms.stage_seconds, asked, hear)
        answer = replace(answer, prices=asker.ask_all(terms.price_seconds))
        if terms.front is not None:
            front = find_front(
                formulation,
                terms.front,
                terms.front_seconds,
                terms.solver,
                stage_seconds=terms.stage_seconds,
                most_points=terms.most_front_points,
                stop=asked,
            )
            answer = replace(answer, front=front)
    was_stopped = asked is not None and asked()
    return replace(answer, was_stopped=answer.was_stopped or was_stopped, seconds=_since(started))


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


def _example(
    answer: SitingAnswer, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    plan = answer.plan if isinstance(answer, SitingAnswer) else None
    if plan is None or plan.largest_difference_before is None:
        return None
    assert plan.largest_difference_after is not None
    return (
        f"Er zijn {number(plan.site_count)} van de {number(len(plan.candidates))} kandidaten "
        f"gekozen, samen {number(plan.place_count)} {wording.places}. Het grootste verschil met "
        f"het evenredig aandeel was {number(round(plan.largest_difference_before, 1))} en wordt "
        f"{number(round(plan.largest_difference_after, 1))}."
    )


MEASURE = method.Measure(
    key="gelijktijdig_kiezen",
    label="Meer plekken tegelijk kiezen",
    group=method.COMPARING,
    explanation=(
        "Welke locaties samen het best bij uw doelen passen, met wat er al is als gegeven. Eerst "
        "wordt het eerste doel zo goed mogelijk. Daarna het tweede, zonder het eerste slechter te "
        "maken, en zo verder. Wat bewezen is, kan geen andere keuze beter."
    ),
    formula_words=(
        "maak het grootste verschil met het evenredig aandeel zo klein mogelijk; maak dan het "
        "aantal paren dichter bij elkaar dan gewenst zo laag mogelijk; dan het hoogste aantal "
        "plekken dicht bij huis; en maak als laatste de bereikbaarheid van alle gekozen plekken "
        "samen zo hoog mogelijk"
    ),
    formula="min max |c_a - C × w_a / W|; min Σ [d_ij < D]; min max P_i; max Σ c_j × b_j",
    symbols=(
        method.AREA,
        ("c_a", "het aantal plekken in gemeente a, met wat gekozen is"),
        ("C", "alle plekken samen, met wat gekozen is"),
        method.WEIGHT,
        method.WEIGHT_TOTAL,
        ("d_ij", "hoeveel meter locaties i en j in een rechte lijn uit elkaar liggen"),
        ("[d_ij < D]", "1 als locaties i en j dichter bij elkaar liggen dan gewenst, anders 0"),
        ("D", "de gewenste afstand in meters, in een rechte lijn"),
        ("P_i", "het aantal plekken dicht bij punt i, als daar door de keuze een plek bij komt"),
        ("c_j", "het aantal plekken van de gekozen locatie j"),
        ("b_j", "de score voor bereikbaarheid van locatie j, van 0 tot 100"),
    ),
    unit="per doel: plekken, paren, plekken, punten maal plekken",
    example=_example,
    limits=(
        "De computer kent alleen de kandidaten en de eisen die zijn ingevoerd. Mensen besluiten.",
        "Wat de buurt van een plek vindt, telt niet mee in de uitkomst.",
        "Een kandidaat waarvan een nodig getal niet bekend is, kan niet worden gekozen. Wij vullen "
        "niets in en zeggen waarom.",
        "De gewenste afstand is een wens. Te dichtbij wordt geteld en genoemd, en maakt een keuze "
        "nooit onmogelijk.",
        "Bij meer keuzes die even goed zijn, toont de computer er één.",
        "Is de tijd om, dan staat erbij hoeveel beter het nog kan.",
        "Een score voor bereikbaarheid telt in honderdsten van een punt.",
        method.WHAT_FAIR_IS,
    ),
    sources=(
        "M. Ehrgott (2005), Multicriteria Optimization: doelen na elkaar, en keuzes tussen twee "
        "doelen.",
        "A. Ignatiev e.a. (2015), Smallest MUS Extraction with Minimal Hitting Set Dualization: "
        "welke eisen botsen.",
        "Rekenprogramma's: CP-SAT en HiGHS, via OR-Tools.",
    ),
    function=choose_sites,
)
