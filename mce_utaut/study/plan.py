"""The plan of a study as blocks of text and tables, from its decisions alone: what ``preregister`` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from mce_utaut.study.headline import role_title
from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.inputs import PlanInputs, moderator_claims
from mce_utaut.study.method_choice import choose_method, small_predictors
from mce_utaut.study.moderators import moderator_title, side_title
from mce_utaut.study.power_file import power_sentence, size_for
from mce_utaut.study.role import sentence_labels
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import construct_infos, wording_for


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table of text: the heading, and rows of as many cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """A part of the plan: title, sentences, model text to be set as code, tables."""

    title: str
    lines: tuple[str, ...] = ()
    code: tuple[tuple[str, str], ...] = ()  # (what it is, the text)
    tables: tuple[PlanTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan in one language."""

    title: str
    language: str
    lead: tuple[str, ...]
    blocks: tuple[PlanBlock, ...]


def plan_study(inputs: PlanInputs) -> Plan:
    """The plan of a study. It says how many files of responses were there already."""
    config = inputs.config
    say = Sentences(config.language)
    n = len(config.responses)
    there = inputs.responses_there
    data = say("plan.some_data", there=there, n=n) if there else say("plan.no_data", n=n)
    blocks = (
        _roles(inputs, say),
        _hypotheses(inputs, say),
        _models(inputs, say),
        _measures(inputs, say),
        _sample(inputs, say),
        _exclusions(inputs, say),
        _estimation(inputs, say),
        _rules(inputs, say),
        _files(inputs, say),
    )
    title = say("plan.title", title=config.shown_title)
    return Plan(title, config.language, (say("plan.lead"), data), blocks)


def _head(say: Sentences, *keys: str) -> tuple[str, ...]:
    return tuple(say(f"plan.{key}") for key in keys)


def _roles(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    rows = tuple(
        (role_title(role, say), each.id, each.version, each.digest[:16]) for role, each in inputs.instruments.items()
    )
    return PlanBlock(
        say("plan.roles"), tables=(PlanTable(_head(say, "role", "questionnaire", "version", "digest"), rows),)
    )


def _hypotheses(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    """The hypotheses that the study tests; those about moderators that it does not name are told below, as the report
    will: not testable."""
    named = {each.name for each in inputs.config.moderators}
    rows: dict[str, tuple[str, ...]] = {}
    for model in inputs.models:
        for each in model.hypotheses:
            if not each.moderator or each.moderator in named:
                rows.setdefault(each.id, _hypothesis(each, inputs, say))
    left = [each for each in moderator_claims(inputs.models) if each.moderator not in named]
    titles = dict.fromkeys(moderator_title(each.moderator, inputs.instruments.values(), say) for each in left)
    ids, names = say.listed([each.id for each in left]), "; ".join(titles)
    lines = (say("plan.not_tested", n=len(left), ids=ids, names=names),) if left else ()
    head = _head(say, "id", "claim", "path", "expected", "waves", "source")
    return PlanBlock(say("plan.hypotheses"), lines, tables=(PlanTable(head, tuple(rows.values())),))


def _hypothesis(each: Hypothesis, inputs: PlanInputs, say: Sentences) -> tuple[str, ...]:
    path, expected = each.path, say(f"plan.sign.{each.expected}")
    if each.moderator:
        asked = inputs.instruments.values()
        path += f" × {moderator_title(each.moderator, asked, say)}"
        expected = say("plan.stronger", where=side_title(each.stronger, each.moderator, asked, say))
    waves = say.listed([say(f"wave.{wave}") for wave in each.requires.waves])
    return each.id, each.claimed(say.language), path, expected, waves, each.source


def _models(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    code = tuple(
        (say("plan.other" if i else "plan.primary", name=model.name), model.text.text.strip())
        for i, model in enumerate(inputs.models)
    )
    return PlanBlock(say("plan.models"), code=code)


def _measures(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    tables = []
    for role, instrument in inputs.instruments.items():
        wording = wording_for(instrument, say.language)
        labels = {each.id: each.label for each in construct_infos(instrument, say.language)}
        rows = tuple(
            (role_title(role, say), labels.get(item.construct, ""), item.code, wording.get(f"item.{item.code}"))
            for _, item in instrument.items()
            if item.construct
        )
        tables.append(PlanTable(_head(say, "role", "construct", "item", "wording"), rows))
    return PlanBlock(say("plan.measures"), tables=tuple(tables))


def _sample(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    config = inputs.config
    rows = []
    predictors = small_predictors(config.small_sample_predictors, inputs.models[0].text)
    for role in config.instruments:
        n = config.planned_n.get(role)
        allows = "" if n is None else choose_method(n, say, predictors, config.missing).reason
        rows.append((role_title(role, say), say("plan.not_planned") if n is None else str(n), allows))
    table = PlanTable(_head(say, "role", "planned", "allows"), tuple(rows))
    return PlanBlock(say("plan.sample"), tuple(_power(inputs, say)), tables=(table,))


def _power(inputs: PlanInputs, say: Sentences) -> Iterator[str]:
    """What was simulated of each role's planned size, in words."""
    outcome = inputs.models[0].text.intention
    for role, each in inputs.instruments.items():
        simulated = inputs.power and inputs.power.roles.get(role)
        size = simulated and size_for(simulated, inputs.config.planned_n.get(role, 0))
        if size:
            yield f"{role_title(role, say)}: {power_sentence(size, outcome, sentence_labels(each, say.language), say)}"


def _exclusions(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    rules = inputs.config.exclude
    on = [say(f"plan.rule.{each.name}") for each in fields(rules) if getattr(rules, each.name)]
    limit = say.numbers.percent(inputs.config.cannot_judge_limit)
    lines = (say("plan.always"), *on, say("plan.no_more"), say("plan.items_rule", limit=limit))
    return PlanBlock(say("plan.exclusions"), lines)


def _estimation(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    config = inputs.config
    first = say(
        "plan.estimator",
        estimator=config.estimator,
        missing=say(f"plan.missing.{config.missing}"),
        engine=say(f"plan.engine.{config.engine}"),
        level=f"{say.numbers.level(config.confidence)}%",
        seed=config.seed,
        replicates=config.replicates,
    )
    return PlanBlock(say("plan.estimation"), (first, say("plan.sensitivity")) if config.sensitivity else (first,))


def _rules(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    config = inputs.config
    lines = [say("plan.path_rule", sesoi=say.numbers.bounded(config.sesoi))]
    if len(config.instruments) > 1:
        lines.append(say("plan.compare_rule", difference=say.numbers.bounded(config.sesoi_difference)))
    if config.moderators:
        names = say.listed([moderator_title(m.name, inputs.instruments.values(), say) for m in config.moderators])
        lines.append(say("plan.moderator_rule", names=names, sesoi=say.numbers.bounded(config.sesoi)))
    if config.priors:
        show, sd = say.numbers.bounded, say("moderation.sd")
        told = [f"{name}: {show(each.mean)} ({sd} {show(each.sd)})" for name, each in config.priors.items()]
        lines.append(say("plan.priors", priors="; ".join(told)))
    if config.marker:
        lines.append(say("plan.marker", marker=config.marker))
    if config.pilots is not None:
        lines.append(say("plan.pilots", names=say.listed(list(config.pilots.descriptors))))
    if config.wave:
        lines.append(say("plan.wave_rule", wave=say(f"wave.{config.wave}")))
    return PlanBlock(say("plan.rules"), tuple(lines))


def _files(inputs: PlanInputs, say: Sentences) -> PlanBlock:
    rows = tuple((_purpose(each.purpose, say), each.name, each.sha256) for each in inputs.files)
    return PlanBlock(say("plan.files"), tables=(PlanTable((*_head(say, "purpose", "file"), "sha256"), rows),))


def _purpose(purpose: str, say: Sentences) -> str:
    key = f"plan.purposes.{purpose}"
    return say(key) if say.has(key) else purpose
