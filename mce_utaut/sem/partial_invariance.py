"""Partial invariance: which items to let differ, found one at a time by score tests and logged.

Byrne, Shavelson & Muthén (1989): the item with the largest score test is freed in all groups, the model fitted
again, until the step holds; every factor keeps at least two items that are equal (Steenkamp & Baumgartner 1998).
``invariance.release_candidates`` tells the same tests without freeing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.fit import Fit, Prepared
from mce_utaut.sem.release_tests import Release, release_test, tied_rows
from mce_utaut.sem.table import ParameterTable

KEPT_ITEMS = 2
_KIND = {
    "metric": "=~",
    "loadings": "=~",
    "thresholds": "|",
    "scalar": "~1",
    "intercepts": "~1",
    "strict": "~~",
    "residuals": "~~",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """The ``parameters`` of an ``item`` that ``level`` tied and that could be freed.

    ``test`` is their joint score test over all groups (its ``epc`` in the order of ``changes``: (parameter, group,
    expected difference from the common value)).
    """

    level: str
    item: str
    parameters: tuple[str, ...]
    test: Release
    changes: tuple[tuple[str, int, float], ...]

    @property
    def strength(self) -> float:
        """What the search goes by: the score test, robust where there is one, per degree of freedom."""
        chisq = self.test.robust if np.isfinite(self.test.robust) else self.test.chisq
        return chisq / max(self.test.df, 1)


@dataclass(frozen=True, slots=True)
class Freed(Candidate):
    """One move of the search: the candidate that was freed, and the ``verdict`` of the step after."""

    verdict: str


def search_partial(
    fit: Fit, level: str, exempt: Sequence[str], refit: Callable[[tuple[str, ...]], tuple[Fit, str]]
) -> list[Freed]:
    """The moves from a fit whose step does not hold; ``refit`` fits with names exempt and gives the new verdict.

    The search ends when the step holds, or when no factor has an item to spare.
    """
    moves: list[Freed] = []
    names = tuple(exempt)
    while True:
        candidates = candidates_of(fit, level)
        if not candidates:
            return moves
        best = candidates[0]
        names = (*names, *best.parameters)
        fit, verdict = refit(names)
        moves.append(Freed(level, best.item, best.parameters, best.test, best.changes, verdict))
        if verdict in ("holds", "not testable"):
            return moves


def candidates_of(fit: Fit, level: str) -> list[Candidate]:
    """The items that the step to ``level`` tied and that may be freed, the largest score test first."""
    found = []
    for item, rows in _spare_items(fit, _KIND[level]).items():
        test = release_test(fit, rows)
        names = [_name(fit.table, row) for row in rows]
        groups = [fit.table.rows[row].group for row in rows]
        changes = tuple(zip(names, groups, test.epc, strict=True))
        found.append(Candidate(level, item, tuple(dict.fromkeys(names)), test, changes))
    return sorted(found, key=lambda each: -each.strength)


def _spare_items(fit: Fit, op: str) -> dict[str, tuple[int, ...]]:
    """The tied rows (indices into the table) of each item that its factors can spare."""
    items: dict[str, list[int]] = {}
    for group in range(2, len(fit.table.groups) + 1):
        for i in tied_rows(fit, group):
            row = fit.table.rows[i]
            if row.op == op and (op != "~~" or row.lhs == row.rhs) and _item(row) not in fit.table.latent:
                items.setdefault(_item(row), []).append(i)
    factors = _factors(fit.table)
    spare = {factor: sum(item in items for item in own) - KEPT_ITEMS for factor, own in factors.items()}
    out = {}
    for item, rows in items.items():
        measured = [factor for factor, own in factors.items() if item in own]
        if measured and all(spare[factor] > 0 for factor in measured):
            out[item] = tuple(rows)
    return out


def freed_names(moves: Sequence[Freed], prepared: Prepared, equal: Sequence[str]) -> tuple[str, ...]:
    """The exemptions of a level after these moves: what was freed, and the later parameters of the same items.

    An item whose thresholds differ is left out of the equality of loadings too, one whose loading differs out of
    that of intercepts and residuals: without the earlier equality these are not on one scale.
    """
    names = [name for move in moves for name in move.parameters]
    factors = {term.rhs: term.lhs for term in prepared.syntax.terms if term.op == "=~"}
    ordered = set(prepared.settings.thresholds)
    for move in moves:
        kind, item = _KIND[move.level], move.item
        if kind == "|" and "loadings" in equal:
            names.append(f"{factors[item]}=~{item}")
        if kind == "=~" and "intercepts" in equal:
            names.append(f"{item}~1")
        if kind == "=~" and "residuals" in equal and item not in ordered:
            names.append(f"{item}~~{item}")
    return tuple(dict.fromkeys(names))


def _item(row) -> str:
    return row.rhs if row.op == "=~" else row.lhs


def _name(table: ParameterTable, row: int) -> str:
    entry = table.rows[row]
    return entry.lhs + entry.op + entry.rhs


def _factors(table: ParameterTable) -> dict[str, set[str]]:
    factors: dict[str, set[str]] = {}
    for row in table.rows:
        if row.op == "=~" and row.rhs not in table.latent:
            factors.setdefault(row.lhs, set()).add(row.rhs)
    return factors
