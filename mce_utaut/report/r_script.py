"""``r_script``: a script that estimates the study's main model anew in R and compares every number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from mce_utaut.report.fits import PRIMARY, parameters
from mce_utaut.report.model_lines import model_lines
from mce_utaut.study.result import ModelFit, Moments, RoleResult, StudyResult
from mce_utaut.study.structure import MLR_FIML

# lavaan's name of an index -> ours; those of a role of one group that need no raw data but the estimates
INDICES = {
    "npar": "npar", "chisq": "chisq", "df": "df", "chisq.scaled": "chisq_scaled", "cfi": "cfi", "tli": "tli",
    "rmsea": "rmsea", "srmr": "srmr", "logl": "logl", "aic": "aic", "bic": "bic",
}  # fmt: skip
_PER_LINE = 6


def r_script(result: StudyResult) -> bytes:
    """``model.R``: with lavaan alone it re-estimates, role by role, the ML column of the main model from the moments
    that the script holds, and, where ``items.csv`` stands beside it, the main analysis from the answers. It prints
    both numbers side by side and ends with an error where they differ."""
    frame = resources.files("mce_utaut.report").joinpath("templates", "model.R").read_text("utf-8")
    checks = "\n\n".join(part for role in result.roles for part in _role(result, role))
    title = _comment(result.title or result.id)
    # The text of the study comes last, so that it cannot be taken for a place of the frame.
    return frame.replace("@CHECKS@", checks).replace("@TITLE@", title, 1).encode("ascii")


def _role(result: StudyResult, role: RoleResult) -> Iterator[str]:
    own = [m for m in role.models if m.name == result.primary_model and m.variant == "structural"]
    usable = [m for m in own if m.fit is not None and m.fit.get("converged")]
    yield f"# ---- {_comment(role.title)} " + "-" * 40
    if not usable:
        yield f"# No structural model: {_comment(role.method.reason)}"
        return
    for model in usable:
        if model.moments is not None:
            yield _check(role, model, _by_moments(model, model.moments))
    for model in usable:
        if model.analysis in (PRIMARY, MLR_FIML):
            yield _check(role, model, _by_items(role, model))


def _check(role: RoleResult, model: ModelFit, data: str) -> str:
    fit: Mapping[str, Any] = model.fit or {}
    rows = [row for row in parameters(fit) if row["op"] != "~*~"]
    indices = {name: fit["fit"][ours] for name, ours in INDICES.items() if fit["fit"].get(ours) is not None}
    estimates = ",\n".join([
        _vector("lhs", [_text(row["lhs"]) for row in rows]),
        _vector("op", [_text(row["op"]) for row in rows]),
        _vector("rhs", [_text(row["rhs"] or "") for row in rows]),
        _vector("est", [_number(row["est"]) for row in rows]),
        _vector("se", [_number(row["se"] if row["free"] else None) for row in rows]),
        _vector("std", [_number(row["std_all"]) for row in rows]),
    ])  # fmt: skip
    listed = ", ".join(f"{_text(name)} = {_number(value)}" for name, value in indices.items())
    title = f"{role.title}, {model.name}: {fit['estimator']}, {fit['missing']}"
    return (
        f"check(\n  {_text(title)},\n"
        f"  model = {_text(_bare(model.syntax))},\n{data},\n"
        f"  ours = data.frame(stringsAsFactors = FALSE,\n{estimates}),\n  indices = c({listed})\n)"
    )


def _by_moments(model: ModelFit, moments: Moments) -> str:
    lower = [_number(moments.covariance[i][j]) for i in range(len(moments.names)) for j in range(i + 1)]
    names = ", ".join(_text(name) for name in moments.names)
    means = ""
    if (model.fit or {}).get("meanstructure"):
        means = f",\n    sample.mean = c({', '.join(_number(each) for each in moments.means)})"
    return (
        f'  list(estimator = "ML", sample.nobs = {moments.n},\n    sample.cov = getCov(c(\n{_lines(lower, 6)}),\n'
        f"      names = c({names})){means})"
    )


def _by_items(role: RoleResult, model: ModelFit) -> str:
    fit = model.fit or {}
    how = f"estimator = {_text(fit['estimator'])}, missing = {_text(fit['missing'])}"
    ordered = ", ordered = TRUE" if fit["estimator"] == "WLSMV" else ""
    return f"  list({how}{ordered}), items_of = {_text(role.role)}"


def _vector(name: str, values: Sequence[str]) -> str:
    return f"    {name} = c(\n{_lines(values, 6)})"


def _lines(values: Sequence[str], indent: int) -> str:
    rows = [", ".join(values[at : at + _PER_LINE]) for at in range(0, len(values), _PER_LINE)]
    return ",\n".join(" " * indent + row for row in rows)


def _number(value: float | None) -> str:
    """A number that R reads to the same double; NA where undefined."""
    return "NA" if value is None or not math.isfinite(value) else repr(value)


def _text(text: str) -> str:
    """A string of R in ASCII, so that it reads alike in every locale."""
    return '"' + "".join(_sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    code = ord(sign)
    if sign in '\\"':
        return "\\" + sign
    if sign == "\n":
        return "\n"
    if 32 <= code < 127:
        return sign
    return " " if code < 32 or 0xD800 <= code < 0xE000 else f"\\U{{{code:x}}}"


def _bare(syntax: str) -> str:
    """A model without comments and empty lines."""
    return "\n".join(["", *(f"    {line}" for line in model_lines(syntax)), "  "])


def _comment(text: str) -> str:
    """``text`` as one line of ASCII for a comment."""
    return " ".join(text.encode("ascii", "replace").decode("ascii").split()).replace("\x00", "")[:200]
