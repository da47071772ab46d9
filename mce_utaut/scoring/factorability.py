"""Whether items share enough to be factored, how many dimensions they have, and whether they are normal.

For pilots and for the report's caveats: none of these decides anything about a model that theory fixed.
R is the correlation matrix (p, p) of the respondents without a missing answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.scoring.reliability import complete_rows

_MINRES_STEPS = 10_000
_MINRES_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class SamplingAdequacy:
    """Kaiser-Meyer-Olkin measure over all items, and per item."""

    overall: float
    items: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sphericity:
    """Bartlett's test that no two items correlate."""

    chisq: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class ParallelAnalysis:
    """Eigenvalues of R beside those of random data: their ``means`` and ``limits`` (the ``quantile``);
    ``components`` is how many in a row lie above their limit."""

    eigenvalues: tuple[float, ...]
    means: tuple[float, ...]
    limits: tuple[float, ...]
    quantile: float
    components: int


@dataclass(frozen=True, slots=True)
class MultivariateNormality:
    """Mardia's coefficients and their tests: ``skewness`` b1p with a chi-square on ``skewness_df``;
    ``kurtosis`` b2p with a standard normal ``kurtosis_z``; ``kurtosis_expected`` and ``kurtosis_spread`` are mean and
    standard deviation of b2p over normal samples of n."""

    n: int
    skewness: float
    skewness_chisq: float
    skewness_df: int
    skewness_p: float
    kurtosis: float
    kurtosis_z: float
    kurtosis_p: float
    kurtosis_expected: float
    kurtosis_spread: float


@dataclass(frozen=True, slots=True)
class FirstFactor:
    """Shares of the variance of all items: of the first principal ``component``, and of one minimum
    residual ``factor`` (Harman's single-factor test)."""

    component: float
    factor: float


def correlation_of(answers: np.ndarray) -> np.ndarray:
    """R of the rows of ``answers`` (n, p) without NaN. Raises ``ValueError`` for fewer than two such rows,
    a constant item, or items that are linear combinations of each other."""
    rows = complete_rows(answers)
    if len(rows) < 2 or np.any(np.ptp(rows, axis=0) == 0):
        raise ValueError("correlations need two complete rows and items that vary")
    correlation = np.corrcoef(rows, rowvar=False)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        raise ValueError("an item is a combination of the others")
    return correlation


def sampling_adequacy(correlation: np.ndarray) -> SamplingAdequacy:
    """The Kaiser-Meyer-Olkin measure of ``correlation`` (p, p).

    Σ r² / (Σ r² + Σ q²) off the diagonal, q the partial correlations given all other items: Kaiser & Rice
    1974, Educational and Psychological Measurement 34, 111-117, doi:10.1177/001316447403400115; ≥ .60 is
    usable (Kaiser 1974, doi:10.1007/BF02291575). Checked against ``psych::KMO``.
    """
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    off = ~np.eye(len(correlation), dtype=bool)
    partial = np.where(off, inverse / np.outer(scale, scale), 0.0) ** 2
    shared = np.where(off, correlation, 0.0) ** 2
    by_item = shared.sum(axis=0) / (shared.sum(axis=0) + partial.sum(axis=0))
    return SamplingAdequacy(float(shared.sum() / (shared.sum() + partial.sum())), tuple(map(float, by_item)))


def sphericity(correlation: np.ndarray, n: int) -> Sphericity:
    """Bartlett's test of ``correlation`` (p, p) from ``n`` respondents.

    -(n - 1 - (2p + 5)/6) ln |R| on p(p - 1)/2 degrees of freedom: Bartlett 1951, Biometrika 38, 337-344,
    doi:10.1093/biomet/38.3-4.337. With any real scale it is significant. Checked against
    ``psych::cortest.bartlett``.
    """
    p = len(correlation)
    df = p * (p - 1) // 2
    chisq = -(n - 1 - (2 * p + 5) / 6) * float(np.linalg.slogdet(correlation)[1])
    return Sphericity(chisq, df, float(stats.chi2.sf(chisq, df)))


def parallel_analysis(
    correlation: np.ndarray,
    n: int,
    rng: np.random.Generator,
    *,
    replicates: int = 500,
    quantile: float = 0.95,
) -> ParallelAnalysis:
    """How many principal components of ``correlation`` (p, p) exceed those of independent normal data of
    the same size ``n``.

    Horn 1965, Psychometrika 30, 179-185, doi:10.1007/BF02289447, with the 95th percentile instead of the
    mean (Glorfeld 1995, doi:10.1177/0013164495055003002). ``rng`` makes it repeatable. Checked against
    R's eigenvalues within the noise of 500 replicates.
    """
    p = len(correlation)
    observed = _eigenvalues(correlation)
    drawn = np.array([_eigenvalues(np.corrcoef(rng.standard_normal((n, p)), rowvar=False)) for _ in range(replicates)])
    limits = np.quantile(drawn, quantile, axis=0)
    below = np.flatnonzero(observed <= limits)
    return ParallelAnalysis(
        tuple(map(float, observed)),
        tuple(map(float, drawn.mean(axis=0))),
        tuple(map(float, limits)),
        quantile,
        int(below[0]) if below.size else p,
    )


def multivariate_normality(answers: np.ndarray) -> MultivariateNormality:
    """Mardia's skewness and kurtosis of the complete rows of ``answers`` (n, p).

    With g_ij = (x_i - x̄)' S⁻¹ (x_j - x̄): b1p is the mean of g³ over all pairs, n b1p / 6 is chi-square on
    p(p + 1)(p + 2)/6; b2p is the mean of g² over i = j, (b2p - p(p + 2)) / √(8p(p + 2)/n) is standard
    normal: Mardia 1970, Biometrika 57, 519-530, doi:10.1093/biomet/57.3.519. S has the divisor n - 1 as in
    ``psych::mardia`` and semTools, against which it was checked; with Mardia's divisor n, b1p is larger by
    (n / (n - 1))³ and b2p by (n / (n - 1))². The mean p(p + 2)(n - 1)/(n + 1) of Mardia's b2p over normal samples of n
    (1970, equation 3.14) and its variance (Mardia 1974, Sankhyā B 36, 115-128) are turned by the same factor.
    Raises as ``correlation_of``.
    """
    correlation_of(answers)
    rows = complete_rows(answers)
    n, p = rows.shape
    centred = rows - rows.mean(axis=0)
    whitened = np.linalg.solve(np.linalg.cholesky(np.cov(rows, rowvar=False)), centred.T).T
    # The mean of g³ over pairs is the squared length of the third moments of the whitened answers: n p³, not n² p.
    skewness = sum(float(np.sum(((whitened * column[:, None]).T @ whitened / n) ** 2)) for column in whitened.T)
    kurtosis = float(np.mean(np.sum(whitened**2, axis=1) ** 2))
    df = p * (p + 1) * (p + 2) // 6
    z = (kurtosis - p * (p + 2)) / math.sqrt(8 * p * (p + 2) / n)
    divisor = ((n - 1) / n) ** 2
    variance = 8 * p * (p + 2) * (n - 3) * (n - p - 1) * (n - p + 1) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    return MultivariateNormality(
        n=n,
        skewness=skewness,
        skewness_chisq=n * skewness / 6,
        skewness_df=df,
        skewness_p=float(stats.chi2.sf(n * skewness / 6, df)),
        kurtosis=kurtosis,
        kurtosis_z=z,
        kurtosis_p=float(2 * stats.norm.sf(abs(z))),
        kurtosis_expected=p * (p + 2) * (n - 1) / (n + 1) * divisor,
        kurtosis_spread=math.sqrt(max(variance, 0.0)) * divisor,
    )


def first_factor(correlation: np.ndarray) -> FirstFactor:
    """How much of all items' variance one component, and one common factor, takes up.

    Harman's test of common method variance (Podsakoff, MacKenzie, Lee & Podsakoff 2003,
    doi:10.1037/0021-9010.88.5.879, who warn that a share below one half proves nothing). The component's
    share is the largest eigenvalue over p; the factor's is Σ λ² / p of one minimum residual factor
    (Harman & Jones 1966, Psychometrika 31, 351-368, doi:10.1007/BF02289468). Checked against
    ``psych::fa``.
    """
    p = len(correlation)
    return FirstFactor(float(_eigenvalues(correlation)[0]) / p, float(np.sum(_minres_loadings(correlation) ** 2)) / p)


def _eigenvalues(correlation: np.ndarray) -> np.ndarray:
    return np.linalg.eigvalsh(correlation)[::-1]


def _minres_loadings(correlation: np.ndarray) -> np.ndarray:
    """Loadings (p,) of the factor that leaves the smallest squared residual correlations: each loading in
    turn is the regression of its correlations on the other loadings, until none moves."""
    values, vectors = np.linalg.eigh(correlation)
    loadings = vectors[:, -1] * math.sqrt(values[-1])
    for _ in range(_MINRES_STEPS):
        before = loadings.copy()
        for i in range(len(loadings)):
            others = np.arange(len(loadings)) != i
            best = float(correlation[i, others] @ loadings[others]) / float(loadings[others] @ loadings[others])
            loadings[i] = min(1.0, max(-1.0, best))
        if np.max(np.abs(loadings - before)) < _MINRES_TOLERANCE:
            break
    return loadings
