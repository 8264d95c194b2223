"""The audit of packages: what was not asked is never called clean."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy import audit
from deploy.audit import CLEAN, NOT_CHECKED, VULNERABLE, read_npm_audit, read_pip_audit
from tests.database_server import CHECKOUT

PIP, NPM = audit.AUDITS


def package(name: str, *faults: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": list(faults)}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": "Dependency not found on PyPI and could not be audited"}


def pip_answer(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


def npm_answer(**faults: dict[str, Any]) -> str:
    return json.dumps(
        {"vulnerabilities": faults, "metadata": {"dependencies": {"prod": 3, "total": 42}}}
    )


FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["1.1", "2.0"], "aliases": ["CVE-2026-1"]}
UNASKED = json.dumps({"message": "405 Method Not Allowed - POST https://registry", "error": {}})


def test_packages_without_a_known_fault_are_clean() -> None:
    outcome = read_pip_audit(pip_answer(package("flask"), package("jinja2")))
    assert (outcome.exit_code, outcome.checked_count) == (CLEAN, 2)
    assert audit.report(PIP, outcome) == "requirements.lock: in orde, 2 pakketten gecontroleerd"
    assert read_npm_audit(npm_answer()).exit_code == CLEAN


def test_a_known_fault_is_named_with_the_version_that_mends_it() -> None:
    outcome = read_pip_audit(pip_answer(package("flask", FAULT), skipped("jinja2")))
    assert outcome.exit_code == VULNERABLE
    said = audit.report(PIP, outcome)
    assert "KWETSBAAR, 1 bekende fouten" in said
    assert "flask 1.0: PYSEC-2026-1 (verholpen in 1.1, 2.0)" in said
    assert "jinja2" in said


def test_a_fault_of_a_front_end_package_is_named() -> None:
    outcome = read_npm_audit(npm_answer(leaflet={"range": "<1.9.5", "severity": "high"}))
    assert outcome.exit_code == VULNERABLE
    assert "  leaflet <1.9.5: high" in audit.report(NPM, outcome)


def test_packages_that_were_not_asked_about_are_not_clean() -> None:
    names = ("alembic", "babel", "click", "flask", "numpy")
    outcome = read_pip_audit(pip_answer(*map(skipped, names)))
    assert (outcome.exit_code, outcome.checked_count) == (NOT_CHECKED, 0)
    said = audit.report(PIP, outcome)
    assert said.startswith("requirements.lock: NIET GECONTROLEERD")
    assert "over 5 pakketten is niets bekend (alembic, babel, click en 2 andere)" in said
    part = read_pip_audit(pip_answer(package("flask"), skipped("numpy")))
    assert part.exit_code == NOT_CHECKED
    assert read_pip_audit(pip_answer()).exit_code == NOT_CHECKED
    assert read_npm_audit(UNASKED).exit_code == NOT_CHECKED
    assert "405" in audit.report(NPM, read_npm_audit(UNASKED))


class Commands:
    """Commands that give prepared answers: one for pip-audit, one for npm."""

    def __init__(self, *answers: str | Exception, stderr: str = "") -> None:
        self.answers = list(answers)
        self.stderr = stderr
        self.asked: list[str] = []

    def run(self, command: tuple[str, ...], **_: Any) -> Any:
        self.asked.append(command[0])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(command, 0, answer, self.stderr)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((pip_answer(package("a")), npm_answer()), CLEAN),
        ((pip_answer(package("a", FAULT)), npm_answer()), VULNERABLE),
        ((pip_answer(package("a")), UNASKED), NOT_CHECKED),
        ((pip_answer(package("a", FAULT)), UNASKED), VULNERABLE),
        (("", npm_answer()), NOT_CHECKED),
        (("no json", "{}"), NOT_CHECKED),
        (("[]", "[]"), NOT_CHECKED),
        ((FileNotFoundError(), npm_answer()), NOT_CHECKED),
        ((subprocess.TimeoutExpired("pip-audit", 1), npm_answer()), NOT_CHECKED),
    ],
)
def test_the_worst_outcome_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: tuple[str | Exception, ...],
    code: int,
) -> None:
    commands = Commands(*answers, stderr="warning\nConnectionError: no way out\n")
    monkeypatch.setattr("deploy.audit.subprocess.run", commands.run)
    assert audit.main() == code
    assert commands.asked == ["pip-audit", "npm"]
    said = capsys.readouterr().out
    assert ("NIET GECONTROLEERD" in said) == any(
        answer in ("", "no json", "[]", UNASKED) or isinstance(answer, Exception)
        for answer in answers
    )
    assert len(said.splitlines()) >= 2


def test_why_there_was_no_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = Commands("", stderr="warning\nConnectionError: no way out\n")
    monkeypatch.setattr("deploy.audit.subprocess.run", commands.run)
    assert "ConnectionError: no way out" in audit.report(PIP, audit.ask(PIP))


@pytest.mark.parametrize(
    ("code", "ends_with", "says"),
    [(0, 0, ""), (1, 1, ""), (3, 0, "NIET GECONTROLEERD"), (2, 2, "")],
)
def test_continuous_integration_fails_on_what_is_known_and_tells_what_was_not_asked(
    tmp_path: Path, code: int, ends_with: int, says: str
) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_text((CHECKOUT / ".ci" / "run").read_text())
    (tmp_path / "Makefile").write_text("test:\n\t@true\n")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(f"#!/bin/sh\nexit {code}\n")
    (programs / "python").chmod(0o755)
    ran = subprocess.run(
        ["bash", str(tmp_path / ".ci" / "run")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == ends_with, ran.stderr
    assert says in ran.stdout
