"""The photo with a contribution: made anew by the cleaning, and then small enough for a form."""

from __future__ import annotations

import io

from PIL import Image

from app.services.clean_files import BROKEN, UploadRefused
from app.services.cleaning import is_picture, picture_advice
from app.services.uploads import clean_upload

LONGEST_SIDE_PX = 1280
#: As text in a form it takes a third more, and a form holds 500 kB.
MOST_BYTES = 240_000
MEDIA_TYPE = "image/jpeg"
NO_PHOTO = "Dit is geen foto. Kies een JPEG, PNG of WebP."
_QUALITIES = (80, 65, 50)
_SMALLER = 0.7
_LEAST_SIDE_PX = 320


def small_photo(name: str, content: bytes) -> bytes:
    """A small JPEG with nothing in it but the picture. Raises UploadRefused with what to do."""
    if content and not is_picture(content):
        raise UploadRefused(picture_advice(content) or NO_PHOTO)
    file = clean_upload(name, content)
    with Image.open(io.BytesIO(file.content)) as opened:
        picture = _on_white(opened)
    side = float(LONGEST_SIDE_PX)
    while side >= _LEAST_SIDE_PX:
        picture.thumbnail((round(side), round(side)), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            made = _jpeg(picture, quality)
            if len(made) <= MOST_BYTES:
                return made
        side *= _SMALLER
    raise UploadRefused(BROKEN)


def _on_white(opened: Image.Image) -> Image.Image:
    """The picture without see-through parts, which a JPEG does not know."""
    if opened.mode != "RGBA":
        return opened.convert("RGB")
    sheet = Image.new("RGB", opened.size, "white")
    sheet.paste(opened, mask=opened.getchannel("A"))
    return sheet


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality, optimize=True)
    return made.getvalue()
