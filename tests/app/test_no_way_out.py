"""Secret sites leave by no way at all: every page, file, header, log, error and command.

Words and places are planted in everything that can hold them. Then everyone walks through the
whole site: only a planner of that very gemeente and the coordinator of the region may meet them,
and only in the workspace.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.auth.roles import ROLES
from app.cli import main
from app.pages import area as area_page
from app.services.demo import load_demo_region
from app.services.demo_choices import load_demo_choices
from app.services.demo_dialogue import load_demo_dialogue
from data.figures import FIGURES
from tests.app.planted import GEMEENTE, PLACES_M, Crawl, SecretsInLog, leaks, plant, talk_about
from tests.app.signed_in import make_account, signed_in
from tests.app.test_hostile_requests import usual
from tests.app.test_protected_sites import addresses

#: Pages that show a planner the own sites, whole.
WORKSPACE = re.compile(r" /(?:werkbank|vergelijk|keuzes|scenarios?|kiezen|gesprekken)\b")
#: A conversation that is also about the secret sites.
TRACK = "skaeve-huse-haarlem-voorbeeld"
#: Who walks: role, gemeente, and whether the secrets may be met in the workspace.
WALKERS = (
    ("bezoeker", "", False),
    ("planner", "GM0453", False),
    ("raadslid", "", False),
    ("moderator", "", False),
    ("databeheerder", "", False),
    ("beheerder", "", False),
    ("planner", GEMEENTE, True),
    ("regiocoordinator", "", True),
)
#: Of each page so many links of a kind are followed: more for a visitor, who is everyone.
MOST_OF_A_KIND = {"bezoeker": 3}
Planted = tuple[Flask, Engine, dict[str, int]]


@pytest.fixture(scope="module")
def planted(
    make_site: Callable[[Callable[[Engine], Any]], tuple[Flask, Engine]],
) -> Planted:
    """The example region with secret sites in Haarlem, and their ids by level."""
    sites: dict[str, int] = {}

    def fill(engine: Engine) -> None:
        load_demo_region(engine)
        load_demo_choices(engine)
        load_demo_dialogue(engine)
        account_id = make_account(engine, "planner", GEMEENTE)
        with engine.begin() as connection:
            sites["gebied"] = plant(connection, "gebied", "beschut_wonen", account_id)
            sites["intern"] = plant(connection, "intern", "respijt", account_id)
            for publication, site_id in sites.items():
                talk_about(connection, TRACK, site_id, publication)

    app, engine = make_site(fill)
    return app, engine, sites


def client_of(planted: Planted, role: str, gemeente: str) -> FlaskClient:
    app, engine, _ = planted
    return app.test_client() if role == "bezoeker" else signed_in(app, engine, role, gemeente)


def seeds(planted: Planted) -> list[str]:
    """Every page once by its usual address, and with the number of each secret site."""
    app = planted[0]
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        address = usual(rule).replace("GM9001", GEMEENTE).replace("100500,480500", "103500,488500")
        found.append(address)
        if "site_id" in rule.arguments:
            found += [usual(rule, **numbers) for numbers in numbers_of(planted)]
    return found


def numbers_of(planted: Planted) -> list[dict[str, str]]:
    """For each secret site its number, and those of its document and of a change to it."""
    query = text(
        "SELECT d.site_id, d.id, (SELECT min(c.id) FROM change c WHERE c.site_id = d.site_id) "
        "FROM site_document d ORDER BY d.site_id"
    )
    names = ("site_id", "document_id", "change_id")
    with planted[1].connect() as connection:
        found = [map(str, row) for row in connection.execute(query)]
    return [dict(zip(names, row, strict=True)) for row in found]


@pytest.fixture
def log() -> Iterator[SecretsInLog]:
    """Every line of every logger, also the SQL with its parameters and rows."""
    handler, root = SecretsInLog(), logging.getLogger()
    names = ("", "sqlalchemy.engine", "sqlalchemy.pool", "werkzeug", "vlekkenplan")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(("role", "gemeente", "may_see"), WALKERS)
def test_nobody_meets_a_secret_site_outside_their_workspace(
    planted: Planted, role: str, gemeente: str, may_see: bool
) -> None:
    crawl = Crawl(client_of(planted, role, gemeente), MOST_OF_A_KIND.get(role, 1))
    more = addresses(planted[1]) if role == "bezoeker" else []
    crawl.walk([*seeds(planted), *more])
    assert len(crawl.asked) > 60
    assert crawl.faults == []
    if may_see:
        # The walk can find them: without this the other walks would prove nothing.
        assert any("Naamkwark" in leak for leak in crawl.leaks)
        crawl.leaks = [leak for leak in crawl.leaks if not WORKSPACE.search(leak)]
    assert crawl.leaks == []


@pytest.mark.parametrize(("role", "gemeente", "may_see"), WALKERS)
def test_no_error_page_tells_of_a_secret_site(
    planted: Planted, role: str, gemeente: str, may_see: bool
) -> None:
    app, _, sites = planted
    crawl = Crawl(client_of(planted, role, gemeente), 0)
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        site_id = str(sites["intern"])
        address = usual(rule, site_id=site_id)
        crawl.ask(address, "POST")
        crawl.ask(address, "DELETE", headers={"Accept": "application/json"})
        crawl.ask(f"{address}/niets")
        crawl.ask(f"{usual(rule)}?datum=x&niveau=x&soort=x&locatie={site_id}&kandidaat={site_id}")
    assert crawl.faults == []
    assert {400, 404, 405} <= set(crawl.asked.values()) | {405}
    assert [leak for leak in crawl.leaks if not (may_see and WORKSPACE.search(leak))] == []


def test_what_a_visitor_does_leaves_nothing_in_the_logs(
    planted: Planted, log: SecretsInLog
) -> None:
    app = planted[0]
    app.extensions["vlekkenplan_engine"].echo = "debug"
    try:
        crawl = Crawl(app.test_client(), 0)
        for address in seeds(planted):
            if "bereikbaarheid" not in address and "nabij" not in address:
                crawl.ask(address)
    finally:
        app.extensions["vlekkenplan_engine"].echo = False
    assert log.line_count > 1000
    assert log.found == []


def test_a_fault_of_ours_tells_nothing_of_the_row_that_it_was_about(
    planted: Planted, log: SecretsInLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database says which row it could not write, with all that stands in it."""
    _, engine, sites = planted

    def fail(*_: object) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE site SET publication = 'x' WHERE id = %(id)s", {"id": sites["intern"]}
            )

    monkeypatch.setattr(area_page, "area_profile", fail)
    crawl = Crawl(client_of(planted, "bezoeker", ""), 0)
    crawl.ask(f"/gebied/{GEMEENTE}")
    assert crawl.asked == {f"/gebied/{GEMEENTE}": 500}
    assert crawl.leaks == []
    assert log.line_count > 0
    assert log.found == []


COMMANDS = (
    ("spreading", "--types", "alle_locaties", "--level", "wijk"),
    ("spreading", "--types", "alle_locaties", "--format", "json"),
    ("spreading-series", "--types", "alle_locaties", "--from", "2021"),
    (
        "exposure",
        "--types",
        "alle_locaties",
    ),
    ("exposure", "--types", "alle_locaties", "--format", "csv"),
    ("access", "point", "--x", "104137", "--y", "488913"),
    ("export", "map", "--out", "kaart.html"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_tells_of_a_secret_site(
    planted: Planted, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = planted[1].url.render_as_string(hide_password=False)
    env = {**os.environ, "DATABASE_URL": url, "VLEKKENPLAN_HOME": str(tmp_path / "home")}
    done = CliRunner().invoke(main, list(words), env=env)
    assert done.exit_code == 0, done.output
    assert leaks(done.output) == []
    for file in tmp_path.glob("*.*"):
        assert leaks(file.read_bytes()) == [], file.name


def test_the_search_for_leaks_finds_them() -> None:
    x_m, y_m = PLACES_M["intern"]
    assert leaks("een Adreskwarkgebied hier") == ["Adreskwarkgebied"]
    assert leaks(f"{x_m:.2f} {y_m:.2f}") == ["place intern"]
    assert leaks('"plek":[52.38412,4.64321]') == []
    assert len(FIGURES) > 3
    assert set(ROLES.keys) == {role for role, _, _ in WALKERS}
