"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field

from data.compare import Difference


@dataclass(frozen=True)
class Section:
    """The difference for one kind of rows; ``noun`` is its Dutch plural.

    ``gone_words`` say what happens to rows that the delivery leaves out.
    """

    noun: str
    difference: Difference
    gone_words: str = "weg"


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
