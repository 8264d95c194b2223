"""Pages reach sites through the views only; the tables themselves are closed to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from tests.app.page_reader import read_page
from tests.app.test_hostile_requests import rules, usual

CHECKOUT = Path(__file__).resolve().parent.parent.parent
CLOSED = {"Site", "SiteState"}
#: Read the tables themselves, as a role that row level security keeps to its own gemeenten.
OF_STAFF = {"workspace.py", "worklist.py"}
#: Everything but loading: what answers a question of a visitor or of a command.
READERS = sorted(
    path
    for folder in (CHECKOUT / "app", CHECKOUT / "data" / "queries")
    for path in folder.rglob("*.py")
    if path.name not in OF_STAFF
)
SQL_ON_TABLE = re.compile(r'\b(?:from|join|only|table)\s+"?(?:public\.)?"?site(?:_state)?\b', re.I)
ADDRESSES = (
    "/?gebied=GM9001",
    "/?locatie=1",
    "/?niveau=buurt&status=ended",
    "/lijst/locaties?q=a&gemeente=GM9001",
    "/lijst/locaties.xlsx",
    "/lijst/locaties.gpkg",
    "/lijst/gebieden?niveau=buurt",
    "/kaart/zoek.json?q=a",
    "/zoeken?q=a",
    "/spreiding?niveau=wijk",
    "/spreiding/verloop?niveau=wijk&plannen=gepland&van=2019",
    "/soorten/beschut_wonen",
    "/gebied/NIETS",
)


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_code_that_reads_does_not_name_the_tables_of_sites(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "data.tables":
            assert CLOSED.isdisjoint(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module == "data":
            assert "tables" not in {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            assert "data.tables" not in {alias.name for alias in node.names}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not SQL_ON_TABLE.search(node.value) or " " not in node.value.strip()


@contextmanager
def closed_tables(engine: Engine) -> Iterator[None]:
    """Let every connection be of someone who may read all but the tables of sites."""
    role = "only_through_the_doors"

    def become(connection: Any, *_: Any) -> None:
        connection.execute(f"SET ROLE {role}")
        connection.commit()

    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"REVOKE ALL ON site, site_state FROM {role}"))
    event.listen(engine, "connect", become)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", become)
        engine.dispose()
        with engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


def test_every_page_works_for_someone_who_may_not_read_the_tables_of_sites(
    world_site: tuple[Flask, Engine],
) -> None:
    app, engine = world_site
    client = app.test_client()
    with closed_tables(engine):
        with engine.connect() as connection, pytest.raises(Exception, match="permission denied"):
            connection.execute(text("SELECT 1 FROM site"))
        for address in (*map(usual, rules(app)), *ADDRESSES):
            answer = client.get(address)
            answer.close()
            assert answer.status_code < 500, address


def test_what_a_register_with_internal_sites_weighs_is_not_told(
    guarded: FlaskClient, guarded_site: tuple[Flask, Engine]
) -> None:
    register = text(
        "INSERT INTO source_release (source_key, publisher, title, licence, attribution, address,"
        " year, version, retrieved_on, sha256, row_count, is_example) VALUES ('locatieregister',"
        " 'p', 'Registertitel', 'l', 'a', 'a', 2024, 'v1', '2024-01-01', 'f00d', 98765, false)"
        " RETURNING id"
    )
    site = text(
        "INSERT INTO site (site_code, release_id, name, type, publication, geom)"
        " SELECT 'REG-1', :release, 'Registerplek', 'respijt', 'intern', geom FROM site LIMIT 1"
    )
    with guarded_site[1].begin() as connection:
        release = {"release": connection.execute(register).scalar_one()}
        connection.execute(site, release)
    try:
        assert "Registertitel" not in read_page(guarded, "/bronnen").text
        with guarded_site[1].begin() as connection:
            connection.execute(
                text("UPDATE site SET publication = 'gebied' WHERE name = 'Registerplek'")
            )
        page = read_page(guarded, "/bronnen")
        row = next(row for row in page.tables[0] if row[0].startswith("Registertitel"))
        assert row.count("niet openbaar") == 2
        assert "98.765" not in " ".join(row)
        assert "f00d" not in " ".join(row)
    finally:
        with guarded_site[1].begin() as connection:
            connection.execute(text("DELETE FROM site WHERE release_id = :release"), release)
            connection.execute(text("DELETE FROM source_release WHERE id = :release"), release)
