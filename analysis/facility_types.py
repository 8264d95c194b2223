"""The facility types: what each one is, for whom, how big, and what it asks of a place.

The texts are our own plain Dutch (level B1); the facts come from the policy documents cited.
Two things no document states, and that are therefore *our* reading, kept here in one place:

- the pillar of a type. The documents define the four pillars, not which type belongs where.
- the scope of the types that only Maastricht-Heuvelland names. Where the whole region needs
  a few dozen places or less we read it as regional.

A unit size is given only where a policy document gives one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.domain import PILLARS, RECORDED, SCOPES, Pillar, Recorded, Scope
from analysis.errors import UnknownEntryError
from analysis.policy import Citation, cite
from analysis.registry import Registry


@dataclass(frozen=True)
class UnitSize:
    """How many places one location has according to policy, both ends included."""

    least_count: int
    most_count: int


@dataclass(frozen=True)
class FacilityType:
    """A kind of housing or shelter with care; all text is Dutch and meant for every reader.

    ``key`` is what columns and the API hold and the name of the symbol
    (``static/symbols/<symbol>.svg``). ``unit`` and ``unit_plural`` name what its capacity
    counts; ``counted`` and ``counted_plural`` say the same with the type, inside a sentence.
    The fields from ``what_it_is`` to ``asks_of_place`` are short paragraphs, each the answer to
    one question on the page of the type.
    """

    key: str
    label: str
    plural: str
    unit: str
    unit_plural: str
    counted: str
    counted_plural: str
    summary: str
    what_it_is: str
    for_whom: str
    size: str
    supervision: str
    asks_of_place: str
    scope: Scope
    pillar: Pillar
    recorded: Recorded
    sources: tuple[Citation, ...]
    unit_size: UnitSize | None = None
    aliases: tuple[str, ...] = ()

    @property
    def symbol(self) -> str:
        """The name of the symbol, without folder and extension."""
        return self.key


FACILITY_TYPES = Registry(
    "facility type",
    (
        FacilityType(
            key="beschermd_wonen",
            label="Beschermd wonen",
            plural="locaties voor beschermd wonen",
            unit="plek",
            unit_plural="plekken",
            counted="plek beschermd wonen",
            counted_plural="plekken beschermd wonen",
            summary="Wonen met begeleiding die er dag en nacht is.",
            what_it_is=(
                "Mensen wonen hier met hulp en toezicht in hetzelfde gebouw. "
                "Er is dag en nacht begeleiding. "
                "Het doel is dat mensen weer rust krijgen en daarna zo zelfstandig mogelijk wonen."
            ),
            for_whom=(
                "Voor volwassenen met een psychische kwetsbaarheid die nu niet op zichzelf "
                "kunnen wonen. Sommigen blijven een tijd, anderen lang."
            ),
            size=(
                "De regio had rond 2016 ongeveer 850 plekken met verblijf. Volgens het beleid "
                "worden dit er in tien jaar ongeveer de helft. Meer mensen wonen dan met hulp in "
                "een gewoon huis. Voor één locatie noemt het beleid geen vaste grootte."
            ),
            supervision="Er is 24 uur per dag begeleiding.",
            asks_of_place=(
                "Een rustige plek in een gewone wijk, dicht bij winkels, huisarts, bus of trein "
                "en dagbesteding. Liever meer kleine locaties, verdeeld over de regio, dan een "
                "paar grote."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(
                cite("kader", "hoofdstuk 4 en bijlage 1"),
                cite("uitvoeringsprogramma", "bijlage II, ambitie III"),
            ),
            aliases=("BW",),
        ),
        FacilityType(
            key="beschut_wonen",
            label="Beschut wonen",
            plural="locaties voor beschut wonen",
            unit="plek",
            unit_plural="plekken",
            counted="plek beschut wonen",
            counted_plural="plekken beschut wonen",
            summary="Tussen beschermd wonen en zelfstandig wonen in.",
            what_it_is=(
                "Bewoners hebben een eigen plek en regelen veel zelf. Begeleiding is dichtbij, "
                "maar niet de hele dag in huis. De regio kent deze vorm sinds 2018."
            ),
            for_whom=(
                "Voor mensen met een psychische kwetsbaarheid. Zij hebben geen toezicht dag en "
                "nacht meer nodig, maar kunnen nog niet helemaal zonder hulp wonen."
            ),
            size=(
                "Klein. De gemeenten willen meer van deze locaties en een betere verdeling over "
                "de regio. Een vast aantal per locatie is er niet."
            ),
            supervision=(
                "Begeleiders komen op afspraak en zijn snel bereikbaar, ook buiten kantooruren."
            ),
            asks_of_place=(
                "Een gewone buurt met winkels, huisarts en bus of trein om de hoek. Ook een plek "
                "om mensen te ontmoeten en dagbesteding zijn dichtbij. In elke gemeente."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("kader", "hoofdstuk 4, lokale en regionale voorzieningen"),),
        ),
        FacilityType(
            key="skaeve_huse",
            label="Skaeve Huse",
            plural="locaties voor Skaeve Huse",
            unit="woning",
            unit_plural="woningen",
            counted="woning in Skaeve Huse",
            counted_plural="woningen in Skaeve Huse",
            summary="Een paar stevige, losse huisjes voor mensen die ruimte om zich heen nodig "
            "hebben.",
            what_it_is=(
                "Kleine vrijstaande huisjes met een eigen voordeur. De naam is Deens en betekent "
                "'scheve huizen'. Bewoners huren zelf en leven op zichzelf."
            ),
            for_whom=(
                "Voor mensen bij wie wonen met andere mensen dichtbij steeds misgaat. Met meer "
                "ruimte en minder prikkels lukt het wonen vaak wel."
            ),
            size=(
                "Ongeveer vijf of zes huisjes bij elkaar. De regio wil er in tien jaar 24. In 2017 "
                "is voorgesteld om aan drie plekken mee te betalen."
            ),
            supervision="Een vaste beheerder komt vaak langs. Hulp komt bij de mensen thuis.",
            asks_of_place=(
                "Een plek aan de rand, met afstand tot huizen en tot bijvoorbeeld scholen. Wel met "
                "riool, stroom en water, en goed te bereiken voor de beheerder."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(
                cite("uitvoeringsprogramma", "hoofdstuk 3, Skaeve Huse en Domus Plus"),
                cite("kader", "bijlage 1, zelfstandig thuis wonen versterkt"),
            ),
            unit_size=UnitSize(5, 6),
            aliases=("Skæve Huse",),
        ),
        FacilityType(
            key="domus_plus",
            label="Domus Plus",
            plural="locaties voor Domus Plus",
            unit="plek",
            unit_plural="plekken",
            counted="plek in een Domus Plus",
            counted_plural="plekken in een Domus Plus",
            summary="Een huis met een eigen kamer en dag en nacht begeleiding, voor mensen "
            "zonder thuis.",
            what_it_is=(
                "Een woonhuis voor een groep. Iedereen heeft een eigen kamer en het nodigste om "
                "van te leven. Met elke bewoner zijn er eigen afspraken, ook over drank en drugs."
            ),
            for_whom=(
                "Voor mensen zonder thuis die op andere plekken niet terechtkunnen en meer "
                "problemen tegelijk hebben. Zij kunnen wel in een groep wonen."
            ),
            size="De regio wil één nieuwe locatie. Het aantal plekken ligt niet vast.",
            supervision="Er is 24 uur per dag begeleiding.",
            asks_of_place=(
                "Een plek in of bij de stad, met hulp, winkels en vervoer dichtbij. Er moet "
                "ruimte zijn voor begeleiders die er dag en nacht zijn."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("uitvoeringsprogramma", "hoofdstuk 3, Skaeve Huse en Domus Plus"),),
        ),
        FacilityType(
            key="respijt",
            label="Respijtplek",
            plural="respijtplekken",
            unit="bed",
            unit_plural="bedden",
            counted="bed op een respijtplek",
            counted_plural="bedden op een respijtplek",
            summary="Een bed voor een paar dagen als het thuis even niet gaat.",
            what_it_is=(
                "Iemand logeert hier kort, met hulp in de buurt, en gaat daarna weer naar huis. "
                "Het eigen huis blijft gewoon bestaan."
            ),
            for_whom=(
                "Voor mensen die zelfstandig wonen, of in beschermd wonen of opvang, en voor wie "
                "het even te veel is."
            ),
            size="Klein. Elke gemeente moet er genoeg hebben. Een vast aantal is er niet.",
            supervision="Er is iemand om mee te praten, ook buiten kantooruren.",
            asks_of_place=(
                "Rustig, dicht bij waar mensen wonen, en snel te bereiken met fiets, bus of auto."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["voorzorg"],
            recorded=RECORDED["site"],
            sources=(
                cite("kader", "hoofdstuk 4, lokale en regionale voorzieningen"),
                cite("weer_thuis", "wijkgerichte ggz"),
            ),
            aliases=("respijt", "respijtbed"),
        ),
        FacilityType(
            key="time_out",
            label="Time-outplek",
            plural="time-outplekken",
            unit="plek",
            unit_plural="plekken",
            counted="time-outplek",
            counted_plural="time-outplekken",
            summary="Heel kort verblijf om rust te vinden of zaken op orde te krijgen.",
            what_it_is=(
                "Een plek om even weg te zijn van de dagelijkse drukte. Het verblijf is heel "
                "tijdelijk. Daarna gaat iemand terug naar huis."
            ),
            for_whom=(
                "Voor mensen met begeleiding bij wie het wonen dreigt vast te lopen, of die in "
                "korte tijd veel moeten regelen."
            ),
            size="Klein. In de regio zijn er enkele nodig. Een vast aantal is er niet.",
            supervision="Er is begeleiding zolang iemand er verblijft.",
            asks_of_place=(
                "Rustig en goed bereikbaar. Gemeenten naast elkaar kunnen een plek delen."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["voorzorg"],
            recorded=RECORDED["site"],
            sources=(cite("kader", "paragraaf 3.2.2, zo thuis mogelijk"),),
            aliases=("time-out", "timeout"),
        ),
        FacilityType(
            key="maatschappelijke_opvang",
            label="Maatschappelijke opvang",
            plural="locaties voor maatschappelijke opvang",
            unit="plek",
            unit_plural="plekken",
            counted="plek in de maatschappelijke opvang",
            counted_plural="plekken in de maatschappelijke opvang",
            summary="Tijdelijk onderdak voor mensen zonder thuis.",
            what_it_is=(
                "Mensen krijgen hier tijdelijk onderdak, eten en hulp. Het doel is dat zij zo "
                "snel mogelijk weer een eigen huis of kamer hebben."
            ),
            for_whom="Voor volwassenen en soms gezinnen die geen dak boven het hoofd hebben.",
            size=(
                "Liever klein en verdeeld over stad en regio dan alles op één plek. En liever een "
                "eigen kamer dan een slaapzaal. Maastricht-Heuvelland wil dat de eerste "
                "opvang hoogstens zes weken duurt."
            ),
            supervision="Er zijn begeleiders op de locatie, vaak dag en nacht.",
            asks_of_place=(
                "Een plek in een kern of stad, met bus of trein, huisarts, winkels en "
                "dagbesteding op loopafstand."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["basiszorg"],
            recorded=RECORDED["site"],
            sources=(
                cite("kader", "hoofdstuk 3 en 4"),
                cite("zicht_op_thuis", "paragraaf 4.3 en 6.5"),
            ),
            aliases=("MO",),
        ),
        FacilityType(
            key="vrouwenopvang",
            label="Vrouwenopvang",
            plural="locaties voor vrouwenopvang",
            unit="plek",
            unit_plural="plekken",
            counted="plek in de vrouwenopvang",
            counted_plural="plekken in de vrouwenopvang",
            summary="Een veilige plek bij geweld in huis. Het adres is geheim.",
            what_it_is=(
                "Vrouwen en hun kinderen wonen hier tijdelijk en veilig. Zij krijgen hulp om "
                "daarna weer een eigen huis te hebben."
            ),
            for_whom="Voor vrouwen, met of zonder kinderen, die thuis niet veilig zijn.",
            size=(
                "Wij noemen geen aantallen per locatie. De regio werkt voor deze opvang samen "
                "met andere regio's."
            ),
            supervision="Er is begeleiding voor de ouders en voor de kinderen.",
            asks_of_place=(
                "Veiligheid gaat voor alles. Daarom slaan wij geen adressen op en staat deze "
                "opvang op geen enkele kaart."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["basiszorg"],
            recorded=RECORDED["never_located"],
            sources=(
                cite("kader", "hoofdstuk 4, toegang"),
                cite("uitvoeringsprogramma", "hoofdstuk 1, vrouwenopvang"),
            ),
            aliases=("VO",),
        ),
        FacilityType(
            key="omklapwoning",
            label="Omklapwoning",
            plural="omklapwoningen",
            unit="woning",
            unit_plural="woningen",
            counted="omklapwoning",
            counted_plural="omklapwoningen",
            summary="Een gewoon huis. Eerst huurt de zorgorganisatie, later de bewoner zelf.",
            what_it_is=(
                "Iemand woont in een gewoon huis met begeleiding. Eerst staat het huurcontract "
                "op naam van de zorgorganisatie. Gaat het goed, dan komt het op naam van de "
                "bewoner. Die hoeft dan niet te verhuizen."
            ),
            for_whom="Voor mensen uit beschermd wonen of opvang die op zichzelf kunnen gaan wonen.",
            size=(
                "Eén huis per keer. De regio wilde er in de jaren 2017 tot en met 2020 samen 200: "
                "ongeveer 50 per jaar."
            ),
            supervision="Begeleiding komt aan huis en wordt minder als het goed gaat.",
            asks_of_place=(
                "Gewone huizen, verdeeld over alle wijken. De adressen zijn privé: wij tonen "
                "alleen aantallen per gebied."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["nazorg"],
            recorded=RECORDED["area_count"],
            sources=(
                cite("uitvoeringsprogramma", "bijlage II, ambitie III, project 1"),
                cite("zicht_op_thuis", "paragraaf 6.1.1"),
            ),
        ),
        FacilityType(
            key="contingentwoning",
            label="Contingentwoning",
            plural="contingentwoningen",
            unit="woning",
            unit_plural="woningen",
            counted="contingentwoning",
            counted_plural="contingentwoningen",
            summary="Een gewoon huurhuis uit een vooraf afgesproken aantal.",
            what_it_is=(
                "Gemeente en woningcorporaties spreken af hoeveel huurhuizen er per jaar zijn "
                "voor mensen die uit beschermd wonen of opvang komen. De bewoner huurt zelf."
            ),
            for_whom=(
                "Voor mensen die na verblijf in beschermd wonen of opvang weer zelf kunnen wonen."
            ),
            size=(
                "Eén huis per keer. De regio denkt dat er in tien jaar ongeveer 1.450 huizen extra "
                "nodig zijn, voor alle regelingen samen. De wens is dat niemand langer dan zes "
                "maanden wacht."
            ),
            supervision="Begeleiding komt aan huis, zolang dat nodig is.",
            asks_of_place=(
                "Betaalbare kleine huizen, verdeeld over alle wijken. De adressen zijn privé: wij "
                "tonen alleen aantallen per gebied."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["nazorg"],
            recorded=RECORDED["area_count"],
            sources=(
                cite("kader", "hoofdstuk 4 en bijlage 1"),
                cite("weer_thuis", "vraagstuk 2, aanbod van woningen"),
            ),
        ),
        FacilityType(
            key="kanscontractwoning",
            label="Kanscontractwoning",
            plural="kanscontractwoningen",
            unit="woning",
            unit_plural="woningen",
            counted="kanscontractwoning",
            counted_plural="kanscontractwoningen",
            summary="Een gewoon huurhuis met vaste afspraken over begeleiding.",
            what_it_is=(
                "De bewoner krijgt een huurcontract waarin ook afspraken over hulp staan. Het "
                "regionale kader noemt deze regeling, maar legt haar niet uit. De precieze "
                "voorwaarden staan in de afspraken met de woningcorporatie."
            ),
            for_whom=(
                "Voor mensen die een nieuwe kans krijgen om zelf te huren. Zij hadden opvang of "
                "beschermd wonen, of verloren hun huis."
            ),
            size="Eén huis per keer.",
            supervision="Begeleiding komt aan huis en hoort bij het contract.",
            asks_of_place=(
                "Gewone huizen, verdeeld over alle wijken. De adressen zijn privé: wij tonen "
                "alleen aantallen per gebied."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["nazorg"],
            recorded=RECORDED["area_count"],
            sources=(cite("kader", "hoofdstuk 3.1 en 4, voorrangsregelingen"),),
        ),
        FacilityType(
            key="sociaal_hostel",
            label="Sociaal hostel",
            plural="sociale hostels",
            unit="plek",
            unit_plural="plekken",
            counted="plek in een sociaal hostel",
            counted_plural="plekken in een sociaal hostel",
            summary="Een betaalbare kamer met weinig regels, waar bewoners zelf veel doen.",
            what_it_is=(
                "Een huis met kamers die mensen zelf huren. Mensen met eigen ervaring helpen "
                "mee om het huis te laten draaien. Wonen en zorg zijn gescheiden."
            ),
            for_whom=(
                "Voor mensen die al lang meer problemen tegelijk hebben en voor wie een stabiele "
                "plek het belangrijkst is."
            ),
            size=(
                "Maastricht-Heuvelland rekent op 30 plekken voor de hele regio. Voor één locatie "
                "is er geen vaste grootte."
            ),
            supervision="Er is steun in huis. Zorg komt van buiten.",
            asks_of_place=(
                "Een plek met winkels, bus of trein en dagbesteding dichtbij, waar mensen lang "
                "kunnen blijven."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 6.4, vlekkenplan"),),
        ),
        FacilityType(
            key="tussenvoorziening",
            label="Tussenvoorziening",
            plural="tussenvoorzieningen",
            unit="plek",
            unit_plural="plekken",
            counted="plek in een tussenvoorziening",
            counted_plural="plekken in een tussenvoorziening",
            summary="Een tijdelijk huis, tot er een vast huis is.",
            what_it_is=(
                "Mensen die klaar zijn voor een eigen huis wonen hier zolang er nog geen vast "
                "huis vrij is. Het verblijf duurt meestal hoogstens een jaar."
            ),
            for_whom=(
                "Voor mensen die uit opvang of beschermd wonen kunnen vertrekken en wachten op "
                "een huis."
            ),
            size="Maastricht-Heuvelland rekent op 20 plekken voor de hele regio.",
            supervision="Begeleiding komt langs als dat nodig is.",
            asks_of_place=(
                "Een gewone buurt met voorzieningen dichtbij. Een gebouw dat een paar jaar leeg "
                "staat kan ook geschikt zijn."
            ),
            scope=SCOPES["lokaal"],
            pillar=PILLARS["nazorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 6.4, vlekkenplan"),),
        ),
        FacilityType(
            key="prikkelarme_unit",
            label="Prikkelarme woonunit",
            plural="prikkelarme woonunits",
            unit="woning",
            unit_plural="woningen",
            counted="prikkelarme woonunit",
            counted_plural="prikkelarme woonunits",
            summary="Een rustige eigen woning voor mensen die veel last hebben van drukte.",
            what_it_is=(
                "Een kleine eigen woning op een plek met weinig geluid en weinig drukte. Wonen en "
                "zorg zijn gescheiden."
            ),
            for_whom=(
                "Voor volwassenen en jongeren die heel moeilijk een passende plek vinden. Zij "
                "komen tot rust als er weinig om hen heen gebeurt."
            ),
            size="Maastricht-Heuvelland rekent op 15 woningen voor de hele regio.",
            supervision="Begeleiding komt bij de mensen thuis.",
            asks_of_place=(
                "Rust: weinig verkeer, weinig buren direct naast de deur. Wel met riool, stroom "
                "en water, en goed te bereiken voor begeleiders."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 6.4, vlekkenplan"),),
            aliases=("prikkelarme units", "prikkelarme unit"),
        ),
        FacilityType(
            key="jeugd_wonen",
            label="Wonen voor jongeren",
            plural="woonlocaties voor jongeren",
            unit="plek",
            unit_plural="plekken",
            counted="woonplek voor jongeren",
            counted_plural="woonplekken voor jongeren",
            summary="Een plek voor jongeren zonder thuis, kort of voor een paar jaar.",
            what_it_is=(
                "Jongeren krijgen hier een eerste plek als zij geen thuis hebben, of wonen er een "
                "paar jaar met begeleiding. School, werk en leren wonen horen daarbij."
            ),
            for_whom="Voor jongeren en jongvolwassenen tot ongeveer 23 jaar zonder vast thuis.",
            size=(
                "Maastricht-Heuvelland rekent voor de hele regio op 35 plekken. Daarvan zijn er 15 "
                "voor minder dan drie maanden, en 20 voor hoogstens vijf jaar."
            ),
            supervision="Er is begeleiding die past bij de leeftijd.",
            asks_of_place=("Dicht bij school of werk, bus of trein, sport en leeftijdgenoten."),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 2.2 en 6.4, vlekkenplan"),),
            aliases=("jeugd",),
        ),
        FacilityType(
            key="somatiek_ouderen",
            label="Wonen voor ouderen met lichamelijke zorg",
            plural="woonlocaties voor ouderen met lichamelijke zorg",
            unit="plek",
            unit_plural="plekken",
            counted="woonplek voor ouderen met lichamelijke zorg",
            counted_plural="woonplekken voor ouderen met lichamelijke zorg",
            summary="Wonen met begeleiding én zorg voor het lichaam.",
            what_it_is=(
                "Mensen krijgen hier begeleiding en ook lichamelijke zorg, bijvoorbeeld bij "
                "wassen, lopen of medicijnen."
            ),
            for_whom=(
                "Voor ouderen, en voor anderen met een zwakke gezondheid, die geen thuis hebben "
                "of niet alleen kunnen wonen."
            ),
            size="Maastricht-Heuvelland rekent op 12 plekken voor de hele regio.",
            supervision="Er zijn begeleiding en verpleegkundige zorg.",
            asks_of_place=(
                "Huisarts, apotheek en ziekenhuis goed bereikbaar. Het gebouw en de straat zijn "
                "geschikt voor mensen die moeilijk lopen."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 6.4, vlekkenplan"),),
            aliases=("somatiek", "ouderen", "somatiek/ouderen"),
        ),
        FacilityType(
            key="familie_wonen",
            label="Wonen voor gezinnen",
            plural="woonlocaties voor gezinnen",
            unit="woning",
            unit_plural="woningen",
            counted="woning voor gezinnen",
            counted_plural="woningen voor gezinnen",
            summary="Een studio of appartement voor een gezin zonder thuis.",
            what_it_is=(
                "Ouders en kinderen wonen hier samen, met een eigen voordeur, keuken en badkamer. "
                "Zij krijgen hulp om weer een vast huis te vinden."
            ),
            for_whom="Voor ouders met kinderen die hun huis kwijt zijn.",
            size=(
                "Maastricht-Heuvelland rekent op 8 studio's of appartementen voor de hele regio."
            ),
            supervision="Begeleiding komt langs, voor de ouders en voor de kinderen.",
            asks_of_place=(
                "Dicht bij een basisschool, een speelplek, winkels en bus of trein. Het liefst "
                "zo dat kinderen op hun eigen school kunnen blijven."
            ),
            scope=SCOPES["regionaal"],
            pillar=PILLARS["maatzorg"],
            recorded=RECORDED["site"],
            sources=(cite("zicht_op_thuis", "paragraaf 6.4, vlekkenplan"),),
            aliases=("familie", "gezinnen"),
        ),
    ),
)


@dataclass(frozen=True)
class TypeGroup:
    """A named choice of facility types that may be counted together."""

    key: str
    label: str
    explanation: str
    types: tuple[FacilityType, ...]


def _group(key: str, label: str, explanation: str, *types: str) -> TypeGroup:
    return TypeGroup(key, label, explanation, tuple(FACILITY_TYPES[name] for name in types))


TYPE_GROUPS = Registry(
    "type group",
    (
        _group(
            "alle_locaties",
            "Alle locaties",
            "Alle soorten die als locatie op de kaart staan.",
            *(entry.key for entry in FACILITY_TYPES if entry.recorded.on_map),
        ),
        _group(
            "wonen_met_zorg",
            "Wonen met zorg",
            "Plekken waar mensen langer wonen, met begeleiding.",
            "beschermd_wonen",
            "beschut_wonen",
            "skaeve_huse",
            "domus_plus",
            "sociaal_hostel",
            "prikkelarme_unit",
            "jeugd_wonen",
            "somatiek_ouderen",
            "familie_wonen",
        ),
        _group(
            "bijzondere_woonvormen",
            "Bijzondere woonvormen",
            "Kleine aantallen plekken voor mensen die elders moeilijk een plek vinden.",
            "skaeve_huse",
            "domus_plus",
            "sociaal_hostel",
            "prikkelarme_unit",
        ),
        _group(
            "kortdurend_verblijf",
            "Kort verblijf",
            "Verblijf voor een beperkte tijd: van een paar dagen tot ongeveer een jaar.",
            "respijt",
            "time_out",
            "tussenvoorziening",
        ),
        _group(
            "opvang",
            "Opvang",
            "Tijdelijk onderdak voor mensen zonder thuis. Vrouwenopvang telt niet mee: die "
            "adressen zijn geheim en staan niet in dit systeem.",
            "maatschappelijke_opvang",
        ),
        _group(
            "gewone_woningen",
            "Gewone woningen met begeleiding",
            "Gewone huizen waar iemand na opvang of beschermd wonen zelf woont. Alleen "
            "aantallen per gebied.",
            "omklapwoning",
            "contingentwoning",
            "kanscontractwoning",
        ),
    ),
)


def select_types(words: Iterable[str]) -> tuple[FacilityType, ...]:
    """The types that these keys, labels or group names mean, each once, in registry order."""
    wanted = {entry.key for word in words for entry in _types_meant_by(word)}
    return tuple(entry for entry in FACILITY_TYPES if entry.key in wanted)


def _types_meant_by(word: str) -> tuple[FacilityType, ...]:
    try:
        return (FACILITY_TYPES.find(word),)
    except UnknownEntryError:
        pass
    try:
        return TYPE_GROUPS.find(word).types
    except UnknownEntryError:
        choices = (*FACILITY_TYPES.keys, *TYPE_GROUPS.keys)
        raise UnknownEntryError("facility type or type group", word, choices) from None
