"""The figures in the layers of CBS, special values turned into the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from data.faults import Fault
from data.figures import FIGURES, MISSING_REASONS, FigureDefinition, missing_reason
from data.sources.cbs_layers import CODE_COLUMN, LAYER_NAMES
from geo.frames import LEVELS, Level


def figure_faults(layers: Mapping[Level, gpd.GeoDataFrame]) -> list[Fault]:
    """Negative values that are none of the special values of the publisher."""
    special = {value for reason in MISSING_REASONS for value in reason.values}
    faults = []
    for level in LEVELS:
        for definition in _figures_in(layers[level]):
            values = to_numbers(layers[level][definition.key])
            strange = values[(values < 0) & ~values.isin(special)]
            if not strange.empty:
                faults.append(
                    Fault(
                        f"Negatieve waarden die wij niet kennen, in de laag {LAYER_NAMES[level]}: "
                        f"{len(strange)}. Meld dit aan de beheerder van het programma.",
                        column=definition.columns[0],
                        value=f"{strange.iloc[0]:g}",
                    )
                )
    return faults


def _figures_in(layer: pd.DataFrame) -> list[FigureDefinition]:
    return [definition for definition in FIGURES if definition.key in layer]


def to_numbers(values: pd.Series) -> pd.Series:
    """The values as numbers; NaN where there is none."""
    return pd.to_numeric(values, errors="coerce").astype(float)


def to_figures(layers: Mapping[Level, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Long form. A figure that the file has at one level gets a reason at the other levels."""
    known = {definition.key for layer in layers.values() for definition in _figures_in(layer)}
    parts = [
        _figure_rows(layers[level], CODE_COLUMN[level], definition.key)
        for level in LEVELS
        for definition in FIGURES
        if definition.key in known
    ]
    return pd.concat(parts, ignore_index=True)


def _figure_rows(layer: gpd.GeoDataFrame, code_column: str, key: str) -> pd.DataFrame:
    absent = missing_reason("not_in_file").key
    values = to_numbers(layer[key]) if key in layer else pd.Series(np.nan, index=layer.index)
    reasons = pd.Series(None, index=layer.index, dtype=object)
    reasons[values.isna()] = missing_reason("secret_or_absent").key if key in layer else absent
    for reason in MISSING_REASONS:
        reasons[values.isin(reason.values)] = reason.key
    return pd.DataFrame(
        {
            "area_code": layer[code_column].astype(object),
            "figure": key,
            "value": values.where(reasons.isna()),
            "reason": reasons,
        }
    )
