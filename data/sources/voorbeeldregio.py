"""The demo region as a source: real facts of CBS, boundaries and sites of our own making."""

from __future__ import annotations

from data.sources.source import Source

SOURCE = Source(
    key="voorbeeldregio",
    title="Voorbeeldregio Zuid-Kennemerland, IJmond en Haarlemmermeer",
    publisher="Vlekkenplan (voorbeeldgegevens)",
    licence="CC0-1.0 (verzonnen gegevens); CC BY 4.0 (cijfers en namen van gebieden)",
    licence_address="https://creativecommons.org/licenses/by/4.0/deed.nl",
    attribution=(
        "Grenzen, gebruik van de grond, straten, voorzieningen, locaties en opgave verzonnen door "
        "Vlekkenplan; "
        "namen en cijfers van gebieden: Kadaster / Centraal Bureau voor de Statistiek, {year}"
    ),
    address="https://www.cbs.nl/nl-nl/reeksen/geografische-data",
    delivers=(
        "De acht gemeenten met hun echte wijken, buurten en aantallen inwoners, met grenzen die "
        "wij zelf hebben getekend. Daarbij verzonnen locaties, voorzieningen, straten, gebruik van "
        "de grond en opgave."
    ),
    formats=("gemaakt door dit programma",),
    columns=(
        ("code en naam", "van gemeente, wijk en buurt, zoals het CBS ze publiceert"),
        ("inwoners en huishoudens", "zoals het CBS ze publiceert, afgerond op 5"),
    ),
    limits=(
        "De grenzen zijn schematisch: ze zijn berekend uit één punt per buurt.",
        "Water, strand, spoor, luchthaven en andere stukken grond zijn met de hand getekend. Ze "
        "zijn te herkennen, maar niet precies. De zones rond Schiphol zijn niet die van de wet.",
        "Bijna alle locaties en voorzieningen, alle straten en de hele opgave per gemeente zijn "
        "verzonnen. Gebruik ze niet voor een besluit.",
        "Echt zijn de stations, de ziekenhuizen en de vier plekken in Haarlem die in 2017 zijn "
        "genoemd voor Skaeve Huse. Hun plaats op de kaart is ongeveer.",
    ),
    is_example=True,
)
