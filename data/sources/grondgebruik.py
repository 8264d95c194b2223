"""Uses of the ground as a source: any file with surfaces, such as a noise contour."""

from __future__ import annotations

from data.sources.ground_columns import GROUND_COLUMNS
from data.sources.source import Source

SOURCE = Source(
    key="grondgebruik",
    title="Gebruik van de grond",
    publisher="Zie het bestand (bijvoorbeeld het Rijk, de provincie of het waterschap)",
    licence="Zie de bron van het bestand",
    licence_address="https://data.overheid.nl/licenties-voor-open-data",
    attribution="Gebruik van de grond, {year}",
    address="https://data.overheid.nl",
    delivers=(
        "Stukken grond met hun gebruik, zoals een geluidszone, natuur of een waterkering. Ze "
        "zeggen waar niets kan komen, en waar iets uit te zoeken is."
    ),
    formats=("GeoPackage", "GeoJSON", "Shapefile"),
    columns=(
        ("geometrie", "de vlakken; punten en lijnen worden geweigerd"),
        *((column.label, column.explanation) for column in GROUND_COLUMNS),
    ),
    limits=(
        "Alleen wat een wet verbiedt of wat feitelijk niet kan, sluit een plek uit.",
        "Van elke soort telt het nieuwste bestand, in zijn geheel.",
        "Een rand die zichzelf kruist, wordt hersteld. De melding bij het laden noemt de rijen.",
        "Wat verder dan 5 kilometer buiten de regio ligt, wordt niet geladen.",
    ),
)
