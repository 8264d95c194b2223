"""The second step: a code of six digits from a telephone (TOTP), or a recovery code from paper."""

from __future__ import annotations

import datetime as dt
import hmac
import re
import secrets

import pyotp
import segno
from sqlalchemy import Connection

from app.services.derived_keys import UnreadableSecret, decrypt, encrypt
from app.services.sessions import to_checksum
from data.changes.credentials import (
    replace_recovery_codes,
    set_second_step,
    use_recovery_code,
    use_step,
)
from data.queries.credentials import credentials

ISSUER = "Vlekkenplan"
STEP_S = 30
#: So many half minutes the clock of a telephone may be off.
_WINDOW = 1
RECOVERY_CODE_COUNT = 10
_CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_CODE_LENGTH = 16
#: Between seeing the secret and typing the first code.
_PROPOSAL_LASTS_S = 30 * 60
_PURPOSE = "second step"
_PROPOSAL = "second step proposal"


def propose(secret_key: str, account_id: int) -> str:
    """A new secret, encrypted, for this account alone: it counts once a code of it was typed."""
    return encrypt(secret_key, _PROPOSAL, f"{account_id} {pyotp.random_base32()}")


def secret_of(secret_key: str, account_id: int, proposal: str) -> str:
    """The secret to show. UnreadableSecret when it is too old or of another account."""
    owner, _, secret = decrypt(secret_key, _PROPOSAL, proposal, _PROPOSAL_LASTS_S).partition(" ")
    if owner != str(account_id):
        raise UnreadableSecret
    return secret


def to_address(secret: str, email: str) -> str:
    """What the code for a camera holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def to_svg(address: str) -> str:
    """The code for a camera as a drawing, without styles of its own."""
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="vp-qr",
        lineclass=None,
    )


def turn_on(
    connection: Connection,
    secret_key: str,
    account_id: int,
    secret: str,
    code: str,
    now: dt.datetime,
) -> list[str] | None:
    """Let this secret count, when the code is of it, and give the recovery codes."""
    step = _step_of(secret, code, now)
    if step is None:
        return None
    kept = encrypt(secret_key, _PURPOSE, secret)
    set_second_step(connection, account_id, kept, step, now)
    return renew_recovery_codes(connection, account_id)


def turn_off(connection: Connection, account_id: int, now: dt.datetime) -> None:
    """Ask no second step any more."""
    set_second_step(connection, account_id, None, None, now)
    replace_recovery_codes(connection, account_id, ())


def renew_recovery_codes(connection: Connection, account_id: int) -> list[str]:
    """Ten new codes, of which only checksums are kept; those of before are worth nothing."""
    codes = [_new_code() for _ in range(RECOVERY_CODE_COUNT)]
    replace_recovery_codes(connection, account_id, [_code_checksum(code) for code in codes])
    return codes


def passes(
    connection: Connection, secret_key: str, account_id: int, code: str, now: dt.datetime
) -> bool:
    """Whether this code lets the account in. It is used up by that."""
    kept = credentials(connection, account_id).totp_secret
    if kept is None:
        return False
    if len(_signs(code)) == _CODE_LENGTH:
        return use_recovery_code(connection, account_id, _code_checksum(code), now)
    step = _step_of(decrypt(secret_key, _PURPOSE, kept), code, now)
    return step is not None and use_step(connection, account_id, step)


def _step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The half minute of which this is the code."""
    typed = re.sub(r"\s", "", code)
    totp = pyotp.TOTP(secret, interval=STEP_S)
    this = int(now.timestamp()) // STEP_S
    for step in range(this - _WINDOW, this + _WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode(errors="replace")):
            return step
    return None


def _new_code() -> str:
    signs = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
    return "-".join(signs[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _signs(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


def _code_checksum(code: str) -> str:
    """What is kept of a recovery code. It has 79 random bits, so no salt is needed."""
    return to_checksum(_signs(code))
