"""One cell of what is known of candidates, and the whole table made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

import pandas as pd

from analysis.comparing.criterion import Criterion
from analysis.comparing.facts import CandidateFacts, Evidence
from app.services.candidate_places import CandidatePlace
from app.services.lists import SourceLine


@dataclass(frozen=True)
class Cell:
    """A raw value, or the reason why it is not known; with its evidence, and a note in words."""

    raw: float
    evidence: Evidence
    reason: str | None = None
    note: str | None = None


def unknown(reason: str, evidence: Evidence, note: str | None = None) -> Cell:
    """A cell without a value, and why."""
    return Cell(nan, evidence, reason, note)


def evidence_of(lines: Iterable[SourceLine], method_slug: str, words: str = "") -> Evidence:
    """These deliveries as one source: their titles, and their years from old to new."""
    releases = [line.release for line in lines]
    titles = dict.fromkeys(entry.title for entry in releases)
    years = sorted({str(entry.year) for entry in releases})
    return Evidence(
        source=words or "; ".join(titles),
        year=years[0] if len(years) == 1 else f"{', '.join(years[:-1])} en {years[-1]}",
        method_slug=method_slug,
        is_example=any(entry.is_example for entry in releases),
    )


def to_facts(
    criteria: Sequence[Criterion],
    places: Sequence[CandidatePlace],
    cells: Mapping[str, Sequence[Cell]],
) -> CandidateFacts:
    """The cells of every criterion (in the order of the places) as one table."""
    index = pd.Index([place.key for place in places], name="candidate", dtype="object")
    columns = {entry.key: cells[entry.key] for entry in criteria}

    def words(name: str) -> pd.DataFrame:
        told = {
            key: [pd.NA if getattr(cell, name) is None else getattr(cell, name) for cell in column]
            for key, column in columns.items()
        }
        return pd.DataFrame(told, index=index, dtype="object")

    return CandidateFacts(
        criteria=tuple(criteria),
        names=pd.Series([place.name for place in places], index=index, name="name"),
        raw=pd.DataFrame(
            {key: [cell.raw for cell in column] for key, column in columns.items()},
            index=index,
            dtype="float64",
        ),
        reasons=words("reason"),
        notes=words("note"),
        evidence={
            (place.key, key): cell.evidence
            for key, column in columns.items()
            for place, cell in zip(places, column, strict=True)
        },
    )
