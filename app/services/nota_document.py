"""The nota van beantwoording as a document for a word processor (DOCX), the same bytes each time.

Made to be read by everyone: real headings, tables with a header row and a description, the
language of the text, and the number of the page below it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from app.numbers import to_dutch, to_dutch_date, to_dutch_moment
from app.services.nota import Nota, NotaLine, NotaPart

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "nl-NL"
WIJKEN_TOLD = "Reacties naar wijk van wie schreef, in het hele gesprek."
#: What XML can't hold.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Ends of lines and tabs, which are elements of their own.
_BROKEN = re.compile("[\t\r\n]")
_SPACE, _TEXT = qn("xml:space"), qn("w:t")
#: The moment that every part of the file bears, so that the same nota is the same file.
_PACKED_AT = (1980, 1, 1, 0, 0, 0)


def to_docx(nota: Nota) -> bytes:
    """The document of a nota."""
    document = Document()
    _set_up(document, nota)
    _begin(document, nota)
    for part in nota.parts:
        _write_part(document, part)
    _write_all(document, nota.lines)
    _write_reach(document, nota)
    _write_moderation(document, nota)
    file = io.BytesIO()
    document.save(file)
    return _repacked(file.getvalue())


def _set_up(document: Any, nota: Nota) -> None:
    facts = document.core_properties
    at = (nota.phase.closed_at or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)).astimezone(dt.UTC)
    facts.title, facts.language, facts.author = _clean(nota.title), LANGUAGE, "Vlekkenplan"
    facts.subject = _clean(nota.phase.name)
    facts.comments, facts.last_modified_by, facts.revision = "", "", 1
    facts.created = facts.modified = at.replace(tzinfo=None, microsecond=0)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), LANGUAGE)
    _number_pages(document.sections[0].footer.paragraphs[0])


def _number_pages(paragraph: Any) -> None:
    """Let a word processor write the number of the page here."""
    paragraph.add_run("Bladzijde ")
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = "PAGE"
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _begin(document: Any, nota: Nota) -> None:
    document.add_heading(_clean(nota.title), 1)
    closed = nota.phase.closed_at
    state = f"afgerond op {to_dutch_moment(closed)}" if closed else "nog niet afgerond"
    _say(document, f"Fase: {nota.phase.name}, {state}.")
    _say(document, nota.sentence)
    document.add_heading("Waar dit over ging", 2)
    _say(document, nota.track.summary)
    _say(document, f"{nota.level.label}: {nota.level.explanation} {nota.level.promise}")
    for label, text in (
        ("Wat nog open was", nota.phase.open_text),
        ("Wat vaststond", nota.phase.fixed_text),
    ):
        if text:
            _say(document, f"{label}: {text}")
    document.add_heading("Wat er veranderde", 2)
    _say(document, nota.phase.outcome or "Dit wordt geschreven als de fase wordt afgerond.")
    document.add_heading("Antwoorden", 2)
    if not nota.parts:
        _say(document, "Er kwamen geen reacties binnen die iedereen kan lezen.")


def _write_part(document: Any, part: NotaPart) -> None:
    document.add_heading(_clean(part.name or "Andere reacties"), 3)
    _say(document, part.said)
    for label, count in part.named:
        document.add_paragraph(f"{label} ({to_dutch(count)} keer)", style="List Bullet")
    if part.name is None:
        _say(document, "Deze reacties horen bij geen thema. Het antwoord staat bij elke reactie.")
        return
    assert part.status is not None
    _say(document, f"{part.status.label}. {part.status.explanation}")
    _say(document, f"Antwoord: {part.answer}" if part.answer else "Nog geen gezamenlijk antwoord.")
    _say(document, f"Reacties: {', '.join(line.record.code for line in part.lines)}.")


def _write_all(document: Any, lines: Sequence[NotaLine]) -> None:
    if not lines:
        return
    document.add_heading("Alle reacties", 2)
    rows = [
        (
            line.record.code,
            f"{line.kind.label}, {to_dutch_date(line.came_on)}",
            _words_of(line),
            line.answered.status.label,
            line.answered.answer or "Nog geen antwoord",
        )
        for line in lines
    ]
    names = ("Code", "Soort en datum", "Reactie", "Wat ermee is gedaan", "Antwoord")
    _table(document, names, rows, "Alle reacties met hun antwoord, de oudste eerst.")


def _write_reach(document: Any, nota: Nota) -> None:
    document.add_heading("Wie wij bereikten", 2)
    _say(
        document,
        "Een reactie is een reactie, geen stem. Hieronder staat hoe ze binnenkwamen en uit welke "
        "wijken. Wijken met minder dan 5 reacties staan bij elkaar.",
    )
    ways = [(way.label, to_dutch(count)) for way, count in nota.reach.by_entry]
    wijken = [(name, to_dutch(count)) for name, count in nota.reach.by_wijk]
    if ways:
        _table(document, ("Binnen via", "Reacties"), ways, "Reacties naar hoe ze binnenkwamen.")
        _say(document, "")
    if wijken:
        _table(
            document,
            ("Woont in (hele gesprek)", "Reacties"),
            wijken,
            "Reacties naar wijk van wie schreef, in het hele gesprek.",
        )


def _write_moderation(document: Any, nota: Nota) -> None:
    document.add_heading("Controle vooraf", 2)
    _say(
        document,
        "Een moderator leest elke reactie voordat zij op de site komt. Alleen de huisregels "
        "tellen. Een tweede persoon kijkt mee voordat een reactie niet wordt geplaatst.",
    )
    if nota.unread_count:
        _say(document, f"Nog niet gecontroleerd: {to_dutch(nota.unread_count)}.")
    if not nota.refused:
        _say(document, "Er zijn geen reacties geweigerd.")
        return
    rows = [(rule.label, to_dutch(count)) for rule, count in nota.refused]
    _table(document, ("Huisregel", "Niet geplaatst"), rows, "Geweigerde reacties per huisregel.")


def _words_of(line: NotaLine) -> str:
    told = [f"{question} {answers}." for question, answers in line.told]
    return "\n".join([*told, line.record.body])


def _say(document: Any, text: str) -> None:
    document.add_paragraph(_clean(text))


def _table(
    document: Any, names: Sequence[str], rows: Iterable[Sequence[str]], description: str
) -> None:
    table = document.add_table(rows=1, cols=len(names))
    table.style = "Table Grid"
    facts = table._tbl.tblPr
    for tag, text in (("w:tblCaption", description.rstrip(".")), ("w:tblDescription", description)):
        part = OxmlElement(tag)
        part.set(qn("w:val"), text)
        facts.append(part)
    header = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeated)
    for cell, name in zip(header.cells, names, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    _add_rows(table, rows)


def _add_rows(table: Any, rows: Iterable[Sequence[str]]) -> None:
    """Rows with these texts, as copies of one row: a nota can have thousands."""
    pattern = table.add_row()._tr
    for cell in pattern.tc_lst:
        cell.p_lst[0].add_r().text = "-"
    for words in pattern.iter(_TEXT):
        words.set(_SPACE, "preserve")
    for row in rows:
        made = deepcopy(pattern)
        for words, text in zip(list(made.iter(_TEXT)), row, strict=True):
            _write(words, _clean(text))
        pattern.addprevious(made)
    table._tbl.remove(pattern)


def _write(words: Any, text: str) -> None:
    """Put this text in the words of a run; python-docx itself goes through it sign by sign."""
    if _BROKEN.search(text):
        words.getparent().text = text
    else:
        words.text = text


def _clean(text: str) -> str:
    return _UNREADABLE.sub("", text)


def _repacked(content: bytes) -> bytes:
    """The same parts, packed without the moment at which that was done."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            about = zipfile.ZipInfo(name, _PACKED_AT)
            about.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(about, given.read(name))
    return packed.getvalue()
