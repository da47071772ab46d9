"""The fit of every model beside the others, and sentences that compare it with the usual guides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from mce_utaut.report.fits import index, model_fit
from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.sensitivity import analysis_label
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import Interval, ModelFit, RoleResult

# Guides of Hu & Bentler (1999): (index, names in order of preference, guide, whether larger is better)
GUIDES = (
    ("CFI", ("cfi_robust", "cfi_scaled", "cfi"), 0.95, True),
    ("RMSEA", ("rmsea_robust", "rmsea_scaled", "rmsea"), 0.06, False),
    ("SRMR", ("srmr",), 0.08, False),
)
# Estimators whose indices must not be read by guides made for ML (Xia & Yang 2019)
LOCAL_FIT_SHOWN = 5
ORDINAL = frozenset({"DWLS", "WLS", "WLSM", "WLSMV", "ULS", "ULSM", "ULSMV"})


def fit_table(page: Page) -> Table | None:
    """All models of all roles, also those that could not be estimated."""
    if not any(role.models and (role.method.kind == "sem" or _fitted(role)) for role in page.result.roles):
        return None
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("fit.model"), align="text", name="model"),
        Column("n"),
        Column("χ²", name="chisq"),
        Column("df"),
        Column(words("paths.p"), name="p"),
        Column("CFI"),
        Column("TLI"),
        Column("RMSEA"),
        Column(words("ci", level=90), name="rmsea interval"),
        Column("SRMR"),
        Column("AIC"),
        Column("BIC"),
    )
    rows: list[Row] = []
    for role in page.result.roles:
        if role.models:
            rows.append(group_row(short(role.title, 60)))
            rows += _model_rows(page, role.models)
    guide = [f"≥ {numbers.bounded(0.95)}", f"≥ {numbers.bounded(0.95)}", f"≤ {numbers.bounded(0.06)}", "",
             f"≤ {numbers.bounded(0.08)}"]  # fmt: skip
    rows.append(row(words("fit.guide"), [text_cell(t) for t in ("", "", "", "", *guide, "", "")]))
    notes = [words("fit.note")]
    if any(_robust(model) for role in page.result.roles for model in role.models):
        notes.append(words("fit.note_robust"))
    return page.table(Table("fit", words("fit.title"), columns, tuple(rows), tuple(notes), sortable=False))


def _fitted(role: RoleResult) -> bool:
    return any(model.fit is not None for model in role.models)


def _model_rows(page: Page, models: Sequence[ModelFit]) -> list[Row]:
    """A row a model; what refuses both variants of one is said once."""
    rows = []
    both = [model for model in models if model.fit is None and model.analysis == "primary"]
    refused = [(model.name, model.refusal) for model in both]
    for model in models:
        if model in both and refused.count((model.name, model.refusal)) > 1:
            if model.variant == "structural":
                rows.append(_refused(short(model.name, 60), model))
        else:
            rows.append(_model_row(page, model))
    return rows


def _refused(head: str, model: ModelFit) -> Row:
    return Row((text_cell(head), text_cell(short(model.refusal, 600))), spread=True)


def _robust(model: ModelFit) -> bool:
    return model.fit is not None and index(model.fit, "chisq_scaled")[1] != ""


def _model_row(page: Page, model: ModelFit) -> Row:
    words, numbers = page.words, page.numbers
    name = short(model.name, 60)
    head = words(f"fit.{model.variant}", model=name)
    if model.analysis != "primary":
        head = words("fit.analysis", model=head, analysis=analysis_label(page, model.analysis))
    if model.fit is None:
        return _refused(head, model)
    fit = model.fit
    if not fit.get("proper", True):
        head = words("fit.improper", model=head)
    if not fit.get("converged", True):
        head = words("fit.not_converged", model=head)
    chisq, df = index(fit, "chisq_scaled", "chisq")[0], index(fit, "df_scaled", "df")[0]
    p = (
        index(fit, "pvalue_scaled", "pvalue")[0]
        if index(fit, "chisq_scaled")[0] is not None
        else (index(fit, "pvalue")[0])
    )
    cfi = index(fit, "cfi_robust", "cfi_scaled", "cfi")[0]
    tli = index(fit, "tli_robust", "tli_scaled", "tli")[0]
    rmsea, which = index(fit, "rmsea_robust", "rmsea_scaled", "rmsea")
    suffix = which.removeprefix("rmsea")
    lower = index(fit, f"rmsea_ci_lower{suffix}")[0]
    upper = index(fit, f"rmsea_ci_upper{suffix}")[0]
    ends = numbers.range(Interval(rmsea, lower, upper, 0.9), 3, bounded=True)
    exact = None if lower is None or upper is None else f"[{lower!r}, {upper!r}]"
    srmr, aic, bic = (index(fit, name)[0] for name in ("srmr", "aic", "bic"))
    return row(head, [
        Cell(numbers.integer(model.n), model.n), Cell(numbers.number(chisq), chisq),
        Cell(_degrees(page, df), df), Cell(numbers.p(p), p), Cell(numbers.bounded(cfi, 3), cfi),
        Cell(numbers.bounded(tli, 3), tli), Cell(numbers.bounded(rmsea, 3), rmsea), Cell(ends, exact),
        Cell(numbers.bounded(srmr, 3), srmr), Cell(numbers.number(aic), aic), Cell(numbers.number(bic), bic),
    ])  # fmt: skip


def _degrees(page: Page, df: float | None) -> str:
    whole = df is None or float(df).is_integer()
    return page.numbers.integer(df) if whole else page.numbers.number(df)


def local_fit_table(page: Page) -> Table | None:
    """The largest residual correlations of each role's measurement model (section ``local_fit``)."""
    section = page.result.sections.get("local_fit") or {}
    words, numbers = page.words, page.numbers
    rows: list[Row] = []
    for role in page.result.roles:
        found = section.get("roles", {}).get(role.role)
        if not found:
            continue
        rows.append(group_row(words.text(
            "local_fit.role", role=role.title, beyond=numbers.integer(found["beyond"]),
            pairs=numbers.integer(found["pairs"]), limit=numbers.bounded(section["limit"]),
        )))  # fmt: skip
        rows += [
            row(f"{short(each['first'], 20)} – {short(each['second'], 20)}",
                [Cell(numbers.bounded(each["residual"]), each["residual"])])
            for each in found["largest"][:LOCAL_FIT_SHOWN]
        ]  # fmt: skip
    if not rows:
        return None
    columns = (
        Column(words("local_fit.pair"), align="text", name="pair"),
        Column(words("local_fit.residual"), name="residual"),
    )
    note = short(section["note"], 400)
    return page.table(Table("local_fit", words("local_fit.title"), columns, tuple(rows), (note,)))


def fit_sentences(page: Page) -> list[Markup]:
    """One sentence per role: with which guides the primary measurement model is consistent."""
    out = []
    for role in page.result.roles:
        model = model_fit(page.result, role, "cfa") or model_fit(page.result, role, "structural")
        if model is not None and model.fit is not None:
            out.append(_sentence(page, role.title, model.fit))
    return out


def _sentence(page: Page, role: str, fit: Mapping[str, Any]) -> Markup:
    words, numbers = page.words, page.numbers
    within, beyond = [], []
    for label, names, guide, larger in GUIDES:
        value = index(fit, *names)[0]
        if value is not None:
            kept = value >= guide if larger else value <= guide
            (within if kept else beyond).append(f"{label} {numbers.bounded(value, 3)}")
    if str(fit.get("estimator", "")).upper() in ORDINAL:
        return words("fit.ordinal", role=role, within=", ".join(within + beyond))
    key = "fit.consistent" if not beyond else "fit.inconsistent" if not within else "fit.mixed"
    return words(key, role=role, within=", ".join(within), beyond=", ".join(beyond))
