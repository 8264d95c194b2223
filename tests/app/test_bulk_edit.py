"""All own sites in a sheet and back: what changes is shown first, and done as a whole."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import Connection, Engine, text

from app.services.bulk_edit import BulkPlan, apply_plan, plan_edit
from app.services.bulk_file import (
    LARGEST_BYTES,
    MOST_ROWS,
    from_draft,
    read_bulk_file,
    to_draft,
)
from app.services.bulk_sheet import HEADER, to_workbook
from app.services.demo import load_demo_region, load_region
from data.changes.bulk import replace_states
from data.changes.sites import SiteFields, change_site
from data.database_roles import WHOLE_REGION, WORKSPACE, Hands, work_as
from data.faults import Refused
from data.load.region import read_gemeente_names
from data.queries.worklist import LifeStep, lives
from data.queries.workspace import WorkspaceSite, workspace_sites
from tests.data.broken_files import BROKEN_SITES, BrokenFile
from tests.data.made_files import SITE_ROW, site_rows, write_csv, write_point_geopackage
from tests.data.test_broken_files import expected_messages, told
from tests.world import tiny_world

ON = dt.date(2026, 1, 1)
MakeSite = Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]]
Cells = dict[str, Any]
EXAMPLE = (
    "In de database staan alleen voorbeeldgrenzen. Of een locatie in de regio ligt, is daarmee "
    "ruw bepaald."
)
NASTY = "=HYPERLINK(\"http://x\")  -  é\n\t+1 'ja' <b>"


def _with_rim(engine: Engine) -> None:
    with engine.begin() as owner:
        load_region(owner, tiny_world())
        owner.execute(
            text("UPDATE area SET in_region = false WHERE gemeente_code = 'GM9003'"),
        )


@pytest.fixture(scope="module")
def world(make_site: MakeSite) -> Engine:
    """The tiny world with its northern gemeente as rim, as its owner sees it."""
    return make_site(_with_rim)[1]


@contextmanager
def working(engine: Engine, *gemeenten: str) -> Iterator[Connection]:
    """As a planner of these gemeenten; all of it is taken back."""
    with engine.connect() as connection:
        transaction = connection.begin()
        work_as(connection, Hands(WORKSPACE, frozenset(gemeenten), None, "Na het overleg"))
        yield connection
        transaction.rollback()


@pytest.fixture
def planner(world: Engine) -> Iterator[Connection]:
    """Of Zuiderveen, with TINY-1, TINY-2 and TINY-6."""
    with working(world, "GM9001") as connection:
        yield connection


def sheet_of(connection: Connection) -> bytes:
    return to_workbook(
        workspace_sites(connection, ON), lives(connection), read_gemeente_names(connection)
    )


def rows_of(content: bytes) -> list[Cells]:
    header, *rows = load_workbook(io.BytesIO(content))["Locaties"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def changed_sheet(content: bytes, change: Callable[[list[Cells]], Any]) -> bytes:
    """The sheet as someone saves it after working in it."""
    rows = rows_of(content)
    rows = change(rows) or rows
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Locaties"
    for number, row in enumerate([dict(zip(HEADER, HEADER, strict=True)), *rows], start=1):
        for column, name in enumerate(HEADER, start=1):
            cell = page.cell(number, column, row.get(name))
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def planned(connection: Connection, content: bytes, name: str = "locaties.xlsx") -> BulkPlan:
    file = read_bulk_file(connection, name, content)
    assert from_draft(to_draft(file)) == file
    return plan_edit(connection, file, ON)


def edited(connection: Connection, change: Callable[[list[Cells]], Any]) -> BulkPlan:
    return planned(connection, changed_sheet(sheet_of(connection), change))


def kinds(plan: BulkPlan) -> dict[str, str]:
    return {site.code: site.kind for site in plan.sites}


def differences(plan: BulkPlan, code: str) -> list[tuple[str, str, str]]:
    (site,) = (site for site in plan.sites if site.code == code)
    return [(each.label, each.stored, each.offered) for each in site.differences]


def history_count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM change")).scalar_one())


def site_of(connection: Connection, code: str) -> WorkspaceSite:
    return next(site for site in workspace_sites(connection, ON) if site.site_code == code)


def as_fields(site: WorkspaceSite, **changes: Any) -> SiteFields:
    names = list(SiteFields.__dataclass_fields__)
    return SiteFields(**{**{name: getattr(site, name) for name in names}, **changes})


def test_a_sheet_that_nobody_changed_changes_nothing(planner: Connection) -> None:
    before = history_count(planner)
    content = sheet_of(planner)
    assert {row["code"] for row in rows_of(content)} == {"TINY-1", "TINY-2", "TINY-6"}
    for saved in (content, changed_sheet(content, lambda rows: None)):
        plan = planned(planner, saved)
        assert set(kinds(plan).values()) == {"unchanged"}
        assert not plan.may_be_applied
        assert plan.notes == (EXAMPLE,)
        assert plan.left_out_count == 0
    assert history_count(planner) == before


def test_texts_that_are_not_plain_come_back_as_they_were(planner: Connection) -> None:
    site = site_of(planner, "TINY-1")
    point = shapely.Point(100_500.123456789, 480_500.98765432)
    outline = shapely.box(100_400, 480_400, 100_600, 480_600)
    fields = as_fields(site, name="+31 De Linde", description=NASTY, point=point, outline=outline)
    change_site(planner, site.id, fields, site.version)
    content = sheet_of(planner)
    page = load_workbook(io.BytesIO(content))["Locaties"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert all(
        cell.quotePrefix
        for row in page.iter_rows()
        for cell in row
        if str(cell.value).startswith(("=", "+"))
    )
    plan = planned(planner, content)
    assert set(kinds(plan).values()) == {"unchanged"}
    plan = edited(
        planner, lambda rows: [row.update(aanbieder="Ander") for row in rows[:2]] and None
    )
    apply_plan(planner, plan, ON)
    stored = site_of(planner, "TINY-1")
    assert (stored.provider, stored.description, stored.point) == ("Ander", NASTY, point)
    assert stored.outline == outline


def test_the_real_register_goes_round_unchanged(make_site: MakeSite) -> None:
    _, engine = make_site(load_demo_region)
    with working(engine, WHOLE_REGION) as connection:
        sites = workspace_sites(connection, ON)
        content = sheet_of(connection)
        start = time.monotonic()
        plan = planned(connection, content)
        assert time.monotonic() - start < 20
        assert len(plan.sites) == len(sites) > 50
        assert {site.kind for site in plan.sites} == {"unchanged"}


def test_every_change_is_told_from_old_to_new(planner: Connection) -> None:
    def change(rows: list[Cells]) -> None:
        for row in rows:
            if row["code"] == "TINY-1":
                row.update(naam="De Linde", type="Beschut wonen", publicatie="Intern")
                row.update(x=100_600, toelichting=None)
                row["geldig tot"] = dt.datetime(2030, 12, 31)
        rows[0].update(plekken=41, reden="Geteld")

    plan = edited(planner, change)
    assert kinds(plan) == {"TINY-1": "changed", "TINY-2": "unchanged", "TINY-6": "unchanged"}
    assert differences(plan, "TINY-1") == [
        ("Naam", "Proeflocatie 1 (voorbeeld)", "De Linde"),
        ("Soort plek", "Beschermd wonen", "Beschut wonen"),
        ("Wie mag dit zien?", "Openbaar", "Intern"),
        ("In het overzicht tot en met", "leeg", "31 december 2030"),
        ("Plek (RD)", "100500.00, 480500.00", "100600.00, 480500.00"),
        (
            "Fase vanaf 1 januari 2015",
            "In gebruik, 40 plekken",
            "In gebruik, 41 plekken. Reden: Geteld",
        ),
    ]


def test_applying_writes_just_what_was_shown_with_its_reason(planner: Connection) -> None:
    def change(rows: list[Cells]) -> list[Cells]:
        kept = [row for row in rows if row["code"] == "TINY-2"]
        kept[0].update(plekken=9)
        closed = {**kept[0], "status": "Gesloten", "status sinds": "31-12-2025", "plekken": 0}
        new = {**kept[0], "code": "Z-1", "naam": "Nieuw", "versie": None, "publicatie": None}
        return [*kept, closed, new]

    plan = edited(planner, change)
    assert kinds(plan) == {"TINY-2": "changed", "Z-1": "new"}
    assert plan.left_out_count == 2
    before = history_count(planner)
    apply_plan(planner, plan, ON)
    rows = planner.execute(
        text(
            "SELECT table_name, action, reason, site_id FROM change WHERE table_name <>"
            " 'source_release' ORDER BY id OFFSET :before"
        ),
        {"before": before},
    ).all()
    assert [(row.table_name, row.action) for row in rows] == [
        ("site", "added"),
        ("site_state", "added"),
        ("site_state", "changed"),
        ("site_state", "added"),
    ]
    assert {row.reason for row in rows} == {"Na het overleg"}
    new = site_of(planner, "Z-1")
    assert (new.publication, new.gemeente_code) == ("intern", "GM9001")
    closed = site_of(planner, "TINY-2")
    assert (closed.status, closed.capacity_count, closed.version) == ("afgebouwd", 0, 1)
    assert set(kinds(planned(planner, sheet_of(planner))).values()) == {"unchanged"}


def test_a_row_left_out_of_a_life_is_a_state_that_goes(planner: Connection) -> None:
    plan = edited(planner, lambda rows: rows[1:])
    assert differences(plan, "TINY-1") == [
        ("Fase vanaf 1 januari 2015", "In gebruik, 40 plekken", "staat er niet")
    ]


def test_who_changed_in_between_is_not_written_over(planner: Connection) -> None:
    content = sheet_of(planner)
    site = site_of(planner, "TINY-1")
    change_site(planner, site.id, as_fields(site, name="Van een ander"), site.version)

    def change(rows: list[Cells]) -> None:
        for row in rows[:2]:
            row["naam"] = "Van mij"
        for row in rows[2:]:
            row["aanbieder"] = "Ook van mij"

    mine = changed_sheet(content, change)
    plan = planned(planner, mine)
    assert kinds(plan)["TINY-1"] == "conflict"
    assert differences(plan, "TINY-1") == [("Naam", "Van een ander", "Van mij")]
    assert not plan.may_be_applied
    with pytest.raises(AssertionError):
        apply_plan(planner, plan, ON)
    conflict = next(site for site in plan.sites if site.kind == "conflict")
    assert conflict.problem is not None
    assert f"zet {conflict.mark} in de kolom versie" in conflict.problem

    def solve(rows: list[Cells]) -> None:
        for row in rows[:2]:
            row["versie"] = conflict.mark

    solved = planned(planner, changed_sheet(mine, solve))
    assert kinds(solved)["TINY-1"] == "changed"
    apply_plan(planner, solved, ON)
    assert site_of(planner, "TINY-1").name == "Van mij"


def test_a_state_that_came_in_between_is_a_conflict_too(planner: Connection) -> None:
    content = sheet_of(planner)
    site = site_of(planner, "TINY-1")
    steps = lives(planner)[site.id]
    later = LifeStep(site.id, dt.date(2025, 6, 1), "afgebouwd", 0, None)
    replace_states(planner, site.id, [*steps, later])
    plan = planned(planner, content)
    assert kinds(plan)["TINY-1"] == "conflict"
    assert differences(plan, "TINY-1") == [
        ("Fase vanaf 1 juni 2025", "Gesloten, 0 plekken", "staat er niet")
    ]


def test_the_same_change_by_another_is_no_conflict(planner: Connection) -> None:
    content = sheet_of(planner)
    site = site_of(planner, "TINY-1")
    change_site(planner, site.id, as_fields(site, name="De Linde"), site.version)
    plan = planned(
        planner,
        changed_sheet(
            content, lambda rows: [row.update(naam="De Linde") for row in rows[:2]] and None
        ),
    )
    assert kinds(plan)["TINY-1"] == "unchanged"


def test_another_gemeente_is_out_of_reach(world: Engine) -> None:
    with working(world, "GM9001") as owner:
        content = sheet_of(owner)
    with working(world, "GM9002") as other:
        plan = planned(other, content)
        assert set(kinds(plan).values()) == {"refused"}
        for site in plan.sites:
            assert site.problem == (
                "Deze plek ligt niet in uw gemeente. Kies een plek binnen uw gemeente."
            )
            assert site.differences == ()
        assert not plan.may_be_applied
    with working(world, "GM9002") as other:
        moved = edited(other, lambda rows: [{**row, "y": 480_500} for row in rows])
        assert set(kinds(moved).values()) == {"refused"}
        assert "ligt niet in uw gemeente" in str(moved.sites[0].problem)


def test_a_code_of_a_site_elsewhere_can_not_be_taken(world: Engine) -> None:
    def change(rows: list[Cells]) -> list[Cells]:
        return [{**rows[0], "code": "TINY-3", "versie": None}]

    with working(world, "GM9001") as planner:
        plan = edited(planner, change)
        assert kinds(plan) == {"TINY-3": "refused"}
        assert plan.sites[0].problem == (
            "Deze code kunt u niet gebruiken: die is al in gebruik. Kies een andere code."
        )


def test_one_refusal_holds_back_everything(planner: Connection) -> None:
    def change(rows: list[Cells]) -> list[Cells]:
        good = {**rows[0], "code": "Z-1", "versie": None}
        return [good, {**good, "code": "Z-2", "y": 481_500}]

    plan = edited(planner, change)
    assert kinds(plan) == {"Z-1": "new", "Z-2": "refused"}
    assert not plan.may_be_applied


def test_a_file_of_their_own_speaks_only_of_what_it_has(
    planner: Connection, tmp_path: Path
) -> None:
    row = {"code": "TINY-1", "naam": "Proeflocatie 1 (voorbeeld)", "soort": "beschermd wonen"}
    row |= {"status": "in gebruik", "status sinds": "01-01-2024", "x": "100500", "y": "480500"}
    path = write_csv(tmp_path / "eigen.csv", [row])
    plan = planned(planner, path.read_bytes(), "eigen.csv")
    assert kinds(plan) == {"TINY-1": "unchanged"}
    path = write_csv(tmp_path / "eigen.csv", [{**row, "naam": "De Linde", "publicatie": ""}])
    plan = planned(planner, path.read_bytes(), "eigen.csv")
    assert differences(plan, "TINY-1") == [
        ("Naam", "Proeflocatie 1 (voorbeeld)", "De Linde"),
    ]
    assert "staat geen versie" in plan.notes[-1]


def test_a_geopackage_is_read_as_well(planner: Connection, tmp_path: Path) -> None:
    facts = {"code": "G-1", "naam": "Nieuw", "soort": "respijt", "status": "idee"}
    rows = [{**facts, "status sinds": "2025-01-01", "kleur": "rood"}]
    path = write_point_geopackage(tmp_path / "plekken.gpkg", rows, [(101_500, 480_500)])
    plan = planned(planner, path.read_bytes(), "plekken.gpkg")
    assert kinds(plan) == {"G-1": "new"}
    assert plan.notes == (EXAMPLE, "Deze kolommen lezen wij niet: kleur.")


def test_two_versions_for_one_site_are_a_fault(planner: Connection) -> None:
    with pytest.raises(Refused, match="rij 3, kolom versie: In rij 2 staat bij deze code een an"):
        edited(planner, lambda rows: rows[1].update(versie="9-x"))


def test_too_long_a_text_is_refused_by_row(planner: Connection) -> None:
    plan = edited(planner, lambda rows: rows[0].update(toelichting="x" * 2001))
    assert plan.sites[0].kind == "refused"
    assert "langer dan 2000 tekens" in str(plan.sites[0].problem)


def test_a_place_outside_the_outline_is_refused(planner: Connection) -> None:
    site = site_of(planner, "TINY-2")
    outline = site.point.buffer(20)
    change_site(planner, site.id, as_fields(site, outline=outline), site.version)

    def change(rows: list[Cells]) -> list[Cells]:
        moved = [row for row in rows if row["code"] == "TINY-2"]
        moved[0]["x"] += 30
        return moved

    assert "buiten de omtrek" in str(edited(planner, change).sites[0].problem)


def test_what_only_the_database_knows_to_refuse_is_said_by_row(planner: Connection) -> None:
    plan = edited(planner, lambda rows: rows[1].update(reden="Blijf van het gras, zei men"))
    assert kinds(plan)["TINY-1"] == "refused"
    assert "Hier gaat het om vrouwenopvang" in str(plan.sites[0].problem)


BROKEN = [case for case in BROKEN_SITES if not case.options]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_broken_file_is_told_row_by_row_in_words_of_a_page(
    case: BrokenFile, planner: Connection, tmp_path: Path
) -> None:
    path = case.make(tmp_path)
    with pytest.raises(Refused) as caught:
        read_bulk_file(planner, path.name, path.read_bytes())
    said = told(caught.value)
    expected = expected_messages()[f"sites: {case.name}"]
    assert len(said) == len(expected)
    for one, other in zip(said, expected, strict=True):
        assert "--" not in one
        assert one == other or "--" in other


def test_there_are_more_than_seventeen_kinds_of_broken_files() -> None:
    assert len(BROKEN) > 17


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: bytes(LARGEST_BYTES + 1), "te groot: 5.0 MB"),
        (lambda: _bomb(), "uitgepakt te groot"),
        (lambda: _many_rows(), f"heeft {MOST_ROWS + 1} rijen"),
    ],
)
def test_a_huge_file_is_refused_quickly(
    make: Callable[[], bytes], told: str, planner: Connection
) -> None:
    content = make()
    start = time.monotonic()
    name = "locaties.csv" if content[:2] != b"PK" else "locaties.xlsx"
    with pytest.raises(Refused, match=told):
        read_bulk_file(planner, name, content)
    assert time.monotonic() - start < 3


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(100_000_000))
    return file.getvalue()


def _many_rows() -> bytes:
    header = ";".join(SITE_ROW)
    rows = [";".join(map(str, row.values())) for row in site_rows(*[{}] * (MOST_ROWS + 1))]
    return "\n".join([header, *rows]).encode()


def test_the_largest_file_allowed_is_planned_in_time(planner: Connection) -> None:
    rows = [
        {**row, "x": str(100_100 + number % 900), "y": str(480_100 + number // 900)}
        for number, row in enumerate(site_rows(*[{}] * MOST_ROWS))
    ]
    content = "\n".join(
        [";".join(SITE_ROW), *(";".join(map(str, row.values())) for row in rows)]
    ).encode()
    start = time.monotonic()
    plan = planned(planner, content, "locaties.csv")
    assert len(plan.of_kind("new")) == MOST_ROWS
    assert time.monotonic() - start < 60


def test_the_sheet_explains_itself_and_offers_its_words(planner: Connection) -> None:
    book = load_workbook(io.BytesIO(sheet_of(planner)))
    assert book.sheetnames == ["Locaties", "Uitleg", "Keuzes"]
    offered = {
        str(each.sqref).split(":")[0]: each.formula1
        for each in book["Locaties"].data_validations.dataValidation
    }
    letters = {
        name: chr(ord("A") + HEADER.index(name)) for name in ("type", "status", "publicatie")
    }
    assert set(offered) == {f"{letter}2" for letter in letters.values()}
    words = [cell.value for cell in book["Keuzes"]["A"][1:] if cell.value]
    assert "Beschut wonen" in words
    assert not any("rouwenopvang" in str(word) for word in words)
    assert book["Uitleg"]["A1"].value == "Wat is dit?"
