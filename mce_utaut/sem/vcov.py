"""The covariance matrix of the estimates for each kind of standard error."""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.information import gamma_middle, inverse_information, score_product, unit_information
from mce_utaut.sem.options import Inference
from mce_utaut.sem.tests_of_fit import exogenous_columns


def covariance_of_estimates(
    objective: Objective, t: np.ndarray, inference: Inference, multiplier: float
) -> np.ndarray | None:
    """The covariance (n_free, n_free) of the estimates; None for se="none" or where the information is singular.

    standard: A^-1 / N; robust.sem: A^-1 Delta'V Gamma V Delta A^-1 / N (Browne 1984); robust.huber.white and
    robust.cluster: A^-1 B A^-1 / N with the product B of scores (White 1982); first.order: B^-1 / N.
    """
    if inference.se in ("none", "bootstrap") or not len(t):
        return None
    total = sum(part.sample.n for part in objective.parts)
    if inference.se == "first.order":
        return inverse_information(score_product(objective, t)) / total
    try:
        bread = inverse_information(unit_information(objective, t, inference.information))
    except np.linalg.LinAlgError:
        return None
    if inference.se == "standard":
        return bread / multiplier
    if inference.se == "robust.sem":
        observed = inference.information == "observed"
        middle = gamma_middle(objective, t, exogenous_columns(objective), observed=observed)
    else:
        middle = score_product(objective, t)
    vcov = bread @ middle @ bread / multiplier
    return (vcov + vcov.T) / 2
