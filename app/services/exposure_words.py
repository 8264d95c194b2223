"""What is near homes, in sentences: the same on the page, in the command and in the files."""

from __future__ import annotations

from typing import Any

from analysis.method import Wording
from analysis.spreading.exposure_change import ExposureChange, PlacesChange, Shift
from app.numbers import to_dutch
from app.services.area_minutes import BASES, TOO_FAR
from app.services.exposure import Comparison, Exposure, ExposureQuestion
from app.services.minutes_table import minutes_text
from app.services.reach_table import protected_note, share_text

#: Up to this share a sentence says "1 op de 7"; above it a percentage is easier to read.
MOST_ONE_IN = 1 / 3


def wording(question: ExposureQuestion) -> Wording:
    """The nouns for sentences about these types."""
    if len(question.types) != 1:
        return Wording()
    (entry,) = question.types
    return Wording(place=entry.counted, places=entry.counted_plural)


def people(count: float) -> str:
    """``1 inwoner``, ``1.200 inwoners``."""
    return "1 inwoner" if count == 1 else f"{to_dutch(count)} inwoners"


def metres(limit_m: float) -> str:
    """``400 meter lopen``."""
    return f"{to_dutch(limit_m)} meter lopen"


def part_of(share: float) -> str:
    """A share in words: ``ongeveer 1 op de 7``, ``62%``, ``niemand``."""
    if share == 0:
        return "niemand"
    if share == 1:
        return "iedereen"
    if share <= MOST_ONE_IN:
        return f"ongeveer 1 op de {to_dutch(round(1 / share))}"
    return share_text(share)


def headline(answer: Exposure, limit_m: float) -> str:
    """The answer in one sentence."""
    found = answer.by_places
    if not found.measured_count:
        return f"Wat er dicht bij huis is, is niet te meten: alle inwoners wonen {TOO_FAR}."
    place = wording(answer.question).place
    return (
        f"Van de {people(found.measured_count)} heeft {part_of(found.with_any_share(limit_m))} "
        f"een {place} binnen {metres(limit_m)}."
    )


def highest(answer: Exposure, limit_m: float) -> str | None:
    """The sentence after it: the highest number anybody has; None when nobody has any."""
    row: Any = answer.region.loc[limit_m]
    if not row["most_place_count"] > 0:
        return None
    least = "minstens " if row["is_at_least"] else ""
    words = wording(answer.question)
    count = float(row["most_place_count"])
    noun = words.place if count == 1 else words.places
    return f"Het hoogste aantal is {least}{to_dutch(count)} {noun}."


def change_intro(comparison: Comparison) -> str:
    """Which two states are compared."""
    candidate = comparison.candidate
    places = (
        "1 plek" if candidate.place_count == 1 else f"{to_dutch(candidate.place_count)} plekken"
    )
    if candidate.is_counted:
        return f"{_capital(candidate.name)} telt al mee, met {places}. Wat als die er niet was?"
    return f"Wat als {candidate.name} erbij komt, met {places}?"


def places_sentences(change: ExposureChange, limit_m: float) -> tuple[str, ...]:
    """Who gets more places near, and who fewer; both are always said."""
    near = next(entry for entry in change.places if entry.limit_m == limit_m)
    return (_more(near), _fewer(near))


def _more(near: PlacesChange) -> str:
    if not near.more_count or near.highest_after_count is None:
        return f"Niemand krijgt meer plekken binnen {metres(near.limit_m)}."
    told = (
        f"{people(near.more_count)} {_verb(near.more_count, 'krijgt', 'krijgen')} meer plekken "
        f"binnen {metres(near.limit_m)}. {_of_them(near.more_count, near.first_count)} had er "
        "nog geen."
    )
    least = "minstens " if near.is_at_least else ""
    return f"{told} Het hoogste aantal wordt {least}{to_dutch(near.highest_after_count)}."


def _fewer(near: PlacesChange) -> str:
    if not near.fewer_count or near.highest_before_count is None:
        return f"Niemand krijgt minder plekken binnen {metres(near.limit_m)}."
    told = (
        f"{people(near.fewer_count)} {_verb(near.fewer_count, 'krijgt', 'krijgen')} minder "
        f"plekken binnen {metres(near.limit_m)}. {_of_them(near.fewer_count, near.last_count)} "
        "heeft er dan geen meer."
    )
    least = "minstens " if near.is_at_least else ""
    return f"{told} Het hoogste aantal was {least}{to_dutch(near.highest_before_count)}."


def _of_them(whole: float, count: float) -> str:
    if count == whole:
        return "Die inwoner" if whole == 1 else "Ieder van hen"
    return f"Een deel van hen ({to_dutch(count)})" if count else "Niemand van hen"


def help_sentences(change: ExposureChange) -> tuple[str, ...]:
    """For whom the nearest place comes closer, for whom further, and who is within reach."""
    helped = change.help
    limit = to_dutch(helped.limit_min)
    after, before = people(helped.within_after_count), to_dutch(helped.within_before_count)
    return (
        _shift(helped.closer, "komt", "dichterbij"),
        _shift(helped.further, "is", "verder weg"),
        f"Binnen {limit} minuten lopen van een plek wonen dan {after}. Nu zijn dat er {before}: "
        f"{to_dutch(helped.gained_count)} erbij en {to_dutch(helped.lost_count)} eraf.",
    )


def _shift(shift: Shift, verb: str, where: str) -> str:
    if not shift.resident_count:
        return f"Voor niemand {verb} de dichtstbijzijnde plek {where}."
    told = f"Voor {people(shift.resident_count)} {verb} de dichtstbijzijnde plek {where}."
    if shift.median_min is not None and shift.most_min is not None:
        told += (
            f" Voor de helft van hen scheelt dat hoogstens {_minutes(shift.median_min)} lopen. "
            f"Het meeste is {_minutes(shift.most_min)}."
        )
    if shift.wayless_count:
        told += f" Voor {people(shift.wayless_count)} is er nu, of straks, geen plek te bereiken."
    return told


def _minutes(value: float) -> str:
    if value < 1:
        return "1 minuut"
    text = minutes_text(value)
    return "1 minuut" if text == "1" else f"{text} minuten"


def rim_sentence(comparison: Comparison, limit_m: float) -> str | None:
    """What changes for the people around the region; None when nothing, or nothing is known."""
    if comparison.rim is None:
        return None
    near = next(entry for entry in comparison.rim.places if entry.limit_m == limit_m)
    parts = [
        f"{people(count)} {word} plekken binnen {metres(limit_m)}"
        for count, word in ((near.more_count, "meer"), (near.fewer_count, "minder"))
        if count
    ]
    helped = comparison.rim.help
    parts += [
        f"{people(shift.resident_count)} een plek {where}"
        for shift, where in ((helped.closer, "dichterbij"), (helped.further, "verder weg"))
        if shift.resident_count
    ]
    return f"Buiten de regio: {', '.join(parts)}." if parts else None


def reading_notes(answer: Exposure) -> tuple[tuple[str, str], ...]:
    """What a reader must know of this answer: name and sentence."""
    notes = [("Gemeten vanaf", BASES[answer.population_basis])]
    if answer.by_places.unmeasured_count:
        count = answer.by_places.unmeasured_count
        notes.append(
            ("Niet gemeten", f"{people(count)} {_verb(count, 'woont', 'wonen')} {TOO_FAR}.")
        )
    if answer.unknown_site_count:
        count = answer.unknown_site_count
        sites = "1 locatie" if count == 1 else f"{to_dutch(count)} locaties"
        notes.append(
            (
                "Minstens",
                f"Van {sites} weten wij het aantal plekken niet. Wie daar dichtbij woont, heeft "
                "minstens het aantal dat er staat.",
            )
        )
    if note := protected_note(answer):
        notes.append(("Afgeschermd", note))
    return tuple(notes)


def _verb(count: float, one: str, many: str) -> str:
    return one if count == 1 else many


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
