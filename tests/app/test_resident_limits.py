"""Who sends very much is slowed down; a hall that shares one address is not."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.services.attempts import TooManyAttempts
from app.services.resident_limits import MOST_IN_A_MINUTE, MOST_IN_AN_HOUR, count_sending
from data.database_roles import ACCOUNTS, RESIDENT, Hands, work_as

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
HALL = "192.0.2.7"


def send(engine: Engine, at: dt.datetime, address: str = HALL) -> None:
    with engine.begin() as connection:
        work_as(connection, Hands(RESIDENT))
        count_sending(connection, "reactie", "key", address, at)


def test_a_hall_may_send_together_and_a_program_has_to_wait(database: Engine) -> None:
    for second in range(MOST_IN_A_MINUTE):
        send(database, NOON + dt.timedelta(seconds=second / 2))
    with pytest.raises(TooManyAttempts) as refused:
        send(database, NOON + dt.timedelta(seconds=40))
    assert refused.value.wait_s == 20
    send(database, NOON + dt.timedelta(seconds=40), "192.0.2.8")
    send(database, NOON + dt.timedelta(seconds=61))


def test_who_goes_on_waits_until_the_hour_is_over(database: Engine) -> None:
    with database.begin() as connection:
        work_as(connection, Hands(RESIDENT))
        for number in range(MOST_IN_AN_HOUR):
            at = NOON + dt.timedelta(seconds=4 * number)
            count_sending(connection, "reactie", "key", HALL, at)
    with pytest.raises(TooManyAttempts) as refused:
        send(database, NOON + dt.timedelta(minutes=50))
    assert refused.value.wait_s == 600
    send(database, NOON + dt.timedelta(minutes=61))


def test_no_address_is_kept_and_nobody_else_counts(database: Engine) -> None:
    send(database, NOON)
    with database.begin() as connection:
        told = connection.scalars(text("SELECT attempt::text FROM attempt")).all()
        assert len(told) == 2
        assert HALL not in "".join(told)
        work_as(connection, Hands(ACCOUNTS))
        assert connection.scalar(text("SELECT count(*) FROM attempt")) == 0
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.execute(
                text("INSERT INTO attempt VALUES ('resident reactie uur', 'x', now(), 1, NULL)")
            )
