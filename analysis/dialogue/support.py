"""Support in a wijk (draagvlak): the share that is positive, how sure it is, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri

from analysis import method

CONFIDENCE = 0.95
#: With fewer answers no share is told: it would be of a few people, and tell nearly nothing.
FEWEST_ANSWERS = 10
TOO_FEW = f"minder dan {FEWEST_ANSWERS} antwoorden"
NO_DIFFERENCE = "geen duidelijk verschil"


@dataclass(frozen=True)
class SupportCounts:
    """How many people answered what, on one day. ``invited_count`` None: not known."""

    measured_on: dt.date
    positive_count: int
    neutral_count: int
    negative_count: int
    invited_count: int | None = None

    @property
    def answer_count(self) -> int:
        """How many answered."""
        return self.positive_count + self.neutral_count + self.negative_count

    @property
    def response_share(self) -> float | None:
        """Which part of those asked answered; None when that is not known."""
        return self.answer_count / self.invited_count if self.invited_count else None


@dataclass(frozen=True)
class SupportShare:
    """The share that is positive, between ``low`` and ``high`` with 95% confidence."""

    share: float
    low: float
    high: float
    answer_count: int


@dataclass(frozen=True)
class SupportChange:
    """What changed between two measurements: a difference of shares, with its interval."""

    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Higher, lower, or no clear difference: when the interval holds 0."""
        if self.low <= 0 <= self.high:
            return NO_DIFFERENCE
        return "hoger" if self.difference > 0 else "lager"


@dataclass(frozen=True)
class SupportFacts:
    """Two measurements that an example is worked out with; ``earlier`` may be missing."""

    later: SupportCounts
    earlier: SupportCounts | None = None


def support_share(counts: SupportCounts, confidence: float = CONFIDENCE) -> SupportShare | None:
    """The share of answers that is positive, with the interval of Wilson; None below 10 answers.

    p = x / n; (p + z² / 2n ± z √(p (1 - p) / n + z² / 4n²)) / (1 + z² / n)

    with z the quantile of the normal distribution (1.96 for 95%). It stays between 0 and 1, also
    when all answers are the same. It asks: if those who answered were drawn by chance from all
    who were asked, which shares fit? They are not: who has much to say answers sooner.

    Source: Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    count, positive = counts.answer_count, counts.positive_count
    if count < FEWEST_ANSWERS:
        return None
    share, z = positive / count, float(ndtri((1 + confidence) / 2))
    middle = share + z * z / (2 * count)
    reach = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    low = 0.0 if positive == 0 else (middle - reach) / whole
    high = 1.0 if positive == count else (middle + reach) / whole
    return SupportShare(share, low, high, count)


def support_change(
    earlier: SupportCounts, later: SupportCounts, confidence: float = CONFIDENCE
) -> SupportChange | None:
    """The later share minus the earlier, with the interval of Newcombe; None when one is unknown.

    d = p_l - p_e; d - √((p_l - l_l)² + (u_e - p_e)²) tot d + √((u_l - p_l)² + (p_e - l_e)²)

    with l and u the ends of the interval of Wilson of each. When it holds 0 there is no clear
    difference. Both are taken as asked apart from each other; where the same people answer twice
    the true interval is smaller.

    Source: Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    first, second = support_share(earlier, confidence), support_share(later, confidence)
    if first is None or second is None:
        return None
    difference = second.share - first.share
    below = sqrt((second.share - second.low) ** 2 + (first.high - first.share) ** 2)
    above = sqrt((second.high - second.share) ** 2 + (first.share - first.low) ** 2)
    return SupportChange(difference, difference - below, difference + above)


@dataclass(frozen=True)
class MeasuringYear:
    """A year in which support is to be measured; ``number`` 0 is before the opening.

    ``state`` is gemeten, nu (still to come, may be done now) or ontbreekt (it is over without).
    """

    number: int
    begins_on: dt.date | None
    ends_on: dt.date
    state: str


def measuring_years(
    opens_on: dt.date, measured_on: Sequence[dt.date], today: dt.date
) -> tuple[MeasuringYear, ...]:
    """Before the opening, and each year after it that began: which has a measurement.

    ``opens_on`` may lie ahead. A year runs from the day of the opening to the day before the
    next one; 29 February counts as the 28th in other years.
    """
    years = [_year(0, None, opens_on, measured_on, today)]
    number = 1
    while (begins := _anniversary(opens_on, number - 1)) <= today:
        ends = _anniversary(opens_on, number)
        years.append(_year(number, begins, ends, measured_on, today))
        number += 1
    return tuple(years)


def _year(
    number: int,
    begins: dt.date | None,
    until: dt.date,
    measured_on: Sequence[dt.date],
    today: dt.date,
) -> MeasuringYear:
    is_measured = any((begins is None or begins <= day) and day < until for day in measured_on)
    state = "gemeten" if is_measured else "nu" if today < until else "ontbreekt"
    return MeasuringYear(number, begins, until - dt.timedelta(days=1), state)


def _anniversary(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _share_example(
    facts: SupportFacts | None, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    del wording
    found = None if facts is None else support_share(facts.later)
    if facts is None or found is None:
        return None
    return (
        f"Van de {number(found.answer_count)} antwoorden zijn er "
        f"{number(facts.later.positive_count)} positief: {number(100 * found.share)}%. De marge "
        f"loopt van {number(100 * found.low)}% tot {number(100 * found.high)}%."
    )


def _change_example(
    facts: SupportFacts | None, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    del wording
    if facts is None or facts.earlier is None:
        return None
    found = support_change(facts.earlier, facts.later)
    if found is None:
        return None
    return (
        f"Het verschil is {number(100 * found.difference)} procentpunt. De marge loopt van "
        f"{number(100 * found.low)} tot {number(100 * found.high)}. Het oordeel: {found.verdict}."
    )


_WHO_ANSWERS = (
    "Wie veel te zeggen heeft, antwoordt eerder. De marge gaat alleen over toeval, niet daarover. "
    "Daarom staat erbij hoeveel mensen zijn gevraagd en hoeveel er antwoordden."
)
SHARE = method.Measure(
    key="draagvlak",
    label="Draagvlak in de wijk",
    group=method.SUPPORT,
    explanation=(
        "Welk deel van de mensen die antwoordden positief is over een plek. De marge zegt hoe ver "
        "dat er door toeval naast kan zitten. Onder 10 antwoorden noemen wij geen deel."
    ),
    formula_words=(
        "het aantal positieve antwoorden, gedeeld door alle antwoorden; de marge is die van Wilson"
    ),
    formula="p = x / n; (p + z² / 2n ± z √(p (1 - p) / n + z² / 4n²)) / (1 + z² / n)",
    symbols=(
        ("p", "het deel dat positief is"),
        ("x", "het aantal positieve antwoorden"),
        ("n", "het aantal antwoorden"),
        ("z", "1,96: bij een zekerheid van 95%"),
    ),
    unit="procent",
    example=_share_example,
    limits=(
        _WHO_ANSWERS,
        "Een ander soort vraag of een andere manier van vragen geeft andere antwoorden. Vergelijk "
        "alleen metingen met dezelfde vraag.",
        "Draagvlak is geen stemming. Mensen beslissen, met alle redenen erbij.",
    ),
    sources=("Wilson, Journal of the American Statistical Association 22 (1927), 209-212.",),
    function=support_share,
)
CHANGE = method.Measure(
    key="verandering_draagvlak",
    label="Verandering van draagvlak",
    group=method.SUPPORT,
    explanation=(
        "Of het deel dat positief is, anders is dan bij een eerdere meting. Is het verschil "
        "kleiner dan toeval kan verklaren, dan zeggen wij: geen duidelijk verschil."
    ),
    formula_words=(
        "het latere deel min het eerdere deel; de marge volgt uit de twee marges van Wilson "
        "(Newcombe). Zit 0 in de marge, dan is er geen duidelijk verschil"
    ),
    formula=(
        "d = p_l - p_e; d - √((p_l - l_l)² + (u_e - p_e)²) tot d + √((u_l - p_l)² + (p_e - l_e)²)"
    ),
    symbols=(
        ("d", "het verschil"),
        ("p_l, p_e", "het deel bij de latere en de eerdere meting"),
        ("l_l, l_e", "de onderkant van de marge bij elk"),
        ("u_l, u_e", "de bovenkant van de marge bij elk"),
    ),
    unit="procentpunt",
    example=_change_example,
    limits=(
        _WHO_ANSWERS,
        "Wij doen alsof de twee keer andere mensen antwoorden. Antwoorden dezelfde mensen, dan is "
        "de echte marge kleiner.",
    ),
    sources=("Newcombe, Statistics in Medicine 17 (1998), 873-890, methode 10.",),
    function=support_change,
)
