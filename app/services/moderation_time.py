"""How soon a contribution is looked at: what was promised, and what it took."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.numbers import to_dutch
from data.queries.moderation import TimeTaken, promised_days, time_taken

HOUR_S, _HOURS_A_DAY = 3600, 24
#: Below so many contributions no figure is given; the database holds to it too.
FEWEST, PERIOD_DAYS = 10, 90


@dataclass(frozen=True)
class ModerationTime:
    """Within how many days the open conversations promise a look, and what it took."""

    promised: tuple[int, ...]
    taken: TimeTaken

    @property
    def promise(self) -> str:
        """What is promised, in a sentence."""
        if not self.promised:
            return "Bij elk gesprek staat hoe snel wij een reactie bekijken."
        low, high = self.promised[0], self.promised[-1]
        if low == high:
            return f"Wij bekijken uw reactie binnen {_days(low)}."
        return (
            f"Wij bekijken uw reactie binnen {low} tot {_days(high)}. Bij elk gesprek staat hoe "
            "snel."
        )

    @property
    def reached(self) -> str:
        """What it took over the last 90 days, in a sentence."""
        taken = self.taken
        if taken.median_s is None or taken.slow_s is None:
            return (
                f"Er zijn nog te weinig reacties om te zeggen hoe lang het echt duurt: minder dan "
                f"{FEWEST} in de laatste {PERIOD_DAYS} dagen."
            )
        return (
            f"In de laatste {PERIOD_DAYS} dagen bekeken wij {to_dutch(taken.contribution_count)} "
            f"reacties. De helft was bekeken binnen {in_days(taken.median_s)}. Van elke tien waren "
            f"er negen bekeken binnen {in_days(taken.slow_s)}."
        )


def moderation_time(connection: Connection) -> ModerationTime:
    """What is promised and what it took."""
    return ModerationTime(promised_days(connection), time_taken(connection))


def in_days(seconds: float) -> str:
    """``3 uur``, ``2 dagen en 5 uur``: a length of time as people say it."""
    hours = round(seconds / HOUR_S)
    if hours < 1:
        return "een uur"
    days, rest = divmod(hours, _HOURS_A_DAY)
    told = [_days(days)] if days else []
    return " en ".join([*told, f"{rest} uur"] if rest else told)


def _days(count: int) -> str:
    return "1 dag" if count == 1 else f"{to_dutch(count)} dagen"
