"""The wheel holds all that the program needs, tried by installing it outside of the checkout."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from app.cli import COMMANDS
from data import schema
from tests.database_server import CHECKOUT, files_of_checkout

PACKAGES = {"app", "analysis", "data", "geo", "migrations", "static"}
SHOW_FRONT_PAGE = """
import app
from app import create_app
client = create_app().test_client()
print(app.__file__)
for address in ("/", "/static/vendor/leaflet/dist/leaflet.js", "/static/css/base.css"):
    print(client.get(address).status_code)
print(client.get("/").text)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment with the wheel, and with the other packages of this one."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--quiet", str(wheel)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # Appended to the path and not read as a site: this checkout itself stays out of sight.
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin"


def files_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_that_is_not_python_is_in_the_wheel(wheel: Path) -> None:
    held = files_of(wheel)
    of_the_program = {file for file in files_of_checkout() if file.split("/")[0] in PACKAGES}
    assert of_the_program - held == set()
    assert "migrations/script.py.mako" in held
    assert "app/templates/base.html" in held
    served = {file for file in held if file.startswith("static/vendor/")}
    assert "static/vendor/leaflet/dist/leaflet.js" in served
    assert any(file.endswith(".woff2") for file in served)
    assert "static/vendor/utrecht.css" in served


def test_nothing_of_the_checkout_itself_is_in_the_wheel(wheel: Path) -> None:
    tops = {file.split("/")[0] for file in files_of(wheel)}
    packages = {top for top in tops if not top.endswith(".dist-info")}
    assert packages == PACKAGES


def test_the_installed_command_works(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "vlekkenplan"), "--help"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert all(line.name in shown.stdout for line in COMMANDS)


def test_the_installed_program_makes_its_tables_and_shows_a_page(
    installed: Path, tmp_path: Path, fresh_database_url: str
) -> None:
    from app.services.demo import load_demo_region

    engine = schema.connect(fresh_database_url)
    load_demo_region(engine)
    engine.dispose()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "DATABASE_URL": fresh_database_url,
        "VLEKKENPLAN_HOME": str(tmp_path / "home"),
        "VLEKKENPLAN_TILES": "off",
    }
    for command in (["db", "upgrade"], ["db", "check"]):
        subprocess.run(
            [str(installed / "vlekkenplan"), *command],
            cwd=tmp_path,
            env=environ,
            check=True,
            capture_output=True,
        )
    shown = subprocess.run(
        [str(installed / "python"), "-c", SHOW_FRONT_PAGE],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    place, *statuses, page = shown.split("\n", 4)
    assert place.startswith(str(installed.parent))
    assert statuses == ["200", "200", "200"]
    assert "voorbeeldgegevens" in page.lower()
