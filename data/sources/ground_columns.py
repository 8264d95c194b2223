"""The columns of a file with uses of the ground, beside its surfaces."""

from __future__ import annotations

from data.sources.cells import to_text
from data.sources.file_columns import FileColumn

GROUND_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("kind", ("soort", "kind", "gebruik"), to_text, "wat voor gebruik het is"),
    FileColumn("name", ("naam", "name", "omschrijving"), to_text, "naam; mag ontbreken"),
    FileColumn("land_code", ("code", "identificatie", "kenmerk"), to_text, "code; mag ontbreken"),
)
