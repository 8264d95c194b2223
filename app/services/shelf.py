"""Answers kept in this process under what they rest on, so that none is ever out of date."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import pandas as pd
from sqlalchemy import Connection

from data.queries.releases import Release

Kept = TypeVar("Kept")


class Shelf:
    """The answers used last; a key must hold everything that an answer rests on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.RLock()

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The answer under this key, made when it is not there; others wait for it."""
        with self._lock:
            if key not in self._answers:
                self._answers[key] = make()
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            return cast(Kept, self._answers[key])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()

    def __len__(self) -> int:
        return len(self._answers)


def content_key(connection: Connection, *parts: object) -> Hashable:
    """What an answer rests on: the database, deliveries by number and moment, tables by content."""
    return (str(connection.engine.url), *(_mark(part) for part in parts))


def _mark(part: object) -> object:
    if isinstance(part, Release):
        return (part.id, part.imported_at, part.sha256)
    if isinstance(part, pd.DataFrame):
        return hashlib.sha256(part.to_csv().encode()).hexdigest()
    return part
