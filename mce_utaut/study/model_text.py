"""A model's text as the study needs it: its CFA, itself without some items, its paths. lavaan syntax in and
out; what is read and refused is decided by ``sem.syntax``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

from mce_utaut.sem.modifiers import Modifier
from mce_utaut.sem.syntax import ModelSyntax, Term, parse_syntax

INTENTION = "BI"


@dataclass(frozen=True, slots=True)
class Path:
    """A regression of the model: ``outcome ~ predictor``, with its label ("" where it has none)."""

    outcome: str
    predictor: str
    label: str


@dataclass(frozen=True, slots=True)
class ModelText:
    """A model read: factors with their items in order, regressions, and every observed variable needed."""

    syntax: ModelSyntax
    factors: dict[str, tuple[str, ...]]
    paths: tuple[Path, ...]
    observed: tuple[str, ...]

    @property
    def text(self) -> str:
        """The model as written."""
        return self.syntax.text

    @property
    def intention(self) -> str:
        """The construct that a study is about: BI where the model predicts it, else the first outcome that predicts no
        other construct (the end of the chain; observed use behind it does not count)."""
        outcomes = [path.outcome for path in self.paths]
        if INTENTION in outcomes or not outcomes:
            return INTENTION
        constructs = [name for name in outcomes if name in self.factors] or outcomes
        causes = {path.predictor for path in self.paths if path.outcome in constructs}
        return next((name for name in constructs if name not in causes), constructs[0])

    @property
    def structural_observed(self) -> tuple[str, ...]:
        """Observed variables of the paths (USE)."""
        items = {item for items in self.factors.values() for item in items}
        return tuple(name for name in self.observed if name not in items)


def read_model(text: str) -> ModelText:
    """The parts of a model text. Raises ``SyntaxProblem`` where it is no lavaan syntax."""
    syntax = parse_syntax(text)
    factors: dict[str, tuple[str, ...]] = {}
    for term in _of(syntax, "=~"):
        factors[term.lhs] = (*factors.get(term.lhs, ()), term.rhs)
    paths = tuple(Path(term.lhs, term.rhs, _label(term)) for term in _of(syntax, "~") if term.rhs)
    names = dict.fromkeys(name for term in syntax.terms for name in (term.lhs, term.rhs) if name)
    order = [item for items in factors.values() for item in items] + list(names)
    observed = tuple(dict.fromkeys(name for name in order if name not in factors))
    return ModelText(syntax, factors, paths, observed)


def cfa_text(model: ModelText) -> str:
    """The measurement model: the same factors and residual covariances, every covariance among factors and
    observed structural variables free, no path (Anderson & Gerbing 1988,
    doi:10.1037/0033-2909.103.3.411)."""
    items = set(model.observed) - set(model.structural_observed)
    kept = [term for term in model.syntax.terms if term.op == "=~"]
    kept += [term for term in _of(model.syntax, "~~") if {term.lhs, term.rhs} <= items or _scales(term, model)]
    lines = _lines(kept)
    # Latent variables covary by default; observed ones must be told to.
    free = [*model.factors, *model.structural_observed]
    lines += [
        f"{one} ~~ {other}"
        for one, other in combinations(free, 2)
        if other in model.structural_observed or one in model.structural_observed
    ]
    lines += [f"{name} ~~ {name}" for name in model.structural_observed]
    return "\n".join(lines) + "\n"


def without_items(model: ModelText, items: Collection[str]) -> str:
    """The model without ``items``: their loadings and residual covariances leave, the rest stays."""
    if not items:
        return model.text
    gone = set(items)
    kept = [term for term in model.syntax.terms if term.lhs not in gone and term.rhs not in gone]
    lines = _lines(kept)
    lines += [f"{each.left} == {each.right}" for each in model.syntax.equalities]
    lines += [f"{each.name} := {each.text}" for each in model.syntax.definitions]
    return "\n".join(lines) + "\n"


def group_text(model: ModelText, items: Collection[str]) -> str:
    """The model as several groups can share it: without ``items``, observed structural variables (their categories
    may differ between groups), labels (one label would tie the groups), constraints and definitions."""
    gone = {*items, *model.structural_observed}
    kept = [
        term._replace(modifiers=tuple(each for each in term.modifiers if each.kind != "label"))
        for term in model.syntax.terms
        if term.lhs not in gone and term.rhs not in gone
    ]
    return "\n".join(_lines(kept)) + "\n"


def factors_left(model: ModelText, items: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The factors with the items that stay when ``items`` leave."""
    return {name: tuple(each for each in own if each not in items) for name, own in model.factors.items()}


def one_factor_text(name: str, items: Iterable[str]) -> str:
    """A model of one factor and its items."""
    return f"{name} =~ {' + '.join(items)}\n"


def _of(syntax: ModelSyntax, op: str) -> list[Term]:
    return [term for term in syntax.terms if term.op == op]


def _lines(terms: Iterable[Term]) -> list[str]:
    """One line per left-hand side and operator, in order."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for term in terms:
        grouped.setdefault((term.lhs, term.op), []).append(_spelled(term))
    return [
        f"{lhs} {op} {' + '.join(parts)}" if op != "~1" else f"{lhs} ~ {' + '.join(parts)}"
        for (lhs, op), parts in grouped.items()
    ]


def _spelled(term: Term) -> str:
    target = "1" if term.op == "~1" else term.rhs
    pieces = [piece for modifier in term.modifiers if (piece := _modifier(modifier))]
    return " + ".join(f"{piece}*{target}" for piece in pieces) if pieces else target


def _modifier(modifier: Modifier) -> str:
    value = modifier.values[0]
    if modifier.kind == "free":
        return "NA"
    if value is None:
        return ""
    if modifier.kind == "fixed":
        return f"{value:.17g}"
    if modifier.kind == "label":
        return str(value)
    return f"{modifier.kind}({value})"


def _scales(term: Term, model: ModelText) -> bool:
    """Whether a term gives a factor its scale by fixing its variance."""
    fixed = any(modifier.kind == "fixed" for modifier in term.modifiers)
    return fixed and term.lhs == term.rhs and term.lhs in model.factors


def _label(term: Term) -> str:
    for modifier in term.modifiers:
        if modifier.kind == "label" and modifier.values[0] is not None:
            return str(modifier.values[0])
    return ""
