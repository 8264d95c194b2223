"""Facts and results of a comparison as plain JSON, and the comparison made of them again.

Pure: nothing is read from a database or clock. What is stored is enough to compute every result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from math import isnan, nan
from typing import Any

import pandas as pd

from analysis.comparing.criterion import CRITERION_GROUPS, Criterion
from analysis.comparing.difference import MOST_CANDIDATES, difference_sentence
from analysis.comparing.dominance import dominance_sentences, dominated_in
from analysis.comparing.facts import CandidateFacts, Evidence
from analysis.comparing.model import Comparison, compare, weights_of
from analysis.comparing.order import (
    Robustness,
    measure_robustness,
    order_over_settings,
    order_sentence,
    settings_sentence,
)
from analysis.comparing.robustness import RankAcceptability
from analysis.comparing.turning_point import turning_points, turning_sentence
from app.numbers import to_dutch, to_dutch_significant

Json = dict[str, Any]
#: Results are kept to so many decimals: sums in another order then give the same.
DECIMALS = 6


def store_criterion(criterion: Criterion) -> Json:
    """A criterion with its scale and its words, as they are now."""
    told: Json = {entry.name: getattr(criterion, entry.name) for entry in fields(criterion)}
    listed = {"limits": list(criterion.limits), "level_names": list(criterion.level_names)}
    return {**told, **listed, "group": criterion.group.key}


def read_criterion(stored: Mapping[str, Any]) -> Criterion:
    """The criterion that ``store_criterion`` wrote."""
    words = {"limits": tuple(stored["limits"]), "level_names": tuple(stored["level_names"])}
    return Criterion(**{**stored, **words, "group": CRITERION_GROUPS[stored["group"]]})


def store_cells(facts: CandidateFacts, candidate: Any) -> dict[str, Json]:
    """By criterion what is known of one candidate, with its source."""
    return {entry.key: _cell(facts, candidate, entry.key) for entry in facts.criteria}


def _cell(facts: CandidateFacts, candidate: Any, key: str) -> Json:
    evidence = facts.evidence[candidate, key]
    return {
        "raw": _number(facts.raw[key][candidate]),
        "reason": _text(facts.reasons[key][candidate]),
        "note": _text(facts.notes[key][candidate]),
        "source": evidence.source,
        "year": evidence.year,
        "method": evidence.method_slug,
        "is_example": evidence.is_example,
    }


def read_facts(
    criteria: Sequence[Criterion],
    candidates: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
) -> CandidateFacts:
    """Facts of candidates by their number, from the cells that were stored of each."""
    numbers = [int(entry["number"]) for entry in candidates]
    index = pd.Index(numbers, name="candidate")
    keys = [entry.key for entry in criteria]

    def frame(name: str) -> pd.DataFrame:
        rows = [[cell[key].get(name) for key in keys] for cell in cells]
        return pd.DataFrame(rows, index=index, columns=keys, dtype="object")

    raw = frame("raw").astype("float64")
    return CandidateFacts(
        criteria=tuple(criteria),
        names=pd.Series([entry["name"] for entry in candidates], index=index, name="name"),
        raw=raw,
        reasons=frame("reason"),
        notes=frame("note"),
        evidence={
            (number, key): _evidence(cell[key])
            for number, cell in zip(numbers, cells, strict=True)
            for key in keys
        },
    )


def _evidence(cell: Mapping[str, Any]) -> Evidence:
    return Evidence(
        cell.get("source", ""),
        cell.get("year", ""),
        cell.get("method"),
        bool(cell.get("is_example", False)),
    )


def results_of(content: Mapping[str, Any]) -> Json:
    """Every result of an assessment, computed from the facts, scales and weights it holds."""
    criteria = [read_criterion(entry) for entry in content["criteria"]]
    candidates, weights = content["candidates"], weights_of(content["points"])
    base = [entry["cells"] for entry in candidates]
    found = compare(read_facts(criteria, candidates, base), weights)
    robustness = measure_robustness(found, content["draw_count"], content["seed"])
    settings = {content["setting_label"]: found}
    for setting in content["settings"]:
        cells = [setting["cells"][str(entry["number"])] for entry in candidates]
        settings[setting["label"]] = compare(read_facts(criteria, candidates, cells), weights)
    return {
        "totals": [_total(found, number) for number in found.totals.index],
        "parts": {str(number): _parts(found, number) for number in found.totals.index},
        "draws": [] if robustness is None else _draws(robustness),
        "dominated": _dominated(found),
        "turning": _turning(found),
        "settings": _settings(settings),
        "sentences": _sentences(found, robustness, settings),
    }


def _total(found: Comparison, number: int) -> Json:
    row: Any = found.totals.loc[number]
    return {
        "number": int(number),
        "total": _number(row["total"]),
        "at_least": _number(row["at_least"]),
        "at_most": _number(row["at_most"]),
        "rank": None if pd.isna(row["rank"]) else int(row["rank"]),
        "reason": _text(row["reason"]),
    }


def _parts(found: Comparison, number: int) -> dict[str, Json]:
    parts = found.parts_of(number)
    return {
        str(key): {"value": _number(row["value"]), "part": _number(row["part"])}
        for key, row in parts.iterrows()
    }


def _draws(robustness: Robustness) -> list[Json]:
    told = [_set(found) for found in (robustness.everywhere, robustness.near)]
    for entry, verdict in zip(told, robustness.verdicts, strict=False):
        entry["verdict"] = {
            "first": int(verdict.first),
            "second": int(verdict.second),
            "swap_share": _number(verdict.swap_share),
            "standard_error": _number(verdict.standard_error),
            "word": verdict.word,
        }
    return told


def _set(found: RankAcceptability) -> Json:
    return {
        "label": found.label,
        "draw_count": found.draw_count,
        "seed": found.seed,
        "shares": {
            str(number): [_number(share) for share in row]
            for number, row in zip(found.shares.index, found.shares.to_numpy(), strict=True)
        },
        "standard_error": _number(float(found.standard_error.to_numpy().max())),
        "central_weights": {
            str(number): {str(key): _number(weight) for key, weight in row.items()}
            for number, row in found.central_weights.iterrows()
        },
    }


def read_shares(stored: Mapping[str, Any]) -> RankAcceptability:
    """Of a set that was stored the shares of places; who was above whom was not kept."""
    shares = pd.DataFrame.from_dict(
        {int(number): row for number, row in stored["shares"].items()}, orient="index"
    ).astype("float64")
    shares.columns = pd.RangeIndex(1, shares.shape[1] + 1, name="place")
    draws = int(stored["draw_count"])
    return RankAcceptability(
        label=stored["label"],
        draw_count=draws,
        seed=int(stored["seed"]),
        shares=shares,
        standard_error=(shares * (1 - shares) / draws) ** 0.5,
        above=pd.DataFrame(),
        central_weights=pd.DataFrame(),
        left_out=(),
    )


def _dominated(found: Comparison) -> list[Json]:
    return [
        {"number": int(number), "by": [int(other) for other in others]}
        for number, others in dominated_in(found).items()
    ]


def _turning(found: Comparison) -> list[Json]:
    return [
        {
            "number": int(point.candidate),
            "points_moved": _number(point.points_moved),
            "weights": {str(key): _number(weight) for key, weight in point.weights.items()},
        }
        for point in turning_points(found)
    ]


def _settings(settings: Mapping[str, Comparison]) -> Json:
    order = order_over_settings(settings)
    return {
        "same_count": order.same_count,
        "known_count": len(order.known),
        "rows": [
            {
                "label": label,
                "first": [int(number) for number in order.first[label]],
                "ranks": {
                    str(number): None if pd.isna(rank) else int(rank)
                    for number, rank in order.ranks[label].items()
                },
            }
            for label in order.first
        ],
    }


def _sentences(
    found: Comparison, robustness: Robustness | None, settings: Mapping[str, Comparison]
) -> Json:
    """What people read first, with the names that may be told."""
    number, count = _told, len(found.totals)
    verdicts = () if robustness is None else robustness.verdicts
    difference = None
    if 1 < count <= MOST_CANDIDATES:
        difference = difference_sentence(found, robustness, number)
    elif verdicts:
        difference = order_sentence(found, verdicts[0], number)
    return {
        "difference": difference,
        "order": [order_sentence(found, verdict, number) for verdict in verdicts],
        "dominance": list(dominance_sentences(found)),
        "turning": turning_sentence(found, number) if count > 1 else None,
        "settings": settings_sentence(
            order_over_settings(settings), found.facts.names, to_dutch_significant
        ),
    }


def _told(value: float) -> str:
    """Points with one decimal: more says nothing of a place."""
    return to_dutch(value, 1)


def _number(value: Any) -> float | None:
    number = nan if value is None else float(value)
    return None if isnan(number) else round(number, DECIMALS)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
