"""Set up everything the program needs: ``python3 deploy/bootstrap.py setup|lint|test``.

Run by the Python of the machine, before anything is installed: standard library only. Each step
is skipped when it was done before, and done again when it was broken off. Words are in Dutch:
they are for the one who types ``make``.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from data.server_programs import install_command, missing_apt_packages  # noqa: E402
from tests.browser_program import find_chromium  # noqa: E402

VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
VENV_STAMP = VENV / "installed.json"
NODE_MODULES = CHECKOUT / "node_modules"
VENDOR = CHECKOUT / "static" / "vendor"
ASSETS = CHECKOUT / "deploy" / "assets.toml"
LOG = CHECKOUT / "var" / "setup.log"
LOCKS = {"setup": "requirements.lock", "lint": "requirements-dev.lock"}
LOCKS["test"] = LOCKS["lint"]
#: Settings of pip that would put packages elsewhere than in our environment.
MISLEADING = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME"}
POSTGRESQL = Path("/usr/lib/postgresql")
NO_SYSTEM_CLUSTER = Path("/etc/postgresql-common/createcluster.d/vlekkenplan.conf")


class SetupError(Exception):
    """Set-up cannot go on; says what to type."""


def main(goal: str) -> None:
    """Prepare for ``setup``, ``lint`` or ``test``. Raises SetupError."""
    started = time.monotonic()
    os.chdir(CHECKOUT)
    LOG.parent.mkdir(exist_ok=True)
    with one_at_a_time():
        install_system_packages(goal)
        make_environment()
        install_dependencies(LOCKS[goal])
        install_project()
        if goal == "test":
            install_browser()
        if goal != "lint":
            install_assets()
    print(f"Alles staat klaar ({seconds_since(started)}).")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait when another make is setting up the same checkout."""
    with (CHECKOUT / "var" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Een andere make is hier bezig; even wachten ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- what the machine must have


def install_system_packages(goal: str) -> None:
    """Install what is missing when we are root on Debian or Ubuntu; else say what to type."""
    missing = missing_packages(goal, os.environ)
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError(missing_message(missing, os.environ))
    with without_system_cluster():
        run_step("Pakketlijst van het systeem ophalen", ["apt-get", "update", "-qq"])
        label = f"Installeren: {' '.join(missing)}"
        run_step(label, [*apt_install(), *missing], {"DEBIAN_FRONTEND": "noninteractive"})
    if still_missing := missing_packages(goal, os.environ):
        raise SetupError(f"Na het installeren ontbreekt nog steeds: {' '.join(still_missing)}")


def missing_packages(goal: str, environ: Mapping[str, str]) -> list[str]:
    """The Debian packages for what this machine lacks."""
    missing = []
    if not VENV_PYTHON.exists() and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    other_server = {"setup": "DATABASE_URL", "test": "VLEKKENPLAN_TEST_DATABASE_URL"}
    if goal in other_server and not environ.get(other_server[goal]):
        missing += missing_apt_packages(environ)
    if goal == "test" and find_chromium(environ) is None and has_chromium_package():
        missing.append("chromium")
    if goal == "test" and sys.platform == "linux" and find_library("atomic") is None:
        missing.append("libatomic1")  # Playwright's own node asks for it
    return missing


def missing_message(missing: list[str], environ: Mapping[str, str]) -> str:
    """What to type when we may not install it ourselves."""
    if shutil.which("apt-get", path=environ.get("PATH")):
        command = f"sudo apt-get install --no-install-recommends {' '.join(missing)}"
        return (
            f"Er ontbreekt iets op deze computer. Typ:\n\n    {command}\n\nen daarna opnieuw make."
        )
    lines = []
    if any("postgresql" in package for package in missing):
        lines.append(f"PostGIS ontbreekt. Typ: {install_command(environ)}")
    if "libatomic1" in missing:
        lines.append("De bibliotheek libatomic ontbreekt (nodig voor de tests in een browser).")
    if any("venv" in package for package in missing):
        lines.append(
            "Deze Python heeft geen venv. Installeer een volledige Python 3.11 of nieuwer."
        )
    return "\n".join(lines)


def has_chromium_package() -> bool:
    """Whether apt has a real Chromium here: Ubuntu's package only points to its own shop."""
    release = read_text(Path("/etc/os-release")) or ""
    return shutil.which("apt-get") is not None and "\nID=ubuntu" not in f"\n{release}"


def install_browser() -> None:
    """Where no package brings Chromium, let Playwright fetch the one it was made for."""
    if find_chromium(os.environ) is not None:
        return
    with_system_libraries = ["--with-deps"] if os.geteuid() == 0 else []
    playwright = [str(VENV / "bin" / "playwright"), "install", *with_system_libraries, "chromium"]
    run_step("Chromium ophalen", playwright)


def apt_install() -> list[str]:
    """Install without recommends, waiting for another apt that is busy."""
    return [
        *("apt-get", "install", "-y", "-qq", "--no-install-recommends"),
        *("-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Options::=--force-confold"),
    ]


@contextmanager
def without_system_cluster() -> Iterator[None]:
    """Keep Debian from starting a PostgreSQL server of its own at installation."""
    if POSTGRESQL.exists():
        yield
        return
    NO_SYSTEM_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_SYSTEM_CLUSTER.write_text("create_main_cluster = false\n")
    try:
        yield
    finally:
        NO_SYSTEM_CLUSTER.unlink()


# --- the Python environment


def make_environment() -> None:
    """Make .venv, again when it does not work here (other Python, moved checkout, half made)."""
    if environment_works():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    run_step("Python-omgeving maken", [sys.executable, "-m", "venv", str(VENV)])


def environment_works() -> bool:
    """Whether .venv runs, is of this version of Python and was made at this very place."""
    pip = VENV / "bin" / "pip"
    question = "import pip, sys; print(sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [VENV_PYTHON, "-c", question], capture_output=True, text=True, timeout=60, check=False
        )
        made_here = str(VENV_PYTHON.parent) in pip.read_text()[:1000]
    except (OSError, subprocess.TimeoutExpired):
        return False
    return made_here and answer.stdout.strip() == str(sys.version_info[:2])


def install_dependencies(lock: str) -> None:
    """Install the locked packages, each checked by its hash."""
    wanted = digest(lock)
    enough = {wanted, digest(LOCKS["lint"])}  # the development lock holds all of the other
    if read_stamp().get("dependencies") in enough:
        return
    change_stamp(dependencies=None)
    label = f"Pakketten installeren ({Path(lock).read_text().count('==')})"
    run_step(label, pip_install("--require-hashes", "--no-deps", "--no-compile", "-r", lock))
    change_stamp(dependencies=wanted)


def install_project() -> None:
    """Install the project itself, so that its command exists; its code stays where it is."""
    described = tomllib.loads(Path("pyproject.toml").read_text())
    parts = {name: described[name] for name in ("build-system", "project")}
    parts["build"] = described["tool"]["hatch"]
    wanted = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    if read_stamp().get("project") == wanted and (VENV / "bin" / "vlekkenplan").exists():
        return
    run_step("Vlekkenplan installeren", pip_install("--no-deps", "--no-build-isolation", "-e", "."))
    change_stamp(project=wanted)


def pip_install(*arguments: str) -> list[str]:
    """Pip in our environment; it asks nothing and reports no news of itself."""
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location")
    return [str(VENV_PYTHON), "-m", "pip", "install", *quiet, *arguments]


def read_stamp() -> dict[str, str | None]:
    """What is installed in .venv, as far as it was finished."""
    try:
        stamp = json.loads(VENV_STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def change_stamp(**changes: str | None) -> None:
    """Note what is installed from now on."""
    VENV_STAMP.write_text(json.dumps({**read_stamp(), **changes}))


# --- the front-end files


def install_assets() -> None:
    """Fetch the locked npm packages and copy the files we serve to static/vendor."""
    packages = digest("package.json", "package-lock.json", ".npmrc")
    stamp = NODE_MODULES / ".installed"
    if read_text(stamp) != packages:
        npm = [str(VENV / "bin" / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        run_step("Bestanden voor de pagina's ophalen", npm, {"PATH": path})
        stamp.write_text(packages)
    wanted = digest("package-lock.json", "deploy/assets.toml")
    if read_text(VENDOR / ".installed") != wanted:
        copy_assets()
        (VENDOR / ".installed").write_text(wanted)


def copy_assets() -> None:
    """Copy and join the files named in assets.toml; what was there before goes."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    assets = tomllib.loads(ASSETS.read_text())
    for name, joined in assets.pop("joined").items():
        parts = [file for pattern in joined["files"] for file in files_of_packages(pattern)]
        VENDOR.mkdir(parents=True, exist_ok=True)
        (VENDOR / name).write_text("\n".join(part.read_text() for part in parts))
    for packages, copied in assets.items():
        for pattern in copied["files"]:
            for file in files_of_packages(f"{packages}/{pattern}"):
                target = VENDOR / file.relative_to(NODE_MODULES)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


def files_of_packages(pattern: str) -> list[Path]:
    """The files of the npm packages that match, in order. Raises SetupError when there are none."""
    found = sorted(NODE_MODULES.glob(pattern))
    if not found:
        raise SetupError(f"{pattern} zit niet in de npm-pakketten (assets.toml).")
    return found


# --- small things


def run_step(
    label: str, command: list[str], extra_environ: Mapping[str, str] | None = None
) -> None:
    """Run a command, a dot for every two seconds. Raises SetupError with its last words."""
    print(f"{label} ...", end="", flush=True)
    started = time.monotonic()
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    with LOG.open("w") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**kept, **(extra_environ or {})},
        )
        while True:
            try:
                exit_code = process.wait(timeout=2)
                break
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
    print(f" {seconds_since(started)}", flush=True)
    if exit_code != 0:
        last_words = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"Dit lukte niet: {label}\n{last_words}\nAlles staat in {LOG}")


def digest(*names: str) -> str:
    """The SHA-256 of these files of the checkout together."""
    whole = hashlib.sha256()
    for name in names:
        whole.update((CHECKOUT / name).read_bytes())
    return whole.hexdigest()


def read_text(file: Path) -> str | None:
    """The text of a file; None when it is not there."""
    return file.read_text() if file.exists() else None


def seconds_since(started: float) -> str:
    """How long ago, in Dutch notation."""
    return f"{time.monotonic() - started:.1f} s".replace(".", ",")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(f"Typ: python3 deploy/bootstrap.py {'|'.join(LOCKS)}")
    try:
        main(sys.argv[1])
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nAfgebroken. Typ hetzelfde opnieuw om verder te gaan.")
