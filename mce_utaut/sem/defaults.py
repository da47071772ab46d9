"""From statements to a ``ParameterTable``: lavaan's defaults, groups, and equality across groups.

The row order is lavaan's: rows of the model first, then thresholds, variances, covariances, moments of
exogenous variables, scales, intercepts; the whole repeated for each group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from mce_utaut.errors import Problem, SyntaxProblem, UsageError
from mce_utaut.sem.default_rules import DefaultRules, Key, ModelSettings, State
from mce_utaut.sem.expressions import Expression, linear_form, names_in, substituted
from mce_utaut.sem.modifiers import Modifier
from mce_utaut.sem.syntax import Equality, ModelSyntax, Term
from mce_utaut.sem.table import Parameter, ParameterTable, solve_constraints
from mce_utaut.sem.variables import Variables, classify

GROUP_EQUAL = (
    "loadings",
    "intercepts",
    "means",
    "thresholds",
    "regressions",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
)


def build_table(
    model: ModelSyntax, settings: ModelSettings, variables: Variables | None = None
) -> ParameterTable:
    """The complete parameter table of a model; raises SyntaxProblem for what contradicts itself.

    ``variables`` are those of the model, where they are known already.
    """
    variables = classify(model.terms) if variables is None else variables
    _check_variables(model, variables, settings)
    written = _merged(model.terms, len(settings.groups), (*variables.latent, *variables.observed))
    keys = list(written)
    keys += [key for key in _default_keys(variables, settings) if not _has(written, key)]
    exogenous = frozenset(variables.observed_x) if settings.fixed_x else frozenset()
    fixed_keys = frozenset(_markers(keys, settings) | _single_indicators(written))
    rules = DefaultRules(variables, settings, fixed_keys, exogenous)
    rows = [
        _row(key, group, written.get(key), rules.state(key, group > 0, key in written))
        for group in range(len(settings.groups))
        for key in keys
    ]
    ties = _equal_modifiers(rows, written, keys, len(settings.groups)) + _group_ties(
        rows, len(keys), variables, settings
    )
    linear, nonlinear = _equalities(model, rows)
    numbered, free_rows, K, k0 = solve_constraints(rows, ties, linear)
    _check_definitions(model, numbered)
    return ParameterTable(
        rows=tuple(numbered),
        groups=settings.groups,
        observed=variables.observed,
        latent=variables.latent,
        exogenous=variables.observed_x,
        ordered=tuple(n for n in variables.observed if n in settings.thresholds),
        meanstructure=settings.meanstructure,
        parameterization=settings.parameterization,
        definitions=model.definitions,
        free_rows=free_rows,
        K=K,
        k0=k0,
        conditional=settings.conditional and bool(exogenous),
        nonlinear=nonlinear,
    )


def _equalities(model: ModelSyntax, rows: Sequence[Parameter]) -> tuple[list[Equality], tuple[Equality, ...]]:
    """The linear and the other constraints of a model, its defined parameters written out in them."""
    if not model.equalities:
        return [], ()
    meaning: dict[str, Expression] = {}
    for definition in model.definitions:
        meaning[definition.name] = substituted(definition.expression, meaning)
    labels = {row.label for row in rows if row.label}
    linear, nonlinear, problems = [], [], []
    for each in model.equalities:
        written = replace(each, difference=substituted(each.difference, meaning))
        if linear_form(written.difference) is not None:
            linear.append(written)
            continue
        nonlinear.append(written)
        for name in names_in(written.difference):
            if name.name not in labels:
                what, remedy = f"no parameter has the label {name.name}.", "Label it in the model first."
                problems.append(Problem(what, remedy, line=each.line, column=each.column))
    if problems:
        raise SyntaxProblem(problems)
    return linear, tuple(nonlinear)


def _has(written: Mapping[Key, object], key: Key) -> bool:
    return key in written or (key[1] == "~~" and (key[2], "~~", key[0]) in written)


def _thresholds(count: int) -> tuple[str, ...]:
    return tuple(f"t{number}" for number in range(1, count + 1))


def _check_variables(model: ModelSyntax, variables: Variables, settings: ModelSettings) -> None:
    problems = []
    for term in model.terms:
        count = settings.thresholds.get(term.lhs)
        if term.op not in ("|", "~*~") or (count and (term.op == "~*~" or term.rhs in _thresholds(count))):
            continue
        if count:
            what = f"{term.lhs} has {count + 1} categories, and no threshold {term.rhs}."
            remedy = f"Its thresholds are {', '.join(_thresholds(count))}."
        elif term.lhs in variables.latent:
            what, remedy = f"{term.lhs} is latent and has no {term.op}.", "Remove the term."
        else:
            what = f"{term.lhs} is not ordered and has no {term.op}."
            remedy = f"Name it among the ordered variables (--ordered {term.lhs}), or remove the term."
        problems.append(Problem(what, remedy, line=term.line, column=term.column))
    if problems:
        raise SyntaxProblem(problems)


def _merged(terms: Sequence[Term], groups: int, order: Sequence[str]) -> dict[Key, tuple[Modifier, ...]]:
    """The modifiers of each written parameter; a parameter may be written again to add another modifier.

    Covariances are turned so that the variable that comes first in ``order`` stands first.
    """
    place = {name: i for i, name in enumerate(order)}
    merged: dict[Key, tuple[Modifier, ...]] = {}
    problems = []
    for term in terms:
        key = (term.lhs, term.op, term.rhs)
        if term.op == "~~" and place[term.lhs] > place[term.rhs]:
            key = (term.rhs, "~~", term.lhs)
        for modifier in term.modifiers:
            if len(modifier.values) not in (1, groups):
                problems.append(
                    Problem(
                        f"c(..) has {len(modifier.values)} entries, but the number of groups is {groups}.",
                        "Write one entry per group.",
                        line=modifier.line,
                        column=modifier.column,
                    )
                )
        if key in merged:
            kinds = {modifier.kind for modifier in merged[key]}
            if not term.modifiers or kinds & {modifier.kind for modifier in term.modifiers}:
                problems.append(
                    Problem(
                        f"{' '.join(part for part in key if part)} stands twice in the model.",
                        "Remove one of them.",
                        line=term.line,
                        column=term.column,
                    )
                )
        merged[key] = merged.get(key, ()) + term.modifiers
    if problems:
        raise SyntaxProblem(problems)
    return merged


def _default_keys(variables: Variables, settings: ModelSettings) -> list[Key]:
    thresholds = settings.thresholds
    keys: list[Key] = [
        (name, "|", threshold)
        for name in variables.observed
        if name in thresholds
        for threshold in _thresholds(thresholds[name])
    ]
    x = variables.observed_x
    keys += [(n, "~~", n) for n in (*variables.observed_other, *variables.latent)]
    keys += [(a, "~~", b) for a, b in combinations(variables.latent_x, 2)]
    keys += [(a, "~~", b) for a, b in combinations((*variables.latent_y, *variables.observed_y), 2)]
    keys += [(a, "~~", b) for i, a in enumerate(x) for b in x[i:]]
    keys += [(n, "~*~", n) for n in variables.observed if n in thresholds]
    if settings.meanstructure:
        keys += [(n, "~1", "") for n in (*variables.observed, *variables.latent)]
    return keys


def _markers(keys: Sequence[Key], settings: ModelSettings) -> set[Key]:
    """The first loading of each latent variable, where that sets its scale."""
    if settings.std_lv:
        return set()
    first: dict[str, Key] = {}
    for key in keys:
        if key[1] == "=~":
            first.setdefault(key[0], key)
    return set(first.values())


def _single_indicators(written: Mapping[Key, object]) -> set[Key]:
    """The residual variances of the indicators of one-indicator latent variables: fixed to 0.

    As in lavaan an indicator that measures another latent variable too keeps its residual variance.
    """
    indicators: dict[str, list[str]] = {}
    for lhs, op, rhs in written:
        if op == "=~":
            indicators.setdefault(lhs, []).append(rhs)
    uses = Counter(name for names in indicators.values() for name in names)
    alone = [names[0] for names in indicators.values() if len(names) == 1 and uses[names[0]] == 1]
    return {(name, "~~", name) for name in alone}


def _row(key: Key, group: int, modifiers: Sequence[Modifier] | None, state: State) -> Parameter:
    """A row of a group (from 0) as its modifiers (fixed value, NA, label, start) have it; None: not written."""
    lhs, op, rhs = key
    free, fixed, exo, computed = state
    label, start = "", float("nan")
    for modifier in modifiers or ():
        value = modifier.values[group] if len(modifier.values) > 1 else modifier.values[0]
        if value is None:
            continue
        if modifier.kind == "fixed":
            free, fixed, computed = 0, float(value), False
        elif modifier.kind == "free":
            free, fixed, computed = 1, float("nan"), False
        elif modifier.kind == "label":
            label = str(value)
        elif modifier.kind == "start":
            start = float(value)
    return Parameter(lhs, op, rhs, group + 1, label, free, fixed, start, exo, modifiers is not None, computed)


def _equal_modifiers(
    rows: Sequence[Parameter], written: Mapping[Key, tuple[Modifier, ...]], keys: Sequence[Key], groups: int
) -> list[tuple[int, int]]:
    """Ties asked for by ``equal("...")``, which names a label or a parameter such as ``f=~x2``."""
    if not any(modifier.kind == "equal" for modifiers in written.values() for modifier in modifiers):
        return []
    names = {rhs + op + lhs: i for i, (lhs, op, rhs) in enumerate(keys) if op == "~~"}
    names |= {"".join(key): i for i, key in enumerate(keys)}
    ties, problems = [], []
    for at, key in enumerate(keys):
        for modifier in written.get(key, ()):
            if modifier.kind != "equal":
                continue
            target = str(modifier.values[0]).replace(" ", "")
            place = names.get(target, next((i for i, row in enumerate(rows) if row.label == target), None))
            if place is None:
                problems.append(
                    Problem(
                        f'equal("{target}") names no parameter.',
                        "Write it as in the model.",
                        line=modifier.line,
                        column=modifier.column,
                    )
                )
                continue
            place %= len(keys)
            ties += [(g * len(keys) + place, g * len(keys) + at) for g in range(groups)]
    if problems:
        raise SyntaxProblem(problems)
    return ties


def _group_ties(
    rows: Sequence[Parameter], width: int, variables: Variables, settings: ModelSettings
) -> list[tuple[int, int]]:
    """Ties of the rows that ``group_equal`` names, less those of ``group_partial`` and those with own labels."""
    unknown = [word for word in settings.group_equal if word not in GROUP_EQUAL]
    if unknown:
        raise UsageError(
            f"group_equal does not know {', '.join(unknown)}; it knows {', '.join(GROUP_EQUAL)}."
        )
    if "thresholds" in settings.group_equal and not settings.thresholds:
        raise UsageError("group_equal=thresholds needs ordered variables (--ordered); numbers have intercepts.")
    if not settings.group_equal and not settings.group_partial:
        return []
    partial = {text.replace(" ", "") for text in settings.group_partial}
    names = (
        {row.lhs + row.op + row.rhs for row in rows}
        | {row.rhs + row.op + row.lhs for row in rows if row.op == "~~"}
        | {row.label for row in rows if row.label}
    )
    missing = sorted(partial - names)
    if missing:
        raise UsageError(f"group_partial names {', '.join(missing)}, which the model does not have.")
    ties = []
    for at, row in enumerate(rows[:width]):
        reverse = row.rhs + row.op + row.lhs if row.op == "~~" else ""
        if {row.lhs + row.op + row.rhs, reverse, row.label} & (partial - {""}):
            continue
        word = _kind(row, variables, settings)
        if word not in settings.group_equal or row.exo or row.computed:
            continue
        later = [i for i in range(at + width, len(rows), width) if not rows[i].label]
        _check_fixed([row, *(rows[i] for i in later)], word)
        ties += [(at, i) for i in later if row.free or rows[i].free]
    return ties


def _check_fixed(same: Sequence[Parameter], word: str) -> None:
    """Refuse values that differ where ``word`` of group_equal has them equal; one value alone holds for all groups."""
    values = dict.fromkeys(f"{row.fixed:g}" for row in same if not row.free)
    if len(values) > 1:
        raise UsageError(
            f"group_equal={word} makes {same[0].name} equal in all groups, but the model fixes it to "
            f"{' and to '.join(values)}. Name it in group_partial, or write one value."
        )


def _kind(row: Parameter, variables: Variables, settings: ModelSettings) -> str:
    """lavaan's word for the kind of a row."""
    latent = row.lhs in variables.latent
    if row.op == "~~":
        if row.lhs == row.rhs:
            return "lv.variances" if latent else ("" if row.lhs in variables.observed_x else "residuals")
        both = latent and row.rhs in variables.latent
        return (
            "lv.covariances"
            if both
            else ("residual.covariances" if not latent and row.rhs not in variables.latent else "")
        )
    if row.op == "~1":
        return "means" if latent else ("" if row.lhs in variables.observed_x else "intercepts")
    return {"=~": "loadings", "~": "regressions", "|": "thresholds"}.get(row.op, "")


def _check_definitions(model: ModelSyntax, rows: Sequence[Parameter]) -> None:
    """Every name of a ``:=`` must be a label or a parameter defined above it."""
    known = {row.label for row in rows if row.label}
    problems = []
    for definition in model.definitions:
        if definition.name in known:
            problems.append(
                Problem(
                    f"{definition.name} is a label already.",
                    "Choose another name.",
                    line=definition.line,
                    column=definition.column,
                )
            )
        for name in names_in(definition.expression):
            if name.name not in known:
                problems.append(
                    Problem(
                        f"no parameter has the label {name.name}.",
                        "Label it in the model, or define it above.",
                        line=name.token.line,
                        column=name.token.column,
                    )
                )
        known.add(definition.name)
    if problems:
        raise SyntaxProblem(problems)
