"""The dossier of a choice: made from a stored assessment, published or withdrawn by people.

Its content holds the assessment whole. Made again from the same assessment it is the same, to the
byte, so that anyone can check it by its checksum.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.services.assessments import assess_choice
from app.services.candidate_places import candidate_places
from app.services.canonical_json import canonical, sha256_of
from app.services.choices import choice_view
from app.services.stored_facts import Json
from app.services.told_candidates import publication_of
from app.words import listed_names
from data.changes.assessments import add_dossier, publish_dossier, withdraw_dossier
from data.changes.choices import hold_choice
from data.errors import DataError
from data.publication import GEBIED, INTERN, OPENBAAR
from data.queries.assessments import AssessmentRecord, find_assessment, find_dossier

FORMAT = "vlekkenplan-dossier-1"
#: Letters and figures that are not taken for one another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 8
#: From wholly public to internal: what a site shows of itself becomes less.
_OPENNESS = (OPENBAAR.key, GEBIED.key, INTERN.key)


class DossierFault(DataError):
    """What is asked can't be done with a dossier; the message says why, in Dutch."""


def make_dossier(
    connection: Connection, home: Path, choice_id: int, on: dt.date, account_id: int | None
) -> str:
    """Assess a choice and make a dossier of it, not yet public; returns its code.

    AssessmentFault when there is nothing to compare, OutsideScope when the choice is of others.
    """
    hold_choice(connection, choice_id)
    assessment_id = assess_choice(connection, home, choice_id, on, account_id)
    record, code = find_assessment(connection, assessment_id), new_code(on)
    content = dossier_content(code, record)
    add_dossier(
        connection,
        choice_id,
        assessment_id,
        code,
        str(content["title"]),
        content,
        sha256_of(content),
        account_id,
    )
    return code


def new_code(on: dt.date) -> str:
    """A code for a permanent link: the year, and letters that nobody guesses."""
    return f"{on.year}-{''.join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))}"


def dossier_content(code: str, record: AssessmentRecord) -> Json:
    """All that a dossier holds, from a stored assessment and nothing else."""
    assessment = record.content
    made: Json = canonical(
        {
            "format": FORMAT,
            "code": code,
            "title": assessment["choice"]["name"],
            "made_on": assessment["made_on"],
            "assessment_sha256": record.sha256,
            "assessment": assessment,
            "gaps": gaps_of(assessment),
        }
    )
    return made


def gaps_of(assessment: Mapping[str, Any]) -> list[str]:
    """What is not known, in sentences: of the need, of candidates, and of what is hidden."""
    told = [f"{row['gemeente']}: {row['task_reason']}" for row in _untasked(assessment)]
    vague = sum(row["unknown_site_count"] for row in assessment["need"]["rows"])
    if vague:
        told.append(
            f"Van {vague} {'locatie' if vague == 1 else 'locaties'} of plannen is het "
            "aantal plekken niet bekend. Zij tellen niet mee in de aantallen."
        )
    told += _unknown_cells(assessment)
    told += [_hidden(entry) for entry in assessment["alternatives"] if _is_hidden(entry)]
    return told


def _unknown_cells(assessment: Mapping[str, Any]) -> list[str]:
    """By criterion of whom a figure is not known; those with the same reason together."""
    told = []
    for criterion in assessment["criteria"]:
        names: dict[str, list[str]] = {}
        for candidate in assessment["candidates"]:
            cell = candidate["cells"][criterion["key"]]
            if cell["raw"] is None:
                names.setdefault(cell["reason"], []).append(candidate["name"])
        told += [
            f"{criterion['label']}, {listed_names(some)}: {reason}"
            for reason, some in names.items()
        ]
    return told


def _untasked(assessment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in assessment["need"]["rows"] if row["task"] is None]


def _is_hidden(entry: Mapping[str, Any]) -> bool:
    return bool(entry["publication"] != OPENBAAR.key)


def _hidden(entry: Mapping[str, Any]) -> str:
    if entry["publication"] == GEBIED.key:
        return f"{entry['name']}: de precieze plek is niet openbaar. Alleen de wijk staat hier."
    return f"{entry['name']}: over deze plek staat hier niets, want zij is nog niet openbaar."


def publish(connection: Connection, choice_id: int, code: str, on: dt.date) -> None:
    """Make a dossier public. DossierFault, in words, while a candidate may not be told of."""
    hold_choice(connection, choice_id)
    record = find_dossier(connection, choice_id, code)
    faults = publishing_faults(connection, choice_id, record.content, on)
    if faults:
        raise DossierFault(" ".join(faults))
    publish_dossier(connection, choice_id, code)


def withdraw(connection: Connection, choice_id: int, code: str) -> None:
    """Make a dossier no longer public; its code stays its own."""
    hold_choice(connection, choice_id)
    withdraw_dossier(connection, choice_id, code)


def publishing_faults(
    connection: Connection, choice_id: int, content: Mapping[str, Any], on: dt.date
) -> list[str]:
    """Why a dossier may not be made public now; nothing when it may.

    It tells of a candidate what was public when it was made. Is less public since, then it may
    not go out either.
    """
    alternatives = content["assessment"]["alternatives"]
    internal = [entry["name"] for entry in alternatives if entry["publication"] == INTERN.key]
    faults = []
    if internal:
        faults.append(
            f"Nog niet openbaar: {listed_names(internal)}. Maak eerst de locatie openbaar, of toon "
            "haar alleen per wijk. Maak daarna een nieuw dossier."
        )
    now = _publication_now(connection, choice_id, on)
    closed = [
        entry["name"]
        for entry in alternatives
        if _openness(now.get(entry["site_id"], INTERN.key)) > _openness(entry["publication"])
    ]
    if closed:
        faults.append(f"Intussen minder openbaar: {listed_names(closed)}. Maak een nieuw dossier.")
    return faults


def _publication_now(connection: Connection, choice_id: int, on: dt.date) -> dict[int, str]:
    view = choice_view(connection, choice_id, on)
    known = [one.record.site_id for one in view.candidates if one.site is not None]
    places = {int(place.key): place for place in candidate_places(connection, known, on)}
    return {one.record.site_id: publication_of(one, places) for one in view.candidates}


def _openness(publication: str) -> int:
    return _OPENNESS.index(publication)
