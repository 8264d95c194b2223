"""The arrays hold the streets of the frames, and the files hold the arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import frames
from geo.errors import FrameError, NetworkError
from geo.network.arrays import (
    PROFILES,
    Arcs,
    Profile,
    StreetNetwork,
    build_network,
    to_m,
    to_mm,
)
from geo.network.graph import to_networkx
from geo.network.nearest import measure_nearest
from geo.network.snap import Stops
from geo.network.stored import open_network, save_network
from tests.geo.network_cases import (
    demo,
    demo_network,
    networks,
    small_network,
    tiny_network,
)
from tests.world import tiny_world

NODE_ARRAYS = ("node_ids", "x_m", "y_m", "edge_ids", "component")
ARC_ARRAYS = ("first", "target", "length_mm", "edge")


def assert_equal(one: StreetNetwork, other: StreetNetwork) -> None:
    """Both have the same arrays."""
    assert one.profile == other.profile
    pairs: list[tuple[Any, Any]] = [(getattr(one, n), getattr(other, n)) for n in NODE_ARRAYS]
    for name in ARC_ARRAYS:
        pairs.append((getattr(one.forward, name), getattr(other.forward, name)))
        pairs.append((getattr(one.backward, name), getattr(other.backward, name)))
    for mine, yours in pairs:
        assert mine.dtype == yours.dtype
        assert np.array_equal(mine, yours)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_arcs_are_the_streets_of_the_frame(profile: Profile) -> None:
    network, edges = demo_network(profile), demo().street_edges
    allowed = (
        (edges["walk"], edges["walk"])
        if profile == "walk"
        else (edges["cycle_forward"], edges["cycle_backward"])
    )
    wanted = {
        (int(start), int(stop), int(edge), round(length_m * 1000))
        for way, (start, stop) in zip(
            allowed, (("from_node_id", "to_node_id"), ("to_node_id", "from_node_id")), strict=True
        )
        for edge, start, stop, length_m in edges.loc[way, [start, stop, "length_m"]].itertuples()
    }
    for arcs, start, stop in (
        (network.forward, network.forward.source, network.forward.target),
        (network.backward, network.backward.target, network.backward.source),
    ):
        ids = network.node_ids[start], network.node_ids[stop], network.edge_ids[arcs.edge]
        found = zip(*(column.tolist() for column in (*ids, arcs.length_mm)), strict=True)
        assert set(found) == wanted
        assert len(arcs.target) == len(wanted)
    rows = network.index_of(demo().street_nodes.index)
    xy_m = shapely.get_coordinates(demo().street_nodes.geometry)
    assert np.array_equal(np.column_stack([network.x_m, network.y_m])[rows], xy_m)


def test_walking_needs_one_set_of_arcs_and_cycling_two() -> None:
    assert tiny_network("walk").backward is tiny_network("walk").forward
    cycling = tiny_network("cycle")
    assert cycling.arc_count == 2 * (110 - 6) - 8
    assert tiny_network("walk").arc_count == 2 * 110


def test_components_are_counted_and_small_ones_marked() -> None:
    ring = [(a, a + 1, 1_000, True, a % 2 == 0) for a in range(3, 40)]
    network = small_network(42, [*ring, (0, 1, 1_000, False, True)])
    assert network.component_node_counts.tolist() == [38, 2, 1, 1]
    rows = network.index_of([0, 1, 2, 3, 40, 41])
    assert network.component[rows].tolist() == [1, 1, 2, 0, 0, 3]
    assert network.in_small_component[rows].tolist() == [True, True, True, False, False, True]


def test_the_largest_component_is_never_small() -> None:
    assert not small_network(1, []).in_small_component.any()


def test_the_example_region_hangs_together() -> None:
    assert len(demo_network("walk").component_node_counts) == 1


def test_neighbours_in_space_are_neighbours_in_memory() -> None:
    arcs = demo_network("walk").forward
    apart = np.abs(arcs.source.astype(np.int64) - arcs.target)
    assert np.median(apart) < 10


def test_the_order_of_the_frames_does_not_matter() -> None:
    world = tiny_world()
    turned = build_network(world.street_nodes[::-1], world.street_edges[::-1], "cycle")
    assert np.array_equal(turned.node_ids, tiny_network("cycle").node_ids)
    assert np.array_equal(turned.forward.target, tiny_network("cycle").forward.target)


def test_frames_that_break_their_promise_are_refused() -> None:
    world = tiny_world()
    with pytest.raises(FrameError, match="walk"):
        build_network(world.street_nodes, world.street_edges.drop(columns="walk"), "walk")
    with pytest.raises(NetworkError, match="unknown"):
        build_network(world.street_nodes.iloc[1:], world.street_edges, "walk")
    long = world.street_edges.assign(length_m=2e6)
    with pytest.raises(NetworkError, match="longer than"):
        build_network(world.street_nodes, frames.check(long, frames.STREET_EDGES), "walk")
    with pytest.raises(NetworkError, match="drive"):
        build_network(world.street_nodes, world.street_edges, "drive")  # type: ignore[arg-type]


def test_arrays_that_do_not_fit_are_refused() -> None:
    network = small_network(3, [(0, 1, 1_000, True, True), (1, 2, 1_000, True, True)])
    arcs = network.forward
    nodes = {name: getattr(network, name) for name in NODE_ARRAYS}
    for wrong in (
        Arcs(arcs.first, arcs.target + np.int32(1), arcs.length_mm, arcs.edge),
        Arcs(arcs.first, arcs.target, -arcs.length_mm, arcs.edge),
        Arcs(arcs.first[::-1], arcs.target, arcs.length_mm, arcs.edge),
        Arcs(arcs.first[:-1], arcs.target, arcs.length_mm, arcs.edge),
    ):
        with pytest.raises(NetworkError, match="forward"):
            StreetNetwork(profile="walk", forward=wrong, backward=arcs, **nodes)


def test_arrays_can_not_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        tiny_network("walk").forward.length_mm[0] = 1


def test_millimetres_are_rounded_and_unknown_lengths_refused() -> None:
    assert to_mm([0.0004, 0.0006, 12.3456]).tolist() == [0, 1, 12_346]
    assert to_m(np.array([1_500, 2**30])).tolist()[0] == 1.5
    with pytest.raises(NetworkError, match="unknown"):
        to_mm([np.nan])


def test_a_part_of_the_network_in_networkx() -> None:
    network = tiny_network("cycle")
    whole, part = to_networkx(network), to_networkx(network, [0, 1, 2])
    assert (len(whole), whole.number_of_edges()) == (63, network.arc_count)
    assert sorted(part) == [0, 1, 2]
    assert part.nodes[1]["node_id"] == network.node_ids[1]
    for start, stop, street in part.edges(data=True):
        assert network.forward.source[street["arc"]] == start
        assert network.forward.target[street["arc"]] == stop
        assert street["length_mm"] == 500_000


@pytest.mark.parametrize("profile", PROFILES)
def test_saved_and_mapped_arrays_are_equal(tmp_path: Path, profile: Profile) -> None:
    network = demo_network(profile)
    save_network(network, tmp_path / "network", "voorbeeld 2026")
    mapped = open_network(tmp_path / "network", "voorbeeld 2026")
    assert_equal(mapped, network)
    assert isinstance(mapped.forward.target.base, np.memmap)
    places = [Stops.at_nodes([0, 500])]
    assert np.array_equal(measure_nearest(mapped, places), measure_nearest(network, places))


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(network=networks())
def test_any_network_can_be_saved_over_another(tmp_path: Path, network: StreetNetwork) -> None:
    save_network(network, tmp_path / "network")
    assert_equal(open_network(tmp_path / "network"), network)


def saved(tmp_path: Path) -> Path:
    """The tiny world in a folder."""
    save_network(tiny_network("cycle"), tmp_path / "network", "v1")
    return tmp_path / "network"


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "other"])
@pytest.mark.parametrize("name", ["x_m", "forward_first", "backward_length_mm"])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, damage: str, name: str) -> None:
    folder = saved(tmp_path)
    path = folder / f"{name}.npy"
    content = path.read_bytes()
    if damage == "flip":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes((folder / "forward_edge.npy").read_bytes())
    with pytest.raises(NetworkError, match=name):
        open_network(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format 99"),
        ({"profile": "drive"}, "not the folder"),
        ({"sha256": {}}, "not the arrays"),
        ({"sha256": []}, "not the folder"),
        ({"release": None}, "not the folder"),
    ],
)
def test_a_list_of_contents_that_is_wrong_is_refused(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    folder = saved(tmp_path)
    contents = folder / "contents.json"
    contents.write_text(json.dumps(json.loads(contents.read_text()) | change))
    with pytest.raises(NetworkError, match=message):
        open_network(folder)


def test_a_network_of_another_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="from release 'v1', not from 'v2'"):
        open_network(saved(tmp_path), "v2")


def test_a_folder_with_something_else_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "letter.txt").write_text("keep me")
    with pytest.raises(NetworkError, match="not the folder of a network"):
        open_network(tmp_path / "network")
    with pytest.raises(NetworkError, match="not the folder of a network"):
        save_network(tiny_network("walk"), tmp_path / "network")
    assert (tmp_path / "network" / "letter.txt").read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network"]


def test_files_of_two_networks_do_not_mix(tmp_path: Path) -> None:
    """Arrays that are each as saved, but not together, are refused before anything is read."""
    folder, other = saved(tmp_path), tmp_path / "other"
    save_network(small_network(2, [(0, 1, 5_000, True, False)]), other)
    contents = [json.loads((where / "contents.json").read_text()) for where in (folder, other)]
    (folder / "forward_target.npy").write_bytes((other / "forward_target.npy").read_bytes())
    contents[0]["sha256"]["forward_target"] = contents[1]["sha256"]["forward_target"]
    (folder / "contents.json").write_text(json.dumps(contents[0]))
    with pytest.raises(NetworkError, match="differ in length"):
        open_network(folder)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), unique=True, min_size=1, max_size=9))
def test_nodes_are_found_by_their_id(ids: list[int]) -> None:
    network = small_network(len(ids), [])
    named = StreetNetwork(
        **{**vars(network), "node_ids": np.array(ids, dtype=np.int64)[network.node_ids]}
    )
    assert named.node_ids[named.index_of(ids)].tolist() == ids
    with pytest.raises(NetworkError, match="unknown"):
        named.index_of([10**13])
