"""Every table of a study as CSV bytes (UTF-8, comma, LF, full precision, "" where undefined).

A text cell that a spreadsheet would take for a formula gets an apostrophe in front; numbers never do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mce_utaut.study.result import Interval, MatrixTable, RoleResult, StudyResult

Row = Sequence[Any]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_OPERATORS = ("=~",)  # lavaan's, which no spreadsheet can compute
_NAMES = ("moderator", "outcome", "predictor")  # that tell a row from the others
_FIRST = ("role", "model", "within", "construct", "outcome", "predictor", "category", "attribute", "n")


def tables(result: StudyResult) -> dict[str, bytes]:
    """File name -> CSV of every table that has rows: ``flow.csv``, ``composition.csv``, ``items.csv``,
    ``item_counts.csv``, ``scales.csv``, ``htmt.csv``, ``fornell_larcker.csv``, ``latent_correlations.csv``,
    ``fit.csv``, ``parameters.csv``, ``r_squared.csv``, ``paths.csv``, ``hypotheses.csv``, ``adopters.csv``,
    ``notes.csv``, ``inputs.csv``, and one ``<section>_<list>.csv`` for every list of rows in a section (and
    ``<section>_<list>_<inner>.csv`` for those inside its rows)."""
    found: dict[str, bytes] = {}
    for name, (head, rows_of) in _BY_ROLE.items():
        rows = [(role.role, *row) for role in result.roles for row in rows_of(role)]
        if rows:
            found[f"{name}.csv"] = csv_bytes(("role", *head), rows)
    inputs = [(each.purpose, each.name, each.sha256) for each in result.provenance.inputs]
    found["inputs.csv"] = csv_bytes(("purpose", "name", "sha256"), inputs)
    for name, section in result.sections.items():
        for key, rows in _lists(section, (), [role.role for role in result.roles]):
            columns = {column for row in rows for column in row}
            head = [column for column in _FIRST if column in columns]
            head += sorted(columns - set(head))
            cells = [[row.get(column) for column in head] for row in rows]
            found[f"{'_'.join((name, *key))}.csv"] = csv_bytes(head, cells)
    return found


def csv_bytes(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV table with its heading."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([[safe(cell) for cell in row] for row in rows])
    return stream.getvalue().encode("utf-8")


def safe(cell: Any) -> str:
    """A cell as text: numbers as Python writes them exactly, text so that no spreadsheet runs it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return repr(cell)
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and text not in _OPERATORS else text


def _lists(
    node: Mapping[str, Any], path: tuple[str, ...], order: Sequence[str]
) -> Iterable[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Every list of flat mappings below ``node`` with the keys that lead to it; those of roles are joined
    into one list with a column ``role``, in their ``order``."""
    roles = node.get("roles")
    if isinstance(roles, Mapping) and not path:
        joined: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        known = {role: place for place, role in enumerate(order)}
        for role, inner in sorted(roles.items(), key=lambda item: known.get(item[0], len(known))):
            for key, rows in _lists(inner, ("roles",), order):
                joined.setdefault(key[1:], []).extend({"role": role, **row} for row in rows)
        yield from joined.items()
    for key, value in node.items():
        if isinstance(value, Mapping) and not (key == "roles" and not path):
            yield from _lists(value, (*path, key), order)
        elif _is_rows(value):
            yield from _tables_in((*path, key), value)


def _tables_in(
    path: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """The rows as a table, and every list of mappings inside them as one more, its rows named as the outer one is."""
    yield path, [_flat(row) for row in rows]
    for name in {name: None for row in rows for name, value in row.items() if _is_rows(value)}:
        inner = [{**_named(row), **each} for row in rows for each in row.get(name) or ()]
        yield from _tables_in((*path, name), inner)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a row from the others, for the rows inside it."""
    return {key: row[key] for key in _NAMES if key in row}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Inner mappings as ``outer_inner`` columns, lists as text with semicolons, without lists of mappings."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            found.update({f"{key}_{inner}": each for inner, each in _flat(value).items()})
        elif _is_rows(value):
            continue  # a table of its own
        elif isinstance(value, list):
            found[key] = "; ".join("" if each is None else str(each) for each in value)
        else:
            found[key] = value
    return found


def _interval(name: str) -> tuple[str, str, str]:
    return name, f"{name}_lower", f"{name}_upper"


def _ends(found: Interval) -> Row:
    return found.estimate, found.lower, found.upper


def _flow(role: RoleResult) -> Iterable[Row]:
    return [(step.code, step.n, step.removed, step.text) for step in role.flow]


def _composition(role: RoleResult) -> Iterable[Row]:
    for table in role.composition:
        for row in table.rows:
            yield table.variable, row.label, row.n, row.share
        yield table.variable, "(missing)", table.n_missing, None


def _items(role: RoleResult) -> Iterable[Row]:
    for item in role.items:
        yield (
            *(item.construct, item.item, item.anchor, item.text, item.n, item.missing, item.cannot_judge),
            *(item.mean, item.sd, item.median, item.skewness, item.kurtosis, item.floor, item.ceiling),
            item.item_rest,
        )


def _item_counts(role: RoleResult) -> Iterable[Row]:
    for item in role.items:
        for value, count in zip(item.values, item.counts, strict=True):
            yield item.item, value, count


def _scales(role: RoleResult) -> Iterable[Row]:
    for scale in role.scales:
        yield (
            *(scale.construct, " ".join(scale.items), scale.n_scored, *_ends(scale.mean), scale.sd),
            *(*_ends(scale.pomp), scale.n_alpha, *_ends(scale.alpha), *_ends(scale.omega)),
            *(scale.cr, scale.ave, scale.mean_interitem, scale.alpha_note),
        )


def _pairs(table: MatrixTable) -> Iterable[Row]:
    for i, first in enumerate(table.names):
        for j, second in enumerate(table.names[: i + 1]):
            if table.values[i][j] is not None:
                yield second, first, table.values[i][j]


def _htmt(role: RoleResult) -> Iterable[Row]:
    if role.discriminant is not None:
        for first, second, found in role.discriminant.htmt_intervals:
            yield first, second, *_ends(found)


def _fornell_larcker(role: RoleResult) -> Iterable[Row]:
    return [] if role.discriminant is None else _pairs(role.discriminant.fornell_larcker)


def _correlations(role: RoleResult) -> Iterable[Row]:
    if role.discriminant is not None:
        for first, second, found in role.discriminant.correlations:
            yield first, second, *_ends(found)


_FIT = (
    *("npar", "logl", "chisq", "df", "pvalue", "baseline_chisq", "baseline_df", "cfi", "tli", "rmsea"),
    *("rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue", "srmr", "aic", "bic"),
)
_PARAMETER = (
    *("lhs", "op", "rhs", "label", "free", "est", "se", "z", "pvalue", "ci_lower", "ci_upper"),
    *("std_lv", "std_all", "std_all_se", "std_all_ci_lower", "std_all_ci_upper"),
)


def _fit(role: RoleResult) -> Iterable[Row]:
    for model in role.models:
        form = model.fit or {}
        measures = form.get("fit", {})
        yield (
            *(model.name, model.variant, model.analysis, form.get("estimator"), form.get("engine")),
            *(model.n_before, model.n, form.get("converged"), form.get("proper"), model.refusal),
            *(measures.get(name) for name in _FIT),
        )


def _parameters(role: RoleResult) -> Iterable[Row]:
    for model in role.models:
        for row in (model.fit or {}).get("parameters", ()):
            yield model.name, model.variant, model.analysis, *(row.get(name) for name in _PARAMETER)


def _r_squared(role: RoleResult) -> Iterable[Row]:
    for model in role.models:
        for name, value in sorted((model.fit or {}).get("r2", {}).get("1", {}).items()):
            yield model.name, model.variant, model.analysis, name, value


def _paths(role: RoleResult) -> Iterable[Row]:
    for path in role.paths:
        yield (
            *(path.model, path.analysis, path.method, path.outcome, path.predictor, path.label, path.n),
            *(*_ends(path.estimate), path.se, path.p, *_ends(path.standardised), path.standardised.level, path.f2),
        )


def _hypotheses(role: RoleResult) -> Iterable[Row]:
    for each in role.hypotheses:
        path = each.path
        ends = (None, None, None) if path is None else _ends(path.standardised)
        yield (
            *(each.id, each.claim, each.expected, each.verdict, path.model if path else "", *ends),
            *(path.p if path else None, each.sentence, each.source),
        )


def _adopters(role: RoleResult) -> Iterable[Row]:
    if role.adopters is not None:
        for row in role.adopters.rows:
            yield row.label, row.n, row.share
        yield "(missing)", role.adopters.n_missing, None


def _notes(role: RoleResult) -> Iterable[Row]:
    for note in role.notes:
        yield "", note.level, note.code, note.where, note.text
    for model in role.models:
        for note in model.notes:
            where = f"{model.name} {model.variant}, {model.analysis}"
            yield where, note.level, note.code, note.where, note.text


_BY_ROLE: dict[str, tuple[tuple[str, ...], Callable[[RoleResult], Iterable[Row]]]] = {
    "flow": (("step", "n", "removed", "text"), _flow),
    "composition": (("variable", "label", "n", "share"), _composition),
    "items": (
        (
            *("construct", "item", "anchor", "text", "n", "missing", "cannot_judge", "mean", "sd", "median"),
            *("skewness", "kurtosis", "floor", "ceiling", "item_rest"),
        ),
        _items,
    ),
    "item_counts": (("item", "value", "n"), _item_counts),
    "scales": (
        (
            *("construct", "items", "n_scored", *_interval("mean"), "sd", *_interval("pomp"), "n_alpha"),
            *(*_interval("alpha"), *_interval("omega"), "cr", "ave", "mean_interitem", "alpha_note"),
        ),
        _scales,
    ),
    "htmt": (("first", "second", *_interval("htmt")), _htmt),
    "fornell_larcker": (("first", "second", "value"), _fornell_larcker),
    "latent_correlations": (("first", "second", *_interval("correlation")), _correlations),
    "fit": (
        (
            *("model", "variant", "analysis", "estimator", "engine", "n_before", "n", "converged", "proper"),
            *("refusal", *_FIT),
        ),
        _fit,
    ),
    "parameters": (("model", "variant", "analysis", *_PARAMETER), _parameters),
    "r_squared": (("model", "variant", "analysis", "variable", "r2"), _r_squared),
    "paths": (
        (
            *("model", "analysis", "method", "outcome", "predictor", "label", "n", *_interval("estimate")),
            *("se", "pvalue", *_interval("standardised"), "level", "f2"),
        ),
        _paths,
    ),
    "hypotheses": (
        (
            *("id", "claim", "expected", "verdict", "model", *_interval("standardised"), "pvalue"),
            *("sentence", "source"),
        ),
        _hypotheses,
    ),
    "adopters": (("category", "n", "share"), _adopters),
    "notes": (("about", "level", "code", "where", "text"), _notes),
}
