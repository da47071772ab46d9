"""The verdicts on a role's hypotheses, from its paths or from what stood in their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mce_utaut.study.config import StudyConfig
from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.inputs import NamedModel, StudyInputs
from mce_utaut.study.result import HypothesisResult, MethodChoice, PathEstimate
from mce_utaut.study.screening import Screened
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import PRIMARY, RoleFits
from mce_utaut.study.verdicts import Evidence, judge
from mce_utaut.study.waves import JoinedWaves


def role_verdicts(
    role: str,
    inputs: StudyInputs,
    method: MethodChoice,
    paths: Sequence[PathEstimate],
    fits: RoleFits | None,
    screened: Screened,
    labels: Mapping[str, str],
    say: Sentences,
    joined: JoinedWaves | None = None,
) -> tuple[HypothesisResult, ...]:
    """The verdicts on the hypotheses of the primary model, then on those of the others that it does not have.
    Hypotheses of moderators are judged elsewhere. ``joined`` are persons joined over the waves."""
    asked: dict[str, tuple[NamedModel, Hypothesis]] = {}
    for model in inputs.models:
        for hypothesis in model.hypotheses:
            if hypothesis.concerns(role) and not hypothesis.moderator:
                asked.setdefault(hypothesis.id, (model, hypothesis))
    waves = frozenset(str(wave) for wave in screened.included.meta["wave"].dropna().unique())
    found = []
    for model, hypothesis in asked.values():
        if joined is not None and {"pre", "post"} <= set(hypothesis.requires.waves):
            evidence = _over_time(model.name, hypothesis, joined, say)
            found.append(judge(hypothesis, role, evidence, method, inputs.config.sesoi, labels, say))
            continue
        path = next((each for each in paths if _is_of(each, model.name, hypothesis)), None)
        obstacle, detail = _obstacle(model.name, method, fits, path, inputs.config, labels, say)
        evidence = Evidence(path, obstacle, detail, waves)
        found.append(judge(hypothesis, role, evidence, method, inputs.config.sesoi, labels, say))
    return tuple(found)


def _over_time(model: str, hypothesis: Hypothesis, joined: JoinedWaves, say: Sentences) -> Evidence:
    """What persons joined over the waves say about a hypothesis."""
    ends = (model, hypothesis.outcome, hypothesis.predictor)
    path = next((each for each in joined.paths if (each.model, each.outcome, each.predictor) == ends), None)
    detail = say("waves.few", n=joined.usable.get(model, joined.linkage.joined))
    fitted = next((each for each in joined.fits if each.record.name == model), None)
    if fitted is not None and path is None:
        detail = fitted.record.refusal or say("comparison.improper")
    return Evidence(path, "" if path is not None else "refused", detail, frozenset({"pre", "post"}))


def _is_of(path: PathEstimate, model: str, hypothesis: Hypothesis) -> bool:
    ends = (path.outcome, path.predictor) == (hypothesis.outcome, hypothesis.predictor)
    return ends and path.analysis == PRIMARY and path.model == model


def _obstacle(
    model: str,
    method: MethodChoice,
    fits: RoleFits | None,
    path: PathEstimate | None,
    config: StudyConfig,
    labels: Mapping[str, str],
    say: Sentences,
) -> tuple[str, str]:
    """Why there is no path to judge (a key under ``verdict.not_testable``), with a detail; "" where there
    is one."""
    if path is not None:
        return "", ""
    if method.kind == "regression":
        named = say.listed([labels.get(name, name) for name in config.small_sample_predictors])
        return "other_predictors", named
    if fits is None:
        return "too_few", ""
    fitted = next((each for each in (fits.structural, *fits.compared) if each.record.name == model), None)
    if fitted is None:
        return "not_estimated", ""
    if fitted.failure == "not_converged":
        return "not_converged", ""
    if fitted.failure:
        return "refused", fitted.record.refusal
    if not fitted.usable:
        said = [note.text for note in fitted.record.notes if note.level == "problem"]
        return "improper", " ".join(said).rstrip(".")
    return "not_estimated", ""
