"""The roles of the database: what a connection can reach, whatever the code asks of it.

A page begins as ``VISITOR``, who reads what is public and nothing else. Work that needs more
takes on another role for one transaction, together with the gemeenten that it may touch. Row
level security then lets no other row through: a forgotten filter in Python can't leak.

| role      | reads                                           | writes                        |
|-----------|-------------------------------------------------|-------------------------------|
| VISITOR   | areas, figures, amenities, streets; public sites | nothing                      |
| COUNCIL   | also how many sites there are, internal ones too | nothing                      |
| WORKSPACE | also the sites of its gemeenten, and their history | those sites, its own drafts |
| DATA      | also which imports there were, and homes         | nothing                      |
| ACCOUNTS  | accounts and who is signed in, their history     | those                        |
| RESIDENT  | also what the own secret link opens              | what residents may bring in   |
| MODERATOR | also what residents wrote, without e-mail address | whether it becomes public    |
| CARETAKER | also where post must go, and what is past its term | the post, and it clears     |

Imports on the server itself run as the owner of the tables.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, event, text

Role = Literal[
    "vlekkenplan_visitor",
    "vlekkenplan_council",
    "vlekkenplan_workspace",
    "vlekkenplan_data",
    "vlekkenplan_accounts",
    "vlekkenplan_resident",
    "vlekkenplan_moderator",
    "vlekkenplan_caretaker",
]
VISITOR: Role = "vlekkenplan_visitor"
COUNCIL: Role = "vlekkenplan_council"
WORKSPACE: Role = "vlekkenplan_workspace"
DATA: Role = "vlekkenplan_data"
ACCOUNTS: Role = "vlekkenplan_accounts"
RESIDENT: Role = "vlekkenplan_resident"
MODERATOR: Role = "vlekkenplan_moderator"
CARETAKER: Role = "vlekkenplan_caretaker"
ROLES: tuple[Role, ...] = (
    VISITOR,
    COUNCIL,
    WORKSPACE,
    DATA,
    ACCOUNTS,
    RESIDENT,
    MODERATOR,
    CARETAKER,
)
#: The scope of work for all gemeenten.
WHOLE_REGION = "*"


@dataclass(frozen=True)
class Hands:
    """In whose name a transaction works, and how far it reaches.

    ``gemeenten`` are codes, or ``{WHOLE_REGION}``. ``reason`` is kept in the history beside
    every change of the transaction; ``actor`` tells by which way it came. ``token_sha256`` is the
    checksum of the secret link that somebody without an account came by.
    """

    role: Role
    gemeenten: frozenset[str] = frozenset()
    account_id: int | None = None
    reason: str | None = None
    actor: str = "website"
    token_sha256: str | None = None


def begin_as(engine: Engine, role: str) -> None:
    """Let every new connection of this engine begin as ``role``."""
    assert role in ROLES

    def become(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION ROLE {role}")
        connection.commit()

    event.listen(engine, "connect", become)


def work_as(connection: Connection, hands: Hands) -> None:
    """Take on the role, scope and name of ``hands`` until the transaction ends."""
    assert hands.role in ROLES
    connection.execute(text(f"SET LOCAL ROLE {hands.role}"))
    tell(connection, hands)


def tell(connection: Connection, hands: Hands) -> None:
    """Tell the database for whom and why this transaction works; its role stays as it is."""
    connection.execute(
        text(
            "SELECT set_config('vlekkenplan.scope', :scope, true), "
            "set_config('vlekkenplan.account_id', :account, true), "
            "set_config('vlekkenplan.actor', :actor, true), "
            "set_config('vlekkenplan.reason', :reason, true), "
            "set_config('vlekkenplan.token_sha256', :token_sha256, true)"
        ),
        {
            "scope": to_scope(hands.gemeenten),
            "account": "" if hands.account_id is None else str(hands.account_id),
            "actor": hands.actor,
            "reason": hands.reason or "",
            "token_sha256": hands.token_sha256 or "",
        },
    )


def to_scope(gemeenten: Collection[str]) -> str:
    """The gemeenten as the database knows them: codes with commas, or ``*``."""
    return WHOLE_REGION if WHOLE_REGION in gemeenten else ",".join(sorted(gemeenten))
