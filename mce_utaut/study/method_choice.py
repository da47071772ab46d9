"""What a role's number of analysable respondents allows: the ladder of method rule G1 and decision 15."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.study.model_text import ModelText
from mce_utaut.study.result import MethodChoice, MethodKind
from mce_utaut.study.sentences import Sentences

LEAST_FOR_INFERENCE = 10
LEAST_FOR_REGRESSION = 60
LEAST_FOR_SEM = 100
LEAST_FOR_EVERYTHING = 200
LEAST_CLUSTERS = 5  # universities, for anything that is estimated from how they differ

_REFUSED: dict[MethodKind, tuple[str, ...]] = {
    "none": ("interval", "correlation", "regression", "cfa", "sem"),
    "correlation": ("regression", "cfa", "sem"),
    "regression": ("cfa", "sem"),
    "sem": (),
}


def small_predictors(wanted: Sequence[str], model: ModelText) -> tuple[str, ...]:
    """Those of ``wanted`` (constructs) that the model lets predict its outcome: what the regression of a role too small
    for a model can rest on. Empty where a model of other constructs names none of its own."""
    asked = [path.predictor for path in model.paths if path.outcome == model.intention]
    return tuple(name for name in wanted if name in asked)


def choose_method(
    n: int, say: Sentences, predictors: tuple[str, ...] | None = None, missing: str = "listwise"
) -> MethodChoice:
    """The analysis that ``n`` respondents allow, and why. ``n`` counts those with complete answers to the
    model's items, or with any answer to them where ``missing`` is "fiml".

    Under 10: frequencies; under 60: means with intervals and rank correlations; 60-99: a regression of
    sum scores on the two ``predictors`` that the study names (rank correlations again where it names none of the
    model's); from 100: the structural model, with a
    caution under 200. The thresholds are those of docs/study-file.md: ML-SEM was proper in 14 % of
    simulated samples of 20, 86 % of 40 and 96 % of 60, and below 100 its tests are not to be trusted.
    """
    if n < LEAST_FOR_INFERENCE:
        kind: MethodKind = "none"
    elif n < LEAST_FOR_REGRESSION:
        kind = "correlation"
    elif n < LEAST_FOR_SEM:
        kind = "regression"
    else:
        kind = "sem"
    key = "sem_small" if kind == "sem" and n < LEAST_FOR_EVERYTHING else "nobody" if n == 0 else str(kind)
    if kind == "regression" and predictors == ():
        kind, key = "correlation", "no_predictors"
    cases = say(f"cases.{missing}", n=n)
    reason = say(
        f"method.{key}",
        cases=cases,
        least=LEAST_FOR_INFERENCE,
        regression=LEAST_FOR_REGRESSION,
        sem=LEAST_FOR_SEM,
        full=LEAST_FOR_EVERYTHING,
        predictors=say.listed(predictors or ()),
    )
    refused = tuple(say(f"method.refused.{each}") for each in _REFUSED[kind])
    return MethodChoice(kind, n, reason, refused, cases)
