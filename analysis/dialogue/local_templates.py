"""With what a conversation begins about a wijk, or about a small place that each gemeente needs."""

from __future__ import annotations

from analysis.dialogue.template_parts import (
    CORPORATION,
    FUTURE_RESIDENTS,
    GEMEENTE,
    NEIGHBOURS,
    PROVIDER,
    PartyTemplate,
    PhaseTemplate,
    TrackTemplate,
    decision,
    start,
)

WIJK = TrackTemplate(
    key="wijk",
    label="Wijk zonder soort",
    title="Wonen met hulp {waar}",
    summary=(
        "Er is {waar} nog geen plek en nog geen plan. Wij willen eerst weten hoe het er is om te "
        "wonen, en wat er wel en niet past."
    ),
    not_this=(
        "Dit gesprek gaat nog niet over één gebouw of één adres. Er is nog niets gekozen. Komt er "
        "later een plan voor een plek, dan begint daarover een eigen gesprek."
    ),
    street_text=(
        "Voor uw straat verandert er nu niets. Wij horen graag wat er goed gaat in de straat "
        "en wat "
        "beter kan."
    ),
    open_text=(
        "Welke soort plek bij de wijk past, en in welk deel van de wijk. Ook wat de wijk er zelf "
        "voor nodig heeft."
    ),
    fixed_text=(
        "Elke gemeente zorgt voor plekken voor haar eigen inwoners. De gemeenten willen die "
        "plekken "
        "eerlijk verdelen. Of dat gebeurt, staat niet meer open."
    ),
    phases=(
        PhaseTemplate(
            "Kennismaken met de wijk",
            "raadplegen",
            8,
            "Wij horen hoe het is om hier te wonen, voordat er een plan is.",
            "Alles wat u over de wijk wilt vertellen.",
            "Dat de gemeente plekken zoekt om te wonen met hulp.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Wat vindt de wijk belangrijk?",
            "raadplegen",
            8,
            "Wij maken samen een lijst: waar moet een plek in deze wijk aan voldoen?",
            "Wat het zwaarst telt, en wat er op de lijst ontbreekt.",
            "Regels voor gezond en veilig wonen gelden altijd.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Advies van de wijk",
            "adviseren",
            8,
            "Een groep mensen uit de wijk schrijft met ons een advies.",
            "Wat er in het advies staat.",
            "De gemeente volgt het advies, of legt uit waarom niet.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Wat wij ermee doen",
            "informeren",
            4,
            "U leest wat de gemeente met het advies doet, en of er een plek wordt gezocht.",
            "Vragen over ons antwoord.",
            "Het advies zelf. Dat blijft hier staan.",
        ),
    ),
    parties=(
        GEMEENTE,
        NEIGHBOURS,
        PartyTemplate(
            "Wijkraad of dorpsraad",
            "Kent de wijk en helpt mensen uit te nodigen.",
            "Vanaf het begin",
        ),
        PartyTemplate(
            "Scholen, winkels en clubs in de wijk",
            "Vertellen wat er in de wijk gebeurt en wat er nodig is.",
            "Bij het kennismaken",
        ),
        PartyTemplate("Huisarts en wijkteam", "Weten welke hulp er al is.", "Bij het advies"),
    ),
)

BESCHUT_WONEN = TrackTemplate(
    key="beschut_wonen",
    label="Beschut wonen",
    title="Beschut wonen {waar}",
    summary=(
        "Wij zoeken {waar} een plek voor beschut wonen. Een kleine groep mensen woont er zelf, met "
        "begeleiding dichtbij."
    ),
    not_this=(
        "Het is geen ziekenhuis en geen kliniek. Er is ook geen dag en nacht toezicht in huis: "
        "bewoners regelen veel zelf. Het is geen opvang waar mensen van de straat binnenlopen."
    ),
    street_text=(
        "Er komt een kleine groep bewoners bij, in een gewoon huis of gebouw. Overdag komt een "
        "begeleider langs, meestal met de fiets of één auto. De straat blijft een gewone straat."
    ),
    open_text=(
        "De plek, de ingang, de tuin, hoe bewoners en buren elkaar leren kennen, en de afspraken "
        "met de buurt."
    ),
    fixed_text=(
        "Elke gemeente krijgt plekken voor beschut wonen. De plek blijft klein. Winkels, huisarts "
        "en bus moeten dichtbij zijn."
    ),
    phases=(
        PhaseTemplate(
            "Kennismaken",
            "informeren",
            6,
            "U hoort wat beschut wonen is, voor wie het is en waarom het in elke gemeente komt.",
            "Al uw vragen.",
            "Dat er een kleine plek in de gemeente komt.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Een plek kiezen",
            "raadplegen",
            8,
            "Wij vragen welke plek past, en wat u daarbij belangrijk vindt.",
            "Welke plek, en welke plek wij nog niet kennen.",
            "Het aantal bewoners, en dat het dagelijks leven dichtbij is.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Samen het plan maken",
            "coproduceren",
            10,
            "Buren, bewoners en de zorgorganisatie maken samen het plan voor huis, tuin en "
            "afspraken.",
            "De ingang, de tuin, het licht en de afspraken tussen buren.",
            "De plek zelf en het aantal bewoners.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders", 6),
        start(
            "Het huis wordt klaargemaakt. Daarna maken bewoners en buren kennis.",
            "Hoe en wanneer u kennismaakt.",
            "Het plan en de afspraken.",
            20,
        ),
        PhaseTemplate(
            "Wonen en bijhouden",
            "adviseren",
            52,
            "Elk half jaar kijken buren en bewoners samen of de afspraken goed werken.",
            "De afspraken met de buurt.",
            "Dat de bewoners hier wonen: zij zijn nu uw buren.",
            takes_contributions=True,
        ),
    ),
    parties=(GEMEENTE, NEIGHBOURS, FUTURE_RESIDENTS, PROVIDER, CORPORATION),
)

RESPIJT = TrackTemplate(
    key="respijt",
    label="Respijtplek",
    title="Respijtplek {waar}",
    summary=(
        "Wij zoeken {waar} een rustige plek waar iemand een paar dagen kan logeren als het thuis "
        "even niet gaat."
    ),
    not_this=(
        "Het is geen plek om te blijven wonen. Gasten houden hun eigen huis en gaan na een paar "
        "dagen weer terug. Het is ook geen crisisopvang en geen kliniek."
    ),
    street_text=(
        "Er zijn een paar bedden. Af en toe komt of vertrekt een gast, meestal overdag. Er is "
        "altijd "
        "iemand om mee te praten, ook in de avond. Veel meer ziet u er niet van."
    ),
    open_text="De plek, hoe gasten komen en gaan, en wie de buren kunnen bellen.",
    fixed_text=(
        "Elke gemeente moet genoeg respijtplekken hebben. Het verblijf duurt een paar dagen."
    ),
    phases=(
        PhaseTemplate(
            "Uitleg en vragen",
            "informeren",
            4,
            "U hoort wat een respijtplek is en wie er logeert.",
            "Al uw vragen.",
            "Dat er een respijtplek in de gemeente nodig is.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Welke plek is rustig genoeg?",
            "raadplegen",
            6,
            "U kent de buurt. Wij vragen waar het rustig is en waar juist niet.",
            "De plek, en wat er nodig is om het er rustig te houden.",
            "Het aantal bedden en de korte duur.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Afspraken met de directe buren",
            "coproduceren",
            4,
            "Met de directe buren maken wij korte afspraken over komen, gaan en bellen.",
            "De afspraken.",
            "De plek.",
            takes_contributions=True,
        ),
        start(
            "De plek gaat open. Na drie maanden vragen wij hoe het gaat.",
            "Wat er na drie maanden beter kan.",
            "Het aantal bedden.",
            13,
        ),
    ),
    parties=(
        GEMEENTE,
        NEIGHBOURS,
        PROVIDER,
        PartyTemplate(
            "Mensen met eigen ervaring en hun familie",
            "Vertellen wat iemand in een moeilijke week helpt.",
            "Bij het kiezen van de plek",
        ),
        PartyTemplate("Huisartsen in de wijk", "Sturen mensen door.", "Na de start"),
    ),
)

TIME_OUT = TrackTemplate(
    key="time_out",
    label="Time-outplek",
    title="Time-outplek {waar}",
    summary=(
        "Wij zoeken {waar} een plek waar iemand heel kort tot rust kan komen. Gemeenten naast "
        "elkaar "
        "kunnen zo’n plek delen."
    ),
    not_this=(
        "Het is geen straf en geen gesloten plek. Iemand komt er met een afspraak en gaat daarna "
        "terug naar huis. Het is ook geen vaste woonplek."
    ),
    street_text=(
        "Er verblijven een paar mensen tegelijk, elk voor korte tijd. Zolang er iemand is, is "
        "er ook "
        "begeleiding in huis. Er komt dus af en toe een andere gast."
    ),
    open_text="De plek, de bereikbaarheid en de afspraken over geluid en bezoek.",
    fixed_text="Het verblijf is heel kort, en er is begeleiding zolang er iemand is.",
    phases=(
        PhaseTemplate(
            "Uitleg in de gemeenten die delen",
            "informeren",
            6,
            "U hoort waarom er een time-outplek nodig is, en welke gemeenten haar delen.",
            "Al uw vragen.",
            "Welke gemeenten meedoen.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Plekken naast elkaar leggen",
            "raadplegen",
            8,
            "Wij leggen plekken naast elkaar. U zegt wat daarbij telt.",
            "De plek, ook in een andere gemeente die meedoet.",
            "De plek moet rustig zijn en goed bereikbaar.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Afspraken over rust",
            "adviseren",
            6,
            "Buren geven advies over geluid, bezoek en komen en gaan.",
            "De huisregels die de buurt merkt.",
            "De plek en de begeleiding.",
            takes_contributions=True,
        ),
        decision("De colleges van de gemeenten die delen", 6),
        start(
            "De plek wordt ingericht en gaat open.",
            "Hoe u op de hoogte blijft.",
            "De afspraken over rust.",
            16,
        ),
    ),
    parties=(
        GEMEENTE,
        PartyTemplate("Buurgemeente die de plek deelt", "Betaalt mee en zoekt mee.", "Altijd"),
        NEIGHBOURS,
        PROVIDER,
    ),
)

TUSSENVOORZIENING = TrackTemplate(
    key="tussenvoorziening",
    label="Tussenvoorziening",
    title="Tussenvoorziening {waar}",
    summary=(
        "Wij zoeken {waar} een gebouw waar mensen tijdelijk wonen. Zij zijn klaar voor een eigen "
        "huis, maar er is nog geen huis vrij."
    ),
    not_this=(
        "Het is geen opvang met slaapzalen. Bewoners kunnen zelf wonen en wachten op een huis. Het "
        "gebouw is voor een paar jaar, niet voor altijd, tenzij iets anders wordt besloten."
    ),
    street_text=(
        "Een gebouw dat leeg stond, wordt weer gebruikt. Bewoners wonen er meestal hoogstens "
        "een jaar. "
        "Dus er zijn vaker verhuizingen dan in een gewone straat."
    ),
    open_text="Welk gebouw, hoe lang, wat er daarna mee gebeurt, en hoe het verhuizen gaat.",
    fixed_text="Het verblijf is tijdelijk. De bewoners zijn klaar om zelf te wonen.",
    phases=(
        PhaseTemplate(
            "Welk gebouw staat leeg?",
            "raadplegen",
            6,
            "U kent de wijk. Welke gebouwen staan leeg of komen leeg?",
            "Welke gebouwen wij bekijken.",
            "Dat het om tijdelijk wonen gaat.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Hoe lang, en wat daarna?",
            "adviseren",
            8,
            "De wijk geeft advies over de duur en over wat er daarna met het gebouw gebeurt.",
            "De duur, de tijd daarna, en het gebruik van de begane grond.",
            "Het aantal woningen dat in het gebouw past.",
            takes_contributions=True,
        ),
        decision("Het college van burgemeester en wethouders", 6),
        start(
            "Het gebouw wordt klaargemaakt. De eerste bewoners komen.",
            "Tijden van verhuizen en werk.",
            "De einddatum.",
            16,
        ),
        PhaseTemplate(
            "Halverwege kijken",
            "raadplegen",
            4,
            "Wij vragen hoe het gaat, en houden ons aan de einddatum.",
            "Wat er in de tijd die blijft beter kan.",
            "De einddatum.",
            takes_contributions=True,
        ),
    ),
    parties=(
        GEMEENTE,
        NEIGHBOURS,
        PartyTemplate(
            "Eigenaar van het gebouw", "Stelt het gebouw tijdelijk beschikbaar.", "Vanaf het zoeken"
        ),
        CORPORATION,
        PROVIDER,
    ),
)

LOCAL_TEMPLATES = (WIJK, BESCHUT_WONEN, RESPIJT, TIME_OUT, TUSSENVOORZIENING)
