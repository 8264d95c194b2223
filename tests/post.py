"""The post in tests: rounds at a chosen moment, and what came in the folder."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from app.config import Settings
from app.services.post_round import Round, run_round

SITE = "https://vlekkenplan.gemeente.example"
EMAIL = "buur@straat.example"


@dataclass(frozen=True)
class Post:
    """The post of an app whose messages go to the folder of its home."""

    engine: Engine
    settings: Settings

    @property
    def folder(self) -> Path:
        return self.settings.home / "post"

    def round(self, now: dt.datetime) -> Round:
        return run_round(self.engine, self.settings, SITE, now)

    def messages(self) -> list[EmailMessage]:
        """What is in the folder, in the order in which it came."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [read(file.read_bytes()) for file in files]

    def empty(self) -> None:
        for file in self.folder.glob("*.eml"):
            file.unlink()


def post_of(app: Flask) -> Post:
    """The post of this app, as its own connections reach it."""
    return Post(app.extensions["vlekkenplan_engine"], app.config["SETTINGS"])


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def own_link(message: EmailMessage) -> str:
    """The path of the subscription's own page."""
    found = re.search(rf"{re.escape(SITE)}(/volgen/\w+/\w+)\s", text_of(message))
    assert found, text_of(message)
    return found[1]
