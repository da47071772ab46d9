"""The derivatives of the implied moments by the free rows of a group, and the second ones as a Hessian needs them.

Every derivative of the covariance has rank two, ``u v' + v u'``; ``U`` and ``V`` hold the ``u`` and ``v`` as columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_basis import curvature_of_form, gradient_of_form, mean_factors, moment_basis
from mce_utaut.sem.vech import vech_indices


@dataclass(frozen=True, slots=True)
class Derivatives:
    """d covariance / d x_k = U[:, k] V[:, k]' + V[:, k] U[:, k]'; d mean / d x_k = D[:, k].

    ``U, V, D`` are (..., p, q); D is None without a mean structure.
    """

    U: np.ndarray
    V: np.ndarray
    D: np.ndarray | None


def moment_derivatives(group: GroupMatrices, implied: Implied) -> Derivatives:
    """The derivatives of the implied moments by the group's free rows, as rank-two factors."""
    E, C, p, q = implied.E, implied.C, group.p, group.q
    shape = (*E.shape[:-2], p, q)
    U, V = np.zeros(shape, dtype=E.dtype), np.zeros(shape, dtype=E.dtype)
    path, symmetric, intercept = group.path, group.symmetric, group.intercept
    observed = E[..., :p, :]
    U[..., path.at] = observed[..., path.rows]
    V[..., path.at] = C[..., :p, path.cols]
    U[..., symmetric.at] = observed[..., symmetric.rows]
    V[..., symmetric.at] = observed[..., symmetric.cols] * np.where(
        symmetric.rows == symmetric.cols, 0.5, 1.0
    )
    if not group.meanstructure:
        return Derivatives(U, V, None)
    D = np.zeros(shape, dtype=E.dtype)
    D[..., path.at] = observed[..., path.rows] * implied.all_means[..., None, path.cols]
    D[..., intercept.at] = observed[..., intercept.rows]
    return Derivatives(U, V, D)


def moment_jacobian(group: GroupMatrices, derivatives: Derivatives) -> np.ndarray:
    """d (mean, vech covariance) / d x (e, q): means first where modelled, then the lower triangle by columns."""
    rows, cols = vech_indices(group.p)
    U, V = derivatives.U, derivatives.V
    covariance = U[..., rows, :] * V[..., cols, :] + V[..., rows, :] * U[..., cols, :]
    if derivatives.D is None:
        return covariance
    return np.concatenate([derivatives.D, covariance], axis=-2)


def gradient_by_moments(
    group: GroupMatrices, implied: Implied, by_covariance: np.ndarray, by_mean: np.ndarray | None
) -> np.ndarray:
    """dF / dx (q,) from a discrepancy's derivatives by the covariance (p, p, symmetric) and the mean (p,)."""
    B = moment_basis(group, implied)
    gradient = gradient_of_form(group, B.T @ by_covariance @ B)
    if by_mean is None:
        return gradient
    return gradient + (by_mean @ B).take(group.ends.left) * mean_factors(group, implied)


def curvature(
    group: GroupMatrices, implied: Implied, by_covariance: np.ndarray, by_mean: np.ndarray | None
) -> np.ndarray:
    """sum_ij G_ij d2 covariance_ij / dx dx' + sum_i g_i d2 mean_i / dx dx' (q, q), for one data set.

    ``by_covariance`` G (p, p, symmetric) and ``by_mean`` g (p,) are the first derivatives of a discrepancy by
    the implied moments: this is the part of its Hessian that the expected information leaves out.
    """
    B = moment_basis(group, implied)
    return curvature_of_form(group, implied, B.T @ by_covariance @ B, by_mean)
