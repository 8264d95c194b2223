"""Three example conversations: one that compares places, one that ends, and one that begins.

Everything in them is made up, and says so: what people bring in, what was answered and agreed.
Nobody is named; whom to ask is a function. Days are counted from the day of loading.
"""

from __future__ import annotations

from data.demo.choice_plans import HAARLEM_CHOICE
from data.demo.dialogue_parts import (
    MARK,
    AgreementPlan,
    MeasurementPlan,
    MeetingPlan,
    NewsPlan,
    PhasePlan,
    SitePlace,
    ThemePlan,
    TrackPlan,
)
from data.demo.dialogue_voices import HAARLEM_VOICES, HEEMSKERK_VOICES, ZANDVOORT_VOICES

_SKAEVE, _BESCHUT = "skaeve_huse", "beschut_wonen"
#: What may be weighed of these types.
_ALL = ("bereikbaarheid", "verdeling", "nabijheid", "afstand", "praktisch", "kosten")
_NEAR = ("bereikbaarheid", "verdeling", "nabijheid", "praktisch", "kosten")

#: The same half a year before, when the demands were made: the way there counted for most.
_HAARLEM_WEIGHED_BEFORE = tuple(
    ("WK039206", points)
    for points in (
        (2, 4, 3, 3, 2, 1),
        (3, 4, 3, 4, 2, 2),
        (2, 4, 4, 3, 3, 1),
        (3, 3, 3, 4, 2, 1),
        (2, 4, 2, 3, 3, 0),
        (1, 4, 3, 4, 2, 1),
        (3, 4, 3, 2, 2, 2),
        (2, 3, 4, 4, 3, 1),
        (4, 4, 2, 3, 2, 1),
        (2, 4, 3, 4, 4, 1),
        (1, 3, 2, 4, 3, 2),
        (2, 4, 4, 4, 2, 1),
    )
)
#: What people of two wijken and others found important, of all subjects in their order.
_HAARLEM_WEIGHED = (
    *[
        ("WK039206", points)
        for points in (
            (2, 3, 3, 4, 3, 1),
            (1, 3, 4, 4, 2, 1),
            (2, 2, 3, 4, 3, 2),
            (1, 4, 3, 3, 2, 0),
            (3, 3, 2, 4, 4, 1),
            (2, 3, 4, 4, 3, 1),
            (1, 2, 3, 4, 2, 2),
            (2, 4, 4, 3, 3, 1),
        )
    ],
    *[
        ("WK039219", points)
        for points in (
            (2, 4, 4, 2, 2, 1),
            (1, 4, 4, 3, 2, 1),
            (2, 4, 4, 3, 3, 0),
            (3, 4, 4, 2, 2, 1),
            (2, 4, 3, 3, 2, 1),
            (2, 3, 4, 2, 3, 1),
        )
    ],
    *[
        (None, points)
        for points in (
            (4, 2, 2, 2, 3, 2),
            (3, 2, 1, 3, 4, 4),
            (4, 3, 2, 1, 2, 1),
            (2, 2, 2, 2, 2, 2),
            (1, 4, 3, 4, 2, 0),
            (3, 1, 2, 4, 4, 3),
        )
    ],
)
_HEEMSKERK_WEIGHED = tuple(
    ("WK039609" if number % 3 else None, points)
    for number, points in enumerate(
        (
            (4, 2, 2, 3, 1),
            (4, 3, 2, 2, 1),
            (3, 3, 3, 2, 1),
            (4, 1, 2, 3, 2),
            (4, 2, 1, 2, 1),
            (3, 2, 3, 3, 0),
            (4, 3, 3, 2, 1),
            (2, 4, 4, 2, 1),
            (4, 2, 2, 4, 2),
            (3, 3, 2, 3, 1),
            (4, 2, 3, 2, 2),
            (3, 2, 2, 3, 1),
        )
    )
)

HAARLEM = TrackPlan(
    code="skaeve-huse-haarlem-voorbeeld",
    gemeente_code="GM0392",
    wijk_code="WK039206",
    where="in Haarlem",
    type=_SKAEVE,
    published_day=-205,
    texts={
        "why_here": MARK
        + "In de Waarderpolder liggen twee van de vier plekken die in 2017 overbleven. Daarom "
        "begint het gesprek hier. De andere twee plekken doen ook mee.",
        "contact_name": "Team Wonen en zorg (voorbeeld)",
        "contact_email": "wonen@haarlem.example",
        "contact_phone": "023 000 00 01",
    },
    phases=(
        PhasePlan(
            "Uitleg in de hele gemeente",
            -205,
            -160,
            MARK + "Op drie avonden kwamen 140 mensen. Hun vragen staan bij het nieuws.",
        ),
        PhasePlan(
            "Waar moet een plek aan voldoen?",
            -159,
            -82,
            MARK + "Afstand tot woningen, een goede weg en een vaste beheerder tellen het zwaarst. "
            "Daarmee zijn de plekken vergeleken.",
            _HAARLEM_WEIGHED_BEFORE,
        ),
        PhasePlan("Plekken vergelijken", -60, 32, weighed=_HAARLEM_WEIGHED),
        PhasePlan("Beheerplan maken", 33, 117),
        PhasePlan("Besluit", 118, 202),
        PhasePlan("Bouwen en starten", 203, 480),
    ),
    meetings=(
        MeetingPlan(
            "Avond over de eisen",
            -120,
            19,
            "Wijkcentrum in de Waarderpolder (voorbeeld)",
            "Wij maken samen de lijst met eisen.",
            MARK
            + "Er kwamen buren en acht bedrijven. Zij vroegen vooral om een goede weg en om één "
            "telefoonnummer dat altijd werkt.",
            54,
        ),
        MeetingPlan(
            "Avond over de plekken",
            -24,
            19,
            "Wijkcentrum in de Waarderpolder (voorbeeld)",
            "Wij laten de vier plekken zien, met wat goed is en wat niet.",
            MARK + "Per plek schreven groepen op wat past en wat niet. Elke reactie staat op deze "
            "pagina.",
            61,
        ),
        MeetingPlan(
            "Wandeling langs twee plekken",
            9,
            14,
            "Start bij de bushalte aan de Waarderweg (voorbeeld)",
            "Wij lopen langs de plekken. Het pad is goed te doen met een rolstoel.",
        ),
    ),
    news=(
        NewsPlan(
            -204,
            "Het gesprek begint",
            MARK + "De regio zoekt plekken voor Skaeve Huse. In Haarlem praten wij er eerst over, "
            "voordat er een plek wordt gekozen.",
        ),
        NewsPlan(
            -80,
            "De eisen zijn klaar",
            MARK + "Wat u zwaar vindt wegen, staat nu bij de vorige fase. Daarmee vergelijken wij "
            "de plekken.",
        ),
        NewsPlan(
            -20,
            "Verslag van de avond over de plekken",
            MARK + "Het verslag staat bij de bijeenkomst. Tot het eind van deze fase kunt u "
            "reageren.",
        ),
    ),
    sites=(
        SitePlace(_SKAEVE, "Waarderpolder noordoost", "onderwerp"),
        SitePlace(_SKAEVE, "Waarderpolder noord", "onderwerp"),
        SitePlace(
            _SKAEVE,
            "Schalkwijk noord-oost",
            "bekeken",
            MARK + "Deze plek wordt ook vergeleken. In Schalkwijk zijn al veel andere plekken.",
        ),
        SitePlace(
            _SKAEVE,
            "Spoorwegdriehoek",
            "bekeken",
            MARK + "Er is te veel geluid van treinen om er te wonen.",
        ),
    ),
    themes=(
        ThemePlan(
            "De weg ernaartoe",
            "meegenomen",
            MARK + "Een goede weg met licht is nu een eis. Op elke plek komt een apart pad om te "
            "lopen.",
            -18,
        ),
        ThemePlan(
            "Toezicht en bellen",
            "bekeken",
            MARK + "Wie u kunt bellen, komt in het beheerplan. Dat maken wij met de buren.",
            -18,
        ),
        ThemePlan("Eerlijk verdelen"),
    ),
    agreements=(
        AgreementPlan(
            "signaal",
            "Eén telefoonnummer voor vragen en zorgen",
            MARK + "Overdag en ’s avonds neemt iemand op. Na elk gesprek hoort u wat er gebeurt.",
            "Team Wonen en zorg van de gemeente",
            -80,
            from_day=-75,
            evaluate_day=60,
        ),
    ),
    voices=HAARLEM_VOICES,
    choice_name=HAARLEM_CHOICE.name,
    subjects=_ALL,
)


def _heemskerk_measured(
    day: int, invited_count: int, positive_count: int, neutral_count: int, negative_count: int
) -> MeasurementPlan:
    return MeasurementPlan(
        day,
        "Wat vindt u ervan dat deze plek in uw wijk komt?",
        MARK + "Brief aan alle adressen binnen 300 meter, met antwoord op papier of op de site.",
        "Gemeente Heemskerk (voorbeeld)",
        invited_count,
        positive_count,
        neutral_count,
        negative_count,
    )


HEEMSKERK = TrackPlan(
    code="beschut-wonen-heemskerk-voorbeeld",
    gemeente_code="GM0396",
    wijk_code="WK039609",
    where="in Heemskerk",
    type=_BESCHUT,
    published_day=-245,
    texts={
        "why_here": MARK
        + "In Heemskerk is nog geen plek voor beschut wonen. In deze wijk zijn winkels, huisarts "
        "en bus dichtbij. De eigenaar wil dit gebouw verhuren.",
        "contact_name": "Afdeling Samenleving (voorbeeld)",
        "contact_email": "samenleving@heemskerk.example",
        "contact_phone": "0251 00 00 01",
    },
    phases=(
        PhasePlan(
            "Kennismaken",
            -245,
            -190,
            MARK + "Wij spraken 60 mensen op straat, op de markt en thuis.",
        ),
        PhasePlan(
            "Een plek kiezen",
            -189,
            -112,
            MARK + "Van drie gebouwen is dit het beste. Het is dicht bij de bus en heeft een tuin.",
            _HEEMSKERK_WEIGHED,
        ),
        PhasePlan("Samen het plan maken", -75, 4),
        PhasePlan("Besluit", 5, 46),
        PhasePlan("Bouwen en starten", 47, 190),
        PhasePlan("Wonen en bijhouden", 191, 555),
    ),
    meetings=(
        MeetingPlan(
            "Tekenmiddag voor huis en tuin",
            -61,
            14,
            "Buurthuis in de wijk (voorbeeld)",
            "Buren en bewoners tekenen samen.",
            MARK + "Er zijn drie tekeningen gemaakt. In alle drie is de tuin open voor de straat.",
            33,
        ),
        MeetingPlan(
            "Het plan op één avond",
            3,
            19,
            "Buurthuis in de wijk (voorbeeld)",
            "U ziet het plan, en wat wij met elke reactie deden.",
        ),
    ),
    news=(
        NewsPlan(
            -111,
            "De plek is gekozen",
            MARK + "Dank voor al uw reacties. Nu maken wij samen het plan.",
        ),
        NewsPlan(
            -13,
            "Het plan is bijna klaar",
            MARK + "De ingang komt aan het plein. De tuin gaat open voor de straat. Op de avond "
            "laten wij alles zien.",
        ),
    ),
    sites=(SitePlace(_BESCHUT, "Heemskerk", "onderwerp"),),
    themes=(
        ThemePlan(
            "De ingang",
            "meegenomen",
            MARK
            + "De ingang komt aan de kant van het plein. Het pad achter de huizen blijft van u.",
            -14,
        ),
        ThemePlan(
            "De tuin",
            "meegenomen",
            MARK
            + "Een deel van de tuin gaat open voor de straat. Buren en bewoners zorgen er samen "
            "voor.",
            -14,
        ),
        ThemePlan("Parkeren en fietsen"),
    ),
    agreements=(
        AgreementPlan(
            "tegenprestatie",
            "Een deel van de tuin is open voor de straat",
            MARK + "Elke dag van negen tot acht uur. De gemeente betaalt de planten.",
            "Gemeente en zorgorganisatie",
            -14,
            from_day=190,
            evaluate_day=370,
        ),
        AgreementPlan(
            "commissie",
            "Groep van buren en begeleiders",
            MARK + "De groep komt elke drie maanden bij elkaar, ten minste twee jaar lang.",
            "Zorgorganisatie, vier buren en de gemeente",
            -14,
            from_day=47,
            until_day=777,
            evaluate_day=412,
        ),
        AgreementPlan(
            "tegenprestatie",
            "Nieuwe lampen op het pad",
            MARK + "De gemeente hangt zes lampen op, voordat het werk begint.",
            "Gemeente",
            -110,
            until_day=-20,
            done_day=-25,
            done_note=MARK + "De lampen hangen er en branden.",
        ),
    ),
    measurements=(
        _heemskerk_measured(-240, 400, 52, 48, 41),
        _heemskerk_measured(-100, 420, 64, 51, 29),
    ),
    voices=HEEMSKERK_VOICES,
    subjects=_NEAR,
)

ZANDVOORT = TrackPlan(
    code="zandvoort-noord-voorbeeld",
    gemeente_code="GM0473",
    wijk_code="WK047301",
    where="in Zandvoort Noord",
    type=None,
    published_day=-9,
    texts={
        "why_here": MARK
        + "Zandvoort heeft nog geen eigen plek. In Noord wonen veel mensen dicht bij winkels. "
        "Daarom beginnen wij hier met luisteren. Er is nog geen plek.",
        "contact_name": "Team Sociaal domein (voorbeeld)",
        "contact_email": "sociaal@zandvoort.example",
        "contact_phone": "023 000 00 02",
    },
    phases=(
        PhasePlan("Kennismaken met de wijk", -9, 47),
        PhasePlan("Wat vindt de wijk belangrijk?", 48, 103),
        PhasePlan("Advies van de wijk", 104, 159),
        PhasePlan("Wat wij ermee doen", 160, 187),
    ),
    meetings=(
        MeetingPlan(
            "Koffie op het plein",
            -5,
            10,
            "Plein bij de winkels (voorbeeld)",
            "Wij staan er met koffie. Loop langs en vertel hoe het is om hier te wonen.",
            MARK + "Veel mensen vertelden over de drukte in de zomer en over de bus.",
            40,
        ),
        MeetingPlan(
            "Eerste avond in de wijk",
            16,
            19,
            "Buurtcentrum in Noord (voorbeeld)",
            "U vertelt wat goed gaat in de wijk. Er is nog geen plan om te laten zien.",
        ),
    ),
    news=(
        NewsPlan(
            -9,
            "Wij beginnen met luisteren",
            MARK + "Er is nog geen plek en geen plan. Eerst horen wij graag van u.",
        ),
    ),
    voices=ZANDVOORT_VOICES,
)

TRACK_PLANS: tuple[TrackPlan, ...] = (HAARLEM, HEEMSKERK, ZANDVOORT)
