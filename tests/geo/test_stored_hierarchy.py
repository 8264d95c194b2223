"""A hierarchy on disk is the one that was made, or it is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from geo.errors import NetworkError
from geo.network.arrays import PROFILES, Profile, StreetNetwork
from geo.network.hierarchy import Hierarchy, Ladder, build_hierarchy
from geo.network.routes import measure_matrix
from geo.network.snap import Stops
from geo.network.stored import open_hierarchy, open_network, save_hierarchy, save_network
from geo.network.swept import sweep_matrix
from tests.geo.network_cases import demo_network, every_node, networks, small_network, tiny_network


def assert_equal(one: Hierarchy, other: Hierarchy) -> None:
    for field in fields(Hierarchy):
        mine, yours = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, Ladder):
            assert all(
                np.array_equal(getattr(mine, part.name), getattr(yours, part.name))
                for part in fields(Ladder)
            )
        elif isinstance(mine, StreetNetwork):
            assert np.array_equal(mine.node_ids, yours.node_ids)
        else:
            assert np.array_equal(mine, yours)
            assert mine.dtype == yours.dtype


@pytest.mark.parametrize("profile", PROFILES)
def test_a_mapped_hierarchy_is_the_one_that_was_saved(tmp_path: Path, profile: Profile) -> None:
    made = build_hierarchy(demo_network(profile))
    save_hierarchy(made, tmp_path / "streets", "voorbeeld 2026")
    mapped = open_hierarchy(tmp_path / "streets", "voorbeeld 2026")
    assert_equal(mapped, made)
    assert isinstance(mapped.up.above.base, np.memmap)
    assert (mapped.down is mapped.up) == (profile == "walk")
    some = Stops.at_nodes(np.arange(0, made.network.node_count, 500))
    assert np.array_equal(
        sweep_matrix(mapped, some, some), measure_matrix(demo_network(profile), some, some)
    )
    network = open_network(tmp_path / "streets")
    assert np.array_equal(network.forward.target, made.network.forward.target)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(network=networks())
def test_any_hierarchy_can_be_saved_over_another(tmp_path: Path, network: StreetNetwork) -> None:
    made = build_hierarchy(network)
    save_hierarchy(made, tmp_path / "streets")
    mapped = open_hierarchy(tmp_path / "streets")
    assert_equal(mapped, made)
    everything = every_node(network)
    assert np.array_equal(
        sweep_matrix(mapped, everything, everything),
        measure_matrix(network, everything, everything),
    )


def test_a_network_alone_is_no_hierarchy(tmp_path: Path) -> None:
    save_network(tiny_network("walk"), tmp_path / "streets")
    with pytest.raises(NetworkError, match="not the arrays of a hierarchy"):
        open_hierarchy(tmp_path / "streets")


@pytest.mark.parametrize("name", ["rank_parent", "up_above", "down_length_mm"])
def test_a_damaged_array_is_refused_by_name(tmp_path: Path, name: str) -> None:
    save_hierarchy(build_hierarchy(tiny_network("cycle")), tmp_path / "streets")
    path = tmp_path / "streets" / f"{name}.npy"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(NetworkError, match=name):
        open_hierarchy(tmp_path / "streets")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rank_rank", "differ in length"),
        ("rank_node", "differ in length"),
        ("up_first", "up: the arrays differ in length"),
        ("down_above", "down: the arrays differ in length"),
    ],
)
def test_arrays_of_two_hierarchies_do_not_mix(tmp_path: Path, name: str, message: str) -> None:
    folder, other = tmp_path / "streets", tmp_path / "other"
    save_hierarchy(build_hierarchy(tiny_network("cycle")), folder)
    save_hierarchy(build_hierarchy(small_network(2, [(0, 1, 5_000, True, False)])), other)
    _exchange(folder, other, name)
    with pytest.raises(NetworkError, match=message):
        open_hierarchy(folder)


def test_joins_that_would_lead_beyond_the_arrays_are_refused(tmp_path: Path) -> None:
    folder, other = tmp_path / "streets", tmp_path / "other"
    made = build_hierarchy(tiny_network("walk"))
    save_hierarchy(made, folder)
    for field, values in (
        ("above", made.up.above + np.int32(1)),
        ("length_mm", -made.up.length_mm),
        ("first", made.up.first[::-1].copy()),
    ):
        ladder = Ladder(**{**vars(made.up), field: values})
        wrong = Hierarchy(**{**vars(made), "up": ladder, "down": ladder})
        save_hierarchy(wrong, other)
        with pytest.raises(NetworkError, match="up: "):
            open_hierarchy(other)
    for field in ("rank", "node", "parent"):
        wrong = Hierarchy(**{**vars(made), field: getattr(made, field)[::-1].copy()})
        save_hierarchy(wrong, other)
        with pytest.raises(NetworkError, match=r"ranks and nodes|parent"):
            open_hierarchy(other)


def _exchange(folder: Path, other: Path, name: str) -> None:
    """Put one array of the other folder in this one, as if it belonged here."""
    contents = [json.loads((where / "contents.json").read_text()) for where in (folder, other)]
    (folder / f"{name}.npy").write_bytes((other / f"{name}.npy").read_bytes())
    contents[0]["sha256"][name] = contents[1]["sha256"][name]
    (folder / "contents.json").write_text(json.dumps(contents[0]))
