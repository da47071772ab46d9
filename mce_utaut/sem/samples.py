"""From columns of data to the sample statistics of every group, complete, incomplete or ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import NotEstimable, Problem, UsageError, UserMistake
from mce_utaut.notes import Note
from mce_utaut.sem.conditional_moments import conditional_moments
from mce_utaut.sem.incomplete import incomplete_moments
from mce_utaut.sem.moments import SampleMoments, check_names, columns_of, few_rows, moments_from_data
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.ordinal_moments import ordinal_moments
from mce_utaut.sem.reference import few_clusters_notes
from mce_utaut.sem.variables import Variables

Data = Mapping[str, np.ndarray] | SampleMoments | Sequence[SampleMoments]


@dataclass(frozen=True, slots=True)
class Samples:
    """The statistics of every group, the answers of each ordered variable in the whole data, and remarks."""

    groups: tuple[SampleMoments, ...]
    levels: dict[str, np.ndarray]
    notes: tuple[Note, ...]


def given_moments(data: Data) -> tuple[SampleMoments, ...] | None:
    """The sample statistics where these were given, None where the data are columns."""
    if isinstance(data, SampleMoments):
        return (data,)
    if isinstance(data, Mapping):
        return None
    return tuple(data)


def collect_samples(
    data: Data, variables: Variables, options: FitOptions, exogenous: Sequence[str] = ()
) -> Samples:
    """The sample statistics of each group for the model's variables, groups in order of first appearance.

    ``exogenous`` are the fixed exogenous variables, whose missing rows FIML leaves out. Raises UserMistake
    for columns that are not there or not numeric, NotEstimable for ordered variables with empty categories.
    """
    given = given_moments(data)
    observed = variables.observed
    if given is not None:
        _refuse_statistics(options)
        return Samples(tuple(sample.select(observed) for sample in given), {}, ())
    assert isinstance(data, Mapping)
    check_names([*observed, *(name for name in (options.group, options.cluster) if name)], list(data))
    values = columns_of(data, observed)
    levels = _levels(data, values, variables, options)
    keep = np.ones(len(values), dtype=bool)
    for name in (options.group, options.cluster):
        if name:
            keep &= ~_is_missing(np.asarray(data[name]))
    clusters = None
    if options.cluster:
        codes = np.asarray(data[options.cluster])[keep].astype(str)
        clusters = np.unique(codes, return_inverse=True)[1]
    labels = np.asarray(data[options.group])[keep] if options.group else None
    values = values if keep.all() else values[keep]
    samples = []
    for label in _first_appearance(labels):
        rows = slice(None) if labels is None else labels == label
        own = None if clusters is None else clusters[rows]
        sample = _sample(values[rows], observed, _text(label), own, options, levels, exogenous)
        places = np.flatnonzero(keep)[rows]
        samples.append(sample if sample.cases is None else replace(sample, cases=places[sample.cases]))
    _refuse_no_rows(samples, values, labels, options)
    _refuse_lone_clusters(samples)
    notes = (*_dropped_notes(int((~keep).sum()), samples, options), *few_clusters_notes(options, samples))
    return Samples(tuple(samples), levels, notes)


_EMPTY = {
    "listwise": "there is no case that is complete on the variables of the model",
    "fiml": "there is no case with values on the variables of the model",
    "pairwise": "there is no case with values on the variables of the model",
}
_LEFT_OUT = {
    "listwise": "are incomplete on the model's variables and were left out (listwise).",
    "fiml": "have no value on the model's variables, or none on a fixed exogenous one, and were left out.",
    "pairwise": "have no value on the model's variables and were left out.",
}


def _refuse_no_rows(
    samples: Sequence[SampleMoments], values: np.ndarray, labels: np.ndarray | None, options: FitOptions
) -> None:
    """Refuse groups that no row is left of, naming the variables without any value there."""
    if not samples:
        raise UserMistake(f"No row has a value in the column {options.group or options.cluster}.")
    problems = []
    for label, sample in zip(_first_appearance(labels), samples, strict=True):
        if sample.n:
            continue
        own = values if labels is None else values[labels == label]
        blank = [name for name, column in zip(sample.names, own.T, strict=True) if not np.isfinite(column).any()]
        why = f"; no values: {', '.join(blank)}" if blank else ""
        where = f"group {sample.label}" if sample.label else ""
        remedy = "Leave such items out, or look at missing=fiml."
        problems.append(Problem(f"{_EMPTY[options.missing]}{why}.", remedy, where=where))
    if problems:
        raise NotEstimable(problems)


def _refuse_lone_clusters(samples: Sequence[SampleMoments]) -> None:
    """Refuse groups whose rows are all of one cluster: nothing there tells how clusters differ."""
    for sample in samples:
        if sample.clusters is not None and len(np.unique(sample.clusters)) < 2:
            where = f" in the group {sample.label}" if sample.label else ""
            raise NotEstimable(f"Cluster-robust standard errors need at least two clusters; the data{where} hold one.")


def _sample(
    values: np.ndarray,
    names: Sequence[str],
    label: str,
    clusters: np.ndarray | None,
    options: FitOptions,
    levels: Mapping[str, np.ndarray],
    exogenous: Sequence[str],
) -> SampleMoments:
    x = np.array([name in exogenous for name in names], dtype=bool)
    if options.missing == "fiml":
        return incomplete_moments(values, names, label, clusters, exogenous)
    if not levels:
        return moments_from_data(values, names, label, clusters)
    seen = np.isfinite(values)
    rows = seen.all(axis=1) if options.missing == "listwise" else seen[:, ~x].any(axis=1) & seen[:, x].all(axis=1)
    kept = np.where(seen, values, np.nan)[rows]
    if not len(kept):
        return moments_from_data(values[:0], names, label)
    where = f"group {label}" if label else ""
    if len(kept) <= len(names):
        raise NotEstimable(few_rows(len(kept), len(names), where))
    is_ordered = np.array([name in levels for name in names], dtype=bool)
    answers = [levels.get(name, np.empty(0)) for name in names]
    if x.any():
        found = conditional_moments(kept, is_ordered, x, names, answers, where)
    else:
        found = ordinal_moments(kept, is_ordered, names, answers, where)
    return SampleMoments(
        names=tuple(names),
        n=found.n,
        mean=found.mean,
        covariance=found.marginal_covariance,
        data=kept,
        label=label,
        n_dropped=len(values) - len(kept),
        ordinal=found,
        cases=np.flatnonzero(rows),
    )


def _levels(
    data: Mapping[str, np.ndarray], values: np.ndarray, variables: Variables, options: FitOptions
) -> dict[str, np.ndarray]:
    """The sorted answers of every ordered variable of the model, over all rows of the data."""
    if not options.ordered:
        return {}
    if options.ordered == ("all",):
        names: Sequence[str] = [n for n in variables.observed if n not in variables.observed_x]
    else:
        check_names(options.ordered, list(data))
        names = [name for name in variables.observed if name in options.ordered]
    places = {name: variables.observed.index(name) for name in names}
    return {name: np.unique(values[np.isfinite(values[:, at]), at]) for name, at in places.items()}


def _refuse_statistics(options: FitOptions) -> None:
    if options.group or options.cluster:
        raise UsageError("group and cluster need the raw data; give one set of statistics per group instead.")
    if options.ordered or options.missing != "listwise":
        raise UsageError("Ordered variables and missing values need the raw data, not sample statistics.")


def _dropped_notes(
    without_group: int, samples: Sequence[SampleMoments], options: FitOptions
) -> tuple[Note, ...]:
    dropped = sum(sample.n_dropped for sample in samples)
    total = without_group + dropped + sum(sample.n for sample in samples)
    notes = []
    if without_group:
        columns = [name for name in (options.group, options.cluster) if name]
        text = f"{without_group} of {total} rows have no value of {' or '.join(columns)} and were left out."
        told = (("n", without_group), ("total", total), ("columns", ", ".join(columns)), ("rule", "column"))
        notes.append(Note("rows_left_out", text, "info", values=told))
    if dropped:
        text = f"{dropped} of {total} rows {_LEFT_OUT[options.missing]}"
        code = "listwise" if options.missing == "listwise" else "rows_left_out"
        counted = (("n", dropped), ("total", total), ("rule", options.missing))
        notes.append(Note(code, text, "info", values=counted))
    return tuple(notes)


def _is_missing(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind in "fc":
        return np.isnan(column)
    if column.dtype.kind in "iub":
        return np.zeros(len(column), dtype=bool)
    return np.array(
        [value is None or value != value or str(value).strip() in ("", "NA", "nan") for value in column]
    )


def _first_appearance(labels: np.ndarray | None) -> list:
    return [""] if labels is None else list(dict.fromkeys(labels.tolist()))


def _text(label: object) -> str:
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
