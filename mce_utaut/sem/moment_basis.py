"""Quadratic forms of the moments' derivatives, taken of a common basis instead of every pair of parameters.

The u and v of every derivative ``u v' + v u'`` of the covariance are columns of ``B = [E_o, E_o S E']`` (p, 2v): its
form ``B' W B`` (2v, 2v) holds every ``u_k' W v_l``, however many parameters share the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied


@dataclass(frozen=True, slots=True)
class Forms:
    """``u_k' W u_l``, ``u_k' W v_l`` and ``v_k' W v_l`` (q, q each) of all free rows k and l, for one symmetric W."""

    uu: np.ndarray
    uv: np.ndarray
    vv: np.ndarray


def moment_basis(group: GroupMatrices, implied: Implied) -> np.ndarray:
    """B (p, 2v): columns of total effects on the observed variables, then of their covariances with all variables."""
    return np.concatenate((implied.E[: group.p], implied.C[: group.p]), axis=1)


def forms_of(group: GroupMatrices, form: np.ndarray) -> Forms:
    """The forms (q, q) of all pairs of free rows from ``form`` = B' W B (2v, 2v)."""
    ends = group.ends
    left = form.take(ends.left, 0)
    uv = left.take(ends.right, 1)
    uv *= ends.half
    vv = form.take(ends.right, 0).take(ends.right, 1)
    vv *= ends.half[:, None] * ends.half
    return Forms(left.take(ends.left, 1), uv, vv)


def gradient_of_form(group: GroupMatrices, form: np.ndarray) -> np.ndarray:
    """sum_ij G_ij d covariance_ij / dx (q,) from ``form`` = B' G B (2v, 2v)."""
    ends = group.ends
    return form[ends.left, ends.right] * (2 * ends.half)


def mean_factors(group: GroupMatrices, implied: Implied) -> np.ndarray:
    """f (q,) such that d mean / dx = f u."""
    f = np.zeros(group.q)
    f[group.path.at] = implied.all_means[group.path.cols]
    f[group.intercept.at] = 1.0
    return f


def expected_hessian(group: GroupMatrices, implied: Implied, weight: np.ndarray) -> np.ndarray:
    """Delta' (2 V) Delta (q, q), V the normal-theory weight of the moments at ``weight`` (p, p), such as Sigma^-1."""
    B = moment_basis(group, implied)
    return hessian_of_forms(group, implied, forms_of(group, B.T @ (weight @ B)))


def hessian_of_forms(group: GroupMatrices, implied: Implied, forms: Forms) -> np.ndarray:
    """The same from the forms of the weight."""
    H = forms.uu * forms.vv
    H += forms.uv * forms.uv.T
    if group.meanstructure:
        f = mean_factors(group, implied)
        H += forms.uu * (f[:, None] * f)
    H *= 2.0
    return H


def curvature_of_form(
    group: GroupMatrices, implied: Implied, form: np.ndarray, by_mean: np.ndarray | None
) -> np.ndarray:
    """The curvature (q, q) of the moments, weighted by a discrepancy's first derivatives by them.

    ``form`` = B' G B (2v, 2v) with G the derivative by the covariance; ``by_mean`` (p,) is that by the mean.
    """
    E, v = implied.E, len(group.variables)
    path, symmetric, intercept = group.path, group.symmetric, group.intercept
    H = np.zeros((group.q, group.q))
    rows = path.at[:, None]
    pulled, from_ends = form.take(path.rows, 0), E.take(path.cols, 0)
    between = from_ends.take(path.rows, 1)
    first = between * pulled.take(v + path.cols, 1)
    first += first.T.copy()
    first += implied.C.take(path.cols, 0).take(path.cols, 1) * pulled.take(path.rows, 1)
    first *= 2.0
    if len(symmetric.at):
        block = pulled.take(symmetric.rows, 1) * from_ends.take(symmetric.cols, 1)
        block += pulled.take(symmetric.cols, 1) * from_ends.take(symmetric.rows, 1)
        block *= 2.0 * group.ends.half[symmetric.at]
        H[rows, symmetric.at] = block
        H[symmetric.at[:, None], path.at] = block.T
    if by_mean is not None and group.meanstructure:
        weight = (by_mean @ E[: group.p])[path.rows][:, None]
        block = weight * between * implied.all_means[path.cols]
        first += block + block.T
        if len(intercept.at):
            block = weight * from_ends.take(intercept.rows, 1)
            H[rows, intercept.at] = block
            H[intercept.at[:, None], path.at] = block.T
    H[rows, path.at] = first
    return H
