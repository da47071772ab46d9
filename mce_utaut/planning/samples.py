"""Samples of one role of a population as a model sees them: item answers as numbers, some missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.sem.syntax import parse_syntax
from mce_utaut.simulate.factors import FactorModel, draw_factors, factor_model
from mce_utaut.simulate.items import ItemPopulation, draw_latent, item_population
from mce_utaut.simulate.population import Population
from mce_utaut.simulate.streams import streams_from

_UNIVERSITIES = 10  # where the population names none


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A role to be drawn from: the truth, the model's ``constructs`` with their items, its ``paths`` as (outcome,
    predictor), the shares of universities, their part ``icc`` of every variance, and the share ``missing`` of answers
    (at random)."""

    text: str
    factors: FactorModel
    items: ItemPopulation
    constructs: Mapping[str, tuple[str, ...]]
    paths: tuple[tuple[str, str], ...]
    universities: np.ndarray
    icc: float
    missing: float

    def planted(self, outcome: str, predictor: str) -> float:
        """The path that the population states (0 where it states none)."""
        names = self.factors.names
        return float(self.factors.paths[names.index(outcome), names.index(predictor)])


def planned_role(
    role: str,
    population: Population,
    instrument: Instrument,
    text: str,
    missing: float | None = None,
    icc: float | None = None,
) -> Planned:
    """``role`` of ``population`` as ``text`` (a model in lavaan syntax, constructs and paths among them) will be
    fitted.
    ``missing`` and ``icc`` stand in place of the population's. Raises ``UsageError`` for a model with other variables,
    ``StudyError`` for a population that cannot exist."""
    truth = population.roles[role]
    syntax = parse_syntax(text)
    constructs: dict[str, tuple[str, ...]] = {}
    for term in syntax.terms:
        if term.op == "=~":
            constructs[term.lhs] = (*constructs.get(term.lhs, ()), term.rhs)
    paths = tuple((term.lhs, term.rhs) for term in syntax.terms if term.op == "~" and term.rhs)
    loose = sorted({name for path in paths for name in path} - set(constructs))
    if loose or not paths:
        what = f"has the observed variable {loose[0]}" if loose else "has no path"
        raise UsageError(f"The model {what}; power is planned for paths among constructs, such as mce_intention.")
    factors = factor_model(truth, instrument.constructs)
    items = item_population(truth, instrument, factors, population.cuts)
    unknown = [item for own in constructs.values() for item in own if item not in items.items]
    if unknown or not set(constructs) <= set(factors.names):
        names = unknown or sorted(set(constructs) - set(factors.names))
        what = f"The model names {names[0]}, which the questionnaire {instrument.id} does not ask."
        raise UsageError(f"{what} Name a model of items that it asks: --model my_model.lav.")
    shares = np.array(list(truth.universities.values()) or [1.0] * _UNIVERSITIES, dtype=float)
    return Planned(
        text=text,
        factors=factors,
        items=items,
        constructs=constructs,
        paths=paths,
        universities=shares / shares.sum(),
        icc=truth.icc if icc is None else icc,
        missing=truth.missing.items if missing is None else missing,
    )


def draw_sample(planned: Planned, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Answers (n,) from 1 on to every item of the model, NaN where missing."""
    streams = streams_from(rng)
    university = rng.choice(planned.universities.size, n, p=planned.universities)
    scores = draw_factors(planned.factors, university, planned.icc, streams)
    found = {}
    for item in _items(planned.constructs):
        row = planned.items.items.index(item)
        latent = draw_latent(planned.items, row, planned.factors, scores, streams)
        answers = np.searchsorted(planned.items.cuts[row], latent, side="right") + 1.0
        answers[rng.random(n) < planned.missing] = np.nan
        found[item] = answers
    return found


def scale_scores(planned: Planned, sample: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The mean of the items of each construct that two thirds of were answered (NaN else)."""
    scores = {}
    for name, items in planned.constructs.items():
        answers = np.column_stack([sample[item] for item in items])
        given = (~np.isnan(answers)).sum(axis=1)
        sums = np.nansum(answers, axis=1)
        scores[name] = np.where(given >= 2 / 3 * len(items) - 1e-9, sums / np.maximum(given, 1), np.nan)
    return scores


def _items(constructs: Mapping[str, Sequence[str]]) -> list[str]:
    return [item for own in constructs.values() for item in own]
