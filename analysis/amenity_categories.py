"""The amenities of daily life: what they are, how OpenStreetMap tags them, what CBS measures.

``osm_tags`` is data for an importer: a feature belongs to the category when *all* pairs of *any*
one set are on it. ``cbs_column`` is the distance by road from the homes of a buurt (km), in the
names of the CBS wijken en buurten GeoPackage; it is the named fallback where no network is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry

TagSet = tuple[tuple[str, str], ...]

OSM = "OpenStreetMap, © OpenStreetMap-bijdragers (ODbL)"
OSM_AND_CBS = f"{OSM}; CBS Nabijheid voorzieningen (CC BY 4.0)"


@dataclass(frozen=True)
class AmenityCategory:
    """A kind of amenity that people need near them."""

    key: str
    label: str
    plural: str
    explanation: str
    osm_tags: tuple[TagSet, ...]
    cbs_column: str | None
    source: str
    aliases: tuple[str, ...] = ()

    def matches(self, tags: dict[str, str]) -> bool:
        """Whether a feature with these OpenStreetMap tags belongs to this category."""
        return any(
            all(tags.get(key) == value for key, value in tag_set) for tag_set in self.osm_tags
        )


AMENITY_CATEGORIES = Registry(
    "amenity category",
    (
        AmenityCategory(
            "huisarts",
            "Huisarts",
            "huisartsen",
            "De dokter in de buurt.",
            ((("amenity", "doctors"),), (("healthcare", "doctor"),)),
            "huisartsenpraktijk_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
        ),
        AmenityCategory(
            "apotheek",
            "Apotheek",
            "apotheken",
            "Hier haalt u medicijnen.",
            ((("amenity", "pharmacy"),), (("healthcare", "pharmacy"),)),
            "apotheek_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
        ),
        AmenityCategory(
            "supermarkt",
            "Supermarkt",
            "supermarkten",
            "Winkel voor de dagelijkse boodschappen.",
            ((("shop", "supermarket"),),),
            "grote_supermarkt_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
        ),
        AmenityCategory(
            "ov_halte",
            "Ov-halte",
            "ov-haltes",
            "Halte van bus, tram of metro.",
            (
                (("highway", "bus_stop"),),
                (("public_transport", "platform"), ("bus", "yes")),
                (("railway", "tram_stop"),),
            ),
            None,
            OSM,
            aliases=("halte", "ov", "bushalte"),
        ),
        AmenityCategory(
            "treinstation",
            "Treinstation",
            "treinstations",
            "Station waar treinen stoppen.",
            ((("railway", "station"),), (("railway", "halt"),)),
            "treinstation_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
            aliases=("station",),
        ),
        AmenityCategory(
            "ontmoetingsplek",
            "Ontmoetingsplek",
            "ontmoetingsplekken",
            "Buurthuis, wijkcentrum of inloop: een plek om andere mensen te zien.",
            (
                (("amenity", "community_centre"),),
                (("amenity", "social_centre"),),
            ),
            None,
            OSM,
            aliases=("buurthuis", "wijkcentrum"),
        ),
        AmenityCategory(
            "dagbesteding",
            "Dagbesteding",
            "plekken voor dagbesteding",
            "Een plek om overdag iets te doen: werken, leren of samen zijn.",
            (
                (("amenity", "social_facility"), ("social_facility", "workshop")),
                (("amenity", "social_facility"), ("social_facility", "day_care")),
            ),
            None,
            OSM,
        ),
        AmenityCategory(
            "basisschool",
            "Basisschool",
            "basisscholen",
            "School voor kinderen van 4 tot en met 12 jaar.",
            # Only schools tagged as primary: without that tag a school may be any school.
            (
                (("amenity", "school"), ("school", "primary")),
                (("amenity", "school"), ("isced:level", "1")),
                (("amenity", "school"), ("isced:level", "0;1")),
            ),
            "basisonderwijs_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
        ),
        AmenityCategory(
            "sport",
            "Sport",
            "plekken om te sporten",
            "Sporthal, sportveld, zwembad of sportschool.",
            (
                (("leisure", "sports_centre"),),
                (("leisure", "pitch"),),
                (("leisure", "fitness_centre"),),
                (("leisure", "swimming_pool"), ("access", "yes")),
            ),
            None,
            OSM,
        ),
        AmenityCategory(
            "groen",
            "Groen",
            "groene plekken",
            "Park, bos of ander groen waar iedereen mag komen.",
            (
                (("leisure", "park"),),
                (("leisure", "nature_reserve"),),
                (("landuse", "forest"),),
                (("natural", "wood"),),
            ),
            "afstand_tot_openbaar_groen_totaal",
            OSM_AND_CBS,
            aliases=("park",),
        ),
        AmenityCategory(
            "ziekenhuis",
            "Ziekenhuis",
            "ziekenhuizen",
            "Ziekenhuis of buitenpolikliniek.",
            ((("amenity", "hospital"),), (("healthcare", "hospital"),)),
            "ziekenhuis_incl_buitenpolikliniek_gem_afst_in_km",
            OSM_AND_CBS,
        ),
        AmenityCategory(
            "bibliotheek",
            "Bibliotheek",
            "bibliotheken",
            "Hier kunt u lezen, leren en hulp krijgen met de computer.",
            ((("amenity", "library"),),),
            "bibliotheek_gemiddelde_afstand_in_km",
            OSM_AND_CBS,
        ),
    ),
)
