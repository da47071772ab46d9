"""How far people of one university are alike, told so that no university's hidden number follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from mce_utaut.regression.clustered import IntraclassCorrelation, intraclass_correlation
from mce_utaut.study.disclosure import suppressed


def university_correlation(
    values: np.ndarray, universities: np.ndarray, level: float, limit: int
) -> IntraclassCorrelation:
    """ICC(1) of ``values`` (n,) by university (None unknown). The typical size holds the sum of squared sizes: beside
    the sizes that are shown it would give hidden ones away. So where one of them is hidden it is a whole number, and
    the design effect is made from that. Raises ``ValueError`` as ``intraclass_correlation``."""
    found = intraclass_correlation(values, universities, level)
    sizes = Counter(str(name) for name in universities if name is not None and name == name)
    if not any(suppressed(list(sizes.values()), limit)):
        return found
    size = float(round(found.typical_size))
    return replace(found, typical_size=size, design_effect=max(1.0, 1 + (size - 1) * found.estimate))
