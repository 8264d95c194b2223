"""CBS wijken en buurten as a source: boundaries and key figures."""

from __future__ import annotations

from data.figures import FIGURES
from data.sources.source import Source

#: The eight gemeenten that share the task; everything else in a delivery is rim.
REGION_CODES = (
    "GM0375",
    "GM0377",
    "GM0392",
    "GM0394",
    "GM0396",
    "GM0397",
    "GM0453",
    "GM0473",
)

SOURCE = Source(
    key="cbs_wijken_buurten",
    title="CBS wijken en buurten",
    publisher="Kadaster / Centraal Bureau voor de Statistiek",
    licence="CC BY 4.0",
    licence_address="https://creativecommons.org/licenses/by/4.0/deed.nl",
    attribution="Kadaster / Centraal Bureau voor de Statistiek, {year}",
    address="https://www.cbs.nl/nl-nl/dossier/nederland-regionaal/geografische-data/wijk-en-buurtkaart",
    delivers=(
        "De grenzen van gemeenten, wijken en buurten, en cijfers over inwoners, huishoudens, "
        "woningen en afstanden tot voorzieningen."
    ),
    formats=("GeoPackage", "OGC API Features van PDOK"),
    columns=(
        ("gemeentecode, wijkcode, buurtcode", "de vaste codes van het CBS"),
        ("gemeentenaam, wijknaam, buurtnaam", "de namen"),
        ("water", "of het gebied water is"),
        *((definition.columns[0], definition.label) for definition in FIGURES),
    ),
    limits=(
        "Het CBS rondt aantallen af op 5. Kleine aantallen houdt het CBS geheim.",
        "Een leeg vakje in het bestand noemen wij 'geheim of niet van toepassing', zoals het CBS "
        "dat zelf doet.",
        "De grenzen kloppen op 10 tot 50 meter.",
        "Afstanden gaan over de weg, met de auto.",
        "Het CBS levert drie keer per jaar. De grenzen blijven gelijk, er komen cijfers bij. "
        "Daarom bewaren wij het jaar en de versie.",
        "Cijfers over herkomst laden wij niet.",
    ),
)
