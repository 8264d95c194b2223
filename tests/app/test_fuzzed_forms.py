"""Whatever is sent to any form of any page, by whoever: no fault of ours, nothing that leaks.

The forms are found in the pages themselves, so that a new form is fuzzed from its first day on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, redirect, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from itsdangerous import URLSafeTimedSerializer
from markupsafe import escape
from sqlalchemy import Engine, text

from app.auth.permissions import PERMISSIONS
from app.auth.roles import ROLES, VISITOR_KEY
from app.auth.routes import ROUTES
from app.services import current
from app.services.choice_changes import add_candidates, make_choice
from app.services.demo import load_region
from data.changes.accounts import set_roles
from data.changes.choices import ChoiceFields
from data.tables import Table
from tests.app.choosing import FROM_STAFF, PLANNER
from tests.app.conftest import TODAY
from tests.app.found_forms import (
    CSRF,
    FORM,
    MARK,
    STOWAWAYS,
    Form,
    Part,
    fillings,
    find_forms,
    multipart,
    read_forms,
    send,
    sweeps,
)
from tests.app.scenario_steps import NEW_PLACE, plant
from tests.app.signed_in import make_account, signed_in
from tests.app.test_hostile_requests import fault_in, fault_of, rules, usual
from tests.world import tiny_world

Site = tuple[Flask, Engine]
EXAMPLES, FEW_EXAMPLES = 10, 3
GEMEENTE = "GM9001"
STAFF = tuple(key for key in ROLES.keys if key != VISITOR_KEY)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "vlekkenplan")


@pytest.fixture(scope="module")
def own_site(make_site: Callable[[Callable[[Engine], Any]], Site]) -> Site:
    """A website that may be broken: no other test looks at it. It has a choice with a site."""

    def fill(engine: Engine) -> None:
        with engine.begin() as connection:
            load_region(connection, tiny_world())
            plant(connection, GEMEENTE, [NEW_PLACE])
            fields = ChoiceFields(GEMEENTE, "beschermd_wonen", "Een keuze")
            choice_id = make_choice(connection, fields, "Een proef", None)
            add_candidates(connection, choice_id, [1], FROM_STAFF, PLANNER)

    return make_site(fill)


def browser_of(site: Site, role: str) -> FlaskClient:
    """A browser of this role, whatever a form has done to its account before."""
    app, engine = site
    if role == VISITOR_KEY:
        return app.test_client()
    gemeente_code = GEMEENTE if ROLES[role].is_local else ""
    account_id = make_account(engine, role, gemeente_code)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET is_active = true WHERE id = :id"), {"id": account_id}
        )
        set_roles(connection, account_id, [(role, gemeente_code)])
    return signed_in(app, engine, role, gemeente_code)


def pages_of(app: Flask) -> list[str]:
    return [usual(rule) for rule in rules(app) if "GET" in (rule.methods or ())]


@pytest.fixture(scope="module")
def forms(own_site: Site) -> dict[str, list[Form]]:
    """The forms that each role meets, found before any of them is tried."""
    app, _ = own_site
    # Public pages show a visitor all of their forms; others need not go round there.
    public = {endpoint: 1 for endpoint, permission in ROUTES.items() if permission == "lezen"}
    return {
        role: find_forms(
            app,
            browser_of(own_site, role),
            pages_of(app),
            {} if role == VISITOR_KEY else public,
        )
        for role in ROLES.keys
    }


def shapes_before(forms: dict[str, list[Form]], role: str) -> set[tuple[object, ...]]:
    """The shapes of forms that an earlier role in the table meets as well."""
    earlier = ROLES.keys[: list(ROLES.keys).index(role)]
    return {form.shape for key in earlier for form in forms[key]}


def fuzz(open_browser: Callable[[], FlaskClient], form: Form, *, is_known: bool = False) -> None:
    """Fill in the form in many ways, in a few when another role did; AssertionError tells all."""
    client = open_browser()

    def check(parts: list[Part]) -> None:
        nonlocal client
        answer = send(client, form, _with_proof(client, form, parts))
        if answer.status_code in (303, 401, 403):
            client = open_browser()
        fault = fault_in(answer, form.action, may_set_cookie=True)
        shown = [(part.name, part.value[:60]) for part in parts]
        assert fault is None, f"{form.page}: {fault} after {shown!a}"

    @settings(
        max_examples=FEW_EXAMPLES if is_known else EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(fillings(form))
    def attempt(parts: list[Part]) -> None:
        check(parts)

    for parts in () if is_known else sweeps(form):
        check(parts)
    attempt()


def _with_proof(client: FlaskClient, form: Form, parts: list[Part]) -> list[Part]:
    """The parts with the proof of origin that belongs to this very browser."""
    if CSRF not in form.names:
        return parts
    proof = Part(CSRF, give_proof(client))
    return [proof if part.name == CSRF else part for part in parts]


def give_proof(client: FlaskClient) -> str:
    """What a form of this site would hold to prove where it comes from."""
    with client.session_transaction() as cookie:
        cookie[CSRF] = "a" * 40
    secret = str(client.application.secret_key)
    signer = URLSafeTimedSerializer(secret, salt="wtf-csrf-token")
    return str(signer.dumps("a" * 40))


# --- the fuzzer finds faults


@pytest.fixture
def faulty() -> Flask:
    """A small website with a fault of each kind, and one form that is sound."""
    app = Flask("faulty")
    app.secret_key = "x"
    answers: dict[str, Callable[[str], Any]] = {
        "sound": lambda typed: f"<!doctype html><p>{escape(typed)}</p>",
        "number": lambda typed: str(int(typed)),
        "echo": lambda typed: f"<!doctype html><p>{typed}</p>",
        "inside": lambda typed: "psycopg.errors" if "'" in typed else "",
        "away": lambda typed: redirect(f"https://evil.example/{len(typed)}", 303),
        "bare": lambda typed: app.response_class(typed, mimetype="text/plain"),
    }
    for name, answer in answers.items():
        app.add_url_rule(f"/{name}", name, lambda name=name: PAGE.format(name=name))
        app.add_url_rule(f"/{name}/zend", f"{name}_sent", _answering(answer), methods=["POST"])

    @app.after_request
    def _harden(made: Any) -> Any:
        if request.endpoint != "bare_sent":
            made.headers["X-Content-Type-Options"] = "nosniff"
            made.headers["Content-Security-Policy"] = "default-src 'none'"
            made.headers["Cache-Control"] = "no-cache"
        return made

    return app


PAGE = """<!doctype html><a href="/niets">x</a><form method="post" action="/{name}/zend">
<input name="tekst" value="7"><select name="keuze"><option value="a">A<option value="b" selected>B
</select><textarea name="lang">regel</textarea><input type="checkbox" name="vink" value="ja">
<button name="knop" value="nu">Doen</button></form><form><input name="q"></form>"""


def _answering(answer: Callable[[str], Any]) -> Callable[[], Any]:
    return lambda: answer(request.form.get("tekst", "0"))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("number", "status 500"),
        ("echo", "repeats markup"),
        ("inside", "tells about the inside"),
        ("away", "leads away"),
        ("bare", "no policy"),
    ],
)
def test_the_fuzzer_finds_a_fault_of_each_kind(faulty: Flask, name: str, fault: str) -> None:
    form = _post_form(faulty, name)
    with pytest.raises(AssertionError, match=fault):
        fuzz(faulty.test_client, form)


def test_the_fuzzer_lets_a_sound_form_be(faulty: Flask) -> None:
    fuzz(faulty.test_client, _post_form(faulty, "sound"))


def _post_form(app: Flask, name: str) -> Form:
    (form,) = (
        form
        for form in find_forms(app, app.test_client(), [f"/{name}"], {})
        if form.method == "post"
    )
    return form


def test_a_form_is_read_as_a_browser_reads_it() -> None:
    form, other = read_forms("/a/b?x=1", PAGE.format(name="c"))
    assert (form.method, form.action, form.is_multipart) == ("post", "/c/zend", False)
    assert form.names == ("tekst", "keuze", "lang", "vink", "knop")
    assert [(part.name, part.value) for part in form.as_it_stands] == [
        ("tekst", "7"),
        ("keuze", "b"),
        ("lang", "regel"),
    ]
    assert (other.method, other.action, other.names) == ("get", "/a/b?x=1", ("q",))


# --- every form of every page


@dataclass(frozen=True)
class Record:
    """What the database holds that no form may touch by the way."""

    history: dict[int, str]
    roles: frozenset[tuple[Any, ...]]
    active: frozenset[int]


def record_of(engine: Engine) -> Record:
    with engine.connect() as connection:
        history = connection.execute(text("SELECT id, md5(c::text) FROM change c")).all()
        roles = connection.execute(text("SELECT account_id, role, gemeente_code FROM account_role"))
        active = connection.execute(text("SELECT id FROM account WHERE is_active")).scalars()
        return Record(
            {row.id: row.md5 for row in history},
            frozenset(tuple(row) for row in roles),
            frozenset(active),
        )


def history_faults(engine: Engine, before: Record) -> list[str]:
    """Where the history lost or changed a line, or does not end in what is stored."""
    after = record_of(engine)
    found = [
        f"line {key}" for key, mark in before.history.items() if after.history.get(key) != mark
    ]
    with engine.connect() as connection:
        lost = connection.execute(text(SITES_WITHOUT_HISTORY)).scalars().all()
    return found + [f"site {site_id} differs from its history" for site_id in lost]


SITES_WITHOUT_HISTORY = """
SELECT s.id FROM site s WHERE NOT EXISTS (
  SELECT 1 FROM change c WHERE c.table_name = 'site' AND c.site_id = s.id
  AND c.id = (SELECT max(id) FROM change WHERE table_name = 'site' AND site_id = s.id)
  AND c.after ->> 'name' = s.name AND c.after ->> 'type' = s.type
  AND c.after ->> 'publication' = s.publication
  AND c.after ->> 'address' IS NOT DISTINCT FROM s.address)
"""


def sites_elsewhere(engine: Engine) -> list[tuple[str, str]]:
    """Sites of another gemeente than the one in which they lie."""
    query = "SELECT site_code, gemeente_code FROM site WHERE gemeente_code <> gemeente_of(geom)"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def stowaways(engine: Engine) -> list[str]:
    """The tables that hold a value which no form asks for."""
    with engine.connect() as connection:
        return [
            table.name
            for table in Table.metadata.sorted_tables
            if connection.execute(
                text(f"SELECT 1 FROM {table.name} t WHERE t::text LIKE '%{MARK}%' LIMIT 1")
            ).first()
        ]


def test_a_form_is_found_on_a_page_of_each_kind(forms: dict[str, list[Form]]) -> None:
    assert {form.action for form in forms[VISITOR_KEY]} >= {"/zoeken", "/spreiding"}
    planner = [form for form in forms["planner"] if form.method == "post"]
    assert {"naam", "plek", "publicatie", CSRF} <= {name for form in planner for name in form.names}


def test_every_page_that_takes_a_form_is_tried(own_site: Site) -> None:
    """By a form in a page or, for what only a script sends, by the garbage below."""
    app, _ = own_site
    taking = {rule.endpoint for rule in rules(app) if "POST" in (rule.methods or ())}
    assert taking
    assert {ROUTES[endpoint] for endpoint in taking} <= set(PERMISSIONS.keys)


@pytest.mark.parametrize("role", ROLES.keys)
def test_nothing_in_a_form_breaks_a_page(
    own_site: Site, forms: dict[str, list[Form]], role: str
) -> None:
    app, engine = own_site
    before, known = record_of(engine), shapes_before(forms, role)
    for form in forms[role]:
        if form.method == "post" or form.shape not in known:
            fuzz(lambda: browser_of(own_site, role), form, is_known=form.shape in known)
    assert history_faults(engine, before) == []
    assert sites_elsewhere(engine) == []
    assert stowaways(engine) == []
    client = browser_of(own_site, role)
    found = [fault_of(client, address) for address in pages_of(app)]
    assert [fault for fault in found if fault] == []


@pytest.mark.parametrize("role", STAFF)
def test_a_field_that_a_form_does_not_have_changes_nothing(
    own_site: Site, forms: dict[str, list[Form]], role: str
) -> None:
    _, engine = own_site
    for form in forms[role]:
        if form.method == "get":
            continue
        client = browser_of(own_site, role)
        before = record_of(engine)
        extra = [Part(name, value) for name, value in STOWAWAYS.items() if name not in form.names]
        parts = [*_filled_in(form), *extra]
        send(client, form, _with_proof(client, form, parts)).close()
        if role != "beheerder":
            after = record_of(engine)
            assert (after.roles, after.active) == (before.roles, before.active), form
        assert stowaways(engine) == [], form
        assert sites_elsewhere(engine) == [], form


def _filled_in(form: Form) -> list[Part]:
    """The form with something sensible in the fields that tests know."""
    known = {
        "naam": "Proefplek",
        "soort": "beschut_wonen",
        "plek": "100600, 480600",
        "reden": "Voor de proef.",
        "fase_datum": "2025-06-01",
        "aantal": "6",
    }
    return [Part(part.name, part.value or known.get(part.name, "")) for part in form.as_it_stands]


# --- every address that takes a form, by what is no form at all

MULTIPART = "multipart/form-data; boundary=grens-van-de-proef"
GARBAGE: tuple[tuple[str, bytes], ...] = (
    (FORM, b""),
    (FORM, b"&&&===;;;%"),
    (FORM, b"naam=%ff%fe&naam=%00&plek=%ED%A0%80"),
    (FORM, b"naam[]=1&naam[0][x]=2&__proto__=3"),
    (FORM, b"a&" * 5000),
    (FORM, b"naam=" + b"x" * 600_000),
    ("multipart/form-data", b"x"),
    (MULTIPART, b""),
    (MULTIPART, b"--grens-van-de-proef\r\nContent-Disposition: form-data; name=\r\n\r\nx"),
    (MULTIPART, b"--grens-van-de-proef\r\n\r\n--grens-van-de-proef--"),
    (MULTIPART, multipart([Part("naam", b"\x00\xff", "x.png"), Part("bestand", "geen bestand")])),
    (MULTIPART, multipart([Part(f"veld{number}", "") for number in range(1200)])),
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"null"),
    ("application/json", b'["naam", {"$gt": ""}]'),
    ("application/json", b'{"naam": {"a": [1e999, -0.0, null]}, "versie": "x", "velden": 7}'),
    ("application/json", b'{"naam": "\\ud800", "tekst": "\\u0000"}'),
    ("application/json", b"[" * 100_000),
    ("application/json; charset=utf-16", b"\xff\xfe{\x00}\x00"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"naam=+ADw-script+AD4-"),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
    ("image/png", b"\x89PNG"),
    ("", b"naam=x"),
    ("\u00e9/\u00e9", b"naam=x"),
)


#: Of these, what is sent again by a role that comes to the same page as an earlier one.
FEW_GARBAGE = GARBAGE[2::9]


def garbage_for(role: str, permission: str) -> tuple[tuple[str, bytes], ...]:
    """All of it for the first role that may send something here, a few for the others."""
    holders = [key for key in ROLES.keys if key in PERMISSIONS[permission].holders]
    return GARBAGE if role == holders[0] else FEW_GARBAGE


def posts_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Each address that takes a form, with the permission that it asks."""
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            yield usual(rule), ROUTES[rule.endpoint]


@pytest.mark.parametrize("role", ROLES.keys)
def test_what_is_no_form_at_all_breaks_nothing(own_site: Site, role: str) -> None:
    app, engine = own_site
    before = record_of(engine)
    found = []
    for address, permission in posts_of(app):
        if role not in PERMISSIONS[permission].holders:
            continue
        client = browser_of(own_site, role)
        proof = {"X-CSRFToken": give_proof(client)}
        for kind, body in garbage_for(role, permission):
            sent = {**proof, "Content-Type": kind} if kind else proof
            answer = client.post(address, data=body, headers=sent)
            fault = fault_in(answer, address, may_set_cookie=True)
            if fault:
                found.append((fault, kind, body[:60]))
            if answer.status_code == 401:
                client = browser_of(own_site, role)
                proof = {"X-CSRFToken": give_proof(client)}
    assert found == []
    assert history_faults(engine, before) == []


@pytest.mark.parametrize("role", ROLES.keys)
@pytest.mark.parametrize("proof", [None, "", "x", "é", "x" * 5000, "\x00", "IjAi.x.y"])
def test_a_form_without_the_right_proof_is_refused(
    own_site: Site, role: str, proof: str | None
) -> None:
    app, engine = own_site
    client = browser_of(own_site, role)
    give_proof(client)
    for address, permission in posts_of(app):
        before = record_of(engine)
        answer = client.post(address, **with_proof(address, proof))
        assert fault_in(answer, address, may_set_cookie=True) is None
        may = role in PERMISSIONS[permission].holders
        assert answer.status_code in ({400} if may else {303, 401, 403}), (address, role)
        assert record_of(engine) == before


def with_proof(address: str, proof: str | None) -> dict[str, Any]:
    """What is sent to this address: a form, or JSON where a script of ours sends that."""
    if not address.startswith("/werkbank/concept/") or address.endswith("/weg"):
        return {"data": {} if proof is None else {CSRF: proof}}
    sayable = proof is not None and proof.isascii() and proof.isprintable()
    return {"json": {"fields": {}}, "headers": {"X-CSRFToken": proof} if sayable else {}}


def test_the_proof_of_someone_else_is_worth_nothing(own_site: Site) -> None:
    app, _ = own_site
    theirs, mine = browser_of(own_site, "planner"), browser_of(own_site, "regiocoordinator")
    proof = give_proof(theirs)
    with mine.session_transaction() as cookie:
        cookie[CSRF] = "b" * 40
    for address, permission in posts_of(app):
        if "regiocoordinator" in PERMISSIONS[permission].holders:
            answer = mine.post(address, **with_proof(address, proof))
            assert answer.status_code == 400, address


def test_today_is_fixed_for_the_forms() -> None:
    assert current.today() == TODAY
