"""Planners answer what came in: alone or with a theme, and nobody's work is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

from app.services.choice_changes import make_choice
from data.changes.choices import ChoiceFields
from data.dialogue_tables import Contribution, Theme
from tests.app.answered import HIDDEN_EMAIL, planted
from tests.app.signed_in import csrf_token, form_fields, signed_in, submit
from tests.dialogue import PlantedTrack

pytestmark = pytest.mark.usefixtures("track")


@pytest.fixture
def track(app: Flask, owner: Engine) -> Iterator[PlantedTrack]:
    assert app
    with planted(owner) as found:
        yield found


@pytest.fixture
def planner(app: Flask, owner: Engine) -> FlaskClient:
    return signed_in(app, owner, "planner", "GM9002")


def address(track: PlantedTrack, rest: str = "reacties") -> str:
    return f"/gesprekken/{track.id}/{rest}"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def stored(owner: Engine, code: str) -> Contribution:
    with owner.connect() as connection:
        row = connection.execute(
            select(Contribution.__table__).where(Contribution.code == code)
        ).one()
    return row  # type: ignore[return-value]


def sort(client: FlaskClient, track: PlantedTrack, *codes: str, **values: str) -> int:
    path = address(track)
    data = {"csrf_token": csrf_token(client, path), "reactie": list(codes), **values}
    return client.post(path, data=data).status_code


def test_all_that_came_in_is_listed_with_what_waits_and_since_when(
    planner: FlaskClient, track: PlantedTrack
) -> None:
    body = page(planner, address(track))
    assert "5 reacties binnen. 3 reacties wachten op antwoord" in body
    assert "de oudste sinds 1 december 2025 (31 dagen)" in body
    assert "Beloofd is een antwoord binnen 28 dagen; bij 3 reacties is die tijd voorbij." in body
    for code, mark in (("dd55", "Wacht op controle"), ("ee66", "Niet geplaatst")):
        row = body[body.index(f'id="{code}"') :].partition("</tr>")[0]
        assert mark in row
    for code in ("aa22", "bb33", "cc44"):
        row = body[body.index(f'id="{code}"') :].partition("</tr>")[0]
        assert "vp-answers__mark" not in row


def test_no_page_tells_whose_it_is_or_whether_an_answer_by_mail_was_asked(
    planner: FlaskClient, track: PlantedTrack
) -> None:
    with_address = page(planner, address(track, "reacties/aa22"))
    assert HIDDEN_EMAIL not in with_address + page(planner, address(track))
    assert "e-mail" not in with_address.lower()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("antwoord=wacht", {"aa22", "bb33", "cc44"}),
        ("controle=geweigerd", {"ee66"}),
        ("soort=plek", {"cc44"}),
        ("thema=geen", {"aa22", "bb33", "cc44", "dd55", "ee66"}),
        ("status=meegenomen", set()),
        ("fase=geen", set()),
        ("woord=++AUTO's", {"aa22"}),
        ("woord=bb33", {"bb33"}),
        ("woord=dit&controle=wacht", {"dd55"}),
        ("woord=%00%25", set()),
    ],
)
def test_the_list_shows_what_is_asked(
    planner: FlaskClient, track: PlantedTrack, query: str, codes: set[str]
) -> None:
    body = page(planner, f"{address(track)}?{query}")
    found = {c for c in ("aa22", "bb33", "cc44", "dd55", "ee66") if f'id="{c}"' in body}
    assert found == codes


def test_an_address_brings_nothing_along_but_what_the_list_asks(
    planner: FlaskClient, track: PlantedTrack
) -> None:
    query = "?antwoord=wacht&track_id=5&code=x&_external=1&_scheme=javascript&_anchor=y"
    for rest in ("reacties", "reacties/aa22"):
        body = page(planner, address(track, rest) + query)
        assert "antwoord=wacht" in body
        for word in ("javascript", "track_id", "_external", "http://localhost"):
            assert word not in body


def test_a_final_status_asks_an_answer_and_nothing_typed_is_lost(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    path = address(track, "reacties/aa22")
    refused = submit(planner, path, status="niet_meegenomen", antwoord="  ")
    assert refused.status_code == 422
    assert "hoort een antwoord" in refused.get_data(as_text=True)
    assert 'value="niet_meegenomen" selected' in " ".join(
        refused.get_data(as_text=True).split()
    ) or ('selected value="niet_meegenomen"' in refused.get_data(as_text=True))
    assert stored(owner, "aa22").status == "nieuw"
    done = submit(planner, path, status="niet_meegenomen", antwoord="Er is plek op straat.")
    assert done.status_code == 303
    kept = stored(owner, "aa22")
    assert (kept.status, kept.answer) == ("niet_meegenomen", "Er is plek op straat.")
    assert kept.answered_at is not None
    assert kept.answered_by is not None


def test_one_goes_on_to_the_next_that_waits_within_what_was_asked(
    planner: FlaskClient, track: PlantedTrack
) -> None:
    def answered(code: str, query: str = "") -> str:
        path = address(track, f"reacties/{code}") + query
        words = {"status": "meegenomen", "antwoord": "Dat doen wij.", "doen": "volgende"}
        answer = submit(planner, path, path, **words)
        assert answer.status_code == 303
        return answer.headers["Location"].partition(f"{track.id}/")[2]

    # The newest first: cc44, bb33, aa22; dd55 and ee66 are not public, so nobody waits for them.
    assert answered("bb33", "?woord=a") == "reacties/aa22?woord=a"
    assert answered("aa22", "?soort=idee") == "reacties?soort=idee"
    assert answered("aa22") == "reacties/cc44"
    assert "Opgeslagen: reactie aa22." in page(planner, address(track, "reacties/cc44"))
    assert answered("cc44") == "reacties"
    assert "Niets anders wacht nog op antwoord." in page(planner, address(track))


def test_what_came_on_paper_is_typed_from_here(planner: FlaskClient, track: PlantedTrack) -> None:
    assert f'href="{address(track, "invoeren")}"' in page(planner, address(track))
    assert "Reacties invoeren" in page(planner, address(track, "invoeren"))


def test_the_second_of_two_planners_sees_what_the_first_wrote_and_keeps_the_own_words(
    app: Flask, owner: Engine, planner: FlaskClient, track: PlantedTrack
) -> None:
    other = signed_in(app, owner, "regiocoordinator")
    path = address(track, "reacties/bb33")
    before = form_fields(planner, path)
    assert submit(other, path, status="bekeken", antwoord="Eerste antwoord.").status_code == 303
    late = planner.post(path, data={**before, "status": "meegenomen", "antwoord": "Het tweede."})
    body = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "Eerste antwoord." in body
    assert "Het tweede." in body
    assert stored(owner, "bb33").answer == "Eerste antwoord."


def test_several_go_in_a_theme_at_once_and_get_its_answer(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    assert (
        sort(planner, track, "aa22:1", "bb33:1", doen="thema", thema="nieuw", naam="Straat") == 303
    )
    theme_id = stored(owner, "aa22").theme_id
    assert theme_id is not None
    assert stored(owner, "bb33").theme_id == theme_id
    path = address(track, f"themas/{theme_id}")
    assert submit(planner, path, status="meegenomen").status_code == 422
    assert submit(planner, path, status="meegenomen", antwoord="Er komt groen.").status_code == 303
    body = page(planner, address(track))
    assert "5 reacties binnen. 1 reactie wacht op antwoord" in body
    assert stored(owner, "aa22").status == "nieuw"


def test_all_that_is_asked_goes_in_a_theme_also_from_other_pages(
    planner: FlaskClient, track: PlantedTrack, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{address(track)}?antwoord=wacht"

    def mark() -> str:
        return str(re.findall(r'name="alles" value="([^"]+)"', page(planner, path))[0])

    assert 'name="alles"' not in page(planner, path)
    monkeypatch.setattr("app.pages.answering.PAGE_SIZE", 2)
    assert "Neem alle 3 gekozen reacties, ook op de andere bladzijden" in page(planner, path)
    words = {"doen": "thema", "thema": "nieuw", "naam": "Alles", "reactie": "aa22:1"}
    before = mark()
    assert submit(planner, f"{address(track)}/aa22", status="bekeken").status_code == 303
    stale = submit(planner, path, path, alles=before, **words)
    assert stale.status_code == 422
    assert "Intussen kwam er een reactie bij" in stale.get_data(as_text=True)
    assert stored(owner, "aa22").theme_id is None
    assert submit(planner, path, path, alles=mark(), **words).status_code == 303
    themes = {code: stored(owner, code).theme_id for code in ("aa22", "bb33", "cc44", "dd55")}
    assert themes["aa22"] == themes["bb33"] == themes["cc44"] is not None
    assert themes["dd55"] is None


def test_nothing_is_sorted_when_one_changed_meanwhile(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE contribution SET status = 'bekeken' WHERE code = 'bb33'"))
    assert (
        sort(planner, track, "aa22:1", "bb33:1", doen="thema", thema="nieuw", naam="Groen") == 409
    )
    assert stored(owner, "aa22").theme_id is None
    with owner.connect() as connection:
        assert connection.scalar(select(Theme.id).where(Theme.track_id == track.id)) is None


@pytest.mark.parametrize(
    "values",
    [
        {"doen": "thema", "thema": "nieuw", "naam": " "},
        {"doen": "thema", "thema": ""},
        {"doen": "thema", "thema": "nieuw", "naam": "vrouwenopvang"},
    ],
)
def test_a_theme_without_a_name_is_refused(
    planner: FlaskClient, track: PlantedTrack, values: dict[str, str]
) -> None:
    assert sort(planner, track, "aa22:1", **values) == 422
    assert sort(planner, track, doen="bekeken") == 422


def test_marking_as_read_leaves_what_was_answered(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    path = address(track, "reacties/aa22")
    submit(planner, path, status="meegenomen", antwoord="Ja.")
    assert sort(planner, track, "aa22:2", "bb33:1", doen="bekeken") == 303
    assert stored(owner, "aa22").status == "meegenomen"
    assert stored(owner, "bb33").status == "bekeken"


def test_themes_are_ordered_merged_and_removed_and_no_contribution_goes_with_them(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    themes = address(track, "themas")
    for name in ("Een", "Twee", "Drie"):
        assert submit(planner, themes, naam=name).status_code == 303
    assert submit(planner, themes, naam="twee").status_code == 422
    with owner.connect() as connection:
        ids = dict(
            connection.execute(select(Theme.name, Theme.id).where(Theme.track_id == track.id)).all()
        )
    token = csrf_token(planner, themes)
    planner.post(
        f"{themes}/{ids['Drie']}/verplaatsen", data={"csrf_token": token, "naar": "omhoog"}
    )
    body = page(planner, themes)
    assert body.index(">Een<") < body.index(">Drie<") < body.index(">Twee<")
    sort(planner, track, "aa22:1", doen="thema", thema=str(ids["Drie"]))
    into = f"{themes}/{ids['Drie']}"
    assert submit(planner, into, f"{into}/samenvoegen", met=str(ids["Een"])).status_code == 303
    assert stored(owner, "aa22").theme_id == ids["Een"]
    last = f"{themes}/{ids['Een']}"
    assert submit(planner, last, f"{last}/weghalen").status_code == 303
    assert stored(owner, "aa22").theme_id is None
    assert planner.get(last).status_code == 404


def test_a_theme_with_an_answer_is_not_merged_away(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    themes = address(track, "themas")
    for name in ("Een", "Twee"):
        submit(planner, themes, naam=name)
    with owner.connect() as connection:
        one, two = connection.scalars(
            select(Theme.id).where(Theme.track_id == track.id).order_by(Theme.position)
        )
    submit(planner, f"{themes}/{one}", status="bekeken", antwoord="Wij kijken ernaar.")
    kept = submit(planner, f"{themes}/{one}", f"{themes}/{one}/samenvoegen", met=str(two))
    assert kept.status_code == 422
    assert "al een antwoord" in kept.get_data(as_text=True)


def test_a_proposed_place_can_be_taken_along_as_a_candidate(
    planner: FlaskClient, track: PlantedTrack, owner: Engine
) -> None:
    body = page(planner, address(track, "reacties/cc44"))
    assert "Neem over als kandidaat" in body
    path = address(track, "reacties/cc44/kandidaat")
    assert "Er is nog geen keuze waar deze plek bij past" in page(planner, path)
    with owner.begin() as connection:
        choice_id = make_choice(
            connection, ChoiceFields("GM9002", "beschut_wonen", "Huis"), "Besluit", None
        )
    assert submit(planner, path, reden="").status_code == 422
    done = submit(planner, path, reden="Genoemd door een inwoner")
    assert done.headers["Location"] == f"/keuzes/{choice_id}"
    again = submit(planner, path, reden="Nog eens")
    assert again.status_code == 422
    assert "doet al mee" in again.get_data(as_text=True)
    with owner.begin() as connection:
        origin = connection.scalar(
            text("SELECT origin || ' ' || origin_note FROM choice_candidate")
        )
        connection.execute(text("DELETE FROM site WHERE name = 'Voorstel cc44'"))
        connection.execute(text("DELETE FROM choice WHERE id = :id"), {"id": choice_id})
    assert origin == "inwoner Reactie cc44"
    assert planner.get(address(track, "reacties/aa22/kandidaat")).status_code == 404
    assert "Neem over als kandidaat" not in page(planner, address(track, "reacties/aa22"))


def test_another_gemeente_neither_reads_nor_answers(
    app: Flask, owner: Engine, track: PlantedTrack
) -> None:
    other = signed_in(app, owner, "planner", "GM9001")
    for rest in ("reacties", "reacties/aa22", "themas", "overnemen", "inbed"):
        assert other.get(address(track, rest)).status_code == 404, rest


def test_a_conversation_of_the_region_is_read_by_all_and_answered_by_its_coordinator(
    app: Flask, owner: Engine, planner: FlaskClient, track: PlantedTrack
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE track SET gemeente_code = 'regio' WHERE id = :id"), {"id": track.id}
        )
    body = page(planner, address(track))
    assert "Zet in thema" not in body
    assert sort(planner, track, "aa22:1", doen="bekeken") == 403
    assert stored(owner, "aa22").status == "nieuw"
    assert sort(signed_in(app, owner, "regiocoordinator"), track, "aa22:1", doen="bekeken") == 303
