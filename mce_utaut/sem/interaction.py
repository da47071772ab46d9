"""Latent interaction by product indicators: whether a moderator changes the slope of a predictor.

Double mean centred products (Lin, Wen, Marsh & Lin 2010, doi 10.1080/10705511.2010.488999) or orthogonalised ones
(Little, Bovaird & Widaman 2006), matched pairs (Marsh, Wen & Hau 2004); an observed moderator is multiplied with
every item of the predictor. Robust ML (MLR) by default, since products are not normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.fit import Fit, fit_model, prepare
from mce_utaut.sem.moments import check_names, columns_of
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.simple_slopes import Region, SimpleSlope, johnson_neyman, simple_slopes
from mce_utaut.sem.syntax import ModelSyntax, parse_syntax

Method = Literal["double-mean-centred", "orthogonalised"]


@dataclass(frozen=True, slots=True)
class InteractionFit:
    """A model with an interaction: its fit, what was added to it, and what the interaction means.

    ``estimate, se, pvalue`` are those of ``outcome ~ product``; ``standardised`` is the coefficient with predictor,
    moderator and outcome in standard deviations (Wen, Marsh & Hau 2010, doi 10.1080/10705510903438872).
    ``slopes`` are the predictor's slopes at values of the moderator, measured from its mean; ``region`` where they
    differ from 0. ``moderator_mean`` is that of an observed moderator, nan of a factor; ``two_values`` whether it has
    no more.
    """

    fit: Fit
    predictor: str
    moderator: str
    outcome: str
    product: str
    product_items: tuple[str, ...]
    method: Method
    added: str
    estimate: float
    se: float
    pvalue: float
    standardised: float
    moderator_sd: float
    moderator_mean: float
    two_values: bool
    slopes: tuple[SimpleSlope, ...]
    region: Region


def latent_interaction(
    model: str | ModelSyntax,
    data: Mapping[str, np.ndarray],
    outcome: str,
    predictor: str,
    moderator: str,
    method: Method = "double-mean-centred",
    options: FitOptions = FitOptions(estimator="MLR"),  # noqa: B008
    pairs: Sequence[tuple[str, str]] = (),
    values: Sequence[float] = (),
) -> InteractionFit:
    """The fit of a model with the product of ``predictor`` and ``moderator`` explaining ``outcome``.

    The model has both as causes of the outcome already. ``pairs`` lists the items to multiply; by default the items in
    the order of the model; where one factor has more, its item with loading 1 and those with the largest loadings.
    Residuals of products that share an item covary. ``values`` of the moderator (from its mean) for the simple slopes;
    default: the mean and one standard deviation around it, or both values of an observed moderator that has two.
    Raises UsageError for what cannot be multiplied, else as ``fit_model``.
    """
    syntax = parse_syntax(model) if isinstance(model, str) else model
    _check(syntax, data, outcome, predictor, moderator, options)
    if method not in ("double-mean-centred", "orthogonalised"):
        raise UsageError(f"There is no method {method!r}; there are double-mean-centred and orthogonalised.")
    markers = _markers(syntax, data, options, predictor, moderator)
    chosen = _scaled_first(tuple(pairs) or matched_pairs(syntax, data, predictor, moderator, options), markers)
    check_names([name for pair in chosen for name in pair], list(data))
    columns = product_columns(data, chosen, method)
    product = f"{predictor}.{moderator}"
    added = _added_text(syntax, product, chosen, outcome, predictor, moderator, method)
    fit = fit_model(f"{syntax.text}\n{added}", {**data, **columns}, options)
    mean, both = _observed_values(syntax, fit, moderator)
    slopes = simple_slopes(fit, outcome, predictor, moderator, product, tuple(values) or both)
    at = next(i for i, r in enumerate(fit.table.rows) if (r.lhs, r.op, r.rhs) == (outcome, "~", product))
    estimate, se = float(fit.estimates[at]), float(fit.standard_errors[at])
    sd = {name: float(np.sqrt(_variance(fit, name))) for name in (predictor, moderator, outcome)}
    return InteractionFit(
        fit=fit,
        predictor=predictor,
        moderator=moderator,
        outcome=outcome,
        product=product,
        product_items=tuple(columns),
        method=method,
        added=added,
        estimate=estimate,
        se=se,
        pvalue=slopes.interaction_pvalue,
        standardised=estimate * sd[predictor] * sd[moderator] / sd[outcome],
        moderator_sd=sd[moderator],
        moderator_mean=mean,
        two_values=bool(both),
        slopes=slopes.slopes,
        region=johnson_neyman(fit, outcome, predictor, product),
    )


def _check(
    syntax: ModelSyntax,
    data: Mapping[str, np.ndarray],
    outcome: str,
    predictor: str,
    moderator: str,
    options: FitOptions,
) -> None:
    if options.ordered:
        raise UsageError("Products of ordered items are not defined; treat the items as continuous (MLR).")
    if options.group:
        raise UsageError("A latent interaction is fitted in one group; compare groups by their paths instead.")
    if not isinstance(data, Mapping):
        raise UsageError("Products need the raw data, not sample statistics.")
    if predictor == moderator:
        raise UsageError("A factor times itself, a curved relation, is not supported; name another moderator.")
    regressions = {(term.lhs, term.rhs) for term in syntax.terms if term.op == "~"}
    for name in (predictor, moderator):
        if (outcome, name) not in regressions:
            raise UsageError(f"The model must have {outcome} ~ {name}, besides the interaction.")
    if not _items(syntax, predictor):
        raise UsageError(f"{predictor} must be a factor with items; name the observed one as moderator.")
    items = {term.rhs for term in syntax.terms if term.op == "=~"}
    if {predictor, moderator} & items:
        raise UsageError("Factors of factors cannot be multiplied; name first-order factors.")


def _markers(
    syntax: ModelSyntax, data: Mapping[str, np.ndarray], options: FitOptions, predictor: str, moderator: str
) -> tuple[str, str]:
    """The item that gives each its unit (an observed moderator its own).

    The product has the unit of X times that of Z only where the product of these two items has the loading 1.
    """
    prepared = prepare(syntax, data, options)
    rows = build_table(prepared.syntax, prepared.settings).rows
    markers = []
    for name in (predictor, moderator):
        one = [row.rhs for row in rows if row.op == "=~" and row.lhs == name and not row.free and row.fixed == 1]
        if not one and _items(syntax, name):
            raise UsageError(
                f"The unit of {name} must be that of an item (a loading of 1), or slopes at values of the moderator "
                "have no meaning; leave std_lv and NA* out. A standardised coefficient is given anyway."
            )
        markers.append(one[0] if one else name)
    return markers[0], markers[1]


def _scaled_first(pairs: Sequence[tuple[str, str]], markers: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The pairs with that of the markers first. Raises UsageError where it is not among them, or one stands twice."""
    if len(set(pairs)) < len(pairs):
        raise UsageError("A pair of items to multiply stands twice.")
    if markers not in pairs:
        raise UsageError(
            f"The pairs must have {markers[0]}:{markers[1]}, the items with a loading of 1, for the product's unit."
        )
    return (markers, *(pair for pair in pairs if pair != markers))


def _items(syntax: ModelSyntax, factor: str) -> list[str]:
    return [term.rhs for term in syntax.terms if term.op == "=~" and term.lhs == factor]


def matched_pairs(
    syntax: ModelSyntax, data: Mapping[str, np.ndarray], predictor: str, moderator: str, options: FitOptions
) -> tuple[tuple[str, str], ...]:
    """The items to multiply, each used once, the two with a loading of 1 first.

    With an observed moderator every item of the predictor is multiplied with it.
    """
    first, second = _items(syntax, predictor), _items(syntax, moderator)
    if not second:
        return tuple((item, moderator) for item in first)
    markers = _markers(syntax, data, options, predictor, moderator)
    count = min(len(first), len(second))
    first, second = (
        _best(syntax, data, [marker, *(name for name in names if name != marker)], count, options)
        for names, marker in zip((first, second), markers, strict=True)
    )
    if count < 2:
        raise UsageError(f"{predictor} and {moderator} share one pair of items only; a product needs two or more.")
    return tuple(zip(first, second, strict=True))


def all_pairs(syntax: ModelSyntax, predictor: str, moderator: str) -> tuple[tuple[str, str], ...]:
    """Every item of the predictor with every item of the moderator (or with it, where it is observed)."""
    return tuple((a, b) for a in _items(syntax, predictor) for b in _items(syntax, moderator) or [moderator])


def _observed_values(syntax: ModelSyntax, fit: Fit, moderator: str) -> tuple[float, tuple[float, ...]]:
    """The mean of an observed moderator, and both its values, from the mean, where it has two; nan, () of a factor."""
    sample = fit.samples[0]
    if _items(syntax, moderator) or sample.data is None:
        return float("nan"), ()
    column = sample.data[:, sample.names.index(moderator)]
    found, mean = np.unique(column[np.isfinite(column)]), np.nanmean(column)
    return float(mean), tuple(float(v) for v in found - mean) if found.size == 2 else ()


def _best(
    syntax: ModelSyntax, data: Mapping[str, np.ndarray], names: list[str], count: int, options: FitOptions
) -> list[str]:
    """The first and then the items with the largest standardised loadings, ``count`` in all, in their order."""
    if len(names) == count:
        return names
    from mce_utaut.sem.estimates import parameter_estimates

    rows = parameter_estimates(fit_model(syntax, data, options))
    size = {row.rhs: abs(row.std_all) for row in rows if row.op == "=~" and row.rhs in names}
    kept = [names[0], *sorted(names[1:], key=lambda name: -size[name])[: count - 1]]
    return [name for name in names if name in kept]


def product_columns(
    data: Mapping[str, np.ndarray], pairs: Sequence[tuple[str, str]], method: Method
) -> dict[str, np.ndarray]:
    """The product of each pair (n,), named ``a.b``; nan where a factor is missing.

    Double mean centred: of centred items, centred again. Orthogonalised: the residuals of the products regressed on
    all the items, over the rows where all are there.
    """
    first, second = (columns_of(data, [pair[k] for pair in pairs]) for k in (0, 1))
    names = [f"{a}.{b}" for a, b in pairs]
    a, b = (side - np.nanmean(side, axis=0) for side in (first, second))
    products = a * b
    if method == "double-mean-centred":
        products = products - np.nanmean(products, axis=0)
        return {name: products[:, k] for k, name in enumerate(names)}
    complete = np.isfinite(products).all(axis=1)
    items = np.column_stack([np.ones(int(complete.sum())), a[complete], b[complete]])
    out = np.full(products.shape, np.nan)
    weights = np.linalg.lstsq(items, products[complete], rcond=None)[0]
    out[complete] = products[complete] - items @ weights
    return {name: out[:, k] for k, name in enumerate(names)}


def _added_text(
    syntax: ModelSyntax,
    product: str,
    pairs: Sequence[tuple[str, str]],
    outcome: str,
    predictor: str,
    moderator: str,
    method: Method,
) -> str:
    items = [f"{a}.{b}" for a, b in pairs]
    lines = [f"{product} =~ " + " + ".join(items), f"{outcome} ~ {product}"]
    if _items(syntax, moderator):
        for k, pair in enumerate(pairs):
            sharing = [items[m] for m in range(k + 1, len(pairs)) if set(pair) & set(pairs[m])]
            lines += [f"{items[k]} ~~ " + " + ".join(sharing)] if sharing else []
    if method == "orthogonalised":
        lines += [f"{product} ~~ 0*{predictor}"]
        if _items(syntax, moderator):
            lines += [f"{product} ~~ 0*{moderator}"]
    elif not _items(syntax, moderator):
        lines += [f"{product} ~~ {moderator}"]
    return "\n".join(lines)


def _variance(fit: Fit, name: str) -> float:
    variables = (*fit.table.observed, *fit.table.latent)
    k = variables.index(name)
    return float(fit.implied[0].C[k, k])
