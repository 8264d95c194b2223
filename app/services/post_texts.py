"""The messages that we send, in plain Dutch text: what is asked, what changed, what was answered.

Nothing that a visitor typed comes in them but the own place: nobody can have us send words.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.dialogue.answers import answered
from analysis.dialogue.house_rules import HOUSE_RULES
from app.numbers import ZONE, to_dutch, to_dutch_date
from app.services.event_words import EventWords
from app.services.following import FREQUENCIES, own_path
from app.services.own_links import CONTRIBUTION, own_token
from data import retention
from data.changes.outbox import NewMail
from data.queries.answers_told import AnswerToTell
from data.queries.subscriptions import SubscriptionRecord

#: So many items in one message; the others are on the website.
MOST_ITEMS = 30
_WIDTH = 76


@dataclass(frozen=True)
class Place:
    """From which website a message comes: its address without a slash, and the secret key."""

    site: str
    secret_key: str

    def to(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.site}{path}"


def asking_to_confirm(place: Place, asked: SubscriptionRecord) -> NewMail:
    """The one message before somebody confirmed."""
    link = place.to(own_path(place.secret_key, asked.code))
    days = retention.SUBSCRIPTION_UNCONFIRMED.term_text
    body = _paragraphs(
        "Hallo,",
        f"U wilt nieuws over {asked.label}. {FREQUENCIES[asked.frequency]}.",
        "Klopt dat? Open dan deze pagina, en klik daar op ‘Ja, ik wil dit volgen’:",
        link,
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen. U krijgt geen e-mail meer van ons. "
        f"Na {days} is uw e-mailadres weg.",
        _signed(place),
    )
    return NewMail(f"confirm {asked.code}", asked.email, "Wilt u dit volgen?", body, {})


def news_for(
    place: Place, told: SubscriptionRecord, news: Sequence[EventWords], now: dt.datetime
) -> NewMail:
    """What changed, newest first, with a link for each and one to stop."""
    path = own_path(place.secret_key, told.code)
    shown = news[:MOST_ITEMS]
    more = len(news) - len(shown)
    rest = [f"Er is nog meer nieuws. Kijk op {place.to('/in-gesprek')}"] if more else []
    body = _paragraphs(
        "Hallo,",
        f"Dit is het nieuws over {told.label}.",
        *(_item(place, entry) for entry in shown),
        *rest,
        f"U krijgt dit omdat u {told.label} volgt. Minder vaak, of stoppen? Dat kan hier:",
        place.to(path),
        _signed(place),
    )
    count = len(shown) + more
    subject = _subject(news[0]) if count == 1 else f"{to_dutch(count)} berichten over uw buurt"
    headers = {
        "List-Unsubscribe": f"<{place.to(path)}/stop>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    key = f"news {told.code} {now.isoformat()}"
    return NewMail(key, told.email, _one_line(subject), body, headers)


def answer_for(place: Place, told: AnswerToTell) -> NewMail:
    """The answer to a contribution, or why it is not shown."""
    is_refused = told.moderation == "geweigerd"
    lines = _refusal(told) if is_refused else _answer(told)
    path = f"/reactie/{told.code}"
    if told.has_link:
        token = own_token(place.secret_key, CONTRIBUTION, told.code)
        path = f"/mijn-reactie/{told.code}/{token}"
    link = [place.to(path)] if told.has_link or not is_refused else []
    body = _paragraphs(
        "Hallo,",
        f"U stuurde een reactie bij ‘{told.track_title}’.",
        *lines,
        *(["Lees het hier terug:"] if link else []),
        *link,
        f"Wij bewaren uw e-mailadres nog {retention.CONTACT_TOLD.term_text}. Daarna is het weg.",
        _signed(place),
    )
    subject = "Uw reactie is niet geplaatst" if is_refused else "Antwoord op uw reactie"
    key = f"answer {told.code} {told.news_at.isoformat()}"
    return NewMail(key, told.email, subject, body, {})


def _answer(told: AnswerToTell) -> list[str]:
    found = answered(told.own_status, told.own_answer, told.theme_status, told.theme_answer)
    return [f"Wat wij ermee deden: {found.status.label.lower()}.", found.answer or ""]


def _refusal(told: AnswerToTell) -> list[str]:
    key = told.refusal_key or ""
    why = HOUSE_RULES[key].told if key in HOUSE_RULES else "De reactie past niet bij de huisregels."
    if told.appeal_outcome == "afgewezen":
        return ["Wij keken opnieuw. Wij plaatsen uw reactie niet.", why]
    again = ["Bent u het er niet mee eens? Dat kunt u laten weten op de pagina hieronder."]
    return ["Wij plaatsen uw reactie niet.", why, *(again if told.has_link else [])]


def _subject(entry: EventWords) -> str:
    """The title, and what it is about unless that is in it."""
    return entry.title if entry.about in entry.title else f"{entry.title} ({entry.about})"


def _item(place: Place, entry: EventWords) -> str:
    """One change: what, where and when, some words, and the page."""
    where = "" if entry.about in entry.title else f"{entry.about}, "
    when = f"{where}{to_dutch_date(entry.at.astimezone(ZONE).date())}"
    texts = [f"* {entry.title}", when, *entry.text.splitlines(), place.to(entry.path)]
    return "\n".join(_wrapped(line, "  ") for line in texts if line).replace("  *", "*", 1)


def _signed(place: Place) -> str:
    return f"Vlekkenplan\n{place.site}\n\nU kunt deze e-mail niet beantwoorden."


def _paragraphs(*parts: str) -> str:
    """Paragraphs with an empty line between them; no line but a link is wide."""
    return "\n\n".join(_lines(part) for part in parts if part) + "\n"


def _lines(part: str) -> str:
    is_made = part.startswith("* ") or part.startswith("Vlekkenplan\n")
    if is_made:
        return part
    return "\n".join(_wrapped(line) for line in part.splitlines())


def _wrapped(line: str, indent: str = "") -> str:
    return textwrap.fill(
        line,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:150]
