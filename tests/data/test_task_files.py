"""The task from files: by code or name, in CSV or XLSX, with notes about what is not filled in.

What is said about broken files stands in ``tests/snippets/broken_files.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.task_import import task_vocabulary
from data.faults import Refused
from data.sources.reading import Choices
from data.sources.task_files import TaskFile, read_tasks
from tests.data.made_files import task_rows, write_csv, write_xlsx

SNIPPETS = Path(__file__).parent.parent / "snippets"
GEMEENTEN = {"GM9001": "Zuiderveen", "GM9002": "Middendorp", "GM9003": "Noorderzand"}
Write = Callable[[Path, list[dict[str, Any]]], Path]


def as_csv(folder: Path, rows: list[dict[str, Any]]) -> Path:
    return write_csv(folder / "opgave.csv", rows)


def as_xlsx(folder: Path, rows: list[dict[str, Any]]) -> Path:
    return write_xlsx(folder / "opgave.xlsx", rows, "Opgave")


def read(path: Path, gemeenten: Mapping[str, str] = GEMEENTEN, **choices: Any) -> TaskFile:
    return read_tasks(path, task_vocabulary(gemeenten), Choices(**choices))


def counts(file: TaskFile) -> dict[tuple[str, str, int], int]:
    rows = file.tasks.to_dict("records")
    return {
        (row["gemeente_code"], row["type"], row["from_year"]): row["place_count"] for row in rows
    }


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize(
    ("gemeente", "kind"),
    [
        ("GM9001", "beschut_wonen"),
        ("gm 9001", "Beschut wonen"),
        ("Zuiderveen", "BESCHUT WONEN"),
        (" zuiderveen ", "beschut-wonen"),
    ],
)
def test_gemeenten_and_types_are_known_by_key_and_by_name(
    tmp_path: Path, write: Write, gemeente: str, kind: str
) -> None:
    path = write(tmp_path, task_rows({"gemeente": gemeente, "soort": kind}))
    assert counts(read(path)) == {("GM9001", "beschut_wonen", 2026): 12}


def test_numbers_of_a_workbook_are_read_as_numbers(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path, task_rows({"jaar": 2026, "plekken": 12.0}, {"jaar": 2027.0}))
    assert counts(read(path)) == {
        ("GM9001", "beschut_wonen", 2026): 12,
        ("GM9001", "beschut_wonen", 2027): 12,
    }


def test_nothing_needed_is_a_number(tmp_path: Path) -> None:
    path = as_csv(tmp_path, task_rows({"plekken": "0"}))
    assert counts(read(path)) == {("GM9001", "beschut_wonen", 2026): 0}


@pytest.mark.parametrize("year", ["2000", "2100"])
def test_the_first_and_the_last_year_are_years(tmp_path: Path, year: str) -> None:
    assert len(read(as_csv(tmp_path, task_rows({"jaar": year}))).tasks) == 1


def test_gemeenten_without_a_type_that_others_filled_in_are_named(tmp_path: Path) -> None:
    rows = task_rows({}, {"gemeente": "Middendorp"}, {"soort": "Skæve Huse"})
    assert read(as_csv(tmp_path, rows)).notes == (
        "Niet ingevuld voor beschut wonen: Noorderzand. Daar is de opgave onbekend.",
        "Niet ingevuld voor skaeve huse: Middendorp, Noorderzand. Daar is de opgave onbekend.",
    )


def test_an_explanation_is_read_and_not_kept(tmp_path: Path) -> None:
    rows = task_rows({"toelichting": "zie het besluit", "bron": "raad", "kleur": "rood"})
    file = read(as_csv(tmp_path, rows), {"GM9001": "Zuiderveen"})
    assert file.notes == ("Deze kolommen lezen wij niet: kleur.",)
    assert list(file.tasks.columns) == ["gemeente_code", "type", "from_year", "place_count"]


def test_columns_may_have_names_of_the_users_choice(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "opgave.csv",
        [{"waar": "GM9001", "wat": "respijt", "wanneer": "2026", "hoeveel": "2"}],
    )
    chosen = {"gemeente": "waar", "type": "wat", "from_year": "wanneer", "place_count": "hoeveel"}
    assert counts(read(path, columns=chosen)) == {("GM9001", "respijt", 2026): 2}


def test_points_on_a_map_are_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read(as_csv(tmp_path, task_rows({"plekken": "-1"})))
    assert [fault.column for fault in caught.value.faults] == ["plekken"]


def test_the_made_up_snippet_is_read() -> None:
    # No gemeente has published its task as a file yet: these rows are made up, and say so.
    text = (SNIPPETS / "opgave.csv").read_text(encoding="utf-8")
    assert "verzonnen" in text
    file = read(SNIPPETS / "opgave.csv", {"GM0392": "Haarlem", "GM0397": "Heemstede"})
    assert counts(file) == {
        ("GM0392", "beschut_wonen", 2026): 90,
        ("GM0392", "beschut_wonen", 2030): 120,
        ("GM0397", "beschermd_wonen", 2026): 0,
    }


NEEDS = st.dictionaries(
    st.tuples(
        st.sampled_from(sorted(GEMEENTEN)),
        st.sampled_from(sorted(set(task_vocabulary(GEMEENTEN).types.values()))),
        st.integers(2000, 2100),
    ),
    st.integers(0, 10_000),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NEEDS, st.sampled_from([as_csv, as_xlsx]), st.booleans())
def test_what_is_written_is_what_is_read(
    tmp_path: Path, needs: dict[tuple[str, str, int], int], write: Write, by_name: bool
) -> None:
    rows = [
        {
            "gemeente": GEMEENTEN[code] if by_name else code,
            "soort": kind,
            "jaar": year,
            "plekken": count,
        }
        for (code, kind, year), count in needs.items()
    ]
    found = read(write(tmp_path, rows))
    assert counts(found) == needs
    pd.testing.assert_frame_equal(
        found.tasks, read(write(tmp_path, rows[::-1])).tasks, check_dtype=True
    )
