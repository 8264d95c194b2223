"""Files that would fill the memory are refused in words, before they are read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from data.faults import Refused
from data.sources.table_files import LARGEST_TABLE_MB, read_table_file
from data.sources.workbooks import LARGEST_UNPACKED_MB


def test_a_cell_at_the_far_end_of_a_sheet_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code", "naam"])
    sheet.cell(1_048_576, 16_384, "x")
    path = tmp_path / "wijd.xlsx"
    book.save(path)
    with pytest.raises(Refused, match="te groot om te lezen"):
        read_table_file(path)


def test_a_workbook_that_unpacks_to_something_huge_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    block = b" " * 1_000_000
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(LARGEST_UNPACKED_MB + 1):
            part.write(block)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Refused, match="te groot om te lezen"):
        read_table_file(path)


def test_a_file_of_hundreds_of_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lang.csv"
    with path.open("wb") as file:
        file.write(b"code;naam\r\n")
        file.truncate((LARGEST_TABLE_MB + 1) * 1_000_000)
    with pytest.raises(Refused, match="te groot"):
        read_table_file(path)
