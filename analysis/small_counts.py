"""Which counts stay hidden, so that no small number can be told from what is published.

A count of homes of single people stands for people. A small count (1 to 9) is therefore hidden;
and because a gemeente is the sum of its wijken, others must be hidden with it.

What someone may know: every published count, which counts are hidden, how the areas lie within
each other, that all counts are whole, that a hidden count is at least 1 (0 is published), and
whether an area that was left out adds nothing. What is promised: the counts that then remain
possible for any small count run over ``PROTECTION`` or more, so at least ten counts in a row, of
which the highest is 10 or more. The same holds for what is left of an area when the parts that are
known are taken off.

Not promised: protection against who knows a hidden count from elsewhere, against who redoes the
choice of what is hidden, and against comparing two years. Each year is protected by itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis import method
from analysis.errors import InputError

#: Counts from 1 up to this one are small.
LARGEST_SMALL_COUNT = 9
#: The least difference between the highest and the lowest count that stay possible.
PROTECTION = 9
#: What a part is called that stands for all areas that were left out of its whole.
REMAINDER = "rest van "

Range = tuple[float, float]


@dataclass(frozen=True)
class CountTree:
    """Counts that add up: each whole is the sum of its ``parts``.

    Areas without a count are left out; what they must have together is a part of its own, called
    after its whole with ``REMAINDER`` before it. ``order`` has each part before its whole.
    """

    counts: Mapping[str, int]
    parts: Mapping[str, tuple[str, ...]]
    whole: Mapping[str, str]
    order: tuple[str, ...]

    def is_remainder(self, code: str) -> bool:
        """Whether this is what is left for the areas without a count."""
        return code.startswith(REMAINDER)

    def only(self, codes: Collection[str]) -> CountTree:
        """The sums of which every count is among these."""
        parts = {
            code: of_code
            for code, of_code in self.parts.items()
            if code in codes and all(part in codes for part in of_code)
        }
        whole = {part: code for code, of_code in parts.items() for part in of_code}
        order = tuple(code for code in self.order if code in codes)
        return CountTree(self.counts, parts, whole, order)


def is_small(count: int) -> bool:
    """Whether so few homes must stay hidden."""
    return 1 <= count <= LARGEST_SMALL_COUNT


def hide_small_counts(
    counts: Mapping[str, int], parents: Mapping[str, str], hidden_before: Collection[str] = ()
) -> dict[str, bool]:
    """Which of the counts stay hidden (``is_hidden``), by area.

    h_a = 1 als 1 <= c_a <= 9; voor elke c_a van 1 t/m 9 geldt max c_a - min c_a >= 9

    with c_a the count of area a, h_a whether it is hidden, and max and min over all counts that
    agree with what is published, with every hidden count at least 1. ``parents`` has, for each
    area, the area that it is a part of. ``hidden_before`` were hidden in an earlier delivery about
    the same year and stay so: two deliveries together then tell no more than the first.

    First all small counts are hidden, then, one at a time, the count that helps most (the smallest
    of those that help as much), and at the end each that turns out not to be needed is published,
    the largest first. The same counts always give the same answer. A count of 0 is published.

    Source: cell suppression; see Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
    """
    breaches = [f"{code} is negative" for code, count in counts.items() if count < 0]
    wrong = sum_faults(counts, parents)
    breaches += [f"the parts of {code} are {together} together" for code, together in wrong.items()]
    if breaches:
        raise InputError("hide_small_counts", breaches)
    tree = count_tree(counts, parents)
    kept = {code for code in hidden_before if counts.get(code, 0) > 0}
    kept |= {code for code, count in tree.counts.items() if is_small(count)}
    kept |= {code for code in tree.order if tree.is_remainder(code) and tree.counts[code] > 0}
    hidden = _publish_unneeded(tree, kept, _hide_more(tree, kept))
    return {code: code in hidden for code in counts}


def sum_faults(counts: Mapping[str, int], parents: Mapping[str, str]) -> dict[str, int]:
    """The areas that are not the sum of their parts, with what their parts are together.

    Where all parts have a count they must add up to the whole. Where some are missing their sum
    may be less than the whole, never more.
    """
    faults = {}
    for code, (known, is_complete) in _known_parts(counts, parents).items():
        together = sum(counts[part] for part in known)
        if known and (together > counts[code] or (is_complete and together != counts[code])):
            faults[code] = together
    return faults


def count_tree(counts: Mapping[str, int], parents: Mapping[str, str]) -> CountTree:
    """The sums between these counts, with a remainder where areas were left out."""
    filled = dict(counts)
    parts: dict[str, tuple[str, ...]] = {}
    for code, (known, is_complete) in _known_parts(counts, parents).items():
        if not known:
            continue
        parts[code] = known
        if not is_complete:
            rest = f"{REMAINDER}{code}"
            filled[rest] = counts[code] - sum(counts[part] for part in known)
            parts[code] = (*known, rest)
    whole = {part: code for code, of_code in parts.items() for part in of_code}
    return CountTree(filled, parts, whole, _parts_first(filled, parts, whole))


def possible_ranges(tree: CountTree, hidden: Collection[str]) -> dict[str, Range]:
    """The lowest and highest count of each area that agree with what is published.

    Exact: the sums form a tree, so narrowing from the parts up and from the whole down is enough.
    """
    found = {code: _known_range(tree.counts[code], code in hidden) for code in tree.order}
    for code in tree.order:
        if code in tree.parts:
            low = sum(found[part][0] for part in tree.parts[code])
            high = sum(found[part][1] for part in tree.parts[code])
            found[code] = (max(found[code][0], low), min(found[code][1], high))
    for code in reversed(tree.order):
        _narrow_parts(tree, code, found)
    return found


def _known_range(count: int, is_hidden: bool) -> Range:
    return (1, math.inf) if is_hidden else (count, count)


def _narrow_parts(tree: CountTree, code: str, found: dict[str, Range]) -> None:
    parts = tree.parts.get(code, ())
    low = sum(found[part][0] for part in parts)
    highs = [found[part][1] for part in parts]
    endless, finite = highs.count(math.inf), sum(high for high in highs if high != math.inf)
    whole_low, whole_high = found[code]
    for part in parts:
        part_low, part_high = found[part]
        is_endless = part_high == math.inf
        others_high = math.inf if endless > is_endless else finite - (0 if endless else part_high)
        found[part] = (
            max(part_low, whole_low - others_high),
            min(part_high, whole_high - (low - part_low)),
        )


def shortage(tree: CountTree, hidden: Collection[str]) -> dict[str, float]:
    """By how much the range of each small count is too narrow; only those that are."""
    ranges = possible_ranges(tree, hidden)
    return {
        code: PROTECTION - (high - low)
        for code, (low, high) in ranges.items()
        if is_small(tree.counts[code]) and high - low < PROTECTION
    }


def _hide_more(tree: CountTree, kept: Collection[str]) -> set[str]:
    hidden = set(kept)
    while lacking := shortage(tree, hidden):
        hidden.add(_best_to_hide(tree, hidden, min(lacking)))
    return hidden


def _best_to_hide(tree: CountTree, hidden: set[str], lacking: str) -> str:
    reached = _reached(tree, hidden, lacking)
    candidates = {code for code in reached - hidden if tree.counts[code] > 0}
    around = tree.only(_reached(tree, hidden | candidates, lacking))

    def cost(code: str) -> tuple[float, int, str]:
        return sum(shortage(around, hidden | {code}).values()), tree.counts[code], code

    return min(candidates, key=cost)


def _reached(tree: CountTree, hidden: set[str], start: str) -> set[str]:
    """All that shares a sum with a hidden count, as far as hidden counts hang together."""
    reached, waiting = {start}, [start]
    while waiting:
        for other in _beside(tree, waiting.pop()) - reached:
            reached.add(other)
            if other in hidden:
                waiting.append(other)
    return reached


def _beside(tree: CountTree, code: str) -> set[str]:
    whole = tree.whole.get(code)
    around = set(tree.parts.get(code, ()))
    return around if whole is None else {*around, whole, *tree.parts[whole]}


def _publish_unneeded(tree: CountTree, kept: Collection[str], hidden: set[str]) -> set[str]:
    for code in sorted(hidden - set(kept), key=lambda code: (-tree.counts[code], code)):
        if not shortage(tree, hidden - {code}):
            hidden = hidden - {code}
    return hidden


def _known_parts(
    counts: Mapping[str, int], parents: Mapping[str, str]
) -> dict[str, tuple[tuple[str, ...], bool]]:
    """By area with a count: the nearest areas in it that have one, and whether they are all."""
    children: dict[str, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)

    def cover(code: str) -> tuple[list[str], bool]:
        known, is_complete = [], bool(children.get(code))
        for child in sorted(children.get(code, ())):
            below, all_below = ([child], True) if child in counts else cover(child)
            known += below
            is_complete = is_complete and all_below
        return known, is_complete

    found = {code: cover(code) for code in sorted(counts)}
    return {code: (tuple(known), is_complete) for code, (known, is_complete) in found.items()}


def _parts_first(
    counts: Mapping[str, int],
    parts: Mapping[str, tuple[str, ...]],
    whole: Mapping[str, str],
) -> tuple[str, ...]:
    order: list[str] = []

    def visit(code: str) -> None:
        for part in parts.get(code, ()):
            visit(part)
        order.append(code)

    for code in sorted(counts):
        if code not in whole:
            visit(code)
    return tuple(order)


@dataclass(frozen=True)
class HiddenFacts:
    """How many counts of a type are published today; ``plural`` as in "omklapwoningen"."""

    plural: str
    published_count: int
    hidden_count: int


def _example(
    facts: HiddenFacts | None, _wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if facts is None:
        return None
    total = facts.published_count + facts.hidden_count
    return (
        f"Van {facts.plural} zijn er {number(total)} aantallen, per gemeente, wijk en buurt. "
        f"Daarvan staan er {number(facts.published_count)} op deze site. De andere "
        f"{number(facts.hidden_count)} zijn kleiner dan 10, of verborgen om een kleiner aantal te "
        "beschermen."
    )


MEASURE = method.Measure(
    key="kleine_aantallen",
    label="Kleine aantallen",
    group=method.PROTECTION,
    explanation=(
        "Van gewone woningen met begeleiding tonen wij alleen aantallen per gebied. Een aantal "
        "van 1 tot en met 9 tonen wij niet: dan is te raden om wie het gaat. Soms blijft ook een "
        "groter aantal verborgen, omdat het kleine anders uit te rekenen is."
    ),
    formula_words=(
        "een aantal van 1 tot en met 9 is verborgen. Wie alles optelt en aftrekt wat openbaar is, "
        "houdt voor zo'n aantal altijd minstens tien mogelijkheden over, tot 10 of meer"
    ),
    formula="h_a = 1 als 1 <= c_a <= 9; voor elke c_a van 1 t/m 9 geldt max c_a - min c_a >= 9",
    symbols=(
        ("h_a", "1 als het aantal van gebied a verborgen is"),
        ("c_a", "het aantal woningen in gebied a"),
        ("max, min", "over alle aantallen die passen bij wat openbaar is"),
    ),
    unit="ja of nee",
    example=_example,
    limits=(
        "Wij gaan ervan uit dat iemand alle openbare aantallen kent, weet welke verborgen zijn en "
        "dat die minstens 1 zijn, en weet welke gebieden samen een wijk of gemeente vormen. Ook "
        "wie weet of in de gebieden zonder aantal niets staat, komt er niet achter.",
        "Het helpt niet tegen iemand die een verborgen aantal al kent, of die de keuze van "
        "verborgen aantallen stap voor stap naspeelt.",
        "Elk jaar is apart beschermd. Wie twee jaren naast elkaar legt, kan een vermoeden "
        "krijgen, want aantallen veranderen weinig. Dezelfde gebieden verbergen helpt daar niet "
        "tegen. Binnen een jaar blijft verborgen wat al verborgen was.",
        "Een aantal van 0 is openbaar. Een gebied zonder aantal is onbekend, en dat is geen 0.",
        "De soorten tellen wij niet bij elkaar op. Uit een som van soorten is dus niets af te "
        "trekken.",
    ),
    sources=(
        "Hundepool e.a., Statistical Disclosure Control (2012), hoofdstuk 4: onderdrukken van "
        "cellen.",
    ),
    function=hide_small_counts,
)
