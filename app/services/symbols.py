"""All symbols in one file, so that a page fetches them once and can colour them."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from functools import lru_cache
from pathlib import Path

SVG = "http://www.w3.org/2000/svg"


def sprite(folder: Path) -> bytes:
    """The SVG files of a folder as ``<symbol>`` elements, each with its file name as id."""
    return _sprite(folder, version(folder))


def version(folder: Path, pattern: str = "*.svg") -> str:
    """A short text that changes when one of these files does."""
    files = sorted(folder.glob(pattern))
    changes = "".join(f"{file.name}{file.stat().st_mtime_ns}" for file in files)
    return hashlib.sha256(changes.encode()).hexdigest()[:10]


@lru_cache(maxsize=2)
def _sprite(folder: Path, _version: str) -> bytes:
    ET.register_namespace("", SVG)
    whole = ET.Element(f"{{{SVG}}}svg")
    for file in sorted(folder.glob("*.svg")):
        drawing = ET.parse(file).getroot()
        box = drawing.get("viewBox", "0 0 24 24")
        symbol = ET.SubElement(whole, f"{{{SVG}}}symbol", {"id": file.stem, "viewBox": box})
        symbol.extend(list(drawing))
    return ET.tostring(whole, encoding="unicode").encode()
