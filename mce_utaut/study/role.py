"""One role from its responses to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import Problem, StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import ScaleScore
from mce_utaut.study.composition import adopter_shares, composition
from mce_utaut.study.discriminant import discriminant_validity
from mce_utaut.study.fitting import options_for
from mce_utaut.study.headline import Role, headline, role_title
from mce_utaut.study.inputs import NamedModel, StudyInputs
from mce_utaut.study.item_tables import item_statistics
from mce_utaut.study.library_notes import told
from mce_utaut.study.measurement import scale_scores, scale_statistics
from mce_utaut.study.method_choice import choose_method, small_predictors
from mce_utaut.study.model_data import ModelData, model_data
from mce_utaut.study.model_text import cfa_text
from mce_utaut.study.moments import with_moments
from mce_utaut.study.numbers import NOTHING
from mce_utaut.study.result import (
    HypothesisResult,
    Interval,
    MethodChoice,
    ModelFit,
    PathEstimate,
    RoleResult,
)
from mce_utaut.study.role_verdicts import role_verdicts
from mce_utaut.study.screening import Screened, apply_rules, complete_step
from mce_utaut.study.sentences import Sentences, inside
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


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """What a role's estimates start from."""

    title: str
    inputs: StudyInputs
    instrument: Instrument
    screened: Screened
    model: RoleModel
    data: ModelData
    method: MethodChoice
    scores: Mapping[str, ScaleScore]
    labels: Mapping[str, str]

    @property
    def role(self) -> str:
        return self.instrument.role

    @property
    def primary(self) -> NamedModel:
        return self.inputs.models[0]

    @property
    def hidden(self) -> bool:
        """Whether so few answered that nothing of single answers may be shown."""
        return self.screened.included.n < self.inputs.config.disclosure_limit


def run_role(role: str, inputs: StudyInputs, say: Sentences, tell: Tell) -> RoleWork:
    """Everything about one role. Raises ``StudyError`` where nobody is left or a model does not fit the
    questionnaire."""
    tell(role_title(role, say))
    start = _start(role, inputs, say)
    fits = _fits(start, say, tell) if start.method.kind == "sem" else None
    paths = _paths(start, fits)
    options = options_for(inputs.config)
    waves = join_waves(role, inputs.responses[role], start.instrument, inputs.models, inputs.config, options, say)
    verdicts = role_verdicts(role, inputs, start.method, paths, fits, start.screened, start.labels, say, waves)
    return RoleWork(
        result=_result(start, fits, paths, verdicts, say),
        instrument=start.instrument,
        screened=start.screened,
        scores=start.scores,
        model=start.model,
        data=start.data,
        fits=fits,
        labels=start.labels,
        waves=waves,
    )


def _start(role: str, inputs: StudyInputs, say: Sentences) -> _Start:
    config, instrument, primary = inputs.config, inputs.instruments[role], inputs.models[0]
    screened = apply_rules(inputs.responses[role], config.exclude, config.wave, say, instrument)
    if not screened.included.n:
        steps = " ".join(step.text for step in screened.steps)
        raise StudyError(
            Problem(f"nobody is left to analyse. {steps}", "Check the file and the rules.", where=f"role {role}")
        )
    model = role_model(primary, screened.included, instrument, config.cannot_judge_limit)
    data = model_data(screened.included, instrument, model.text.observed, model.name)
    return _Start(
        title=role_title(role, say),
        inputs=inputs,
        instrument=instrument,
        screened=screened,
        model=model,
        data=data,
        method=choose_method(
            data.count(config.missing),
            say,
            small_predictors(config.small_sample_predictors, primary.text),
            config.missing,
        ),
        scores=scale_scores(screened.included, instrument),
        labels=sentence_labels(instrument, config.language),
    )


def _result(
    start: _Start,
    fits: RoleFits | None,
    paths: tuple[PathEstimate, ...],
    verdicts: tuple[HypothesisResult, ...],
    say: Sentences,
) -> RoleResult:
    config, instrument, included = start.inputs.config, start.instrument, start.screened.included
    language, limit, options = config.language, config.disclosure_limit, options_for(config)
    cfa = None if fits is None else fits.cfa
    scales = scale_statistics(included, instrument, start.scores, cfa, options, limit)
    intention = next((scale.pomp for scale in scales if scale.construct == intention_of(start.primary)), NOTHING)
    steps = start.screened.steps
    if config.missing != "fiml":
        steps = (*steps, complete_step(start.data.n, included.n, say))
    rng = np.random.default_rng(config.seed)
    return RoleResult(
        role=start.role,
        title=start.title,
        n=included.n,
        n_universities=_universities(included),
        headline=_headline(start, fits, paths, intention, say),
        intention=intention,
        flow=steps,
        composition=() if start.hidden else composition(included, instrument, language, limit, say),
        constructs=construct_infos(instrument, language),
        scale_labels=agreement_labels(instrument, language),
        items=item_statistics(included, instrument, language, limit),
        scales=scales,
        discriminant=None if cfa is None else discriminant_validity(cfa, start.data, start.labels, options, rng, say),
        method=start.method,
        models=_models(start.model, start.data, start.method, fits, limit, say),
        paths=paths,
        hypotheses=verdicts,
        adopters=None if start.hidden else adopter_shares(included, instrument, language, limit, say),
        notes=_notes(start, say),
    )


def _universities(included: Responses) -> int | None:
    """How many universities the respondents tell; None where nobody tells one."""
    return included.meta["hei"].dropna().nunique() or None


def _headline(
    start: _Start, fits: RoleFits | None, paths: Sequence[PathEstimate], intention: Interval, say: Sentences
) -> tuple[str, ...]:
    included, outcome = start.screened.included, intention_of(start.primary)
    unnamed = 0 if start.hidden else int(included.meta["hei"].isna().sum())
    role = Role(start.role, start.title, included.n, _universities(included), unnamed)
    ends = (PRIMARY, start.model.name, outcome)
    own = [path for path in paths if (path.analysis, path.model, path.outcome) == ends]
    structural = None if fits is None else fits.structural
    return headline(role, outcome, intention, start.method, own, structural, start.labels, say)


def intention_of(model: NamedModel) -> str:
    """The construct that the study is about."""
    return model.text.intention


def sentence_labels(instrument: Instrument, language: str) -> dict[str, str]:
    """Construct id, and code of the question that alone measures it, -> its label as it stands inside a
    sentence."""
    wording = wording_for(instrument, language)
    found = {}
    for construct in instrument.constructs.values():
        label = wording.get(f"construct.{construct.id}.label", construct.id)
        found[construct.id] = label = inside(label, language)
        if construct.kind == "observed":
            found.update(dict.fromkeys(construct.items, label))
    return found


def _fits(start: _Start, say: Sentences, tell: Tell) -> RoleFits:
    config = start.inputs.config
    return fit_role(
        start.model,
        start.data,
        start.inputs.models[1:],
        start.primary.for_role.get(start.role),
        start.screened,
        start.instrument,
        options_for(config),
        say,
        limit=config.cannot_judge_limit,
        sensitivity=config.sensitivity,
        tell=tell,
    )


def _paths(start: _Start, fits: RoleFits | None) -> tuple[PathEstimate, ...]:
    config, screened = start.inputs.config, start.screened
    if fits is not None:
        return tuple(
            path
            for fitted in (fits.structural, *fits.compared, *fits.sensitivity)
            for path in path_estimates(fitted, start.role, config.confidence)
        )
    if start.method.kind not in ("correlation", "regression"):
        return ()
    found = list(_small(start, start.scores))
    if config.sensitivity and screened.everyone.n != screened.included.n:
        again = _small(start, scale_scores(screened.everyone, start.instrument))
        found += [replace(path, analysis=WITHOUT_EXCLUSIONS) for path in again]
    return tuple(found)


def _small(start: _Start, scores: Mapping[str, ScaleScore]) -> tuple[PathEstimate, ...]:
    """Paths of scale scores: rank correlations, or a regression on the predictors that the study names for it."""
    config, primary, role = start.inputs.config, start.primary, start.role
    values = {name: score.values for name, score in scores.items()}
    if start.method.kind == "correlation":
        return rank_paths(primary.text.paths, values, role, primary.name, config.confidence)
    outcome = intention_of(primary)
    chosen = [
        path
        for path in primary.text.paths
        if path.predictor in config.small_sample_predictors and path.outcome == outcome
    ]
    return regression_paths(chosen, values, role, primary.name, config.confidence)


def _models(
    model: RoleModel, data: ModelData, method: MethodChoice, fits: RoleFits | None, limit: int, say: Sentences
) -> tuple[ModelFit, ...]:
    if fits is not None:
        return tuple(with_moments(each.record, model.name, data, limit) for each in fits.all)
    refusal = say("note.no_model", reason=method.reason)
    both = (("cfa", cfa_text(model.text)), ("structural", model.text.text))
    return tuple(
        ModelFit(model.name, variant, PRIMARY, text, data.n_before, data.n, None, refusal) for variant, text in both
    )


def _notes(start: _Start, say: Sentences) -> tuple[Note, ...]:
    config, role, included = start.inputs.config, start.role, start.screened.included
    notes = [*told(included.notes, say), *dropped_notes(start.model, role, config.cannot_judge_limit, say)]
    waves = included.meta["wave"]
    if waves.isna().any() and waves.notna().any():
        notes.append(Note("wave_unknown", say("note.wave_unknown"), "caution", role, say.language))
    if config.wave in ("pre", "post") and included.n and waves.isna().all():
        text = say("note.wave_assumed", wave=config.wave)
        notes.append(Note("wave_assumed", text, "caution", role, say.language))
    if start.hidden:
        text = say("note.too_few_to_show", limit=config.disclosure_limit)
        notes.append(Note("too_few_to_show", text, "caution", role, say.language))
    return tuple(dict.fromkeys(notes))
