"""How close together sites are, for a reader at a terminal and for a program."""

from __future__ import annotations

import math
from typing import Any

import click
import pandas as pd

from analysis.spreading.local_moran import LOCAL_KEYS
from analysis.spreading.outcome import Outcome
from app.numbers import to_dutch, to_dutch_significant
from app.services.clustering import ClusteringAnswer

LOCAL_COLUMNS = (
    "name",
    "rate_per_10000",
    "standardised_rate",
    "neighbour_count",
    "local_i",
    "p_value",
    "key",
    "reason",
)


def clustering_json(found: ClusteringAnswer) -> dict[str, Any]:
    """The whole answer for a program: numbers, bands, reasons, both tables and the seed."""
    clustering, counts = found.clustering, found.clustering.counts
    return {
        "headline": found.headline,
        "seed": clustering.seed,
        "site_count": counts.public_count,
        "walked_site_count": clustering.walked_site_count,
        "far_site_count": counts.far_count,
        "protected_site_count": counts.protected_count,
        "outside_site_count": found.outside_count,
        "population_basis": found.population_basis,
        "nearest_neighbour_m": _outcome(clustering.nearest_neighbour),
        "moran_i": _outcome(clustering.moran.outcome),
        "compared_area_count": clustering.moran.compared_count,
        "left_out_area_count": clustering.moran.left_out_count,
        "areas": [
            {"area_code": code, **{name: _plain(row[name]) for name in LOCAL_COLUMNS}}
            for code, row in clustering.moran.table.iterrows()
        ],
        "ripley_l": {
            **_outcome(clustering.ripley.outcome),
            "radius_m": clustering.ripley.radius_m,
        },
        "ripley_table": clustering.ripley.table.to_dict("records"),
        "sources": [
            {
                "role": line.role,
                "title": f"{line.release.title} {line.release.version}",
                "attribution": line.release.attribution,
                "is_example": line.release.is_example,
            }
            for line in found.sources
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    reason, band = outcome.reason, outcome.band
    return {
        "value": outcome.value,
        "position": outcome.position,
        "reason": None if reason is None else {"key": reason.key, "label": reason.label},
        "band": None if band is None else vars(band),
    }


def _plain(value: Any) -> Any:
    """A value that JSON knows; what is unknown becomes null."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def show_clustering(found: ClusteringAnswer) -> None:
    """A few lines below the table of the spreading."""
    ripley, moran = found.sentences
    clustering, counts = found.clustering, found.clustering.counts
    click.echo("\nLiggen locaties dichter bij elkaar dan toeval geeft?")
    click.echo(f"Lopend: {found.headline}")
    click.echo(f"In een rechte lijn: {ripley}{_numbers(clustering.ripley.outcome, ' meter')}")
    click.echo(f"Per wijk: {moran}{_numbers(clustering.moran.outcome)}")
    _show_local(clustering.moran.table)
    if counts.far_count:
        click.echo(f"Te ver van een straat om te meten: {to_dutch(counts.far_count)}.")
    if counts.protected_count:
        click.echo(
            f"Locaties zonder openbare plaats: {to_dutch(counts.protected_count)}. Zij tellen "
            "alleen mee per wijk."
        )
    click.echo(
        "De loting volgt waar mensen wonen: beter weten wij niet waar een locatie kan staan. "
        f"Startgetal {clustering.seed}."
    )


def _numbers(outcome: Outcome, unit: str = "") -> str:
    """A sentence with the number and its band; nothing when there is none."""
    if outcome.value is None or outcome.band is None:
        return ""
    value, low, high = map(
        to_dutch_significant, (outcome.value, outcome.band.low, outcome.band.high)
    )
    return f" De maat is {value}{unit}, bij toeval tussen {low} en {high}."


def _show_local(table: pd.DataFrame) -> None:
    clear = table[table["key"].notna() & (table["key"] != "geen_duidelijk_verschil")]
    for row in clear.to_dict("records"):
        click.echo(f"  {row['name']}: {LOCAL_KEYS[row['key']].label}")
