"""Candidates of a choice as a dossier may tell of them, by how public each is.

Of a public place everything is told. Of one that is shown by area only the wijk is told: no
name, no address, no point, and no street in what people wrote. Of an internal one nothing is
told but that it takes part. This holds when the content is made: what is not in it can't leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.closer_look import FINDINGS, NOT_KNOWN, QUESTIONS
from analysis.comparing.criteria import ACCEPTANCE, FINDING_STEPS
from app.services.candidate_findings import CLOSER_LOOK, ESTIMATE
from app.services.candidate_places import CandidatePlace
from app.services.choices import Candidate
from data.publication import GEBIED, INTERN, OPENBAAR
from data.queries.answers import AnswerRecord

Json = dict[str, Any]
HIDDEN = "[niet openbaar]"
#: A name with fewer letters says nothing of a place, and would hide half of every text.
_LEAST_LETTERS = 4
_STREET = (
    r"(?:straat|weg|laan|pad|plein|kade|singel|gracht|dreef|dijk|steeg|plantsoen|hof|markt|baan|"
    r"ring|wal|vaart|lei|burg|brug|park|meent|akker|veld|horst|kamp|donk|oord|erf|waard)"
)
#: A street by its name, with its number; a postcode; a parcel; numbers that may be a point.
_PLACE_WORDS = re.compile(
    rf"(?:\b(?:Korte|Lange|Oude|Nieuwe|Grote|Kleine)\s+)?\b[A-Z][\w'-]*{_STREET}\b(?:\s+\d+\w?)?"
    r"|\b\d{4}\s?[A-Z]{2}\b(?:\s+\d+\w?)?"
    r"|\b[A-Z]{3}\d{2}\s+[A-Z]{1,2}\s+\d+\b"
    r"|\b\d{5,6}(?:[.,]\d+)?\b"
    r"|\b\d{1,2}[.,]\d{4,}\b"
)


@dataclass(frozen=True)
class Redaction:
    """Names and addresses that may stand in no text of the dossier."""

    names: tuple[str, ...]

    def told(self, text: str | None, *, hides_streets: bool = False) -> str | None:
        """The text without those names; also without any street, for a place shown by area."""
        if text is None:
            return None
        for name in self.names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
        return _PLACE_WORDS.sub(HIDDEN, text) if hides_streets else text


def redaction_of(
    candidates: Iterable[Candidate], places: Mapping[int, CandidatePlace]
) -> Redaction:
    """What may not be told: names, addresses and streets of all that are not wholly public."""
    names: set[str] = set()
    for candidate in candidates:
        site = candidate.site
        if site is None or publication_of(candidate, places) == OPENBAAR.key:
            continue
        address = site.address or ""
        street = re.split(r"\s+\d|,", address, maxsplit=1)[0]
        names |= {site.name.strip(), address.strip(), street.strip()}
    kept = [name for name in names if len(name) >= _LEAST_LETTERS]
    return Redaction(tuple(sorted(kept, key=lambda name: (-len(name), name))))


def publication_of(candidate: Candidate, places: Mapping[int, CandidatePlace]) -> str:
    """How public the site is; one that who asks may not know counts as internal."""
    place = places.get(candidate.record.site_id)
    return INTERN.key if place is None or place.publication is None else place.publication


def hidden_sites(
    candidates: Iterable[Candidate], alternatives: Iterable[Mapping[str, Any]]
) -> tuple[tuple[str, Candidate], ...]:
    """What the dossier calls each candidate that is not wholly public in it, and which it is.

    For staff, beside the document: they may know the sites of their own gemeente.
    """
    by_site = {one.record.site_id: one for one in candidates}
    return tuple(
        (str(entry["name"]), by_site[entry["site_id"]])
        for entry in alternatives
        if entry["publication"] != OPENBAAR.key and entry["site_id"] in by_site
    )


def told_candidate(
    number: int,
    candidate: Candidate,
    places: Mapping[int, CandidatePlace],
    redaction: Redaction,
) -> Json:
    """All that a dossier tells of one candidate."""
    publication = publication_of(candidate, places)
    record = candidate.record
    place = places.get(record.site_id)
    reason = redaction.told(record.dropped_reason, hides_streets=publication != OPENBAAR.key)
    return {
        "number": number,
        "site_id": record.site_id,
        "publication": publication,
        "stage": candidate.stage.label,
        "stage_key": candidate.stage.key,
        "origin": candidate.origin.label,
        "added_on": record.added_on.isoformat(),
        "dropped_on": None if record.dropped_on is None else record.dropped_on.isoformat(),
        "dropped_by": candidate.dropped_by,
        "dropped_reason": reason,
        "compared_version": candidate.compared_version,
        **_where(number, candidate, place, publication),
        "findings": _findings(place, publication, redaction),
        "note": candidate.neighbours.sentence
        if candidate.neighbours and publication == OPENBAAR.key
        else None,
    }


def _where(
    number: int, candidate: Candidate, place: CandidatePlace | None, publication: str
) -> Json:
    """Name and place, as far as they may be told."""
    told: Json = dict.fromkeys(("where", "address", "x_m", "y_m", "place_count"))
    if place is None or publication == INTERN.key:
        return {**told, "name": f"Plek {number} (nog niet openbaar)"}
    if publication == GEBIED.key:
        area = place.wijk_name or place.gemeente_name or "de regio"
        return {
            **told,
            "name": f"Plek {number} in {area}",
            "where": place.place_words or None,
            "place_count": place.place_count,
        }
    return {
        "name": place.name,
        "where": place.place_words or None,
        "address": candidate.site.address if candidate.site else None,
        "x_m": round(place.x_m),
        "y_m": round(place.y_m),
        "place_count": place.place_count,
    }


def _findings(place: CandidatePlace | None, publication: str, redaction: Redaction) -> list[Json]:
    """The five questions; what was written only of a public place."""
    if place is None or publication == INTERN.key or not place.is_own:
        return []
    return [
        _finding(key, place.findings.get(key), publication, redaction) for key in QUESTIONS.keys
    ]


def _finding(key: str, answer: AnswerRecord | None, publication: str, redaction: Redaction) -> Json:
    finding = FINDINGS[answer.finding] if answer else NOT_KNOWN
    is_open = publication == OPENBAAR.key
    return {
        "question": key,
        "label": QUESTIONS[key].label,
        "finding": finding.key,
        "finding_label": finding.label,
        "evidence": redaction.told(answer.evidence) if answer and is_open else None,
        "source": redaction.told(answer.source) if answer and is_open else None,
        "found_on": answer.found_on.isoformat() if answer and answer.found_on else None,
        "is_acceptance": key == ACCEPTANCE,
    }


def tellable_cells(
    cells: Mapping[str, Json], publication: str, redaction: Redaction
) -> dict[str, Json]:
    """What is known by criterion, without what people wrote of a place that is not public."""
    if publication == OPENBAAR.key:
        return {key: {**cell, **_public_words(cell, redaction)} for key, cell in cells.items()}
    return {key: {**cell, **_bare_words(key, cell)} for key, cell in cells.items()}


def _public_words(cell: Json, redaction: Redaction) -> Json:
    return {name: redaction.told(cell[name]) for name in ("note", "source", "reason")}


def _bare_words(key: str, cell: Json) -> Json:
    """Only what the program itself says; of a finding its label."""
    if key == "kosten":
        return {"note": None, "source": ESTIMATE}
    if key not in QUESTIONS:
        return {"note": cell["note"], "source": cell["source"]}
    steps = {step: FINDINGS[finding].label for finding, step in FINDING_STEPS.items()}
    raw = cell["raw"]
    return {"note": None if raw is None else steps[int(raw)], "source": CLOSER_LOOK}
