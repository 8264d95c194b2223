"""Photos made anew: the picture alone, upright, without what the camera wrote beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, ImageOps

from app.services.clean_files import BROKEN, CleanFile, UploadRefused
from app.services.picture_parts import JPEG_END, SCAN, jpeg_parts

MOST_PIXELS = 40_000_000
LONGEST_SIDE_PX = 2400
#: A progressive JPEG has about ten; thousands keep a computer busy for minutes.
MOST_SCANS = 100
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SAVED: Mapping[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85},
}
_DATES = {ExifTags.Base.DateTime, ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized}
_MAKERS = {ExifTags.Base.Artist, ExifTags.Base.Copyright, ExifTags.Base.CameraOwnerName}
_DEVICES = {ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.BodySerialNumber}
_TEXTS = {ExifTags.Base.ImageDescription, ExifTags.Base.UserComment, ExifTags.Base.XPComment}
_OF_THE_PICTURE = {
    "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "gamma", "srgb", "transparency",
    "background", "adobe", "adobe_transform", "progressive", "progression", "interlace", "aspect",
    "exif", "icc_profile", "loop", "timestamp", "duration", "default_image", "mp", "mpoffset",
}  # fmt: skip


@dataclass(frozen=True)
class _Exif:
    tags: frozenset[int]
    has_place: bool
    has_thumbnail: bool


def clean_image(content: bytes) -> CleanFile:
    """The picture of a JPEG, PNG or WebP, encoded anew. Raises UploadRefused."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES)) as opened:
            form = opened.format or ""
            _check_size(opened, content, form)
            removed = tuple(dict.fromkeys(_found_beside(opened, content, form)))
            picture = _redrawn(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UploadRefused:
        raise
    except Exception as error:  # a decoder may raise anything over a broken file
        raise UploadRefused(BROKEN) from error
    saved = io.BytesIO()
    picture.save(saved, form, **_SAVED[form])
    return CleanFile(saved.getvalue(), MEDIA_TYPES[form], removed)


def _check_size(opened: Image.Image, content: bytes, form: str) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()
    if form == "JPEG":
        scans = sum(part.marker == SCAN for part in jpeg_parts(content))
        if scans > MOST_SCANS:
            raise UploadRefused(BROKEN)


def _too_many_pixels() -> UploadRefused:
    return UploadRefused(
        f"Deze foto is te groot: meer dan {MOST_PIXELS // 1_000_000} miljoen beeldpunten. Maak "
        "de foto kleiner en probeer nog eens."
    )


def _redrawn(opened: Image.Image) -> Image.Image:
    """The picture on a new sheet: upright, not too large, with nothing else with it."""
    opened.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(opened)
    if upright.mode.startswith("I"):
        upright = upright.point(lambda depth: depth * (1 / 256) + 0).convert("L")
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    sheet = Image.new(mode, upright.size)
    sheet.paste(upright.convert(mode))
    return sheet


def _found_beside(opened: Image.Image, content: bytes, form: str) -> Iterator[str]:
    """In words what the file holds that is not the picture."""
    exif = _read_exif(opened)
    if exif.has_place:
        yield "de plek (GPS)"
    if exif.tags & _DATES:
        yield "de datum"
    if exif.tags & _DEVICES:
        yield "het toestel"
    if exif.tags & _MAKERS:
        yield "de naam van de maker"
    if exif.tags & _TEXTS or set(opened.info) - _OF_THE_PICTURE:
        yield "teksten bij de foto"
    if exif.has_thumbnail or "mp" in opened.info:
        yield "kleinere beelden in het bestand"
    if "icc_profile" in opened.info:
        yield "het kleurprofiel"
    if getattr(opened, "n_frames", 1) > 1:
        yield "de bewegende beelden (alleen het eerste beeld blijft)"
    if _end_of_picture(content, form) < len(content):
        yield "wat achter de foto in het bestand zat"


def _read_exif(opened: Image.Image) -> _Exif:
    try:
        exif = opened.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        thumbnail = exif.get_ifd(ExifTags.IFD.IFD1)
    except Exception:  # camera data that can't be read is left out like any other
        return _Exif(frozenset(), has_place=False, has_thumbnail=False)
    return _Exif(frozenset({*exif, *inner}), bool(place), bool(thumbnail))


def _end_of_picture(content: bytes, form: str) -> int:
    if form == "JPEG":
        return max((part.end for part in jpeg_parts(content) if part.marker == JPEG_END), default=0)
    if form == "PNG":
        return content.rfind(b"IEND") + 8
    return int.from_bytes(content[4:8], "little") + 8
