"""The columns of a file with amenities."""

from __future__ import annotations

from data.sources.cells import to_text
from data.sources.file_columns import FileColumn
from data.sources.placing import PLACE_COLUMNS

POINT_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn(
        "amenity_code", ("code", "id", "nummer", "kenmerk", "osm id"), to_text, "vaste code"
    ),
    FileColumn("name", ("naam", "name", "omschrijving"), to_text, "naam"),
    FileColumn("category", ("categorie", "soort", "category"), to_text, "soort voorziening"),
    *PLACE_COLUMNS,
)
