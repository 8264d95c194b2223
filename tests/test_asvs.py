"""The list of OWASP ASVS is whole, names what is there, and some of its lines are shown here."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from app.config import Settings
from app.web import _set_cookies
from tests.database_server import CHECKOUT

STATES = {"holds", "does not apply", "not yet"}
#: The requirements of level 2 in version 4.0.3: the last number of each section, and what is
#: not of this level or was taken out.
SECTIONS = {
    **{"1.1": 7, "1.2": 4, "1.4": 5, "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2},
    **{"1.10": 1, "1.11": 2, "1.12": 2, "1.14": 6},
    **{"2.1": 12, "2.2": 3, "2.3": 3, "2.4": 6, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7},
    **{"2.9": 3, "2.10": 4},
    **{"3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1},
    **{"4.1": 5, "4.2": 2, "4.3": 3},
    **{"5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4},
    **{"6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2},
    **{"7.1": 4, "7.2": 2, "7.3": 4, "7.4": 3},
    **{"8.1": 4, "8.2": 3, "8.3": 8},
    **{"9.1": 3, "9.2": 4},
    **{"10.2": 2, "10.3": 3},
    **{"11.1": 8},
    **{"12.1": 3, "12.2": 1, "12.3": 6, "12.4": 2, "12.5": 2, "12.6": 1},
    **{"13.1": 5, "13.2": 6, "13.3": 2, "13.4": 2},
    **{"14.1": 4, "14.2": 6, "14.3": 3, "14.4": 7, "14.5": 4},
}
LEFT_OUT = {"1.4.2", "1.4.3", "1.12.1", "4.1.4", "7.3.2", "13.1.2", "13.2.4", "14.3.1"}
LEVEL_2 = {
    f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)
} - LEFT_OUT
CODE = [
    file
    for room in ("app", "analysis", "data", "geo", "deploy", "migrations")
    for file in sorted((CHECKOUT / room).rglob("*.py"))
]


@dataclass(frozen=True)
class Row:
    """One requirement: its number, its state and what is said of where it is shown."""

    number: str
    asks: str
    state: str
    shown: str

    @property
    def references(self) -> list[str]:
        """The files and tests that are named."""
        return [
            word
            for word in re.findall(r"`([^`]+)`", self.shown)
            if re.fullmatch(r"[\w./-]+\.(py|js|md|html|lock|json|toml|yml)(::\w+)?|\.ci/run", word)
        ]


def rows_of(text: str) -> list[Row]:
    """The rows of the tables in this text. ValueError for a row that can't be read."""
    found = []
    for line in text.splitlines():
        if re.match(r"\| *\d", line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) != 4:
                raise ValueError(line)
            found.append(Row(*cells))
    return found


def faults_of(rows: list[Row], folder: Path) -> Iterator[str]:
    """What is wrong with the list: states, words, and what is named but is not there."""
    for number, count in Counter(row.number for row in rows).items():
        if count > 1:
            yield f"{number} is told {count} times"
    for row in rows:
        if row.state not in STATES:
            yield f"{row.number} is {row.state!r}"
        if not row.asks or not row.shown:
            yield f"{row.number} says nothing"
        if row.state == "holds" and not row.references:
            yield f"{row.number} holds without a file or test"
        for name in row.references:
            if not is_there(name, folder):
                yield f"{row.number} names {name}"


def is_there(name: str, folder: Path) -> bool:
    """Whether the file is there, with the test in it where one is named."""
    path, _, test = name.partition("::")
    file = folder / path
    if not file.is_file():
        return False
    return not test or re.search(rf"^def {test}\(", file.read_text(), re.MULTILINE) is not None


def the_list() -> list[Row]:
    return rows_of((CHECKOUT / "ASVS.md").read_text(encoding="utf-8"))


def test_every_requirement_of_level_2_is_told_once() -> None:
    assert {row.number for row in the_list()} == LEVEL_2


def test_what_the_list_names_is_there() -> None:
    assert list(faults_of(the_list(), CHECKOUT)) == []


def test_not_everything_is_said_to_hold() -> None:
    states = Counter(row.state for row in the_list())
    assert set(states) == STATES


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("| 1.1.1 | x | holds | `tests/no.py` |", "names tests/no.py"),
        (
            "| 1.1.1 | x | holds | `tests/test_asvs.py::test_no` |",
            "names tests/test_asvs.py::test_no",
        ),
        ("| 1.1.1 | x | holds | trust us |", "holds without"),
        ("| 1.1.1 | x | holds | `nosniff` |", "holds without"),
        ("| 1.1.1 | x | fine | `ASVS.md` |", "is 'fine'"),
        ("| 1.1.1 | x | not yet | |", "says nothing"),
        ("| 1.1.1 | x | holds | `ASVS.md` |\n| 1.1.1 | y | not yet | z |", "told 2 times"),
    ],
)
def test_a_fault_in_the_list_is_seen(line: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(rows_of(line), CHECKOUT))


def test_a_row_that_is_no_row_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell"):
        rows_of("| 1.1.1 | one cell |")


# --- lines of the list that no other test shows


def calls_in(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module, with the name that is called."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def called(*names: str) -> list[str]:
    """Where one of these is called."""
    return [
        f"{file.relative_to(CHECKOUT)}:{call.lineno} {name}"
        for file in CODE
        for name, call in calls_in(file)
        if name in names
    ]


def test_no_code_is_made_or_unpacked_at_run_time() -> None:
    assert called("subprocess.run"), "nothing is found any more"
    forbidden = ("eval", "exec", "compile", "__import__", "render_template_string")
    assert called(*forbidden, "pickle.load", "pickle.loads", "marshal.loads", "yaml.load") == []
    texts = "".join(file.read_text() for file in (CHECKOUT / "static/js").glob("*.js"))
    assert not re.search(r"\beval\(|new Function|document\.write|insertAdjacentHTML", texts)


def test_no_command_goes_through_a_shell() -> None:
    assert called("os.system", "os.popen", "subprocess.getoutput") == []
    with_shell = [
        f"{file}:{call.lineno}"
        for file in CODE
        for _, call in calls_in(file)
        if any(given.arg == "shell" for given in call.keywords)
    ]
    assert with_shell == []


#: Modules that put a name into a query: of a role, a table or a column, from a constant.
NAMES_IN_QUERIES = {"data", "migrations"}


def test_queries_are_not_made_of_input() -> None:
    """Only rooms that know no requests may put a name into the text of a query."""
    made = {
        str(file.relative_to(CHECKOUT))
        for file in CODE
        for name, call in calls_in(file)
        if name in ("text", "sa.text", "sqlalchemy.text")
        and call.args
        and not isinstance(call.args[0], ast.Constant | ast.Name)
    }
    assert "data/database_roles.py" in made
    assert {path.partition("/")[0] for path in made} <= NAMES_IN_QUERIES, made


def test_no_certificate_goes_unchecked() -> None:
    unchecked = [
        f"{file}:{call.lineno}"
        for file in CODE
        for _, call in calls_in(file)
        for given in call.keywords
        if given.arg == "verify" and ast.unparse(given.value) != "True"
    ]
    assert unchecked == []


def test_no_weak_checksum_keeps_a_secret() -> None:
    assert called("hashlib.md5", "hashlib.sha1", "hashlib.new") == []


def test_secrets_are_not_made_by_the_ordinary_random_numbers() -> None:
    ordinary = [
        str(file.relative_to(CHECKOUT))
        for file in CODE
        if re.search(r"^(import random|from random)", file.read_text(), re.MULTILINE)
    ]
    assert [path for path in ordinary if path.startswith("app/")] == []


def test_only_unsaved_text_stays_in_the_browser() -> None:
    scripts = list((CHECKOUT / "static/js").glob("*.js"))
    lasting = re.compile(r"localStorage|indexedDB|document\.cookie|caches\.")
    assert [file.name for file in scripts if lasting.search(file.read_text())] == []
    of_a_tab = [file.name for file in scripts if "sessionStorage" in file.read_text()]
    assert of_a_tab == ["autosave.js"]


def test_argon2_is_as_strong_as_is_asked() -> None:
    defaults = {
        name: given.default for name, given in inspect.signature(PasswordHasher).parameters.items()
    }
    hasher = PasswordHasher()
    assert hasher.memory_cost >= 15 * 1024
    assert hasher.time_cost >= 2
    assert hasher.parallelism >= 1
    assert defaults["salt_len"] >= 4
    assert hasher.hash("een zin van een paar woorden").startswith("$argon2id$")


@pytest.mark.parametrize("is_https", [True, False])
def test_the_cookie_is_kept_to_this_host(is_https: bool, tmp_path: Path) -> None:
    app = Flask("cookies")
    address = "https://plan.example" if is_https else None
    _set_cookies(app, Settings(tmp_path, "k" * 32, public_url=address))

    @app.get("/")
    def page() -> str:
        from flask import session

        session["token"] = "x"
        return ""

    cookie = app.test_client().get("/", base_url=address).headers["Set-Cookie"]
    assert ("Secure" in cookie) == is_https
    assert cookie.startswith("__Host-vlekkenplan=" if is_https else "vlekkenplan=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
