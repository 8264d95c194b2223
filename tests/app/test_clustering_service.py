"""Clustering on the example region, computed a second time from its frames and by PySAL."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from libpysal.weights import Queen
from sqlalchemy import Connection, text

from app.cli import spreading as command
from app.services.clustering import ClusteringAnswer, clustering_of
from app.services.demo import load_region
from app.services.imports import AreaImport, import_cbs_file
from app.services.spreading import read_question
from data import schema
from data.demo import DemoRegion, demo_region
from data.queries.releases import area_release
from data.queries.sites import site_places_on, sites_on
from tests.app.page_reader import read_page
from tests.app.street_twin import StreetTwin
from tests.world import tiny_world

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import esda
    import pointpats

ON = dt.date(2026, 1, 1)
TYPES = "alle_locaties"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return demo_region()


def ask(connection: Connection, home: Path, seed: int = 2022, **changes: Any) -> ClusteringAnswer:
    """The answer to the usual question, changed as asked."""
    words: dict[str, Any] = {
        "types": [TYPES],
        "level": "gemeente",
        "on": ON,
        "base": "inwoners",
        "plan_scope": "bestaand",
    }
    return clustering_of(connection, home, read_question(**(words | changes)), seed)


def in_use(region: DemoRegion) -> gpd.GeoDataFrame:
    """The sites of the frames that count on the date, with their places, without SQL."""
    question = read_question([TYPES], "gemeente", ON, "inwoners", "bestaand")
    states = region.site_states[region.site_states["from_date"] <= ON].sort_values("from_date")
    last = states.groupby("site_code").last()
    sites = region.sites.join(last, how="inner")
    return sites[
        sites["type"].isin([entry.key for entry in question.types])
        & sites["status"].isin(question.plan_scope.statuses)
        & (sites["publication"] != "intern")
    ]


def reason_keys(found: ClusteringAnswer) -> list[str | None]:
    answers = found.clustering
    outcomes = (answers.nearest_neighbour, answers.moran.outcome, answers.ripley.outcome)
    return [None if outcome.reason is None else outcome.reason.key for outcome in outcomes]


@pytest.fixture(scope="module")
def twin(region: DemoRegion) -> StreetTwin:
    return StreetTwin(region.street_nodes, region.street_edges, "walk")


def nearest_by_networkx(twin: StreetTwin, places: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    """Metres on foot from each place to the nearest other, by one search from each."""
    stops = [twin.snap(place.x, place.y) for place in places]
    metres = []
    for row, stop in enumerate(stops):
        assert stop is not None
        found = nx.single_source_dijkstra_path_length(
            twin.graph, stop[0], cutoff=12_000_000, weight="mm"
        )
        others = [other for other in stops[:row] + stops[row + 1 :] if other and other[0] in found]
        metres.append(min(stop[1] + found[node] + way_mm for node, way_mm in others) / 1000)
    return np.array(metres)


def test_the_distance_on_foot_equals_that_of_networkx(
    demo_connection: Connection, home: Path, region: DemoRegion, twin: StreetTwin
) -> None:
    sites = in_use(region)
    public = sites[sites["publication"] == "openbaar"]
    metres = nearest_by_networkx(twin, public.geometry)
    found = ask(demo_connection, home).clustering
    assert found.site_count == len(public) > 30
    assert found.counts.protected_count == len(sites) - len(public) > 0
    assert found.nearest_neighbour.value == pytest.approx(np.mean(metres), abs=0.01)
    assert found.walked_site_count == len(public)


def test_the_index_over_wijken_equals_that_of_pysal(
    demo_connection: Connection, home: Path, region: DemoRegion
) -> None:
    wijken = region.areas[(region.areas["level"] == "wijk") & region.areas["in_region"]]
    inside = gpd.sjoin(in_use(region), wijken[["geometry"]], predicate="within")
    places = inside.groupby("area_code")["capacity_count"].sum().reindex(wijken.index).fillna(0)
    figures = region.figures[region.figures["figure"] == "inwoners"].set_index("area_code")
    residents = figures["value"].reindex(wijken.index)
    known = (residents > 0).to_numpy()
    weights = Queen.from_dataframe(wijken[known], use_index=True, silence_warnings=True)
    assert not weights.islands
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.Moran_Rate(
            places[known].astype(float).to_numpy(), residents[known].to_numpy(), weights
        )
    found = ask(demo_connection, home).clustering.moran
    assert found.outcome.value == pytest.approx(theirs.I, abs=1e-10)
    assert found.compared_count == known.sum()
    assert found.outcome.band is not None
    assert found.outcome.band.low < theirs.EI < found.outcome.band.high


def test_l_equals_that_of_pointpats(
    demo_connection: Connection, home: Path, region: DemoRegion
) -> None:
    sites = in_use(region)
    public = sites[sites["publication"] == "openbaar"]
    wijken = region.areas[(region.areas["level"] == "wijk") & region.areas["in_region"]]
    places_m = np.column_stack([public.geometry.x, public.geometry.y])
    found = ask(demo_connection, home).clustering.ripley
    box_m2 = float(np.prod(np.ptp(places_m, axis=0)))
    _, theirs = pointpats.l(places_m, support=found.table["radius_m"].to_numpy())
    scale = np.sqrt(wijken.area.sum() / box_m2 * len(public) / (len(public) - 1))
    assert np.allclose(found.table["l"], theirs * scale, rtol=1e-9)


def test_the_same_question_is_answered_once_and_a_moved_site_at_once_differently(
    demo_connection: Connection, home: Path
) -> None:
    first = ask(demo_connection, home)
    assert ask(demo_connection, home, level="wijk").clustering is first.clustering
    assert ask(demo_connection, home, seed=4).clustering.seed == 4
    demo_connection.execute(
        text("UPDATE site SET geom = ST_Translate(geom, 20, 0) WHERE publication = 'openbaar'")
    )
    moved = ask(demo_connection, home)
    assert moved.clustering is not first.clustering
    assert moved.clustering.nearest_neighbour.value != first.clustering.nearest_neighbour.value
    assert moved.clustering.nearest_neighbour.band == first.clustering.nearest_neighbour.band


def test_a_protected_site_has_no_distance_and_counts_in_its_wijk(
    demo_connection: Connection, home: Path
) -> None:
    before = ask(demo_connection, home).clustering
    demo_connection.execute(
        text("UPDATE site SET publication = 'gebied' WHERE type = 'beschut_wonen'")
    )
    after = ask(demo_connection, home).clustering
    gone = before.site_count - after.site_count
    assert gone == after.counts.protected_count - before.counts.protected_count > 0
    assert after.moran.outcome == before.moran.outcome
    assert after.nearest_neighbour.value != before.nearest_neighbour.value
    demo_connection.execute(
        text("UPDATE site SET geom = ST_Translate(geom, 0, 5) WHERE publication = 'gebied'")
    )
    again = ask(demo_connection, home).clustering
    assert again.nearest_neighbour == after.nearest_neighbour
    assert again.ripley.outcome == after.ripley.outcome


def test_an_internal_site_counts_nowhere(demo_connection: Connection, home: Path) -> None:
    demo_connection.execute(text("UPDATE site SET publication = 'intern'"))
    found = ask(demo_connection, home)
    assert reason_keys(found) == ["too_few_sites"] * 3
    assert found.clustering.counts.protected_count == 0


def test_sites_in_one_building_are_0_metres_apart(demo_connection: Connection, home: Path) -> None:
    demo_connection.execute(
        text(
            "UPDATE site SET geom = (SELECT geom FROM site WHERE publication = 'openbaar'"
            " ORDER BY id LIMIT 1)"
        )
    )
    found = ask(demo_connection, home).clustering.nearest_neighbour
    assert found.value == 0
    assert found.position == "lager"


def test_a_site_outside_the_region_can_be_the_nearest_and_is_not_counted(
    demo_connection: Connection, home: Path, region: DemoRegion, twin: StreetTwin
) -> None:
    demo_connection.execute(
        text("UPDATE area SET in_region = false WHERE gemeente_code IN ('GM0392', 'GM0397')")
    )
    demo_connection.execute(text("UPDATE source_release SET sha256 = 'another'"))
    sites = in_use(region)
    public = sites[sites["publication"] == "openbaar"]
    gemeenten = region.areas[region.areas["level"] == "gemeente"].loc[["GM0392", "GM0397"]]
    is_outside = public.within(gemeenten.union_all()).to_numpy()
    metres = nearest_by_networkx(twin, public.geometry)[~is_outside]
    found = ask(demo_connection, home)
    assert found.outside_count == is_outside.sum() > 0
    assert found.clustering.site_count == (~is_outside).sum()
    assert found.clustering.nearest_neighbour.value == pytest.approx(np.mean(metres), abs=0.01)


def test_without_streets_the_others_go_on(demo_connection: Connection, tmp_path: Path) -> None:
    with_streets = ask(demo_connection, tmp_path)
    for table in ("street_edge", "street_node"):
        demo_connection.execute(text(f"DELETE FROM {table}"))
    found = ask(demo_connection, tmp_path)
    assert reason_keys(found) == ["no_streets", None, None]
    assert found.headline == "Er zijn nog geen straten geladen."
    assert found.clustering.ripley.outcome == with_streets.clustering.ripley.outcome
    assert "straten" not in {line.role for line in found.sources}


def test_where_nobody_is_known_to_live_there_is_nothing_to_draw_from(
    demo_connection: Connection, home: Path
) -> None:
    for table in ("population_point", "figure"):
        demo_connection.execute(text(f"DELETE FROM {table}"))
    demo_connection.execute(text("UPDATE source_release SET sha256 = 'no residents'"))
    found = ask(demo_connection, home)
    assert reason_keys(found) == ["no_residents", "too_few_areas_to_compare", "no_residents"]
    assert found.clustering.moran.table["reason"].notna().all()


def test_a_site_far_from_a_street_is_counted_as_such(
    demo_connection: Connection, home: Path, tmp_path: Path
) -> None:
    before = ask(demo_connection, home).clustering
    # The streets within 260 m of a few sites go.
    demo_connection.execute(
        text(
            "DELETE FROM street_edge e USING (SELECT geom FROM public_site WHERE type ="
            " 'beschut_wonen' ORDER BY id LIMIT 3) s WHERE ST_DWithin(e.geom, s.geom, 260)"
        )
    )
    demo_connection.execute(text("UPDATE source_release SET sha256 = 'fewer streets'"))
    found = ask(demo_connection, tmp_path).clustering
    assert found.counts.far_count >= 1
    assert found.walked_site_count == before.site_count - found.counts.far_count
    assert found.site_count == before.site_count
    assert found.ripley.outcome == before.ripley.outcome


def test_the_world_has_too_few_sites(connection: Connection, home: Path) -> None:
    load_region(connection, tiny_world())
    found = ask(connection, home)
    assert reason_keys(found) == ["too_few_sites"] * 2 + ["too_few_sites"]
    assert found.headline.endswith("te weinig locaties voor een toets.")
    assert found.is_example


def test_the_places_of_sites_are_those_of_the_whole_list(demo_connection: Connection) -> None:
    release_id = area_release(demo_connection).id
    asked = (ON, ["beschut_wonen", "respijt"], ["in_gebruik", "planvorming"])
    for choice in (asked, (ON, None, None)):
        few = site_places_on(demo_connection, release_id, *choice)
        whole = sites_on(demo_connection, release_id, *choice).sort_index()
        assert few.equals(whole[list(few.columns)].astype(few.dtypes))


def test_real_wijken_have_neighbours_and_an_answer(
    fresh_database_url: str, shared_data: Path, tmp_path: Path
) -> None:
    """The borders and figures of CBS, with the streets and sites of the example region."""
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, demo_region())
    file = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    import_cbs_file(engine, file, AreaImport(year=2024, version="v2"))
    with engine.connect() as connection:
        found = ask(connection, tmp_path)
    engine.dispose()
    table = found.clustering.moran.table
    assert len(table) == 83
    assert found.population_basis == "buurtpunten"
    assert found.clustering.ripley.outcome.band is not None
    assert found.clustering.nearest_neighbour.band is not None
    compared = table["reason"].isna()
    assert compared.sum() == found.clustering.moran.compared_count > 75
    assert table["neighbour_count"][compared].min() > 0
    assert reason_keys(found)[1] is None
    print(found.headline, found.sentences)


# The command and the pages


def run(*words: str) -> Any:
    asked = ["--types", TYPES, "--date", ON.isoformat(), *words]
    return CliRunner().invoke(command.spreading_command, asked)


@pytest.fixture
def _asked_at_demo(demo_database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database_url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(home))


@pytest.mark.usefixtures("_asked_at_demo")
def test_the_command_adds_the_clustering_to_json(demo_connection: Connection, home: Path) -> None:
    body = json.loads(run("--format", "json", "--clustering").stdout)["clustering"]
    found = ask(demo_connection, home).clustering
    assert body["nearest_neighbour_m"]["value"] == pytest.approx(found.nearest_neighbour.value)
    assert found.nearest_neighbour.band is not None
    assert body["nearest_neighbour_m"]["band"] == vars(found.nearest_neighbour.band)
    assert body["moran_i"]["position"] == found.moran.outcome.position
    assert body["ripley_l"]["reason"] is None
    assert len(body["ripley_table"]) == 6
    assert len(body["areas"]) == 83
    assert set(body["areas"][0]) == {
        "area_code",
        *("name", "rate_per_10000", "standardised_rate", "neighbour_count"),
        *("local_i", "p_value", "key", "reason"),
    }
    assert body["seed"] == 2022
    assert {line["role"] for line in body["sources"]} == {
        *("gebieden", "inwoners", "straten", "locaties")
    }


@pytest.mark.usefixtures("_asked_at_demo")
def test_the_command_says_it_in_dutch() -> None:
    lines = run("--clustering").stdout
    assert "Liggen locaties dichter bij elkaar dan toeval geeft?" in lines
    assert "meter lopen van de dichtstbijzijnde andere" in lines
    assert "Zij tellen alleen mee per wijk." in lines
    assert "Startgetal 2022." in lines
    assert "nan" not in lines
    assert "clustering" not in run("--format", "json").stdout


@pytest.mark.usefixtures("_asked_at_demo")
def test_csv_has_no_room_for_it() -> None:
    found = run("--format", "csv", "--clustering")
    assert found.exit_code == 2
    assert "--clustering past niet in csv" in found.stderr


@pytest.mark.parametrize("slug", ["afstand-tot-volgende", "ripley-l", "moran-i", "moran-lokaal"])
def test_the_world_has_no_example_and_says_why(world: FlaskClient, slug: str) -> None:
    page = read_page(world, f"/methode/{slug}")
    assert "geen voorbeeld te geven. Er zijn minder dan 10 locaties" in page.text


def test_the_example_on_the_page_has_the_numbers_of_the_answer(
    client: FlaskClient, demo_connection: Connection, home: Path
) -> None:
    page = read_page(client, "/methode/afstand-tot-volgende")
    found = ask(demo_connection, home).clustering
    assert f"Van {found.walked_site_count} locaties" in page.text
    assert "999 keer loten" in page.text
    assert "Locaties en plekken" in page.text


def test_the_wording_is_that_of_the_type(demo_connection: Connection, home: Path) -> None:
    one = ask(demo_connection, home, types=["beschut_wonen"], base="huishoudens").wording
    assert (one.places, one.base, one.areas) == ("plekken beschut wonen", "huishoudens", "wijken")
    every = ask(demo_connection, home).wording
    assert (every.places, every.base, every.areas) == ("plekken", "inwoners", "wijken")


def test_rates_per_wijk_are_by_residents_where_the_task_is_known_per_gemeente_only(
    demo_connection: Connection, home: Path
) -> None:
    by_task = ask(demo_connection, home, base="opgave")
    assert by_task.wording.base == "inwoners"
    by_residents = ask(demo_connection, home, base="inwoners")
    assert by_task.clustering.moran.outcome == by_residents.clustering.moran.outcome
