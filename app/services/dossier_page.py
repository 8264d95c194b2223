"""A dossier as people read it: its content in the order of the document, and nothing else.

Everything comes from the content of the dossier, so the page is the same for as long as the code
that lays it out is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.closer_look import QUESTIONS
from app.charts.chart import Chart
from app.charts.rank_acceptability import rank_chart
from app.numbers import to_dutch
from app.services.stored_facts import Json, read_shares

UNKNOWN = "niet bekend"


@dataclass(frozen=True)
class ShownCell:
    """What a table shows of one candidate on one criterion."""

    raw: str
    source: str
    value: str | None
    part: str | None
    reason: str | None
    note: str | None


@dataclass(frozen=True)
class ShownRow:
    """A criterion with its scale and points, and what is known of every candidate.

    ``source`` is that of all cells when it is the same; it is then not told in each of them.
    """

    criterion: Json
    points: int
    scale: str
    source: str | None
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownTotal:
    """A candidate with its place in the order and its total, or between what it lies."""

    entry: Json
    rank: int | None
    text: str
    reason: str | None
    firsts: tuple[str, ...]


@dataclass(frozen=True)
class DossierPage:
    """The parts of the document. ``compared`` are in the order of their totals."""

    content: Json
    assessment: Json
    lead: str
    fallen: tuple[Json, ...]
    left: tuple[Json, ...]
    compared: tuple[ShownTotal, ...]
    rows: tuple[ShownRow, ...]
    questions: tuple[tuple[str, bool, tuple[tuple[str, Json | None], ...]], ...]
    charts: tuple[Chart, ...]
    settings: tuple[tuple[str, str], ...]
    turning: tuple[tuple[str, str], ...]


def dossier_page(content: Json) -> DossierPage:
    """The document of this content."""
    assessment: Json = content["assessment"]
    order = _order(assessment)
    entries = {entry["number"]: entry for entry in assessment["alternatives"]}
    return DossierPage(
        content=content,
        assessment=assessment,
        lead=_lead(assessment),
        fallen=tuple(entry for entry in assessment["alternatives"] if entry["dropped_on"]),
        left=tuple(entry for entry in assessment["alternatives"] if not entry["dropped_on"]),
        compared=tuple(_total(assessment, entries[number], number) for number in order),
        rows=tuple(_row(assessment, criterion, order) for criterion in assessment["criteria"]),
        questions=_questions([entries[number] for number in order]),
        charts=_charts(assessment),
        settings=_settings(assessment),
        turning=_turning(assessment),
    )


def _order(assessment: Json) -> list[int]:
    """The numbers of who is compared, the first on top; without a total last."""
    totals = assessment["results"]["totals"]
    ranked = sorted(totals, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["number"]))
    return [row["number"] for row in ranked]


def _lead(assessment: Json) -> str:
    sentences = assessment["results"]["sentences"]
    told = sentences["difference"]
    if told is None and len(assessment["candidates"]) == 1:
        told = f"Alleen {assessment['candidates'][0]['name']} is nog over om te vergelijken."
    return f"{assessment['choice']['sentence']} {told or ''}".strip()


def _total(assessment: Json, entry: Json, number: int) -> ShownTotal:
    row = _of_number(assessment["results"]["totals"], number)
    if row["total"] is not None:
        text = f"{to_dutch(row['total'], 1)} van de 100 punten"
    else:
        least, most = to_dutch(row["at_least"], 1), to_dutch(row["at_most"], 1)
        text = f"tussen {least} en {most} punten"
    firsts = tuple(
        f"{to_dutch(100 * found['shares'][str(number)][0])}%"
        if str(number) in found["shares"]
        else UNKNOWN
        for found in assessment["results"]["draws"]
    )
    return ShownTotal(entry, row["rank"], text, row["reason"], firsts)


def _of_number(rows: list[Json], number: int) -> Json:
    return next(row for row in rows if row["number"] == number)


def _row(assessment: Json, criterion: Json, order: list[int]) -> ShownRow:
    key = criterion["key"]
    cells = []
    for number in order:
        stored = _of_number(assessment["candidates"], number)["cells"][key]
        part = assessment["results"]["parts"][str(number)][key]
        cells.append(_cell(criterion, stored, part))
    sources = {cell.source for cell in cells}
    return ShownRow(
        criterion,
        assessment["points"][key],
        _scale(criterion),
        sources.pop() if len(sources) == 1 else None,
        tuple(cells),
    )


def _scale(criterion: Json) -> str:
    good, bad = (_number(criterion, criterion[end]) for end in ("good", "bad"))
    unit = "" if criterion["level_names"] else f" ({criterion['unit']})"
    return f"{good} telt voor 1, {bad} voor 0{unit}"


def _cell(criterion: Json, stored: Json, part: Json) -> ShownCell:
    is_known = stored["raw"] is not None
    source = ", ".join(word for word in (stored["source"], stored["year"]) if word)
    return ShownCell(
        raw=_raw(criterion, stored["raw"]) if is_known else UNKNOWN,
        source=source,
        value=to_dutch(part["value"], 2) if is_known else None,
        part=None if part["part"] is None else to_dutch(part["part"], 1),
        reason=stored["reason"],
        note=stored["note"],
    )


def _raw(criterion: Mapping[str, Any], raw: float) -> str:
    """The figure with its unit; one that tells of a range stands between brackets."""
    number, unit = _number(criterion, raw), str(criterion["unit"])
    if criterion["level_names"]:
        return number
    return f"{number} ({unit})" if " van " in f" {unit}" else f"{number} {unit}"


def _number(criterion: Mapping[str, Any], raw: float) -> str:
    names = criterion["level_names"]
    return str(names[int(raw)]) if names else to_dutch(raw, criterion["digits"])


def _questions(
    entries: list[Json],
) -> tuple[tuple[str, bool, tuple[tuple[str, Json | None], ...]], ...]:
    """Each question of the closer look with what was found of every compared candidate."""
    found = []
    for number, question in enumerate(QUESTIONS):
        answers = tuple(
            (entry["name"], entry["findings"][number] if entry["findings"] else None)
            for entry in entries
        )
        is_acceptance = any(answer["is_acceptance"] for _, answer in answers if answer)
        found.append((question.label, is_acceptance, answers))
    return tuple(found)


def _charts(assessment: Json) -> tuple[Chart, ...]:
    """How often each candidate came at each place, a picture for each set of weightings."""
    names = {entry["number"]: entry["name"] for entry in assessment["candidates"]}
    drawn = [
        rank_chart(f"plaatsen-{nth}", read_shares(found), names.__getitem__)
        for nth, found in enumerate(assessment["results"]["draws"], start=1)
    ]
    return tuple(chart for chart in drawn if chart is not None)


def _settings(assessment: Json) -> tuple[tuple[str, str], ...]:
    """By setting who is first."""
    names = {entry["number"]: entry["name"] for entry in assessment["candidates"]}
    return tuple(
        (row["label"], ", ".join(names[number] for number in row["first"]) or UNKNOWN)
        for row in assessment["results"]["settings"]["rows"]
    )


def _turning(assessment: Json) -> tuple[tuple[str, str], ...]:
    """By candidate how many points have to be moved before it comes first."""
    names = {entry["number"]: entry["name"] for entry in assessment["candidates"]}
    return tuple(
        (names[row["number"]], to_dutch(row["points_moved"], 1))
        for row in assessment["results"]["turning"]
    )
