"""Which counts of homes are published: the rule of ``analysis.small_counts``, by type."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import pandas as pd

from analysis.small_counts import hide_small_counts
from geo.frames import LEVELS, REGION_CODE


def area_parents(areas: pd.DataFrame) -> dict[str, str]:
    """The area that each area of the region is a part of; gemeenten are parts of the region.

    Water counts as no part: nobody lives there. ``areas`` is the AREAS frame or a part of it.
    """
    on_land = areas[areas["in_region"] & ~areas["is_water"]]
    gemeenten, wijken, buurten = (on_land[on_land["level"] == level] for level in LEVELS)
    above = {
        **dict.fromkeys(gemeenten.index, REGION_CODE),
        **wijken["gemeente_code"].to_dict(),
        **buurten["wijk_code"].to_dict(),
    }
    return {str(code): str(whole) for code, whole in above.items()}


def with_hidden(
    homes: pd.DataFrame,
    parents: Mapping[str, str],
    hidden_before: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """The HOMES frame with ``is_hidden``, and with the region where every gemeente has a count."""
    found = []
    for kind, rows in homes.groupby("type", sort=True):
        counts = {
            str(code): int(count)
            for code, count in zip(rows["area_code"], rows["home_count"], strict=True)
        }
        gemeenten = [code for code, parent in parents.items() if parent == REGION_CODE]
        if gemeenten and all(code in counts for code in gemeenten):
            counts[REGION_CODE] = sum(counts[code] for code in gemeenten)
        hidden = hide_small_counts(counts, parents, (hidden_before or {}).get(str(kind), ()))
        found += [(code, str(kind), count, hidden[code]) for code, count in counts.items()]
    frame = pd.DataFrame(found, columns=[*homes.columns, "is_hidden"])
    return frame.astype({"home_count": "int64", "is_hidden": "bool"})


def published_sha256(homes: pd.DataFrame, year: int) -> str:
    """A checksum of what is published. That of the file would let someone try small counts."""
    shown = homes.assign(home_count=homes["home_count"].where(~homes["is_hidden"], -1))
    text = shown.sort_values(["type", "area_code"]).to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(f"{year}\n{text}".encode()).hexdigest()
