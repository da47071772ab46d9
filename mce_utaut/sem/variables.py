"""What kind of variable each name of a model is: latent or observed, exogenous or dependent (lavaan's rules)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mce_utaut.sem.syntax import Term


@dataclass(frozen=True, slots=True)
class Variables:
    """The names of a model by role, each tuple in lavaan's order.

    ``latent_x``: latent variables that nothing explains; ``latent_y`` and ``observed_y``: dependent variables that
    explain nothing; ``observed_x``: observed variables that only explain, and whose own moments the
    model does not mention; ``structural``: all variables of regressions, outcomes first.
    """

    latent: tuple[str, ...]
    observed: tuple[str, ...]
    indicators: tuple[str, ...]
    latent_x: tuple[str, ...]
    latent_y: tuple[str, ...]
    observed_y: tuple[str, ...]
    observed_x: tuple[str, ...]
    structural: tuple[str, ...] = ()

    @property
    def observed_other(self) -> tuple[str, ...]:
        """The observed variables that are not exogenous."""
        return tuple(name for name in self.observed if name not in self.observed_x)


def classify(terms: Sequence[Term]) -> Variables:
    """The variables of a model by role."""
    names: dict[str, tuple[dict[str, None], dict[str, None]]] = {op: ({}, {}) for op in ("=~", "~", "~~", "")}
    for lhs, op, rhs, *_ in terms:
        left, right = names[op if op in names else ""]
        left[lhs] = right[rhs] = None
    latent, indicators = map(tuple, names["=~"])
    outcomes, predictors = map(tuple, names["~"])
    others = (*names["~~"][0], *names["~~"][1], *names[""][0])
    (is_latent, is_indicator), (is_outcome, explaining) = names["=~"], names["~"]
    explained = is_indicator.keys() | is_outcome.keys()
    observed = tuple(n for n in _unique([*indicators, *outcomes, *predictors, *others]) if n not in is_latent)
    mentioned = set(names["~~"][0]) | set(names["~~"][1]) | {t.lhs for t in terms if t.op in ("~1", "~*~")}
    return Variables(
        latent=latent,
        observed=observed,
        indicators=tuple(n for n in indicators if n not in is_latent),
        latent_x=tuple(n for n in latent if n not in explained),
        latent_y=tuple(n for n in latent if n in is_outcome and n not in explaining and n not in is_indicator),
        observed_y=tuple(
            n for n in outcomes if n not in is_latent and n not in explaining and n not in is_indicator
        ),
        structural=_unique([*outcomes, *predictors]),
        observed_x=tuple(
            n for n in observed if n in explaining and n not in explained and n not in mentioned
        ),
    )


def thresholds_written(terms: Sequence[Term]) -> tuple[str, ...]:
    """The observed variables whose thresholds the model writes."""
    latent = {term.lhs for term in terms if term.op == "=~"}
    return _unique(term.lhs for term in terms if term.op == "|" and term.lhs not in latent)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
