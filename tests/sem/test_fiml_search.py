"""Where FIML searches when its first search fails."""

import numpy as np
import pytest

from mce_utaut.errors import NotEstimable
from mce_utaut.sem import fiml_search as room
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

TWO = "f =~ v1 + v2\ng =~ v3 + v4\nf ~~ g"
FIML = FitOptions(missing="fiml")


def answers(kind, n=80):
    """Seven items: ``alike`` are two factors' but for v1 and v2, which nearly everybody answers with 5; else noise."""
    rng = np.random.default_rng(21)
    f = rng.normal(size=n)
    first = np.column_stack([f, f, f, f]) * 0.8 + 0.6 * rng.normal(size=(n, 4))
    g = 0.5 * f + rng.normal(size=n)
    x = np.column_stack([first, np.column_stack([g, g, g]) * 0.8 + 0.6 * rng.normal(size=(n, 3))])
    if kind == "alike":
        x[:, :2] = 5.0
        x[rng.choice(n, 3, replace=False), :2] = 4.0
        x[rng.choice(n, 1), 1] = 3.0
    else:
        x = rng.normal(size=x.shape)
    x[rng.random(x.shape) < 0.08] = np.nan
    return {f"v{i + 1}": x[:, i] for i in range(7)}


@pytest.fixture
def searched(monkeypatch):
    """Which discrepancies were minimised, in their order."""
    kinds = []

    def minimise(objective, *arguments, **choices):
        kinds.append("FIML" if isinstance(objective.parts[0], FullInformation) else "ML")
        return plain(objective, *arguments, **choices)

    plain = room.minimise
    monkeypatch.setattr(room, "minimise", minimise)
    return kinds


def test_a_search_that_succeeds_is_the_only_one(searched):
    fit_model("f =~ v1 + v2 + v3", dict(zip(("v1", "v2", "v3"), _one_factor().T, strict=True)), FIML)
    assert searched == ["ML", "FIML"]


def test_after_a_failure_fiml_starts_from_proper_minima_of_ml_alone(searched):
    fit = fit_model(TWO, answers("alike"), FIML)
    assert fit.converged
    assert np.abs(fit.objective.gradient(fit.t)).max() < 1e-6
    assert searched[:2] == ["ML", "FIML"] and searched.count("ML") > 4
    assert searched.count("FIML") <= 3


def test_a_model_without_a_minimum_is_refused_by_the_parameters_that_run_away():
    with pytest.raises(NotEstimable, match="no proper minimum was found: the search ends where g =~ v4"):
        fit_model(TWO, answers("noise"), FIML)


def _one_factor(n=100):
    rng = np.random.default_rng(1)
    x = 0.8 * rng.normal(size=(n, 1)) + 0.6 * rng.normal(size=(n, 3))
    x[rng.random(x.shape) < 0.1] = np.nan
    return x
