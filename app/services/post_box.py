"""The post in the background of the website: a round each minute, and when somebody calls.

Who changed something that should be told soon calls ``wake`` after the commit. What must be told
is found in the database; a call that gets lost only makes it a minute later.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from sqlalchemy import Engine

from app.config import Settings
from app.fault_log import to_text
from app.services import current
from app.services.post_round import run_round

log = logging.getLogger("vlekkenplan.post")
EVERY_S = 60.0
_called = Event()


def wake() -> None:
    """Have a round made soon; call it after a commit that should be told."""
    _called.set()


def start_post(engine: Engine, settings: Settings, site: str) -> Thread:
    """Make rounds in the background; the thread never keeps the program from ending."""
    thread = Thread(target=_work, args=(engine, settings, site), name="post", daemon=True)
    thread.start()
    return thread


def make_round(engine: Engine, settings: Settings, site: str) -> bool:
    """One round; False when it failed. A fault is written down without its words."""
    try:
        run_round(engine, settings, site, current.now())
    except Exception as error:
        log.error("a round of the post failed: %s", to_text(error))
        return False
    return True


def next_round(engine: Engine, settings: Settings, site: str) -> bool:
    """Wait until somebody calls or a minute is over, and make a round."""
    _called.wait(EVERY_S)
    _called.clear()
    return make_round(engine, settings, site)


def _work(engine: Engine, settings: Settings, site: str) -> None:
    while True:
        next_round(engine, settings, site)
