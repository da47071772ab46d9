"""The information of incomplete data: its several ways of being computed agree."""

import numpy as np
import pytest

from mce_utaut.sem import fiml_information as room
from mce_utaut.sem import fiml_model_information as model_room
from mce_utaut.sem.completed import complete
from mce_utaut.sem.fiml_likelihood import case_scores
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.moment_derivatives import moment_jacobian
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.patterns import find_patterns
from mce_utaut.sem.vech import unvech

MODEL = "f =~ a + b + c\ng =~ d + e + h\ng ~ p*f\ndouble := 2*p"
NAMES = tuple("abcdeh")


def holed(n=140, share=0.2, seed=3):
    rng = np.random.default_rng(seed)
    f = rng.normal(size=n)
    g = 0.6 * f + rng.normal(size=n)
    rows = np.column_stack([f, f, f, g, g, g]) + 0.7 * rng.normal(size=(n, 6)) + 2.0
    rows[rng.random(rows.shape) < share] = np.nan
    rows[:40, :2] = np.nan
    return rows[~np.isnan(rows).all(axis=1)]


def at_estimates(share):
    fit = fit_model(MODEL, dict(zip(NAMES, holed(share=share).T, strict=True)), FitOptions(missing="fiml"))
    part, group = fit.objective.parts[0], fit.objective.groups[0]
    implied, derivatives = fit.objective.implied_and_derivatives(fit.t)[0]
    return part.patterns, complete(part.patterns, implied.mean, implied.covariance), implied, group, derivatives


@pytest.mark.parametrize("kind", ["observed", "expected"])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_every_way_gives_the_same_information(kind, share, monkeypatch):
    patterns, found, implied, group, derivatives = at_estimates(share)
    by_inverses = room.moment_information(patterns, found, kind)
    local = room.local_information(patterns, found, implied.covariance, kind)
    turned = room.from_local(found.inverse, room.from_local(found.inverse, local).T)
    assert np.allclose(turned, by_inverses, rtol=1e-9, atol=1e-8 * np.abs(by_inverses).max())
    monkeypatch.setattr(room, "_DENSE", 1.0)
    assert np.allclose(room.local_information(patterns, found, implied.covariance, kind), local)
    jacobian = moment_jacobian(group, derivatives)
    wanted = jacobian.T @ by_inverses @ jacobian
    arguments = (group, patterns, found, implied.covariance, derivatives, kind)
    for lines in (lambda hole, kind: 0, lambda hole, kind: 10**9):  # pattern by pattern, then by way of the moments
        monkeypatch.setattr(model_room, "_lines", lines)
        for large in (0, 1e9):
            monkeypatch.setattr(room, "LARGE", large)
            reached = model_room.model_information(*arguments)
            assert np.allclose(reached, wanted, rtol=1e-9, atol=1e-9 * np.abs(wanted).max())


def test_small_blocks_change_nothing(monkeypatch):
    patterns, found, implied, group, derivatives = at_estimates(0.2)
    arguments = (group, patterns, found, implied.covariance, derivatives, "observed")
    wanted = model_room.model_information(*arguments)
    moments = room.moment_information(patterns, found, "observed")
    for one in (room, model_room):
        monkeypatch.setattr(one, "BLOCK_ENTRIES", 50)
    assert np.allclose(model_room.model_information(*arguments), wanted, rtol=1e-10)
    assert np.allclose(room.moment_information(patterns, found, "observed"), moments, rtol=1e-10)
    assert np.allclose(
        room.local_information(patterns, found, implied.covariance, "observed")[:6, :6],
        implied.covariance @ moments[:6, :6] @ implied.covariance,
    )


def test_the_form_along_one_direction_is_that_of_the_whole_information():
    rows = holed()
    patterns, p = find_patterns(rows), 6
    mean, covariance = np.nanmean(rows, axis=0), np.diag(np.nanvar(rows, axis=0)) + 0.2
    found = complete(patterns, mean, covariance)
    direction = np.random.default_rng(1).normal(size=p + p * (p + 1) // 2)
    P = found.inverse
    form = room.expected_form(patterns, found, covariance, P @ direction[:p], P @ unvech(direction[p:], p) @ P)
    whole = patterns.n * room.fiml_information(patterns, mean, covariance, "expected")
    assert form == pytest.approx(direction @ whole @ direction, rel=1e-10)


def test_a_variable_that_others_almost_determine_keeps_its_digits(monkeypatch):
    rows = holed()
    rows[:, 5] = rows[:, 3] + rows[:, 4] + 1e-4 * rows[:, 0]
    patterns = find_patterns(rows)
    filled = rows[~np.isnan(rows).any(axis=1)]
    mean, covariance = filled.mean(axis=0), np.cov(filled.T)
    wanted = room.fiml_information(patterns, mean, covariance)
    monkeypatch.setattr(room, "LARGE", 0)
    assert np.array_equal(room.fiml_information(patterns, mean, covariance), wanted)


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_scores_by_parameters_are_those_by_moments_through_the_jacobian(share, monkeypatch):
    patterns, found, implied, group, derivatives = at_estimates(share)
    rows = holed(share=share)
    wanted = np.empty((patterns.n, group.q))
    for places, scores in case_scores(rows, patterns, implied.mean, implied.covariance):
        wanted[places] = scores @ moment_jacobian(group, derivatives)
    assert np.allclose(model_room.model_scores(rows, patterns, found, implied.mean, derivatives), wanted, atol=1e-10)
    monkeypatch.setattr(model_room, "BLOCK_ENTRIES", 50)
    assert np.allclose(model_room.model_scores(rows, patterns, found, implied.mean, derivatives), wanted, atol=1e-10)
