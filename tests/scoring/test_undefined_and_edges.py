"""Where a coefficient is not defined it is NaN, and says why; bootstrap results repeat."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mce_utaut.scoring.composites import MeasurementModel, composite_reliability, omega, omega_interval
from mce_utaut.scoring.correlation import spearman
from mce_utaut.scoring.discriminant import fornell_larcker, htmt, htmt_intervals
from mce_utaut.scoring.intervals import mean_interval, pomp, pomp_interval
from mce_utaut.scoring.items import summarise_item
from mce_utaut.scoring.reliability import feldt_interval, internal_consistency


def one_factor(loadings: list[float], factor_variance: float = 1.0) -> MeasurementModel:
    column = np.array(loadings)[:, None]
    residual = np.diag(1 - np.array(loadings) ** 2 * factor_variance)
    items = tuple(f"y{i + 1}" for i in range(len(loadings)))
    return MeasurementModel(items, ("F",), column, np.array([[factor_variance]]), residual)


def scale_answers(n: int = 200, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    noise = rng.normal(size=(n, 6))
    return np.hstack([factors[:, [0]] + noise[:, :3], factors[:, [1]] + noise[:, 3:]])


BLOCKS = {"PE": [0, 1, 2], "BI": [3, 4, 5]}


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (np.array([[1.0], [2.0], [3.0]]), "one item"),
        (np.array([[1.0, math.nan], [math.nan, 2.0], [1.0, 2.0]]), "Fewer than two"),
        (np.array([[1.0, 2.0], [2.0, 1.0], [0.0, 3.0]]), "does not vary"),
    ],
)
def test_alpha_is_undefined_with_a_reason(answers: np.ndarray, reason: str) -> None:
    found = internal_consistency(answers)
    assert math.isnan(found.alpha.estimate)
    assert math.isnan(found.alpha.lower)
    assert reason in found.note


def test_a_constant_item_leaves_alpha_defined_but_no_correlation() -> None:
    answers = scale_answers()[:, :3]
    answers[:, 2] = 4.0
    found = internal_consistency(answers)
    assert math.isfinite(found.alpha.estimate)
    assert math.isnan(found.mean_interitem)
    assert [math.isnan(value) for value in found.item_rest] == [False, False, True]


def test_a_forgotten_reverse_item_is_named() -> None:
    answers = scale_answers()[:, :2]
    answers[:, 1] *= -1
    assert "other way round" in internal_consistency(answers).note


def test_two_items_give_spearman_brown() -> None:
    answers = scale_answers()[:, :2]
    r = float(np.corrcoef(answers, rowvar=False)[0, 1])
    found = internal_consistency(answers)
    assert found.spearman_brown == pytest.approx(2 * r / (1 + r))
    assert found.spearman_brown == pytest.approx(found.standardised_alpha)
    assert "Eisinga" in found.note


def test_feldt_limits_are_not_rounded_and_widen_with_the_level() -> None:
    narrow, wide = feldt_interval(0.8, 30, 4, 0.90), feldt_interval(0.8, 30, 4, 0.99)
    assert wide.lower < narrow.lower < 0.8 < narrow.upper < wide.upper
    assert round(narrow.lower, 3) != narrow.lower


def test_omega_does_not_depend_on_the_scaling_of_the_factor() -> None:
    standard, marker = one_factor([0.6, 0.7, 0.8]), one_factor([1.0, 0.7 / 0.6, 0.8 / 0.6], 0.36)
    assert omega(standard, "F") == pytest.approx(2.1**2 / (2.1**2 + 0.64 + 0.51 + 0.36))
    assert omega(marker, "F") == pytest.approx(omega(standard, "F"))


def test_the_gradient_behind_the_omega_interval_equals_finite_differences() -> None:
    loadings = np.array([[0.6, 0.0], [0.7, 0.2], [0.8, 0.0], [0.0, 0.9]])
    phi, theta = np.array([[1.1, 0.4], [0.4, 0.9]]), np.diag([0.5, 0.6, 0.4, 0.3])
    theta[0, 1] = theta[1, 0] = 0.1
    items, factors = ("a", "b", "c", "d"), ("F", "G")
    triples = [
        ("F", "=~", "a"),
        ("G", "=~", "b"),
        ("F", "~~", "F"),
        ("F", "~~", "G"),
        ("a", "~~", "b"),
        ("c", "~~", "c"),
    ]
    places = [("L", 0, 0), ("L", 1, 1), ("P", 0, 0), ("P", 0, 1), ("T", 0, 1), ("T", 2, 2)]

    def value(step: float, place: tuple[str, int, int]) -> float:
        matrices = {"L": loadings.copy(), "P": phi.copy(), "T": theta.copy()}
        kind, i, j = place
        matrices[kind][i, j] += step
        if kind != "L" and i != j:
            matrices[kind][j, i] += step
        return omega(MeasurementModel(items, factors, matrices["L"], matrices["P"], matrices["T"]), "F")

    model = MeasurementModel(items, factors, loadings, phi, theta)
    estimate = omega(model, "F")
    for triple, place in zip(triples, places, strict=True):
        slope = (value(1e-6, place) - value(-1e-6, place)) / 2e-6
        found = omega_interval(model, "F", [triple], np.array([[1e-8]]))
        half = 1.959963984540054 * abs(slope) * 1e-4 / (estimate * (1 - estimate))
        logit = math.log(estimate / (1 - estimate))
        assert found.upper == pytest.approx(1 / (1 + math.exp(-(logit + half))), abs=1e-10), triple


def test_omega_of_one_item_or_an_improper_model_has_no_interval() -> None:
    assert math.isnan(omega(one_factor([0.7]), "F"))
    assert math.isnan(composite_reliability(np.array([0.7])))
    heywood = MeasurementModel(("a", "b"), ("F",), np.array([[1.0], [1.0]]), np.eye(1), np.diag([-0.5, 0.1]))
    found = omega_interval(heywood, "F", [("a", "~~", "a")], np.array([[0.01]]))
    assert found.estimate > 1
    assert math.isnan(found.lower)


def test_measurement_model_refuses_matrices_of_another_shape() -> None:
    with pytest.raises(ValueError, match="loadings has shape"):
        MeasurementModel(("a", "b"), ("F",), np.eye(2), np.eye(1), np.eye(2))


def test_ratio_is_undefined_for_one_item_and_for_a_constant_item() -> None:
    answers = scale_answers()
    assert math.isnan(htmt(answers, {"PE": [0, 1, 2], "USE": [3]}).values[0, 1])
    answers[:, 3] = 1.0
    assert math.isnan(htmt(answers, BLOCKS).values[0, 1])
    assert math.isnan(htmt(answers, BLOCKS, missing="pairwise").values[0, 1])


def test_ratio_counts_the_rows_it_rests_on() -> None:
    answers = scale_answers()
    answers[:7, 0] = math.nan
    answers[3:20, 5] = math.nan
    assert htmt(answers, BLOCKS).n == 180
    assert htmt(answers, BLOCKS, missing="pairwise").n == 180
    assert htmt(answers, {"PE": [0, 1], "BI": [3, 4]}, missing="pairwise").n == 193


def test_bootstrap_of_the_ratio_repeats_and_holds_the_estimate() -> None:
    answers = scale_answers()
    answers[4, 1] = math.nan
    first, again = (htmt_intervals(answers, BLOCKS, np.random.default_rng(3), replicates=200) for _ in range(2))
    assert first == again
    (pair,) = first
    assert (pair.first, pair.second, pair.replicates) == ("PE", "BI", 200)
    assert pair.ratio.estimate == htmt(answers, BLOCKS).values[0, 1]
    assert pair.ratio.lower < pair.ratio.estimate < pair.ratio.upper < 1


def test_fornell_larcker_names_the_pairs_that_share_too_much() -> None:
    table = fornell_larcker(
        ["PE", "EE", "USE"], [0.60, 0.45, math.nan], np.array([[1, 0.7, 0.9], [0.7, 1, 0.2], [0.9, 0.2, 1]])
    )
    assert table.shared == (("PE", "EE"), ("PE", "USE"))
    assert table.values[0, 0] == pytest.approx(math.sqrt(0.60))
    assert math.isnan(table.values[2, 2])


def test_item_summary_counts_unused_answers_and_cannot_judge() -> None:
    answers = np.array([2, 2, 3, math.nan, math.nan, 5])
    found = summarise_item(answers, range(1, 8), np.array([0, 0, 0, 1, 0, 0], dtype=bool))
    assert (found.n, found.missing, found.cannot_judge) == (4, 2, 1)
    assert found.counts == (0, 2, 1, 0, 1, 0, 0)
    assert (found.floor, found.ceiling) == (0.0, 0.0)


def test_item_summary_refuses_an_answer_off_the_scale() -> None:
    with pytest.raises(ValueError, match="not a value of the scale"):
        summarise_item(np.array([1.0, 9.0]), [1, 2, 3])


def test_an_empty_item_and_a_constant_item_have_no_shape() -> None:
    empty, constant = summarise_item(np.full(3, math.nan), [1, 2]), summarise_item(np.full(5, 2.0), [1, 2])
    assert empty.n == 0
    assert all(math.isnan(value) for value in (empty.mean, empty.sd, empty.skewness, empty.floor))
    assert (constant.sd, constant.ceiling) == (0.0, 1.0)
    assert math.isnan(constant.skewness)
    assert math.isnan(constant.kurtosis)


def test_rank_correlation_needs_four_pairs_and_variance() -> None:
    assert math.isnan(spearman(np.array([1, 2, 3]), np.array([1, 2, 3])).rho.estimate)
    assert math.isnan(spearman(np.array([1, 1, 1, 1, 1]), np.arange(5)).rho.estimate)
    perfect = spearman(np.arange(6), -(np.arange(6) ** 3))
    assert (perfect.rho.estimate, perfect.rho.lower, perfect.p) == (-1.0, -1.0, 0.0)


def test_mean_interval_of_few_values() -> None:
    assert math.isnan(mean_interval(np.array([math.nan])).estimate)
    single = mean_interval(np.array([4.0, math.nan]))
    assert single.estimate == 4.0
    assert math.isnan(single.lower)


def test_percent_of_maximum_possible() -> None:
    assert pomp(np.array([1, 4, 7]), 1, 7) == pytest.approx([0, 50, 100])
    interval = pomp_interval(mean_interval(np.array([3.0, 4.0, 5.0])), 1, 7)
    assert interval.estimate == pytest.approx(50)
    with pytest.raises(ValueError, match="maximum"):
        pomp(1.0, 3, 3)
