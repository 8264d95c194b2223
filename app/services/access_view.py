"""What is near a place, as a page tells it: in a sentence, in rows, and beside another place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from sqlalchemy import Connection

from analysis.access.modes import TravelMode
from analysis.access.profiles import ACCESS_PROFILES, STARTING_VALUES, AccessProfile, Criterion
from analysis.access.score import measure_access
from analysis.access.sentence import NOUNS, duration, sentence
from analysis.amenity_categories import AmenityCategory
from app.numbers import is_unknown, to_dutch
from app.services.street_store import NO_STREETS
from app.services.travel import CategoryAccess, PointAccess, access_frames, point_access

#: A smaller difference is not told apart: streets and speeds are not known that well.
CLEAR_MIN = 1.0
NO_CLEAR_DIFFERENCE = "geen duidelijk verschil"
NOT_COMPARABLE = "niet te vergelijken"
ONE_DECIMAL_BELOW_MIN = 10
#: Said of a place while there are no streets to measure over.
BY_CBS = "Daarom staan hier afstanden van het CBS, in kilometers over de weg met de auto."
NOTHING_BY_CBS = "Ook het CBS geeft hier geen afstanden. Hoe ver het is, weten wij dus niet."


def minutes_text(minutes: float | None) -> str:
    """Minutes for a reader: whole ones, and one decimal below ten."""
    if minutes is None or is_unknown(minutes) or not isfinite(minutes):
        return to_dutch(None)
    return to_dutch(minutes, 1 if minutes < ONE_DECIMAL_BELOW_MIN else 0)


def with_unit(minutes: float) -> str:
    """The same with its unit: 1 minuut, 4,5 minuten."""
    text = minutes_text(minutes)
    return f"{text} {'minuut' if text == '1' else 'minuten'}"


@dataclass(frozen=True)
class ScorePart:
    """One thing that a kind of place asks: the minutes, what they are worth, its weight."""

    criterion: Criterion
    minutes: float | None
    value: float | None
    weight: float
    points: float | None
    is_cbs: bool
    reason: str | None

    @property
    def asks(self) -> str:
        """The direction, with the minutes between which the value runs."""
        good, bad = with_unit(self.criterion.good_min), with_unit(self.criterion.bad_min)
        if self.criterion.direction == "dichtbij":
            return f"Dichtbij is goed: alle punten tot {good}, geen vanaf {bad}."
        return f"Ver weg is goed: alle punten vanaf {good}, geen tot {bad}."


@dataclass(frozen=True)
class ScoreView:
    """The access score of a place for one kind of place, with every part."""

    profile: AccessProfile
    score: float | None
    reason: str | None
    parts: tuple[ScorePart, ...]
    starting_values: str = STARTING_VALUES

    @property
    def sentence(self) -> str:
        """The score in words, or why there is none."""
        if self.score is None:
            return str(self.reason)
        return (
            f"Deze plek krijgt {to_dutch(self.score)} van de 100 punten, gerekend "
            f"{self.profile.mode.label}. Hoe meer punten, hoe beter de reistijden passen."
        )

    def sentence_beside(self, other: ScoreView) -> str:
        """Both scores in words, or why one of them is not there."""
        if self.score is None or other.score is None:
            told = (("A", self), ("B", other))
            return " ".join(f"{letter}: {score.sentence}" for letter, score in told)
        return (
            f"A krijgt {to_dutch(self.score)} van de 100 punten en B {to_dutch(other.score)}, "
            f"gerekend {self.profile.mode.label}. Hoe meer punten, hoe beter de reistijden passen."
        )

    def pairs(self, other: ScoreView) -> Iterator[tuple[ScorePart, ScorePart]]:
        """The parts beside those of another place."""
        return zip(self.parts, other.parts, strict=True)


@dataclass(frozen=True)
class AccessView:
    """One place: where it is, how far everything is, and its score when a kind was chosen."""

    access: PointAccess
    score: ScoreView | None = None

    @property
    def where(self) -> str:
        """The smallest area that the place lies in, with its gemeente."""
        names = [area.name for area in (self.access.areas[0], self.access.areas[-1])]
        return ", ".join(dict.fromkeys(names))

    @property
    def has_minutes(self) -> bool:
        """Whether anything could be measured: there are streets, and one of them is near."""
        return self.access.has_streets and not self.access.is_far

    @property
    def sentence(self) -> str:
        """How far daily life is."""
        if not self.access.has_streets:
            has_cbs = any(entry.cbs_km is not None for entry in self.access.categories)
            return f"{NO_STREETS} {BY_CBS if has_cbs else NOTHING_BY_CBS}"
        if self.access.is_far:
            return (
                "Deze plek ligt te ver van een straat. Kies een plek dichter bij een straat of pad."
            )
        return sentence(known_minutes(self.access), self.access.mode, to_dutch)

    def amenity_count(self, band_min: int) -> int:
        """How many amenities, of all kinds together, are within so many minutes."""
        return sum(entry.counts[band_min] for entry in self.access.categories if entry.counts)


@dataclass(frozen=True)
class ComparedRow:
    """One kind of amenity from two places; the difference is that of B minus A."""

    category: AmenityCategory
    first: CategoryAccess
    second: CategoryAccess

    @property
    def difference_min(self) -> float | None:
        """How many minutes B is farther, None when one of the two is not known."""
        if self.first.nearest is None or self.second.nearest is None:
            return None
        return self.second.nearest.minutes - self.first.nearest.minutes

    @property
    def is_clear(self) -> bool:
        """Whether the difference is large enough to speak of."""
        return self.difference_min is not None and abs(self.difference_min) >= CLEAR_MIN

    @property
    def words(self) -> str:
        """Which is nearer and by how much."""
        if self.difference_min is None:
            return NOT_COMPARABLE
        if not self.is_clear:
            return NO_CLEAR_DIFFERENCE
        return f"{self.nearer} {with_unit(abs(self.difference_min))} korter"

    @property
    def nearer(self) -> str:
        """The letter of the place that is nearer."""
        return "A" if self.difference_min is not None and self.difference_min > 0 else "B"


@dataclass(frozen=True)
class Comparison:
    """Two places beside each other, by the same way of travelling."""

    first: AccessView
    second: AccessView

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """Every kind of amenity of both."""
        pairs = zip(self.first.access.categories, self.second.access.categories, strict=True)
        return tuple(ComparedRow(a.category, a, b) for a, b in pairs)

    @property
    def uses_cbs(self) -> bool:
        """Whether a distance of CBS stands in for minutes anywhere."""
        entries = (entry for row in self.rows for entry in (row.first, row.second))
        return any(entry.cbs_km is not None for entry in entries)

    @property
    def sentence(self) -> str:
        """From which place more is near, and what differs most."""
        rows = [row for row in self.rows if row.difference_min is not None]
        clear = [row for row in rows if row.is_clear]
        if not self.first.access.has_streets:
            return f"Deze twee plekken zijn niet te vergelijken in minuten. {NO_STREETS}"
        if not rows:
            return "Deze twee plekken zijn niet te vergelijken: er zijn geen reistijden bekend."
        if not clear:
            return (
                "Er is geen duidelijk verschil: naar elke soort voorziening scheelt het minder dan "
                "1 minuut."
            )
        largest = max(clear, key=lambda row: abs(row.difference_min or 0.0))
        return f"{_tally(clear, len(rows))} {_largest(largest)}"


def access_view(
    connection: Connection,
    home: Path,
    point: tuple[float, float],
    mode: TravelMode,
    type_key: str | None = None,
) -> AccessView:
    """What is near a place (RD, metres). Raises the errors of ``point_access``."""
    access = point_access(connection, home, *point, mode)
    score = _score(connection, home, access, type_key) if type_key else None
    return AccessView(access, score)


def known_minutes(access: PointAccess) -> dict[str, float]:
    """Minutes to the nearest amenity by category, where there is a way."""
    return {
        entry.category.key: entry.nearest.minutes for entry in access.categories if entry.nearest
    }


def _score(connection: Connection, home: Path, access: PointAccess, type_key: str) -> ScoreView:
    """The score by the way of travelling that the kind of place asks."""
    profile = ACCESS_PROFILES[type_key]
    if profile.mode != access.mode:
        access = point_access(connection, home, access.x_m, access.y_m, profile.mode)
    frames = access_frames({"plek": access})
    scores = measure_access(frames.minutes, profile, basis=frames.basis, reasons=frames.reasons)
    total = scores.scores.iloc[0]
    parts = zip(profile.criteria, scores.parts.to_dict("records"), strict=True)
    return ScoreView(
        profile,
        score=_known(total["score"]),
        reason=None if is_unknown(total["reason"]) else str(total["reason"]),
        parts=tuple(
            ScorePart(
                criterion,
                minutes=_known(part["minutes"]),
                value=_known(part["value"]),
                weight=float(part["weight"]),
                points=_known(part["part"]),
                is_cbs=part["basis"] == "cbs",
                reason=None if is_unknown(part["reason"]) else str(part["reason"]),
            )
            for criterion, part in parts
        ),
    )


def _known(value: object) -> float | None:
    return None if is_unknown(value) else float(str(value))


def _tally(clear: list[ComparedRow], total: int) -> str:
    counts = {letter: sum(row.nearer == letter for row in clear) for letter in ("A", "B")}
    (first, count), *other = [(letter, count) for letter, count in counts.items() if count]
    also = "".join(f", naar {count} vanaf {letter}" for letter, count in other)
    return (
        f"Naar {count} van de {total} soorten voorzieningen is de weg korter vanaf {first}{also}."
    )


def _largest(row: ComparedRow) -> str:
    first, second = (
        duration(entry.nearest.minutes, to_dutch)
        for entry in (row.first, row.second)
        if entry.nearest is not None
    )
    what = NOUNS[row.category.key]
    return f"Het verschil is het grootst voor {what}: {first} vanaf A, {second} vanaf B."
