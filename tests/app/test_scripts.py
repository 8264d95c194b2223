"""Names come from files of others: scripts put them on the page as text, never as markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).resolve().parents[2] / "static" / "js").glob("*.js"))
AS_MARKUP = re.compile(
    r"\.(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|setHTMLUnsafe|\beval\(|new Function"
)
#: Leaflet reads a string here as HTML; an element is safe.
READ_AS_MARKUP = re.compile(r"\.(?:bindTooltip|bindPopup|setContent|setTooltipContent)\(([^,)(]*)")
ELEMENTS = {"tip", "this.tip"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_never_makes_markup_of_text(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    assert AS_MARKUP.findall(code) == []
    assert {word.strip() for word in READ_AS_MARKUP.findall(code)} <= ELEMENTS
