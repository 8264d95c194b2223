"""Funnel: which quotients chance explains, for areas of every size at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import elementwise
from scipy.special import betainc

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, floats
from analysis.spreading.interval import CONFIDENCE

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading

#: How exactly a limit is found, in places.
_TOLERANCES = {"xatol": 1e-12, "xrtol": 1e-15, "fatol": 0, "frtol": 0}


def funnel_limits(
    capacity_count_total: int, weight_shares: pd.Series, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """The quotients between which chance explains an area, by its share of the base.

    I(p_a; u_a, C - u_a + 1) = α/2; I(p_a; l_a + 1, C - l_a) = 1 - α/2

    with I the regularized incomplete beta function, α = 1 - confidence and p_a = w_a / W
    (``weight_shares``, from 0 to 1). u_a and l_a are real numbers of places around the fair share
    C × p_a; columns ``high`` = u_a / (C × p_a) and ``low`` = l_a / (C × p_a) are location
    quotients, on the index handed in. ``low`` is 0 where even no place at all is explained by
    chance. ``high`` lies above 1 / p_a, the largest quotient that can be, where even all places
    are. NaN where the share is 0 or unknown, and everywhere without places.

    This is the rule of ``location_quotient_interval`` turned round: I(p; c, C - c + 1) is the
    chance that c or more of C places fall in an area with chance p. So a quotient lies outside
    these limits if and only if its interval does not hold 1. Spiegelhalter draws the limits from
    an approximation of the binomial distribution that is continuous in the count; this one is
    exact at every whole count. As with the interval: places that come together in sites vary
    more than this. InputError for a share outside 0 to 1, or a confidence not between 0 and 1.

    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202; Clopper & Pearson (1934).
    """
    chances = floats(weight_shares)
    _check(capacity_count_total, chances, confidence)
    chances = np.where(chances > 0, chances, np.nan)
    tail, total = (1 - confidence) / 2, capacity_count_total
    fair = np.where(total > 0, total * chances, np.nan)
    low = np.maximum(0.0, _count_with_tail(total, chances, 1 - tail) - 1) / fair
    high = _count_with_tail(total, chances, tail) / fair
    return pd.DataFrame({"low": low, "high": high}, index=weight_shares.index)


def _count_with_tail(total: int, chances: Floats, tail: float) -> Floats:
    """The real number x (0 to C + 1) at which x or more of C places have this chance."""
    known = (chances > 0) & (chances < 1)
    # Where the chance is 1 all places fall in the area: whatever the tail, x is beyond them.
    counts = np.where(chances == 1, total + 1.0, np.nan)
    found = elementwise.find_root(
        lambda x, chance: betainc(x, total - x + 1, chance) - tail,
        (np.zeros(known.sum()), np.full(known.sum(), total + 1.0)),
        args=(chances[known],),
        tolerances=_TOLERANCES,
    )
    counts[known] = found.x
    return counts


def _check(total: int, chances: Floats, confidence: float) -> None:
    breaches = []
    if total < 0:
        breaches.append("the total number of places is negative")
    if ((chances < 0) | (chances > 1)).any():
        breaches.append("a share is not between 0 and 1")
    if not 0 < confidence < 1:
        breaches.append("the confidence is not between 0 and 1")
    if breaches:
        raise InputError("funnel_limits", breaches)


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None or spreading.has_too_few_places:
        return None
    share = pd.Series([row["weight_share"]])
    total = spreading.totals.capacity_count
    limits = funnel_limits(total, share, spreading.confidence).iloc[0]
    return (
        f"{row['name']} heeft een evenredig aandeel van {number(row['fair_share_count'])} "
        f"{wording.places}. Bij dat aandeel kan toeval een verhouding tussen "
        f"{number(limits['low'])} en {number(limits['high'])} verklaren. De verhouding is "
        f"{number(row['location_quotient'])}."
    )


MEASURE = method.Measure(
    key="trechter",
    label="Trechter om de verhouding 1",
    group=method.SPREADING,
    explanation=(
        "Tussen welke grenzen de verhouding door toeval kan liggen, voor kleine en grote gebieden. "
        "In een klein gebied horen weinig plekken: daar verklaart toeval een groot verschil. In "
        "een groot gebied liggen de grenzen dicht bij 1. Getekend heeft dat de vorm van een "
        "trechter. Een gebied erbuiten is 'boven aandeel' of 'onder aandeel'."
    ),
    formula_words=(
        "bovengrens: het aantal plekken waarbij de kans op zo veel of meer 2,5% is; ondergrens: "
        "het aantal waarbij de kans op zo weinig of minder 2,5% is; beide gedeeld door het "
        "evenredig aandeel"
    ),
    formula="I(p_a; u_a, C - u_a + 1) = α/2; I(p_a; l_a + 1, C - l_a) = 1 - α/2",
    symbols=(
        ("I(p; x, y)", "de onvolledige bètafunctie met x en y, van 0 tot p"),
        ("p_a", "het deel van de inwoners in gebied a"),
        ("u_a", "de bovengrens in plekken; gedeeld door het evenredig aandeel de verhouding"),
        ("l_a", "de ondergrens in plekken; is zij lager dan 0, dan nemen wij 0"),
        ("α", "de kans die erbuiten valt: 0,05"),
        method.CAPACITY_TOTAL,
    ),
    unit="zonder eenheid",
    example=_example,
    limits=(
        "De trechter is precies de regel van het oordeel per gebied. Hij voegt geen eigen oordeel "
        "toe.",
        "De trechter doet alsof elke plek los van de andere ergens terechtkomt. In werkelijkheid "
        "komen plekken samen in één locatie. Toeval kan daarom meer verklaren dan de trechter "
        "zegt.",
        "Zijn er te weinig plekken voor een oordeel, dan tekenen wij geen trechter.",
        "Bij veel gebieden tegelijk valt er altijd wel een door toeval buiten de trechter: tot "
        "ongeveer 1 op de 20.",
    ),
    sources=(
        "D.J. Spiegelhalter (2005), Funnel Plots for Comparing Institutional Performance, "
        "Statistics in Medicine 24, p. 1185-1202. Daar met een benadering, hier exact.",
        "Clopper en Pearson (1934), Biometrika 26, p. 404-413.",
    ),
    function=funnel_limits,
)
