"""What is wrong with what a user offers: every fault at once, each with its place.

Messages are in Dutch: they say what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.errors import DataError


@dataclass(frozen=True)
class Fault:
    """One thing that must be put right first.

    ``row`` is the row as the user sees it in the file (the header is row 1; in a GeoPackage
    the number of the feature); ``value`` is what stands there.
    """

    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def place(self) -> str:
        """Where it is, in words: ``rij 3, kolom plekken``."""
        parts = []
        if self.row is not None:
            parts.append(f"rij {self.row}")
        if self.column is not None:
            parts.append(f"kolom {self.column}")
        return ", ".join(parts)


class Refused(DataError):
    """An import is refused as a whole; nothing is stored. ``faults`` names every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.row or 0))
        super().__init__(_summary(self.faults))


def refuse(message: str, *, column: str | None = None, value: str | None = None) -> Refused:
    """A refusal for one reason that concerns the file as a whole."""
    return Refused([Fault(message, column=column, value=value)])


def check_none(faults: Sequence[Fault]) -> None:
    """Return when there are no faults; otherwise raise Refused with all of them."""
    if faults:
        raise Refused(faults)


def _summary(faults: Sequence[Fault]) -> str:
    lines = [f"{fault.place}: {fault.message}".removeprefix(": ") for fault in faults]
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"{len(lines)} fouten in het bestand:", *lines])
