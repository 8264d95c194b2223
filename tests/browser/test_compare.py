"""Comparing candidates as planners do it: by slider, by number, by keyboard, and on a phone."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from analysis.comparing.criteria import criteria_of
from analysis.comparing.facts import CandidateFacts
from analysis.comparing.model import compare, weights_of
from analysis.facility_types import FACILITY_TYPES
from tests.browser.views import NARROW, WIDE, AxeFaults, SignedInPage

SKAEVE = FACILITY_TYPES["skaeve_huse"]
NO_LOOK = "eigendom=0&bestemming=0&milieu=0&infrastructuur=0&kosten=0"
MEASURED = ("bereikbaarheid", "verdeling", "nabijheid", "afstand")
ROLE = "regiocoordinator"
CODE = "PROEF-VERGELIJK"
VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "dark and narrow": {"viewport": NARROW, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def candidates(site_engine: Engine) -> Iterator[list[int]]:
    """Sixty internal candidates of Skaeve Huse in Haarlem and Haarlemmermeer, gone afterwards."""
    add = text(
        "INSERT INTO site (site_code, release_id, name, type, publication, geom, gemeente_code) "
        "SELECT :code, release_id, :name, 'skaeve_huse', 'intern', "
        "ST_Translate(geom, :east, :north), gemeente_code FROM site WHERE site_code = 'DEMO-009' "
        "RETURNING id"
    )
    state = text("INSERT INTO site_state VALUES (:id, :day, 'verkend', :count, NULL)")
    made = []
    with site_engine.begin() as connection:
        for number in range(60):
            values = {
                "code": f"{CODE}-{number}",
                "name": f"Proef {number}",
                "east": 300 * (number % 10),
                "north": 400 * (number // 10),
            }
            made.append(connection.execute(add, values).scalar_one())
            day = dt.date(2020, 1, 1)
            connection.execute(state, {"id": made[-1], "day": day, "count": 4 + number % 7})
    yield made
    with site_engine.begin() as connection:
        connection.execute(text("DELETE FROM weighting"))
        gone = text("DELETE FROM site WHERE site_code LIKE :code")
        connection.execute(gone, {"code": f"{CODE}%"})


def address(numbers: list[int], more: str = NO_LOOK) -> str:
    return f"/vergelijk?soort=skaeve_huse&locatie={','.join(map(str, numbers))}&{more}"


def ready(page: Page) -> Page:
    page.wait_for_selector("#kaart[data-ready]")
    return page


def model_of(page: Page) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(page.locator("#model").text_content() or "")
    return content


def server_totals(model: dict[str, Any], points: dict[str, int]) -> pd.DataFrame:
    """The totals of the model in Python, from the very values that the page carries."""
    criteria = criteria_of(SKAEVE)
    keys = [entry.key for entry in criteria]
    index = pd.Index([entry["key"] for entry in model["candidates"]], name="candidate")
    values = pd.DataFrame([entry["values"] for entry in model["candidates"]], index=index)[keys]
    values = values.astype("float64")
    scaled = {
        entry.key: entry.bad + values[entry.key] * (entry.good - entry.bad) for entry in criteria
    }
    raw = pd.DataFrame(scaled, index=index)
    reasons = raw.astype("object").where(raw.isna(), None).where(raw.notna(), "onbekend")
    notes = pd.DataFrame(None, index, keys, dtype="object")
    names = pd.Series(index, index=index)
    facts = CandidateFacts(criteria, names, raw, reasons, notes, {})
    found = compare(facts, weights_of(points))
    model["exact"] = {
        str(key): {name: None if math.isnan(v) else float(v) for name, v in row.items()}
        for key, row in found.values.iterrows()
    }
    return found.totals


def test_the_totals_of_the_script_are_those_of_the_server_to_the_last_digit(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    """Two hundred weightings of sixty candidates, some of which lack a value."""
    chance = np.random.default_rng(2026)
    with signed_in_page(address(candidates), ROLE) as page:
        model = model_of(page)
        module = page.evaluate(
            "[...document.scripts].find(s => s.src.endsWith('/compare.js')).src"
        ).replace("compare.js", "weighing.js")
        cases = []
        unknown = [key for key in model["criteria"] if key not in MEASURED]
        for number in range(200):
            drawn = chance.integers(0, 101, len(model["criteria"]))
            drawn[chance.random(len(drawn)) < 0.3] = 0
            if drawn[:4].any():
                points = dict(zip(model["criteria"], map(int, drawn), strict=True))
                points |= dict.fromkeys(unknown, 0) if number % 2 else {}
                cases.append((points, server_totals(model, points)))
        exact = {
            "criteria": model["criteria"],
            "candidates": [
                {"key": key, "values": values} for key, values in model["exact"].items()
            ],
        }
        told = page.evaluate(
            """async ([module, model, cases]) => {
                const { sharesOf, weigh } = await import(module);
                const plain = number => Number.isNaN(number) ? null : number;
                return cases.map(points => weigh(model, sharesOf(points)).map(entry => [
                    plain(entry.total), entry.atLeast, entry.atMost, entry.rank]));
            }""",
            [module, exact, [points for points, _ in cases]],
        )
    known = 0
    for (_, totals), script in zip(cases, told, strict=True):
        rows: list[Any] = list(totals.itertuples())
        for row, (total, at_least, at_most, rank) in zip(rows, script, strict=True):
            assert (None if math.isnan(row.total) else row.total) == total
            assert (row.at_least, row.at_most) == (at_least, at_most)
            assert (None if row.rank is pd.NA else row.rank) == rank
            known += total is not None
    print(f"{len(cases)} weightings, {known} totals equal")
    assert known > 300


def test_the_ranking_of_sixty_follows_within_a_tenth_of_a_second(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page(address(candidates), ROLE) as page:
        before = page.locator("tr[data-candidate]").evaluate_all(
            "rows => rows.map(row => row.dataset.candidate)"
        )
        times = []
        for points in (0, 100, 3, 60, 25):
            page.locator("#punten-verdeling").fill(str(points))
            times.append(float(page.locator("#punten").get_attribute("data-milliseconds") or "nan"))
        page.locator("#punten-bereikbaarheid").fill("0")
        after = page.locator("tr[data-candidate]").evaluate_all(
            "rows => rows.map(row => row.dataset.candidate)"
        )
        shown = page.locator("tr[data-candidate] [data-total] strong").all_inner_texts()
        page.get_by_role("link", name="Reken door").click()
        page.wait_for_load_state()
        again = page.locator("tr[data-candidate]").evaluate_all(
            "rows => rows.map(row => row.dataset.candidate)"
        )
        on_server = page.locator("tr[data-candidate] [data-total] strong").all_inner_texts()
    print(f"{len(before)} candidates: {[round(entry, 1) for entry in times]} ms")
    assert len(before) == 60
    assert max(times) < 100
    assert before != after
    assert shown == on_server
    assert sorted(after) == sorted(again)


def test_a_slider_moves_points_totals_and_places(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page(address(candidates[:2]), ROLE) as page:
        first = page.locator("[data-total] strong").first
        before = first.inner_text()
        slider = page.locator('[data-slider="verdeling"]')
        slider.focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        expect(page.locator("#punten-verdeling")).to_have_value("35")
        expect(page.locator("#verouderd")).to_contain_text("de vorige punten")
        assert first.inner_text() != before
        assert "verdeling=35" in page.url
        shown = page.locator("[data-total]").all_inner_texts()
        parts = page.locator("[data-part]").all_inner_texts()
        page.reload()
        assert page.locator("[data-total]").all_inner_texts() == shown
        assert page.locator("[data-part]").all_inner_texts() == parts
        expect(page.locator("#verouderd")).to_be_hidden()
        page.locator("#punten-verdeling").fill("15")
        expect(page.locator('[data-slider="verdeling"]')).to_have_value("15")


def test_without_points_the_totals_stay_and_it_is_said(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page(address(candidates[:2]), ROLE) as page:
        before = page.locator("[data-total]").all_inner_texts()
        for key in ("bereikbaarheid", "verdeling", "nabijheid", "afstand"):
            page.locator(f"#punten-{key}").fill("0")
        expect(page.locator("#verouderd")).to_contain_text("Geef ten minste één criterium punten.")
        assert before != []
        page.locator("#punten-nabijheid").fill("")
        expect(page.locator("#verouderd")).to_contain_text("Geef ten minste")


def test_points_that_were_moved_are_kept_under_a_name(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page(address(candidates[:2]), ROLE) as page:
        page.locator("#punten-nabijheid").fill("44")
        page.get_by_text("Deze weging bewaren").click()
        page.locator("#naam").fill("Met 44 voor nabij")
        page.get_by_role("button", name="Bewaar de weging").click()
        expect(page.get_by_text("is bewaard.")).to_be_visible()
        expect(page.locator("#punten-nabijheid")).to_have_value("44")
        chosen = page.locator('.vp-switch__choice[aria-current="true"]')
        expect(chosen).to_have_text("Met 44 voor nabij (De regio)")


def test_it_works_without_scripts(signed_in_page: SignedInPage, candidates: list[int]) -> None:
    with signed_in_page(address(candidates[:3]), ROLE, java_script_enabled=False) as page:
        before = page.locator("[data-total]").all_inner_texts()
        expect(page.locator(".vp-weigh__slider").first).to_be_hidden()
        page.locator("#punten-verdeling").fill("100")
        page.get_by_role("button", name="Reken door").click()
        assert page.locator("[data-total]").all_inner_texts() != before
        expect(page.locator("#punten-verdeling")).to_have_value("100")


def test_from_the_workspace_to_side_by_side_with_the_keyboard(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page("/werkbank", ROLE) as page:
        page.get_by_role("link", name="Kandidaten vergelijken").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/vergelijk")
        page.locator("#soort").select_option("skaeve_huse")
        page.get_by_role("button", name="Toon").press("Enter")
        for name in ("Proef 3", "Proef 4"):
            page.get_by_role("checkbox", name=f"{name} ", exact=False).first.focus()
            page.keyboard.press("Space")
        page.get_by_role("button", name="Vergelijk").press("Enter")
        page.wait_for_url("**locatie=**")
        expect(page.locator("h1")).to_have_text("Welke van deze plekken, en hoe zeker is dat?")
        expect(page.locator("#naast-elkaar")).to_be_visible()


def test_the_map_shows_what_the_list_says(
    signed_in_page: SignedInPage, candidates: list[int]
) -> None:
    with signed_in_page(address(candidates[:2]), ROLE) as page:
        ready(page)
        assert page.locator(".vp-candidate").all_inner_texts() == ["A", "B"]
        given = json.loads(page.locator("#kaart-gegevens").text_content() or "")
        homes = sum(len(entry["woningen"]) for entry in given["kandidaten"])
        assert page.locator(".vp-home-point").count() == homes
        listed = page.locator(".vp-surround__near li").count()
        assert page.locator(".vp-amenity-point").count() == listed
        apart = "() => document.querySelectorAll('.vp-candidate')[1].getBoundingClientRect().x"
        before = page.evaluate(apart)
        page.get_by_role("button", name="Bekijk op de kaart").first.press("Enter")
        page.wait_for_function(f"before => ({apart})() !== before", arg=before)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("what", ["choose", "side by side", "ranking", "missing"])
def test_there_are_no_faults_in_accessibility_and_nothing_sticks_out(
    signed_in_page: SignedInPage,
    axe_faults: AxeFaults,
    candidates: list[int],
    view: str,
    what: str,
) -> None:
    path = {
        "choose": "/vergelijk?soort=skaeve_huse",
        "side by side": address(candidates[:4]),
        "ranking": address(candidates[:8]),
        "missing": address(candidates[:2], more=""),
    }[what]
    with signed_in_page(path, ROLE, bypass_csp=True, **VIEWS[view]) as page:
        if what != "choose":
            ready(page)
        for folded in page.locator("main details").all():
            folded.evaluate("element => { element.open = true }")
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
