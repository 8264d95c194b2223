"""The streets are made once, whatever happens to the folder, the processes or the disk."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text

from app.services import street_store
from app.services.demo import load_region
from app.services.street_store import TravelStreets, digest_of, travel_streets
from data.demo import DemoRegion
from data.errors import NotFound
from data.queries.streets import street_edges, street_release
from geo.network.arrays import PROFILES, Profile, StreetNetwork
from geo.network.hierarchy import Hierarchy, build_hierarchy
from geo.network.routes import measure_matrix
from geo.network.snap import Stops
from geo.network.stored import save_hierarchy
from geo.network.swept import sweep_matrix
from tests.database_server import CHECKOUT
from tests.geo.network_cases import tiny_network
from tests.world import tiny_world

#: Waits for a line, opens the streets, tells how many hierarchies it made, and stays.
PROCESS = """
import sys, time
from pathlib import Path
from app.services import street_store
from data import schema
url, home, halt = sys.argv[1:]
made, build, save = [], street_store.build_hierarchy, street_store.save_hierarchy
def building(network):
    made.append(network.profile)
    time.sleep(0.3)
    return build(network)
def saving(hierarchy, folder, release):
    save(hierarchy, folder, release)
    if halt == "halfway":
        print("halfway", flush=True)
        time.sleep(600)
street_store.build_hierarchy, street_store.save_hierarchy = building, saving
engine = schema.connect(url)
with engine.connect() as connection:
    print("ready", flush=True)
    sys.stdin.readline()
    streets = street_store.travel_streets(connection, Path(home), "walk")
    print(len(made), streets.network.node_count, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def world(connection: Connection) -> Connection:
    """The tiny world, for this test only."""
    load_region(connection, tiny_world())
    return connection


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Profile]:
    """What was made since the start of the test, in this process."""
    profiles: list[Profile] = []

    def building(network: StreetNetwork) -> Hierarchy:
        profiles.append(network.profile)
        return build_hierarchy(network)

    monkeypatch.setattr(street_store, "build_hierarchy", building)
    return profiles


@pytest.fixture
def start(fresh_database_url: str, home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start another process of the program."""
    started = []

    def run(halt: str = "") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, fresh_database_url, str(home), halt],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert line(process) == "ready"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def forget() -> None:
    """Be as a process that starts."""
    while street_store._kept:
        street_store._kept.popitem()[1].let_go()


def folder_of(connection: Connection, home: Path) -> Path:
    return home / "streets" / digest_of(street_release(connection))


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "streets").iterdir() if path.name != "lock")


def assert_right(streets: TravelStreets, profile: Profile) -> None:
    """The streets are those of the tiny world, and the hierarchy gives the distances of search."""
    expected = tiny_network(profile)
    assert streets.network.node_ids.tolist() == expected.node_ids.tolist()
    everything = Stops.at_nodes(np.arange(expected.node_count))
    assert np.array_equal(
        sweep_matrix(streets.hierarchy, everything, everything),
        measure_matrix(expected, everything, everything),
    )
    assert streets.snapper.snap([100_010.0], [480_000.0]).distance_m.tolist() == [10.0]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_streets_are_made_once_and_mapped(
    world: Connection, home: Path, made: list[Profile], profile: Profile
) -> None:
    first = travel_streets(world, home, profile)
    assert first.release == street_release(world)
    assert_right(first, profile)
    assert isinstance(first.hierarchy.up.above.base, np.memmap)
    assert travel_streets(world, home, profile) is first
    forget()
    assert_right(travel_streets(world, home, profile), profile)
    assert sorted(made) == ["cycle", "walk"]
    assert names(home) == [folder_of(world, home).name]


def test_threads_of_one_process_make_them_once(
    database: Engine, home: Path, made: list[Profile]
) -> None:
    def ask(number: int) -> TravelStreets:
        with database.connect() as connection:
            return travel_streets(connection, home, PROFILES[number % 2])

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(ask, range(6)))
    assert len({id(streets) for streets in found}) == 2
    assert sorted(made) == ["cycle", "walk"]


def test_of_two_processes_that_start_at_once_one_makes_and_the_other_waits(
    database: Engine, home: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    both = [start(), start()]
    for process in both:
        go(process)
    assert sorted(line(process) for process in both) == ["0 63", "2 63"]


def test_a_process_killed_halfway_leaves_nothing_behind(
    database: Engine, home: Path, start: Callable[..., subprocess.Popen[str]], made: list[Profile]
) -> None:
    process = start("halfway")
    go(process)
    assert line(process) == "halfway"
    with database.connect() as connection:
        folder = folder_of(connection, home)
        assert names(home) == [f"{folder.name}.making"]
        process.kill()
        assert_right(travel_streets(connection, home, "walk"), "walk")
    assert made == ["walk", "cycle"]
    assert names(home) == [folder.name]


def flip(folder: Path) -> None:
    path = folder / "walk" / "up_above.npy"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def cut(folder: Path) -> None:
    path = folder / "cycle" / "forward_target.npy"
    path.write_bytes(path.read_bytes()[:200])


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def replace_with_letter(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a letter")


def spoil_contents(folder: Path) -> None:
    (folder / "walk" / "contents.json").write_text("{")


def exchange(folder: Path) -> None:
    (folder / "walk").rename(folder / "other")
    (folder / "cycle").rename(folder / "walk")
    (folder / "other").rename(folder / "cycle")


@pytest.mark.parametrize(
    "damage", [flip, cut, empty, replace_with_letter, spoil_contents, exchange]
)
def test_a_folder_that_is_not_as_it_was_saved_is_made_again(
    world: Connection,
    home: Path,
    made: list[Profile],
    damage: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    travel_streets(world, home, "walk")
    forget()
    made.clear()
    damage(folder_of(world, home))
    for profile in PROFILES:
        assert_right(travel_streets(world, home, profile), profile)
    assert made == ["walk", "cycle"]
    assert caplog.text.count("opnieuw klaargezet") == 1
    forget()
    travel_streets(world, home, "walk")
    assert made == ["walk", "cycle"]


def test_a_new_release_is_made_and_the_old_one_cleared_when_nobody_uses_it(
    database: Engine, home: Path, start: Callable[..., subprocess.Popen[str]], made: list[Profile]
) -> None:
    server = start()
    go(server)
    assert line(server) == "2 63"
    with database.connect() as connection:
        old = folder_of(connection, home).name
    with database.begin() as connection:
        load_region(connection, shorter(tiny_world()))
    with database.connect() as connection:
        new = folder_of(connection, home).name
        streets = travel_streets(connection, home, "walk")
        assert streets.network.forward.length_mm.max() == 400_000
        assert streets.release.version == "tiny-2"
    assert names(home) == sorted([old, new])  # the server still uses the old one
    go(server)
    server.wait()
    forget()
    with database.connect() as connection:
        travel_streets(connection, home, "walk")
    assert names(home) == [new]
    assert made == ["walk", "cycle"]


def test_the_same_delivery_stored_otherwise_is_made_again(
    world: Connection, home: Path, made: list[Profile]
) -> None:
    before = digest_of(street_release(world))
    travel_streets(world, home, "walk")
    world.execute(text("UPDATE source_release SET imported_at = imported_at + interval '1 second'"))
    assert digest_of(street_release(world)) != before
    travel_streets(world, home, "walk")
    assert made == ["walk", "cycle"] * 2
    assert names(home) == [digest_of(street_release(world))]


def test_what_else_is_in_the_folder_stays(world: Connection, home: Path) -> None:
    (home / "streets").mkdir(parents=True)
    (home / "streets" / "lees mij.txt").write_text("keep me")
    (home / "streets" / ("0" * 32)).mkdir()
    travel_streets(world, home, "walk")
    assert names(home) == sorted([folder_of(world, home).name, "lees mij.txt"])


def test_an_import_during_the_reading_is_noticed(
    world: Connection, home: Path, made: list[Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The streets read first are of the old release: they must not be kept as the new one."""
    newer = shorter(tiny_world())

    def importing(connection: Connection, release_id: int) -> object:
        edges = street_edges(connection, release_id)
        monkeypatch.setattr(street_store, "street_edges", street_edges)
        load_region(connection, newer)
        return edges

    monkeypatch.setattr(street_store, "street_edges", importing)
    streets = travel_streets(world, home, "walk")
    assert streets.release.version == "tiny-2"
    assert streets.network.forward.length_mm.max() == 400_000
    assert made == ["walk", "cycle"]
    assert names(home) == [folder_of(world, home).name]


def test_where_nothing_can_be_kept_the_streets_are_made_in_memory_and_it_is_said_once(
    world: Connection, home: Path, made: list[Profile], caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir()
    (home / "streets").write_text("not a folder")
    with caplog.at_level(logging.WARNING, "vlekkenplan"):
        first = travel_streets(world, home, "walk")
        forget()
        second = travel_streets(world, home, "walk")
    assert_right(first, "walk")
    assert_right(second, "walk")
    assert made == ["walk", "cycle"] * 2
    assert caplog.text.count("kunnen niet worden bewaard") == 1
    assert not second.hierarchy.up.above.flags.writeable
    assert travel_streets(world, home, "walk") is second


def test_a_full_disk_leaves_no_half_folder(
    world: Connection,
    home: Path,
    made: list[Profile],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(found: Hierarchy, folder: Path, release: str) -> None:
        save_hierarchy(found, folder, release)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(street_store, "save_hierarchy", full)
    assert_right(travel_streets(world, home, "cycle"), "cycle")
    assert made == ["walk", "cycle"]
    assert "No space left on device" in caplog.text
    assert names(home) == []


def test_a_database_without_streets_is_said_so(connection: Connection, home: Path) -> None:
    with pytest.raises(NotFound, match="geen straten"):
        travel_streets(connection, home, "walk")
    assert not home.exists()


def shorter(region: DemoRegion) -> DemoRegion:
    """The next delivery: every street is said to be 400 m."""
    return replace(
        region, version="tiny-2", street_edges=region.street_edges.assign(length_m=400.0)
    )
