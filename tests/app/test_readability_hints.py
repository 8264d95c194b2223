"""Hints for who writes for residents: which sentence, which words, and never a refusal."""

from __future__ import annotations

from flask import Flask, render_template

from app.services.readability_hints import readability_hints

LONG = (
    "De gemeente wil graag samen met alle buren en de zorgaanbieder een plan maken voor de plek "
    "aan de rand van de wijk."
)


def test_a_plain_text_needs_no_hints() -> None:
    found = readability_hints(
        {"Samenvatting": "Er komen zes plekken. U kunt meepraten.", "Open": None}
    )
    assert found is not None
    assert found.is_within
    assert found.hints == ()
    assert found.sentence.startswith("Dit is goed te lezen (score ")


def test_each_sentence_that_can_be_plainer_is_told_with_its_field_and_why() -> None:
    found = readability_hints(
        {
            "Samenvatting": f"Er komen zes plekken. {LONG}",
            "Wat vaststaat": "De besluitvormingsprocedure wordt gevolgd.",
        }
    )
    assert found is not None
    first, second = found.hints
    assert (first.field, first.sentence) == ("Samenvatting", LONG)
    assert first.reasons == ("Lang: 23 woorden. Maak er twee zinnen van.",)
    assert second.field == "Wat vaststaat"
    assert second.reasons[0] == "Lange woorden: besluitvormingsprocedure."
    assert "Wie doet dit?" in second.reasons[1]
    assert not found.is_within
    assert found.sentence.startswith("2 zinnen kunnen makkelijker")


def test_nothing_typed_gives_no_hints() -> None:
    assert readability_hints({"Samenvatting": None, "Open": ""}) is None


def test_the_include_shows_the_hints_and_is_silent_without(app: Flask) -> None:
    with app.test_request_context("/"):
        found = readability_hints({"Samenvatting": LONG + " <script>Dat kan zo."})
        shown = render_template("gesprekken/_leesbaarheid.html", leesbaarheid=found)
        silent = render_template("gesprekken/_leesbaarheid.html", leesbaarheid=None)
    assert "Lang: 23 woorden" in shown
    assert "&lt;script&gt;" in shown or "<script>" not in shown
    assert not silent.strip()
