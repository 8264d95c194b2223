"""Every message that we send is within the limits for B1; our words, and no one else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from analysis.dialogue.contributions import CONTRIBUTION_STATUSES
from analysis.dialogue.house_rules import HOUSE_RULES
from analysis.dialogue.readability import is_too_long, measure_readability, over_limits
from app.services.event_words import EVENT_KINDS, to_words
from app.services.following import FREQUENCIES
from app.services.post_texts import Place, answer_for, asking_to_confirm, news_for
from data.changes.outbox import NewMail
from data.queries.answers_told import AnswerToTell
from data.queries.events import EventRecord, Reach
from data.queries.subscriptions import SubscriptionRecord

AT = dt.datetime(2026, 3, 4, 18, 30, tzinfo=dt.UTC)
SITE = "https://vlekkenplan.gemeente.example"
PLACE = Place(SITE, "sleutel")
FOLLOWED = SubscriptionRecord(
    "abc", "buur@straat.example", "uw straat", Reach(track_id=1), "meteen", AT, AT, AT
)
TOLD = AnswerToTell(
    code="abc",
    email="buur@straat.example",
    track_title="Beschut wonen in Middendorp",
    has_link=True,
    moderation="openbaar",
    refusal_key=None,
    appeal_outcome=None,
    own_status="meegenomen",
    own_answer="Wij zetten een lamp bij het pad.",
    theme_status=None,
    theme_answer=None,
    news_at=AT,
)
EVENT = EventRecord(
    id=1,
    at=AT,
    kind="news",
    track_code="middendorp",
    track_title="Beschut wonen in Middendorp",
    site_id=None,
    site_name=None,
    site_type="beschut_wonen",
    subject="De plek",
    body="Wij kozen een plek.",
    starts_at=AT,
    place="Buurthuis Middendorp",
    status="in_gebruik",
    capacity_count=8,
    from_date=AT.date(),
)


def messages() -> Iterator[tuple[str, NewMail]]:
    """Every kind of message that there is, by what it is about."""
    for frequency in FREQUENCIES:
        yield (
            f"confirm {frequency}",
            asking_to_confirm(PLACE, replace(FOLLOWED, frequency=frequency)),
        )
    for kind in EVENT_KINDS:
        is_of_site = kind.startswith("site_")
        event = replace(
            EVENT,
            kind=kind,
            site_id=3 if is_of_site else None,
            site_name="Het Plein" if is_of_site else None,
        )
        yield f"news {kind}", news_for(PLACE, FOLLOWED, [to_words(event)], AT)
    many = [to_words(replace(EVENT, id=number)) for number in range(40)]
    yield "news, many", news_for(PLACE, FOLLOWED, many, AT)
    for status in CONTRIBUTION_STATUSES:
        yield f"answer {status.key}", answer_for(PLACE, replace(TOLD, own_status=status.key))
    refused = replace(TOLD, moderation="geweigerd", own_answer=None)
    for rule in HOUSE_RULES:
        yield f"refused {rule.key}", answer_for(PLACE, replace(refused, refusal_key=rule.key))
    yield (
        "refused, on paper",
        answer_for(PLACE, replace(refused, refusal_key="respect", has_link=False)),
    )
    yield (
        "refused again",
        answer_for(PLACE, replace(refused, refusal_key="respect", appeal_outcome="afgewezen")),
    )


def blocks_of(mail: NewMail) -> tuple[str, ...]:
    """The paragraphs, each on one line, without addresses of pages and the signature."""
    words, signature = mail.body.rstrip().rsplit("\n\nVlekkenplan\n", 1)
    paragraphs = (*words.split("\n\n"), signature.split("\n\n", 1)[1])
    kept = (
        " ".join(line.strip() for line in part.splitlines() if not line.strip().startswith(SITE))
        for part in paragraphs
    )
    return tuple(block for block in kept if block)


MESSAGES = dict(messages())


@pytest.mark.parametrize("about", MESSAGES)
def test_a_message_is_within_the_limits(about: str) -> None:
    found = measure_readability(blocks_of(MESSAGES[about]))
    assert found is not None
    too_long = [f"{one.word_count}: {one.text}" for one in found.sentences if is_too_long(one)]
    long_words = sorted({word for one in found.sentences for word in one.long_words})
    assert not over_limits(found), [*over_limits(found), *too_long, long_words]


@pytest.mark.parametrize("about", MESSAGES)
def test_a_message_fits_any_screen_and_says_what_it_is_about(about: str) -> None:
    mail = MESSAGES[about]
    assert 8 <= len(mail.subject) <= 78
    lines = [line for line in mail.body.splitlines() if SITE not in line]
    assert max(map(len, lines)) <= 76


def test_a_hard_word_or_a_long_sentence_is_found() -> None:
    hard = replace(
        TOLD,
        own_answer="De participatieverordening wordt geïmplementeerd conform de "
        "omgevingswettelijke vereisten, waarbij de belangenafweging door het bevoegd gezag "
        "plaatsvindt alvorens tot besluitvorming kan worden overgegaan door de gemeenteraad.",
    )
    found = measure_readability(blocks_of(answer_for(PLACE, hard)))
    assert found is not None
    assert over_limits(found)
