"""What each kind of place asks of its surroundings, in minutes: the profiles of the access score.

A profile is ours: the policy documents say what a kind of place asks (shops nearby, quiet, away
from homes), and give no minutes and no weights. The minutes and weights here are starting values
that we chose, for the users to set; ``STARTING_VALUES`` says so wherever a profile is shown.

Weights are exact fractions and add up to 1; in this file they are written as points out of 100.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.value import checked_bounds
from analysis.amenity_categories import AMENITY_CATEGORIES
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.policy import Citation, cite
from analysis.registry import Registry

#: Whether a place should be near ("dichtbij") or far away ("ver").
Direction = Literal["dichtbij", "ver"]

#: The one criterion that is no amenity: the nearest point where people live.
HOMES = "woningen"
HOMES_LABEL = "Woningen"

STARTING_VALUES = (
    "De minuten en gewichten zijn onze startwaarden: de beleidsstukken noemen die niet. Ze zijn "
    "een begin. De gebruikers stellen ze samen vast."
)


@dataclass(frozen=True)
class Criterion:
    """One thing a kind of place asks: how far the nearest amenity (or home) may or must be.

    The value is 1 at ``good_min`` minutes and 0 at ``bad_min``. ``weight`` is its share of the
    score, above 0.
    """

    key: str
    label: str
    direction: Direction
    good_min: float
    bad_min: float
    weight: Fraction

    def __post_init__(self) -> None:
        """InputError when the minutes contradict the direction or the weight is no weight."""
        checked_bounds(self.good_min, self.bad_min)
        breaches = []
        if self.key != HOMES and self.key not in AMENITY_CATEGORIES:
            breaches.append(f"{self.key!r} is neither an amenity category nor {HOMES!r}")
        if self.direction not in get_args(Direction):
            breaches.append(f"{self.direction!r} is not a direction")
        elif (self.good_min < self.bad_min) != (self.direction == "dichtbij"):
            breaches.append(f"good and bad minutes contradict the direction {self.direction!r}")
        if self.weight <= 0:
            breaches.append(f"the weight is {self.weight}, not above 0")
        if breaches:
            raise InputError(f"criterion {self.key}", breaches)

    @property
    def points(self) -> Fraction:
        """The most points of 100 that this criterion can give."""
        return 100 * self.weight


@dataclass(frozen=True)
class AccessProfile:
    """What one kind of place asks of its surroundings, and on whose word."""

    type: FacilityType
    mode: TravelMode
    criteria: tuple[Criterion, ...]
    explanation: str
    sources: tuple[Citation, ...]

    def __post_init__(self) -> None:
        """InputError unless each criterion occurs once and the weights add up to exactly 1."""
        keys = [criterion.key for criterion in self.criteria]
        total = sum((criterion.weight for criterion in self.criteria), Fraction(0))
        breaches = []
        if len(set(keys)) != len(keys):
            breaches.append("a criterion occurs twice")
        if total != 1:
            breaches.append(f"the weights add up to {total}, not 1")
        if breaches:
            raise InputError(f"access profile {self.type.key}", breaches)

    @property
    def key(self) -> str:
        """The key of the facility type."""
        return self.type.key

    @property
    def label(self) -> str:
        """The Dutch name of the facility type."""
        return self.type.label

    @property
    def heaviest(self) -> tuple[Criterion, ...]:
        """The criteria that weigh most, all of them when several weigh the same."""
        most = max(criterion.weight for criterion in self.criteria)
        return tuple(criterion for criterion in self.criteria if criterion.weight == most)

    @property
    def asks_distance(self) -> bool:
        """Whether this kind of place asks to be away from something."""
        return any(criterion.direction == "ver" for criterion in self.criteria)


def profile_part(profile: AccessProfile, direction: Direction) -> AccessProfile | None:
    """The profile with only what should be near, or far; its weights add up to 1 again.

    None when this kind of place asks nothing of the sort.
    """
    kept = [entry for entry in profile.criteria if entry.direction == direction]
    total = sum((entry.weight for entry in kept), Fraction(0))
    if not kept:
        return None
    criteria = tuple(replace(entry, weight=entry.weight / total) for entry in kept)
    return replace(profile, criteria=criteria)


def near(category: str, good_min: float, bad_min: float, points: int) -> Criterion:
    """An amenity that should be near, good for at most ``points`` of 100."""
    label = AMENITY_CATEGORIES[category].label
    return Criterion(category, label, "dichtbij", good_min, bad_min, Fraction(points, 100))


def far(key: str, good_min: float, bad_min: float, points: int) -> Criterion:
    """Homes or an amenity that should be far away, good for at most ``points`` of 100."""
    label = HOMES_LABEL if key == HOMES else AMENITY_CATEGORIES[key].label
    return Criterion(key, label, "ver", good_min, bad_min, Fraction(points, 100))


def _profile(
    key: str,
    mode: str,
    criteria: tuple[Criterion, ...],
    explanation: str,
    *citations: Citation,
) -> AccessProfile:
    kind = FACILITY_TYPES[key]
    sources = tuple(dict.fromkeys((*kind.sources, *citations)))
    return AccessProfile(kind, TRAVEL_MODES[mode], criteria, explanation, sources)


_DAY_ACTIVITIES_REACHED = cite("weer_thuis", "praktijk Noord-Veluwe, klantreis")
_THREE_FIELDS_OF_LIFE = cite("kader", "bijlage 1, alle cliënten een hersteltraject op maat")
_MEETING_IN_THE_BUURT = cite(
    "kader", "hoofdstuk 4, niet alleen cliëntgericht, maar ook wijkgericht"
)
_QUIET_OR_BUSY = cite("zicht_op_thuis", "paragraaf 6.3.2")

ACCESS_PROFILES = Registry(
    "access profile",
    (
        _profile(
            "beschermd_wonen",
            "walk",
            (
                near("supermarkt", 5, 20, 20),
                near("dagbesteding", 15, 45, 20),
                near("huisarts", 10, 25, 15),
                near("ov_halte", 5, 15, 15),
                near("apotheek", 10, 25, 10),
                near("ontmoetingsplek", 10, 30, 10),
                near("groen", 5, 15, 10),
            ),
            "Begeleiders zijn dag en nacht in huis, dus hulp hoeft niet om de hoek te zijn. "
            "Bewoners oefenen hier met het gewone leven. Daarom tellen boodschappen en "
            "dagbesteding het zwaarst, op een afstand die te lopen is. Groen dichtbij geeft rust.",
            _THREE_FIELDS_OF_LIFE,
        ),
        _profile(
            "beschut_wonen",
            "walk",
            (
                near("supermarkt", 5, 15, 20),
                near("ontmoetingsplek", 5, 15, 20),
                near("huisarts", 10, 20, 15),
                near("ov_halte", 5, 10, 15),
                near("dagbesteding", 10, 30, 15),
                near("apotheek", 10, 20, 5),
                near("sport", 10, 20, 5),
                near("groen", 5, 15, 5),
            ),
            "Bewoners regelen veel zelf en er is niet de hele dag begeleiding in huis. Het "
            "dagelijks leven moet daarom vlakbij zijn. Een plek om mensen te ontmoeten telt even "
            "zwaar als de supermarkt.",
            _MEETING_IN_THE_BUURT,
            _DAY_ACTIVITIES_REACHED,
        ),
        _profile(
            "skaeve_huse",
            "walk",
            (
                far(HOMES, 5, 1, 35),
                far("basisschool", 15, 5, 20),
                near("ov_halte", 10, 30, 15),
                near("supermarkt", 20, 45, 15),
                near("huisarts", 20, 60, 15),
            ),
            "Bewoners hebben ruimte om zich heen nodig. Afstand tot woningen en tot basisscholen "
            "telt daarom samen voor meer dan de helft. De plek moet wel te bereiken zijn, voor de "
            "bewoners en voor de beheerder die vaak langskomt. Riool, stroom en water zitten niet "
            "in deze score.",
        ),
        _profile(
            "domus_plus",
            "walk",
            (
                near("supermarkt", 5, 15, 20),
                near("huisarts", 5, 20, 20),
                near("dagbesteding", 10, 30, 20),
                near("apotheek", 5, 20, 15),
                near("ov_halte", 5, 15, 15),
                near("ontmoetingsplek", 10, 25, 10),
            ),
            "Bewoners hebben vaak ook zorg voor hun gezondheid nodig. Huisarts en apotheek tellen "
            "daarom zwaar mee. Dagbesteding geeft de dag vorm. Een plek in of bij de stad heeft "
            "dit meestal bij elkaar.",
            _THREE_FIELDS_OF_LIFE,
            cite("zicht_op_thuis", "paragraaf 5.1"),
        ),
        _profile(
            "respijt",
            "cycle",
            (
                near("huisarts", 5, 15, 25),
                near("ov_halte", 2, 8, 25),
                near("supermarkt", 3, 10, 20),
                near("groen", 2, 8, 20),
                near("apotheek", 5, 15, 10),
            ),
            "Wie hier komt, blijft een paar dagen en moet er snel kunnen zijn. Daarom rekenen wij "
            "met de fiets en telt een halte zwaar. Groen staat voor rust. Hoeveel inwoners de "
            "plek op tijd bereiken, is een eigen maat: het bereik binnen 15 minuten.",
        ),
        _profile(
            "time_out",
            "cycle",
            (
                near("treinstation", 5, 20, 25),
                near("groen", 2, 8, 25),
                near("ov_halte", 2, 8, 20),
                near("supermarkt", 3, 10, 15),
                near("huisarts", 5, 15, 15),
            ),
            "Gemeenten naast elkaar kunnen deze plek delen. Mensen komen dus ook van verder, en "
            "bus en trein tellen samen het zwaarst. Wie hier is, zoekt rust: groen dichtbij telt "
            "mee.",
        ),
        _profile(
            "maatschappelijke_opvang",
            "walk",
            (
                near("dagbesteding", 10, 30, 25),
                near("huisarts", 10, 20, 20),
                near("ov_halte", 5, 10, 20),
                near("supermarkt", 5, 15, 15),
                near("apotheek", 10, 20, 10),
                near("treinstation", 15, 40, 10),
            ),
            "Mensen zonder thuis gaan vaak te voet en stellen zorg voor hun gezondheid lang uit. "
            "Huisarts en apotheek op loopafstand helpen daarbij. Dagbesteding telt het zwaarst: "
            "overdag iets te doen hebben hoort bij herstel.",
            cite("zicht_op_thuis", "paragraaf 5.1"),
        ),
        _profile(
            "sociaal_hostel",
            "walk",
            (
                near("supermarkt", 5, 15, 25),
                near("dagbesteding", 10, 30, 25),
                near("ov_halte", 5, 15, 20),
                near("huisarts", 10, 25, 15),
                near("ontmoetingsplek", 10, 25, 15),
            ),
            "Bewoners zorgen voor zichzelf en blijven vaak lang. Zorg komt van buiten. Winkels, "
            "bus of trein en iets te doen overdag moeten dus te lopen zijn.",
        ),
        _profile(
            "tussenvoorziening",
            "walk",
            (
                near("supermarkt", 5, 20, 25),
                near("ov_halte", 5, 15, 25),
                near("huisarts", 10, 25, 15),
                near("treinstation", 15, 45, 15),
                near("bibliotheek", 15, 30, 10),
                near("sport", 10, 25, 10),
            ),
            "Bewoners wonen hier een tijd zelfstandig en wachten op een vast huis. Een gewone "
            "buurt is goed genoeg. Bus en trein tellen zwaar, omdat werk en bekenden vaak ergens "
            "anders zijn. In de bibliotheek is hulp met papieren en de computer.",
        ),
        _profile(
            "prikkelarme_unit",
            "walk",
            (
                far(HOMES, 3, 1, 25),
                near("groen", 5, 15, 25),
                near("supermarkt", 10, 30, 15),
                near("ov_halte", 10, 20, 15),
                far("basisschool", 10, 3, 10),
                near("huisarts", 15, 40, 10),
            ),
            "Bewoners komen tot rust als er weinig om hen heen gebeurt. Groen dichtbij en niet "
            "direct naast andere woningen tellen daarom het zwaarst. De afstand hoeft minder "
            "groot te zijn dan bij Skaeve Huse. Verkeer en geluid meten wij hier niet.",
            _QUIET_OR_BUSY,
        ),
        _profile(
            "jeugd_wonen",
            "cycle",
            (
                near("treinstation", 5, 15, 25),
                near("sport", 3, 10, 20),
                near("ov_halte", 2, 6, 15),
                near("supermarkt", 3, 10, 15),
                near("ontmoetingsplek", 4, 12, 15),
                near("bibliotheek", 5, 15, 10),
            ),
            "Jongeren fietsen, en reizen met bus en trein naar school of werk. Daarom rekenen wij "
            "met de fiets en telt het station het zwaarst. Sport en een plek om anderen te zien "
            "horen erbij. Middelbare scholen en het mbo zitten niet in onze gegevens.",
        ),
        _profile(
            "somatiek_ouderen",
            "walk",
            (
                near("huisarts", 5, 15, 25),
                near("apotheek", 5, 15, 20),
                near("ov_halte", 3, 8, 20),
                near("ziekenhuis", 20, 60, 15),
                near("supermarkt", 5, 15, 10),
                near("groen", 3, 10, 10),
            ),
            "Bewoners hebben zorg voor hun lichaam nodig en lopen vaak moeilijk. Huisarts, "
            "apotheek en een halte moeten dus heel dichtbij zijn. Voor wie langzaam loopt, duren "
            "de minuten in deze score langer.",
        ),
        _profile(
            "familie_wonen",
            "walk",
            (
                near("basisschool", 5, 15, 25),
                near("ov_halte", 5, 10, 20),
                near("supermarkt", 5, 15, 15),
                near("huisarts", 10, 20, 15),
                near("groen", 3, 10, 15),
                near("sport", 10, 20, 10),
            ),
            "Kinderen lopen zelf naar school, dus de basisschool telt het zwaarst. Een halte "
            "helpt als een kind op de oude school blijft. Groen staat voor een plek om te spelen. "
            "Of de eigen school dichtbij is, weten wij niet.",
        ),
    ),
)
