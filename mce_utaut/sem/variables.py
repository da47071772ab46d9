"""What kind of variable each name of a model is: latent or observed, exogenous or dependent (lavaan's rules)."""

from __future__ import annotations

from collections.abc import Iterable
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


def classify(terms: Iterable[Term]) -> Variables:
    """The variables of a model by role."""
    terms = list(terms)
    latent = _unique(t.lhs for t in terms if t.op == "=~")
    indicators = _unique(t.rhs for t in terms if t.op == "=~")
    outcomes = _unique(t.lhs for t in terms if t.op == "~")
    predictors = _unique(t.rhs for t in terms if t.op == "~")
    covaried = [t for t in terms if t.op == "~~"]
    others = _unique(
        [
            *(t.lhs for t in covaried),
            *(t.rhs for t in covaried),
            *(t.lhs for t in terms if t.op in ("~1", "|", "~*~")),
        ]
    )
    is_latent = set(latent)
    observed = tuple(n for n in _unique([*indicators, *outcomes, *predictors, *others]) if n not in is_latent)
    explained, explaining = set(indicators) | set(outcomes), set(predictors)
    mentioned = {n for t in terms if t.op in ("~~", "~1", "~*~") for n in (t.lhs, _other(t))}
    return Variables(
        latent=latent,
        observed=observed,
        indicators=tuple(n for n in indicators if n not in is_latent),
        latent_x=tuple(n for n in latent if n not in explained),
        latent_y=tuple(n for n in latent if n in outcomes and n not in explaining and n not in indicators),
        observed_y=tuple(
            n for n in outcomes if n not in is_latent and n not in explaining and n not in indicators
        ),
        structural=_unique([*outcomes, *predictors]),
        observed_x=tuple(
            n for n in observed if n in explaining and n not in explained and n not in mentioned
        ),
    )


def _other(term: Term) -> str:
    return term.rhs if term.op == "~~" else ""


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
