"""With what a conversation begins about a place of which the region needs a few."""

from __future__ import annotations

from analysis.dialogue.template_parts import (
    COUNCIL,
    FUTURE_RESIDENTS,
    GEMEENTE,
    NEIGHBOURS,
    POLICE,
    PROVIDER,
    REGION,
    PartyTemplate,
    PhaseTemplate,
    TrackTemplate,
    decision,
    start,
)

BESCHERMD_WONEN = TrackTemplate(
    key="beschermd_wonen",
    label="Beschermd wonen",
    title="Beschermd wonen {waar}",
    summary=(
        "Beschermd wonen verandert. De regio wil minder grote gebouwen en meer kleine plekken. Wij "
        "praten {waar} over wat dat betekent."
    ),
    not_this=(
        "Het is geen gevangenis en geen gesloten kliniek. Bewoners kunnen in en uit. Het gaat ook "
        "niet om zomaar sluiten: niemand hoeft weg voordat er een andere goede plek is."
    ),
    street_text=(
        "Een groot gebouw kan kleiner worden, of gewone huurwoningen worden. Begeleiders zijn "
        "er dag "
        "en nacht, zolang er beschermd wordt gewoond. Zij komen en gaan ook ’s avonds."
    ),
    open_text=(
        "Wat er met het gebouw gebeurt, hoe snel, en hoe bewoners die huurder worden contact "
        "houden "
        "met de buurt."
    ),
    fixed_text=(
        "Het aantal plekken in de regio wordt kleiner. Wie er woont, krijgt een andere plek "
        "voordat "
        "er iets dicht gaat."
    ),
    phases=(
        PhaseTemplate(
            "Eerst de bewoners",
            "informeren",
            6,
            "De bewoners en hun familie horen het eerst wat er verandert. Daarna hoort de wijk "
            "het.",
            "Vragen van bewoners, familie en buren.",
            "Dat de regio minder en kleinere plekken wil.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Wat kan er met het gebouw?",
            "raadplegen",
            10,
            "Wij vragen buren en bewoners wat een goede bestemming is.",
            "Kleiner verder gaan, gewone woningen, of iets anders.",
            "Veiligheid van het gebouw, en zorg tot de laatste dag.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Plan voor verhuizen en omklappen",
            "coproduceren",
            16,
            "Met bewoners, zorgorganisatie en woningcorporatie maken wij per groep een plan.",
            "De volgorde, de tijd en de hulp daarna.",
            "Niemand verhuist zonder nieuwe plek.",
        ),
        decision("De gemeenteraad", 10),
        start(
            "Stap voor stap verandert het gebouw. U leest hier elke stap.",
            "Wat buren en bewoners elkaar kunnen bieden.",
            "De stappen in het plan.",
            52,
        ),
    ),
    parties=(
        PartyTemplate(
            "Bewoners en hun familie", "Beslissen mee over hun eigen verhuizing.", "Als eerste"
        ),
        GEMEENTE,
        PROVIDER,
        REGION,
        NEIGHBOURS,
    ),
)

SKAEVE_HUSE = TrackTemplate(
    key="skaeve_huse",
    label="Skaeve Huse",
    title="Skaeve Huse {waar}",
    summary=(
        "Wij zoeken {waar} een plek aan de rand voor vijf of zes losse huisjes. Die zijn voor "
        "mensen "
        "die ruimte om zich heen nodig hebben."
    ),
    not_this=(
        "Het is geen kamp en geen gevangenis. Elk huisje heeft een eigen huurder met een eigen "
        "contract. Het is ook geen begin van een grote groep: het blijft bij vijf of zes huisjes."
    ),
    street_text=(
        "De huisjes komen op afstand van woningen en scholen. Een vaste beheerder komt vaak "
        "langs en "
        "is te bellen. Er komen een weg, licht en leidingen bij, als die er nog niet zijn."
    ),
    open_text=(
        "Welke plek aan de rand, de weg ernaartoe, het groen eromheen, en de afspraken over beheer."
    ),
    fixed_text=(
        "De regio zoekt een paar van deze plekken. Er is afstand tot woningen en scholen. Riool, "
        "stroom, water en een beheerder horen erbij."
    ),
    phases=(
        PhaseTemplate(
            "Uitleg in de hele gemeente",
            "informeren",
            6,
            "U hoort waarom de regio deze huisjes zoekt, en hoe dat elders gaat.",
            "Al uw vragen.",
            "Dat de regio een paar plekken zoekt.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Waar moet een plek aan voldoen?",
            "raadplegen",
            8,
            "Wij vragen aan inwoners en bedrijven welke eisen het zwaarst tellen.",
            "Hoe zwaar elke eis telt, en welke eis ontbreekt.",
            "Afstand tot woningen en scholen, en wat de wet eist.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Plekken vergelijken",
            "raadplegen",
            10,
            "De plekken die overblijven, liggen naast elkaar. U kunt ook zelf een plek noemen.",
            "Welke plek het beste past.",
            "De eisen uit de vorige fase.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Beheerplan maken",
            "coproduceren",
            12,
            "De dichtste buren en bedrijven maken met ons het beheerplan.",
            "Wie er belt, wie er komt, hoe snel, en wat er in het hek en het groen nodig is.",
            "De plek, en het aantal huisjes.",
            takes_contributions=True,
        ),
        decision("De gemeenteraad", 12),
        start(
            "De weg, de leidingen en de huisjes worden gemaakt.",
            "Tijden van het werk.",
            "Het beheerplan.",
            40,
        ),
    ),
    parties=(
        REGION,
        GEMEENTE,
        PartyTemplate(
            "Bedrijven en boeren dichtbij", "Zijn vaak de dichtste buren.", "Vanaf de eisen"
        ),
        NEIGHBOURS,
        PartyTemplate(
            "Beheerder van de woningcorporatie",
            "Is het vaste gezicht op de plek, en te bellen.",
            "Vanaf het beheerplan",
        ),
        POLICE,
        COUNCIL,
    ),
)

DOMUS_PLUS = TrackTemplate(
    key="domus_plus",
    label="Domus Plus",
    title="Domus Plus {waar}",
    summary=(
        "De regio wil één huis waar mensen zonder thuis een eigen kamer krijgen, met dag en nacht "
        "begeleiding. Wij praten {waar} over een plek in of bij de stad."
    ),
    not_this=(
        "Het is geen nachtopvang waar iedereen kan binnenlopen. Bewoners hebben een vaste kamer en "
        "eigen afspraken. Het is ook geen kliniek om af te kicken."
    ),
    street_text=(
        "Er is dag en nacht iemand van de begeleiding, die u altijd kunt bellen. Bewoners gaan "
        "overdag naar buiten. Er komen auto’s van personeel, ook bij het wisselen van de dienst."
    ),
    open_text=(
        "Het gebouw, de ingang en de tuin, de route naar winkels en bus, en de afspraken over "
        "toezicht."
    ),
    fixed_text="Er komt één huis voor de hele regio. Er is dag en nacht begeleiding.",
    phases=(
        PhaseTemplate(
            "Uitleg en een huis bezoeken",
            "informeren",
            6,
            "U hoort wat het is. Wie wil, bezoekt een huis dat er al is.",
            "Al uw vragen, ook aan buren van dat huis.",
            "Dat er één huis in de regio komt.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Een gebouw kiezen",
            "raadplegen",
            10,
            "Wij leggen gebouwen in en bij de stad naast elkaar.",
            "Welk gebouw, en wat de omgeving nodig heeft.",
            "Hulp, winkels en vervoer zijn dichtbij.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Afspraken over toezicht",
            "coproduceren",
            10,
            "Buren, begeleiding en wijkagent maken samen afspraken voor overdag en voor de nacht.",
            "Telefoon, rondes, licht, schoonmaken, en hoe vaak wij samen kijken.",
            "Dat er dag en nacht begeleiding is.",
            takes_contributions=True,
        ),
        decision("De gemeenteraad", 10),
        start(
            "Het huis wordt verbouwd. Bewoners komen in kleine groepen.",
            "Hoe snel de groepen komen.",
            "De afspraken over toezicht.",
            36,
        ),
        PhaseTemplate(
            "Beheercommissie",
            "adviseren",
            104,
            "Buren, begeleiding en gemeente kijken elke drie maanden hoe het gaat.",
            "Elke afspraak.",
            "Dat het huis blijft, zolang het besluit geldt.",
            takes_contributions=True,
        ),
    ),
    parties=(REGION, GEMEENTE, PROVIDER, NEIGHBOURS, POLICE, COUNCIL),
)

MAATSCHAPPELIJKE_OPVANG = TrackTemplate(
    key="maatschappelijke_opvang",
    label="Maatschappelijke opvang",
    title="Opvang voor mensen zonder thuis {waar}",
    summary=(
        "Nu staat veel opvang dicht bij elkaar in één stad. De regio wil kleine plekken, beter "
        "verdeeld. Wij praten {waar} over zo’n kleine plek."
    ),
    not_this=(
        "Het is geen grote slaapzaal. Iedereen heeft een eigen kamer. Het is ook geen plek voor "
        "altijd: bewoners gaan zo snel mogelijk naar een eigen huis of kamer."
    ),
    street_text=(
        "Er verblijft een kleine groep, die wisselt. Begeleiders zijn er, vaak dag en nacht. "
        "Bewoners kunnen overdag binnen blijven en hoeven niet op straat te wachten."
    ),
    open_text=(
        "De plek, het aantal kamers, de plek om buiten te zitten, en het toezicht in de straat."
    ),
    fixed_text="De opvang wordt verdeeld over de regio. Iedereen krijgt een eigen kamer.",
    phases=(
        PhaseTemplate(
            "Waar is nu opvang?",
            "informeren",
            6,
            "U ziet waar nu opvang is, en waarom de regio die beter wil verdelen.",
            "Vragen over de verdeling.",
            "Dat niet alles in één stad blijft.",
            takes_contributions=True,
        ),
        PhaseTemplate(
            "Wat kan de wijk dragen?",
            "raadplegen",
            8,
            "Wij vragen wat er al in de wijk is, en wat erbij kan.",
            "De grootte en de plek.",
            "Eigen kamers, en begeleiding in huis.",
            takes_contributions=True,
            takes_importance=True,
        ),
        PhaseTemplate(
            "Advies over plek en toezicht",
            "adviseren",
            10,
            "Een groep uit de wijk schrijft advies over de plek en over toezicht buiten.",
            "Wat er in het advies staat.",
            "De gemeente volgt het, of legt uit waarom niet.",
            takes_contributions=True,
        ),
        decision("De gemeenteraad", 10),
        start(
            "De plek gaat open met een klein aantal kamers. Daarna komen de andere.",
            "Wat er na de eerste weken beter kan.",
            "Het aantal kamers in het besluit.",
            24,
        ),
        PhaseTemplate(
            "Beheercommissie",
            "adviseren",
            104,
            "Buren en begeleiding kijken samen hoe het gaat, zolang dat nodig is.",
            "Toezicht, schoonmaken en contact.",
            "De eigen kamers en de begeleiding.",
            takes_contributions=True,
        ),
    ),
    parties=(REGION, GEMEENTE, PROVIDER, FUTURE_RESIDENTS, NEIGHBOURS, POLICE, COUNCIL),
)

REGIONAL_TEMPLATES = (BESCHERMD_WONEN, SKAEVE_HUSE, DOMUS_PLUS, MAATSCHAPPELIJKE_OPVANG)
