"""The parts of JPEG and JPEG 2000: walking through them, and leaving out what is no picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

JPEG_START = b"\xff\xd8"
JPEG_END, SCAN, _ADOBE, _COMMENT = 0xD9, 0xDA, 0xEE, 0xFE
_APPLICATION = range(0xE0, 0xF0)
#: In the data of a scan only a zero or a restart follows 0xFF.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_JPX_START = b"\x00\x00\x00\x0cjP  "
_JPX_METADATA = {b"xml ", b"uuid", b"uinf", b"jp2i"}


@dataclass(frozen=True)
class Part:
    """One part of a JPEG: its marker, and where it stands. A scan has its data with it."""

    marker: int
    start: int
    end: int


def jpeg_parts(content: bytes) -> Iterator[Part]:
    """The parts after the first marker, up to and with the end of the picture."""
    at = len(JPEG_START)
    while found := _MARKER.search(content, at):
        marker, start = found[1][0], found.start()
        if marker == JPEG_END:
            yield Part(marker, start, found.end())
            return
        at = found.end() + int.from_bytes(content[found.end() : found.end() + 2], "big")
        if marker == SCAN:
            following = _MARKER.search(content, at)
            at = following.start() if following else len(content)
        yield Part(marker, start, min(at, len(content)))


def plain_jpeg(content: bytes) -> bytes:
    """The same picture without camera data, comments, profiles and what hangs behind it."""
    kept = [
        content[part.start : part.end]
        for part in jpeg_parts(content)
        if part.marker == _ADOBE or part.marker not in (*_APPLICATION, _COMMENT)
    ]
    return b"".join([JPEG_START, *kept])


def plain_jpx(content: bytes) -> bytes:
    """The same JPEG 2000 without its boxes of texts and of programs."""
    if not content.startswith(_JPX_START):
        return content
    kept, at = [], 0
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        end = at + length if length >= 8 else len(content)
        if kind not in _JPX_METADATA:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
