"""Moderating: two people refuse, a third decides an appeal, and nobody's work is written over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text

from data.changes.accounts import set_roles
from data.dialogue_tables import ContributionPhoto
from tests.app.signed_in import fields_on, make_account, signed_in, submit
from tests.app.staff_site import fill
from tests.dialogue import PlantedTrack, plant_contribution, plant_track

MODERATION = "/moderatie"
TELLING = "Bel mij op 06-12345678, dan leg ik het uit."


@pytest.fixture(scope="module")
def site(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> tuple[Flask, Engine]:
    return make_site(fill)


@pytest.fixture
def owner(site: tuple[Flask, Engine]) -> Engine:
    return site[1]


@pytest.fixture
def track(owner: Engine) -> Iterator[PlantedTrack]:
    with owner.begin() as connection:
        planted = plant_track(connection)
        plant_contribution(connection, planted, "aaa", "Is er genoeg begeleiding in de avond?")
        plant_contribution(connection, planted, "bbb", TELLING)
        plant_contribution(connection, planted, "ccc", "Jullie zijn idioten.")
    yield planted
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM track"))


@pytest.fixture
def moderators(site: tuple[Flask, Engine]) -> list[FlaskClient]:
    """Three people who moderate the whole region."""
    clients = [signed_in(*site, "moderator", name) for name in ("", "b", "c")]
    with site[1].begin() as connection:
        for name in ("b", "c"):
            account = make_account(site[1], "moderator", name)
            set_roles(connection, account, [("moderator", "")])
    return clients


def state(owner: Engine, code: str) -> dict[str, Any]:
    with owner.connect() as connection:
        row = connection.execute(
            text("SELECT * FROM contribution WHERE code = :code"), {"code": code}
        ).one()
        return dict(row._mapping)


def send(client: FlaskClient, address: str = MODERATION, **chosen: str) -> Any:
    """Choose on the list, look at it, and confirm."""
    looked = choose(client, address, **chosen)
    assert looked.status_code == 200, looked.get_data(as_text=True)
    return confirm(client, looked.get_data(as_text=True))


def choose(client: FlaskClient, address: str = MODERATION, **chosen: str) -> Any:
    fields = rows_of(client.get(address).get_data(as_text=True), MODERATION)
    return client.post(
        MODERATION, data={**fields, **{k.replace("__", "-"): v for k, v in chosen.items()}}
    )


def confirm(client: FlaskClient, page: str) -> Any:
    return client.post(f"{MODERATION}/bevestigen", data=rows_of(page, f"{MODERATION}/bevestigen"))


def rows_of(page: str, action: str) -> dict[str, Any]:
    """The fields of the form, with every code."""
    fields: dict[str, Any] = dict(fields_on(page, action))
    fields["code"] = re.findall(r'name="code" value="([^"]+)"', page)
    return fields


def test_the_queue_shows_what_was_found_in_words_and_how_long_it_waits(
    site: tuple[Flask, Engine], track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    page = moderators[0].get(MODERATION).get_data(as_text=True)
    assert "Er wachten 3 reacties op controle." in page
    assert "06-12345678<span" in page
    assert "[Telefoonnummer]" in page
    assert "[Scheldwoord]" in page
    assert "beloofd binnen 2 dagen" in page
    assert page.index("aaa") < page.index("bbb") < page.index("ccc")


def test_one_look_and_one_confirmation_for_all(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    answer = send(
        moderators[0],
        aaa__keuze="plaatsen",
        bbb__keuze="inkorten",
        ccc__keuze="weigeren",
        ccc__regel="respect",
    )
    assert answer.status_code == 303
    assert state(owner, "aaa")["moderation"] == "openbaar"
    assert state(owner, "bbb")["public_body"] == "Bel mij op (weggelaten), dan leg ik het uit."
    assert (state(owner, "ccc")["moderation"], state(owner, "ccc")["refusal_key"]) == (
        "weigeren",
        "respect",
    )
    told = moderators[0].get(MODERATION).get_data(as_text=True)
    assert "1 reactie is voorgelegd aan een tweede persoon." in told


def test_nothing_happens_before_the_confirmation(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    looked = choose(moderators[0], aaa__keuze="plaatsen")
    assert "Er is nog niets gedaan" in looked.get_data(as_text=True)
    assert state(owner, "aaa")["moderation"] == "wacht"


def test_what_is_ticked_gets_the_choice_for_all(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    send(moderators[0], samen="plaatsen", aaa__kies="y", bbb__kies="y", bbb__keuze="inkorten")
    assert state(owner, "aaa")["moderation"] == "openbaar"
    assert state(owner, "bbb")["public_body"] is not None
    assert state(owner, "ccc")["moderation"] == "wacht"


def test_a_rule_for_all_that_was_forgotten_can_be_given_when_the_page_comes_back(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    ticked = {"aaa__kies": "y", "bbb__kies": "y", "bbb__regel": "", "samen": "weigeren"}
    back = choose(moderators[0], **ticked)
    assert back.status_code == 422
    fields = rows_of(back.get_data(as_text=True), MODERATION)
    looked = moderators[0].post(MODERATION, data={**fields, "samen_regel": "respect"})
    assert looked.status_code == 200, looked.get_data(as_text=True)
    confirm(moderators[0], looked.get_data(as_text=True))
    refused = [
        (state(owner, code)["moderation"], state(owner, code)["refusal_key"])
        for code in ("aaa", "bbb")
    ]
    assert refused == [("weigeren", "respect")] * 2


def test_the_rule_that_was_found_stays_when_no_rule_is_chosen_for_all(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    send(moderators[0], ccc__kies="y", samen="weigeren")
    assert state(owner, "ccc")["refusal_key"] == "respect"


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, "U koos nog niets"),
        ({"aaa__keuze": "weigeren"}, "Kies de huisregel"),
        ({"aaa__keuze": "inkorten"}, "niets veranderd"),
        ({"bbb__keuze": "inkorten", "bbb__tekst": ""}, "wel openbaar mag"),
        ({"bbb__keuze": "inkorten", "bbb__tekst": "Ik ben het eens"}, "alleen woorden weghalen"),
        ({"aaa__keuze": "toewijzen"}, "Dit kan hier niet"),
        ({"aaa__kies": "y", "samen": "weigeren"}, "Kies de huisregel"),
    ],
    ids=str,
)
def test_what_can_not_be_done_is_said_and_all_that_was_typed_stays(
    owner: Engine,
    track: PlantedTrack,
    moderators: list[FlaskClient],
    chosen: dict[str, str],
    told: str,
) -> None:
    answer = choose(moderators[0], ccc__noot="Mijn uitleg", **chosen)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert "Mijn uitleg" in page
    assert {state(owner, code)["moderation"] for code in ("aaa", "bbb", "ccc")} == {"wacht"}


def test_two_moderators_at_once_lose_nothing(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    first, second, _ = moderators
    looked = choose(second, aaa__keuze="weigeren", aaa__regel="onderwerp", ccc__keuze="plaatsen")
    send(first, aaa__keuze="plaatsen")
    before = state(owner, "aaa")
    confirm(second, looked.get_data(as_text=True))
    assert state(owner, "aaa") == before
    assert state(owner, "ccc")["moderation"] == "openbaar"
    told = second.get(MODERATION).get_data(as_text=True)
    assert "Reactie aaa is niet veranderd: iemand anders was u voor" in told


def test_what_changed_before_the_look_does_not_take_part(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    first, second, _ = moderators
    page = rows_of(second.get(MODERATION).get_data(as_text=True), MODERATION)
    send(first, aaa__keuze="plaatsen")
    looked = second.post(MODERATION, data={**page, "aaa-keuze": "weigeren", "aaa-regel": "respect"})
    assert state(owner, "aaa")["moderation"] == "openbaar"
    assert looked.status_code == 200
    assert "Deze reacties zijn intussen veranderd en doen niet mee: aaa." in looked.get_data(
        as_text=True
    )


def test_a_refusal_asks_a_second_person_and_an_appeal_a_third(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    one, two, three = moderators
    send(one, ccc__keuze="weigeren", ccc__regel="respect")
    own = one.get(f"{MODERATION}?lijst=tweede").get_data(as_text=True)
    assert "Hier moet iemand anders naar kijken." in own
    assert 'value="eens"' not in own
    send(two, f"{MODERATION}?lijst=tweede", ccc__keuze="eens")
    assert state(owner, "ccc")["moderation"] == "geweigerd"
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE contribution SET appeal_text = 'Ik bedoelde het niet zo', "
                "appealed_at = now() WHERE code = 'ccc'"
            )
        )
    for earlier in (one, two):
        page = earlier.get(f"{MODERATION}?lijst=bezwaar").get_data(as_text=True)
        assert "Ik bedoelde het niet zo" in page
        assert 'value="toewijzen"' not in page
    page = choose(three, f"{MODERATION}?lijst=bezwaar", ccc__keuze="toewijzen")
    assert "Leg kort uit waarom" in page.get_data(as_text=True)
    send(
        three,
        f"{MODERATION}?lijst=bezwaar",
        ccc__keuze="toewijzen",
        ccc__noot="Het is geen schelden.",
    )
    after = state(owner, "ccc")
    assert (after["moderation"], after["appeal_outcome"], after["refusal_key"]) == (
        "openbaar",
        "toegewezen",
        None,
    )
    log = three.get(f"{MODERATION}/ccc").get_data(as_text=True)
    for told in ("Voorgesteld om niet te plaatsen", "na een tweede blik", "Geplaatst na bezwaar"):
        assert told in log
    assert "Huisregel: Blijf rustig en netjes" in log


def test_a_second_person_may_let_it_through_after_all(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    one, two, _ = moderators
    send(one, ccc__keuze="weigeren", ccc__regel="respect")
    send(two, f"{MODERATION}?lijst=tweede", ccc__keuze="toch_plaatsen")
    assert state(owner, "ccc")["moderation"] == "openbaar"


def test_what_is_public_can_be_shortened_or_taken_off_by_two(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    one, two, _ = moderators
    send(one, aaa__keuze="plaatsen", bbb__keuze="plaatsen")
    answer = submit(one, f"{MODERATION}/bbb", **{"bbb-keuze": "bijwerken"})
    assert answer.status_code == 303
    assert state(owner, "bbb")["public_body"] == "Bel mij op (weggelaten), dan leg ik het uit."
    submit(two, f"{MODERATION}/aaa", **{"aaa-keuze": "intrekken", "aaa-regel": "onderwerp"})
    assert state(owner, "aaa")["moderation"] == "weigeren"


def test_a_photo_is_shown_apart_and_removed_when_people_are_on_it(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    with owner.begin() as connection:
        for code in ("aaa", "bbb"):
            connection.execute(
                insert(ContributionPhoto).values(
                    contribution_code=code,
                    media_type="image/png",
                    content=b"png",
                    description="Hek",
                )
            )
    one = moderators[0]
    assert one.get(f"{MODERATION}/aaa/foto").data == b"png"
    assert one.get(f"{MODERATION}/ccc/foto").status_code == 404
    send(one, aaa__keuze="plaatsen", aaa__foto="openbaar", bbb__foto="weg")
    with owner.connect() as connection:
        rows = connection.execute(
            text("SELECT contribution_code, is_public FROM contribution_photo")
        )
        assert [tuple(row) for row in rows] == [("aaa", True)]
    assert state(owner, "bbb")["moderation"] == "wacht"
    assert "Foto weggehaald" in one.get(f"{MODERATION}/bbb").get_data(as_text=True)


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("", {"aaa", "bbb", "ccc"}),
        ("?vondst=met", {"bbb", "ccc"}),
        ("?vondst=zonder", {"aaa"}),
        ("?vondst=belediging", {"ccc"}),
        ("?vondst=adres", set()),
        ("?gesprek=2147483647", set()),
        ("?lijst=gedaan", set()),
        ("?pagina=2", set()),
    ],
)
def test_the_list_is_filtered(
    track: PlantedTrack, moderators: list[FlaskClient], question: str, codes: set[str]
) -> None:
    page = moderators[0].get(f"{MODERATION}{question}").get_data(as_text=True)
    assert {code for code in ("aaa", "bbb", "ccc") if f'value="{code}"' in page} == codes


def test_the_same_text_of_many_is_told(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    with owner.begin() as connection:
        for number in range(3):
            plant_contribution(
                connection, track, f"zz{number}", "Wij willen hier geen nieuwe gebouwen bij."
            )
    page = moderators[0].get(MODERATION).get_data(as_text=True)
    assert "Dezelfde tekst kwam 3 keer binnen in dit gesprek." in page


def test_only_a_moderator_comes_here(site: tuple[Flask, Engine], track: PlantedTrack) -> None:
    for role, gemeente in (("planner", "GM9002"), ("raadslid", ""), ("regiocoordinator", "")):
        client = signed_in(*site, role, gemeente)
        assert client.get(MODERATION).status_code == 403
        assert client.get(f"{MODERATION}/aaa").status_code == 403
    assert site[0].test_client().get(MODERATION).status_code == 401


def test_house_rules_tell_the_promise_and_what_it_took(
    site: tuple[Flask, Engine], owner: Engine, track: PlantedTrack
) -> None:
    client = site[0].test_client()
    page = client.get("/huisregels").get_data(as_text=True)
    assert "Wij bekijken uw reactie binnen 2 dagen." in page
    assert "nog te weinig reacties" in page
    now = dt.datetime.now(dt.UTC)
    with owner.begin() as connection:
        for hours in range(1, 11):
            plant_contribution(
                connection,
                track,
                f"t{hours}",
                moderation="openbaar",
                made_at=now - dt.timedelta(hours=hours + 1),
                moderated_at=now - dt.timedelta(hours=1),
            )
    page = client.get("/huisregels").get_data(as_text=True)
    assert "bekeken wij 10 reacties" in page
    # Hours 1 to 10: the median is 5.5, told as 6; nine tenths lie at 9.1, told as 9.
    assert "De helft was bekeken binnen 6 uur" in page
    assert "binnen 9 uur" in page


def test_nothing_that_is_sent_breaks_a_page(
    owner: Engine, track: PlantedTrack, moderators: list[FlaskClient]
) -> None:
    one = moderators[0]
    proof = rows_of(one.get(MODERATION).get_data(as_text=True), MODERATION)["csrf_token"]
    nasty = (
        "",
        "\x00",
        "x" * 3000,
        "plaatsen",
        "<script>alert(1)</script>",
        "-1",
        "\ud7ff\U0010ffff",
    )
    fields = ("keuze", "regel", "tekst", "noot", "foto", "gezien", "kies")
    for address in (MODERATION, f"{MODERATION}/bevestigen", f"{MODERATION}/aaa"):
        for word in nasty:
            data: dict[str, Any] = {f"aaa-{name}": word for name in fields}
            data |= {"csrf_token": proof, "code": ["aaa", word, "aaa"], "samen": word}
            answer = one.post(address, data={**data, "samen_regel": word})
            assert answer.status_code in (200, 303, 409, 422), (address, word)
            assert b"<script>alert" not in answer.data
            for name in ("lijst", "vondst", "gesprek"):
                asked = one.post(address, data={**data, name: word})
                assert asked.status_code in (200, 303, 400, 409, 422), (address, name, word)
    assert {state(owner, code)["moderation"] for code in ("aaa", "bbb", "ccc")} == {"wacht"}
