"""Where one may walk and cycle, by the tags of a way in OpenStreetMap: tables with the reason.

A way is a street when one of ``STREET_CLASSES`` is on it. ``ACCESS_RULES`` then change what
may be done there and ``DIRECTION_RULES`` in which direction one may cycle; a rule that comes
later is more specific and wins. A value that no rule names changes nothing. Walking is always
allowed in both directions.

``BARRIERS`` and the same rules say who may pass a point where something stands across the way.

The tables suit the Netherlands, where a trunk road is an autoweg: closed unless a tag opens it.
OpenStreetMap's own default for the world lets people walk and cycle there, and abroad it may be
the only road: the north of Malta hangs together with the rest by a trunk road alone, and so is
a part of its own here. A part that is cut off is shown and counted; a route over an autoweg
would be quoted and be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StreetClass:
    """A kind of way: may one walk and cycle there when nothing more is known, and why."""

    key: str
    values: tuple[str, ...]
    walk: bool
    cycle: bool
    reason: str


@dataclass(frozen=True)
class AccessRule:
    """What a tag does to walking and cycling; None leaves it as it was."""

    key: str
    values: tuple[str, ...]
    walk: bool | None
    cycle: bool | None
    reason: str


@dataclass(frozen=True)
class Barrier:
    """Something across a way at one point: may one walk and cycle past it, and why."""

    values: tuple[str, ...]
    walk: bool
    cycle: bool
    reason: str


@dataclass(frozen=True)
class DirectionRule:
    """What a tag does to cycling along and against the way as it was drawn."""

    key: str
    values: tuple[str, ...]
    forward: bool
    backward: bool
    reason: str


@dataclass(frozen=True)
class Passage:
    """What one may do on a way. Forward is as the way was drawn."""

    walk: bool
    cycle_forward: bool
    cycle_backward: bool

    @property
    def is_of_use(self) -> bool:
        """Whether anybody may come here."""
        return self.walk or self.cycle_forward or self.cycle_backward


STREET_CLASSES: tuple[StreetClass, ...] = (
    StreetClass(
        "highway",
        (
            *("primary", "primary_link", "secondary", "secondary_link"),
            *("tertiary", "tertiary_link", "unclassified", "residential", "living_street"),
            *("service", "road", "track"),
        ),
        walk=True,
        cycle=True,
        reason="Gewone weg: iedereen mag er komen, tenzij een bord het verbiedt.",
    ),
    StreetClass("highway", ("path",), True, True, "Pad: lopen en fietsen mag."),
    StreetClass(
        "highway", ("cycleway",), True, True, "Fietspad: zonder stoep ernaast mag men er lopen."
    ),
    StreetClass(
        "highway",
        ("footway", "pedestrian", "corridor", "platform"),
        walk=True,
        cycle=False,
        reason="Voor voetgangers: fietsen mag alleen waar dat erbij staat.",
    ),
    StreetClass("highway", ("steps",), True, False, "Trap: lopen wel, fietsen niet."),
    StreetClass(
        "highway", ("bridleway",), False, False, "Ruiterpad: alleen waar anderen erop mogen."
    ),
    StreetClass(
        "highway",
        ("trunk", "trunk_link"),
        walk=False,
        cycle=False,
        reason="Autoweg: alleen waar lopen of fietsen uitdrukkelijk mag.",
    ),
    StreetClass("highway", ("busway",), False, False, "Busbaan: alleen waar het mag."),
    StreetClass("railway", ("platform",), True, False, "Perron: lopen wel, fietsen niet."),
    StreetClass("man_made", ("pier",), True, False, "Steiger: lopen wel, fietsen niet."),
    StreetClass("route", ("ferry",), True, True, "Veerpont: voetgangers en fietsers gaan mee."),
)

#: Ways that are drawn but are no street, whatever else is on them.
NO_STREETS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("motorway", "motorway_link"), "Snelweg: nooit lopen of fietsen."),
    (("construction",), "In aanbouw: nog niet open."),
    (("proposed", "planned"), "Een plan: bestaat nog niet."),
    (("abandoned", "disused", "razed", "dismantled"), "Bestaat niet meer."),
    (("raceway",), "Racebaan."),
    (("bus_guideway",), "Geleide busbaan: er is geen wegdek."),
    (("via_ferrata",), "Klimroute."),
    (("escape", "emergency_bay"), "Alleen voor noodgevallen."),
    (("services", "rest_area"), "Parkeerplaats aan een snelweg, geen weg."),
    (("elevator",), "Lift: wordt als punt of vlak getekend."),
)

_CLOSED = ("no", "private", "permit", "restricted", "military", "residents", "employees")
_FOR_WORK = ("agricultural", "forestry", "delivery")
_OPEN = ("yes", "designated", "permissive", "destination", "official", "public", "customers")

ACCESS_RULES: tuple[AccessRule, ...] = (
    AccessRule("access", _CLOSED, False, False, "Niet open voor iedereen."),
    AccessRule("access", _FOR_WORK, False, False, "Alleen voor werk op het land of leveringen."),
    AccessRule("vehicle", (*_CLOSED, *_FOR_WORK), None, False, "Een fiets is een voertuig."),
    AccessRule("motorroad", ("yes",), False, False, "Autoweg: alleen snelle motorvoertuigen."),
    AccessRule(
        "surface",
        ("sand", "mud", "rock", "ice", "snow", "stepping_stones"),
        walk=None,
        cycle=False,
        reason="Op deze ondergrond kan een gewone fiets niet rijden.",
    ),
    AccessRule("smoothness", ("impassable",), None, False, "Onbegaanbaar voor wielen."),
    AccessRule(
        "sac_scale",
        ("alpine_hiking", "demanding_alpine_hiking", "difficult_alpine_hiking"),
        walk=False,
        cycle=False,
        reason="Klimmen is geen lopen.",
    ),
    AccessRule("ferry", ("tourist",), False, False, "Rondvaart: die brengt niemand ergens heen."),
    AccessRule("foot", _OPEN, True, None, "Lopen mag hier uitdrukkelijk."),
    AccessRule("foot", (*_CLOSED, *_FOR_WORK), False, None, "Lopen mag hier niet."),
    AccessRule("foot", ("use_sidepath",), False, None, "Men loopt op het pad ernaast."),
    AccessRule("bicycle", _OPEN, None, True, "Fietsen mag hier uitdrukkelijk."),
    AccessRule("bicycle", (*_CLOSED, *_FOR_WORK), None, False, "Fietsen mag hier niet."),
    AccessRule("bicycle", ("dismount",), None, False, "Afstappen: dat is geen fietsen."),
    AccessRule("bicycle", ("use_sidepath",), None, False, "Men fietst op het pad ernaast."),
    AccessRule(
        "highway", ("steps",), None, False, "Op een trap fietst niemand, ook niet met gleuf."
    ),
)

#: A barrier of another kind (a gate, a bollard, a lift gate) is passed unless a rule closes it.
BARRIERS: tuple[Barrier, ...] = (
    Barrier(
        ("wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch"),
        walk=False,
        cycle=False,
        reason="Staat dwars over de weg, zonder opening.",
    ),
    Barrier(
        ("stile", "horse_stile", "kissing_gate", "turnstile", "full-height_turnstile"),
        walk=True,
        cycle=False,
        reason="Lopend komt men erdoor, met een fiets niet.",
    ),
)

#: The access rules that hold at a barrier. Who must get off there, rides on behind it.
POINT_RULES: tuple[AccessRule, ...] = tuple(
    rule
    for rule in ACCESS_RULES
    if rule.key in ("access", "vehicle", "foot", "bicycle")
    and not {"dismount", "use_sidepath"} & set(rule.values)
)

_OPPOSITE = ("opposite", "opposite_lane", "opposite_track", "opposite_share_busway")

DIRECTION_RULES: tuple[DirectionRule, ...] = (
    DirectionRule("junction", ("roundabout",), True, False, "Een rotonde gaat één kant op."),
    DirectionRule("oneway", ("yes", "true", "1"), True, False, "Eenrichtingsweg."),
    DirectionRule("oneway", ("-1", "reverse"), False, True, "Eenrichtingsweg, andersom getekend."),
    DirectionRule("oneway", ("no", "false", "0"), True, True, "Uitdrukkelijk twee richtingen."),
    DirectionRule("oneway", ("alternating",), True, True, "Om de beurt: beide kanten op."),
    DirectionRule("oneway", ("reversible",), False, False, "De richting wisselt door de dag."),
    *(
        DirectionRule(key, _OPPOSITE, True, True, "Fietsers mogen tegen de richting in.")
        for key in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
    ),
    *(
        DirectionRule(key, ("no", "-1"), True, True, "De fietsstrook gaat ook de andere kant op.")
        for key in ("cycleway:left:oneway", "cycleway:right:oneway")
    ),
    DirectionRule("oneway:bicycle", ("no",), True, True, "Eenrichting geldt niet voor fietsers."),
    DirectionRule("oneway:bicycle", ("yes", "1"), True, False, "Fietsers: één richting."),
    DirectionRule("oneway:bicycle", ("-1",), False, True, "Fietsers: één richting, andersom."),
)

#: The keys that make a way a street.
STREET_KEYS = tuple(dict.fromkeys(entry.key for entry in STREET_CLASSES))
NOWHERE = Passage(walk=False, cycle_forward=False, cycle_backward=False)
EVERYWHERE = Passage(walk=True, cycle_forward=True, cycle_backward=True)

_CLASS_OF = {(entry.key, value): entry for entry in STREET_CLASSES for value in entry.values}
_BARRIER_OF = {value: entry for entry in BARRIERS for value in entry.values}
_NEVER = frozenset(value for values, _reason in NO_STREETS for value in values)


def passage_of(tags: Mapping[str, str]) -> Passage:
    """What one may do on a way with these tags; ``NOWHERE`` when it is no street."""
    street = _class_of(tags)
    if street is None:
        return NOWHERE
    walk, cycle = _after(ACCESS_RULES, street.walk, street.cycle, tags)
    forward, backward = _directions(tags)
    return Passage(walk, cycle and forward, cycle and backward)


def passage_past(tags: Mapping[str, str]) -> Passage:
    """Who may pass a point with these tags; ``EVERYWHERE`` when no barrier stands there."""
    if "barrier" not in tags:
        return EVERYWHERE
    entry = _BARRIER_OF.get(tags["barrier"])
    walk, cycle = (True, True) if entry is None else (entry.walk, entry.cycle)
    walk, cycle = _after(POINT_RULES, walk, cycle, tags)
    return Passage(walk, cycle, cycle)


def _class_of(tags: Mapping[str, str]) -> StreetClass | None:
    if tags.get("highway") in _NEVER:
        return None
    found = (_CLASS_OF.get((key, tags.get(key, ""))) for key in STREET_KEYS)
    return next((street for street in found if street is not None), None)


def _after(
    rules: tuple[AccessRule, ...], walk: bool, cycle: bool, tags: Mapping[str, str]
) -> tuple[bool, bool]:
    """Whether one may walk and cycle once the rules have had their say."""
    for rule in rules:
        if tags.get(rule.key) in rule.values:
            walk = walk if rule.walk is None else rule.walk
            cycle = cycle if rule.cycle is None else rule.cycle
    return walk, cycle


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether one may cycle along and against the way, if one may cycle at all."""
    forward = backward = True
    for rule in DIRECTION_RULES:
        if tags.get(rule.key) in rule.values:
            forward, backward = rule.forward, rule.backward
    return forward, backward
