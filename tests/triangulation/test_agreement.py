"""Agreement of coders agrees with R, and says when it cannot be judged."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.triangulation.agreement import cohen_kappa, judge, krippendorff_alpha

ORACLE = oracle("coder_agreement")
EXACT = 1e-12  # closed forms in double precision


@pytest.mark.parametrize("case", ORACLE["kappas"])
def test_kappa_and_its_interval_are_those_of_psych(case: dict) -> None:
    cells = [(i, j) for i, row in enumerate(case["table"]) for j, n in enumerate(row) for _ in range(n)]
    found = cohen_kappa([i for i, _ in cells], [j for _, j in cells])
    assert found.n == len(cells)
    assert found.estimate == pytest.approx(case["kappa"], abs=EXACT)
    # psych leaves ends beyond -1 and 1; ours stop there.
    assert found.lower == pytest.approx(max(case["lower"], -1), abs=1e-9)
    assert found.upper == pytest.approx(min(case["upper"], 1), abs=1e-9)


@pytest.mark.parametrize("case", ORACLE["alphas"])
def test_alpha_takes_any_number_of_coders_and_missing_codes(case: dict) -> None:
    units = list(zip(*case["codes"], strict=True))
    found = krippendorff_alpha(units, np.random.default_rng(1))
    assert found.estimate == pytest.approx(case["alpha"], abs=EXACT)
    assert found.n == sum(sum(code is not None for code in unit) >= 2 for unit in units)
    assert found.lower < found.estimate < found.upper
    assert krippendorff_alpha(units, np.random.default_rng(1)) == found


def test_the_bootstrap_interval_covers_the_alpha_of_many_units() -> None:
    rng = np.random.default_rng(7)

    def draw(n: int) -> list[tuple[int, int]]:
        truth = rng.integers(0, 3, n)
        return [tuple(t if rng.random() < 0.85 else int(rng.integers(0, 3)) for _ in range(2)) for t in truth]

    true = krippendorff_alpha(draw(60_000), rng, replicates=2).estimate
    found = [krippendorff_alpha(draw(80), rng, replicates=200) for _ in range(200)]
    assert 0.89 <= np.mean([each.lower <= true <= each.upper for each in found]) <= 0.99


def test_codes_that_are_all_the_same_cannot_be_judged() -> None:
    same = [("PE+", "PE+")] * 4
    assert math.isnan(cohen_kappa(["a"] * 4, ["a"] * 4).estimate)
    found = krippendorff_alpha(same, np.random.default_rng(1))
    assert found.observed == 1 and math.isnan(found.estimate) and judge(found.estimate) == "undefined"
    assert krippendorff_alpha([("PE+", None)], np.random.default_rng(1)).n == 0


@pytest.mark.parametrize(
    ("value", "allows"), [(0.8, "reliable"), (0.799, "tentative"), (0.667, "tentative"), (0.66, "unreliable")]
)
def test_krippendorffs_limits(value: float, allows: str) -> None:
    assert judge(value) == allows
