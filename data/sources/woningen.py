"""Homes of single people as a source: numbers by area, from gemeenten and housing associations."""

from __future__ import annotations

from data.sources.home_columns import HOME_COLUMNS
from data.sources.source import Source

SOURCE = Source(
    key="woningen",
    title="Gewone woningen per gebied",
    publisher="De gemeenten in de regio",
    licence="Van de gemeenten; kleine aantallen zijn niet openbaar",
    licence_address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    attribution="Gewone woningen per gebied, geteld door de gemeenten, {year}",
    address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    delivers=(
        "Hoeveel omklapwoningen, contingentwoningen en kanscontractwoningen er zijn per gemeente, "
        "wijk en buurt. Nooit waar ze staan."
    ),
    formats=("CSV", "XLSX"),
    columns=tuple((column.label, column.explanation) for column in HOME_COLUMNS),
    limits=(
        "Een bestand met adressen, coördinaten of namen van bewoners weigeren wij helemaal.",
        "Een aantal van 1 tot en met 9 is niet openbaar. Soms blijft ook een groter aantal "
        "verborgen, omdat het kleine anders uit te rekenen is.",
        "Elk bestand gaat over één jaar. Een gebied dat er niet in staat, is onbekend.",
        "Een gemeente moet de som van haar wijken zijn, en een wijk die van haar buurten. "
        "Ontbreken er delen, dan mag het geheel groter zijn dan de som.",
        "Het controlegetal gaat over wat openbaar is. Uit dat van het hele bestand waren kleine "
        "aantallen te raden.",
    ),
)
