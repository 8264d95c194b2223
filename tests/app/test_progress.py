"""A bar at a terminal that ends full, and lines in a file."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, suppress
from pathlib import Path

import pytest

from app.cli.imports import _OSM_STEPS
from app.cli.progress import steps
from app.services.demo import load_region
from app.services.osm_import import OsmImport, import_osm
from data import schema
from tests.data.made_osm import street_grid, write_osm
from tests.world import tiny_world


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(messages: tuple[str, ...], count: int, *, fails: bool = False) -> Terminal:
    """Do a job at a terminal."""
    terminal = Terminal()
    with redirect_stderr(terminal), suppress(ValueError), steps(count) as progress:
        for message in messages:
            progress(message)
        if fails:
            raise ValueError
    return terminal


def shown(terminal: Terminal) -> list[str]:
    """What the line of the bar has been, without signs that move the cursor."""
    parts = terminal.getvalue().replace("\x1b[?25l", "").replace("\x1b[?25h", "").split("\r")
    return [part.replace("\x1b[K", "").strip() for part in parts if part.strip()]


def test_a_terminal_sees_a_bar_that_fills_step_by_step() -> None:
    bars = [line for line in shown(work(("Een", "Twee", "Drie"), 3)) if "%" in line]
    tops = {line.split()[-1]: line.count("#") for line in bars}
    assert tops["Een"] == 0
    assert 0 < tops["Twee"] < tops["Drie"] < tops["Klaar"] == 24
    assert "100%" in bars[-1]


def test_more_steps_than_foreseen_do_not_pass_the_end() -> None:
    lines = shown(work(("Een", "Twee", "Drie"), 1))
    assert all(line.count("#") <= 24 for line in lines)
    assert "100%" in lines[-1]


def test_a_job_that_fails_leaves_the_bar_where_it_was_and_ends_its_line() -> None:
    terminal = work(("Een",), 2, fails=True)
    assert "Een" in terminal.getvalue()
    assert "100%" not in terminal.getvalue()
    assert "\n" in terminal.getvalue()


def test_elsewhere_each_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with steps(2) as progress:
        progress("Een")
        progress("Twee")
    assert capsys.readouterr().err == "Een ...\nTwee ...\n"


def test_the_steps_of_an_import_are_those_of_the_bar(
    fresh_database_url: str, tmp_path: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    file = write_osm(tmp_path / "klein.osm.pbf", *street_grid(100_250, 480_250, 8, 7, 500))
    told: list[str] = []
    import_osm(engine, file, OsmImport(2026, "v1"), progress=told.append)
    engine.dispose()
    assert len(told) == _OSM_STEPS
