"""Reading the post in the folder, for a demo: what would have been sent, as people get it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

MOST_MESSAGES = 50


@dataclass(frozen=True)
class ReadMessage:
    """A message as it is read. ``lines`` are its text; ``stop_link`` what a mail program offers."""

    at: dt.datetime
    to: str
    subject: str
    lines: tuple[str, ...]
    stop_link: str | None


def newest_messages(folder: Path) -> list[ReadMessage]:
    """The messages in the folder, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:MOST_MESSAGES]]


def _read(file: Path) -> ReadMessage:
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    stop = str(message.get("List-Unsubscribe", "")).strip("<>") or None
    moment = message["Date"].datetime
    return ReadMessage(
        moment, str(message["To"]), str(message["Subject"]), tuple(text.splitlines()), stop
    )
