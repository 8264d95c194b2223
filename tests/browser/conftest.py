"""A running website with the demo region, and browsers that look at it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.config import Settings
from app.services.demo import load_demo_region
from data import schema
from tests.app.signed_in import signed_in
from tests.browser.views import WIDE, AxeFaults, OpenPage, SignedInPage
from tests.browser_program import find_chromium
from tests.database_server import CHECKOUT, DatabaseServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Waits until no colour is still on its way to another.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter(one => one.effect.getComputedTiming().endTime !== Infinity)
  .map(one => one.finished))"""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def site_engine(cluster: DatabaseServer, template_database: str) -> Iterator[Engine]:
    """A database with the demo region, as its owner sees it."""
    name = cluster.create_database(template_database)
    engine = schema.connect(cluster.url_of(name))
    load_demo_region(engine)
    yield engine
    engine.dispose()
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def site_app(site_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web application on a database with the demo region, without background tiles."""
    home = tmp_path_factory.mktemp("home")
    app = create_app(Settings(home=home, secret_key="test", tile_url=None), site_engine)
    yield app
    app.extensions["vlekkenplan_engine"].dispose()


class Quiet(WSGIRequestHandler):
    """Answers without a line in the log for each; a browser may hang up at any time."""

    def log(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def live_site(site_app: Flask) -> Iterator[str]:
    """The address of the running website, without a slash at the end."""
    with served(site_app) as address:
        yield address


@pytest.fixture
def site_with_lost_tiles(site_app: Flask, site_engine: Engine) -> Iterator[str]:
    """The same website with a background map that never answers."""
    settings = replace(site_app.config["SETTINGS"], tile_url="http://127.0.0.1:9/{z}/{x}/{y}.png")
    app = create_app(settings, site_engine)
    with served(app) as address:
        yield address
    app.extensions["vlekkenplan_engine"].dispose()


def whole(app: Flask) -> WSGIApplication:
    """The application, with each answer read and closed before any of it is sent.

    Werkzeug's server leaves a file open when the browser hangs up in the middle of it.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            close_of = getattr(parts, "close", None)
            if close_of is not None:
                close_of()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind a port of its own, for as long as this lasts."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without any connection of its own to the outside."""
    program = find_chromium(os.environ)
    if program is None:
        pytest.skip("there is no Chromium here (set VLEKKENPLAN_CHROMIUM)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, live_site: str) -> OpenPage:
    """Opens an address of the website in a fresh browser, for as long as a ``with`` lasts."""

    @contextmanager
    def opening(path: str, **options: Any) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": WIDE, "locale": "nl-NL", **options})
        try:
            page = context.new_page()
            page.goto(f"{live_site}{path}")
            yield page
        finally:
            context.close()

    return opening


@pytest.fixture
def guarded_page(blank_context: BrowserContext, live_site: str) -> Iterator[Page]:
    """A page that may ask nothing of another host and break none of its own rules."""
    page = blank_context.new_page()
    messages: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield page
    assert messages == []
    assert hosts == {urlsplit(live_site).netloc}


@pytest.fixture
def axe_source() -> str:
    """The text of axe-core, which finds faults in accessibility."""
    file = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
    if not file.exists():
        pytest.skip(f"axe-core is not installed: {file} (make setup)")
    return file.read_text(encoding="utf-8")


@pytest.fixture
def axe_faults(axe_source: str) -> AxeFaults:
    """What axe finds on a page, one line a fault; the page must bypass its own CSP."""

    def finding(page: Page) -> list[str]:
        page.wait_for_load_state()
        page.evaluate(AT_REST)
        page.add_script_tag(content=axe_source)
        found = page.evaluate("async () => (await axe.run()).violations")
        return [
            f"{fault['id']}: {fault['help']} at {[node['target'] for node in fault['nodes']]}"
            for fault in found
        ]

    return finding


@pytest.fixture
def blank_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has stored nothing yet."""
    context = browser.new_context(viewport=WIDE, locale="nl-NL")
    yield context
    context.close()


@pytest.fixture
def signed_in_page(
    browser: Browser, live_site: str, site_app: Flask, site_engine: Engine
) -> SignedInPage:
    """Opens an address as someone with a role, in a fresh browser, as long as a ``with`` lasts."""

    @contextmanager
    def opening(path: str, role: str, gemeente_code: str = "", **options: Any) -> Iterator[Page]:
        client = signed_in(site_app, site_engine, role, gemeente_code)
        cookie = client.get_cookie("vlekkenplan")
        assert cookie is not None
        context = browser.new_context(**{"viewport": WIDE, "locale": "nl-NL", **options})
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_site}])
        try:
            page = context.new_page()
            page.goto(f"{live_site}{path}")
            yield page
        finally:
            context.close()

    return opening
