"""A model of whole numbers kept as arrays, and handed to OR-Tools in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt import model_pb2  # type: ignore[import-untyped]
from ortools.sat.python import cp_model

from analysis.siting.rows import FREE, Row
from analysis.siting.whole_numbers import Ints


@dataclass(eq=False)
class ArrayModel:
    """Columns with bounds, rows over them, and one sum to make as low as can be."""

    lows: list[int] = field(default_factory=list)
    highs: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    objective: Row | None = None

    def add_columns(self, lows: Sequence[int], highs: Sequence[int]) -> Ints:
        """New columns; their numbers."""
        start = len(self.lows)
        self.lows.extend(int(low) for low in lows)
        self.highs.extend(int(high) for high in highs)
        return np.arange(start, len(self.lows), dtype="int64")

    def add_row(
        self,
        columns: Sequence[int] | Ints,
        coefficients: Sequence[int] | Ints,
        low: int = -FREE,
        high: int = FREE,
    ) -> None:
        """One more row."""
        self.rows.append(
            Row(
                np.asarray(columns, dtype="int64"),
                np.asarray(coefficients, dtype="int64"),
                low,
                high,
            )
        )

    def minimise(self, columns: Sequence[int] | Ints, coefficients: Sequence[int] | Ints) -> None:
        """The sum to make as low as can be."""
        self.objective = Row(
            np.asarray(columns, dtype="int64"), np.asarray(coefficients, dtype="int64")
        )

    def copy(self) -> ArrayModel:
        """The same columns and rows, to add to."""
        return ArrayModel(list(self.lows), list(self.highs), list(self.rows), self.objective)

    def can_be(self) -> bool:
        """False when a column or a row by itself can't be met: the solvers stumble over those."""
        lows, highs = np.array(self.lows, dtype="int64"), np.array(self.highs, dtype="int64")
        if (lows > highs).any():
            return False
        self.rows = [divided(row) for row in self.rows]
        return all(
            row.low <= row.high and (len(row.columns) > 0 or row.low <= 0 <= row.high)
            for row in self.rows
        )

    def to_cp_model(self) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
        """The model as CP-SAT reads it, in whole numbers throughout, and its columns."""
        model = cp_model.CpModel()
        columns = [
            model.new_int_var(low, high, "")
            for low, high in zip(self.lows, self.highs, strict=True)
        ]
        for row in self.rows:
            if row.low > -FREE or row.high < FREE:
                model.add_linear_constraint(_sum(row, columns), row.low, row.high)
        if self.objective is not None:
            model.minimize(_sum(self.objective, columns))
        return model, columns

    def to_proto(self) -> model_pb2.ModelProto:
        """The model as MathOpt reads it, for HiGHS."""
        proto = model_pb2.ModelProto()
        count = len(self.lows)
        proto.variables.ids.extend(range(count))
        proto.variables.lower_bounds.extend(_bounds(self.lows))
        proto.variables.upper_bounds.extend(_bounds(self.highs))
        proto.variables.integers.extend([True] * count)
        rows = [row for row in self.rows if row.low > -FREE or row.high < FREE]
        proto.linear_constraints.ids.extend(range(len(rows)))
        proto.linear_constraints.lower_bounds.extend(_bounds([row.low for row in rows]))
        proto.linear_constraints.upper_bounds.extend(_bounds([row.high for row in rows]))
        self._add_matrix(proto, rows)
        if self.objective is not None:
            order = np.argsort(self.objective.columns)
            kept = order[self.objective.coefficients[order] != 0]
            proto.objective.linear_coefficients.ids.extend(self.objective.columns[kept].tolist())
            proto.objective.linear_coefficients.values.extend(
                self.objective.coefficients[kept].astype("float64").tolist()
            )
        return proto

    @staticmethod
    def _add_matrix(proto: model_pb2.ModelProto, rows: list[Row]) -> None:
        if not rows:
            return
        lengths = [len(row.columns) for row in rows]
        numbers = np.repeat(np.arange(len(rows)), lengths)
        columns = np.concatenate([row.columns for row in rows])
        coefficients = np.concatenate([row.coefficients for row in rows])
        order = np.lexsort((columns, numbers))
        kept = order[coefficients[order] != 0]
        proto.linear_constraint_matrix.row_ids.extend(numbers[kept].tolist())
        proto.linear_constraint_matrix.column_ids.extend(columns[kept].tolist())
        proto.linear_constraint_matrix.coefficients.extend(
            coefficients[kept].astype("float64").tolist()
        )


def _sum(row: Row, columns: list[cp_model.IntVar]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(
        [columns[column] for column in row.columns.tolist()], row.coefficients.tolist()
    )


def divided(row: Row) -> Row:
    """The row without zeros, divided by what its coefficients have in common."""
    kept = row.coefficients != 0
    columns, coefficients = row.columns[kept], row.coefficients[kept]
    common = int(np.gcd.reduce(coefficients)) if len(coefficients) else 0
    if common <= 1:
        return Row(columns, coefficients, row.low, row.high)
    low = row.low if row.low <= -FREE else -(-row.low // common)
    high = row.high if row.high >= FREE else row.high // common
    return Row(columns, coefficients // common, low, high)


def _bounds(numbers: Sequence[int]) -> list[float]:
    return [
        float("-inf") if number <= -FREE else float("inf") if number >= FREE else float(number)
        for number in numbers
    ]
