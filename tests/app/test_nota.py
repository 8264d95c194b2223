"""A phase closes when everybody has an answer; the nota of it holds what everyone may read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

from analysis.dialogue.contributions import CONTRIBUTION_KINDS
from analysis.dialogue.readability import measure_readability, over_limits
from app.pages.phase_closing import MOST_LISTED
from app.services.nota import NotaPart
from data.dialogue_tables import TrackPhase
from geo.crs import to_wgs84
from tests.app.answered import HIDDEN_EMAIL, PLACE, planted
from tests.app.running_text import running_text
from tests.app.signed_in import csrf_token, signed_in, submit
from tests.dialogue import PlantedTrack, plant_contribution

OUTCOME = "De ingang komt aan de kant van het plein."
PUBLIC = ("aa22", "bb33", "cc44")


@pytest.fixture
def track(app: Flask, owner: Engine) -> Iterator[PlantedTrack]:
    assert app
    with planted(owner, "nota") as found:
        yield found


@pytest.fixture
def planner(app: Flask, owner: Engine) -> FlaskClient:
    return signed_in(app, owner, "planner", "GM9002")


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def closing(track: PlantedTrack, name: str = "Plek kiezen") -> str:
    return f"/gesprekken/{track.id}/fasen/{track.phases[name]}/afronden"


def answer_all(client: FlaskClient, track: PlantedTrack) -> None:
    """A theme for two, and an own answer for the third."""
    path = f"/gesprekken/{track.id}/reacties"
    data = {
        "csrf_token": csrf_token(client, path),
        "reactie": ["aa22:1", "bb33:1"],
        "doen": "thema",
        "thema": "nieuw",
        "naam": "De straat",
    }
    assert client.post(path, data=data).status_code == 303
    body = client.get(f"/gesprekken/{track.id}/themas").get_data(as_text=True)
    theme = body.partition(f"/gesprekken/{track.id}/themas/")[2].partition('"')[0]
    themed = f"/gesprekken/{track.id}/themas/{theme}"
    told = submit(
        client, themed, status="meegenomen", antwoord="Er komen bomen en een parkeerplek."
    )
    assert told.status_code == 303
    own = submit(client, f"{path}/cc44", status="niet_meegenomen", antwoord="Daar ligt een riool.")
    assert own.status_code == 303


def close(client: FlaskClient, track: PlantedTrack) -> None:
    done = submit(client, closing(track), uitkomst=OUTCOME, weet="y")
    assert done.status_code == 303, done.get_data(as_text=True)


def phase(owner: Engine, track: PlantedTrack) -> Any:
    with owner.connect() as connection:
        return connection.execute(
            select(TrackPhase.__table__).where(TrackPhase.id == track.phases["Plek kiezen"])
        ).one()


def test_a_phase_stays_open_while_somebody_has_no_answer(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    body = planner.get(closing(track)).get_data(as_text=True)
    assert "3 reacties hebben nog geen antwoord" in body
    for code in PUBLIC:
        assert f">{code}</a>" in body
    forced = planner.post(
        closing(track),
        data={
            "csrf_token": csrf_token(planner, closing(track)),
            "uitkomst": OUTCOME,
            "gezien": "1",
        },
    )
    assert forced.status_code == 422
    assert "3 reacties hebben nog geen antwoord" in forced.get_data(as_text=True)
    assert phase(owner, track).closed_at is None


def test_so_many_that_wait_are_told_in_the_list_of_reactions(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    with owner.begin() as connection:
        for number in range(MOST_LISTED):
            plant_contribution(
                connection, track, f"zz{number:02}", "Nog een.", moderation="openbaar"
            )
    body = planner.get(closing(track)).get_data(as_text=True)
    assert body.count("binnen op") == MOST_LISTED
    assert f"Bekijk alle {MOST_LISTED + 3} bij de reacties" in body
    rest = unescape(re.findall(r'href="(/gesprekken/[0-9]+/reacties\?antwoord[^"]*)"', body)[0])
    listed = planner.get(rest).get_data(as_text=True)
    assert f"({MOST_LISTED + 3} van {MOST_LISTED + 5})" in listed


def test_a_phase_closes_with_what_changed_and_opens_again_with_a_reason(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    answer_all(planner, track)
    assert submit(planner, closing(track), uitkomst=" ", weet="y").status_code == 422
    unread = submit(planner, closing(track), uitkomst=OUTCOME)
    assert unread.status_code == 422
    assert "Er wachten nog reacties op een moderator" in unread.get_data(as_text=True)
    close(planner, track)
    kept = phase(owner, track)
    assert (kept.outcome, kept.closed_at is None, kept.closed_by is None) == (OUTCOME, False, False)
    assert visitor.get("/in-gesprek/nota/nota").status_code == 200
    again = closing(track).replace("afronden", "heropenen")
    assert submit(planner, closing(track), again, reden="").status_code == 422
    assert submit(planner, closing(track), again, reden="Er kwam nog iets").status_code == 303
    assert phase(owner, track).closed_at is None
    with owner.connect() as connection:
        reason = connection.scalar(
            text(
                "SELECT reason FROM change WHERE table_name = 'track_phase' "
                "ORDER BY id DESC LIMIT 1"
            )
        )
    assert reason == "Er kwam nog iets"


def test_nobody_in_a_closed_phase_loses_the_answer(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    answer_all(planner, track)
    close(planner, track)
    one = f"/gesprekken/{track.id}/reacties/cc44"
    for values in ({"status": "bekeken", "antwoord": "Hm."}, {"status": "nieuw", "antwoord": ""}):
        refused = submit(planner, one, **values)
        assert refused.status_code == 422
        assert "al afgerond" in refused.get_data(as_text=True)
    better = submit(planner, one, status="niet_meegenomen", antwoord="Daar ligt het hoofdriool.")
    assert better.status_code == 303
    out = submit(planner, f"/gesprekken/{track.id}/reacties/aa22", thema="geen")
    assert out.status_code == 422


def test_the_nota_is_closed_until_the_phase_is(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack
) -> None:
    with_phase = f"?fase={track.phases['Plek kiezen']}"
    for name in ("nota", "nota.docx", "nota.csv"):
        assert visitor.get(f"/in-gesprek/nota/{name}{with_phase}").status_code == 404, name
    preview = planner.get(closing(track).replace("afronden", "nota"))
    assert preview.status_code == 200
    assert "Zo is de nota nu" in preview.get_data(as_text=True)


def test_the_nota_holds_every_public_contribution_with_its_answer_and_nothing_else(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack
) -> None:
    answer_all(planner, track)
    close(planner, track)
    body = visitor.get("/in-gesprek/nota/nota").get_data(as_text=True)
    assert "3 reacties: 2 meegenomen en 1 niet meegenomen; alle hebben een antwoord." in body
    for told in (
        OUTCOME,
        "Er komen bomen en een parkeerplek.",
        "Daar ligt een riool.",
        "De straat",
    ):
        assert told in body
    for code in PUBLIC:
        assert f'id="reactie-{code}"' in body
    for hidden in ("dd55", "ee66", "Nog niemand las dit", "Dit is geweigerd", HIDDEN_EMAIL):
        assert hidden not in body
    assert "Blijf rustig en netjes" in body
    assert "Nog niet gecontroleerd: 1." in body
    found = measure_readability(running_text(visitor, "/in-gesprek/nota/nota"))
    assert found is not None
    assert over_limits(found) == ()


def test_small_numbers_of_a_wijk_stand_together(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    with owner.begin() as connection:
        for number in range(7):
            code, wijk = f"wijk{number}", "WK900201" if number < 5 else None
            plant_contribution(
                connection,
                track,
                code,
                moderation="openbaar",
                from_wijk_code=wijk,
                status="meegenomen",
                answer="Ja.",
            )
        connection.execute(
            text("UPDATE contribution SET from_wijk_code = 'WK900101' WHERE code = 'aa22'")
        )
    answer_all_after_change(planner, track)
    close(planner, track)
    table = visitor.get("/in-gesprek/nota/nota").get_data(as_text=True)
    rows = table.partition("Uit welke wijken de reacties komen")[2].partition("</table>")[0]
    with owner.connect() as connection:
        names: dict[str, str] = dict(
            connection.execute(
                text("SELECT area_code, name FROM area WHERE area_code IN ('WK900201', 'WK900101')")
            ).all()
        )
    assert names["WK900201"] in rows
    assert names["WK900101"] not in rows
    assert "Ergens anders, of niet ingevuld" in rows


def answer_all_after_change(client: FlaskClient, track: PlantedTrack) -> None:
    for code in PUBLIC:
        path = f"/gesprekken/{track.id}/reacties/{code}"
        assert submit(client, path, status="meegenomen", antwoord="Ja.").status_code == 303


def test_the_document_is_read_by_everyone_and_is_the_same_each_time(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack
) -> None:
    answer_all(planner, track)
    close(planner, track)
    first = visitor.get("/in-gesprek/nota/nota.docx")
    assert first.data == visitor.get("/in-gesprek/nota/nota.docx").data
    document = Document(io.BytesIO(first.data))
    headings = [
        (one.style.name, one.text)
        for one in document.paragraphs
        if one.style is not None and one.style.name.startswith("Heading")
    ]
    assert headings[0] == ("Heading 1", "Nota van beantwoording: Beschut wonen in Middendorp")
    assert ("Heading 2", "Wat er veranderde") in headings
    assert ("Heading 3", "De straat") in headings
    assert document.core_properties.language == "nl-NL"
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "nl-NL"
    assert "PAGE" in document.sections[0].footer._element.xml
    answers = document.tables[0]
    assert [cell.text for cell in answers.rows[0].cells][:3] == [
        "Code",
        "Soort en datum",
        "Reactie",
    ]
    assert [row.cells[0].text for row in answers.rows[1:]] == list(PUBLIC)
    assert answers.rows[3].cells[4].text == "Daar ligt een riool."
    told, body = answers.rows[1].cells[2].text.rsplit("\n", 1)
    assert (told.endswith("."), body) == (True, "Waar moeten de auto's staan?")
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    with zipfile.ZipFile(io.BytesIO(first.data)) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "ignore")
    assert HIDDEN_EMAIL not in whole
    assert "Dit is geweigerd" not in whole


def test_the_table_of_the_nota_opens_in_a_spreadsheet(
    planner: FlaskClient, visitor: FlaskClient, track: PlantedTrack
) -> None:
    answer_all(planner, track)
    close(planner, track)
    answer = visitor.get("/in-gesprek/nota/nota.csv")
    rows = pd.read_csv(io.BytesIO(answer.data), sep=";", encoding="utf-8-sig").set_index("code")
    assert list(rows.index) == list(PUBLIC)
    assert rows.loc["bb33", "antwoord"] == "Er komen bomen en een parkeerplek."
    assert rows.loc["cc44", "tekst"] == "'=HYPERLINK(1) is mijn idee"


def test_public_contributions_leave_as_csv_and_geojson(
    visitor: FlaskClient, track: PlantedTrack
) -> None:
    table = visitor.get("/in-gesprek/nota/reacties.csv")
    rows = pd.read_csv(io.BytesIO(table.data), sep=";", encoding="utf-8-sig").set_index("code")
    assert list(rows.index) == list(PUBLIC)
    assert (rows["x_rd"]["cc44"], rows["y_rd"]["cc44"]) == (101_200, 481_500)
    assert rows.loc["cc44", "binnen_via"] == "Op papier, per brief of aan de telefoon"
    assert str(rows.loc["cc44", "tekst"]).startswith("'=")
    places = visitor.get("/in-gesprek/nota/reacties.geojson")
    frame = gpd.read_file(io.BytesIO(places.data))
    assert frame["code"].tolist() == ["cc44"]
    lon, lat = to_wgs84(PLACE.x, PLACE.y)
    assert (frame.geometry.x[0], frame.geometry.y[0]) == pytest.approx((lon, lat), abs=2e-6)
    assert "crs" not in json.loads(places.data)
    for answer in (table, places):
        assert b"geweigerd" not in answer.data
        assert HIDDEN_EMAIL.encode() not in answer.data


def test_what_one_person_chose_is_not_told_as_chosen_often() -> None:
    kind = CONTRIBUTION_KINDS["zorg"]
    question = next(asked for asked in kind.questions if len(asked.options) > 2)
    twice, once = (option for option in question.options[:2])

    def line(*chosen: str) -> Any:
        return SimpleNamespace(
            kind=kind, record=SimpleNamespace(answers={question.key: list(chosen)})
        )

    part = NotaPart(None, None, None, (line(twice.key, once.key), line(twice.key)))
    assert part.named == ((twice.label, 2),)


def test_what_has_no_conversation_has_no_files(visitor: FlaskClient, track: PlantedTrack) -> None:
    assert track
    for name in ("nota", "nota.docx", "nota.csv", "reacties.csv", "reacties.geojson"):
        assert visitor.get(f"/in-gesprek/bestaat-niet/{name}").status_code == 404
    assert visitor.get("/in-gesprek/nota/nota?fase=x").status_code == 400
