"""How far a conversation reached: how many contributions, from where, and by which way.

It says how many, never who: no number of persons is known, and nobody is ranked. A wijk with few
contributions is not shown, for they may be told to a person; nor can it be worked out from a total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Below so many contributions a wijk is not shown.
FEWEST_SHOWN = 5


@dataclass(frozen=True)
class WijkReach:
    """How many contributions came from each wijk that is shown, by code.

    ``rest`` came from other wijken, or from who did not say where; which of the two, and from
    which wijken, is not told.
    """

    shown: Mapping[str, int]
    rest: int


def hide_few(counts: Mapping[str | None, int]) -> WijkReach:
    """The counts that may be shown; ``None`` counts who did not say where.

    A wijk with 1 to 4 goes to the rest. While the rest is then 1 to 4 itself, the smallest wijk
    that is shown goes with it: a rest is empty, or 5 or more, or all there is.
    """
    shown = {
        code: count for code, count in counts.items() if code is not None and count >= FEWEST_SHOWN
    }
    rest = sum(counts.values()) - sum(shown.values())
    while 0 < rest < FEWEST_SHOWN and shown:
        smallest = min(shown, key=lambda code: (shown[code], code))
        rest += shown.pop(smallest)
    return WijkReach(dict(sorted(shown.items())), rest)
