"""Cleaning a file that someone sends, in a process of its own with little memory and time.

Whatever a decoder does over a hostile file, the website goes on: the process is stopped, and
the file refused. ``python -m app.services.cleaning`` reads a file and writes it clean.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable

from app.config import PROGRAM_FOLDER
from app.services.clean_files import BROKEN, CleanFile, UploadRefused

log = logging.getLogger("vlekkenplan")

MOST_MEMORY_BYTES = 1024**3
MOST_SECONDS = 30
_REFUSED = 3
#: One at a time: two large photos together take twice the memory.
_turn = threading.Lock()
#: A PDF may begin somewhat later.
_PDF_WITHIN = 1024
_USE_PDF = "Wij bewaren alleen foto's (JPEG, PNG, WebP) en PDF's. Bewaar het als PDF."
_USE_JPEG = "Wij kunnen dit soort beeld niet bewaren. Bewaar het als JPEG of PNG."
_PICTURE_ADVICE: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (
        lambda content: content[4:8] == b"ftyp" and content[8:11] in (b"hei", b"mif", b"hev"),
        "Dit is een HEIC-foto, zoals een iPhone die maakt. Bewaar de foto als JPEG.",
    ),
    (lambda content: content[4:8] == b"ftyp", "Wij bewaren geen film of geluid."),
    (lambda content: content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*")), _USE_JPEG),
    (lambda content: b"<svg" in content[:_PDF_WITHIN], _USE_JPEG),
)
_ADVICE = (
    *_PICTURE_ADVICE,
    (
        lambda content: content.startswith((b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))),
        "Wij bewaren geen Word-, Excel- of ZIP-bestanden. Bewaar het als PDF.",
    ),
)


def is_picture(content: bytes) -> bool:
    """It begins as a photo of a kind that is kept."""
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


def picture_advice(content: bytes) -> str | None:
    """What to do with a picture, film or sound that is not kept; None for any other file."""
    return next((words for is_so, words in _PICTURE_ADVICE if is_so(content)), None)


def clean(content: bytes) -> CleanFile:
    """The file made anew, by what it holds and not by its name. Raises UploadRefused."""
    if is_picture(content):
        from app.services.clean_images import clean_image

        return clean_image(content)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        from app.services.clean_documents import clean_document

        return clean_document(content)
    if not content:
        raise UploadRefused("Dit bestand is leeg.")
    raise UploadRefused(next((words for is_so, words in _ADVICE if is_so(content)), _USE_PDF))


def clean_apart(content: bytes) -> CleanFile:
    """``clean`` in a process that may use little memory and time. Raises UploadRefused."""
    try:
        with _turn:
            done = subprocess.run(
                [sys.executable, "-m", __name__],
                input=content,
                capture_output=True,
                check=False,
                timeout=2 * MOST_SECONDS,
                cwd=PROGRAM_FOLDER,
                env={key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ},
            )
    except subprocess.TimeoutExpired as error:
        raise UploadRefused(BROKEN) from error
    if done.returncode not in (0, _REFUSED):
        log.warning("cleaning a file ended with %s", done.returncode)
        raise UploadRefused(BROKEN)
    head, _, cleaned = done.stdout.partition(b"\n")
    told = json.loads(head)
    if done.returncode == _REFUSED:
        raise UploadRefused(told["message"])
    return CleanFile(cleaned, told["media_type"], tuple(told["removed"]))


def main() -> int:
    """Read a file, write a line that tells of it and then the clean file."""
    _limit()
    try:
        made = clean(sys.stdin.buffer.read())
    except UploadRefused as error:
        sys.stdout.buffer.write(json.dumps({"message": str(error)}).encode())
        return _REFUSED
    told = {"media_type": made.media_type, "removed": made.removed}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made.content)
    return 0


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
