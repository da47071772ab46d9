"""A study whose estimator takes answers as ordered categories."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.study.run import compute_study


@pytest.mark.slow
def test_an_ordered_study_has_a_model_and_no_residuals_of_numbers(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    parts = {"student": (instrument, make_responses(instrument, 150, 4))}
    study = compute_study(make_inputs(parts, sensitivity=False, estimator="WLSMV"), versions={})
    assert study.roles[0].models[0].fit is not None
    assert "local_fit" not in study.sections
