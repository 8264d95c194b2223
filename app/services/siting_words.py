"""What came of a choice of several sites, in sentences. The computer counts; people decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analysis.siting.demands import Demand
from analysis.siting.plan import (
    CandidatePrice,
    Clash,
    Conflict,
    ExposureOutcome,
    SitingPlan,
    StageOutcome,
    StagePrice,
)
from analysis.siting.stages import STAGES
from app.numbers import to_dutch, to_dutch_share

#: What a stage is about, inside a sentence.
ABOUT: Mapping[str, str] = {
    "verdeling": "het grootste verschil met het evenredig deel",
    "tussenafstand": "het aantal keer dat locaties dichter bij elkaar liggen dan gewenst",
    "nabijheid": "het hoogste aantal plekken dicht bij huis dat door de keuze ontstaat",
    "bereikbaarheid": "de score voor bereikbaarheid van alle gekozen plekken samen",
}
#: What a stage counts: one and more.
UNITS: Mapping[str, tuple[str, str]] = {
    "verdeling": ("plek", "plekken"),
    "tussenafstand": ("keer", "keer"),
    "nabijheid": ("plek", "plekken"),
    "bereikbaarheid": ("punt", "punten"),
}
#: How a demand is loosened, by the first word of its key.
LOOSER: Mapping[str, str] = {
    "plekken": "Vraag minder of juist meer plekken van deze soort.",
    "locaties": "Vraag minder of juist meer locaties van deze soort.",
    "minstens": "Vraag in deze gemeente minder, of zoek er eerst kandidaten bij.",
    "hoogstens": "Sta in deze gemeente meer plekken toe.",
    "grootte": "Sta grotere locaties toe.",
    "budget": "Verhoog het budget, of zoek een schatting voor locaties zonder kosten.",
    "wel": "Zet deze locatie niet meer vast: laat haar vrij.",
    "niet": "Laat deze locatie weer meedoen.",
}
NEVER_BEST = (
    "De computer rekent alleen met wat u vroeg en met wat bekend is. Wat mensen van een plek "
    "vinden, zit niet in deze uitkomst. Mensen besluiten."
)


def amount(stage: str, value: float) -> str:
    """A value of a stage with its unit."""
    text = to_dutch(value, STAGES[stage].digits)
    one, more = UNITS[stage]
    return f"{text} {one if text == '1' else more}"


def lead(plan: SitingPlan) -> str:
    """What was chosen, and how sure the first thing is; the sentence that stands first."""
    chosen, total = plan.site_count, len(plan.candidates)
    first = plan.stages[0] if plan.stages else None
    told = f"{_of_candidates(total, chosen)}, samen {_places(plan.place_count)}."
    return f"{told} {stage_sentence(first, is_first=True)}" if first else told


def _of_candidates(total: int, chosen: int) -> str:
    if chosen == 0:
        return f"Van {_candidates(total)} is er geen gekozen"
    verb = "is er 1" if chosen == 1 else f"zijn er {to_dutch(chosen)}"
    return f"Van {_candidates(total)} {verb} gekozen"


def stage_sentence(outcome: StageOutcome, *, is_first: bool) -> str:
    """The value of a stage, and the proven gap in words."""
    about = ABOUT[outcome.stage]
    told = f"{about[0].upper()}{about[1:]} is {amount(outcome.stage, outcome.value)}"
    better = "hoger" if STAGES[outcome.stage].is_high_better else _lower(outcome.stage)
    if outcome.is_proven:
        given = "" if is_first else " zonder het vorige slechter te maken"
        return f"{told}; dat kan niet {better}{given}: bewezen."
    why = "de tijd was om" if outcome.ended == "tijd_om" else "u stopte de berekening"
    if outcome.bound is None or outcome.gap is None:
        return f"{told}. Hoeveel {better} het nog kan, is niet bekend: {why}."
    bound = amount(outcome.stage, outcome.bound)
    comparison = f"{better[0].upper()}{better[1:]} dan {bound} kan zeker niet"
    share = to_dutch_share(outcome.gap, 1)
    return f"{told}. {comparison}; dat scheelt hoogstens {share}. Verder niet bewezen: {why}."


def _lower(stage: str) -> str:
    return "kleiner" if stage == "verdeling" else "lager"


def spread_sentence(plan: SitingPlan) -> str | None:
    """The largest difference before and after; nothing when one of them is unknown."""
    before, after = plan.largest_difference_before, plan.largest_difference_after
    if before is None or after is None:
        return None
    was, now = amount("verdeling", before), amount("verdeling", after)
    if was == now:
        return f"Het grootste verschil met het evenredig deel blijft {now}."
    return f"Het grootste verschil met het evenredig deel was {was} en wordt {now}."


def exposure_sentence(outcome: ExposureOutcome) -> str:
    """What the choice does near homes."""
    limit = to_dutch(outcome.radius_m)
    if not outcome.changed_point_count:
        return f"Niemand krijgt door deze keuze een plek binnen {limit} meter lopen van huis."
    least = "minstens " if outcome.is_at_least else ""
    return (
        f"Wie er door deze keuze een plek bij krijgt, heeft er hoogstens {least}"
        f"{to_dutch(outcome.highest_of_changed)} binnen {limit} meter lopen. In de hele regio was "
        f"het hoogste aantal {to_dutch(outcome.highest_before)}; het wordt "
        f"{to_dutch(outcome.highest_after)}."
    )


def money_sentence(plan: SitingPlan, budget_eur: int | None) -> str:
    """What the choice costs once, as far as known."""
    if plan.cost_eur is None:
        count = plan.cost_unknown_count
        of = "1 gekozen locatie" if count == 1 else f"{to_dutch(count)} gekozen locaties"
        return f"De kosten samen zijn niet te berekenen: van {of} zijn de kosten niet bekend."
    told = f"De gekozen locaties kosten samen eenmalig {to_dutch(plan.cost_eur)} euro"
    if budget_eur is None:
        return f"{told}."
    return f"{told}. Het budget is {to_dutch(budget_eur)} euro."


def access_sentence(plan: SitingPlan) -> str | None:
    """How near daily life is to the chosen places; nothing when that was not asked."""
    if plan.access_mean is None:
        return None
    return (
        "De score voor bereikbaarheid is gemiddeld "
        f"{to_dutch(plan.access_mean, 0)} van 100 punten per gekozen plek."
    )


def conflict_sentence(conflict: Conflict) -> str:
    """Two sites nearer than was wished."""
    there = ", die er al is" if conflict.is_with_existing else ""
    metres = to_dutch(round(conflict.distance_m))
    return f"{conflict.first_name} en {conflict.second_name}{there}: {metres} meter."


def conflicts_intro(conflicts: Sequence[Conflict], distance_m: float) -> str:
    """How often the wish for distance is not met."""
    wished = f"{to_dutch(distance_m)} meter"
    if not conflicts:
        return f"Alle gekozen locaties liggen minstens {wished} van elkaar en van wat er al is."
    times = "Eén keer" if len(conflicts) == 1 else f"{to_dutch(len(conflicts))} keer"
    lies = "ligt een locatie" if len(conflicts) == 1 else "liggen twee locaties"
    return f"{times} {lies} dichter bij een andere dan de gewenste {wished}. Het is een wens."


def price_sentence(price: CandidatePrice | None, now: Mapping[str, float]) -> str:
    """What it would cost to force in a candidate that was left out."""
    if price is None or not price.is_asked:
        return "Niet uitgerekend: de tijd was om."
    if price.why_not is not None:
        clash = " ".join(demand.sentence for demand in price.clash)
        return f"{price.why_not} {clash}".strip()
    if not price.stages:
        return "Niet uitgerekend: de tijd was om."
    changes = [_change(stage, now) for stage in price.stages if abs(stage.worse_by) > 1e-9]
    unsure = any(stage.ended != "bewezen" for stage in price.stages)
    tail = " Niet alles hiervan is bewezen." if unsure else ""
    if not changes:
        return f"Dat kan zonder dat een doel slechter wordt: geen duidelijk verschil.{tail}"
    return f"Dan wordt {_joined(changes)}.{tail}"


def _change(price: StagePrice, now: Mapping[str, float]) -> str:
    new = amount(price.stage, price.value)
    if price.stage not in now:
        return f"{ABOUT[price.stage]} {new}"
    return f"{ABOUT[price.stage]} {new} in plaats van {amount(price.stage, now[price.stage])}"


def clash_intro(clash: Clash) -> str:
    """That the demands can't all be met, and how sure the set is."""
    count = len(clash.demands)
    if count == 1:
        told = "Aan deze eis kan geen enkele keuze voldoen."
    else:
        told = f"Deze {to_dutch(count)} eisen kunnen niet samen."
    if clash.is_smallest:
        return f"{told} Een kleiner stel eisen dat botst is er niet: bewezen."
    if clash.is_irreducible:
        return f"{told} Valt er een weg, dan kunnen de andere wel samen."
    return f"{told} Misschien botsen minder eisen ook al: de tijd was om."


def lacking_sentence(count: int, reason: str) -> str:
    """How many candidates can't be chosen for a reason."""
    verb = "kan" if count == 1 else "kunnen"
    return f"{_candidates(count)[0].upper()}{_candidates(count)[1:]} {verb} niet mee. {reason}"


def looser(demand: Demand) -> str:
    """How this demand could be loosened."""
    return LOOSER.get(demand.key.partition(":")[0], "Vraag hier minder.")


def _places(count: int) -> str:
    return f"{to_dutch(count)} {'plek' if count == 1 else 'plekken'}"


def _candidates(count: int) -> str:
    return f"{to_dutch(count)} {'kandidaat' if count == 1 else 'kandidaten'}"


def _joined(words: Iterable[str]) -> str:
    told = list(words)
    return told[0] if len(told) == 1 else f"{'; '.join(told[:-1])}; en {told[-1]}"
