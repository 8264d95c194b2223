"""The uses of the ground that matter for siting: what rules a place out, and what asks attention.

A use rules a place out only where a legal norm or a plain fact does, and ``ground`` says which.
Every other use is something to look into. A distance between sites stands here never: that is a
wish, to be weighed. ``osm_tags`` is data for an importer: a surface is of this use when *all*
pairs of *any* one set are on it; a use without tags comes from files of those who keep it. Where
a closed line may be no surface (a dyke around a polder), ``area`` is one of the pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.registry import Registry

TagSet = tuple[tuple[str, str], ...]

OSM = "OpenStreetMap, © OpenStreetMap-bijdragers (ODbL)"
LIB = "Luchthavenindelingbesluit Schiphol, kaart in bijlage 3"


@dataclass(frozen=True)
class LandUse:
    """A use of the ground; ``excludes`` when nothing can be built there, for the ``ground``."""

    key: str
    label: str
    excludes: bool
    ground: str
    osm_tags: tuple[TagSet, ...]
    sources: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def matches(self, tags: Mapping[str, str]) -> bool:
        """Whether a surface with these OpenStreetMap tags is of this use."""
        return any(
            all(tags.get(key) == value for key, value in tag_set) for tag_set in self.osm_tags
        )


LAND_USES = Registry(
    "land use",
    (
        LandUse(
            "water",
            "Water",
            True,
            "Hier is water: er is geen grond om op te bouwen.",
            (
                (("natural", "water"),),
                (("waterway", "riverbank"),),
                (("waterway", "dock"),),
                (("landuse", "reservoir"),),
                (("landuse", "basin"),),
            ),
            (OSM,),
        ),
        LandUse(
            "strand",
            "Strand",
            True,
            "Dit is strand: het ligt aan de zeekant van de duinen en kan bij storm onder water "
            "staan.",
            ((("natural", "beach"),),),
            (OSM,),
        ),
        LandUse(
            "startbaan",
            "Start- of landingsbaan",
            True,
            "Hier landen, rijden of staan vliegtuigen.",
            (
                (("aeroway", "runway"), ("area", "yes")),
                (("aeroway", "taxiway"), ("area", "yes")),
                (("area:aeroway", "runway"),),
                (("area:aeroway", "taxiway"),),
                (("aeroway", "apron"),),
            ),
            (OSM, "Luchthavenindelingbesluit Schiphol, kaart in bijlage 1"),
            aliases=("landingsbaan",),
        ),
        LandUse(
            "luchthaven",
            "Terrein van een luchthaven",
            True,
            "Dit terrein is in gebruik als luchthaven.",
            ((("aeroway", "aerodrome"),),),
            (OSM, "Luchthavenindelingbesluit Schiphol, kaart in bijlage 1"),
            aliases=("vliegveld",),
        ),
        LandUse(
            "geluidscontour",
            "Zone 1 of 2 rond Schiphol",
            True,
            "Hier mag niemand wonen, vanwege geluid en veiligheid "
            "(Luchthavenindelingbesluit Schiphol, artikel 2.2.1).",
            (),
            (LIB,),
            aliases=("lib 1", "lib 2"),
        ),
        LandUse(
            "geluid_afwegen",
            "Zone 3, 4 of 5 rond Schiphol",
            False,
            "Let op: hier gelden beperkingen voor nieuwe woningen, vanwege geluid en veiligheid "
            "(Luchthavenindelingbesluit Schiphol, artikel 2.2.1). Soms mag het wel. Vraag het de "
            "gemeente.",
            (),
            (LIB,),
            aliases=("beperkingengebied", "afwegingsgebied", "lib 3", "lib 4", "lib 5"),
        ),
        LandUse(
            "spoor",
            "Spoorterrein",
            True,
            "Dit terrein is in gebruik voor treinen. Komt er een stuk vrij, geef het dan zelf op "
            "als kandidaat.",
            ((("landuse", "railway"),),),
            (OSM,),
            aliases=("spoorweg",),
        ),
        LandUse(
            "hoofdweg",
            "Snelweg of autoweg",
            True,
            "Hier ligt een snelweg of een autoweg.",
            (
                (("area:highway", "motorway"),),
                (("area:highway", "trunk"),),
            ),
            (OSM,),
            aliases=("snelweg", "autoweg"),
        ),
        LandUse(
            "begraafplaats",
            "Begraafplaats",
            True,
            "Hier zijn mensen begraven.",
            (
                (("landuse", "cemetery"),),
                (("amenity", "grave_yard"),),
            ),
            (OSM,),
            aliases=("kerkhof",),
        ),
        LandUse(
            "defensie",
            "Terrein van Defensie",
            True,
            "Dit terrein is in gebruik bij Defensie.",
            ((("landuse", "military"),),),
            (OSM,),
        ),
        LandUse(
            "natuur",
            "Beschermde natuur",
            False,
            "Let op: dit is beschermde natuur. In en bij een Natura 2000-gebied is vaak een "
            "vergunning nodig (Omgevingswet, artikel 5.1, eerste lid, onder e).",
            (
                (("boundary", "protected_area"),),
                (("boundary", "national_park"),),
                (("leisure", "nature_reserve"),),
            ),
            (OSM, "Natura 2000-gebieden, ministerie van LVVN (PDOK)"),
            aliases=("natura 2000", "natuurgebied"),
        ),
        LandUse(
            "waterkering",
            "Dijk of andere waterkering",
            False,
            "Let op: op en bij een waterkering gelden regels van het waterschap "
            "(waterschapsverordening). Vraag het waterschap.",
            ((("man_made", "dyke"), ("area", "yes")),),
            (OSM, "Legger van het waterschap"),
            aliases=("dijk",),
        ),
        LandUse(
            "drinkwater",
            "Gebied voor drinkwater",
            False,
            "Let op: hier wordt drinkwater gewonnen of beschermd. De omgevingsverordening van de "
            "provincie heeft er regels voor.",
            (),
            ("Omgevingsverordening van de provincie",),
            aliases=("waterwingebied", "grondwaterbeschermingsgebied"),
        ),
        LandUse(
            "bedrijventerrein",
            "Bedrijventerrein",
            False,
            "Let op: bij bedrijven gelden normen voor geluid, geur en veiligheid (Besluit "
            "kwaliteit leefomgeving, hoofdstuk 5). Vraag de omgevingsdienst.",
            (
                (("landuse", "industrial"),),
                (("landuse", "port"),),
            ),
            (OSM,),
            aliases=("industrie",),
        ),
    ),
)
