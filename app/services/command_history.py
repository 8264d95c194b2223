"""What the history says of work by a command on the server."""

from __future__ import annotations

from sqlalchemy import Connection

from data.database_roles import VISITOR, Hands, tell

#: By which way the change came.
BY_COMMAND = "opdracht"


def tell_command(connection: Connection, title: str, file_name: str = "") -> None:
    """Let the history of this transaction say that a command did it: which source and file."""
    readable = "".join(sign for sign in file_name if sign.isprintable())
    reason = f"{title}, uit {readable}" if readable else title
    tell(connection, Hands(VISITOR, actor=BY_COMMAND, reason=reason))
