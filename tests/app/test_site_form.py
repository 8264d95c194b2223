"""The form of a site as texts: what is accepted, what is said of the rest, and what stays."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely

from app.services.outline_text import OutlineError, outline_of, text_of_outline
from app.services.site_form import (
    SECRET,
    SITE_FIELDS,
    FieldFaults,
    read_first_state,
    read_reason,
    read_site,
    site_texts,
)
from data.queries.workspace import WorkspaceSite

TODAY = dt.date(2026, 1, 1)
TEXTS = {
    "naam": "Hoek Dorpsstraat",
    "soort": "beschut_wonen",
    "aanbieder": "",
    "toelichting": "Grond van de gemeente.\r\n\r\nEen oude school.",
    "adres": "Dorpsstraat 1",
    "plek": "101250, 480250",
    "omtrek": "101200 480200\n101300 480200\n101300 480300\n101200 480300",
    "publicatie": "intern",
    "geldig_van": "",
    "geldig_tot": "",
}


def site(point: shapely.Point, outline: shapely.Polygon | None = None) -> WorkspaceSite:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return WorkspaceSite(
        1, "W-1", "Hoek", "respijt", None, None, "Een\nTwee", "intern", None, None, "GM9001", 3,
        now, "Register", False, None, None, None, point, outline,
    )  # fmt: skip


def faults_of(**texts: str) -> dict[str, str]:
    with pytest.raises(FieldFaults) as raised:
        read_site({**TEXTS, **texts})
    return raised.value.faults


def test_a_whole_form_is_read() -> None:
    fields = read_site(TEXTS)
    assert fields.name == "Hoek Dorpsstraat"
    assert fields.description == "Grond van de gemeente.\n\nEen oude school."
    assert fields.provider is None
    assert fields.point.equals(shapely.Point(101_250, 480_250))
    assert fields.outline is not None
    assert fields.outline.area == 10_000


def test_every_fault_is_told_at_once() -> None:
    found = faults_of(naam=" ", soort="kasteel", plek="", publicatie="geheim", geldig_van="morgen")
    assert set(found) == {"naam", "soort", "plek", "publicatie", "geldig_van"}


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("naam", "x" * 151, "te lang"),
        ("toelichting", "x" * 2001, "2001 tekens"),
        ("naam", "a\x00b", "niet te lezen"),
        ("toelichting", "a\x1bb", "niet te lezen"),
        ("soort", "omklapwoning", "Kies een soort"),
        ("soort", "vrouwenopvang", "geheim"),
        ("plek", "ergens", "geen plek"),
        ("plek", "12, 13", "niet in Nederland"),
        ("geldig_tot", "0001-01-01", "Kies een jaar"),
        ("omtrek", "101200 480200\n101300 480200", "drie hoeken"),
        ("omtrek", "101200 480200\nx", "Regel 2"),
        ("omtrek", "101200 480200\n101300 480300\n101300 480200\n101200 480300", "kruisen"),
        ("omtrek", "100000 480000\n101500 480000\n101500 481000", "20 hectare"),
        ("omtrek", "101300 480300\n101400 480300\n101400 480400", "buiten deze omtrek"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, text: str, told: str) -> None:
    found = faults_of(**{field: text})
    assert told in found[field]
    assert set(found) == {field}


@pytest.mark.parametrize(
    "field", ["naam", "aanbieder", "adres", "toelichting", "plek", "omtrek", "soort"]
)
def test_a_shelter_that_is_secret_is_refused_in_every_field(field: str) -> None:
    assert faults_of(**{field: "bij de Vr0uwen-opvang"})[field] == SECRET


def test_the_last_day_may_not_come_before_the_first() -> None:
    assert "geldig_tot" in faults_of(geldig_van="2026-02-01", geldig_tot="2026-01-31")
    assert read_site({**TEXTS, "geldig_van": "2026-01-31", "geldig_tot": "2026-01-31"}).valid_to


@pytest.mark.parametrize("typed", ["101250,480250", "101250; 480250", "52.30755, 4.59905"])
def test_a_place_may_be_typed_in_metres_or_degrees(typed: str) -> None:
    point = read_site({**TEXTS, "plek": typed, "omtrek": ""}).point
    assert point.distance(shapely.Point(101_250, 480_250)) < 15


def test_a_form_sent_back_as_it_was_changes_nothing() -> None:
    stored = site(
        shapely.Point(101_250.37, 480_250.81),
        shapely.Polygon([(101_200.4, 480_200.4), (101_300.4, 480_200.4), (101_250.4, 480_300.4)]),
    )
    texts = {key: text.replace("\n", "\r\n") for key, text in site_texts(stored).items()}
    fields = read_site(texts, stored)
    assert fields.point == stored.point
    assert fields.outline == stored.outline
    assert fields.description == stored.description
    assert set(texts) == set(SITE_FIELDS.keys)


def test_a_place_that_was_typed_anew_is_in_whole_metres() -> None:
    stored = site(shapely.Point(101_250.37, 480_250.81))
    moved = {**site_texts(stored), "plek": "101251, 480251"}
    assert read_site({**moved, "plek": "101260, 480251"}, stored).point.x == 101_260


def test_an_outline_is_written_as_it_is_read() -> None:
    text = "101200 480200\n101300 480200\n101300 480300"
    assert text_of_outline(outline_of(text)) == text
    closed = outline_of(f"{text}\n101200 480200")
    assert text_of_outline(closed) == text
    assert outline_of(" \n ") is None
    with pytest.raises(OutlineError, match="te veel hoeken"):
        outline_of("\n".join(f"{101_000 + i} {480_000 + i * i}" for i in range(300)))


@pytest.mark.parametrize("text", ["", "  ", "ab", "x" * 151, "naar vrouwenopvang"])
def test_a_reason_is_asked_in_a_few_words(text: str) -> None:
    with pytest.raises(FieldFaults) as raised:
        read_reason({"reden": text})
    assert set(raised.value.faults) == {"reden"}
    assert read_reason({"reden": " Adres  verbeterd "}) == "Adres verbeterd"


def test_a_new_site_begins_with_what_is_known() -> None:
    first = read_first_state({"fase": "verkend", "fase_datum": "2025-12-31", "aantal": "12"}, TODAY)
    assert (first.status, first.from_date, first.capacity_count) == (
        "verkend",
        dt.date(2025, 12, 31),
        12,
    )
    unknown = read_first_state({"fase": "idee", "fase_datum": "2026-01-01", "aantal": ""}, TODAY)
    assert unknown.capacity_count is None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("fase", "in_gebruik"),
        ("fase", ""),
        ("fase_datum", ""),
        ("fase_datum", "2026-01-02"),
        ("fase_datum", "2026-02-30"),
        ("aantal", "0"),
        ("aantal", "-3"),
        ("aantal", "twaalf"),
        ("aantal", "1e3"),
        ("aantal", "5001"),
        ("aantal", "\u0663"),
    ],
)
def test_a_first_state_that_can_not_be_is_refused(field: str, text: str) -> None:
    texts = {"fase": "idee", "fase_datum": "2026-01-01", "aantal": "", field: text}
    with pytest.raises(FieldFaults) as raised:
        read_first_state(texts, TODAY)
    assert set(raised.value.faults) == {field}
