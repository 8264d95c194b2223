"""What is near, in a sentence for residents: facts in minutes, no judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import floor, isfinite

from analysis.access.modes import TravelMode
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.dialogue.readability import B1
from analysis.errors import InputError
from analysis.method import NumberFormat

#: What a sentence names unless asked otherwise: daily life, and the way out.
DAILY = ("huisarts", "supermarkt", "ov_halte", "ontmoetingsplek", "treinstation")
#: Above this a place is called far, on foot and by bicycle alike.
FAR_MIN = 30.0

#: Each category as it stands inside a sentence; the nearest one is meant.
NOUNS = {
    "huisarts": "de huisarts",
    "apotheek": "de apotheek",
    "supermarkt": "de supermarkt",
    "ov_halte": "de halte",
    "treinstation": "het treinstation",
    "ontmoetingsplek": "de ontmoetingsplek",
    "dagbesteding": "de dagbesteding",
    "basisschool": "de basisschool",
    "sport": "de plek om te sporten",
    "groen": "het groen",
    "ziekenhuis": "het ziekenhuis",
    "bibliotheek": "de bibliotheek",
}


#: A sentence with more words than this is hard to read (``analysis.dialogue.readability``).
MOST_WORDS = B1.longest_sentence


def sentence(
    minutes: Mapping[str, float],
    mode: TravelMode,
    number: NumberFormat,
    categories: Sequence[str] = DAILY,
) -> str:
    """How far the nearest of each category is, in plain Dutch, in the order of ``categories``.

    ``minutes`` has travel minutes by category; what is absent, NaN or infinite has no travel
    time. Minutes are rounded to whole ones, halves up. "" when there are no categories.
    """
    unknown_words = [key for key in categories if key not in AMENITY_CATEGORIES]
    if unknown_words:
        raise InputError("sentence", [f"{key!r} is not a category" for key in unknown_words])
    known = {key: minutes[key] for key in categories if isfinite(minutes.get(key, float("nan")))}
    near = {key: value for key, value in known.items() if value <= FAR_MIN}
    far = {key: value for key, value in known.items() if value > FAR_MIN}
    unknown = [NOUNS[key] for key in categories if key not in known]
    told = (
        *_short(near, lambda some: _near(some, mode, number)),
        *_short(far, lambda some: _far(some, mode, number, has_near=bool(near))),
        _unknown(unknown),
    )
    return " ".join(part for part in told if part)


def _short(minutes: dict[str, float], tell: Callable[[dict[str, float]], str]) -> list[str]:
    """What ``tell`` says of all of them; in as many sentences as keep each of them short."""
    keys, told = list(minutes), [tell(minutes)]
    for count in range(2, len(keys) + 1):
        if all(len(one.split()) <= MOST_WORDS for one in told):
            break
        size = -(-len(keys) // count)
        parts = (keys[start : start + size] for start in range(0, len(keys), size))
        told = [tell({key: minutes[key] for key in some}) for some in parts]
    return told


def duration(minutes: float, number: NumberFormat) -> str:
    """A travel time in words: "6 minuten", "1 minuut", "minder dan 1 minuut"."""
    whole = floor(minutes + 0.5)
    if whole < 1:
        return "minder dan 1 minuut"
    return "1 minuut" if whole == 1 else f"{number(whole)} minuten"


def _near(near: Mapping[str, float], mode: TravelMode, number: NumberFormat) -> str:
    parts = [f"{NOUNS[key]} {duration(value, number)}" for key, value in near.items()]
    if not parts:
        return ""
    key, value = next(iter(near.items()))
    parts[0] = f"{NOUNS[key]} is {duration(value, number)} {mode.verb}"
    return f"{_start(_listed(parts))}."


def _far(far: Mapping[str, float], mode: TravelMode, number: NumberFormat, has_near: bool) -> str:
    verb = "" if has_near else f" {mode.verb}"
    if len(far) == 1:
        key, value = next(iter(far.items()))
        return f"{_start(NOUNS[key])} is ver: {duration(value, number)}{verb}."
    parts = [f"{NOUNS[key]} ({duration(value, number)}{verb})" for key, value in far.items()]
    return f"Ver zijn {_listed(parts)}." if parts else ""


def _unknown(nouns: list[str]) -> str:
    return f"Er is geen reistijd bekend naar {_listed(nouns)}." if nouns else ""


def _listed(parts: Sequence[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} en {parts[-1]}"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
