"""What is found in a text: all that it should, nothing in ordinary sentences, and quickly."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.dialogue.findings import FINDING_KINDS, find
from analysis.dialogue.house_rules import HOUSE_RULES
from analysis.dialogue.personal_data import has_iban_check, passes_eleven_test
from analysis.dialogue.repetition import same_texts

#: Ordinary sentences about plans: nothing may be found in any of them.
ORDINARY = (
    "Er komen 24 woningen aan de Mooie Nelweg.",
    "De avond is op 12 december om 19.30 uur.",
    "Dat is nummer 3 van de lijst.",
    "Aan de Mooie Nelweg 24 woningen bouwen is te veel.",
    "Ik woon hier sinds 1998 en het is altijd rustig geweest.",
    "In de Kerkstraat 20 auto's erbij kan echt niet.",
    "Op de Zijlweg 30 km per uur graag.",
    "Wie komen er wonen, en is er 24 uur per dag begeleiding?",
    "De gemeente heeft 1.250.000 euro, dat is 52.083 euro per woning.",
    "Op 12-12-2026 10:30 uur is de bijeenkomst.",
    "Van 01-12-2026 tot 31-12-2026 ligt het plan ter inzage.",
    "Bel bij nood 112 en anders 14 023 van de gemeente.",
    "De provinciale weg N205 en de A9 maken al veel geluid.",
    "Rijksweg 9 ligt vlakbij, en snelweg 4 ook.",
    "In 2026 is er een nieuw plan, in 2030 is het klaar.",
    "Het park is 2000 m2 groot en 80 bij 25 meter.",
    "Mijn man had kanker en de zorg in deze wijk was goed.",
    "De eikels van de oude eik vallen op het fietspad.",
    "Er is een speeltuin met een speeltuig, laat die staan.",
    "Mevrouw zei dat er nog niets besloten is.",
    "Mijn buurman heeft dezelfde vraag, en mijn buurvrouw ook.",
    "De heer en mevrouw van hiernaast zijn er blij mee.",
    "Mijn naam is niet belangrijk, het gaat om de buurt.",
    "Ik ben Nederlander en woon hier graag.",
    "Ik ben bang dat het drukker wordt.",
    "Met vriendelijke groet,\nBewoners van de wijk",
    "Groet uit Middendorp",
    "Ik wil dat er 5 tot 6 plekken komen, geen 24.",
    "Kan het niet op het terrein bij de Stationsweg?",
    "De winkelstraat 5 minuten verderop heeft een huisarts.",
    "Het zijn 6 woningen van 40 m2, met 12 parkeerplaatsen.",
    "De bus 300 en bus 80 stoppen om de hoek.",
    "Zie artikel 3.1 lid 2 van de Wet ruimtelijke ordening.",
    "Waarom hier, en waarom niet in een andere wijk?",
    "Laat de bewoners meedoen met het buurthuis!",
    "Het duurt 10 jaar, en dan? En dan? Wie weet het?",
    "Ik vind het een goed plan. Goed dat u het vraagt.",
    "Er zijn 20-25 huizen en 10-15 bomen.",
    "Dat kost 200.000 euro per plek; 3 plekken kosten 600.000 euro.",
    "Op het Grote Plein 3 bomen erbij, graag.",
    "Ik pas op mijn kleinkinderen en wij gaan vaak naar het park.",
    "Ze gaan met de bus; de brandweer komt er goed bij.",
    "Het hek is 2 meter, nr. 4 in het rapport zegt 1,80 meter.",
    "De school begint om 8.30 uur en dan is de Dorpsstraat vol.",
    "Ik weet waar de schoen wringt: er is te weinig groen.",
    "Kunnen de buren een sleutel van het hek krijgen?",
    "Er is plaats voor 15 mensen, dat is 0,4 procent van de wijk.",
    "Lees bladzijde 12, regel 4 en tabel 7b.",
    "De burgemeester en de wethouder waren er ook.",
    "Aan de Burgemeester Rijkensweg staat al een opvang.",
    "Dr. Schaepmanstraat en Pastoor Kramerlaan zijn te smal.",
    "De dupe van het verhaal zijn straks wij.",
    "Onze Straat blijft onze straat.",
    "Er is nu al gebrek aan 1-persoonswoningen.",
    "Vorig jaar kwamen er 123 456 mensen langs.",
    "Kavel 12 en kavel 13b liggen leeg.",
    "De oplevering staat gepland voor week 40 van 2027.",
)
#: What must be found, as kind and the words.
TELLING = (
    ("Bel mij op 06-12345678.", "persoonsgegevens", "06-12345678"),
    ("Mijn nummer: 06 12 34 56 78", "persoonsgegevens", "06 12 34 56 78"),
    ("0612345678", "persoonsgegevens", "0612345678"),
    ("Bel +31 6 12345678 maar", "persoonsgegevens", "+31 6 12345678"),
    ("+31(0)6-1234 5678", "persoonsgegevens", "+31(0)6-1234 5678"),
    ("0031 6 12 34 56 78", "persoonsgegevens", "0031 6 12 34 56 78"),
    ("Thuis (023) 555 12 34", "persoonsgegevens", "(023) 555 12 34"),
    ("023-5551234", "persoonsgegevens", "023-5551234"),
    ("0255 - 12 34 56", "persoonsgegevens", "0255 - 12 34 56"),
    ("06.12.34.56.78", "persoonsgegevens", "06.12.34.56.78"),
    ("Bel mij op 555 1234", "persoonsgegevens", "555 1234"),
    (
        "Mail naar jan.voorbeeld@voorbeeld.example!",
        "persoonsgegevens",
        "jan.voorbeeld@voorbeeld.example",
    ),
    ("jan (at) voorbeeld punt nl", "persoonsgegevens", "jan (at) voorbeeld punt nl"),
    ("jan at voorbeeld.nl", "persoonsgegevens", "jan at voorbeeld.nl"),
    ("Stort op NL91ABNA0417164300 graag", "persoonsgegevens", "NL91ABNA0417164300"),
    ("NL91 ABNA 0417 1643 00 komt", "persoonsgegevens", "NL91 ABNA 0417 1643 00"),
    ("nl91 abna 0417 1643 00", "persoonsgegevens", "nl91 abna 0417 1643 00"),
    ("BE68 5390 0754 7034", "persoonsgegevens", "BE68 5390 0754 7034"),
    ("Haar bsn is 111222333.", "persoonsgegevens", "111222333"),
    ("1112.22.333", "persoonsgegevens", "1112.22.333"),
    ("De auto met GB-123-K staat er altijd", "persoonsgegevens", "GB-123-K"),
    ("de auto 12-bcd-3", "persoonsgegevens", "12-bcd-3"),
    ("kenteken gb123k", "persoonsgegevens", "gb123k"),
    ("Hij is geboren op 3 maart 1961 in Haarlem", "persoonsgegevens", "3 maart 1961"),
    ("geboortedatum: 03-03-1961", "persoonsgegevens", "03-03-1961"),
    ("Mijn naam is Voornaam Achternaam", "persoonsgegevens", "Voornaam Achternaam"),
    ("Mijn naam is achternaam", "persoonsgegevens", "achternaam"),
    ("ik heet Voornaam van der Achternaam", "persoonsgegevens", "Voornaam van der Achternaam"),
    ("Ik ben Voornaam Achternaam", "persoonsgegevens", "Voornaam Achternaam"),
    ("Volgens mevrouw Achternaam kan het", "persoonsgegevens", "Achternaam"),
    ("mevr. De Achternaam zei het", "persoonsgegevens", "De Achternaam"),
    ("dhr. A. van Achternaam", "persoonsgegevens", "A. van Achternaam"),
    ("Mijn buurman Voornaam gebruikt het", "persoonsgegevens", "Voornaam"),
    ("de familie Achternaam", "persoonsgegevens", "Achternaam"),
    ("Onze zoon Voornaam speelt daar", "persoonsgegevens", "Voornaam"),
    ("Met vriendelijke groet,\nVoornaam Achternaam", "persoonsgegevens", "Voornaam Achternaam"),
    (
        "Zie https://voorbeeld.example/actie?x=1",
        "persoonsgegevens",
        "https://voorbeeld.example/actie?x=1",
    ),
    ("Kijk op www.voorbeeld.nl", "persoonsgegevens", "www.voorbeeld.nl"),
    ("Kijk op voorbeeld.nl/actie", "persoonsgegevens", "voorbeeld.nl/actie"),
    ("Volg @buurtactie_nu", "persoonsgegevens", "@buurtactie_nu"),
    ("insta: buurtactie", "persoonsgegevens", "insta: buurtactie"),
    ("Hij woont op Kerkstraat 12a.", "adres", "Kerkstraat 12a"),
    ("Op Lange Nieuwstraat 3-5 is het", "adres", "Lange Nieuwstraat 3-5"),
    ("Grote Markt 2", "adres", "Grote Markt 2"),
    ("in de kerkstraat 12 wonen ze", "adres", "kerkstraat 12"),
    ("Mooie Nelweg nr. 14", "adres", "Mooie Nelweg nr. 14"),
    ("Ik woon aan de Spaarne 100", "adres", "woon aan de Spaarne 100"),
    ("2011 AB 12", "adres", "2011 AB 12"),
    ("2011ab 12", "adres", "2011ab 12"),
    ("Wij zitten in 2011AB", "adres", "2011AB"),
    ("De man op nummer 12 woont alleen", "adres", "op nummer 12"),
    ("Huisnummer 14 heeft last", "adres", "Huisnummer 14"),
    ("Wat een klootzak!", "belediging", "klootzak"),
    ("klootzakken", "belediging", "klootzakken"),
    ("kl00tzak", "belediging", "kl00tzak"),
    ("k.l.o.o.t.z.a.k", "belediging", "k.l.o.o.t.z.a.k"),
    ("k l o o t z a k", "belediging", "k l o o t z a k"),
    ("klootzaaaaak", "belediging", "klootzaaaaak"),
    ("Dit is k*t", "belediging", "k*t"),
    ("kutplan", "belediging", "kutplan"),
    ("Het is tuig", "belediging", "tuig"),
    ("idioten zijn jullie", "belediging", "idioten"),
    ("Ik steek het huis in de fik", "belediging", "steek het huis in de fik"),
    ("Ik maak jullie kapot", "belediging", "maak jullie kapot"),
    ("Ik weet waar je woont", "belediging", "weet waar je woont"),
    ("Ze moeten ze allemaal doodschieten", "belediging", "Ze moeten ze allemaal doodschieten"),
    ("Jullie gaan eraan", "belediging", "Jullie gaan eraan"),
    ("krijg de tering", "belediging", "krijg de tering"),
    ("Daar zit de vrouwenopvang", "geheim", "vrouwenopvang"),
    ("een Blijf-van-mijn-lijfhuis", "geheim", "Blijf-van-mijn-lijfhuis"),
    ("vr0uwen opvang", "geheim", "vr0uwen opvang"),
    ("Daar is een schuiladres", "geheim", "schuiladres"),
    ("opvang voor mishandelde vrouwen", "geheim", "opvang voor mishandelde vrouwen"),
    ("nee!!!!!!!!!!!!", "herhaling", "!!!!!!!!!!!!"),
    ("nee nee nee nee nee", "herhaling", "nee nee nee nee nee"),
)


@pytest.mark.parametrize("sentence", ORDINARY)
def test_nothing_is_found_in_an_ordinary_sentence(sentence: str) -> None:
    assert [(finding, sentence[finding.start : finding.end]) for finding in find(sentence)] == []


@pytest.mark.parametrize(("text", "kind", "words"), TELLING)
def test_what_tells_of_a_person_or_hurts_is_found_where_it_stands(
    text: str, kind: str, words: str
) -> None:
    found = [(finding.kind, text[finding.start : finding.end]) for finding in find(text)]
    assert (kind, words) in found


@pytest.mark.parametrize(
    "text",
    ["NL92ABNA0417164300", "123456789", "1234.56.789", "Het dossier heeft nummer 100000000"],
)
def test_a_number_that_fails_its_check_is_no_account_or_bsn(text: str) -> None:
    assert find(text) == ()


def test_the_checks_agree_with_published_examples() -> None:
    for iban in ("NL91ABNA0417164300", "DE89370400440532013000", "GB29NWBK60161331926819"):
        assert has_iban_check(iban)
        assert not has_iban_check(iban[:-1] + str((int(iban[-1]) + 1) % 10))
    assert passes_eleven_test("111222333")
    assert not passes_eleven_test("111222334")


def test_a_sentence_that_stands_there_three_times_is_repetition() -> None:
    text = "Wij willen dit niet hier. " * 3
    found = [finding for finding in find(text) if finding.kind == "herhaling"]
    assert len(found) == 2
    assert all("Wij willen dit niet hier" in text[each.start : each.end] for each in found)


def test_the_same_text_of_several_is_counted_and_short_ones_are_not() -> None:
    texts = {
        "a": "Wij willen hier geen nieuwe gebouwen bij.",
        "b": "wij willen hier GEEN nieuwe gebouwen bij!!",
        "c": "Mee eens!",
        "d": "Mee eens!",
        "e": "Wij willen hier juist wel nieuwe gebouwen.",
    }
    assert same_texts(texts) == {"a": 2, "b": 2}


def test_each_kind_points_at_a_house_rule() -> None:
    assert {kind.rule_key for kind in FINDING_KINDS} <= set(HOUSE_RULES.keys)


PIECES = st.sampled_from([text for text, _, _ in TELLING] + list(ORDINARY) + ["\n", "  ", "İ", "ß"])


@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=12).map(" ".join))
@example("")
@example("İİİ 06-12345678")
def test_findings_lie_within_the_text_in_order_and_are_the_same_again(text: str) -> None:
    found = find(text)
    assert found == find(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert {each.kind for each in found} <= set(FINDING_KINDS.keys)
    apart = [each for each in found if each.kind != "herhaling"]
    assert all(one.end <= other.start for one, other in itertools.pairwise(apart))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_telephone_number_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before}\nBel 06-12345678.\n{after}"
    start = text.index("06-12345678", len(before))
    assert any(each.start <= start and start + 11 <= each.end for each in find(text))


@pytest.mark.parametrize(
    "piece",
    ["a", "A", "0", "06", "0-", "k*", "k", "aA ", "A.", "Aa ", "@", "a@", "a.", "a@a.", "- ",
     "NL91", "mijn naam is ", "Straat ", "Aastraat ", "wonen ", "1 ", "!", "ik ", "steek ",
     "moeten ze ",
     "www.", "van ", "Ab van ", "2011 ab ", "12-", "geboren ", "bel ", "l l", "kuuuuuuu", "*"],
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    short, long = (piece * 20_000)[:2_000], (piece * 20_000)[:20_000]
    find(piece)
    assert _seconds(long) < 30 * _seconds(short) + 0.05


def _seconds(text: str) -> float:
    def once() -> float:
        start = time.process_time()
        find(text)
        return time.process_time() - start

    return min(once() for _ in range(2))
