"""Amenities of daily life as a source: any list of points with a category."""

from __future__ import annotations

from data.sources.point_columns import POINT_COLUMNS
from data.sources.source import Source

SOURCE = Source(
    key="voorzieningen",
    title="Voorzieningen",
    publisher="Zie het bestand (bijvoorbeeld DUO, RIVM of OpenStreetMap)",
    licence="Zie de bron van het bestand",
    licence_address="https://data.overheid.nl/licenties-voor-open-data",
    attribution="Voorzieningen, {year}",
    address="https://data.overheid.nl",
    delivers=(
        "Plekken van het dagelijks leven, zoals scholen, huisartsen en winkels, met hun soort."
    ),
    formats=("CSV", "XLSX", "GeoPackage (punten)"),
    columns=tuple((column.label, column.explanation) for column in POINT_COLUMNS),
    limits=(
        "Ook voorzieningen buiten de regio tellen mee: mensen gaan de grens over.",
        "Staat in het bestand alleen een postcodegebied, dan ligt het punt in het midden daarvan.",
    ),
)
