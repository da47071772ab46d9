"""Regressions of scale scores on arrays: least squares with HC3, cluster-robust CR2, intraclass correlation.

Knows no questionnaire and no file. Rows with a NaN are left out; what is not estimable raises ``ValueError``.
"""
