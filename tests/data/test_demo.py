"""The demo region is what it says: real facts, a sound map, connected streets, made-up sites."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import os
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import KDTree

from analysis.closer_look import FINDINGS, QUESTIONS
from analysis.land_uses import LAND_USES
from data.demo import DemoRegion, demo_region
from data.demo.amenities import KINDS, AmenityKind
from data.demo.areas import voronoi_cells
from data.demo.choice_plans import HAARLEM_CHOICE, LOOK_PLANS
from data.demo.compile_facts import compile_facts
from data.demo.ground import (
    AIRPORT_M,
    ATTENTION_M,
    CEMETERIES_M,
    COAST_M,
    LAKES_M,
    RAILWAYS_M,
    RUNWAYS_M,
    SPAARNE_M,
)
from data.demo.outline import OUTLINE_POINTS_M, ROUNDED_M, region_outline
from data.demo.population import share_out
from data.demo.region import FACTS_FOLDER, GEMEENTE_CODES, RegionFacts, read_facts
from data.demo.sites import code_of
from data.demo.streets import CROSSINGS_M, HAARLEMMERMEER, OUTSIDE_RINGVAART
from data.sources.voorbeeldregio import SOURCE
from geo import frames
from geo.crs import RD
from geo.frames import LEVELS, Frame
from tests.world import tiny_world

RESIDENT_COUNT = 551_130
FRAMES: tuple[tuple[str, Frame], ...] = (
    ("areas", frames.AREAS),
    ("figures", frames.FIGURES),
    ("sites", frames.SITES),
    ("site_states", frames.SITE_STATES),
    ("amenities", frames.AMENITIES),
    ("population_points", frames.POPULATION_POINTS),
    ("tasks", frames.TASKS),
    ("homes", frames.HOMES),
    ("street_nodes", frames.STREET_NODES),
    ("street_edges", frames.STREET_EDGES),
    ("land_use", frames.LAND_USE),
)
SITE_TYPES = {
    "beschermd_wonen",
    "beschut_wonen",
    "skaeve_huse",
    "domus_plus",
    "respijt",
    "time_out",
    "maatschappelijke_opvang",
    "sociaal_hostel",
    "tussenvoorziening",
    "prikkelarme_unit",
    "jeugd_wonen",
    "somatiek_ouderen",
    "familie_wonen",
}
STATUS_ORDER = (
    "idee",
    "verkend",
    "nader_onderzoek",
    "planvorming",
    "besluit",
    "realisatie",
    "in_gebruik",
    "omgeklapt",
    "afgebouwd",
    "afgevallen",
)
CATEGORIES = {
    "huisarts",
    "apotheek",
    "supermarkt",
    "ov_halte",
    "treinstation",
    "ontmoetingsplek",
    "dagbesteding",
    "basisschool",
    "sport",
    "groen",
    "ziekenhuis",
    "bibliotheek",
}
#: Read off the published table of gemeenten.
RESIDENTS_BY_GEMEENTE = {
    "GM0375": 42_880,
    "GM0377": 23_780,
    "GM0392": 167_670,
    "GM0394": 163_115,
    "GM0396": 39_455,
    "GM0397": 27_580,
    "GM0453": 69_175,
    "GM0473": 17_475,
}


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return demo_region()


@pytest.fixture(scope="module")
def facts() -> RegionFacts:
    return read_facts()


def _level(region: DemoRegion, level: str) -> gpd.GeoDataFrame:
    return region.areas[region.areas["level"] == level]


def _figure(region: DemoRegion, figure: str, level: str) -> pd.DataFrame:
    rows = region.figures[region.figures["figure"] == figure]
    return rows.set_index("area_code").reindex(_level(region, level).index)


def _states_on(region: DemoRegion, date: dt.date) -> pd.DataFrame:
    so_far = region.site_states[region.site_states["from_date"] <= date]
    return so_far.groupby("site_code").tail(1).set_index("site_code").join(region.sites["type"])


def _places_in_use(region: DemoRegion, site_type: str, date: dt.date) -> int:
    states = _states_on(region, date)
    in_use = (states["status"] == "in_gebruik") & (states["type"] == site_type)
    return int(states.loc[in_use, "capacity_count"].sum())


def _whole_streets(region: DemoRegion) -> gpd.GeoDataFrame:
    """The streets as they were before they were cut, from the pieces."""
    pieces = region.street_edges.sort_index()
    by_street = pieces.groupby(pieces.index // 32)
    whole = by_street.first()
    whole["to_node_id"] = by_street["to_node_id"].last()
    whole["length_m"] = by_street["length_m"].sum()
    ends = region.street_nodes.geometry
    starts, stops = (ends.loc[whole[key]].to_numpy() for key in ("from_node_id", "to_node_id"))
    points = np.column_stack([shapely.get_coordinates(starts), shapely.get_coordinates(stops)])
    return whole.set_geometry(shapely.linestrings(points.reshape(-1, 2, 2)), crs=RD)


def _cycling(region: DemoRegion) -> nx.DiGraph[int]:
    """Every node but those in between on a path for walking."""
    edges = region.street_edges
    there, back = edges[edges["cycle_forward"]], edges[edges["cycle_backward"]]
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(region.street_nodes.index[region.street_nodes.index < 2**50])
    graph.add_edges_from(zip(there["from_node_id"], there["to_node_id"], strict=True))
    graph.add_edges_from(zip(back["to_node_id"], back["from_node_id"], strict=True))
    return graph


def _walking(region: DemoRegion) -> nx.Graph[int]:
    edges = region.street_edges[region.street_edges["walk"]]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(region.street_nodes.index)
    graph.add_edges_from(zip(edges["from_node_id"], edges["to_node_id"], strict=True))
    return graph


# The whole


@pytest.mark.parametrize(("name", "promise"), FRAMES)
def test_every_frame_keeps_its_promise(region: DemoRegion, name: str, promise: Frame) -> None:
    frames.check(getattr(region, name), promise)


def test_the_demo_region_is_the_same_every_time(region: DemoRegion) -> None:
    assert demo_region().sha256 == region.sha256


def test_another_seed_gives_other_streets_but_the_same_facts(region: DemoRegion) -> None:
    other = demo_region(seed=1)
    assert other.sha256 != region.sha256
    assert other.figures.equals(region.figures)
    assert other.areas.geometry.equals(region.areas.geometry)


def test_any_change_of_content_changes_the_checksum() -> None:
    world = tiny_world()
    one_less = dataclasses.replace(world, site_states=world.site_states.iloc[:-1])
    moved = dataclasses.replace(world, sites=world.sites.set_geometry(world.sites.translate(1)))
    assert len({world.sha256, one_less.sha256, moved.sha256}) == 3


def test_the_source_names_who_made_it_and_whose_figures_it_holds() -> None:
    assert SOURCE.is_example
    assert "Centraal Bureau voor de Statistiek" in SOURCE.attribution
    assert "CC0-1.0" in SOURCE.licence
    assert "CC BY 4.0" in SOURCE.licence


# Facts and figures


def test_there_are_8_gemeenten_83_wijken_and_400_buurten(region: DemoRegion) -> None:
    counts = region.areas["level"].value_counts()
    assert counts.to_dict() == {"gemeente": 8, "wijk": 83, "buurt": 400}
    assert set(_level(region, "gemeente").index) == set(GEMEENTE_CODES)


def test_the_region_has_551130_residents_on_every_level(region: DemoRegion) -> None:
    for level in LEVELS:
        assert _figure(region, "inwoners", level)["value"].sum() == RESIDENT_COUNT


def test_gemeenten_have_the_published_number_of_residents(region: DemoRegion) -> None:
    values = _figure(region, "inwoners", "gemeente")["value"]
    assert values.to_dict() == RESIDENTS_BY_GEMEENTE


@pytest.mark.parametrize("figure", ["inwoners", "huishoudens", "oppervlakte_land_ha"])
def test_buurten_add_up_to_their_gemeente(region: DemoRegion, figure: str) -> None:
    buurten = _figure(region, figure, "buurt")["value"]
    sums = buurten.groupby(region.areas["gemeente_code"]).sum()
    assert sums.to_dict() == _figure(region, figure, "gemeente")["value"].to_dict()


def test_a_secret_number_is_unknown_with_its_reason_and_never_zero(region: DemoRegion) -> None:
    residents = _figure(region, "inwoners", "buurt")
    assert residents["value"].isna().sum() == 14
    assert (residents["value"].dropna() > 0).all()
    unknown = region.figures["value"].isna()
    assert (region.figures.loc[unknown, "reason"] == "secret_or_absent").all()
    assert region.figures.loc[~unknown, "reason"].isna().all()


def test_a_wijk_of_which_every_buurt_is_secret_is_itself_secret(region: DemoRegion) -> None:
    assert _figure(region, "inwoners", "wijk")["reason"]["WK039611"] == "secret_or_absent"


def test_address_density_is_known_for_buurten_only(region: DemoRegion) -> None:
    density = region.figures[region.figures["figure"] == "omgevingsadressendichtheid"]
    assert set(region.areas["level"][density["area_code"]]) == {"buurt"}


def test_every_area_names_its_parents(region: DemoRegion) -> None:
    areas = region.areas
    assert areas["gemeente_code"].isin(_level(region, "gemeente").index).all()
    lower = areas[areas["level"] != "gemeente"]
    assert lower["wijk_code"].isin(_level(region, "wijk").index).all()
    assert _level(region, "gemeente")["wijk_code"].isna().all()


def test_the_facts_can_be_compiled_again_from_the_published_file(tmp_path: Path) -> None:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("VLEKKENPLAN_TEST_DATA", beside))
    published = folder / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    if not published.exists():
        pytest.skip("the published CBS file is not here; set VLEKKENPLAN_TEST_DATA")
    compile_facts(published, tmp_path)
    for name in ("gemeenten.csv", "wijken.csv", "buurten.csv"):
        assert (tmp_path / name).read_bytes() == (FACTS_FOLDER / name).read_bytes()


# The map


def test_the_outline_is_a_few_dozen_points_rounded_to_500_m() -> None:
    assert 24 <= len(OUTLINE_POINTS_M) <= 60
    assert all(x % ROUNDED_M == 0 and y % ROUNDED_M == 0 for x, y in OUTLINE_POINTS_M)
    assert region_outline().is_valid


@pytest.mark.parametrize("level", LEVELS)
def test_areas_of_a_level_have_no_gaps_and_no_overlaps(region: DemoRegion, level: str) -> None:
    shapes = _level(region, level).geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    whole = shapely.coverage_union_all(shapes)
    assert len(shapely.get_parts(whole)) == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0
    assert shapely.hausdorff_distance(whole, region_outline()) < 2.0


def test_every_boundary_is_a_multipolygon(region: DemoRegion) -> None:
    assert set(region.areas.geom_type) == {"MultiPolygon"}


def test_every_buurt_holds_its_own_centre_point(region: DemoRegion, facts: RegionFacts) -> None:
    cells = region.areas.geometry.loc[facts.buurten.index]
    assert shapely.contains_xy(cells.to_numpy(), *facts.centres_m.T).all()


def test_every_buurt_is_one_piece(region: DemoRegion) -> None:
    assert (_level(region, "buurt").geometry.count_geometries() == 1).all()


def test_centre_points_are_rounded_so_that_they_are_no_survey(facts: RegionFacts) -> None:
    assert (facts.centres_m % 10 == 0).all()


def test_a_part_cut_off_from_its_centre_goes_to_its_neighbour() -> None:
    # A C: the tip of the upper arm is nearest to the second centre, but cut off from it.
    corners = [(0, 0), (99, 0), (99, 20), (20, 20), (20, 80), (99, 80), (99, 99), (0, 99)]
    cells = voronoi_cells(np.array([[10.0, 50.0], [95.0, 10.0]]), shapely.Polygon(corners))
    assert shapely.coverage_is_valid(np.array(cells))
    assert shapely.contains_xy(cells[0], 95.0, 90.0)
    assert [len(shapely.get_parts(cell)) for cell in cells] == [1, 1]


# Streets


def test_one_can_walk_from_everywhere_to_everywhere(region: DemoRegion) -> None:
    assert nx.is_connected(_walking(region))


def test_one_can_cycle_from_everywhere_to_everywhere(region: DemoRegion) -> None:
    assert nx.is_strongly_connected(_cycling(region))


def test_the_network_has_some_20000_nodes_before_long_streets_are_cut(region: DemoRegion) -> None:
    assert 18_000 <= (region.street_nodes.index < 2**50).sum() <= 23_000


def test_no_street_is_longer_than_100_m_and_none_is_cut_more_than_needed(
    region: DemoRegion,
) -> None:
    length_m = _whole_streets(region)["length_m"]
    assert region.street_edges["length_m"].max() <= 100.001
    assert len(region.street_edges) == sum(math.ceil(long_m / 100) for long_m in length_m)
    assert (length_m > 100).sum() > 10_000


def test_a_street_is_as_long_as_its_line_and_ends_in_its_nodes(region: DemoRegion) -> None:
    edges, nodes = region.street_edges, region.street_nodes.geometry
    assert np.allclose(edges["length_m"], edges.length)
    assert (edges["length_m"] > 0).all()
    starts = shapely.get_point(edges.geometry.to_numpy(), 0)
    stops = shapely.get_point(edges.geometry.to_numpy(), -1)
    assert shapely.equals(starts, nodes.loc[edges["from_node_id"]].to_numpy()).all()
    assert shapely.equals(stops, nodes.loc[edges["to_node_id"]].to_numpy()).all()


def test_streets_stay_on_land(region: DemoRegion) -> None:
    outline = region_outline()
    shapely.prepare(outline)
    assert shapely.covers(outline, region.street_edges.geometry.to_numpy()).all()


def test_streets_meet_only_in_nodes(region: DemoRegion) -> None:
    lines = _whole_streets(region).geometry.to_numpy()
    assert len(shapely.STRtree(lines).query(lines, predicate="crosses")[0]) == 0


def test_no_two_streets_join_the_same_nodes(region: DemoRegion) -> None:
    ends = np.sort(region.street_edges[["from_node_id", "to_node_id"]].to_numpy(), axis=1)
    assert len(np.unique(ends, axis=0)) == len(ends)


def test_some_streets_are_one_way_and_some_are_paths(region: DemoRegion) -> None:
    edges = _whole_streets(region)
    path_share = (~edges["cycle_forward"] & ~edges["cycle_backward"]).mean()
    one_way_share = (edges["cycle_forward"] != edges["cycle_backward"]).mean()
    assert 0.01 < path_share < 0.10
    assert 0.01 < one_way_share < 0.10


def test_where_more_people_live_there_are_more_streets(
    region: DemoRegion, facts: RegionFacts
) -> None:
    crossings = region.street_nodes[region.street_nodes.index < 2**50]
    rows = KDTree(facts.centres_m).query(shapely.get_coordinates(crossings.geometry))[1]
    nodes = pd.Series(rows).value_counts().reindex(range(len(facts.buurten)), fill_value=0)
    assert (nodes >= 5).all()
    large = facts.resident_counts.to_numpy() > 2_000
    small = facts.resident_counts.to_numpy() < 500
    assert nodes[large].median() > 2 * nodes[small].median()


def test_the_ringvaart_and_the_canal_are_crossed_at_named_places_only(
    region: DemoRegion, facts: RegionFacts
) -> None:
    buurten = facts.buurten
    ring = (buurten["gemeentecode"] == HAARLEMMERMEER) & ~buurten["wijkcode"].isin(
        OUTSIDE_RINGVAART
    )
    north = buurten["gemeentecode"].isin(["GM0375", "GM0396"]) | (buurten["wijkcode"] == "WK045305")
    shore = (ring.astype(int) + 2 * north.astype(int)).to_numpy()
    crossings = region.street_nodes[region.street_nodes.index < 2**50]
    rows = KDTree(facts.centres_m).query(shapely.get_coordinates(crossings.geometry))[1]
    edges = _whole_streets(region)
    over_water = shore[rows[edges["from_node_id"]]] != shore[rows[edges["to_node_id"]]]
    bridges = edges[over_water]
    assert len(bridges) == len(CROSSINGS_M)
    assert bridges[["walk", "cycle_forward", "cycle_backward"]].all(axis=None)
    for _, x_m, y_m in CROSSINGS_M:
        assert bridges.distance(shapely.Point(x_m, y_m)).min() < 600
    water = shapely.union_all(region.land_use.geometry[region.land_use["kind"] == "water"])
    assert shapely.intersects(water, bridges.geometry.to_numpy()).all()


# Amenities and residents


def test_every_category_is_there(region: DemoRegion) -> None:
    assert set(region.amenities["category"]) == CATEGORIES


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.category))
def test_amenities_are_in_proportion_to_residents(region: DemoRegion, kind: AmenityKind) -> None:
    count = int((region.amenities["category"] == kind.category).sum())
    assert count == round(kind.per_10_000 * RESIDENT_COUNT / 10_000)


def test_there_are_15_stations_and_7_hospitals(region: DemoRegion) -> None:
    counts = region.amenities["category"].value_counts()
    assert counts["treinstation"] == 15
    assert counts["ziekenhuis"] == 7


def test_made_up_amenities_say_so_in_their_name(region: DemoRegion) -> None:
    real = region.amenities["category"].isin(["treinstation", "ziekenhuis"])
    assert region.amenities.loc[~real, "name"].str.endswith("(voorbeeld)").all()


def test_no_place_is_far_from_the_streets(region: DemoRegion) -> None:
    nodes = KDTree(shapely.get_coordinates(region.street_nodes.geometry))
    for frame in (region.amenities, region.sites, region.population_points):
        assert nodes.query(shapely.get_coordinates(frame.geometry))[0].max() < 250


def test_every_place_along_a_street_is_near_a_node(region: DemoRegion) -> None:
    nodes = KDTree(shapely.get_coordinates(region.street_nodes.geometry))
    along = shapely.get_coordinates(region.street_edges.segmentize(5).to_numpy())
    assert nodes.query(along)[0].max() < 50.1


def test_points_of_residents_add_up_to_every_buurt(region: DemoRegion, facts: RegionFacts) -> None:
    points = region.population_points
    assert points["resident_count"].sum() == RESIDENT_COUNT
    sums = points["resident_count"].groupby(points.index.str[:10]).sum()
    known = facts.resident_counts.dropna()
    assert sums.to_dict() == known.to_dict()


def test_residents_live_in_their_own_buurt(region: DemoRegion, facts: RegionFacts) -> None:
    points = region.population_points
    rows = KDTree(facts.centres_m).query(shapely.get_coordinates(points.geometry))[1]
    assert (facts.buurten.index[rows] == points.index.str[:10]).all()


def test_no_point_stands_for_one_resident(region: DemoRegion) -> None:
    assert region.population_points["resident_count"].min() >= 2


def test_sharing_out_is_exact() -> None:
    assert share_out(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    assert share_out(5, np.array([3.0, 1.0])).tolist() == [4, 1]
    assert share_out(0, np.array([3.0, 1.0])).tolist() == [0, 0]


# The ground


def _excluded(region: DemoRegion) -> gpd.GeoDataFrame:
    rules_out = {entry.key for entry in LAND_USES if entry.excludes}
    return region.land_use[region.land_use["kind"].isin(rules_out)]


def test_every_use_of_the_ground_is_known_and_drawn_whole(region: DemoRegion) -> None:
    ground = region.land_use
    assert set(ground["kind"]) <= set(LAND_USES.keys)
    assert {"water", "strand", "startbaan", "luchthaven", "geluidscontour", "spoor"} <= set(
        ground["kind"]
    )
    assert ground.is_valid.all()
    assert set(ground.geom_type) == {"MultiPolygon"}
    assert (shapely.get_coordinates(ground.geometry) % 1 == 0).all()
    assert ground["name"].str.endswith("(schematisch)").all()


def test_the_drawing_of_the_ground_is_rounded_so_that_it_is_no_survey() -> None:
    drawn = [
        *COAST_M,
        SPAARNE_M,
        AIRPORT_M,
        *(points for _, points in (*LAKES_M, *RUNWAYS_M, *RAILWAYS_M)),
        *CEMETERIES_M,
        *(points for *_, points in ATTENTION_M),
    ]
    assert all(x % 100 == 0 and y % 100 == 0 for points in drawn for x, y in points)


def test_no_example_site_stands_on_ground_that_rules_it_out(region: DemoRegion) -> None:
    excluded = shapely.union_all(_excluded(region).geometry.to_numpy())
    assert not shapely.intersects(excluded, region.sites.geometry.to_numpy()).any()


@pytest.mark.parametrize("kind", ["water", "strand", "startbaan", "spoor", "begraafplaats"])
def test_nobody_lives_in_the_water_or_on_the_tracks(region: DemoRegion, kind: str) -> None:
    ground = shapely.union_all(region.land_use.geometry[region.land_use["kind"] == kind])
    for frame in (region.population_points, region.amenities):
        assert not shapely.intersects(ground, frame.geometry.to_numpy()).any()


@pytest.mark.parametrize(
    ("kind", "x_m", "y_m"),
    [
        ("water", 93_000, 490_000),
        ("water", 106_500, 491_200),
        ("water", 108_800, 495_000),
        ("strand", 95_080, 484_600),
        ("startbaan", 108_900, 484_500),
        ("luchthaven", 112_300, 480_500),
        ("geluidscontour", 108_900, 486_600),
        ("geluid_afwegen", 108_200, 486_600),
        ("spoor", 108_400, 488_500),
        ("natuur", 99_500, 491_500),
    ],
)
def test_what_people_know_of_the_region_is_where_they_know_it(
    region: DemoRegion, kind: str, x_m: int, y_m: int
) -> None:
    ground = region.land_use[region.land_use["kind"] == kind]
    assert shapely.intersects_xy(ground.geometry.to_numpy(), x_m, y_m).any()


def test_the_beach_lies_between_the_sea_and_the_land(region: DemoRegion) -> None:
    ground = region.land_use
    beach = shapely.union_all(ground.geometry[ground["kind"] == "strand"].to_numpy())
    assert shapely.covers(region_outline().buffer(1.5), beach)
    assert beach.distance(ground.geometry["water-01"]) < 2
    assert beach.intersection(ground.geometry["water-01"]).area < 10_000


# Sites


def test_sites_are_of_all_types_but_the_secret_and_private_ones(region: DemoRegion) -> None:
    assert len(region.sites) == 73
    assert set(region.sites["type"]) == SITE_TYPES


def test_no_womens_shelter_and_no_private_home_is_a_site(region: DemoRegion) -> None:
    private = {"vrouwenopvang", "omklapwoning", "contingentwoning", "kanscontractwoning"}
    assert not private & set(region.sites["type"])
    words = region.sites[["name", "description"]].agg(" ".join, axis=1).str.lower()
    assert not words.str.contains("vrouwenopvang").any()


def test_every_status_is_some_sites_newest(region: DemoRegion) -> None:
    newest = region.site_states.groupby("site_code")["status"].last()
    assert set(newest) == set(STATUS_ORDER)


def test_sites_stand_in_the_region_and_each_in_its_own_place(region: DemoRegion) -> None:
    assert shapely.covers(region_outline(), region.sites.geometry.to_numpy()).all()
    assert not region.sites.geometry.duplicated().any()
    gemeenten = region.sites.sjoin(_level(region, "gemeente")[["gemeente_name", "geometry"]])
    assert set(gemeenten["gemeente_name"]) == set(_level(region, "gemeente")["name"])


def test_names_are_plainly_made_up_and_each_once(region: DemoRegion) -> None:
    names = region.sites["name"]
    assert names.is_unique
    assert names.str.endswith(("(voorbeeld)", "(kandidaat uit 2017)")).all()
    assert (
        region.sites["provider"].dropna().str.fullmatch(r"Zorgaanbieder [A-H] \(voorbeeld\)").all()
    )


def test_a_handful_of_sites_is_shielded_and_three_are_internal(region: DemoRegion) -> None:
    counts = region.sites["publication"].value_counts()
    assert set(counts.index) == {"openbaar", "gebied", "intern"}
    assert counts["intern"] == 3
    assert 4 <= counts["gebied"] <= 6


def test_the_life_of_a_site_runs_forward(region: DemoRegion) -> None:
    order = {status: place for place, status in enumerate(STATUS_ORDER)}
    for _, life in region.site_states.groupby("site_code"):
        steps = life["status"].map(order).tolist()
        assert life["from_date"].is_monotonic_increasing
        assert life["from_date"].is_unique
        assert steps == sorted(steps)


def test_every_site_has_a_life_between_2015_and_2026(region: DemoRegion) -> None:
    assert set(region.site_states["site_code"]) == set(region.sites.index)
    assert region.site_states["from_date"].min() >= dt.date(2015, 1, 1)
    assert region.site_states["from_date"].max() <= dt.date(2026, 12, 31)


def test_a_site_that_ended_says_why(region: DemoRegion) -> None:
    states = region.site_states
    ended = states["status"].isin(["omgeklapt", "afgebouwd", "afgevallen"])
    assert states.loc[ended, "reason"].notna().all()
    closed = states["status"].isin(["omgeklapt", "afgebouwd"])
    assert (states.loc[closed, "capacity_count"] == 0).all()


def test_places_are_known_from_the_decision_on(region: DemoRegion) -> None:
    states = region.site_states
    firm = states["status"].isin(["besluit", "realisatie", "in_gebruik"])
    assert states.loc[firm, "capacity_count"].notna().all()
    assert states.loc[~firm, "capacity_count"].isna().any()


def test_beschermd_wonen_starts_at_850_and_shrinks(region: DemoRegion) -> None:
    years = [2017, 2019, 2022, 2026]
    places = [_places_in_use(region, "beschermd_wonen", dt.date(year, 1, 1)) for year in years]
    assert places[:2] == [850, 850]
    assert places == sorted(places, reverse=True)
    assert places[-1] < 700


def test_beschut_wonen_grows_since_2018(region: DemoRegion) -> None:
    years = [2018, 2019, 2020, 2022, 2024, 2026]
    places = [_places_in_use(region, "beschut_wonen", dt.date(year, 1, 1)) for year in years]
    assert places[0] == 0
    assert places == sorted(set(places))


def test_most_of_opvang_and_beschermd_wonen_stands_in_haarlem(region: DemoRegion) -> None:
    located = region.sites[["geometry"]].sjoin(_level(region, "gemeente")[["name", "geometry"]])
    states = _states_on(region, dt.date(2017, 1, 1)).join(located["name"])
    for site_type in ("beschermd_wonen", "maatschappelijke_opvang"):
        places = states[states["type"] == site_type].groupby("name")["capacity_count"].sum()
        assert places["Haarlem"] > places.sum() / 2


def test_some_gemeenten_have_no_respijt_yet(region: DemoRegion) -> None:
    respijt = region.sites[region.sites["type"] == "respijt"]
    located = respijt.sjoin(_level(region, "gemeente")[["gemeente_code", "geometry"]])
    assert 1 <= located["gemeente_code"].nunique() <= 6


def test_the_four_places_of_2017_are_candidates_in_haarlem(region: DemoRegion) -> None:
    candidates = region.sites[region.sites["name"].str.endswith("(kandidaat uit 2017)")]
    assert len(candidates) == 4
    for place in (
        "Spoorwegdriehoek",
        "Waarderpolder noord",
        "Waarderpolder noordoost",
        "Schalkwijk noord-oost",
    ):
        assert f"Skaeve Huse {place} (kandidaat uit 2017)" in set(candidates["name"])
    haarlem = region.areas.geometry["GM0392"]
    assert shapely.covers(haarlem, candidates.geometry.to_numpy()).all()
    states = region.site_states.set_index("site_code").loc[candidates.index]
    assert (states["status"] == "nader_onderzoek").all()
    assert (states["capacity_count"] == 6).all()
    assert states["reason"].str.contains("uitvoeringsprogramma").all()


def test_seven_of_the_eleven_places_in_haarlem_fell_with_a_reason(region: DemoRegion) -> None:
    skaeve = region.sites[region.sites["type"] == "skaeve_huse"]
    in_haarlem = skaeve[skaeve.geometry.within(region.areas.geometry["GM0392"])]
    last = region.site_states.groupby("site_code").last().loc[in_haarlem.index]
    assert last["status"].value_counts().to_dict() == {"afgevallen": 7, "nader_onderzoek": 4}
    fell = last[last["status"] == "afgevallen"]
    assert (fell["from_date"] == dt.date(2017, 3, 1)).all()
    assert fell["reason"].is_unique
    assert fell["reason"].str.len().min() > 20
    assert in_haarlem.loc[fell.index, "name"].str.endswith("(voorbeeld)").all()
    assert (in_haarlem["publication"] == "openbaar").all()


def test_sites_that_were_there_kept_their_code_and_place(region: DemoRegion) -> None:
    """Codes and draws run on in the order of the plans: new plans stand at the end."""
    assert region.sites.index[-7:].tolist() == [f"DEMO-{number:03d}" for number in range(67, 74)]
    place = region.sites.geometry["DEMO-066"]
    assert (round(place.x), round(place.y)) == (106_349, 501_355)
    assert code_of("skaeve_huse", "Spoorwegdriehoek") == "DEMO-031"
    with pytest.raises(KeyError, match="2 example sites"):
        code_of("beschut_wonen", "Schalkwijk")


def test_every_choice_and_closer_look_is_about_an_example_site_and_says_so() -> None:
    choice = HAARLEM_CHOICE
    for place in (*choice.dropped, *choice.looked_at, *choice.compared):
        code_of(choice.type, place)
    for look in LOOK_PLANS:
        code_of(look.type, look.place)
        assert set(look.answers) <= set(QUESTIONS.keys)
        assert all(found.finding in FINDINGS for found in look.answers.values())
        assert all(found.told.startswith("Voorbeeld: ") for found in look.answers.values())
    assert any(len(look.answers) < len(QUESTIONS) for look in LOOK_PLANS)
    assert any(look.cost_eur is None for look in LOOK_PLANS)


# The tiny world


@pytest.mark.parametrize(("name", "promise"), FRAMES)
def test_the_tiny_world_keeps_every_promise(name: str, promise: Frame) -> None:
    frames.check(getattr(tiny_world(), name), promise)


def test_the_tiny_world_is_as_drawn() -> None:
    world = tiny_world()
    assert len(world.street_nodes) == 63
    assert len(world.street_edges) == 110
    assert len(world.population_points) == 20
    assert world.population_points["resident_count"].sum() == 4_000
    residents = _figure(world, "inwoners", "gemeente")["value"]
    assert residents.tolist() == [2_000, 1_500, 500]
    assert shapely.coverage_is_valid(_level(world, "buurt").geometry.to_numpy())
    assert nx.is_connected(_walking(world))


def test_the_tiny_world_has_40_public_places_in_use_in_2026() -> None:
    world = tiny_world()
    states = _states_on(world, dt.date(2026, 1, 1)).join(world.sites["publication"])
    counted = states[(states["status"] == "in_gebruik") & (states["publication"] != "intern")]
    assert counted["capacity_count"].sum() == 40
