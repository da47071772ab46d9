"""``FitOptions``: how a model is fitted, and what each estimator implies (lavaan's conventions)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from mce_utaut.errors import UsageError

EstimatorName = Literal[
    "default",
    "ML",
    "MLR",
    "MLM",
    "MLMV",
    "MLMVS",
    "MLF",
    "GLS",
    "ULS",
    "WLS",
    "DWLS",
    "WLSM",
    "WLSMV",
    "WLSMVS",
    "ULSM",
    "ULSMV",
    "ULSMVS",
]
Engine = Literal["native", "semopy"]
Missing = Literal["listwise", "fiml", "pairwise"]
StandardErrors = Literal[
    "default",
    "none",
    "standard",
    "robust",
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
ReferenceName = Literal["z", "t"]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """The choices of one fit; ``default`` entries follow from the estimator.

    The estimator itself is by default ML, and WLSMV with ordered variables.
    ``meanstructure`` None means lavaan's rule: means are modelled when the model has intercepts, there are groups,
    clusters, missing data by FIML or ordered variables. ``group`` and ``cluster`` name columns; ``ordered`` names
    ordinal variables, or is ("all",). ``reference`` is what estimates over their standard errors are referred to: z
    (lavaan's), or with clusters t with their number less one (``reference.reference_of``). ``growth`` gives lavaan's
    growth defaults (intercepts 0, factor means free). ``bootstrap`` is the number of replicates (0: none). ``level``
    is that of the intervals.
    """

    estimator: EstimatorName = "default"
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
    reference: ReferenceName = "z"
    parameterization: Literal["delta", "theta"] = "delta"
    bootstrap: int = 0
    bootstrap_interval: BootstrapInterval = "perc"
    seed: int = 1
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Inference:
    """What is really computed: the discrepancy, standard errors, test and information of a fit.

    ``test_information`` is that of the scaled test: lavaan leaves the model's curvature out of an observed one
    ("observed.h1") unless the estimator is MLR.
    """

    discrepancy: str
    se: str
    test: str
    information: str
    fixed_x: bool
    test_information: str = "expected"


_DEFAULTS: dict[str, Inference] = {
    "ML": Inference("ML", "standard", "standard", "expected", True),
    "MLR": Inference("ML", "robust.huber.white", "yuan.bentler.mplus", "observed", True),
    "MLM": Inference("ML", "robust.sem", "satorra.bentler", "expected", True),
    "MLMV": Inference("ML", "robust.sem", "scaled.shifted", "expected", True),
    "MLMVS": Inference("ML", "robust.sem", "mean.var.adjusted", "expected", True),
    "MLF": Inference("ML", "standard", "standard", "first.order", True),
    "GLS": Inference("GLS", "standard", "standard", "expected", False),
    "ULS": Inference("ULS", "standard", "standard", "expected", False),
    "ULSM": Inference("ULS", "robust.sem", "satorra.bentler", "expected", False),
    "ULSMV": Inference("ULS", "robust.sem", "scaled.shifted", "expected", False),
    "ULSMVS": Inference("ULS", "robust.sem", "mean.var.adjusted", "expected", False),
}
_ORDINAL: dict[str, Inference] = {
    "WLS": Inference("WLS", "standard", "standard", "expected", False),
    "DWLS": Inference("DWLS", "standard", "standard", "expected", False),
    "WLSM": Inference("DWLS", "robust.sem", "satorra.bentler", "expected", False),
    "WLSMV": Inference("DWLS", "robust.sem", "scaled.shifted", "expected", False),
    "WLSMVS": Inference("DWLS", "robust.sem", "mean.var.adjusted", "expected", False),
    "ULS": Inference("ULS", "standard", "standard", "expected", False),
    "ULSM": Inference("ULS", "robust.sem", "satorra.bentler", "expected", False),
    "ULSMV": Inference("ULS", "robust.sem", "scaled.shifted", "expected", False),
    "ULSMVS": Inference("ULS", "robust.sem", "mean.var.adjusted", "expected", False),
}
_WORDS = {
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
_FOURTH_MOMENT_TESTS = ("satorra.bentler", "mean.var.adjusted", "scaled.shifted")
_ROBUST_SE = ("robust.sem", "robust.huber.white", "robust.cluster", "first.order")


def resolved(options: FitOptions, with_thresholds: Sequence[str] = ()) -> FitOptions:
    """The options with the estimator that "default" and the errors that "robust" stand for; variables whose thresholds
    the model writes are ordered, as in lavaan."""
    if options.ordered != ("all",) and with_thresholds:
        options = replace(options, ordered=tuple(dict.fromkeys((*options.ordered, *with_thresholds))))
    if options.estimator == "default":
        options = replace(options, estimator="WLSMV" if options.ordered else "ML")
    return _with_robust(options) if options.se == "robust" else options


def _with_robust(options: FitOptions) -> FitOptions:
    """What lavaan means by se = "robust": the sandwich of clusters, of incomplete or of complete data."""
    if options.cluster:
        return replace(options, se="robust.cluster")
    return replace(options, se="robust.huber.white" if options.missing == "fiml" else "robust.sem")


def inference_of(options: FitOptions, has_data: bool) -> Inference:
    """The inference that options ask for; raises UsageError, in a sentence, for what is not supported.

    ``has_data`` is False when only sample statistics are known.
    """
    options = resolved(options)
    _check_words(options)
    _check_data_kind(options)
    base = (_ORDINAL if options.ordered else _DEFAULTS)[options.estimator]
    se, test, information = base.se, base.test, base.information
    if options.cluster:
        if options.estimator not in ("ML", "MLR"):
            raise UsageError("Cluster-robust standard errors need the estimator ML or MLR.")
        se, test, information = "robust.cluster", "yuan.bentler.mplus", "observed"
    se = se if options.se == "default" else options.se
    test = test if options.test == "default" else options.test
    information = information if options.information == "default" else options.information
    if options.information == "default":
        if options.se != "default" and options.estimator == "MLR" and not options.cluster:
            information = "expected"  # lavaan's observed one comes with MLR's own errors
        information = {"robust.huber.white": "observed", "first.order": "first.order"}.get(options.se, information)
    if options.missing == "fiml" and options.information == "default" and information == "expected":
        information = "observed"
    fixed_x = base.fixed_x if options.fixed_x is None else options.fixed_x
    discrepancy = "FIML" if options.missing == "fiml" else base.discrepancy
    of_test = "observed.h1" if information == "observed" and options.estimator != "MLR" else information
    inference = Inference(discrepancy, se, test, information, fixed_x, of_test)
    _check_combination(options, inference, has_data)
    return inference


def _check_words(options: FitOptions) -> None:
    for name, allowed in _WORDS.items():
        value = getattr(options, name)
        if value not in allowed:
            raise UsageError(f"{name} is {value!r}; it can be {', '.join(allowed)}.")
    for name in ("group_equal", "group_partial", "ordered"):
        if isinstance(getattr(options, name), str):
            raise UsageError(f"{name} is one text; give a tuple of words.")
    if not 0 < options.level < 1:
        raise UsageError(f"level is {options.level}; it must lie between 0 and 1.")


def _check_data_kind(options: FitOptions) -> None:
    """Refuse estimators that do not go with ordered variables or missing values."""
    estimator = options.estimator
    if options.ordered:
        if estimator not in _ORDINAL:
            raise UsageError(f"{estimator} is not for ordered variables; there are {', '.join(_ORDINAL)}.")
        if options.missing == "fiml":
            raise UsageError(
                "There is no FIML for ordered variables. Use missing=listwise or missing=pairwise."
            )
        if options.cluster:
            raise UsageError("Cluster-robust standard errors are not supported with ordered variables.")
        return
    if estimator not in _DEFAULTS:
        raise UsageError(
            f"{estimator} needs ordered variables; without them there are {', '.join(_DEFAULTS)}."
        )
    if options.missing == "pairwise":
        raise UsageError("missing=pairwise needs ordered variables; use listwise or fiml.")
    if options.missing != "fiml":
        return
    if estimator not in ("ML", "MLR", "MLF"):
        raise UsageError(f"{estimator} needs complete data: use missing=listwise, or MLR with missing=fiml.")
    if options.likelihood == "wishart":
        raise UsageError(
            "The Wishart likelihood needs complete data; use likelihood=normal with missing=fiml."
        )
    if options.se == "robust.sem" or options.test in _FOURTH_MOMENT_TESTS:
        raise UsageError(
            "With missing=fiml, robust inference is robust.huber.white and yuan.bentler.mplus (MLR)."
        )
    if options.meanstructure is False:
        raise UsageError("missing=fiml needs a mean structure.")


def _check_combination(options: FitOptions, inference: Inference, has_data: bool) -> None:
    ml = inference.discrepancy in ("ML", "FIML")
    robust_test = inference.test != "standard"
    needs_data = inference.se in _ROBUST_SE or robust_test or inference.information == "first.order"
    if needs_data and not has_data:
        raise UsageError(
            f"{options.estimator} with se={inference.se}, test={inference.test} needs the raw data."
        )
    if options.ordered:
        _check_ordinal(options, inference)
    elif inference.discrepancy == "GLS" and (inference.se not in ("none", "standard") or robust_test):
        raise UsageError("GLS gives standard errors and the standard test only; for robust ones use MLM, MLR or ULSM.")
    elif inference.discrepancy == "ULS" and (
        inference.se not in ("none", "standard", "robust.sem") or inference.test == "yuan.bentler.mplus"
    ):
        raise UsageError("ULS goes with se standard or robust.sem, and with the tests that need no likelihood.")
    if options.likelihood == "wishart" and (not ml or inference.se in _ROBUST_SE or robust_test):
        raise UsageError("The Wishart likelihood goes with ML and its standard errors and test only.")
    if not ml and inference.information != "expected":
        raise UsageError(f"{options.estimator} uses the expected information only.")
    unsupported = not (ml or options.ordered) or options.likelihood != "normal" or options.cluster
    if options.bootstrap and unsupported:
        raise UsageError(
            "The bootstrap is supported for maximum likelihood (ML, MLR, MLM, FIML) and for ordered variables, without "
            "clusters. For := of any other fit ask for Monte Carlo intervals (--monte-carlo)."
        )
    if options.bootstrap and not has_data:
        raise UsageError("The bootstrap needs the raw data.")
    if options.bootstrap < 0:
        raise UsageError(
            f"bootstrap is {options.bootstrap}; ask for at least 1 replicate, better 1000 or more."
        )
    sandwich = inference.se in ("robust.sem", "robust.huber.white", "robust.cluster")
    if (sandwich or robust_test) and inference.information == "first.order":
        raise UsageError("Robust standard errors and robust tests use the expected or observed information.")
    if inference.se == "robust.cluster" and not options.cluster:
        raise UsageError("se=robust.cluster needs a cluster variable.")
    if options.reference == "t" and not options.cluster:
        raise UsageError("reference=t needs a cluster variable: its degrees of freedom are the clusters less one.")
    if options.cluster and inference.se not in ("robust.cluster", "none"):
        raise UsageError("With a cluster variable the standard errors are robust.cluster.")
    if options.cluster and inference.test not in ("yuan.bentler.mplus", "standard"):
        raise UsageError("With a cluster variable the test is yuan.bentler.mplus or standard.")
    if inference.se == "bootstrap":
        raise UsageError("se=bootstrap is not supported; ask for bootstrap replicates instead (--bootstrap N).")


def _check_ordinal(options: FitOptions, inference: Inference) -> None:
    if inference.se not in ("none", "standard", "robust.sem"):
        raise UsageError(f"With ordered variables se can be standard or robust.sem, not {inference.se}.")
    if inference.test not in ("standard", *_FOURTH_MOMENT_TESTS):
        allowed = ", ".join(("standard", *_FOURTH_MOMENT_TESTS))
        raise UsageError(f"With ordered variables the test can be {allowed}, not {inference.test}.")
    if options.meanstructure is False:
        raise UsageError("Ordered variables need a mean structure.")
