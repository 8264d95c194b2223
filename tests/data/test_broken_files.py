"""A broken file is refused with every fault named, and leaves the database as it was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.services.demo import load_region
from app.services.imports import (
    AreaImport,
    PointImport,
    SiteImport,
    import_cbs_file,
    import_points,
    import_sites,
)
from app.services.task_import import TaskImport, import_tasks
from data import schema
from data.faults import Refused
from data.sources.reading import Choices
from data.tables import Table
from tests.data.broken_files import BROKEN_FILES, BrokenFile
from tests.data.made_files import database_checksum, site_rows, write_csv
from tests.database_server import DatabaseServer
from tests.world import tiny_world

RIM = "GM9003"
SNIPPET = Path(__file__).parent.parent / "snippets" / "broken_files.md"


@pytest.fixture(scope="module")
def filled(
    cluster: DatabaseServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database with the tiny world, its northern gemeente as rim, and a register of sites."""
    name = cluster.create_database(template_database)
    engine = schema.connect(cluster.url_of(name))
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        connection.execute(
            text("UPDATE area SET in_region = false WHERE gemeente_code = :rim"), {"rim": RIM}
        )
    register = write_csv(tmp_path_factory.mktemp("good") / "register.csv", site_rows({}, {}))
    import_sites(engine, register, SiteImport())
    yield engine
    engine.dispose()
    cluster.drop_database(name)


def run(engine: Engine, path: Path, case: BrokenFile) -> None:
    options = dict(case.options)
    if case.kind == "cbs":
        import_cbs_file(engine, path, AreaImport(2024, "v1", **{"region": ("GM9001",), **options}))
        return
    category = options.pop("category", None)
    choices = Choices(**options)
    if case.kind == "tasks":
        import_tasks(engine, path, TaskImport(2026, choices))
    elif case.kind == "sites":
        import_sites(engine, path, SiteImport(choices))
    else:
        import_points(engine, path, PointImport(2024, category, choices=choices))


@cache
def expected_messages() -> dict[str, tuple[str, ...]]:
    """The messages per kind of file, from the snippet that people read too."""
    messages: dict[str, list[str]] = {}
    for line in SNIPPET.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            messages[line.removeprefix("## ")] = []
        elif line.startswith("- "):
            list(messages.values())[-1].append(line.removeprefix("- "))
    return {kind: tuple(lines) for kind, lines in messages.items()}


def told(refused: Refused) -> tuple[str, ...]:
    return tuple(f"{fault.place}: {fault.message}".removeprefix(": ") for fault in refused.faults)


@pytest.mark.parametrize("case", BROKEN_FILES, ids=lambda case: f"{case.kind}: {case.name}")
def test_a_broken_file_is_refused_and_changes_nothing(
    case: BrokenFile, filled: Engine, tmp_path: Path
) -> None:
    path = case.make(tmp_path)
    with filled.connect() as connection:
        before = database_checksum(connection)
    with pytest.raises(Refused) as caught:
        run(filled, path, case)
    assert told(caught.value) == expected_messages()[f"{case.kind}: {case.name}"]
    with filled.connect() as connection:
        assert database_checksum(connection) == before


def test_the_cases_are_more_than_twenty_kinds() -> None:
    assert len({(case.kind, case.name) for case in BROKEN_FILES}) == len(BROKEN_FILES) > 20


def test_every_kind_of_the_snippet_is_tried() -> None:
    assert set(expected_messages()) == {f"{case.kind}: {case.name}" for case in BROKEN_FILES}


def test_no_message_repeats_what_must_stay_secret() -> None:
    for kind, messages in expected_messages().items():
        if "shelter" in kind:
            assert not any("Geheimstraat" in message for message in messages)


def test_the_checksum_covers_every_table(filled: Engine) -> None:
    with filled.connect() as connection:
        assert set(database_checksum(connection)) == set(Table.metadata.tables)
