"""Sending a file that somebody once sent to us: it runs nothing and asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import Response
from flask import send_file as send

from data.sources.cells import to_plain

#: A file that someone sent never runs anything and asks nothing, even when opened on its own.
CLOSED_POLICY = "default-src 'none'; sandbox"
EXTENSIONS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
_LONGEST_NAME = 80


def send_stored(content: bytes, media_type: str, name: str) -> Response:
    """A picture to look at, anything else to keep."""
    answer = send(
        BytesIO(content),
        mimetype=media_type,
        as_attachment=not media_type.startswith("image/"),
        download_name=name,
        max_age=0,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = CLOSED_POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def file_name(title: str, media_type: str, otherwise: str) -> str:
    """A name that any computer takes, from the title."""
    words = to_plain(title).replace(" ", "-")[:_LONGEST_NAME] or otherwise
    extension = EXTENSIONS.get(media_type)
    return f"{words}.{extension}" if extension else words
