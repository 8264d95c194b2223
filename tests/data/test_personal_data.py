"""The register of personal data: no column without a decision, and readers as the database says."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

import data.dialogue_tables
from data.database_roles import CARETAKER, COUNCIL, MODERATOR, RESIDENT, VISITOR, WORKSPACE
from data.personal_data import impersonal_columns, personal_columns, tables_about_places
from data.processings import PROCESSINGS
from data.queries.readers import Reader, Structure, read_structure
from data.retention import RETENTIONS

TABLES = data.dialogue_tables.Table.metadata.tables
COLUMNS = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}


@pytest.fixture
def structure(connection: Connection) -> Structure:
    return read_structure(connection)


def of_roles(structure: Structure, place: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for reader in structure.readers.get(place, ()):
        found.setdefault(reader.role, set()).update(reader.reach)
    return found


def test_every_column_of_every_table_is_classified_once() -> None:
    places = [one.place for one in personal_columns()]
    about = {place for place in COLUMNS if place.split(".")[0] in tables_about_places()}
    assert len(places) == len(set(places))
    assert not set(places) & impersonal_columns()
    assert not (set(places) | impersonal_columns()) & about
    assert set(places) | impersonal_columns() | about == COLUMNS


def test_what_could_tell_who_somebody_is_is_never_called_impersonal() -> None:
    telling = ("email", "phone", "recipient", "body", "password", "account_id", "_by", "subject")
    names = {place for place in impersonal_columns() if place.endswith(telling)}
    assert names == set()


def test_every_processing_has_columns_and_says_all_that_the_law_asks() -> None:
    used = {one.processing for one in personal_columns()}
    assert used == set(PROCESSINGS)
    for entry in PROCESSINGS:
        said = (entry.whose, entry.purpose, entry.why, entry.origin, entry.until)
        assert all(said)
        assert bool(entry.told) == entry.is_of_residents


def test_every_term_of_the_registry_is_of_a_column_that_is_called_personal() -> None:
    places = {place for one in RETENTIONS for place in one.places if "/" not in place}
    assert places <= {one.place for one in personal_columns()}


def test_addresses_and_links_of_residents_have_a_term() -> None:
    for one in personal_columns():
        if one.processing.is_of_residents and one.kind.key == "contact":
            assert one.retentions, one.place


def test_an_address_for_an_answer_is_read_by_its_writer_and_by_the_post(
    structure: Structure,
) -> None:
    assert of_roles(structure, "contribution_contact.email") == {
        RESIDENT: {"link"},
        CARETAKER: {"alles"},
    }


def test_the_words_of_a_contribution_are_read_by_all_once_public(structure: Structure) -> None:
    found = of_roles(structure, "contribution.body")
    assert found[VISITOR] == {"openbaar"}
    assert found[RESIDENT] == {"link", "openbaar"}
    assert found[WORKSPACE] == {"gemeente", "openbaar"}
    assert found[MODERATOR] == {"gemeente", "openbaar"}
    assert (
        Reader(VISITOR, ("openbaar",), "public_contribution")
        in structure.readers["contribution.public_body"]
    )


def test_what_is_important_is_read_through_views_and_never_in_the_table(
    structure: Structure,
) -> None:
    views = {(one.role, one.view) for one in structure.readers["importance.points"]}
    assert {(COUNCIL, "all_importance"), (WORKSPACE, "all_importance")} <= views
    assert {view for _, view in views} == {"all_importance", "public_importance"}


def test_readers_follow_the_grants_and_policies(connection: Connection) -> None:
    connection.execute(text("GRANT SELECT (email) ON contribution_contact TO vlekkenplan_data"))
    connection.execute(text("ALTER TABLE contribution_contact DISABLE ROW LEVEL SECURITY"))
    found = of_roles(read_structure(connection), "contribution_contact.email")
    assert found["vlekkenplan_data"] == {"alles"}
    assert found[RESIDENT] == {"alles"}


def test_the_history_holds_no_words_of_residents(structure: Structure) -> None:
    assert "moderation" in structure.noted["contribution"]
    assert not structure.noted["contribution"] & {"body", "public_body", "geom", "appeal_text"}
    assert {"subscription", "contribution_contact", "importance"}.isdisjoint(structure.noted)
