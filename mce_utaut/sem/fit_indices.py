"""All fit measures of a ``Fit`` under lavaan's names (``_`` for ``.``)."""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from mce_utaut.sem import indices
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.ordinal_fit import ordinal_gfi, ordinal_residual_indices
from mce_utaut.sem.residuals import gfi, residual_indices
from mce_utaut.sem.robust_indices import corrected_fiml, corrected_ordinal, saturated_weights
from mce_utaut.sem.tests_of_fit import TestOfFit, exogenous_columns, moment_count


def fit_indices(fit: Fit) -> dict[str, float]:
    """Every fit measure of a fit, nan where undefined; scaled and robust ones where a robust test was asked for."""
    test, base = fit.test, fit.baseline
    n, groups = fit.multiplier, len(fit.samples)
    parameters = fit.table.n_free
    out: dict[str, float] = {
        "npar": parameters,
        "fmin": _minimum(fit),
        "chisq": test.chisq,
        "df": test.df,
        "pvalue": test.pvalue,
        "baseline_chisq": base.chisq,
        "baseline_df": base.df,
        "baseline_pvalue": base.pvalue,
    }
    for name, formula in indices.INCREMENTAL.items():
        out[name] = formula(test.chisq, test.df, base.chisq, base.df)
    out |= _rmsea("", test.chisq, test.df, n, groups)
    if test.is_scaled:
        out |= _scaled(test, base, n, groups)
    out |= _corrected(fit, n, groups)
    out |= _likelihood(fit) if fit.inference.discrepancy in ("ML", "FIML") else {}
    out |= _ordinal_residual(fit) if fit.table.ordered else _residual(fit)
    out["cn_05"] = indices.hoelter(test.chisq, test.df, n, 0.05)
    out["cn_01"] = indices.hoelter(test.chisq, test.df, n, 0.01)
    out["ecvi"] = indices.ecvi(test.chisq, parameters, n)
    out["mfi"] = indices.mfi(test.chisq, test.df, n)
    out["ntotal"] = fit.total
    if fit.inference.discrepancy == "ULS":
        out["pvalue"] = out["baseline_pvalue"] = float("nan")
    return out


def _minimum(fit: Fit) -> float:
    """Half of F, groups weighted by n_g / N (for least squares half of the chi-square over N), as lavaan has it."""
    if fit.inference.discrepancy in ("ML", "FIML"):
        return fit.objective.by_cases().value(fit.t) / 2
    return fit.test.chisq / 2 / fit.total


def _rmsea(
    suffix: str, chisq: float, df: float, n: float, groups: int, factor: float = 1.0
) -> dict[str, float]:
    lower, upper = indices.rmsea_interval(chisq, df, n, groups, factor)
    return {
        f"rmsea_ci_lower{suffix}": lower,
        f"rmsea_ci_upper{suffix}": upper,
        f"rmsea_pvalue{suffix}": indices.rmsea_pvalue(chisq, df, n, groups, factor),
        f"rmsea_notclose_pvalue{suffix}": indices.rmsea_notclose_pvalue(chisq, df, n, groups, factor),
    } | ({f"rmsea{suffix}": indices.rmsea(chisq, df, n, groups)} if factor == 1.0 else {})


def _robust_factor(test: TestOfFit) -> float:
    """The factor of the robust indices; for the scaled and shifted test a (df - b) / df."""
    if test.name == "scaled.shifted" and test.df:
        return test.factor * (test.df - test.shift) / test.df
    return test.factor


def _scaled(test: TestOfFit, base: TestOfFit, n: float, groups: int) -> dict[str, float]:
    out = {
        "chisq_scaled": test.scaled,
        "df_scaled": test.df_scaled,
        "pvalue_scaled": test.pvalue_scaled,
        "chisq_scaling_factor": test.factor,
        "baseline_chisq_scaled": base.scaled,
        "baseline_df_scaled": base.df_scaled,
        "baseline_pvalue_scaled": base.pvalue_scaled,
        "baseline_chisq_scaling_factor": base.factor,
    }
    if test.name == "scaled.shifted":
        out |= {"chisq_shift_parameter": test.shift, "baseline_chisq_shift_parameter": base.shift}
    if test.name == "yuan.bentler.mplus":
        out |= {"scaling_factor_h0": test.factor_h0, "scaling_factor_h1": test.factor_h1}
    for name, formula in indices.INCREMENTAL.items():
        out[f"{name}_scaled"] = formula(test.scaled, test.df_scaled, base.scaled, base.df_scaled)
    if test.name == "scaled.shifted":
        out |= _rmsea("_scaled", test.scaled, test.df, n, groups)
    else:
        out |= _rmsea("_scaled", test.chisq, test.trace, n, groups)
    if np.isnan(test.scaled) or np.isnan(base.scaled):
        none = [name for name in out if name.endswith("_scaled") and name.split("_")[0] in indices.INCREMENTAL]
        out |= dict.fromkeys(none, float("nan"))
    if test.name == "mean.var.adjusted":
        return out
    factor, base_factor = _robust_factor(test), _robust_factor(base)
    if test.df == 0:
        factor = base_factor = 1.0
    for name in ("cfi", "tli", "rni"):
        out[f"{name}_robust"] = indices.__dict__[name](
            test.chisq, test.df, base.chisq, base.df, factor, base_factor
        )
        if np.isnan(factor) or np.isnan(base_factor):
            out[f"{name}_robust"] = float("nan")
    out["nnfi_robust"] = out["tli_robust"]
    out |= _rmsea("_robust", test.scaled, test.df, n, groups, test.factor if test.df else 1.0)
    out["rmsea_robust"] = indices.rmsea(test.chisq, test.df, n, groups, _robust_factor(test))
    return out


def _corrected(fit: Fit, n: float, groups: int) -> dict[str, float]:
    """The robust indices of incomplete and of ordered data, which rest on statistics of their own."""
    test, robust = fit.test, fit.test.is_scaled
    if fit.inference.discrepancy == "FIML" and test.df == 0:
        perfect = {f"{name}_robust": 1.0 for name in ("cfi", "tli", "nnfi", "rni")}
        return perfect | _rmsea("_robust", 0.0, 0, n, groups) | {"rmsea_robust": 0.0}
    if fit.inference.discrepancy == "FIML":
        saturated = saturated_weights(fit.objective, fit.inference.information, robust)
        lower, t = fit.baseline_objective, fit.baseline_t
        own = corrected_fiml(fit.objective, fit.t, test.df, robust, saturated)
        base = corrected_fiml(lower, t, fit.baseline.df, robust, saturated)
    elif fit.table.ordered and robust and test.name != "mean.var.adjusted":
        own, base = corrected_ordinal(fit.objective, fit.t, test.df)
    else:
        return {}
    out = {
        f"{name}_robust": formula(own.chisq, test.df, base.chisq, fit.baseline.df, own.factor, base.factor)
        for name, formula in (("cfi", indices.cfi), ("tli", indices.tli), ("rni", indices.rni))
    }
    if not np.isfinite(own.factor):
        out = dict.fromkeys(out, float("nan"))
    out["nnfi_robust"] = out["tli_robust"]
    out |= _rmsea("_robust", own.chisq / own.factor, test.df, n, groups, own.factor)
    out["rmsea_robust"] = indices.rmsea(own.chisq, test.df, n, groups, own.factor)
    if fit.table.ordered and not np.isfinite(own.factor):
        out = dict.fromkeys(out, float("nan"))
    return out


def _ordinal_residual(fit: Fit) -> dict[str, float]:
    """Residual indices of ordered data, weighted over groups by their size, and WRMR."""
    out: dict[str, float] = {}
    for part, sample, implied in zip(fit.objective.parts, fit.samples, fit.implied, strict=True):
        sums = ordinal_residual_indices(part, implied)
        here = {name: sqrt(a / b) if b else 0.0 for name, (a, b) in sums.items()}
        here["gfi"] = ordinal_gfi(part, implied)
        for name, value in here.items():
            out[name] = out.get(name, 0.0) + value * sample.n / fit.total
    out["srmr"] = out["srmr_bentler_nomean"]
    count = moment_count(fit.objective)
    df = count - fit.table.n_free
    out["agfi"] = 1 - count / df * (1 - out["gfi"]) if df > 0 else 1.0
    out["pgfi"] = df / count * out["gfi"]
    out["wrmr"] = sqrt(fit.test.chisq / (count / len(fit.samples)))
    return out


def _likelihood(fit: Fit) -> dict[str, float]:
    """Log-likelihoods and information criteria; those of fixed exogenous variables are left out, as in lavaan."""
    columns = exogenous_columns(fit.objective)
    model = saturated = 0.0
    for part, implied in zip(fit.objective.parts, fit.implied, strict=True):
        model += part.log_likelihood(implied.covariance, implied.mean)
        saturated += part.log_likelihood(part.covariance, None)
        if len(columns):
            fixed = part.log_likelihood(part.covariance, None, columns)
            model, saturated = model - fixed, saturated - fixed
    k, n = fit.table.n_free, fit.total
    return {
        "logl": model,
        "unrestricted_logl": saturated,
        "aic": -2 * model + 2 * k,
        "bic": -2 * model + k * log(n),
        "bic2": -2 * model + k * log((n + 2) / 24),
    }


def _residual(fit: Fit) -> dict[str, float]:
    """Residual indices, weighted over groups by their size."""
    sums: dict[str, float] = {}
    least_squares = fit.inference.discrepancy
    # under ULS lavaan leaves the moments of fixed exogenous variables in
    fixed = exogenous_columns(fit.objective)[: None if least_squares != "ULS" else 0]
    for part, sample, implied in zip(fit.objective.parts, fit.samples, fit.implied, strict=True):
        mean = sample.mean if implied.mean is not None else None
        here = residual_indices(part.covariance, mean, implied.covariance, implied.mean)
        if isinstance(part, FullInformation):
            here["gfi"] = part.goodness_of_fit(implied, fixed)
        else:
            weight = {"ULS": None, "GLS": getattr(part, "weight", None)}.get(least_squares)
            if least_squares == "ML":
                weight = part.weight(implied)
            here["gfi"] = gfi(part.covariance, mean, implied.covariance, implied.mean, weight, fixed)
        for name, value in here.items():
            sums[name] = sums.get(name, 0.0) + value * sample.n / fit.total
    sums["srmr"] = sums["srmr_bentler"]
    p = len(fit.table.observed)
    count = len(fit.samples) * (p * (p + 1) // 2 + (p if fit.table.meanstructure else 0))
    df = moment_count(fit.objective) - fit.table.n_free
    sums["agfi"] = 1 - count / df * (1 - sums["gfi"]) if df > 0 else 1.0
    sums["pgfi"] = df / count * sums["gfi"]
    return sums
