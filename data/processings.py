"""What is done with data of people: whose, what for, on which ground of the law, how long.

The grounds are what the program is built for. A gemeente that uses it settles them itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LegalGround:
    """A ground of article 6, paragraph 1 of the AVG."""

    letter: str
    label: str


TASK = LegalGround("e", "Een taak van algemeen belang")
CONSENT = LegalGround("a", "Toestemming")


@dataclass(frozen=True)
class Processing:
    """One thing that is done with data of people: whose, what for, on which ground, how long.

    ``told`` is what ``/privacy`` says of it. ``until`` holds for columns that no term of
    ``data.retention`` names; also for those with terms, when these are ``exceptions``.
    """

    key: str
    label: str
    whose: str
    purpose: str
    ground: LegalGround
    why: str
    origin: str
    until: str
    told: str = ""
    is_of_residents: bool = False
    exceptions: bool = False


_RESIDENT = "Inwoners die reageren"
_STAFF = "Mensen die met deze site werken"
_AS_LONG_AS_THE_TRACK = "zolang het gesprek te lezen is"
_PARTICIPATION = (
    "De gemeente betrekt inwoners bij plannen. Dat hoort bij haar taak (Omgevingswet; Gemeentewet, "
    "artikel 150)."
)
PROCESSINGS: tuple[Processing, ...] = (
    Processing(
        "reageren",
        "Reageren op een plan",
        _RESIDENT,
        "Een reactie lezen, meewegen, beantwoorden en laten zien.",
        TASK,
        _PARTICIPATION,
        "Van de inwoner zelf, of van een medewerker die een reactie van papier invoert.",
        _AS_LONG_AS_THE_TRACK,
        "Reageert u op een plan? Dan bewaren wij wat u schrijft en kiest, en een foto of plek als "
        "u die meestuurt. Uw naam vragen wij niet.",
        is_of_residents=True,
        exceptions=True,
    ),
    Processing(
        "antwoord_per_mail",
        "Antwoord krijgen per e-mail",
        "Inwoners die antwoord per e-mail willen",
        "Het antwoord op een reactie sturen.",
        CONSENT,
        "Het adres is niet nodig om te reageren. Wie het invult, vraagt om antwoord.",
        "Van de inwoner zelf.",
        "tot het antwoord is verstuurd",
        "Vult u een e-mailadres in, dan staat dat apart van uw reactie. Medewerkers en moderators "
        "kunnen het niet lezen.",
        is_of_residents=True,
    ),
    Processing(
        "volgen",
        "De buurt volgen",
        "Inwoners die een plek, gebied of gesprek volgen",
        "Een e-mail sturen als er iets verandert.",
        CONSENT,
        "Wie volgt, vult zelf een adres in en klikt op een link in de eerste e-mail.",
        "Van de inwoner zelf.",
        "tot u stopt",
        "Volgt u uw buurt? Dan bewaren wij uw e-mailadres en wat u volgt. Stoppen kan met één "
        "klik.",
        is_of_residents=True,
    ),
    Processing(
        "post",
        "E-mail versturen",
        "Inwoners die antwoord krijgen of een buurt volgen",
        "Een e-mail klaarzetten en versturen.",
        CONSENT,
        "Het is de post waar de inwoner om vroeg.",
        "Uit de reactie of het volgen.",
        "tot het bericht is verstuurd",
        "Een e-mail aan u bewaren wij niet langer dan nodig is om die te versturen.",
        is_of_residents=True,
    ),
    Processing(
        "afwegen",
        "Zeggen wat u belangrijk vindt",
        "Inwoners die hun afweging sturen",
        "Laten zien wat inwoners samen belangrijk vinden.",
        TASK,
        _PARTICIPATION,
        "Van de inwoner zelf.",
        _AS_LONG_AS_THE_TRACK,
        "Zegt u wat u belangrijk vindt? Dan bewaren wij alleen die keuzes, en de "
        "wijk als u die kiest. Niet wie u bent, en niet wanneer u het deed.",
        is_of_residents=True,
    ),
    Processing(
        "beoordelen",
        "Reacties beoordelen",
        "Inwoners die reageren, en moderators",
        "Reacties toetsen aan de huisregels voordat iedereen ze leest, en een bezwaar behandelen.",
        TASK,
        "Zo komen er geen gegevens van anderen op de site, en is een weigering uit te leggen.",
        "Van de moderator, en van het programma dat de tekst doorzoekt.",
        _AS_LONG_AS_THE_TRACK,
        "Een moderator leest uw reactie voordat iedereen die leest. Wij bewaren wat de moderator "
        "besloot en waarom.",
        is_of_residents=True,
        exceptions=True,
    ),
    Processing(
        "misbruik",
        "Misbruik tegenhouden",
        "Iedereen die iets instuurt of inlogt",
        "Tellen hoe vaak iets is geprobeerd, en daarna even laten wachten.",
        TASK,
        "De gemeente moet gegevens beveiligen (AVG, artikel 32).",
        "Van het programma.",
        "tot de telling is verlopen",
        "Wij tellen hoe vaak er vanaf één internetadres iets komt. Dat adres maken wij eerst "
        "onleesbaar.",
        is_of_residents=True,
    ),
    Processing(
        "contactpersoon",
        "Contactpersonen en afspraken",
        "Contactpersonen van gemeenten en organisaties, en wie een afspraak maakt",
        "Laten zien bij wie u terechtkunt en wie wat heeft afgesproken.",
        TASK,
        _PARTICIPATION,
        "Van een medewerker.",
        _AS_LONG_AS_THE_TRACK,
    ),
    Processing(
        "accounts",
        "Accounts en inloggen",
        _STAFF,
        "Weten wie er werkt, en wat die persoon mag zien en wijzigen.",
        TASK,
        "Alleen wie dat voor het werk nodig heeft, mag bij gegevens (AVG, artikel 32).",
        "Van de beheerder, de medewerker zelf, of de organisatie waar die inlogt.",
        "zolang het account bestaat; wie weggaat, kan niet meer inloggen",
    ),
    Processing(
        "verantwoorden",
        "Uitleggen wie wat wijzigde",
        _STAFF,
        "Later kunnen uitleggen hoe een besluit tot stand kwam.",
        TASK,
        "Een besluit moet te volgen zijn (Algemene wet bestuursrecht, Archiefwet).",
        "Van het programma, bij elke wijziging.",
        "blijft bewaard bij het dossier",
    ),
    Processing(
        "werkteksten",
        "Teksten en bestanden van medewerkers",
        "Mensen die in een tekst, foto of bestand genoemd kunnen zijn",
        "Plannen, gesprekken en plekken beschrijven. Persoonsgegevens horen hier niet in.",
        TASK,
        "Zonder beschrijving is een plan niet uit te leggen.",
        "Van een medewerker.",
        "zolang het plan of gesprek bewaard blijft",
    ),
    Processing(
        "woningen",
        "Aantallen gewone huizen met begeleiding",
        "Mensen die met begeleiding in een gewoon huis wonen",
        "Laten zien hoeveel huizen er per gebied zijn. Een adres wordt niet bewaard.",
        TASK,
        "De gemeenten zorgen samen voor genoeg plekken (Wet maatschappelijke ondersteuning 2015).",
        "Van zorgaanbieders en woningcorporaties, als aantal per gebied.",
        "tot er een nieuw jaar is ingelezen",
    ),
)
