"""What a resident finds important: read from an address, and sent without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.comparing.criteria import CRITERIA, PRESETS
from analysis.dialogue.subjects import (
    FIRST_STEP,
    MOST_STEPS,
    STEPS,
    SUBJECTS,
    Subject,
    to_steps,
    to_subjects,
)
from app.services.shelf import Shelf, content_key
from app.services.spreading import QuestionError
from app.services.weighed_track import WeighedTrack
from data.changes.importance import CLOSED, NewImportance, add_importance
from data.changes.sites import OutsideScope
from data.queries.areas import areas
from data.queries.releases import area_release
from geo.frames import REGION_CODE

Points = Mapping[str, int]
#: The preset of planners that means something else for residents, who weigh fewer subjects.
_EQUAL = "gelijk"
#: Points of planners, by criterion, run to this.
MOST_OF_PLANNERS = 100
ALL_KEYS = tuple(dict.fromkeys((*SUBJECTS.keys, *CRITERIA.keys)))
NOT_IN_LIST = "Kies een wijk uit de lijst, of zeg het liever niet."
_wijken_shelf = Shelf(32)


@dataclass(frozen=True)
class Start:
    """A weighting to begin with: its name and its steps."""

    label: str
    explanation: str
    steps: Points


@dataclass(frozen=True)
class Wijk:
    """A wijk that someone may say to be from."""

    code: str
    name: str
    gemeente_name: str


def read_steps(subjects: Sequence[Subject], words: Mapping[str, str]) -> dict[str, int]:
    """The step of each subject in these words; where nothing is said the first step.

    QuestionError, in Dutch, for a word that is no step.
    """
    return {subject.key: _step(subject, words.get(subject.key, "")) for subject in subjects}


def _step(subject: Subject, word: str) -> int:
    word = word.strip()
    if not word:
        return FIRST_STEP
    if word not in STEPS:
        raise QuestionError(
            subject.key, f"{subject.label}: kies een stap van 0 tot en met {MOST_STEPS}."
        )
    return STEPS[word].points


def read_own(subjects: Sequence[Subject], words: Mapping[str, str]) -> dict[str, float] | None:
    """Points of the reader by subject, given by subject or by criterion; None when none is given.

    QuestionError, in Dutch, for a word that is no whole number of points.
    """
    given = {key: words[key].strip() for key in ALL_KEYS if words.get(key, "").strip()}
    for key, word in given.items():
        if not (word.isascii() and word.isdigit() and len(word) <= 3):
            raise QuestionError(key, "Geef een heel aantal punten van 0 tot en met 100.")
        if int(word) > MOST_OF_PLANNERS:
            raise QuestionError(key, "Geef een heel aantal punten van 0 tot en met 100.")
    points = to_subjects({key: int(word) for key, word in given.items()}, tuple(subjects))
    return points if any(points.values()) else None


def starts(subjects: Sequence[Subject]) -> tuple[Start, ...]:
    """Weightings to begin with: everything equal, and those that planners begin with."""
    equal = Start(
        "Alles even zwaar",
        "Elk onderwerp telt even zwaar.",
        {subject.key: FIRST_STEP for subject in subjects},
    )
    presets = (entry for entry in PRESETS if entry.key != _EQUAL)
    return (
        equal,
        *(
            Start(entry.label, entry.explanation, to_steps(entry.points, tuple(subjects)))
            for entry in presets
        ),
    )


def wijken_of(connection: Connection, track: WeighedTrack) -> tuple[Wijk, ...]:
    """The wijken of the gemeente of the conversation, or of the region, by gemeente and name."""
    release = area_release(connection)
    gemeente = track.record.gemeente_code

    def make() -> tuple[Wijk, ...]:
        rows = areas(connection, release.id, "wijk", region_only=True)
        if gemeente != REGION_CODE:
            rows = rows[rows["gemeente_code"] == gemeente]
        found = [
            Wijk(str(code), str(name), str(of))
            for code, name, of in zip(rows.index, rows["name"], rows["gemeente_name"], strict=True)
        ]
        return tuple(sorted(found, key=lambda wijk: (wijk.gemeente_name, wijk.name)))

    return _wijken_shelf.keep(content_key(connection, release, gemeente), make)


def read_wijk(wijken: Sequence[Wijk], word: str) -> str | None:
    """The code of the wijk that was chosen; None for none, QuestionError for another."""
    word = word.strip()
    if not word:
        return None
    if word not in {wijk.code for wijk in wijken}:
        raise QuestionError("wijk", NOT_IN_LIST)
    return word


def send_importance(
    connection: Connection, track: WeighedTrack, points: Points, wijk_code: str | None
) -> None:
    """Keep a weighting in the phase that is open now; on a connection of a resident.

    OutsideScope when there is none, QuestionError when nothing weighs.
    """
    phase = track.phase_now
    if phase is None:
        raise OutsideScope(CLOSED)
    if not any(points.values()):
        raise QuestionError("afweging", "Geef ten minste één onderwerp gewicht.")
    add_importance(
        connection,
        NewImportance(track.record.id, phase.id, track.type_key, points, wijk_code),
    )
