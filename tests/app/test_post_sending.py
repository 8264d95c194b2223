"""Sending by a real mail server on this machine: encrypted, tried again, given up, never told."""

from __future__ import annotations

import datetime as dt
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.config import Settings, SettingsError, settings_from_environment
from app.mail_settings import SmtpSettings
from app.services.post_sending import WAITS, Folder, Sent, Smtp, send_waiting
from data.changes.outbox import NewMail, add_mail
from tests.post import EMAIL, read, text_of
from tests.smtp_server import MailServer, mail_server, make_certificate

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
THREE_DAYS = dt.timedelta(days=3)
FROM = "Vlekkenplan <vlekkenplan@gemeente.example>"
PASSWORD = "goed@wachtwoord"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[MailServer]:
    with mail_server(certificate[0]) as running:
        yield running


@pytest.fixture
def outbox(engine: Engine) -> Iterator[Engine]:
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outgoing_mail"))


def wait_for(outbox: Engine, *keys: str, recipient: str = EMAIL) -> None:
    with outbox.begin() as connection:
        for key in keys:
            mail = NewMail(key, recipient, f"Bericht {key} é", ".\nRegel\n.\n", {"X-Test": key})
            add_mail(connection, mail, NOW, THREE_DAYS)


def waiting(outbox: Engine) -> list[tuple[str, int, str | None, dt.datetime]]:
    with outbox.begin() as connection:
        rows = connection.execute(
            text("SELECT key, try_count, fault, next_try_at FROM outgoing_mail ORDER BY id")
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def send(
    outbox: Engine,
    server: MailServer,
    trusting: ssl.SSLContext | None = None,
    now: dt.datetime = NOW,
    host: str = "127.0.0.1",
    user: str | None = None,
    password: str = PASSWORD,
) -> Sent:
    given = SmtpSettings(host, server.port, False, user, password)
    carrier = Smtp(given, trusting) if trusting else Smtp(given)
    settings = Settings(Path("/nowhere"), secret_key="test", mail_from=FROM)
    try:
        return send_waiting(outbox, settings, carrier, now)
    finally:
        carrier.close()


def test_what_waits_is_sent_encrypted_over_one_connection_and_forgotten(
    outbox: Engine, server: MailServer, certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server.asks_password = True
    wait_for(outbox, "a", "b")
    assert send(outbox, server, certificate[1], user="post") == Sent(2, 0, 0)
    assert waiting(outbox) == []
    first, second = server.received
    assert (first.sender, first.recipients) == ("vlekkenplan@gemeente.example", [EMAIL])
    assert (first.is_encrypted, first.user, server.connection_count) == (True, "post", 1)
    assert set(server.names) == {"localhost"}
    message = read(first.content)
    assert (message["Subject"], message["From"], message["X-Test"]) == ("Bericht a é", FROM, "a")
    assert text_of(message).splitlines() == [".", "Regel", "."]
    assert message["Date"].datetime == NOW
    identities = {read(entry.content)["Message-ID"] for entry in (first, second)}
    assert len(identities) == 2
    assert all(name.endswith("@gemeente.example>") for name in identities)


def test_who_can_not_prove_who_it_is_gets_nothing(outbox: Engine, server: MailServer) -> None:
    wait_for(outbox, "a", "b")
    assert send(outbox, server) == Sent(0, 1, 0)
    assert server.received == []
    key, try_count, fault, next_try_at = waiting(outbox)[0]
    assert (key, try_count, fault) == ("a", 1, "SSLCertVerificationError")
    assert next_try_at == NOW + WAITS[0]
    # The server is away for all: the other waits for the next round, untried.
    assert waiting(outbox)[1][:3] == ("b", 0, None)


def test_only_this_machine_may_do_without_encryption(outbox: Engine) -> None:
    with mail_server() as plain:
        wait_for(outbox, "a")
        assert send(outbox, plain) == Sent(1, 0, 0)
        wait_for(outbox, "b")
        # The same server by a name that could be anywhere.
        carrier = Smtp(SmtpSettings("mail.gemeente.example", plain.port, False))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "socket.create_connection",
                lambda _address, *rest, **more: _connect(("127.0.0.1", plain.port)),
            )
            settings = Settings(Path("/nowhere"), secret_key="test", mail_from=FROM)
            assert send_waiting(outbox, settings, carrier, NOW) == Sent(0, 1, 0)
        assert len(plain.received) == 1
        assert waiting(outbox)[0][2] == "SMTPNotSupportedError"


def _connect(address: tuple[str, int]) -> object:
    import socket

    connection = socket.socket()
    connection.connect(address)
    return connection


def test_a_wrong_password_is_a_fault_without_words(
    outbox: Engine,
    server: MailServer,
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.asks_password = True
    wait_for(outbox, "a")
    assert send(outbox, server, certificate[1], user="post", password="fout") == Sent(0, 1, 0)
    assert waiting(outbox)[0][2] == "SMTPAuthenticationError 535"
    assert "fout" not in caplog.text


def test_what_the_server_puts_off_is_tried_after_growing_waits_and_given_up_in_three_days(
    outbox: Engine,
    server: MailServer,
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answers["RCPT"] = f"451 later for {EMAIL}"
    wait_for(outbox, "a")
    now, waits = NOW, []
    with caplog.at_level(logging.INFO):
        while waiting(outbox):
            send(outbox, server, certificate[1], now)
            assert send(outbox, server, certificate[1], now + dt.timedelta(seconds=1)) == Sent()
            if left := waiting(outbox):
                assert left[0][2] == "SMTPRecipientsRefused 451"
                waits.append(left[0][3] - now)
                now = left[0][3]
    assert tuple(waits[: len(WAITS)]) == WAITS
    assert set(waits[len(WAITS) :]) == {WAITS[-1]}
    assert THREE_DAYS - WAITS[-1] <= now - NOW < THREE_DAYS
    assert "given up: SMTPRecipientsRefused 451" in caplog.text
    assert EMAIL not in caplog.text
    assert server.received == []


def test_one_address_that_does_not_exist_holds_up_nobody(
    outbox: Engine,
    server: MailServer,
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answers["RCPT"] = f"550 no {EMAIL} here"
    wait_for(outbox, "a")
    assert send(outbox, server, certificate[1]) == Sent(0, 0, 1)
    assert EMAIL not in caplog.text
    server.answers["RCPT"] = "450 busy"
    wait_for(outbox, "b")
    assert send(outbox, server, certificate[1]) == Sent(0, 1, 0)
    del server.answers["RCPT"]
    wait_for(outbox, "c")
    assert send(outbox, server, certificate[1]) == Sent(1, 0, 0)


@pytest.mark.parametrize(
    "recipient",
    [
        "a@[x.example",
        "=?utf-8?q?=0d=0aBcc:b?=@x.example",
        "a@x.example,b@x.example",
        "g:a@x.example;",
    ],
)
def test_what_is_no_single_address_is_given_up_and_holds_up_nobody(
    outbox: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, recipient: str
) -> None:
    wait_for(outbox, "a", recipient=recipient)
    wait_for(outbox, "b")
    settings = Settings(tmp_path, secret_key="test", mail_from=FROM)
    assert send_waiting(outbox, settings, Folder(tmp_path / "post"), NOW) == Sent(1, 0, 1)
    assert waiting(outbox) == []
    assert "given up" in caplog.text
    assert recipient not in caplog.text


def test_the_same_message_waits_once(outbox: Engine) -> None:
    wait_for(outbox, "a", "a")
    assert len(waiting(outbox)) == 1


def test_a_message_in_the_folder_comes_once_when_it_is_written_twice(
    outbox: Engine, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, secret_key="test", mail_from=FROM)
    for _ in range(2):
        wait_for(outbox, "a")
        assert send_waiting(outbox, settings, Folder(tmp_path / "post"), NOW) == Sent(1, 0, 0)
    assert len(list((tmp_path / "post").iterdir())) == 1


BASE = {"VLEKKENPLAN_PUBLIC_URL": "https://vlekkenplan.gemeente.example"}


def read_settings(home: Path, **environ: str) -> Settings:
    return settings_from_environment({"VLEKKENPLAN_HOME": str(home), **BASE, **environ})


def test_the_settings_of_a_mail_server_are_read(tmp_path: Path) -> None:
    found = read_settings(
        tmp_path,
        VLEKKENPLAN_SMTP="smtp://post:goed%40wachtwoord@mail.gemeente.example",
        VLEKKENPLAN_MAIL_FROM=FROM,
    )
    assert found.smtp == SmtpSettings("mail.gemeente.example", 587, False, "post", PASSWORD)
    assert PASSWORD not in repr(found)
    found = read_settings(
        tmp_path, VLEKKENPLAN_SMTP="smtps://mail.gemeente.example", VLEKKENPLAN_MAIL_FROM=FROM
    )
    assert found.smtp == SmtpSettings("mail.gemeente.example", 465, True)
    assert read_settings(tmp_path).smtp is None


@pytest.mark.parametrize(
    ("smtp", "sender"),
    [
        ("http://mail.gemeente.example", FROM),
        ("smtp://", FROM),
        ("smtp://geheim@mail.gemeente.example", FROM),
        ("smtp://post:geheim@mail.gemeente.example:99999", FROM),
        ("smtp://post:geheim/x@mail.gemeente.example", FROM),
        ("smtp://post:geheim@mail.gemeente.example?x=1", FROM),
        ("smtp://mail.gemeente.example", ""),
        ("smtp://mail.gemeente.example", "geen adres"),
        ("smtp://mail.gemeente.example", "A <a@b.example>\nBcc: c@d.example"),
    ],
)
def test_settings_that_can_not_be_used_are_refused_and_no_password_is_told(
    tmp_path: Path, smtp: str, sender: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(tmp_path, VLEKKENPLAN_SMTP=smtp, VLEKKENPLAN_MAIL_FROM=sender)
    assert "VLEKKENPLAN_" in str(refused.value)
    assert "geheim" not in str(refused.value)
