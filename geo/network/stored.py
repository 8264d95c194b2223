"""The network on disk: one folder, one file an array, and a list of what belongs in it.

The files are mapped, not read: all processes on a machine share one copy. A folder that was
cut short, changed, made by another version or from another release is refused.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from geo.errors import NetworkError
from geo.network.arrays import PROFILES, Arcs, Profile, StreetNetwork

#: Raised when the arrays change their meaning.
FORMAT = 1
_CONTENTS = "contents.json"
_OF_NODES = ("node_ids", "x_m", "y_m", "edge_ids", "component")
_OF_ARCS = ("first", "target", "length_mm", "edge")
_DTYPES = {"node_ids": "int64", "x_m": "float64", "y_m": "float64", "edge_ids": "int64"}


def save_network(network: StreetNetwork, folder: Path, release: str = "") -> None:
    """Write the network to ``folder``, whole or not at all; a network that is there is replaced.

    ``release`` says from which data it was made, in any words.
    """
    if folder.exists():
        _read_contents(folder)
    making, former = (folder.with_name(folder.name + end) for end in (".making", ".former"))
    for left_behind in (making, former):
        shutil.rmtree(left_behind, ignore_errors=True)
    making.mkdir(parents=True)
    arrays = _arrays(network)
    for name, values in arrays.items():
        np.save(making / f"{name}.npy", values, allow_pickle=False)
    contents = {
        "format": FORMAT,
        "profile": network.profile,
        "release": release,
        "sha256": {name: _sha256(making / f"{name}.npy") for name in arrays},
    }
    (making / _CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")
    if folder.exists():
        folder.rename(former)
    making.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def open_network(folder: Path, release: str | None = None) -> StreetNetwork:
    """The network in ``folder``, mapped; NetworkError when it is not what was saved.

    With ``release`` it must have been made from that release.
    """
    contents = _read_contents(folder)
    if release is not None and contents["release"] != release:
        raise NetworkError(
            f"{folder}: made from release {contents['release']!r}, not from {release!r}"
        )
    names = contents["sha256"]
    wanted = {*_OF_NODES, *(f"forward_{name}" for name in _OF_ARCS)}
    turned = {f"backward_{name}" for name in _OF_ARCS}
    if set(names) not in (wanted, wanted | turned):
        raise NetworkError(f"{folder}: not the arrays of a network")
    arrays = {name: _map(folder, name, names[name]) for name in names}
    forward = Arcs(*(arrays[f"forward_{name}"] for name in _OF_ARCS))
    return StreetNetwork(
        profile=cast(Profile, contents["profile"]),
        **{name: arrays[name] for name in _OF_NODES},
        forward=forward,
        backward=Arcs(*(arrays[f"backward_{name}"] for name in _OF_ARCS))
        if turned <= set(names)
        else forward,
    )


def _arrays(network: StreetNetwork) -> dict[str, npt.NDArray[Any]]:
    arrays = {name: getattr(network, name) for name in _OF_NODES}
    arrays |= {f"forward_{name}": getattr(network.forward, name) for name in _OF_ARCS}
    if network.backward is not network.forward:
        arrays |= {f"backward_{name}": getattr(network.backward, name) for name in _OF_ARCS}
    return arrays


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
