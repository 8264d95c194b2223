"""The one sentence on what changed: how many places, and whether the spread became more even."""

from __future__ import annotations

from analysis.method import NumberFormat, Wording
from analysis.spreading.change import SpreadingChange


def change_headline(
    change: SpreadingChange, since: str, wording: Wording, number: NumberFormat
) -> str:
    """The headline in plain Dutch; ``since`` is the first date as it is read aloud."""
    sentences = [
        _places(change, since, wording, number),
        _spread(change, number),
        _left_out(change, wording, number),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def per_hundred(then: float, now: float) -> tuple[float, float]:
    """Both indices out of 100 places; with a decimal when whole numbers would be the same."""
    whole = (float(round(100 * then)), float(round(100 * now)))
    return whole if whole[0] != whole[1] else (round(100 * then, 1), round(100 * now, 1))


def _places(change: SpreadingChange, since: str, wording: Wording, number: NumberFormat) -> str:
    then, now = change.places_then_count, change.places_now_count
    if then is None or now is None:
        return f"Hoeveel {wording.places} er sinds {since} bij kwamen, is niet bekend."
    more = now - then
    noun = wording.place if abs(more) == 1 else wording.places
    if more > 0:
        return f"Sinds {since} {'kwam' if more == 1 else 'kwamen'} er {number(more)} {noun} bij."
    if more < 0:
        return f"Sinds {since} {'ging' if more == -1 else 'gingen'} er {number(-more)} {noun} weg."
    if now == 0:
        return f"Op {since} waren er geen {wording.places}, en nu ook niet."
    return f"Sinds {since} bleef het aantal {wording.places} gelijk: {number(now)}."


def _spread(change: SpreadingChange, number: NumberFormat) -> str:
    if change.hoover_then is None or change.hoover_now is None:
        reason = change.reasons[0]
        return "" if reason.key == "no_places" else reason.label
    if change.has_too_few_places:
        return "Er zijn te weinig plekken om te zeggen of de verdeling gelijker werd."
    if change.direction == "geen_duidelijk_verschil":
        return (
            "In de verdeling is geen duidelijk verschil: nu zouden "
            f"{number(round(100 * change.hoover_now))} van de 100 plekken moeten verhuizen."
        )
    then, now = per_hundred(change.hoover_then, change.hoover_now)
    more_or_less = "gelijker" if change.direction == "gelijker" else "minder gelijk"
    return (
        f"De verdeling werd {more_or_less}: van {number(then)} naar {number(now)} van de 100 "
        "plekken die zouden moeten verhuizen."
    )


def _left_out(change: SpreadingChange, wording: Wording, number: NumberFormat) -> str:
    count = change.left_out_area_count
    if not count or change.hoover_now is None:
        return ""
    areas, verb = (wording.area, "telt") if count == 1 else (wording.areas, "tellen")
    return f"{number(count)} {areas} {verb} niet mee, omdat een cijfer ontbreekt."
