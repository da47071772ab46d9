"""A population file -> ``Population``, with every problem at once, each at its line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from mce_utaut.errors import InstrumentError, Problem, StudyError
from mce_utaut.instrument.fitting import fit, suggestion
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Option, Question, Scale
from mce_utaut.instrument.reading import TextFile, decode_yaml, read_tree
from mce_utaut.instrument.shape import Marked
from mce_utaut.simulate.factors import factor_model
from mce_utaut.simulate.population import Population, QuestionTruth, RolePopulation

FORMAT_PAGE = "docs/population-file.md"
TRUTH = "truth.json"  # written beside the files of the roles
_INSTRUMENT_PAGE = "docs/instrument-format.md"  # what the YAML reader's own remedies point to
_ROUNDING = 0.005


def read_population(content: bytes | str, name: str = "population.yaml") -> Population:
    """The population that the YAML ``content`` of the file ``name`` describes.

    Raises ``StudyError`` with every problem: broken YAML, unknown or missing keys, values out of range,
    shares that do not add up, paths and correlations that no population can have.
    """
    try:
        file = TextFile(name, content) if isinstance(content, str) else decode_yaml(name, content)
    except InstrumentError as error:
        raise StudyError(error.problems) from None
    tree = read_tree(file)
    problems = list(tree.problems)
    population = None
    if tree.root is not None:
        fitted = fit(name, tree.root, Population)
        problems += fitted.problems
        population = fitted.shape
    if population is not None and not problems:
        problems += [replace(problem, file=name) for problem in _contradictions(population)]
    if population is None or problems:
        raise StudyError(
            [replace(each, remedy=each.remedy.replace(_INSTRUMENT_PAGE, FORMAT_PAGE)) for each in problems]
        )
    return population


def check_instruments(
    population: Population, instruments: Mapping[str, Instrument], name: str = "population.yaml"
) -> None:
    """Raises ``StudyError`` for everything in ``population`` that the questionnaires of its roles
    (instrument id -> instrument) contradict: languages, options, scales. An item, question or construct
    that a questionnaire lacks is no mistake; nothing is drawn for it."""
    problems: list[Problem] = []
    for role_name, role in population.roles.items():
        instrument = instruments.get(role.instrument)
        if instrument is None:
            what = f"there is no questionnaire {role.instrument}."
            problems.append(_say(role, "instrument", what, suggestion(role.instrument, instruments, "questionnaires")))
            continue
        found = [*_misfits(population, role, instrument)]
        try:
            factor_model(role, instrument.constructs)
        except StudyError as error:
            found += error.problems
        problems += [replace(each, where=f"{role_name}, {each.where}") for each in found]
    if problems:
        raise StudyError([replace(problem, file=name) for problem in dict.fromkeys(problems)])


def option_of(scale: Scale, word: str) -> Option | None:
    """The option of ``scale`` with the name or code ``word``; "cannot judge" (99) where it is offered."""
    if word == CANNOT_JUDGE_CODE and scale.cannot_judge:
        return Option(CANNOT_JUDGE_CODE, "cannot_judge")
    return scale.by_name(word) or scale.by_code(word)


def university_question(instrument: Instrument) -> Question | None:
    """The question that asks for the university, or None."""
    return next((question for question in instrument.questions() if question.purpose == "hei"), None)


def _contradictions(population: Population) -> Iterator[Problem]:
    for scale, cuts in population.cuts.items():
        if any(high <= low for low, high in pairwise(cuts)):
            yield _say(population, "cuts", "the cut points must rise.", "Sort them.", f"cuts, {scale}")
    files = [role.file for role in population.roles.values()]
    for role_name, role in population.roles.items():
        for problem in _role_contradictions(role):
            yield replace(problem, where=f"{role_name}, {problem.where}")
        if files.count(role.file) > 1:
            yield _say(role, "file", "two roles write to one file.", "Name another file.", f"{role_name}, file")
        if PurePath(role.file).name != role.file or "\\" in role.file or role.file == TRUTH:
            remedy = f"Write a file name without a folder, other than {TRUTH}, such as {role_name}s.csv."
            yield _say(role, "file", f"`{role.file}` cannot name a file of the output folder.", remedy)


def _role_contradictions(role: RolePopulation) -> Iterator[Problem]:
    yield from _sums(role, "languages", role.languages)
    if role.universities:
        yield from _sums(role, "universities", role.universities)
    for code, question in role.questions.items():
        if question.shares is not None:
            yield from _sums(question, "shares", question.shares, f"questions, {code}, shares")
    lost = role.not_submitted + role.careless.straight + role.careless.random
    if lost > 1:
        yield _say(role, "careless", "careless and unsubmitted respondents are more than all.", "Lower the shares.")
    if role.icc and not role.universities:
        yield _say(role, "icc", "there are no universities to differ.", "Add `universities:`, or set icc to 0.")
    if role.missing.mechanism == "mar" and role.missing.by is None:
        what = "answers missing at random depend on something."
        yield _say(role.missing, "mechanism", what, "Add `by:` with the code of a question.", "missing")
    try:
        factor_model(role)
    except StudyError as error:
        yield from error.problems


def _sums(part: Marked, key: str, shares: Mapping[str, float], where: str = "") -> Iterator[Problem]:
    total = sum(shares.values())
    if abs(total - 1) > _ROUNDING:
        yield _say(part, key, f"the shares add up to {total:.3f}.", "Make them add up to 1.", where)


def _misfits(population: Population, role: RolePopulation, instrument: Instrument) -> Iterator[Problem]:
    for language in role.languages:
        if language not in instrument.wordings:
            what = f"{instrument.id} has no wording in `{language}`."
            yield _say(role, "languages", what, suggestion(language, instrument.languages, "languages"))
    for scale_id, cuts in population.cuts.items():
        scale = instrument.scales.get(scale_id)
        if scale is not None and len(cuts) != len(scale.options) - 1:
            what = f"{scale_id} has {len(scale.options)} options, so it needs {len(scale.options) - 1} cut points."
            yield _say(population, "cuts", what, f"There are {len(cuts)}.", f"cuts, {scale_id}")
    asked = university_question(instrument)
    if role.universities and asked is not None and asked.scale is not None:
        yield from _unknown_options(role, "universities", role.universities, instrument.scales[asked.scale])
    for code, truth in role.questions.items():
        yield from _question_misfits(code, truth, instrument)
    yield from _driver_misfits(role, instrument)


def _question_misfits(code: str, truth: QuestionTruth, instrument: Instrument) -> Iterator[Problem]:
    try:
        question = instrument.question(code)
    except KeyError:
        return
    where = f"questions, {code}"
    if truth.shares is not None:
        if question.scale is None:
            yield _say(truth, "shares", f"{code} has no options.", "Delete `shares`.", where)
        else:
            yield from _unknown_options(truth, "shares", truth.shares, instrument.scales[question.scale], where)
    counts = truth.mean is not None or truth.part_of is not None
    if counts and question.type not in ("integer", "number"):
        yield _say(truth, "mean", f"{code} is not a number.", "Delete `mean` and `part_of`.", where)
    if truth.part_of is not None and not _is_earlier(truth.part_of, code, instrument):
        what = f"{truth.part_of} is no number asked before {code}."
        yield _say(truth, "part_of", what, "Name an earlier question.", where)
    if truth.texts is not None and question.type not in ("text", "long_text"):
        yield _say(truth, "texts", f"{code} is not answered in words.", "Delete `texts`.", where)


def _driver_misfits(role: RolePopulation, instrument: Instrument) -> Iterator[Problem]:
    driver = role.missing.by
    if driver is None:
        return
    try:
        question = instrument.question(driver)
    except KeyError:
        question = None
    if question is None or question.type != "choice" or question.scale is None:
        what = f"{driver} is no question with options."
        yield _say(role.missing, "by", what, "Name a choice question, such as AGE.", "missing, by")


def _unknown_options(
    part: Marked, key: str, words: Mapping[str, float], scale: Scale, where: str = ""
) -> Iterator[Problem]:
    for word in words:
        if option_of(scale, word) is None:
            known = [option.name for option in scale.options]
            yield _say(part, key, f"`{word}` is no option of {scale.id}.", suggestion(word, known, "options"), where)


def _is_earlier(code: str, than: str, instrument: Instrument) -> bool:
    numbers = [question.code for question in instrument.questions() if question.type in ("integer", "number")]
    return code in numbers and numbers.index(code) < numbers.index(than) if than in numbers else False


def _say(part: Marked, key: str, what: str, remedy: str, where: str = "") -> Problem:
    line, column = part.at(key) or (None, None)
    return Problem(what, remedy, line=line, column=column, where=where or key)
