"""Which wijken may be told apart, so that no small group is told by what is left over."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.dialogue.importance import LEAST_ANSWERS

#: Fewer people of a wijk than this are not told.
LEAST_PEOPLE = 5


def told_counts(counts: Mapping[str, int], other_count: int) -> dict[str, int]:
    """How many answers there are of each wijk that may be told.

    ``other_count`` are those without a wijk. A wijk with fewer than LEAST_PEOPLE is not told; and
    since the whole is told, what is left over is either nothing or at least LEAST_PEOPLE too: the
    smallest wijken go until it is.
    """
    shown = {code: count for code, count in counts.items() if count >= LEAST_PEOPLE}
    return _leaving_enough(shown, sum(counts.values()) + other_count)


def told_apart(counts: Mapping[str, int], other_count: int) -> tuple[str, ...]:
    """The wijken of which the weightings are told: LEAST_ANSWERS each, and enough left over."""
    shown = {code: count for code, count in counts.items() if count >= LEAST_ANSWERS}
    kept = _leaving_enough(shown, sum(counts.values()) + other_count)
    return tuple(sorted(kept))


def _leaving_enough(shown: dict[str, int], whole: int) -> dict[str, int]:
    kept = dict(sorted(shown.items(), key=lambda item: (-item[1], item[0])))
    while kept and 0 < whole - sum(kept.values()) < LEAST_PEOPLE:
        kept.popitem()
    return kept
