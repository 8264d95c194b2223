"""What this site says about itself: who it is for, accessibility, privacy."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, render_template

from analysis.dialogue.readability import B1
from data.processings import PROCESSINGS
from data.publication import PUBLICATION_LEVELS
from data.retention import RETENTIONS

page = Blueprint("statements", __name__)


@page.get("/over")
def about() -> str:
    """What this site is and is not."""
    return render_template("over.html", version=_version(), levels=PUBLICATION_LEVELS)


@page.get("/toegankelijkheid")
def accessibility() -> str:
    """What we test, and what we have not tested."""
    return render_template("toegankelijkheid.html", b1=B1)


@page.get("/privacy")
def privacy() -> str:
    """What is kept about visitors and about sites."""
    told = [entry for entry in PROCESSINGS if entry.is_of_residents]
    return render_template(
        "privacy.html", levels=PUBLICATION_LEVELS, processings=told, retentions=RETENTIONS
    )


def _version() -> str | None:
    try:
        return version("vlekkenplan")
    except PackageNotFoundError:
        return None
