"""``run_study``: from a study's decisions and files to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mce_utaut.errors import UsageError
from mce_utaut.files import ReadFile
from mce_utaut.study.common_method import common_method, university_spread
from mce_utaut.study.comparison import compare_roles
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.data_screening import data_screening
from mce_utaut.study.diffusion import diffusion
from mce_utaut.study.factorability import factorability
from mce_utaut.study.fit_cutoffs import fit_cutoffs
from mce_utaut.study.indirect import indirect_effects
from mce_utaut.study.inputs import StudyFiles, StudyInputs, gather
from mce_utaut.study.joint_display import joint_display
from mce_utaut.study.json_form import plain
from mce_utaut.study.local_fit import local_fit
from mce_utaut.study.measurement import scale_scores
from mce_utaut.study.model_comparison import compare_models
from mce_utaut.study.moderation import moderation
from mce_utaut.study.pilot_facts import pilot_facts
from mce_utaut.study.planned_power import planned_power
from mce_utaut.study.points import importance_performance, raw_points
from mce_utaut.study.remedies import remedies
from mce_utaut.study.response_rates import response_rates
from mce_utaut.study.result import SCHEMA, InputFile, Provenance, StudyResult
from mce_utaut.study.role import RoleWork, intention_of, run_role
from mce_utaut.study.score_regression import regressions
from mce_utaut.study.sentences import Sentences, entries
from mce_utaut.study.small_samples import small_samples
from mce_utaut.study.university import university, university_name
from mce_utaut.study.waves import use_after, wave_section
from mce_utaut.study.wording_status import wording_status

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Steps:
    """Counts the steps of a run for the person who waits."""

    report: Progress
    total: int
    done: int = field(default=0)

    def __call__(self, name: str) -> None:
        self.report(name, self.done, self.total)
        self.done += 1

    def go_to(self, done: int) -> None:
        self.done = done


def run_study(
    config: StudyConfig,
    files: StudyFiles,
    *,
    versions: Mapping[str, str],
    run_date: str | None = None,
    study_file: ReadFile | None = None,
    progress: Progress | None = None,
    hei: str | None = None,
) -> StudyResult:
    """The result of the study ``config``, whose paths are read from ``files``.

    ``versions`` (software name -> version), ``run_date`` and the ``study_file`` only go into the
    provenance. ``progress(step, done, total)`` is called before each step. ``hei`` asks for the report of one
    university (``study.university``), whose section the result then has besides. Raises ``StudyError`` and the other
    ``UserMistake``s for what is wrong in the inputs or the choices; a model that cannot be estimated is a
    result.
    """
    _check(config)
    reading = len(config.instruments) + len(config.responses)
    per_role = 2 + len(config.models)
    steps = _Steps(progress or (lambda step, done, total: None), reading + per_role * len(config.instruments))
    inputs = gather(config, files, steps)
    steps.go_to(reading)
    return compute_study(
        inputs, versions=versions, run_date=run_date, study_file=study_file, steps=steps, per_role=per_role, hei=hei
    )


def _check(config: StudyConfig) -> None:
    """What options of a command may have changed after the study file was checked."""
    entries(config.language)
    if config.engine == "semopy" and (config.estimator != "ML" or config.missing != "listwise"):
        raise UsageError("The engine semopy fits complete data by ML only; use the engine native.")


def compute_study(
    inputs: StudyInputs,
    *,
    versions: Mapping[str, str],
    run_date: str | None = None,
    study_file: ReadFile | None = None,
    steps: _Steps | None = None,
    per_role: int = 0,
    hei: str | None = None,
) -> StudyResult:
    """The result of inputs that were read already; arguments as in ``run_study``."""
    config = inputs.config
    say = Sentences(config.language)
    steps = steps or _Steps(lambda step, done, total: None, 0)
    asked = None if hei is None else university_name(hei, inputs.instruments)
    works: list[RoleWork] = []
    for role in config.instruments:
        after = steps.done + per_role
        works.append(run_role(role, inputs, say, steps))
        steps.go_to(after)
    steps.report("", steps.done, steps.total)
    own = () if study_file is None else (InputFile(study_file.name, "study", study_file.sha256),)
    return StudyResult(
        schema=SCHEMA,
        id=config.id,
        title=config.shown_title,
        language=config.language,
        primary_model=inputs.models[0].name,
        disclosure_limit=config.disclosure_limit,
        roles=tuple(work.result for work in works),
        sections=plain(_sections(inputs, works, asked, say)),
        notes=inputs.notes,
        provenance=Provenance(
            versions=dict(versions),
            inputs=(*own, *inputs.files),
            seed=config.seed,
            run_date=run_date,
            instruments={role: (each.id, each.version, each.digest) for role, each in inputs.instruments.items()},
        ),
        outcome=intention_of(inputs.models[0]),
        confidence=config.confidence,
    )


def _waves(works: list[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, object]:
    joined = {work.result.role: work.waves for work in works if work.waves is not None}
    scores = {}
    for work in works:
        if work.waves is not None:
            own = {name: each.values for name, each in scale_scores(work.waves.responses, work.instrument).items()}
            after = use_after(work.waves, work.instrument)
            scores[work.result.role] = own | {f"after:{code}": values for code, values in after.items()}
    return wave_section(joined, scores, config, say)


def _sections(
    inputs: StudyInputs, works: list[RoleWork], hei: str | None, say: Sentences
) -> dict[str, Mapping[str, object]]:
    """The optional analyses by name (docs/study-result.md); one that says nothing is left out."""
    outcome = intention_of(inputs.models[0])
    found = {
        "planning": planned_power(works, inputs.power, inputs.config, outcome, say),
        "response": response_rates(works, inputs.config, say),
        "screening": data_screening(works, inputs.config, say),
        "model_comparison": compare_models(works),
        "comparison": compare_roles(works, inputs.models[0], inputs.config, say),
        "moderation": moderation(works, inputs.models, inputs.config, outcome, say),
        "indirect": indirect_effects(works, inputs.config, say),
        "factorability": factorability(works, inputs.config, say),
        "wording_status": wording_status(works, inputs.config.disclosure_limit, say),
        "remedies": remedies(inputs.instruments, inputs.models[0].text, outcome, say),
        "common_method": common_method(works, inputs.config, outcome, say),
        "universities": university_spread(works, inputs.config, say),
        "waves": _waves(works, inputs.config, say),
        "dynamic_cutoffs": fit_cutoffs(works, inputs.config, say),
        "local_fit": local_fit(works, say),
        "regression": regressions(works, inputs.config, outcome, say),
        "pilots": pilot_facts(works, inputs.pilots, inputs.config, outcome, say),
        "small_samples": small_samples(works, inputs.config, outcome, say),
        "diffusion": diffusion(works, inputs.config, outcome, say),
        "raw_points": raw_points(works, inputs.config, outcome, say),
        "importance_performance": importance_performance(works, inputs.config, outcome, say),
        "university": {} if hei is None else university(works, hei, inputs.config, say),
        "joint_display": joint_display(works, inputs.coded, inputs.secret, inputs.config, outcome, say),
    }
    return {name: section for name, section in found.items() if section}
