"""OpenStreetMap as a source: streets to walk and cycle on, amenities, and uses of the ground."""

from __future__ import annotations

from data.sources.osm_streets import ACCESS_RULES, DIRECTION_RULES, STREET_KEYS
from data.sources.source import Source

_ACCESS_KEYS = [rule.key for rule in ACCESS_RULES if rule.key not in STREET_KEYS]
_DIRECTION_KEYS = [rule.key for rule in DIRECTION_RULES]

SOURCE = Source(
    key="openstreetmap",
    title="OpenStreetMap",
    publisher="OpenStreetMap-bijdragers",
    licence="ODbL 1.0",
    licence_address="https://opendatacommons.org/licenses/odbl/1-0/",
    attribution="© OpenStreetMap contributors, {year}",
    address="https://download.geofabrik.de/europe/netherlands/noord-holland-latest.osm.pbf",
    delivers=(
        "Straten en paden met waar men mag lopen en fietsen, voorzieningen zoals winkels, "
        "huisartsen en haltes, en stukken grond zoals water, strand en spoorterrein."
    ),
    formats=("OSM PBF (.osm.pbf)",),
    columns=(
        *((key, "wat voor weg het is") for key in STREET_KEYS),
        *((key, "of men er mag lopen of fietsen") for key in dict.fromkeys(_ACCESS_KEYS)),
        *((key, "in welke richting men fietst") for key in dict.fromkeys(_DIRECTION_KEYS)),
        ("barrier", "of men langs een hek of een andere afsluiting mag"),
        ("amenity, shop, leisure ...", "wat voor voorziening het is"),
        ("natural, landuse, aeroway ...", "waar een stuk grond voor wordt gebruikt"),
        ("name", "naam van een voorziening of een stuk grond"),
    ),
    limits=(
        "Hoogteverschil telt niet mee: een helling kost evenveel tijd als een vlakke weg.",
        "Een veerpont telt als een straat; de wachttijd is niet bekend.",
        "Een hek op een kruispunt telt niet mee: daar is niet te zien welke straat het afsluit.",
        "Regels die alleen op sommige tijden gelden, tellen niet mee.",
        "Een plek telt vanaf het dichtstbijzijnde punt in een straat. Die punten liggen hoogstens "
        "100 m uit elkaar, en alleen in straten en veerponten van meer dan 3,2 km verder.",
        "Over een plein loopt men langs de rand.",
        "Een voorziening met een oppervlakte staat als één punt in het midden daarvan.",
        "De zee staat er niet in als vlak: OpenStreetMap tekent alleen de kustlijn.",
        "Een startbaan of een weg die alleen als lijn is getekend, telt niet als stuk grond.",
        "Staat een voorziening er als punt en ook als vlak in, dan telt zij twee keer.",
        "Vrijwilligers maken de kaart: wat zij niet tekenden, is er niet.",
    ),
)
