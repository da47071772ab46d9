"""The model, the data and the piece of work that the SEM benchmarks time."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.options import FitOptions

FACTORS = {"PE": 4, "EE": 4, "SI": 4, "FC": 3, "BI": 3}
ITEMS = [f"{factor}{i + 1}" for factor, count in FACTORS.items() for i in range(count)]
MODEL = (
    "\n".join(f"{f} =~ " + " + ".join(f"{f}{i + 1}" for i in range(k)) for f, k in FACTORS.items())
    + "\nBI ~ pe*PE + ee*EE + si*SI + fc*FC\n"
)


def answers(n: int, rng: np.random.Generator) -> np.ndarray:
    """Seven-point answers (n, 18) of the UTAUT model."""
    predictors = rng.multivariate_normal(np.zeros(4), np.full((4, 4), 0.35) + 0.65 * np.eye(4), n)
    intention = predictors @ [0.4, 0.1, 0.2, 0.15] + rng.normal(0, 0.7, n)
    factors = np.column_stack([predictors, intention])
    index = np.repeat(np.arange(5), list(FACTORS.values()))
    latent = 0.8 * factors[:, index] + rng.normal(0, 0.6, (n, len(ITEMS)))
    return 1.0 + np.searchsorted([-1.8, -1.2, -0.6, 0.0, 0.7, 1.4], latent)


def fully(model: str, columns: Mapping[str, np.ndarray], options: FitOptions) -> Fit:
    """A fit from model text and columns, with all that a paper takes from it.

    All indices, and the parameter table with standard errors, limits, and standardised values with theirs.
    """
    fit = fit_model(model, columns, options)
    fit_indices(fit)
    parameter_estimates(fit)
    return fit
