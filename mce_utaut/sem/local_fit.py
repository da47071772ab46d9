"""Residual correlations: where the model misses the data."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.ordinal_fit import scaled_covariance
from mce_utaut.sem.residuals import implied_deviations


def residual_correlations(fit: Fit, kind: Literal["bentler", "bollen"] = "bentler") -> list[np.ndarray]:
    """The residual correlations (p, p) of every group, variables as ``fit.table.observed``.

    bentler: (s_ij - sigma_ij) / sqrt(s_ii s_jj), lavaan's ``cor.bentler``; bollen: the difference of the sample and the
    implied correlation, ``cor.bollen``, nan where a variance is implied negative. Ordered variables have those of
    their latent responses (polychoric, polyserial); raises ``UsageError`` where they are modelled given others.
    """
    if fit.table.conditional:
        raise UsageError(
            "Residual correlations are not given where ordered variables are modelled given exogenous ones. "
            "Leave them out, or model the exogenous variables too (--no-fixed-x)."
        )
    out = []
    for part, sample, implied in zip(fit.objective.parts, fit.samples, fit.implied, strict=True):
        if fit.table.ordered:
            S, Sigma = sample.ordinal.covariance, scaled_covariance(implied)
        else:
            S, Sigma = part.covariance, implied.covariance
        sd = np.sqrt(np.diag(S))
        if kind == "bentler":
            out.append((S - Sigma) / np.outer(sd, sd))
            continue
        implied_sd = implied_deviations(Sigma)
        out.append(S / np.outer(sd, sd) - Sigma / np.outer(implied_sd, implied_sd))
    return out
