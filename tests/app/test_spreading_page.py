"""The page of the spreading and its charts say what the measures say, and nothing more."""

from __future__ import annotations

import csv
import datetime as dt
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection

from analysis.method import Wording
from analysis.spreading import measure_spreading
from app.charts.funnel import FunnelShapes, funnel_chart
from app.charts.intervals import interval_chart
from app.charts.lorenz import lorenz_chart
from app.numbers import to_dutch
from app.services.measure_rows import chance_note, clustering_rows, evenness_rows
from app.services.spreading import SpreadingAnswer, answer, read_question
from app.services.spreading_charts import CHART_KEYS
from tests.app.conftest import PROTECTED_NAME, TODAY
from tests.app.page_reader import read_page

SVG = "{http://www.w3.org/2000/svg}"
CLEAR = ("boven_aandeel", "onder_aandeel")


def ask(
    connection: Connection, kind: str = "beschut_wonen", level: str = "gemeente"
) -> SpreadingAnswer:
    return answer(connection, read_question([kind], level, TODAY, "inwoners", "bestaand"))


@pytest.mark.parametrize("level", ["gemeente", "wijk"])
def test_a_dot_lies_outside_the_funnel_exactly_when_the_verdict_says_so(
    demo_connection: Connection, level: str
) -> None:
    found = ask(demo_connection, level=level)
    chart = funnel_chart(found.spreading, found.wording)
    assert chart is not None
    shapes: FunnelShapes = chart.shapes
    rows = found.spreading.table[found.spreading.table["location_quotient"].notna()]
    assert len(shapes.dots) == len(rows)
    low, high = (points_of(line) for line in (shapes.low, shapes.high))
    checked = 0
    for dot, verdict in zip(shapes.dots, rows["verdict"], strict=True):
        assert dot.is_clear == (verdict in CLEAR)
        if low[0][0] <= dot.x <= low[-1][0] and dot.x >= high[0][0] and not dot.is_beyond:
            # The drawing counts from the top; a pixel is less than the width of the line.
            above = dot.y < at(high, dot.x) - 1
            below = dot.y > at(low, dot.x) + 1
            near = abs(dot.y - at(high, dot.x)) <= 1 or abs(dot.y - at(low, dot.x)) <= 1
            assert near or (above or below) == dot.is_clear
            checked += 1
    assert checked >= len(rows) // 3


def points_of(line: str) -> list[tuple[float, float]]:
    pairs = (point.split(",") for point in line.split())
    return [(float(x), float(y)) for x, y in pairs]


def at(line: list[tuple[float, float]], x: float) -> float:
    """The height of a line at x."""
    before = max(point for point in line if point[0] <= x)
    after = min(point for point in line if point[0] >= x)
    if after[0] == before[0]:
        return before[1]
    return before[1] + (after[1] - before[1]) * (x - before[0]) / (after[0] - before[0])


def test_the_funnel_names_who_is_outside_in_both_directions(demo_connection: Connection) -> None:
    found = ask(demo_connection)
    chart = funnel_chart(found.spreading, found.wording)
    assert chart is not None
    table = found.spreading.table
    for verdict, place in (("boven_aandeel", "Boven"), ("onder_aandeel", "Onder")):
        said = re.search(rf"{place} de trechter (?:ligt|liggen) ([^:]+):", chart.says)
        names = list(table.loc[table["verdict"] == verdict, "name"])
        assert (said is not None) == bool(names)
        if said:
            assert all(name in said[1] for name in names)


def test_without_a_verdict_there_is_no_funnel_and_the_page_says_why(
    client: FlaskClient, demo_connection: Connection
) -> None:
    found = ask(demo_connection, "respijt", "wijk")
    assert found.spreading.has_too_few_places
    assert funnel_chart(found.spreading, found.wording) is None
    page = read_page(client, "/spreiding?soort=respijt&niveau=wijk")
    assert "Er zijn te weinig plekken om een verschil van toeval te onderscheiden." in page.text
    assert client.get("/spreiding/trechter.svg?soort=respijt&niveau=wijk").status_code == 404


def test_the_lorenz_curve_says_what_the_first_half_has(demo_connection: Connection) -> None:
    found = ask(demo_connection)
    chart = lorenz_chart(found.spreading, found.wording)
    assert chart is not None
    # By hand: areas from the fewest places per resident, until half of the residents is reached.
    table = found.spreading.table.assign(
        rate=lambda rows: rows["capacity_share"] / rows["weight_share"]
    ).sort_values("rate")
    people, places = 0.0, 0.0
    for weight, share in zip(table["weight_share"], table["capacity_share"], strict=True):
        part = min(1.0, (0.5 - people) / weight)
        people, places = people + part * weight, places + part * share
        if part < 1:
            break
    assert f"zijn {to_dutch(100 * places)} van de 100 plekken" in chart.says


def test_every_area_has_its_row_with_its_margin(demo_connection: Connection) -> None:
    found = ask(demo_connection)
    names = found.spreading.table["name"]
    chart = interval_chart(found.spreading, names, found.wording)
    assert chart is not None
    assert [row.name for row in chart.shapes.rows] == list(names)
    for row, (_, figures) in zip(chart.shapes.rows, found.spreading.table.iterrows(), strict=True):
        assert row.low <= row.at <= row.high
        assert (row.low > chart.shapes.one_x) == (figures["location_quotient_low"] > 1)


def test_the_page_shows_the_measures_with_their_bands_and_the_seed(
    client: FlaskClient, demo_connection: Connection
) -> None:
    page = read_page(client, "/spreiding")
    found = answer(
        demo_connection, read_question(["alle_locaties"], "gemeente", TODAY, "inwoners", "bestaand")
    )
    shown = [row for table in page.tables for row in table]
    for row in evenness_rows(found.spreading):
        assert [row.label, row.value, row.band, row.position] in shown
    assert "Het startgetal van de loting is 2022" in page.text
    assert "999 keer" in page.text
    assert "Liggen locaties dicht bij elkaar?" in page.headings


def test_few_sites_are_not_tested_and_the_page_says_so(client: FlaskClient) -> None:
    page = read_page(client, "/spreiding?soort=time_out")
    assert "te weinig locaties voor een toets" in page.text


def test_a_measure_of_distance_is_told_in_the_right_direction() -> None:
    from tests.analysis.clustering_cases import a_clustering

    rows = {row.slug: row for row in clustering_rows(a_clustering())}
    for slug, outcome in (
        ("afstand-tot-volgende", a_clustering().nearest_neighbour),
        ("ripley-l", a_clustering().ripley.outcome),
    ):
        position, said = outcome.position, rows[slug].position or ""
        closer = {"afstand-tot-volgende": "lager", "ripley-l": "hoger"}[slug]
        assert said.startswith("dichter bij elkaar") == (position == closer)


@pytest.mark.parametrize("key", CHART_KEYS)
def test_a_chart_is_a_file_with_its_question_source_year_and_method(
    client: FlaskClient, key: str
) -> None:
    reply = client.get(f"/spreiding/{key}.svg?soort=beschut_wonen&datum=2025-01-01")
    assert reply.status_code == 200
    assert reply.mimetype == "image/svg+xml"
    assert f"filename=vlekkenplan-{key}.svg" in reply.headers["Content-Disposition"]
    text = reply.get_data(as_text=True)
    drawing = ElementTree.fromstring(text)
    words = " ".join(element.text or "" for element in drawing.iter())
    for wanted in ("Beschut wonen per gemeente", "1 januari 2025", "Bron: ", "2024", "/methode/"):
        assert wanted in words
    assert "Voorbeeldgegevens." in words
    kinds = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    assert kinds <= {
        *("svg", "title", "desc", "rect", "text", "g", "line", "path"),
        *("polyline", "polygon", "circle"),
    }
    assert " style=" not in text
    assert "nan" not in text


def test_the_drawn_map_has_the_verdicts_of_the_table(
    client: FlaskClient, demo_connection: Connection
) -> None:
    counts = ask(demo_connection, level="wijk").spreading.table["verdict"].value_counts()
    text = client.get("/spreiding/kaart.svg?soort=beschut_wonen&niveau=wijk").get_data(as_text=True)
    for verdict, count in counts.items():
        drawn = len(re.findall(rf'<path [^>]*class="vp-chart__area vp-chart__{verdict}"', text))
        assert drawn == count


@pytest.mark.parametrize("key", CHART_KEYS)
def test_a_chart_tells_no_name_of_a_protected_site(guarded: FlaskClient, key: str) -> None:
    for kind in ("beschut_wonen", "alle_locaties"):
        reply = guarded.get(f"/spreiding/{key}.svg?soort={kind}&niveau=wijk")
        assert PROTECTED_NAME not in reply.get_data(as_text=True)


def test_the_file_holds_the_measures_and_the_funnel(client: FlaskClient) -> None:
    reply = client.get("/spreiding.csv?soort=beschut_wonen")
    rows = list(csv.DictReader(reply.get_data().decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 8
    for row in rows:
        low, quotient, high = (
            float(row[name].replace(",", "."))
            for name in ("trechter_laag", "verhouding", "trechter_hoog")
        )
        assert (low <= quotient <= high) == (row["oordeel"] == "geen duidelijk verschil")


def test_a_date_before_everything_has_no_charts_and_no_fault(client: FlaskClient) -> None:
    day = dt.date(1995, 1, 1).isoformat()
    assert read_page(client, f"/spreiding?datum={day}").status == 200
    for key in ("trechter", "lorenz", "verhouding"):
        assert client.get(f"/spreiding/{key}.svg?datum={day}").status_code == 404
    assert client.get(f"/spreiding/kaart.svg?datum={day}").status_code == 200


def test_why_rows_may_differ_while_the_whole_does_not_is_told(demo_connection: Connection) -> None:
    """One site in three of all is in one gemeente: by places a difference, by sites perhaps not."""
    codes = [f"GM{number}" for number in range(8)]
    sizes = pd.Series([12] * 12, [codes[0]] * 4 + codes[1:] + [codes[1]])
    areas = pd.DataFrame(
        {
            "name": codes,
            "weight": 1000.0,
            "capacity_count": sizes.groupby(level=0).sum().reindex(codes).astype("int64"),
        },
        index=pd.Index(codes, name="area_code"),
    )
    spreading = measure_spreading(areas, site_capacity_count=sizes)
    assert spreading.table["verdict"].eq("boven_aandeel").any()
    assert spreading.evenness.hoover.position == "geen_duidelijk_verschil"
    assert "Hier verloten wij hele locaties" in chance_note(spreading, Wording())
    assert chance_note(ask(demo_connection, "skaeve_huse").spreading, Wording()) == ""
