"""Following a place, an area or a conversation: asking for it, confirming it, and stopping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.mail_settings import ADDRESS
from app.numbers import to_dutch
from app.services.attempts import DAY, Limit, TooManyAttempts, count_attempt
from app.services.derived_keys import to_pseudonym
from app.services.own_links import SUBSCRIPTION, new_code, own_token, own_token_sha256
from data.changes.attempts import AttemptRecord
from data.changes.subscriptions import add_subscription
from data.database_roles import RESIDENT, Hands
from data.errors import NotFound
from data.queries.areas import area
from data.queries.events import Reach
from data.queries.releases import area_release
from data.queries.tracks import public_track

#: The distances that can be chosen, in metres.
RADII_M = (300, 750, 1500, 3000)
FREQUENCIES: Mapping[str, str] = {
    "meteen": "Meteen bij elk nieuws",
    "dag": "Hoogstens één keer per dag",
    "week": "Hoogstens één keer per week, op maandag",
}
LONGEST_EMAIL = 254
#: So often somebody may be asked to confirm in a day, whoever fills in the address.
MOST_ASKED = 5


@dataclass(frozen=True)
class Followed:
    """What is to be followed, and how it is called in a sentence."""

    reach: Reach
    label: str


def is_email(text: str) -> bool:
    """Whether this can be an e-mail address; whether it exists shows when it is confirmed."""
    return len(text) <= LONGEST_EMAIL and ADDRESS.fullmatch(text) is not None


def follow_place(label: str, x_m: int, y_m: int, radius_m: int) -> Followed:
    """Everything within a distance from a place."""
    assert radius_m in RADII_M
    reach = Reach(x_m=x_m, y_m=y_m, radius_m=radius_m)
    return Followed(reach, f"alles binnen {to_dutch(radius_m)} meter van {label}")


def follow_area(connection: Connection, area_code: str) -> Followed:
    """Everything in a gemeente or wijk. Raises NotFound."""
    found = area(connection, area_release(connection).id, area_code)
    if found.level == "buurt":
        raise NotFound("Kies een gemeente of een wijk.")
    kind = "de gemeente" if found.level == "gemeente" else "de wijk"
    return Followed(Reach(area_code=found.area_code), f"alles in {kind} {found.name}")


def follow_track(connection: Connection, code: str) -> Followed:
    """Everything in a conversation. Raises NotFound."""
    track = public_track(connection, code)
    return Followed(Reach(track_id=track.id), f"het gesprek ‘{track.title}’")


@dataclass(frozen=True)
class NewLink:
    """The code and the secret part of the link of something new."""

    code: str
    hands: Hands


def new_link(secret_key: str) -> NewLink:
    """A link for a new subscription, and the reach of who has it."""
    code = new_code()
    token_sha256 = own_token_sha256(secret_key, SUBSCRIPTION, code)
    return NewLink(code, Hands(RESIDENT, token_sha256=token_sha256))


def ask(
    connection: Connection,
    link: NewLink,
    email: str,
    followed: Followed,
    frequency: str,
    now: dt.datetime,
) -> None:
    """Keep what somebody wants to follow, until it is confirmed. Needs the hands of ``link``."""
    assert frequency in FREQUENCIES
    assert link.hands.token_sha256 is not None
    add_subscription(
        connection,
        link.code,
        link.hands.token_sha256,
        email,
        followed.label,
        followed.reach,
        frequency,
        now,
    )


def may_ask(connection: Connection, secret_key: str, email: str, now: dt.datetime) -> bool:
    """Count that this address is asked to confirm; False when that was often enough today.

    The page tells nobody: it would tell that others filled in the same address.
    """
    key = to_pseudonym(secret_key, "following by address", email.strip().lower())
    try:
        count_attempt(connection, _OF_ADDRESS, key, now)
    except TooManyAttempts:
        return False
    return True


def own_path(secret_key: str, code: str) -> str:
    """The page of a subscription, for who has the secret link."""
    return f"/volgen/{code}/{own_token(secret_key, SUBSCRIPTION, code)}"


def _until_tomorrow(record: AttemptRecord, _now: dt.datetime) -> dt.datetime | None:
    return None if record.attempt_count < MOST_ASKED else record.window_start + DAY


_OF_ADDRESS = Limit("resident volgen adres", DAY, _until_tomorrow)
