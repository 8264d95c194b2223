"""The register of sites as a source: what gemeenten and providers keep themselves."""

from __future__ import annotations

from data.sources.site_columns import SITE_COLUMNS
from data.sources.source import Source

SOURCE = Source(
    key="locatieregister",
    title="Locatieregister",
    publisher="De gemeenten in de regio",
    licence="Van de gemeenten; zie het publicatieniveau van elke locatie",
    licence_address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    attribution="Locatieregister van de gemeenten in de regio, {year}",
    address="https://www.rijksoverheid.nl/onderwerpen/wet-open-overheid-woo",
    delivers=(
        "Locaties van woon- en zorgvoorzieningen: soort, plekken, aanbieder, plek op de kaart "
        "en wat er door de jaren heen met de locatie gebeurde."
    ),
    formats=("CSV", "XLSX", "GeoPackage (punten)"),
    columns=tuple((column.label, column.explanation) for column in SITE_COLUMNS),
    limits=(
        "Adressen van vrouwenopvang zijn geheim: een bestand waarin die voorkomen, weigeren wij "
        "helemaal.",
        "Gewone woningen waar iemand met hulp woont, zijn geen locatie. Daarvan tonen wij alleen "
        "aantallen per gebied.",
        "Meer rijen met dezelfde code vormen samen de geschiedenis van een locatie.",
        "Wat de beheerder niet openbaar maakt, staat op geen kaart, lijst of download.",
    ),
)
