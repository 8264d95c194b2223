"""The three layers of CBS: their names, and the column that holds the code of an area."""

from __future__ import annotations

from collections.abc import Mapping

from geo.frames import Level

LAYER_NAMES: Mapping[Level, str] = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}
CODE_COLUMN: Mapping[Level, str] = {
    "gemeente": "gemeente_code",
    "wijk": "wijk_code",
    "buurt": "buurt_code",
}
