"""PDFs made anew: the pages as they look, without scripts, files, comments and traces."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name

from app.services.clean_files import CleanFile, UploadRefused
from app.services.picture_parts import JPEG_START, plain_jpeg, plain_jpx

PDF = "application/pdf"
MOST_PAGES = 200
_PROGRAM, _IN_PICTURES = "gegevens van programma's", "gegevens in de foto's"
_KEPT_OF_ROOT = {"/Type", "/Pages", "/OCProperties"}
_KEPT_OF_PAGE = {
    "/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/BleedBox",
    "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit", "/Group",
}  # fmt: skip
#: What no viewer needs to show a page, wherever it stands.
_TRACES = (
    "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF", "/A", "/JS", "/OPI",
    "/Ref", "/StructParent", "/StructParents", "/Usage", "/Alternates", "/F", "/FFilter",
    "/FDecodeParms",
)  # fmt: skip
#: Under these keys the names are free: a font may be called F.
_FREE_NAMES = {
    "/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties",
    "/CharProcs", "/Colorants",
}  # fmt: skip
_REFUSED_ENCRYPTED = (
    "Deze PDF heeft een wachtwoord of beveiliging. Haal die eraf, bewaar het bestand opnieuw en "
    "probeer nog eens."
)
_REFUSED_BROKEN = (
    "Deze PDF is beschadigd of niet helemaal opgestuurd. Open het bestand, bewaar het opnieuw "
    "als PDF en probeer nog eens."
)


def clean_document(content: bytes) -> CleanFile:
    """The pages of a PDF in a new file. Raises UploadRefused."""
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            _check(pdf)
            removed = list(_found_beside(pdf, content))
            removed += _strip(pdf)
            saved = io.BytesIO()
            pdf.save(saved, deterministic_id=True, fix_metadata_version=False)
    except pikepdf.PasswordError as error:
        raise UploadRefused(_REFUSED_ENCRYPTED) from error
    except UploadRefused:
        raise
    except Exception as error:  # a reader may raise anything over a broken file
        raise UploadRefused(_REFUSED_BROKEN) from error
    return CleanFile(saved.getvalue(), PDF, tuple(dict.fromkeys(removed)))


def _check(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise UploadRefused(_REFUSED_ENCRYPTED)
    if not 0 < len(pdf.pages) <= MOST_PAGES:
        raise UploadRefused(
            f"Deze PDF heeft {len(pdf.pages)} bladzijden. Hoogstens {MOST_PAGES} mag. Bewaar "
            "alleen de bladzijden die nodig zijn."
        )


def _found_beside(pdf: pikepdf.Pdf, content: bytes) -> Iterator[str]:
    """In words what the file holds beside its pages."""
    root: Any = pdf.Root
    names: Any = root.get("/Names", {})
    annotations: list[Any] = [each for page in pdf.pages for each in page.get("/Annots", [])]
    if "/Metadata" in root or len(pdf.trailer.get("/Info", {})):
        yield "de gegevens over de maker en de datum"
    if (
        {"/OpenAction", "/AA"} & set(root)
        or "/JavaScript" in names
        or any("/AA" in page for page in pdf.pages)
        or any("/JavaScript" in str(each.get("/A", {}).get("/S", "")) for each in annotations)
    ):
        yield "scripts en acties"
    kinds = {str(each.get("/Subtype", "")) for each in annotations}
    if "/EmbeddedFiles" in names or "/AF" in root or "/FileAttachment" in kinds:
        yield "bijlagen"
    if "/AcroForm" in root or annotations:
        yield "invulvelden, opmerkingen en links (wat u ziet, blijft staan)"
    if "/Outlines" in root:
        yield "bladwijzers"
    if content.count(b"%%EOF") > (2 if pdf.is_linearized else 1):
        yield "eerdere versies"


def _strip(pdf: pikepdf.Pdf) -> list[str]:
    """Leave out all but the pages; in words what was found inside them."""
    root: Any = pdf.Root
    if root.get("/AcroForm", {}).get("/NeedAppearances", False):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for key in set(pdf.trailer.keys()) & {"/Info", "/ID"}:
        del pdf.trailer[key]
    _keep_only(root, _KEPT_OF_ROOT)
    _plain_layers(root)
    for page in pdf.pages:
        page.externalize_inline_images()
        _keep_only(page.obj, _KEPT_OF_PAGE)
    found = set().union(*map(_without_traces, _dictionaries(root)))
    return [words for words in (_PROGRAM, _IN_PICTURES) if words in found]


def _keep_only(thing: Any, kept: set[str]) -> None:
    for key in set(thing.keys()) - kept:
        del thing[key]


def _plain_layers(root: Any) -> None:
    """Which layers are shown at first stays; who made them does not."""
    if "/OCProperties" not in root:
        return
    layers = root["/OCProperties"]
    _keep_only(layers, {"/OCGs", "/D"})
    _keep_only(layers["/D"], {"/BaseState", "/ON", "/OFF"})


def _dictionaries(root: Any) -> Iterator[tuple[Any, bool]]:
    """Every dictionary and stream within reach, and whether its names are free to choose."""
    waiting: list[tuple[Any, bool]] = [(root, False)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        thing, is_free = waiting.pop()
        if not isinstance(thing, pikepdf.Object) or (thing.is_indirect and thing.objgen in seen):
            continue
        if thing.is_indirect:
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Array):
            waiting += [(part, False) for part in thing]
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing, is_free
            waiting += [
                (thing.get(key), key in _FREE_NAMES and not is_free) for key in list(thing.keys())
            ]


def _without_traces(entry: tuple[Any, bool]) -> set[str]:
    """Take the traces out of one object; in words which kinds there were."""
    thing, is_free = entry
    found = set()
    traces = [] if is_free else [key for key in _TRACES if key in thing]
    for key in traces:
        del thing[key]
    if set(traces) & {"/Metadata", "/PieceInfo", "/Thumb"}:
        found.add(_PROGRAM)
    if isinstance(thing, pikepdf.Stream) and _plain_picture(thing):
        found.add(_IN_PICTURES)
    return found


def _plain_picture(stream: Any) -> bool:
    """Take what is no picture out of a JPEG or JPEG 2000; whether there was something."""
    filters = stream.get("/Filter", [])
    filters = [filters] if isinstance(filters, Name) else list(filters)
    if not filters or filters[-1] not in (Name.DCTDecode, Name.JPXDecode):
        return False
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1]
    content = _unwrapped(stream, filters)
    if filters[-1] == Name.DCTDecode and not content.startswith(JPEG_START):
        raise UploadRefused(_REFUSED_BROKEN)
    plain = plain_jpeg(content) if filters[-1] == Name.DCTDecode else plain_jpx(content)
    stream.write(plain, filter=filters[-1], decode_parms=parameters)
    return plain != content


def _unwrapped(stream: Any, filters: list[Any]) -> bytes:
    """The picture as its own decoder gets it."""
    if len(filters) == 1:
        return bytes(stream.read_raw_bytes())
    stream.Filter = pikepdf.Array(filters[:-1])
    if isinstance(stream.get("/DecodeParms"), pikepdf.Array):
        stream.DecodeParms = pikepdf.Array(list(stream.DecodeParms)[:-1])
    return bytes(stream.read_bytes())
