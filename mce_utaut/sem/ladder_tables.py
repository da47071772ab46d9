"""The parameter table of each level of an invariance ladder, for continuous and for ordered items.

Continuous items take lavaan's ``group.equal`` rules. Ordered items follow Wu & Estabrook (2016, doi
10.1007/s11336-016-9506-0) in the theta parameterisation, as semTools' ``measEq.syntax`` with
``ID.cat = "Wu.Estabrook.2016"`` and ``ID.fac = "std.lv"``: the first group has residual variances 1, intercepts
0, latent variances 1 and means 0; later groups gain a free intercept with one equal threshold, a free residual
variance with two (or with one and an equal intercept), a free latent variance with an equal loading and a
free latent mean with an equal intercept. So an item of two categories adds nothing testable at the levels of
thresholds and intercepts, and one of three nothing at that of thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.fit import Prepared
from mce_utaut.sem.table import Parameter, ParameterTable, solve_constraints

CONTINUOUS: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
    "means": ("loadings", "intercepts", "residuals", "means"),
}
ORDINAL: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "loadings": ("thresholds", "loadings"),
    "intercepts": ("thresholds", "loadings", "intercepts"),
    "residuals": ("thresholds", "loadings", "intercepts", "residuals"),
    "means": ("thresholds", "loadings", "intercepts", "residuals", "means"),
}


def level_table(
    prepared: Prepared, equal: Sequence[str], partial: Sequence[str] = (), std_lv: bool | None = None
) -> ParameterTable:
    """The table with the kinds of ``equal`` held equal over the groups, but for the parameters of ``partial``.

    ``std_lv`` None keeps the scaling of the options (ordered items always have standardised latent
    variables). Raises UsageError for names in ``partial`` that the model does not have.
    """
    own = prepared.options.group_partial
    partial = tuple(dict.fromkeys((*own, *(name.replace(" ", "") for name in partial))))
    if prepared.settings.thresholds:
        return _ordinal_table(prepared, equal, partial)
    scaled = prepared.settings.std_lv if std_lv is None else std_lv
    settings = replace(prepared.settings, group_equal=tuple(equal), group_partial=partial, std_lv=scaled)
    return build_table(prepared.syntax, settings)


def _ordinal_table(prepared: Prepared, equal: Sequence[str], partial: Sequence[str]) -> ParameterTable:
    settings = replace(
        prepared.settings, std_lv=True, parameterization="theta", group_equal=(), group_partial=()
    )
    table = build_table(prepared.syntax, settings)
    _refuse(table, partial)
    edits = _OrdinalRules(table, frozenset(equal), frozenset(name.replace(" ", "") for name in partial))
    rows = [edits.row(row) for row in table.rows]
    ties = [*_ties_of(table.rows), *_group_ties(rows, edits)]
    numbered, free_rows, K, k0 = solve_constraints(rows, ties, prepared.syntax.equalities)
    return replace(table, rows=tuple(numbered), free_rows=free_rows, K=K, k0=k0)


def _refuse(table: ParameterTable, partial: Sequence[str]) -> None:
    higher = sorted({row.lhs for row in table.rows if row.op == "=~" and row.rhs in table.latent})
    if higher:
        raise UsageError(
            f"The ladder of ordered items has no rule for factors of factors ({', '.join(higher)}). "
            "Write the model with first-order factors."
        )
    names = {row.lhs + row.op + row.rhs for row in table.rows}
    unknown = sorted({name.replace(" ", "") for name in partial} - names)
    if unknown:
        raise UsageError(f"group_partial names {', '.join(unknown)}, which the model does not have.")


def _ties_of(rows: Sequence[Parameter]) -> list[tuple[int, int]]:
    first: dict[int, int] = {}
    return [(first.setdefault(row.free, i), i) for i, row in enumerate(rows) if row.free]


class _OrdinalRules:
    """What Wu & Estabrook free and fix, given what is equal and what is exempt."""

    def __init__(self, table: ParameterTable, equal: frozenset[str], partial: frozenset[str]) -> None:
        self.table, self.equal, self.partial = table, equal, partial
        self.ordered = set(table.ordered)
        first = [row for row in table.rows if row.group == 1]
        self.cuts: dict[str, list[str]] = {}
        self.factors: dict[str, set[str]] = {}
        for row in first:
            if row.op == "|":
                self.cuts.setdefault(row.lhs, []).append(row.rhs)
            elif row.op == "=~":
                self.factors.setdefault(row.rhs, set()).add(row.lhs)

    def is_equal(self, row: Parameter) -> bool:
        """Whether a row of a later group is tied to that of the first."""
        if row.lhs + row.op + row.rhs in self.partial:
            return False
        if row.op in ("|", "=~", "~"):
            return {"|": "thresholds", "=~": "loadings", "~": "regressions"}[row.op] in self.equal
        if row.op == "~1":
            return ("means" if row.lhs in self.table.latent else "intercepts") in self.equal
        if row.op == "~~" and row.lhs == row.rhs and row.lhs in self.factors:
            return "residuals" in self.equal
        return False

    def row(self, row: Parameter) -> Parameter:
        """The row as fixed or free as its level has it."""
        row = row._replace(free=int(bool(row.free)))
        if row.group == 1:
            return row
        if row.lhs in self.table.latent:
            return self._latent(row)
        if row.lhs not in self.ordered:
            return row
        if row.op == "~1":
            return _free(row) if self._equal_cuts(row) and not self.is_equal(row) else _fix(row, 0.0)
        if row.op == "~~" and row.lhs == row.rhs:
            cuts = self._equal_cuts(row)
            intercept = self.is_equal(row._replace(op="~1", rhs=""))
            enough = cuts >= 2 or (cuts >= 1 and intercept)
            return _free(row) if enough and not self.is_equal(row) else _fix(row, 1.0)
        return row

    def _equal_cuts(self, row: Parameter) -> int:
        return sum(self.is_equal(row._replace(op="|", rhs=cut)) for cut in self.cuts[row.lhs])

    def _latent(self, row: Parameter) -> Parameter:
        items = [item for item, factors in self.factors.items() if row.lhs in factors]
        if row.op == "~~" and row.lhs == row.rhs and not row.free:
            linked = any(self.is_equal(row._replace(op="=~", rhs=item)) for item in items)
            return _free(row) if linked else row
        if row.op == "~1" and not row.free:
            pure = [item for item in items if len(self.factors[item]) == 1]
            linked = any(self.is_equal(row._replace(lhs=item)) for item in pure)
            return _free(row) if linked and not self.is_equal(row) else row
        return row


def _free(row: Parameter) -> Parameter:
    return row if row.free else row._replace(free=1, fixed=float("nan"))


def _fix(row: Parameter, value: float) -> Parameter:
    return row if not row.free and not np.isnan(row.fixed) else row._replace(free=0, fixed=value)


def _group_ties(rows: Sequence[Parameter], rules: _OrdinalRules) -> list[tuple[int, int]]:
    first = {(row.lhs, row.op, row.rhs): i for i, row in enumerate(rows) if row.group == 1}
    ties = []
    for i, row in enumerate(rows):
        at = first[row.lhs, row.op, row.rhs]
        if row.group > 1 and row.free and rows[at].free and not row.label and rules.is_equal(row):
            ties.append((at, i))
    return ties
