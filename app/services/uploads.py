"""Adding a photo or document to a site: checked, cleaned, and told in words."""

from __future__ import annotations

from pathlib import PurePath

from sqlalchemy import Connection

from app.services.clean_files import CleanFile, UploadRefused
from app.services.cleaning import clean_apart
from app.services.imports import secret_words
from data.changes.documents import add_document

LARGEST_BYTES = 10 * 1024 * 1024
SECRET = (
    "Hier gaat het om vrouwenopvang. Die adressen zijn geheim en bewaren wij niet. Kies een "
    "andere titel, en kijk ook in het bestand."
)
SECRET_NAME = (
    "De naam van dit bestand gaat over vrouwenopvang. Die adressen zijn geheim en bewaren wij "
    "niet. Er is niets opgeslagen."
)


def clean_upload(name: str, content: bytes) -> CleanFile:
    """The file that someone sent, made anew. Raises UploadRefused with what to do.

    Needs no database, so that no transaction waits for it.
    """
    if len(content) > LARGEST_BYTES:
        raise UploadRefused(
            f"Dit bestand is te groot: {len(content) / 1024**2:.0f} MB. Hoogstens "
            f"{LARGEST_BYTES // 1024**2} MB mag. Maak het kleiner en probeer nog eens."
        )
    if secret_words().are_in(PurePath(name).stem):
        raise UploadRefused(SECRET_NAME)
    return clean_apart(content)


def keep_upload(
    connection: Connection, site_id: int, title: str, file: CleanFile, account_id: int | None
) -> str:
    """Keep a clean file with a site; what was taken off it, in a sentence."""
    add_document(connection, site_id, title, file.media_type, file.content, account_id)
    return what_was_removed(file)


def what_was_removed(file: CleanFile) -> str:
    """In a sentence what the file held beside what one sees."""
    what = "foto" if file.media_type.startswith("image/") else "PDF"
    if not file.removed:
        return f"In de {what} zaten geen verborgen gegevens."
    *others, last = file.removed
    listed = f"{', '.join(others)} en {last}" if others else last
    return f"Wij haalden dit uit de {what}: {listed}."
