"""The parts of a two-step fit: measurement blocks fitted alone, factor-score weights, the structural part.

Shared by ``sam`` and ``croon``. A block is a set of factors with their items; by default each factor is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import MceError, NotConverged, NotEstimable, Problem, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.modifiers import Modifier
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.samples import Data
from mce_utaut.sem.syntax import ModelSyntax, Term, parse_syntax
from mce_utaut.sem.variables import Variables, classify
from mce_utaut.sem.weak_blocks import CURE, WeakTie, told, weak_ties


@dataclass(frozen=True, slots=True)
class Parts:
    """A model taken apart.

    ``blocks`` are the factors of each block; ``measurement`` their syntax; ``structural`` that of the rest, in which
    factors are observed variables; ``names`` the variables of the structural part, ``dropped`` the residual
    covariances between items of different blocks, which no block can hold.
    """

    syntax: ModelSyntax
    variables: Variables
    blocks: tuple[tuple[str, ...], ...]
    measurement: tuple[ModelSyntax, ...]
    structural: ModelSyntax
    dropped: tuple[str, ...]


def take_apart(model: str | ModelSyntax, blocks: Sequence[Sequence[str]] = ()) -> Parts:
    """The measurement blocks and the structural part of a model.

    Raises UsageError for models without factors or regressions, factors of factors, written latent means and
    blocks that do not cover every factor once.
    """
    syntax = parse_syntax(model) if isinstance(model, str) else model
    variables = classify(syntax.terms)
    factors = tuple(dict.fromkeys(term.lhs for term in syntax.terms if term.op == "=~"))
    _refuse(syntax, factors)
    blocks = tuple(tuple(block) for block in blocks) or tuple((factor,) for factor in factors)
    if sorted(name for block in blocks for name in block) != sorted(factors):
        raise UsageError(f"The blocks must hold each of {', '.join(factors)} exactly once.")
    items = {term.rhs for term in syntax.terms if term.op == "=~"}
    measurement, taken = [], set()
    for block in blocks:
        own = {term.rhs for term in syntax.terms if term.op == "=~" and term.lhs in block}
        terms = [term for term in syntax.terms if _belongs(term, set(block), own)]
        taken |= {id(term) for term in terms}
        scaled = [term for term in syntax.terms if _is_scale(term, block)]
        measurement.append(replace(syntax, terms=(*terms, *scaled), equalities=(), definitions=()))
    dropped = [
        f"{term.lhs} ~~ {term.rhs}"
        for term in syntax.terms
        if term.op == "~~" and {term.lhs, term.rhs} <= items and id(term) not in taken
    ]
    rest = [term for term in syntax.terms if term.op in ("~", "~~") and not {term.lhs, term.rhs} & items]
    structural = replace(syntax, terms=tuple(rest), equalities=(), definitions=syntax.definitions)
    return Parts(syntax, variables, blocks, tuple(measurement), structural, tuple(dropped))


def _refuse(syntax: ModelSyntax, factors: tuple[str, ...]) -> None:
    if not factors:
        raise UsageError("The model has no factors; use an ordinary fit.")
    if not any(term.op == "~" for term in syntax.terms):
        raise UsageError("The model has no regressions, so there is no structural part to estimate.")
    items = {term.rhs for term in syntax.terms if term.op == "=~"}
    higher = sorted(items & set(factors))
    if higher:
        raise UsageError(f"Two-step estimation does not know factors of factors ({', '.join(higher)}).")
    mixed = sorted({name for t in syntax.terms if t.op == "~" for name in (t.lhs, t.rhs)} & items)
    if mixed:
        raise UsageError(f"Items in regressions ({', '.join(mixed)}) belong to both steps; this is not supported.")
    if any(term.op == "~1" and term.lhs not in items for term in syntax.terms):
        raise UsageError("Two-step estimation has no means of factors; leave ~ 1 of factors out.")
    if syntax.equalities:
        raise UsageError("Constraints (==) are not supported in two-step estimation; equal labels of paths are.")


def _belongs(term: Term, block: set[str], items: set[str]) -> bool:
    if term.op == "=~":
        return term.lhs in block
    return term.op in ("~~", "~1") and term.lhs in items and (term.op == "~1" or term.rhs in items)


def _is_scale(term: Term, block: Sequence[str]) -> bool:
    """Whether a term fixes the variance of a factor of the block."""
    own = term.op == "~~" and term.lhs == term.rhs and term.lhs in block
    return own and any(modifier.kind == "fixed" for modifier in term.modifiers)


def fit_blocks(
    parts: Parts, data: Data, options: FitOptions, samples: Sequence[SampleMoments]
) -> tuple[tuple[Fit, ...], list[Note]]:
    """The fit of every block; a negative residual variance is fitted again as 0 and noted (lavaan's bounds), and so is
    a factor of two items that ``samples`` (the whole model's) hardly tie to its block.

    Raises NotEstimable and NotConverged with the block that fails, and what would mend it.
    """
    fits, notes = [], []
    plain = replace(options, meanstructure=None)
    for block, syntax in zip(parts.blocks, parts.measurement, strict=True):
        name = ", ".join(block)
        ties = weak_ties(_items_of(block, syntax), samples)
        try:
            fit, zeros = _bounded(syntax, data, plain)
        except (NotEstimable, NotConverged) as reason:
            raise type(reason)(_about_block(name, ties, reason)) from reason
        if ties:
            why = f"Too little ties the two items of a factor to its block to trust their loadings: {told(ties)}."
            values = (("names", name), ("ties", told(ties)))
            notes.append(Note("weak_block", f"{why} {CURE}.", "caution", name, values=values))
        if zeros:
            text = f"The residual variance of {', '.join(zeros)} would be negative and is held at 0."
            notes.append(Note("residual_variance_zero", text, "problem", name))
        fits.append(fit)
    return tuple(fits), notes


def _items_of(block: Sequence[str], syntax: ModelSyntax) -> dict[str, list[str]]:
    return {name: [t.rhs for t in syntax.terms if t.op == "=~" and t.lhs == name] for name in block}


def _about_block(name: str, ties: Sequence[WeakTie], reason: MceError) -> Problem:
    """What to say of a block that could not be fitted; where it is too loosely tied together, that and the cure."""
    if ties:
        why = f"too little ties two items to the others, {told(ties)}."
        what = f"the measurement part of {name} cannot be estimated: {why}"
        return Problem(what, f"{CURE}.", code="block_weak", values=(("names", name), ("ties", told(ties))))
    known = (("names", name),)
    if isinstance(reason, NotConverged):
        what = f"The measurement part of {name} did not converge. {reason}"
        return Problem(what, code="block_not_converged", values=known)
    what = f"the measurement part of {name} cannot be estimated by itself: {reason}"
    remedy = "Put factors with fewer than three items into one block with others."
    return Problem(what, remedy, code="block_refused", values=known)


def _bounded(syntax: ModelSyntax, data: Data, options: FitOptions) -> tuple[Fit, list[str]]:
    zeros: list[str] = []
    while True:
        given = data if isinstance(data, Mapping) else [s.select(classify(syntax.terms).observed) for s in data]
        fit = fit_model(syntax, given, options)
        table, estimates = fit.table, fit.estimates
        negative = [
            row.lhs
            for row, value in zip(table.rows, estimates, strict=True)
            if row.op == "~~" and row.lhs == row.rhs and row.free and row.lhs in table.observed and value < 0
        ]
        if not negative:
            return fit, zeros
        zeros += dict.fromkeys(negative)
        kept = [t for t in syntax.terms if not (t.op == "~~" and t.lhs == t.rhs and t.lhs in negative)]
        zero = (Modifier("fixed", (0.0,), 1, 1),)
        more = [Term(name, "~~", name, zero, 1, 1) for name in dict.fromkeys(negative)]
        syntax = replace(syntax, terms=(*kept, *more))


@dataclass(frozen=True, slots=True)
class Measured:
    """One group's measurement part over ``observed`` (p,) and the structural ``names`` (k,).

    ``loadings`` (p, k), ``residual`` (p, p), ``weights`` (k, p) that turn observations into (Bartlett) scores;
    variables of the structural part that are observed stand for themselves.
    """

    names: tuple[str, ...]
    loadings: np.ndarray
    residual: np.ndarray
    weights: np.ndarray


def measured(
    parts: Parts, fits: Sequence[Fit], observed: Sequence[str], names: Sequence[str], group: int
) -> Measured:
    """Loadings, residual covariances and maximum-likelihood score weights of a group (from 0)."""
    p, k = len(observed), len(names)
    place = {name: i for i, name in enumerate(observed)}
    L, T = np.zeros((p, k)), np.zeros((p, p))
    for fit in fits:
        moments, own = fit.implied[group], fit.table.observed
        at = [place[name] for name in own]
        size = len(own)
        for j, factor in enumerate(fit.table.latent):
            L[at, names.index(factor)] = moments.A[:size, size + j]
        T[np.ix_(at, at)] = moments.S[:size, :size]
    for j, name in enumerate(names):
        if name in place:
            L[place[name], j] = 1.0
    exact = np.abs(np.diag(T)) < 1e-6
    inverse = np.diag(exact.astype(float))
    inverse[np.ix_(~exact, ~exact)] = np.linalg.inv(T[np.ix_(~exact, ~exact)])
    M = np.linalg.solve(L.T @ inverse @ L, L.T @ inverse)
    for j, name in enumerate(names):
        if name in place:
            M[j] = 0.0
            M[j, place[name]] = 1.0
    return Measured(tuple(names), L, T, M)


def structural_names(parts: Parts) -> tuple[str, ...]:
    """The variables of the structural part: factors, then observed ones."""
    factors = tuple(name for block in parts.blocks for name in block)
    involved = {name for t in parts.structural.terms for name in (t.lhs, t.rhs)}
    return (*factors, *sorted(involved - set(factors)))


def fit_structure(parts: Parts, moments: Sequence[SampleMoments], options: FitOptions) -> Fit:
    """The regressions among factors and observed variables, by ML from their corrected covariances."""
    used = classify(parts.structural.terms).observed
    plain = FitOptions(
        engine=options.engine, fixed_x=False, meanstructure=False, level=options.level, information="expected"
    )
    return fit_model(parts.structural, [sample.select(used) for sample in moments], plain)

