"""The table of example sites: what each is, in which buurt, and its life in dated steps.

All sites are made up, except that the four Haarlem candidates for Skaeve Huse are the places
named in the regional uitvoeringsprogramma of March 2017. It says that eleven were explored; it
does not name the seven that fell, so those, and why they fell, are made up as well. Numbers
follow the policy in broad lines: beschermd wonen has 850 places in 2017 and shrinks from 2019
on, beschut wonen grows since 2018, opvang stands mostly in Haarlem, respijt is missing in half
of the gemeenten.

Women's shelters and the homes of single clients are never here: their addresses are secret
or private.
"""

from __future__ import annotations

from dataclasses import dataclass

_EXPLORED_2017 = (
    "Een van de vier Haarlemse plekken die volgens het uitvoeringsprogramma van maart 2017 "
    "nader onderzoek verdienen, van elf die globaal zijn verkend."
)


@dataclass(frozen=True)
class SitePlan:
    """One site. ``life`` holds the steps as text: ``2018-06 in_gebruik 12; ...``.

    A step is a month, a status and the places from then on, ``-`` where unknown. ``reason``
    belongs to the last step. ``at_m`` is a known place in RD; else it is somewhere in the buurt.
    """

    type: str
    buurt_code: str
    place: str
    life: str
    provider: str | None = None
    publication: str = "openbaar"
    reason: str | None = None
    at_m: tuple[int, int] | None = None


_BW = "beschermd_wonen"
_BESCHUT = "beschut_wonen"
_MO = "maatschappelijke_opvang"
_SKAEVE = "skaeve_huse"

SITE_PLANS: tuple[SitePlan, ...] = (
    SitePlan(
        _BW,
        "BU03921603",
        "Vondelkwartier",
        "2015-01 in_gebruik 90; 2020-01 in_gebruik 80; 2024-01 in_gebruik 70",
        "A",
    ),
    SitePlan(_BW, "BU03921501", "Delftwijk", "2015-01 in_gebruik 70; 2021-07 in_gebruik 60", "B"),
    SitePlan(
        _BW,
        "BU03921806",
        "Schalkwijk",
        "2015-01 in_gebruik 84; 2016-07 in_gebruik 80; 2019-07 in_gebruik 72; "
        "2022-01 in_gebruik 64; 2025-01 in_gebruik 60",
        "A",
    ),
    SitePlan(
        _BW,
        "BU03921906",
        "Boerhaavewijk",
        "2015-01 in_gebruik 75; 2020-01 in_gebruik 68; 2025-07 in_gebruik 60",
        "C",
    ),
    SitePlan(
        _BW,
        "BU03920104",
        "Haarlem Centrum",
        "2015-01 in_gebruik 48; 2020-01 in_gebruik 24; 2021-04 omgeklapt 0",
        "B",
        reason="De bewoners zijn zelf huurder geworden van hun appartement.",
    ),
    SitePlan(
        _BW, "BU03920201", "Koninginnebuurt", "2015-01 in_gebruik 60; 2022-07 in_gebruik 52", "C"
    ),
    SitePlan(
        _BW,
        "BU03921304",
        "Haarlem-Noord",
        "2015-01 in_gebruik 40; 2022-01 in_gebruik 20; 2023-07 afgebouwd 0",
        "A",
        reason="Het gebouw voldeed niet meer. De plekken zijn overgegaan naar beschut wonen.",
    ),
    SitePlan(
        _BW,
        "BU03920701",
        "Amsterdamsewijk",
        "2015-01 in_gebruik 36; 2024-01 in_gebruik 30",
        "D",
        publication="gebied",
    ),
    SitePlan(
        _BW,
        "BU03770409",
        "Bennebroek",
        "2015-01 in_gebruik 116; 2016-07 in_gebruik 110; 2019-07 in_gebruik 100; "
        "2022-01 in_gebruik 92; 2025-01 in_gebruik 86",
        "E",
    ),
    SitePlan(_BW, "BU03770004", "Bloemendaal", "2015-01 in_gebruik 56; 2021-01 in_gebruik 48", "E"),
    SitePlan(_BW, "BU03970003", "Heemstede", "2015-01 in_gebruik 30; 2023-01 in_gebruik 26", "D"),
    SitePlan(_BW, "BU04530206", "IJmuiden", "2015-01 in_gebruik 34; 2022-07 in_gebruik 30", "F"),
    SitePlan(
        _BW,
        "BU04530604",
        "Santpoort",
        "2015-01 in_gebruik 26; 2020-10 omgeklapt 0",
        "F",
        reason="De bewoners huren hun woning nu zelf van de woningcorporatie.",
    ),
    SitePlan(_BW, "BU03750101", "Beverwijk", "2015-01 in_gebruik 30; 2021-01 in_gebruik 26", "F"),
    SitePlan(_BW, "BU03940112", "Hoofddorp", "2015-01 in_gebruik 40", "G"),
    SitePlan(_BW, "BU03960801", "Heemskerk", "2015-01 in_gebruik 25; 2024-01 in_gebruik 22", "F"),
    # Beschut wonen: small, since 2018, unevenly spread.
    SitePlan(
        _BESCHUT,
        "BU03922106",
        "Schalkwijk",
        "2017-05 planvorming 12; 2017-11 besluit 12; 2018-06 in_gebruik 12; 2021-01 in_gebruik 16",
        "A",
    ),
    SitePlan(
        _BESCHUT,
        "BU03922004",
        "Schalkwijk",
        "2019-02 planvorming 14; 2019-10 besluit 14; 2020-03 realisatie 14; 2021-02 in_gebruik 14",
        "C",
    ),
    SitePlan(
        _BESCHUT,
        "BU03921101",
        "Haarlem-Noord",
        "2018-03 idee -; 2018-09 planvorming 10; 2019-03 besluit 10; 2019-11 in_gebruik 10",
        "B",
    ),
    SitePlan(
        _BESCHUT,
        "BU03921304",
        "Haarlem-Noord",
        "2022-03 planvorming 18; 2022-10 besluit 18; 2023-08 in_gebruik 18",
        "A",
    ),
    SitePlan(
        _BESCHUT,
        "BU03920901",
        "Parkwijk",
        "2020-01 verkend -; 2020-09 planvorming 12; 2021-06 besluit 12; 2022-01 realisatie 12; "
        "2023-01 in_gebruik 12",
        "D",
    ),
    SitePlan(
        _BESCHUT,
        "BU03940104",
        "Hoofddorp",
        "2019-06 planvorming 15; 2020-02 besluit 15; 2020-10 in_gebruik 15",
        "G",
    ),
    SitePlan(
        _BESCHUT,
        "BU03940236",
        "Nieuw-Vennep",
        "2022-05 idee -; 2023-02 verkend -; 2023-11 planvorming 12; 2024-09 besluit 12; "
        "2025-04 realisatie 12",
        "G",
    ),
    SitePlan(
        _BESCHUT,
        "BU04530202",
        "IJmuiden",
        "2020-05 planvorming 8; 2021-01 besluit 8; 2021-09 in_gebruik 8; 2024-01 in_gebruik 11",
        "F",
    ),
    SitePlan(
        _BESCHUT,
        "BU04530805",
        "Velserbroek",
        "2023-04 idee -; 2023-10 verkend 10; 2024-06 planvorming 10; 2025-10 besluit 10",
        "F",
    ),
    SitePlan(
        _BESCHUT,
        "BU03750600",
        "Beverwijk",
        "2021-03 planvorming 9; 2021-12 besluit 9; 2022-09 in_gebruik 9",
        "F",
        publication="gebied",
    ),
    SitePlan(
        _BESCHUT,
        "BU03960901",
        "Heemskerk",
        "2024-02 idee -; 2024-10 verkend 8; 2025-06 planvorming 8",
        "H",
    ),
    SitePlan(
        _BESCHUT,
        "BU03970001",
        "Heemstede",
        "2022-09 planvorming 10; 2023-06 besluit 10; 2024-02 in_gebruik 10",
        "D",
    ),
    SitePlan(_BESCHUT, "BU04730105", "Zandvoort", "2025-03 idee -", publication="intern"),
    SitePlan(
        _BESCHUT,
        "BU03770100",
        "Overveen",
        "2021-09 idee -; 2022-04 verkend 8; 2022-12 afgevallen -",
        "E",
        reason="De eigenaar heeft het gebouw aan een ander verkocht.",
    ),
    # Skaeve Huse: the four places of 2017, and examples elsewhere.
    SitePlan(
        _SKAEVE,
        "BU03920502",
        "Spoorwegdriehoek",
        "2017-03 nader_onderzoek 6",
        reason=_EXPLORED_2017,
        at_m=(103_100, 489_300),
    ),
    SitePlan(
        _SKAEVE,
        "BU03920603",
        "Waarderpolder noord",
        "2017-03 nader_onderzoek 6",
        reason=_EXPLORED_2017,
        at_m=(106_000, 490_500),
    ),
    SitePlan(
        _SKAEVE,
        "BU03920603",
        "Waarderpolder noordoost",
        "2017-03 nader_onderzoek 6",
        reason=_EXPLORED_2017,
        at_m=(106_500, 490_300),
    ),
    SitePlan(
        _SKAEVE,
        "BU03921902",
        "Schalkwijk noord-oost",
        "2017-03 nader_onderzoek 6",
        reason=_EXPLORED_2017,
        at_m=(106_000, 486_900),
    ),
    SitePlan(
        _SKAEVE,
        "BU03750902",
        "Wijkerbroek",
        "2018-02 idee -; 2018-09 verkend 6; 2019-03 nader_onderzoek 6; 2020-01 afgevallen -",
        reason="Er is geen riool, en aanleg kost te veel voor zes woningen.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03941398",
        "Cruquius",
        "2018-05 idee -; 2019-01 verkend 5; 2019-09 afgevallen -",
        reason="Onder de plek ligt een leiding voor gas. Daarop mag niets worden gebouwd.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03940240",
        "Nieuw-Vennep",
        "2021-04 idee -; 2022-01 verkend 6; 2022-11 nader_onderzoek 6; 2024-05 planvorming 6",
        "G",
    ),
    SitePlan(
        _SKAEVE,
        "BU04530808",
        "Velserbroek",
        "2024-04 idee -; 2025-01 verkend -",
        publication="intern",
    ),
    SitePlan(
        "domus_plus",
        "BU03921002",
        "Transvaalwijk",
        "2018-01 verkend -; 2018-10 nader_onderzoek 20; 2019-11 planvorming 20; "
        "2021-03 afgevallen -",
        "B",
        reason="Voor het gebouw is een andere bestemming gekozen.",
    ),
    SitePlan(
        "domus_plus",
        "BU03920602",
        "Waarderpolder",
        "2021-06 idee -; 2022-02 nader_onderzoek 24; 2023-03 planvorming 24; 2024-04 besluit 24; "
        "2025-06 realisatie 24",
        "B",
    ),
    # Respijt: Haarlem and three others; none yet in half of the gemeenten.
    SitePlan("respijt", "BU03920203", "Haarlem", "2016-01 in_gebruik 4; 2020-01 in_gebruik 6", "A"),
    SitePlan("respijt", "BU03921802", "Schalkwijk", "2019-05 besluit 3; 2019-12 in_gebruik 3", "C"),
    SitePlan("respijt", "BU03940107", "Hoofddorp", "2018-09 in_gebruik 4", "G"),
    SitePlan(
        "respijt",
        "BU04530001",
        "Velsen-Zuid",
        "2021-02 planvorming 3; 2021-08 besluit 3; 2022-03 in_gebruik 3",
        "F",
    ),
    SitePlan("respijt", "BU03750301", "Beverwijk", "2024-09 idee -; 2025-05 verkend 2"),
    SitePlan(
        "time_out", "BU03920504", "Haarlem-West", "2017-09 in_gebruik 5", "B", publication="gebied"
    ),
    SitePlan(
        "time_out",
        "BU03940782",
        "Rijsenhout",
        "2022-10 idee -; 2023-05 planvorming 4; 2024-01 besluit 4; 2024-10 in_gebruik 4",
        "G",
    ),
    # Maatschappelijke opvang: mostly in Haarlem.
    SitePlan(
        _MO,
        "BU03920101",
        "Stationsbuurt",
        "2015-01 in_gebruik 60; 2019-01 in_gebruik 48; 2023-01 in_gebruik 36",
        "B",
    ),
    SitePlan(_MO, "BU03920103", "Bakenes", "2015-01 in_gebruik 32", "B"),
    SitePlan(_MO, "BU03920801", "Slachthuiswijk", "2015-01 in_gebruik 25", "C"),
    SitePlan(
        _MO,
        "BU03921202",
        "Ter Kleef",
        "2015-01 in_gebruik 28; 2021-10 afgebouwd 0",
        "C",
        reason="De plekken zijn verdeeld over kleinere locaties in de regio.",
    ),
    SitePlan(
        _MO,
        "BU03920602",
        "Waarderpolder",
        "2020-03 besluit 20; 2020-04 in_gebruik 20",
        "B",
        publication="gebied",
    ),
    SitePlan(
        _MO,
        "BU03940101",
        "Hoofddorp",
        "2020-06 planvorming 12; 2021-02 besluit 12; 2021-11 in_gebruik 12",
        "G",
    ),
    SitePlan(
        _MO,
        "BU03750002",
        "Beverwijk",
        "2021-01 planvorming 8; 2021-09 besluit 8; 2022-05 in_gebruik 8",
        "F",
    ),
    SitePlan(
        _MO, "BU04530302", "IJmuiden", "2024-11 idee -; 2025-09 verkend 10", publication="intern"
    ),
    # The other combinations.
    SitePlan("sociaal_hostel", "BU03920702", "Haarlem-Oost", "2016-03 in_gebruik 22", "B"),
    SitePlan(
        "sociaal_hostel",
        "BU03940125",
        "Hoofddorp",
        "2022-01 verkend -; 2022-10 nader_onderzoek 18; 2024-03 planvorming 18; 2025-07 besluit 18",
        "G",
    ),
    SitePlan(
        "tussenvoorziening",
        "BU03920403",
        "Houtvaartkwartier",
        "2018-01 in_gebruik 14; 2022-01 in_gebruik 18",
        "C",
    ),
    SitePlan(
        "tussenvoorziening",
        "BU04530105",
        "IJmuiden",
        "2022-06 planvorming 9; 2023-03 besluit 9; 2023-09 realisatie 9; 2024-07 in_gebruik 9",
        "F",
    ),
    SitePlan(
        "prikkelarme_unit",
        "BU03941570",
        "Vijfhuizen",
        "2022-03 idee -; 2022-11 nader_onderzoek 4; 2023-12 besluit 4; 2024-12 in_gebruik 4",
        "H",
    ),
    SitePlan("prikkelarme_unit", "BU03960402", "Heemskerk", "2025-02 idee -"),
    SitePlan(
        "jeugd_wonen",
        "BU03921803",
        "Schalkwijk",
        "2017-01 in_gebruik 16; 2021-01 in_gebruik 20",
        "H",
    ),
    SitePlan(
        "jeugd_wonen",
        "BU03940114",
        "Hoofddorp",
        "2019-09 besluit 12; 2020-07 in_gebruik 12",
        "H",
        publication="gebied",
    ),
    SitePlan(
        "jeugd_wonen",
        "BU03960303",
        "Heemskerk",
        "2023-05 verkend 10; 2024-02 planvorming 10; 2025-01 besluit 10",
        "H",
    ),
    SitePlan("somatiek_ouderen", "BU03970008", "Heemstede", "2019-01 in_gebruik 12", "E"),
    SitePlan(
        "familie_wonen",
        "BU03750701",
        "Beverwijk",
        "2021-05 planvorming 6; 2022-01 besluit 6; 2022-12 in_gebruik 6",
        "F",
    ),
    # Skaeve Huse in Haarlem: the seven of the eleven that fell in 2017.
    SitePlan(
        _SKAEVE,
        "BU03920504",
        "Tuinbouwgebied",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De plek moest open blijven: het bestemmingsplan liet er geen woningen toe.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03920903",
        "Zuiderpolder",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="Er is geen riool. Aanleg kost te veel voor zes woningen.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03921602",
        "Hekslootpolder",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De plek ligt in een gebied voor weidevogels. Daar mocht geen woning bij komen.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03922001",
        "Zuid-Schalkwijkerweg",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De eigenaar wilde de grond niet verkopen en niet verhuren.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03921601",
        "Van der Aart",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De grond bleef in gebruik als sportpark.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03920906",
        "Reinaldapark",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De bodem is niet schoon. Schoonmaken kost te veel voor zes woningen.",
    ),
    SitePlan(
        _SKAEVE,
        "BU03921203",
        "Schoterveenpolder",
        "2017-01 verkend 6; 2017-03 afgevallen -",
        reason="De gemeente had de grond al toegezegd voor een school.",
    ),
)
