"""What a comparison asks: which candidates, of which type, by which weights and settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.comparing.criteria import NEAR_HOME_M, PRESETS, Preset, criteria_of
from analysis.comparing.model import weights_of
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.numbers import to_dutch
from app.services.candidate_terms import MeasuringTerms
from app.services.spreading import QuestionError, find_word
from data.tables import LARGEST_ID
from geo.frames import Level

#: So many candidates stand in one list.
MOST_CANDIDATES = 60
MOST_POINTS = 100
START = "start"
Points = Mapping[str, int]


@dataclass(frozen=True)
class CompareQuestion:
    """Candidates by the id of their site, the terms they are measured by, and points.

    ``points`` has every criterion of the type. ``weighting`` is the word under which these
    points are known (the key of a preset, or the number of a saved weighting), empty for others.
    """

    terms: MeasuringTerms
    site_ids: tuple[int, ...]
    points: Points
    weighting: str

    @property
    def type(self) -> FacilityType:
        """The type that is compared."""
        return self.terms.type

    @property
    def weights(self) -> pd.Series:
        """The points as shares that add up to 1."""
        return weights_of(self.points)

    @property
    def point_count(self) -> int:
        """All points together."""
        return sum(self.points.values())


def read_type(word: str) -> FacilityType:
    """The type that a word means; QuestionError, in Dutch, for one that has no places on a map."""
    found: FacilityType = find_word(FACILITY_TYPES, "soort", word)
    if not found.recorded.on_map:
        raise QuestionError("soort", f"{found.label}: {found.recorded.explanation}")
    return found


def read_numbers(words: Sequence[str], read: Callable[[str], int | None]) -> tuple[int, ...]:
    """The ids that these words mean, each once, in their order; ``read`` knows one word.

    QuestionError when a word means no candidate, or when there are too many.
    """
    found: dict[int, None] = {}
    for word in words:
        number = read(word)
        if number is None:
            raise QuestionError("locatie", f"‘{word[:40]}’ is geen locatie die u kunt vergelijken.")
        found[number] = None
    if len(found) > MOST_CANDIDATES:
        raise QuestionError(
            "locatie", f"Vergelijk hoogstens {MOST_CANDIDATES} kandidaten tegelijk."
        )
    return tuple(found)


def to_number(word: str) -> int | None:
    """The id that is written here, when it can be one."""
    is_number = word.isascii() and word.isdigit() and len(word) < 20
    return int(word) if is_number and 0 < int(word) <= LARGEST_ID else None


def read_radius(word: str) -> float:
    """Metres on foot; that of the criteria when nothing is said."""
    if not word:
        return NEAR_HOME_M
    if not (word.isascii() and word.isdigit() and len(word) <= 6):
        raise QuestionError("straal", "De afstand is een heel aantal meters, bijvoorbeeld 400.")
    return float(word)


def read_points(
    kind: FacilityType, words: Mapping[str, str], base: Points | None = None
) -> dict[str, int]:
    """The points of every criterion: those of ``base`` (the start), but for those in ``words``.

    QuestionError when a word is no whole number from 0 to MOST_POINTS, or none is above 0.
    """
    points = dict(base or PRESETS[START].points_of(kind))
    for criterion in criteria_of(kind):
        word = words.get(criterion.key, "").strip()
        if word:
            points[criterion.key] = _points(criterion.key, criterion.label, word)
    if not any(points.values()):
        raise QuestionError("weging", "Geef ten minste één criterium punten.")
    return points


def _points(key: str, label: str, word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= MOST_POINTS):
        raise QuestionError(
            key, f"{label}: geef een heel aantal punten van 0 tot en met {to_dutch(MOST_POINTS)}."
        )
    return int(word)


def find_preset(word: str) -> Preset:
    """The preset of weights that a word means; QuestionError for any other."""
    found: Preset = find_word(PRESETS, "weging", word or START)
    return found


def with_candidates(question: CompareQuestion, site_ids: Sequence[int]) -> CompareQuestion:
    """The same question about other candidates."""
    return replace(question, site_ids=tuple(site_ids))


def terms_of(kind: FacilityType, on: dt.date, radius_m: float, level: str) -> MeasuringTerms:
    """The terms that these words ask; QuestionError names what is wrong."""
    known: dict[str, Level] = {"gemeente": "gemeente", "wijk": "wijk"}
    if level not in known:
        raise QuestionError("niveau", f"‘{level[:40]}’ kennen wij niet. Kies gemeente of wijk.")
    return MeasuringTerms(kind, on, radius_m=radius_m, level=known[level])
