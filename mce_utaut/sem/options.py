"""``FitOptions``: how a model is fitted, and what each estimator implies (lavaan's conventions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from mce_utaut.errors import UsageError

EstimatorName = Literal["ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF", "GLS", "ULS", "DWLS", "WLSMV", "ULSMV"]
Engine = Literal["native", "semopy"]
Missing = Literal["listwise", "fiml", "pairwise"]
StandardErrors = Literal[
    "default",
    "none",
    "standard",
    "robust.sem",
    "robust.huber.white",
    "robust.cluster",
    "first.order",
    "bootstrap",
]
Test = Literal[
    "default", "standard", "satorra.bentler", "yuan.bentler.mplus", "mean.var.adjusted", "scaled.shifted"
]
Information = Literal["default", "expected", "observed", "first.order"]
Likelihood = Literal["normal", "wishart"]
BootstrapInterval = Literal["perc", "bc", "bca"]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """The choices of one fit; ``default`` entries follow from the estimator.

    ``meanstructure`` None means lavaan's rule: means are modelled when the model has intercepts, there are groups,
    clusters, missing data by FIML or ordered variables. ``group`` and ``cluster`` name columns; ``ordered`` names
    ordinal variables, or is ("all",). ``growth`` gives lavaan's growth defaults (intercepts 0, factor means
    free). ``bootstrap`` is the number of replicates (0: none). ``level`` is that of the intervals.
    """

    estimator: EstimatorName = "ML"
    engine: Engine = "native"
    missing: Missing = "listwise"
    se: StandardErrors = "default"
    test: Test = "default"
    information: Information = "default"
    likelihood: Likelihood = "normal"
    meanstructure: bool | None = None
    std_lv: bool = False
    fixed_x: bool | None = None
    orthogonal: bool = False
    growth: bool = False
    group: str | None = None
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    cluster: str | None = None
    parameterization: Literal["delta", "theta"] = "delta"
    bootstrap: int = 0
    bootstrap_interval: BootstrapInterval = "perc"
    seed: int = 1
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Inference:
    """What is really computed: the discrepancy, standard errors, test and information of a fit."""

    discrepancy: str
    se: str
    test: str
    information: str
    fixed_x: bool


_DEFAULTS: dict[str, Inference] = {
    "ML": Inference("ML", "standard", "standard", "expected", True),
    "MLR": Inference("ML", "robust.huber.white", "yuan.bentler.mplus", "observed", True),
    "MLM": Inference("ML", "robust.sem", "satorra.bentler", "expected", True),
    "MLMV": Inference("ML", "robust.sem", "scaled.shifted", "expected", True),
    "MLMVS": Inference("ML", "robust.sem", "mean.var.adjusted", "expected", True),
    "MLF": Inference("ML", "standard", "standard", "first.order", True),
    "GLS": Inference("GLS", "standard", "standard", "expected", False),
    "ULS": Inference("ULS", "standard", "standard", "expected", False),
}
_ROBUST_SE = ("robust.sem", "robust.huber.white", "robust.cluster", "first.order")


def supported_estimators() -> tuple[str, ...]:
    """The estimators that ``inference_of`` accepts."""
    return tuple(_DEFAULTS)


def inference_of(options: FitOptions, has_data: bool) -> Inference:
    """The inference that options ask for; raises UsageError, in a sentence, for what is not supported.

    ``has_data`` is False when only sample statistics are known.
    """
    _check_words(options)
    if options.estimator not in _DEFAULTS:
        raise UsageError(
            f"The estimator {options.estimator} is not supported; there are {', '.join(_DEFAULTS)}."
        )
    if options.missing != "listwise":
        raise UsageError(f"missing={options.missing} is not supported; use listwise.")
    if options.ordered:
        raise UsageError("Ordered variables are not supported by this estimator.")
    base = _DEFAULTS[options.estimator]
    se, test, information = base.se, base.test, base.information
    if options.cluster:
        if options.estimator not in ("ML", "MLR"):
            raise UsageError("Cluster-robust standard errors need the estimator ML or MLR.")
        se, test, information = "robust.cluster", "yuan.bentler.mplus", "observed"
    se = se if options.se == "default" else options.se
    test = test if options.test == "default" else options.test
    information = information if options.information == "default" else options.information
    if options.se == "robust.huber.white" and options.information == "default":
        information = "observed"
    fixed_x = base.fixed_x if options.fixed_x is None else options.fixed_x
    inference = Inference(base.discrepancy, se, test, information, fixed_x)
    _check_combination(options, inference, has_data)
    return inference


def _check_words(options: FitOptions) -> None:
    words = {
        "estimator": get_args(EstimatorName),
        "engine": get_args(Engine),
        "missing": get_args(Missing),
        "se": get_args(StandardErrors),
        "test": get_args(Test),
        "information": get_args(Information),
        "likelihood": get_args(Likelihood),
        "parameterization": ("delta", "theta"),
        "bootstrap_interval": get_args(BootstrapInterval),
    }
    for name, allowed in words.items():
        value = getattr(options, name)
        if value not in allowed:
            raise UsageError(f"{name} is {value!r}; it can be {', '.join(allowed)}.")
    if not 0 < options.level < 1:
        raise UsageError(f"level is {options.level}; it must lie between 0 and 1.")
    if options.group_equal and not options.group:
        raise UsageError("group_equal needs a group variable.")


def _check_combination(options: FitOptions, inference: Inference, has_data: bool) -> None:
    ml = inference.discrepancy == "ML"
    robust_test = inference.test != "standard"
    needs_data = inference.se in _ROBUST_SE or robust_test or inference.information == "first.order"
    if needs_data and not has_data:
        raise UsageError(
            f"{options.estimator} with se={inference.se}, test={inference.test} needs the raw data."
        )
    if not ml and (inference.se not in ("none", "standard") or robust_test):
        raise UsageError(
            f"{options.estimator} gives standard errors and the standard test only; for robust ones use MLM or MLR."
        )
    if options.likelihood == "wishart" and (not ml or inference.se in _ROBUST_SE or robust_test):
        raise UsageError("The Wishart likelihood goes with ML and its standard errors and test only.")
    if not ml and inference.information != "expected":
        raise UsageError(f"{options.estimator} uses the expected information only.")
    if not ml and options.fixed_x:
        raise UsageError(f"fixed_x is not supported with {options.estimator}, which models all variables.")
    if inference.se == "robust.cluster" and not options.cluster:
        raise UsageError("se=robust.cluster needs a cluster variable.")
    if options.cluster and inference.se not in ("robust.cluster", "none"):
        raise UsageError("With a cluster variable the standard errors are robust.cluster.")
    if options.cluster and inference.test not in ("yuan.bentler.mplus", "standard"):
        raise UsageError("With a cluster variable the test is yuan.bentler.mplus or standard.")
    if inference.se == "bootstrap":
        raise UsageError("se=bootstrap is not supported; ask for bootstrap replicates instead.")
