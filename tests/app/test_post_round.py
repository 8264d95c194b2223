"""A round of the post: what is told, to whom, once, and when a digest is due."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from app.config import Settings
from app.services import current, post_box
from app.services.event_words import EVENT_KINDS, to_words
from app.services.own_links import CONTRIBUTION, SUBSCRIPTION, own_token, own_token_sha256
from app.services.post_round import compose, due_before
from app.services.post_texts import MOST_ITEMS, Place
from data.changes.subscriptions import add_subscription, confirm
from data.queries.events import Reach, events_in
from tests.dialogue import PlantedTrack, plant_contribution, plant_meeting, plant_track
from tests.post import EMAIL, SITE, Post, own_link, text_of

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def post(database: Engine, tmp_path: Path) -> Post:
    return Post(database, Settings(tmp_path, secret_key="test", tile_url=None))


@pytest.fixture
def track(database: Engine, post: Post) -> PlantedTrack:
    """A track, of which everything so far was noticed long ago."""
    with database.begin() as connection:
        planted = plant_track(connection)
        connection.execute(text("DELETE FROM public_event"))
    return planted


def subscribe(
    database: Engine,
    code: str,
    reach: Reach,
    frequency: str = "meteen",
    email: str = EMAIL,
    at: dt.datetime = NOW,
) -> None:
    """Follow something, confirmed at this moment."""
    with database.begin() as connection:
        token = own_token_sha256("test", SUBSCRIPTION, code)
        add_subscription(connection, code, token, email, "deze buurt", reach, frequency, at)
        confirm(connection, code, at)
        connection.execute(text("UPDATE subscription SET confirm_sent_at = now()"))


def add_news(database: Engine, *titles: str) -> None:
    with database.begin() as connection:
        for title in titles:
            connection.execute(
                text(
                    "INSERT INTO track_news (track_id, title, body) "
                    "SELECT id, :title, 'Kijk maar.' FROM track"
                ),
                {"title": title},
            )


def test_each_is_told_what_it_follows_and_nothing_else(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    subscribe(database, "near", Reach(x_m=101_500, y_m=481_500, radius_m=300))
    subscribe(database, "far", Reach(x_m=103_500, y_m=480_500, radius_m=300), email="v@x.example")
    add_news(database, "Nieuws 1")
    post.round(NOW + MINUTE)
    assert [message["To"] for message in post.messages()] == [EMAIL]
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2026-02-01', "
                "'in_gebruik' FROM site WHERE site_code IN ('TINY-2', 'TINY-6', 'TINY-7')"
            )
        )
    # TINY-2 is at (102500, 480500), too far for both; TINY-6 and TINY-7 are not public.
    area = Reach(area_code="GM9001")
    subscribe(database, "area", area, email="w@x.example", at=NOW + MINUTE)
    post.empty()
    post.round(NOW + 2 * MINUTE)
    [told] = post.messages()
    assert told["To"] == "w@x.example"
    assert told["Subject"] == "Proeflocatie 2 (voorbeeld): in gebruik"
    assert "1 februari 2026" in text_of(told)


def test_many_changes_are_one_message_and_the_rest_is_on_the_website(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    subscribe(database, "a", Reach(track_id=track.id))
    add_news(database, *(f"Nieuws {number}" for number in range(MOST_ITEMS + 5)))
    post.round(NOW + MINUTE)
    [told] = post.messages()
    assert text_of(told).count("* Nieuws") == MOST_ITEMS
    assert "Er is nog meer nieuws" in text_of(told)
    post.round(NOW + 2 * MINUTE)
    assert len(post.messages()) == 1


def test_what_became_internal_before_it_was_told_is_not_told(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    subscribe(database, "a", Reach(area_code="GM9001"))
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO site_state (site_id, from_date, status) SELECT id, '2026-02-01', "
                "'afgebouwd' FROM site WHERE site_code = 'TINY-1'"
            )
        )
    with database.begin() as connection:
        connection.execute(text("UPDATE site SET publication = 'intern'"))
    post.round(NOW + MINUTE)
    assert post.messages() == []


def test_a_digest_goes_out_once_at_its_hour(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    """1 January 2026 is a Thursday; 13:00 in the Netherlands is 12:00 UTC."""
    subscribe(database, "day", Reach(track_id=track.id), "dag", "dag@x.example")
    subscribe(database, "week", Reach(track_id=track.id), "week", "week@x.example")
    add_news(database, "Nieuws 1")
    post.round(NOW + HOUR)
    assert post.messages() == []
    friday = dt.datetime(2026, 1, 2, 7, tzinfo=ZONE)
    post.round(friday - MINUTE)
    assert post.messages() == []
    post.round(friday)
    post.round(friday + HOUR)
    assert [message["To"] for message in post.messages()] == ["dag@x.example"]
    add_news(database, "Nieuws 2")
    post.round(friday + 2 * HOUR)
    monday = dt.datetime(2026, 1, 5, 7, tzinfo=ZONE)
    post.round(monday - MINUTE)
    post.empty()
    post.round(monday)
    [told] = post.messages()
    assert told["To"] == "week@x.example"
    assert told["Subject"] == "2 berichten over uw buurt"


@pytest.mark.parametrize(
    ("frequency", "now", "due"),
    [
        ("dag", "2026-01-02T06:59+01:00", "2026-01-01T07:00+01:00"),
        ("dag", "2026-01-02T07:00+01:00", "2026-01-02T07:00+01:00"),
        ("dag", "2026-01-01T23:30+00:00", "2026-01-01T07:00+01:00"),
        # The clock goes forward on 29 March 2026 and back on 25 October.
        ("dag", "2026-03-29T06:30+02:00", "2026-03-28T07:00+01:00"),
        ("dag", "2026-03-29T07:30+02:00", "2026-03-29T07:00+02:00"),
        ("dag", "2026-10-25T08:00+01:00", "2026-10-25T07:00+01:00"),
        ("week", "2026-01-05T06:59+01:00", "2025-12-29T07:00+01:00"),
        ("week", "2026-01-05T07:00+01:00", "2026-01-05T07:00+01:00"),
        ("week", "2026-01-11T23:00+01:00", "2026-01-05T07:00+01:00"),
        ("week", "2026-03-30T06:00+02:00", "2026-03-23T07:00+01:00"),
    ],
)
def test_digests_are_due_by_the_clock_in_the_netherlands(
    frequency: str, now: str, due: str
) -> None:
    found = due_before(frequency, dt.datetime.fromisoformat(now), None)
    assert found == dt.datetime.fromisoformat(due)


def test_what_was_composed_is_not_lost_when_it_can_not_be_sent(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    subscribe(database, "a", Reach(track_id=track.id))
    add_news(database, "Nieuws 1")
    place = Place(SITE, "test")
    assert compose(database, place, NOW + MINUTE) == 1
    assert compose(database, place, NOW + 2 * MINUTE) == 0
    post.folder.write_text("this is no folder")
    done = post.round(NOW + 3 * MINUTE)
    assert (done.sent.sent_count, done.sent.later_count) == (0, 1)
    post.folder.unlink()
    assert post.round(NOW + HOUR).sent.sent_count == 1
    assert [message["Subject"] for message in post.messages()] == [
        "Nieuws 1 (Beschut wonen in Middendorp)"
    ]


def test_rounds_of_several_processes_tell_it_once(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    for number in range(5):
        subscribe(database, f"a{number}", Reach(track_id=track.id), email=f"a{number}@x.example")
    add_news(database, "Nieuws 1")
    threads = [threading.Thread(target=post.round, args=(NOW + MINUTE,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["To"] for message in post.messages()) == [
        f"a{number}@x.example" for number in range(5)
    ]


def test_an_answer_goes_to_who_asked_for_it_once_and_again_when_it_changes(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    own = own_token_sha256("test", CONTRIBUTION, "one")
    with database.begin() as connection:
        for code, token in (("one", own), ("two", None), ("three", None), ("paper", None)):
            plant_contribution(
                connection, track, code, email=f"{code}@x.example", token_sha256=token
            )
        plant_contribution(connection, track, "silent", answer="Ja", moderation="openbaar")
        theme = connection.scalar(
            text(
                "INSERT INTO theme (track_id, name, status, answer, answered_at) SELECT id, "
                "'Licht', 'meegenomen', 'Er komen lampen.', now() FROM track RETURNING id"
            )
        )
        for change in (
            "status = 'niet_meegenomen', answer = 'Dat kan hier niet.', answered_at = now(), "
            "moderation = 'openbaar' WHERE code = 'one'",
            f"theme_id = {theme}, moderation = 'openbaar' WHERE code = 'two'",
            "moderation = 'geweigerd', refusal_key = 'respect', moderated_by = 1, second_by = 2, "
            "moderated_at = now(), second_at = now() WHERE code = 'three'",
            # Answered with the others, yet nobody let it through.
            f"theme_id = {theme}, answer = 'Ja' WHERE code = 'paper'",
        ):
            connection.execute(text(f"UPDATE contribution SET {change}"))
    started = dt.datetime.now(dt.UTC)
    post.round(started)
    post.round(started + MINUTE)
    told = {str(message["To"]): message for message in post.messages()}
    assert sorted(told) == ["one@x.example", "three@x.example", "two@x.example"]
    assert "Dat kan hier niet." in text_of(told["one@x.example"])
    assert "niet meegenomen" in text_of(told["one@x.example"])
    token = own_token("test", CONTRIBUTION, "one")
    assert f"{SITE}/mijn-reactie/one/{token}\n" in text_of(told["one@x.example"])
    assert "Er komen lampen." in text_of(told["two@x.example"])
    assert f"{SITE}/reactie/two\n" in text_of(told["two@x.example"])
    refused = text_of(told["three@x.example"])
    assert "In uw reactie stond iets beledigends" in refused
    assert "/reactie/" not in refused
    post.empty()
    with database.begin() as connection:
        connection.execute(
            text("UPDATE theme SET answer = 'Toch geen lampen.', answered_at = :at"),
            {"at": started + 2 * MINUTE},
        )
    post.round(started + 3 * MINUTE)
    post.round(started + 4 * MINUTE)
    assert [message["To"] for message in post.messages()] == ["two@x.example"]
    assert "Toch geen lampen." in text_of(post.messages()[0])


def test_every_kind_of_event_has_its_words(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    with database.begin() as connection:
        meeting = plant_meeting(connection, track, report="Het was druk")
        cancelled = plant_meeting(connection, track, is_cancelled=True)
        rows = {
            "news": "INSERT INTO track_news (track_id, title, body) "
            "SELECT id, 'N', 'B' FROM track RETURNING id",
            "document": "INSERT INTO track_document (track_id, title, media_type, content) "
            "SELECT id, 'D', 'application/pdf', '' FROM track RETURNING id",
            "theme_answered": "INSERT INTO theme (track_id, name, answer) "
            "SELECT id, 'T', 'A' FROM track RETURNING id",
            "agreement_made": "INSERT INTO agreement (track_id, kind, title, who, agreed_on, "
            "done_on, done_note) SELECT id, 'beheer', 'A', 'W', '2026-01-01', '2026-02-01', "
            "'Klaar' FROM track RETURNING id",
        }
        ids = {kind: connection.scalar(text(query)) for kind, query in rows.items()}
        plant_contribution(
            connection, track, "one", moderation="openbaar", theme_id=ids["theme_answered"]
        )
        ids |= {"agreement_done": ids["agreement_made"], "meeting_cancelled": cancelled}
        ids |= dict.fromkeys(("meeting_planned", "meeting_moved", "meeting_report"), meeting)
        ids |= {"phase_started": track.phases["Plek kiezen"]}
        ids |= {"phase_closed": track.phases["Kennismaken"]}
        connection.execute(text("UPDATE track SET state = 'afgerond'"))
        connection.execute(text("DELETE FROM public_event"))
        for kind in EVENT_KINDS:
            is_site = kind.startswith("site")
            connection.execute(
                text(
                    "INSERT INTO public_event (kind, track_id, site_id, row_id, content) "
                    'VALUES (:kind, :track, :site, :row, \'{"from_date": "2025-01-01"}\')'
                ),
                {
                    "kind": kind,
                    "track": None if is_site else track.id,
                    "site": track.sites["TINY-4"] if is_site else None,
                    "row": ids.get(kind),
                },
            )
        found = events_in(connection, Reach(track_id=track.id), release_id=None, most=100)
    assert sorted(event.kind for event in found) == sorted(EVENT_KINDS)
    words = {event.kind: to_words(event) for event in found}
    assert all(entry.title and "None" not in entry.title + entry.text for entry in words.values())
    assert len({entry.uid for entry in words.values()}) == len(EVENT_KINDS)
    assert words["meeting_planned"].text == (
        "Woensdag 4 maart 2026 om 19.30 uur. Plaats: Buurthuis Middendorp."
    )
    assert words["site_state"].title == "Proeflocatie 4 (voorbeeld): planvorming"
    assert words["site_state"].text == (
        "Soort plek: Beschut wonen. Dit geldt vanaf 1 januari 2025. Het gaat om 6 plekken."
    )
    assert words["site_state"].path == f"/locatie/{track.sites['TINY-4']}"
    assert words["phase_closed"].text == "Wij spraken 40 mensen."


def test_a_call_has_a_round_made_at_once(
    database: Engine, post: Post, track: PlantedTrack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "now", lambda: NOW + MINUTE)
    subscribe(database, "a", Reach(track_id=track.id))
    add_news(database, "Nieuws 1")
    post_box._called.clear()
    thread = threading.Thread(target=post_box.next_round, args=(database, post.settings, SITE))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    assert post.messages() == []
    post_box.wake()
    thread.join(20)
    assert own_link(post.messages()[0]).startswith("/volgen/a/")


def test_a_round_that_fails_says_no_word_of_what_it_had_in_hand(
    database: Engine, post: Post, track: PlantedTrack, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(database, "a", Reach(track_id=track.id))
    add_news(database, "Nieuws 1")
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE outgoing_mail ADD CHECK (recipient = 'x')"))
    assert not post_box.make_round(database, post.settings, SITE)
    assert "a round of the post failed" in caplog.text
    assert EMAIL not in caplog.text
    assert "IntegrityError" in caplog.text


def test_what_is_past_its_term_goes_also_when_the_post_fails(
    database: Engine, post: Post, track: PlantedTrack
) -> None:
    subscribe(database, "a", Reach(track_id=track.id))
    add_news(database, "Nieuws 1")
    with database.begin() as connection:
        plant_contribution(connection, track, "old", email=EMAIL)
        connection.execute(text("UPDATE contribution_contact SET delete_at = '2020-01-01'"))
        connection.execute(text("ALTER TABLE outgoing_mail ADD CHECK (recipient = 'x')"))
    assert not post_box.make_round(database, post.settings, SITE)
    with database.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM contribution_contact")) == 0
