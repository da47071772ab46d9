"""What a row of a parameter table is by default: free, fixed, or taken from the sample (lavaan's rules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mce_utaut.sem.variables import Variables


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What besides the text decides a table.

    ``groups`` are group labels (one entry when there is one group); ``thresholds`` gives the number of
    thresholds of every ordered variable; ``intercepts_free`` and ``latent_means_free`` are lavaan's
    int.ov.free and int.lv.free (growth models swap them); ``conditional`` is its conditional.x.
    """

    groups: tuple[str, ...] = ("",)
    meanstructure: bool = False
    std_lv: bool = False
    fixed_x: bool = True
    orthogonal: bool = False
    intercepts_free: bool = True
    latent_means_free: bool = False
    thresholds: Mapping[str, int] = field(default_factory=dict)
    parameterization: str = "delta"
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    conditional: bool = False


Key = tuple[str, str, str]


class State(NamedTuple):
    """What a row is before its modifiers; see ``Parameter``."""

    free: int = 1
    fixed: float = float("nan")
    exo: bool = False
    computed: bool = False


_FREE, _OF_SAMPLE = State(), State(free=0, exo=True)
_ZERO, _ONE = State(0, 0.0), State(0, 1.0)
_FOLLOWS = State(0, 1.0, computed=True)


@dataclass(frozen=True, slots=True)
class DefaultRules:
    """lavaan's defaults: ``fixed_keys`` are markers and single indicators, ``exogenous`` has fixed moments."""

    variables: Variables
    settings: ModelSettings
    fixed_keys: frozenset[Key]
    exogenous: frozenset[str]

    def state(self, key: Key, later: bool, user: bool) -> State:
        """The default of a row of the first or a ``later`` group that the ``user`` wrote or did not."""
        lhs, op, rhs = key
        settings = self.settings
        if op == "=~":
            return _ONE if key in self.fixed_keys else _FREE
        if op == "~~" and lhs == rhs:
            return _ZERO if key in self.fixed_keys and not user else self._variance(lhs, later, user)
        if op == "~~":
            if lhs in self.exogenous and rhs in self.exogenous:
                return _OF_SAMPLE
            return _ZERO if settings.orthogonal and not user and lhs in self.variables.latent_x else _FREE
        if op == "~1":
            return self._intercept(lhs, later, user)
        if op == "~*~":
            freed = later and "thresholds" in settings.group_equal and settings.parameterization == "delta"
            return _FREE if freed or user else _ONE
        return _FREE

    def _variance(self, name: str, later: bool, user: bool) -> State:
        settings, equal = self.settings, self.settings.group_equal
        if name in self.exogenous:
            return _OF_SAMPLE
        if name in self.variables.latent:
            freed = later and "loadings" in equal and "lv.variances" not in equal
            return _ONE if settings.std_lv and not freed else _FREE
        if name in settings.thresholds:
            if settings.parameterization == "delta":
                return _FOLLOWS
            freed = later and "thresholds" in equal and "residuals" not in equal
            return _FREE if freed or user else _ONE
        return _FREE

    def _intercept(self, name: str, later: bool, user: bool) -> State:
        settings, equal = self.settings, self.settings.group_equal
        if name in self.exogenous:
            return _OF_SAMPLE
        if user:
            return _FREE
        if name in self.variables.latent:
            linked = later and ("intercepts" in equal or "thresholds" in equal) and "means" not in equal
            return _FREE if settings.latent_means_free or linked else _ZERO
        return _FREE if settings.intercepts_free and name not in settings.thresholds else _ZERO
