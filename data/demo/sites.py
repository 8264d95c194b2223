"""The example sites on the map: placed in their buurt, with their life by date."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.region import RegionFacts
from data.demo.site_plans import SITE_PLANS, SitePlan
from data.demo.streets import Streets
from geo import frames
from geo.crs import RD

EXAMPLE_MARK = "(voorbeeld)"
CANDIDATE_MARK = "(kandidaat uit 2017)"
#: A site stands somewhere among the nodes that are nearest to the centre of its buurt.
_CENTRAL_SHARE = 0.6

TYPE_NAMES = {
    "beschermd_wonen": "Beschermd wonen",
    "beschut_wonen": "Beschut wonen",
    "skaeve_huse": "Skaeve Huse",
    "domus_plus": "Domus Plus",
    "respijt": "Respijtplek",
    "time_out": "Time-outplek",
    "maatschappelijke_opvang": "Opvang",
    "sociaal_hostel": "Sociaal hostel",
    "tussenvoorziening": "Tussenvoorziening",
    "prikkelarme_unit": "Prikkelarme woonunits",
    "jeugd_wonen": "Wonen voor jongeren",
    "somatiek_ouderen": "Wonen voor ouderen met zorg",
    "familie_wonen": "Wonen voor gezinnen",
}


def place_sites(facts: RegionFacts, streets: Streets, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """The SITES frame, in the order of the plans."""
    sites = gpd.GeoDataFrame(
        {
            "name": _names(SITE_PLANS),
            "type": [plan.type for plan in SITE_PLANS],
            "provider": [_provider(plan) for plan in SITE_PLANS],
            "address": [_address(plan, facts) for plan in SITE_PLANS],
            "description": [_description(plan) for plan in SITE_PLANS],
            "publication": [plan.publication for plan in SITE_PLANS],
            "valid_from": [_steps(plan)[0][0] for plan in SITE_PLANS],
            "valid_to": None,
        },
        geometry=_points(facts, streets, rng),
        crs=RD,
        index=pd.Index(_codes(), name="site_code"),
    )
    return frames.check(sites, frames.SITES)


def list_site_states() -> pd.DataFrame:
    """The SITE_STATES frame: every step of every site, oldest first."""
    rows = [
        (code, date, status, places, plan.reason if last else None)
        for code, plan in zip(_codes(), SITE_PLANS, strict=True)
        for date, status, places, last in _steps(plan)
    ]
    states = pd.DataFrame(rows, columns=list(frames.SITE_STATES.columns))
    states["capacity_count"] = states["capacity_count"].astype("Int64")
    return frames.check(states, frames.SITE_STATES)


def code_of(site_type: str, place: str) -> str:
    """The code of the only example site of this type at this place; KeyError without one."""
    found = [
        code
        for code, plan in zip(_codes(), SITE_PLANS, strict=True)
        if (plan.type, plan.place) == (site_type, place)
    ]
    if len(found) != 1:
        raise KeyError(f"{len(found)} example sites: {site_type}, {place}")
    return found[0]


def _codes() -> list[str]:
    return [f"DEMO-{number:03d}" for number in range(1, len(SITE_PLANS) + 1)]


def _steps(plan: SitePlan) -> list[tuple[dt.date, str, int | None, bool]]:
    """Date, status, places and whether it is the last, from the text of ``plan.life``."""
    texts = [step.split() for step in plan.life.split(";")]
    return [
        (
            dt.date.fromisoformat(f"{month}-01"),
            status,
            None if places == "-" else int(places),
            number == len(texts),
        )
        for number, (month, status, places) in enumerate(texts, start=1)
    ]


def _names(plans: tuple[SitePlan, ...]) -> list[str]:
    """Type and place; numbered where one place has more of a type."""
    titles = [f"{TYPE_NAMES[plan.type]} {plan.place}" for plan in plans]
    total, seen, names = Counter(titles), Counter[str](), []
    for plan, title in zip(plans, titles, strict=True):
        seen[title] += 1
        number = f" {seen[title]}" if total[title] > 1 else ""
        names.append(f"{title}{number} {CANDIDATE_MARK if plan.at_m else EXAMPLE_MARK}")
    return names


def _provider(plan: SitePlan) -> str | None:
    return f"Zorgaanbieder {plan.provider} {EXAMPLE_MARK}" if plan.provider else None


def _address(plan: SitePlan, facts: RegionFacts) -> str | None:
    """A plainly made-up address for places that are in use, none for ideas and candidates."""
    if "in_gebruik" not in plan.life:
        return None
    gemeente = facts.gemeenten["gemeentenaam"][facts.buurten["gemeentecode"][plan.buurt_code]]
    return f"Voorbeeldstraat {2 * SITE_PLANS.index(plan) + 1}, {gemeente}"


def _description(plan: SitePlan) -> str:
    if plan.at_m:
        return (
            "Deze plek is in 2017 echt genoemd als mogelijke plek voor Skaeve Huse. "
            "De plaats op de kaart is ongeveer."
        )
    return "Deze locatie is verzonnen. Ze laat zien hoe de kaart werkt."


def _points(facts: RegionFacts, streets: Streets, rng: np.random.Generator) -> list[shapely.Point]:
    """The known place, or a street corner near the middle of the buurt; each once."""
    outward = streets.outward(facts)
    taken: set[int] = set()
    points = []
    for plan in SITE_PLANS:
        if plan.at_m:
            points.append(shapely.Point(plan.at_m))
            continue
        own = outward[plan.buurt_code]
        central = own[: max(1, round(_CENTRAL_SHARE * len(own)))]
        node = int(rng.choice(central[~np.isin(central, list(taken))]))
        taken.add(node)
        points.append(streets.nodes.geometry.iloc[node])
    return points
