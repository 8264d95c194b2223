"""The example task: how many places of each type every gemeente needs. All of it is made up.

The numbers go roughly by residents, and differ clearly from the places there are. One is left
out, so that a reader sees what the pages say about that.
"""

from __future__ import annotations

from math import floor

import pandas as pd

from data.demo.region import RegionFacts
from geo import frames

#: Places needed per 10,000 residents from a year on, by type.
NEEDED_PER_10000: dict[str, dict[int, float]] = {
    "beschermd_wonen": {2023: 8.0, 2026: 6.5},
    "beschut_wonen": {2023: 4.0, 2026: 5.5},
    "skaeve_huse": {2023: 0.6},
    "domus_plus": {2023: 0.8},
    "respijt": {2023: 0.4},
    "time_out": {2023: 0.3},
    "maatschappelijke_opvang": {2023: 2.4},
    "sociaal_hostel": {2023: 0.6},
    "tussenvoorziening": {2023: 0.7},
    "prikkelarme_unit": {2023: 0.15},
    "jeugd_wonen": {2023: 0.8},
    "somatiek_ouderen": {2023: 0.4},
    "familie_wonen": {2023: 0.2},
}
#: How much more or less than the whole region a gemeente needs per resident.
RELATIVE_NEED = {
    "GM0375": 1.1,
    "GM0377": 0.7,
    "GM0392": 1.25,
    "GM0394": 0.9,
    "GM0396": 0.95,
    "GM0397": 0.8,
    "GM0453": 1.0,
    "GM0473": 1.05,
}
#: Gemeente and type that were not filled in.
LEFT_OUT = ("GM0473", "respijt")


def list_tasks(facts: RegionFacts) -> pd.DataFrame:
    """The TASKS frame, by gemeente, type and year."""
    rows = [
        (code, kind, year, floor(residents / 10_000 * per_10000 * RELATIVE_NEED[str(code)] + 0.5))
        for code, residents in facts.gemeenten["inwoners"].items()
        for kind, by_year in NEEDED_PER_10000.items()
        for year, per_10000 in by_year.items()
        if (code, kind) != LEFT_OUT
    ]
    tasks = pd.DataFrame(rows, columns=list(frames.TASKS.columns))
    return frames.check(
        tasks.sort_values(list(frames.TASKS.also_unique), ignore_index=True), frames.TASKS
    )
