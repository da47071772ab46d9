"""The models of one role: which fits are run on which rows, and the paths they give."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pandas as pd

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses
from mce_utaut.responses.screening import exclude_cannot_judge
from mce_utaut.sem.effect_sizes import effect_sizes
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.second_opinion import second_opinion
from mce_utaut.study.fitting import Fitted, parameters, try_fit
from mce_utaut.study.inputs import NamedModel
from mce_utaut.study.item_tables import cannot_judge_share
from mce_utaut.study.library_notes import in_words
from mce_utaut.study.method_choice import LEAST_FOR_EVERYTHING, LEAST_FOR_SEM
from mce_utaut.study.model_data import ModelData, item_codes, model_data
from mce_utaut.study.model_text import ModelText, cfa_text, factors_left, read_model, without_items
from mce_utaut.study.numbers import defined, interval
from mce_utaut.study.result import PathEstimate
from mce_utaut.study.screening import Screened
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import column_of

PRIMARY = "primary"
WITHOUT_EXCLUSIONS = "sensitivity: without exclusions"
BY_UNIVERSITY = "sensitivity: standard errors by university"
FEW_CANNOT_JUDGE = "sensitivity: few cannot judge"
ROLE_ITEMS = "sensitivity: with the role's own items"
ML_COMPLETE = "sensitivity: ML on complete answers"
MLR_FIML = "sensitivity: MLR with FIML"
ORDERED = "sensitivity: WLSMV on complete answers"
MOST_CANNOT_JUDGE = 0.10  # of a respondent's items, in the sensitivity run (decision 7)
LEAST_UNIVERSITIES = 5
CLUSTER = "university_"
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class RoleModel:
    """A model as a role can fit it: ``text`` is without the items that left; ``dropped`` names those, and
    ``kept`` those that would have left if their factor could do without them."""

    name: str
    text: ModelText
    dropped: tuple[str, ...]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RoleFits:
    """The fits of one role in the order of the report: CFA and structural model of the primary analysis,
    the compared models, the sensitivity runs; ``data`` are the rows of the primary analysis."""

    model: RoleModel
    data: ModelData
    cfa: Fitted
    structural: Fitted
    compared: tuple[Fitted, ...]
    sensitivity: tuple[Fitted, ...]

    @property
    def all(self) -> tuple[Fitted, ...]:
        """Every fit."""
        return (self.cfa, self.structural, *self.compared, *self.sensitivity)


def role_model(model: NamedModel | RoleModel, responses: Responses, instrument: Instrument, limit: float) -> RoleModel:
    """The model without the items that more than the share ``limit`` could not judge (decision 7). A factor
    keeps its items where fewer than two would be left, since the model would fall apart."""
    text = model.text
    codes = item_codes(instrument, text.observed, model.name)
    items = [item for own in text.factors.values() for item in own]
    over = [item for item in items if cannot_judge_share(responses, instrument, codes[item]) > limit]
    left = factors_left(text, over)
    dropped = tuple(item for item in over if len(left[_factor_of(text, item)]) >= 2)
    kept = tuple(item for item in over if item not in dropped)
    if not dropped:
        return RoleModel(model.name, text, (), kept)
    return RoleModel(model.name, read_model(without_items(text, dropped)), dropped, kept)


def dropped_notes(model: RoleModel, role: str, limit: float, say: Sentences) -> tuple[Note, ...]:
    """One note per item that left the model, or should have."""
    share = say.numbers.percent(limit)
    left = [
        Note("item_left_model", say("note.item_left", item=item, limit=share), "caution", role, say.language)
        for item in model.dropped
    ]
    kept = [
        Note("item_kept", say("note.item_kept", item=item, limit=share), "caution", role, say.language)
        for item in model.kept
    ]
    return (*left, *kept)


def fit_role(
    primary: RoleModel,
    data: ModelData,
    compared: Collection[NamedModel],
    for_role: ModelText | None,
    screened: Screened,
    instrument: Instrument,
    options: FitOptions,
    say: Sentences,
    *,
    limit: float,
    sensitivity: bool,
    tell: Callable[[str], None],
) -> RoleFits:
    """Every fit of a role that is large enough for a structural model."""
    text = primary.text.text
    tell(primary.name)
    cfa = try_fit(cfa_text(primary.text), data, options, name=primary.name, variant="cfa", analysis=PRIMARY)
    structural = try_fit(text, data, options, name=primary.name, variant="structural", analysis=PRIMARY)
    structural = _with_note(structural, equivalence_note(cfa, structural, say))
    structural = _with_note(structural, _one_wave_note(primary.text, instrument, say))
    others = []
    for model in compared:
        tell(model.name)
        own = role_model(model, screened.included, instrument, limit)
        rows = model_data(screened.included, instrument, own.text.observed, own.name)
        fitted = try_fit(own.text.text, rows, options, name=own.name, variant="structural", analysis=PRIMARY)
        others.append(_with_note(fitted, _one_wave_note(own.text, instrument, say)))
    runs: list[Fitted] = []
    if sensitivity:
        tell("sensitivity")
        runs = _sensitivity(primary, for_role, screened, instrument, options, limit, data, say)
    cfa, structural, *rest = (in_words(each, say) for each in (cfa, structural, *others, *runs))
    return RoleFits(primary, data, cfa, structural, tuple(rest[: len(others)]), tuple(rest[len(others) :]))


def equivalence_note(cfa: Fitted, structural: Fitted, say: Sentences) -> Note | None:
    """The sentence that the structural fit is that of the CFA (method rule E1), where it is."""
    if cfa.record.fit is None or structural.record.fit is None:
        return None
    one, other = cfa.record.fit["fit"], structural.record.fit["fit"]
    if one["df"] != other["df"] or one["chisq"] is None or other["chisq"] is None:
        return None
    if abs(one["chisq"] - other["chisq"]) > _SAME * max(1.0, abs(one["chisq"])):
        return None
    printed = one["chisq"] if one.get("chisq_scaled") is None else one["chisq_scaled"]  # as in the table of fits
    chisq, df = say.numbers.plain(printed), int(one["df"])
    return Note("equivalent_to_cfa", say("note.equivalent", chisq=chisq, df=df), "caution", "", say.language)


def path_estimates(
    fitted: Fitted, role: str, level: float, association: Collection[str] = ()
) -> tuple[PathEstimate, ...]:
    """The paths of a usable structural fit; none of an improper one (method rule E6)."""
    if not fitted.usable:
        return ()
    record = fitted.record
    assert fitted.fit is not None
    sizes = {(each.outcome, each.predictor): each.f2 for each in effect_sizes(fitted.fit)}
    df = (record.fit or {}).get("reference_df")
    wald, delta = (f"{name}, t({df})" if df else name for name in ("Wald", "delta method"))
    return tuple(
        PathEstimate(
            role=role,
            model=record.name,
            analysis=record.analysis,
            outcome=row["lhs"],
            predictor=row["rhs"],
            label=row["label"] or "",
            method="sem",
            n=record.n,
            estimate=interval(row["est"], row["ci_lower"], row["ci_upper"], level, wald),
            standardised=interval(
                row["std_all"], row["std_all_ci_lower"], row["std_all_ci_upper"], level, delta
            ),
            se=defined(row["se"]),
            p=defined(row["pvalue"]),
            f2=defined(sizes[row["lhs"], row["rhs"]]),
        )
        for row in parameters(record, "~")
    )


def _sensitivity(
    primary: RoleModel,
    for_role: ModelText | None,
    screened: Screened,
    instrument: Instrument,
    options: FitOptions,
    limit: float,
    data: ModelData,
    say: Sentences,
) -> list[Fitted]:
    """The structural model by other estimators, on other respondents and with other items. A run that
    would repeat the primary one or has too few respondents is left out."""
    # These runs ask whether the answer changes, not whether two engines agree.
    options = replace(options, engine="native")
    included, everyone = screened.included, screened.everyone
    items = [item for own in primary.text.factors.values() for item in own]
    codes = item_codes(instrument, items, primary.name)
    judging = exclude_cannot_judge(included, [column_of(instrument, codes[item]) for item in items], MOST_CANNOT_JUDGE)
    runs: list[tuple[str, ModelText, Responses]] = [
        (WITHOUT_EXCLUSIONS, primary.text, everyone),
        (FEW_CANNOT_JUDGE, primary.text, judging),
    ]
    if for_role is not None:
        own = role_model(RoleModel(primary.name, for_role, ()), included, instrument, limit)
        runs.append((ROLE_ITEMS, own.text, included))
    found = _by_other_estimators(primary, data, options, say)
    found += _by_university(primary, included, data, options)
    for analysis, text, responses in runs:
        rows = model_data(responses, instrument, text.observed, primary.name)
        n = rows.count(options.missing)
        repeats = analysis != ROLE_ITEMS and n == data.count(options.missing)
        if n >= LEAST_FOR_SEM and not repeats:
            found.append(_again(primary.name, text, rows, options, analysis))
    return found


def _by_university(primary: RoleModel, included: Responses, data: ModelData, options: FitOptions) -> list[Fitted]:
    """The primary model with cluster-robust standard errors referred to t, where the universities of 100 respondents
    are known and are five or more. With ten they are still too few for more than a sensitivity run (rule G6)."""
    universities = included.meta["hei"]
    known = universities.notna().to_numpy()
    codes, names = pd.factorize(universities)
    rows = ModelData({name: values[known] for name, values in data.columns.items()}, data.complete[known])
    if options.ordered or len(names) < LEAST_UNIVERSITIES or rows.count(options.missing) < LEAST_FOR_SEM:
        return []
    clustered = ModelData({**rows.columns, CLUSTER: codes[known].astype(float)}, rows.complete)
    own = replace(options, estimator="MLR", cluster=CLUSTER, reference="t")
    return [_again(primary.name, primary.text, clustered, own, BY_UNIVERSITY)]


def _by_other_estimators(primary: RoleModel, data: ModelData, options: FitOptions, say: Sentences) -> list[Fitted]:
    """What the primary estimator is not: ML on complete answers, MLR with FIML, WLSMV (from 200 complete
    answers on: below, categories are too sparse for it, rule G1)."""
    found = []
    chosen = (options.estimator, options.missing)
    plain = replace(options, ordered=())
    if chosen not in (("ML", "listwise"), ("MLR", "listwise")) and data.n >= LEAST_FOR_SEM:
        ml = replace(plain, estimator="ML", missing="listwise")
        found.append(_with_second_opinion(_again(primary.name, primary.text, data, ml, ML_COMPLETE), say))
    if options.missing != "fiml" and data.count("fiml") > data.n:
        fiml = replace(plain, estimator="MLR", missing="fiml")
        found.append(_again(primary.name, primary.text, data, fiml, MLR_FIML))
    if options.estimator != "WLSMV" and data.n >= LEAST_FOR_EVERYTHING:
        ordered = replace(plain, estimator="WLSMV", missing="listwise", ordered=("all",))
        found.append(_again(primary.name, primary.text, data, ordered, ORDERED))
    return found


def _with_second_opinion(fitted: Fitted, say: Sentences) -> Fitted:
    """The fit with a note on how far semopy's own estimates agree (not where semopy cannot fit the model)."""
    if fitted.fit is None:
        return fitted
    other = second_opinion(fitted.fit)
    if not other.applicable:
        return fitted
    digits = max(0, min(9, math.floor(-math.log10(max(other.difference, 1e-12)))))
    text = say("note.second_opinion", version=other.version, n=digits)
    return _with_note(fitted, Note("second_opinion", text, "info" if digits >= 3 else "caution", "", say.language))


def _again(name: str, text: ModelText, data: ModelData, options: FitOptions, analysis: str) -> Fitted:
    return try_fit(text.text, data, options, name=name, variant="structural", analysis=analysis)


def _one_wave_note(text: ModelText, instrument: Instrument, say: Sentences) -> Note | None:
    """Use asked in the wave of the intention: an association, no prediction (decision 3)."""
    use = set(instrument.constructs["USE"].items) | {"USE"} if "USE" in instrument.constructs else {"USE"}
    if not any(path.outcome in use for path in text.paths):
        return None
    return Note("one_wave", say("note.one_wave"), "caution", "", say.language)


def _with_note(fitted: Fitted, note: Note | None) -> Fitted:
    if note is None:
        return fitted
    return replace(fitted, record=replace(fitted.record, notes=(*fitted.record.notes, note)))


def _factor_of(text: ModelText, item: str) -> str:
    return next(name for name, own in text.factors.items() if item in own)
