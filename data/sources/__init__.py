"""The sources we know, each with its own module.

A new source is a module with a ``SOURCE`` and one line in ``SOURCES``.
"""

from __future__ import annotations

from data.sources import (
    cbs_wijken_buurten,
    grondgebruik,
    locatieregister,
    openstreetmap,
    opgave,
    voorbeeldregio,
    voorzieningen,
    woningen,
)
from data.sources.source import Source

SOURCES: tuple[Source, ...] = (
    cbs_wijken_buurten.SOURCE,
    locatieregister.SOURCE,
    opgave.SOURCE,
    woningen.SOURCE,
    voorzieningen.SOURCE,
    openstreetmap.SOURCE,
    grondgebruik.SOURCE,
    voorbeeldregio.SOURCE,
)

_BY_KEY = {source.key: source for source in SOURCES}


def source(key: str) -> Source:
    """The source with this key; KeyError when there is none."""
    return _BY_KEY[key]
