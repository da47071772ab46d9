"""Numbers as the APA manual prints them, in English and in Italian."""

from __future__ import annotations

import pytest

from mce_utaut.report.apa import style_of
from mce_utaut.study.result import Interval

EN, IT = style_of("en"), style_of("it")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3.14159265358979, 2, "3.14"),
        (-0.456, 2, "−0.46"),
        (-0.0004, 2, "0.00"),
        (0.0, 2, "0.00"),
        (18344.881, 2, "18,344.88"),
        (1234567890.123, 2, "1.23 × 10⁹"),
        (float("nan"), 2, "—"),
        (float("inf"), 2, "—"),
        (None, 2, "—"),
        (7, 0, "7"),
    ],
)
def test_numbers_are_rounded_and_never_long(value: float | None, digits: int, text: str) -> None:
    assert EN.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.456, ".46"), (-0.05, "−.05"), (1.0, "1.00"), (1.07, "1.07"), (-1.2, "−1.20")]
)
def test_the_leading_zero_goes_where_a_value_cannot_exceed_one(value: float, text: str) -> None:
    assert EN.bounded(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, ".012"), (0.0004, "< .001"), (0.001, ".001"), (0.99999, "> .999"), (1.0, "> .999"), (None, "—")],
)
def test_p_has_three_digits(value: float | None, text: str) -> None:
    assert EN.p(value) == text


def test_an_interval_that_ends_just_below_zero_keeps_its_sign() -> None:
    assert EN.range(Interval(0.1, -0.001, 0.2), bounded=True) == "[−.00, .20]"
    assert EN.estimate(Interval(0.45, 0.31, 0.58), bounded=True) == ".45 [.31, .58]"
    assert EN.estimate(Interval(0.45, None, None), bounded=True) == ".45"


def test_italian_writes_a_comma_keeps_the_zero_and_parts_bounds_by_a_semicolon() -> None:
    assert IT.estimate(Interval(0.45, -0.31, 0.58), bounded=True) == "0,45 [−0,31; 0,58]"
    assert IT.number(18344.881) == "18.344,88"
    assert IT.p(0.0001) == "< 0,001"


def test_a_small_standard_error_does_not_read_zero() -> None:
    assert EN.small(0.0031) == "0.003"
    assert EN.small(0.31) == "0.31"


def test_a_small_share_does_not_read_zero() -> None:
    assert EN.percent(0.001) == "< 1%"
    assert EN.percent(0.0) == "0%"
    assert EN.percent(0.135, 1) == "13.5%"
