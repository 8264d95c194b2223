"""The access score of a place: how well its surroundings fit what its kind asks, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.access.facts import TRAVEL_LIMITS, AccessFacts
from analysis.access.profiles import STARTING_VALUES, AccessProfile
from analysis.access.value import value_of
from analysis.errors import InputError
from analysis.registry import Registry

#: Texts in rows by point and columns by criterion, <NA> where there is nothing to say.
Words = npt.NDArray[np.object_]

NOT_COMPUTED = "Niet te berekenen."
NOT_MEASURED = "Deze reistijd is niet gemeten."
NOT_KNOWN = "Deze reistijd is niet bekend."
MEAN_IS_NO_DISTANCE = "Een gemiddelde van de buurt zegt niet hoeveel afstand deze plek houdt."


@dataclass(frozen=True)
class Basis:
    """Where the minutes of a criterion come from."""

    key: str
    label: str
    explanation: str


BasisKey = Literal["straten", "cbs"]
BASES = Registry(
    "basis of travel time",
    (
        Basis(
            "straten",
            "over de straten gemeten",
            "De kortste weg van deze plek naar de voorziening, over straten en paden.",
        ),
        Basis(
            "cbs",
            "gemiddelde van de buurt (CBS)",
            "De gemiddelde afstand over de autoweg van alle woningen in de buurt. Dit cijfer "
            "staat er als wij de afstand niet over de straten kunnen meten.",
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class AccessScores:
    """The access scores of some points for one profile, and all that they are made of.

    ``scores`` has the index of the minutes, with ``score`` (0 to 100, or NaN), ``reason`` (Dutch,
    <NA> where there is a score) and ``uses_cbs`` (whether any part rests on the CBS fallback).
    ``parts`` has a row per point and criterion, in the order of the points and of the profile:
    ``point``, ``criterion``, ``minutes``, ``value`` (0 to 1), ``weight`` (0 to 1), ``part``
    (points out of 100), ``basis`` (a key of ``BASES``, <NA> without minutes) and ``reason``
    (why there is no value, <NA> where there is one).
    """

    profile: AccessProfile
    parts: pd.DataFrame
    scores: pd.DataFrame

    def parts_of(self, point: object) -> pd.DataFrame:
        """The parts of one point, in the order of the profile."""
        return self.parts[self.parts["point"] == point]


def access_score(values: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """The score of each point from the values of its criteria (``score``).

    S_s = 100 × Σ u_k × v_k(t_sk)

    from 0 to 100, with weights above 0 that add up to 1. A point with an unknown value has no
    score (NaN): a missing part is neither 0 nor a mean. The columns are added in the order of
    their names, so that the order in which criteria are listed changes nothing.

    Source: additive value model, Keeney & Raiffa (1976).
    """
    if not values.columns.is_unique or set(values.columns) != set(weights.index):
        raise InputError("access_score", ["values and weights are not of the same criteria"])
    total = np.zeros(len(values))
    for name in sorted(values.columns):
        total += 100.0 * float(weights[name]) * values[name].to_numpy(dtype="float64")
    # Weights as 1/3 are not exact in floating point; the sum may end a hair above 100.
    return pd.Series(np.minimum(total, 100.0), index=values.index, name="score", dtype="float64")


def measure_access(
    minutes: pd.DataFrame,
    profile: AccessProfile,
    *,
    basis: pd.DataFrame | None = None,
    reasons: pd.DataFrame | None = None,
) -> AccessScores:
    """Score points by their travel minutes (index: point, unique; a column per criterion key).

    NaN is unknown, infinity is known to be out of reach. A column that is not there is not
    measured; columns that the profile does not ask are left alone. ``basis`` and ``reasons``
    have the same index and say per cell where minutes come from ("straten" unless said) and why
    they are unknown. Minutes from CBS, the mean of a buurt, stand in where near is good; where
    far is good they have no value, for a mean says nothing of the distance that is kept.
    """
    _check(minutes, basis, reasons)
    keys = [criterion.key for criterion in profile.criteria]
    times = minutes.reindex(columns=keys).astype("float64")
    values = pd.DataFrame(
        {
            criterion.key: value_of(times[criterion.key], criterion.good_min, criterion.bad_min)
            for criterion in profile.criteria
        },
        index=minutes.index,
    )
    weights = pd.Series({entry.key: float(entry.weight) for entry in profile.criteria})
    found, why = _bases(times, basis), _reasons(times, minutes, reasons)
    of_distance = np.array([entry.direction == "ver" for entry in profile.criteria])
    means = (found.astype(str) == "cbs") & of_distance
    values, why[means] = values.mask(means), MEAN_IS_NO_DISTANCE
    return AccessScores(
        profile=profile,
        parts=_parts(times, values, weights, found, why),
        scores=_scores(access_score(values, weights), profile, found, why),
    )


def _check(minutes: pd.DataFrame, basis: pd.DataFrame | None, reasons: pd.DataFrame | None) -> None:
    breaches = [] if minutes.index.is_unique else ["a point occurs twice"]
    for name, frame in (("basis", basis), ("reasons", reasons)):
        if frame is not None and not frame.index.equals(minutes.index):
            breaches.append(f"{name} is not on the index of the minutes")
    if basis is not None:
        words = {str(word) for word in basis.to_numpy(dtype="object").ravel() if pd.notna(word)}
        breaches += [f"{word!r} is not a basis" for word in sorted(words - set(BASES.keys))]
    if breaches:
        raise InputError("measure_access", breaches)


def _bases(times: pd.DataFrame, given: pd.DataFrame | None) -> Words:
    words: Words = np.full(times.shape, "straten", dtype="object")
    words = _told(words, times, given)
    words[times.isna().to_numpy()] = pd.NA
    return words


def _reasons(times: pd.DataFrame, minutes: pd.DataFrame, given: pd.DataFrame | None) -> Words:
    words: Words = np.full(times.shape, NOT_KNOWN, dtype="object")
    words[:, ~times.columns.isin(minutes.columns)] = NOT_MEASURED
    words = _told(words, times, given)
    words[times.notna().to_numpy()] = pd.NA
    return words


def _told(words: Words, times: pd.DataFrame, given: pd.DataFrame | None) -> Words:
    """The words, with those that were handed in where there are any."""
    if given is None:
        return words
    cells = given.reindex(columns=times.columns)
    return np.where(cells.isna().to_numpy(), words, cells.to_numpy(dtype="object"))


def _parts(
    times: pd.DataFrame, values: pd.DataFrame, weights: pd.Series, bases: Words, reasons: Words
) -> pd.DataFrame:
    point_count, criterion_count = times.shape
    weight = np.tile(weights.loc[list(times.columns)].to_numpy(), point_count)
    value = values.to_numpy().ravel()
    return pd.DataFrame(
        {
            "point": times.index.repeat(criterion_count),
            "criterion": np.tile(times.columns.to_numpy(dtype="object"), point_count),
            "minutes": times.to_numpy().ravel(),
            "value": value,
            "weight": weight,
            "part": 100.0 * weight * value,
            "basis": pd.Series(bases.ravel(), dtype="object"),
            "reason": pd.Series(reasons.ravel(), dtype="object"),
        }
    )


def _scores(score: pd.Series, profile: AccessProfile, bases: Words, reasons: Words) -> pd.DataFrame:
    labels = [criterion.label for criterion in profile.criteria]
    return pd.DataFrame(
        {
            "score": score,
            "reason": pd.Series(
                [_reason(labels, row) for row in reasons], index=score.index, dtype="object"
            ),
            "uses_cbs": ((bases.astype(str) == "cbs") & pd.isna(reasons)).any(axis=1),
        },
        index=score.index,
    )


def _reason(labels: list[str], reasons: Words) -> object:
    told = [
        f"{label}: {reason}"
        for label, reason in zip(labels, reasons, strict=True)
        if reason is not pd.NA
    ]
    return " ".join([NOT_COMPUTED, *told]) if told else pd.NA


def _example(
    facts: AccessFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    place = facts.place
    if place is None:
        return None
    parts = place.scores.parts_of(place.point)
    if parts["part"].isna().any():
        return None
    labels = {entry.key: entry.label for entry in place.scores.profile.criteria}
    told = [
        f"{labels[criterion]}: {number(minutes)} minuten geeft {number(100 * weight)} × "
        f"{number(value)} = {number(part)}."
        for criterion, minutes, weight, value, part in zip(
            *(parts[name] for name in ("criterion", "minutes", "weight", "value", "part")),
            strict=True,
        )
    ]
    total = number(float(parts["part"].sum()))
    return (
        f"{place.name}, {place.scores.profile.label.lower()}, "
        f"{place.scores.profile.mode.label}. {' '.join(told)} Samen {total} van de 100 punten."
    )


MEASURE = method.Measure(
    key="toegangsscore",
    label="Toegangsscore",
    group=method.ACCESS,
    explanation=(
        "Hoe goed de omgeving past bij wat een soort plek vraagt, van 0 tot 100. De ene soort wil "
        "winkels en huisarts dichtbij, de andere juist afstand tot woningen."
    ),
    formula_words=(
        "geef elke reistijd een waarde van 0 tot 1, vermenigvuldig die met het gewicht, tel alles "
        "op en neem het keer 100"
    ),
    formula="S_s = 100 × Σ u_k × v_k(t_sk)",
    symbols=(
        ("S_s", "de score van plek s, van 0 tot 100"),
        ("k", "een voorziening die meetelt, of woningen"),
        ("t_sk", "de reistijd in minuten van plek s naar de dichtstbijzijnde k"),
        (
            "v_k",
            "de waarde van die reistijd: 1 als zij goed is, 0 als zij slecht is, en een rechte "
            "lijn daartussen",
        ),
        ("u_k", "het gewicht van k; alle gewichten samen zijn 1"),
    ),
    unit="punten (0 tot 100)",
    example=_example,
    limits=(
        STARTING_VALUES,
        "De score vergelijkt plekken voor één soort. Scores van twee soorten zijn niet te "
        "vergelijken.",
        "Ontbreekt één reistijd, dan is er geen score. De andere delen blijven te zien.",
        "Kunnen wij niet over de straten meten, dan rekenen wij met het gemiddelde van de buurt "
        "van het CBS. Dat staat erbij. Voor afstand die een plek moet houden, doen wij dat niet.",
        "Afstand tot woningen en scholen meten wij over de straat. In een rechte lijn kan het "
        "dichterbij zijn.",
        "De score zegt niet of een plek mag of kan: eigendom, bestemming, geluid en riool tellen "
        "hier niet mee. Wat mensen van een plan vinden ook niet.",
        *TRAVEL_LIMITS,
    ),
    sources=(
        "R.L. Keeney en H. Raiffa (1976), Decisions with Multiple Objectives: additief "
        "waardemodel.",
        "Wat elke soort plek vraagt: de beleidsstukken die bij de soort staan.",
    ),
    function=access_score,
)
