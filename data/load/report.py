"""What an import did, or would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from data.compare import Difference

#: Is told in one line of Dutch what is being done now.
Progress = Callable[[str], None]


def silent(_message: str) -> None:
    """A ``Progress`` that tells nobody."""


@dataclass(frozen=True)
class Section:
    """The difference for one kind of rows; ``noun`` is its Dutch plural."""

    noun: str
    difference: Difference


@dataclass(frozen=True)
class LoadReport:
    """What one import changed. ``facts`` are counts worth telling, ``notes`` are no faults."""

    title: str
    release_id: int | None
    sections: tuple[Section, ...]
    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether the import changed nothing."""
        return all(section.difference.is_empty for section in self.sections)
