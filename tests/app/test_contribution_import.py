"""Taking contributions over from another system: by page and by command, all or nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from werkzeug.test import TestResponse

from app.cli import main
from data.dialogue_tables import Contribution, Theme
from tests.app.answered import planted
from tests.app.signed_in import form_fields, signed_in
from tests.dialogue import PlantedTrack, plant_track

FILE = (
    "id;title;location.lat;location.lng;createdAt;theme;user.email\n"
    "1;Een bank bij het plein;52.38;4.63;2025-10-01T10:00:00Z;Meubels;a@b.example\n"
    "2;Bel mij op 06 12345678;;;2025-10-02T10:00:00Z;;c@d.example\n"
)


@pytest.fixture
def track(app: Flask, owner: Engine) -> Iterator[PlantedTrack]:
    assert app
    with planted(owner, "overnemen") as found:
        yield found


@pytest.fixture
def planner(app: Flask, owner: Engine) -> FlaskClient:
    return signed_in(app, owner, "planner", "GM9002")


def send(
    client: FlaskClient, track: PlantedTrack, content: str, doing: str, name: str = "x.csv"
) -> TestResponse:
    path = f"/gesprekken/{track.id}/overnemen"
    fields = form_fields(client, path)
    file = (io.BytesIO(content.encode()), name)
    return client.post(path, data={**fields, "bestand": file, "doen": doing})


def taken(owner: Engine) -> list[Contribution]:
    query = select(Contribution.__table__).where(Contribution.entry == "overgenomen")
    with owner.connect() as connection:
        return list(connection.execute(query.order_by(Contribution.external_id)))  # type: ignore[arg-type]


def test_a_trial_keeps_nothing_and_twice_the_same_file_changes_nothing(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    tried = send(planner, track, FILE, "proberen")
    assert "2 reacties nieuw, 1 met een plek." in tried.get_data(as_text=True)
    assert taken(owner) == []
    kept = send(planner, track, FILE, "overnemen")
    assert "Overgenomen." in kept.get_data(as_text=True)
    before = taken(owner)
    assert [(one.external_id, one.moderation, one.kind) for one in before] == [
        ("1", "wacht", "idee"),
        ("2", "wacht", "idee"),
    ]
    assert {one.phase_id for one in before} == {track.phases["Plek kiezen"]}
    assert before[0].made_at.isoformat().startswith("2025-10-01T")
    again = send(planner, track, FILE, "overnemen")
    assert "Er was niets nieuws." in again.get_data(as_text=True)
    assert taken(owner) == before


def test_a_theme_of_the_other_system_is_made_and_findings_wait_for_the_moderator(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    send(planner, track, FILE, "overnemen")
    with owner.connect() as connection:
        names = connection.scalars(select(Theme.name).where(Theme.track_id == track.id)).all()
    assert names == ["Meubels"]
    one, other = taken(owner)
    assert one.theme_id is not None
    assert other.theme_id is None
    assert other.findings
    assert other.findings[0]["kind"] == "persoonsgegevens"


def test_who_wrote_it_is_stored_nowhere(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    send(planner, track, FILE, "overnemen")
    with owner.connect() as connection:
        for table in ("contribution", "contribution_contact", "change", "theme"):
            rows = connection.scalars(text(f"SELECT t::text FROM {table} t")).all()
            assert not any("a@b.example" in row for row in rows), table


def test_with_one_fault_nothing_is_taken_over(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    refused = send(planner, track, FILE + "3;;;;;;\n", "overnemen")
    body = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert re.search(r"<th[^>]*>4</th>", body)
    assert taken(owner) == []


@pytest.mark.parametrize(("content", "name"), [(FILE, "x.exe"), ("", "x.csv"), ("[", "x.json")])
def test_what_cannot_be_read_is_told(
    planner: FlaskClient, track: PlantedTrack, content: str, name: str
) -> None:
    assert send(planner, track, content, "overnemen", name).status_code == 422


def test_the_command_does_the_same(
    database: Engine, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.begin() as connection:
        plant_track(connection)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    path = tmp_path / "inzendingen.csv"
    path.write_text(FILE, encoding="utf-8")

    def run(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["import", "contributions", str(path), *more])
        return done.exit_code, done.output

    code, told = run("--track", "middendorp", "--dry-run")
    assert (code, taken(database)) == (0, [])
    assert "Dit was een proef; er is niets opgeslagen." in told
    code, told = run("--track", "middendorp", "--phase", "plek kiezen", "--kind", "zorg")
    assert code == 0
    assert "2 reacties nieuw, 1 met een plek." in told
    assert [one.kind for one in taken(database)] == ["zorg", "zorg"]
    assert "Niets gewijzigd." in run("--track", "middendorp")[1]
    assert run("--track", "elders")[0] == 1
    assert run("--track", "middendorp", "--phase", "Bouwen")[0] == 1
    path.write_text(FILE + "3;;;;;;\n", encoding="utf-8")
    code, told = run("--track", "middendorp")
    assert code == 1
    assert "Geweigerd: 1 fout." in told
