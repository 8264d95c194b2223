"""The task as a source: how many places the gemeenten themselves say they need."""

from __future__ import annotations

from data.sources.source import Source
from data.sources.task_columns import TASK_COLUMNS

SOURCE = Source(
    key="opgave",
    title="Opgave per gemeente",
    publisher="De gemeenten",
    licence="Van de gemeenten; zie het besluit waarin de opgave staat",
    licence_address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    attribution="Opgave per gemeente, vastgesteld door de gemeenten, {year}",
    address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    delivers=(
        "Hoeveel plekken van elke soort een gemeente nodig heeft, vanaf een jaar. Daarmee is te "
        "zien of het aantal plekken past bij wat nodig is."
    ),
    formats=("CSV", "XLSX"),
    columns=tuple((column.label, column.explanation) for column in TASK_COLUMNS),
    limits=(
        "De opgave is een schatting of een afspraak van de gemeente. Wij rekenen haar niet na.",
        "Een aantal geldt vanaf zijn jaar, tot het volgende jaar dat in het bestand staat. Is "
        "een soort niet ingevuld, dan is de opgave onbekend. Zij is dan niet 0.",
        "De nieuwste levering telt, in haar geheel: zet daarom alle gemeenten in één bestand.",
        "De opgave is er alleen per gemeente, en alleen voor soorten die als locatie meetellen. "
        "Voor vrouwenopvang en gewone woningen lezen wij geen opgave.",
    ),
)
