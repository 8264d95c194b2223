"""What is public is the same to the byte with an internal site and without one.

A protected site adds to the counts of its gemeente and wijk, and to nothing else; where it stands
in its wijk makes no difference at all. So no sum and no subtraction tells of either.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.services import clustering, current, kept_draws, map_layers, residents, site_profile
from app.services.demo import load_demo_region
from tests.app.conftest import TODAY
from tests.app.planted import GEMEENTE, PLACES_M, comparable, move, plant, uproot

#: These hold nothing that a protected site counts in: not by buurt, and nothing that is measured.
MEASURED = (
    "/lijst/gebieden?niveau=buurt",
    "/lijst/gebieden.csv?niveau=buurt",
    "/lijst/gebieden.gpkg?niveau=buurt",
    "/lijst/locaties.csv",
    "/lijst/locaties.gpkg?datum=2022-06-01&soort=respijt",
    "/kaart/laag.json?cijfer=inwoners&niveau=buurt",
    "/kaart/zoek.json?q=haarlem",
    "/spreiding/nabij.csv?soort=beschut_wonen&niveau=wijk",
    "/spreiding/nabij.csv?soort=respijt&niveau=gemeente&afstand=400",
    "/bereikbaarheid/minuten.csv?niveau=wijk",
    "/bereikbaarheid/respijt.csv?niveau=wijk&soort=beschut_wonen",
    "/bereikbaarheid/respijt.csv?niveau=gemeente",
    "/bereikbaarheid?punt=104137,488914",
    "/bereikbaarheid/104137,488914.json",
    "/bronnen",
)
#: These count by gemeente and wijk: a protected site may be in them, an internal one may not.
COUNTED = (
    "/",
    "/?niveau=wijk&soort=respijt",
    f"/?gebied={GEMEENTE}",
    "/kaart/locaties.json",
    "/kaart/locaties.json?datum=2022-06-01",
    f"/gebied/{GEMEENTE}",
    "/gebied/GM0453",
    "/lijst/gebieden",
    "/lijst/gebieden.csv",
    "/lijst/gebieden.csv?niveau=wijk",
    "/lijst/gebieden.csv?niveau=wijk&datum=2022-06-01",
    "/lijst/gebieden.xlsx?niveau=wijk",
    "/lijst/locaties",
    "/lijst/locaties.xlsx",
    f"/lijst/locaties?gemeente={GEMEENTE}&soort=respijt",
    "/soorten",
    "/soorten/beschut_wonen",
    "/soorten/respijt",
    "/spreiding?soort=respijt",
    "/spreiding.csv?niveau=wijk&soort=beschut_wonen",
    "/spreiding.csv?niveau=gemeente&soort=alle_locaties",
    "/spreiding.xlsx?soort=respijt",
    "/spreiding/verloop/jaren.csv?van=2021&soort=respijt",
    "/spreiding/verloop/gebieden.csv?van=2021&niveau=wijk&soort=beschut_wonen",
    "/spreiding/nabij?soort=respijt",
    "/methode/hooverindex",
    "/methode/plekken-dichtbij",
)
Answers = dict[str, str]


def answers(client: FlaskClient) -> Answers:
    """Every answer made anew: nothing that is kept may hide a difference."""
    for shelf in (
        kept_draws._shelf,
        residents._shelf,
        clustering._answers,
        clustering._grounds,
        map_layers._shelf,
        site_profile._shelf,
    ):
        shelf.clear()
    found = {}
    for address in (*MEASURED, *COUNTED, *_of_place(client)):
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = comparable(answer)
    return found


def _of_place(client: FlaskClient) -> list[str]:
    """The pages of the wijk and buurt of the planted sites."""
    engine = client.application.extensions["vlekkenplan_engine"]
    query = text(
        "SELECT area_code FROM area WHERE level <> 'gemeente' "
        "AND ST_Covers(geom, ST_SetSRID(ST_Point(:x, :y), 28992))"
    )
    places = [dict(zip("xy", place, strict=True)) for place in PLACES_M.values()]
    with engine.connect() as connection:
        codes = {code for place in places for code in connection.scalars(query, place)}
    return [f"/gebied/{code}" for code in sorted(codes)]


@pytest.fixture(scope="module")
def told(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> dict[str, Answers]:
    """What a visitor is told: with nothing planted, and with each kind of site."""
    app, engine = make_site(load_demo_region)
    client, found = app.test_client(), {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(current, "today", lambda: TODAY)
        found["nothing"] = answers(client)
        for publication, site_type in (("intern", "respijt"), ("gebied", "beschut_wonen")):
            with engine.begin() as connection:
                site_id = plant(connection, publication, site_type, None)
            found[publication] = answers(client)
            if publication == "gebied":
                with engine.begin() as connection:
                    move(connection, site_id, *elsewhere_in_the_wijk(connection))
                found["moved"] = answers(client)
            with engine.begin() as connection:
                uproot(connection, site_id)
        found["again"] = answers(client)
    return found


def elsewhere_in_the_wijk(connection: Any) -> tuple[float, float]:
    """A point in another buurt of the wijk of the protected site, far from where it stood."""
    x_m, y_m = PLACES_M["gebied"]
    query = text(
        "WITH here AS (SELECT ST_SetSRID(ST_Point(:x, :y), 28992) AS place) "
        "SELECT ST_X(ST_PointOnSurface(b.geom)), ST_Y(ST_PointOnSurface(b.geom)) "
        "FROM area b, area w, here WHERE b.level = 'buurt' AND w.level = 'wijk' "
        "AND b.wijk_code = w.area_code AND ST_Covers(w.geom, here.place) "
        "AND NOT ST_Covers(b.geom, here.place) "
        "ORDER BY ST_Distance(b.geom, here.place) DESC LIMIT 1"
    )
    found = connection.execute(query, {"x": x_m, "y": y_m}).one()
    return float(found[0]), float(found[1])


def differing(told: dict[str, Answers], one: str, other: str) -> list[str]:
    assert told[one].keys() == told[other].keys()
    return [address for address in told[one] if told[one][address] != told[other][address]]


def test_asking_twice_gives_the_same(told: dict[str, Answers]) -> None:
    assert differing(told, "nothing", "again") == []


def test_an_internal_site_changes_not_one_byte(told: dict[str, Answers]) -> None:
    assert differing(told, "nothing", "intern") == []


def test_moving_a_protected_site_within_its_wijk_changes_not_one_byte(
    told: dict[str, Answers],
) -> None:
    assert differing(told, "gebied", "moved") == []


def test_a_protected_site_is_in_no_buurt_and_in_nothing_that_is_measured(
    told: dict[str, Answers],
) -> None:
    changed = differing(told, "nothing", "gebied")
    assert [address for address in changed if address in MEASURED] == []
    assert [address for address in changed if address.startswith("/gebied/BU")] == []
    assert f"/gebied/{GEMEENTE}" in changed
    assert "/kaart/locaties.json" in changed


@pytest.mark.parametrize(("level", "code"), [("gemeente", GEMEENTE), ("wijk", "WK0392")])
def test_a_protected_site_counts_in_its_own_gemeente_and_wijk_and_in_no_other(
    told: dict[str, Answers], level: str, code: str
) -> None:
    address = "/lijst/gebieden.csv" + ("?niveau=wijk" if level == "wijk" else "")
    before, after = rows(told["nothing"][address]), rows(told["gebied"][address])
    changed = [key for key in before if before[key] != after[key]]
    assert len(changed) == 1
    assert changed[0].startswith(code)
    columns = {name for name, cell in before[changed[0]].items() if after[changed[0]][name] != cell}
    assert columns == {"plekken_in_gebruik", "locaties"}


def rows(content: str) -> dict[str, dict[str, str]]:
    reader = csv.DictReader(io.StringIO(content.lstrip("\ufeff")), delimiter=";")
    return {row["code"]: row for row in reader}
