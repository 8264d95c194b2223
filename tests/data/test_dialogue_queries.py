"""What everyone may read of a conversation, asked as a visitor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product

import pytest
from shapely.geometry import Point, Polygon
from sqlalchemy import Connection, insert, text, update

from analysis.dialogue.answers import answered
from analysis.dialogue.contributions import CONTRIBUTION_STATUSES
from app.services.demo import load_region
from data.database_roles import VISITOR, Hands, work_as
from data.dialogue_tables import (
    ContributionPhoto,
    Theme,
    Track,
    TrackDocument,
    TrackNews,
    TrackParty,
    TrackSite,
)
from data.errors import NotFound
from data.planning_tables import Assessment, Choice, Dossier
from data.queries import contributions, tracks
from data.queries.contributions import AskedContributions
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track
from tests.world import tiny_world


@pytest.fixture
def world(connection: Connection) -> Iterator[Connection]:
    """The tiny world; the test itself takes on the role of a visitor."""
    load_region(connection, tiny_world())
    yield connection
    connection.execute(text("RESET ROLE"))


@pytest.fixture
def track(world: Connection) -> PlantedTrack:
    return plant_track(world)


def as_visitor(connection: Connection) -> Connection:
    work_as(connection, Hands(VISITOR))
    return connection


def plant_theme(world: Connection, track: PlantedTrack, **changed: object) -> int:
    values = {"track_id": track.id, "name": "Verkeer", **changed}
    return int(world.scalar(insert(Theme).values(values).returning(Theme.id)) or 0)


def codes(world: Connection, track: PlantedTrack, **asked: object) -> list[str]:
    wanted = AskedContributions(**asked)  # type: ignore[arg-type]
    found = contributions.public_contributions(world, track.id, wanted)
    assert contributions.count_public_contributions(world, track.id, wanted) == len(found)
    return [record.code for record in found]


def test_a_conversation_is_found_by_its_code_its_area_and_its_sites(
    world: Connection, track: PlantedTrack
) -> None:
    plant_track(world, "regio", gemeente_code="regio", wijk_code=None, title="De hele regio")
    world.execute(text("DELETE FROM track_site WHERE track_id <> :id"), {"id": track.id})
    as_visitor(world)
    found = tracks.public_track(world, "middendorp")
    assert (found.id, found.title) == (track.id, "Beschut wonen in Middendorp")
    assert found.published_at == dt.datetime(2025, 9, 1, 9, tzinfo=dt.UTC)
    assert [one.code for one in tracks.public_tracks(world)] == ["middendorp", "regio"]
    for asked in (
        {"gemeente_code": "GM9002"},
        {"wijk_code": "WK900201"},
        {"site_id": track.sites["TINY-4"]},
        {"site_id": track.sites["TINY-3"]},
    ):
        assert tracks.public_tracks(world, **asked) == (found,)
    for nothing in ({"gemeente_code": "GM9001"}, {"site_id": 2**40}):
        assert tracks.public_tracks(world, **nothing) == ()


@pytest.mark.parametrize("code", ["concept", "er-is-niets", "", "nul\x00"])
def test_a_concept_and_an_unknown_code_are_not_found(world: Connection, code: str) -> None:
    plant_track(world, "concept", state="concept")
    as_visitor(world)
    with pytest.raises(NotFound, match="niet openbaar"):
        tracks.public_track(world, code)
    assert tracks.public_tracks(world) == ()


def test_phases_come_in_order_and_the_one_of_today_is_known(
    world: Connection, track: PlantedTrack
) -> None:
    as_visitor(world)
    phases = tracks.track_phases(world, track.id)
    assert [(phase.position, phase.name, phase.is_now) for phase in phases] == [
        (1, "Kennismaken", False),
        (2, "Plek kiezen", True),
    ]
    assert phases[0].outcome == "Wij spraken 40 mensen."
    assert phases[1].takes_contributions
    assert tracks.track_phases(world, track.id + 1) == ()


def test_meetings_news_parties_and_sites_come_with_a_conversation(
    world: Connection, track: PlantedTrack
) -> None:
    late = plant_meeting(
        world, track, starts_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), ends_at=None
    )
    early = plant_meeting(world, track)
    for day in (1, 2):
        world.execute(
            insert(TrackNews).values(
                track_id=track.id,
                title=f"Bericht {day}",
                body="Er is nieuws.",
                published_at=dt.datetime(2025, 10, day, tzinfo=dt.UTC),
            )
        )
    for position, name in ((2, "Omwonenden"), (1, "Gemeente")):
        world.execute(
            insert(TrackParty).values(
                track_id=track.id, position=position, name=name, role="Denkt mee"
            )
        )
    as_visitor(world)
    assert [one.id for one in tracks.track_meetings(world, track.id)] == [early, late]
    assert [one.title for one in tracks.track_news(world, track.id)] == ["Bericht 2", "Bericht 1"]
    assert [one.name for one in tracks.track_parties(world, track.id)] == ["Gemeente", "Omwonenden"]
    assert [(line.part, line.site_id) for line in tracks.track_sites(world, track.id)] == [
        ("onderwerp", track.sites["TINY-4"]),
        ("bekeken", track.sites["TINY-3"]),
    ]


@pytest.mark.parametrize("code", ["TINY-6", "TINY-7"])
def test_a_site_that_is_not_wholly_public_is_never_told(
    world: Connection, track: PlantedTrack, code: str
) -> None:
    site_id = world.execute(
        text("SELECT id FROM site WHERE site_code = :c"), {"c": code}
    ).scalar_one()
    world.execute(
        insert(TrackSite).values(track_id=track.id, site_id=site_id, part="bekeken", note="Stil")
    )
    plant_contribution(world, track, "one", moderation="openbaar", site_id=site_id)
    as_visitor(world)
    assert site_id not in {line.site_id for line in tracks.track_sites(world, track.id)}
    assert tracks.public_tracks(world, site_id=site_id) == ()
    assert contributions.public_contribution(world, "one").site_id is None


def test_a_document_is_told_without_its_bytes_and_opened_in_its_own_conversation(
    world: Connection, track: PlantedTrack
) -> None:
    other = plant_track(world, "ander")
    document_id = world.scalar(
        insert(TrackDocument)
        .values(track_id=track.id, title="Plan", media_type="application/pdf", content=b"%PDF-1.7")
        .returning(TrackDocument.id)
    )
    assert document_id is not None
    as_visitor(world)
    (line,) = tracks.track_documents(world, track.id)
    assert (line.title, line.byte_count) == ("Plan", 8)
    assert tracks.track_document(world, track.id, document_id) == (line, b"%PDF-1.7")
    for track_id, asked in (
        (other.id, document_id),
        (track.id, document_id + 1),
        (track.id, 2**40),
    ):
        with pytest.raises(NotFound, match="document"):
            tracks.track_document(world, track_id, asked)


def test_only_what_a_moderator_let_through_is_read_newest_first(
    world: Connection, track: PlantedTrack
) -> None:
    for number, moderation in enumerate(("wacht", "openbaar", "openbaar", "weigeren")):
        plant_contribution(
            world,
            track,
            f"code{number}",
            moderation=moderation,
            refusal_key="respect" if moderation == "weigeren" else None,
            made_at=dt.datetime(2025, 10, 1 + number, tzinfo=dt.UTC),
        )
    as_visitor(world)
    assert codes(world, track) == ["code2", "code1"]
    first_page = contributions.public_contributions(world, track.id, limit=1)
    second_page = contributions.public_contributions(world, track.id, limit=1, offset=1)
    assert [one.code for one in (*first_page, *second_page)] == ["code2", "code1"]
    with pytest.raises(NotFound, match="reactie"):
        contributions.public_contribution(world, "code0")


def test_contributions_are_asked_by_kind_phase_theme_status_and_place(
    world: Connection, track: PlantedTrack
) -> None:
    theme = plant_theme(world, track, status="meegenomen", answer="Er komt een drempel.")
    open_phase, closed_phase = track.phases["Plek kiezen"], track.phases["Kennismaken"]
    plant_contribution(world, track, "a", moderation="openbaar", theme_id=theme)
    plant_contribution(
        world, track, "b", moderation="openbaar", theme_id=theme, status="niet_meegenomen"
    )
    plant_contribution(
        world,
        track,
        "c",
        moderation="openbaar",
        kind="plek",
        phase_id=closed_phase,
        place=Polygon([(101_000, 481_000), (101_200, 481_000), (101_100, 481_200)]),
    )
    plant_contribution(
        world, track, "d", moderation="openbaar", place=Point(103_500, 482_500), status="bekeken"
    )
    as_visitor(world)
    assert set(codes(world, track, kind="plek")) == {"c"}
    assert set(codes(world, track, phase_id=open_phase)) == {"a", "b", "d"}
    assert set(codes(world, track, theme_id=theme)) == {"a", "b"}
    assert set(codes(world, track, status="meegenomen")) == {"a"}
    assert set(codes(world, track, status="niet_meegenomen")) == {"b"}
    assert set(codes(world, track, status="nieuw")) == {"c"}
    assert set(codes(world, track, box=(101_150, 481_000, 101_300, 481_300))) == {"c"}
    assert set(codes(world, track, kind="vraag", status="bekeken")) == {"d"}
    assert codes(world, track, theme_id=2**40) == []


def test_a_contribution_is_read_with_its_place_and_the_answer_of_its_theme(
    world: Connection, track: PlantedTrack
) -> None:
    at = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
    theme = plant_theme(
        world, track, status="bekeken", answer="Wij zoeken het uit.", answered_at=at
    )
    plant_contribution(
        world,
        track,
        "a",
        "Bel 06-1",
        moderation="openbaar",
        public_body="Bel (weggelaten)",
        theme_id=theme,
        place=Point(101_500, 481_500),
    )
    as_visitor(world)
    record = contributions.public_contribution(world, "a")
    assert (record.body, record.is_shortened) == ("Bel (weggelaten)", True)
    assert record.geom == Point(101_500, 481_500)
    assert record.answers == {"waarover": ["begeleiding"]}
    assert (record.status, record.answer) == ("nieuw", None)
    assert (record.theme_name, record.theme_status) == ("Verkeer", "bekeken")
    assert (record.theme_answer, record.theme_answered_at) == ("Wij zoeken het uit.", at)
    assert [one.name for one in contributions.public_themes(world, track.id)] == ["Verkeer"]


def test_a_theme_without_public_contributions_is_not_told(
    world: Connection, track: PlantedTrack
) -> None:
    plant_contribution(world, track, "a", theme_id=plant_theme(world, track))
    as_visitor(world)
    assert contributions.public_themes(world, track.id) == ()


def test_a_photo_is_shown_when_both_it_and_its_contribution_are_public(
    world: Connection, track: PlantedTrack
) -> None:
    plant_contribution(world, track, "a", moderation="openbaar")
    plant_contribution(world, track, "b")
    for code in ("a", "b"):
        world.execute(
            insert(ContributionPhoto).values(
                contribution_code=code, media_type="image/jpeg", content=b"\xff\xd8", is_public=True
            )
        )
    as_visitor(world)
    assert contributions.public_contribution(world, "a").has_photo
    photo = contributions.contribution_photo(world, "a")
    assert (photo.media_type, photo.content) == ("image/jpeg", b"\xff\xd8")
    with pytest.raises(NotFound, match="foto"):
        contributions.contribution_photo(world, "b")
    world.execute(text("RESET ROLE"))
    world.execute(update(ContributionPhoto).values(is_public=False))
    as_visitor(world)
    assert not contributions.public_contribution(world, "a").has_photo
    with pytest.raises(NotFound, match="foto"):
        contributions.contribution_photo(world, "a")


def test_counts_tell_how_many_came_in_also_of_what_is_not_public(
    world: Connection, track: PlantedTrack
) -> None:
    plant_contribution(world, track, "a", moderation="openbaar")
    plant_contribution(world, track, "b", moderation="openbaar")
    plant_contribution(world, track, "c", kind="zorg", phase_id=None)
    as_visitor(world)
    counts = contributions.contribution_counts(world, track.id)
    assert counts["count"].sum() == 3
    public = counts[counts["moderation"] == "openbaar"]
    assert public["count"].tolist() == [2]
    assert public["phase_id"].tolist() == [track.phases["Plek kiezen"]]
    assert counts.loc[counts["kind"] == "zorg", "phase_id"].isna().all()


def test_nothing_of_a_concept_is_read(world: Connection, track: PlantedTrack) -> None:
    plant_meeting(world, track)
    plant_contribution(world, track, "a", moderation="openbaar")
    world.execute(update(Track).values(state="concept"))
    as_visitor(world)
    for read in (
        tracks.track_phases,
        tracks.track_meetings,
        tracks.track_sites,
        tracks.track_documents,
        contributions.public_contributions,
        contributions.public_themes,
    ):
        assert read(world, track.id) == ()
    with pytest.raises(NotFound):
        contributions.public_contribution(world, "a")


def test_the_code_of_a_contribution_may_be_anything(world: Connection) -> None:
    as_visitor(world)
    for code in ("", "nul\x00", "x" * 5000):
        with pytest.raises(NotFound):
            contributions.public_contribution(world, code)
        with pytest.raises(NotFound):
            contributions.contribution_photo(world, code)


def test_the_sites_of_a_conversation_come_with_their_place_and_state(
    world: Connection, track: PlantedTrack
) -> None:
    as_visitor(world)
    found = tracks.places_of_tracks(world, [track.id], dt.date(2024, 6, 1))[track.id]
    assert [(one.name, one.part, one.status, one.capacity_count) for one in found] == [
        ("Proeflocatie 4 (voorbeeld)", "onderwerp", None, None),
        ("Proeflocatie 3 (voorbeeld)", "bekeken", "in_gebruik", 8),
    ]
    assert (found[0].x_m, found[0].y_m) == (101_500, 481_500)
    (later, _) = tracks.places_of_tracks(world, [track.id], dt.date(2026, 1, 1))[track.id]
    assert (later.status, later.capacity_count) == ("planvorming", 6)


def test_the_status_that_is_asked_is_the_one_that_is_told(
    world: Connection, track: PlantedTrack
) -> None:
    for own, of_theme in product(CONTRIBUTION_STATUSES.keys, (None, *CONTRIBUTION_STATUSES.keys)):
        theme = plant_theme(world, track, status=of_theme) if of_theme else None
        plant_contribution(
            world,
            track,
            f"{own}-{of_theme}",
            moderation="openbaar",
            status=own,
            theme_id=theme,
        )
    as_visitor(world)
    told: dict[str, set[str]] = {key: set() for key in CONTRIBUTION_STATUSES.keys}
    for one in contributions.public_contributions(world, track.id):
        outcome = answered(one.status, one.answer, one.theme_status, one.theme_answer)
        told[outcome.status.key].add(one.code)
    assert {key: set(codes(world, track, status=key)) for key in told} == told


def test_the_last_public_dossier_of_a_choice_comes_with_its_conversation(
    world: Connection, track: PlantedTrack
) -> None:
    choice_id = world.scalar(
        insert(Choice)
        .values(gemeente_code="GM9002", type="beschut_wonen", name="Keuze")
        .returning(Choice.id)
    )
    assessment_id = world.scalar(
        insert(Assessment)
        .values(choice_id=choice_id, rules_version=1, content={}, sha256="0" * 64)
        .returning(Assessment.id)
    )
    world.execute(update(Track).values(choice_id=choice_id))
    for day, is_public in ((1, True), (2, True), (3, False)):
        world.execute(
            insert(Dossier).values(
                choice_id=choice_id,
                assessment_id=assessment_id,
                code=f"dossier{day}",
                title="Dossier",
                content={},
                sha256="0" * 64,
                published_at=dt.datetime(2025, 10, day, tzinfo=dt.UTC) if is_public else None,
            )
        )
    as_visitor(world)
    assert tracks.public_track(world, "middendorp").dossier_code == "dossier2"
