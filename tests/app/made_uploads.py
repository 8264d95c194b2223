"""Photos and documents with secrets planted in them, written by the tests themselves."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw
from PIL.ExifTags import IFD, Base

PLANTED = "Plantenspoor7"
#: 52 degrees 23 minutes 7 seconds, as a camera writes it.
GPS = {1: "N", 2: (52.0, 23.0, 7.0), 3: "E", 4: (4.0, 38.0, 11.0), 29: "2026:03:04"}


def picture(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """White, with a red square in the upper left corner."""
    made = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(made).rectangle((0, 0, width // 3, height // 3), fill=(220, 0, 0))
    return made.convert(mode)


def exif_of_a_phone(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make], exif[Base.Model] = PLANTED, PLANTED
    exif[Base.Artist], exif[Base.ImageDescription] = PLANTED, PLANTED
    exif[Base.DateTime] = "2026:03:04 05:06:07"
    exif.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: "2026:03:04 05:06:07"})
    exif.get_ifd(IFD.GPSInfo).update(GPS)
    return exif


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def phone_photo(form: str = "JPEG", orientation: int = 1) -> bytes:
    """A photo with everything that a phone and a program write beside it."""
    extra: dict[str, Any] = {"exif": exif_of_a_phone(orientation), "icc_profile": profile()}
    extra |= {"xmp": f"<x:xmpmeta>{PLANTED}</x:xmpmeta>".encode()} if form != "PNG" else {}
    if form == "JPEG":
        extra["comment"] = PLANTED
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        told = PngInfo()
        told.add_text("Author", PLANTED)
        told.add_itxt("XML:com.adobe.xmp", PLANTED, zip=True)
        extra["pnginfo"] = told
    return saved(picture(), form, **extra)


def profile() -> bytes:
    """A colour profile with a name in it."""
    from PIL import ImageCms

    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return made.tobytes() + PLANTED.encode()


def with_zip_behind(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr(f"{PLANTED}.txt", PLANTED)
    return content + file.getvalue()


def moving_picture(form: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def noise(byte_count: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(byte_count)


def document(change: Callable[[pikepdf.Pdf], object] = lambda pdf: None, **options: Any) -> bytes:
    """A PDF of one page with a word on it, changed by the function that is given."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F=font, AA=font))
    page.obj.Contents = pdf.make_stream(b"BT /F 24 Tf 40 100 Td (Zichtbaar) Tj ET")
    change(pdf)
    file = io.BytesIO()
    pdf.save(file, compress_streams=False, **options)
    return file.getvalue()


def script(text: str = PLANTED) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{text}')"))


def _told(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo[Name.Author] = PLANTED
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [PLANTED]


def _scripted(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = script()
    pdf.Root.AA = Dictionary(WC=script())
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))
    pdf.pages[0].obj.AA = Dictionary(O=script())


def _with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["geheim.txt"] = PLANTED.encode()
    pdf.Root.AF = Array([pdf.Root.Names.EmbeddedFiles])


def _with_form(pdf: pikepdf.Pdf) -> None:
    shown = pdf.make_stream(
        b"BT /F 12 Tf 2 2 Td (Ingevuld) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 100, 20]),
        Resources=pdf.pages[0].obj.Resources,
    )
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(PLANTED),
            V=String("Ingevuld"),
            Rect=Array([10, 10, 110, 30]),
            F=4,
            AP=Dictionary(N=shown),
            AA=Dictionary(K=script()),
        )
    )
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, T=String(PLANTED), Contents=String(PLANTED), F=2
    )
    note.Rect = Array([0, 0, 10, 10])
    pdf.pages[0].obj.Annots = Array([widget, pdf.make_indirect(note)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))


def _with_traces(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    page.PieceInfo = Dictionary(App=Dictionary(Private=String(PLANTED)))
    page.Thumb = pdf.make_stream(PLANTED.encode(), Width=1, Height=1)
    page.Metadata = pdf.make_stream(PLANTED.encode())
    page.Resources.Font.F.PieceInfo = Dictionary(App=String(PLANTED))


def _with_photo(pdf: pikepdf.Pdf) -> None:
    photo = phone_photo()
    page = pdf.pages[0].obj
    kind = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 300, "Height": 200}
    kind |= {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}
    plain = pdf.make_stream(photo, Filter=Name.DCTDecode, **kind)
    hexed = pdf.make_stream(
        photo.hex().encode() + b">", Filter=Array([Name.ASCIIHexDecode, Name.DCTDecode]), **kind
    )
    page.Resources.XObject = Dictionary(Metadata=plain, Hex=hexed)


def _with_bookmarks(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(PLANTED, 0))


PDF_PLANTS: Mapping[str, Callable[[pikepdf.Pdf], object]] = {
    "de gegevens over de maker en de datum": _told,
    "scripts en acties": _scripted,
    "bijlagen": _with_attachment,
    "invulvelden, opmerkingen en links (wat u ziet, blijft staan)": _with_form,
    "gegevens van programma's": _with_traces,
    "gegevens in de foto's": _with_photo,
    "bladwijzers": _with_bookmarks,
}


def with_earlier_version(content: bytes) -> bytes:
    """The document with something written over it, and the old text still in the file."""
    old = content.index(b"(Zichtbaar)")
    pdf = pikepdf.open(io.BytesIO(content))
    number = pdf.pages[0].obj.Contents.objgen[0]
    stream = b"BT /F 24 Tf 40 100 Td (Nieuw) Tj ET"
    start = int(content[content.rindex(b"startxref") + 9 :].split()[0])
    assert old < start
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        len(stream),
        stream,
    )
    size = max(objgen[0] for objgen in (thing.objgen for thing in pdf.objects)) + 1
    root = pdf.Root.objgen[0]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (
        number,
        len(content),
        size,
        root,
        start,
    )
    at = len(content) + len(body)
    return content + body + table + b"startxref\n%d\n%%%%EOF\n" % at
