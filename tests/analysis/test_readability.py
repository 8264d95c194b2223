"""How hard a text is to read: by hand, sentence by sentence, syllable by syllable."""

from __future__ import annotations

import pytest

from analysis.dialogue.readability import (
    B1,
    measure_readability,
    over_limits,
    sentences,
)
from analysis.dialogue.syllables import count_syllables

#: Parted by hand.
PARTED = """
a-vond mu-se-um be-ïn-vloe-den bu-reau ge-meen-te lo-ca-tie bij-een-komst bui-en i-dee i-dee-ën
eeu-wen vei-lig-heid toe-gan-ke-lijk-heid zorg-aan-bie-der draag-vlak-me-ting res-pijt be-schut
ra-di-o the-a-ter vi-de-o ja-nu-a-ri sta-ti-on ac-tu-e-le so-ci-aal fi-nan-ci-eel knie-ën
re-a-ge-ren re-ac-tie toe-na-me zo-als be-ant-woor-den nieu-we mooi-e groei-en draai-en ruim-te
voor-uit co-ör-di-na-tor één ca-fé pri-va-cy quo-ta coo-kies u o-ver o-ver-last ge-ant-woord wij-ken
vrij-wil-li-ger Haar-lem-mer-meer e-va-lu-a-tie or-ga-ni-sa-tie i-ni-ti-a-tief si-tu-a-tie
per-soons-ge-ge-vens zee-ën hooi bloei-end twee-ën-twin-tig the-o-rie be-oor-de-len ge-ë-va-lu-eerd
of-fi-ci-eel ru-ï-ne ego-ïst kwa-li-teit ni-veau ko-pie-ën leeuw school-plein straat
""".replace("ego-ïst", "e-go-ïst").split()


@pytest.mark.parametrize("parted", PARTED)
def test_syllables_are_those_that_a_reader_says(parted: str) -> None:
    assert count_syllables(parted.replace("-", "")) == parted.count("-") + 1


@pytest.mark.parametrize(
    ("word", "count"),
    [("AVG", 3), ("2026", 1), ("website", 2), ("e-mail", 2), ("wonen@haarlem.example", 1)],
)
def test_signs_and_names_have_a_rule_of_their_own(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_a_text_is_measured_as_by_hand() -> None:
    # De(1) ge-meen-te(3) zoekt(1) een(1) plek(1) voor(1) zes(1) mensen(2): 8 words, 11 syllables.
    # U(1) kunt(1) mee-den-ken(3): 3 words, 5 syllables. Together 11 words, 16 syllables.
    found = measure_readability(["De gemeente zoekt een plek voor zes mensen. U kunt meedenken."])
    assert found is not None
    assert (found.word_count, len(found.sentences)) == (11, 2)
    assert found.words_per_sentence == 5.5
    assert found.syllables_per_100_words == pytest.approx(1600 / 11)
    assert found.score == pytest.approx(206.84 - 0.77 * 1600 / 11 - 0.93 * 5.5)
    assert over_limits(found) == ()


def test_a_sentence_of_an_office_is_over_every_limit() -> None:
    # 27 words; "wordt gedaan" hides who appeals, and nine words stand in between.
    text = (
        "Ten aanzien van de verantwoordelijkheden binnen de omgevingsrechtelijke kaders wordt door "
        "belanghebbenden in de vergunningsprocedure op basis van de desbetreffende regelgeving een "
        "beroep gedaan op het college."
    )
    found = measure_readability([text])
    assert found is not None
    assert found.longest.word_count == 27
    assert found.longest.is_passive
    assert set(found.longest.long_words) == {
        "verantwoordelijkheden",
        "omgevingsrechtelijke",
        "belanghebbenden",
        "vergunningsprocedure",
        "desbetreffende",
        "regelgeving",
    }
    assert len(over_limits(found)) == 4
    assert over_limits(found)[0].startswith(f"De score is {found.score:.0f}")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Kom om 20.00 uur. Neem bijv. een buur mee.", 2),
        ("De plek is 1.250 m2 groot. Dat is d.w.z. twee velden!", 2),
        ("Wie komt er wonen? Zes mensen (en hun hond).", 2),
        ("“Mag ik dat zeggen?” vroeg een buur.", 1),
        ("Mevr. A. Jansen woont er. Zij niet.", 2),
        ("Eerste regel.\nTweede regel.", 2),
        ("Meer lezen", 0),
        ("Een regel zonder punt maar met zes woorden telt", 1),
        ("", 0),
        ("…", 0),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_words_of_the_field_and_names_are_not_called_long() -> None:
    (found,) = sentences("De Noordzeekanaalweg krijgt maatschappelijke opvang in Haarlemmermeer.")
    assert found.long_words == ()


def test_nothing_to_read_is_no_measure() -> None:
    assert measure_readability([]) is None
    assert measure_readability(["Terug", "12"]) is None


def test_somebody_who_acts_is_not_passive() -> None:
    told = sentences("Wij vragen de buren. De buren worden gevraagd. Zij worden buren.")
    assert [one.is_passive for one in told] == [False, True, False]


def test_the_limits_are_those_that_the_statement_tells() -> None:
    assert (B1.least_score, B1.most_words_per_sentence, B1.longest_sentence) == (60, 12, 20)
    assert 1 / B1.most_long_share == pytest.approx(12)
