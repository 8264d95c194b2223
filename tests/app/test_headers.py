"""What every answer tells a browser, and which requests are refused before any page is asked."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app import headers
from app.auth.routes import ROUTES
from app.config import Settings
from app.web import LARGEST_FORM_BYTES, LARGEST_REQUEST_BYTES, MOST_FORM_PARTS
from tests.app.conftest import TODAY
from tests.app.signed_in import signed_in
from tests.app.test_hostile_requests import rules, usual
from tests.database_server import CHECKOUT
from tests.own_app import own_app

PUBLIC = "https://vlekkenplan.gemeente.example"
MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(world_site: tuple[Flask, Engine], tmp_path: Path) -> Iterator[MakeApp]:
    """An app on the tiny world with other settings than the usual."""
    with ExitStack() as stack:

        def make(**more: Any) -> Flask:
            settings = replace(Settings(tmp_path, secret_key="test", tile_url=None), **more)
            opened: AbstractContextManager[Flask] = own_app(settings, world_site[1])
            return stack.enter_context(opened)

        yield make


def policy_of(client: FlaskClient, address: str = "/over") -> dict[str, str]:
    text = client.get(address).headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in text.split("; "))


def test_a_page_may_use_nothing_but_what_is_named(world: FlaskClient) -> None:
    policy = policy_of(world)
    assert policy["default-src"] == "'none'"
    for name in ("script-src", "style-src", "font-src", "connect-src", "form-action"):
        assert policy[name] == "'self'", name
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == "'none'", name
    assert policy["img-src"] == "'self' data:"
    assert not any(word in " ".join(policy.values()) for word in ("unsafe", "*", "http:", "blob:"))


def test_only_the_background_map_adds_a_host(make_app: MakeApp) -> None:
    tiles = "https://{s}.tegels.example/{z}/{x}/{y}.png"
    policy = policy_of(make_app(tile_url=tiles).test_client())
    assert policy["img-src"] == "'self' data: https://*.tegels.example"
    assert sum("tegels" in value for value in policy.values()) == 1


@pytest.mark.parametrize("role", ["", "regiocoordinator", "beheerder"])
def test_every_answer_has_every_header(world_site: tuple[Flask, Engine], role: str) -> None:
    app, engine = world_site
    client = signed_in(app, engine, role) if role else app.test_client()
    addresses = [usual(rule) for rule in rules(app) if "GET" in (rule.methods or ())]
    assert len(addresses) > 30
    for address in [*addresses, "/niets", "/niets.json"]:
        answer = client.get(address)
        answer.close()
        missing = {"Content-Security-Policy", *headers.FIXED} - set(answer.headers.keys())
        assert missing == set(), address
        assert "Server" not in answer.headers
        assert answer.headers.get("Content-Type") or answer.status_code in (301, 303, 304)
        if (answer.mimetype or "").startswith("text/"):
            assert "charset=utf-8" in answer.headers["Content-Type"].lower(), address


def test_who_is_signed_in_keeps_no_page_in_the_browser(world_site: tuple[Flask, Engine]) -> None:
    app, engine = world_site
    client = signed_in(app, engine, "beheerder")
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            answer = client.get(usual(rule))
            answer.close()
            assert answer.headers["Cache-Control"] == "no-store", rule.rule


def test_no_template_has_script_or_style_of_its_own() -> None:
    texts = {
        file: re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for file in (CHECKOUT / "app/templates").rglob("*.html")
        # A file to keep: no website stands behind it, and it carries all it needs.
        if file.name != "export_map.html"
    }
    assert len(texts) > 20
    # Data for a script is no script: no browser runs it.
    script = r'<script(?![^>]*\ssrc=)(?! type="application/json")'
    wrong = re.compile(rf"""\sstyle=|\son[a-z]+=["']|<style|{script}|javascript:""")
    found = {str(file): wrong.findall(text) for file, text in texts.items() if wrong.search(text)}
    assert found == {}


def test_https_is_kept_to_where_people_come_by_https(make_app: MakeApp) -> None:
    own = {"base_url": PUBLIC}
    answer = make_app(public_url=PUBLIC).test_client().get("/over", **own)
    seconds = re.match(r"max-age=(\d+); includeSubDomains$", headers.HSTS)
    assert answer.headers["Strict-Transport-Security"] == headers.HSTS
    assert seconds
    assert int(seconds[1]) >= 15_724_800
    plain = make_app(public_url="http://plan.example").test_client()
    answer = plain.get("/over", base_url="http://plan.example")
    assert "Strict-Transport-Security" not in answer.headers
    assert "Strict-Transport-Security" not in make_app().test_client().get("/over").headers


@pytest.mark.parametrize(
    "host", ["evil.example", "vlekkenplan.gemeente.example.evil.example", "localhost", "127.0.0.1"]
)
@pytest.mark.parametrize("address", ["/over", "/niets", "/kaart/laag.json"])
def test_another_host_is_refused_when_the_address_is_known(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture, host: str, address: str
) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.get_data(as_text=True)
    assert headers.FIXED.items() <= dict(answer.headers).items()
    assert caplog.text == ""
    for own in ("vlekkenplan.gemeente.example", "vlekkenplan.gemeente.example:443"):
        assert client.get("/over", headers={"Host": own}).status_code == 200


@pytest.fixture
def echo(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], FlaskClient]:
    """A page that says what the server believes of a request."""

    def make(proxy_count: int) -> FlaskClient:
        app = make_app(proxy_count=proxy_count)
        app.add_url_rule(
            "/echo", "echo", lambda: f"{request.remote_addr} {request.scheme} {request.host}"
        )
        monkeypatch.setattr("app.auth.guard.ROUTES", {**ROUTES, "echo": "lezen"})
        return app.test_client()

    return make


FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 10.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=6.6.6.6",
}


def test_without_a_proxy_nothing_that_a_proxy_would_tell_is_believed(
    echo: Callable[[int], FlaskClient],
) -> None:
    assert echo(0).get("/echo", headers=FORWARDED).text == "127.0.0.1 http localhost"


def test_of_each_proxy_only_its_own_step_is_believed(echo: Callable[[int], FlaskClient]) -> None:
    assert echo(1).get("/echo", headers=FORWARDED).text == "10.0.0.1 https evil.example"
    two = {**FORWARDED, "X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "a.example, b"}
    assert echo(2).get("/echo", headers=two).text == "6.6.6.6 https a.example"


def test_a_proxy_can_not_bring_in_another_host(make_app: MakeApp) -> None:
    client = make_app(proxy_count=1, public_url=PUBLIC).test_client()
    assert client.get("/over", headers=FORWARDED).status_code == 400
    own = {**FORWARDED, "X-Forwarded-Host": "vlekkenplan.gemeente.example"}
    assert client.get("/over", headers=own).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "onzin"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_form_on_another_website_is_refused(world: FlaskClient, site: str, method: str) -> None:
    answer = world.open("/over", method=method, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "andere website" in answer.get_data(as_text=True)


def test_a_link_on_another_website_and_our_own_forms_go_through(world: FlaskClient) -> None:
    assert world.get("/over", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    for site in ("same-origin", "none"):
        assert world.post("/over", headers={"Sec-Fetch-Site": site}).status_code == 405


def security_txt(client: FlaskClient) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt", base_url=PUBLIC)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())


def test_security_txt_tells_where_to_report_a_fault(make_app: MakeApp) -> None:
    app = make_app(public_url=PUBLIC, security_contact="https://gemeente.example/melden")
    fields = security_txt(app.test_client())
    assert fields["Contact"] == "https://gemeente.example/melden"
    assert fields["Preferred-Languages"] == "nl, en"
    assert fields["Canonical"] == f"{PUBLIC}/.well-known/security.txt"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert expires.tzinfo is not None
    assert dt.timedelta(days=30) < expires.date() - TODAY < dt.timedelta(days=365)


def test_without_a_contact_there_is_no_security_txt(make_app: MakeApp) -> None:
    assert make_app().test_client().get("/.well-known/security.txt").status_code == 404
    alone = make_app(security_contact="mailto:a@b.example").test_client()
    answer = alone.get("/.well-known/security.txt")
    assert "Contact: mailto:a@b.example\n" in answer.get_data(as_text=True)
    assert "Canonical" not in answer.get_data(as_text=True)


@pytest.fixture
def receiving(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """An app with a form that says how much of it came in; it asks for no proof of its origin."""
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False

    def receive() -> str:
        return f"{len(request.form)} {len(request.files)}"

    app.add_url_rule("/ontvang", "receive", receive, methods=["POST"])
    monkeypatch.setattr("app.auth.guard.ROUTES", {**ROUTES, "receive": "lezen"})
    return app.test_client()


FORM = "application/x-www-form-urlencoded"


def one_file(size: int) -> dict[str, Any]:
    """A form with one file, made by hand: the test client leaves its own large one open."""
    head = 'Content-Disposition: form-data; name="bestand"; filename="a.bin"'
    body = f"--x\r\n{head}\r\n\r\n".encode() + b"x" * size + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def refused_as_too_large(client: FlaskClient, **form: Any) -> bool:
    answer = client.post("/ontvang", **form)
    page = answer.get_data(as_text=True)
    return answer.status_code == 413 and "te groot" in page and "10 megabyte" in page


def test_what_is_too_large_is_refused_in_words(receiving: FlaskClient) -> None:
    assert receiving.post("/ontvang", **one_file(10 * 2**20)).text == "0 1"
    assert refused_as_too_large(receiving, **one_file(LARGEST_REQUEST_BYTES + 1))
    assert receiving.post("/ontvang", data={"tekst": "x" * 400_000}).text == "1 0"
    assert refused_as_too_large(receiving, data={"tekst": "x" * (LARGEST_FORM_BYTES + 1)})
    assert refused_as_too_large(receiving, data=b"a&" * LARGEST_FORM_BYTES, content_type=FORM)
    many = {f"veld{number}": "" for number in range(MOST_FORM_PARTS + 1)}
    a_file = {"bestand": (io.BytesIO(b"x"), "a.bin")}
    assert refused_as_too_large(receiving, data={**many, **a_file})


@pytest.mark.parametrize(
    "kind", ["application/json", "text/xml", "text/plain", "image/png", "x", ""]
)
def test_what_is_no_form_is_refused_unread(receiving: FlaskClient, kind: str) -> None:
    answer = receiving.post("/ontvang", data=b"a=b", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "niet lezen" in answer.get_data(as_text=True)
    assert receiving.post("/ontvang").text == "0 0"


def test_json_is_read_only_where_a_script_of_ours_sends_it(
    world_site: tuple[Flask, Engine],
) -> None:
    app, engine = world_site
    assert set(ROUTES) >= headers.JSON_ENDPOINTS
    client = signed_in(app, engine, "planner", "GM9001")
    for kind, status in (("application/json", 400), (FORM, 415)):
        answer = client.post("/werkbank/concept/nieuw", data=b"{}", content_type=kind)
        assert answer.status_code == status, kind


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_request_that_does_not_say_how_long_it_is_is_not_read(
    receiving: FlaskClient, kind: str
) -> None:
    answer = receiving.post(
        "/ontvang",
        input_stream=io.BytesIO(b"tekst=x"),
        content_type=kind,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 411
