"""Agreements and measurements of support: making, changing, finishing; and who reads what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, insert, select, update

from data.dialogue_tables import Agreement, SupportMeasurement, Track
from data.tables import Change, SiteState
from tests.app.page_reader import read_page
from tests.app.signed_in import csrf_token, signed_in, submit
from tests.dialogue import PlantedTrack, plant_track

PLANNER, GEMEENTE = "planner", "GM9002"
FILLED = {
    "soort": "commissie",
    "wat": "Een groep van buren en begeleiders",
    "uitleg": "De groep komt elke drie maanden bij elkaar.",
    "wie": "Zorgorganisatie en gemeente",
    "afgesproken": "2025-10-01",
    "vanaf": "2025-11-01",
    "tot": "2027-11-01",
    "bekijken": "2025-12-01",
    "openbaar": "y",
}
MEASURED = {
    "dag": "2025-10-15",
    "vraag": "Wat vindt u ervan?",
    "manier": "Brief aan alle adressen binnen 300 meter.",
    "bron": "Gemeente Middendorp",
    "gevraagd": "200",
    "positief": "60",
    "neutraal": "10",
    "negatief": "30",
}


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    with owner.begin() as connection:
        planted = plant_track(connection)
    yield planted
    with owner.begin() as connection:
        connection.execute(delete(Track).where(Track.id == planted.id))


@pytest.fixture
def planner(app: Flask, owner: Engine) -> FlaskClient:
    return signed_in(app, owner, PLANNER, GEMEENTE)


def rows(owner: Engine, table: Any) -> list[Any]:
    with owner.begin() as connection:
        columns = table.__table__.columns
        return list(connection.execute(select(*columns).order_by(table.id)))


def plant(owner: Engine, table: Any, track: PlantedTrack, **values: Any) -> int:
    usual: dict[str, Any] = {"track_id": track.id, "site_id": track.sites["TINY-4"]}
    if table is Agreement:
        usual |= {"kind": "tegenprestatie", "title": "Lampen", "who": "Gemeente"}
        usual["agreed_on"] = dt.date(2025, 9, 5)
    else:
        usual |= {"question": "Wat vindt u ervan?", "method": "Brief.", "source": "Gemeente"}
        usual |= {"measured_on": dt.date(2025, 9, 5), "invited_count": 400}
        usual |= {"positive_count": 30, "neutral_count": 20, "negative_count": 50}
    with owner.begin() as connection:
        statement = insert(table).values({**usual, **values}).returning(table.id)
        return int(connection.execute(statement).scalar_one())


def addresses(track: PlantedTrack) -> tuple[str, str]:
    base = f"/gesprekken/{track.id}"
    return f"{base}/afspraken", f"{base}/draagvlak"


def test_an_agreement_is_made_changed_and_done(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    listed, _ = addresses(track)
    made = submit(planner, f"{listed}/nieuw", **FILLED, locatie=str(track.sites["TINY-4"]))
    assert (made.status_code, made.headers["Location"]) == (303, listed)
    (row,) = rows(owner, Agreement)
    assert (row.kind, row.site_id, row.is_public) == ("commissie", track.sites["TINY-4"], True)
    found = read_page(planner, listed)
    assert found.lead.startswith("Er is 1 afspraak met de buurt.")
    # The day to look at it passed on 1 December 2025; it is 1 January 2026.
    assert "Tijd om samen te kijken hoe het gaat" in found.text

    page = f"{listed}/{row.id}"
    assert submit(planner, page, bekijken="2026-06-01").status_code == 303
    assert "Tijd om samen" not in read_page(planner, listed).text
    done = submit(planner, page, f"{page}/klaar", klaar="2025-12-20", hoe="De groep is er.")
    assert done.status_code == 303
    (row,) = rows(owner, Agreement)
    assert (row.done_on, row.done_note) == (dt.date(2025, 12, 20), "De groep is er.")
    assert "Die is klaar." in read_page(planner, listed).lead
    assert submit(planner, page, f"{page}/heropenen").status_code == 303
    assert rows(owner, Agreement)[0].done_on is None
    with owner.begin() as connection:
        noted = connection.scalars(
            select(Change.action).where(Change.table_name == "agreement").order_by(Change.id)
        ).all()
    assert noted[-4:] == ["added", "changed", "changed", "changed"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tot": ""}, "Een beheercommissie heeft een einde"),
        ({"bekijken": ""}, "Vul in wanneer u samen bekijkt"),
        ({"tot": "2025-10-02"}, "Het einde is eerder dan het begin"),
        ({"soort": "feest"}, "Kies een soort uit de lijst"),
        ({"locatie": "999"}, "Kies een locatie uit de lijst"),
        ({"wat": ""}, "Schrijf in één zin"),
        ({"afgesproken": "morgen"}, "Dit is geen datum"),
        ({"uitleg": "Naast de vrouwenopvang."}, "vrouwenopvang"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    planner: FlaskClient, owner: Engine, track: PlantedTrack, changed: dict[str, str], told: str
) -> None:
    listed, _ = addresses(track)
    sent = submit(planner, f"{listed}/nieuw", **{**FILLED, **changed})
    body = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert told in body
    assert changed.get("wie", FILLED["wie"]) in body
    assert rows(owner, Agreement) == []


def test_who_changes_it_in_between_is_not_written_over(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    listed, _ = addresses(track)
    number = plant(owner, Agreement, track)
    with owner.begin() as connection:
        connection.execute(
            update(Agreement).where(Agreement.id == number).values(title="Meer lampen")
        )
    for action, more in (("", FILLED), ("/weghalen", {}), ("/heropenen", {})):
        token = csrf_token(planner, f"{listed}/{number}")
        data = {**more, "gezien": "1", "csrf_token": token}
        sent = planner.post(f"{listed}/{number}{action}", data=data)
        body = sent.get_data(as_text=True)
        assert sent.status_code == 409
        assert "Meer lampen" in body
        assert not more or FILLED["wat"] in body
    assert rows(owner, Agreement)[0].title == "Meer lampen"


def test_a_day_ahead_is_not_done_yet(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    listed, _ = addresses(track)
    page = f"{listed}/{plant(owner, Agreement, track)}"
    for day, hoe in (("2026-01-02", "Af."), ("2025-09-04", "Af."), ("2025-12-01", "")):
        sent = submit(planner, page, f"{page}/klaar", klaar=day, hoe=hoe)
        assert sent.status_code == 422
    assert rows(owner, Agreement)[0].done_on is None


def test_measurements_are_entered_and_compared(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    _, listed = addresses(track)
    plant(owner, SupportMeasurement, track)
    sent = submit(planner, f"{listed}/nieuw", **MEASURED, locatie=str(track.sites["TINY-4"]))
    assert sent.status_code == 303
    found = read_page(planner, listed)
    # 60 of 100 against 30 of 100: the interval of the difference is 0.165 to 0.422.
    assert found.lead.startswith(
        "Op 15 oktober 2025 was 60% positief, van 100 antwoorden. "
        "Dat is hoger dan op 5 september 2025."
    )
    table = found.tables[-1]
    assert table[1][1:] == ["30%", "22% tot 40%", "100 van de 400 (25%)", "eerste meting"]
    assert table[2][1:] == ["60%", "50% tot 69%", "100 van de 200 (50%)", "Hoger"]
    newest = rows(owner, SupportMeasurement)[-1]
    page = f"{listed}/{newest.id}"
    assert submit(planner, page, positief="35", negatief="55").status_code == 303
    assert "Er is geen duidelijk verschil met 5 september 2025." in read_page(planner, listed).lead
    assert submit(planner, page, vraag="Een andere vraag?").status_code == 303
    assert read_page(planner, listed).tables[-1][2][4] == "niet te vergelijken"
    assert submit(planner, page, f"{page}/weghalen").status_code == 303
    assert len(rows(owner, SupportMeasurement)) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"gevraagd": "99"}, "Er zijn 100 antwoorden."),
        ({"positief": "0", "neutraal": "0", "negatief": "0"}, "Er zijn geen antwoorden."),
        ({"positief": "veel"}, "Schrijf een heel getal."),
        ({"positief": ""}, "Vul een aantal in."),
        ({"dag": "2026-01-02"}, "Deze dag is nog niet geweest."),
        ({"vraag": ""}, "zoals die is gesteld"),
    ],
)
def test_a_measurement_that_can_not_be_is_refused(
    planner: FlaskClient, owner: Engine, track: PlantedTrack, changed: dict[str, str], told: str
) -> None:
    _, listed = addresses(track)
    sent = submit(planner, f"{listed}/nieuw", **{**MEASURED, **changed})
    assert sent.status_code == 422
    assert told in sent.get_data(as_text=True)
    assert MEASURED["manier"] in sent.get_data(as_text=True)
    assert rows(owner, SupportMeasurement) == []


def test_the_page_tells_which_year_lacks_a_measurement(
    planner: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    _, listed = addresses(track)
    site_id = track.sites["TINY-4"]
    assert "wanneer de locatie opengaat, is nog niet bekend" in read_page(planner, listed).text
    with owner.begin() as connection:
        connection.execute(
            insert(SiteState).values(
                site_id=site_id, from_date=dt.date(2024, 11, 1), status="in_gebruik"
            )
        )
    try:
        plant(owner, SupportMeasurement, track)
        found = read_page(planner, listed)
        assert "Er is niet gemeten voor de opening (tot en met 31 oktober 2024)." in found.text
        years = found.tables[0]
        assert [row[2] for row in years[1:]] == ["Niet gemeten", "Gemeten", "Nog te doen"]
    finally:
        with owner.begin() as connection:
            connection.execute(
                delete(SiteState).where(
                    SiteState.site_id == site_id, SiteState.from_date == dt.date(2024, 11, 1)
                )
            )


def test_everyone_reads_them_at_the_site_and_in_the_conversation(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    site = f"/locatie/{track.sites['TINY-4']}"
    assert "Afspraken met de buurt" not in read_page(world, site).headings
    plant(owner, Agreement, track, done_on=dt.date(2025, 10, 1), done_note="Zij branden.")
    plant(owner, Agreement, track, title="Geheim voornemen", is_public=False)
    plant(owner, Agreement, track, title="Tuin open", kind="beheer", from_on=dt.date(2027, 1, 1))
    plant(owner, SupportMeasurement, track)
    plant(
        owner,
        SupportMeasurement,
        track,
        measured_on=dt.date(2025, 12, 1),
        positive_count=4,
        neutral_count=3,
        negative_count=2,
    )
    for address in (site, f"/in-gesprek/{track.code}"):
        found = read_page(world, address)
        assert "Er zijn 2 afspraken met de buurt. 1 is klaar." in found.text
        assert "Zij branden." in found.text
        assert "Gaat nog beginnen: vanaf 1 januari 2027." in found.text
        assert "Geheim voornemen" not in found.text
        assert "Op 1 december 2025 waren er minder dan 10 antwoorden." in found.text
        (table,) = [one for one in found.tables if one[0][0] == "Dag"]
        assert table[2] == [
            "1 december 2025",
            "minder dan 10 antwoorden",
            "geen marge",
            "minder dan 10 antwoorden",
            "niet te vergelijken",
        ]


def test_a_concept_shows_nothing_of_it(
    world: FlaskClient, owner: Engine, track: PlantedTrack
) -> None:
    plant(owner, Agreement, track)
    with owner.begin() as connection:
        connection.execute(update(Track).where(Track.id == track.id).values(state="concept"))
    found = read_page(world, f"/locatie/{track.sites['TINY-4']}")
    assert "Afspraken met de buurt" not in found.headings


def test_only_who_works_on_the_conversation_comes_here(
    app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    number = plant(owner, Agreement, track)
    other = signed_in(app, owner, PLANNER, "GM9001")
    council = signed_in(app, owner, "raadslid")
    for listed in addresses(track):
        assert app.test_client().get(listed).status_code == 401
        assert council.get(listed).status_code == 403
        assert other.get(listed).status_code == 404
        assert other.get(f"{listed}/nieuw").status_code == 404
    page = f"{addresses(track)[0]}/{number}"
    token = csrf_token(other, "/mijn-account")
    sent = other.post(f"{page}/weghalen", data={"gezien": "1", "csrf_token": token})
    assert sent.status_code == 404
    assert len(rows(owner, Agreement)) == 1


def test_a_conversation_of_the_region_is_read_and_not_changed_by_a_planner(
    app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    plant(owner, Agreement, track)
    with owner.begin() as connection:
        connection.execute(update(Track).where(Track.id == track.id).values(gemeente_code="regio"))
    planner = signed_in(app, owner, PLANNER, "GM9001")
    for listed in addresses(track):
        found = read_page(planner, listed)
        assert "U kunt dit gesprek lezen, niet wijzigen." in found.lead
        assert f"{listed}/nieuw" not in found.links
        assert planner.get(f"{listed}/nieuw").status_code == 403


def test_the_method_tells_both_measures(world: FlaskClient) -> None:
    for word in ("draagvlak", "verandering-draagvlak"):
        assert read_page(world, f"/methode/{word}").status == 200
