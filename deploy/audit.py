"""Ask whether the packages we lock have known vulnerabilities: ``python deploy/audit.py``.

Exit code 0 when all was asked and nothing is known, 1 when something is known, 3 when a service
could not be asked. What was not asked is never called clean: pip-audit itself ends with "No known
vulnerabilities found" when it could ask about no package at all. Words are in Dutch: they are
for the one who types ``make audit``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
PROGRAMS = CHECKOUT / ".venv" / "bin"
PATIENCE_S = 300
CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 3
PIP_AUDIT = (
    *("pip-audit", "--requirement", "requirements.lock", "--require-hashes", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off"),
)
NPM_AUDIT = ("npm", "audit", "--json", "--package-lock-only")


@dataclass(frozen=True)
class Outcome:
    """What one service said: how many packages it knew, what is wrong, what it could not say."""

    checked_count: int = 0
    vulnerable: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """One of CLEAN, VULNERABLE and NOT_CHECKED; nothing asked is not clean."""
        if self.vulnerable:
            return VULNERABLE
        return NOT_CHECKED if self.unanswered or not self.checked_count else CLEAN


@dataclass(frozen=True)
class Audit:
    """One lock file, the command that asks about it, and how to read the answer."""

    lock: str
    command: tuple[str, ...]
    read: Callable[[str], Outcome]


def read_pip_audit(answer: str) -> Outcome:
    """The outcome in the JSON of pip-audit. Raises ValueError for anything else."""
    packages = json.loads(answer)["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    return Outcome(
        checked_count=len(packages) - len(skipped),
        vulnerable=tuple(
            f"{package['name']} {package['version']}: {fault['id']}{_mended(fault)}"
            for package in packages
            for fault in package.get("vulns", ())
        ),
        unanswered=(_about(skipped),) if skipped else (),
    )


def read_npm_audit(answer: str) -> Outcome:
    """The outcome in the JSON of npm audit. Raises ValueError for anything else."""
    said = json.loads(answer)
    if "metadata" not in said:
        return Outcome(unanswered=(str(said.get("message") or "npm gaf geen antwoord"),))
    return Outcome(
        checked_count=said["metadata"]["dependencies"]["total"],
        vulnerable=tuple(
            f"{name} {fault['range']}: {fault['severity']}"
            for name, fault in sorted(said["vulnerabilities"].items())
        ),
    )


AUDITS = (
    Audit("requirements.lock", PIP_AUDIT, read_pip_audit),
    Audit("package-lock.json", NPM_AUDIT, read_npm_audit),
)


def ask(audit: Audit) -> Outcome:
    """Run one command and read its answer, whatever it is."""
    environ = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        ran = subprocess.run(
            audit.command,
            cwd=CHECKOUT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        return Outcome(unanswered=(f"{audit.command[0]} ontbreekt (typ: make test)",))
    except subprocess.TimeoutExpired:
        return Outcome(unanswered=(f"geen antwoord binnen {PATIENCE_S} seconden",))
    try:
        return audit.read(ran.stdout)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Outcome(unanswered=(_last_line(ran.stderr) or "geen leesbaar antwoord",))


def report(audit: Audit, outcome: Outcome) -> str:
    """What to tell of one lock file."""
    head = {
        CLEAN: f"in orde, {outcome.checked_count} pakketten gecontroleerd",
        VULNERABLE: f"KWETSBAAR, {len(outcome.vulnerable)} bekende fouten",
        NOT_CHECKED: "NIET GECONTROLEERD",
    }[outcome.exit_code]
    details = [*outcome.vulnerable, *(f"niet gevraagd: {why}" for why in outcome.unanswered)]
    return "\n".join([f"{audit.lock}: {head}", *(f"  {line}" for line in details)])


def main() -> int:
    """Ask all services, tell what they said, and return the exit code."""
    codes = set()
    for audit in AUDITS:
        outcome = ask(audit)
        print(report(audit, outcome), flush=True)
        codes.add(outcome.exit_code)
    return next(code for code in (VULNERABLE, NOT_CHECKED, CLEAN) if code in codes)


def _mended(fault: dict[str, Any]) -> str:
    versions = fault.get("fix_versions") or ()
    return f" (verholpen in {', '.join(versions)})" if versions else ""


def _about(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    rest = f" en {len(names) - 3} andere" if len(names) > 3 else ""
    return f"over {len(names)} pakketten is niets bekend ({shown}{rest})"


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1][:200] if text.strip() else ""


if __name__ == "__main__":
    sys.exit(main())
