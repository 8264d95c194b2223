"""What comes out of cleaning a file, and the refusal of a file that can't be cleaned."""

from __future__ import annotations

from dataclasses import dataclass

BROKEN = (
    "Dit bestand is beschadigd of niet helemaal opgestuurd. Bewaar het opnieuw en probeer nog eens."
)


class UploadRefused(Exception):
    """A file is not kept; the message says why and what to do."""


@dataclass(frozen=True)
class CleanFile:
    """A file made anew, and in words what was left out of it: "de plek (GPS)"."""

    content: bytes
    media_type: str
    removed: tuple[str, ...]
