"""Fit indices at the edges of what is defined."""

from math import isnan

from mce_utaut.sem import indices


def test_a_negative_scaling_factor_leaves_the_interval_at_nought_and_no_pvalue():
    chisq, factor = 14.3 / -1.4, -1.4
    assert indices.rmsea_interval(chisq, 10, 200, 2, factor) == (0.0, 0.0)
    assert isnan(indices.rmsea_pvalue(chisq, 10, 200, 2, factor))
    assert isnan(indices.rmsea_notclose_pvalue(chisq, 10, 200, 2, factor))
    assert indices.rmsea(14.3, 10, 200, 2, factor) > 0.15


def test_the_interval_holds_the_rmsea():
    lower, upper = indices.rmsea_interval(60.0, 30, 300)
    assert 0 < lower < indices.rmsea(60.0, 30, 300) < upper
