"""Errors of the data package. They know no HTTP; ``app.errors`` translates them.

Messages are in Dutch: they reach users.
"""

from __future__ import annotations


class DataError(Exception):
    """Base of everything that goes wrong in ``data``."""


class SchemaError(DataError):
    """The database is not as this version of the program needs it."""


class NotFound(DataError):
    """What was asked for is not there, or is not public."""
