"""``invariance_ladder``: the same model in several groups under ever more equality, and what each step says.

Continuous items (ML, MLR, FIML): configural, metric, scalar, strict, means (Meredith 1993; Vandenberg & Lance 2000).
Ordered items (WLSMV): configural, thresholds, loadings, intercepts, residuals, means (Wu & Estabrook 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from mce_utaut.errors import NotConverged, NotEstimable, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.fit import Fit, Prepared, fit_table, prepare
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.invariance_gate import HELD, Judgement, judge
from mce_utaut.sem.ladder_tables import CONTINUOUS, ORDINAL, level_table
from mce_utaut.sem.nested_tests import Difference, difference_test
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.partial_invariance import Candidate, Freed, candidates_of, freed_names, search_partial
from mce_utaut.sem.samples import Data
from mce_utaut.sem.syntax import ModelSyntax, parse_syntax
from mce_utaut.sem.variables import thresholds_written

DEFAULT_STEPS = {False: ("configural", "metric", "scalar", "strict"), True: tuple(ORDINAL)[:-1]}


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its name, what is equal over groups, which parameters are exempt, the fit and its indices.

    ``partial`` is True where the search of partial invariance made it.
    """

    name: str
    equal: tuple[str, ...]
    exempt: tuple[str, ...]
    fit: Fit
    indices: Mapping[str, float]
    partial: bool = False

    @property
    def label(self) -> str:
        """The name, with "partial" before it where parameters were freed by the search."""
        return f"partial {self.name}" if self.partial else self.name


@dataclass(frozen=True, slots=True)
class Step:
    """The comparison of two levels.

    ``test`` is lavaan's default difference test, ``others`` further methods that apply; ``judgement`` the
    verdict by changes of fit.
    """

    before: Level
    after: Level
    test: Difference
    others: tuple[Difference, ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Ladder:
    """An invariance ladder: groups and their sizes, levels, steps, the log of the partial search, remarks.

    ``skipped`` names the levels that are not nested in the one before, as intercepts for items of two categories:
    the level after them, which restricts more, stands in for them.
    """

    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    ordered: bool
    prepared: Prepared
    levels: tuple[Level, ...]
    steps: tuple[Step, ...]
    freed: tuple[Freed, ...]
    notes: tuple[Note, ...]
    skipped: tuple[str, ...] = ()

    def reached(self, name: str) -> Level | None:
        """The level ``name`` (full, else partial) if it and every step up to it holds, else None."""
        order = tuple(ORDINAL if self.ordered else CONTINUOUS)
        while name in self.skipped and name != order[-1]:
            name = order[order.index(name) + 1]
        if self.levels[0].name == name:
            return self.levels[0]
        return next((step.after for step in self.steps if step.after.name == name and self._holds(step)), None)

    def broken_before(self, step: Step) -> Step | None:
        """The first step on the way to ``step`` that does not hold (None: all hold): while there is one, how well
        ``step`` fits says nothing of invariance."""
        into = next((each for each in self.steps if each.after is step.before), None)
        if into is None:
            return None
        return self.broken_before(into) or (None if into.judgement.verdict in HELD else into)

    def _holds(self, step: Step) -> bool:
        return step.judgement.verdict in HELD and self.broken_before(step) is None


def invariance_ladder(
    model: str | ModelSyntax,
    data: Data,
    options: FitOptions,
    steps: Sequence[str] = (),
    partial: bool = False,
) -> Ladder:
    """The ladder of a model over the groups of ``options.group`` (or over one ``SampleMoments`` per group).

    ``steps`` are names of levels in order (default: up to strict, or residuals). ``options.group_partial`` exempts
    parameters at every level. With ``partial``, a level that does not hold is followed by a partial one in
    which single parameters are freed until it holds (``partial_invariance``); the next level starts from there.
    Raises UsageError for unknown steps, NotEstimable for fewer than two groups, else as ``fit_model``.
    """
    if options.group_equal:
        raise UsageError("The ladder decides what is equal over the groups; leave group_equal out.")
    syntax = parse_syntax(model) if isinstance(model, str) else model
    if not any(term.op == "=~" for term in syntax.terms):
        raise UsageError("An invariance ladder compares how factors are measured; the model has no factors (=~).")
    if options.ordered or thresholds_written(syntax.terms):
        options = replace(options, parameterization="theta", std_lv=True)
    prepared = prepare(syntax, data, options)
    if len(prepared.samples) < 2:
        raise NotEstimable("An invariance ladder needs at least two groups; the data have one.")
    ordered = bool(prepared.settings.thresholds)
    sizes = tuple(sample.n for sample in prepared.samples)
    climb = _Climb(prepared, sizes, partial)
    for name, equal in _chosen(steps, ordered).items():
        climb.take(name, equal)
    return Ladder(
        groups=tuple(sample.label for sample in prepared.samples),
        sizes=sizes,
        ordered=ordered,
        prepared=prepared,
        levels=tuple(climb.levels),
        steps=tuple(climb.steps),
        freed=tuple(climb.freed),
        notes=(*prepared.notes, *_notes(climb, sizes)),
        skipped=tuple(climb.skipped),
    )


def release_candidates(ladder: Ladder) -> list[Candidate]:
    """The items that could be freed where the ladder first breaks, the largest score test first; empty where it holds,
    where the partial search got past it, or where no factor has an item to spare. The factors are standardised for the
    tests, so that no loading is beyond them."""
    names = [step.after.name for step in ladder.steps]
    for at, step in enumerate(ladder.steps):
        level = step.after
        if step.judgement.verdict in HELD or level.name in names[at + 1 :] or level.name == "means":
            continue
        table = level_table(ladder.prepared, level.equal, level.exempt, True)
        return candidates_of(fit_table(ladder.prepared, table, level.fit), level.name)
    return []


class _Climb:
    """The levels fitted so far.

    Factors keep the scale of the options (by default their first loading is 1) unless that loading is freed; the
    search itself standardises the factors, so that no loading is beyond its tests. The chi-squares are the same.
    """

    def __init__(self, prepared: Prepared, sizes: tuple[int, ...], partial: bool) -> None:
        self.prepared, self.sizes, self.partial = prepared, sizes, partial
        self.levels: list[Level] = []
        self.steps: list[Step] = []
        self.freed: list[Freed] = []
        self.skipped: list[str] = []
        table = level_table(prepared, ())
        self._markers = {row.lhs + row.op + row.rhs for row in table.rows if row.op == "=~" and not row.free}

    def take(self, name: str, equal: tuple[str, ...]) -> None:
        """Fit the next level, compare it with the last one, and search a partial one where that is asked for."""
        exempt = freed_names(self.freed, self.prepared, equal) if self.freed else ()
        level = self._level(name, equal, exempt, bool(exempt))
        before = self.levels[-1] if self.levels else None
        if before is not None and level.fit.test.df < before.fit.test.df:
            self.skipped.append(name)
            return
        self.levels.append(level)
        if before is None:
            return
        step = self._step(before, level)
        self.steps.append(step)
        if not self.partial or name == "means" or step.judgement.verdict in HELD:
            return
        found = search_partial(
            self._fit(equal, exempt, True), name, exempt, lambda names: self._trial(before, name, equal, names)
        )
        self.freed.extend(found)
        if self.freed and self.freed[-1].level == name:
            names = freed_names(self.freed, self.prepared, equal)
            better = self._level(name, equal, names, True)
            self.levels.append(better)
            self.steps.append(self._step(before, better))

    def _level(self, name: str, equal: tuple[str, ...], exempt: Sequence[str], partial: bool) -> Level:
        fit = self._fit(equal, exempt, not self._markers.isdisjoint(exempt))
        return Level(name, equal, (*self.prepared.options.group_partial, *exempt), fit, fit_indices(fit), partial)

    def _trial(self, before: Level, name: str, equal: tuple[str, ...], exempt: Sequence[str]) -> tuple[Fit, str]:
        level = self._level(name, equal, exempt, True)
        verdict = self._step(before, level).judgement.verdict
        return level.fit if verdict == "holds" else self._fit(equal, exempt, True), verdict

    def _fit(self, equal: tuple[str, ...], exempt: Sequence[str], std_lv: bool) -> Fit:
        near = self.levels[-1].fit if self.levels else None
        try:
            return fit_table(self.prepared, level_table(self.prepared, equal, exempt, std_lv or None), near)
        except (NotEstimable, NotConverged) as reason:
            known = ORDINAL if self.prepared.settings.thresholds else CONTINUOUS
            level = f"level {next(name for name, kinds in known.items() if kinds == equal)}"
            places = [f"{problem.where}, {level}" if problem.where else level for problem in reason.problems]
            raise type(reason)(
                [replace(problem, where=where) for problem, where in zip(reason.problems, places, strict=True)]
            ) from reason.__cause__

    def _step(self, before: Level, after: Level) -> Step:
        test = difference_test(before.fit, after.fit)
        ordered = bool(self.prepared.settings.thresholds)
        verdict = judge(after.name, before.indices, after.indices, test.df, self.sizes, ordered)
        return Step(before, after, test, _other_tests(before.fit, after.fit, test), verdict)


def _other_tests(before: Fit, after: Fit, test: Difference) -> tuple[Difference, ...]:
    """The scaled difference by another method beside that of ``satorra.bentler.2001``."""
    if test.method != "satorra.bentler.2001":
        return ()
    incomplete = before.inference.discrepancy == "FIML"
    return (difference_test(before, after, "satorra.bentler.2010" if incomplete else "satorra.2000"),)


def _chosen(steps: Sequence[str], ordered: bool) -> dict[str, tuple[str, ...]]:
    known = ORDINAL if ordered else CONTINUOUS
    steps = tuple(steps) or DEFAULT_STEPS[ordered]
    unknown = [name for name in steps if name not in known]
    if unknown:
        kind = "ordered" if ordered else "continuous"
        raise UsageError(f"The ladder of {kind} items has no {', '.join(unknown)}; it has {', '.join(known)}.")
    in_order = [name for name in known if name in steps]
    if list(steps) != in_order:
        raise UsageError(f"The steps must come once each and in the order {', '.join(known)}.")
    return {name: known[name] for name in steps}


def _notes(climb: _Climb, sizes: tuple[int, ...]) -> list[Note]:
    notes = []
    for level in climb.levels:
        for note in level.fit.notes:
            if note.level == "problem":
                notes.append(replace(note, where=", ".join(part for part in (level.label, note.where) if part)))
    for name in climb.skipped:
        text = (
            f"The level {name} is not nested in the one before and was left out: items of two categories gain a free "
            "residual variance with an equal intercept, and all levels are tested together (Wu & Estabrook 2016)."
        )
        notes.append(Note("level_not_nested", text, "caution", values=(("level", name),)))
    if min(sizes) < 100:
        text = f"The smallest group has {min(sizes)} cases; below 100 a ladder is not to be relied on."
        notes.append(Note("small_group", text, "caution", values=(("n", min(sizes)),)))
    first = climb.levels[0].indices
    robust = first.get("cfi_robust", float("nan"))
    kind, cfi = ("CFI", first["cfi"]) if isnan(robust) else ("robust CFI", robust)
    if cfi < 0.90:
        text = (
            f"The first level itself fits poorly ({kind} {cfi:.3f}): invariance of a model that does not describe "
            "the groups says little."
        )
        notes.append(Note("poor_first_level", text, "caution", values=(("cfi", f"{cfi:.3f}"),)))
    return notes
