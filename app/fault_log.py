"""What the log tells: faults, refusals and who signed in, and nothing of what was typed.

A message of an error may repeat a name or an address, the path of a request may hold the token of
a sign-in link, and a query string holds what someone looked for. So a page is named by its rule,
an error by its kind and the lines of code that it passed, a person by the number of the account.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from typing import Any

from flask import has_request_context, request
from gunicorn import glogging

log = logging.getLogger("vlekkenplan")
#: Who began a session, and by which way: told also when all is well.
sign_in_log = logging.getLogger("vlekkenplan.sign_in")
_WITH_TIME = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"


def note_fault(error: BaseException) -> None:
    """Write down a fault of ours."""
    log.error("%s: %s", _page(), to_text(error))


def note_refusal(status: int, account_id: int | None) -> None:
    """Write down that someone was kept from something."""
    who = "a visitor" if account_id is None else f"account {account_id}"
    log.warning("%s: refused to %s (%d)", _page(), who, status)


def note_sign_in(account_id: int, way: str, *, is_complete: bool) -> None:
    """Write down that someone signed in, or is halfway."""
    step = "signed in" if is_complete else "passed the first step"
    sign_in_log.info("account %d %s (%s)", account_id, step, way)


def to_text(error: BaseException) -> str:
    """The kind of the error and of what caused it, with the lines of code; never its message."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = f"{type(current).__module__}.{type(current).__qualname__}"
        parts.append("".join([f"{kind}\n", *traceback.format_tb(current.__traceback__)]))
        current = current.__cause__ or current.__context__
    return "caused by ".join(parts).rstrip()


def write_with_time() -> None:
    """Write every line of the log with its moment, in UTC."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter(_WITH_TIME, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    sign_in_log.setLevel(logging.INFO)


def _page() -> str:
    rule = request.url_rule if has_request_context() else None
    return f"{request.method} {rule.rule}" if rule is not None else "no page"


class ServerLog(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """The log of gunicorn, without the address of who asks and without what was asked."""

    def access(self, *_: Any) -> None:
        """Keep no list of requests."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out who sent a request that can't be read, and what was wrong in it."""
        if msg.startswith("Invalid request"):
            msg, args = "A request could not be read.", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *_: Any, **__: Any) -> None:
        """Tell where it went wrong; the words after ``msg`` would be the address asked for."""
        error = sys.exception()
        where = to_text(error) if error else ""
        self.error_log.error("%s: %s", msg.partition("%")[0].strip(), where)
