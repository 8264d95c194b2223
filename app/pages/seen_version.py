"""The version of a site that a form was opened at, signed, as the form carries it along."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.services.site_form import SITE_FIELDS
from app.services.site_merge import Seen


def write_seen(site_id: int, seen: Seen) -> str:
    """For the hidden field of the form."""
    return _signer().dumps([site_id, seen.version, dict(seen.texts), list(seen.to_choose)])


def read_seen(text: str, site_id: int) -> Seen | None:
    """What the hidden field says; None when it is not ours or of another site."""
    try:
        of_site, version, texts, to_choose = _signer().loads(text)
    except (BadData, ValueError, TypeError):
        return None
    if of_site != site_id or set(texts) != set(SITE_FIELDS.keys):
        return None
    return Seen(version, texts, tuple(to_choose))


def _signer() -> URLSafeSerializer:
    key = current_app.secret_key
    assert key is not None
    return URLSafeSerializer(key, salt="vlekkenplan seen version")
