"""A closed vocabulary: a fixed tuple of entries that explain themselves, found by key or label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from analysis.errors import UnknownEntryError


class Entry(Protocol):
    """What every entry of a registry has: a key for code and columns, a Dutch label for people."""

    @property
    def key(self) -> str:
        """What columns, addresses and the API hold."""

    @property
    def label(self) -> str:
        """What people read, in Dutch."""


EntryT = TypeVar("EntryT", bound=Entry)
_SAME_WORD = str.maketrans({"_": " ", "-": " ", "æ": "ae"})


class Registry(Generic[EntryT]):
    """Entries in a fixed order; iterate for the entries, index with a key, ``find`` for people."""

    def __init__(self, noun: str, entries: Iterable[EntryT]) -> None:
        self.noun = noun
        self.entries = tuple(entries)
        self._by_key = {entry.key: entry for entry in self.entries}
        if len(self._by_key) != len(self.entries):
            raise ValueError(f"two entries of {noun} share a key")
        self._by_word = dict(self._words())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the registry."""
        return tuple(self._by_key)

    def find(self, word: str) -> EntryT:
        """The entry whose key, Dutch label or alias this is, whatever the capitals and spaces."""
        key = self._by_word.get(_plain(word))
        if key is None:
            raise UnknownEntryError(self.noun, word, self.keys)
        return self._by_key[key]

    def __getitem__(self, key: str) -> EntryT:
        if key not in self._by_key:
            raise UnknownEntryError(self.noun, key, self.keys)
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[EntryT]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def _words(self) -> Iterator[tuple[str, str]]:
        for entry in self.entries:
            for word in (entry.key, entry.label, *getattr(entry, "aliases", ())):
                yield _plain(word), entry.key


def _plain(word: str) -> str:
    spaced = word.casefold().translate(_SAME_WORD)
    return " ".join(spaced.split())
