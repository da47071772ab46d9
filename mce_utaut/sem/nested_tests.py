"""Chi-square difference tests of nested models, scaled where the fits are.

``satorra.bentler.2001`` (Satorra & Bentler 2001, doi 10.1007/BF02296192), ``satorra.bentler.2010`` (Satorra & Bentler
2010, doi 10.1007/s11336-009-9135-y), whose scaling factor is positive where the information of the larger model is so
at the smaller one's moments, and ``satorra.2000`` (Satorra 2000), scaled and shifted (Asparouhov & Muthén 2010); the
same numbers as lavaan's ``lavTestLRT``, which takes the restrictions from the slopes of the moments (its "delta") and
scales and shifts whatever the models' own tests. For 2010 lavaan carries the smaller model's estimates into the larger
one by name; here the point is sought that has the same moments: it is the same where every parameter keeps its
meaning, and right also where it does not (freed factor means, markers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.information import gamma_middle, inverse_information, unit_information
from mce_utaut.sem.moment_derivatives import moment_jacobian
from mce_utaut.sem.starts import reduced
from mce_utaut.sem.tests_of_fit import chisq_pvalue, exogenous_columns, test_of_fit
from mce_utaut.sem.vech import vech, vech_positions
from mce_utaut.sem.wls import WeightedLeastSquares

DifferenceMethod = Literal["default", "standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"]
NAN = float("nan")
_MOST_STEPS = 50
_SAME_MOMENTS = 1e-10  # relative, of every implied moment


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two chi-squares with its degrees of freedom.

    ``chisq`` is what is referred to the chi-square with ``df``; ``plain`` the unscaled difference; ``factor`` and
    ``shift`` the scaling (nan where there is none). ``chisq`` is nan where the scaling factor is not positive (lavaan
    prints a negative chi-square for 2010).
    """

    method: str
    chisq: float
    df: float
    plain: float
    factor: float = NAN
    shift: float = NAN

    @property
    def pvalue(self) -> float:
        """The upper tail probability; nan for df = 0."""
        return chisq_pvalue(self.chisq, self.df)


def difference_test(larger: Fit, smaller: Fit, method: DifferenceMethod = "default") -> Difference:
    """The test of ``smaller`` (more restricted) within ``larger``.

    ``default`` is lavaan's: the plain difference of unscaled tests, ``satorra.bentler.2001`` for mean-scaled ones (and
    ``satorra.bentler.2010`` where the factor of 2001 is not positive, so that lavaan has no number), ``satorra.2000``
    for mean- and variance-adjusted ones. Raises UsageError where the method does not go with the fits, where their
    tests, variables or cases differ, and with ``satorra.bentler.2010`` where the larger model cannot have the smaller
    one's moments.
    """
    if larger.test.name != smaller.test.name:
        raise UsageError(f"The models have different tests ({larger.test.name}, {smaller.test.name}).")
    if set(larger.table.observed) != set(smaller.table.observed) or larger.total != smaller.total:
        raise UsageError("Models of other variables or other cases are not nested.")
    chosen = _default_method(larger) if method == "default" else method
    plain, df = smaller.test.chisq - larger.test.chisq, smaller.test.df - larger.test.df
    if df < 0:
        raise UsageError(f"The second model must be the more restricted one, but it has {-df} df less.")
    if df == 0 or chosen == "standard":
        return Difference(chosen, plain, df, plain)
    if not larger.test.is_scaled:
        raise UsageError(f"{chosen} needs a robust estimator (MLR, MLM, WLSMV, …).")
    if chosen == "satorra.2000":
        return _satorra(larger, smaller, plain, df)
    if chosen not in ("satorra.bentler.2001", "satorra.bentler.2010"):
        raise UsageError(f"There is no difference test {method!r}.")
    if larger.test.name not in ("satorra.bentler", "yuan.bentler.mplus"):
        raise UsageError(f"{chosen} does not go with the test {larger.test.name}; use satorra.2000.")
    if chosen == "satorra.bentler.2010":
        return _strictly_positive(larger, smaller, plain, df)
    found = _scaled("satorra.bentler.2001", larger.test.factor, larger, smaller, plain, df)
    if method == "default" and not found.factor > 0:
        other = _strictly_positive(larger, smaller, plain, df)
        return other if other.factor > 0 else found
    return found


def _default_method(fit: Fit) -> str:
    if not fit.test.is_scaled:
        return "standard"
    mean_only = fit.test.name in ("satorra.bentler", "yuan.bentler.mplus")
    return "satorra.bentler.2001" if mean_only else "satorra.2000"


def _strictly_positive(larger: Fit, smaller: Fit, plain: float, df: int) -> Difference:
    """The larger model's scaling factor is taken where it has the moments of the smaller one (equation 4)."""
    t = _at_the_moments_of(larger, smaller)
    inference = larger.inference
    try:
        test = test_of_fit(larger.objective, t, inference.test, inference.test_information, larger.multiplier)
        factor = test.factor
    except np.linalg.LinAlgError:  # a singular information away from the larger model's minimum
        factor = NAN
    return _scaled("satorra.bentler.2010", factor, larger, smaller, plain, df)


def _scaled(method: str, free: float, larger: Fit, smaller: Fit, plain: float, df: int) -> Difference:
    """The difference divided by its scaling factor; ``free`` is the larger model's own."""
    own = larger.test.df * free if larger.test.df else 0.0
    factor = (smaller.test.df * smaller.test.factor - own) / df
    return Difference(method, plain / factor if factor > 0 else NAN, df, plain, factor)


def _at_the_moments_of(larger: Fit, smaller: Fit) -> np.ndarray:
    """The parameters t (n_free,) of ``larger`` that imply the moments of ``smaller``, by Gauss-Newton from those of the
    same name; raises UsageError where there are none."""
    table, wanted = larger.table, _all_moments(smaller, smaller.t, larger.table.observed)
    known = {
        (row.lhs, row.op, row.rhs, row.group): value
        for row, value in zip(smaller.table.rows, smaller.estimates, strict=True)
    }
    t = reduced(table, np.array([known.get(key, other) for key, other in _places_to_start(larger)]))
    scale = np.maximum(np.abs(wanted), 1e-8)
    for _ in range(_MOST_STEPS):
        away = (wanted - _all_moments(larger, t, table.observed)) / scale
        if np.abs(away).max(initial=0.0) < _SAME_MOMENTS:
            return t
        slopes = _moment_slopes(larger, t, table.observed)
        t = t + np.linalg.lstsq(slopes / scale[:, None], away, rcond=None)[0]
    raise UsageError("The larger model cannot have the smaller one's moments, so the models are not nested.")


def _places_to_start(fit: Fit) -> Iterator[tuple[tuple[str, str, str, int], float]]:
    """Every free row as (lhs, op, rhs, group), with where to start where the smaller model has none of that name: at 0
    what it leaves out, a loading (which it has on another factor) at the estimate, since 0 would be a saddle."""
    for i, own in zip(fit.table.free_rows, fit.x, strict=True):
        row = fit.table.rows[i]
        yield (row.lhs, row.op, row.rhs, row.group), own if row.op == "=~" else 0.0


def _all_moments(fit: Fit, t: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The implied means (where modelled) and covariances of all groups, in the order of ``_moment_slopes``."""
    at = [fit.table.observed.index(name) for name in names]
    parts = []
    for implied in fit.objective.implied(t):
        parts += [] if implied.mean is None else [implied.mean[at]]
        parts.append(vech(implied.covariance[np.ix_(at, at)]))
    return np.concatenate(parts)


def _satorra(larger: Fit, smaller: Fit, plain: float, df: int) -> Difference:
    """tr(U Gamma) and tr((U Gamma)^2) of the restrictions ``A`` (df, n_free) that the smaller model makes."""
    if larger.inference.discrepancy == "FIML":
        raise UsageError("satorra.2000 needs complete data; use satorra.bentler.2001 with missing=fiml.")
    A = restrictions(larger, smaller)
    bread = inverse_information(unit_information(larger.objective, larger.t, larger.inference.information))
    AP = A @ bread
    M = AP.T @ np.linalg.pinv(AP @ A.T) @ AP
    product = M @ gamma_middle(larger.objective, larger.t, exogenous_columns(larger.objective))
    trace, squared = float(np.trace(product)), float((product * product.T).sum())
    a = np.sqrt(df / squared)
    shift = df - a * trace
    return Difference("satorra.2000", float(plain * a + shift), df, plain, float(1 / a), float(shift))


def restrictions(larger: Fit, smaller: Fit) -> np.ndarray:
    """A (n_free - n_free of the smaller, n_free): what the smaller model's tangent space leaves out of the larger's."""
    wide, narrow = (_moment_slopes(fit, fit.t, larger.table.observed) for fit in (larger, smaller))
    H = np.linalg.pinv(wide) @ narrow
    U, values, _ = np.linalg.svd(H, full_matrices=True)
    rank = int((values > 1e-10 * max(values[0], 1e-300)).sum()) if values.size else 0
    return U[:, rank:].T


def _moment_slopes(fit: Fit, t: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """d moments of all groups / dt (moments, n_free) at ``t``, for the observed variables in the order of ``names``."""
    objective, blocks = fit.objective, []
    q = len(fit.table.free_rows)
    for group, part, (implied, derivatives) in zip(
        objective.groups, objective.parts, objective.implied_and_derivatives(t), strict=True
    ):
        if isinstance(part, WeightedLeastSquares):
            if tuple(names) != fit.table.observed:
                raise UsageError("Name ordered variables in the same order in both models.")
            here = part.jacobian(group, implied, derivatives)
        else:
            here = moment_jacobian(group, derivatives)[_places(fit, names)]
        block = np.zeros((len(here), q))
        block[:, group.x_start : group.x_stop] = here
        blocks.append(block)
    return np.vstack(blocks) @ fit.table.K


def _places(fit: Fit, names: Sequence[str]) -> np.ndarray:
    """Where the moments (means where modelled, vech of the covariance) of ``names`` stand among a group's own."""
    at = [fit.table.observed.index(name) for name in names]
    means = len(at) if fit.table.meanstructure else 0
    return np.concatenate([np.array(at[:means], dtype=int), means + vech(vech_positions(len(at))[np.ix_(at, at)])])
