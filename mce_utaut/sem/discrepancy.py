"""What an estimator must provide (``GroupDiscrepancy``) and how groups and constraints join (``Objective``).

A new estimator is one class with the methods of ``GroupDiscrepancy`` and one entry in
``estimators.ESTIMATORS``. ``F`` is scaled so that the likelihood-ratio or minimum-distance statistic is
``N F`` with N the number of cases of all groups; for the whole model ``F = sum_g w_g F_g`` with
``w_g = n_g / N``. All derivatives are with respect to the free rows of the group, in table order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied, implied_moments
from mce_utaut.sem.moment_derivatives import Derivatives, curvature, moment_derivatives
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.table import ParameterTable

Kept = TypeVar("Kept")


class GroupDiscrepancy(Protocol):
    """The distance between one group's sample and a model.

    Where the gradient and a Hessian share work, a discrepancy may also have ``gradient_and_hessian(group,
    implied, kind)``, which returns both for kind "expected" or "observed".
    """

    sample: SampleMoments

    def value(self, implied: Implied) -> float:
        """F of this group; inf where the implied moments are not admissible (covariance not positive definite)."""
        ...

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        ...

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """The Gauss-Newton or Fisher approximation of d2F / dx dx' (q, q), never indefinite."""
        ...

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q)."""
        ...


@dataclass(frozen=True, slots=True)
class Objective:
    """F of the whole model as a function of the estimated parameters ``t`` (n_free,).

    ``groups`` and ``parts`` run over the groups; ``weights`` (G,) sum to 1.
    """

    table: ParameterTable
    groups: tuple[GroupMatrices, ...]
    parts: tuple[GroupDiscrepancy, ...]
    weights: np.ndarray
    _last: dict = field(init=False, default_factory=dict, repr=False, compare=False)

    def by_cases(self) -> Objective:
        """The same with weights n_g / N, which informations and fourth moments have under every estimator."""
        sizes = np.array([part.sample.n for part in self.parts], dtype=float)
        weights = sizes / sizes.sum()
        return self if np.array_equal(weights, self.weights) else replace(self, weights=weights)

    def implied(self, t: np.ndarray) -> list[Implied]:
        """The implied moments of every group (those of the last ``t`` are kept)."""
        key = t.tobytes()
        if self._last.get("t") != key:
            x = self.table.expand(t)
            self._last["implied"] = [implied_moments(group, x) for group in self.groups]
            self._last["t"] = key
        return self._last["implied"]

    def group_values(self, t: np.ndarray) -> np.ndarray:
        """F_g of every group (G,)."""
        return np.array(
            [part.value(implied) for part, implied in zip(self.parts, self.implied(t), strict=True)]
        )

    def value(self, t: np.ndarray) -> float:
        """F; inf where the model matrices or the implied moments are not admissible."""
        key = t.tobytes()
        if self._last.get("value") != key:
            try:
                with np.errstate(all="ignore"):
                    value = float(self.weights @ self.group_values(t))
            except np.linalg.LinAlgError:
                value = float("inf")
            self._last["F"] = value if np.isfinite(value) else float("inf")
            self._last["value"] = key
        return self._last["F"]

    def gradient(self, t: np.ndarray) -> np.ndarray:
        """dF / dt (n_free,)."""
        return self.gradient_and_hessian(t, "none")[0]

    def gradient_and_hessian(self, t: np.ndarray, kind: str = "expected") -> tuple[np.ndarray, np.ndarray]:
        """dF / dt (n_free,) and the expected or observed Hessian (n_free, n_free)."""
        return self._constrained(*self.unconstrained(t, kind))

    def kept(self, t: np.ndarray, name: str, compute: Callable[[Objective, np.ndarray], Kept]) -> Kept:
        """``compute(self, t)``, computed once for as long as ``t`` stays the last one asked for under ``name``."""
        key = t.tobytes()
        if self._last.get(name) != key:
            self._last[name + " values"] = compute(self, t)
            self._last[name] = key
        return self._last[name + " values"]

    def unconstrained(self, t: np.ndarray, kind: str = "expected") -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and Hessian (q, q) over all free rows, ties not yet applied (kept for the last ``t``)."""
        g, H = self.kept(t, kind, lambda objective, t: objective._unconstrained(t, kind))
        return g.copy(), H.copy()

    def _unconstrained(self, t: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
        q = len(self.table.free_rows)
        g, H = np.zeros(q), np.zeros((q, q))
        for group, part, weight, implied in zip(
            self.groups, self.parts, self.weights, self.implied(t), strict=True
        ):
            here = slice(group.x_start, group.x_stop)
            both = getattr(part, "gradient_and_hessian", None)
            if both is not None and kind != "none":
                gradient, hessian = both(group, implied, kind)
                g[here], H[here, here] = weight * gradient, weight * hessian
                continue
            g[here] = weight * part.gradient(group, implied)
            if kind == "expected":
                H[here, here] = weight * part.expected_hessian(group, implied)
            elif kind == "observed":
                H[here, here] = weight * part.observed_hessian(group, implied)
        return g, H

    def curvature(self, t: np.ndarray) -> np.ndarray:
        """The part of the observed Hessian (q, q) that comes from second derivatives of the moments."""
        q = len(self.table.free_rows)
        H = np.zeros((q, q))
        for group, part, weight, implied in zip(
            self.groups, self.parts, self.weights, self.implied(t), strict=True
        ):
            here = slice(group.x_start, group.x_stop)
            H[here, here] = weight * curvature(group, implied, *part.moment_gradient(implied))
        return H

    def _constrained(self, g: np.ndarray, H: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        K = self.table.K
        if not self.table.is_constrained:
            return g, H
        return K.T @ g, K.T @ H @ K

    def implied_and_derivatives(self, t: np.ndarray) -> list[tuple[Implied, Derivatives]]:
        """Implied moments and their derivatives of every group."""
        return [
            (implied, moment_derivatives(group, implied))
            for group, implied in zip(self.groups, self.implied(t), strict=True)
        ]


def objective_of(
    table: ParameterTable,
    groups: Sequence[GroupMatrices],
    parts: Sequence[GroupDiscrepancy],
    wishart: bool = False,
) -> Objective:
    """The objective with weights n_g / N (or (n_g - 1) / (N - G) for the Wishart likelihood)."""
    sizes = np.array([part.sample.n - int(wishart) for part in parts], dtype=float)
    return Objective(table, tuple(groups), tuple(parts), sizes / sizes.sum())
