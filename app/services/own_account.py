"""What people do with their own account. What weakens it asks the password once more."""

from __future__ import annotations

from app.auth.person import Person
from app.services import passwords, second_step
from app.services.sessions import to_checksum
from app.services.sign_in import Sender, Transaction, judge
from data.changes.accounts import remove_sessions_of
from data.changes.credentials import remove_links_of, set_password


class WrongPassword(Exception):
    """The password that was asked once more is not right."""


class WrongCode(Exception):
    """The code is not of the secret that was shown."""


def change_password(
    transaction: Transaction, sender: Sender, person: Person, current: str, new: str, token: str
) -> None:
    """Take another password, and end every session but the one of ``token``."""
    account_id = _confirmed(transaction, sender, person, current)
    made = passwords.to_hash(new)
    with transaction() as opened:
        set_password(opened, account_id, made, sender.now)
        remove_links_of(opened, account_id)
        remove_sessions_of(opened, account_id, but_not=to_checksum(token))


def turn_on_second_step(
    transaction: Transaction,
    sender: Sender,
    person: Person,
    password: str,
    secret: str,
    code: str,
    token: str,
) -> list[str]:
    """Ask a second step from now on, and give the recovery codes. Other sessions end."""
    account_id = _confirmed(transaction, sender, person, password)
    with transaction() as opened:
        codes = second_step.turn_on(opened, sender.secret_key, account_id, secret, code, sender.now)
        if codes is None:
            raise WrongCode
        remove_sessions_of(opened, account_id, but_not=to_checksum(token))
        return codes


def turn_off_second_step(
    transaction: Transaction, sender: Sender, person: Person, password: str
) -> None:
    """Ask no second step any more."""
    account_id = _confirmed(transaction, sender, person, password)
    with transaction() as opened:
        second_step.turn_off(opened, account_id, sender.now)


def new_recovery_codes(
    transaction: Transaction, sender: Sender, person: Person, password: str
) -> list[str]:
    """Ten codes in the place of those of before."""
    account_id = _confirmed(transaction, sender, person, password)
    with transaction() as opened:
        return second_step.renew_recovery_codes(opened, account_id)


def _confirmed(transaction: Transaction, sender: Sender, person: Person, password: str) -> int:
    account_id = judge(transaction, sender, person.email, password)
    if account_id is None or account_id != person.account_id:
        raise WrongPassword
    return account_id
