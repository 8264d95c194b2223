"""Importing homes of single people: numbers by area, small ones hidden, never an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from app.cli.imports import import_command
from app.services.home_import import HomeImport, import_homes
from data.faults import Refused
from data.queries.homes import home_counts, home_release
from data.queries.releases import area_release
from geo.frames import REGION_CODE
from tests.data.made_files import write_csv, write_xlsx

GOOD = {"GM9001": 63, "WK900101": 3, "WK900102": 60, "GM9002": 0, "GM9003": 30}


def rows_of(counts: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [
        {"gebied": area, "soort": "omklapwoning", "jaar": "2025", "aantal": str(count), **more}
        for area, count in counts.items()
    ]


def home_file(folder: Path, counts: dict[str, Any], name: str = "lijst.csv", **more: Any) -> Path:
    return write_csv(folder / name, rows_of(counts, **more))


def refusal(database: Engine, path: Path) -> Refused:
    before = stored(database)
    with pytest.raises(Refused) as refused:
        import_homes(database, path, HomeImport())
    assert stored(database) == before
    return refused.value


def stored(database: Engine) -> list[tuple[Any, ...]]:
    query = (
        "SELECT r.year, r.version, h.area_code, h.home_count, h.is_hidden FROM home_count h "
        "JOIN source_release r ON r.id = h.release_id WHERE r.source_key = 'woningen' "
        "ORDER BY 1, 2, 3"
    )
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_small_counts_and_what_would_tell_them_are_hidden(database: Engine, tmp_path: Path) -> None:
    report = import_homes(database, home_file(tmp_path, GOOD), HomeImport())
    assert report.facts == ("5 aantallen in 5 gebieden, waarvan 2 niet openbaar",)
    assert stored(database) == [
        (2025, "v1", "GM9001", 63, False),
        (2025, "v1", "GM9002", 0, False),
        (2025, "v1", "GM9003", 30, False),
        (2025, "v1", "WK900101", 3, True),
        (2025, "v1", "WK900102", 60, True),
        (2025, "v1", REGION_CODE, 93, False),
    ]
    with database.connect() as connection:
        delivery = home_release(connection, area_release(connection).id)
        assert delivery is not None
        shown = home_counts(connection, delivery.id).set_index("area_code")
    assert shown.loc["WK900101", "home_count"] is not None
    assert list(shown.index[shown["home_count"].isna()]) == ["WK900101", "WK900102"]


def test_areas_are_known_by_name_and_workbooks_are_read(database: Engine, tmp_path: Path) -> None:
    rows = rows_of({"Zuiderveen": 12, "gemeente Middendorp": 0, "gm 9003": 30}, jaar=2025)
    import_homes(database, write_xlsx(tmp_path / "lijst.xlsx", rows), HomeImport())
    assert [row[2] for row in stored(database)] == ["GM9001", "GM9002", "GM9003", REGION_CODE]


def test_the_same_file_twice_changes_nothing(database: Engine, tmp_path: Path) -> None:
    path = home_file(tmp_path, GOOD)
    import_homes(database, path, HomeImport())
    assert import_homes(database, path, HomeImport()).is_empty


def test_a_better_file_about_the_year_publishes_nothing_that_was_hidden(
    database: Engine, tmp_path: Path
) -> None:
    import_homes(database, home_file(tmp_path, GOOD), HomeImport())
    with_buurten = {**GOOD, "GM9001": 66, "WK900101": 6, "BU90010201": 20, "BU90010202": 40}
    import_homes(database, home_file(tmp_path, with_buurten), HomeImport())
    newest = {row[2]: row[4] for row in stored(database) if row[1] == "v2"}
    assert newest["WK900102"]
    assert newest["WK900101"]


def test_the_checksum_is_not_that_of_the_file_and_says_nothing_of_small_counts(
    database: Engine, tmp_path: Path
) -> None:
    query = text("SELECT sha256 FROM source_release WHERE source_key = 'woningen'")
    found = set()
    for small in (3, 4, 5):
        counts = {**GOOD, "WK900101": small, "WK900102": 63 - small}
        import_homes(database, home_file(tmp_path, counts), HomeImport())
        with database.connect() as connection:
            found |= set(connection.scalars(query))
    assert len(found) == 1


@pytest.mark.parametrize(
    "column", ["Adres", "straat en huisnummer", "postcode", "X", "lengtegraad", "Naam bewoner"]
)
def test_a_file_that_tells_where_or_who_is_refused(
    database: Engine, tmp_path: Path, column: str
) -> None:
    refused = refusal(database, home_file(tmp_path, GOOD, **{column: "Verborgenlaan 987"}))
    assert "alleen aantallen per gebied" in str(refused)
    assert "Verborgenlaan" not in str(refused)


def test_every_fault_is_named_by_its_row(database: Engine, tmp_path: Path) -> None:
    rows = rows_of({"GM9001": 63, "WK900101": 3, "WK900102": 61, "GM9999": 4, "GM9002": "veel"})
    rows += rows_of({"GM9003": -1}) + rows_of({"GM9003": 5}, jaar="2024")
    rows += rows_of({"GM9003": 2}, soort="respijt") + rows_of({"GM9001": 63})
    refused = refusal(database, write_csv(tmp_path / "lijst.csv", rows))
    told = {(fault.row, fault.column) for fault in refused.faults}
    assert told >= {
        (2, "aantal"),
        (5, "gebied"),
        (6, "aantal"),
        (7, "aantal"),
        (8, "jaar"),
        (9, "soort"),
        (10, "gebied"),
    }
    assert "samen 64" in str(refused)


def test_a_whole_may_be_more_than_the_parts_that_are_known(
    database: Engine, tmp_path: Path
) -> None:
    import_homes(database, home_file(tmp_path, {"GM9001": 24, "WK900101": 20}), HomeImport())
    # 4 would be left for the other wijk.
    assert [row[4] for row in stored(database)] == [False, True]


def test_secret_shelters_are_refused_here_too(database: Engine, tmp_path: Path) -> None:
    refused = refusal(database, home_file(tmp_path, GOOD, toelichting="blijf van mijn lijf"))
    assert "geheim" in str(refused)


def test_the_command_says_what_it_did_and_what_is_wrong(
    fresh_database_url: str, database: Engine, tmp_path: Path
) -> None:
    runner = CliRunner(env={"DATABASE_URL": fresh_database_url})
    good, bad = home_file(tmp_path, GOOD), home_file(tmp_path, {"GM9001": "?"}, name="fout.csv")
    done = runner.invoke(import_command, ["homes", str(good)])
    assert done.exit_code == 0, done.output
    assert "2 niet openbaar" in done.output
    refused = runner.invoke(import_command, ["homes", str(bad)])
    assert refused.exit_code == 1
    assert "Dit is geen getal" in refused.output


def test_a_trial_stores_nothing(database: Engine, tmp_path: Path) -> None:
    assert not import_homes(
        database, home_file(tmp_path, GOOD), HomeImport(), dry_run=True
    ).is_empty
    assert stored(database) == []
