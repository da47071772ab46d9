"""``ParameterTable``: the one form of a model, and the affine map that its equality constraints make.

The rows come from ``defaults.build_table``. Free rows are numbered in table order; ``x`` is the vector of
their values. Equality constraints (labels, ``group_equal``, ``==``) make ``x = K t + k0`` with ``t`` the
parameters that are really estimated, each of them being itself one of the free rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from scipy.linalg import qr

from mce_utaut.errors import Problem, SyntaxProblem
from mce_utaut.sem.expressions import linear_form
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.syntax import Definition, Equality


class Parameter(NamedTuple):
    """One row: ``lhs op rhs`` in a group.

    ``group`` counts from 1 (0: no group, for ``:=``). ``free`` is 0 for fixed rows; equal numbers are tied.
    ``fixed`` is the value of a fixed row (nan: to be taken from the sample, or free); ``start`` a value the
    user gave (nan: none). ``exo`` marks moments of fixed exogenous variables. ``user`` says whether the
    row was written in the model. ``computed`` marks residual variances of ordered variables under the
    delta parameterisation, which follow from the other parameters.
    """

    lhs: str
    op: str
    rhs: str
    group: int
    label: str = ""
    free: int = 0
    fixed: float = float("nan")
    start: float = float("nan")
    exo: bool = False
    user: bool = False
    computed: bool = False

    @property
    def name(self) -> str:
        """``lhs op rhs`` as text."""
        return f"{self.lhs} {self.op} {self.rhs}".strip()


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """A model with every row in place.

    ``observed`` and ``latent`` are the variables in lavaan's order; ``exogenous`` the observed exogenous ones;
    ``ordered`` the ordinal ones. ``conditional`` models are about the moments given the fixed exogenous variables.
    ``free_rows`` (q,) are indices into ``rows``; ``K`` (q, t) and ``k0`` (q,) map the estimated
    parameters to them; ``is_constrained`` is False where the two are the same. ``nonlinear`` are equality constraints
    that no such map can have: ``nonlinear_constraints`` puts their tangent in its place.
    """

    rows: tuple[Parameter, ...]
    groups: tuple[str, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    exogenous: tuple[str, ...]
    ordered: tuple[str, ...]
    meanstructure: bool
    parameterization: str
    definitions: tuple[Definition, ...]
    free_rows: np.ndarray
    K: np.ndarray
    k0: np.ndarray
    conditional: bool = False
    nonlinear: tuple[Equality, ...] = ()
    is_constrained: bool = field(init=False)
    _fixed: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows, columns = self.K.shape
        identity = rows == columns and not self.k0.any() and np.array_equal(self.K, np.eye(rows))
        object.__setattr__(self, "is_constrained", not identity)
        object.__setattr__(self, "_fixed", np.array([row.fixed for row in self.rows], dtype=float))

    @property
    def n_free(self) -> int:
        """The number of parameters estimated (equal ones counted once)."""
        return int(self.K.shape[1])

    @property
    def fixed_exogenous(self) -> tuple[str, ...]:
        """The exogenous variables whose moments are fixed to those of the sample."""
        if not self.exogenous:
            return ()
        fixed = {row.lhs for row in self.rows if row.exo and row.op == "~~"}
        return tuple(name for name in self.exogenous if name in fixed)

    def with_exogenous(self, samples: Sequence[SampleMoments]) -> ParameterTable:
        """The table with the moments of fixed exogenous variables filled in from the groups' samples."""
        exogenous = [(i, row) for i, row in enumerate(self.rows) if row.exo]
        if not exogenous:
            return self
        rows = list(self.rows)
        for i, row in exogenous:
            sample = samples[row.group - 1]
            a = sample.names.index(row.lhs)
            value = sample.mean[a] if row.op == "~1" else sample.covariance[a, sample.names.index(row.rhs)]
            rows[i] = row._replace(fixed=float(value))
        return replace(self, rows=tuple(rows))

    def expand(self, t: np.ndarray) -> np.ndarray:
        """The free rows' values (..., q) for estimated parameters ``t`` (..., n_free)."""
        return t @ self.K.T + self.k0 if self.is_constrained else t + self.k0

    def row_values(self, x: np.ndarray) -> np.ndarray:
        """The value of every row (..., rows): ``x`` (..., q) where free, the fixed value elsewhere."""
        values = np.empty((*x.shape[:-1], len(self.rows)), dtype=x.dtype)
        values[...] = self._fixed
        values[..., self.free_rows] = x
        return values


def on_tangent(table: ParameterTable, t: np.ndarray, jacobian: np.ndarray) -> tuple[ParameterTable, np.ndarray]:
    """The table restricted to the directions in which constraints with ``jacobian`` (c, n_free) do not change at ``t``
    (n_free,), and the parameters that remain, at their values."""
    pivots = np.sort(qr(jacobian, mode="r", pivoting=True)[1][: len(jacobian)])
    stay = np.setdiff1d(np.arange(len(t)), pivots)
    slope = -np.linalg.solve(jacobian[:, pivots], jacobian[:, stay])
    z, z0 = np.zeros((len(t), len(stay))), np.zeros(len(t))
    z[stay, np.arange(len(stay))] = 1.0
    z[pivots], z0[pivots] = slope, t[pivots] - slope @ t[stay]
    K, k0 = table.K @ z, table.K @ z0 + table.k0
    rows = _numbered(list(table.rows), table.free_rows, K, k0)
    return replace(table, rows=tuple(rows), K=K, k0=k0), t[stay]


def solve_constraints(
    rows: Sequence[Parameter],
    ties: Sequence[tuple[int, int]],
    equalities: Sequence[Equality],
) -> tuple[list[Parameter], np.ndarray, np.ndarray, np.ndarray]:
    """Rows with their ``free`` numbers, free row indices (q,), K (q, t) and k0 (q,).

    ``rows`` come with free = 1 for every free row; ``ties`` are pairs of row indices that must be equal (a
    pair with a fixed row fixes the other). Raises SyntaxProblem for unknown labels, nonlinear or
    contradictory constraints (``nonlinear_constraints`` has what is not linear).
    """
    rows = list(rows)
    ties = [*ties, *_label_ties(rows)]
    if not ties and not equalities:
        free_rows = np.array([i for i, row in enumerate(rows) if row.free], dtype=int)
        K, k0 = np.eye(len(free_rows)), np.zeros(len(free_rows))
        return _numbered(rows, free_rows, K, k0), free_rows, K, k0
    parent = _classes(len(rows), ties)
    _spread_fixed(rows, parent)
    free_rows = np.array([i for i, row in enumerate(rows) if row.free], dtype=int)
    members: dict[int, int] = {}
    column = np.empty(len(free_rows), dtype=int)
    for at, row in enumerate(free_rows):
        column[at] = members.setdefault(parent[row], len(members))
    k_ties = np.zeros((len(free_rows), len(members)))
    k_ties[np.arange(len(free_rows)), column] = 1.0
    column_of_row = dict(zip(free_rows.tolist(), column.tolist(), strict=True))
    K, k0 = k_ties, np.zeros(len(free_rows))
    if equalities:
        matrix, right = _constraint_rows(rows, equalities, column_of_row, len(members))
        z, z0 = _null_space(matrix, right, equalities)
        K, k0 = k_ties @ z, k_ties @ z0
    return _numbered(rows, free_rows, K, k0), free_rows, K, k0


def _classes(count: int, ties: Sequence[tuple[int, int]]) -> list[int]:
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for a, b in ties:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    return [root(i) for i in range(count)]


def _label_ties(rows: Sequence[Parameter]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    ties = []
    for i, row in enumerate(rows):
        if row.label:
            ties.append((first.setdefault(row.label, i), i))
    return [(a, b) for a, b in ties if a != b]


def _spread_fixed(rows: list[Parameter], parent: list[int]) -> None:
    """A free row tied to a fixed one takes its value."""
    value_of = {
        parent[i]: row.fixed
        for i, row in reversed(list(enumerate(rows)))
        if not row.free and not np.isnan(row.fixed)
    }
    for i, row in enumerate(rows):
        if row.free and parent[i] in value_of:
            rows[i] = row._replace(free=0, fixed=value_of[parent[i]])


def _constraint_rows(
    rows: Sequence[Parameter], equalities: Sequence[Equality], column_of_row: Mapping[int, int], columns: int
) -> tuple[np.ndarray, np.ndarray]:
    labels: dict[str, int] = {}
    for i, row in enumerate(rows):
        if row.label:
            labels.setdefault(row.label, i)
    matrix, right = np.zeros((len(equalities), columns)), np.zeros(len(equalities))
    problems = []
    for at, equality in enumerate(equalities):
        form = linear_form(equality.difference)
        where = {"line": equality.line, "column": equality.column}
        if form is None:
            problems.append(
                Problem(
                    "the ladder of ordered items knows no nonlinear constraints.", "Use sums of multiples.", **where
                )
            )
            continue
        right[at] = -form[1]
        for name, coefficient in form[0].items():
            row = labels.get(name)
            if row is None:
                problems.append(
                    Problem(f"no parameter has the label {name}.", "Label it in the model first.", **where)
                )
            elif row in column_of_row:
                matrix[at, column_of_row[row]] += coefficient
            else:
                right[at] -= coefficient * rows[row].fixed
    if problems:
        raise SyntaxProblem(problems)
    return matrix, right


def _null_space(
    matrix: np.ndarray, right: np.ndarray, equalities: Sequence[Equality]
) -> tuple[np.ndarray, np.ndarray]:
    """z, z0 with every solution of matrix @ y = right being z @ t + z0, t a subset of y."""
    count = matrix.shape[1]
    solved: dict[int, np.ndarray] = {}
    for equality, row in zip(equalities, np.column_stack([matrix, right]).astype(float), strict=True):
        scale = max(1.0, float(np.abs(row[:count]).max(initial=0.0)))
        for pivot, done in solved.items():
            row = row - row[pivot] * done
        sizable = np.flatnonzero(np.abs(row[:count]) > 1e-12 * scale)
        if not sizable.size:
            if abs(row[count]) > 1e-9 * scale:
                raise SyntaxProblem(
                    Problem(
                        f"the constraint {equality.left} == {equality.right} contradicts the model or another one.",
                        "Remove one of them.",
                        line=equality.line,
                        column=equality.column,
                    )
                )
            continue
        pivot = int(sizable[-1])
        row = row / row[pivot]
        solved = {place: done - done[pivot] * row for place, done in solved.items()} | {pivot: row}
    stay = [i for i in range(count) if i not in solved]
    z, z0 = np.zeros((count, len(stay))), np.zeros(count)
    z[stay, np.arange(len(stay))] = 1.0
    for pivot, row in solved.items():
        z[pivot] = -row[stay]
        z0[pivot] = row[count]
    return z, z0


_FREE = Parameter._fields.index("free")


def _numbered(rows: list[Parameter], free_rows: np.ndarray, K: np.ndarray, k0: np.ndarray) -> list[Parameter]:
    numbers: dict[tuple, int] = {}
    tied = K.shape[0] != K.shape[1]
    for at, i in enumerate(free_rows.tolist()):
        number = at + 1
        if tied:
            key: tuple = (K[at].tobytes(), float(k0[at])) if K[at].any() else ("fixed by a constraint", at)
            number = numbers.setdefault(key, len(numbers) + 1)
        row = rows[i]
        rows[i] = Parameter(*row[:_FREE], number, *row[_FREE + 1 :])
    return rows
