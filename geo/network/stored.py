"""The network on disk: one folder, one file an array, and a list of what belongs in it.

The files are mapped, not read: all processes on a machine share one copy. A folder that was
cut short, changed, made by another version or from another release is refused. The hierarchy
over a network, which takes long to make, is kept in the same folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from geo.errors import NetworkError
from geo.network.arrays import MAX_MM, PROFILES, Arcs, Profile, StreetNetwork
from geo.network.hierarchy import Hierarchy, Ladder

Arrays = Mapping[str, npt.NDArray[Any]]

#: Raised when the arrays change their meaning.
FORMAT = 2
_CONTENTS = "contents.json"
_OF_NODES = ("node_ids", "x_m", "y_m", "edge_ids", "component")
_OF_ARCS = ("first", "target", "length_mm", "edge")
_OF_LADDER = tuple(field.name for field in fields(Ladder))
_OF_RANKS = tuple(
    field.name for field in fields(Hierarchy) if field.name not in ("network", "up", "down")
)
_DTYPES = {"node_ids": "int64", "x_m": "float64", "y_m": "float64", "edge_ids": "int64"}


def save_network(network: StreetNetwork, folder: Path, release: str = "") -> None:
    """Write the network to ``folder``, whole or not at all; a network that is there is replaced.

    ``release`` says from which data it was made, in any words.
    """
    _save(network.profile, _arrays_of_network(network), folder, release)


def save_hierarchy(hierarchy: Hierarchy, folder: Path, release: str = "") -> None:
    """As ``save_network``, with the hierarchy over the network beside it."""
    network = hierarchy.network
    arrays = _arrays_of_network(network) | _arrays_of_hierarchy(hierarchy)
    _save(network.profile, arrays, folder, release)


def open_network(folder: Path, release: str | None = None) -> StreetNetwork:
    """The network in ``folder``, mapped; NetworkError when it is not what was saved.

    With ``release`` it must have been made from that release.
    """
    profile, arrays = _open(folder, release)
    return _to_network(folder, profile, arrays)


def open_hierarchy(folder: Path, release: str | None = None) -> Hierarchy:
    """As ``open_network``: the hierarchy in ``folder``, with its network."""
    profile, arrays = _open(folder, release)
    network = _to_network(folder, profile, arrays)
    own = {name: arrays[name] for name in arrays if _is_of_hierarchy(name)}
    up, down = (_names("up", _OF_LADDER), _names("down", _OF_LADDER))
    if set(own) not in ({*_ranks(), *up}, {*_ranks(), *up, *down}):
        raise NetworkError(f"{folder}: not the arrays of a hierarchy")
    going_up = Ladder(*(own[name] for name in up))
    hierarchy = Hierarchy(
        network=network,
        **{name: own[f"rank_{name}"] for name in _OF_RANKS},
        up=going_up,
        down=Ladder(*(own[name] for name in down)) if set(down) <= set(own) else going_up,
    )
    if faults := _faults(hierarchy):
        raise NetworkError(f"{folder}: {'; '.join(faults)}")
    return hierarchy


def _save(profile: Profile, arrays: Arrays, folder: Path, release: str) -> None:
    if folder.exists():
        _read_contents(folder)
    making, former = (folder.with_name(folder.name + end) for end in (".making", ".former"))
    for left_behind in (making, former):
        shutil.rmtree(left_behind, ignore_errors=True)
    making.mkdir(parents=True)
    for name, values in arrays.items():
        np.save(making / f"{name}.npy", values, allow_pickle=False)
    contents = {
        "format": FORMAT,
        "profile": profile,
        "release": release,
        "sha256": {name: _sha256(making / f"{name}.npy") for name in arrays},
    }
    (making / _CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")
    if folder.exists():
        folder.rename(former)
    making.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def _open(folder: Path, release: str | None) -> tuple[Profile, dict[str, npt.NDArray[Any]]]:
    contents = _read_contents(folder)
    if release is not None and contents["release"] != release:
        raise NetworkError(
            f"{folder}: made from release {contents['release']!r}, not from {release!r}"
        )
    sums = contents["sha256"]
    return contents["profile"], {name: _map(folder, name, sums[name]) for name in sums}


def _to_network(
    folder: Path, profile: Profile, arrays: dict[str, npt.NDArray[Any]]
) -> StreetNetwork:
    ahead, turned = _names("forward", _OF_ARCS), _names("backward", _OF_ARCS)
    names = {name for name in arrays if not _is_of_hierarchy(name)}
    wanted = {*_OF_NODES, *ahead}
    if names not in (wanted, wanted | {*turned}):
        raise NetworkError(f"{folder}: not the arrays of a network")
    forward = Arcs(*(arrays[name] for name in ahead))
    return StreetNetwork(
        profile=profile,
        **{name: arrays[name] for name in _OF_NODES},
        forward=forward,
        backward=Arcs(*(arrays[name] for name in turned)) if {*turned} <= names else forward,
    )


def _arrays_of_network(network: StreetNetwork) -> dict[str, npt.NDArray[Any]]:
    arrays = {name: getattr(network, name) for name in _OF_NODES}
    arrays |= {f"forward_{name}": getattr(network.forward, name) for name in _OF_ARCS}
    if network.backward is not network.forward:
        arrays |= {f"backward_{name}": getattr(network.backward, name) for name in _OF_ARCS}
    return arrays


def _arrays_of_hierarchy(hierarchy: Hierarchy) -> dict[str, npt.NDArray[Any]]:
    arrays = {f"rank_{name}": getattr(hierarchy, name) for name in _OF_RANKS}
    arrays |= {f"up_{name}": getattr(hierarchy.up, name) for name in _OF_LADDER}
    if hierarchy.down is not hierarchy.up:
        arrays |= {f"down_{name}": getattr(hierarchy.down, name) for name in _OF_LADDER}
    return arrays


def _names(of: str, arrays: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{of}_{name}" for name in arrays)


def _ranks() -> tuple[str, ...]:
    return _names("rank", _OF_RANKS)


def _is_of_hierarchy(name: str) -> bool:
    return name.partition("_")[0] in ("rank", "up", "down")


def _faults(hierarchy: Hierarchy) -> list[str]:
    """Whatever would make a sweep read beyond the arrays."""
    count = hierarchy.network.node_count
    every = np.arange(count)
    if any(len(getattr(hierarchy, name)) != count for name in _OF_RANKS):
        return ["the arrays of the hierarchy differ in length"]
    faults = []
    node = hierarchy.node
    if count and not (0 <= node.min() <= node.max() < count):
        faults.append("a node is out of range")
    elif not np.array_equal(hierarchy.rank[node], every):
        faults.append("ranks and nodes do not fit each other")
    parent = hierarchy.parent
    if count and not (parent.max() < count and ((parent > every) | (parent == -1)).all()):
        faults.append("a parent is not above its node")
    for name, ladder in (("up", hierarchy.up), ("down", hierarchy.down)):
        faults += [f"{name}: {fault}" for fault in _faults_of_ladder(ladder, count)]
    return faults


def _faults_of_ladder(ladder: Ladder, count: int) -> list[str]:
    joins = len(ladder.above)
    if len(ladder.first) != count + 1 or len(ladder.length_mm) != joins:
        return ["the arrays differ in length"]
    steps = np.diff(ladder.first)
    if ladder.first[0] != 0 or ladder.first[-1] != joins or (steps < 0).any():
        return ["the rows are not in order"]
    if not joins:
        return []
    low = np.repeat(np.arange(count), steps)
    above = (ladder.above > low).all() and ladder.above.max() < count
    lengths = ladder.length_mm.min() >= 0 and ladder.length_mm.max() <= MAX_MM
    return [] if above and lengths else ["a join does not go up, or its length is out of range"]


def _read_contents(folder: Path) -> dict[str, Any]:
    """The list of what is in the folder; NetworkError when there is none we can read."""
    try:
        contents = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
        known = contents["format"], contents["profile"]
        sums, release = contents["sha256"], contents["release"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise NetworkError(f"{folder}: not the folder of a network ({fault})") from fault
    if known[0] != FORMAT:
        raise NetworkError(f"{folder}: format {known[0]}, not {FORMAT}; make the network again")
    if known[1] not in PROFILES or not isinstance(sums, dict) or not isinstance(release, str):
        raise NetworkError(f"{folder}: not the folder of a network")
    return cast(dict[str, Any], contents)


def _map(folder: Path, name: str, sha256: str) -> npt.NDArray[Any]:
    path = folder / f"{name}.npy"
    try:
        if _sha256(path) != sha256:
            raise NetworkError(f"{path}: not as it was saved; make the network again")
        values = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError) as fault:
        raise NetworkError(f"{path}: can't be read ({fault})") from fault
    if values.ndim != 1 or values.dtype != _DTYPES.get(name, "int32"):
        raise NetworkError(f"{path}: not the array that belongs here")
    return values


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
