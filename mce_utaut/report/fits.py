"""Reading the JSON form of a fit (``sem`` writes it, study.json keeps it): the one place that knows its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from mce_utaut.study.result import Interval, ModelFit, PathEstimate, RoleResult, StudyResult

PRIMARY = "primary"
EQUIVALENT = "equivalent_to_cfa"  # the note that a structural model has the fit of its CFA


def parameters(fit: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rows of the parameter table."""
    return fit.get("parameters") or ()


def index(fit: Mapping[str, Any], *names: str) -> tuple[float | None, str]:
    """The first index among ``names`` that the fit has a value for, and its name ("" where none)."""
    values = fit.get("fit") or {}
    for name in names:
        if values.get(name) is not None:
            return values[name], name
    return None, ""


def explained(fit: Mapping[str, Any], variable: str) -> float | None:
    """R² of a variable (the first group's, where there are several)."""
    found = fit.get("r2") or {}
    if any(isinstance(value, Mapping) for value in found.values()):
        found = next(value for value in found.values() if isinstance(value, Mapping))
    return found.get(variable)


def estimate_of(parameter: Mapping[str, Any]) -> Interval:
    """The standardised value of a parameter with its interval."""
    return Interval(
        parameter.get("std_all"), parameter.get("std_all_ci_lower"), parameter.get("std_all_ci_upper"), 0.95
    )


def latent_names(fit: Mapping[str, Any]) -> frozenset[str]:
    """The variables that are measured by others."""
    return frozenset(p["lhs"] for p in parameters(fit) if p["op"] == "=~")


def model_fit(result: StudyResult, role: RoleResult, variant: Literal["cfa", "structural"]) -> ModelFit | None:
    """The role's primary model in a variant, or None where it was not tried."""
    for model in role.models:
        if model.name == result.primary_model and model.variant == variant and model.analysis == PRIMARY:
            return model
    return None


def primary_paths(result: StudyResult, role: RoleResult) -> tuple[PathEstimate, ...]:
    """The paths of the role's main analysis: of the primary model, or of what stands in for it."""
    main = tuple(p for p in role.paths if p.analysis == PRIMARY)
    of_model = tuple(p for p in main if p.model == result.primary_model)
    return of_model or main
