"""The closed words of the domain: a site's life, pillars, scopes, and what may be recorded.

Every entry has a key (what columns and the API hold), a Dutch label and a plain explanation in
Dutch. Pages, exports and tests read these entries; nothing else defines them.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class StatusGroup:
    """A stretch of a site's life, used to count and to draw."""

    key: str
    label: str
    explanation: str


STATUS_GROUPS = Registry(
    "status group",
    (
        StatusGroup(
            "plan",
            "In voorbereiding",
            "Er wordt over deze plek nagedacht. Er is nog niets besloten.",
        ),
        StatusGroup(
            "decided",
            "Besloten",
            "Het besluit is genomen. De locatie is nog niet open.",
        ),
        StatusGroup("in_use", "In gebruik", "De locatie is open. Er wonen of verblijven mensen."),
        StatusGroup(
            "ended",
            "Gestopt",
            "Op deze plek is geen voorziening meer, of het plan gaat niet door.",
        ),
    ),
)


@dataclass(frozen=True)
class SiteStatus:
    """A stage in the life of a site; ``order`` runs from first idea to the end, from 1."""

    key: str
    label: str
    explanation: str
    order: int
    group: StatusGroup
    asks_reason: bool = False


def _status(
    order: int, key: str, label: str, group: str, explanation: str, asks_reason: bool = False
) -> SiteStatus:
    return SiteStatus(key, label, explanation, order, STATUS_GROUPS[group], asks_reason)


SITE_STATUSES = Registry(
    "site status",
    (
        _status(1, "idee", "Idee", "plan", "Iemand heeft deze plek genoemd. Verder is er niets."),
        _status(
            2,
            "verkend",
            "Verkend",
            "plan",
            "De gemeente heeft kort gekeken of deze plek zou kunnen.",
        ),
        _status(
            3,
            "nader_onderzoek",
            "Nader onderzoek",
            "plan",
            "De gemeente zoekt uit van wie de grond is, wat er mag en welke milieueisen gelden. "
            "Ook kijkt zij wat de buurt ervan vindt, en of er riool, stroom en water is.",
        ),
        _status(
            4,
            "planvorming",
            "Planvorming",
            "plan",
            "Er wordt een plan gemaakt. Er is nog geen besluit.",
        ),
        _status(
            5,
            "besluit",
            "Besluit genomen",
            "decided",
            "Het bestuur heeft besloten dat de voorziening hier mag komen.",
        ),
        _status(
            6,
            "realisatie",
            "In aanbouw",
            "decided",
            "De locatie wordt gebouwd of verbouwd.",
        ),
        _status(
            7,
            "in_gebruik",
            "In gebruik",
            "in_use",
            "De locatie is open. Er wonen of verblijven mensen.",
        ),
        _status(
            8,
            "omgeklapt",
            "Omgeklapt",
            "ended",
            "De bewoners huren nu zelf hun woning. Het is geen zorglocatie meer.",
        ),
        _status(9, "afgebouwd", "Gesloten", "ended", "De locatie is gesloten."),
        _status(
            10,
            "afgevallen",
            "Afgevallen",
            "ended",
            "Het plan voor deze plek gaat niet door.",
            asks_reason=True,
        ),
    ),
)


@dataclass(frozen=True)
class PlanScope:
    """Which sites count in a figure, by the group of their status on the chosen date."""

    key: str
    label: str
    explanation: str
    groups: tuple[StatusGroup, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """The keys of the statuses that count."""
        return tuple(status.key for status in SITE_STATUSES if status.group in self.groups)


PLAN_SCOPES = Registry(
    "plan scope",
    (
        PlanScope(
            "bestaand",
            "Wat in gebruik is",
            "Alleen locaties die op de gekozen datum in gebruik zijn.",
            (STATUS_GROUPS["in_use"],),
        ),
        PlanScope(
            "besloten",
            "In gebruik en besloten",
            "Locaties in gebruik, en locaties waarover een besluit is genomen.",
            (STATUS_GROUPS["in_use"], STATUS_GROUPS["decided"]),
        ),
        PlanScope(
            "gepland",
            "Ook de plannen",
            "Locaties in gebruik, besloten locaties, en alle ideeën en plannen. "
            "Niet elk plan gaat door.",
            (STATUS_GROUPS["in_use"], STATUS_GROUPS["decided"], STATUS_GROUPS["plan"]),
        ),
    ),
)


@dataclass(frozen=True)
class Pillar:
    """One of the four pillars of the policy against homelessness (Zicht op Thuis, chapter 4)."""

    key: str
    label: str
    explanation: str


PILLARS = Registry(
    "pillar",
    (
        Pillar(
            "voorzorg",
            "Voorzorg",
            "Op tijd helpen, zodat mensen hun huis niet kwijtraken.",
        ),
        Pillar(
            "basiszorg",
            "Basiszorg",
            "Een eerste plek voor wie geen dak boven het hoofd heeft, zo dicht mogelijk bij huis.",
        ),
        Pillar(
            "maatzorg",
            "Maatzorg",
            "Wonen met hulp die past bij de persoon, niet langer dan nodig.",
        ),
        Pillar(
            "nazorg",
            "Nazorg",
            "Een gewoon huis met steun, voor wie uit opvang of beschermd wonen komt.",
        ),
    ),
)


@dataclass(frozen=True)
class Scope:
    """Local (every gemeente its own) or regional (one place serves all)."""

    key: str
    label: str
    explanation: str


SCOPES = Registry(
    "scope",
    (
        Scope("lokaal", "Lokaal", "Elke gemeente heeft hiervan eigen plekken."),
        Scope("regionaal", "Regionaal", "Eén plek is er voor inwoners van alle acht gemeenten."),
    ),
)


@dataclass(frozen=True)
class SpreadingBase:
    """What places are divided by, with the words for it in a sentence.

    ``noun`` stands after "naar" and "de", ``unit`` after a number, and ``amount`` is that
    number by name. ``only_level`` is the one level of areas it is known on, if it is not
    known on every level. ``is_in_places`` tells that it counts places too, so that one can
    compare them with the places there are.
    """

    key: str
    label: str
    noun: str
    unit: str
    amount: str
    explanation: str
    only_level: str | None = None
    is_in_places: bool = False


SPREADING_BASES = Registry(
    "spreading base",
    (
        SpreadingBase(
            "inwoners",
            "Inwoners",
            "inwoners",
            "inwoners",
            "het aantal inwoners",
            "Een gebied met meer inwoners heeft een groter aandeel.",
        ),
        SpreadingBase(
            "huishoudens",
            "Huishoudens",
            "huishoudens",
            "huishoudens",
            "het aantal huishoudens",
            "Een gebied met meer huishoudens heeft een groter aandeel.",
        ),
        SpreadingBase(
            "woningvoorraad",
            "Woningen",
            "woningen",
            "woningen",
            "het aantal woningen",
            "Een gebied met meer woningen heeft een groter aandeel.",
        ),
        SpreadingBase(
            "opgave",
            "Opgave",
            "opgave",
            "plekken in de opgave",
            "de opgave",
            "De opgave is hoeveel plekken een gemeente zelf zegt nodig te hebben. Een gemeente "
            "met een grotere opgave heeft een groter aandeel.",
            only_level="gemeente",
            is_in_places=True,
        ),
    ),
)


@dataclass(frozen=True)
class Recorded:
    """How a facility type may be recorded; protects people whose address is private or secret."""

    key: str
    label: str
    explanation: str
    on_map: bool


RECORDED = Registry(
    "way of recording",
    (
        Recorded(
            "site",
            "Locatie op de kaart",
            "Elke locatie staat met haar plek op de kaart, tenzij de beheerder haar afschermt.",
            on_map=True,
        ),
        Recorded(
            "area_count",
            "Alleen aantallen per gebied",
            "Dit zijn gewone huizen van mensen. Zij staan niet als locatie op deze site: hooguit "
            "als aantal per buurt of wijk, en kleine aantallen niet.",
            on_map=False,
        ),
        Recorded(
            "never_located",
            "Nooit op de kaart",
            "Deze adressen zijn geheim. Wij slaan ze niet op en tonen ze nergens.",
            on_map=False,
        ),
    ),
)
