"""Who has a public place within reach, as a table and as a file."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.access.two_step import MEASURE as PLACES
from app.numbers import to_dutch, to_dutch_share
from app.services.area_minutes import BASES
from app.services.availability import FacilityReach
from app.services.downloads import Download
from app.services.exposure import Exposure
from app.services.list_downloads import LEVEL_NOUNS
from app.services.lists import Column, plain

COLUMNS = (
    Column("code", "Code", "text"),
    Column("naam", "Naam", "text"),
    Column("gemeente", "Gemeente", "text"),
    Column("inwoners", "Inwoners", "whole"),
    Column("gemeten", "Inwoners van wie de reistijd bekend is", "whole"),
    Column("binnen", "Inwoners binnen bereik", "whole"),
    Column("binnen_percent", "Deel binnen bereik (%)", "number", 1),
    Column("verder", "Inwoners verder weg", "whole"),
    Column("niet_gemeten", "Inwoners die niet te meten zijn", "whole"),
    Column("vergeleken", "Vergeleken met de regio", "text"),
    Column("plekken_per_10000", PLACES.label, "number", 3, "plekken per 10.000 inwoners"),
    Column("reden", "Reden als er geen cijfer is", "text"),
    Column("let_op", "Let op", "text"),
)


def reach_rows(answer: FacilityReach) -> pd.DataFrame:
    """The table under the names of the columns, by gemeente and name."""
    table = answer.table
    rows = pd.DataFrame(
        {
            "code": table.index,
            "naam": table["name"],
            "gemeente": table["gemeente_name"],
            "inwoners": table["resident_count"],
            "gemeten": table["measured_count"],
            "binnen": table["within_count"],
            "binnen_percent": table["share"] * 100,
            "deel": table["share"],
            "verder": table["beyond_count"],
            "niet_gemeten": table["unknown_count"],
            "vergeleken": table["verdict"],
            "plekken_per_10000": table["places_per_10000"],
            "reden": table["reason"],
            "let_op": table["warning"],
        },
        index=table.index,
    )
    return rows.sort_values(["gemeente", "naam"], key=lambda names: names.map(plain))


def share_text(share: float) -> str:
    """A share as a percentage; never 0% or 100% when it is not quite."""
    for decimals in range(4):
        text = to_dutch_share(share, decimals)
        if share in (0, 1) or text not in ("0%", "100%"):
            return text
    return "bijna 0%" if share < 0.5 else "bijna 100%"


def places_number(per_10000: float) -> str:
    """Places per 10,000 with at most two decimals; never 0 when there is something in reach."""
    text = to_dutch(per_10000, 2)
    return "minder dan 0,01" if text == "0" and per_10000 > 0 else text


def headline(answer: FacilityReach) -> str:
    """The answer in one sentence."""
    question, region = answer.question, answer.region
    if pd.isna(region["share"]):
        return f"Wie snel bij {question.places} kan zijn, is niet te meten. {region['reason']}"
    return (
        f"Van de inwoners van de regio kan {share_text(region['share'])} binnen "
        f"{to_dutch(question.limit_min)} minuten {question.mode.verb} bij {question.places} zijn."
    )


def protected_note(answer: FacilityReach | Exposure) -> str | None:
    """How many protected sites do not count here, by gemeente."""
    counts = answer.protected_counts
    if not counts:
        return None
    total = sum(counts.values())
    where = ", ".join(f"{count} in {name}" for name, count in counts.items())
    told = "1 afgeschermde locatie telt" if total == 1 else f"{total} afgeschermde locaties tellen"
    return f"{told} niet mee ({where}): met een afstand is een geheim adres te vinden."


def reach_download(answer: FacilityReach, rows: pd.DataFrame) -> Download:
    """The table with what it rests on."""
    question = answer.question
    note = protected_note(answer)
    return Download(
        name=f"bereik-{'-'.join(entry.key for entry in question.types)}".replace("_", "-"),
        title=headline(answer),
        columns=COLUMNS,
        rows=rows,
        sources=answer.sources,
        facts=(
            ("Soort", ", ".join(entry.label for entry in question.types)),
            ("Gebieden", LEVEL_NOUNS[question.level][1]),
            ("Peildatum", question.on.isoformat()),
            ("Telt mee", f"{question.plan_scope.label}. {question.plan_scope.explanation}"),
            ("Wijze", f"{question.mode.label}, {to_dutch(question.mode.speed_km_per_h, 1)} km/uur"),
            ("Binnen bereik", f"hoogstens {to_dutch(question.limit_min)} minuten"),
            ("Gemeten vanaf", BASES[answer.population_basis]),
            ("Locaties die meetellen", str(len(answer.sites))),
            ("Locaties die niet meetellen", str(len(answer.left_out))),
            *((("Afgeschermd", note),) if note else ()),
            ("Lege cel", "Er is geen cijfer. De reden staat in de kolom met de reden."),
            ("Uitleg", "/methode op deze site"),
            ("Gemaakt op", dt.datetime.now().astimezone().isoformat(timespec="minutes")),
        ),
    )
