"""The real files of OpenStreetMap as fixtures; reading one takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.real_osm import FILES, RealFile, read_real


@pytest.fixture(scope="session")
def malta(shared_data: Path) -> RealFile:
    """Malta."""
    return read_real(shared_data, "malta")


@pytest.fixture(scope="session")
def porto(shared_data: Path) -> RealFile:
    """Porto and the north of Portugal."""
    return read_real(shared_data, "porto")


@pytest.fixture(scope="session", params=FILES)
def real(request: pytest.FixtureRequest) -> RealFile:
    """Each of the files in turn."""
    found: RealFile = request.getfixturevalue(request.param)
    return found
