"""One role from its responses to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import Problem, StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.scores import ScaleScore
from mce_utaut.study.composition import adopter_shares, composition
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.discriminant import discriminant_validity
from mce_utaut.study.fitting import options_for
from mce_utaut.study.headline import Role, headline, role_title
from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.inputs import NamedModel, StudyInputs
from mce_utaut.study.item_tables import item_statistics
from mce_utaut.study.library_notes import told
from mce_utaut.study.measurement import scale_scores, scale_statistics
from mce_utaut.study.method_choice import choose_method
from mce_utaut.study.model_data import ModelData, model_data
from mce_utaut.study.model_text import cfa_text
from mce_utaut.study.moments import with_moments
from mce_utaut.study.numbers import NOTHING
from mce_utaut.study.result import (
    HypothesisResult,
    MethodChoice,
    ModelFit,
    PathEstimate,
    RoleResult,
)
from mce_utaut.study.screening import Screened, apply_rules, complete_step
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.small_roles import rank_paths, regression_paths
from mce_utaut.study.structure import (
    PRIMARY,
    WITHOUT_EXCLUSIONS,
    RoleFits,
    RoleModel,
    dropped_notes,
    fit_role,
    path_estimates,
    role_model,
)
from mce_utaut.study.texts import agreement_labels, construct_infos, wording_for
from mce_utaut.study.verdicts import Evidence, judge
from mce_utaut.study.waves import JoinedWaves, join_waves

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class RoleWork:
    """A role's result with what further analyses of the study start from. ``fits`` is None for a role too
    small for a structural model; ``labels`` names constructs inside a sentence; ``waves`` are both waves joined by
    person, None where there is one."""

    result: RoleResult
    instrument: Instrument
    screened: Screened
    scores: Mapping[str, ScaleScore]
    model: RoleModel
    data: ModelData
    fits: RoleFits | None
    labels: Mapping[str, str]
    waves: JoinedWaves | None = None


def run_role(role: str, inputs: StudyInputs, say: Sentences, tell: Tell) -> RoleWork:
    """Everything about one role. Raises ``StudyError`` where nobody is left or a model does not fit the
    questionnaire."""
    config, instrument = inputs.config, inputs.instruments[role]
    tell(role_title(role, say))
    screened = apply_rules(inputs.responses[role], config.exclude, config.wave, say, instrument)
    included = screened.included
    if not included.n:
        steps = " ".join(step.text for step in screened.steps)
        raise StudyError(
            Problem(f"nobody is left to analyse. {steps}", "Check the file and the rules.", where=f"role {role}")
        )
    primary = inputs.models[0]
    model = role_model(primary, included, instrument, config.cannot_judge_limit)
    data = model_data(included, instrument, model.text.observed, model.name)
    method = choose_method(data.count(config.missing), say, config.small_sample_predictors, config.missing)
    labels = sentence_labels(instrument, config.language)
    scores = scale_scores(included, instrument)
    fits = None
    if method.kind == "sem":
        fits = _fits(role, inputs, model, data, screened, instrument, say, tell)
    paths = _paths(role, config, primary, method, scores, screened, instrument, fits)
    options = options_for(config)
    cfa = fits.cfa if fits is not None else None
    scales = scale_statistics(included, instrument, scores, cfa, options, config.disclosure_limit)
    waves = join_waves(role, inputs.responses[role], instrument, inputs.models, config, options, say)
    hypotheses = _hypotheses(role, inputs, method, paths, fits, screened, labels, say, waves)
    rng = np.random.default_rng(config.seed)
    hidden = included.n < config.disclosure_limit
    universities = included.meta["hei"].dropna().nunique() or None
    title = role_title(role, say)
    intention = next((scale.pomp for scale in scales if scale.construct == intention_of(primary)), NOTHING)
    structural = fits.structural if fits is not None else None
    outcome = intention_of(primary)
    own = [path for path in paths if path.analysis == PRIMARY and path.model == model.name and path.outcome == outcome]
    result = RoleResult(
        role=role,
        title=title,
        n=included.n,
        n_universities=universities,
        headline=headline(
            Role(role, title, included.n, universities), outcome, intention, method, own, structural, labels, say
        ),
        intention=intention,
        flow=screened.steps if config.missing == "fiml" else (*screened.steps, complete_step(data.n, included.n, say)),
        composition=() if hidden else composition(included, instrument, config.language, config.disclosure_limit, say),
        constructs=construct_infos(instrument, config.language),
        scale_labels=agreement_labels(instrument, config.language),
        items=item_statistics(included, instrument, config.language, config.disclosure_limit),
        scales=scales,
        discriminant=None if cfa is None else discriminant_validity(cfa, data, labels, options, rng, say),
        method=method,
        models=_models(model, data, method, fits, config.disclosure_limit, say),
        paths=paths,
        hypotheses=hypotheses,
        adopters=None
        if hidden
        else adopter_shares(included, instrument, config.language, config.disclosure_limit, say),
        notes=_notes(role, config, model, screened, hidden, say),
    )
    return RoleWork(result, instrument, screened, scores, model, data, fits, labels, waves)


def intention_of(model: NamedModel) -> str:
    """The construct that the study is about: BI where the model predicts it, else its first outcome."""
    return model.text.intention


def sentence_labels(instrument: Instrument, language: str) -> dict[str, str]:
    """Construct id, and code of the question that alone measures it, -> its label as it stands inside a
    sentence."""
    wording = wording_for(instrument, language)
    found = {}
    for construct in instrument.constructs.values():
        label = wording.get(f"construct.{construct.id}.label", construct.id)
        if len(label) > 1 and label[1].islower() and not language.startswith("de"):  # German nouns keep their capital
            label = label[0].lower() + label[1:]
        found[construct.id] = label
        if construct.kind == "observed":
            found.update(dict.fromkeys(construct.items, label))
    return found


def _fits(
    role: str,
    inputs: StudyInputs,
    model: RoleModel,
    data: ModelData,
    screened: Screened,
    instrument: Instrument,
    say: Sentences,
    tell: Tell,
) -> RoleFits:
    config = inputs.config
    return fit_role(
        model,
        data,
        inputs.models[1:],
        inputs.models[0].for_role.get(role),
        screened,
        instrument,
        options_for(config),
        say,
        limit=config.cannot_judge_limit,
        sensitivity=config.sensitivity,
        tell=tell,
    )


def _paths(
    role: str,
    config: StudyConfig,
    primary: NamedModel,
    method: MethodChoice,
    scores: Mapping[str, ScaleScore],
    screened: Screened,
    instrument: Instrument,
    fits: RoleFits | None,
) -> tuple[PathEstimate, ...]:
    level = config.confidence
    if fits is not None:
        return tuple(
            path
            for fitted in (fits.structural, *fits.compared, *fits.sensitivity)
            for path in path_estimates(fitted, role, level)
        )
    if method.kind not in ("correlation", "regression"):
        return ()
    found = list(_small(role, config, primary, method, scores))
    if config.sensitivity and screened.everyone.n != screened.included.n:
        everyone = scale_scores(screened.everyone, instrument)
        again = _small(role, config, primary, method, everyone)
        found += [replace(path, analysis=WITHOUT_EXCLUSIONS) for path in again]
    return tuple(found)


def _small(
    role: str,
    config: StudyConfig,
    primary: NamedModel,
    method: MethodChoice,
    scores: Mapping[str, ScaleScore],
) -> tuple[PathEstimate, ...]:
    values = {name: score.values for name, score in scores.items()}
    if method.kind == "correlation":
        return rank_paths(primary.text.paths, values, role, primary.name, config.confidence)
    outcome = intention_of(primary)
    chosen = [
        path
        for path in primary.text.paths
        if path.predictor in config.small_sample_predictors and path.outcome == outcome
    ]
    return regression_paths(chosen, values, role, primary.name, config.confidence)


def _hypotheses(
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
    """The hypotheses of the primary model, then those of the others that it does not have."""
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
        said = [note.text for note in told(fitted.record.notes, say) if note.level == "problem"]
        return "improper", " ".join(said).rstrip(".")
    return "not_estimated", ""


def _models(
    model: RoleModel, data: ModelData, method: MethodChoice, fits: RoleFits | None, limit: int, say: Sentences
) -> tuple[ModelFit, ...]:
    if fits is not None:
        records = (replace(each.record, notes=told(each.record.notes, say)) for each in fits.all)
        return tuple(with_moments(record, model.name, data, limit) for record in records)
    refusal = say("note.no_model", reason=method.reason)
    both = (("cfa", cfa_text(model.text)), ("structural", model.text.text))
    return tuple(
        ModelFit(model.name, variant, PRIMARY, text, data.n_before, data.n, None, refusal) for variant, text in both
    )


def _notes(
    role: str, config: StudyConfig, model: RoleModel, screened: Screened, hidden: bool, say: Sentences
) -> tuple[Note, ...]:
    notes = [*screened.included.notes, *dropped_notes(model, role, config.cannot_judge_limit, say)]
    waves = screened.included.meta["wave"]
    if waves.isna().any() and waves.notna().any():
        notes.append(Note("wave_unknown", say("note.wave_unknown"), "caution", role, say.language))
    if config.wave in ("pre", "post") and screened.included.n and waves.isna().all():
        text = say("note.wave_assumed", wave=config.wave)
        notes.append(Note("wave_assumed", text, "caution", role, say.language))
    if hidden:
        text = say("note.too_few_to_show", limit=config.disclosure_limit)
        notes.append(Note("too_few_to_show", text, "caution", role, say.language))
    return tuple(dict.fromkeys(notes))
