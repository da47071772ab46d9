"""Modification indices: what each fixed parameter would gain by being freed (Sörbom 1989, doi 10.1007/BF02294623).

For a parameter with gradient g of F and effective Hessian V, the index is N g^2 / (2 V), a chi-square with one
degree of freedom, and the expected change of the parameter is -g / V (Saris, Satorra & Sörbom 1987). The candidates are
lavaan's: cross-loadings, residual covariances of indicators, covariances of latent variables, regressions among the
variables of the structural part, intercepts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mce_utaut.sem.extended import extend
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.matrices import GroupMatrices, Implied, marginal
from mce_utaut.sem.table import Parameter, ParameterTable
from mce_utaut.sem.variables import Variables, classify


@dataclass(frozen=True, slots=True)
class ModificationIndex:
    """The index of one fixed parameter, its expected change, raw and standardised (by latent; by all variables)."""

    lhs: str
    op: str
    rhs: str
    group: int
    mi: float
    epc: float
    sepc_lv: float
    sepc_all: float


def modification_indices(fit: Fit) -> list[ModificationIndex]:
    """The modification indices of a fit, largest first; those that cannot be estimated are left out."""
    variables = classify(fit.syntax.terms)
    fixed = () if fit.inference.discrepancy in ("ML", "FIML") else fit.table.fixed_exogenous
    candidates = [
        row for row in _candidates(fit.table, variables) if not (row.op == "~" and row.lhs in fixed)
    ]
    if not candidates:
        return []
    # a Wishart likelihood is minimised with the weights of the cases
    objective = fit.objective.by_cases() if fit.inference.discrepancy == "ML" else fit.objective
    extension = extend(objective, fit.t, candidates)
    V = np.diag(extension.schur)
    size = _sizes(fit, extension.added)
    # as in lavaan: least squares take the gradient times (N - G) / N and the information as it is
    shrink = fit.multiplier / fit.total if fit.inference.discrepancy != "ML" else 1.0
    out = []
    for row, g, v, (lv, every) in zip(extension.added, extension.gradient, V, size, strict=True):
        if not v * every**2 > 1e-9:
            continue
        g = g * shrink
        epc = -g / v
        out.append(
            ModificationIndex(
                row.lhs,
                row.op,
                row.rhs,
                row.group,
                mi=float(fit.total * g * g / (2 * v)),
                epc=float(epc),
                sepc_lv=float(epc / lv),
                sepc_all=float(epc / every),
            )
        )
    return sorted(out, key=lambda index: -index.mi)


def modification_json(indices: Sequence[ModificationIndex]) -> list[dict]:
    """The indices as plain dicts for JSON."""
    return [asdict(index) for index in indices]


def _candidates(table: ParameterTable, variables: Variables) -> Iterator[Parameter]:
    existing: dict[tuple[str, str, str, int], Parameter] = {}
    for row in table.rows:
        existing[row.lhs, row.op, row.rhs, row.group] = row
        if row.op == "~~":
            existing[row.rhs, row.op, row.lhs, row.group] = row
    operators = ("=~", "~", "~~", "~1") + (("~*~",) if table.parameterization == "delta" else ())
    written = (row for row in table.rows if row.op in operators)
    keys: dict[tuple[str, str, str], None] = {(row.lhs, row.op, row.rhs): None for row in written}
    for lhs, op, rhs in _all_parameters(table, variables):
        if op != "~~" or (rhs, op, lhs) not in keys:
            keys[lhs, op, rhs] = None
    for group in range(1, len(table.groups) + 1):
        for lhs, op, rhs in keys:
            row = existing.get((lhs, op, rhs, group))
            if row is None:
                yield Parameter(lhs, op, rhs, group)
            elif not row.free and not row.exo and not row.computed:
                yield row


def _all_parameters(table: ParameterTable, variables: Variables) -> Iterator[tuple[str, str, str]]:
    inner = variables.observed_other
    structural = variables.structural
    indicators = set(variables.indicators)
    for factor in table.latent:
        yield from ((factor, "=~", name) for name in inner if name not in structural)
    for i, a in enumerate(inner):
        yield from ((a, "~~", b) for b in inner[i:] if a in indicators and b in indicators)
    for i, a in enumerate(table.latent):
        yield from ((a, "~~", b) for b in table.latent[i:])
    for a in structural:
        for b in structural:
            if a != b and not (a in indicators and b in table.latent):
                yield a, "~", b
    if table.meanstructure:
        yield from ((name, "~1", "") for name in (*table.observed, *table.latent))


def _sizes(fit: Fit, rows: tuple[Parameter, ...]) -> list[tuple[float, float]]:
    """What a change of each parameter is divided by: for latent scales, and for all."""
    index = {name: i for i, name in enumerate(fit.objective.groups[0].variables)}
    whole = [marginal(group, implied) for group, implied in zip(fit.objective.groups, fit.implied, strict=True)]
    return [
        tuple(
            _size(row, index, fit.objective.groups[row.group - 1], whole[row.group - 1], kind)
            for kind in ("lv", "all")
        )
        for row in rows
    ]  # type: ignore[return-value]


def _size(row: Parameter, index: dict[str, int], group: GroupMatrices, implied: Implied, kind: str) -> float:
    total, residual = np.sqrt(np.abs(np.diag(implied.C))), np.sqrt(np.abs(np.diag(implied.S)))
    if kind == "lv":
        total[: group.p] = residual[: group.p] = 1.0
    total[total == 0], residual[residual == 0] = 1.0, 1.0
    a = index[row.lhs]
    b = index.get(row.rhs, 0)
    if row.op == "=~":
        return total[b] / total[a]
    if row.op == "~":
        return total[a] / total[b]
    if row.op == "~~":
        return total[a] ** 2 if a == b else residual[a] * residual[b]
    return total[a] if row.op == "~1" else 1.0
