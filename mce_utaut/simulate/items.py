"""Answers to the items of arrays: a latent answer cut into options, or whatever the careless tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Item, Question, Scale
from mce_utaut.simulate.factors import FactorModel
from mce_utaut.simulate.population import RolePopulation
from mce_utaut.simulate.respondents import RANDOM, STRAIGHT, Respondents
from mce_utaut.simulate.streams import Streams


@dataclass(frozen=True, slots=True, eq=False)
class ItemPopulation:
    """What is true of the p ``items`` of a role that measure something: ``loadings`` (p, m) on the m
    factors of the role's ``FactorModel``, negative for reverse items; ``centres`` (p,) the mean of the
    latent answer; ``cuts`` one array of cut points an item, rising. Latent answers have variance 1
    around their mean."""

    items: tuple[str, ...]
    loadings: np.ndarray
    centres: np.ndarray
    cuts: tuple[np.ndarray, ...]

    def residual(self, factors: FactorModel) -> np.ndarray:
        """Residual variances of the latent answers, (p,)."""
        return 1 - np.einsum("pi,ij,pj->p", self.loadings, factors.correlation, self.loadings)


def cut_points(scale: Scale, cuts: Mapping[str, Sequence[float]]) -> np.ndarray:
    """The cut points of ``scale``: those given for its id, else such that a standard normal latent answer
    makes all options evenly likely; shape (options - 1,)."""
    given = cuts.get(scale.id)
    k = len(scale.options)
    return np.array(given, dtype=float) if given is not None else ndtri(np.arange(1, k) / k)


def item_population(
    role: RolePopulation,
    instrument: Instrument,
    factors: FactorModel,
    cuts: Mapping[str, Sequence[float]],
) -> ItemPopulation:
    """What ``role`` says of every array item of ``instrument`` but attention items, in their order.

    An item measures its construct in the questionnaire, else the one that ``role.items`` names, else
    nothing (loading 0). Items of which ``role`` says nothing take their construct's loading.
    """
    chosen = [(question, item) for question, item in instrument.items() if item.kind != "attention"]
    means = np.array([role.means.get(name, 0.0) for name in factors.names])
    loadings = np.zeros((len(chosen), len(factors.names)))
    for row, (_, item) in enumerate(chosen):
        construct, loading = loading_of(role, item.code, item.construct)
        if construct is not None:
            loadings[row, factors.names.index(construct)] = -loading if item.reverse else loading
    shifts = np.array([role.items[item.code].shift if item.code in role.items else 0.0 for _, item in chosen])
    return ItemPopulation(
        items=tuple(item.code for _, item in chosen),
        loadings=loadings,
        centres=loadings @ means + shifts,
        cuts=tuple(cut_points(instrument.scales[str(question.scale)], cuts) for question, _ in chosen),
    )


def loading_of(role: RolePopulation, code: str, construct: str | None) -> tuple[str | None, float]:
    """The construct that ``code`` measures, or None, and its standardised loading."""
    truth = role.items.get(code)
    named = construct or (truth.measures if truth else None)
    if named is None:
        return None, 0.0
    own = truth.loading if truth else None
    return named, role.loading_of(named) if own is None else own


def draw_latent(
    truth: ItemPopulation, row: int, factors: FactorModel, scores: np.ndarray, streams: Streams
) -> np.ndarray:
    """Latent answers (n,) to the item in ``row`` of people with factor ``scores`` (n, m)."""
    noise = streams.of(truth.items[row]).standard_normal(len(scores))
    return scores @ truth.loadings[row] + np.sqrt(truth.residual(factors)[row]) * noise + truth.centres[row]


def draw_item(
    item: Item,
    question: Question,
    instrument: Instrument,
    role: RolePopulation,
    latent: np.ndarray | None,
    cuts: np.ndarray | None,
    people: Respondents,
    streams: Streams,
) -> np.ndarray:
    """Option codes (n,) that ``people`` tick for ``item``; ``latent`` (n,) and ``cuts`` are None for an
    attention item."""
    scale = instrument.scales[str(question.scale)]
    codes = np.array([option.code for option in scale.options], dtype=object)
    rng = streams.of(f"{item.code} manner")
    anything = rng.integers(0, len(codes), len(people.level))
    if latent is None or cuts is None:
        expected = next(i for i, code in enumerate(codes) if code == item.expected)
        slips = rng.random(len(anything)) < role.attention_slips
        wrong = (expected + 1 + anything % (len(codes) - 1)) % len(codes)
        ticked = np.where(slips, wrong, expected)
    else:
        ticked = np.searchsorted(cuts, latent, side="right")
    straight = np.round(people.level * (len(codes) - 1)).astype(int)
    ticked = np.select([people.manner == STRAIGHT, people.manner == RANDOM], [straight, anything], ticked)
    answers = codes[ticked]
    if item.cannot_judge:
        unsure = rng.random(len(answers)) < cannot_judge_share(role, item)
        answers[unsure & ~people.careless] = CANNOT_JUDGE_CODE
    return answers


def cannot_judge_share(role: RolePopulation, item: Item) -> float:
    """The share of "cannot judge" among the answers to ``item``: its own, its construct's, the default."""
    truth = role.items.get(item.code)
    if truth is not None and truth.cannot_judge is not None:
        return truth.cannot_judge
    return role.cannot_judge.get(item.construct or "", role.cannot_judge.get("default", 0.0))
