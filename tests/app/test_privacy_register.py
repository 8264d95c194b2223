"""The register of personal data: page, file and command say what code and database say."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from app.cli import main
from app.services.privacy_register import (
    FILE_COLUMNS,
    people_of,
    privacy_register,
    register_rows,
)
from data.database_roles import (
    ACCOUNTS,
    CARETAKER,
    COUNCIL,
    MODERATOR,
    VISITOR,
    WORKSPACE,
    Hands,
    work_as,
)
from data.personal_data import personal_columns
from data.processings import PROCESSINGS
from data.retention import RETENTIONS
from tests.app.page_reader import read_page

PLACES = {one.place for one in personal_columns()}


def by_place(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {f"{row['tabel']}.{row['kolom']}": row for row in rows}


def test_the_page_begins_with_a_summary_and_has_every_column(world: FlaskClient) -> None:
    found = read_page(world, "/privacy/register")
    assert found.status == 200
    assert found.lead.startswith(f"Dit is alles wat deze site over mensen bewaart: {len(PLACES)} ")
    assert {row[0] for table in found.tables for row in table[1:]} == PLACES
    assert [entry.label for entry in PROCESSINGS] == found.headings[1 : 1 + len(PROCESSINGS)]
    assert "Klopt nu niet" not in found.text
    assert found.text.count("Klopt nu.") == 10


def test_the_file_has_a_row_for_each_column_with_all_that_the_law_asks(world: FlaskClient) -> None:
    answer = world.get("/privacy/register.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    rows = by_place(list(lines))
    assert set(rows) == PLACES
    assert all(all(row[name] for name in FILE_COLUMNS) for row in rows.values())
    address = rows["contribution_contact.email"]
    assert address["wie_kan_het_lezen"] == (
        "Wie het zelf instuurde (met de eigen link); Beheerder, het programma zelf"
    )
    assert address["bewaartermijn"] == (
        "E-mailadres bij een reactie: 1 jaar na de dag dat u reageerde; "
        "E-mailadres na het antwoord: 30 dagen na de dag dat wij u het antwoord stuurden"
    )
    assert rows["contribution.body"]["wie_kan_het_lezen"] == (
        "Iedereen (wat openbaar is); Planner, Regiocoördinator (eigen gemeente); "
        "Wie het zelf instuurde (met de eigen link); Moderator (eigen gemeente); "
        "Beheerder, het programma zelf"
    )
    assert rows["contribution.body"]["bewaartermijn"].startswith("zolang het gesprek te lezen is; ")
    assert rows["account.password_hash"]["wie_kan_het_lezen"] == "Beheerder, het programma zelf"


def test_readers_are_those_who_hold_a_permission() -> None:
    assert people_of(MODERATOR) == "Moderator"
    assert people_of(WORKSPACE) == "Planner, Regiocoördinator"
    assert people_of(COUNCIL) == "Planner, Regiocoördinator, Raadslid"
    assert people_of(ACCOUNTS) == people_of(CARETAKER) == "Beheerder, het programma zelf"


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (
            "GRANT SELECT ON contribution_contact TO vlekkenplan_workspace",
            "Een e-mailadres staat apart.",
        ),
        (
            "GRANT SELECT ON contribution TO vlekkenplan_council; "
            "CREATE POLICY all_of_them ON contribution TO vlekkenplan_council USING (true)",
            "Een reactie of foto is pas",
        ),
        ("ALTER TABLE importance DISABLE ROW LEVEL SECURITY", "De database geeft per rij"),
        (
            "CREATE POLICY all_of_them ON contribution TO vlekkenplan_workspace USING (true)",
            "Planners en moderators lezen alleen",
        ),
        (
            "CREATE POLICY all_of_them ON subscription TO vlekkenplan_resident USING (true)",
            "Een schrijver komt met de eigen link",
        ),
        (
            "DROP TRIGGER note_change ON contribution; CREATE TRIGGER note_change AFTER UPDATE ON "
            "contribution FOR EACH ROW EXECUTE FUNCTION note_change('version')",
            "De geschiedenis wordt nooit gewist.",
        ),
        ("DROP TRIGGER note_change ON contribution", "Wie een reactie weigerde of nakeek"),
        (
            "ALTER TABLE theme DROP CONSTRAINT ck_theme_no_vrouwenopvang_by_name",
            "De database weigert teksten",
        ),
    ],
)
def test_a_measure_that_no_longer_holds_is_told(
    connection: Connection, change: str, broken: str
) -> None:
    assert privacy_register(connection).failing == ()
    connection.execute(text(change))
    (failing,) = privacy_register(connection).failing
    assert failing.startswith(broken)


def test_a_visitor_finds_the_same_register_as_the_owner(connection: Connection) -> None:
    of_owner = register_rows(privacy_register(connection))
    work_as(connection, Hands(VISITOR))
    assert register_rows(privacy_register(connection)) == of_owner


def test_a_view_that_shows_more_than_a_moderator_let_through_is_told(
    connection: Connection,
) -> None:
    view = "public_contribution_photo"
    definition = connection.scalar(text(f"SELECT pg_get_viewdef('{view}'::regclass)"))
    assert isinstance(definition, str)
    more = definition.replace("'openbaar'", "'wacht'")
    connection.execute(text(f"CREATE OR REPLACE VIEW {view} AS {more}"))
    (failing,) = privacy_register(connection).failing
    assert failing.startswith("Een reactie of foto is pas openbaar")


def test_the_command_writes_csv_and_json(
    monkeypatch: pytest.MonkeyPatch, database: Engine, fresh_database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    answer = CliRunner().invoke(main, ["privacy-register"])
    assert answer.exit_code == 0, answer.output
    assert set(by_place(list(csv.DictReader(io.StringIO(answer.stdout))))) == PLACES
    told = json.loads(CliRunner().invoke(main, ["privacy-register", "--format", "json"]).stdout)
    assert {f"{row['tabel']}.{row['kolom']}" for row in told["verwerkingen"]} == PLACES
    measures = [one for risk in told["risicos"] for one in risk["maatregelen"]]
    assert len(measures) == 10
    assert all(one["klopt_nu"] for one in measures)


def test_the_privacy_page_tells_every_processing_of_residents_and_every_term(
    world: FlaskClient,
) -> None:
    found = read_page(world, "/privacy")
    for entry in PROCESSINGS:
        assert (entry.told in found.text) == entry.is_of_residents or not entry.told
    rows = [row[0] for table in found.tables for row in table[1:]]
    assert rows == [one.label for one in RETENTIONS]
    assert "/privacy/register" in found.links
