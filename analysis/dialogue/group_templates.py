"""With what a conversation begins about living for one group: young, old, families and others."""

from __future__ import annotations

from analysis.dialogue.template_parts import (
    CORPORATION,
    GEMEENTE,
    NEIGHBOURS,
    PROVIDER,
    PartyTemplate,
    PhaseTemplate,
    TrackTemplate,
    decision,
    start,
)

SOCIAAL_HOSTEL = TrackTemplate(
    key="sociaal_hostel",
    label="Sociaal hostel",
    title="Sociaal hostel {waar}",
    summary=(
        "Wij zoeken {waar} een huis met betaalbare kamers, waar bewoners lang kunnen blijven "
        "en zelf "
        "veel doen. Mensen met eigen ervaring helpen het huis draaien."
    ),
    not_this=(
        "Het is geen hotel en geen nachtopvang. Bewoners huren een kamer en blijven vaak jaren. Er "
        "zijn weinig regels in huis, maar wel afspraken met de buurt."
    ),
    street_text=(
        "U krijgt vaste buren. Er is steun in huis, en zorg komt van buiten. Bewoners doen zelf de "
        "tuin en de stoep, en u kunt ze daarop aanspreken."
    ),
    open_text="Het huis, wat bewoners voor de buurt kunnen doen, en de afspraken met de buurt.",
    fixed_text="Bewoners huren zelf en bepalen samen de regels in huis.",
    phases=(
        PhaseTemplate(
            "Wie zijn de bewoners?",
            "informeren",
            6,
            "Mensen met eigen ervaring vertellen hoe zij wonen en waarom dat werkt.",
            "Al uw vragen.",
            "Wonen en zorg zijn gescheiden.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Een huis zoeken",
            "raadplegen",
            10,
            "Wij zoeken een huis waar mensen lang kunnen blijven.",
            "Welk huis, in welke straat.",
            "Winkels, bus en dagbesteding zijn dichtbij.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Buren en bewoners maken afspraken",
            "meebeslissen",
            10,
            "Bewoners en buren beslissen samen over de afspraken buiten het huis.",
            "Alles wat buiten het huis gebeurt: stoep, tuin, geluid en feest.",
            "De regels binnen. Die maken de bewoners.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders"),
        start("Het huis wordt klaargemaakt.", "Hoe wij de start vieren.", "De afspraken.", 26),
    ),
    parties=(
        PartyTemplate(
            "Bewoners en mensen met eigen ervaring", "Laten het huis zelf draaien.", "Altijd"
        ),
        GEMEENTE,
        NEIGHBOURS,
        CORPORATION,
    ),
)

PRIKKELARME_UNIT = TrackTemplate(
    key="prikkelarme_unit",
    label="Prikkelarme woonunit",
    title="Prikkelarm wonen {waar}",
    summary=(
        "Wij zoeken {waar} een heel rustige plek voor een paar kleine woningen. Die zijn voor "
        "mensen "
        "die veel last hebben van drukte."
    ),
    not_this=(
        "Het is geen plek voor mensen die zelf overlast geven. Het is juist voor mensen die stilte "
        "nodig hebben. Het is ook geen instelling: iedereen heeft een eigen woning."
    ),
    street_text=(
        "U merkt er weinig van: de bewoners zoeken rust. Begeleiders komen aan huis. Wij "
        "vragen wel "
        "hoe stil het bij u is, ook in het weekend en bij feesten."
    ),
    open_text="De plek, het groen eromheen, de weg ernaartoe, en hoe het er stil blijft.",
    fixed_text="Weinig verkeer en weinig buren direct ernaast. Riool, stroom en water zijn er.",
    phases=(
        PhaseTemplate(
            "Waar is het stil?",
            "raadplegen",
            8,
            "U weet waar en wanneer het stil is. Wij meten dat ook.",
            "Plekken die wij nog niet kennen, en geluid dat wij niet zien.",
            "Wat de bewoners aan rust nodig hebben.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "De plek samen inpassen",
            "coproduceren",
            10,
            "Met de buren tekenen wij het groen, het pad en het licht.",
            "Groen, pad, licht en de kleur van de woningen.",
            "Het aantal woningen.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders"),
        start(
            "De woningen worden geplaatst, met zo weinig mogelijk geluid.",
            "Dagen en tijden van het werk.",
            "Het groen en het pad zoals getekend.",
            20,
        ),
    ),
    parties=(
        GEMEENTE,
        NEIGHBOURS,
        PartyTemplate(
            "Mensen die gevoelig zijn voor drukte, en hun familie",
            "Vertellen wat rust voor hen is.",
            "Bij het zoeken en het tekenen",
        ),
        PROVIDER,
        PartyTemplate("Eigenaar van de grond", "Verkoopt of verhuurt de grond.", "Vanaf de keuze"),
    ),
)

JEUGD_WONEN = TrackTemplate(
    key="jeugd_wonen",
    label="Wonen voor jongeren",
    title="Wonen voor jongeren {waar}",
    summary=(
        "Wij zoeken {waar} een plek voor jongeren zonder thuis. Zij gaan naar school of werk "
        "en leren "
        "er op zichzelf wonen."
    ),
    not_this=(
        "Het is geen gesloten jeugdzorg en geen jongerencentrum. Jongeren wonen er, kort of "
        "een paar "
        "jaar, met begeleiding die bij hun leeftijd past."
    ),
    street_text=(
        "Er komen jonge mensen in de straat wonen, met fietsen en soms muziek. In het begin "
        "spreken "
        "begeleiding en buren af hoe laat het stil is en wie er belt."
    ),
    open_text="De plek, de fietsenstalling, de tuin, en wat jongeren en wijk samen kunnen doen.",
    fixed_text="School, werk, sport en bus zijn dichtbij. Er is begeleiding.",
    phases=(
        PhaseTemplate(
            "Jongeren vertellen zelf",
            "informeren",
            4,
            "Jongeren die zo woonden, vertellen wat zij nodig hadden.",
            "Al uw vragen.",
            "Dat er een plek voor jongeren komt.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Een plek met school en sport",
            "raadplegen",
            8,
            "Wij vragen jongeren en buren samen welke plek goed is.",
            "De plek, en welke club of school mee wil doen.",
            "Het aantal jongeren, en hun leeftijd.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Samen inrichten",
            "coproduceren",
            8,
            "Jongeren en buren maken samen de tuin en de afspraken.",
            "Tuin, stalling, tijden en een plek om elkaar te zien.",
            "De plek en de begeleiding.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders", 6),
        start(
            "Het huis wordt klaar voor het nieuwe schooljaar.",
            "De opening met de buurt.",
            "De afspraken.",
            20,
        ),
    ),
    parties=(
        PartyTemplate("Jongeren", "Beslissen mee over hun eigen huis.", "Vanaf het begin"),
        GEMEENTE,
        NEIGHBOURS,
        PROVIDER,
        PartyTemplate(
            "Scholen en sportclubs", "Maken plaats voor jongeren uit het huis.", "Bij het plan"
        ),
    ),
)

SOMATIEK_OUDEREN = TrackTemplate(
    key="somatiek_ouderen",
    label="Wonen voor ouderen met lichamelijke zorg",
    title="Wonen voor ouderen met zorg {waar}",
    summary=(
        "Wij zoeken {waar} een plek voor ouderen die niet alleen kunnen wonen. Zij krijgen "
        "begeleiding en ook zorg voor hun lichaam."
    ),
    not_this=(
        "Het is geen gewoon verpleeghuis en geen ziekenhuis. Het is een woonplek voor mensen die "
        "eerder geen thuis hadden en nu ook zorg nodig hebben."
    ),
    street_text=(
        "De stoep en het gebouw worden goed te gebruiken met een rolstoel of rollator. Dat "
        "helpt ook "
        "andere mensen. Er komt vaker een busje of auto van de zorg."
    ),
    open_text="De plek, de stoep en de bankjes, het parkeren voor zorg, en bezoek uit de wijk.",
    fixed_text="Huisarts en apotheek zijn dichtbij. Het gebouw heeft geen drempels.",
    phases=(
        PhaseTemplate(
            "Uitleg en wandeling",
            "raadplegen",
            6,
            "Wij lopen met ouderen door de wijk en kijken wat goed gaat en wat niet.",
            "Stoepen, oversteken, bankjes en afstand tot winkels.",
            "Welke zorg er in huis is.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Plek en straat kiezen",
            "adviseren",
            8,
            "Ouderen en buren geven advies over de plek en over de straat.",
            "De plek, en wat er aan de straat verandert.",
            "Dat er plaats is voor een ambulance.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders"),
        start(
            "Het gebouw en de stoep worden aangepast.",
            "Tijden van het werk, en bezoek voor wie alleen is.",
            "Het advies dat is gevolgd.",
            30,
        ),
    ),
    parties=(
        PartyTemplate(
            "Ouderen uit de wijk", "Wijzen aan wat lopen en rijden moeilijk maakt.", "Altijd"
        ),
        GEMEENTE,
        PROVIDER,
        PartyTemplate(
            "Huisarts en apotheek", "Zeggen of zij er patiënten bij kunnen nemen.", "Bij de plek"
        ),
        NEIGHBOURS,
    ),
)

FAMILIE_WONEN = TrackTemplate(
    key="familie_wonen",
    label="Wonen voor gezinnen",
    title="Wonen voor gezinnen {waar}",
    summary=(
        "Wij zoeken {waar} een gebouw met studio’s voor ouders en kinderen die hun huis kwijt "
        "zijn. "
        "Het liefst dicht bij de school van de kinderen."
    ),
    not_this=(
        "Het is geen opvang met gedeelde zalen. Elk gezin heeft een eigen voordeur, keuken en "
        "badkamer. Gezinnen blijven er tot zij een vast huis hebben."
    ),
    street_text=(
        "Er komen kinderen bij, op straat en op school. Het speelplein wordt meer gebruikt. Ouders "
        "krijgen hulp aan huis. Gezinnen gaan weer weg als zij een vast huis hebben."
    ),
    open_text="Het gebouw, de speelplek, veilig oversteken, en hoe gezinnen welkom zijn.",
    fixed_text=(
        "Een basisschool en een speelplek zijn dichtbij. Elk gezin heeft een eigen voordeur."
    ),
    phases=(
        PhaseTemplate(
            "Kan de school het aan?",
            "raadplegen",
            6,
            "Wij praten met scholen, ouders en buren: is er plaats in de klas en op het plein?",
            "Welke school, welke route en welke speelplek.",
            "Kinderen gaan gewoon naar school.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Speelplek en straat samen maken",
            "coproduceren",
            10,
            "Kinderen uit de buurt en ouders tekenen mee aan de speelplek en de oversteek.",
            "De speelplek en de oversteek.",
            "Het aantal gezinnen.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders"),
        start(
            "De studio’s worden gemaakt. Gezinnen komen het liefst in een vakantie.",
            "Een welkom door buren.",
            "Wat gezinnen zelf niet willen delen, vragen wij niet.",
            24,
        ),
    ),
    parties=(
        PartyTemplate(
            "Ouders en kinderen", "Zeggen wat een gezin in zo’n tijd nodig heeft.", "Bij het plan"
        ),
        PartyTemplate(
            "Basisscholen", "Zeggen of er plaats is, en vangen kinderen op.", "Als eerste"
        ),
        GEMEENTE,
        PROVIDER,
        NEIGHBOURS,
    ),
)

GROUP_TEMPLATES = (
    SOCIAAL_HOSTEL,
    PRIKKELARME_UNIT,
    JEUGD_WONEN,
    SOMATIEK_OUDEREN,
    FAMILIE_WONEN,
)
